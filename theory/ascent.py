"""Climbing the loss of the forget rows: gradient ascent, and ascent held back by the retain rows (NegGrad+)."""

from collections.abc import Sequence

import numpy as np

from theory.damped import START, ridge_pretrained
from theory.linalg import Array
from theory.method import RIDGE_GOLDEN, Method, Parameter
from theory.problem import Problem
from theory.rows import Rows

# What a step may add to the fastest growing residual: a tenth, so that steps count and rounding stays rounding.
GROWTH = 0.1
STEPS = 200


def climbing_step(rows: Rows) -> float:
    """Return c, the step of w <- w + c X_f'(X_f w - y_f): GROWTH / s_max(X_f)^2, or 0 for rows of zeros.

    (2) Half the curvature's step is no choice here, for nothing is stable: the residuals grow by 1 + c s^2 a step.
    """
    *_, steepest = rows.steepest
    return GROWTH / steepest if steepest > 0 else 0.0


def ascent_path(problem: Problem, steps: Sequence[int], ridge: float = 1.0) -> Array:
    """Return gradient ascent on the forget loss after each of the steps, (k, d), without simulating it.

    Definition: from the ridge model w_0, along singular direction i of X_f the residual grows by 1 + c s_i^2 a step, so
    w_k = w_0 + V [((1 + c s^2)^k - 1) / s] U'(X_f w_0 - y_f).
    Shapes: steps (k,) of at least 0.
    Errors: none.
    Source: derived here; the objective is standard.
    """
    start, found = ridge_pretrained(problem, ridge), problem.rows.gone_directions
    residual = found.left.T @ (problem.X_f @ start - problem.y_f)
    grown = np.expm1(np.outer(steps, np.log1p(climbing_step(problem.rows) * found.values**2)))
    return np.asarray(start + (grown * (residual / found.values)) @ found.right.T)


def gradient_ascent(problem: Problem, steps: float = 60, ridge: float = 1.0) -> Array:
    """Climb the forget loss for so many steps, (d,).

    (2) The number of steps is fixed: the best one could only be known by who knows golden (`ascent_path` has them all).
    Source: standard; its closed form is derived here.
    """
    weights: Array = ascent_path(problem, (round(steps),), ridge)[0]
    return weights


def neggrad_plus(problem: Problem, steps: float = 100, beta: float = 0.95, ridge: float = 1.0) -> Array:
    """Descend on beta L_r - (1 - beta) L_f for so many steps, (d,).

    Definition: L are mean squared errors. The step is half the stable one of the first part, or shorter, so that the
    second adds no more than GROWTH a step. Without bound below wherever a forget row leaves the retain row space.
    Source: our reading of Kurmanji et al. 2023 (arXiv 2302.09880); beta as others report it.
    """
    X, y, (_, steepest, gone) = problem.X, problem.y, problem.rows.steepest
    keep, climb = beta / problem.n_retain, (1 - beta) / problem.n_forget
    falls, rises = 2 * keep * steepest, 2 * climb * gone
    step = min(1 / falls if falls > 0 else np.inf, GROWTH / rises if rises > 0 else np.inf)
    w = ridge_pretrained(problem, ridge).copy()
    if not np.isfinite(step):
        return w
    pulls = 2 * step * np.repeat([keep, -climb], [problem.n_retain, problem.n_forget])
    for _ in range(round(steps)):
        w -= X.T @ (pulls * (X @ w - y))
    return w


def _climbed_rows(problem: Problem, steps: float, **_: object) -> int:
    return round(steps) * problem.n_forget


def _stepped_rows(problem: Problem, steps: float, **_: object) -> int:
    return round(steps) * len(problem.X)


def _count(usual: int) -> Parameter:
    return Parameter(
        name="steps", default=usual, low=0, high=STEPS, log=False, help="Steps of gradient descent.", whole=True
    )


ROWS = (
    Method(
        key="gradient_ascent",
        label="Gradient ascent",
        formula=r"w_{k+1} = w_k + c\,X_f'(X_f w_k - y_f)",
        idea="Make the errors on the rows to forget larger, step by step, and stop somewhere.",
        source="standard; its closed form is derived here",
        needs=frozenset({"forget", "pretrained"}),
        parameters=(_count(60), START),
        fit=gradient_ascent,
        reference=RIDGE_GOLDEN,
        touches=_climbed_rows,
        at_interpolation="It stands still: where the rows to forget are fitted there is no error to enlarge.",
    ),
    Method(
        key="neggrad_plus",
        label="NegGrad+",
        formula=r"w_{k+1} = w_k - \eta\,\nabla\left(\beta L_r - (1 - \beta) L_f\right)(w_k)",
        idea="Climb the loss on the rows to forget while descending on the rows to keep.",
        source="our reading of Kurmanji et al. 2023 (arXiv 2302.09880)",
        needs=frozenset({"retain", "forget", "pretrained"}),
        parameters=(
            _count(100),
            Parameter(
                name="beta",
                default=0.95,
                low=0.5,
                high=1.0,
                log=False,
                help="Weight of the rows to keep; the rows to forget have the rest.",
            ),
            START,
        ),
        fit=neggrad_plus,
        reference=RIDGE_GOLDEN,
        touches=_stepped_rows,
        iterated=True,
        at_interpolation="It stands still: both losses are at their bottom, where their difference has a saddle.",
    ),
)
