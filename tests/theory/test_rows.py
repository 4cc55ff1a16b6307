"""Problems of rows as they are: repeated rows, columns of one value, more rows than rank, labels of any kind."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.cases import AGREES, dense_models, float_pinv, specs
from theory import (
    CLAIMS,
    METHODS,
    Blocks,
    Problem,
    Refusal,
    Spec,
    check_all,
    draw,
    fit_all,
    losses,
    measure,
    rotated,
    trade_off,
)

FACTS = ("rank", "retain_rank", "fits_any_labels", "interpolates_retain", "interpolates_forget", "golden_interpolates")
FRESH = "fresh rows must be known for .*, got none with these rows: hold some rows back"
DEPENDENT = "rows must be linearly independent to be deleted in closed form, got .*: use the projection"
BLOCKS = "blocks must be known for .*, got none with these rows: say which features"


def table(seed=0, rows=18, consistent=False):
    """Rows like a real table's: a constant column, a column twice, rows twice in one set and across both."""
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 3, (rows, 8)).astype(float)
    X[:, 0], X[:, 7] = 1.0, X[:, 3]
    X[4], X[-1] = X[2], X[1]
    y = X @ rng.integers(-2, 3, 8) if consistent else rng.normal(size=rows)
    return X, y.astype(float)


def split(X, y, n_retain, **more):
    return Problem.of_rows(X[:n_retain], y[:n_retain], X[n_retain:], y[n_retain:], **more)


def sides(rng, n_retain, n_forget, forget_rows=None):
    """Rows of two sets without a common feature, 6 features for each, and the blocks that say so."""
    X = np.zeros((n_retain + n_forget, 12))
    X[:n_retain, :6] = rng.normal(size=(n_retain, 6))
    X[n_retain:, 6:] = rng.normal(size=(n_forget, 6)) if forget_rows is None else forget_rows
    return X, rng.normal(size=n_retain + n_forget), Blocks(slice(0, 6), slice(6, 6), slice(6, 12))


def distinct(**more):
    X, y, blocks = sides(np.random.default_rng(3), 4, 3, **more)
    return split(X, y, 4, blocks=blocks)


def shared_blocks():
    """Blocks (2, 4, 2) of rows that leave room, fewer of them tuned."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(7, 8))
    X[:4, 6:], X[4:, :2] = 0.0, 0.0
    return split(X, rng.normal(size=7), 4, blocks=Blocks(slice(0, 2), slice(2, 6), slice(6, 8)), tune_rows=2)


wide = np.random.default_rng(1).normal(size=(9, 30))
ROWS = {
    "a table": split(*table(), 12),
    "a table, some rows tuned": split(*table(), 12, tune_rows=5),
    "a table, labels a sum of its columns": split(*table(consistent=True), 12),
    "a table, labels a sum of its columns, some tuned": split(*table(consistent=True), 12, tune_rows=5),
    "a table of large numbers": split(1e4 * table()[0], table()[1], 12),
    "a table of small numbers": split(1e-4 * table()[0], 1e3 * table()[1], 12),
    "fewer rows than features": split(wide, wide[:, 0] + 1.0, 5),
    "fewer rows than features, long ones": split(1e3 * wide, wide[:, 0] + 1.0, 5, tune_rows=3),
    "more rows than features": split(wide.T[:20, :4], wide.T[:20, 5], 12),
    "one row each": Problem.of_rows([[1.0, 2.0]], [1.0], [[1.0, 2.0]], [3.0]),
    "labels all zero": split(table()[0], np.zeros(18), 12),
    "retain labels zero": split(wide, np.repeat([0.0, 1.0], [5, 4]), 5),
    "no feature in common": distinct(),
    "no feature in common, forget rows of one length at right angles": distinct(forget_rows=np.eye(6)[:3]),
    "no feature in common, long forget rows": distinct(forget_rows=1e6 * np.tri(3, 6)),
    "all features in common": split(*table(), 12, blocks=Blocks(slice(0, 0), slice(0, 8), slice(8, 8))),
    "some features in common": shared_blocks(),
    "rows twice, all tuned rows among them": split(
        np.vstack([np.eye(6)[:2], np.eye(6)[:2], np.eye(6)[1:4]]),
        np.array([1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 0.0]),
        4,
        tune_rows=2,
        blocks=Blocks(slice(0, 1), slice(1, 2), slice(2, 6)),
    ),
}


def test_rows_are_kept_as_they_are_and_nobody_can_write_into_them():
    X, y = table()
    problem = split(X, y, 12)
    X[0, 0] = 99.0
    assert problem.X[0, 0] == 1.0
    assert np.array_equal(problem.X_r, table()[0][:12])
    assert np.array_equal(problem.y_f, y[12:])
    assert (problem.d, problem.n_retain, problem.n_forget, problem.tune_rows) == (8, 12, 6, 12)
    assert problem.spec is None
    assert problem.known == frozenset()
    for array in (problem.X, problem.y, problem.w_o):
        assert not array.flags.writeable


ONE = [[1.0, 2.0]]
REFUSED = {
    "no rows": ((np.empty((0, 2)), [], ONE, [1.0]), {}, "^X_r must have shape"),
    "a missing value": (([[1.0, np.nan]], [1.0], ONE, [1.0]), {}, "^X_r must be finite"),
    "text": (([["a", "b"]], [1.0], ONE, [1.0]), {}, "^X_r must be real numbers"),
    "other columns": ((ONE, [1.0], [[1.0]], [1.0]), {}, r"^X_f must have shape \(at least 1, 2\), got \(1, 1\)"),
    "too few labels": ((ONE, [1.0], ONE, []), {}, r"^y_f must have shape \(1,\), got \(0,\): pass one label per row"),
    "rows to tune there are not": ((ONE, [1.0], ONE, [1.0]), {"tune_rows": 2}, "^tune_rows must be .* between 1 and 1"),
    "a seed below zero": ((ONE, [1.0], ONE, [1.0]), {"seed": -1}, "^seed must be a whole number at least 0"),
    "blocks with a gap": (
        (ONE, [1.0], ONE, [1.0]),
        {"blocks": Blocks(slice(0, 1), slice(2, 2), slice(2, 2))},
        "^blocks must be three slices that share out the 2 features in order",
    ),
    "blocks the rows do not keep to": (
        (ONE, [1.0], ONE, [1.0]),
        {"blocks": Blocks(slice(0, 1), slice(1, 2), slice(2, 2))},
        "^X_f must be zero in the features of the other set alone",
    ),
    "fresh rows of other columns": (
        (ONE, [1.0], ONE, [1.0]),
        {"fresh": (ONE, [1.0], [[1.0]], [1.0])},
        "^fresh X_f must have shape",
    ),
}


@pytest.mark.parametrize(("arrays", "more", "message"), REFUSED.values(), ids=REFUSED)
def test_rows_that_do_not_fit_are_refused(arrays, more, message):
    with pytest.raises(ValueError, match=message):
        Problem.of_rows(*arrays, **more)


@pytest.mark.parametrize("problem", ROWS.values(), ids=ROWS)
def test_facts_are_measured_on_the_rows(problem):
    w_o, w_g = float_pinv(problem.X) @ problem.y, float_pinv(problem.X_r) @ problem.y_r

    def fits(X, y, w):
        return bool(np.linalg.norm(X @ w - y) <= AGREES * np.linalg.norm(problem.y))

    assert problem.rank == np.linalg.matrix_rank(problem.X)
    assert problem.retain_rank == np.linalg.matrix_rank(problem.X_r)
    assert problem.fits_any_labels == (problem.rank == len(problem.X))
    assert problem.interpolates_retain == fits(problem.X_r, problem.y_r, w_o)
    assert problem.interpolates_forget == fits(problem.X_f, problem.y_f, w_o)
    assert problem.golden_interpolates == fits(problem.X_r, problem.y_r, w_g)
    assert not problem.noiseless


def test_features_in_common_are_seen_without_being_told():
    X, y, blocks = sides(np.random.default_rng(0), 4, 3)
    assert split(X, y, 4).distinct
    assert split(X, y, 4, blocks=blocks).distinct
    X[0, 7] = 1.0
    assert not split(X, y, 4).distinct


@given(specs())
@settings(max_examples=150)
def test_what_is_measured_on_drawn_rows_is_what_their_law_says(spec):
    problem = draw(spec)
    measured = replace(problem, spec=None)
    for fact in FACTS:
        assert getattr(problem, fact) == getattr(measured, fact), fact
    for key, claim in CLAIMS.items():
        assert claim.applies(problem) == claim.applies(measured), key


@pytest.mark.parametrize("problem", ROWS.values(), ids=ROWS)
def test_every_method_fits_real_rows_or_says_what_it_needs(problem):
    known = "blocks" in problem.known
    expected = dense_models(problem) if known else {}
    for key, method in METHODS.items():
        masked, inverted = key in {"keep_overlap", "drop_overlap"}, key in {"exact_deletion", "datamodel"}
        independent = np.linalg.matrix_rank(problem.X) == len(problem.X)
        assert method.applies(problem) == ((known or not masked) and (independent or not inverted))
        if not method.applies(problem):
            with pytest.raises(Refusal, match=BLOCKS if masked else DEPENDENT):
                method.fit(problem)
            continue
        w = method.fit(problem)
        assert w.shape == (problem.d,)
        assert np.isfinite(w).all()
        if key in expected:
            scale = 1.0 + np.linalg.norm(expected["pretrained"])
            np.testing.assert_allclose(w, expected[key], rtol=0, atol=AGREES * scale)


@pytest.mark.parametrize("problem", ROWS.values(), ids=ROWS)
def test_real_rows_are_measured_where_there_are_fresh_ones(problem):
    weights, _ = fit_all(problem, ("pretrained", "golden", "fine_tune", "project"))
    with pytest.raises(Refusal, match=FRESH):
        measure(problem, weights)
    rng = np.random.default_rng(0)
    fresh = (rng.normal(size=(5, problem.d)), np.ones(5), rng.normal(size=(3, problem.d)), np.zeros(3))
    tested = Problem.of_rows(problem.X_r, problem.y_r, problem.X_f, problem.y_f, fresh=fresh)
    remaining, unlearning = losses(problem, np.stack(list(weights.values()), axis=1))
    for i, record in enumerate(measure(tested, weights)):
        w = weights[record.key]
        assert record.remaining_loss == pytest.approx(remaining[i], rel=1e-9)
        assert record.unlearning_loss == pytest.approx(unlearning[i], rel=1e-9)
        assert record.test_remaining_loss == pytest.approx(np.mean((fresh[0] @ w - 1.0) ** 2))
        assert record.test_unlearning_loss == pytest.approx(np.mean((fresh[2] @ w) ** 2))
        assert 0.0 <= record.membership_auc <= 1.0


@pytest.mark.parametrize("problem", ROWS.values(), ids=ROWS)
def test_every_claim_that_applies_to_real_rows_holds(problem):
    for key, claim in CLAIMS.items():
        if claim.requires <= problem.known:
            check = claim.check(problem)
            assert check.holds or not claim.applies(problem), (key, check)
        else:
            assert not claim.applies(problem)
            with pytest.raises(Refusal, match=BLOCKS):
                claim.check(problem)


def test_every_claim_applies_to_some_real_rows_and_those_of_a_mask_to_none_without_blocks():
    for key, claim in CLAIMS.items():
        assert any(claim.applies(problem) for problem in ROWS.values()), key
    assert {key for key, claim in CLAIMS.items() if claim.requires} == {"R1", "R2", "R3", "R4"}
    with pytest.raises(Refusal, match=BLOCKS):
        check_all(ROWS["a table"], CLAIMS)


def test_a_claim_does_not_apply_where_the_rows_break_what_a_draw_would_keep():
    alike = ROWS["no feature in common, forget rows of one length at right angles"]
    assert not CLAIMS["D5"].applies(alike)
    assert not CLAIMS["D5"].check(alike).holds
    twice = ROWS["rows twice, all tuned rows among them"]
    assert twice.tune_rows < twice.n_retain
    assert not CLAIMS["R3"].applies(twice)
    assert not CLAIMS["R3"].check(twice).holds


@given(
    st.integers(1, 6).flatmap(
        lambda d: st.tuples(
            *(st.lists(st.lists(st.integers(-2, 2), min_size=d, max_size=d), min_size=1, max_size=6) for _ in range(2)),
            st.lists(st.integers(-3, 3), min_size=12, max_size=12),
            st.integers(1, 6),
        )
    )
)
@settings(max_examples=200)
def test_every_claim_that_applies_to_small_whole_numbers_holds(data):
    X_r, X_f, y, tuned = data
    blocks = Blocks(slice(0, 0), slice(0, len(X_r[0])), slice(len(X_r[0]), len(X_r[0])))
    problem = Problem.of_rows(
        X_r, y[: len(X_r)], X_f, y[6 : 6 + len(X_f)], tune_rows=min(tuned, len(X_r)), blocks=blocks
    )
    for key, claim in CLAIMS.items():
        if claim.applies(problem):
            check = claim.check(problem)
            assert check.holds, (key, check)


def test_what_nobody_knows_of_real_rows_is_refused():
    problem = ROWS["a table"]
    for name in ("w_star", "label_noise"):
        with pytest.raises(Refusal, match=r"^truth must be known for .*: ask for it on drawn data"):
            getattr(problem, name)
    with pytest.raises(Refusal, match=BLOCKS):
        problem.blocks  # noqa: B018 - asking is the test
    with pytest.raises(Refusal, match=FRESH):
        problem.fresh()


def test_real_rows_are_turned_and_pushed_like_drawn_ones():
    problem = ROWS["a table"]
    turned = rotated(problem)
    assert turned.known == {"blocks"}
    assert np.linalg.norm(turned.w_g) == pytest.approx(np.linalg.norm(problem.w_g), rel=1e-9)
    curve = trade_off(problem, (0.0, 1.0, 10.0), "opposite", 0.1)
    assert (np.diff(curve.unlearning_loss) > 0).all()
    again = replace(problem, seed=1)
    assert sorted(again.shuffled) == sorted(problem.shuffled) == list(range(6))


def test_a_draw_is_the_problem_of_its_rows():
    drawn = draw(Spec(d=20, n_retain=6, n_forget=5, n_tune=4, noise=0.5, seed=3))
    same = Problem.of_rows(drawn.X_r, drawn.y_r, drawn.X_f, drawn.y_f, tune_rows=4, blocks=drawn.blocks, seed=3)
    for key, method in METHODS.items():
        assert np.array_equal(method.fit(same), method.fit(drawn)), key
