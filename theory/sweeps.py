"""Grids of experiments over any two settings: mean and standard error of what fine-tuning leaves, draw by draw."""

import math
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from theory.averages import expected_unlearning_loss
from theory.linalg import Array, ridge
from theory.metrics import measure
from theory.problem import Spec, draw

# Below this share of the models' size a distance is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Setting:
    """One cell's experiment: a Spec, and the weight decay of the fine-tuning.

    Definition: fine-tuning minimises |X_t w - y_t|^2 / n_t + decay |w|^2, started at w_o, to its end.
    Shapes: none.
    Errors: ValueError if decay is negative or not finite.
    Source: theory sections 1 and 2 (I7).
    """

    spec: Spec
    decay: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.decay) and self.decay >= 0):
            raise ValueError(f"decay must be a number at least 0, got {self.decay!r}: use 0 for plain fine-tuning")


@dataclass(frozen=True)
class Axis:
    """One setting that a grid can vary.

    Definition: `at` puts a value into a Setting, `of` reads it; counts of rows are rounded to whole rows.
    Shapes: none.
    Errors: ValueError of the Spec for a value it cannot have.
    Source: theory section 1.
    """

    key: str
    label: str
    symbol: str
    low: float
    high: float
    log: bool
    idea: str
    _put: Callable[[Setting, float], Setting]
    _get: Callable[[Setting], float]

    def at(self, setting: Setting, value: float) -> Setting:
        """Return the setting with this value."""
        return self._put(setting, value)

    def of(self, setting: Setting) -> float:
        """Return the value a setting has."""
        return self._get(setting)

    def values(self, count: int) -> tuple[float, ...]:
        """Return `count` sensible values from low to high; on a logarithmic axis the first is 0."""
        if self.log:
            return (0.0, *np.geomspace(self.low or 1e-4, self.high, count - 1).tolist())
        return tuple(np.linspace(self.low, self.high, count).tolist())


def _spec(setting: Setting, **changes: object) -> Setting:
    return replace(setting, spec=replace(setting.spec, **changes))  # type: ignore[arg-type]


def _whole(value: float) -> int:
    return max(1, round(value))


def _retain_rows(setting: Setting, value: float) -> Setting:
    rows, tune = _whole(value * setting.spec.d), setting.spec.n_tune
    return _spec(setting, n_retain=rows, n_tune=None if tune is None else min(tune, rows))


def _tune_rows(setting: Setting, value: float) -> Setting:
    return _spec(setting, n_tune=min(_whole(value * setting.spec.n_retain), setting.spec.n_retain))


# A share of the retain rows is taken after their number: the order in which a grid puts its two values.
AXES: Mapping[str, Axis] = MappingProxyType(
    {
        axis.key: axis
        for axis in (
            Axis(
                "rows_per_feature",
                "Retain rows per feature",
                "n_r / d",
                0.0,
                2.0,
                False,
                "More rows to keep leave fewer directions that fine-tuning cannot see.",
                _retain_rows,
                lambda s: s.spec.n_retain / s.spec.d,
            ),
            Axis(
                "overlap",
                "Feature overlap",
                r"d_{\mathrm{overlap}} / d",
                0.0,
                1.0,
                False,
                "What only the forget rows use, the rows to keep cannot change.",
                lambda s, v: _spec(s, overlap=v),
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
                lambda s, v: _spec(s, noise=v),
                lambda s: s.spec.noise,
            ),
            Axis(
                "tune_share",
                "Share of retain rows fine-tuning sees",
                "n_t / n_r",
                0.0,
                1.0,
                False,
                "Fine-tuning can only correct what it sees.",
                _tune_rows,
                lambda s: s.spec.tune_rows / s.spec.n_retain,
            ),
            Axis(
                "decay",
                "Weight decay",
                r"\lambda",
                0.0,
                1.0,
                True,
                "A pull of every weight towards zero also acts where no row does.",
                lambda s, v: replace(s, decay=v),
                lambda s: s.decay,
            ),
            Axis(
                "forget_share",
                "Forget rows per retain row",
                "n_f / n_r",
                0.0,
                2.0,
                False,
                "More rows to forget leave more in the model to be forgotten.",
                lambda s, v: _spec(s, n_forget=_whole(v * s.spec.n_retain)),
                lambda s: s.spec.n_forget / s.spec.n_retain,
            ),
        )
    }
)
_LAST = ("tune_share", "forget_share")


@dataclass(frozen=True)
class Measure:
    """One number a cell has.

    Definition: `formula`; `expected` is its average over draws where theory has one, else None.
    Shapes: low, high: its natural range, None where it has none.
    Errors: none.
    Source: theory sections 1 and 6.
    """

    key: str
    label: str
    formula: str
    idea: str
    low: float | None
    high: float | None
    expected: Callable[[Setting], float | None]


def _unmoved(value: float) -> Callable[[Setting], float | None]:
    return lambda s: value if not moves(s) and not forgets(s) else None


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        m.key: m
        for m in (
            Measure(
                "distance_ratio",
                "Distance ratio",
                r"|w_t - w_g| / |w_o - w_g|",
                "How much of the way to golden is left: 1 is all of it, 0 is golden.",
                0.0,
                1.0,
                _unmoved(1.0),
            ),
            Measure(
                "unlearning_gap",
                "Unlearning gap",
                r"\mathrm{UL}(w_t) - \mathrm{UL}(w_g)",
                "Below 0 it still remembers, 0 errs like golden.",
                None,
                None,
                lambda s: (
                    -expected_unlearning_loss(s.spec)
                    if not moves(s) and not forgets(s) and s.spec.interpolates_forget
                    else None
                ),
            ),
            Measure(
                "membership_auc",
                "Membership AUC",
                r"\mathrm{AUC}",
                "How well an attack tells the forget rows from fresh ones: 0.5 is not at all.",
                0.5,
                1.0,
                lambda s: None,
            ),
            Measure(
                "leftover_share",
                "Leftover share",
                r"|(I - P_r) w_t| / |(I - P_r) w_o|",
                "How much of what the rows to keep cannot see is still there.",
                0.0,
                1.0,
                _unmoved(1.0),
            ),
            Measure(
                "golden_loss",
                "Golden's unlearning loss",
                r"\mathrm{UL}(w_g)",
                "How badly a model that never saw them errs on the forget rows.",
                0.0,
                None,
                lambda s: expected_unlearning_loss(s.spec),
            ),
            Measure(
                "tuned_loss",
                "Fine-tuned model's unlearning loss",
                r"\mathrm{UL}(w_t)",
                "How badly the fine-tuned model errs on the forget rows.",
                0.0,
                None,
                lambda s: 0.0 if not moves(s) and s.spec.interpolates_forget else None,
            ),
        )
    }
)


def moves(setting: Setting) -> bool:
    """Return whether fine-tuning moves the model at all (with probability 1 over the draw).

    Definition: weight decay, or a gradient X_t' (y_t - X_t w_o) that is not zero. With D_t = D_r it is zero not only
    where w_o interpolates: least squares on both sets is least squares on each where the overlap block has room for
    what either set cannot fit in its own.
    Shapes: none.
    Errors: none.
    Source: derived here, by counting the overlap coordinates each set determines.
    """
    spec = setting.spec
    if setting.decay > 0 or spec.noise == 0:
        return setting.decay > 0
    if spec.tune_rows < spec.n_retain:
        return not spec.interpolates_retain
    crowds = (spec.n_retain - spec.d_retain, spec.n_forget - spec.d_forget)
    return sum(min(spec.d_overlap, max(0, crowd)) for crowd in crowds) > spec.d_overlap


def forgets(setting: Setting) -> bool:
    """Return whether fine-tuning ends at golden itself (with probability 1 over the draw).

    Definition: every feature is seen by the retain rows and these determine all weights (n_r >= d), and fine-tuning
    sees them all, or there is no noise and one model fits everything.
    Shapes: none.
    Errors: none.
    Source: I6.
    """
    spec = setting.spec
    determined = spec.d_forget == 0 and spec.n_retain >= spec.d
    return setting.decay == 0 and determined and (spec.tune_rows == spec.n_retain or spec.noise == 0)


@dataclass(frozen=True)
class Grid:
    """Experiments over two settings; a profile is a grid with one y value.

    Definition: cell (i, j) is `setting` with ys[i] and xs[j] put in.
    Shapes: rows are ys, columns are xs.
    Errors: ValueError for an unknown or repeated axis, or no values.
    Source: derived here.
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
                    f"{name} must be one of {', '.join(AXES)}, got {getattr(self, name)!r}: choose an axis"
                )
        if self.x == self.y:
            raise ValueError(f"y must be another axis than x, got {self.y!r} twice: choose two axes")
        for name in ("xs", "ys"):
            if not getattr(self, name):
                raise ValueError(f"{name} must have a value, got none: give one or more")

    def at(self, i: int, j: int) -> Setting:
        """Return the experiment of row i and column j."""
        pairs = sorted(((self.x, self.xs[j]), (self.y, self.ys[i])), key=lambda pair: pair[0] in _LAST)
        setting = self.setting
        for key, value in pairs:
            setting = AXES[key].at(setting, value)
        return setting


def draw_seeds(seed: int, count: int) -> tuple[int, ...]:
    """Return the seeds of `count` independent draws, the first one `seed` itself.

    Definition: the others are numpy's SeedSequence(seed); a longer list begins with the shorter one.
    Shapes: (count,).
    Errors: ValueError if count is below 1.
    Source: derived here.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count!r}: ask for one draw or more")
    more = np.random.SeedSequence(seed).generate_state(count - 1).tolist() if count > 1 else []
    return (seed, *more)


@dataclass(frozen=True)
class Task:
    """One draw of one row of a grid.

    Definition: see `run_task`.
    Shapes: none.
    Errors: none.
    Source: derived here.
    """

    grid: Grid
    draw: int
    seed: int
    row: int


@dataclass(frozen=True, eq=False)
class Sweep:
    """What is known of a grid.

    Definition: every measure of every draw of every cell.
    Shapes: values (draws, rows, columns, measures), nan where nothing has been computed.
    Errors: none.
    Source: `sweep`.
    """

    grid: Grid
    values: Array

    @property
    def draws(self) -> int:
        """Draws there is room for."""
        return len(self.values)

    @property
    def counts(self) -> Array:
        """Draws of every cell that are computed."""
        return np.asarray((~np.isnan(self.values[..., 0])).sum(axis=0))

    def with_block(self, task: Task, values: Array) -> "Sweep":
        """Return the sweep with the result of a task."""
        filled = self.values.copy()
        filled[task.draw : task.draw + 1, task.row : task.row + 1] = values
        return replace(self, values=filled)

    def mean(self, measure: str) -> Array:
        """Return the mean of a measure over the draws there are, nan where there is none: (rows, columns)."""
        chosen = self.values[..., list(MEASURES).index(measure)]
        total = np.nansum(chosen, axis=0)
        return np.where(self.counts > 0, total / np.maximum(self.counts, 1), np.nan)

    def error(self, measure: str) -> Array:
        """Return its standard error, nan where there are fewer than two draws: (rows, columns)."""
        chosen = self.values[..., list(MEASURES).index(measure)]
        squares = np.nansum((chosen - self.mean(measure)) ** 2, axis=0)
        n = np.maximum(self.counts, 2)
        return np.where(self.counts > 1, np.sqrt(squares / (n - 1) / n), np.nan)


def empty(grid: Grid, draws: int) -> Sweep:
    """Return a sweep of which nothing is known.

    Definition: nan everywhere.
    Shapes: see `Sweep`.
    Errors: ValueError if draws is below 1.
    Source: derived here.
    """
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws!r}: ask for one draw or more")
    return Sweep(grid, np.full((draws, len(grid.ys), len(grid.xs), len(MEASURES)), np.nan))


def tasks(grid: Grid, draws: int, known: Sweep | None = None) -> tuple[Task, ...]:
    """Return what is still to do for `draws` draws a cell: the first draw of all cells comes first.

    Definition: one task a draw and row.
    Shapes: at most draws * rows tasks.
    Errors: ValueError if draws is below 1.
    Source: derived here.
    """
    seeds = draw_seeds(grid.setting.spec.seed, draws)

    def done(k: int, row: int) -> bool:
        return known is not None and k < known.draws and not np.isnan(known.values[k, row]).any()

    return tuple(
        Task(grid, k, seed, row) for k, seed in enumerate(seeds) for row in range(len(grid.ys)) if not done(k, row)
    )


def run_task(task: Task) -> Array:
    """Return the measures of a task's cells.

    Definition: `MEASURES` of the models fitted to `draw` of every cell's Spec with the task's seed.
    Shapes: (1, 1, columns, measures).
    Errors: none.
    Source: `METHODS` and `measure`.
    """
    return np.array([[[_cell(task.grid.at(task.row, j), task.seed) for j in range(len(task.grid.xs))]]])


def _cell(setting: Setting, seed: int) -> tuple[float, ...]:
    problem = draw(replace(setting.spec, seed=seed))
    X_t, y_t, w_o, w_g = problem.X_t, problem.y_t, problem.w_o, problem.w_g
    if setting.decay > 0:
        w_t = ridge(X_t, y_t, setting.decay * len(y_t))
    else:
        w_t = w_o + problem.tune_space.solve(y_t - X_t @ w_o)
    records = measure(problem, {"pretrained": w_o, "fine_tune": w_t, "golden": w_g})
    before, after, golden = records
    size = _ROUNDING * max(float(np.linalg.norm(w_o)), float(np.linalg.norm(w_g)))

    def share(a: float, b: float) -> float:
        return a / b if b > size else 0.0

    return (
        share(after.distance, before.distance),
        after.unlearning_loss - golden.unlearning_loss,
        after.membership_auc,
        share(after.leftover, before.leftover),
        golden.unlearning_loss,
        after.unlearning_loss,
    )


def sweep(grid: Grid, draws: int, executor: Executor | None = None, known: Sweep | None = None) -> Sweep:
    """Return a grid with `draws` draws a cell.

    Definition: `run_task` of all `tasks`, over an executor or here; the numbers do not depend on it.
    Shapes: see `Sweep`.
    Errors: ValueError if draws is below 1.
    Source: derived here.
    """
    found = empty(grid, max(draws, known.draws if known else 0))
    if known:
        found.values[: known.draws] = known.values
    todo = tasks(grid, draws, known)
    if executor is None:
        for task in todo:
            found = found.with_block(task, run_task(task))
        return found
    futures = [executor.submit(run_task, task) for task in todo]
    try:
        for task, future in zip(todo, futures, strict=True):
            found = found.with_block(task, future.result())
    finally:
        for future in futures:
            future.cancel()
    return found
