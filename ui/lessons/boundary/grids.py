"""Which maps there are: the axes' values, the cells, and how many draws stand behind one."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from theory import AXES, Grid, Setting, Spec
from ui.plot.view import View

# Cells along each side of a map, and draws a cell: at first, with every "more draws", and at most.
MAP_CELLS, FINE_CELLS = 11, 21
# The values of a map's axis at which theory's curve is drawn beside its cells.
FINE_VALUES = 101
MAP_DRAWS, MORE_DRAWS, MOST_MAP_DRAWS = 4, 8, 44
# The most rows a shared control can have, and the least weight decay of a map beside none.
MOST_ROWS, LEAST_DECAY = 500, 1e-4


def realised(spec: Spec, key: str, values: Iterable[float]) -> tuple[float, ...]:
    """Return what values of an axis come to: the shared features are whole ones, so their share is seldom the asked."""
    return tuple(round(v * spec.d) / spec.d for v in values) if key == "overlap" else tuple(values)


def _shares(d: int, count: int) -> tuple[float, ...]:
    """Return shares of the features, evenly from 0 to 1: of those that share as many, the one closest to what is."""
    closest: dict[int, float] = {}
    for v in (round(v, 3) for v in np.linspace(0, 1, count).tolist()):
        n = round(v * d)
        if n not in closest or abs(v - n / d) < abs(closest[n] - n / d):
            closest[n] = v
    return tuple(closest.values())


def _rows(top: int, count: int) -> tuple[int, ...]:
    """Return whole numbers of rows, evenly from 1 to `top`."""
    return tuple(sorted({max(1, round(v)) for v in np.linspace(0, top, count)}))


def axis_values(spec: Spec, key: str, other: str, count: int) -> tuple[float, ...]:
    """Return at most `count` values of an axis that every shared control can have, next to another axis.

    What stands in a cell can so be set on every page, exactly. Few features or rows give fewer values.
    """
    most = min(2 * spec.d, MOST_ROWS)
    varied = other == "rows_per_feature"
    if key == "rows_per_feature":
        return tuple(n / spec.d for n in _rows(most, count))
    if key == "tune_share" and not varied:
        return tuple(n / spec.n_retain for n in _rows(spec.n_retain, count))
    if key == "forget_share" and not varied:
        return tuple(n / spec.n_retain for n in _rows(min(2 * spec.n_retain, MOST_ROWS), count))
    if key == "overlap":
        return _shares(spec.d, count)
    if key == "decay":
        return (0.0, *(float(f"{v:.1e}") for v in np.geomspace(LEAST_DECAY, 1, count - 1)))
    low, high = {"tune_share": (0.1, 1.0), "forget_share": (0.1, min(2.0, MOST_ROWS / most))}.get(key, (0.0, 1.0))
    return tuple(round(v, 3) for v in np.linspace(low, high, count).tolist())


def map_axes(x: str, y: str) -> tuple[str, str]:
    """Return two different axes: where both are one, the way up is taken by the first other."""
    return x, y if y != x else next(key for key in AXES if key != x)


def map_grid(spec: Spec, x: str, y: str, fine: bool) -> Grid:
    """Return the map of a Spec over two axes; what the axes vary does not tell two maps apart."""
    count = FINE_CELLS if fine else MAP_CELLS
    xs, ys = axis_values(spec, x, y, count), axis_values(spec, y, x, count)
    usual = {"overlap": 0.0, "noise": 0.0, "rows_per_feature": 1, "tune_share": None}
    names = {"rows_per_feature": "n_retain", "tune_share": "n_tune"}
    held = {names.get(key, key): usual[key] for key in (x, y) if key in usual}
    if "n_retain" in held and spec.n_tune is not None and "tune_share" not in (x, y):
        del held["n_retain"]  # fine-tuning cannot see more rows than there are
    return Grid(Setting(replace(spec, **held)), x, xs, y, ys)  # type: ignore[arg-type]


def nearest_cell(grid: Grid, spec: Spec) -> tuple[int, int]:
    """Return row and column of the cell whose two values are closest to those of a Spec."""
    here = Setting(spec)

    def closest(key: str, values: tuple[float, ...]) -> int:
        value = AXES[key].of(here)
        return min(range(len(values)), key=lambda i: abs(values[i] - value))

    return closest(grid.y, grid.ys), closest(grid.x, grid.xs)


def chosen(view: View) -> tuple[Grid, tuple[int, int]]:
    """Return the map a View asks for, with row and column of its chosen cell.

    Where none is chosen, or one this map does not have, it is the cell closest to the settings.
    """
    grid = map_grid(view.spec, *map_axes(view["map_x"], view["map_y"]), view["finer"])
    asked, shape = (view["map_row"], view["map_column"]), (len(grid.ys), len(grid.xs))
    near = nearest_cell(grid, view.spec)
    row, column = (a if a in range(most) else n for a, most, n in zip(asked, shape, near, strict=True))
    return grid, (row, column)
