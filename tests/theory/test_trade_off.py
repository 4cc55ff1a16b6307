import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from tests.theory.cases import CORNERS, specs
from theory import METHODS, TARGETS, Spec, draw, golden_crossing, target_labels, trade_off
from theory.trade_off import EQUAL, ONE_MODEL, ZERO

ALPHAS = (0.0, 0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
# Normal equations of a well-conditioned ridge problem (mu at least 1e-3 of the rows' scale) against the closed form.
AGREES = 1e-7
# A weight of the curve may miss golden's loss by EQUAL of it; between two weights the crossing is a root.
ON_THE_SPOT = 2 * EQUAL
targets = st.sampled_from(tuple(TARGETS))
closeness = st.sampled_from((0.001, 0.1, 10.0))


def minimiser(problem, alpha, target, mu):
    """The minimiser of J through its normal equations, d x d."""
    t, n_t, n_f = target_labels(problem, target), len(problem.y_t), problem.n_forget
    H = problem.X_t.T @ problem.X_t / n_t + alpha * problem.X_f.T @ problem.X_f / n_f + mu * np.eye(problem.d)
    g = problem.X_t.T @ problem.y_t / n_t + alpha * problem.X_f.T @ t / n_f + mu * problem.w_o
    return np.linalg.solve(H, g)


def unlearning_loss(problem, w):
    return float(np.mean((problem.X_f @ w - problem.y_f) ** 2))


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
@pytest.mark.parametrize("target", TARGETS)
def test_the_curve_is_that_of_the_minimisers(spec, target):
    problem = draw(spec)
    curve = trade_off(problem, ALPHAS, target, 0.1)
    assert curve.size == max(np.linalg.norm(problem.w_o), np.linalg.norm(problem.w_g))
    for i, alpha in enumerate(ALPHAS):
        w = minimiser(problem, alpha, target, 0.1)
        scale = 1 + np.mean(problem.y**2)
        assert curve.alphas[i] == alpha
        remaining = np.mean((problem.X_r @ w - problem.y_r) ** 2)
        assert curve.remaining_loss[i] == pytest.approx(remaining, rel=AGREES, abs=AGREES * scale)
        assert curve.unlearning_loss[i] == pytest.approx(unlearning_loss(problem, w), rel=AGREES, abs=AGREES * scale)
        away = np.linalg.norm(w - problem.w_g)
        assert curve.distance[i] == pytest.approx(away, rel=AGREES, abs=AGREES * max(curve.size, 1))


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 20)), targets, closeness)
@settings(max_examples=60)
def test_a_crossing_errs_like_golden_and_lies_where_it_says(spec, target, mu):
    problem = draw(spec)
    curve = trade_off(problem, ALPHAS, target, mu)
    found = golden_crossing(problem, curve, target, mu)
    level = unlearning_loss(problem, problem.w_g)
    excess = curve.unlearning_loss - level
    changes = (excess[:-1] * excess[1:] < 0).any()
    equal = np.abs(excess) <= max(EQUAL * level, ZERO)
    if found is None:
        # An excess within rounding of the two thresholds may fall to either side.
        assert not equal.any()
        assert not changes or np.abs(excess).min() <= 2 * EQUAL * level
        return
    assert changes or equal.any()
    assert ALPHAS[0] <= found.alpha <= ALPHAS[-1]
    assert found.unlearning_loss == pytest.approx(level, rel=ON_THE_SPOT, abs=1e-12)
    w = minimiser(problem, found.alpha, target, mu)
    distance = np.linalg.norm(w - problem.w_g)
    assert abs(found.distance - distance) <= ON_THE_SPOT * max(curve.size, found.distance)
    gap = np.sqrt(np.mean((problem.X_f @ (w - problem.w_g)) ** 2))
    assert found.row_gap == pytest.approx(
        gap, abs=10 * ON_THE_SPOT * (1 + np.abs(problem.X_f).max()) * curve.size + 1e-9
    )
    assert found.golden == (found.distance <= ONE_MODEL * curve.size)


@pytest.mark.parametrize("seed", range(4))
def test_the_crossing_is_the_root_a_solver_finds(seed):
    problem = draw(Spec(noise=0.3, seed=seed))
    level = unlearning_loss(problem, problem.w_g)
    found = golden_crossing(problem, trade_off(problem, ALPHAS, "shuffled", 0.1), "shuffled", 0.1)
    root = brentq(lambda a: unlearning_loss(problem, minimiser(problem, a, "shuffled", 0.1)) - level, 1e-3, 100)
    assert found.alpha == pytest.approx(root, rel=ON_THE_SPOT)
    assert not found.golden
    assert found.row_gap > 0.1


@pytest.mark.parametrize("seed", range(5))
def test_the_measured_example_comes_out_in_kind(seed):
    problem = draw(Spec(noise=0.3, seed=seed))
    alphas = (0.0, *np.geomspace(1e-3, 100, 31))
    level = unlearning_loss(problem, problem.w_g)
    shuffled, zero = (trade_off(problem, alphas, target, 0.1) for target in ("shuffled", "zero"))
    # With shuffled labels the error passes golden's and the distance has its minimum at a weight in between.
    assert shuffled.unlearning_loss[0] < 0.1 * level
    assert shuffled.unlearning_loss[-1] > 1.3 * level
    best = int(np.argmin(shuffled.distance))
    assert 0 < best < len(alphas) - 1
    assert shuffled.distance[-1] > 1.1 * shuffled.distance[best]
    # Zero is the better target: its best model is nearer to golden, and is not golden.
    assert 0.05 < zero.distance.min() < shuffled.distance.min()


def test_told_by_golden_the_push_ends_at_golden():
    problem = draw(Spec(noise=0.3))
    curve = trade_off(problem, ALPHAS, "oracle", 0.0)
    found = golden_crossing(problem, curve, "oracle", 0.0)
    assert curve.idle
    assert found.golden
    assert found.alpha > 0


def test_one_row_turned_round_passes_golden_itself():
    # With distinct features golden predicts 0 for the row, and the push takes the prediction from y through 0 to -y.
    problem = draw(Spec(d=12, overlap=0.0, n_retain=3, n_forget=1))
    found = golden_crossing(problem, trade_off(problem, ALPHAS, "opposite", 0.1), "opposite", 0.1)
    assert found.golden
    assert found.alpha not in ALPHAS


def test_without_closeness_the_error_jumps_over_goldens():
    problem = draw(Spec(noise=0.3))
    curve = trade_off(problem, ALPHAS, "shuffled", 0.0)
    level = unlearning_loss(problem, problem.w_g)
    assert curve.unlearning_loss[0] < level < curve.unlearning_loss[1]
    assert golden_crossing(problem, curve, "shuffled", 0.0) is None


@pytest.mark.parametrize("target", TARGETS)
def test_alpha_is_idle_where_everything_can_be_fitted_and_only_there(target):
    free, crowded = draw(Spec(noise=0.3)), draw(Spec(d=40, n_retain=60, n_forget=50, noise=0.5))
    assert trade_off(free, ALPHAS, target, 0.0).idle
    assert not trade_off(free, ALPHAS, target, 0.1).idle
    # Golden meets its own predictions and the rows to keep at once, even where other labels could not be fitted.
    assert trade_off(crowded, ALPHAS, target, 0.0).idle == (target == "oracle")


def test_the_curve_and_the_method_are_one():
    problem = draw(Spec(d=30, n_retain=8, n_forget=6, n_tune=5, noise=0.5))
    curve = trade_off(problem, (0.1,), "zero", 0.01)
    w = METHODS["discriminative"].fit(problem, alpha=0.1, target="zero", mu=0.01)
    assert curve.distance[0] == pytest.approx(np.linalg.norm(w - problem.w_g), rel=1e-12)
