"""What was found false once, each at its address: the truth, recomputed, and the words that may not stand beside it."""

import re
from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.audit.addresses import address, view
from tests.audit.closer import nearest_step
from tests.audit.facts import LEVEL, fit
from tests.audit.reading import plain, texts
from tests.audit.rules import facts_of
from tests.audit.story import descent
from ui.language.speech import FOLDER
from ui.lessons import LESSONS
from ui.plot.route import picture
from ui.teaching.talk import TALK

# Every text a reader can see.
MESSAGES = FOLDER / "messages.pot"


@dataclass(frozen=True)
class Case:
    """A page at settings, what is true there, and what a reader may not be told then."""

    page: str
    values: dict = field(default_factory=dict)
    true: object = lambda f: True
    never: str = ""


def missed(f):
    """What no label of the rows to forget is missed by: the push at mu = 0 against its targets, without and with it."""
    errors = [np.mean((f.X_f @ f.pushed(a, "opposite", 0.0) - f.target("opposite")) ** 2) for a in (0.0, 1.0)]
    return errors[0] > 1 and errors[1] < 1e-12


def meets_at(f, alpha, mu):
    level = f.unlearning(f.w_g)
    below, above = (f.unlearning(f.pushed(a, "shuffled", mu)) - level for a in (0.99 * alpha, 1.01 * alpha))
    return below * above < 0


def meets_beyond(f):
    level = f.unlearning(f.w_g)
    return (f.unlearning(f.pushed(100.0, "shuffled", 10.0)) - level) * (
        f.unlearning(f.pushed(1000.0, "shuffled", 10.0)) - level
    ) < 0


def half_of_golden(f):
    return f.unlearning(fit(f.X_r, f.y_r, f.w_o / 2)) / f.unlearning(f.w_g)


def _told_apart(f):
    return f.one(f.pushed(100.0, "oracle", 0.1), f.w_g) is False


CASES = {
    "what golden answers instead of a digit it never saw is counted, not called alike": Case(
        "digits", {"waves": 100}, lambda f: f.kind == "class", r"most alike"
    ),
    "a split near the peak moves more than a point": Case(
        "digits",
        {"kind": "Some rows", "waves": 900},
        lambda f: 2 * f.taught("golden") < len(f.gone),
        r"forgetting is not misclassifying|still says",
    ),
    "what lies out of sight is said of the model's own squared length": Case(
        "digits", {"waves": 900, "digit": 1}, never=r"small directions need large weights"
    ),
    "nothing is stated to the last digit that is off": Case(
        "patient", {"plain": "true"}, lambda f: f.one(f.w_t, f.w_g), r"states it"
    ),
    "a loss that was not zero before is not broken": Case(
        "remedy",
        {"d": 100, "n_retain": 70, "n_forget": 60, "noise": 0.5, "against": "Fine-tuning rows"},
        lambda f: f.remaining(f.w_o) > 0.01,
        r"breaks it",
    ),
    "golden fits what it is said to miss": Case(
        "remedy",
        {"d": 40, "n_retain": 28, "n_forget": 20, "n_tune": 5, "noise": 0.5},
        lambda f: f.remaining(f.w_g) < 1e-20 and f.remaining(f.w_o) > 0.01,
        r"golden does not fit",
    ),
    "an error that falls continuously does not jump": Case(
        "regularize",
        {"d": 60, "overlap": 1, "n_retain": 61, "n_forget": 20, "n_tune": 60, "noise": 0.5, "mu": 0},
        lambda f: meets_at(f, 3.858e-4, 0.0),
        r"\bjump|no push to stop at|[nN]ever (?:become )?equal\.",
    ),
    "three rows are too few to tell": Case(
        "regularize",
        {"n_forget": 3, "seed": 11, "noise": 0.5, "mu": 0, "target": "Golden's own"},
        lambda f: f.attack(f.w_g)[0] == 1 and f.attack(f.w_g)[1] > LEVEL,
        r"± 0%|gives? .{,30}away",
    ),
    "a push that reaches its targets has something to push for": Case(
        "regularize",
        {"d": 60, "overlap": 0, "n_forget": 70, "n_retain": 1, "mu": 0, "target": "Opposite labels"},
        missed,
        r"no weights come closer",
    ),
    "an error that is equal beyond the scale does become equal": Case(
        "regularize",
        {"d": 50, "overlap": 0.3, "n_retain": 28, "n_forget": 23, "noise": 0.5, "mu": 10},
        meets_beyond,
        r"errors never become equal(?! on)|no push to stop at",
    ),
    "nothing of nothing is not zero": Case(
        "boundary",
        {
            **{"d": 20, "overlap": 1, "n_retain": 40, "n_forget": 10},
            **{"map_x": "Weight decay", "map_y": "Label noise", "map_row": 0},
        },
        lambda f: f.one(*(fit(rows, rows @ np.ones(20)) for rows in (f.X, f.X_r))),
        r"[dD]istance (?:left to golden|ratio) 0\b|rows to keep fix every weight in all",
    ),
    "other features than the rows to forget's own are needed, not all shared": Case(
        "boundary", never=r"only where every feature is shared"
    ),
    "noise that makes a share smaller does not add to it": Case(
        "geometry",
        {"view": "Any dimension", "d": 50, "overlap": 0.3, "n_retain": 28, "n_forget": 23, "noise": 0.5},
        lambda f: half_of_golden(f) < 0.25,
        r"\badds? to it",
    ),
    "one label cannot be shuffled, so nothing pulls": Case(
        "dynamics",
        {"n_forget": 1, "objective": "Plus shuffled labels", "start": "Pretrained"},
        lambda f: (f.shuffle == [0]).all() and f.remaining(f.w_o) < 1e-20 and f.unlearning(f.w_o) < 1e-20,
        r"ha(?:ve|s) a gradient",
    ),
    "two losses are not the same and different in one paragraph": Case(
        "start",
        {"d": 40, "n_retain": 29, "n_forget": 13, "noise": 5},
        lambda f: 0.001 < 1 - f.unlearning(f.w_t) / f.unlearning(f.w_g) < 0.01,
        r"error on .{,30} is golden's, but|errs less than golden on",
    ),
    "a factor below zero is no share that is kept": Case(
        "dynamics",
        {"d": 2, "overlap": 0, "n_retain": 1, "n_forget": 7, "start": "Ridge", "step_size": 1.1, "decay": 1},
        never=r"keeps −",
    ),
    "a number that does not change is not said to go from itself to itself": Case(
        "dynamics",
        {"d": 2, "overlap": 0, "n_retain": 1, "n_forget": 1, "noise": 5, "seed": 0, "start": "Pretrained"}
        | {"objective": "Plus shuffled labels", "step_size": 0.4, "decay": 0.001},
        never=r"from ([−0-9.,]*[0-9]) to \1(?![0-9.])",
    ),
    "a distance that is small and no rounding is not 0": Case(
        "regularize",
        {"d": 60, "overlap": 0, "n_retain": 1, "n_forget": 1, "n_tune": 1, "noise": 5}
        | {"mu": 0.1, "alpha": 100, "target": "Golden's own"},
        lambda f: 1e-7 < f.away(f.pushed(100.0, "oracle", 0.1)) < 1e-6 and _told_apart(f),
        r"nearest: 0\b|(?<![0-9.,−])0 away",
    ),
    "what is told of the last step does not end with where training would end": Case(
        "start",
        {"d": 40, "overlap": 1, "n_retain": 40, "n_forget": 10, "noise": 0.5},
        lambda f: f.one(f.w_t, f.w_g) and f.unlearning(descent(f)[1]) < 0.9 * f.unlearning(f.w_g),
        r"ends at golden itself|[Tt]he same as golden's\.|errs? like (?:it|golden)|a single weight",
    ),
    "of two rows that ask for the same nothing is left over that could stay": Case(
        "geometry", {"keep1": 1, "keep2": 0.5, "forget1": 2, "forget2": 1}, never=r"the leftover stays"
    ),
    "zero beside zero says nothing and is not listed as off": Case(
        "claims",
        {"d": 60, "overlap": 1, "n_retain": 70, "n_forget": 70, "n_tune": 0, "noise": 0},
        lambda f: f.remaining(f.options["Option B"]) < 1e-20,
        r"\bR3\b[^.]* off",
    ),
    "one is no plural": Case(
        "claims",
        {"d": 2, "overlap": 1, "n_retain": 70, "n_forget": 1, "noise": 5},
        never=r"\b1 (?:agree|are|hold|apply)\b",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_was_false_is_not_said(name):
    case = CASES[name]
    seen = view(case.page, **case.values)
    assert case.true(facts_of(case.page, seen)), "the case no longer shows it: choose another address"
    for where, text in texts(case.page, seen).items():
        said = re.sub(r"You guessed “[^”]*”", "", text)
        found = re.search(case.never, said)
        assert not found, f"{address(case.page, **case.values)} {where}: {found[0]!r} in {said!r}"


def test_the_fixed_words_of_a_page_are_true_of_every_setting():
    pages = {stem: lesson.page for stem, lesson in LESSONS.items()}
    fixed = {
        stem: " ".join([page.title, page.question, page.cast, *page.limits, page.prediction.question])
        for stem, page in pages.items()
    }
    # At full overlap, for the gap and with decay a map without noise has more than one colour.
    assert "every map has one colour" not in fixed["boundary"]
    # Whether numbers are large is said by the numbers: no text on any page calls them so.
    assert not re.search(r"enormous|\bhuge\b|gigantic", MESSAGES.read_text(encoding="utf-8"))
    # A guess may be made about penguins, of which other numbers leave and stay.
    assert not re.search(r"\bpatients?\b|[0-9]", pages["patient"].prediction.question)


def test_no_heading_says_that_fine_tuning_cannot_forget_where_it_ends_at_golden():
    values = {"d": 40, "overlap": 1, "n_retain": 100, "noise": 0.5}
    facts = facts_of("remedy", view("remedy", **values))
    assert facts.one(facts.w_t, facts.w_g)
    page = LESSONS["remedy"].page
    assert not re.search(r"[cC]annot forget\b", " ".join([page.title, page.question]))


def test_the_talk_calls_no_fifth_of_the_way_much():
    facts = facts_of("remedy", view("remedy", noise=0.5))
    a, b = (facts.away(facts.options[f"Option {x}"]) for x in "AB")
    assert facts.away(facts.w_t) * 0.6 < a
    assert b < 0.6 * a
    assert not [step.notes for step in TALK if "much nearer" in step.notes]


def test_the_forms_of_the_push_are_reported_and_read_not_quoted():
    from ui.lessons.regularize.text import VARIANTS

    said = [part for part in re.split(r"(?<=[.]) ", VARIANTS) if re.search(r"inverse CE-FT|Inverse CE-FT|KL-FT", part)]
    assert said[0].startswith("Reviews report")
    assert "so this is our reading" in VARIANTS


def test_the_scale_of_alpha_marks_the_most_that_reviews_report():
    axis = picture(LESSONS["regularize"], "push", view("regularize")).figure.layout["xaxis2"]
    assert "▲ the paper's first version goes to 1, say reviews" in axis["title"]["text"]
    assert [at for at, text in zip(axis["tickvals"], axis["ticktext"], strict=True) if "▲" in text] == [1.0]


@pytest.mark.parametrize("overlap", [0.4, 0.13])
def test_the_share_of_shared_features_is_the_realised_one(overlap):
    """Seven features: 40% of them are 3, which is 43%."""
    from ui.lessons.boundary import grids, sentences

    seen = view("boundary", d=7, n_retain=5, overlap=overlap, map_x="Label noise", map_y="Weight decay")
    grid, cell = grids.chosen(seen)
    shared = round(overlap * 7)
    said = plain(sentences.setting_text(grid, *cell))
    assert all(abs(float(n) - 100 * shared / 7) < 0.51 for n in re.findall(r"([0-9.]+)%", said)), said


def test_the_nearest_step_is_said_of_the_steps_on_the_slider():
    rng = np.random.default_rng(4)
    found = 0
    for seed in rng.integers(0, 1000, 10):
        values = {"d": 30, "n_retain": 10, "n_forget": 13, "noise": 0.5, "seed": int(seed), "step_size": 0.2}
        values |= {"objective": "Plus shuffled labels", "start": "Pretrained", "decay": 0}
        seen = view("dynamics", **values)
        facts = facts_of("dynamics", seen)
        for text in texts("dynamics", seen).values():
            assert "closest" not in text
            for step in re.findall(r"Of the steps on the slider, ([0-9,]+) comes nearest", text):
                found += 1
                assert nearest_step(facts, float(step.replace(",", ""))), address("dynamics", **values)
    assert found >= 2


def test_one_share_of_right_guesses_has_one_verdict():
    """Whatever is printed of an attack decides what is said of it: one verdict for one number of rows and one share."""
    said = {}
    for seed in range(60):
        seen = view("regularize", n_forget=12, d=40, n_retain=12, noise=0.5, seed=seed, alpha=0.05)
        text = texts("regularize", seen, slow=False).get("errors", "")
        share = re.search(r"attacker is right in ([0-9.]+)%", text)
        if share:
            verdicts = {
                "told": bool(re.search(r"cannot be told|nothing can be told", text)),
                "away": bool(re.search(r"gives? .{,30}away", text)),
                "out": "wrong more often" in text,
            }
            assert said.setdefault(share[1], verdicts) == verdicts, share[0]
            assert sum(verdicts.values()) == 1
    assert len(said) > 5
