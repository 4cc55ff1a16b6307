"""What is computed once for a Spec and remembered: the only place that caches, every cache bounded."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from theory import (
    AXES,
    CLAIMS,
    MEASURES,
    MISCONCEPTIONS,
    Array,
    Blocks,
    Check,
    Crossing,
    Grid,
    LossCurve,
    Metrics,
    Modes,
    Posed,
    Problem,
    RemedyCurve,
    Scene,
    Setting,
    Spec,
    Sweep,
    Task,
    TradeOff,
    Triangle,
    TwoRows,
    claim_errors,
    draw,
    empty,
    erased,
    expected_unlearning_loss,
    fit_all,
    forgets,
    golden_crossing,
    gradient_length,
    gradient_modes,
    gradient_path,
    largest_stable_step,
    loss_curve,
    measure,
    moves,
    objective_rows,
    pose,
    random_specs,
    remedy_curve,
    remedy_tuning,
    ridge,
    rotated,
    run_task,
    scene,
    tasks,
    trade_off,
    triangle,
    tuning_curve,
    tuning_objective,
    two_rows,
)
from ui import ahead, deliveries, turns
from ui.language import say
from ui.sampling import (
    ALPHAS,
    ANGLES,
    CLOCK_ALPHA,
    CLOCK_RIDGE,
    CLOCK_STEPS,
    FINE_OVERLAPS,
    FINE_VALUES,
    OVERLAPS,
    STARTS,
    STEPS,
    SURVEY_CHUNK,
    axis_values,
    curve_draws,
    tuning_rows,
)
from ui.server.jobs import SETTLED, Jobs, Work
from ui.server.workers import workers

Flags = NDArray[np.bool_]
P = ParamSpec("P")
R = TypeVar("R")


def _seal(result: object) -> None:
    if isinstance(result, np.ndarray):
        result.flags.writeable = False
    elif isinstance(result, Mapping):
        for part in result.values():
            _seal(part)
    elif isinstance(result, tuple):
        for part in result:
            _seal(part)
    elif is_dataclass(result):
        for field in fields(result):
            _seal(getattr(result, field.name))


def _sealed(compute: Callable[P, R]) -> Callable[P, R]:
    """Make the arrays of what is returned read-only: who reads a kept result must not spoil it for others."""

    @wraps(compute)
    def sealed(*args: P.args, **kwargs: P.kwargs) -> R:
        result = compute(*args, **kwargs)
        _seal(result)
        return result

    return sealed


@lru_cache(maxsize=4)
def _problem(spec: Spec) -> Problem:
    """Return the data of a Spec: drawn once for all that a run of a page computes on them.

    At most 4 kept, below 90 MB each on the dashboard with all that is factored of them.
    """
    return draw(spec)


@dataclass(frozen=True, eq=False)
class Experiment:
    """Several models on one problem: weights (d,) and Metrics by key, in the order asked for."""

    weights: Mapping[str, Array]
    records: Mapping[str, Metrics]
    blocks: Blocks


@lru_cache(maxsize=128)
@_sealed
def experiment(spec: Spec, keys: tuple[str, ...]) -> Experiment:
    """Draw, fit and measure the methods on one Spec. At most 128 kept, below 0.2 MB each on the dashboard."""
    problem = _problem(spec)
    weights, seconds = fit_all(problem, keys)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    return Experiment(weights, records, problem.blocks)


@lru_cache(maxsize=128)
@_sealed
def tuning(spec: Spec) -> tuple[tuple[int, ...], Array]:
    """Return numbers of fine-tuning rows from 1 to n_retain and UL after fine-tuning on that many."""
    rows = tuning_rows(spec)
    return rows, tuning_curve(_problem(spec), rows)


@contextmanager
def _long(text: str) -> Iterator[None]:
    """Say what is being computed; ahead of the page nothing can be said, and nothing may take long."""
    if ahead.under_way():
        raise ahead.TooLateError(text)
    with st.spinner(text):
        deliveries.deliver()
        yield


def mean_losses(spec: Spec, keys: tuple[str, ...]) -> LossCurve:
    """Return the mean losses against overlap for a Spec's other fields; its own overlap and seed do not matter."""
    return _kept_losses(replace(spec, overlap=0.0, seed=0), keys)


# Means take long and are the same for a whole class: Streamlit's cache lets one visitor compute while the others wait.
# It hands out a copy each time, which takes as long as a picture does; these copies are kept.
@lru_cache(maxsize=64)
@_sealed
def _kept_losses(spec: Spec, keys: tuple[str, ...]) -> LossCurve:
    return _mean_losses(spec, keys)


@st.cache_data(max_entries=64, show_spinner=False)
def _mean_losses(spec: Spec, keys: tuple[str, ...]) -> LossCurve:
    with _long(say("Averaging over draws")):
        return loss_curve(spec, OVERLAPS, keys, curve_draws(spec))


@lru_cache(maxsize=128)
@_sealed
def checks(spec: Spec, keys: tuple[str, ...]) -> dict[str, Check]:
    """Return both sides of the claims on the data of a Spec, by key."""
    problem = _problem(spec)
    return {key: CLAIMS[key].check(problem) for key in keys}


@lru_cache(maxsize=64)
@_sealed
def random_errors(seed: int, start: int) -> dict[str, Array]:
    """Return every claim's relative differences on the next `SURVEY_CHUNK` of the random settings of a seed."""
    return claim_errors(random_specs(start + SURVEY_CHUNK, seed)[start:])


@dataclass(frozen=True, eq=False)
class TuningRun:
    """Gradient descent on the retain rows, from the pretrained model, as the forget rows see it.

    Shapes: steps and gradient (k,), errors (k, n_forget) the absolute error on every forget row, golden (n_forget,) the
    same for golden, labels (n_forget,), readings (n_forget,) by model: what each predicts for the forget rows.
    """

    steps: tuple[int, ...]
    gradient: Array
    errors: Array
    golden: Array
    labels: Array
    readings: Mapping[str, Array]

    def after(self, record: Metrics) -> Metrics:
        """Return the record of the fine-tuned model with the unlearning loss it has after the last of these steps."""
        return replace(record, unlearning_loss=float(np.mean(self.errors[-1] ** 2)))


@lru_cache(maxsize=64)
@_sealed
def tuning_run(spec: Spec) -> TuningRun:
    """Return the run of `STEPS` gradient steps at half the largest stable step size, in closed form."""
    problem = _problem(spec)
    X_t, y_t, X_f, y_f = problem.X_t, problem.y_t, problem.X_f, problem.y_f
    path = gradient_path(X_t, y_t, problem.w_o, STEPS, largest_stable_step(X_t) / 2)
    return TuningRun(
        steps=STEPS,
        gradient=gradient_length(X_t, y_t, path.weights),
        errors=np.abs(path.weights @ X_f.T - y_f),
        golden=np.abs(X_f @ problem.w_g - y_f),
        labels=y_f,
        readings={"pretrained": X_f @ problem.w_o, "fine_tune": X_f @ path.limit, "golden": X_f @ problem.w_g},
    )


def expected_losses(spec: Spec) -> tuple[Array, Array]:
    """Return overlaps (101,) and theory's mean UL(w_g) at each, averaged over w* too; infinite where it diverges."""
    return _expected_losses(replace(spec, overlap=0.0, seed=0))


@lru_cache(maxsize=128)
@_sealed
def _expected_losses(spec: Spec) -> tuple[Array, Array]:
    overlaps = np.array(FINE_OVERLAPS)
    return overlaps, np.array([expected_unlearning_loss(replace(spec, overlap=o)) for o in FINE_OVERLAPS])


@dataclass(frozen=True, eq=False)
class Pushed:
    """The models of one push: Metrics by key, and the residuals an attacker reads.

    Shapes: residuals by key: (n_forget,) on the forget rows and (n_forget,) on fresh rows of their type.
    """

    records: Mapping[str, Metrics]
    residuals: Mapping[str, tuple[Array, Array]]


@lru_cache(maxsize=128)
@_sealed
def pushed(spec: Spec, keys: tuple[str, ...], alpha: float, target: str, mu: float) -> Pushed:
    """Draw, fit and measure the methods, one of them "discriminative" with this alpha, target and mu."""
    problem = _problem(spec)
    weights, seconds = fit_all(problem, keys, alpha=alpha, target=target, mu=mu)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    fresh = problem.fresh()
    residuals = {k: (problem.X_f @ w - problem.y_f, fresh.predict(w)[1] - fresh.y_f) for k, w in weights.items()}
    return Pushed(records, residuals)


@lru_cache(maxsize=128)
@_sealed
def push_curve(spec: Spec, target: str, mu: float) -> TradeOff:
    """Return the losses for all of `ALPHAS`."""
    return trade_off(_problem(spec), ALPHAS, target, mu)


@lru_cache(maxsize=128)
def crossing(spec: Spec, target: str, mu: float) -> Crossing | None:
    """Return the model on `push_curve` that errs like golden, where there is one."""
    return golden_crossing(_problem(spec), push_curve(spec, target, mu), target, mu)


@dataclass(frozen=True, eq=False)
class Remedied:
    """The remedies and the models they are read against, with one remedy's weights between erasing and fine-tuning.

    Shapes: weights and erased (d,); `masked_loss` is UL of what Option A leaves, before fine-tuning.
    """

    weights: Mapping[str, Array]
    records: Mapping[str, Metrics]
    blocks: Blocks
    erased: Array
    masked_loss: float


@lru_cache(maxsize=128)
@_sealed
def remedied(spec: Spec, keys: tuple[str, ...], chosen: str, rotate: bool) -> Remedied:
    """Fit and measure the remedies on one Spec, its features mixed first if asked for. At most 128 kept."""
    problem = rotated(_problem(spec)) if rotate else _problem(spec)
    weights, seconds = fit_all(problem, keys)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    loss = float(np.mean((problem.X_f @ erased(problem, "keep_overlap") - problem.y_f) ** 2))
    return Remedied(weights, records, problem.blocks, erased(problem, chosen), loss)


def remedy_means(spec: Spec, keys: tuple[str, ...], rotate: bool) -> RemedyCurve:
    """Return the remedies' means against overlap for a Spec's other fields; its own overlap and seed do not matter."""
    return _kept_remedies(replace(spec, overlap=0.0, seed=0), keys, rotate)


@lru_cache(maxsize=64)
@_sealed
def _kept_remedies(spec: Spec, keys: tuple[str, ...], rotate: bool) -> RemedyCurve:
    return _remedy_means(spec, keys, rotate)


@st.cache_data(max_entries=64, show_spinner=False)
def _remedy_means(spec: Spec, keys: tuple[str, ...], rotate: bool) -> RemedyCurve:
    with _long(say("Averaging over draws")):
        return remedy_curve(spec, OVERLAPS, keys, curve_draws(spec), rotate)


@lru_cache(maxsize=128)
@_sealed
def remedy_rows(
    spec: Spec, keys: tuple[str, ...], rotate: bool
) -> tuple[tuple[int, ...], dict[tuple[str, str], Array]]:
    """Return numbers of fine-tuning rows from 1 to n_retain and what the remedies do when fine-tuned on that many."""
    rows, problem = tuning_rows(spec), _problem(spec)
    return rows, remedy_tuning(rotated(problem) if rotate else problem, rows, keys)


@lru_cache(maxsize=128)
@_sealed
def exact_triangle(spec: Spec) -> Triangle:
    """Return the triangle of a Spec, with fine-tuning from each of `STARTS`."""
    return triangle(_problem(spec), STARTS)


@lru_cache(maxsize=128)
@_sealed
def two_features(spec: Spec) -> tuple[TwoRows, ...]:
    """Return weight space for two features at each of `ANGLES`, with w* from the seed of a Spec.

    The axes point along golden and along the leftover, so that no coordinate of w* is negative.
    """
    w_star = np.abs(draw(Spec(d=2, n_retain=1, n_forget=1, seed=spec.seed)).w_star)
    return tuple(two_rows(w_star, degrees) for degrees in ANGLES)


@lru_cache(maxsize=128)
@_sealed
def three_features(spec: Spec, start: float) -> Scene:
    """Return weight space for three features and one row of each kind, with the overlap, noise and seed of a Spec."""
    return scene(draw(replace(spec, d=3, n_retain=1, n_forget=1, n_tune=None)), start)


def ridge_strength(X: Array) -> float:
    """Return the ridge that the page dynamics pretrains with, in proportion to the mean squared length of the rows."""
    return CLOCK_RIDGE * float(np.sum(X**2)) / len(X)


@lru_cache(maxsize=32)
@_sealed
def modes(spec: Spec, start: str = "ridge", share: float = 0.5, decay: float = 0.0, objective: str = "retain") -> Modes:
    """Return `CLOCK_STEPS` of gradient descent, direction by direction. At most 32 kept, below 1 MB each.

    `start` is "pretrained", "ridge" or "zero"; `share` the step as a share of the largest stable one; `objective`
    "retain" or "shuffled".
    """
    problem = _problem(spec)
    if start == "ridge":
        w_0 = ridge(problem.X, problem.y, ridge_strength(problem.X))
    else:
        w_0 = problem.w_o if start == "pretrained" else np.zeros(spec.d)
    rows = tuning_objective(problem) if objective == "retain" else objective_rows(problem, CLOCK_ALPHA, "shuffled")
    # largest_stable_step speaks of a mean over rows; these are scaled for a sum.
    step_size = share * largest_stable_step(np.sqrt(len(rows[0])) * rows[0], decay)
    found = gradient_modes(problem, w_0, CLOCK_STEPS, step_size, decay, rows)
    return replace(found, weights=found.weights[:0], held=found.held[:0])  # what no picture shows is not kept


@lru_cache(maxsize=256)
@_sealed
def posed(key: str, seed: int) -> Posed:
    """Return the problem of a quiz's seed for a misconception, with its numbers."""
    return pose(MISCONCEPTIONS[key], seed)


def _of_any_seed(setting: Setting) -> Setting:
    """Return a setting as theory's expectations know it: the same for all draws of the data."""
    return replace(setting, spec=replace(setting.spec, seed=0))


@lru_cache(maxsize=64)
@_sealed
def _lines(setting: Setting, x: str, xs: tuple[float, ...], y: str, ys: tuple[float, ...]) -> dict[str, Flags]:
    cells = Grid(setting, x, xs, y, ys).settings
    rules = {"moves": moves, "forgets": forgets}
    return {kind: np.array([[rule(cell) for cell in row] for row in cells]) for kind, rule in rules.items()}


def map_lines(grid: Grid) -> Mapping[str, Flags]:
    """Return for every cell whether theory says that fine-tuning "moves" the model, or "forgets".

    Shapes: (rows, columns), true or false. At most 64 maps kept, below 1 kB each; the seed does not tell two apart.
    """
    return _lines(_of_any_seed(grid.setting), grid.x, grid.xs, grid.y, grid.ys)


@lru_cache(maxsize=256)
@_sealed
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
    found = empty(grid, max(draws, known.draws if known else 0))
    if known:
        values = found.values.copy()
        values[: known.draws] = known.values
        found = Sweep(grid, values)
    return found, tasks(grid, draws, known)


@st.cache_resource(show_spinner=False)
def _sweeps() -> Jobs[Grid, Task, Sweep]:
    return Jobs(Work(_plan, run_task, Sweep.with_block), workers, settled=SETTLED, busy=turns.crowded)


def sweeps() -> Jobs[Grid, Task, Sweep]:
    """Return the server's sweeps, one set for all visitors; its bounds are those of `ui.server.jobs`."""
    return _sweeps()
