"""Remaining loss and unlearning loss, the two numbers every model is read by."""

import numpy as np

from theory.linalg import Array
from theory.problem import Problem


def remaining_loss(problem: Problem, w: Array) -> float:
    """Return RL, the mean squared error of weights (d,) on the retain rows.

    Definition: |X_r w - y_r|^2 / n_r.
    Shapes: w (d,) -> one number.
    Errors: none.
    Source: theory section 1.
    """
    return mean_square(problem.X_r @ w - problem.y_r)


def unlearning_loss(problem: Problem, w: Array) -> float:
    """Return UL, the mean squared error of weights (d,) on the forget rows.

    Definition: |X_f w - y_f|^2 / n_f.
    Shapes: w (d,) -> one number.
    Errors: none.
    Source: theory section 1.
    """
    return mean_square(problem.X_f @ w - problem.y_f)


def losses(problem: Problem, W: Array) -> tuple[Array, Array]:
    """Return RL and UL of several models at once.

    Definition: `remaining_loss` and `unlearning_loss` of every column.
    Shapes: W (d, k) -> (k,), (k,).
    Errors: none.
    Source: theory section 1.
    """
    squares = (problem.X @ W - problem.y[:, None]) ** 2
    return squares[: problem.n_retain].mean(axis=0), squares[problem.n_retain :].mean(axis=0)


def mean_square(v: Array) -> float:
    """Return the mean of the squares of v (n,)."""
    return float(v @ v) / len(v)


def label_scale(problem: Problem) -> float:
    """Return the scale of losses on the retain rows: mean y_r^2, or mean y^2 where the retain labels are all zero."""
    return mean_square(problem.y_r) or mean_square(problem.y)


def weight_scale(problem: Problem) -> float:
    """Return |w_o| or |w_g|, whichever is larger: what distances are small or large against."""
    return max(float(np.linalg.norm(problem.w_o)), float(np.linalg.norm(problem.w_g)))
