"""Rows, labels or features corrected by one step: first order, influence, and Newton's, which is exact."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from theory.damped import RIDGE, ridge_pretrained
from theory.dynamics import steepest_curvature
from theory.linalg import Array, checked, ridge
from theory.method import RIDGE_GOLDEN, Method, Parameter
from theory.problem import Problem
from theory.spec import Refusal

# Which Hessian divides the change of the gradient: that of the corrected data, or that of the data as they were.
ORDERS = ("newton", "influence", "first_order")


def correction_step(
    X: Array, y: Array, corrected: tuple[Array, Array], strength: float, order: str = "newton", share: float = 1.0
) -> Array:
    """Return the ridge weights of (X, y) after one step towards those of corrected data, (d,).

    Definition: w = argmin |X w - y|^2 + strength |w|^2, g = X_c'(X_c w - y_c) - X'(X w - y) the change of the gradient.
    "newton": w - (X_c'X_c + strength I)^-1 g, which is retraining itself; "influence": the same with the Hessian of X;
    "first_order": w - share g / L, with L = s_max(X_c)^2 + strength, the largest curvature of the corrected data.
    Shapes: X (n, d), y (n,), corrected (m, d) and (m,); strength above 0.
    Errors: Refusal for an order that is not in ORDERS.
    Source: our reading of arXiv 2108.11577 (first and second order updates; which Hessian is its authors' code).
    """
    if order not in ORDERS:
        raise Refusal(
            "order must be one of {orders}, got {order!r}: choose newton for the exact step",
            {"orders": ", ".join(ORDERS), "order": order},
        )
    X_c, y_c = corrected
    w = ridge(X, y, strength)
    change = X_c.T @ (X_c @ w - y_c) - X.T @ (X @ w - y)
    if order == "first_order":
        # (4) L is that of the corrected data: s_max(X_r)^2 + strength where rows are deleted.
        curvature = steepest_curvature(X_c) * len(X_c) + strength
        return np.asarray(w - share / curvature * change)
    curved = X_c if order == "newton" else X
    # The inverse Hessian times the change, without a d x d matrix: what a ridge fit to its outputs leaves of it.
    return np.asarray(w - (change - ridge(curved, curved @ change, strength)) / strength)


def relabelled(problem: Problem, labels: ArrayLike, strength: float = 1.0, order: str = "newton") -> Array:
    """Give the forget rows other labels by one step, (d,): exact with either Hessian, since labels leave it as it is.

    Definition: `correction_step` with the same rows.
    Shapes: labels (n_forget,).
    Errors: ValueError for labels of another shape, Refusal for an order that is not in ORDERS.
    Source: our reading of arXiv 2108.11577.
    """
    labels = checked("labels", labels, (problem.n_forget,), "pass one label per row to forget")
    corrected = np.concatenate([problem.y_r, labels])
    return correction_step(problem.X, problem.y, (problem.X, corrected), strength, order)


def without_features(problem: Problem, columns: Sequence[int], strength: float = 1.0, order: str = "newton") -> Array:
    """Revoke features by one step, (d,): retraining on rows that are zero there, so their weights become zero.

    Definition: with the Hessian of the old data ("influence") a revoked weight is amplified by 1 / strength instead.
    Shapes: columns counted from 0.
    Errors: Refusal for columns there are not, or for all of them.
    Source: our reading of arXiv 2108.11577.
    """
    gone = sorted(set(columns))
    if not gone or gone[0] < 0 or gone[-1] >= problem.d or len(gone) == problem.d:
        raise Refusal(
            "columns must be some of the {d} features, counted from 0, but not all, got {count}: leave at least one",
            {"d": problem.d, "count": len(gone)},
        )
    X = problem.X.copy()
    X[:, gone] = 0.0
    return correction_step(problem.X, problem.y, (X, problem.y), strength, order)


def _pull(problem: Problem, strength: float) -> tuple[Array, Array]:
    """Return the ridge model of all rows and what the forget rows add to its gradient, turned round."""
    w = ridge_pretrained(problem, strength)
    return w, problem.X_f.T @ (problem.y_f - problem.X_f @ w)


def newton(problem: Problem, ridge: float = 1.0) -> Array:
    """Take the forget rows out of the ridge model by one Newton step, (d,): the ridge golden model.

    Source: our reading of arXiv 2108.11577, the second order update at the corrected data.
    """
    w, pull = _pull(problem, ridge)
    return w - problem.rows.ridge_system(ridge).inverse_hessian(pull, retain=True)


def influence(problem: Problem, ridge: float = 1.0) -> Array:
    """Take them out by one step with the Hessian of all rows, (d,): what influence functions do.

    Definition: w - (X'X + ridge I)^-1 X_f'(y_f - X_f w); its error is (A_r^-1 - A^-1) X_f'(y_f - X_f w) with A and A_r
    the two Hessians.
    Source: our reading of arXiv 2108.11577, the influence mode of its authors' code.
    """
    w, pull = _pull(problem, ridge)
    return w - problem.rows.ridge_system(ridge).inverse_hessian(pull)


def first_order(problem: Problem, ridge: float = 1.0, share: float = 1.0) -> Array:
    """Take them out by one gradient step of the length share / L, (d,), L = s_max(X_r)^2 + ridge.

    Source: our reading of arXiv 2108.11577, the first order update.
    """
    w, pull = _pull(problem, ridge)
    _, steepest, _ = problem.rows.steepest
    return np.asarray(w - share / (steepest + ridge) * pull)


def _all_rows(problem: Problem, **_: object) -> int:
    return len(problem.X)


def _forget_rows(problem: Problem, **_: object) -> int:
    return problem.n_forget


_BOTH = frozenset({"retain", "forget", "pretrained"})
ROWS = (
    Method(
        key="newton",
        label="Newton step",
        formula=r"w_\lambda - (X_r'X_r + \lambda I)^{-1} X_f'(y_f - X_f w_\lambda)",
        idea="One step that divides the change of the gradient by the curvature of the rows that stay.",
        source="our reading of arXiv 2108.11577, the second order update at the corrected data",
        needs=_BOTH,
        parameters=(RIDGE,),
        fit=newton,
        reference=RIDGE_GOLDEN,
        touches=_all_rows,
        at_interpolation="It ends at the ridge golden model; the less ridge, the more it divides by it where the rows "
        "to keep see nothing.",
        seeds_paper="2108.11577",
    ),
    Method(
        key="influence",
        label="Influence step",
        formula=r"w_\lambda - (X'X + \lambda I)^{-1} X_f'(y_f - X_f w_\lambda)",
        idea="The same step with the curvature of all rows, so that nothing has to be factored again.",
        source="our reading of arXiv 2108.11577, the influence mode of its authors' code",
        needs=_BOTH,
        parameters=(RIDGE,),
        fit=influence,
        reference=RIDGE_GOLDEN,
        touches=_all_rows,
        at_interpolation="It hardly moves: the errors on the rows to forget, which drive it, are nearly zero.",
        seeds_paper="2108.11577",
    ),
    Method(
        key="first_order",
        label="First-order step",
        formula=r"w_\lambda - \tau\, X_f'(y_f - X_f w_\lambda),\quad \tau = \mathrm{share} / L",
        idea="One plain gradient step in place of the curvature: cheap, and short.",
        source="our reading of arXiv 2108.11577, the first order update",
        needs=_BOTH,
        parameters=(
            RIDGE,
            Parameter(
                name="share",
                default=1.0,
                low=0.0,
                high=math.nextafter(2.0, 0.0),
                log=False,
                help="Length of the step as a share of 1 / L; from 2 on such steps do not converge.",
            ),
        ),
        fit=first_order,
        reference=RIDGE_GOLDEN,
        touches=_forget_rows,
        at_interpolation="It hardly moves: the errors on the rows to forget, which drive it, are nearly zero.",
        seeds_paper="2108.11577",
    ),
)
