import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from tests.theory.cases import CORNERS, specs
from theory import TARGETS, Spec, draw, meeting, pushed_loss, target_labels, weighing
from theory.sameness import FLOOR, SAME

ALPHAS = (0.0, 0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
# Least squares through an SVD of all rows against the closed form, beside the labels: eight digits of a solution.
AGREES = 1e-8
# A weight of the scale may miss golden's loss by SAME of it; between two weights the meeting is a root.
ON_THE_SPOT = 2 * SAME
# Models this close, beside their size, are one; two at weights far apart that are not one differ by more.
ONE, ANOTHER = 1e-7, 1e-9
# Weights at which nothing may be found where "nowhere" is proved.
EVERYWHERE = np.geomspace(1e-9, 1e9, 400)
small = specs(d=st.integers(1, 25), rows=st.integers(1, 14))
targets, closeness = st.sampled_from(tuple(TARGETS)), st.sampled_from((0.0, 0.001, 0.1, 10.0))
# The errors fall through golden's below the smallest weight; meet it only beyond the largest.
BELOW = Spec(d=60, overlap=1.0, n_retain=61, n_forget=20, n_tune=60, noise=0.5)
BEYOND = Spec(d=50, overlap=0.3, n_retain=28, n_forget=23, noise=0.5)


def minimiser(problem, alpha, target, mu):
    """The minimiser of J nearest to the pretrained weights, by numpy's least squares on stacked rows."""
    t, n_t, n_f, d = target_labels(problem, target), len(problem.y_t), problem.n_forget, problem.d
    rows = np.vstack([problem.X_t / n_t**0.5, problem.X_f * (alpha / n_f) ** 0.5, mu**0.5 * np.eye(d)])
    labels = np.concatenate([problem.y_t / n_t**0.5, t * (alpha / n_f) ** 0.5, mu**0.5 * problem.w_o])
    return problem.w_o + np.linalg.lstsq(rows, labels - rows @ problem.w_o, rcond=1e-12)[0]


def error(problem, w):
    return float(np.mean((problem.X_f @ w - problem.y_f) ** 2))


@given(small, targets, closeness)
@example(CORNERS["one feature, forget rows without signal"], "zero", 0.0)
@example(CORNERS["n_retain > d > n_tune"], "shuffled", 0.0)
@example(CORNERS["no overlap, rows crowd their blocks"], "opposite", 0.0)
@settings(max_examples=40)
def test_the_loss_is_that_of_the_minimisers_at_every_weight_and_idle_where_they_are_one(spec, target, mu):
    problem = draw(spec)
    loss, scale = pushed_loss(problem, target, mu), 1 + np.mean(problem.y**2)
    models = [minimiser(problem, alpha, target, mu) for alpha in (0.003, 0.5, 50.0)]
    seen = loss.at((0.003, 0.5, 50.0))
    np.testing.assert_allclose(seen, [error(problem, w) for w in models], rtol=AGREES, atol=AGREES * scale)
    apart, size = np.linalg.norm(models[0] - models[2]), np.linalg.norm(problem.w_o) + np.linalg.norm(models[2])
    assert apart <= ONE * size if loss.idle else apart > ANOTHER * size
    found = weighing(problem, target, mu)
    assert found.idle == loss.idle
    missed = target_labels(problem, target) - problem.X_f @ models[1]
    assert found.meets_targets == (np.abs(missed).max() <= 1e-7 * scale)
    assert found.fits_rows == (np.abs(problem.X_t @ models[1] - problem.y_t).max() <= 1e-7 * scale)


@given(small, targets, closeness)
@example(BELOW, "shuffled", 0.0)
@example(BEYOND, "shuffled", 10.0)
@example(Spec(noise=0.3), "oracle", 0.1)
@settings(max_examples=40)
def test_a_meeting_is_where_it_says_and_nowhere_is_nowhere(spec, target, mu):
    problem = draw(spec)
    found, loss = meeting(problem, ALPHAS, target, mu), pushed_loss(problem, target, mu)
    level = error(problem, problem.w_g)
    assert found.level == pytest.approx(level, rel=1e-12, abs=1e-14)
    if found.nowhere:
        assert found.crossing is None
        assert found.beyond is None
        above = loss.at(EVERYWHERE) > level
        assert above.all() or not above.any()
    ends = loss.at(np.array(ALPHAS[1:]))
    margin = max(SAME * level, FLOOR)
    if ends.min() < level - margin and ends.max() > level + margin:
        assert found.crossing is not None
    if found.beyond is not None:
        assert found.beyond > ALPHAS[-1]
        assert float(loss.at((found.beyond,))[0]) == pytest.approx(level, rel=ON_THE_SPOT, abs=1e-9)
    if found.crossing is None:
        return
    crossing, size = found.crossing, max(np.linalg.norm(problem.w_o), np.linalg.norm(problem.w_g))
    assert ALPHAS[0] <= crossing.alpha <= ALPHAS[-1]
    assert crossing.unlearning_loss == pytest.approx(level, rel=ON_THE_SPOT, abs=1e-9)
    if crossing.alpha > 0:
        away = minimiser(problem, crossing.alpha, target, mu) - problem.w_g
        assert crossing.distance == pytest.approx(np.linalg.norm(away), abs=1e-5 * (size + np.linalg.norm(away)))
    assert crossing.golden == (crossing.distance <= SAME * size)


def test_a_meeting_below_the_smallest_weight_and_one_beyond_the_largest_are_found():
    below, beyond = meeting(draw(BELOW), ALPHAS, "shuffled", 0.0), meeting(draw(BEYOND), ALPHAS, "shuffled", 10.0)
    assert below.crossing.alpha == pytest.approx(3.858e-4, rel=1e-3)
    assert not below.jumps_over
    assert beyond.crossing is None
    assert not beyond.nowhere
    assert 100 < beyond.beyond < 1000


@pytest.mark.parametrize("seed", range(3))
def test_the_meeting_is_the_root_a_solver_finds(seed):
    problem = draw(Spec(noise=0.3, seed=seed))
    level, found = error(problem, problem.w_g), meeting(problem, ALPHAS, "shuffled", 0.1).crossing
    root = brentq(lambda a: error(problem, minimiser(problem, a, "shuffled", 0.1)) - level, 1e-3, 100)
    assert found.alpha == pytest.approx(root, rel=1e-6)
    assert not found.golden
    assert found.row_gap > 0.1


def test_a_jump_is_one_of_the_limit_and_not_of_a_scale():
    found = meeting(draw(Spec(noise=0.3)), ALPHAS, "shuffled", 0.0)
    assert found.jumps_over
    assert found.nowhere  # nothing is idle but the constant itself
    assert found.start < found.level < found.first
    problem = draw(BELOW)
    assert meeting(problem, ALPHAS, "shuffled", 0.0).first == pytest.approx(
        error(problem, minimiser(problem, 1e-9, "shuffled", 0.0)), rel=1e-4
    )


def test_golden_itself_is_met_where_it_is_told_or_passed():
    told = meeting(draw(Spec(noise=0.3)), ALPHAS, "oracle", 0.0)
    assert told.crossing.golden
    assert told.crossing.alpha > 0
    # With distinct features golden predicts 0 for the row, and the push takes the prediction from y through 0 to -y.
    turned = meeting(draw(Spec(d=12, overlap=0.0, n_retain=3, n_forget=1)), ALPHAS, "opposite", 0.1)
    assert turned.crossing.golden
    assert turned.crossing.alpha not in ALPHAS
    # Ever closer to golden's error is not golden's error.
    near = meeting(draw(Spec(noise=0.3)), ALPHAS, "oracle", 0.1)
    assert near.beyond is None
    assert not near.nowhere
    assert math.isclose(pushed_loss(draw(Spec(noise=0.3)), "oracle", 0.1).at((math.inf,))[0], near.level, rel_tol=1e-9)


def test_whether_alpha_matters_is_asked_of_the_rows_trained_on_and_of_the_labels():
    seen = Spec(d=40, n_retain=60, n_forget=10, n_tune=5, noise=0.5)  # the whole table fits no labels, these rows do
    assert not seen.fits_any_labels
    assert weighing(draw(seen), "shuffled", 0.0).idle
    crowded = draw(Spec(d=40, n_retain=60, n_forget=50, noise=0.5))
    assert not weighing(crowded, "shuffled", 0.0).idle
    told = weighing(crowded, "oracle", 0.0)
    assert told.idle
    assert told.meets_targets
    assert not told.fits_rows
    assert not weighing(draw(Spec(noise=0.3)), "shuffled", 0.1).idle
    # A single row keeps its own label: nothing to push for, however close the model is to stay.
    assert weighing(draw(Spec(n_forget=1)), "shuffled", 0.1).idle
