"""Discriminative regularization: the forget rows pushed to a target, in closed form for a whole path of weights alpha.

J(w) = |X_t w - y_t|^2 / n_t + alpha |X_f w - t|^2 / n_f + mu |w - w_o|^2, theory section 4.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from types import MappingProxyType

import numpy as np
import scipy.linalg

from theory.linalg import Array, nearest, ridge, row_space
from theory.problem import Problem

# What the forget rows may be pushed to, each in one sentence.
TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "shuffled": "Every forget row gets the label of another forget row, drawn from the Spec's seed.",
        "zero": "Every forget row gets the label 0, what a model that knows nothing would say.",
        "opposite": "Every forget row gets its own label with the sign turned round.",
        "oracle": "Every forget row gets golden's prediction: for teaching only, since golden has to be known.",
    }
)
# Where mu is below this share of the rows' own scale, the elimination of the retain rows would lose more digits than
# one refinement brings back: every alpha is then solved by itself, through an SVD.
SOUND = 1e-7


def _shuffled(problem: Problem) -> Array:
    rows = problem.spec.n_forget
    order = np.random.default_rng(problem.shuffle_stream).permutation(rows)
    # Along a random cycle every row gets the label of the next: no row keeps its own place.
    labels = np.empty(rows)
    labels[order] = problem.y_f[np.roll(order, -1)]
    return labels


_TARGET: Mapping[str, Callable[[Problem], Array]] = {
    "shuffled": _shuffled,
    "zero": lambda problem: np.zeros(problem.spec.n_forget),
    "opposite": lambda problem: -problem.y_f,
    "oracle": lambda problem: problem.X_f @ problem.w_g,
}


def target_labels(problem: Problem, target: str) -> Array:
    """Return t, what discriminative regularization pushes the forget rows to.

    Definition: see `TARGETS`; "shuffled" is a random cycle over the rows, so no row keeps its own label (one row alone
    has no other label to take, and keeps it).
    Shapes: (n_forget,).
    Errors: ValueError if the target is not in TARGETS.
    Source: theory section 4; arXiv 2410.03833v1, section 5.
    """
    if target not in _TARGET:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, got {target!r}: choose one of these")
    return _TARGET[target](problem)


def _weight(name: str, value: float) -> float:
    if isinstance(value, bool) or not (isinstance(value, Real) and math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} must be a finite number of at least 0, got {value!r}: use 0 to switch the term off")
    return float(value)


def objective_rows(problem: Problem, alpha: float, target: str) -> tuple[Array, Array]:
    """Return (A, b) with |A w - b|^2 = |X_t w - y_t|^2 / n_t + alpha |X_f w - t|^2 / n_f, the regularized objective.

    Definition: the stacked rows and labels, each set divided by the root of its number of rows.
    Shapes: A (n_tune + n_forget, d), b (n_tune + n_forget,).
    Errors: ValueError for an alpha that is negative or not finite, or a target that is not in TARGETS.
    Source: theory section 4.
    """
    alpha = _weight("alpha", alpha)
    retain, forget = 1 / math.sqrt(len(problem.y_t)), math.sqrt(alpha / problem.spec.n_forget)
    t = target_labels(problem, target)
    return (
        np.vstack([retain * problem.X_t, forget * problem.X_f]),
        np.concatenate([retain * problem.y_t, forget * t]),
    )


def _one_by_one(problem: Problem, alphas: Array, target: str, mu: float) -> Array:
    """Return the minimisers with a factorisation each; at mu = 0 the one nearest to w_o."""
    w_o = problem.w_o
    found = np.empty((len(alphas), len(w_o)))
    for i, alpha in enumerate(alphas):
        if alpha == 0 and mu == 0:
            found[i] = problem.tune_space.nearest(problem.y_t, w_o)
            continue
        A, b = objective_rows(problem, float(alpha), target)
        found[i] = nearest(A, b, w_o) if mu == 0 else w_o + ridge(A, b - A @ w_o, mu)
    return found


def _at_no_closeness(problem: Problem, alphas: Array, target: str) -> Array:
    """Return the limit mu -> 0: where all rows can be fitted together, every alpha > 0 has one minimiser."""
    X = np.vstack([problem.X_t, problem.X_f])
    space = row_space(X)
    if space.rank < len(X):
        return _one_by_one(problem, alphas, target, 0.0)
    together = space.nearest(np.concatenate([problem.y_t, target_labels(problem, target)]), problem.w_o)
    alone = problem.tune_space.nearest(problem.y_t, problem.w_o)
    return np.where(alphas[:, None] > 0, together, alone)


def discriminative_path(problem: Problem, alphas: Sequence[float] | Array, target: str, mu: float) -> Array:
    """Return the minimiser of J for every alpha, all from one factorisation.

    Definition: w = w_o + X' u, with (G + mu diag(n_t, n_f / alpha)) u = [y_t; t] - X w_o and G = X X' over the rows
    X = [X_t; X_f]. Cholesky of the fine-tuning rows' block, then one symmetric eigendecomposition of what is left of
    the forget rows' block, in which every alpha is a diagonal; refined once. mu = 0 is the limit of small mu: the
    minimiser nearest to w_o.
    Shapes: alphas (k,) -> (k, d).
    Errors: ValueError for an alpha or mu that is negative or not finite, or a target that is not in TARGETS.
    Source: theory section 4; arXiv 2410.03833v1, section 5 (the closed form is derived here).
    """
    at = np.array([_weight("alpha", alpha) for alpha in alphas])
    mu, t = _weight("mu", mu), target_labels(problem, target)
    if mu == 0:
        return _at_no_closeness(problem, at, target)
    n_t, n_f = len(problem.y_t), problem.spec.n_forget
    X = np.vstack([problem.X_t, problem.X_f])
    gram = X @ X.T
    # alpha / (alpha G + mu n_f) tends to the inverse of G as alpha grows: the last penalty there still is decides.
    least = mu * min(n_t, n_f / at.max() if at.max() > 0 else math.inf)
    if not least > SOUND * float(np.abs(gram).sum(axis=0).max()):
        return _one_by_one(problem, at, target, mu)

    across = gram[n_t:, :n_t]
    block = scipy.linalg.cho_factor(gram[:n_t, :n_t] + mu * n_t * np.eye(n_t), lower=True, check_finite=False)
    bridge = scipy.linalg.cho_solve(block, across.T, check_finite=False)  # B^-1 G_tf
    values, Q = scipy.linalg.eigh(gram[n_t:, n_t:] - across @ bridge, check_finite=False, driver="evd")
    shrink = at / (at * np.maximum(values, 0.0)[:, None] + mu * n_f)  # (n_f, k); 0 where alpha is 0

    def solve(retain: Array, forget: Array) -> tuple[Array, Array]:
        u_f = Q @ (shrink * (Q.T @ (forget - bridge.T @ retain)))
        return scipy.linalg.cho_solve(block, retain - across.T @ u_f, check_finite=False), u_f

    missed = np.concatenate([problem.y_t, t]) - X @ problem.w_o
    right = np.repeat(missed[:, None], len(at), axis=1)
    u_t, u_f = solve(right[:n_t], right[n_t:])
    off = right - gram @ np.vstack([u_t, u_f])
    with np.errstate(divide="ignore", invalid="ignore"):
        penalty = np.where(at > 0, mu * n_f / at * u_f, off[n_t:])  # at alpha = 0 the forget rows ask for nothing
    more_t, more_f = solve(off[:n_t] - mu * n_t * u_t, off[n_t:] - penalty)
    return np.asarray(problem.w_o + np.vstack([u_t + more_t, u_f + more_f]).T @ X)
