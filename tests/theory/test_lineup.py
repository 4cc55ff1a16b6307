"""The board of all methods, the three suspects with golden's own unlearning loss, and what deletion takes."""

import math

import numpy as np
import pytest

from tests.theory.cases import AGREES, ROUNDING, relative
from theory import (
    METHODS,
    Problem,
    Refusal,
    Spec,
    deletion_timing,
    draw,
    measure,
    reference,
    ridge,
    standings,
    suspects,
)
from theory.suspects import EVIDENCE, HONEST, moved_to, new_rows_loss

STANDARD_ERRORS = 5.0


@pytest.fixture(scope="module")
def problem():
    return draw(Spec(d=80, n_retain=20, n_forget=12, noise=0.5))


def test_every_method_is_measured_against_its_own_reference(problem):
    own = {"newton": {"ridge": 3.0}, "influence": {"ridge": 3.0}, "gradient_ascent": {"ridge": 0.5}}
    found = {s.key: s for s in standings(problem, METHODS, own)}
    assert list(found) == list(METHODS)
    for key, standing in found.items():
        method = METHODS[key]
        golden, start = problem.w_g, problem.w_o
        if method.reference == "ridge golden":
            strength = own.get(key, {}).get("ridge", 1.0)
            golden, start = ridge(problem.X_r, problem.y_r, strength), ridge(problem.X, problem.y, strength)
        w = method.fit(problem, **own.get(key, {}))
        share = np.linalg.norm(w - golden) / np.linalg.norm(start - golden)
        assert standing.share == pytest.approx(share, abs=AGREES), key
        (record,) = measure(problem, {key: w}, golden=golden)
        assert standing.metrics.unlearning_gap == pytest.approx(record.unlearning_gap, abs=AGREES), key
        assert standing.metrics.gap_forget == pytest.approx(record.gap_forget, abs=AGREES), key
        assert standing.rows == method.rows_touched(problem, **own.get(key, {}))
        (base,) = measure(problem, {"": golden}, golden=golden)
        assert standing.golden.remaining_loss == pytest.approx(base.remaining_loss, abs=AGREES)
        assert standing.gap == pytest.approx(record.unlearning_gap / base.unlearning_loss, abs=AGREES)
        missed = abs(record.remaining_loss - base.remaining_loss) / base.unlearning_loss
        assert standing.missed == pytest.approx(missed, abs=AGREES)
        assert standing.method is method
    assert found["golden"].share == 0
    assert found["pretrained"].share == found["fine_tune"].share == pytest.approx(1.0)
    exact = {key for key, s in found.items() if s.share <= 1e-9}
    assert exact == {
        *("golden", "project", "exact_deletion", "oracle_matching"),
        *("newton", "posterior_mean"),
    }


def test_references_of_no_ridge_are_golden_and_pretrained(problem):
    golden, start = reference(problem, METHODS["scrub"], ridge=0.0)
    assert golden is problem.w_g
    assert start is problem.w_o


def test_what_cannot_take_the_rows_stands_there_with_its_reason():
    crowded = draw(Spec(d=10, n_retain=20, n_forget=15, noise=0.5))
    found = {s.key: s for s in standings(crowded, METHODS)}
    refused = {key for key, s in found.items() if s.refusal}
    assert refused == {"exact_deletion", "datamodel"}
    assert all(isinstance(found[key].refusal, Refusal) and found[key].metrics is None for key in refused)
    rng = np.random.default_rng(0)
    X, fresh = rng.standard_normal((12, 6)), rng.standard_normal((8, 6))
    rows = Problem.of_rows(X[:8], X[:8, 0], X[8:], X[8:, 0], fresh=(fresh, fresh[:, 0], fresh, fresh[:, 0]))
    found = {s.key: s for s in standings(rows, ("keep_overlap", "project"))}
    assert "blocks must be known" in str(found["keep_overlap"].refusal)
    assert found["project"].metrics is not None


def test_where_nothing_is_left_to_forget_there_is_no_share():
    full = draw(Spec(d=6, overlap=1.0, n_retain=20, n_forget=5))  # the rows to keep settle every weight
    (standing,) = standings(full, ["fine_tune"])
    assert math.isnan(standing.share)
    assert standing.metrics.distance <= ROUNDING


def test_suspects_have_goldens_unlearning_loss_and_one_of_them_is_golden():
    orders = set()
    for seed in range(12):
        problem = draw(Spec(d=120, n_retain=30, n_forget=20, noise=0.5, seed=seed))
        found = suspects(problem)
        assert len(found.weights) == 3
        assert HONEST in found.weights
        assert np.array_equal(found.weights[HONEST], problem.w_g)
        loss = found.records[HONEST].unlearning_loss
        for key in found.traps:
            assert found.records[key].unlearning_loss == pytest.approx(loss, rel=1e-9)
            assert found.records[key].remaining_loss <= ROUNDING
            assert found.records[key].distance > 0.1
        orders.add(list(found.weights).index(HONEST))
        assert not found.tells("unlearning_loss")
        assert not found.tells("remaining_loss")
        assert set(found.traps) <= set(METHODS)
    assert orders == {0, 1, 2}


def test_a_model_that_the_way_does_not_reach_is_no_suspect(problem):
    loss = float(np.mean(problem.y_f**2))
    assert moved_to(problem, problem.w_o, loss) is None  # no way at all
    end = problem.w_o + np.linalg.pinv(problem.X_f) @ np.ones(problem.n_forget)
    found = moved_to(problem, end, 4.0)
    assert relative(found, problem.w_o + 2 * (end - problem.w_o)) <= AGREES
    assert moved_to(problem, end, -1.0) is None


def test_the_error_on_new_rows_is_the_mean_over_all_that_the_draw_could_bring(problem):
    rng, used = np.random.default_rng(1), slice(problem.blocks.overlap.start, problem.d)
    w = problem.w_g
    X = rng.standard_normal((40_000, used.stop - used.start))
    errors = (X @ (w - problem.w_star)[used] + 0.5 * rng.standard_normal(len(X))) ** 2
    assert abs(errors.mean() - new_rows_loss(problem, w)) <= STANDARD_ERRORS * errors.std() / math.sqrt(len(X))
    rows = Problem.of_rows(
        problem.X_r, problem.y_r, problem.X_f, problem.y_f, fresh=([problem.X_r[0]], [0.0], problem.X_f[:2], [1.0, 2.0])
    )
    expected = np.mean((problem.X_f[:2] @ w - [1.0, 2.0]) ** 2)
    assert new_rows_loss(rows, w) == pytest.approx(expected)


def test_evidence_tells_where_golden_stands_apart_from_every_trap(problem):
    found = suspects(problem)
    loss, reach = found.records[HONEST].unlearning_loss, found.records[HONEST].membership_reach
    for measure_ in EVIDENCE:
        apart = [abs(found.reading(key, measure_) - found.reading(HONEST, measure_)) for key in found.traps]
        assert found.tells(measure_) == (min(apart) > (reach if measure_ == "membership_auc" else 0.05 * loss))


def test_deletion_in_closed_form_ends_where_retraining_does():
    found = deletion_timing(features=400, n_retain=30, n_forget=5)
    assert found.difference <= AGREES
    assert (found.features, found.n_retain, found.n_forget) == (400, 30, 5)
    assert min(found.preparing, found.deletion, found.retraining) > 0
