"""From the columns of a table to features: random waves, how long they are, and one column for each class."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from theory.linalg import Array
from theory.spec import whole
from theory.streams import stream

# Streams of a seed.
FREQUENCIES, PHASES = 102, 103
# The rule of the length: this share of the median distance to the nearest other row, of at most so many rows.
NEAREST_SHARE, MOST_ROWS = 0.75, 300


@dataclass(frozen=True, eq=False)
class Waves:
    """Random Fourier features: phi(x) = sqrt(2 / p) cos(A' x + b).

    Definition: A has entries N(0, 1 / length^2), b is uniform on 0 to 2 pi; inner products of features approach those
    of a Gaussian kernel of that length. More of them begin with the same ones.
    Shapes: A (c, p), b (p,).
    Errors: none after construction by `draw`.
    Source: A. Rahimi and B. Recht, Random Features for Large-Scale Kernel Machines (2007).
    """

    A: Array
    b: Array

    @classmethod
    def draw(cls, columns: int, count: int, length: float, seed: int = 0) -> "Waves":
        """Return so many waves over so many columns; Refusal where a count is none."""
        count = whole("count", count, 1, np.inf, "ask for at least one feature")
        seed = whole("seed", seed, 0, np.inf, "use 0, 1, 2, ...")
        A = stream(seed, FREQUENCIES).normal(size=(count, columns)).T / length
        return cls(A, stream(seed, PHASES).uniform(0, 2 * np.pi, count))

    def __call__(self, X: Array) -> Array:
        """Return the features of rows: (n, c) -> (n, p)."""
        return np.asarray(np.sqrt(2 / len(self.b)) * np.cos(X @ self.A + self.b))


def length_scale(X: Array) -> float:
    """Return the length of waves for standardised rows, so that neighbours are told apart and strangers are not alike.

    Definition: 0.75 times the median distance to the nearest other row, among the first 300; 1 where rows coincide.
    Shapes: X (n, c) -> one number.
    Errors: none.
    Source: derived here; the usual median distance of all pairs is too long for tables.
    """
    rows = X[:MOST_ROWS]
    distances = cdist(rows, rows)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.min(axis=1)
    median = float(np.median(nearest))
    return NEAREST_SHARE * median if 0 < median < np.inf else 1.0


def one_hot(labels: Array, classes: int) -> Array:
    """Return one column for each class: 1 where a row is of it, else 0.

    Definition: see above.
    Shapes: labels (n,), whole numbers 0 to classes - 1 -> (n, classes).
    Errors: none.
    Source: standard.
    """
    return np.asarray(labels[:, None] == np.arange(classes), dtype=np.float64)
