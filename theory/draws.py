"""Gaussian data from a seed: the numbers that every draw shows part of, and the Problems made of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from theory.linalg import Array, read_only
from theory.problem import FreshRows, Problem, Truth
from theory.rows import Rows
from theory.spec import Blocks, Spec
from theory.streams import (
    FORGET,
    FORGET_NOISE,
    FRESH_FORGET,
    FRESH_FORGET_NOISE,
    FRESH_RETAIN,
    FRESH_RETAIN_NOISE,
    RETAIN,
    RETAIN_NOISE,
    ROTATION,
    WEIGHTS,
    stream,
)


@dataclass(frozen=True, eq=False)
class Numbers:
    """All random numbers of the training data of one seed: every overlap, noise and smaller set shows part of them.

    Definition: w* ~ N(0, I/d), Gaussian rows over all features and label noise in units of its standard deviation.
    Shapes: w_star (d,), X_r (n_retain, d), X_f (n_forget, d), noise_r (n_retain,), noise_f (n_forget,).
    Errors: none.
    Source: theory section 1.
    """

    w_star: Array
    X: Array
    units: Array
    n_retain: int

    @property
    def X_r(self) -> Array:
        """Numbers of the retain rows."""
        return self.X[: self.n_retain]

    @property
    def X_f(self) -> Array:
        """Numbers of the forget rows."""
        return self.X[self.n_retain :]

    @property
    def noise_r(self) -> Array:
        """Noise of the retain labels, in units of sigma."""
        return self.units[: self.n_retain]

    @property
    def noise_f(self) -> Array:
        """Noise of the forget labels, in units of sigma."""
        return self.units[self.n_retain :]


def numbers(seed: int, d: int, n_retain: int, n_forget: int) -> Numbers:
    """Return the numbers of a seed for d features and so many rows; those of fewer rows are the first of them."""
    X = np.empty((n_retain + n_forget, d))
    stream(seed, RETAIN).standard_normal(out=X[:n_retain])
    stream(seed, FORGET).standard_normal(out=X[n_retain:])
    units = np.concatenate(
        [stream(seed, RETAIN_NOISE).standard_normal(n_retain), stream(seed, FORGET_NOISE).standard_normal(n_forget)]
    )
    return Numbers(stream(seed, WEIGHTS).standard_normal(d) / np.sqrt(d), X, units, n_retain)


def fresh_retain(seed: int, rows: int, columns: int) -> tuple[Array, Array]:
    """Return held-out retain rows on the columns they use, and their noise in units of sigma."""
    shape = (rows, columns)
    return stream(seed, FRESH_RETAIN).standard_normal(shape), stream(seed, FRESH_RETAIN_NOISE).standard_normal(rows)


def fresh_forget(seed: int, rows: int, columns: int) -> tuple[Array, Array]:
    """Return held-out forget rows on the columns they use, and their noise in units of sigma."""
    shape = (rows, columns)
    return stream(seed, FRESH_FORGET).standard_normal(shape), stream(seed, FRESH_FORGET_NOISE).standard_normal(rows)


def _fresh_rows(spec: Spec, w_star: Array) -> FreshRows:
    """Return held-out rows of both types, as many as in training."""
    m = spec.d - spec.d_forget
    seen_r, units_r = fresh_retain(spec.seed, spec.n_retain, m)
    seen_f, units_f = fresh_forget(spec.seed, spec.n_forget, spec.d - spec.d_retain)
    y_r = seen_r @ w_star[:m] + spec.noise * units_r
    y_f = seen_f @ w_star[spec.d_retain :] + spec.noise * units_f
    return FreshRows(read_only(seen_r), read_only(y_r), read_only(seen_f), read_only(y_f), spec.d)


def draw(spec: Spec) -> Problem:
    """Draw the data a Spec stands for.

    Definition: full Gaussian matrices of which each set sees only its own two blocks, X_r = [R | L1 | 0] and
    X_f = [0 | L2 | F], so that moving the overlap uncovers more of the same numbers and adding rows keeps the earlier
    ones; w* ~ N(0, I/d), y = X w* + noise.
    Shapes: see `Problem`.
    Errors: none for a valid Spec, up to the memory it needs: (n_retain + n_forget) * d * 8 bytes.
    Source: theory section 1.
    """
    found = numbers(spec.seed, spec.d, spec.n_retain, spec.n_forget)
    return _uncover(spec, found.X, Truth(read_only(found.w_star), read_only(spec.noise * found.units)))


def _uncover(spec: Spec, X: Array, truth: Truth) -> Problem:
    """Return the Problem that sees of the full Gaussian matrix `X` what the Spec's blocks allow; `X` is taken over."""
    blocks = spec.blocks
    X[: spec.n_retain, blocks.forget] = 0.0
    X[spec.n_retain :, blocks.retain] = 0.0
    return _labelled(Rows(read_only(X), spec.n_retain, spec.tune_rows, blocks), spec, truth)


def _labelled(rows: Rows, spec: Spec, truth: Truth) -> Problem:
    labels = read_only(rows.X @ truth.w_star + truth.label_noise)
    return Problem(rows, labels, spec.seed, spec, truth, partial(_fresh_rows, spec, truth.w_star))


def with_noise(problem: Problem, noise: float) -> Problem:
    """Return what `draw` gives for the Spec of a drawn problem at another noise; the rows and their factors are shared.

    Definition: the same rows, true weights and noise numbers, these scaled to another standard deviation.
    Shapes: see `Problem`.
    Errors: ValueError for a problem that was not drawn or has no noise, and for a noise that no Spec can have.
    Source: theory section 1.
    """
    if problem.spec is None or not problem.spec.noise:
        raise ValueError("problem must come from draw and have noise, got none: draw it with noise=1")
    spec = replace(problem.spec, noise=noise)
    scaled = problem.label_noise * (spec.noise / problem.spec.noise)
    return _labelled(problem.rows, spec, Truth(problem.w_star, read_only(scaled)))


def draw_overlaps(spec: Spec, overlaps: Sequence[float]) -> Iterator[Problem]:
    """Draw the data of a Spec at several overlaps from one set of random numbers.

    Definition: the same Problems as `draw(replace(spec, overlap=o))` gives, one at a time.
    Shapes: see `Problem`.
    Errors: ValueError for an overlap outside 0 to 1.
    Source: theory section 1.
    """
    found = numbers(spec.seed, spec.d, spec.n_retain, spec.n_forget)
    truth = Truth(read_only(found.w_star), read_only(spec.noise * found.units))
    for overlap in overlaps:
        yield _uncover(replace(spec, overlap=overlap), found.X.copy(), truth)


def _reflected(rows: Array, mirrors: Array) -> Array:
    """Return rows (n, d) or (d,) times the reflections I - 2 v v' / |v|^2, one after the other; never d x d."""
    for v in mirrors:
        rows = rows - np.multiply.outer(rows @ v, 2.0 / (v @ v) * v)
    return rows


def _reflected_fresh(problem: Problem, mirrors: Array) -> FreshRows:
    fresh = problem.fresh()
    X_r, X_f = (read_only(_reflected(rows, mirrors)) for rows in (fresh.X_r, fresh.X_f))
    return FreshRows(X_r, fresh.y_r, X_f, fresh.y_f, fresh.d)


def rotated(problem: Problem) -> Problem:
    """Return the same question with its features mixed: every row now uses every coordinate.

    Definition: X -> X Q, w* -> Q' w*, with Q = H1 H2 a product of two Householder reflections whose directions are
    Gaussian and drawn from the problem's seed. Labels, and so every loss and distance of a method that does not look at
    single coordinates, stay what they are; all coordinates count as overlap.
    Shapes: see `Problem`; blocks are (0, d, 0) wide.
    Errors: none.
    Source: derived here (theory section 3): masks depend on the coordinates, projections do not.
    """
    d, truth = problem.d, problem.truth
    mirrors = stream(problem.seed, ROTATION).standard_normal((2, d))
    return replace(
        problem,
        rows=replace(
            problem.rows,
            X=read_only(_reflected(problem.X, mirrors)),
            layout=Blocks(slice(0, 0), slice(0, d), slice(d, d)),
        ),
        truth=truth and Truth(read_only(_reflected(truth.w_star, mirrors)), truth.label_noise),
        held_out=problem.held_out and partial(_reflected_fresh, problem, mirrors),
    )
