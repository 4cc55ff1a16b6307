"""The numpy script of a page: plain numpy, nothing of this project, the same numbers from the same seed.

It is put together from two real files, what all pages begin with and what the page adds (`script.py` of its room): the
values of the lines under "# settings" are those on screen.
"""

import ast
import re
from collections.abc import Mapping
from pathlib import Path

from theory import Spec
from ui.lessons.boundary.grids import MAP_DRAWS
from ui.lessons.dynamics.text import CLOCK_ALPHA, CLOCK_RIDGE
from ui.lessons.geometry.text import STARTS
from ui.lessons.lesson import Page
from ui.lessons.regularize.text import ALPHAS
from ui.server.sampling import OVERLAPS, curve_draws, tuning_rows

_ROOMS = Path(__file__).parents[1] / "lessons"


def script(page: Page, spec: Spec, options: Mapping[str, object] | None = None) -> str:
    """Return the script of a page for a Spec and its own options: at most 40 lines that print the numbers on screen."""
    values = {
        "d": spec.d,
        "n_r": spec.n_retain,
        "n_f": spec.n_forget,
        "n_t": spec.tune_rows,
        "noise": spec.noise,
        "d_overlap": spec.d_overlap,
        "seed": spec.seed,
        "tuning_rows": list(tuning_rows(spec)),
        "overlaps": [round(o * spec.d) for o in OVERLAPS],
        "draws": curve_draws(spec),
        "alphas": list(ALPHAS),
        "starts": list(STARTS),
        "map_draws": MAP_DRAWS,
        "ridge_share": CLOCK_RIDGE,
        "shuffled_weight": CLOCK_ALPHA,
        **(options or {}),
    }
    if not page.experiment:  # data of its own, which the script reads or makes
        own = ", ".join(f"{key}={value!r}" for key, value in (options or {}).items())
        return f'"""Page "{page.stem}", redrawn with numpy alone. Settings: {own}."""\n' + _filled(
            f"{page.stem}/script.py", values
        )
    head = f'"""Page "{page.stem}", redrawn with numpy alone. Settings: {settings(spec, options or {})}."""\n'
    return head + _filled("script_data.py", values) + "\n" + _filled(f"{page.stem}/script.py", values)


def _filled(name: str, values: Mapping[str, object]) -> str:
    """Return a part of a script without its docstring and what it takes from the other part, with these settings."""
    text = (_ROOMS / name).read_text(encoding="utf-8")
    lines, docstring, *body = text.splitlines(), *ast.parse(text).body
    drop = {docstring.lineno}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            drop |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.Assign) and lines[node.lineno - 2] == "# settings":
            names = ast.unparse(node.targets[0]).strip("()")
            given = ", ".join(repr(values.get(n, _usual(node, n))) for n in names.split(", "))
            lines[node.lineno - 1] = f"{names} = {given}"
            drop |= {node.lineno - 1, *range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)}
    kept = [line for n, line in enumerate(lines, 1) if n not in drop]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept).strip("\n")) + "\n"


def _usual(node: ast.Assign, name: str) -> object:
    """Return what a setting is in the file, where the page has no control for it."""
    names, given = ast.unparse(node.targets[0]).strip("()").split(", "), node.value
    parts = given.elts if isinstance(given, ast.Tuple) and len(names) > 1 else [given]
    return ast.literal_eval(parts[names.index(name)])


def settings(spec: Spec, options: Mapping[str, object]) -> str:
    """Return the fields of a Spec and a page's own options as one line."""
    own = "".join(f", {key}={value!r}" for key, value in options.items())
    return (
        f"d={spec.d}, overlap={spec.overlap!r}, n_retain={spec.n_retain}, n_forget={spec.n_forget}, "
        f"n_tune={spec.tune_rows}, noise={spec.noise!r}, seed={spec.seed}{own}"
    )
