"""Least squares from the rows: the only place that factors a matrix or decides a numerical rank.

Nothing here is larger than X itself except a square of min(n, d) rows; no d x d matrix is formed when d > n.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Protocol

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.linalg.lapack import dpocon, dpotrf, dpotrs, dtrcon

Array = NDArray[np.float64]

# A Gram matrix squares the condition number: below this reciprocal condition (cond(X) about 1e5) one refinement
# step no longer gives the accuracy of an orthogonal factorisation.
GRAM_RCOND = 1e-10
# A ridge above this share of |X|^2 keeps the condition of its system near 1e4 or below, and what a singular value that
# counts as zero adds below rounding.
RIDGE_SHARE = 1e-4
# Where the squared singular values are all above this share of the largest, the eigenvectors of the Gram matrix give
# singular vectors orthogonal to 11 digits or more, in a third of the time of an SVD; a square below the second number
# is too close to underflow to hold all its digits.
EVEN_SHARE, WHOLE_SQUARE = 1e-4, 1e-290
# Small matrices get the rank tolerance of one with this many rows or columns: rounding in a factorisation reaches a few
# units of eps at any size, and 100 of them still leave every condition number up to 4e13 untouched.
RANK_FLOOR = 100


def read_only(array: Array) -> Array:
    """Return the array itself, which nobody can write into any more."""
    array.flags.writeable = False
    return array


def rank_tolerance(shape: tuple[int, int]) -> float:
    """Return the share of the largest singular value below which a singular value counts as zero.

    Definition: max(n, d, 100) eps, numpy.linalg.lstsq's own cut from 100 rows or columns on, so that nothing it solves
    is cut off here; rounding in a factorisation stays below.
    """
    return max(*shape, RANK_FLOOR) * float(np.finfo(float).eps)


def _significant(values: Array, shape: tuple[int, int], largest: float | None = None) -> NDArray[np.bool_]:
    """Return which singular values (largest first) of a matrix of that shape count: the one place that decides.

    `largest` stands in for the first of them where the matrix is what is left of a larger one.
    """
    return np.asarray(values > rank_tolerance(shape) * (values[0] if largest is None else largest))


class _Factors(Protocol):
    """What a factorisation of X must be able to do; B is (n, k) or (n,), V is (d, k) or (d,)."""

    route: str
    rank: int

    def pinv(self, B: Array) -> Array: ...

    def project(self, V: Array) -> Array: ...


class _RowGram:
    """Cholesky factor of X X' (n <= d, full row rank)."""

    route = "gram"

    def __init__(self, X: Array, lower: Array) -> None:
        self.X, self.lower, self.rank = X, np.asfortranarray(lower), len(X)

    def pinv(self, B: Array) -> Array:
        return np.asarray(self.X.T @ dpotrs(self.lower, B, lower=1)[0])

    def project(self, V: Array) -> Array:
        W = self.pinv(self.X @ V)
        return W + self.pinv(self.X @ (V - W))


class _ColumnGram:
    """Cholesky factor of X' X (n > d, full column rank): the row space is everything."""

    route = "gram"

    def __init__(self, X: Array, lower: Array) -> None:
        self.X, self.lower, self.rank = X, lower, X.shape[1]

    def pinv(self, B: Array) -> Array:
        return np.asarray(dpotrs(self.lower, self.X.T @ B, lower=1)[0])

    def project(self, V: Array) -> Array:
        return V.copy()


class _Orthogonal:
    """X = left diag(values) right' with `right` orthonormal, or X' = right R, X = left R: QR and SVD in one form.

    `middle` maps coordinates: pinv(B) = right @ middle(left' B).
    """

    def __init__(self, X: Array) -> None:
        n, d = X.shape
        wide = n <= d
        Q, R = scipy.linalg.qr(X.T if wide else X, mode="economic", check_finite=False)
        self.wide, self.svd = wide, None
        # dtrcon works in the 1-norm, within a factor min(n, d) of the 2-norm the rank rule is stated in.
        if dtrcon(R, norm="1")[0] > min(n, d) * rank_tolerance(X.shape):
            self.Q, self.R, self.route, self.rank = Q, R, "qr", min(n, d)
            return
        U, s, Vt = scipy.linalg.svd(R, full_matrices=False, check_finite=False)
        keep = _significant(s, X.shape)
        self.route, self.rank = "svd", int(keep.sum())
        small_left, small_right = U[:, keep], Vt[keep].T
        # R = U s V'. Wide: X = R' Q' = V s (Q U)'.  Tall: X = Q R = (Q U) s V'.
        self.svd = (small_right, s[keep], Q @ small_left) if wide else (Q @ small_left, s[keep], small_right)

    def pinv(self, B: Array) -> Array:
        if self.svd is not None:
            left, s, right = self.svd
            return np.asarray(right @ ((left.T @ B).T / s).T)
        solve = scipy.linalg.solve_triangular
        if self.wide:
            return np.asarray(self.Q @ solve(self.R, B, trans="T", check_finite=False))
        return np.asarray(solve(self.R, self.Q.T @ B, check_finite=False))

    def project(self, V: Array) -> Array:
        if self.svd is not None:
            right = self.svd[2]
            return np.asarray(right @ (right.T @ V))
        return np.asarray(self.Q @ (self.Q.T @ V)) if self.wide else V.copy()


class _Padded:
    """Factors of the columns from `first` on, of rows that are zero in all others."""

    def __init__(self, inner: _Factors, columns: slice, d: int) -> None:
        self.inner, self.columns, self.d = inner, columns, d
        self.route, self.rank = inner.route, inner.rank

    def _pad(self, W: Array) -> Array:
        padded = np.zeros((self.d, *W.shape[1:]))
        padded[self.columns] = W
        return padded

    def pinv(self, B: Array) -> Array:
        return self._pad(self.inner.pinv(B))

    def project(self, V: Array) -> Array:
        return self._pad(self.inner.project(V[self.columns]))


class _Compressed:
    """Two sets of rows, each on columns of its own and some shared, at least one with more rows than columns.

    Such a set is replaced by as many rows as it has columns, X = Q R with R' R = X' X, which ask for the same: least
    squares on all rows is least squares on the compressed ones, and the row space is theirs.
    """

    route = "gram"

    def __init__(self, sets: Sequence[tuple[slice, slice, Array | None]], X: Array, inner: "RowSpace") -> None:
        self.sets, self.X, self.inner, self.rank = sets, X, inner, inner.rank

    def pinv(self, B: Array) -> Array:
        parts = []
        for rows, columns, lower in self.sets:
            part = B[rows]
            if lower is not None:
                part = scipy.linalg.solve_triangular(
                    lower, self.X[rows, columns].T @ part, lower=True, check_finite=False
                )
            parts.append(part)
        return self.inner._factors.pinv(np.concatenate(parts))

    def project(self, V: Array) -> Array:
        return self.inner.project(V)


@dataclass(frozen=True, eq=False)
class RowSpace:
    """The row space of X and the pseudo-inverse that goes with it.

    Definition: rank r and the projector P = X^+ X, held as a factorisation of the rows.
    Shapes: X (n, d); vectors of weights (d,) or (d, k), of labels (n,) or (n, k).
    Errors: none after construction by `row_space`.
    Source: theory section 1; accuracy as an orthogonal factorisation's (Gram and Cholesky refined once where the
    condition allows it, QR behind it, SVD of R where the rank is not full).
    """

    X: Array
    _factors: _Factors

    @property
    def rank(self) -> int:
        """Numerical rank: singular values above `rank_tolerance` times the largest."""
        return self._factors.rank

    @property
    def route(self) -> str:
        """Which factorisation serves it: "gram", "qr" or "svd"."""
        return self._factors.route

    @property
    def triangle(self) -> Array | None:
        """L with L L' = X X', where independent rows were factored so; None elsewhere. Above its diagonal it is empty.

        (I - P) of later rows, P of the earlier ones, has the products of L's last block: a corner of L holds no more.
        """
        return np.asarray(np.tril(self._factors.lower)) if isinstance(self._factors, _RowGram) else None

    def solve(self, labels: Array) -> Array:
        """Return X^+ labels, the minimum-norm least-squares weights, refined once: (n,) -> (d,), (n, k) -> (d, k)."""
        W = self._factors.pinv(labels)
        return W + self._factors.pinv(labels - self.X @ W)

    def nearest(self, labels: Array, start: Array) -> Array:
        """Return start + X^+ (labels - X start): the least-squares weights closest to `start`.

        Labels (n,) and start (d,) -> (d,); labels (n, 1) or (n, k) and starts (d, k) -> (d, k).
        """
        return start + self.solve(labels - self.X @ start)

    def project(self, v: Array) -> Array:
        """Return P v, the part of v the rows can see: (d,) -> (d,), (d, k) -> (d, k)."""
        return self._factors.project(v)


def _from_gram(X: Array, gram: Array, lower: Array, valid: int) -> RowSpace | None:
    """Return the Gram route for X if its leading Cholesky block is sound, else None."""
    size = len(gram)
    if valid < size or not size:
        return None
    block = np.asfortranarray(lower[:size, :size])
    rcond, info = dpocon(block, np.abs(gram).sum(axis=0).max(), uplo="L")
    if info != 0 or not rcond >= GRAM_RCOND:
        return None
    return RowSpace(X, _RowGram(X, block) if len(X) <= X.shape[1] else _ColumnGram(X, block))


def _gram(A: Array) -> Array:
    """Return A A'; entries too large to square become infinite, which `_cholesky` turns down."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(A @ A.T)


def _cholesky(gram: Array) -> tuple[Array, int]:
    """Return the lower Cholesky factor and the order up to which it is valid (0 if the Gram is not finite)."""
    if not np.isfinite(gram).all():
        return gram, 0
    lower, info = dpotrf(gram, lower=1, clean=0)
    return lower, len(gram) if info == 0 else max(info - 1, 0)


def row_space_with(X: Array, gram: Array) -> RowSpace:
    """Return the row space of X whose smaller Gram matrix is at hand: X X' for n <= d, else X' X.

    Definition: as `row_space`.
    Shapes: X (n, d), gram (min(n, d), min(n, d)).
    Errors: none; both are taken as checked.
    Source: theory section 1.
    """
    return _from_gram(X, gram, *_cholesky(gram)) or RowSpace(X, _Orthogonal(X))


def nested_row_spaces(X: Array, counts: Sequence[int], products: Array | None = None) -> tuple[RowSpace, ...]:
    """Return the row spaces of the first counts[i] rows of X, all from one Gram matrix where that is sound.

    Definition: the Cholesky factor of the first c rows of X X' is the leading block of the whole one's factor.
    Shapes: X (n, d); counts between 1 and n; products X X' (n, n), where they are at hand.
    Errors: none; X is taken as checked (`row_space` checks it).
    Source: theory section 2; design note on one shared Gram.
    """
    d = X.shape[1]
    widest = max((c for c in counts if c <= d), default=0)
    gram = _gram(X[:widest]) if products is None else products[:widest, :widest]
    lower, valid = _cholesky(gram)
    spaces: dict[int, RowSpace] = {}
    for count in counts:
        if count in spaces:
            continue
        rows = X[:count]
        if count <= d:
            space = _from_gram(rows, gram[:count, :count], lower, min(valid, count))
        else:
            space = row_space_with(rows, _gram(rows.T))
        spaces[count] = space or RowSpace(rows, _Orthogonal(rows))
    return tuple(spaces[count] for count in counts)


def block_row_spaces(
    X: Array, counts: Sequence[int], first: int, columns: tuple[slice, slice], products: Array | None = None
) -> tuple[RowSpace, ...]:
    """Return the row spaces of the first counts[i] rows of X: two sets of rows, each zero outside columns of its own.

    Definition: as `nested_row_spaces`; where a set has more rows than columns the Gram matrix of its columns takes the
    place of that of its rows, which would be singular.
    Shapes: X (n, d); the first `first` rows are zero outside columns[0] (from 0 on), the others outside columns[1] (up
    to d); counts between 1 and `first`, or n; products X X' (n, n), where they are at hand.
    Errors: none; X is taken as checked.
    Source: derived here; theory section 1 (the blocks).
    """
    n, d = X.shape
    widths = tuple(c.stop - c.start for c in columns)
    crowded = (first > widths[0], n - first > widths[1])
    plain = tuple(c for c in counts if (c <= min(widths[0], first) if c <= first else not any(crowded)))
    found = dict(zip(plain, nested_row_spaces(X, plain, products), strict=True)) if plain else {}
    for count in counts:
        if count in found:
            continue
        if count <= first:
            rows = X[:count, columns[0]]
            (space,) = nested_row_spaces(rows, (count,))
            found[count] = RowSpace(X[:count], _Padded(space._factors, columns[0], d))
        else:
            found[count] = _compressed(X, first, columns) or RowSpace(X, _Orthogonal(X))
    return tuple(found[count] for count in counts)


def _compressed(X: Array, first: int, columns: tuple[slice, slice]) -> RowSpace | None:
    """Return the row space of two sets of rows, one with more rows than columns; None if that is not sound."""
    sets: list[tuple[slice, slice, Array | None]] = []
    parts = []
    for rows, own in ((slice(0, first), columns[0]), (slice(first, len(X)), columns[1])):
        block, lower = X[rows, own], None
        if len(block) > block.shape[1] == 0:
            return None
        if len(block) > block.shape[1]:
            gram = _gram(block.T)
            factor, valid = _cholesky(gram)
            if _from_gram(block, gram, factor, valid) is None:
                return None
            lower = np.tril(factor)
            block = lower.T
        padded = np.zeros((len(block), X.shape[1]))
        padded[:, own] = block
        sets.append((rows, own, lower))
        parts.append(padded)
    (inner,) = nested_row_spaces(np.concatenate(parts), (sum(map(len, parts)),))
    return RowSpace(X, _Compressed(sets, X, inner))


def checked(name: str, value: object, shape: tuple[int | None, ...], way_out: str) -> Array:
    """Return `value` as a finite float array of that shape (None: any length of at least 1), or raise ValueError."""
    wanted = (
        "(" + ", ".join("at least 1" if s is None else str(s) for s in shape) + ("," if len(shape) == 1 else "") + ")"
    )
    try:
        raw = np.asarray(value)
        if raw.dtype.kind not in "biufO":  # complex numbers, text and dates would convert, silently
            raise TypeError(raw.dtype)
        array = raw.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as problem:
        raise ValueError(
            f"{name} must be real numbers of shape {wanted}, got {type(value).__name__}: {way_out}"
        ) from problem
    fits = array.ndim == len(shape) and all(
        have >= 1 if want is None else have == want for have, want in zip(array.shape, shape, strict=False)
    )
    if not fits:
        raise ValueError(f"{name} must have shape {wanted}, got {array.shape}: {way_out}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got nan or infinity: remove or replace those entries")
    return array


def row_space(X: Array) -> RowSpace:
    """Factor the rows of X once, for any number of solves and projections.

    Definition: see `RowSpace`.
    Shapes: X (n, d), n >= 1, d >= 1.
    Errors: ValueError if X is not a finite matrix with at least one row and one column.
    Source: theory section 1.
    """
    X = checked("X", X, (None, None), "pass a matrix with one row per sample")
    return nested_row_spaces(X, (len(X),))[0]


@dataclass(frozen=True, eq=False)
class Directions:
    """The singular directions of a matrix that count, strongest first.

    Definition: X = left diag(values) right' up to what counts as zero; left and right have orthonormal columns.
    Shapes: values (r,), left (n, r), right (d, r); r may be 0.
    Errors: none.
    Source: theory section 5: each direction of the data has its own pace.
    """

    values: Array
    left: Array
    right: Array


def _thin_svd(X: Array) -> tuple[Array, Array, Array]:
    """Return the thin SVD: from the Gram matrix's eigenvectors where all directions are of similar strength."""
    wide = X.shape[0] <= X.shape[1]
    gram = _gram(X if wide else X.T)
    if np.isfinite(gram).all():
        squares, small = np.linalg.eigh(gram)
        squares, small = squares[::-1], small[:, ::-1]
        if squares[-1] > max(EVEN_SHARE * squares[0], WHOLE_SQUARE):
            s = np.sqrt(squares)
            large = (X.T if wide else X) @ small / s
            return (small, s, large.T) if wide else (large, s, small.T)
    U, s, Vt = scipy.linalg.svd(X, full_matrices=False, check_finite=False)
    return U, s, Vt


def directions(X: Array, beyond: RowSpace | None = None) -> Directions:
    """Return the singular directions of X that count, or of the part of X that the rows of `beyond` cannot see.

    Definition: the thin SVD of X (I - P), P = 0 without `beyond`, without the singular values that count as zero beside
    the largest of X itself.
    Shapes: X (n, d), n >= 1, d >= 1; `beyond` of rows with d columns.
    Errors: ValueError if X is not a finite matrix with at least one row and one column.
    Source: theory section 5.
    """
    X = checked("X", X, (None, None), "pass a matrix with one row per sample")
    part, largest = X, None
    if beyond is not None:
        gram = _gram(X) if len(X) <= X.shape[1] else _gram(X.T)
        top = len(gram) - 1
        largest = float(np.sqrt(scipy.linalg.eigvalsh(gram, subset_by_index=(top, top))[0].clip(0)))
        for _ in range(2):  # once leaves rounding that grows with the condition of the rows; twice is enough
            part = part - beyond.project(part.T).T
    U, s, Vt = _thin_svd(part)
    keep = _significant(s, X.shape, largest)
    return Directions(s[keep], U[:, keep], Vt[keep].T)


def belonging(X: Array, y: Array, start: Array) -> tuple[Array, Array, Array]:
    """Return rows, their labels and weights to start from as arrays of floats.

    Definition: the values as they are.
    Shapes: X (n, d), y (n,), start (d,).
    Errors: ValueError naming the argument whose shape or entries are wrong.
    Source: theory section 1.
    """
    X = checked("X", X, (None, None), "pass a matrix with one row per sample")
    y = checked("y", y, (X.shape[0],), "pass one label per row of X")
    return X, y, checked("start", start, (X.shape[1],), "pass one weight per column of X")


def nearest(X: Array, y: Array, start: Array) -> Array:
    """Return the least-squares minimiser closest to `start`.

    Definition: N(X, y; w_0) = w_0 + X^+ (y - X w_0), the limit of gradient descent from w_0 with any stable step.
    Shapes: X (n, d), y (n,), start (d,) -> (d,).
    Errors: ValueError naming the argument whose shape or entries are wrong.
    Source: theory section 1; fine-tuning is this with the retain rows and the pretrained start.
    """
    X, y, start = belonging(X, y, start)
    return nested_row_spaces(X, (len(X),))[0].nearest(y, start)


def min_norm(X: Array, y: Array) -> Array:
    """Return the least-squares minimiser of smallest norm.

    Definition: X^+ y = N(X, y; 0), what gradient descent from zero reaches.
    Shapes: X (n, d), y (n,) -> (d,).
    Errors: ValueError naming the argument whose shape or entries are wrong.
    Source: theory section 1; training from scratch.
    """
    X = checked("X", X, (None, None), "pass a matrix with one row per sample")
    y = checked("y", y, (X.shape[0],), "pass one label per row of X")
    return nested_row_spaces(X, (len(X),))[0].solve(y)


def ridge(X: Array, y: Array, strength: float) -> Array:
    """Return the minimiser of |X w - y|^2 + strength |w|^2.

    Definition: X' (X X' + strength I)^-1 y; singular values that count as zero stay zero; strength 0 is its limit, the
    minimum-norm solution.
    Shapes: X (n, d), y (n,) -> (d,).
    Errors: ValueError naming the argument whose shape, entries or sign are wrong.
    Source: theory sections 1 and 2 (I7: with the mean loss and weight decay lambda, strength = n lambda). Gram and
    Cholesky where the strength alone bounds the condition; else the thin SVD, where a tiny strength costs no digits.
    """
    X = checked("X", X, (None, None), "pass a matrix with one row per sample")
    y = checked("y", y, (X.shape[0],), "pass one label per row of X")
    if not (isinstance(strength, Real) and np.isfinite(strength) and strength >= 0):
        raise ValueError(f"strength must be at least 0 and finite, got {strength!r}: use 0 for no penalty")
    if strength == 0:
        return min_norm(X, y)
    n, d = X.shape
    gram = _gram(X if n <= d else X.T)
    if strength > RIDGE_SHARE * np.trace(gram):
        gram.flat[:: len(gram) + 1] += strength
        lower, _ = _cholesky(gram)
        solved = dpotrs(lower, y if n <= d else X.T @ y, lower=1)[0]
        return np.asarray(X.T @ solved if n <= d else solved)
    U, s, Vt = scipy.linalg.svd(X, full_matrices=False, check_finite=False)
    with np.errstate(divide="ignore", over="ignore"):  # s / (s^2 + strength) without squaring; 0 where s is 0
        shrink = np.where(_significant(s, X.shape), 1.0 / (s + strength / s), 0.0)
    return np.asarray(Vt.T @ ((U.T @ y) * shrink))
