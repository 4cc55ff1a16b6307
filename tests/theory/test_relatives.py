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
    carried,
    departed,
    doubled,
    imitated,
    importance,
    learned,
    learned_importance,
    replayed,
    reward_means,
    rewarded,
    risk_at,
    risks,
    rounds,
    zero_filled,
)
from theory.relatives.demonstrations import SEEN
from theory.relatives.federated import OWN, ROWS, _clients
from theory.relatives.reach import GOAL, MOVES, SIDE

ROUNDING = 1e-12
# The tables are means of other draws, printed to so many places: both sides have the standard error of ours.
ERRORS = 4 * np.sqrt(2)


def is_of_the_table(values, printed, rounding):
    """Whether the mean of some draws is the printed mean of as many others."""
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(np.mean(values) - printed) <= ERRORS * error + rounding, (np.mean(values), printed, error)


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


@pytest.mark.parametrize(("bad", "demos"), [(0.4, 4), (0.0, 1), (0.0, 50), (1.0, 50)])
def test_a_learned_reward_has_no_slope_left(bad, demos):
    """At the fit the demonstrated and the expected features differ by the penalty alone (moments match)."""
    spec = Demonstrations(bad=bad, demos=demos, seed=3)
    found, step = learned(spec), 1e-5

    counts = np.round(found.imitation[:SEEN] * spec.demos)

    def likelihood(theta):
        scores = found.features[:SEEN] @ theta
        return (counts * (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))).sum() - theta @ theta / 2

    slopes = [(likelihood(found.theta + step * e) - likelihood(found.theta - step * e)) / (2 * step) for e in np.eye(6)]
    np.testing.assert_allclose(slopes, 0, atol=1e-4)


REWARDS = {
    ("demonstrations", "seen"): (2.54, 1.91, 1.29, 0.61),
    ("imitate", "seen"): (2.54, 1.91, 1.29, 0.61),
    ("reward", "seen"): (2.45, 1.87, 1.26, 0.60),
    ("imitate_best", "seen"): (2.63, 2.44, 1.86, 0.91),
    ("reward_best", "seen"): (2.66, 2.63, 2.55, 2.04),
    ("imitate_best", "unseen"): (0.02, 0.02, 0.02, 0.02),
    ("reward_best", "unseen"): (2.63, 2.56, 2.45, 1.87),
}


@pytest.mark.parametrize(("column", "bad"), list(enumerate((0.0, 0.25, 0.5, 0.75))))
def test_the_table_of_rewards_comes_out(column, bad):
    draws = [learned(Demonstrations(bad=bad, seed=seed)) for seed in range(100)]
    for key, printed in REWARDS.items():
        is_of_the_table([draw.rewards[key] for draw in draws], printed[column], 0.005)
    is_of_the_table([draw.best["seen"] for draw in draws], 2.68, 0.005)
    means, errors = reward_means(Demonstrations(), (bad,), 20)
    for key in REWARDS:
        few = [draw.rewards[key] for draw in draws[:20]]
        assert means[key][0] == pytest.approx(np.mean(few))
        assert errors[key][0] == pytest.approx(np.std(few, ddof=1) / np.sqrt(20))


# Edge of reach


# Moves: updated and edge states; what one critic, 2, 5 and 10 earn; the most one critic overestimates.
GRID = {
    1: ((17, 9), (0.004, 0.360, 0.831, 0.831), 1.12),
    3: ((35, 9), (0.015, 0.486, 0.820, 0.831), 1.28),
    7: ((71, 9), (0.082, 0.632, 0.831, 0.831), 1.39),
    8: ((80, 0), (0.831, 0.831, 0.831, 0.831), 0.0),
}


@pytest.mark.parametrize("steps", GRID)
def test_the_table_of_the_grid_comes_out(steps):
    cells, printed, over = GRID[steps]
    seeds = range(30)
    found = bootstrapped(Reach(steps=steps))
    assert found.possible == pytest.approx(0.831, abs=5e-4)
    assert (found.updated.sum(), found.edge.sum()) == cells
    assert bootstrapped(Reach(steps=steps, patched=True)).earned == pytest.approx(found.possible)
    for critics, earned in zip((1, 2, 5, 10), printed, strict=True):
        drawn = [bootstrapped(Reach(steps=steps, critics=critics, seed=seed)) for seed in seeds]
        # Where nearly all draws agree, the one of thirty that does not may be seen or not.
        is_of_the_table([draw.earned for draw in drawn], earned, found.possible / len(seeds) + 5e-4)
        if critics == 1:
            is_of_the_table([draw.overestimate for draw in drawn], over, 0.005)
        if critics == 10 and steps < 8:
            assert min(draw.spread[draw.edge].min() for draw in drawn) > 0.4
            assert not any(draw.spread[draw.updated].any() for draw in drawn)


@pytest.mark.parametrize("steps", range(1, 9))
@pytest.mark.parametrize("discount", [0.3, 0.95])
def test_what_is_wrong_with_an_updated_state_comes_from_the_edge_alone(steps, discount):
    for seed in range(3):
        found = bootstrapped(Reach(steps=steps, critics=1 + seed, discount=discount, seed=seed))
        wrong, passed = carried(found)
        np.testing.assert_allclose(wrong, passed, atol=ROUNDING)
        assert steps == 8 or seed or wrong.any()  # one critic alone believes the edge in every draw here


def test_of_a_value_that_counts_less_less_arrives():
    near, far = (bootstrapped(Reach(steps=7, discount=g, patched=True)) for g in (0.5, 0.95))
    assert near.possible < far.possible
    assert near.possible == pytest.approx(
        np.mean([0.5 ** (abs(8 - r) + c - 1) for r in range(9) for c in range(2) if (r, c) != GOAL])
    )


@pytest.mark.parametrize("steps", range(1, 9))
@pytest.mark.parametrize(("critics", "seed"), [(1, 0), (2, 1), (6, 2)])
def test_values_are_the_fixed_point_and_edges_are_never_written(steps, critics, seed):
    found, alone = (bootstrapped(Reach(steps=steps, critics=n, seed=seed)) for n in (critics, 1))
    for row, column in np.argwhere(found.updated):
        targets = []
        for r, c in MOVES:
            to = min(max(row + r, 0), SIDE - 1), min(max(column + c, 0), SIDE - 1)
            targets.append(1.0 if to == GOAL else found.discount * found.value[to])
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


# With rows at right angles, each as long as the square root of their number, every client takes the same share of its
# error away: 1 / (1 + hold). Rounds until a millionth is left, without memory and with the memory that is best for it.
RATES = {0.25: (132, 44), 1.0: (215, 58)}


@pytest.mark.parametrize("hold", RATES)
def test_memory_makes_training_faster_as_it_is_said(hold):
    count, size = 8, 6
    g = np.random.default_rng(0)
    squares = [np.sqrt(size) * np.linalg.qr(g.standard_normal((size, size)))[0] for _ in range(count)]
    rows = [np.hstack([A if j == k else np.zeros((size, size)) for j in range(count)]) for k, A in enumerate(squares)]
    goal = g.standard_normal(count * size)
    rate = 1 - 1 / (1 + hold) / count
    for memory, printed in ((0.0, RATES[hold][0]), (2 / rate - 1 - np.sqrt((2 / rate - 1) ** 2 - 1), RATES[hold][1])):
        start = np.zeros(count * size)
        path = rounds(rows, [X @ goal for X in rows], 250, hold, memory, start, start)
        left = np.linalg.norm(path - goal, axis=1) / np.linalg.norm(goal)
        assert int(np.argmax(left < 1e-6)) == printed
        z = rate if memory == 0 else 1 - np.sqrt(1 - rate)
        later = np.arange(251.0)
        growth = 0 if memory == 0 else (rate - z) / z
        np.testing.assert_allclose(left, z**later * (1 + growth * later), atol=ROUNDING)


@given(st.floats(0.01, 0.9), st.integers(1, 20), st.integers(0, 9))
def test_one_row_that_replays_a_move_is_a_memory(rate, steps, seed):
    before, now = np.random.default_rng(seed).standard_normal((2, 7))
    on = replayed(before, now, rate, steps)
    np.testing.assert_allclose(on, now + (1 - rate) ** steps * (now - before), atol=1e-10)
    np.testing.assert_array_equal(replayed(now, now, rate, steps), now)


@pytest.mark.parametrize(("memory", "shared"), [(0.0, 0), (0.0, 10), (0.6, 3), (0.95, 0)])
def test_what_no_row_of_the_others_sees_moves_by_memory_alone(memory, shared):
    found = departed(Federation(memory=memory, shared=shared, rounds=30))
    left, kept, limit = found.unseen
    assert left == pytest.approx(kept, abs=ROUNDING) if memory == 0 else left != pytest.approx(kept, rel=1e-6)
    # Every round adds a power of the memory: after r of them memory^r of the way to the limit is missing at most.
    assert abs(kept - limit) <= memory**30 * (limit + left) + ROUNDING


def test_one_client_more_leaves_the_others_rows_as_they_are():
    few, many = _clients(Federation(clients=3))[0], _clients(Federation(clients=6))[0]
    for k in range(3):
        place = slice(k * OWN, (k + 1) * OWN)
        assert few[k].shape[0] == ROWS
        np.testing.assert_array_equal(few[k][:, place], many[k][:, place])


# Missing entries


# Rows: the risk of leaving rows with gaps out, of the best weight among those tried and that weight, of counting them
# fully; of the bandit, and of the weight that is best draw by draw.
RISKS = {
    30: (13.2, 0.712, 0.50, 0.749, 0.659, 0.621),
    60: (1.58, 0.358, 0.30, 0.436, 0.338, 0.324),
    200: (0.183, 0.119, 0.10, 0.266, 0.110, 0.106),
    1000: (0.0318, 0.0300, 0.05, 0.225, 0.0274, 0.0263),
}
WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)


@pytest.mark.parametrize("rows", RISKS)
def test_the_table_of_risks_comes_out(rows):
    none, best, at, full, bandit, oracle = RISKS[rows]
    found = risks(Missing(rows=rows), (0.0, at, 1.0), 200)
    assert found.never == 0
    for risk, error, printed in zip(found.risk, found.error, (none, best, full), strict=True):
        assert abs(risk - printed) <= ERRORS * error
    # The table's draws are not ours: its best weight is ours or stands beside it.
    tried = risks(Missing(rows=rows), WEIGHTS, 200)
    assert abs(int(tried.risk.argmin()) - WEIGHTS.index(at)) <= 1
    assert tried.tied[tried.risk.argmin()]
    assert not tried.tied[0]
    drawn = [Missing(rows=rows, seed=seed) for seed in range(40)]
    is_of_the_table([risk_at(spec, float(learned_importance(spec)[-1])) for spec in drawn], bandit, 5e-4)
    is_of_the_table([min(risk_at(spec, weight) for weight in WEIGHTS) for spec in drawn], oracle, 5e-4)


def test_one_draw_is_what_the_mean_is_of():
    alone = [risk_at(Missing(seed=5 + i), 0.3) for i in range(4)]
    found = risks(Missing(seed=5), (0.3, 1.0), 4)
    assert found.risk[0] == pytest.approx(np.mean(alone))
    assert found.error[0] == pytest.approx(np.std(alone, ddof=1) / 2)


def test_endless_rows_with_zeros_in_their_gaps_fit_other_weights():
    np.testing.assert_allclose(zero_filled(1.0), np.eye(8), atol=ROUNDING)
    # Two thousand rows are not endless: their own noise adds about features / rows, far below the bias.
    found = risks(Missing(rows=2000, observed=0.7), (1.0,), 40)
    assert abs(found.risk[0] - found.endless) <= 4 * found.error[0] + 3 * 8 / 2000
    assert found.endless > 0.2
    assert risks(Missing(observed=1.0), (1.0,), 2).endless == pytest.approx(0, abs=ROUNDING)


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
        (lambda: Reach(discount=1.0), "discount must be a number between 0.05 and 0.99, got 1.0"),
        (lambda: replayed(np.zeros(2), np.ones(2), 0.0, 3), "rate must be"),
        (lambda: risk_at(Missing(), 2.0), "weight must be"),
        (lambda: zero_filled(0.1), "observed must be"),
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
