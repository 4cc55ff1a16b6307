"""The pages on real rows: their own controls stand where others have the shared ones, which keep their values."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from tests.pages.conftest import ROOT
from tests.pages.reading import headings, is_sound, pictures, words
from ui.lessons import BY_STEM, PICTURED
from ui.plot.controls import CONTROLS
from ui.plot.real_rows import DRAWN, ROWS, SHARED

STEMS = [page.stem for page in PICTURED if page.aside and not page.experiment]
BOTH = [page.stem for page in PICTURED if ROWS in page.controls]
CASES = [(stem, preset) for stem in STEMS for preset in BY_STEM[stem].presets]


@pytest.mark.parametrize("stem", STEMS)
def test_a_page_with_rows_of_its_own_opens_without_the_shared_controls(open_app, stem):
    at = open_app(stem)
    is_sound(at)
    page = BY_STEM[stem]
    assert not page.experiment
    assert [title.value for title in at.title] == [page.title]
    assert any(page.question in text for text in words(at))
    assert not {c.key for c in CONTROLS} & {s.key for s in at.slider}
    aside = {
        s.key
        for kind in ("slider", "select_slider", "selectbox", "segmented_control", "toggle")
        for s in getattr(at.sidebar, kind)
    }
    assert aside == set(page.aside)
    assert headings(at)[-2:] == ["Try this", "What this does not tell you"]
    at = open_app(stem, guess=True)
    assert any("Guess first." in text for text in words(at))


@pytest.mark.parametrize("stem", STEMS)
def test_the_shared_controls_keep_their_values_on_the_way(open_app, stem):
    at = open_app("overlap", d=40, n_retain=12)
    at.switch_page(f"pages/{stem}.py").run()
    assert not at.exception
    at.switch_page("pages/overlap.py").run()
    assert (at.slider(key="d").value, at.slider(key="n_retain").value) == (40, 12)


@pytest.mark.parametrize(("stem", "preset"), CASES, ids=lambda value: getattr(value, "key", value))
def test_a_case_to_try_sets_what_it_says(open_app, stem, preset):
    at = open_app(stem, preset=preset.key)
    assert not at.exception
    assert not at.warning
    for control in BY_STEM[stem].controls:
        assert at.session_state[control.key] == preset.values.get(control.key, control.default)


@pytest.mark.parametrize("stem", STEMS)
def test_a_lecture_shows_its_pictures_one_by_one(open_app, stem):
    for figure in (1, 2):
        at = open_app(stem, lecture=1, reveal=1, figure=figure)
        is_sound(at)
        assert headings(at) == []


@pytest.mark.parametrize("stem", BOTH)
@pytest.mark.parametrize(
    ("rows", "leaves", "features"),
    [
        ("Diabetes", "A group", 600.0),
        ("Penguins", "A group", 0.0),
        ("Handwritten digits", "One row", 50.0),
        ("Your own table", "A group", 0.0),
    ],
)
def test_a_page_of_drawn_rows_opens_on_real_ones(open_app, stem, rows, leaves, features):
    at = open_app(stem, rows=rows, leaves=leaves, features=f"{features:g}", seed=3)
    is_sound(at)
    assert at.sidebar.selectbox(key="rows").value == rows
    assert at.sidebar.selectbox(key="leaves").value == leaves
    (said,) = [caption.value for caption in at.sidebar.caption if "rows to keep, " in caption.value]
    assert said.startswith(rows)
    shared = {c.key for c in CONTROLS} & {s.key for s in at.slider}
    assert shared == set(SHARED)
    assert not {c.key for kind in (at.segmented_control, at.toggle) for c in kind} & set(BY_STEM[stem].drawn)
    assert pictures(at)
    at.sidebar.selectbox(key="rows").set_value(next(iter(ROWS.options))).run()
    assert not at.exception
    assert ROWS.options[at.session_state["rows"]] == DRAWN
    assert {c.key for c in CONTROLS} <= {s.key for s in at.slider}


def test_more_rows_than_there_are_are_refused(open_app):
    at = open_app("remedy", rows="Penguins", n_tune=400)
    assert "n_tune" in at.error[0].value
    at.slider(key="n_tune").set_value(20).run()
    assert not at.error


# A visitor who looks for a new set of rows among the tables of the page patient, and at what is said of its rows.
VISIT = """
import sys

from streamlit.testing.v1 import AppTest

sys.path[:0] = sys.argv[1:]
from tests.pages.reading import words

at = AppTest.from_file(sys.argv[1] + "/app.py", default_timeout=60)
at.switch_page("pages/patient.py")
at.query_params["guess"] = "0"
at.run()
assert not at.exception, at.exception
(tables,) = [box for box in at.segmented_control if box.key == "table"]
assert tables.options[-1] == "Toys", tables.options
tables.set_value("Toys").run()
assert not at.exception, at.exception
assert any("The value of toy 6 is" in text for text in words(at))
for page in sys.argv[3:]:
    at.switch_page(f"pages/{page}.py")
    at.query_params["guess"] = "0"
    at.run()
    rows = at.sidebar.selectbox(key="rows")
    assert rows.options[-2] == "Toys", rows.options
    rows.set_value("Toys").run()
    for leaves in at.sidebar.selectbox(key="leaves").options:
        at.sidebar.selectbox(key="leaves").set_value(leaves).run()
        assert not at.exception, (page, leaves, at.exception)
        assert not at.error, (page, leaves, at.error)
"""
ROW = """        "toys": Source(
            title="Toys",
            rows=90,
            columns=2,
            licence="CC0",
            citation="Nobody, nowhere",
            file="toys.csv",
            kind="table",
            row="toy",
            target="price",
            unit="coins",
            train=60,
            group=("kind", "big"),
        ),
"""


def test_a_new_set_of_rows_is_one_file_and_one_row(tmp_path):
    for part in ("app.py", "ui", "theory", "data", "pages", ".streamlit"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    rng = np.random.default_rng(0)
    lines = [f"{size:.3f},{'big' if size > 0.5 else 'small'},{price:.2f}" for size, price in rng.random((90, 2))]
    (tmp_path / "data/toys.csv").write_text("\n".join(["size,kind,price", *lines]) + "\n", encoding="utf-8")
    sources = tmp_path / "theory/data/sources.py"
    text = sources.read_text(encoding="utf-8")
    head, mark, tail = text.partition("    }\n)\n")
    assert mark
    sources.write_text(head + ROW + mark + tail, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", VISIT, str(tmp_path), str(ROOT), *BOTH]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
