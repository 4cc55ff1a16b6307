"""The equations of two sets of rows under a penalty, the first set eliminated: `Elimination`."""

from functools import cached_property

import numpy as np
import scipy.linalg
from scipy.linalg.lapack import dpotrs

from theory.linalg import Array


class Elimination:
    """The system (G + mu diag(n_t, n_f / alpha)) u = b, factored for one mu, every alpha and every b.

    Definition: G = X X' over the rows X = [X_t; X_f]. Cholesky of the first set's block, then one symmetric
    eigendecomposition of what is left of the second set's block, in which every alpha is a diagonal.
    Shapes: gram (n_t + n_f, n_t + n_f); see its functions.
    Errors: none; mu > 0 large enough beside `size` to keep the digits, which who asks has to see to.
    Source: derived here; theory section 4.

    Attributes
    ----------
    size : the largest row sum of the Gram matrix: the scale of the system.
    across : X_f X_t', (n_f, n_t).
    """

    def __init__(self, gram: Array, n_t: int, mu: float) -> None:
        self.gram, self.n_t, self.mu = gram, n_t, mu
        self.size = float(np.abs(gram).sum(axis=0).max())
        self.across = gram[n_t:, :n_t]

    @cached_property
    def _block(self) -> Array:
        block = self.gram[: self.n_t, : self.n_t] + self.mu * self.n_t * np.eye(self.n_t)
        factor: Array = scipy.linalg.cho_factor(block, lower=True, check_finite=False)[0]
        return factor

    def retain(self, right: Array) -> Array:
        """Return B^-1 right, with B the block of the fine-tuning rows."""
        return np.asarray(dpotrs(self._block, right, lower=1)[0])

    @cached_property
    def rest(self) -> tuple[Array, Array, Array]:
        """The bridge B^-1 G_tf, and what is left of the forget rows' block as values and directions."""
        bridge = self.retain(self.across.T)
        left = self.gram[self.n_t :, self.n_t :] - self.across @ bridge
        values, Q = np.linalg.eigh(left)
        return bridge, np.maximum(values, 0.0), Q

    def solve(self, first: Array, second: Array, alphas: Array) -> tuple[Array, Array]:
        """Return u_t (n_t, k) and u_f (n_f, k) for b = [first; second], column i with the i-th alpha, or all with one.

        At alpha = 0 the second set asks for nothing, and its u is 0.
        """
        bridge, values, Q = self.rest
        shrink = alphas / (alphas * values[:, None] + self.mu * len(values))
        u_f = Q @ (shrink * (Q.T @ (second - bridge.T @ first)))
        return self.retain(first - self.across.T @ u_f), u_f
