"""What a push on the forget rows costs and buys: losses and distance along the weights alpha.

The models are those of `theory.discriminative`, theory section 4 (D3, D5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory.discriminative import discriminative_path
from theory.linalg import Array
from theory.losses import losses, weight_scale
from theory.problem import Problem


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
