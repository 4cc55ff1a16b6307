import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.cases import AGREES, CORNERS, ROUNDING, specs
from theory import METHODS, Spec, draw, loss_curve, loss_moments

KEYS = ("pretrained", "golden", "fine_tune")


def losses_by_hand(spec, key):
    problem = draw(spec)
    w = METHODS[key].fit(problem)
    return (
        float(np.mean((problem.X_r @ w - problem.y_r) ** 2)),
        float(np.mean((problem.X_f @ w - problem.y_f) ** 2)),
    )


def test_a_loss_curve_is_the_same_done_by_hand():
    spec = Spec(d=12, n_retain=5, n_forget=4, n_tune=3, noise=0.5, seed=7)
    overlaps, keys = [0.0, 0.35, 1.0], ["golden", "drop_overlap", "pretrained"]
    curve = loss_curve(spec, overlaps, keys, draws=4)
    assert curve.draws == 4
    assert curve.overlaps.tolist() == overlaps
    names = {(key, loss) for key in keys for loss in ("remaining_loss", "unlearning_loss")}
    for table in (curve.mean, curve.error, curve.low, curve.high):
        assert set(table) == names
    for key in keys:
        for j, overlap in enumerate(overlaps):
            by_hand = [losses_by_hand(replace(spec, overlap=overlap, seed=7 + i), key) for i in range(4)]
            for loss, values in zip(("remaining_loss", "unlearning_loss"), np.array(by_hand).T, strict=True):
                name = (key, loss)
                statistics = {
                    "mean": sum(values) / 4,
                    "error": math.sqrt(sum((values - sum(values) / 4) ** 2) / 3) / 2,
                    "low": min(values),
                    "high": max(values),
                }
                for field, expected in statistics.items():
                    assert abs(getattr(curve, field)[name][j] - expected) <= ROUNDING, (name, field)


def test_a_loss_curve_of_one_draw_has_no_error_and_no_range():
    spec = Spec(d=12, n_retain=5, n_forget=4, noise=0.5)
    curve = loss_curve(spec, [0.4], ["golden"], draws=1)
    name = ("golden", "unlearning_loss")
    assert curve.error[name].tolist() == [0.0]
    assert curve.low[name] == curve.mean[name] == curve.high[name]
    assert abs(curve.mean[name][0] - losses_by_hand(spec, "golden")[1]) <= ROUNDING


def test_a_loss_curve_over_no_overlaps_is_empty():
    curve = loss_curve(Spec(d=12, n_retain=5, n_forget=4), [], ["golden"], draws=2)
    assert curve.mean["golden", "unlearning_loss"].shape == (0,)


def test_an_impossible_loss_curve_is_refused():
    spec = Spec(d=5, n_retain=2, n_forget=2)
    for draws in (0, -1):
        with pytest.raises(ValueError, match=rf"^draws must be at least 1, got {draws}: "):
            loss_curve(spec, [0.4], ["golden"], draws)
    with pytest.raises(ValueError, match=r"^overlap must be a number between 0 and 1, got 2"):
        loss_curve(spec, [0.4, 2.0], ["golden"], 1)
    with pytest.raises(ValueError, match=r"^keys must name methods, got 'gold'"):
        loss_curve(spec, [0.4], ["gold"], 1)


def assert_moments(spec, overlaps, noises):
    moments = loss_moments(spec, overlaps, KEYS, 1)
    for noise in noises:
        curve = moments.at(noise)
        for j, overlap in enumerate(overlaps):
            for key in KEYS:
                expected = losses_by_hand(replace(spec, overlap=overlap, noise=noise), key)
                for loss, value in zip(("remaining_loss", "unlearning_loss"), expected, strict=True):
                    found = curve.mean[key, loss][j]
                    assert abs(found - value) <= AGREES * (1 + value), (key, loss, overlap, noise)


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_one_set_of_moments_gives_the_losses_of_every_noise(spec):
    assert_moments(spec, (1.0, 0.0, 0.4, 0.7), (0.0, 0.5, 5.0))


@given(specs(), st.lists(st.floats(0, 1), max_size=4), st.floats(0, 5))
@settings(max_examples=60)
def test_moments_are_the_losses_of_the_fitted_models(spec, overlaps, noise):
    assert_moments(spec, overlaps, (noise,))


def test_moments_do_not_depend_on_the_noise_and_overlap_of_the_spec():
    spec = Spec(d=30, n_retain=18, n_forget=14, n_tune=7)
    first, second = (loss_moments(s, (0.0, 0.5), KEYS, 2) for s in (spec, replace(spec, noise=3.0, overlap=0.9)))
    assert np.array_equal(first.coefficients, second.coefficients)
    curve, direct = first.at(2.0), loss_curve(replace(spec, noise=2.0), (0.0, 0.5), KEYS, 2)
    for name, values in curve.mean.items():
        assert np.array_equal(values, direct.mean[name])


def test_what_is_fitted_whatever_the_labels_has_no_loss_at_all():
    moments = loss_moments(Spec(), (0.0, 0.4, 1.0), KEYS, 2)
    by_key = dict(zip(KEYS, np.moveaxis(moments.coefficients, 2, 0), strict=True))
    assert not by_key["pretrained"].any()
    assert not by_key["fine_tune"].any()
    assert not by_key["golden"][:, :, 0].any()
    assert (by_key["golden"][:, :, 1, 0] > 0).all()


def test_moments_are_kept_for_methods_linear_in_the_labels_and_noise_a_spec_can_have():
    spec = Spec(d=5, n_retain=2, n_forget=2)
    with pytest.raises(ValueError, match=r"^keys must name methods that are linear in the labels, got 'project'"):
        loss_moments(spec, (0.5,), ("golden", "project"), 1)
    with pytest.raises(ValueError, match=r"^draws must be at least 1, got 0"):
        loss_moments(spec, (0.5,), KEYS, 0)
    with pytest.raises(ValueError, match=r"^noise must be a number between 0 and 1e\+06, got -1"):
        loss_moments(spec, (0.5,), KEYS, 1).at(-1.0)
