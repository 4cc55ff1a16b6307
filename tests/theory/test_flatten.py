"""Flattening around a row: the table's numbers, the span the weights stay in, and what shrinking can do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.draws import draw
from theory.flatten import CENTRES, DECAY, FINE, PLACE, WAYS, Curve, flattened, shrunk, smoothed
from theory.spec import Spec

ROUNDING = 1e-10
# The table is printed to three digits, the ends of the overshoot to one: half of the last place, and its rounding.
PRINTED, COARSE = 6e-4, 0.06
SCALES = (0.1, 0.3, 0.6)


def minimum(scale, way):
    curve = Curve()
    gaps = curve.gap(flattened(curve, scale, 300, way))
    return int(gaps.argmin()), float(gaps.min()), float(gaps[-1])


def test_the_published_update_falls_and_overshoots_as_in_the_table():
    assert Curve().gap(Curve().pretrained()) == pytest.approx(1.211, abs=PRINTED)
    found = [minimum(scale, "published") for scale in SCALES]
    assert [step for step, *_ in found] == [12, 35, 71]
    np.testing.assert_allclose([best for _, best, _ in found], 0.345, atol=PRINTED + 1e-4)
    np.testing.assert_allclose([last for *_, last in found], [4.9, 3.9, 1.0], atol=COARSE)


def test_the_full_gradient_ends_nearer_in_two_of_three_cases():
    found = [minimum(scale, "full")[1] for scale in SCALES]
    np.testing.assert_allclose(found, [0.527, 0.169, 0.254], atol=PRINTED)


@given(st.floats(0.05, 1.0), st.floats(-2, 3), st.floats(0.15, 0.6), st.sampled_from(WAYS))
def test_weights_move_by_the_features_of_the_row_and_its_neighbours_alone(scale, depth, width, way):
    curve = Curve(depth, width)
    path = flattened(curve, scale, 20, way)
    near = curve.features(PLACE + scale * np.array([0, -1, 1]))
    moved = (path - path[0]).T
    left = moved - near.T @ np.linalg.lstsq(near.T, moved, rcond=1e-13)[0]
    assert np.abs(left).max() <= ROUNDING * max(1, np.abs(moved).max())


def test_far_from_the_row_nothing_happens_and_near_it_much():
    curve = Curve()
    for scale in SCALES:
        path = flattened(curve, scale, 71, "published")
        # A feature 2 away from the row and its nearer neighbour is below exp(-(1.4 / 0.3)^2 / 4) of its peak.
        assert curve.harm(path[-1], path[0], 2.0) <= 1e-3
        assert curve.harm(path[-1], path[0], 0.0) > 0.5


def test_where_the_curve_only_rises_the_published_update_does_nothing_and_the_gradient_something():
    curve = Curve(depth=0.0)
    here = curve.features(np.array([PLACE - 0.1, PLACE, PLACE + 0.1])) @ curve.pretrained()
    assert here[0] != here[1]
    rising = (here[0] < here[1]) == (here[1] < here[2])
    path = flattened(curve, 0.1, 10, "published")
    assert rising == np.array_equal(path[-1], path[0])
    bump = Curve(depth=2.0)
    assert not np.array_equal(flattened(bump, 0.1, 10, "published")[0], flattened(bump, 0.1, 10, "published")[-1])


@given(st.floats(0.05, 1.0), st.floats(0.0, 1e3), st.floats(0, 3))
def test_the_smooth_answer_is_the_minimiser(scale, strength, depth):
    curve = Curve(depth)
    here, *sides = curve.features(PLACE + scale * np.array([0.0, -1.0, 1.0]))
    penalty = sum(np.outer(here - s, here - s) for s in sides) / (2 * scale**2)
    expected = np.linalg.solve(np.eye(len(CENTRES)) + strength * penalty, curve.pretrained())
    np.testing.assert_allclose(smoothed(curve, scale, np.array([strength]))[0], expected, atol=1e-8)


def test_small_moves_measure_the_slope_itself():
    curve = Curve()
    slope = curve.features(np.array([PLACE]))[0] * (CENTRES - PLACE) / curve.width**2
    strength = 3.0
    w = curve.pretrained()
    expected = w - strength * slope * (slope @ w) / (1 + strength * slope @ slope)
    # What a move adds to the slope is of second order in its length.
    off = [np.abs(smoothed(curve, scale, np.array([strength]))[0] - expected).max() for scale in (1e-2, 1e-3, 1e-4)]
    assert off[0] / off[1] == pytest.approx(100, rel=0.2)
    assert off[1] / off[2] == pytest.approx(100, rel=0.2)


def test_the_models_are_trained_on_what_is_said():
    curve = Curve()
    x = curve.kept
    assert len(x) == 29
    assert np.abs(x - PLACE).min() > 0.25
    features = curve.features(x)
    residual = features.T @ (features @ curve.golden() - np.sin(1.2 * x)) + DECAY * curve.golden()
    assert np.abs(residual).max() <= ROUNDING
    missing = Curve(depth=0.0)
    assert missing.gap(missing.pretrained()) < 0.5
    assert curve.features(FINE).shape == (601, 61)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_shrink_of_a_linear_model_leaves_most(seed):
    problem = draw(Spec(seed=seed))
    found = shrunk(problem.w_o, problem.w_g)
    o, g = float(problem.w_o @ problem.w_o), float(problem.w_g @ problem.w_g)
    assert found.best == pytest.approx(g / o, abs=ROUNDING)
    assert found.left == pytest.approx(np.sqrt(g - g * g / o), rel=1e-8)
    assert found.start == pytest.approx(np.sqrt(o - g), rel=1e-8)
    for factor in np.linspace(0, 1.2, 25):
        assert np.linalg.norm(factor * problem.w_o - problem.w_g) >= found.left - ROUNDING


def test_what_cannot_be_is_refused():
    for call, name in (
        (lambda: Curve(width=0.0), "width"),
        (lambda: flattened(Curve(), 0.0, 5, "full"), "scale"),
        (lambda: flattened(Curve(), 0.1, 5, "other"), "way"),
    ):
        with pytest.raises(ValueError, match=name):
            call()
    assert flattened(Curve(), 0.3, 0, "smooth").shape == (1, 61)
