"""Who may import whom: every room stands on a floor and knows only what is below it; nobody uses private names."""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from ui.lessons import PAGES, PICTURED

ROOT = Path(__file__).parents[2]
# From the ground up: a room may import its own files and those of the floors below.
FLOORS = (
    {"theory"},
    {"language"},
    {"figures", "server"},
    {"plot"},
    {"lessons"},
    {"page"},
    {"teaching", "reference"},
    {"shell"},
    {"pages"},
    {"app"},
)
# What may be imported from outside, by room.
OUTSIDE = {
    "language": {"numpy"},
    "figures": {"numpy", "plotly"},
    "server": {"numpy", "loky"},
    "plot": {"anyio", "numpy", "orjson", "plotly", "starlette", "streamlit"},
    "lessons": {"numpy", "streamlit"},
    "page": {"starlette", "streamlit"},
    "teaching": {"jinja2", "markupsafe", "numpy", "segno", "streamlit"},
    "reference": {"streamlit"},
    "shell": {"streamlit"},
    "pages": {"streamlit"},
    "app": {"streamlit"},
}
# What only one module may use, and only where it is installed: it imports it when it is asked to.
OPTIONAL = {"ui.server.workers": {"distributed"}, "ui.server.guess_store": {"redis"}}
# Rooms that can be read, used and tested without a running app, and those of their files that draw on a page.
PURE = ("ui.language", "ui.figures", "ui.server", "ui.plot", "ui.lessons")
ON_THE_PAGE = {
    "ui.plot.component",
    "ui.plot.scrubber",
    # The tables of pages, and those whose work or memory belongs to the session.
    "ui.lessons",
    "ui.lessons.boundary",
    "ui.lessons.your_table.desk",
    "ui.lessons.claims",
    "ui.lessons.long_work",
    "ui.lessons.boundary.job",
    "ui.lessons.boundary.map_view",
    "ui.lessons.lineup.asking",
    "ui.lessons.network",
    "ui.lessons.network.job",
    "ui.lessons.claims.random_check",
    "ui.lessons.start.attacker",
}
# Every name of Streamlit's own elements that the project relies on, and where: a new release may change any of them.
STREAMLITS = {
    "stAlert": {"ui/page/window.css"},
    "stApp": {"ui/plot/picture.js", "ui/page/window.css", "ui/page/window.js"},
    "stColumn": {"ui/page/window.css"},
    "stHorizontalBlock": {"ui/page/window.css"},
    "stMain": {"ui/plot/picture.js", "ui/page/window.css", "ui/page/window.js"},
    "stMainBlockContainer": {"ui/plot/picture.js", "ui/page/window.css", "ui/teaching/cues.css"},
    # What the browser keeps of it: forgotten on a phone, where it would open over the page.
    "stSidebarCollapsed": {"ui/page/connection.js"},
    "stVerticalBlock": {"ui/teaching/cues.css"},
    "stExpandSidebarButton": {"ui/page/window.css", "ui/teaching/cues.css", "ui/teaching/notes.css"},
    "stHeader": {"ui/page/window.css", "ui/teaching/cues.css", "ui/teaching/notes.css"},
    "stSidebar": {"ui/page/window.css", "ui/teaching/cues.css", "ui/teaching/notes.css"},
    "stMarkdown": {"ui/teaching/cues.css"},
    "stSlider": {"ui/teaching/cues.css"},
    "stStatusWidget": {"ui/teaching/cues.css"},
    "stToolbar": {"ui/page/window.css", "ui/teaching/cues.css"},
}
# A script of a page puts pictures and words in their places, and does nothing else.
LAYOUT = {"st.columns", "st.container", "st.expander", "st.tabs"}
# Documented though they begin with an underscore: a named tuple's, and the end of a process.
DOCUMENTED = {"_fields", "_replace", "_asdict", "_exit"}


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {name_of(path): path for path in (*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py")}
OWN = sorted(FILES)
FILES |= {name_of(path): path for path in ROOT.glob("theory/**/*.py")}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


def imports(tree):
    """Full names of what a source imports, "from ui import plot" as ui.plot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ([name if name in FILES else node.module for name in named])


GRAPH = {name: set(imports(tree)) for name, tree in TREES.items()}


def room(name):
    """The room a module stands in: ui.plot.view in plot."""
    first, *rest = name.split(".")
    return rest[0] if first == "ui" and rest else first


def floor(name):
    return next((i for i, rooms in enumerate(FLOORS) if room(name) in rooms), len(FLOORS))


def reached(name):
    """Everything a module imports, and what that imports in turn."""
    found, todo = set(), [name]
    while todo:
        new = GRAPH.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


def test_there_are_no_rooms_but_those_of_the_map():
    folders = {path.parent.name for path in ROOT.glob("ui/*/__init__.py")}
    assert folders == {room for rooms in FLOORS for room in rooms} - {"theory", "pages", "app"}
    assert [path.name for path in ROOT.glob("ui/*.py")] == ["__init__.py"]


def fits(name, module):
    """Whether a module may import another."""
    head = module.partition(".")[0]
    if head in ("theory", "ui"):
        return room(module) == room(name) or floor(module) < floor(name)
    # Of Streamlit nothing but what it offers under its own name.
    allowed = OUTSIDE.get(room(name), set()) | OPTIONAL.get(name, set())
    return head in sys.stdlib_module_names or (head in allowed and (head != "streamlit" or module == head))


def test_imports_point_down():
    assert GRAPH["ui"] <= sys.stdlib_module_names  # it sets the threads before anything large is imported
    assert [(name, module) for name in OWN if name != "ui" for module in GRAPH[name] if not fits(name, module)] == []


def test_no_lesson_knows_anothers_room():
    shared = {path.stem for path in ROOT.glob("ui/lessons/*.py")}
    for name in (n for n in OWN if n.startswith("ui.lessons.")):
        own = name.split(".")[2]
        rooms = {module.split(".")[2] for module in GRAPH[name] if module.startswith("ui.lessons.")}
        assert own in shared or rooms <= {own} | shared, name


def test_pictures_sentences_and_results_know_no_streamlit():
    pure = [name for name in OWN if name.startswith(PURE) and name not in ON_THE_PAGE]
    assert [name for name in pure if "streamlit" in reached(name)] == []


def test_what_is_optional_is_imported_only_when_asked_for():
    for name, modules in OPTIONAL.items():
        at_once = [node for node in TREES[name].body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not {m.partition(".")[0] for m in imports(ast.Module(at_once, []))} & modules


def test_modules_do_not_import_in_circles():
    inside = {name: {m for m in modules if m in FILES and m != name} for name, modules in GRAPH.items()}
    # A package's __init__ gathers what its modules offer, and these find each other through it.
    inside = {name: modules for name, modules in inside.items() if FILES[name].name != "__init__.py"}
    assert list(TopologicalSorter(inside).static_order())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import streamlit as st", {"streamlit"}),
        ("def f():\n    from ui.plot import view, route", {"ui.plot.view", "ui.plot.route"}),
        ("from ui.figures.style import INK", {"ui.figures.style"}),
        ("import plotly.graph_objects", {"plotly.graph_objects"}),
    ],
)
def test_the_check_of_imports_sees_every_kind(source, found):
    assert set(imports(ast.parse(source))) == found


# names that are nobody's business


def private(tree):
    """The names a source takes from others though they begin with an underscore."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls", "super()"):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (part for alias in node.names for part in (*node.module.split("."), alias.name))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "setattr") and len(node.args) > 1:
            yield getattr(node.args[1], "value", "")


def test_nobody_uses_anothers_private_names():
    found = {name: {n for n in private(TREES[name]) if isinstance(n, str) and re.match("_(?!_)", n)} for name in OWN}
    assert {name: names for name, names in found.items() if not names <= DOCUMENTED} == {}


def test_the_names_of_streamlits_elements_stand_in_one_list():
    found = {}
    for path in sorted(p for kind in ("js", "css", "py") for p in ROOT.glob(f"ui/**/*.{kind}")):
        for name in re.findall(r"\bst[A-Z]\w+", path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    assert found == STREAMLITS


def test_no_script_reaches_into_plotly():
    for path in ROOT.glob("ui/**/*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"\._\w+|\bgd\b|\.modebar|\.main-svg|\.svg-container", text), path.name


# pages and files


def test_a_page_is_a_script_that_opens_itself_and_defines_nothing():
    for row in PAGES:
        tree = TREES[f"pages.{row.stem}"]
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.While | ast.Lambda)], (
            row.stem
        )
        made = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        calls = [ast.unparse(node.func) for node in made]
        # What is drawn again has a name: where pictures grow, and where the end of a page follows its sliders.
        again = {ast.unparse(arg) for node in made if ast.unparse(node.func) in ("grow", "close") for arg in node.args}
        assert {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)} <= again, row.stem
        opens = "frame.open_lesson" if row in PICTURED else "frame.open_page"
        assert [call for call in calls if call.startswith("frame.")] == [opens]
        assert row not in PICTURED or {call for call in calls if call.startswith("st.")} <= LAYOUT


def test_the_first_line_of_a_file_says_what_it_owns():
    first = {name: (ast.get_docstring(TREES[name]) or "?").splitlines()[0] for name in OWN}
    assert {name: line for name, line in first.items() if not line.endswith(".")} == {}


def test_no_rule_hangs_on_what_the_whole_page_has():
    """plotly.js measures its texts in the body: what of the body or above asks `:has` is looked at anew for each."""
    sheets = list((ROOT / "ui").rglob("*.css"))
    assert len(sheets) > 5
    for sheet in sheets:
        assert not re.findall(r"(?:body|html|:root)[^\s,{]*:has\(", sheet.read_text(encoding="utf-8")), sheet.name
