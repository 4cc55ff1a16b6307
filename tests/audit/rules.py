"""All rules, and what they find in a text.

A rule is a pattern and a truth of the facts and the match: True, False, or None where rounding decides. A sentence that
no rule reads asserts nothing here; `test_audit.py` counts the readings, so that rules do not fall silent.
"""

import re

import numpy as np

from tests.audit import closer, digits, flatten, lineup, network, patient, posterior, relatives, story, your_table
from tests.audit.facts import Facts, compared
from tests.audit.judging import both
from tests.audit.reading import texts, uncovered
from tests.audit.story import apart, descent, options
from ui.lessons import LESSONS

# Pages with facts of their own: what a View shows, its rules, which guess is right, and what asserts nothing there.
ROOMS = {
    "patient": patient,
    "digits": digits,
    "your_table": your_table,
    "network": network,
    "lineup": lineup,
    "posterior": posterior,
    "flatten": flatten,
    "relatives": relatives,
}
RULES = (*story.RULES, *closer.RULES, *(rule for room in ROOMS.values() for rule in room.RULES))


def _answer(text):
    """The options a verdict calls right."""
    m = re.search(r"(?:the answer is|it is) (“.*?”(?: and “.*?”)*)", text)
    if m:
        return set(re.findall(r"“(.*?)”", m[1]))
    m = re.search(r"You guessed “(.*?)”, and (?:so it is|that is right)", text)
    if m:
        return {m[1]}
    return set(re.findall(r"“(.*?)”", text.split(". ")[0])) or {text.split(".")[0]}


def levels(f, w):
    """Which answers about a model's error on the rows to forget are right; None where rounding or a border decides."""
    zero, how = f.zero(f.unlearning(w)), compared(f.unlearning(w), f.unlearning(f.w_g))
    both_zero = both(zero, f.zero(f.unlearning(f.w_g)))
    if zero is None or both_zero is None or (how is None and not zero):
        return None
    right = {"Zero"} if zero else set()
    if both_zero or (how in ("same", "near") and not zero):
        right.add("The same as golden's")
    return right or {"Less than golden's" if how == "less" else "More than golden's"}


def _where_apart(f):
    """Which of the blocks of features the page distinct asks for."""
    keep, forget = (f.nothing(np.linalg.norm(part)) for part in apart(f))
    if keep is None or forget is None:
        return None
    names = {
        (True, True): "In none",
        (False, True): "Only those of the rows to keep",
        (True, False): "Only those of the rows to forget",
        (False, False): "In both",
    }
    return {names[keep, forget]}


def answered(f, where, text):
    """Whether a verdict calls the right answers right; None where another rule has to judge it."""
    if not where.startswith("verdict"):
        return None
    if f.page in ROOMS:
        right = ROOMS[f.page].right(f)
        return (
            None if right is None else _judged(f, text, {LESSONS[f.page].page.asked(f.view).options[r] for r in right})
        )
    models = {"start": lambda: f.w_t, "distinct": lambda: f.w_t, "remedy": lambda: options(f)["Option A"]}
    if f.page not in models:
        return None
    if f.page == "start":
        # What has not arrived after the page's last step is judged where it is.
        right = levels(f, descent(f)[1])
    else:
        places = "In both" in LESSONS[f.page].page.prediction.options.values()
        right = _where_apart(f) if places else levels(f, models[f.page]())
    return None if right is None else _judged(f, text, right)


def _judged(f, text, right):
    told = _answer(text)
    return told <= right if re.match("You guessed “.*?”, and", text) else told == right


def facts_of(page, view, deep=True):
    """The facts of a View; `deep` ones include what takes long, such as every cell of a map."""
    found = ROOMS[page].facts(view) if page in ROOMS else Facts(view.data)
    found.page, found.view, found.deep = page, view, deep
    return found


def said(stem, view, slow=True):
    """All that is said of a View, by where it stands; on pages with facts of their own what is heard, too."""
    own = getattr(ROOMS.get(stem), "texts", None)
    return own(view) if own else texts(stem, view, slow, aloud=stem in ROOMS)


def readings(facts, where, text):
    """Every rule that reads a text, with what it reads and whether it is true."""
    facts.where = where
    yield "the right answer", text, answered(facts, where, text)
    # What the reader guessed is no statement.
    text = re.sub(r"You guessed “[^”]*”", "You guessed it", text)
    for rule in RULES:
        if facts.page in rule.pages or "*" in rule.pages:
            for match in re.finditer(rule.pattern, text):
                yield rule.pattern, _sentence(text, match), rule.truth(facts, match)


def unread(facts, text):
    """Sentences of a page with facts of its own that no rule reads and that are not known to assert nothing."""
    room = ROOMS[facts.page]
    patterns = [rule.pattern for rule in room.RULES] + [re.escape(words) for words in room.QUIET]
    # Which guess is right is judged by itself.
    guesses = [f"{text}." for text in LESSONS[facts.page].page.asked(facts.view).options.values()]
    return [s for s in uncovered(text, patterns) if not s.startswith(("You guessed", "“", *guesses))]


def _sentence(text, match):
    begin, end = (text.rfind(". ", 0, match.start()) + 1, text.find(". ", match.end()))
    return text[max(begin, 0) : end + 1 if end >= 0 else None].strip()
