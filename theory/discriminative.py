"""Discriminative regularization: the forget rows pushed to a target, in closed form for a whole path of weights alpha.

J(w) = |X_t w - y_t|^2 / n_t + alpha |X_f w - t|^2 / n_f + mu |w - w_o|^2, theory section 4.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from numbers import Real
from types import MappingProxyType

import numpy as np

from theory.elimination import Elimination
from theory.linalg import Array, nearest, ridge
from theory.problem import Problem

# What the forget rows may be pushed to, each in one sentence.
TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "shuffled": "Every row to forget gets the label of another row to forget, drawn from the Spec's seed.",
        "zero": "Every row to forget gets the label 0, what a model that knows nothing would say.",
        "opposite": "Every row to forget gets its own label with the sign turned round.",
        "oracle": "Every row to forget gets golden's prediction: for teaching only, since golden has to be known.",
    }
)
# Where mu is below this share of the rows' own scale, the elimination of the retain rows would lose more digits than
# one refinement brings back: every alpha is then solved by itself, through an SVD.
SOUND = 1e-7


_TARGET: Mapping[str, Callable[[Problem], Array]] = {
    "shuffled": lambda problem: problem.y_f[problem.shuffled],
    "zero": lambda problem: np.zeros(problem.n_forget),
    "opposite": lambda problem: -problem.y_f,
    "oracle": lambda problem: problem.X_f @ problem.w_g,
}


def target_labels(problem: Problem, target: str) -> Array:
    """Return t, what discriminative regularization pushes the forget rows to.

    Definition: see `TARGETS`; "shuffled" is a random cycle over the rows, so no row keeps its own label (one row alone
    has no other label to take, and keeps it).
    Shapes: (n_forget,).
    Errors: ValueError if the target is not in TARGETS.
    Source: theory section 4; our reading of arXiv 2410.03833v1, section 5.
    """
    if target not in _TARGET:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, got {target!r}: choose one of these")
    return _TARGET[target](problem)


def _weight(name: str, value: float) -> float:
    if isinstance(value, bool) or not (isinstance(value, Real) and math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} must be a finite number of at least 0, got {value!r}: use 0 to switch the term off")
    return float(value)


def _weights(alphas: Sequence[float] | Array) -> Array:
    return np.array([_weight("alpha", alpha) for alpha in alphas])


def objective_rows(problem: Problem, alpha: float, target: str) -> tuple[Array, Array]:
    """Return (A, b) with |A w - b|^2 = |X_t w - y_t|^2 / n_t + alpha |X_f w - t|^2 / n_f, the regularized objective.

    Definition: the stacked rows and labels, each set divided by the root of its number of rows.
    Shapes: A (n_tune + n_forget, d), b (n_tune + n_forget,).
    Errors: ValueError for an alpha that is negative or not finite, or a target that is not in TARGETS.
    Source: theory section 4.
    """
    alpha = _weight("alpha", alpha)
    retain, forget = 1 / math.sqrt(len(problem.y_t)), math.sqrt(alpha / problem.n_forget)
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
    space = problem.rows.seen_space
    if space.rank < len(problem.rows.X_seen):
        return _one_by_one(problem, alphas, target, 0.0)
    together = space.nearest(np.concatenate([problem.y_t, target_labels(problem, target)]), problem.w_o)
    alone = problem.tune_space.nearest(problem.y_t, problem.w_o)
    return np.where(alphas[:, None] > 0, together, alone)


class Push:
    """The minimisers of J as functions of the weights alpha, everything else factored once.

    Definition: w = w_o + X' u, with (G + mu diag(n_t, n_f / alpha)) u = [y_t; t] - X w_o and G = X X' over the rows
    X = [X_t; X_f], by `Elimination`. mu = 0 is the limit of small mu: the minimiser nearest to w_o.
    Shapes: see its functions.
    Errors: ValueError for a mu, and from its functions for an alpha, that is negative or not finite, or a target that
    is not in TARGETS.
    Source: theory section 4; our reading of arXiv 2410.03833v1, section 5 (the closed form is derived here).
    """

    def __init__(self, problem: Problem, target: str, mu: float) -> None:
        self.problem, self.target, self.mu = problem, target, _weight("mu", mu)
        self.t = target_labels(problem, target)

    @cached_property
    def _factors(self) -> Elimination:
        return self.problem.rows.elimination(self.mu)

    @cached_property
    def _unpushed(self) -> Array:
        """What the forget rows miss of their targets at alpha = 0, along each direction of the factors."""
        bridge, _, Q = self._factors.rest
        missed_t, missed_f = self._missed
        return np.asarray(Q.T @ (missed_f - bridge.T @ missed_t))

    @cached_property
    def _missed(self) -> tuple[Array, Array]:
        """What w_o misses of the labels y_t, and of the targets t."""
        missed = np.concatenate([self.problem.y_t, self.t]) - self.problem.rows.X_seen @ self.problem.w_o
        return missed[: len(self.problem.y_t)], missed[len(self.problem.y_t) :]

    def _sound(self, alphas: Array) -> bool:
        """Whether the elimination keeps its digits: the least penalty in the equations is mu n_t or mu n_f / alpha."""
        largest = alphas.max(initial=0.0)
        least = self.mu * min(len(self.problem.y_t), self.problem.n_forget / largest if largest > 0 else math.inf)
        return self.mu > 0 and bool(least > SOUND * self._factors.size)

    def weights(self, alphas: Sequence[float] | Array) -> Array:
        """Return the minimiser for every alpha, refined once: (k,) -> (k, d)."""
        at, problem, mu = _weights(alphas), self.problem, self.mu
        if mu == 0:
            return _at_no_closeness(problem, at, self.target)
        if not self._sound(at):
            return _one_by_one(problem, at, self.target, mu)
        factors, n_t, n_f = self._factors, len(problem.y_t), problem.n_forget
        missed_t, missed_f = (missed[:, None] for missed in self._missed)
        u_t, u_f = factors.solve(missed_t, missed_f, at)
        seen = factors.gram @ np.vstack([u_t, u_f])
        off_t, off_f = missed_t - seen[:n_t] - mu * n_t * u_t, missed_f - seen[n_t:]
        with np.errstate(divide="ignore", invalid="ignore"):  # at alpha = 0 the forget rows ask for nothing
            off_f = np.where(at > 0, off_f - mu * n_f / at * u_f, 0.0)
        more_t, more_f = factors.solve(off_t, off_f, at)
        return np.asarray(problem.w_o + np.vstack([u_t + more_t, u_f + more_f]).T @ problem.rows.X_seen)

    def unlearning_losses(self, alphas: Sequence[float] | Array) -> Array:
        """Return UL of the minimiser for every alpha, (k,) -> (k,), without the weights where that is sound.

        The equations themselves say what a forget row still misses of its target: t - X_f w = (mu n_f / alpha) u_f,
        along each direction mu n_f / (alpha value + mu n_f) of what it missed at alpha = 0.
        """
        at, y_f, n_f = _weights(alphas), self.problem.y_f, self.problem.n_forget
        if self._sound(at):
            _, values, Q = self._factors.rest
            share = self.mu * n_f / (at * values[:, None] + self.mu * n_f)
            errors = (self.t - y_f)[:, None] - Q @ (share * self._unpushed[:, None])
        else:
            errors = self.problem.X_f @ self.weights(at).T - y_f[:, None]
        return np.asarray((errors**2).sum(axis=0) / n_f)


def discriminative_path(problem: Problem, alphas: Sequence[float] | Array, target: str, mu: float) -> Array:
    """Return the minimiser of J for every alpha, all from one factorisation.

    Definition: see `Push`.
    Shapes: alphas (k,) -> (k, d).
    Errors: ValueError for an alpha or mu that is negative or not finite, or a target that is not in TARGETS.
    Source: theory section 4; our reading of arXiv 2410.03833v1, section 5.
    """
    return Push(problem, target, mu).weights(alphas)
