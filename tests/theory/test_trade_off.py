import numpy as np
import pytest

from tests.theory.cases import CORNERS
from theory import METHODS, TARGETS, Spec, draw, target_labels, trade_off

ALPHAS = (0.0, 0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
# Normal equations of a well-conditioned ridge problem (mu at least 1e-3 of the rows' scale) against the closed form.
AGREES = 1e-7


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


def test_the_curve_and_the_method_are_one():
    problem = draw(Spec(d=30, n_retain=8, n_forget=6, n_tune=5, noise=0.5))
    curve = trade_off(problem, (0.1,), "zero", 0.01)
    w = METHODS["discriminative"].fit(problem, alpha=0.1, target="zero", mu=0.01)
    assert curve.distance[0] == pytest.approx(np.linalg.norm(w - problem.w_g), rel=1e-12)
