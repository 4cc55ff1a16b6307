"""Who may import whom around theory: the pictures and sentences know no Streamlit, and nobody knows a page."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from ui.lessons import EXPERIMENTS, PAGES

ROOT = Path(__file__).parents[2]
# Free of Streamlit, directly or through others: they can be tested, read and used without a running app.
PURE = (
    "ui.charts",
    "ui.contents",
    "ui.controls",
    "ui.formulas",
    "ui.glossary",
    "ui.language",
    "ui.links",
    "ui.narration",
    "ui.references",
    "ui.sampling",
    "ui.scripts",
    "ui.server.jobs",
    "ui.server.workers",
    "ui.style",
    "ui.teaching.worksheet",
)
# What may be imported from outside, by whoever stands in these folders.
OUTSIDE = {"ui": {"numpy", "plotly", "streamlit"}, "pages": {"streamlit"}, "app": {"streamlit"}}
# What comes with Streamlit, and only one module may use: the server a way of its own is added to.
SERVER = {"ui.ahead": {"starlette"}}
# A library that one module is built on, and nobody else knows.
BUILT_ON = {"ui.server.workers": {"loky"}, "ui.teach": {"segno"}, "ui.teaching.worksheet": {"jinja2", "markupsafe"}}
# What only one module may use, and only where it is installed: it imports it when it is asked to.
OPTIONAL = {"ui.server.workers": {"distributed"}}


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {name_of(path): path for path in (*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py")}
FILES |= {name_of(path): path for path in ROOT.glob("theory/**/*.py")}
OWN = sorted(name for name in FILES if not name.startswith("theory"))


def imports(source):
    """Full names of what a source imports, "from ui import cached" as ui.cached."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ([name if name in FILES else node.module for name in named])


GRAPH = {name: set(imports(path.read_text(encoding="utf-8"))) for name, path in FILES.items()}


def reached(name):
    """Everything a module imports, and what that imports in turn."""
    found, todo = set(), [name]
    while todo:
        new = GRAPH.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


@pytest.mark.parametrize("name", sorted(n for n in FILES if f"{n}.".startswith(tuple(f"{pure}." for pure in PURE))))
def test_pictures_and_sentences_know_no_streamlit(name):
    assert not [module for module in reached(name) if module.partition(".")[0] == "streamlit"]


@pytest.mark.parametrize("name", OWN)
def test_imports_point_inward(name):
    folder = name.partition(".")[0]
    for module in GRAPH[name]:
        head = module.partition(".")[0]
        # Pages do not know each other and app.py knows none: the frame's table of contents does.
        assert head not in ("pages", "app", "tests", "benchmarks"), module
        if head not in ("theory", "ui"):
            allowed = OUTSIDE[folder] | OPTIONAL.get(name, set()) | SERVER.get(name, set()) | BUILT_ON.get(name, set())
            assert head in allowed | sys.stdlib_module_names, module
    if name == "app":
        assert GRAPH[name] == {"streamlit", "ui.ahead", "ui.deliveries", "ui.frame"}


def test_what_is_optional_is_imported_only_when_asked_for():
    for name, modules in OPTIONAL.items():
        body = ast.parse(FILES[name].read_text(encoding="utf-8")).body
        at_once = {
            m.partition(".")[0]
            for node in body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for m in imports(ast.unparse(node))
        }
        assert not at_once & modules


def test_a_worker_imports_nothing_large_before_it_is_asked():
    heads = {module.partition(".")[0] for module in reached("ui.server.workers")}
    assert heads <= sys.stdlib_module_names | {"distributed", "loky"}


def test_modules_do_not_import_in_circles():
    inside = {name: {m for m in modules if m in FILES and m != name} for name, modules in GRAPH.items()}
    # A package's __init__ gathers what its modules offer, and these find each other through it.
    inside = {name: modules for name, modules in inside.items() if FILES[name].name != "__init__.py"}
    assert list(TopologicalSorter(inside).static_order())


def test_the_package_of_ui_sets_the_threads_before_anything_large_is_imported():
    assert GRAPH["ui"] <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import streamlit as st", {"streamlit"}),
        ("def f():\n    from ui import frame, style", {"ui.frame", "ui.style"}),
        ("from ui.style import INK", {"ui.style"}),
        ("import plotly.graph_objects", {"plotly.graph_objects"}),
    ],
)
def test_the_check_of_imports_sees_every_kind(source, found):
    assert set(imports(source)) == found


@pytest.mark.parametrize("stem", [row.stem for row in PAGES])
def test_a_page_is_a_script_that_opens_itself_and_defines_nothing(stem):
    tree = ast.parse((ROOT / f"pages/{stem}.py").read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
    assert not [node for node in ast.walk(tree) if isinstance(node, kinds)]
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert calls.count("frame.open_page") == 1


@pytest.mark.parametrize("stem", [row.stem for row in EXPERIMENTS])
def test_a_page_says_everything_through_the_lesson_which_knows_what_a_lecture_shows(stem):
    tree = ast.parse((ROOT / f"pages/{stem}.py").read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    # Streamlit itself has no place there: the script also runs without a visitor, for its pictures alone.
    assert not [call for call in calls if call.startswith(("st.", "pictures."))]


@pytest.mark.parametrize("name", OWN)
def test_the_first_line_of_a_file_says_what_it_owns(name):
    text = ast.get_docstring(ast.parse(FILES[name].read_text(encoding="utf-8")))
    assert text
    assert text.splitlines()[0].endswith(".")
