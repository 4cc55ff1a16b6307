"""The page flatten: what it says is what the curve does at every setting, and its script prints the same numbers."""

import re

import numpy as np
import pytest

from tests.ui.cases import at_home, is_valid
from theory.flatten import PLACE, Curve, flattened
from ui.lessons import LESSONS
from ui.lessons.flatten.results import HARDLY, flat, line, ways
from ui.lessons.flatten.text import STEPS, WAYS
from ui.page.numpy_script import script
from ui.plot.route import picture
from ui.plot.view import read_view

LESSON = LESSONS["flatten"]
SETTINGS = [
    {},
    {"pressed": "0"},
    {"pressed": "300"},
    {"pressed": "10"},
    {"way": "Full gradient", "pressed": "189"},
    {"way": "Closed form", "moved": "1", "pressed": "129"},
    {"depth": "0", "moved": "0.1", "pressed": "100"},
    {"depth": "0", "moved": "0.1", "pressed": "100", "way": "Full gradient"},
    {"depth": "4", "feature": "0.6", "moved": "0.05", "share": "0", "forgotten": "1"},
    {"feature": "0.15", "moved": "0.05", "share": "1", "forgotten": "100"},
]


def view_at(more, told=True):
    asked = {**more, "told": "1" if told else "0"}
    return read_view(LESSON.page, {key: [value] for key, value in asked.items()})


def printed(text):
    return [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text)]


@pytest.mark.parametrize("more", SETTINGS)
@pytest.mark.parametrize("told", [True, False])
def test_every_picture_is_valid_and_hides_the_answer_before_the_guess(more, told):
    view = view_at(more, told)
    shown = LESSON.shown(view)
    assert list(shown) == (["curve", "gaps", "shrunk"] if told else ["curve"])
    for key in shown:
        found = picture(LESSON, key, view)
        is_valid(found.figure)
        assert found.alt
        assert found.caption
        assert ("flattened" in found.alt) == (told and key == "curve")


@pytest.mark.parametrize("more", SETTINGS)
def test_the_caption_says_what_the_curve_does(more):
    view = view_at(more)
    found, steps = flat(view), view["pressed"]
    gap, start, low = found.gaps[steps], found.gaps[0], found.gaps.min()
    caption = picture(LESSON, "curve", view).caption
    assert ("farther than before" in caption) == (gap > (1 + HARDLY) * start + 1e-9)
    assert ("is clearly nearer" in caption) <= (gap <= (1 + HARDLY) * low + 1e-9)
    assert ("nothing moves" in caption) <= (np.abs(found.path - found.path[0]).max() <= 1e-9)
    if "was nearer" in caption:
        assert found.best < steps
        assert low < gap
    if "More steps get nearer" in caption:
        assert found.best > steps
    assert ("No step has been made" in caption) <= (steps == 0)


@pytest.mark.parametrize("more", SETTINGS)
def test_the_guess_is_judged_by_the_whole_curve_of_the_gap(more):
    found = flat(view_at(more))
    gaps = Curve(found.curve.depth, found.curve.width).gap(flattened(found.curve, found.moved, STEPS, found.way))
    fell, back = gaps.min() < 0.99 * gaps[0], gaps[-1] > 1.01 * gaps.min()
    expected = ("turns" if back else "falls") if fell else "rises" if gaps.max() > 1.01 * gaps[0] + 1e-9 else "still"
    assert found.outcome == expected
    options = LESSON.page.prediction.options
    for guess in options:
        said = LESSON.verdict(view_at(more), guess)
        assert ("and so it is" in said) == (guess == expected)
    assert options[expected] in LESSON.verdict(view_at(more), None)


def test_the_default_turns_and_presets_answer_what_they_ask():
    presets = {preset.key: view_at({k: str(v) for k, v in preset.values.items()}) for preset in LESSON.page.presets}
    assert flat(view_at({})).outcome == "turns"
    assert flat(view_at({})).best == 35
    assert flat(presets["wide_moves"]).best == 71
    assert flat(presets["full_gradient"]).best == 189
    too_many = flat(presets["too_many_steps"])
    assert too_many.gaps[105] > too_many.gaps[0]
    nothing = flat(presets["nothing_memorised"])
    assert abs(nothing.at_row(nothing.path[0]) - np.sin(1.2 * PLACE)) < 0.05
    assert "nothing moves" in picture(LESSON, "curve", presets["nothing_memorised"]).caption


def test_each_way_is_drawn_from_its_own_path():
    found = ways(view_at({}))
    assert set(found) == set(WAYS.values())
    assert len({one.gaps[20] for one in found.values()}) == 3
    drawn = picture(LESSON, "gaps", view_at({})).figure.data
    for trace, one in zip(drawn, found.values(), strict=False):
        np.testing.assert_array_equal(trace["y"], one.gaps)


@pytest.mark.parametrize("forgotten", ["1", "50", "100"])
def test_a_linear_model_is_nearest_where_the_picture_says(forgotten):
    found = line(view_at({"forgotten": forgotten}))
    assert found.away.min() >= found.best.left / found.best.start - 1e-12
    assert found.at(1.0) == pytest.approx((1.0, 0.0), abs=1e-9)
    # Where the pretrained model fits the rows to keep, shrinking to a part leaves the rest of every label as error.
    assert found.at(0.3)[1] == pytest.approx(0.7, abs=1e-9)


@pytest.mark.parametrize("more", SETTINGS[:-1])
def test_the_script_prints_what_is_on_screen(more, tmp_path):
    view = view_at(more)
    lines = at_home(script(LESSON.page, view.data, dict(LESSON.page.settings(view))), tmp_path, 60)
    found = flat(view)
    row, near, smallest, linear, best = (printed(" ".join(line)) for line in lines)
    steps = view["pressed"]
    at = [found.at_row(w) for w in (found.path[0], found.golden, found.path[steps])]
    np.testing.assert_allclose(row, at, atol=1e-6)
    np.testing.assert_allclose(near, [found.gaps[steps], found.gaps[0]], atol=1e-6)
    np.testing.assert_allclose(smallest[::2], [found.gaps.min(), found.gaps[-1]], atol=1e-6)
    drawn = line(view)
    np.testing.assert_allclose(linear, drawn.at(view["share"])[0], atol=1e-6)
    np.testing.assert_allclose(best, [drawn.best.best, drawn.best.left / drawn.best.start], atol=1e-6)
