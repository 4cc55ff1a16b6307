"""Gradient descent on the mean squared error: any step in closed form, and the plain simulation it must equal."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from theory.linalg import Array, Directions, belonging, directions


@dataclass(frozen=True, eq=False)
class Path:
    """Weights of gradient descent at chosen steps.

    Definition: w_k for every chosen k, and where they lead.
    Shapes: steps (k,) whole numbers, weights (k, d), limit (d,) the weights after infinitely many stable steps.
    Errors: none.
    Source: theory section 5.
    """

    steps: NDArray[np.int64]
    weights: Array
    limit: Array


def steepest_curvature(X: Array, found: Directions | None = None) -> float:
    """Return s_max^2 / n, with s_max the largest singular value of X (n, d): half the largest curvature of the loss.

    `found` are the directions of X, where they are at hand. Source: theory section 5.
    """
    if found is not None:
        return float(found.values[0]) ** 2 / len(X) if len(found.values) else 0.0
    gram = X @ X.T if X.shape[0] <= X.shape[1] else X.T @ X
    top = len(gram) - 1
    return float(scipy.linalg.eigvalsh(gram, subset_by_index=(top, top))[0]) / len(X)


def largest_stable_step(X: Array, decay: float = 0.0, found: Directions | None = None) -> float:
    """Return the step size below which gradient descent on |X w - y|^2 / n + decay |w|^2 converges.

    Definition: 1 / (s_max^2 / n + decay), with s_max the largest singular value of X; infinite for X = 0, decay = 0.
    `found` are the directions of X, where they are at hand.
    Shapes: X (n, d).
    Errors: none.
    Source: theory section 5.
    """
    steepest = steepest_curvature(X, found) + decay
    return 1.0 / steepest if steepest > 0 else np.inf


def gradient_path(
    X: Array,
    y: Array,
    start: Array,
    steps: Sequence[int],
    step_size: float,
    decay: float = 0.0,
    found: Directions | None = None,
) -> Path:
    """Return gradient descent on L(w) = |X w - y|^2 / n + decay |w|^2 at the chosen steps, without simulating it.

    Definition: along right singular vector i the distance to the limit shrinks by 1 - 2 step_size (s_i^2 / n + decay) a
    step, and by 1 - 2 step_size decay outside the row space: by nothing at all without decay. `found` are the
    directions of X, where they are at hand.
    Shapes: X (n, d), y (n,), start (d,), steps (k,) whole numbers >= 0 -> Path with weights (k, d).
    Errors: ValueError for a negative step, step size or decay, or for arrays of the wrong shape.
    Source: theory section 5.
    """
    at = np.asarray(steps)
    if at.ndim != 1 or not np.issubdtype(at.dtype, np.integer) or (at < 0).any():
        raise ValueError(f"steps must be whole numbers of at least 0, got {steps!r}: use 0 for the start itself")
    for name, value in (("step_size", step_size), ("decay", decay)):
        if not (isinstance(value, Real) and np.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be at least 0 and finite, got {value!r}: use 0 to switch it off")
    X, y, start = belonging(X, y, start)
    found = found or directions(X)
    s, V = found.values, found.right
    along = V.T @ start
    outside = start - V @ along
    end = s * (found.left.T @ y) / (s**2 + len(X) * decay)
    limit = V @ end + (outside if decay == 0 else 0.0)  # what the rows do not see stays, or decays to zero
    rate = 1.0 - 2.0 * step_size * (s**2 / len(X) + decay)
    weights = limit + (rate ** at[:, None] * (along - end)) @ V.T
    if decay > 0:
        weights += (1.0 - 2.0 * step_size * decay) ** at[:, None] * outside
    return Path(at.astype(np.int64), weights, limit)


def gradient_length(X: Array, y: Array, weights: Array) -> Array:
    """Return the length of the gradient of |X w - y|^2 / n at every row of `weights`: what one step would follow.

    Definition: |2 X' (X w - y) / n|.
    Shapes: X (n, d), y (n,), weights (k, d) -> (k,).
    Errors: none; arrays are taken as checked.
    Source: theory section 5.
    """
    residuals = weights @ X.T - y
    return np.asarray(np.linalg.norm(2.0 / len(X) * (residuals @ X), axis=1))


def simulate(X: Array, y: Array, start: Array, steps: int, step_size: float, decay: float = 0.0) -> Array:
    """Return the weights after `steps` plain gradient steps on |X w - y|^2 / n + decay |w|^2, (d,).

    Definition: w <- w - step_size * gradient, one step after the other.
    Shapes: X (n, d), y (n,), start (d,).
    Errors: none; arrays are taken as checked.
    Source: the definition itself; `gradient_path` must equal it.
    """
    w = start.copy()
    for _ in range(steps):
        w -= step_size * (2.0 / len(X) * (X.T @ (X @ w - y)) + 2.0 * decay * w)
    return w
