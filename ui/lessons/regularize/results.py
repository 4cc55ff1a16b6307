"""What the page regularize computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from theory import Array, Meeting, Metrics, TradeOff, Weighing, fit_all, measure, meeting, trade_off, weighing
from theory.data import Data
from theory.discriminative import target_labels
from theory.meeting import PushedLoss, pushed_loss
from ui.lessons.regularize.sentences import PUSHED
from ui.lessons.regularize.text import ALPHAS
from ui.server.cache import kept
from ui.server.results import problem_of


@dataclass(frozen=True, eq=False)
class Pushed:
    """The models of one push: Metrics by key, and the residuals an attacker reads.

    Shapes: residuals by key: (n_forget,) on the forget rows and (n_forget,) on fresh rows of their type.

    Attributes
    ----------
    terms : what the pushed model makes of the three terms of its objective, without their weights: the mean squared
        errors on the rows it trains on and against the targets, and the squared distance from the pretrained model.
    unshuffled : whether labels were to be shuffled of which there is only one, so that every row keeps its own.
    """

    records: Mapping[str, Metrics]
    residuals: Mapping[str, tuple[Array, Array]]
    terms: tuple[float, float, float]
    unshuffled: bool


@kept(128)
def pushed(spec: Data, keys: tuple[str, ...], alpha: float, target: str, mu: float) -> Pushed:
    """Draw, fit and measure the methods, one of them "discriminative" with this alpha, target and mu."""
    problem = problem_of(spec)
    weights, seconds = fit_all(problem, keys, alpha=alpha, target=target, mu=mu)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    fresh = problem.fresh()
    residuals = {k: (problem.X_f @ w - problem.y_f, fresh.predict(w)[1] - fresh.y_f) for k, w in weights.items()}
    w, labels = weights[PUSHED], target_labels(problem, target)
    terms = (
        float(np.mean((problem.X_t @ w - problem.y_t) ** 2)),
        float(np.mean((problem.X_f @ w - labels) ** 2)),
        float(np.sum((w - problem.w_o) ** 2)),
    )
    unshuffled = target == "shuffled" and np.array_equal(labels, problem.y_f)
    return Pushed(records, residuals, terms, unshuffled)


@kept(128)
def push_curve(spec: Data, target: str, mu: float) -> TradeOff:
    """Return the losses for all of `ALPHAS`."""
    return trade_off(problem_of(spec), ALPHAS, target, mu)


@kept(128)
def loss_of(spec: Data, target: str, mu: float) -> PushedLoss:
    """Return the loss of the push as a function of its weight."""
    return pushed_loss(problem_of(spec), target, mu)


@kept(128)
def met(spec: Data, target: str, mu: float) -> Meeting:
    """Return where the error of the push meets golden's, on `ALPHAS` and beyond."""
    return meeting(problem_of(spec), ALPHAS, target, mu, loss_of(spec, target, mu))


@kept(128)
def weighed(spec: Data, target: str, mu: float) -> Weighing:
    """Return whether the weight of the push matters."""
    return weighing(problem_of(spec), target, mu, loss_of(spec, target, mu))
