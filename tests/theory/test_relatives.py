"""The four related problems: exact statements, and the tables they came from within their spread."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.relatives import (
    Demonstrations,
    Federation,
    Missing,
    Reach,
    bootstrapped,
    departed,
    doubled,
    imitated,
    importance,
    learned,
    learned_importance,
    reward_means,
    rewarded,
    risks,
)
from theory.relatives.demonstrations import SEEN
from theory.relatives.federated import OWN, ROWS, _clients
from theory.relatives.reach import DISCOUNT, GOAL, MOVES, SIDE

ROUNDING = 1e-12


# Demonstrations


@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=6), st.floats(0, 30))
def test_a_bounded_reward_keeps_the_odds_of_what_nobody_showed(weights, strength):
    reference = np.array(weights) / sum(weights)
    policy = rewarded(reference, strength)
    assert policy.sum() == pytest.approx(1, abs=ROUNDING)
    np.testing.assert_allclose(policy[1:] * reference[1], reference[1:] * policy[1], rtol=1e-9, atol=1e-300)
    raised = reference[0] * np.exp(strength)
    assert policy[0] == pytest.approx(raised / (raised + 1 - reference[0]))
    assert imitated(reference).tolist() == [1.0] + [0.0] * (len(reference) - 1)


def test_the_simplex_has_its_known_values():
    shares = [rewarded(np.array([0.5, 0.3, 0.2]), strength)[0] for strength in (1, 2, 4)]
    np.testing.assert_allclose(shares, [0.731, 0.881, 0.982], atol=5e-4)


@pytest.mark.parametrize(("seed", "bad"), [(0, 0.0), (1, 0.3), (2, 1.0)])
def test_imitation_copies_the_demonstrations_and_leaves_the_rest_at_the_reference(seed, bad):
    found = learned(Demonstrations(bad=bad, seed=seed))
    assert (found.imitation[SEEN:] == found.imitation[0].size ** -1).all()
    assert found.rewards["imitate", "seen"] == found.rewards["demonstrations", "seen"]
    assert found.rewards["reward_best", "seen"] <= found.best["seen"] + ROUNDING
    np.testing.assert_allclose(found.policy.sum(axis=1), 1, atol=ROUNDING)


def test_a_learned_reward_has_no_slope_left():
    """At the fit the demonstrated and the expected features differ by the penalty alone (moments match)."""
    spec = Demonstrations(bad=0.4, seed=3)
    found, step = learned(spec), 1e-5

    counts = np.round(found.imitation[:SEEN] * spec.demos)

    def likelihood(theta):
        scores = found.features[:SEEN] @ theta
        return (counts * (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))).sum() - theta @ theta / 2

    slopes = [(likelihood(found.theta + step * e) - likelihood(found.theta - step * e)) / (2 * step) for e in np.eye(6)]
    np.testing.assert_allclose(slopes, 0, atol=1e-4)


def test_the_table_of_rewards_comes_out():
    means = reward_means(Demonstrations(), (0.0, 0.5), 20)
    expected = {
        ("best", "seen"): (2.68, 2.68),
        ("demonstrations", "seen"): (2.54, 1.29),
        ("reward", "seen"): (2.45, 1.26),
        ("imitate_best", "seen"): (2.63, 1.86),
        ("reward_best", "seen"): (2.66, 2.55),
        ("imitate_best", "unseen"): (0.02, 0.02),
        ("reward_best", "unseen"): (2.63, 2.45),
    }
    for key, values in expected.items():
        np.testing.assert_allclose(means[key], values, atol=0.12, err_msg=str(key))


# Edge of reach


def test_the_table_of_the_grid_comes_out():
    def earned(steps, **kind):
        return np.mean([bootstrapped(Reach(steps=steps, seed=seed, **kind)).earned for seed in range(15)])

    best = bootstrapped(Reach()).possible
    assert best == pytest.approx(0.831, abs=5e-4)
    for steps, cells in ((1, (17, 9)), (3, (35, 9)), (7, (71, 9)), (8, (80, 0))):
        found = bootstrapped(Reach(steps=steps))
        assert (found.updated.sum(), found.edge.sum()) == cells
        assert earned(steps, patched=True) == pytest.approx(best)
        assert earned(steps, critics=10) == pytest.approx(best)
        assert earned(steps) == pytest.approx(best) if steps == 8 else earned(steps) < 0.3
        assert earned(steps, critics=2) < best or steps == 8


@pytest.mark.parametrize("steps", range(1, 9))
@pytest.mark.parametrize(("critics", "seed"), [(1, 0), (2, 1), (6, 2)])
def test_values_are_the_fixed_point_and_edges_are_never_written(steps, critics, seed):
    found, alone = (bootstrapped(Reach(steps=steps, critics=n, seed=seed)) for n in (critics, 1))
    for row, column in np.argwhere(found.updated):
        targets = []
        for r, c in MOVES:
            to = min(max(row + r, 0), SIDE - 1), min(max(column + c, 0), SIDE - 1)
            targets.append(1.0 if to == GOAL else DISCOUNT * found.value[to])
        assert found.value[row, column] == pytest.approx(max(*targets, 0.0), abs=ROUNDING)
        assert targets[found.moves[row, column]] == max(targets)
    edge = found.edge
    assert (found.value[edge] <= alone.value[edge]).all()
    further = bootstrapped(Reach(steps=steps, critics=critics, seed=seed, patched=True))
    np.testing.assert_allclose(further.value[edge], found.true[edge], atol=ROUNDING)
    assert not found.spread[found.updated].any()
    assert critics == 1 or steps == 8 or found.spread[edge].min() > 0


def test_with_shared_features_the_value_grows_as_it_is_said():
    w, path = 1.0, [1.0]
    for _ in range(100):
        w += 0.1 * (0.95 * 2 * w - w)
        path.append(w)
    np.testing.assert_allclose(doubled(0.1, 0.95, 100), path, rtol=1e-9)
    assert path[-1] == pytest.approx(5529, rel=1e-3)


# Federated


@pytest.mark.parametrize("shared", [0, 10])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_who_stays_trains_on_to_golden_and_what_nobody_else_uses(shared, noise):
    spec = Federation(shared=shared, noise=noise, rounds=1500)
    found = departed(spec)
    rows, labels = _clients(spec)
    X_r, y_r = np.vstack(rows[:-1]), np.concatenate(labels[:-1])
    golden = np.linalg.pinv(X_r) @ y_r
    leftover = found.w_left - np.linalg.pinv(X_r) @ (X_r @ found.w_left)
    np.testing.assert_allclose(found.w_golden, golden, atol=1e-10)
    np.testing.assert_allclose(found.w_kept, golden + leftover, atol=1e-8)
    np.testing.assert_allclose(found.w_cleaned, golden, atol=1e-8)
    assert np.linalg.norm(leftover) > 0.05


def test_memory_drifts_what_nobody_uses_further():
    spec = Federation(clients=4, rounds=60, memory=0.6, shared=3)
    found = departed(spec)
    rows, _ = _clients(spec)
    X_r = np.vstack(rows[:-1])
    unseen = np.eye(spec.d) - np.linalg.pinv(X_r) @ X_r
    np.testing.assert_allclose(unseen @ found.w_kept, unseen @ found.limit, atol=1e-8)
    early = departed(replace(spec, rounds=5))
    assert np.linalg.norm(unseen @ early.limit) != pytest.approx(np.linalg.norm(unseen @ early.w_left), rel=1e-3)


def test_with_features_of_their_own_the_mean_of_clients_halves_as_it_is_said():
    """Without holding back, every round leaves 1 - 1 / clients of each client's error."""
    found = departed(Federation(clients=5, hold=0.01, rounds=3))
    ratio = found.before[1:] / found.before[:-1]
    assert (ratio >= 1 - 1 / 5 - 1e-12).all()
    assert ratio.min() == pytest.approx(1 - 1 / 5, abs=0.02)


def test_one_client_more_leaves_the_others_rows_as_they_are():
    few, many = _clients(Federation(clients=3))[0], _clients(Federation(clients=6))[0]
    for k in range(3):
        place = slice(k * OWN, (k + 1) * OWN)
        assert few[k].shape[0] == ROWS
        np.testing.assert_array_equal(few[k][:, place], many[k][:, place])


# Missing entries


def test_the_table_of_risks_comes_out():
    for rows, none, half, full in ((60, 1.58, 0.40, 0.436), (200, 0.183, 0.2, 0.266), (1000, 0.0318, 0.16, 0.225)):
        found = risks(Missing(rows=rows), (0.0, 0.5, 1.0), 60)
        for risk, error, expected in zip(found.risk, found.error, (none, half, full), strict=True):
            assert abs(risk - expected) < max(0.3 * expected, 5 * error)
        assert found.never == 0


def test_no_gaps_leave_nothing_to_weigh():
    found = risks(Missing(observed=1.0), (0.0, 0.3, 1.0), 5)
    np.testing.assert_allclose(found.risk, found.risk[0], rtol=1e-9)


def test_the_bandit_learns_to_trust_many_complete_rows():
    last = [learned_importance(Missing(rows=1000, seed=seed))[-1] for seed in range(3)]
    assert np.mean(last) < 0.3
    path = learned_importance(Missing(rows=60))
    assert path[0] == 0.5
    assert ((importance(-5) <= path) & (path <= importance(5))).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Demonstrations(bad=1.5), "bad must be a number between 0 and 1, got 1.5"),
        (lambda: Demonstrations(demos=0), "demos must be a whole number"),
        (lambda: Reach(steps=9), "steps must be a whole number between 1 and 8, got 9"),
        (lambda: Reach(critics=0), "critics must be"),
        (lambda: Federation(memory=1.0), "memory must be a number between 0 and 0.95, got 1.0"),
        (lambda: Federation(clients=1), "clients must be"),
        (lambda: Missing(rows=5), "rows must be a whole number between 10"),
        (lambda: Missing(observed=0.1), "observed must be"),
        (lambda: rewarded(np.array([0.5, 0.6]), 1), "reference must hold"),
        (lambda: risks(Missing(), (1.2,), 5), "weights must be"),
        (lambda: doubled(0.1, 1.0, 5), "discount must be"),
    ],
)
def test_what_cannot_be_is_refused_with_its_name_and_rule(make, message):
    with pytest.raises(ValueError, match=message):
        make()
