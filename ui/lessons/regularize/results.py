"""What the page regularize computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass

from theory import (
    Array,
    Crossing,
    Metrics,
    Spec,
    TradeOff,
    fit_all,
    golden_crossing,
    measure,
    trade_off,
)
from ui.lessons.regularize.text import ALPHAS
from ui.server.cache import kept
from ui.server.results import problem_of


@dataclass(frozen=True, eq=False)
class Pushed:
    """The models of one push: Metrics by key, and the residuals an attacker reads.

    Shapes: residuals by key: (n_forget,) on the forget rows and (n_forget,) on fresh rows of their type.
    """

    records: Mapping[str, Metrics]
    residuals: Mapping[str, tuple[Array, Array]]


@kept(128)
def pushed(spec: Spec, keys: tuple[str, ...], alpha: float, target: str, mu: float) -> Pushed:
    """Draw, fit and measure the methods, one of them "discriminative" with this alpha, target and mu."""
    problem = problem_of(spec)
    weights, seconds = fit_all(problem, keys, alpha=alpha, target=target, mu=mu)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    fresh = problem.fresh()
    residuals = {k: (problem.X_f @ w - problem.y_f, fresh.predict(w)[1] - fresh.y_f) for k, w in weights.items()}
    return Pushed(records, residuals)


@kept(128)
def push_curve(spec: Spec, target: str, mu: float) -> TradeOff:
    """Return the losses for all of `ALPHAS`."""
    return trade_off(problem_of(spec), ALPHAS, target, mu)


@kept(128)
def crossing(spec: Spec, target: str, mu: float) -> Crossing | None:
    """Return the model on `push_curve` that errs like golden, where there is one."""
    return golden_crossing(problem_of(spec), push_curve(spec, target, mu), target, mu)
