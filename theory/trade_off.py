"""What a push on the forget rows costs and buys: losses and distance along the weights alpha, and golden's own error.

The models are those of `theory.discriminative`, theory section 4 (D3, D5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.optimize

from theory.discriminative import Push, discriminative_path
from theory.linalg import Array
from theory.losses import losses, unlearning_loss, weight_scale
from theory.problem import Problem

# Losses this close, relative to golden's, are one number; below the second they are zero.
EQUAL, ZERO = 1e-6, 1e-16
# A model this close to golden, relative to the longer of the pretrained and the golden weights, is golden.
ONE_MODEL = 1e-6
# The weight at a crossing is found to this share of itself, however small it is.
DIGITS, TINY = 1e-12, 1e-300


@dataclass(frozen=True, eq=False)
class TradeOff:
    """Losses and distance of the models a push leads to, one for every weight alpha.

    Definition: RL, UL and |w - w_g| of the minimiser of J at every alpha.
    Shapes: alphas, remaining_loss, unlearning_loss and distance (k,); size one number.
    Errors: none.
    Source: theory section 4.

    Attributes
    ----------
    size : the longer of |w_o| and |w_g|, what distances are small or large against.
    """

    alphas: Array
    remaining_loss: Array
    unlearning_loss: Array
    distance: Array
    size: float

    @property
    def idle(self) -> bool:
        """Whether every alpha above 0 gives the same losses and the same distance."""
        on = self.alphas > 0
        spreads = (
            (float(np.ptp(values[on])), float(np.abs(values[on]).max()))
            for values in (self.remaining_loss, self.unlearning_loss)
        )
        alike = all(spread <= max(EQUAL * largest, ZERO) for spread, largest in spreads)
        return alike and float(np.ptp(self.distance[on])) <= ONE_MODEL * self.size


@dataclass(frozen=True)
class Crossing:
    """A model whose unlearning loss equals golden's.

    Definition: UL(w) = UL(w_g); of several on the path, the one nearest to golden.
    Shapes: one number each.
    Errors: none.
    Source: theory section 4 (D5).

    Attributes
    ----------
    alpha : the weight of the push that leads to it.
    unlearning_loss : its UL.
    distance : |w - w_g|.
    row_gap : root mean square of its predictions on the forget rows minus golden's.
    golden : whether it is golden, up to `ONE_MODEL`.
    """

    alpha: float
    unlearning_loss: float
    distance: float
    row_gap: float
    golden: bool


def trade_off(problem: Problem, alphas: Sequence[float] | Array, target: str, mu: float) -> TradeOff:
    """Return RL, UL and the distance to golden for every alpha.

    Definition: `TradeOff` of the minimisers of J.
    Shapes: alphas (k,), in ascending order.
    Errors: ValueError as `discriminative_path`.
    Source: theory section 4.
    """
    W = discriminative_path(problem, alphas, target, mu)
    remaining, unlearning = losses(problem, W.T)
    return TradeOff(
        alphas=np.array(alphas, dtype=float),
        remaining_loss=remaining,
        unlearning_loss=unlearning,
        distance=np.linalg.norm(W - problem.w_g, axis=1),
        size=weight_scale(problem),
    )


def _crossing(problem: Problem, alpha: float, w: Array) -> Crossing:
    away = w - problem.w_g
    distance = float(np.linalg.norm(away))
    return Crossing(
        alpha=alpha,
        unlearning_loss=unlearning_loss(problem, w),
        distance=distance,
        row_gap=float(np.sqrt(np.mean((problem.X_f @ away) ** 2))),
        golden=distance <= ONE_MODEL * weight_scale(problem),
    )


def _between(problem: Problem, low: float, high: float, level: float, push: Push) -> Crossing | None:
    """Return the model with UL = level between two weights on either side of it."""

    def excess(alpha: float) -> float:
        return float(push.unlearning_losses((alpha,))[0]) - level

    if excess(low) * excess(high) > 0:  # rounding moved an end of the gap across the level
        return None
    alpha = float(scipy.optimize.brentq(excess, low, high, xtol=TINY, rtol=DIGITS))
    return _crossing(problem, alpha, push.weights((alpha,))[0])


def golden_crossing(problem: Problem, curve: TradeOff, target: str, mu: float) -> Crossing | None:
    """Return the model on a curve whose unlearning loss equals golden's, or None where there is none.

    Definition: a weight of the curve where the two losses are one number, or the place between two neighbouring
    weights on either side of golden's loss. At mu = 0 the step from no push to the weakest is a jump, with no model in
    between.
    Shapes: the curve as `trade_off` gives it for the same problem, target and mu.
    Errors: ValueError as `discriminative_path`.
    Source: theory section 4 (D5).
    """
    push = Push(problem, target, mu)
    level = unlearning_loss(problem, problem.w_g)
    excess = curve.unlearning_loss - level
    equal = np.abs(excess) <= max(EQUAL * level, ZERO)
    found = []
    ties = np.flatnonzero(equal)
    if ties.size:
        nearest = int(ties[np.argmin(curve.distance[ties])])
        alpha = float(curve.alphas[nearest])
        found.append(_crossing(problem, alpha, push.weights((alpha,))[0]))
    for i in range(len(excess) - 1):
        low, high = float(curve.alphas[i]), float(curve.alphas[i + 1])
        if equal[i] or equal[i + 1] or excess[i] * excess[i + 1] > 0 or (mu == 0 and low == 0):
            continue
        between = _between(problem, low, high, level, push)
        if between is not None:
            found.append(between)
    return min(found, key=lambda crossing: crossing.distance, default=None)
