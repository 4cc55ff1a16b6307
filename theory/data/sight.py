"""What the rows to keep can see of the rows to forget and of the model: `directions` between two row spaces."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.linalg

from theory.linalg import Array
from theory.linalg import directions as singular
from theory.rows import Rows


class Pretrained(Protocol):
    """What has rows and a model trained on all of them: a `Problem` or a `ClassProblem`."""

    @property
    def rows(self) -> Rows:
        """Its rows."""

    @property
    def w_o(self) -> Array:
        """Its pretrained model, (p,) or (p, classes)."""


@dataclass(frozen=True, eq=False)
class Sight:
    """How the row space of the rows to forget lies to that of the rows to keep.

    Definition: inside_i = |P_r x_i|^2 / |x_i|^2 for a row x_i to forget, 0 for a row of zeros; the principal angles
    between the two row spaces, smallest first, in degrees; leftover = |(I - P_r) W_o| / |W_o|.
    Shapes: inside (n_forget,), angles (min of the two ranks,).
    Errors: none.
    Source: derived here; A. Bjorck and G. H. Golub, Numerical methods for computing angles between linear subspaces
    (1973).
    """

    inside: Array
    angles: Array
    leftover: float


def directions(problem: Pretrained) -> Sight:
    """Return how the row space of the rows to forget lies to that of the rows to keep.

    Definition: see `Sight`; the angles from sines where they are small, from cosines where they are large.
    Shapes: see `Sight`.
    Errors: none.
    Source: see `Sight`.
    """
    triangle = problem.rows.spaces[2].triangle
    return _by_spaces(problem) if triangle is None else _by_triangle(problem, triangle)


def _by_triangle(problem: Pretrained, triangle: Array) -> Sight:
    """Return the same where L L' = X X' is at hand: L_fr is what the rows to keep see of the others, L_ff what not."""
    n, size = problem.rows.n_retain, float(np.linalg.norm(problem.w_o))
    seen, unseen = triangle[n:, :n], triangle[n:, n:]
    inside = (seen**2).sum(axis=1) / (triangle[n:] ** 2).sum(axis=1)
    # Rows to forget in a basis of their own, and the part that is seen in one of its own: small matrices, not squared.
    own, other = (scipy.linalg.qr(part.T, mode="r", check_finite=False)[0] for part in (triangle[n:], seen))
    parts = (
        scipy.linalg.solve_triangular(own[: len(seen)], part, trans="T") for part in (other[: len(seen)].T, unseen)
    )
    cosines, sines = (scipy.linalg.svdvals(part, check_finite=False).clip(0, 1) for part in parts)
    said = scipy.linalg.solve_triangular(triangle, problem.rows.X @ problem.w_o, lower=True, check_finite=False)
    leftover = float(np.linalg.norm(said[n:])) / size if size else 0.0
    return Sight(inside, _angles(cosines, np.sort(sines), min(len(seen), n)), leftover)


def _angles(cosines: Array, sines: Array, count: int) -> Array:
    """Return angles, smallest first, from sines where they are small, from cosines where they are large."""
    cosines, sines = cosines[:count], sines[:count]
    return np.degrees(np.where(cosines**2 > 0.5, np.arcsin(sines), np.arccos(cosines)))


def _by_spaces(problem: Pretrained) -> Sight:
    rows, retain = problem.rows, problem.rows.spaces[1]
    X_f, w = rows.X[rows.n_retain :], problem.w_o
    basis = singular(X_f).right
    of_basis = retain.project(basis)
    of_rows = of_basis @ (basis.T @ X_f.T)
    sizes = (X_f**2).sum(axis=1)
    inside = np.divide((of_rows**2).sum(axis=0), sizes, out=np.zeros(len(X_f)), where=sizes > 0).clip(0, 1)
    cosines = scipy.linalg.svdvals(of_basis, check_finite=False).clip(0, 1)
    sines = np.sort(scipy.linalg.svdvals(basis - of_basis, check_finite=False)).clip(0, 1)
    angles = _angles(cosines, sines, min(basis.shape[1], retain.rank))
    size = float(np.linalg.norm(w))
    leftover = float(np.linalg.norm(w - retain.project(w))) / size if size else 0.0
    return Sight(inside, angles, leftover)
