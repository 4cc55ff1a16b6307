"""Evidence divided out of a belief: equal to retraining where all is exact, and the worked table elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory import Spec, draw
from theory.deletion import posterior_mean
from theory.posterior import (
    Belief,
    Evidence,
    Posterior,
    divergence,
    divided,
    eubo,
    learned,
    unlearned,
    unlearned_at,
    widest,
)

# Exact identities of well-conditioned numbers of size 1: rounding, with room.
ROUNDING = 1e-10
# Rounding of a bound of size 10 and below.
MINIMISED = 1e-12
# A posterior of mean 0 and sd 1, and the evidence in it: three numbers that give the 26 of the worked table.
WORKED = Evidence(precision=0.3159, at=4.573, peak=-1.74)
TABLE = {
    1.0: {0: ("0", "0"), 1e-4: (".092", ".010"), 0.01: (".387", ".143"), 0.1: (".833", ".489"), 0.5: ("1.65", "1.30")},
    1.3: {
        0: ("3.63", "3.63"),
        1e-4: (".979", "1.13"),
        0.01: (".485", ".224"),
        0.1: (".568", ".163"),
        0.5: ("1.29", ".873"),
    },
    0.8: {
        0: (".385", ".385"),
        1e-4: (".489", ".404"),
        0.01: (".794", ".560"),
        0.1: ("1.22", ".900"),
        0.5: ("1.95", "1.64"),
    },
}
CELLS = [
    (f, t, trick, said[k])
    for f, row in TABLE.items()
    for t, said in row.items()
    for k, trick in enumerate(("eubo", "reverse"))
]

beliefs = st.builds(Belief, st.floats(-3, 3), st.floats(0.2, 3))
evidences = st.builds(Evidence, st.floats(0.05, 5), st.floats(-3, 3), st.floats(-5, 5))


@pytest.mark.parametrize(("factor", "threshold", "trick", "said"), CELLS)
def test_the_worked_table_within_its_last_digit(factor, threshold, trick, said):
    retrained = divided(Belief(0, 1), WORKED)
    found = divergence(unlearned(Belief(0, factor), WORKED, threshold, trick), retrained)
    assert abs(found - float(said)) <= 10.0 ** -(len(said.partition(".")[2]) or 3)


@given(beliefs, evidences)
def test_dividing_undoes_learning(prior, evidence):
    back = divided(learned(prior, evidence), evidence)
    assert back.mean == pytest.approx(prior.mean, abs=1e-8)
    assert back.sd == pytest.approx(prior.sd, rel=1e-8)


@given(beliefs, evidences, st.floats(0.5, 2.5))
def test_there_is_an_answer_exactly_below_the_widest(belief, evidence, factor):
    limit = widest(belief, evidence)
    if abs(factor / limit - 1) > ROUNDING:
        assert (divided(belief.wider(factor), evidence) is None) == (factor > limit)


def test_the_widest_of_the_worked_case():
    assert widest(Belief(0, 1), WORKED) == pytest.approx(1.78, abs=0.005)


@given(beliefs, beliefs, evidences)
def test_the_bound_is_the_evidence_and_a_divergence(q, kept, evidence):
    full = learned(kept, evidence)
    # log p(D_f | D_r): the likelihood's mean under the retained belief, a Gaussian integral
    spread = kept.sd**2 + 1 / evidence.precision
    log_evidence = evidence.peak + 0.5 * np.log(1 / evidence.precision / spread)
    log_evidence -= 0.5 * (kept.mean - evidence.at) ** 2 / spread
    right = log_evidence + divergence(q, kept)
    assert eubo(q, full, evidence) == pytest.approx(right, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("threshold", [1e-3, 0.1, 0.9])
@pytest.mark.parametrize("factor", [0.7, 1.0, 2.2])
def test_both_tricks_are_what_they_say_by_brute_force(threshold, factor):
    belief = Belief(0.3, factor)
    w = np.linspace(0.3 - 30 * factor, 0.3 + 30 * factor, 600001)
    counts = np.where(belief.density(w) > threshold * belief.density(np.array(0.3)), WORKED.log_likelihood(w), 0)
    logs = -0.5 * ((w - 0.3) / factor) ** 2 - counts
    share = np.exp(logs - logs.max())
    share /= share.sum()
    mean = share @ w
    found = unlearned(belief, WORKED, threshold, "reverse")
    # the grid cuts the interval at a step of 1e-4 widths
    assert found.mean == pytest.approx(mean, abs=1e-3)
    assert found.sd == pytest.approx(np.sqrt(share @ (w - mean) ** 2), abs=1e-3)

    low = unlearned(belief, WORKED, threshold, "eubo")
    least = eubo(low, belief, WORKED, threshold)
    assert least == pytest.approx((low.density(w) * counts).sum() * (w[1] - w[0]) + divergence(low, belief), abs=2e-3)
    for m in np.linspace(-4, 4, 41):
        for s in np.geomspace(0.1, 4, 41):
            assert eubo(Belief(m, s), belief, WORKED, threshold) >= least - MINIMISED


@given(beliefs, evidences, st.floats(1e-6, 0.9999), st.floats(-4, 4), st.floats(-8, 2))
def test_no_belief_has_a_lower_bound(belief, evidence, threshold, at, log_sd):
    # A narrow valley beside the wide one counts as well: other beliefs are as narrow as where likelihood counts.
    found = unlearned(belief, evidence, threshold, "eubo")
    other = Belief(belief.mean + at * belief.sd * np.sqrt(-2 * np.log(threshold)), belief.sd * np.exp(log_sd))
    assert eubo(found, belief, evidence, threshold) <= eubo(other, belief, evidence, threshold) + MINIMISED


def test_the_lower_of_two_valleys_is_found():
    # Where likelihood counts within 0.014 widths alone, and is small there: a belief of that width avoids none of it.
    belief, evidence, threshold = Belief(0.0, 1.0), Evidence(0.3, 2.0, -40.0), 0.9999
    found = unlearned(belief, evidence, threshold, "eubo")
    assert found.sd < 0.02
    assert eubo(found, belief, evidence, threshold) < eubo(belief, belief, evidence, threshold) - 10


@given(beliefs, evidences, st.sampled_from(["eubo", "reverse"]))
def test_thresholds_together_are_those_one_by_one(belief, evidence, trick):
    scale = (0.0, 0.3, 1e-4, 0.3, 0.999, 1.0)
    together = unlearned_at(belief, evidence, scale, trick)
    for threshold, found in zip(scale, together, strict=True):
        alone = unlearned(belief, evidence, threshold, trick)
        assert (found is None) == (alone is None)
        if found and alone:
            assert found.mean == pytest.approx(alone.mean, abs=ROUNDING)
            assert found.sd == pytest.approx(alone.sd, rel=ROUNDING)


def test_a_threshold_of_one_takes_nothing_out_and_others_are_refused():
    belief = Belief(0.2, 1.1)
    assert unlearned(belief, WORKED, 1, "eubo") == belief
    with pytest.raises(ValueError, match="threshold"):
        unlearned(belief, WORKED, 1.5, "eubo")
    with pytest.raises(ValueError, match="trick"):
        unlearned(belief, WORKED, 0.5, "other")


def test_evidence_of_rows_is_their_log_likelihood():
    rng = np.random.default_rng(0)
    x, y, noise = rng.standard_normal(5), rng.standard_normal(5), 0.7
    w = np.linspace(-2, 2, 9)
    direct = [-0.5 * (((y - v * x) / noise) ** 2 + np.log(2 * np.pi * noise**2)).sum() for v in w]
    np.testing.assert_allclose(Evidence.of(x, y, noise).log_likelihood(w), direct, rtol=ROUNDING)


@pytest.mark.parametrize("overlap", [0.0, 0.4])
@pytest.mark.parametrize("noise", [0.3, 1.0])
def test_division_in_many_weights_is_retraining_with_ridge(overlap, noise):
    problem = draw(Spec(d=60, n_retain=20, n_forget=8, overlap=overlap, noise=0.5, seed=3))
    prior, d, n = 0.8, problem.X.shape[1], 20
    full = Posterior.of(problem.X, problem.y, noise, prior)
    left = full.without(problem.X_f, problem.y_f, noise)
    X, y = problem.X[:n], problem.y[:n]
    precision = np.eye(d) / prior**2 + X.T @ X / noise**2
    covariance = np.linalg.inv(precision)
    np.testing.assert_allclose(left.covariance_times(np.eye(d)), covariance, atol=ROUNDING)
    np.testing.assert_allclose(left.mean, covariance @ X.T @ y / noise**2, atol=ROUNDING)
    # the mean is the ridge golden model, by another way round
    np.testing.assert_allclose(left.mean, posterior_mean(problem, (noise / prior) ** 2), atol=ROUNDING)
    unseen = np.linalg.svd(X)[2][n:]
    assert np.abs(unseen @ left.mean).max() <= ROUNDING
    for direction in unseen[:5]:
        assert left.variance(direction) == pytest.approx(prior**2, rel=ROUNDING)
        assert full.variance(direction) <= prior**2 * (1 + ROUNDING)


def test_the_bound_in_many_weights():
    rng = np.random.default_rng(5)
    for _ in range(20):
        d, n, f, noise = 4, 6, 3, 0.6
        X, y = rng.standard_normal((n + f, d)), rng.standard_normal(n + f)
        full, kept = Posterior.of(X, y, noise), Posterior.of(X[:n], y[:n], noise)
        A = rng.standard_normal((d, d))
        m, S = rng.standard_normal(d), A @ A.T + 0.1 * np.eye(d)

        def kl(p, m=m, S=S, d=d):
            V = p.covariance_times(np.eye(d))
            off = p.mean - m
            logs = np.linalg.slogdet(V)[1] - np.linalg.slogdet(S)[1]
            return 0.5 * (np.trace(np.linalg.solve(V, S)) + off @ np.linalg.solve(V, off) - d + logs)

        X_f, y_f = X[n:], y[n:]
        expected = -0.5 * f * np.log(2 * np.pi * noise**2)
        expected -= 0.5 * (((y_f - X_f @ m) ** 2).sum() + np.trace(X_f @ S @ X_f.T)) / noise**2
        V = noise**2 * np.eye(f) + X_f @ kept.covariance_times(X_f.T)
        off = y_f - X_f @ kept.mean
        evidence = -0.5 * (off @ np.linalg.solve(V, off) + np.linalg.slogdet(V)[1] + f * np.log(2 * np.pi))
        assert expected + kl(full) == pytest.approx(evidence + kl(kept), rel=1e-9)
