"""Rows of data without their labels, with the factorisations that every method shares: `Rows`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import numpy as np

from theory.dynamics import steepest_curvature
from theory.elimination import Elimination
from theory.linalg import Array, Directions, RowSpace, block_row_spaces, directions, read_only, row_space
from theory.ridge_system import RidgeSystem
from theory.spec import Blocks


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to keep over rows to forget, and what is factored of them once, whatever their labels.

    Definition: X = [X_r; X_f], of which fine-tuning sees the first retain rows.
    Shapes: X (n_retain + n_forget, d); products (n, n) with n = n_retain + n_forget.
    Errors: none.
    Source: theory section 1.

    Attributes
    ----------
    n_retain, tune_rows : retain rows, and how many of them, the first, fine-tuning sees.
    layout : which features each set uses, where it is known.
    products : X X', where somebody has computed them already: other rows to forget only change their order.
    """

    X: Array
    n_retain: int
    tune_rows: int
    layout: Blocks | None = None
    products: Array | None = None

    @cached_property
    def spaces(self) -> tuple[RowSpace, ...]:
        """Row spaces of X_t, X_r and X, from one factorisation."""
        d = self.X.shape[1]
        shared = slice(0, d) if self.layout is None else self.layout.overlap
        counts = (self.tune_rows, self.n_retain, len(self.X))
        columns = (slice(0, shared.stop), slice(shared.start, d))
        return block_row_spaces(self.X, counts, self.n_retain, columns, self.products)

    @cached_property
    def forget_space(self) -> RowSpace:
        """Row space of the rows to forget."""
        return row_space(self.X[self.n_retain :])

    @cached_property
    def forget_directions(self) -> Array:
        """The columns of X^+ of the rows to forget, (d, n_forget)."""
        picked = np.zeros((len(self.X), len(self.X) - self.n_retain))
        picked[self.n_retain :] = np.eye(picked.shape[1])
        return read_only(self.spaces[2].solve(picked))

    @cached_property
    def steepest(self) -> tuple[float, float, float]:
        """The largest squared singular values of X_t, X_r and X_f: what bounds the steps of gradient descent."""
        kept, n = self.X[: self.n_retain], self.tune_rows
        whole, gone = (steepest_curvature(X) * len(X) for X in (kept, self.X[self.n_retain :]))
        return (whole if n == self.n_retain else steepest_curvature(kept[:n]) * n), whole, gone

    @cached_property
    def tune_directions(self) -> Directions:
        """The singular directions of X_t."""
        return directions(self.X[: self.tune_rows])

    @cached_property
    def gone_directions(self) -> Directions:
        """The singular directions of X_f."""
        return directions(self.X[self.n_retain :])

    @cached_property
    def X_seen(self) -> Array:
        """What a method may see that is given both sets: X_t over X_f, (tune_rows + n_forget, d)."""
        if self.tune_rows == self.n_retain:
            return self.X
        return read_only(np.vstack([self.X[: self.tune_rows], self.X[self.n_retain :]]))

    @cached_property
    def gram_seen(self) -> Array:
        """The products of these rows, X_seen X_seen'."""
        if self.products is not None and self.X_seen is self.X:
            return self.products
        return read_only(self.X_seen @ self.X_seen.T)

    @cached_property
    def seen_space(self) -> RowSpace:
        """Row space of X_seen."""
        return self.spaces[2] if self.X_seen is self.X else row_space(self.X_seen)

    @cached_property
    def elimination(self) -> Callable[[float], Elimination]:
        """What is factored of the regularized objective for one mu; of several, the latest is kept."""
        return lru_cache(maxsize=1)(partial(Elimination, self.gram_seen, self.tune_rows))

    @cached_property
    def ridge_system(self) -> Callable[[float], RidgeSystem]:
        """What is factored of ridge fits for one strength, to all rows and to the retain rows; the latest two."""
        whole = self.gram_seen if self.X_seen is self.X else read_only(self.X @ self.X.T)
        return lru_cache(maxsize=2)(partial(RidgeSystem, self.X, whole, self.n_retain))
