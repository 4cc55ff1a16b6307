"""The quiz in words and pictures: what its questions say on drawn problems, and what its pictures show of them."""

import re
from dataclasses import fields

import numpy as np
import plotly.graph_objects as go
import pytest

from tests.pages.test_pages import NASTY
from tests.ui.cases import bars_of, drawn, read, the_trace, traces
from theory import MISCONCEPTIONS, Spec, pose
from theory.misconceptions import MANY, PUSH, PUSHES, STRIDES
from ui.lessons import BY_STEM, EXPERIMENTS
from ui.lessons.dynamics.text import CLOCK_STEPS
from ui.lessons.regularize.text import ALPHAS
from ui.lessons.start.text import STEPS
from ui.plot.controls import CONTROLS, read_spec_text, spec_text
from ui.teaching import quiz
from ui.teaching.quiz import PICTURES, SEEDS, Number, order, read_seed, right, score, texts
from ui.teaching.quiz_items import CONSTANTS, ITEMS, NEXT

QUIZZES = range(25)
BY_KEY = {item.key: item for item in ITEMS}
every_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)


def spoken(item):
    return (item.question, item.anomaly, item.why, item.explanation, item.caption)


def test_every_belief_has_its_question():
    assert [item.key for item in ITEMS] == list(MISCONCEPTIONS)


@every_item
def test_the_answers_are_the_numbers_of_the_belief(item):
    row = MISCONCEPTIONS[item.key]
    assert {answer.number for answer in item.answers} == {row.truth, *row.rivals}
    assert len({answer.number for answer in item.answers}) == len(item.answers)
    assert all(answer.idea.endswith(".") for answer in item.answers)
    assert item.question.endswith("?")
    assert all(text.endswith(".") for text in spoken(item)[1:])


@every_item
def test_every_text_is_filled_and_no_two_answers_read_the_same(item):
    for seed in QUIZZES:
        posed = pose(MISCONCEPTIONS[item.key], seed)
        filled = texts(posed)
        said = [text.format(**filled) for text in (*spoken(item), *(a.idea for a in item.answers))]
        assert not [text for text in said if "{" in text or re.search(r"[0-9]e-[0-9]", text)]
        numbers = [answer.text.format(**filled).partition(":")[0] for answer in item.answers]
        assert len(set(numbers)) == len(numbers)


@every_item
def test_an_answer_begins_with_the_number_it_stands_for(item):
    filled = texts(posed := pose(MISCONCEPTIONS[item.key], 4))
    for answer in item.answers:
        text = answer.text.format(**filled).partition(":")[0].removeprefix("alpha = ")
        share = text.endswith("%")
        value = read(text.removesuffix("%")) / (100 if share else 1)
        assert value == pytest.approx(posed.evidence[answer.number], rel=0.006, abs=0.005 if share else 1e-15)


@every_item
def test_no_name_in_the_texts_means_two_things(item):
    numbers = pose(MISCONCEPTIONS[item.key], 0).evidence.numbers
    assert not numbers.keys() & CONSTANTS.keys()
    assert not {f.name for f in fields(Spec)} & (numbers.keys() | CONSTANTS.keys())


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
        spec = pose(MISCONCEPTIONS[item.key], seed).spec
        found = read_spec_text(spec_text(spec, own), page.controls)
        assert all((getattr(spec, key) or 0) == value for key, value in page.fixed.items())
        assert found == {**{c.key: getattr(spec, c.key) or 0 for c in CONTROLS}, **item.values}


def test_the_pages_can_show_the_steps_and_pushes_that_the_questions_speak_of():
    assert STEPS[-1] == MANY
    assert STRIDES in CLOCK_STEPS
    assert {*PUSHES, PUSH} <= set(ALPHAS)
    assert BY_STEM[NEXT] in EXPERIMENTS


# What a picture shows of its question's numbers, by name.
SHOWN = {
    "more_steps": lambda chart: {
        "many": np.mean(np.square(chart["frames"][-1]["data"][0]["y"])),
        "golden": np.mean(np.square(next(t["y"] for t in chart["data"] if t["type"] == "bar"))),
    },
    "larger_step": lambda chart: {"large": the_trace(chart, curve="unused", now=True)["y"][0]},
    "high_error": lambda chart: {
        "pushed": the_trace(chart, distance="distance", at="no push, current alpha")["y"][-1],
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
    "larger_alpha": lambda chart: {
        "modest_distance": the_trace(chart, distance="distance", at="no push, current alpha")["y"][-1]
    },
    "masked": lambda chart: {
        "masked": bars_of(chart["data"][0])["keep_overlap", "unlearning_loss"],
        "golden": bars_of(chart["data"][0])["golden", "unlearning_loss"],
    },
}


@every_item
def test_a_picture_shows_the_numbers_of_the_question(item):
    posed = pose(MISCONCEPTIONS[item.key], 2)
    shown = PICTURES[item.picture](posed.spec, "light")
    figure, alt = shown.figure, shown.alt
    go.Figure(figure.to_plotly_json(), skip_invalid=False)
    assert any(c.isdigit() for c in alt)
    assert alt.endswith(".")
    # Whatever moves has a slider, and only then is one spoken of.
    assert len(shown.texts) == len(figure.frames) == (len(shown.control.values) if shown.control else 0)
    assert bool(shown.control) == ("slider" in alt)
    assert ("button" in item.caption) <= bool(shown.control)
    if item.key not in SHOWN:
        return
    chart = drawn(figure)
    assert traces(chart)
    for name, value in SHOWN[item.key](chart).items():
        expected = 1.0 if name == "large" else posed.evidence[name]
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-20)


def test_the_triangle_shows_the_share():
    posed = pose(MISCONCEPTIONS["zero_loss"], 2)
    found = quiz.cached.exact_triangle(posed.spec)
    share = found.leftover**2 / (found.golden**2 + found.leftover**2)
    assert share == pytest.approx(posed.evidence["share"], rel=1e-9)


# seeds, numbers and the result in words


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
def test_an_address_that_names_no_quiz_is_refused(nasty):
    assert read_seed(nasty if isinstance(nasty, list) else [nasty]) is None


@pytest.mark.parametrize(("text", "seed"), [("0", 0), ("7", 7), ("042", 42), (str(SEEDS - 1), SEEDS - 1)])
def test_an_address_names_a_quiz(text, seed):
    assert read_seed([text]) == seed
    assert read_seed([]) is None
    assert read_seed([str(SEEDS)]) is None


def test_a_number_is_said_with_three_digits_or_as_it_is_asked_to():
    assert f"{Number(0.12345)} {Number(-1.5)} {Number(3e-31)} {Number(0.5):.0%} {Number(100):g}" == (
        "0.123 −1.50 0 50% 100"
    )


def answered(*keys, wrong=()):
    picked = {key: right(BY_KEY[key]) for key in keys}
    return picked | {key: MISCONCEPTIONS[key].rivals[0] for key in wrong}


def test_the_result_counts_what_agrees_and_names_what_is_open():
    keys = [item.key for item in ITEMS]
    assert score({}) == "You have not answered a question yet."
    everything = score(answered(*keys))
    assert everything == "You have answered 8 of 8 questions; 8 of your answers agree with the numbers."
    some = score(answered(*keys[:5], wrong=keys[1:3]))
    assert some.startswith("You have answered 5 of 8 questions; 3 of your answers agree")
    assert some.endswith("Not answered yet: 6, 7, 8.")
