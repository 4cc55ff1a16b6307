import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import AGREES, ROUNDING, matrix_with, relative
from theory import Spec, draw, gradient_length, gradient_path, largest_stable_step, nearest, ridge, simulate
from theory.linalg import EVEN_SHARE

# Steps after which every mode of the well-conditioned data below has died out at half the largest stable step.
FOREVER = 100_000
FEW = [0, 1, 2, 3, 7, 25]


def data(n, d, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal(d)


@given(
    st.integers(1, 12),
    st.integers(1, 12),
    st.integers(0, 10_000),
    st.sampled_from([0.1, 0.5, 0.99, 1.0, 1.3]),
    st.sampled_from([0.0, 1e-6, 0.03, 1.0]),
    st.lists(st.integers(0, 25), min_size=1, max_size=4),
)
def test_the_closed_form_is_the_simulation_at_every_step(n, d, seed, share, decay, steps):
    X, y, start = data(n, d, seed)
    step_size = share * largest_stable_step(X, decay)  # a share above 1 diverges, by up to 1.6 a step
    path = gradient_path(X, y, start, steps, step_size, decay)
    assert path.steps.tolist() == steps
    assert path.weights.shape == (len(steps), d)
    for k, w in zip(steps, path.weights, strict=True):
        simulated = simulate(X, y, start, k, step_size, decay)
        size = max(np.linalg.norm(v) for v in (simulated, start, path.limit))
        assert relative(w, simulated, size) <= AGREES


def test_the_simulation_is_gradient_descent_on_the_mean_squared_error():
    X, y, start = data(4, 3)
    before = start.copy()

    def loss(w):
        return np.mean((X @ w - y) ** 2) + 0.3 * w @ w

    h = 1e-6
    slope = np.array([(loss(start + h * e) - loss(start - h * e)) / (2 * h) for e in np.eye(3)])
    # Central differences are exact for a parabola, up to rounding over h.
    np.testing.assert_allclose(simulate(X, y, start, 1, 0.1, 0.3), start - 0.1 * slope, rtol=0, atol=1e-8)
    assert np.array_equal(simulate(X, y, start, 0, 0.1), start)
    assert np.array_equal(start, before)


@pytest.mark.parametrize(("n", "d"), [(4, 9), (5, 5), (9, 4), (1, 1)])
def test_the_gradient_is_as_long_as_the_first_step_of_size_one(n, d):
    X, y, start = data(n, d)
    W = np.stack([start, nearest(X, y, start), np.zeros(d)])
    lengths = gradient_length(X, y, W)
    assert lengths.shape == (3,)
    for w, length in zip(W, lengths, strict=True):
        assert abs(length - np.linalg.norm(simulate(X, y, w, 1, 1.0) - w)) <= ROUNDING * (1 + lengths[0])
    assert lengths[1] <= ROUNDING < lengths[0]


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize(("n", "d"), [(4, 9), (5, 5), (9, 4), (1, 1)])
def test_step_zero_is_the_start_and_the_last_step_the_limit(n, d, decay):
    X, y, start = data(n, d, seed=3)
    path = gradient_path(X, y, start, [0, FOREVER], 0.5 * largest_stable_step(X, decay), decay)
    np.testing.assert_allclose(path.weights[0], start, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(path.weights[1], path.limit, rtol=0, atol=AGREES)


def test_the_limit_is_the_nearest_minimiser_without_decay_and_the_ridge_solution_with_it():
    X, y, start = data(4, 9)
    assert relative(gradient_path(X, y, start, [0], 0.1).limit, nearest(X, y, start)) <= ROUNDING
    # mean loss + decay |w|^2 is, times n, the sum of squares + n decay |w|^2
    expected = np.linalg.solve(X.T @ X + 4 * 0.2 * np.eye(9), X.T @ y)
    path = gradient_path(X, y, start, [0], 0.1, decay=0.2)
    assert relative(path.limit, expected) <= AGREES
    assert relative(path.limit, ridge(X, y, 0.8)) <= ROUNDING


# Singular values: alike, about where directions change their route, far apart, some missing.
SPECTRA = {
    "alike": np.array([1.2, 1.1, 1.0, 0.9]),
    "just even enough": np.geomspace(1, 1.01 * np.sqrt(EVEN_SHARE), 4),
    "just not even enough": np.geomspace(1, 0.99 * np.sqrt(EVEN_SHARE), 4),
    "condition 1e4": np.geomspace(1, 1e-4, 4),
    "rank 2": np.array([1.0, 0.5]),
}


@pytest.mark.parametrize("decay", [0.0, 0.05])
@pytest.mark.parametrize("s", SPECTRA.values(), ids=SPECTRA)
@pytest.mark.parametrize(("n", "d"), [(4, 9), (9, 4)])
def test_rows_of_every_condition_and_rank_are_followed_as_simulated_to_a_limit_known_otherwise(n, d, s, decay):
    X, _, _ = matrix_with(np.random.default_rng(7), n, d, s)
    _, y, start = data(n, d, seed=8)
    step_size = 0.5 * largest_stable_step(X, decay)
    path = gradient_path(X, y, start, FEW, step_size, decay)
    expected = nearest(X, y, start) if decay == 0 else ridge(X, y, n * decay)
    size = max(np.linalg.norm(expected), np.linalg.norm(start))
    assert relative(path.limit, expected, size) <= ROUNDING * s[0] / s[-1]
    for k, w in zip(FEW, path.weights, strict=True):
        assert relative(w, simulate(X, y, start, k, step_size, decay), size) <= ROUNDING * s[0] / s[-1]


@pytest.mark.parametrize("decay", [0.0, 0.2])
@pytest.mark.parametrize(("n", "d"), [(4, 9), (9, 4), (1, 6), (6, 1)])
def test_descent_converges_below_the_largest_stable_step_and_diverges_above(n, d, decay):
    X, y, start = data(n, d, seed=5)
    edge = largest_stable_step(X, decay)
    assert math.isclose(edge, 1.0 / (np.linalg.norm(X, 2) ** 2 / n + decay), rel_tol=AGREES)
    inside = gradient_path(X, y, start, [0, 400, 4000], 0.98 * edge, decay)
    outside = gradient_path(X, y, start, [0, 400, 800], 1.02 * edge, decay)
    away = [np.linalg.norm(path.weights - path.limit, axis=1) for path in (inside, outside)]
    assert away[0][0] > away[0][1] > away[0][2] or away[0][1] <= ROUNDING
    assert away[0][2] <= 1e-3 * away[0][0]
    assert away[1][0] < away[1][1] < away[1][2]


def test_rows_of_zeros_are_stable_at_any_step_and_move_nothing():
    X, start = np.zeros((2, 3)), np.arange(3.0)
    assert largest_stable_step(X) == math.inf
    assert largest_stable_step(X, 0.5) == 2.0
    path = gradient_path(X, np.ones(2), start, FEW, 1.0)
    assert np.array_equal(path.weights, np.tile(start, (len(FEW), 1)))
    decayed = gradient_path(X, np.ones(2), start, FEW, 0.1, decay=0.5)
    np.testing.assert_allclose(decayed.weights, 0.9 ** np.array(FEW)[:, None] * start, rtol=0, atol=ROUNDING)


def test_a_step_of_size_zero_stays():
    X, y, start = data(4, 9)
    weights = gradient_path(X, y, start, FEW, 0.0, decay=0.1).weights
    np.testing.assert_allclose(weights, np.tile(start, (len(FEW), 1)), rtol=0, atol=ROUNDING)


def test_every_mode_dies_at_its_own_rate_and_what_is_unseen_never_moves():
    s = np.array([2.0, 1.0, 0.5])
    X, _, V = matrix_with(np.random.default_rng(0), 3, 6, s)
    start = np.random.default_rng(1).standard_normal(6)
    y = np.zeros(3)
    path = gradient_path(X, y, start, FEW, 0.3)
    for k, w in zip(FEW, path.weights, strict=True):
        np.testing.assert_allclose(V.T @ w, (1 - 0.6 * s**2 / 3) ** k * (V.T @ start), rtol=0, atol=ROUNDING)
        np.testing.assert_allclose(w - V @ (V.T @ w), start - V @ (V.T @ start), rtol=0, atol=ROUNDING)


def test_a_pretrained_model_that_fits_the_retain_rows_never_moves():
    problem = draw(Spec(d=40, n_retain=10, n_forget=8, noise=0.5))
    step_size = 0.5 * largest_stable_step(problem.X_r)
    path = gradient_path(problem.X_r, problem.y_r, problem.w_o, [1, 100, FOREVER], step_size)
    for w in (*path.weights, path.limit):
        assert relative(w, problem.w_o) <= ROUNDING


def test_steps_may_come_in_any_order_and_form():
    X, y, start = data(3, 5)
    step_size = 0.5 * largest_stable_step(X)
    ordered = gradient_path(X, y, start, range(6), step_size)
    mixed = gradient_path(X, y, start, np.array([5, 0, 5, 2], dtype=np.uint8), step_size)
    assert mixed.steps.dtype == np.int64
    np.testing.assert_allclose(mixed.weights, ordered.weights[[5, 0, 5, 2]], rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("steps", [[-1], [0, -3], [0.5], [1.0], 3, [[1]], ["1"], [True]])
def test_impossible_steps_are_refused(steps):
    with pytest.raises(ValueError, match=r"^steps must be whole numbers of at least 0, got .*: use 0 for the start"):
        gradient_path(*data(3, 5), steps, 0.1)


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "0.1", None, 1j])
@pytest.mark.parametrize("name", ["step_size", "decay"])
def test_an_impossible_step_size_or_decay_is_refused(name, value):
    arguments = {"step_size": 0.1, "decay": 0.1, name: value}
    with pytest.raises(ValueError, match=rf"^{name} must be at least 0 and finite, got .*: use 0 to switch it off"):
        gradient_path(*data(3, 5), [0], **arguments)


def test_arrays_that_do_not_fit_are_refused():
    X, y, start = data(3, 5)
    for wrong, name in (((X[0], y, start), "X"), ((X, y[1:], start), "y"), ((X, y, start[1:]), "start")):
        with pytest.raises(ValueError, match=rf"^{name} must have shape"):
            gradient_path(*wrong, [0], 0.1)
