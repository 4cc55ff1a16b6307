"""The numpy script of a page: plain numpy, nothing of this project, the same numbers from the same seed.

It is put together from two real files, what all pages begin with and what the page adds (`script.py` of its room): the
values of the lines under "# settings" are those on screen.
"""

import ast
import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from theory import Spec
from theory.data import SOURCES, Data, RealRows, load
from ui.lessons.boundary.grids import MAP_DRAWS
from ui.lessons.dynamics.text import CLOCK_ALPHA, CLOCK_RIDGE
from ui.lessons.geometry.text import STARTS
from ui.lessons.lesson import Page
from ui.lessons.regularize.text import ALPHAS
from ui.server.sampling import OVERLAPS, curve_draws, tuning_rows

_ROOMS = Path(__file__).parents[1] / "lessons"


def script(page: Page, data: Data, options: Mapping[str, object] | None = None, address: str = "") -> str:
    """Return the script of a page for its rows and its own options: up to 60 lines, the numbers on screen.

    Where it has the page's address, its first line ends with it.
    """
    origin = f" From {address}" if address else ""
    values = {
        **_of_data(data),
        "alphas": list(ALPHAS),
        "starts": list(STARTS),
        "map_draws": MAP_DRAWS,
        "ridge_share": CLOCK_RIDGE,
        "shuffled_weight": CLOCK_ALPHA,
        **(options or {}),
    }
    end = f"{page.stem}/script.py"
    if not page.experiment:  # data of its own, which the script reads or makes
        own = ", ".join(f"{key}={value!r}" for key, value in (options or {}).items())
        return f'"""Page "{page.stem}", redrawn with numpy alone. Settings: {own}.{origin}"""\n' + _filled(end, values)
    head = f'"""Page "{page.stem}", redrawn with numpy alone. Settings: {settings(data, options or {})}.{origin}"""\n'
    begin = "script_data.py" if isinstance(data, Spec) else "script_rows.py"
    return head + _filled(begin, values) + "\n" + _filled(end, values)


def _of_data(data: Data) -> dict[str, object]:
    """Return what a script has to be told of its rows, by name."""
    told: dict[str, object] = {
        "n_t": data.tune_rows,
        "d_retain": data.d_retain,
        "d_forget": data.d_forget,
        "seed": data.seed,
        "tuning_rows": list(tuning_rows(data)),
    }
    if isinstance(data, Spec):
        return told | {
            "d": data.d,
            "n_r": data.n_retain,
            "n_f": data.n_forget,
            "noise": data.noise,
            "d_overlap": data.d_overlap,
            "overlaps": [round(o * data.d) for o in OVERLAPS],
            "draws": curve_draws(data),
        }
    if not isinstance(data, RealRows):
        return told
    return told | {
        "file": rows_file(data),
        "trained": data.n_retain + data.n_forget,
        "leaves": data.places.tolist(),
        "images": not SOURCES[data.source].unit,
        "waves": data.waves,
    }


def rows_file(data: RealRows) -> str:
    """Return what the file of numbers is called that a script on real rows reads."""
    return f"{data.source}-numbers.csv"


def rows_numbers(data: RealRows) -> str:
    """Return that file: the columns of a source as numbers, and last what is predicted."""
    table = load(data.source)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*table.columns, table.source.target])
    writer.writerows([*row, label] for row, label in zip(table.X.tolist(), table.y.tolist(), strict=True))
    return text.getvalue()


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


def settings(data: Data, options: Mapping[str, object]) -> str:
    """Return what the rows are and a page's own options as one line."""
    own = "".join(f", {key}={value!r}" for key, value in options.items())
    if not isinstance(data, Spec):
        return f"n_tune={data.tune_rows}, seed={data.seed}{own}"
    return (
        f"d={data.d}, overlap={data.overlap!r}, n_retain={data.n_retain}, n_forget={data.n_forget}, "
        f"n_tune={data.tune_rows}, noise={data.noise!r}, seed={data.seed}{own}"
    )
