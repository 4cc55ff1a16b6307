"""The page digits: its sentences and pictures say what numpy's own fits of the same images say."""

import re
import shutil
from functools import partial

import numpy as np
import pytest

from tests.pages.conftest import ROOT
from tests.ui.cases import at_home, view_at
from theory.data import CLASS_METHODS
from ui.lessons import LESSONS
from ui.lessons.digits.results import CAST, all_phases, models, records, split_of
from ui.lessons.digits.results import asked as what_of
from ui.lessons.digits.sentences import passes_for_golden, phase_of, scored
from ui.page.numpy_script import script
from ui.plot.route import picture

LESSON = LESSONS["digits"]
# numpy's fits and the project's differ by rounding times the condition of a few hundred waves.
AGREE = 1e-6
SMALL = ({"kind": "A class", "digit": "7"}, {"kind": "Some rows", "split": "4"}, {"kind": "Mistakes"})


view = partial(view_at, LESSON.page)


def printed(folder, **settings):
    """What the numpy script prints, by model and name; "left" by itself."""
    shown = view(**settings)
    shutil.copy(ROOT / "data" / LESSON.page.file, folder)
    lines = at_home(script(LESSON.page, shown.spec, dict(shown.options)), folder)
    return {line[0]: dict(zip(line[1::2], map(float, line[2::2]), strict=True)) for line in lines[:3]} | {
        "left": float(lines[3][1])
    }


@pytest.mark.parametrize("settings", SMALL, ids=lambda s: s["kind"])
def test_the_script_and_the_page_say_the_same(settings, tmp_path):
    settings = {**settings, "waves": 300}
    out, found = printed(tmp_path, **settings), models(view(**settings))
    for key in CAST:
        record = found.records[key]
        assert out[key]["UA"] == pytest.approx(record.unlearning_accuracy)
        assert out[key]["RA"] == pytest.approx(record.remaining_accuracy)
        assert out[key]["TA"] == pytest.approx(record.test_accuracy)
        assert out[key]["UL"] == pytest.approx(record.unlearning_loss, abs=AGREE)
    assert out["left"] == pytest.approx(found.records["fine_tune"].distance, abs=AGREE)
    caption = picture(LESSON, "answers", view(**settings)).caption
    bold = [int(number) for number in re.findall(r"\*\*(\d+)\*\*", caption)]
    assert bold == [round(found.n_forget * (1 - out[key]["UA"] / 100)) for key in CAST]


def test_images_are_the_forgotten_ones_with_their_answers():
    shown = view(kind="Mistakes", waves=300)
    found, split_ = models(shown), split_of(what_of(shown))
    count = len(found.taught)
    np.testing.assert_array_equal(found.images, split_.table.X[split_.forget[:count]])
    np.testing.assert_array_equal(found.true, split_.table.y[split_.forget[:count]])
    assert (found.taught != found.true).all()
    (images, *lanes) = picture(LESSON, "answers", shown).figure.data
    np.testing.assert_array_equal(images["z"][:, :8].ravel(), found.images[0])
    answers = {lane["meta"]["model"]: lane["customdata"][:, 1].tolist() for lane in lanes}
    assert answers == {"taught": found.taught.tolist(), **{key: found.said[key].tolist() for key in CAST}}


def test_before_the_guess_nothing_says_what_fine_tuning_did():
    hidden = view(told=0, waves=500)
    for key in LESSON.figures:
        found = picture(LESSON, key, hidden)
        assert CLASS_METHODS["fine_tune"].label not in f"{found.alt} {found.caption}"
        assert "fine_tune" not in [trace["meta"].get("model") for trace in found.figure.data]


@pytest.mark.parametrize(
    ("settings", "right"),
    [({"waves": 500}, "all"), ({"waves": 950}, "some"), ({"waves": 1500}, "none"), ({"kind": "Mistakes"}, "none")],
)
def test_a_guess_is_judged_by_the_answers(settings, right):
    options = LESSON.page.prediction.options
    found = view(**settings)
    for guess in options:
        assert ("and so it is" in LESSON.verdict(found, guess)) == (guess == right)
    assert LESSON.verdict(found, None).startswith(f"**{options[right]}.**")


def test_the_three_phases_are_where_the_rows_say():
    found, split_ = all_phases(view()), split_of(what_of(view()))
    n_retain, n = len(split_.keep), len(split_.trained)
    for phase in found:
        said = phase_of(phase, n_retain, n)
        assert ("ends at golden" in said) == (phase.features <= n_retain)
        assert ("changes nothing" in said) == (phase.features >= n)
    between = [phase.left for phase in found if n_retain < phase.features < n]
    assert len(between) >= 3
    assert between == sorted(between)
    # Under the hand one point is drawn, and it is the same.
    for settings in ({}, {"waves": 950}):
        (upper, *_) = picture(LESSON, "phases", view(**settings, moving=1)).figure.data
        whole = next(phase for phase in found if phase.features == upper["customdata"][0][0])
        assert upper["y"][0] == pytest.approx(whole.left, abs=AGREE)


def test_the_table_is_coloured_by_the_way_to_golden():
    shown = view()
    found = records(shown)
    cells, texts = picture(LESSON, "scores", shown).figure.data
    far = dict(zip(cells["meta"]["rows"], cells["z"], strict=True))
    assert not any(far["golden"])
    assert max(far["pretrained"]) == 1
    assert far["fine_tune"] == pytest.approx(far["pretrained"])
    values = np.reshape(texts["customdata"], (len(found), -1))
    for (key, row), line in zip(far.items(), values, strict=True):
        record = found[key]
        assert min(record.distance, 1) == pytest.approx(row[-1])
        assert line[:3].tolist() == [
            record.unlearning_accuracy,
            record.remaining_accuracy,
            record.test_accuracy,
        ]
    trap = found["push_wrong"]
    assert passes_for_golden(trap, found["golden"])
    assert trap.distance > 1
    assert f"“{CLASS_METHODS['push_wrong'].label}”" in scored(found)
    assert not passes_for_golden(found["pretrained"], found["golden"])
    # Another weight moves the pushes alone.
    other = records(view(push=0.1))
    assert {key for key in found if other[key] != found[key]} == {k for k, m in CLASS_METHODS.items() if m.pushes}


def test_the_digit_counts_for_a_class_alone():
    assert what_of(view(kind="Some rows", digit=1)) == what_of(view(kind="Some rows", digit=2))
    assert what_of(view(digit=1)) != what_of(view(digit=2))
