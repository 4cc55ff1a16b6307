import ast
import inspect
import sys
from pathlib import Path

import pytest

import theory

ROOT = Path(__file__).parents[2]
# A page is a script that reads: open, compute, draw, explain.
LINES_OF_A_PAGE = 80
# What theory may import beyond the standard library; tests/ui/test_architecture.py asks the same of ui.
ALLOWED = {"numpy", "scipy", "theory"}


def files_of(layer):
    return sorted({*ROOT.glob(f"{layer}.py"), *ROOT.glob(f"{layer}/**/*.py")})


def imported_modules(path):
    """Full names of the modules a file imports anywhere in it, relative imports written out."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            package = path.relative_to(ROOT).parent.parts[: None if node.level == 1 else 1 - node.level]
            names.add(".".join([*package, *([node.module] if node.module else [])]))
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_allowed(module, allowed):
    parts = module.split(".")
    if parts[0] in sys.stdlib_module_names:
        return True
    return any(".".join(parts[:k]) in allowed for k in range(1, len(parts) + 1))


def test_there_is_a_theory_to_check():
    assert len(files_of("theory")) >= 8


def test_theory_imports_nothing_but_numpy_and_scipy():
    strays = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in files_of("theory")
        for module in imported_modules(path)
        if not is_allowed(module, ALLOWED)
    }
    assert strays == set()


@pytest.mark.parametrize(
    ("source", "stray"),
    [
        ("import streamlit", True),
        ("from ui.shell.frame import run", True),
        ("def f():\n    import pandas.io", True),
        (
            "from numpy.typing import NDArray\nimport scipy.linalg\nimport math\nfrom theory.linalg import nearest",
            False,
        ),
    ],
)
def test_the_check_of_imports_sees_every_kind(tmp_path, source, stray):
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert any(not is_allowed(module, ALLOWED) for module in imported_modules(path)) == stray


def test_a_page_is_a_short_script():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob("pages/*.py")}
    assert {name: length for name, length in lengths.items() if length > LINES_OF_A_PAGE} == {}


def documented():
    return [
        (name, thing)
        for name, thing in ((name, getattr(theory, name)) for name in theory.__all__)
        if inspect.isclass(thing) or inspect.isfunction(thing)
    ]


def test_all_names_are_sorted_unique_and_there():
    assert len(set(theory.__all__)) == len(theory.__all__)
    assert all(hasattr(theory, name) for name in theory.__all__)
    assert {name for name, _ in documented()} >= {"Spec", "draw", "nearest", "compare", "gradient_path"}


@pytest.mark.parametrize(("name", "thing"), documented(), ids=[name for name, _ in documented()])
def test_everything_public_is_documented(name, thing):
    # A dataclass without a docstring gets its signature for one.
    text = inspect.cleandoc(thing.__doc__ or "")
    assert text
    assert not text.startswith(f"{name}(")
    for part in ("Definition:", "Shapes:", "Errors:", "Source:"):
        assert text.count(part) == 1, f"{name}: {part}"
    if inspect.isclass(thing):
        for member, value in vars(thing).items():
            own = value.fget if isinstance(value, property) else value
            if not member.startswith("_") and inspect.isfunction(own):
                assert own.__doc__, f"{name}.{member}"


@pytest.mark.parametrize("path", files_of("theory"), ids=lambda path: path.name)
def test_the_first_line_of_a_file_says_what_it_owns(path):
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert text
    assert text.splitlines()[0].endswith((".", ":"))


def test_the_glossary_explains_in_sentences():
    for term, words in theory.GLOSSARY.items():
        assert term.strip() == term != ""
        assert words.endswith(".")
