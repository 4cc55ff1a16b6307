"""What the page boundary computes and remembers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from theory import (
    AXES,
    MEASURES,
    Array,
    Grid,
    Setting,
    Sweep,
    Task,
    empty,
    forgets,
    moves,
    run_task,
    starts_at_golden,
    tasks,
)
from ui.lessons.boundary.grids import FINE_VALUES, MAP_DRAWS, axis_values
from ui.server.cache import kept
from ui.server.jobs import Jobs, Work
from ui.server.workers import workers

Flags = NDArray[np.bool_]
# The measure that divides by the distance between pretrained and golden.
RATIO = "distance_ratio"


def _of_any_seed(setting: Setting) -> Setting:
    """Return a setting as theory's expectations know it: the same for all draws of the data."""
    return replace(setting, spec=replace(setting.spec, seed=0))


@kept(64)
def _ground(
    setting: Setting, x: str, xs: tuple[float, ...], y: str, ys: tuple[float, ...]
) -> tuple[dict[str, Flags], dict[str, Array]]:
    cells = Grid(setting, x, xs, y, ys).settings
    rules = {"moves": moves, "forgets": forgets, "undefined": starts_at_golden}
    flags = {kind: np.array([[rule(cell) for cell in row] for row in cells]) for kind, rule in rules.items()}
    # What is no number stands for both: no closed form, and an expectation without bounds.
    means = {
        key: np.array([[measure.expected(cell) for cell in row] for row in cells], dtype=float)
        for key, measure in MEASURES.items()
    }
    return flags, {key: np.where(np.isfinite(mean), mean, np.nan) for key, mean in means.items()}


def map_lines(grid: Grid) -> Mapping[str, Flags]:
    """Return what theory says of every cell: whether fine-tuning "moves" the model, whether it "forgets".

    And whether the distance ratio is "undefined", for pretrained is golden.
    Shapes: (rows, columns), true or false. At most 64 maps kept, below 25 kB each; the seed does not tell two apart.
    """
    return _ground(_of_any_seed(grid.setting), grid.x, grid.xs, grid.y, grid.ys)[0]


def foreseen(grid: Grid, measure: str) -> Array:
    """Return theory's mean of a measure in every cell, (rows, columns); not a number where there is no closed form."""
    means = _ground(_of_any_seed(grid.setting), grid.x, grid.xs, grid.y, grid.ys)[1][measure]
    return np.where(map_lines(grid)["undefined"], np.nan, means) if measure == RATIO else means


@kept(256)
def _row(setting: Setting, x: str, xs: tuple[float, ...], y: str, value: float) -> tuple[Array, dict[str, Array]]:
    fine = () if AXES[x].log else axis_values(setting.spec, x, y, FINE_VALUES)
    at = tuple(sorted({*fine, *xs}))
    (cells,) = Grid(setting, x, at, y, (value,)).settings
    found = {key: [MEASURES[key].expected(cell) for cell in cells] for key in ("golden_loss", "tuned_loss")}
    finite = {key: [np.nan if v is None or np.isinf(v) else v for v in losses] for key, losses in found.items()}
    return np.array(at), {key: np.array(losses) for key, losses in finite.items()}


def row_losses(grid: Grid, i: int) -> tuple[Array, Mapping[str, Array]]:
    """Return theory's "golden_loss" and "tuned_loss" along row i of a map, and where on its axis they stand.

    Shapes: (k,) each; not a number where there is no expectation. A logarithmic axis is not read between its cells. At
    most 256 rows kept, below 3 kB each; the seed does not tell two apart.
    """
    return _row(_of_any_seed(grid.setting), grid.x, grid.xs, grid.y, grid.ys[i])


def _plan(grid: Grid, draws: int, known: Sweep | None) -> tuple[Sweep, tuple[Task, ...]]:
    """Return the sweep to fill, with what is known of it, and the tasks still to do."""
    found = empty(grid, max(draws, known.draws if known else 0))
    if known:
        values = found.values.copy()
        values[: known.draws] = known.values
        found = Sweep(grid, values)
    return found, tasks(grid, draws, known)


WORK = Work(_plan, run_task, Sweep.with_block)


@cache
def sweeps() -> Jobs[Grid, Task, Sweep]:
    """Return the server's sweeps, one set for all visitors; its bounds are those of `ui.server.jobs`."""
    return Jobs(WORK, workers)


def known(grid: Grid) -> Sweep:
    """Return a map as far as this server has computed it; nobody starts to wait for it."""
    seen = sweeps().peek(grid)
    return seen.record if seen and seen.record else empty(grid, MAP_DRAWS)
