"""Sweeps: a measure of fine-tuning over a grid of settings, drawn again and again, on whatever executor is given."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from theory.cells import READINGS, Setting, read_cells
from theory.linalg import Array
from theory.maps import AXES, MEASURES, at_least_one

# Cells of one task: small enough for a visible progress, large enough that sending it costs nothing.
CELLS_OF_A_TASK = 64


@dataclass(frozen=True)
class Grid:
    """A map's settings: one setting, varied along two axes.

    Definition: cell (i, j) has ys[i] on axis y and xs[j] on axis x; all else is the setting's.
    Shapes: len(ys) rows, len(xs) columns; a profile along x has one y.
    Errors: ValueError if an axis is unknown or named twice, has no value, or has one no valid Spec has.
    Source: theory section 1.
    """

    setting: Setting
    x: str
    xs: tuple[float, ...]
    y: str
    ys: tuple[float, ...]

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            if getattr(self, name) not in AXES:
                raise ValueError(
                    f"{name} must name an axis, got {getattr(self, name)!r}: choose from {', '.join(AXES)}"
                )
        if self.x == self.y:
            raise ValueError(f"x and y must be two axes, got {self.x!r} twice: choose another for one of them")
        for name in ("xs", "ys"):
            values = tuple(float(v) for v in getattr(self, name))
            if not values:
                raise ValueError(f"{name} must hold at least one value, got none: ask the axis for `values`")
            object.__setattr__(self, name, values)
        if 1 in self.shape:
            _ = self.settings  # every cell is at an edge, and what is made here is kept
            return
        self._moved((0,), range(len(self.xs)))
        self._moved(range(len(self.ys)), (0,))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.ys), len(self.xs)

    def at(self, i: int, j: int) -> Setting:
        """Return the setting of row i and column j."""
        return self._moved((i,), (j,))[0][0]

    @cached_property
    def settings(self) -> tuple[tuple[Setting, ...], ...]:
        """The settings of all cells, row by row."""
        return self._moved(range(len(self.ys)), range(len(self.xs)))

    def _moved(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[tuple[Setting, ...], ...]:
        """Return the settings of some rows and columns; the axes move one after the other, in the order of `AXES`."""
        x, y, start = AXES[self.x], AXES[self.y], self.setting
        if list(AXES).index(self.y) < list(AXES).index(self.x):
            begun = [y.at(start, self.ys[i]) for i in rows]
            return tuple(tuple(x.at(row, self.xs[j]) for j in columns) for row in begun)
        begun = [x.at(start, self.xs[j]) for j in columns]
        return tuple(tuple(y.at(column, self.ys[i]) for column in begun) for i in rows)

    def __getstate__(self) -> dict[str, object]:
        """Return what tells it from others: to a worker goes what is asked for, not what was made of it here."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def draw_seeds(seed: int, count: int) -> tuple[int, ...]:
    """Return the seeds of a cell's draws.

    Definition: the seed itself, then independent ones from SeedSequence(seed).
    Shapes: count numbers; a longer list begins with the shorter one.
    Errors: ValueError if count is below 1.
    Source: numpy's SeedSequence; its words do not depend on how many are asked for.
    """
    at_least_one("count", count, "one draw or more")
    # Children by number, not words of one state: the seed's own streams are its children 0 to 9 and its child 10 mixes.
    others = (np.random.SeedSequence(seed, spawn_key=(11, k)) for k in range(1, count))
    return (seed, *(int(s.generate_state(1, np.uint64)[0]) >> 1 for s in others))


@dataclass(frozen=True)
class Task:
    """One piece of a sweep: some draws of a rectangle of cells.

    Definition: draws `first_draw` up to `last_draw`, rows and columns likewise, the last not included.
    Shapes: see `run_task`.
    Errors: none.
    Source: `tasks`.
    """

    grid: Grid
    first_draw: int
    last_draw: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def block(self) -> tuple[slice, slice, slice]:
        """Where its values belong among those of the sweep."""
        return (
            slice(self.first_draw, self.last_draw),
            slice(self.first_row, self.last_row),
            slice(self.first_column, self.last_column),
        )


def run_task(task: Task) -> Array:
    """Compute one piece of a sweep: a pure function of the task.

    Definition: `read_cells` at each draw's seed.
    Shapes: (draws, rows, columns, 6), the last in the order of MEASURES.
    Errors: none.
    Source: `read_cells`, `draw_seeds`.
    """
    rows, columns = range(task.first_row, task.last_row), range(task.first_column, task.last_column)
    settings = [task.grid.at(i, j) for i in rows for j in columns]
    seeds = draw_seeds(task.grid.setting.spec.seed, task.last_draw)[task.first_draw :]
    return np.stack([read_cells(settings, seed).reshape(len(rows), len(columns), -1) for seed in seeds])


def _computed(values: Array) -> NDArray[np.bool_]:
    """Return which draws have been computed: golden's loss is defined on every draw."""
    return np.asarray(~np.isnan(values[..., READINGS.index("golden_loss")]))


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a sweep has found so far.

    Definition: every measure of every draw of every cell, not a number where nothing has been computed yet, and where a
    measure is undefined on a draw.
    Shapes: values (draws, rows, columns, 6), the last in the order of MEASURES.
    Errors: KeyError for a measure that is not in MEASURES.
    Source: `run_task`.
    """

    grid: Grid
    values: Array

    @property
    def draws(self) -> int:
        """Draws there is room for."""
        return len(self.values)

    @property
    def counts(self) -> NDArray[np.intp]:
        """Draws there are, (rows, columns)."""
        return np.asarray(_computed(self.values).sum(axis=0))

    def with_block(self, task: Task, values: Array) -> "Sweep":
        """Return the sweep with the values of one task in their place."""
        filled = self.values.copy()
        filled[task.block] = values
        return Sweep(self.grid, filled)

    def of(self, measure: str) -> Array:
        """Return one measure of every draw, (draws, rows, columns)."""
        return self.values[..., READINGS.index(MEASURES[measure].key)]

    def defined(self, measure: str) -> NDArray[np.intp]:
        """Return on how many draws a measure has a value, (rows, columns)."""
        return np.asarray((~np.isnan(self.of(measure))).sum(axis=0))

    def undefined(self, measure: str) -> NDArray[np.bool_]:
        """Return where there are draws, and the measure has no value on any of them, (rows, columns)."""
        return np.asarray((self.counts > 0) & (self.defined(measure) == 0))

    def mean(self, measure: str) -> Array:
        """Return the mean over the draws on which it is defined, (rows, columns); not a number where there is none."""
        counts, total = self.defined(measure), np.nansum(self.of(measure), axis=0)
        return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)

    def error(self, measure: str) -> Array:
        """Return the standard error of the mean, (rows, columns); not a number below two draws."""
        counts, off = self.defined(measure), self.of(measure) - self.mean(measure)
        variance = np.nansum(off**2, axis=0) / np.maximum(counts - 1, 1)
        return np.where(counts > 1, np.sqrt(variance / np.maximum(counts, 1)), np.nan)


def empty(grid: Grid, draws: int) -> Sweep:
    """Return a sweep with room for `draws` draws a cell and nothing computed.

    Definition: all values not a number.
    Shapes: see `Sweep`.
    Errors: ValueError if draws is below 1.
    Source: `Sweep`.
    """
    at_least_one("draws", draws, "one draw a cell or more")
    return Sweep(grid, np.full((draws, *grid.shape, len(READINGS)), np.nan))


def _begun(grid: Grid, draws: int, known: Sweep | None) -> Sweep:
    """Return the sweep to fill: what is known, with room for `draws` draws, or for more if there are more."""
    if known is None:
        return empty(grid, draws)
    if known.grid != grid:
        raise ValueError("known must be a sweep of the same grid, got one of another: leave it out to start anew")
    room = empty(grid, max(draws, known.draws))
    room.values[: known.draws] = known.values
    return room


def _rectangles(grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    """Cut the grid into rectangles that keep together the cells that share their data; the same for every sweep."""
    height, width = grid.shape
    along_x, along_y = AXES[grid.x].keeps_data, AXES[grid.y].keeps_data
    if along_y and not along_x:
        step = max(1, CELLS_OF_A_TASK // height)
        yield from ((0, height, j, min(j + step, width)) for j in range(0, width, step))
    else:
        step = max(1, CELLS_OF_A_TASK // width)
        yield from ((i, min(i + step, height), 0, width) for i in range(0, height, step))


def tasks(grid: Grid, draws: int, known: Sweep | None = None) -> tuple[Task, ...]:
    """Return what is still to do for `draws` draws a cell.

    Definition: one draw of a rectangle of cells each; every cell's first draw comes first.
    Shapes: none; empty if everything is known.
    Errors: ValueError if draws is below 1 or `known` is of another grid.
    Source: derived here: the pieces depend on the grid alone, and so do the numbers to the last bit.
    """
    values = _begun(grid, draws, known).values
    pieces = (Task(grid, k, k + 1, *rectangle) for k in range(draws) for rectangle in _rectangles(grid))
    return tuple(task for task in pieces if not _computed(values[task.block]).all())


def sweep(grid: Grid, draws: int, executor: Executor | None = None, known: Sweep | None = None) -> Sweep:
    """Draw every cell of a grid until it has `draws` draws.

    Definition: `run_task` of all `tasks`, put together.
    Shapes: see `Sweep`.
    Errors: ValueError if draws is below 1 or `known` is of another grid; what a worker raises.
    Source: Monte Carlo; the same numbers on every executor, with any number of workers, in any order.
    """
    begun, todo = _begun(grid, draws, known), tasks(grid, draws, known)
    values = begun.values.copy()
    if executor is None:
        for task in todo:
            values[task.block] = run_task(task)
    else:
        running = {executor.submit(run_task, task): task for task in todo}
        try:
            for future in as_completed(running):
                values[running[future].block] = future.result()
        finally:
            for future in running:
                future.cancel()
    return Sweep(grid, values)
