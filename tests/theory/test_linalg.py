import tracemalloc

import mpmath
import numpy as np
import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import (
    AGREES,
    DIGITS,
    EPS,
    ROUNDING,
    as_floats,
    exact,
    exact_error,
    exact_pinv,
    matrix_with,
    relative,
)
from theory import directions, min_norm, nearest, ridge, row_space
from theory.linalg import RIDGE_SHARE, block_row_spaces, nested_row_spaces, rank_tolerance

SHAPES = [(1, 1), (1, 7), (7, 1), (5, 12), (9, 9), (30, 8), (8, 200)]
# Ill-conditioned data cost every method cond * eps; on the same data two sound methods differ by chance. Over many
# seeds the chance evens out (measured: a factor of 0.1 to 1.4), and half a decimal digit covers what is left of it.
HALF_A_DIGIT = 10**0.5
# Nobody's last two bits are worth comparing.
LAST_BITS = 8 * EPS
# A backward stable method loses cond * eps, times a small number that grows with the size: 20 for the sizes here.
STABLE = 20 * EPS


def typical(errors):
    return np.exp(np.mean(np.log(np.add(errors, LAST_BITS))))


def problem_of(n, d, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal(d)


@pytest.mark.parametrize(("n", "d"), SHAPES)
def test_min_norm_agrees_with_lstsq_and_pinv(n, d):
    X, y, _ = problem_of(n, d)
    w = min_norm(X, y)
    assert w.shape == (d,)
    assert relative(w, np.linalg.lstsq(X, y, rcond=1e-12)[0]) <= AGREES
    assert relative(w, np.linalg.pinv(X) @ y) <= AGREES


@pytest.mark.parametrize(("n", "d"), SHAPES)
def test_nearest_agrees_with_its_definition_by_pinv(n, d):
    X, y, start = problem_of(n, d)
    assert relative(nearest(X, y, start), start + np.linalg.pinv(X) @ (y - X @ start)) <= AGREES
    assert relative(nearest(X, y, np.zeros(d)), min_norm(X, y)) <= ROUNDING


@pytest.mark.parametrize(("n", "d"), [(4, 9), (6, 6), (9, 4)])
def test_min_norm_and_nearest_agree_with_sixty_digits(n, d):
    X, y, start = problem_of(n, d, seed=2)
    with mpmath.workdps(DIGITS):
        P, s = exact_pinv(X), exact(start)
        assert relative(min_norm(X, y), as_floats(P * exact(y))) <= ROUNDING
        assert relative(nearest(X, y, start), as_floats(s + P * (exact(y) - exact(X) * s))) <= ROUNDING


@given(st.integers(1, 25), st.integers(1, 25), st.integers(0, 1000))
def test_nearest_is_a_minimiser_and_no_minimiser_is_closer(n, d, seed):
    X, y, start = problem_of(n, d, seed)
    w = nearest(X, y, start)
    size = np.linalg.norm(X, 2) * (np.linalg.norm(X, 2) * np.linalg.norm(w) + np.linalg.norm(y))
    assert np.linalg.norm(X.T @ (X @ w - y)) <= ROUNDING * size
    # The way from the start has no part the rows cannot see: what is left out would only lengthen it.
    unseen = np.linalg.svd(X)[2][np.linalg.matrix_rank(X) :]
    assert np.linalg.norm(unseen @ (w - start)) <= AGREES * (np.linalg.norm(w) + np.linalg.norm(start))


def test_a_minimiser_is_its_own_nearest():
    X, y, start = problem_of(5, 12)
    w = nearest(X, y, start)
    assert relative(nearest(X, y, w), w) <= ROUNDING


CONDITIONS = 10.0 ** np.arange(2, 13)
SPECTRA = {
    "even": lambda k, cond: np.geomspace(1.0, 1.0 / cond, k),
    "one small": lambda k, cond: np.r_[np.ones(k - 1), 1.0 / cond],
    "one large": lambda k, cond: np.r_[1.0, np.full(k - 1, 1.0 / cond)],
}


@pytest.mark.parametrize("cond", CONDITIONS, ids="{:.0e}".format)
@pytest.mark.parametrize(("n", "d"), [(5, 11), (7, 7), (11, 5)])
@pytest.mark.parametrize("consistent", [True, False], ids=["consistent", "inconsistent"])
def test_no_more_digits_are_lost_than_by_lstsq_against_sixty_digits(n, d, cond, consistent):
    ours, theirs = [], []
    for spectrum in SPECTRA.values():
        for seed in range(8):
            rng = np.random.default_rng(seed)
            X, _, _ = matrix_with(rng, n, d, spectrum(min(n, d), cond))
            y = X @ rng.standard_normal(d) if consistent else rng.standard_normal(n)
            ours.append(exact_error(min_norm(X, y), X, y))
            theirs.append(exact_error(np.linalg.lstsq(X, y, rcond=None)[0], X, y))
    assert max(ours) <= HALF_A_DIGIT * max(theirs) + LAST_BITS
    # A loss in most cases cannot hide behind the worst one.
    assert typical(ours) <= HALF_A_DIGIT * typical(theirs)


@pytest.mark.parametrize("cond", [1e2, 1e4, 1e5, 1e6, 1e8, 1e10, 1e12], ids="{:.0e}".format)
@pytest.mark.parametrize(("n", "d"), [(60, 600), (150, 150), (600, 60)])
def test_no_more_digits_are_lost_than_by_lstsq_when_the_solution_is_constructed(n, d, cond):
    ours, theirs, closest, lstsq_closest = [], [], [], []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        s = np.geomspace(1.0, 1.0 / cond, min(n, d))
        X, U, V = matrix_with(rng, n, d, s)
        coordinates, start = rng.standard_normal(s.size), rng.standard_normal(d)
        outside = rng.standard_normal(n)
        outside -= U @ (U.T @ outside)
        # Inconsistent only in directions no weights can reach: the solution stays V coordinates.
        y = U @ (s * coordinates) + (outside if n > d else 0.0)
        truth = V @ coordinates
        near = truth + start - V @ (V.T @ start)
        ours.append(relative(min_norm(X, y), truth))
        theirs.append(relative(np.linalg.lstsq(X, y, rcond=None)[0], truth))
        closest.append(relative(nearest(X, y, start), near))
        lstsq_closest.append(relative(start + np.linalg.lstsq(X, y - X @ start, rcond=None)[0], near))
    assert max(ours) <= HALF_A_DIGIT * max(theirs) + LAST_BITS
    assert max(closest) <= HALF_A_DIGIT * max(lstsq_closest) + LAST_BITS


@pytest.mark.parametrize(("n", "d", "rank"), [(12, 30, 7), (20, 20, 11), (30, 12, 7), (300, 400, 150)])
@pytest.mark.parametrize("cond", [1e1, 1e5, 1e8], ids="{:.0e}".format)
def test_deficient_data_of_any_condition_have_the_constructed_solution(n, d, rank, cond):
    rng = np.random.default_rng(7)
    s = np.geomspace(1.0, 1.0 / cond, rank)
    X, U, V = matrix_with(rng, n, d, s)
    coordinates = rng.standard_normal(rank)
    assert relative(min_norm(X, U @ (s * coordinates)), V @ coordinates) <= STABLE * cond
    assert row_space(X).rank == rank


def repeat(X, factor):
    return np.vstack([X, factor * X[:2]])


@pytest.mark.parametrize("factor", [1.0, -3.0, 1e-8, 1e8])
@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e8])
@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (2, 2), (50, 60)])
def test_repeated_rows_add_no_rank_at_any_scale(shape, scale, factor):
    X = scale * np.random.default_rng(0).standard_normal(shape)
    assert row_space(repeat(X, factor)).rank == min(shape)


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1.0, 1e8, 1e150])
def test_rank_of_deficient_matrices_is_the_constructed_one(scale):
    rng = np.random.default_rng(1)
    for n, d, rank in [(10, 15, 3), (15, 10, 9), (12, 12, 1), (200, 150, 77)]:
        X = scale * rng.standard_normal((n, rank)) @ rng.standard_normal((rank, d))
        assert row_space(X).rank == rank
        assert row_space(scale * rng.standard_normal((n, d))).rank == min(n, d)
        assert row_space(np.full((n, d), scale)).rank == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (4, 6), (6, 4), (5, 5)])
def test_rows_of_zeros_see_nothing_and_teach_nothing(shape):
    n, d = shape
    space = row_space(np.zeros(shape))
    assert space.rank == 0
    start = np.arange(1.0, d + 1)
    assert not space.project(start).any()
    assert not min_norm(np.zeros(shape), np.ones(n)).any()
    assert np.array_equal(nearest(np.zeros(shape), np.ones(n), start), start)
    assert not ridge(np.zeros(shape), np.ones(n), 1e-3).any()


def test_a_zero_row_and_a_zero_column_change_nothing_else():
    X, y, start = problem_of(5, 9)
    wider, longer = np.insert(X, 4, 0.0, axis=1), np.insert(X, 2, 0.0, axis=0)
    assert relative(min_norm(wider, y), np.insert(min_norm(X, y), 4, 0.0)) <= ROUNDING
    assert relative(min_norm(longer, np.insert(y, 2, 5.0)), min_norm(X, y)) <= ROUNDING
    assert relative(row_space(longer).project(start), row_space(X).project(start)) <= ROUNDING


def test_the_rank_tolerance_is_never_above_the_cut_of_lstsq_for_large_data():
    for shape in [(100, 2), (3, 700), (10, 1_000_000)]:
        assert rank_tolerance(shape) == max(shape) * EPS
    assert rank_tolerance((1, 1)) == rank_tolerance((99, 7)) == 100 * EPS


# One for every way the rows are held: Gram matrix, QR behind it, SVD where the rank is not full.
SPACES = {
    "wide, well-conditioned": (6, 14, np.geomspace(1, 1e-1, 6), "gram"),
    "wide, condition 1e4": (6, 14, np.geomspace(1, 1e-4, 6), "gram"),
    "wide, condition 1e8": (6, 14, np.geomspace(1, 1e-8, 6), "qr"),
    "wide, deficient": (6, 14, np.geomspace(1, 1e-3, 4), "svd"),
    "square": (8, 8, np.geomspace(1, 1e-1, 8), "gram"),
    "square, condition 1e8": (8, 8, np.geomspace(1, 1e-8, 8), "qr"),
    "square, deficient": (8, 8, np.geomspace(1, 1e-3, 5), "svd"),
    "tall, well-conditioned": (14, 6, np.geomspace(1, 1e-1, 6), "gram"),
    "tall, condition 1e4": (14, 6, np.geomspace(1, 1e-4, 6), "gram"),
    "tall, condition 1e8": (14, 6, np.geomspace(1, 1e-8, 6), "qr"),
    "tall, deficient": (14, 6, np.geomspace(1, 1e-3, 4), "svd"),
}


@pytest.mark.parametrize(("n", "d", "s", "route"), SPACES.values(), ids=SPACES)
def test_a_projection_is_a_projection_on_the_rows(n, d, s, route):
    rng = np.random.default_rng(3)
    X, _, V = matrix_with(rng, n, d, s)
    space = row_space(X)
    assert space.route == route
    assert space.rank == s.size
    P = space.project(np.eye(d))
    lost = STABLE * s[0] / s[-1]  # how far rounding in X turns its row space
    np.testing.assert_allclose(P @ P, P, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(P, P.T, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(np.trace(P), s.size, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(P, V @ V.T, rtol=0, atol=lost)
    np.testing.assert_allclose(P @ X.T, X.T, rtol=0, atol=ROUNDING)
    v = rng.standard_normal((d, 3))
    np.testing.assert_allclose(space.project(v), P @ v, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(space.project(v[:, 0]), P @ v[:, 0], rtol=0, atol=ROUNDING)
    assert not np.shares_memory(space.project(v), v)


@pytest.mark.parametrize(("n", "d", "s", "route"), SPACES.values(), ids=SPACES)
def test_a_row_space_solves_for_many_labels_at_once(n, d, s, route):
    rng = np.random.default_rng(4)
    X, U, V = matrix_with(rng, n, d, s)
    coordinates, start = rng.standard_normal((s.size, 3)), rng.standard_normal(d)
    Y = (U * s) @ coordinates
    space = row_space(X)
    lost = STABLE * s[0] / s[-1]
    assert relative(space.solve(Y), V @ coordinates) <= lost
    assert relative(space.solve(Y[:, 1]), V @ coordinates[:, 1]) <= lost
    assert relative(space.nearest(Y[:, 1], start), V @ coordinates[:, 1] + start - V @ (V.T @ start)) <= lost


def test_projection_agrees_with_pinv_times_rows():
    for n, d in SHAPES:
        X, _, v = problem_of(n, d, seed=5)
        assert relative(row_space(X).project(v), np.linalg.pinv(X) @ (X @ v)) <= AGREES


@pytest.mark.parametrize(
    ("rows", "d", "repeated"), [(12, 20, None), (12, 20, 7), (12, 8, None), (12, 8, 5), (20, 20, 0)]
)
def test_leading_rows_share_one_factorisation_and_agree_with_their_own(rows, d, repeated):
    rng = np.random.default_rng(6)
    X = rng.standard_normal((rows, d))
    if repeated is not None:  # the Gram matrix of all rows is singular from this row on, the leading ones are not
        X[repeated] = X[-1] if repeated == 0 else X[0]
    y, v = rng.standard_normal(rows), rng.standard_normal(d)
    counts = (4, 1, rows, 6, 4, 9)
    for count, space in zip(counts, nested_row_spaces(X, counts), strict=True):
        alone = X[:count]
        assert np.array_equal(space.X, alone)
        assert space.rank == np.linalg.matrix_rank(alone)
        assert (space.route == "gram") == (space.rank == min(alone.shape))  # the sound ones keep the fast route
        assert relative(space.solve(y[:count]), np.linalg.pinv(alone, rcond=1e-12) @ y[:count]) <= AGREES
        assert relative(space.project(v), np.linalg.pinv(alone, rcond=1e-12) @ (alone @ v)) <= AGREES


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e-8, 1e8, 1e160, 1e300])
@pytest.mark.parametrize(("n", "d"), [(3, 7), (5, 5), (7, 3), (1, 1)])
def test_scaling_all_features_scales_the_weights_back(n, d, scale):
    X, y, start = problem_of(n, d)
    small = y * min(1.0, scale)  # keeps the weights themselves within the range of numbers
    expected = min_norm(X, y) * (min(1.0, scale) / scale)
    assert relative(min_norm(scale * X, small) * scale, expected * scale) <= AGREES
    assert relative(row_space(scale * X).project(start), row_space(X).project(start)) <= AGREES


@pytest.mark.parametrize("factor", [1e-8, 1e8])
@pytest.mark.parametrize("which", ["row", "column"])
@pytest.mark.parametrize(("n", "d"), [(3, 7), (5, 5), (7, 3), (1, 4), (4, 1)])
def test_scaling_a_single_row_or_column_loses_no_more_than_lstsq(n, d, which, factor):
    ours, theirs = [], []
    for seed in range(60):
        X, y, _ = problem_of(n, d, seed)
        X[(0, slice(None)) if which == "row" else (slice(None), 0)] *= factor
        # Weights may happen to cancel to almost nothing; an error is judged by the size they could have.
        share = np.linalg.norm(min_norm(X, y)) * np.linalg.svd(X)[1][-1] / np.linalg.norm(y)
        ours.append(share * exact_error(min_norm(X, y), X, y))
        theirs.append(share * exact_error(np.linalg.lstsq(X, y, rcond=None)[0], X, y))
    assert max(ours) <= HALF_A_DIGIT * max(theirs) + LAST_BITS


@pytest.mark.parametrize("strength", [1e-12, 1e-6, 1e-2, 1.0, 1e4, 1e12])
@pytest.mark.parametrize(("n", "d"), [(4, 9), (6, 6), (9, 4), (1, 1)])
def test_ridge_agrees_with_the_normal_equations_at_sixty_digits(n, d, strength):
    X, y, _ = problem_of(n, d, seed=8)
    with mpmath.workdps(DIGITS):
        A = exact(X)
        truth = mpmath.lu_solve(A.T * A + mpmath.mpf(strength) * mpmath.eye(d), A.T * exact(y))
    assert relative(ridge(X, y, strength), as_floats(truth)) <= ROUNDING


@pytest.mark.parametrize("strength", [1e-24, 1e-16, 1e-8])
def test_a_tiny_ridge_on_ill_conditioned_data_loses_no_more_than_cond_times_eps(strength):
    X, _, _ = matrix_with(np.random.default_rng(9), 5, 8, np.geomspace(1, 1e-7, 5))
    y = np.random.default_rng(10).standard_normal(5)
    with mpmath.workdps(DIGITS):
        A = exact(X)
        truth = A.T * mpmath.lu_solve(A * A.T + mpmath.mpf(strength) * mpmath.eye(5), exact(y))
    assert relative(ridge(X, y, strength), as_floats(truth)) <= STABLE * 1e7


@pytest.mark.parametrize("share", [0.1, 0.999, 1.001, 10.0, 1e8])
@pytest.mark.parametrize("values", [np.geomspace(1, 1e-3, 6), np.geomspace(1, 1e-12, 6), np.ones(6)])
@pytest.mark.parametrize(("n", "d"), [(6, 15), (15, 6)])
def test_ridge_is_as_exact_on_both_sides_of_where_its_route_changes(n, d, values, share):
    X, _, _ = matrix_with(np.random.default_rng(12), n, d, values)
    y, strength = np.random.default_rng(13).standard_normal(n), share * RIDGE_SHARE * np.sum(X**2)
    with mpmath.workdps(DIGITS):
        A = exact(X)
        truth = mpmath.lu_solve(A.T * A + mpmath.mpf(float(strength)) * mpmath.eye(d), A.T * exact(y))
    assert relative(ridge(X, y, strength), as_floats(truth)) <= ROUNDING


def test_ridge_agrees_with_least_squares_on_stacked_rows():
    X, y, _ = problem_of(9, 5)
    stacked = scipy.optimize.lsq_linear(np.vstack([X, np.sqrt(0.7) * np.eye(5)]), np.r_[y, np.zeros(5)]).x
    assert relative(ridge(X, y, 0.7), stacked) <= AGREES


@pytest.mark.parametrize(("n", "d", "s", "route"), SPACES.values(), ids=SPACES)
def test_ridge_of_no_and_of_vanishing_strength_is_the_minimum_norm_solution(n, d, s, route):
    X, U, V = matrix_with(np.random.default_rng(11), n, d, s)
    y = U @ s
    lost = STABLE * s[0] / s[-1]
    assert relative(ridge(X, y, 0.0), min_norm(X, y)) <= lost
    # Data of a rank below full: rounding in the missing directions must not be divided by the tiny strength.
    for strength in (1e-40, 1e-200, 5e-324):
        assert relative(ridge(X, y, strength), V @ np.ones(s.size)) <= lost


def test_ridge_of_overwhelming_strength_is_the_gradient_over_it():
    X, y, _ = problem_of(4, 7)
    assert relative(ridge(X, y, 1e200), X.T @ y / 1e200, scale=1e-200) <= ROUNDING


GOOD_X, GOOD_Y, GOOD_START = np.ones((2, 3)), np.ones(2), np.ones(3)
BAD_MATRICES = {
    "a vector": (np.ones(3), r"shape \(at least 1, at least 1\), got \(3,\): pass a matrix with one row per sample"),
    "three axes": (np.ones((2, 3, 1)), r"shape \(at least 1, at least 1\), got \(2, 3, 1\)"),
    "no rows": (np.ones((0, 3)), r"shape \(at least 1, at least 1\), got \(0, 3\)"),
    "no columns": (np.ones((2, 0)), r"shape \(at least 1, at least 1\), got \(2, 0\)"),
    "nan": (np.array([[1.0, np.nan, 1.0], [1.0, 1.0, 1.0]]), "finite, got nan or infinity: remove or replace"),
    "infinity": (np.array([[1.0, np.inf, 1.0], [1.0, 1.0, 1.0]]), "finite, got nan or infinity: remove or replace"),
    "complex numbers": (np.ones((2, 3), dtype=complex), "real numbers of shape .*, got ndarray"),
    "text": ([["1", "2", "3"], ["4", "5", "6"]], "real numbers of shape .*, got list"),
    "rows of different lengths": ([[1.0, 2.0, 3.0], [4.0]], "real numbers of shape .*, got list"),
    "nothing": (None, r"shape \(at least 1, at least 1\), got \(\)"),
    "an object": (object(), "real numbers of shape .*, got object"),
}


@pytest.mark.parametrize(("X", "message"), BAD_MATRICES.values(), ids=BAD_MATRICES)
def test_a_matrix_that_is_none_is_refused_by_name(X, message):
    for call in (
        lambda: row_space(X),
        lambda: min_norm(X, GOOD_Y),
        lambda: nearest(X, GOOD_Y, GOOD_START),
        lambda: ridge(X, GOOD_Y, 1.0),
    ):
        with pytest.raises(ValueError, match=rf"^X must .*{message}"):
            call()


@pytest.mark.parametrize("y", [np.ones(3), np.ones((2, 1)), 1.0, ["a", "b"], [np.nan, 1.0], np.ones(2) * 1j])
def test_labels_that_do_not_fit_are_refused_by_name(y):
    for call in (
        lambda: min_norm(GOOD_X, y),
        lambda: nearest(GOOD_X, y, GOOD_START),
        lambda: ridge(GOOD_X, y, 1.0),
    ):
        with pytest.raises(ValueError, match=r"^y must "):
            call()


@pytest.mark.parametrize("start", [np.ones(2), np.ones((3, 1)), 1.0, [np.inf, 1.0, 1.0], None])
def test_a_start_that_does_not_fit_is_refused_by_name(start):
    with pytest.raises(ValueError, match=r"^start must "):
        nearest(GOOD_X, GOOD_Y, start)


@pytest.mark.parametrize("strength", [-1e-300, np.nan, np.inf, "1", None, 1j])
def test_an_impossible_ridge_strength_is_refused_by_name(strength):
    with pytest.raises(ValueError, match=r"^strength must be at least 0 and finite, got .*: use 0 for no penalty"):
        ridge(GOOD_X, GOOD_Y, strength)


def test_lists_and_whole_numbers_are_data_too():
    w = min_norm([[1, 0, 0], [0, 2, 0]], [3, 4])
    np.testing.assert_allclose(w, [3.0, 2.0, 0.0], rtol=0, atol=ROUNDING)
    assert row_space(np.ones((2, 3), dtype=np.int8)).rank == 1


def test_nothing_writes_into_its_arguments():
    for n, d in [(4, 9), (9, 4), (5, 5)]:
        X, y, start = problem_of(n, d)
        X[-1] = X[0]
        before = X.copy(), y.copy(), start.copy()
        row_space(X).project(start)
        min_norm(X, y)
        nearest(X, y, start)
        ridge(X, y, 0.1)
        for array, copy in zip((X, y, start), before, strict=True):
            assert np.array_equal(array, copy)


# A solve may hold a copy of the rows and what it returns, and may use a second copy on the way; a square matrix of the
# features would be hundreds of copies here.
COPIES = 6


@pytest.mark.parametrize("deficient", [False, True], ids=["full rank", "repeated rows"])
@pytest.mark.parametrize(("n", "d"), [(10, 20_000), (1, 100_000), (20_000, 10)])
def test_memory_grows_with_the_rows_times_the_features_alone(n, d, deficient):
    X, y, v = problem_of(n, d)
    if deficient and n > 1:
        X[: n // 2] = X[n // 2 : 2 * (n // 2)]
    tracemalloc.start()
    try:
        space = row_space(X)
        space.solve(y)
        space.project(v)
        ridge(X, y, 1.0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= COPIES * X.nbytes


def two_sets(rng, first, second, widths):
    """Rows of two sets, each on its own columns and some shared, as (X, columns)."""
    own, shared, other = widths
    X = np.zeros((first + second, sum(widths)))
    columns = slice(0, own + shared), slice(own, sum(widths))
    X[:first, columns[0]] = rng.standard_normal((first, own + shared))
    X[first:, columns[1]] = rng.standard_normal((second, shared + other))
    return X, columns


BLOCKS = st.tuples(*(st.integers(0, 9),) * 3).filter(lambda widths: widths[0] + widths[1] and widths[1] + widths[2])


@given(st.integers(1, 25), st.integers(1, 25), BLOCKS, st.integers(0, 999))
def test_rows_of_two_blocks_are_solved_as_by_pinv_whichever_has_too_many_rows(first, second, widths, seed):
    rng = np.random.default_rng(seed)
    X, columns = two_sets(rng, first, second, widths)
    labels = rng.standard_normal((len(X), 2))
    weights = rng.standard_normal((X.shape[1], 2))
    counts = (max(1, first // 2), first, len(X))
    for count, space in zip(counts, block_row_spaces(X, counts, first, columns), strict=True):
        rows = X[:count]
        inverse = np.linalg.pinv(rows, rcond=1e-11)
        condition = np.linalg.norm(inverse, 2) * np.linalg.norm(rows, 2)
        assert space.rank == np.linalg.matrix_rank(rows, tol=1e-11 * np.linalg.norm(rows, 2))
        scale = np.linalg.norm(inverse, 2) * np.linalg.norm(labels[:count])
        found = space.solve(labels[:count])
        assert np.linalg.norm(found - inverse @ labels[:count]) <= 1e-13 * condition * scale
        seen = space.project(weights)
        assert np.linalg.norm(seen - inverse @ (rows @ weights)) <= 1e-12 * condition * np.linalg.norm(weights)


def test_more_rows_than_columns_in_one_block_do_not_cost_an_svd():
    X, columns = two_sets(np.random.default_rng(0), 60, 20, (30, 10, 60))
    routes = [space.route for space in block_row_spaces(X, (60, 80), 60, columns)]
    assert routes == ["gram", "gram"]
    assert nested_row_spaces(X, (80,))[0].route == "svd"


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e-150, 1e-140, 1.0, 1e140, 1e160, 1e300])
@pytest.mark.parametrize("values", [[1.0, 0.9, 0.8], [1.0, 0.1, 0.02], [1.0, 0.1, 0.005]])
@pytest.mark.parametrize(("n", "d"), [(3, 8), (8, 3)])
def test_directions_are_those_of_an_svd_at_any_scale_and_by_either_route(n, d, values, scale):
    X, U, V = matrix_with(np.random.default_rng(14), n, d, np.array(values))
    found = directions(scale * X)
    np.testing.assert_allclose(found.values / scale, values, rtol=ROUNDING / values[-1])
    for basis, known in ((found.left, U), (found.right, V)):
        # The same lines, whichever way they point.
        np.testing.assert_allclose(np.abs(basis.T @ known), np.eye(3), rtol=0, atol=ROUNDING / values[-1])
