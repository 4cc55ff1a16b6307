"""What the tests of theory share: the corners by name, Specs at random, and independent routes to every model."""

from dataclasses import replace

import mpmath
import numpy as np
from hypothesis import strategies as st

from theory import METHODS, Problem, Spec, draw

EPS = float(np.finfo(float).eps)
# Two correct routes through data of condition below about 1e4 lose at most 4 of 16 digits; 1e-10 leaves two more.
AGREES = 1e-10
# Sums of a few hundred products of size 1 in another order.
ROUNDING = 1e-12
# Digits mpmath works with: twice what a condition number of 1e12, squared by the normal equations, can cost and more.
DIGITS = 60
# At DIGITS digits every singular value of a matrix of doubles lies below this share of the largest, or far above it.
EXACT_CUT = 1e-30

CORNERS = {
    "one retain row": Spec(d=12, n_retain=1, n_forget=5, noise=0.5),
    "one forget row": Spec(d=12, n_retain=5, n_forget=1, noise=0.5),
    "one row each": Spec(d=12, n_retain=1, n_forget=1),
    "one feature, forget rows without signal": Spec(d=1, n_retain=3, n_forget=2, noise=0.5),
    "one feature, shared": Spec(d=1, overlap=1.0, n_retain=3, n_forget=2, noise=0.5),
    "one feature, one row each": Spec(d=1, overlap=1.0, n_retain=1, n_forget=1),
    "n < d": Spec(d=30, n_retain=8, n_forget=7, noise=0.5),
    "n = d": Spec(d=15, overlap=1.0, n_retain=8, n_forget=7, noise=0.5),
    "n > d": Spec(d=10, n_retain=20, n_forget=15, noise=0.5),
    "n_retain > d > n_tune": Spec(d=10, overlap=0.6, n_retain=20, n_forget=4, n_tune=6, noise=0.5),
    "more retain rows than the features they use": Spec(d=20, overlap=0.3, n_retain=16, n_forget=3, noise=0.5),
    "no overlap": Spec(d=21, overlap=0.0, n_retain=6, n_forget=5, noise=0.5),
    "no overlap, rows crowd their blocks": Spec(d=20, overlap=0.0, n_retain=14, n_forget=13, noise=0.5),
    "full overlap": Spec(d=20, overlap=1.0, n_retain=6, n_forget=5, noise=0.5),
    "n_tune < n_retain": Spec(d=20, n_retain=8, n_forget=5, n_tune=3, noise=0.5),
    "one tuning row": Spec(d=20, n_retain=8, n_forget=5, n_tune=1),
    "noise 0": Spec(d=20, n_retain=6, n_forget=5, noise=0.0),
    "noise 0, n > d": Spec(d=10, n_retain=20, n_forget=15, noise=0.0),
    "noise 5": Spec(d=20, n_retain=6, n_forget=5, noise=5.0),
    "noise 5, n > d": Spec(d=10, n_retain=20, n_forget=15, noise=5.0),
}


def applicable(problem: Problem) -> list[str]:
    """The methods that can take these rows."""
    return [key for key, method in METHODS.items() if method.applies(problem)]


def with_rows(problem: Problem, X: np.ndarray) -> Problem:
    """The same question about other rows: labels follow from them as they did before."""
    return replace(problem, rows=replace(problem.rows, X=X), y=X @ problem.w_star + problem.label_noise, spec=None)


def _zeroed(problem, rows):
    X = problem.X.copy()
    X[rows] = 0.0
    return with_rows(problem, X)


def _repeated(problem, source, target):
    X = problem.X.copy()
    X[target] = X[source]
    return with_rows(problem, X)


def _scaled(problem, factor, columns=slice(None)):
    X = problem.X.copy()
    X[:, columns] *= factor
    return with_rows(problem, X)


def _conditioned(problem, condition):
    U, _, Vt = np.linalg.svd(problem.X, full_matrices=False)
    return with_rows(problem, U * np.geomspace(1.0, 1.0 / condition, len(U)) @ Vt)


_BASE = Spec(d=14, n_retain=5, n_forget=4, n_tune=3, noise=0.5)
_CROWDED = Spec(d=6, n_retain=9, n_forget=7, noise=0.5)

# Data that no Spec draws: name -> (problem, condition number of what is not zero).
ALTERED = {
    "retain rows of zeros": (_zeroed(draw(_BASE), slice(0, 5)), 1e3),
    "forget rows of zeros": (_zeroed(draw(_BASE), slice(5, 9)), 1e3),
    "all rows of zeros": (_zeroed(draw(_BASE), slice(None)), 1.0),
    "a repeated retain row": (_repeated(draw(_BASE), 0, 2), 1e3),
    "a retain row repeated in the forget data": (_repeated(draw(replace(_BASE, overlap=1.0)), 1, 6), 1e3),
    "repeated rows, n > d": (_repeated(draw(_CROWDED), 0, 5), 1e3),
    "all features times 1e-8": (_scaled(draw(_BASE), 1e-8), 1e3),
    "all features times 1e8": (_scaled(draw(_BASE), 1e8), 1e3),
    "one feature times 1e-8": (_scaled(draw(_BASE), 1e-8, 6), 1e3),
    "one feature times 1e8": (_scaled(draw(_BASE), 1e8, 6), 1e8),
    "all features times 1e-8, n > d": (_scaled(draw(_CROWDED), 1e-8), 1e3),
    "all features times 1e8, n > d": (_scaled(draw(_CROWDED), 1e8), 1e3),
    "one feature times 1e-8, n > d": (_scaled(draw(_CROWDED), 1e-8, 2), 1e9),
    "one feature times 1e8, n > d": (_scaled(draw(_CROWDED), 1e8, 2), 1e9),
    "condition number 1e8": (_conditioned(draw(_BASE), 1e8), 1e8),
}


@st.composite
def specs(
    draw_from,
    d=st.integers(1, 60),  # noqa: B008 - strategies are values
    overlap=st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1),  # noqa: B008
    rows=st.integers(1, 80),  # noqa: B008
    noise=st.sampled_from([0.0, 0.5, 5.0]),  # noqa: B008
    whole_tuning=False,
):
    """Specs of every shape that a laptop solves in a millisecond."""
    n_retain = draw_from(rows)
    tune = st.none() if whole_tuning else st.none() | st.integers(1, n_retain)
    return Spec(
        d=draw_from(d),
        overlap=draw_from(overlap),
        n_retain=n_retain,
        n_forget=draw_from(rows),
        n_tune=draw_from(tune),
        noise=draw_from(noise),
        seed=draw_from(st.integers(0, 10_000)),
    )


def orthonormal(rng, rows, columns):
    return np.linalg.qr(rng.standard_normal((rows, columns)))[0]


def matrix_with(rng, n, d, singular_values):
    """A matrix known by its construction: U diag(singular values) V', and its two factors."""
    U = orthonormal(rng, n, len(singular_values))
    V = orthonormal(rng, d, len(singular_values))
    return (U * singular_values) @ V.T, U, V


def relative(value, truth, scale=None):
    """|value - truth| / |truth|, or over a scale of its own; 0 when both are the same."""
    difference = np.linalg.norm(np.asarray(value) - np.asarray(truth))
    size = np.linalg.norm(truth) if scale is None else scale
    return 0.0 if difference == 0 else float(difference / size)


def exact_pinv(X):
    """X^+ at DIGITS digits."""
    with mpmath.workdps(DIGITS):
        n, d = X.shape
        A = mpmath.matrix((X if n >= d else X.T).tolist())
        U, S, V = mpmath.svd_r(A)
        top = max(S)
        inverse = mpmath.diag([1 / s if s > EXACT_CUT * top else mpmath.mpf(0) for s in S])
        P = V.T * inverse * U.T
        return P if n >= d else P.T


def exact(values):
    return mpmath.matrix(np.asarray(values, dtype=float).tolist())


def exact_error(w, X, y):
    """|w - X^+ y| / |X^+ y| for X of full rank, by normal equations at DIGITS digits."""
    with mpmath.workdps(DIGITS):
        n, d = X.shape
        A, b = exact(X), exact(y)
        truth = A.T * mpmath.lu_solve(A * A.T, b) if n <= d else mpmath.lu_solve(A.T * A, A.T * b)
        return float(mpmath.norm(exact(w) - truth) / mpmath.norm(truth))


def as_floats(values):
    return np.array([float(v) for v in values])


def float_pinv(X):
    # Drawn data have condition far below 1e10, and what is zero in them is zero to 1e-15.
    return np.linalg.pinv(X, rcond=1e-12)


def dense_models(problem, pinv=float_pinv):
    """Every model by the formulas of theory sections 1 and 3, with whole pseudo-inverses."""
    is_exact = pinv is exact_pinv
    lift, lower = (exact, as_floats) if is_exact else (np.asarray, np.asarray)
    with mpmath.workdps(DIGITS):
        X_r, X_t = lift(problem.X_r), lift(problem.X_t)
        y, y_r, y_t = lift(problem.y), lift(problem.y_r), lift(problem.y_t)
        X_p, X_rp, X_tp = pinv(problem.X), pinv(problem.X_r), pinv(problem.X_t)

        def times(A, b):
            return A * b if is_exact else A @ b

        def tuned(start):
            return start + times(X_tp, y_t - times(X_t, start))

        w_o, w_g = times(X_p, y), times(X_rp, y_r)
        keep, drop = w_o.copy(), w_o.copy()
        for i in range(problem.d):
            if i >= problem.blocks.forget.start:
                keep[i] = 0
            if i >= problem.blocks.retain.stop:
                drop[i] = 0
        models = {
            "pretrained": w_o,
            "golden": w_g,
            "fine_tune": tuned(w_o),
            "keep_overlap": tuned(keep),
            "drop_overlap": tuned(drop),
            "project": tuned(times(X_rp, times(X_r, w_o))),
        }
        return {key: lower(w) for key, w in models.items()}
