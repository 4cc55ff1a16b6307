"""Sweeps: a measure of fine-tuning over a grid of settings, drawn again and again, on whatever executor is given."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from theory.averages import (
    expected_distance_ratio,
    expected_leftover_share,
    expected_membership_auc,
    expected_tuned_loss,
    expected_unlearning_gap,
    expected_unlearning_loss,
)
from theory.cells import READINGS, Setting, read_cells
from theory.linalg import Array
from theory.spec import MAX_ROWS, Spec

# Cells of one task: small enough for a visible progress, large enough that sending it costs nothing.
CELLS_OF_A_TASK = 64


@dataclass(frozen=True)
class Axis:
    """One thing a map can vary.

    Definition: a range, and how a setting is moved to a value and asked for its own.
    Shapes: one number each.
    Errors: `at` raises ValueError where no valid Spec has the value; `values` for a count below 1.
    Source: theory section 1.

    Attributes
    ----------
    key, label, symbol : name in code and data, on screen, in LaTeX.
    low, high : the range worth a map; 0 rows count as one.
    log : whether the range is explored on a log scale; 0 is allowed beside it.
    idea : one sentence.
    keeps_data : whether cells along it have the same rows and features.
    """

    key: str
    label: str
    symbol: str
    low: float
    high: float
    log: bool
    idea: str
    keeps_data: bool
    _at: Callable[[Setting, float], Setting]
    _of: Callable[[Setting], float]

    def at(self, setting: Setting, value: float) -> Setting:
        """Return the setting moved to `value`; rows are rounded to whole ones, at least one."""
        if not math.isfinite(value):
            raise ValueError(
                f"{self.key} must be a finite number, got {value!r}: choose from {self.low:g} to {self.high:g}"
            )
        return self._at(setting, value)

    def of(self, setting: Setting) -> float:
        """Return the value the setting has, after rounding to whole rows."""
        return self._of(setting)

    def values(self, count: int) -> tuple[float, ...]:
        """Return `count` values, evenly spaced from low to high; on a logarithmic scale the first of them is 0."""
        _at_least_one("count", count, "ask for one value or more")
        if self.log:
            found = [0.0, *np.geomspace(self.low, self.high, count - 1)]
        else:
            found = list(np.linspace(self.low, self.high, count))
        return tuple(float(f"{v:.10g}") for v in found)


def _at_least_one(name: str, value: object, way_out: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number, at least 1, got {value!r}: {way_out}")


def _rows(name: str, share: float, whole: int) -> int:
    """Return that share of `whole` in rows, at least one."""
    if not 0 <= share * whole <= MAX_ROWS:
        raise ValueError(f"{name} must give between 0 and {MAX_ROWS:,} rows, got {share!r}: lower it")
    return max(1, round(share * whole))


def _with(setting: Setting, **changes: float | int | None) -> Setting:
    return replace(setting, spec=replace(setting.spec, **changes))  # type: ignore[arg-type]


def _tuned_share(spec: Spec) -> float:
    return spec.tune_rows / spec.n_retain


def _at_rows(setting: Setting, value: float) -> Setting:
    """Change the retain rows; the share of them that fine-tuning sees stays."""
    spec = setting.spec
    n_retain = _rows("rows_per_feature", value, spec.d)
    n_tune = None if spec.n_tune is None else min(n_retain, _rows("tune_share", _tuned_share(spec), n_retain))
    return _with(setting, n_retain=n_retain, n_tune=n_tune)


def _at_tuning(setting: Setting, value: float) -> Setting:
    n_retain = setting.spec.n_retain
    if value > 1:
        raise ValueError(f"tune_share must be at most 1, got {value!r}: fine-tune on rows there are")
    n_tune = _rows("tune_share", value, n_retain)
    return _with(setting, n_tune=None if n_tune == n_retain else n_tune)


_AXES = (
    Axis(
        "rows_per_feature",
        "Rows to keep per feature",
        r"n_r / d",
        0.0,
        2.0,
        False,
        "More rows to keep leave fewer directions that fine-tuning cannot see.",
        False,
        _at_rows,
        lambda s: s.spec.n_retain / s.spec.d,
    ),
    Axis(
        "overlap",
        "Feature overlap",
        r"d_{\mathrm{overlap}} / d",
        0.0,
        1.0,
        False,
        "What only the rows to forget use, the rows to keep cannot change.",
        False,
        lambda s, v: _with(s, overlap=v),
        lambda s: s.spec.overlap,
    ),
    Axis(
        "noise",
        "Label noise",
        r"\sigma",
        0.0,
        1.0,
        False,
        "Without noise one model fits everything, and fine-tuning has nothing to correct.",
        True,
        lambda s, v: _with(s, noise=v),
        lambda s: s.spec.noise,
    ),
    Axis(
        "tune_share",
        "Share of rows to keep fine-tuning sees",
        r"n_t / n_r",
        0.0,
        1.0,
        False,
        "Fine-tuning can only correct what it sees.",
        True,
        _at_tuning,
        lambda s: _tuned_share(s.spec),
    ),
    Axis(
        "decay",
        "Weight decay",
        r"\lambda",
        1e-4,
        1.0,
        True,
        "A pull of every weight towards zero also acts where no row does.",
        True,
        lambda s, v: replace(s, decay=v),
        lambda s: s.decay,
    ),
    Axis(
        "forget_share",
        "Rows to forget per row to keep",
        r"n_f / n_r",
        0.0,
        2.0,
        False,
        "More rows to forget leave more in the model to be forgotten.",
        False,
        lambda s, v: _with(s, n_forget=_rows("forget_share", v, s.spec.n_retain)),
        lambda s: s.spec.n_forget / s.spec.n_retain,
    ),
)
# In this order a grid applies them: the shares of the retain rows follow their number.
AXES: Mapping[str, Axis] = MappingProxyType({axis.key: axis for axis in _AXES})


@dataclass(frozen=True)
class Measure:
    """One number a map can show.

    Definition: see `read_cells`.
    Shapes: one number a cell and draw.
    Errors: none.
    Source: theory sections 1, 2 and 6.

    Attributes
    ----------
    key, label, formula : name in code and data, on screen, in LaTeX.
    idea : one sentence.
    low, high : its natural range; None where it has no end.
    expected : its mean over the draws of a setting, in closed form; None where there is none.
    """

    key: str
    label: str
    formula: str
    idea: str
    low: float | None
    high: float | None
    expected: Callable[[Setting], float | None]


_MEASURES = (
    Measure(
        "distance_ratio",
        "Distance ratio",
        r"\frac{|w_t - w_g|}{|w_o - w_g|}",
        "How much of the way to golden is left: 1 is where fine-tuning started, 0 is golden.",
        0.0,
        None,
        expected_distance_ratio,
    ),
    Measure(
        "unlearning_gap",
        "Unlearning gap: UL minus golden's",
        r"\mathrm{UL}(w_t) - \mathrm{UL}(w_g)",
        "Below 0 the model still remembers the rows to forget; 0 is golden's loss on them.",
        None,
        None,
        expected_unlearning_gap,
    ),
    Measure(
        "membership_auc",
        "Membership attack: AUC",
        r"P(|r_{\mathrm{forget}}| < |r_{\mathrm{fresh}}|)",
        "How well small errors give the rows to forget away: 0.5 is no trace, 1 is certain.",
        0.0,
        1.0,
        expected_membership_auc,
    ),
    Measure(
        "leftover_share",
        "Leftover share",
        r"\frac{|(I - P_r)\,w_t|^2}{|w_t|^2}",
        "The share of the fine-tuned model, in squares, that the rows to keep cannot see; golden has none.",
        0.0,
        1.0,
        expected_leftover_share,
    ),
    Measure(
        "golden_loss",
        "Golden's unlearning loss",
        r"\mathrm{UL}(w_g)",
        "What a model that never saw the rows to forget loses on them.",
        0.0,
        None,
        lambda setting: expected_unlearning_loss(setting.spec),
    ),
    Measure(
        "tuned_loss",
        "Fine-tuned's unlearning loss",
        r"\mathrm{UL}(w_t)",
        "What the fine-tuned model loses on the rows to forget: 0 is remembering them exactly.",
        0.0,
        None,
        expected_tuned_loss,
    ),
)
MEASURES: Mapping[str, Measure] = MappingProxyType({measure.key: measure for measure in _MEASURES})
assert tuple(MEASURES) == READINGS


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
    _at_least_one("count", count, "one draw or more")
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
    _at_least_one("draws", draws, "one draw a cell or more")
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
