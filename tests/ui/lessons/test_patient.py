"""The page patient: what it says of the row that left is what numpy's own fits say of it."""

import shutil
from functools import partial

import numpy as np
import pytest

from tests.pages.conftest import ROOT
from tests.ui.cases import at_home, view_at
from theory.data import load
from ui.lessons import LESSONS
from ui.lessons.patient.results import CAST, Known, asked, island, known
from ui.lessons.patient.sentences import is_exact, stated
from ui.page.numpy_script import script
from ui.plot.route import picture

LESSON = LESSONS["patient"]
# Points of 25 to 346; numpy's fit and the project's differ by rounding times the condition of the waves.
AGREE = 1e-5


view = partial(view_at, LESSON.page)


@pytest.mark.parametrize("settings", [{}, {"who": 40, "split": 3}, {"plain": "true"}], ids=str)
def test_the_script_and_the_page_say_the_same(settings, tmp_path):
    shown = view(**settings)
    shutil.copy(ROOT / "data" / LESSON.page.file, tmp_path)
    lines = at_home(script(LESSON.page, shown.spec, dict(shown.options)), tmp_path)
    out = {name: float(value) for name, value in lines}
    found = known(asked(shown))
    assert out.pop("truth") == found.true
    assert out == {key: pytest.approx(found.said[key], abs=AGREE) for key in CAST}


@pytest.mark.parametrize(
    ("settings", "right"), [({}, "exact"), ({"table": "Penguins", "who": 9}, "exact"), ({"plain": "true"}, "like")]
)
def test_a_guess_is_judged_by_the_error(settings, right):
    options, shown = LESSON.page.prediction.options, view(**settings)
    for guess in options:
        assert ("and so it is" in LESSON.verdict(shown, guess)) == (guess == right)
    assert LESSON.verdict(shown, None).startswith(f"**{options[right]}.**")


def test_more_wrong_than_for_most_strangers_is_said():
    shown = [view(plain="true", who=who) for who in range(1, 30)]
    right = {key for v in shown for key in LESSON.page.prediction.options if "and so it is" in LESSON.verdict(v, key)}
    assert right == {"like", "worse"}


def test_every_patient_is_remembered_and_none_by_golden():
    for who in range(1, 273, 30):
        found: Known = known(asked(view(who=who)))
        assert is_exact(found, "pretrained")
        assert is_exact(found, "fine_tune")
        assert not is_exact(found, "golden")
        assert found.unmoved
        assert "nothing to correct" in stated(found, True)
    plain = known(asked(view(plain="true")))
    assert plain.same
    assert "ended at golden" in stated(plain, True)


def test_the_row_is_the_one_of_the_table():
    found, table = known(asked(view(who=12))), load("diabetes")
    place = int(np.flatnonzero(table.y == found.true)[0])
    rows = table.X[table.y == found.true]
    columns = [table.columns.index(name) for name in found.columns]
    assert found.row.tolist() in rows[:, columns].tolist()
    assert place >= 0
    (marks,) = picture(LESSON, "row", view(who=12)).figure.data
    np.testing.assert_array_equal(marks["customdata"][:, 1], found.row)


def test_before_the_guess_nothing_says_what_fine_tuning_did():
    for key in LESSON.figures:
        found = picture(LESSON, key, view(told=0))
        assert "Fine-tuned" not in f"{found.alt} {found.caption}"
        assert "fine_tune" not in [trace["meta"].get("model") for trace in found.figure.data]


@pytest.mark.parametrize("name", ["Dream", "Torgersen", "Biscoe"])
def test_what_an_islands_penguins_leave_is_said_of_their_own_columns(name):
    found = island(name, 0)
    caption = picture(LESSON, "penguins", view(island=name)).caption
    assert f"island = {name}" in found.own
    assert "Only they use" in caption
    for column in found.own:
        place = found.features.index(column)
        assert found.weights["fine_tune"][place] == pytest.approx(found.weights["pretrained"][place], abs=1e-9)
        assert found.weights["golden"][place] == pytest.approx(0, abs=1e-9)
    assert not found.same
