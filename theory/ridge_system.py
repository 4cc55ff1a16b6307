"""The equations of ridge fits to all rows and to the retain rows, factored once for one strength: `RidgeSystem`."""

from functools import cached_property

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs

from theory.linalg import Array, ridge

# Above this share of the Gram matrix's trace a ridge keeps the condition near 1e10 or below: one refinement then leaves
# an error far below 1e-10. Below it every fit goes through an SVD of its own.
SOUND_SHARE = 1e-10


class RidgeSystem:
    """The system (X X' + strength I) a = b for all rows and for the first n_retain of them.

    Definition: the Cholesky factor of the retain rows' system is the leading block of that of all rows.
    Shapes: X (n, d), gram X X' (n, n).
    Errors: none; strength above 0.
    Source: derived here; standard linear algebra.
    """

    def __init__(self, X: Array, gram: Array, n_retain: int, strength: float) -> None:
        self.X, self.gram, self.n_retain, self.strength = X, gram, n_retain, strength

    @cached_property
    def _lower(self) -> Array | None:
        trace = float(np.trace(self.gram))
        if not np.isfinite(trace) or self.strength <= SOUND_SHARE * trace:
            return None
        lower, info = dpotrf(self.gram + self.strength * np.eye(len(self.gram)), lower=1, clean=0)
        return np.asarray(lower) if info == 0 else None

    def _count(self, retain: bool) -> int:
        return self.n_retain if retain else len(self.X)

    def fit(self, labels: Array, retain: bool = False) -> Array:
        """Return the minimiser of |X w - labels|^2 + strength |w|^2 over all rows, or over the retain rows, (d,)."""
        n = self._count(retain)
        X = self.X[:n]
        if self._lower is None:
            return ridge(X, labels, self.strength)
        block = np.asfortranarray(self._lower[:n, :n])
        a = dpotrs(block, labels, lower=1)[0]
        a = a + dpotrs(block, labels - self.gram[:n, :n] @ a - self.strength * a, lower=1)[0]
        return np.asarray(X.T @ a)

    def inverse_hessian(self, v: Array, retain: bool = False) -> Array:
        """Return (X'X + strength I)^-1 v, (d,), without a d x d matrix, with X all rows or the retain rows.

        Definition: (v - X' (X X' + strength I)^-1 X v) / strength, what a ridge fit to the labels X v leaves of v.
        """
        seen = self.X[: self._count(retain)] @ v
        return np.asarray((v - self.fit(seen, retain)) / self.strength)
