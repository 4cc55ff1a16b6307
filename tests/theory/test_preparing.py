"""A visitor's table made ready: against a plain recomputation with numpy alone, corner by corner."""

import numpy as np
import pytest

from theory import Refusal, nearest, row_space
from theory.data.preparing import FEWEST_WAVES, MOST_ROWS, ready
from theory.data.reading import read_table
from theory.data.sources import FOLDER

AGREE = 1e-9


def sheet(header, rows, delimiter=","):
    return read_table("\n".join(delimiter.join(map(str, row)) for row in [header, *rows]).encode())


def drawn(rows, columns=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, columns)).round(3)
    return X, (X @ np.arange(1, columns + 1) + rng.normal(size=rows)).round(3)


def table(rows=40, columns=3, seed=0):
    X, y = drawn(rows, columns, seed)
    return sheet(
        [*(f"x{k}" for k in range(columns)), "y"], [[*r, t] for r, t in zip(X.tolist(), y.tolist(), strict=True)]
    )


def first(found, count):
    mask = np.zeros(found.rows, dtype=bool)
    mask[:count] = True
    return mask


def plain(made):
    """The problem recomputed: columns in units of the rows to keep, divided by the root of their number, and ones."""
    X, y = made.split.table.X, made.split.table.y
    keep, gone = made.split.keep, made.split.forget
    X = (X - X[keep].mean(axis=0)) / X[keep].std(axis=0) / np.sqrt(X.shape[1])
    X = np.c_[X, np.ones(len(X))]
    y = (y - y[keep].mean()) / y[keep].std()
    return X[keep], y[keep], X[gone], y[gone]


def test_a_table_of_numbers_is_what_a_plain_recomputation_makes_of_it():
    found = table()
    made = ready(found, "y", first(found, 5))
    problem, (X_r, y_r, X_f, y_f) = made.numbers().problem, plain(made)
    for ours, theirs in ((problem.X_r, X_r), (problem.y_r, y_r), (problem.X_f, X_f), (problem.y_f, y_f)):
        np.testing.assert_allclose(ours, theirs, atol=AGREE)
    w_g = np.linalg.lstsq(X_r, y_r, rcond=None)[0]
    np.testing.assert_allclose(problem.w_g, w_g, atol=AGREE)
    assert not made.classes
    assert made.twins == 0
    assert sorted(made.split.forget) == [0, 1, 2, 3, 4]  # fewer than ten: all of them are trained on


def test_the_three_parts_share_the_rows_out():
    found = table(60)
    made = ready(found, "y", first(found, 20), seed=3)
    split = made.split
    assert sorted(np.concatenate([split.keep, split.forget, split.held])) == list(range(60))
    assert len(split.strangers) == 4  # a fifth of the twenty rows to forget
    assert set(split.strangers) <= set(range(20))
    assert len(split.held) - 4 == 8  # and of the forty to keep
    again = ready(found, "y", first(found, 20), seed=3).split
    assert np.array_equal(split.keep, again.keep)


def test_what_is_missing_takes_the_mean_of_the_rows_to_keep_and_says_so():
    X, y = drawn(40)
    rows = [[*r, t] for r, t in zip(X.tolist(), y.tolist(), strict=True)]
    for k in (1, 7, 20):
        rows[k][0] = "NA"
    found = sheet(["x0", "x1", "x2", "y"], rows)
    made = ready(found, "y", first(found, 5))
    assert made.scaled.names == ("x0", "x1", "x2", "x0 is missing")
    keep = made.split.keep
    given = np.array([k for k in keep if k not in (1, 7, 20)])
    mean = X[given, 0].mean()
    filled = X[:, 0].copy()
    filled[[1, 7, 20]] = mean
    np.testing.assert_allclose(made.scaled.X[:, 0], (filled - mean) / filled[keep].std(), atol=AGREE)
    assert any("is missing" in str(note) for note in made.notes)


def test_levels_are_columns_and_one_that_only_rows_to_forget_have_stays():
    X, y = drawn(40)
    kind = ["rare" if k < 6 else "ab"[k % 2] for k in range(40)]
    found = sheet(["kind", "x", "y"], [[w, x[0], t] for w, x, t in zip(kind, X, y, strict=True)])
    made = ready(found, "y", first(found, 6))
    own = [made.scaled.names[k] for k in made.scaled.own]
    assert own == ["kind = rare"]
    problem = made.numbers().problem
    at = made.scaled.own[0]
    assert not problem.X_r[:, at].any()
    assert problem.X_f[:, at].all()
    # Far more rows than columns, and yet the weight of that column is not touched by fine-tuning.
    w_t = nearest(problem.X_r, problem.y_r, problem.w_o)
    assert w_t[at] == pytest.approx(problem.w_o[at], abs=AGREE)
    assert abs(problem.w_o[at]) > 1e-3
    assert problem.w_g[at] == pytest.approx(0, abs=AGREE)
    assert any("only rows to forget use" in str(note) for note in made.notes)


def test_twin_columns_and_constant_ones_are_left_out():
    X, y = drawn(30)
    rows = [[x[0], 2 * x[0] + 1, 7, t] for x, t in zip(X.tolist(), y.tolist(), strict=True)]
    found = sheet(["x", "twice", "same", "y"], rows)
    made = ready(found, "y", first(found, 3))
    assert made.scaled.names == ("x",)
    assert made.scaled.constant == ("same",)
    assert made.scaled.twins == (("twice", "x"),)


def test_twin_rows_are_counted():
    X, y = drawn(30)
    rows = [[*x, t] for x, t in zip(X.tolist(), y.tolist(), strict=True)]
    rows = [*rows, *rows[:2]] * 1
    found = sheet(["a", "b", "c", "y"], rows)
    mask = np.zeros(32, dtype=bool)
    mask[[30, 31, 5]] = True
    made = ready(found, "y", mask)
    kept = {0, 1} & set(made.split.keep.tolist())
    assert made.twins == len(kept)


def test_a_target_of_two_values_or_of_levels_is_one_of_classes():
    X, y = drawn(40)
    found = sheet(["a", "b", "y"], [[x[0], x[1], int(t > 0)] for x, t in zip(X, y, strict=True)])
    made = ready(found, "y", first(found, 4))
    assert made.classes == ("0", "1")
    problem = made.labels()
    assert problem.classes == 2
    words = sheet(["a", "b", "y"], [[x[0], x[1], "low mid top".split()[int(t) % 3]] for x, t in zip(X, y, strict=True)])
    assert ready(words, "y", first(words, 4)).classes == ("low", "mid", "top")


def test_a_longer_table_is_stood_for_by_five_hundred_rows_with_the_same_share():
    found = table(2000)
    made = ready(found, "y", first(found, 200))
    assert len(made.rows) == MOST_ROWS
    assert int((made.rows < 200).sum()) == 50
    one = ready(found, "y", first(found, 1))
    assert int((one.rows < 1).sum()) == 1


def test_lifted_it_has_more_features_than_rows_and_fine_tuning_does_nothing():
    found = table(60)
    made = ready(found, "y", first(found, 6), lift=True)
    problem = made.numbers().problem
    assert made.waves == FEWEST_WAVES
    assert problem.d == FEWEST_WAVES + 1
    w_t = nearest(problem.X_r, problem.y_r, problem.w_o)
    assert np.linalg.norm(w_t - problem.w_o) <= AGREE * np.linalg.norm(problem.w_o)
    left = problem.w_o - row_space(problem.X_r).project(problem.w_o)
    np.testing.assert_allclose(w_t - problem.w_g, left, atol=1e-8)


def test_rows_without_a_value_to_predict_are_left_out():
    X, y = drawn(30)
    rows = [[x[0], x[1], t if k % 5 else ""] for k, (x, t) in enumerate(zip(X, y, strict=True))]
    found = sheet(["a", "b", "y"], rows)
    made = ready(found, "y", first(found, 4))
    assert len(made.rows) == 24
    assert "Rows without a value of y: 6." in map(str, made.notes)


def test_the_penguins_of_one_island_leave_a_column_behind():
    found = read_table((FOLDER / "penguins.csv").read_bytes())
    island = found.column("island")
    dream = island.values == island.levels.index("Dream")
    made = ready(found, "body_mass_g", dream)
    own = {made.scaled.names[k] for k in made.scaled.own}
    assert own == {"island = Dream", "species = Chinstrap"}
    problem = made.numbers().problem
    w_t = nearest(problem.X_r, problem.y_r, problem.w_o)
    assert np.linalg.norm(w_t - problem.w_g) > 0.1  # rows far outnumber columns, and yet it is not golden


@pytest.mark.parametrize(
    ("target", "mask", "rule"),
    [
        ("name", slice(0, 3), "got the text"),
        ("same", slice(0, 3), "two different values"),
        ("nobody", slice(0, 3), "one of the table's"),
        ("y", slice(0, 0), "at least one row must be forgotten"),
        ("y", slice(0, 29), "at least 4 rows must be kept"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(target, mask, rule):
    X, y = drawn(30)
    found = sheet(
        ["name", "same", "a", "y"], [[f"n{k}", 3, x[0], t] for k, (x, t) in enumerate(zip(X, y, strict=True))]
    )
    goes = np.zeros(30, dtype=bool)
    goes[mask] = True
    with pytest.raises(Refusal, match=rule):
        ready(found, target, goes)
