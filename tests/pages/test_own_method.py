"""A new method is one file and one row: its name on the board, its words and its controls follow."""

import shutil
import subprocess
import sys

from tests.pages.conftest import ROOT
from ui.lessons.lineup.text import YOUR_OWN

PARAMETER = """parameters=(Parameter(name="share", default=0.5, low=0.0, high=1.0, log=False, help="What is left."),),
             """
# A visitor who looks for the method on the board, chooses it, and moves its slider.
VISIT = """
import sys

from streamlit.testing.v1 import AppTest

sys.path[:0] = sys.argv[1:]
from tests.pages.reading import pictures, words
from tests.ui.plot.asking import Server
from ui.lessons import LESSONS

at = AppTest.from_file(sys.argv[1] + "/app.py", default_timeout=60)
at.switch_page("pages/lineup.py")
at.query_params["guess"] = "0"
at.query_params["d"], at.query_params["method"] = "40", "Halving"
at.run()
assert not at.exception, at.exception
assert any("Make every weight half as large." in text for text in words(at))
assert any("It halves what every row was answered." in text for text in words(at))
assert at.slider(key="halving_share").value == 0.5
board = Server(LESSONS).get("/figures/lineup/board?d=40&method=Halving&halving_share=1")
assert board.status == 200
(_, cells) = board.json["data"]
found = dict(zip(zip(cells["meta"]["models"], cells["meta"]["readings"]), cells["customdata"]))
assert found["halving", "share"] == 1.0  # all is left: the pretrained model
half = Server(LESSONS).get("/figures/lineup/board?d=40").json["data"][1]
found = dict(zip(zip(half["meta"]["models"], half["meta"]["readings"]), half["customdata"]))
assert found["halving", "share"] < 1.0
assert "Halving" in half["meta"]["names"]
"""


def test_a_method_is_one_file_and_one_row(tmp_path):
    for name in ("app.py", "pages", "theory", "ui", "data", ".streamlit"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    file, row = YOUR_OWN.split("# theory/methods.py: import halving, and in _ROWS\n")
    file = file.removeprefix("# theory/halving.py\n")
    # The example as it stands, with a number to adjust it by.
    file = file.replace("import Method", "import Method, Parameter").replace("needs=", PARAMETER + "needs=")
    file = file.replace("lambda problem: problem.w_o / 2", "lambda problem, share=0.5: share * problem.w_o")
    (tmp_path / "theory/halving.py").write_text(file, encoding="utf-8")
    methods = tmp_path / "theory/methods.py"
    text = methods.read_text(encoding="utf-8")
    text = text.replace("from theory import ascent,", "from theory import halving, ascent,").replace(
        "    *smoothing.ROWS,\n", "    *smoothing.ROWS,\n" + row
    )
    methods.write_text(text, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-c", VISIT, str(tmp_path), str(ROOT)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
