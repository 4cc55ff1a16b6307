"""What the pages say, phrase by phrase, and what has to be so where it is said.

A rule is a pattern and a truth of the facts and the match: True, False, or None where rounding decides. A sentence that
no rule reads asserts nothing here; `test_audit.py` counts the readings, so that rules do not fall silent.
"""

import re
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from tests.audit.facts import LEVEL, Facts, compared, fit
from tests.audit.reading import LOSS, NUMBER, shows, value
from ui.lessons import LESSONS
from ui.lessons.boundary.grids import chosen

STORY = ("start", "distinct", "overlap")
OPTION = "Option A|Option B|Projection"
# Alphas at which the whole path of a push is looked at, beside those on the page's scale.
PATH = (0.0, *np.geomspace(1e-6, 1e6, 145))


@dataclass(frozen=True)
class Rule:
    pages: tuple[str, ...]
    pattern: str
    truth: object


def both(*truths):
    """True if all are, False if one is not, else undecided."""
    return False if False in truths else None if None in truths else True


def opposite(truth):
    return None if truth is None else not truth


def loss(f, text, true):
    """Whether a printed loss is a true one; what is rounding may be printed as zero."""
    return shows(text, true, 10 * 1e-16 * max(1.0, float(np.mean(f.y**2))))


def length(f, text, true):
    return shows(text, true, 1e-7 * f.size)


def _tuned_against_golden(*allowed):
    def truth(f, m):
        found = compared(f.unlearning(f.w_t), f.unlearning(f.w_g))
        return None if found is None else found in allowed

    return truth


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


def _losses_of(pick):
    """The two losses of a sentence that prints a model's and golden's."""

    def truth(f, m):
        w = pick(f)
        return both(loss(f, m["a"], f.unlearning(w)), loss(f, m["b"], f.unlearning(f.w_g)), _told_apart(f, w, m))

    return truth


def _told_apart(f, w, m):
    """Whether two printed losses differ exactly where the losses do."""
    how = compared(f.unlearning(w), f.unlearning(f.w_g))
    zero = both(f.zero(f.unlearning(w)), f.zero(f.unlearning(f.w_g)))
    if how is None or zero is None or both(f.one(w, f.w_g)) is not False:
        return None
    return (m["a"] == m["b"]) == (how == "same" or zero)


def descent(f):
    """10,000 steps of fine-tuning at half the largest stable step."""
    return f.descended(f.w_o, f.X_t, f.y_t, f.stable_step(f.X_t) / 2, 0.0, (0, 10_000))


def _steps(f, m):
    begin, end = (f.unlearning(w) for w in descent(f))
    golden = f.unlearning(f.w_g)
    shown = (loss(f, m["a"], begin), loss(f, m["b"], end)) if "a" in m.groupdict() else (loss(f, m["b"], end),)
    return both(*shown, loss(f, m["g"], golden))


RULES = [
    # Fine-tuning.
    Rule(STORY, r"changes no weight|cannot change a single weight", lambda f, m: f.one(f.w_t, f.w_o)),
    Rule(STORY, r"moved the weights|training moves it", lambda f, m: opposite(f.one(f.w_t, f.w_o))),
    Rule(
        STORY,
        r"fits every row to keep|no error left on the rows to keep",
        lambda f, m: f.zero(f.remaining(f.w_o)),
    ),
    Rule(STORY, r"fit .{,40} better than the pretrained|No direction lowers the error", lambda f, m: f.at_rest(f.w_o)),
    Rule(STORY, r"does not fit the rows that fine-tuning sees", lambda f, m: opposite(f.zero(_seen_loss(f, f.w_o)))),
    Rule(STORY, r"still predicts the|still knows the .{,30}exactly", lambda f, m: f.zero(f.unlearning(f.w_t))),
    Rule(
        STORY,
        r"predicts the .{,30}exactly too|error on .{,30} cannot show it here",
        lambda f, m: both(f.zero(f.unlearning(f.w_g)), f.zero(f.unlearning(f.w_t))),
    ),
    Rule(STORY, r"ends at golden itself|training ends, the model is golden", lambda f, m: f.one(f.w_t, f.w_g)),
    Rule(STORY, r"but the weights are not|Yet its weights are", lambda f, m: opposite(f.one(f.w_t, f.w_g))),
    Rule(STORY, r"(?:errs?|happens to err) less (?:on|than)", _tuned_against_golden("less", "near")),
    Rule(STORY, r"errs more (?:on|than)", _tuned_against_golden("more", "near")),
    Rule(STORY, r"errs nearly as much|is nearly golden's", _tuned_against_golden("near")),
    Rule(STORY, r"errs exactly as much", _tuned_against_golden("same")),
    Rule(STORY, r"(?:No|Not to become golden): the error on .{,30} is golden's", _tuned_against_golden("same")),
    Rule(
        STORY,
        rf"squared error (?:of|on .{{,30}}? is) (?P<a>{LOSS}),? golden's is (?P<b>{LOSS})",
        lambda f, m: _losses_of(lambda f: f.w_t)(f, m) if f.page != "start" else None,
    ),
    Rule(STORY, rf"misses by a mean squared error of ({LOSS})", lambda f, m: loss(f, m[1], f.unlearning(f.w_g))),
    Rule(STORY, rf"Yet its weights are ({NUMBER}) away", lambda f, m: length(f, m[1], f.away(f.w_t))),
    Rule(
        STORY,
        rf"distance to golden (?:went|hardly changed,) from ({NUMBER}) to ({NUMBER})",
        lambda f, m: both(length(f, m[1], f.away(f.w_o)), length(f, m[2], f.away(f.w_t)), m[1] != m[2]),
    ),
    Rule(STORY, rf"distance to golden stays ({NUMBER})", lambda f, m: length(f, m[1], f.away(f.w_o))),
    Rule(STORY, r"With no shared features", lambda f, m: f.shared == 0),
    Rule(STORY, r"With all features shared", lambda f, m: f.shared == f.d),
    Rule(
        STORY,
        rf"With ({NUMBER}) shared features? out of ({NUMBER})",
        lambda f, m: (value(m[1]), value(m[2])) == (f.shared, f.d),
    ),
    Rule(
        ("start",),
        rf"is what it was: (?P<b>{LOSS}); golden's is (?P<g>{LOSS})",
        lambda f, m: both(_steps(f, m), _same_or_none(f, *(f.unlearning(w) for w in descent(f)))),
    ),
    Rule(("start",), rf"took the .{{,60}}? from (?P<a>{LOSS}) to (?P<b>{LOSS}); golden's is (?P<g>{LOSS})", _steps),
    Rule(
        ("distinct", "overlap"),
        rf"\bis ({NUMBER}) %: ",
        lambda f, m: _share(f, m[1]) if f.page == "overlap" else None,
    ),
    # Remedies.
    Rule(
        ("remedy",),
        rf"(Option [AB]) erased ({NUMBER}) weights? out of ({NUMBER})",
        lambda f, m: (
            (value(m[2]), value(m[3])) == (f.forget_only + (f.shared if m[1] == "Option B" else 0), f.d)
            and not f.view["rotate"]
        ),
    ),
    Rule(("remedy",), r"No feature belongs to .{,30}alone", lambda f, m: f.forget_only == 0 or f.view["rotate"]),
    Rule(("remedy",), r"use every feature, so Option B", lambda f, m: f.retain_only == 0 or f.view["rotate"]),
    Rule(("remedy",), r"After fine-tuning it is golden", lambda f, m: f.one(_chosen(f), f.w_g)),
    Rule(
        ("remedy",),
        rf"After fine-tuning it is ({NUMBER}) away from golden; plain fine-tuning ends (?:at golden|({NUMBER}) away)",
        lambda f, m: both(
            length(f, m[1], f.away(_chosen(f))),
            length(f, m[2], f.away(f.w_t)) if m[2] else f.one(f.w_t, f.w_g),
            opposite(f.one(_chosen(f), f.w_g)),
        ),
    ),
    Rule(
        ("remedy",),
        rf"Its unlearning loss is ({LOSS}), golden's ({LOSS}); its remaining loss is ({LOSS}), golden's ({LOSS})",
        lambda f, m: both(
            *(
                loss(f, text, of(w))
                for text, of, w in zip(
                    m.groups(),
                    (f.unlearning, f.unlearning, f.remaining, f.remaining),
                    (_chosen(f), f.w_g) * 2,
                    strict=True,
                )
            )
        ),
    ),
    Rule(("remedy",), r"is Option A golden", lambda f, m: f.one(_options(f)["Option A"], f.w_g)),
    Rule(("remedy",), r"is Option A not golden", lambda f, m: opposite(f.one(_options(f)["Option A"], f.w_g))),
    Rule(("remedy",), r"golden does not fit (?:exactly|them)", lambda f, m: opposite(f.zero(f.remaining(f.w_g)))),
    Rule(
        ("remedy",),
        rf"({OPTION}) breaks it",
        lambda f, m: both(f.zero(f.remaining(f.w_o)), opposite(f.zero(f.remaining(_at_first_rows(f, m[1]))))),
    ),
    Rule(("remedy",), rf"({OPTION}) keeps it at 0 throughout", lambda f, m: f.zero(f.remaining(_options(f)[m[1]]))),
    Rule(
        ("remedy",),
        rf"On this draw, Option ([AB]) is nearer to golden \(A ({NUMBER}), B ({NUMBER}) away\)",
        lambda f, m: both(
            length(f, m[2], f.away(_options(f)["Option A"])),
            length(f, m[3], f.away(_options(f)["Option B"])),
            _nearer(f, m[1]),
        ),
    ),
    Rule(("remedy",), r"Fine-tuning cannot forget\.", lambda f, m: opposite(f.one(f.w_t, f.w_g))),
    # A push.
    Rule(
        ("regularize",),
        rf"error on the (?:row|[0-9,]+ rows) to forget is ({LOSS}),",
        lambda f, m: loss(f, m[1], f.unlearning(_pushed(f))),
    ),
    Rule(("regularize",), r"the same as golden's", lambda f, m: _pushed_is(f, "same")),
    Rule(("regularize",), rf"less than golden's ({LOSS})", lambda f, m: _pushed_is(f, "less", "near")),
    Rule(("regularize",), rf"more than golden's ({LOSS})", lambda f, m: _pushed_is(f, "more", "near")),
    Rule(
        ("regularize",),
        rf"At alpha = ({NUMBER}) the .{{,60}}golden's, ({LOSS})",
        lambda f, m: loss(f, m[2], f.unlearning(f.w_g)) and _meets(f, value(m[1]), 0.06 if "×" in m[1] else 0.006),
    ),
    Rule(
        ("regularize",),
        r"every alpha above 0 gives the same (?:model|errors)|alpha weighs nothing here",
        lambda f, m: f.one(_pushed(f, 1e-3), _pushed(f, 100.0)) if f.view["mu"] == 0 else None,
    ),
    Rule(
        ("regularize",),
        r"no weights come closer to the targets",
        lambda f, m: compared(_target_loss(f, _pushed(f, 0.0)), _target_loss(f, _pushed(f, 100.0))) in ("same", None),
    ),
    Rule(
        ("regularize",),
        r"jumps? (?:over|past) golden's",
        lambda f, m: _jumps(f),
    ),
    Rule(
        ("regularize",),
        r"errors never become equal(?! on)|No push, however strong, makes the errors equal",
        lambda f, m: None if _crossed(f) is None else not _crossed(f),
    ),
    Rule(
        ("regularize",),
        rf"alpha = ({NUMBER}) comes (?:closest to golden|nearest)",
        lambda f, m: _nearest_on_scale(f, value(m[1])),
    ),
    Rule(
        ("regularize",),
        r"gives? .{,40}away|are told apart by smaller errors",
        lambda f, m: _told(f, lambda auc, p: auc > 0.5 and p <= LEVEL),
    ),
    Rule(
        ("regularize",),
        r"cannot be told from blind guessing|nothing can be told",
        lambda f, m: _told(f, lambda auc, p: p > LEVEL),
    ),
    Rule(
        ("regularize",),
        r"wrong more often than right",
        lambda f, m: _told(f, lambda auc, p: auc < 0.5 and p <= LEVEL),
    ),
    Rule(
        ("regularize",),
        rf"weights are ({NUMBER}) away from golden's; .{{,40}} are ({NUMBER}) away",
        lambda f, m: both(length(f, m[1], f.away(_pushed(f))), length(f, m[2], f.away(f.w_o))),
    ),
    Rule(("regularize",), r"close to golden's", lambda f, m: _pushed_is(f, "near")),
    Rule(
        ("regularize",),
        rf"weights lie ({NUMBER}) from golden's \(pretrained: ({NUMBER})\)",
        lambda f, m: both(length(f, m[1], f.away(_pushed(f))), length(f, m[2], f.away(f.w_o))),
    ),
    Rule(("regularize",), r"alpha does not matter", lambda f, m: f.one(_pushed(f, 1e-3), _pushed(f, 100.0))),
    Rule(
        ("regularize",),
        r"It fits every row it trains on and every target",
        lambda f, m: both(
            f.zero(np.mean((f.X_t @ _pushed(f, 1.0) - f.y_t) ** 2)), f.zero(_target_loss(f, _pushed(f, 1.0)))
        ),
    ),
    Rule(("regularize",), rf"From alpha = ({NUMBER}) on it hurts", lambda f, m: _hurts(f, value(m[1]))),
    # The triangle.
    Rule(("geometry",), r"the triangle is flat|it ends at golden itself", lambda f, m: f.nothing(f.leftover(f.w_o))),
    Rule(("geometry",), r"A right triangle", lambda f, m: f.one(f.P_r @ f.w_o, f.w_g)),
    Rule(("geometry",), r"form no right triangle", lambda f, m: opposite(f.one(f.P_r @ f.w_o, f.w_g))),
    Rule(
        ("geometry",),
        rf"golden \(({NUMBER})\) .{{,80}}pretrained model \(({NUMBER})\).{{,40}}leftover \(({NUMBER})\)",
        lambda f, m: both(
            *(
                length(f, text, true)
                for text, true in zip(
                    m.groups(),
                    (np.linalg.norm(f.w_g), np.linalg.norm(f.w_o), f.leftover(f.w_o)),
                    strict=True,
                )
            )
        ),
    ),
    Rule(
        ("geometry",),
        rf"From half of pretrained it ends at (?P<a>{LOSS})(?:: .{{,30}} % of golden's|; golden's is) (?P<b>{LOSS})",
        lambda f, m: both(loss(f, m["a"], _half(f)), loss(f, m["b"], f.unlearning(f.w_g))),
    ),
    Rule(("geometry",), r"= 25 % of golden's", lambda f, m: shows("25.0", 100 * _half(f) / f.unlearning(f.w_g), 1e-6)),
    Rule(
        ("geometry",),
        rf"Pretrained itself misses these rows by ({LOSS})",
        lambda f, m: loss(f, m[1], f.unlearning(f.w_o)),
    ),
    # The valley, whose rows are the reader's.
    Rule(("geometry",), r"ball does not roll", lambda f, m: _length(_valley(f).start - _valley(f).end) <= 1e-6),
    Rule(
        ("geometry",),
        rf"Straight across, ({NUMBER}) away from golden",
        lambda f, m: both(
            shows(m[1], _length(_valley(f).end - _valley(f).golden)), _length(_valley(f).start - _valley(f).end) > 1e-7
        ),
    ),
    Rule(("geometry",), r"this time to golden", lambda f, m: _length(_valley(f).end - _valley(f).golden) <= 1e-6),
    Rule(
        ("geometry",),
        rf"(?:ends at|stays) (?P<a>{NUMBER}); golden's is (?P<b>{NUMBER})",
        lambda f, m: (
            both(shows(m["a"], _valley(f).missed("end"), 1e-16), shows(m["b"], _valley(f).missed("golden"), 1e-16))
            if f.view["view"] == "two"
            else None
        ),
    ),
    Rule(("geometry",), r"nothing to forget", lambda f, m: np.linalg.matrix_rank(_valley(f).rows) == 1),
    # The map.
    Rule(
        ("boundary",),
        rf"changes nothing in ({NUMBER}) of ({NUMBER}) cells",
        lambda f, m: _cells(f, m, lambda moves, forgets, nothing: ~moves),
    ),
    Rule(
        ("boundary",),
        rf"brings the model to golden in ({NUMBER}|none)",
        lambda f, m: _cells(f, m, lambda moves, forgets, nothing: forgets & ~nothing),
    ),
    Rule(
        ("boundary",),
        rf"[eE]nds at golden in ({NUMBER}) of ({NUMBER}) cells",
        lambda f, m: _cells(f, m, lambda moves, forgets, nothing: forgets),
    ),
    Rule(
        ("boundary",),
        rf"In ({NUMBER}) cells? \(×\) pretrained is golden",
        lambda f, m: _cells(f, m, lambda moves, forgets, nothing: nothing),
    ),
    # Statements.
    Rule(
        ("claims",),
        r"Outside .{,80}\bR3\b.{,60} (?:is|are) off",
        lambda f, m: opposite(f.zero(f.remaining(f.options["Option B"]))),
    ),
    # Clocks.
    Rule(
        ("dynamics",),
        r"Of the steps on the slider, ([0-9,]+) comes nearest to golden",
        lambda f, m: _nearest_step(f, value(m[1])),
    ),
    Rule(("dynamics",), r"(?:directions have|direction has) a gradient", lambda f, m: _pulled(f)),
    Rule(("dynamics",), r"nothing moves", lambda f, m: f.nothing(np.linalg.norm(_walked(f) - run_of(f).start))),
    Rule(("dynamics",), r"so nothing can be left over", lambda f, m: _no_leftover(f)),
    Rule(
        ("dynamics",),
        rf"rows to forget ends at ({LOSS}) \(golden's: ({LOSS})\), the one on the rows to keep at ({LOSS})",
        lambda f, m: both(
            loss(f, m[1], f.unlearning(_walked(f))),
            loss(f, m[2], f.unlearning(f.w_g)),
            loss(f, m[3], f.remaining(_walked(f))),
        ),
    ),
    Rule(
        ("dynamics",),
        rf"leftover goes from ({NUMBER}) to ({NUMBER})\.",
        lambda f, m: (
            None
            if run_of(f).share > 1
            else both(length(f, m[1], f.leftover(run_of(f).start)), length(f, m[2], f.leftover(_walked(f))))
        ),
    ),
    Rule(("dynamics",), r"never moves?\b", lambda f, m: both(*_leftover_still(f))),
    Rule(("dynamics",), r"no leftover that could stay|is no leftover at the start", lambda f, m: _no_leftover(f)),
    # Anywhere.
    Rule(("*",), rf"from ({NUMBER}) to ({NUMBER})(?! %)", lambda f, m: m[1] != m[2]),
    Rule(("*",), rf"keeps −{NUMBER} of it", lambda f, m: False),
    Rule(("*",), r"\bnan\b|\binf\b|\{[a-z_]+\}", lambda f, m: False),
    Rule(("*",), r"\b1 (?:agree|apply|hold|are|rows|features|weights|statements)\b", lambda f, m: False),
]


def _half(f):
    """UL after fine-tuning on all rows to keep from half of the pretrained model."""
    return f.unlearning(fit(f.X_r, f.y_r, f.w_o / 2))


def _length(v):
    return float(np.linalg.norm(v))


def _valley(f):
    """The start, its end and golden of the valley, for the two rows in the address; `missed` is their UL."""
    keep, forget, start = (np.array([f.view[f"{name}{i}"] for i in (1, 2)]) for name in ("keep", "forget", "start"))
    true = np.array([1.6, 1.2])
    found = SimpleNamespace(rows=np.stack([keep, forget]), start=start)
    found.golden = fit(keep[None], np.array([keep @ true]), np.zeros(2))
    found.end = fit(keep[None], np.array([keep @ true]), start)
    found.missed = lambda name: float((forget @ (getattr(found, name) - true)) ** 2)
    return found


def _cells(f, m, pick):
    """Whether so many cells of the map are of a kind, each cell's models being fitted."""
    if not f.deep:
        return None
    if "_map" not in vars(f):
        grid, _ = chosen(f.view)
        f._map = np.array([_cell(cell) for row in grid.settings for cell in row], dtype=float).T
    if np.isnan(f._map).any():
        return None
    found = pick(*(kind.astype(bool) for kind in f._map))
    counts = [0.0 if text == "none" else value(text) for text in m.groups()]
    return counts == [found.sum(), found.size][: len(counts)]


def _cell(cell):
    """Whether fine-tuning moves the model, whether it ends at golden, and whether pretrained is golden."""
    f = Facts(cell.spec)
    w = f.w_t
    if cell.decay:
        w = np.linalg.solve(f.X_t.T @ f.X_t + f.n_t * cell.decay * np.eye(f.d), f.X_t.T @ f.y_t)
    found = (opposite(f.one(w, f.w_o)), f.one(w, f.w_g), f.one(f.w_o, f.w_g))
    return [np.nan if truth is None else float(truth) for truth in found]


def _seen_loss(f, w):
    return float(np.mean((f.X_t @ w - f.y_t) ** 2))


def _same_or_none(f, a, b):
    if f.zero(max(a, b)):
        return True
    return {"same": True, "near": False, "less": False, "more": False, None: None}[compared(a, b)]


def _share(f, text):
    golden = f.unlearning(f.w_g)
    if f.zero(golden) is not False:
        return None
    return shows(text, 100 * f.unlearning(f.w_t) / golden, 1e-10)


def _options(f):
    """The remedies as the page has them: with mixed features a mask erases nothing or everything."""
    if not f.view["rotate"]:
        return f.options
    if "mixed" not in vars(f):
        f.mixed = {**f.options, "Option A": f.w_t, "Option B": _scratch(f)}
    return f.mixed


def _scratch(f):
    return fit(f.X_t, f.y_t)


def _chosen(f):
    names = {"keep_overlap": "Option A", "drop_overlap": "Option B", "project": "Projection"}
    return _options(f)[names[f.view["erase"]]]


def _at_first_rows(f, name):
    """A remedy fine-tuned on one row alone: where a broken remaining loss shows."""
    keep = np.ones(f.d)
    if name == "Option A" and not f.view["rotate"]:
        keep[f.d - f.forget_only :] = 0
    elif name == "Option B":
        keep[0 if f.view["rotate"] else f.retain_only :] = 0
    start = f.P_r @ f.w_o if name == "Projection" else keep * f.w_o
    return fit(f.X_r[:1], f.y_r[:1], start)


def _nearer(f, letter):
    a, b = (f.away(_options(f)[f"Option {x}"]) for x in "AB")
    how = compared(a, b)
    return None if how in (None, "same") else (a < b) == (letter == "A")


def _pushed(f, alpha=None):
    alpha = f.view["alpha"] if alpha is None else alpha
    kept = f.__dict__.setdefault("_pushes", {})
    if alpha not in kept:
        kept[alpha] = f.pushed(alpha, f.view["target"], f.view["mu"])
    return kept[alpha]


def _pushed_is(f, *allowed):
    if f.zero(f.unlearning(_pushed(f))) and f.zero(f.unlearning(f.w_g)):
        return "same" in allowed
    found = compared(f.unlearning(_pushed(f)), f.unlearning(f.w_g))
    return None if found is None else found in allowed


def _target_loss(f, w):
    return float(np.mean((f.X_f @ w - f.target(f.view["target"])) ** 2))


def _meets(f, alpha, digits):
    """Whether the error passes golden's, or is golden's, at an alpha known to some digits."""
    low, here, high = (f.unlearning(_pushed(f, alpha * (1 + s * digits))) for s in (-1, 0, 1))
    level = f.unlearning(f.w_g)
    return min(low, here, high) <= level * (1 + 1e-6) + 1e-14 and max(low, here, high) >= level * (1 - 1e-6) - 1e-14


def _crossed(f):
    """Whether golden's error is met for some alpha; None where the two are closer than rounding tells."""
    level = f.unlearning(f.w_g)
    errors = np.array([f.unlearning(_pushed(f, alpha)) for alpha in PATH]) - level
    if (np.abs(errors) <= 1e-6 * level + 1e-14).any():
        return None
    on = errors[1:]
    return bool((on[:-1] * on[1:] < 0).any() or (f.view["mu"] > 0 and errors[0] * errors[1] < 0))


def _jumps(f):
    """Whether the error passes golden's between no push and pushes as weak as one likes."""
    if f.view["mu"] > 0:
        return False
    level = f.unlearning(f.w_g)
    before, after = (f.unlearning(_pushed(f, alpha)) - level for alpha in (0.0, 1e-7))
    return None if min(abs(before), abs(after)) <= 1e-4 * level else before * after < 0


def _hurts(f, alpha):
    """Whether just the pushes of the scale from an alpha on end farther from golden than the pretrained model."""
    scale = next(c.values for c in LESSONS["regularize"].page.controls if c.key == "alpha")
    more = {a: f.away(_pushed(f, a)) - f.away(f.w_o) for a in scale if a > 0}
    if min(map(abs, more.values())) <= 1e-6 * f.size:
        return None
    return all((more[a] > 0) == (a >= alpha) for a in more)


def _nearest_on_scale(f, alpha):
    scale = next(c.values for c in LESSONS["regularize"].page.controls if c.key == "alpha")
    return f.away(_pushed(f, alpha)) <= min(f.away(_pushed(f, a)) for a in scale) + 1e-6 * f.size


def _told(f, truth):
    """What an exact test by scipy finds; ties, where it is not exact, are left out."""
    if f.spec.n_forget == 1:
        return None
    auc, p = f.attack(_pushed(f))
    if len(set(np.round(np.abs(f.X_f @ _pushed(f) - f.y_f), 12))) < f.spec.n_forget or abs(p - LEVEL) < 1e-9:
        return None
    return bool(truth(auc, p))


def run_of(f):
    """The run of gradient descent of the page dynamics: rows and labels as a mean, start, step and decay."""
    if "_run" not in vars(f):
        X, y = f.X_t, f.y_t
        if f.view["objective"] == "shuffled":
            scale = np.sqrt(len(y) / len(f.y_f))
            X, y = np.vstack([X, scale * f.X_f]), np.concatenate([y, scale * f.target("shuffled")])
            X, y = X * np.sqrt(len(y) / len(f.y_t)), y * np.sqrt(len(y) / len(f.y_t))
        ridge = 0.5 * np.sum(f.X**2) / len(f.X)
        starts = {
            "ridge": lambda: np.linalg.solve(f.X.T @ f.X + ridge * np.eye(f.d), f.X.T @ f.y),
            "pretrained": lambda: f.w_o,
            "zero": lambda: np.zeros(f.d),
        }
        decay = f.view["decay"]
        f._run = SimpleNamespace(
            X=X,
            y=y,
            start=starts[f.view["start"]](),
            decay=decay,
            share=f.view["step_size"],
            eta=f.view["step_size"] * f.stable_step(X, decay),
        )
    return f._run


def _walked(f):
    """The weights after the last step of the slider."""
    run = run_of(f)
    return f.descended(run.start, run.X, run.y, run.eta, run.decay, (100_000,))[0]


def _nearest_step(f, step):
    """Whether of the steps of the slider none is nearer to golden."""
    run, steps = run_of(f), next(c.values for c in LESSONS["dynamics"].page.controls if c.key == "step")
    steps = np.array(steps, dtype=int)
    away = np.linalg.norm(f.descended(run.start, run.X, run.y, run.eta, run.decay, steps) - f.w_g, axis=1)
    return float(away[np.flatnonzero(steps == int(step))[0]]) <= float(away.min()) * (1 + 1e-9)


def _pulled(f):
    """Whether the gradient of the run has a part along what only the rows to forget use."""
    run = run_of(f)
    gradient = run.X.T @ (run.X @ run.start - run.y) / len(run.y)
    unseen = gradient - f.P_r @ gradient
    return opposite(f.nothing(np.linalg.norm(unseen)))


def _leftover_still(f):
    run = run_of(f)
    found = f.descended(run.start, run.X, run.y, run.eta, run.decay, (0, 100, 100_000))
    first = found[0] - f.P_r @ found[0]
    return [f.nothing(np.linalg.norm((w - f.P_r @ w) - first)) for w in found[1:]]


def _no_leftover(f):
    return f.nothing(f.leftover(run_of(f).start))


def _differing(f, text):
    """Whether a verdict names the weights in which fine-tuned and golden differ; None where rounding decides."""
    keep, forget = (
        f.nothing(np.linalg.norm((f.w_t - f.w_g)[part])) for part in (f.spec.blocks.retain, f.spec.blocks.forget)
    )
    if keep is None or forget is None:
        return None
    right = {
        (True, True): "In none",
        (False, True): "Only those of the rows to keep",
        (True, False): "Only those of the rows to forget",
        (False, False): "In both",
    }
    return _answer(text) == {right[bool(keep), bool(forget)]}


def answered(f, where, text):
    """Whether a verdict calls the right answers right; None where another rule has to judge it."""
    if f.page == "distinct" and where.startswith("verdict"):
        return _differing(f, text)
    models = {"start": lambda: f.w_t, "remedy": lambda: _options(f)["Option A"]}
    if f.page not in models or not where.startswith("verdict"):
        return None
    if f.page == "start":
        # What has not arrived after the page's last step is judged where it is.
        right = levels(f, descent(f)[1])
    else:
        right = levels(f, models[f.page]())
    if right is None:
        return None
    told = _answer(text)
    return told <= right if re.match("You guessed “.*?”, and", text) else told == right


def facts_of(page, view, deep=True):
    """The facts of a View; `deep` ones include what takes long, such as every cell of a map."""
    found = Facts(view.spec)
    found.page, found.view, found.deep = page, view, deep
    return found


def readings(facts, where, text):
    """Every rule that reads a text, with what it reads and whether it is true."""
    yield "the right answer", text, answered(facts, where, text)
    # What the reader guessed is no statement.
    text = re.sub(r"You guessed “[^”]*”", "You guessed it", text)
    for rule in RULES:
        if facts.page in rule.pages or "*" in rule.pages:
            for match in re.finditer(rule.pattern, text):
                yield rule.pattern, _sentence(text, match), rule.truth(facts, match)


def _sentence(text, match):
    begin, end = (text.rfind(". ", 0, match.start()) + 1, text.find(". ", match.end()))
    return text[max(begin, 0) : end + 1 if end >= 0 else None].strip()
