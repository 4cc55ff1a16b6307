"""Every cache of the app has a bound, and the page for administrators names them all."""

import ast
import re
from pathlib import Path

import pytest

from ui.server.jobs import MOST_KEPT

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/deployment.md"
# What keeps results for as long as the server runs. (A cached_property lives and dies with its object.)
CACHES = {"cache", "lru_cache", "kept", "cache_data", "cache_resource"}
BOUNDS = {"max_entries", "maxsize", "most"}


def called(node):
    """The last part of a decorator's name."""
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def bound(function, decorator):
    """How many entries a cache keeps at most: what it states, 1 where there is nothing to tell calls apart, or None."""
    if isinstance(decorator, ast.Call):
        stated = [k.value for k in decorator.keywords if k.arg in BOUNDS] + decorator.args
        if stated and isinstance(stated[0], ast.Constant) and stated[0].value is not None:
            return int(stated[0].value)
    arguments = function.args
    takes = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return None if any(takes) else 1


def caches(source):
    """Name and bound of every cached function in a source; a cache that decorates none is there under "?"."""
    tree, found, used = ast.parse(source), [], set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in function.decorator_list:
                if called(decorator) in CACHES:
                    used.add(id(decorator.func if isinstance(decorator, ast.Call) else decorator))
                    found.append((function.name, bound(function, decorator)))
    # One that lives with an object or a call, and says its size, goes with it.
    for call in (n.func for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Call)):
        sizes = [k.value for k in call.keywords if k.arg == "maxsize"]
        if called(call) == "lru_cache" and sizes and not (isinstance(sizes[0], ast.Constant) and not sizes[0].value):
            used.add(id(call.func))
    # `kept` is a word of English, too: it is a cache where it is called by its bare name.
    strays = [n for n in ast.walk(tree) if isinstance(n, ast.Name | ast.Attribute) and called(n) != "kept"]
    strays += [n.func for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    unused = {id(n): n for n in strays if id(n) not in used and called(n) in CACHES and isinstance(n.ctx, ast.Load)}
    return found + [("?", None) for _ in unused]


def all_caches():
    paths = [ROOT / "app.py", *(p for folder in ("theory", "ui", "pages") for p in (ROOT / folder).rglob("*.py"))]
    paths.remove(ROOT / "ui/server/cache.py")  # `kept` itself: its bound is the word of who uses it
    for path in sorted(paths):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for name, size in caches(path.read_text(encoding="utf-8")):
            yield f"{module}.{name}", size


def test_every_cache_has_a_bound():
    found = dict(all_caches())
    assert len(found) > 10
    assert {name for name, size in found.items() if size is None or size < 1} == set()


def test_nobody_asks_streamlit_to_keep_something():
    """Its caches copy what they keep, or want a run of a page: a picture has none."""
    sources = [ROOT / "app.py", *(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    assert not [path for path in sources if "st.cache" in path.read_text(encoding="utf-8")]


def test_administrators_can_read_every_cache_and_its_bound():
    rows = re.findall(r"^\| `([\w.]+)` \| (\d+) \|$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {name: int(size) for name, size in rows} == {**dict(all_caches()), "ui.server.jobs.MOST_KEPT": MOST_KEPT}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("@kept(8)\ndef f(x): ...", [("f", 8)]),
        ("def f():\n    @kept(64)\n    def g(x): ...", [("g", 64)]),
        ("@st.cache_data(max_entries=8)\ndef f(x): ...", [("f", 8)]),
        ("@st.cache_data(show_spinner=False)\ndef f(x): ...", [("f", None)]),
        ("@st.cache_resource(max_entries=None)\ndef f(x): ...", [("f", None)]),
        ("@st.cache_resource\ndef f(*, x): ...", [("f", None)]),
        ("@st.cache_resource(show_spinner=False)\ndef f(): ...", [("f", 1)]),
        ("@lru_cache\ndef f(x): ...", [("f", None)]),
        ("@functools.lru_cache(16)\ndef f(x): ...", [("f", 16)]),
        ("@lru_cache(maxsize=None)\ndef f(x): ...", [("f", None)]),
        ("@cache\ndef f(*xs): ...", [("f", None)]),
        ("@cache\ndef f(): ...", [("f", 1)]),
        ("class A:\n    @cache\n    def f(self): ...", [("f", None)]),
        ("g = lru_cache(maxsize=3)(f)", []),
        ("g = lru_cache(maxsize=None)(f)", [("?", None)]),
        ("g = cache(f)", [("?", None)]),
        ("g = kept(3)(f)", [("?", None)]),
        ("kept = x.kept", []),
        ("@cached_property\ndef f(self): ...", []),
    ],
)
def test_the_search_for_caches_sees_every_kind(source, found):
    assert caches(source) == found
