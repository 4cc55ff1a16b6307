import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import AGREES, CORNERS, relative, specs
from theory import Spec, directions, draw, gradient_modes, gradient_path, ridge, row_space, simulate, tuning_objective
from theory.dynamics import largest_stable_step
from theory.modes import DONE, HELD

FEW = (0, 1, 2, 3, 7, 25)
FOREVER = 1_000_000
SHARES = st.sampled_from([0.1, 0.5, 0.99, 1.0, 1.1])
DECAYS = st.sampled_from([0.0, 1e-4, 0.03, 1.0])
small = specs(d=st.integers(1, 25), rows=st.integers(1, 30))


def pushed(problem, weight=0.7):
    """The retain rows, and the forget rows with other labels: an objective of two terms."""
    A, b = tuning_objective(problem)
    scale = math.sqrt(weight / len(problem.y_f))
    return np.vstack([A, scale * problem.X_f]), np.concatenate([b, scale * -problem.y_f])


def stable(objective, decay):
    """The largest stable step of |A w - b|^2 + decay |w|^2."""
    A, _ = objective
    return 1.0 / (np.linalg.norm(A, 2) ** 2 + decay) if A.any() or decay else 1.0


def starts(problem):
    rng = np.random.default_rng(problem.seed)
    return {
        "pretrained": problem.w_o,
        "ridge": ridge(problem.X, problem.y, 3.0),
        "zero": np.zeros(problem.d),
        "anywhere": rng.standard_normal(problem.d),
    }


@given(small, SHARES, DECAYS, st.sampled_from(["pretrained", "ridge", "zero", "anywhere"]), st.booleans())
def test_the_path_is_the_simulation_at_every_step(spec, share, decay, start, both):
    problem = draw(spec)
    objective = pushed(problem) if both else tuning_objective(problem)
    A, b = objective
    step_size, w_0 = share * stable(objective, decay), starts(problem)[start]
    modes = gradient_modes(problem, w_0, FEW, step_size, decay, pushed(problem) if both else None)
    scale = math.sqrt(len(A))  # the simulation divides by the number of rows
    for k, w in zip(FEW, modes.weights, strict=True):
        simulated = simulate(scale * A, scale * b, w_0, k, step_size, decay)
        size = max(np.linalg.norm(v) for v in (simulated, w_0, modes.limit, [1e-3]))
        assert relative(w, simulated, size) <= AGREES


@given(small, SHARES, DECAYS)
def test_the_path_is_that_of_the_closed_form_for_whole_weights(spec, share, decay):
    problem = draw(spec)
    if not problem.X_t.any():
        return
    step_size = share * largest_stable_step(problem.X_t, decay)
    for w_0 in starts(problem).values():
        modes = gradient_modes(problem, w_0, FEW, step_size, decay)
        path = gradient_path(problem.X_t, problem.y_t, w_0, FEW, step_size, decay)
        size = max(np.linalg.norm(v) for v in (*path.weights, path.limit, [1e-3]))
        assert relative(modes.weights, path.weights, size) <= AGREES
        assert relative(modes.limit, path.limit, size) <= AGREES


@given(small, DECAYS, st.booleans())
def test_every_distance_shrinks_by_its_own_factor_and_the_parts_make_up_the_whole(spec, decay, both):
    problem = draw(spec)
    A, b = objective = pushed(problem) if both else tuning_objective(problem)
    w_0 = starts(problem)["anywhere"]
    step_size = 0.9 * stable(objective, decay)
    modes = gradient_modes(problem, w_0, FEW, step_size, decay, objective)
    s = np.linalg.svd(A, compute_uv=False)
    np.testing.assert_allclose(modes.values, s[: len(modes.values)], rtol=0, atol=AGREES * s[0])
    np.testing.assert_allclose(s[len(modes.values) :], 0, atol=AGREES * s[0])
    np.testing.assert_allclose(modes.factors, 1 - 2 * step_size * (modes.values**2 + decay), rtol=0, atol=AGREES)
    assert (np.diff(np.abs(modes.values)) <= 0).all()
    for i, k in enumerate(FEW):
        np.testing.assert_allclose(modes.distances[i], modes.factors**k * modes.distances[0], rtol=0, atol=AGREES)
        # Pythagoras: what is left along the directions, and what is left outside them, make up the distance to the end.
        away, outside = modes.weights[i] - modes.limit, 0.0
        P = row_space(A)
        outside = np.linalg.norm(away - P.project(away))
        total = math.hypot(np.linalg.norm(modes.distances[i]), outside)
        assert abs(total - np.linalg.norm(away)) <= AGREES * (1 + total)
    # The gradient of the objective vanishes at the end.
    slope = A.T @ (A @ modes.limit - b) + decay * modes.limit
    assert np.linalg.norm(slope) <= AGREES * (1 + s[0] ** 2) * (1 + np.linalg.norm(modes.limit))


@given(small, DECAYS, st.booleans())
def test_the_record_measures_its_own_weights(spec, decay, both):
    problem = draw(spec)
    objective = pushed(problem) if both else tuning_objective(problem)
    modes = gradient_modes(problem, starts(problem)["anywhere"], FEW, 0.9 * stable(objective, decay), decay, objective)
    W = modes.weights
    scale = 1 + float(np.abs(W).max()) ** 2 * float(np.linalg.norm(problem.X)) ** 2
    for X, y, losses in (
        (problem.X_r, problem.y_r, modes.remaining_loss),
        (problem.X_f, problem.y_f, modes.unlearning_loss),
    ):
        np.testing.assert_allclose(losses, np.mean((W @ X.T - y) ** 2, axis=1), rtol=0, atol=AGREES * scale)
    np.testing.assert_allclose(modes.distance, np.linalg.norm(W - problem.w_g, axis=1), rtol=0, atol=AGREES * scale)
    P = np.linalg.pinv(problem.X_r, rcond=1e-12) @ problem.X_r
    np.testing.assert_allclose(modes.leftover, np.linalg.norm(W - W @ P, axis=1), rtol=0, atol=AGREES * scale)


def test_with_distinct_features_a_diverging_run_leaves_the_forget_rows_alone():
    problem = draw(Spec(d=30, overlap=0.0, n_retain=8, n_forget=7, noise=0.5))
    edge = stable(tuning_objective(problem), 0.0)
    wild = gradient_modes(problem, np.zeros(30), (0, 10, FOREVER), 1.1 * edge)
    np.testing.assert_allclose(wild.unlearning_loss, np.mean(problem.y_f**2))
    assert wild.remaining_loss[-1] > 1e100


@given(small, SHARES, DECAYS)
def test_what_only_the_forget_rows_use_follows_the_decay_alone(spec, share, decay):
    problem = draw(spec)
    objective = tuning_objective(problem)
    step_size = share * stable(objective, decay)
    for name, w_0 in starts(problem).items():
        modes = gradient_modes(problem, w_0, FEW, step_size, decay)
        size = 1 + float(np.linalg.norm(modes.weights, axis=1).max())
        np.testing.assert_allclose(modes.leftover, modes.law, rtol=0, atol=AGREES * size)
        shrink = modes.idle ** np.array(FEW)
        np.testing.assert_allclose(modes.orphans, shrink[:, None] * modes.orphans[0], rtol=0, atol=AGREES * size)
        if name != "anywhere":  # these starts hold nothing that neither set of rows has taught them
            np.testing.assert_allclose(np.linalg.norm(modes.orphans, axis=1), modes.leftover, atol=AGREES * size)
        if decay == 0:
            assert modes.idle == 1


@given(small)
def test_the_orphan_directions_are_the_forget_rows_part_that_no_retain_row_sees(spec):
    problem = draw(spec)
    found = directions(problem.X_f, problem.retain_space)
    count = np.linalg.matrix_rank(problem.X) - np.linalg.matrix_rank(problem.X_r)
    assert found.right.shape == (spec.d, count)
    np.testing.assert_allclose(found.right.T @ found.right, np.eye(count), rtol=0, atol=AGREES)
    np.testing.assert_allclose(problem.X_r @ found.right, 0, atol=AGREES * (1 + np.abs(problem.X_r).sum()))
    rebuilt = (found.left * found.values) @ found.right.T
    part = problem.X_f @ (np.eye(spec.d) - np.linalg.pinv(problem.X_r, rcond=1e-12) @ problem.X_r)
    np.testing.assert_allclose(rebuilt, part, rtol=0, atol=1e-9 * (1 + np.abs(problem.X_f).max()))


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_an_interpolating_start_never_moves_however_large_the_step(spec):
    problem = draw(spec)
    if not problem.X_t.any():
        return
    edge = largest_stable_step(problem.X_t)
    fitted = problem.tune_space.nearest(problem.y_t, problem.w_o)
    modes = gradient_modes(problem, fitted, (0, 10, FOREVER), 1.1 * edge)
    assert not modes.distances.any()
    assert not modes.grows
    assert modes.done.all()
    assert relative(modes.weights, np.tile(fitted, (3, 1)), 1 + np.linalg.norm(fitted)) <= AGREES


def test_a_step_above_the_largest_stable_one_grows_without_end_and_stays_a_number():
    problem = draw(Spec(d=30, n_retain=8, n_forget=7, noise=0.5))
    objective = tuning_objective(problem)
    w_0 = np.zeros(30)
    edge = stable(objective, 0.0)
    assert not gradient_modes(problem, w_0, FEW, 0.99 * edge).grows
    wild = gradient_modes(problem, w_0, (0, 10, 100, FOREVER), 1.1 * edge)
    assert wild.grows
    assert math.isclose(wild.factors[0], 1 - 2.2, rel_tol=AGREES)
    assert (np.diff(wild.leftover) <= AGREES).all()  # what the rows do not see stands still all the same
    assert np.isfinite(wild.weights).all()
    assert abs(wild.distances[-1, 0]) == HELD * abs(wild.distances[0, 0])
    assert abs(wild.distances[1, 0]) == pytest.approx(1.2**10 * abs(wild.distances[0, 0]))


def test_a_direction_is_done_when_it_has_lost_three_digits():
    problem = draw(Spec(d=30, n_retain=8, n_forget=7, noise=0.5))
    step_size = 0.5 * stable(tuning_objective(problem), 0.0)
    modes = gradient_modes(problem, np.zeros(30), range(400), step_size)
    assert not modes.done[0].any()
    assert modes.done[-1].all()
    for i, factor in enumerate(modes.factors):
        wanted = math.ceil(math.log(DONE) / math.log(abs(factor))) if 0 < abs(factor) < 1 else 1
        assert abs(int(np.argmax(modes.done[:, i])) - wanted) <= 1


@pytest.mark.parametrize("steps", [[], [1, 2], [0, 2, 2], [0, 3, 1], [0.0, 1.0], 3, [[0]], [True], ["0"], [-1, 0]])
def test_impossible_steps_are_refused(steps):
    problem = draw(Spec(d=6, n_retain=2, n_forget=2))
    with pytest.raises(ValueError, match=r"^steps must be whole numbers that begin with 0 and rise, got .*: put the"):
        gradient_modes(problem, problem.w_o, steps, 0.1)


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "0.1", None, 1j])
@pytest.mark.parametrize("name", ["step_size", "decay"])
def test_an_impossible_step_size_or_decay_is_refused(name, value):
    problem = draw(Spec(d=6, n_retain=2, n_forget=2))
    with pytest.raises(ValueError, match=rf"^{name} must be at least 0 and finite, got .*: use 0 to switch it off"):
        gradient_modes(problem, problem.w_o, [0, 1], **{"step_size": 0.1, "decay": 0.1, name: value})


@pytest.mark.parametrize("shape", [(6, 20), (20, 6), (7, 7)])
@pytest.mark.parametrize("weakest", [0.5, 1.01e-2, 0.99e-2, 1e-7, 0.0])
def test_the_directions_of_constructed_rows_are_found_by_either_route(shape, weakest):
    rng = np.random.default_rng(3)
    n, d = shape
    r = min(shape)
    left, right = np.linalg.qr(rng.standard_normal((n, r)))[0], np.linalg.qr(rng.standard_normal((d, r)))[0]
    values = np.array([*np.geomspace(3.0, 1.0, r - 1), 3.0 * weakest])
    values = np.sort(values)[::-1]
    found = directions((left * values) @ right.T)
    count = r - (weakest == 0)
    np.testing.assert_allclose(found.values, values[:count], rtol=AGREES if weakest > 1e-3 else 1e-6)
    for basis in (found.left, found.right):
        np.testing.assert_allclose(basis.T @ basis, np.eye(count), rtol=0, atol=1e-11)
    # The same lines, whichever way they point.
    np.testing.assert_allclose(np.abs(np.sum(found.right * right[:, :count], axis=0)), 1, rtol=AGREES)
    np.testing.assert_allclose((found.left * found.values) @ found.right.T, (left * values) @ right.T, atol=1e-13)


def test_rows_too_large_to_square_have_directions_all_the_same():
    found = directions(np.diag([1e200, 1e199]))
    np.testing.assert_allclose(found.values, [1e200, 1e199])


def test_directions_of_what_is_no_matrix_are_refused():
    with pytest.raises(ValueError, match=r"^X must have shape"):
        directions(np.zeros(3))


def test_rows_of_zeros_have_no_direction():
    assert directions(np.zeros((2, 3))).right.shape == (3, 0)
