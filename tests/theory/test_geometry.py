import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import AGREES, CORNERS, dense_models, float_pinv, specs
from theory import Spec, draw, scene, triangle, valley

STARTS = (0.0, 0.25, 0.5, 1.0, 1.2)


def check_triangle(problem):
    """Against whole pseudo-inverses: lengths, the plane, the ends of fine-tuning and their losses."""
    found = triangle(problem, STARTS)
    pinv = float_pinv(problem.X_r)
    models = dense_models(problem)
    w_o, w_g = models["pretrained"], models["golden"]
    foot = pinv @ (problem.X_r @ w_o)
    size = max(np.linalg.norm(w_o), np.linalg.norm(w_g))
    close = {"rel": AGREES, "abs": AGREES * size}
    assert found.golden == pytest.approx(np.linalg.norm(w_g), **close)
    assert found.pretrained == pytest.approx(np.linalg.norm(w_o), **close)
    assert found.leftover == pytest.approx(np.linalg.norm(w_o - foot), **close)
    assert found.gap == pytest.approx(np.linalg.norm(foot - w_g), **close)
    # The shadow and the distance from the plane make up w_o.
    assert found.foot**2 + found.off**2 + found.leftover**2 == pytest.approx(found.pretrained**2, abs=AGREES * size**2)
    scale = max(found.loss_scale, 1e-300)
    for s, begin, end, loss in zip(STARTS, found.begins, found.ends, found.losses, strict=True):
        start = s * w_o
        tuned = start + pinv @ (problem.y_r - problem.X_r @ start)
        assert np.linalg.norm(tuned - w_g) == pytest.approx(abs(end[1]), **close)
        assert end[0] == found.golden
        assert begin == pytest.approx([s * found.foot, s * found.leftover], **close)
        missed = float(np.mean((problem.X_f @ tuned - problem.y_f) ** 2))
        assert loss == pytest.approx(missed, rel=1e-8, abs=1e-8 * scale)
    if problem.interpolates_retain:
        assert found.gap <= AGREES * 10 * size
        assert found.pretrained**2 == pytest.approx(found.golden**2 + found.leftover**2, rel=1e-8)
        if problem.interpolates_forget:
            for s, loss in zip(STARTS, found.losses, strict=True):
                assert loss == pytest.approx((1 - s) ** 2 * found.golden_loss, abs=1e-8 * scale)


@pytest.mark.parametrize("spec", [s for s in CORNERS.values() if s.tune_rows == s.n_retain], ids=repr)
def test_the_triangle_at_the_corners(spec):
    check_triangle(draw(spec))


@given(specs(d=st.integers(1, 40), rows=st.integers(1, 12), whole_tuning=True))
def test_the_triangle_has_true_lengths(spec):
    check_triangle(draw(spec))


def test_the_triangle_has_true_lengths_for_2000_features():
    check_triangle(draw(Spec(d=2000, n_retain=60, n_forget=40)))


def test_without_enough_room_the_triangle_is_not_right():
    found = triangle(draw(Spec(d=60, n_retain=60, noise=0.5)), STARTS)
    assert found.gap > 0.01
    assert found.off > 0.01
    assert not np.allclose(found.losses, (1 - np.array(STARTS)) ** 2 * found.golden_loss, rtol=1e-3)


def test_rows_that_settle_every_weight_leave_nothing_over():
    found = triangle(draw(Spec(d=10, overlap=1.0, n_retain=30, noise=0.5)), STARTS)
    assert found.pinned
    assert found.leftover == 0
    np.testing.assert_allclose(found.losses, found.golden_loss)


@pytest.mark.parametrize("start", [np.nan, np.inf, "half"])
def test_a_start_that_is_no_number_is_refused(start):
    with pytest.raises(ValueError, match="starts must be finite numbers"):
        triangle(draw(Spec(d=4, n_retain=1, n_forget=1)), (0.0, start))


# Places of a grid, as a hand drags them: rows point the same way, or are zero, in every tenth case or so.
grid = st.integers(-4, 4).map(lambda n: n / 2)
places = st.tuples(grid, grid).map(np.array)


@given(places, places, places, st.tuples(st.floats(-3, 3), st.floats(-3, 3)).map(np.array))
def test_the_valley_is_what_pseudo_inverses_say(retain, forget, start, w_star):
    found, near = valley(retain, forget, start, w_star), {"atol": 1e-9}
    kept, both = retain[None], np.stack([retain, forget])
    np.testing.assert_allclose(found.w_g, np.linalg.pinv(kept) @ (kept @ w_star), **near)
    np.testing.assert_allclose(found.w_o, np.linalg.pinv(both) @ (both @ w_star), **near)
    np.testing.assert_allclose(found.end, start + np.linalg.pinv(kept) @ (kept @ (w_star - start)), **near)
    assert found.says == retain.any()
    assert found.crossing == (np.linalg.matrix_rank(both) == 2)
    for w in (start, found.end, found.w_g):
        assert found.remaining_loss(w) == pytest.approx((retain @ w - retain @ w_star) ** 2, abs=1e-9)
        assert found.unlearning_loss(w) == pytest.approx((forget @ w - forget @ w_star) ** 2, abs=1e-9)


@given(places, places, places)
def test_gradient_descent_rolls_straight_across_the_valley(retain, forget, start):
    w_star = np.array([1.6, 1.2])
    found, w, steps = valley(retain, forget, start, w_star), start, [start]
    share = 0.2  # of the way that is left, at every step
    for _ in range(5):
        gradient = 2 * retain * (retain @ (w - w_star))
        w = w - share * gradient / (2 * (retain @ retain) or 1.0)
        steps.append(w)
    np.testing.assert_allclose(found.way((1 - share) ** np.arange(6)), steps, atol=1e-9)
    along = np.array([-retain[1], retain[0]])
    assert along @ found.end == pytest.approx(along @ start, abs=1e-9)


@pytest.mark.parametrize(("name", "at"), [("retain", 0), ("forget", 1), ("start", 2), ("w_star", 3)])
@pytest.mark.parametrize("wrong", [[1.0], [1.0, np.nan], "ab"])
def test_points_of_the_valley_that_are_not_two_numbers_are_refused(name, at, wrong):
    points = [np.ones(2), np.ones(2), np.ones(2), np.ones(2)]
    points[at] = wrong
    with pytest.raises(ValueError, match=name):
        valley(*points)


@given(st.sampled_from([0.0, 0.4, 1.0]), st.integers(0, 999), st.sampled_from([0.0, 0.5]), st.floats(0, 1.2))
def test_a_scene_is_weight_space_turned(overlap, seed, noise, start):
    problem = draw(Spec(d=3, overlap=overlap, n_retain=1, n_forget=1, noise=noise, seed=seed))
    seen = scene(problem, start)
    size = 1e-9 * (1 + np.linalg.norm(problem.w_o))
    leftover = problem.w_o - problem.retain_space.project(problem.w_o)
    tuned = problem.retain_space.nearest(problem.y_r, start * problem.w_o)
    points = np.stack([problem.w_g, problem.w_o, start * problem.w_o, tuned])
    turned = np.stack([seen.w_g, seen.w_o, seen.begin, seen.end])
    np.testing.assert_allclose(turned @ turned.T, points @ points.T, atol=size * (1 + np.linalg.norm(problem.w_o)))
    assert seen.w_g[0] == pytest.approx(np.linalg.norm(problem.w_g))
    assert (seen.w_o - seen.w_g)[1] == pytest.approx(np.linalg.norm(leftover), abs=size)
    for point in (seen.w_g, seen.w_o, seen.end):
        assert seen.retain @ point == pytest.approx(seen.retain_at, abs=size)
    assert seen.forget @ seen.w_o == pytest.approx(seen.forget_at, abs=size)


def test_a_scene_needs_three_features():
    with pytest.raises(ValueError, match="3 features, 1 retain row and 1 forget row"):
        scene(draw(Spec(d=4, n_retain=1, n_forget=1)), 0.5)
