"""The quiz in words and pictures: what its questions say on drawn problems, and what its pictures show of them."""

import re
from dataclasses import fields

import numpy as np
import pytest

from tests.ui.cases import bars_of, drawn, is_valid, read, the_trace
from theory import MISCONCEPTIONS, Spec
from theory.misconceptions import MANY, PUSH, PUSHES, STRIDES
from ui.lessons import BY_STEM, EXPERIMENTS, LESSONS
from ui.lessons.dynamics.text import CLOCK_STEPS
from ui.lessons.regularize.text import ALPHAS
from ui.lessons.start.text import STEPS
from ui.plot.controls import CONTROLS, read_spec_text, spec_text
from ui.plot.route import picture
from ui.plot.view import read_view, view_of
from ui.teaching.quiz_items import CONSTANTS, ITEMS, NEXT
from ui.teaching.quiz_pictures import QUIZ
from ui.teaching.quiz_questions import Number, order, posed, right, texts
from ui.teaching.quiz_sitting import score

QUIZZES = range(25)
BY_KEY = {item.key: item for item in ITEMS}
every_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)


def said_by(item):
    return (item.question, item.anomaly, item.why, item.explanation, item.caption)


def test_every_belief_has_its_question():
    assert [item.key for item in ITEMS] == list(MISCONCEPTIONS)
    assert BY_STEM[NEXT] in EXPERIMENTS


@every_item
def test_a_question_is_about_its_belief_and_no_name_in_its_texts_means_two_things(item):
    row = MISCONCEPTIONS[item.key]
    assert {answer.number for answer in item.answers} == {row.truth, *row.rivals}
    assert len({answer.number for answer in item.answers}) == len(item.answers)
    assert item.question.endswith("?")
    assert all(text.endswith(".") for text in (*said_by(item)[1:], *(answer.idea for answer in item.answers)))
    numbers = posed(item.key, 0).evidence.numbers
    assert not numbers.keys() & CONSTANTS.keys()
    assert not {f.name for f in fields(Spec)} & (numbers.keys() | CONSTANTS.keys())


@every_item
def test_every_text_is_filled_and_no_two_answers_read_the_same(item):
    for seed in QUIZZES:
        filled = texts(posed(item.key, seed))
        said = [text.format(**filled) for text in (*said_by(item), *(a.idea for a in item.answers))]
        assert not [text for text in said if "{" in text or re.search(r"[0-9]e-[0-9]", text)]
        numbers = [answer.text.format(**filled).partition(":")[0] for answer in item.answers]
        assert len(set(numbers)) == len(numbers)


@every_item
def test_an_answer_begins_with_the_number_it_stands_for(item):
    filled = texts(found := posed(item.key, 4))
    for answer in item.answers:
        text = answer.text.format(**filled).partition(":")[0].removeprefix("alpha = ")
        share = text.endswith("%")
        value = read(text.removesuffix("%")) / (100 if share else 1)
        assert value == pytest.approx(found.evidence[answer.number], rel=0.006, abs=0.005 if share else 1e-15)


@every_item
def test_every_answer_stands_in_every_place_for_some_seed(item):
    places = [[a.number for a in order(seed, item)].index(right(item)) for seed in range(200)]
    assert order(3, item) == order(3, item)
    counts = np.bincount(places, minlength=len(item.answers))
    assert (counts > 0.5 * 200 / len(item.answers)).all()
    for number in range(len(item.answers)):
        assert len({order(seed, item)[number].number for seed in range(50)}) == len(item.answers)


@every_item
def test_the_way_leads_to_the_readers_problem(item):
    page = BY_STEM[item.page]
    assert page in EXPERIMENTS
    own = {c.key: c.shown(item.values[c.key]) for c in page.controls if c.key in item.values}
    assert own.keys() == item.values.keys()
    for seed in QUIZZES:
        spec = posed(item.key, seed).spec
        found = read_spec_text(spec_text(spec, own), page.controls)
        assert all((getattr(spec, key) or 0) == value for key, value in page.fixed.items())
        assert found == {**{c.key: getattr(spec, c.key) or 0 for c in CONTROLS}, **item.values}


def test_the_pages_can_show_the_steps_and_pushes_that_the_questions_speak_of():
    assert STEPS[-1] == MANY
    assert STRIDES in CLOCK_STEPS
    assert {*PUSHES, PUSH} <= set(ALPHAS)


# What a picture shows of its question's numbers, by name.
_PUSHED = {"distance": "distance", "at": "no push, current alpha"}
SHOWN = {
    "more_steps": lambda chart: {
        "many": np.mean(np.square(chart["frames"][-1]["data"][0]["y"])),
        "golden": np.mean(np.square(next(t["y"] for t in chart["data"] if t["type"] == "bar"))),
    },
    "high_error": lambda chart: {
        "pushed": the_trace(chart, **_PUSHED)["y"][-1],
        "pushed_loss": the_trace(chart, loss="unlearning_loss", at="no push, current alpha")["y"][-1],
    },
    "same_end": lambda chart: {
        "tuned": bars_of(chart["data"][0])["fine_tune", "distance"],
        "golden_loss": bars_of(chart["data"][0])["golden", "unlearning_loss"],
    },
    "deleted_rows": lambda chart: {
        key: the_trace(chart, model=model, loss="unlearning_loss")["meta"]["value"]
        for key, model in (("pretrained_loss", "pretrained"), ("golden_loss", "golden"))
    },
    "larger_alpha": lambda chart: {"modest_distance": the_trace(chart, **_PUSHED)["y"][-1]},
    "masked": lambda chart: {
        "masked": bars_of(chart["data"][0])["keep_overlap", "unlearning_loss"],
        "golden": bars_of(chart["data"][0])["golden", "unlearning_loss"],
    },
}


def shown(item, **asked):
    return picture(QUIZ, item.key, read_view(QUIZ.page, {key: [text] for key, text in asked.items()}))


@every_item
def test_a_picture_shows_the_numbers_of_the_question(item):
    found = posed(item.key, 2)
    for theme in ("light", "dark"):
        made = shown(item, quiz="2", theme=theme)
        is_valid(made.figure)
    assert made.caption == item.caption.format(**texts(found))
    assert any(c.isdigit() for c in made.alt)
    assert made.alt.endswith(".")
    # Whatever moves has a slider, and only then is one spoken of.
    scrub = QUIZ.figures[item.key].scrub
    moved = [len(c.values) for c in LESSONS[item.page].page.controls if c.key == scrub]
    assert [len(made.steps)] == [len(made.figure.frames)] == (moved or [0])
    assert bool(scrub) == ("slider" in made.alt)
    assert ("button" in item.caption) <= bool(scrub)
    for name, value in SHOWN[item.key](drawn(made.figure)).items() if item.key in SHOWN else ():
        assert value == pytest.approx(found.evidence[name], rel=1e-9, abs=1e-20)


@pytest.mark.parametrize("item", [item for item in ITEMS if item.picture], ids=lambda item: item.key)
def test_the_picture_is_the_one_the_way_leads_to(item):
    lesson = LESSONS[item.page]
    loaded = read_spec_text(spec_text(posed(item.key, 5).spec))
    usual = {c.key: c.default for c in lesson.page.controls}
    there = view_of(lesson.page, {**usual, **loaded, **item.values})
    assert drawn(picture(lesson, item.picture, there).figure) == drawn(shown(item, quiz="5").figure)


def test_a_number_is_said_with_three_digits_or_as_it_is_asked_to():
    assert f"{Number(0.12345)} {Number(-1.5)} {Number(3e-31)} {Number(0.5):.0%} {Number(100):g}" == (
        "0.123 −1.50 0 50% 100"
    )


def test_the_result_counts_what_agrees_and_names_what_is_open():
    keys = [item.key for item in ITEMS]
    answers = {key: right(BY_KEY[key]) for key in keys}
    assert score({}) == "You have not answered a question yet."
    assert score(answers) == "You have answered 8 of 8 questions; 8 of your answers agree with the numbers."
    wrong = {key: MISCONCEPTIONS[key].rivals[0] for key in keys[1:3]}
    some = score({key: wrong.get(key, answers[key]) for key in keys[:5]})
    assert some.startswith("You have answered 5 of 8 questions; 3 of your answers agree")
    assert some.endswith("Not answered yet: 6, 7, 8.")
