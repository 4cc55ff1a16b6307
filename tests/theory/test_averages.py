import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import AGREES, ROUNDING, specs
from theory import Spec, expected_unlearning_loss, loss_curve

# Means of many draws are judged in standard errors, with fixed seeds: by chance one in two million lies beyond.
STANDARD_ERRORS = 5.0
DRAWS = 8000
# A test in standard errors is worth nothing unless they are small against what they judge.
SHARP = 0.03

SETTINGS = {
    "n_retain < m": Spec(d=20, overlap=0.4, n_retain=6, n_forget=5, noise=0.5),
    "n_retain < m, no noise": Spec(d=20, overlap=0.4, n_retain=10, n_forget=5),
    "n_retain = m, no noise": Spec(d=20, overlap=0.4, n_retain=14, n_forget=5),
    "n_retain > m": Spec(d=20, overlap=0.4, n_retain=24, n_forget=5, noise=0.5),
    "n_retain > d, no noise": Spec(d=10, overlap=0.5, n_retain=20, n_forget=5),
    "distinct features": Spec(d=20, overlap=0.0, n_retain=6, n_forget=5, noise=0.5),
    "distinct features, n_retain > m": Spec(d=10, overlap=0.0, n_retain=9, n_forget=5, noise=0.5),
    "full overlap": Spec(d=16, overlap=1.0, n_retain=5, n_forget=5, noise=0.5),
    "full overlap, n_retain > d": Spec(d=6, overlap=1.0, n_retain=15, n_forget=5, noise=0.5),
    "one retain row": Spec(d=9, overlap=0.6, n_retain=1, n_forget=5, noise=0.5),
    "two features": Spec(d=2, overlap=1.0, n_retain=1, n_forget=5),
    "one feature": Spec(d=1, overlap=1.0, n_retain=8, n_forget=5, noise=0.5),
    "one feature, not shared": Spec(d=1, overlap=0.0, n_retain=2, n_forget=5, noise=0.5),
}


def golden_losses(spec, w_star):
    """UL(w_g) of DRAWS data sets drawn here, in one batch: independent of `draw` and of theory's solvers."""
    rng = np.random.default_rng(12345)
    m, d_r = spec.d_retain + spec.d_overlap, spec.d_retain
    d_f = spec.d - d_r
    X_r = rng.standard_normal((DRAWS, spec.n_retain, m))
    X_f = rng.standard_normal((DRAWS, spec.n_forget, d_f))
    W = np.broadcast_to(w_star, (DRAWS, spec.d)) if w_star is not None else None
    W = rng.standard_normal((DRAWS, spec.d)) / math.sqrt(spec.d) if W is None else W
    y_r = np.einsum("kij,kj->ki", X_r, W[:, :m]) + spec.noise * rng.standard_normal((DRAWS, spec.n_retain))
    y_f = np.einsum("kij,kj->ki", X_f, W[:, d_r:]) + spec.noise * rng.standard_normal((DRAWS, spec.n_forget))
    golden = np.zeros((DRAWS, spec.d))
    golden[:, :m] = np.einsum("kij,kj->ki", np.linalg.pinv(X_r), y_r)
    return ((np.einsum("kij,kj->ki", X_f, golden[:, d_r:]) - y_f) ** 2).mean(axis=1)


def assert_expected(losses, expected):
    error = losses.std(ddof=1) / math.sqrt(losses.size)
    assert abs(losses.mean() - expected) <= STANDARD_ERRORS * error
    assert error <= SHARP * expected


@pytest.mark.parametrize("spec", SETTINGS.values(), ids=SETTINGS)
def test_the_expectation_is_the_mean_over_data_for_given_weights(spec):
    w_star = np.random.default_rng(1).standard_normal(spec.d) + 1.0
    losses = golden_losses(spec, w_star)
    expected = expected_unlearning_loss(spec, w_star)
    if spec.noise == 0 and spec.d_forget == 0 and spec.n_retain >= spec.d:
        assert expected == 0.0
        assert losses.max() <= AGREES
    else:
        assert_expected(losses, expected)


def expectation_from_moments(spec, w_star):
    """The same expectation from the moments of known distributions, feature by feature.

    Q = I - P_r projects on q random directions of m: Q_ii ~ Beta(q/2, n/2), and Q Q = Q shares Q_ii - Q_ii^2 evenly
    among the Q_ij^2. The learned noise is sigma^2 times a diagonal entry of (X'X)^+: its mean is an inverse Wishart's,
    and there is none where n_retain and m differ by less than two.
    """
    m, n = spec.d_retain + spec.d_overlap, spec.n_retain
    total = spec.noise**2 + sum(w_star[m:] ** 2)
    diagonal = scipy.stats.beta(max(m - n, 0) / 2, n / 2) if n < m else None
    inverse = scipy.stats.invwishart(max(m, n), np.eye(min(m, n))).mean()
    for i in range(spec.d_retain, m):
        if diagonal is not None:
            total += w_star[i] ** 2 * diagonal.moment(2)
            total += sum(w_star[j] ** 2 * (diagonal.mean() - diagonal.moment(2)) / (m - 1) for j in range(m) if j != i)
        if spec.noise > 0 and inverse is None:
            return math.inf
        if spec.noise > 0:
            total += spec.noise**2 * np.trace(np.atleast_2d(inverse)) / m
    return total


@pytest.mark.parametrize("noise", [0.0, 0.5, 5.0])
@pytest.mark.parametrize("n_retain", [2, 3, 5, 9, 10, 11, 14, 17, 20])
@pytest.mark.parametrize("overlap", [0.0, 0.1, 0.4, 1.0])
def test_the_expectation_follows_from_the_moments_of_known_distributions(overlap, n_retain, noise):
    spec = Spec(d=17, overlap=overlap, n_retain=n_retain, n_forget=3, noise=noise)
    w_star = np.random.default_rng(2).standard_normal(17)
    expected = expectation_from_moments(spec, w_star)
    assert math.isclose(expected_unlearning_loss(spec, w_star), expected, rel_tol=ROUNDING, abs_tol=ROUNDING)


@pytest.mark.parametrize("spec", SETTINGS.values(), ids=SETTINGS)
def test_the_expectation_is_the_mean_over_data_and_weights(spec):
    assert_expected(golden_losses(spec, None), expected_unlearning_loss(spec))


@pytest.mark.parametrize("name", ["n_retain < m", "n_retain > m", "distinct features", "full overlap"])
def test_the_expectation_is_what_the_drawn_golden_models_lose_on_average(name):
    spec = SETTINGS[name]
    curve = loss_curve(spec, [spec.overlap], ["golden"], draws=1000)
    mean, error = curve.mean["golden", "unlearning_loss"][0], curve.error["golden", "unlearning_loss"][0]
    assert abs(mean - expected_unlearning_loss(spec)) <= STANDARD_ERRORS * error
    assert 0 < error <= SHARP * mean


@given(specs(d=st.integers(1, 40), rows=st.integers(1, 50)))
def test_averaging_over_the_weights_is_averaging_the_formula(spec):
    # The formula is linear in the squares of the weights: their mean is the formula at weights of square 1/d.
    flat = np.full(spec.d, 1 / math.sqrt(spec.d))
    averaged, at_mean = expected_unlearning_loss(spec), expected_unlearning_loss(spec, flat)
    assert averaged == at_mean or abs(averaged - at_mean) <= ROUNDING * averaged


@pytest.mark.parametrize("offset", [-1, 0, 1])
@pytest.mark.parametrize(("d", "overlap"), [(20, 0.4), (10, 1.0), (3, 0.6)])
def test_noise_makes_the_expectation_infinite_where_rows_just_fill_what_they_use(d, overlap, offset):
    spec = Spec(d=d, overlap=overlap, n_retain=1, n_forget=3, noise=0.5)
    m = spec.d_retain + spec.d_overlap
    critical = replace(spec, n_retain=m + offset)
    assert expected_unlearning_loss(critical) == math.inf
    assert math.isfinite(expected_unlearning_loss(replace(critical, noise=0.0)))
    for other in (m + 2, m - 2):
        if other >= 1:
            assert math.isfinite(expected_unlearning_loss(replace(spec, n_retain=other)))


def test_the_expectation_is_finite_where_no_noise_reaches_the_forget_rows():
    spec = Spec(d=10, overlap=0.0, n_retain=5, n_forget=3, noise=0.5)
    assert spec.n_retain == spec.d_retain + spec.d_overlap
    assert math.isclose(expected_unlearning_loss(spec), 0.5 + 0.25, rel_tol=ROUNDING)


@pytest.mark.parametrize("n_retain", [1, 2])
def test_a_single_shared_feature_has_no_finite_expectation_before_three_rows(n_retain):
    spec = Spec(d=1, overlap=1.0, n_retain=n_retain, n_forget=2, noise=1.0)
    assert expected_unlearning_loss(spec) == math.inf
    # One feature: w_g - w* = x'e / x'x, and E 1/|x|^2 = 1/(n - 2) for n > 2.
    assert math.isclose(expected_unlearning_loss(replace(spec, n_retain=7)), 1 / 5 + 1, rel_tol=ROUNDING)
    assert expected_unlearning_loss(replace(spec, noise=0.0)) == 0.0


def test_true_weights_of_the_wrong_length_are_refused():
    for wrong in (np.ones(3), np.ones((1, 5)), 1.0):
        with pytest.raises(
            ValueError, match=r"^w_star must have shape \(5,\), got .*: pass one true weight per feature"
        ):
            expected_unlearning_loss(Spec(d=5), wrong)
    assert expected_unlearning_loss(Spec(d=3, n_retain=1), [1, 2, 3]) > 0
