"""The page posterior: what it says is what the beliefs are, at the corners of its controls, and its script agrees."""

import itertools
import re

import pytest

from tests.ui.cases import at_home, is_valid
from theory.posterior import divergence
from ui.language.words import number
from ui.lessons import LESSONS
from ui.lessons.posterior.results import beliefs, plane, thresholds
from ui.lessons.posterior.text import THRESHOLDS
from ui.page.numpy_script import script
from ui.plot.route import picture
from ui.plot.view import read_view

LESSON = LESSONS["posterior"]
ROWS = [
    {},
    {"rows_kept": "1", "rows_gone": "40", "apart": "4", "scatter": "0.5", "angle": "0"},
    {"rows_kept": "40", "rows_gone": "1", "apart": "0", "scatter": "3", "angle": "90"},
]
CORNERS = [
    {"factor": f, "threshold": t, "trick": trick, **rows}
    for f, t, trick, rows in itertools.product(
        ("0.5", "1", "1.3", "2.5"), ("0", "0.0001", "0.1", "1"), ("EUBO", "Reverse KL"), ROWS
    )
]


def view_at(more, told=True):
    return read_view(LESSON.page, {k: [v] for k, v in {**more, "told": "1" if told else "0"}.items()})


@pytest.mark.parametrize("more", CORNERS)
def test_every_corner_is_said_as_it_is(more):
    view = view_at(more)
    found = beliefs(view)
    said = picture(LESSON, "densities", view).caption
    nothing = more["threshold"] == "0" and float(more["factor"]) >= found.limit
    assert (found.answer is None) == nothing == ("no answer" in said)
    if nothing:
        assert number(found.evidence.precision) in said
        return
    before, after = (divergence(b, found.retrained) for b in (found.stored, found.answer))
    assert ("exactly the retrained belief" in said) == (after <= 1e-12)
    assert ("unlearned is stored" in said) == (more["threshold"] == "1")
    if after > 1e-12 and more["threshold"] != "1":
        assert ("**closer" in said) == (after < before)
        assert ("**no closer" in said) == (after >= before)
        assert ("is exact" in said) == (more["factor"] == "1")


@pytest.mark.parametrize("more", CORNERS[::3])
def test_every_picture_is_valid_and_hides_the_answer(more):
    for told in (True, False):
        view = view_at(more, told)
        assert len(LESSON.shown(view)) == (3 if told else 1)
        for key in LESSON.shown(view):
            found = picture(LESSON, key, view)
            is_valid(found.figure)
            assert found.alt
            assert found.caption
            if not told:
                assert "nlearned" not in found.alt + found.caption


@pytest.mark.parametrize("more", CORNERS[::5])
def test_the_verdict_is_the_outcome(more):
    view = view_at(more)
    right = beliefs(view).outcome
    for guess in LESSON.page.prediction.options:
        assert ("and so it is" in LESSON.verdict(view, guess)) == (guess == right)
    assert LESSON.page.prediction.options[right] in LESSON.verdict(view, None)


@pytest.mark.parametrize("rows", ROWS)
def test_the_unseen_weight_goes_back_to_the_prior_and_the_tuned_one_stays(rows):
    found = plane(view_at(rows))
    assert found.means["unlearned"][1] == pytest.approx(0, abs=1e-10)
    assert found.covariances["unlearned"][1, 1] == pytest.approx(1, abs=1e-10)
    assert found.tuned[1] == found.means["pretrained"][1]
    said = picture(LESSON, "plane", view_at(rows)).caption
    used = found.covariances["pretrained"][1, 1] < 1 - 1e-9
    assert ("back to the prior" in said) == used
    assert ("No row uses" in said) != used
    assert "stored exactly" in said
    assert ("no row to keep says so" in said) == (abs(found.tuned[1]) > 1e-9)


@pytest.mark.parametrize("factor", ["0.8", "1", "1.3", "2.3"])
def test_the_best_threshold_is_the_lowest_of_the_scale(factor):
    view = view_at({"factor": factor})
    said = picture(LESSON, "thresholds", view).caption
    for values in thresholds(view).values():
        value, at = min((v, t) for v, t in zip(values, THRESHOLDS, strict=True) if v is not None)
        assert f"λ = {at:g}, {number(value)} apart" in said
    assert ("has no answer" in said) == (float(factor) >= beliefs(view).limit)
    assert ("needs no threshold" in said) == (factor == "1")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"factor": "1.3"},
        {"factor": "1.3", "threshold": "0.01", "trick": "Reverse KL"},
        {"factor": "0.8", "threshold": "0.1"},
        {"factor": "2"},
    ],
)
def test_the_script_finds_the_same(tmp_path, more):
    view = view_at(more)
    lines = at_home(script(LESSON.page, view.data, dict(LESSON.page.settings(view))), tmp_path, 80)
    printed = "\n".join(map(" ".join, lines))
    found = beliefs(view)
    if found.answer is None:
        assert "no unlearned belief" in printed
        return
    mean, sd, apart = map(float, re.search(r"unlearned (\S+) (\S+) KL (\S+)", printed).groups())
    # a grid of 13 by 13 that closes in, and quantiles from a sum
    assert mean == pytest.approx(found.answer.mean, abs=3e-3)
    assert sd == pytest.approx(found.answer.sd, abs=3e-3)
    assert apart == pytest.approx(found.after, rel=0.02, abs=1e-6)
