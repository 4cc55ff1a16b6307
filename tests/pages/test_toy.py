"""A new page is a room, a script and one row in the table: menu, controls, pictures and route follow."""

import re
import shutil
import subprocess
import sys

from tests.pages.conftest import ROOT

ROOM = '''"""toy: one dot."""

from ui.figures.figure import Figure
from ui.lessons.lesson import STORY, Lesson, Page, Prediction, Preset
from ui.plot.controls import Switch
from ui.plot.picture import Drawing, Picture


def _dot(view):
    trace = {"type": "scatter", "x": [0.0], "y": [view.spec.noise], "name": "dot"}
    return Picture(Figure([trace], {"height": 200}), f"One dot at a height of {view.spec.noise:g}.", "It is **there**.")


LESSON = Lesson(
    page=Page(
        stem="toy",
        title="A toy page",
        question="Is it there?",
        group=STORY,
        prediction=Prediction(question="Is it?", options={"yes": "It is", "no": "It is not"}),
        claims=("I1",),
        presets=(Preset(key="noisy_toy", title="Noisy", question="And with noise?", values={"noise": 1.0}),),
        limits=("It is a toy.",),
        controls=(Switch(key="turned", label="Turned", help="Turns nothing."),),
    ),
    figures={"dot": Drawing(draw=_dot, name="Dot")},
    verdict=lambda view, guess: "You guessed." if guess else "It is.",
    right=lambda view: {"yes"},
)
'''
SCRIPT = '''"""toy: one dot."""

from ui.page.parts import close, heading, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
heading("A part of its own")
picture(lesson, view, "dot")
close(lesson, view)
'''
# A visitor of the page, who looks at the menu, the controls, the words, the picture and the cases to try.
VISIT = """
import sys

import streamlit as st
from streamlit.testing.v1 import AppTest

sys.path[:0] = sys.argv[1:]  # the toy's app, and the tests' own tools
from tests.pages.reading import headings, pictures, words
from tests.ui.plot.asking import Server
from ui.lessons import LESSONS

menus, navigate = [], st.navigation
st.navigation = lambda menu, **more: menus.append(menu) or navigate(menu, **more)
at = AppTest.from_file(sys.argv[1] + "/app.py", default_timeout=60)
at.switch_page("pages/toy.py")
at.query_params["guess"], at.query_params["preset"] = "0", "noisy_toy"
at.run()
assert not at.exception, at.exception
assert at.title[0].value == "A toy page"
assert "A toy page" in [page.title for pages in menus[-1].values() for page in pages]
assert [box.key for box in at.toggle] == ["turned"]
assert at.slider(key="noise").value == 1
assert headings(at)[0] == "A part of its own"
assert "One dot at a height of 1." in words(at)
(picture,) = pictures(at)
assert picture.figure.data[0]["y"] == [1.0]
answer = Server(LESSONS).get("/figures/toy/dot?noise=0.5&turned=true")
assert (answer.status, answer.json["alt"]) == (200, "One dot at a height of 0.5.")
assert answer.json["caption"] == "<p>It is <strong>there</strong>.</p>"
"""


def test_a_new_page_is_found_in_the_menu_at_the_route_and_on_screen(tmp_path):
    for part in ("app.py", "ui", "theory", "data", "pages", ".streamlit"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    (tmp_path / "ui/lessons/toy").mkdir()
    (tmp_path / "ui/lessons/toy/__init__.py").write_text(ROOM, encoding="utf-8")
    (tmp_path / "ui/lessons/toy/script.py").write_text('"""Nothing more."""\n', encoding="utf-8")
    (tmp_path / "pages/toy.py").write_text(SCRIPT, encoding="utf-8")
    table = tmp_path / "ui/lessons/__init__.py"
    text = table.read_text(encoding="utf-8")
    text = re.sub(r"^from ui\.lessons import \(", "from ui.lessons import (toy,", text, count=1, flags=re.MULTILINE)
    text = text.replace("    plain.QUIZ,\n", "    toy.LESSON,\n    plain.QUIZ,\n", 1)
    table.write_text(text, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", VISIT, str(tmp_path), str(ROOT)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
