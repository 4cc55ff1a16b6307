"""What can be told from the membership attack: the reach of blind guessing, and how often golden is told apart."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, mannwhitneyu

from theory import Spec, attack_verdict, blind_reach, compare, membership_auc
from theory.attack import LEVEL

# A rate over seeds may lie above the true one by chance: by more than this in one test of a million.
UNLIKELY = 1e-6


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 6), (2, 2), (3, 3), (2, 5), (4, 4), (5, 3), (5, 6)])
def test_the_reach_is_that_of_all_orders_of_the_rows(n, m):
    off = []
    for members in combinations(range(n + m), n):
        strangers = [r for r in range(n + m) if r not in members]
        off.append(abs(membership_auc(np.array(members, float), np.array(strangers, float)) - 0.5))
    off, reach = np.array(off), blind_reach(n, m)
    assert np.mean(off > reach + 1e-9) <= LEVEL
    assert reach in off or reach == 0.5
    assert np.mean(off > reach - 1e-9) > LEVEL  # any less would be exceeded too often


@pytest.mark.parametrize(("n", "m"), [(4, 4), (7, 9), (10, 10), (20, 20), (30, 50), (50, 50)])
def test_beyond_the_reach_an_exact_test_rejects_and_within_it_does_not(n, m):
    reach, step = blind_reach(n, m), 1 / (n * m)

    def p_value(auc):
        won = round(auc * n * m)
        rows = iter([won // n] * (n - won % n) + [won // n + 1] * (won % n))  # every member beats so many strangers
        members = [next(rows) + 0.5 + 1e-3 * i / n for i in range(n)]
        return mannwhitneyu(members, np.arange(1.0, m + 1), method="exact").pvalue

    assert p_value(0.5 + reach) > LEVEL
    assert p_value(0.5 + reach + step) <= LEVEL


def test_the_reach_narrows_as_the_rows_grow_and_does_not_jump_where_counting_ends():
    reaches = [blind_reach(n, n) for n in range(3, 200)]
    assert (np.diff(reaches) < 0.01).all()
    assert abs(blind_reach(50, 50) / blind_reach(51, 51) - 1) < 0.02
    assert blind_reach(500, 500) == pytest.approx(1.96 * math.sqrt(1001 / 12) / 500, rel=0.01)


@pytest.mark.parametrize("n_forget", [1, 2, 3, 4, 10, 20])
def test_golden_is_told_apart_in_no_more_than_one_draw_of_twenty(n_forget):
    draws, told = 300, 0
    for seed in range(draws):
        (golden,) = compare(Spec(d=24, n_retain=8, n_forget=n_forget, noise=0.5, seed=seed), ["golden"])
        told += golden.attack not in ("not told apart", "too few rows")
        assert (golden.attack == "too few rows") == (n_forget < 4)
    assert binom.sf(told - 1, draws, LEVEL) > UNLIKELY


def test_a_model_that_remembers_is_told_apart_and_one_that_over_forgot_stands_out():
    spec = Spec(d=60, n_retain=12, n_forget=11, noise=0.5, seed=1)
    remembers, golden = compare(spec, ["fine_tune", "golden"])
    assert (remembers.attack, golden.attack) == ("given away", "not told apart")
    (pushed,) = compare(spec, ["discriminative"], alpha=1.0, target="opposite", mu=0.001)
    assert pushed.attack == "standing out"


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 10_000))
def test_a_verdict_is_one_and_turns_with_the_attack(n, m, seed):
    rng = np.random.default_rng(seed)
    auc, reach = membership_auc(rng.standard_normal(n), 3 * rng.standard_normal(m)), blind_reach(n, m)
    turned = {"given away": "standing out", "standing out": "given away"}
    found = attack_verdict(auc, reach)
    assert attack_verdict(1 - auc, reach) == turned.get(found, found)
    assert attack_verdict(0.5, reach) in ("too few rows", "not told apart")
    assert (found == "too few rows") == (attack_verdict(1.0, reach) == "too few rows")
