"""At which points the curves are computed: few enough while someone waits, enough to read a trend from."""

from dataclasses import replace

import numpy as np

from theory import AXES, Grid, Setting, Spec

OVERLAPS: tuple[float, ...] = tuple(np.linspace(0, 1, 9).tolist())
FINE_OVERLAPS: tuple[float, ...] = tuple(np.linspace(0, 1, 101).tolist())
TUNING_POINTS = 16
# Draws behind a mean curve: as many as this amount of arithmetic allows, within the bounds.
CURVE_WORK, FEWEST_DRAWS, MOST_DRAWS = 4e8, 2, 8
# Random settings on which every statement is checked, and how many between two moves of the progress bar.
SURVEY, SURVEY_CHUNK = 200, 20
# Steps of gradient descent that can be scrubbed: 0 and then ever longer strides up to the last.
STEPS: tuple[int, ...] = (0, *sorted({round(10**e) for e in np.linspace(0, 4, 25)}))
# Weights of the push on the forget rows: none, then six a decade, each with one or two digits.
ALPHAS: tuple[float, ...] = (
    0.0,
    *(float(f"{digits}e{power}") for power in range(-3, 2) for digits in (1, 1.5, 2, 3, 5, 7)),
    100.0,
)
# Start points s * w_o that can be scrubbed, angles between two rows, and turns of a view, in degrees.
STARTS: tuple[float, ...] = tuple(round(0.02 * k, 2) for k in range(61))
ANGLES: tuple[float, ...] = tuple(float(k) for k in range(0, 91, 2))
TURNS: tuple[float, ...] = tuple(float(k) for k in range(0, 181, 3))
# The page dynamics goes on for longer, in shorter strides.
CLOCK_STEPS: tuple[int, ...] = (0, *sorted({round(10**e) for e in np.linspace(0, 5, 61)}))
# The ridge it may pretrain with, as a share of the rows' mean squared length, and the weight of shuffled labels there.
CLOCK_RIDGE, CLOCK_ALPHA = 0.5, 1.0
# Cells along each side of a map, and draws a cell: at first, with every "more draws", and at most.
MAP_CELLS, FINE_CELLS = 11, 21
# The values of a map's axis at which theory's curve is drawn beside its cells.
FINE_VALUES = 101
MAP_DRAWS, MORE_DRAWS, MOST_MAP_DRAWS = 4, 8, 44
# The most rows a shared control can have, and the least weight decay of a map beside none.
MOST_ROWS, LEAST_DECAY = 500, 1e-4


def tuning_rows(spec: Spec) -> tuple[int, ...]:
    """Return the numbers of fine-tuning rows a curve is computed at, from 1 to n_retain."""
    return tuple(np.unique(np.linspace(1, spec.n_retain, TUNING_POINTS).round().astype(int)).tolist())


def curve_draws(spec: Spec) -> int:
    """Return how many draws stand behind a mean curve over `OVERLAPS`."""
    rows = spec.n_retain + spec.n_forget
    work = len(OVERLAPS) * rows * spec.d * min(rows, spec.d)
    return int(min(max(CURVE_WORK // work, FEWEST_DRAWS), MOST_DRAWS))


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
