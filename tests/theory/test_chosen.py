"""Real rows as a request: who leaves, which features, and the identities of the theory on every source."""

import numpy as np
import pytest

from theory import CLAIMS, METHODS, Refusal, check_all, nearest
from theory.data import LEAVES, MOST_TRAINED, SOURCES, RealRows, load

# Models of well-conditioned rows agree to this share of their length; random waves of images are the worst.
AGREE = 1e-12
ASKED = [
    RealRows(source=source, leaves=leaves, waves=waves, seed=seed)
    for seed, source in enumerate(SOURCES)
    for leaves in LEAVES
    for waves in (0, 50, 600)
]


def named(rows):
    return f"{rows.source}-{rows.leaves}-{rows.waves}"


@pytest.mark.parametrize("rows", ASKED, ids=named)
def test_the_rows_are_those_of_the_table_and_as_many_as_the_request_says(rows):
    problem, table = rows.problem(), load(rows.source)
    trained = min(table.source.train, MOST_TRAINED)
    assert (rows.n_retain, rows.n_forget, rows.d) == (problem.n_retain, problem.n_forget, problem.d)
    assert rows.n_retain + rows.n_forget == trained
    assert rows.tune_rows == rows.n_retain
    assert rows.n_forget == {"tenth": round(trained / 10), "one": 1}.get(rows.leaves, rows.n_forget)
    parts = [rows.split.keep, rows.split.forget, rows.split.held]
    assert sorted(np.concatenate(parts)) == list(range(len(table.y)))
    assert len(rows.places) == rows.n_forget


@pytest.mark.parametrize("rows", ASKED, ids=named)
def test_what_fine_tuning_leaves_is_what_the_rows_to_keep_cannot_see(rows):
    problem = rows.problem()
    X, y = np.vstack([problem.X_r, problem.X_f]), np.r_[problem.y_r, problem.y_f]
    w_o = np.linalg.lstsq(X, y, rcond=1e-11)[0]
    w_g = np.linalg.lstsq(problem.X_r, problem.y_r, rcond=1e-11)[0]
    w_t = w_o + np.linalg.lstsq(problem.X_r, problem.y_r - problem.X_r @ w_o, rcond=1e-11)[0]
    seen = np.linalg.lstsq(problem.X_r, problem.X_r @ w_o, rcond=1e-11)[0]
    size = np.linalg.norm(w_o)
    assert np.linalg.norm((w_t - w_g) - (w_o - seen)) <= AGREE * size
    assert np.linalg.norm(w_t - nearest(problem.X_r, problem.y_r, problem.w_o)) <= 1e-9 * size
    if rows.waves > rows.n_retain + rows.n_forget:  # more features than rows: nothing moves
        assert np.linalg.norm(w_t - w_o) <= AGREE * size
    if not rows.waves and not rows.d_forget:  # enough rows for all columns: nothing is left
        assert np.linalg.norm(w_t - w_g) <= AGREE * size


@pytest.mark.parametrize("rows", ASKED, ids=named)
def test_every_claim_that_applies_holds_and_every_method_that_applies_fits(rows):
    problem = rows.problem()
    for key, check in check_all(problem, tuple(CLAIMS)).items():
        assert check.holds or not CLAIMS[key].applies(problem), key
    for key in ("keep_overlap", "drop_overlap", "project"):
        assert METHODS[key].fit(problem).shape == (problem.d,)


def test_columns_of_the_forget_rows_alone_are_blocks():
    rows = RealRows(source="penguins", leaves="group")
    problem = rows.problem()
    own = slice(problem.d - rows.d_forget, problem.d)
    assert rows.d_forget == 2  # the island Dream, and the species that lives there alone
    assert not problem.X_r[:, own].any()
    assert problem.X_f[:, own].any(axis=0).all()
    assert (rows.d_retain, rows.d_overlap + rows.d_forget) == (0, rows.d)
    assert rows.overlap == rows.d_overlap / rows.d


def test_a_number_is_a_group_too():
    rows = RealRows(source="diabetes", leaves="group")
    table = load("diabetes")
    sex = table.X[:, table.columns.index("sex")]
    assert set(sex[rows.split.forget]) == {2.0}
    assert set(sex[rows.split.keep]) == {1.0}
    # Among those who stay it says nothing, so only those who leave use it.
    assert rows.d_forget == 1


def test_of_an_image_the_question_is_whether_what_it_shows_is_odd():
    rows = RealRows(source="digits", leaves="group", seed=4)
    shown = load("digits").y[rows.split.forget]
    assert (shown == 3).all()
    labels = rows.problem().y_f
    assert np.ptp(labels) == 0  # every 3 is odd
    kept = load("digits").y[rows.split.keep] % 2
    assert np.array_equal(rows.problem().y_r > 0, kept > kept.mean())


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"source": "nobody"}, "source must be one of"),
        ({"source": "diabetes", "leaves": "half"}, "leaves must be one of"),
        ({"source": "diabetes", "waves": -1}, "waves"),
        ({"source": "diabetes", "waves": 2.5}, "waves"),
        ({"source": "diabetes", "seed": -1}, "seed"),
        ({"source": "diabetes", "n_tune": 400}, "n_tune"),
        ({"source": "diabetes", "n_tune": 0}, "n_tune"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_in_words(asked, word):
    with pytest.raises((Refusal, ValueError), match=word):
        RealRows(**asked)
