"""Corners of a table made ready: penguins, gaps, twins, spectra, long tables; each against a recomputation."""

import numpy as np
import pytest

from theory import Refusal, nearest
from theory.data.preparing import MOST_ROWS, ready
from theory.data.reading import read_table
from theory.data.sources import FOLDER

# Rounding of a least-squares fit through a factorisation, in units of the weights.
ROUNDED = 1e-9


def table(header, *rows):
    return read_table("\n".join([";".join(header), *(";".join(map(str, row)) for row in rows)]).encode())


def penguins():
    return read_table((FOLDER / "penguins.csv").read_bytes())


def on(sheet, column, level):
    found = sheet.column(column)
    return found.values == found.levels.index(level)


def some(sheet, count, seed=0):
    goes = np.zeros(sheet.rows, dtype=bool)
    goes[np.random.default_rng(seed).permutation(sheet.rows)[:count]] = True
    return goes


def test_penguins_are_scaled_on_the_rows_to_keep_alone():
    sheet = penguins()
    goes = on(sheet, "island", "Dream")
    found = ready(sheet, "body_mass_g", goes)
    split, X = found.split, found.scaled.X
    given = ~np.isnan(sheet.column("body_mass_g").values)
    np.testing.assert_array_equal(found.rows, np.flatnonzero(given))
    keep = found.rows[split.keep]
    assert not goes[keep].any()
    assert goes[found.rows[split.forget]].all()
    assert sorted([*split.keep, *split.forget, *split.held]) == list(range(len(found.rows)))
    for name in ("bill_length_mm", "year"):
        cells = sheet.column(name).values
        by_hand = (cells[found.rows] - cells[keep].mean()) / cells[keep].std()
        np.testing.assert_allclose(X[:, found.scaled.names.index(name)], by_hand, atol=1e-12)
    own = [found.scaled.names[k] for k in found.scaled.own]
    assert own == ["species = Chinstrap", "island = Dream"]
    for name, level in (("species", "Chinstrap"), ("island", "Dream")):
        column = X[:, found.scaled.names.index(f"{name} = {level}")]
        np.testing.assert_array_equal(column, on(sheet, name, level)[found.rows])


def test_models_are_those_of_plain_least_squares_in_the_targets_own_unit():
    sheet = penguins()
    found = ready(sheet, "body_mass_g", on(sheet, "island", "Dream"))
    prepared, X = found.numbers(), found.scaled.X
    problem, split = prepared.problem, found.split
    mass = sheet.column("body_mass_g").values[found.rows]
    features = np.column_stack([X / np.sqrt(X.shape[1]), np.ones(len(X))])
    keep = split.keep
    golden = np.linalg.pinv(features[keep]) @ ((mass[keep] - mass[keep].mean()) / mass[keep].std())
    said = mass[keep].mean() + mass[keep].std() * features[split.forget] @ golden
    np.testing.assert_allclose(prepared.answers(problem.X_f, problem.w_g), said, rtol=ROUNDED)


def test_missing_numbers_take_the_mean_of_the_rows_to_keep_and_a_column_says_where():
    draw = np.random.default_rng(3)
    a, y = draw.normal(size=40), draw.normal(size=40)
    cells = [f"{value:.6f}" for value in a]
    gaps = [1, 5, 30]
    for k in gaps:
        cells[k] = ""
    sheet = table(["a", "y"], *zip(cells, [f"{v:.6f}" for v in y], strict=True))
    goes = np.arange(40) >= 30
    found = ready(sheet, "y", goes)
    assert found.scaled.filled == ("a",)
    keep = found.split.keep
    known = sheet.column("a").values
    mean = np.nanmean(known[keep])
    filled = np.where(np.isnan(known), mean, known)
    for name, by_hand in (("a", filled), ("a is missing", np.isin(np.arange(40), gaps).astype(float))):
        column = found.scaled.X[:, found.scaled.names.index(name)]
        spread = by_hand[keep].std()
        np.testing.assert_allclose(column[keep], (by_hand[keep] - by_hand[keep].mean()) / (spread or 1.0), atol=1e-9)
    assert any("mean of the rows to keep" in str(note) for note in found.notes)


def test_a_gap_that_only_rows_to_forget_have_is_their_own():
    rows = [(k if k < 18 else "", (k * 7) % 5, k % 9) for k in range(20)]
    found = ready(table(["a", "b", "y"], *rows), "y", np.arange(20) >= 18)
    assert [found.scaled.names[k] for k in found.scaled.own] == ["a is missing"]


def test_constant_twin_and_own_columns():
    rows = [(4, k, 2 * k + 1, 5 if k < 26 else 9, (k * k) % 11) for k in range(30)]
    found = ready(table(["same", "b", "b again", "dose", "y"], *rows), "y", np.arange(30) >= 26)
    scaled = found.scaled
    assert scaled.constant == ("same",)
    assert scaled.twins == (("b again", "b"),)
    assert scaled.names == ("b", "dose")
    assert scaled.own == (1,)
    np.testing.assert_array_equal(scaled.X[:, 1], (np.arange(30) >= 26).astype(float))
    said = "\n".join(map(str, found.notes))
    for name in ("(same)", "(b again = b)", "They stay: dose"):
        assert name in said


def test_twins_among_the_rows_are_counted():
    draw = np.random.default_rng(1)
    own = [(f"{a:.4f}", "xyz"[k % 3], f"{b:.4f}") for k, (a, b) in enumerate(draw.normal(size=(30, 2)))]
    rows = [*own, *own[:4], (own[5][0], own[5][1], "99")]
    goes = np.arange(35) >= 30
    found = ready(table(["a", "b", "y"], *rows), "y", goes)
    kept = set(found.rows[found.split.keep].tolist())
    assert found.twins == sum(k in kept for k in range(4))
    assert found.twins > 0
    # What has a twin cannot be forgotten: golden says of it what it says of the twin.
    prepared = found.numbers()
    for place, row in enumerate(found.rows[found.split.forget]):
        if row < 34 and row - 30 in kept:
            at = np.flatnonzero(found.rows[found.split.keep] == row - 30)
            np.testing.assert_array_equal(prepared.problem.X_f[place], prepared.problem.X_r[at[0]])


@pytest.mark.parametrize(("target", "classes"), [("species", 3), ("sex", 2), ("year", 0), ("body_mass_g", 0)])
def test_what_is_a_class_and_what_is_a_number(target, classes):
    sheet = penguins()
    found = ready(sheet, target, some(sheet, 30))
    assert len(found.classes) == classes
    if classes:
        problem = found.labels()
        names = sheet.column(target)
        shown = [found.classes[int(k)] for k in found.split.labels]
        trained = found.rows[found.split.trained]
        assert shown == [names.shown(int(row)) for row in trained]
        np.testing.assert_allclose(problem.w_g, np.linalg.pinv(problem.X_r) @ problem.E_r, atol=ROUNDED)


def test_two_numbers_are_two_classes():
    rows = [(k, k % 4 == 0, 10 if k % 3 else 20) for k in range(20)]
    found = ready(table(["a", "b", "y"], *rows), "y", np.arange(20) < 3)
    assert found.classes == ("10", "20")


def test_a_class_whose_every_row_is_forgotten_has_no_weight_in_golden():
    sheet = penguins()
    found = ready(sheet, "species", on(sheet, "species", "Gentoo"))
    problem = found.labels()
    assert not problem.w_g[:, found.classes.index("Gentoo")].any()
    assert not problem.E_r[:, found.classes.index("Gentoo")].any()


def test_a_long_table_is_sampled_with_its_share_of_rows_to_forget():
    draw = np.random.default_rng(0)
    sheet = table(["a", "y"], *[(f"{a:.5f}", f"{b:.5f}") for a, b in draw.normal(size=(1200, 2))])
    goes = np.arange(1200) < 240
    found = ready(sheet, "y", goes)
    assert len(found.rows) == MOST_ROWS
    assert goes[found.rows].sum() == 100
    assert "1,200 rows, 500 drawn at random" in str(found.notes[0])
    one = np.arange(1200) == 700  # at least one row to forget
    found = ready(sheet, "y", one)
    np.testing.assert_array_equal(found.rows[found.split.forget], [700])
    again, other = ready(sheet, "y", goes), ready(sheet, "y", goes, seed=1)
    assert (again.rows == ready(sheet, "y", goes).rows).all()
    assert (again.rows != other.rows).any()
    most = ready(sheet, "y", np.arange(1200) >= 6)  # nearly all go
    assert (~(np.arange(1200) >= 6)[most.rows]).sum() == 4


@pytest.mark.parametrize(("count", "alike"), [(1, 0), (9, 0), (10, 2), (50, 10)])
def test_a_fifth_of_the_rows_is_held_out(count, alike):
    sheet = penguins()
    found = ready(sheet, "species", some(sheet, count))
    split = found.split
    assert len(split.forget) == count - alike
    assert len(split.held) == alike + round(0.2 * (344 - count))
    assert len(split.strangers) == (alike or round(0.2 * (344 - count)))
    assert set(split.strangers) <= set(split.held)


def test_made_over_parameterised_fine_tuning_changes_nothing():
    sheet = penguins()
    found = ready(sheet, "body_mass_g", some(sheet, 30), lift=True)
    problem = found.numbers().problem
    assert found.waves == max(2 * len(found.split.trained), 1000)
    assert problem.d == found.waves + 1
    tuned = nearest(problem.X_r, problem.y_r, problem.w_o)
    np.testing.assert_allclose(tuned, problem.w_o, atol=ROUNDED)
    assert np.linalg.norm(problem.w_o - problem.w_g) > 0.1
    # With the columns as they are it ends at golden: no column is theirs alone.
    plain = ready(sheet, "body_mass_g", some(sheet, 30))
    assert not plain.scaled.own
    problem = plain.numbers().problem
    tuned = nearest(problem.X_r, problem.y_r, problem.w_o)
    np.testing.assert_allclose(tuned, problem.w_g, atol=ROUNDED)


def test_what_cannot_be_asked_is_refused():
    sheet = penguins()
    none, every = np.zeros(344, dtype=bool), np.ones(344, dtype=bool)
    for goes, rule in ((none, "at least one row must be forgotten"), (every, "at least 4 rows must be kept, got 0")):
        with pytest.raises(Refusal, match=rule):
            ready(sheet, "species", goes)
    with pytest.raises(Refusal, match="must be one of the table's 8"):
        ready(sheet, "weight", some(sheet, 3))
    with pytest.raises(Refusal, match="seed must be a whole number"):
        ready(sheet, "species", some(sheet, 3), seed=-1)
    names = table(["who", "a", "same"], *[(f"person {k}", k * k, 1) for k in range(60)])
    with pytest.raises(Refusal, match="got the text who"):
        ready(names, "who", np.arange(60) < 3)
    with pytest.raises(Refusal, match="got same, which has one"):
        ready(names, "same", np.arange(60) < 3)


def test_spectra_have_more_columns_than_rows():
    draw = np.random.default_rng(2)
    light = draw.normal(size=(60, 3)) @ draw.normal(size=(3, 400)) + 0.1 * draw.normal(size=(60, 400))
    head = ["", "sort", *(str(1100 + 2 * k) for k in range(400))]
    rows = [(f"sample {i}", "abc"[i % 3], *map(repr, row.tolist())) for i, row in enumerate(light)]
    found = ready(table(head, *rows), "sort", np.arange(60) % 3 == 1)
    problem = found.labels()
    assert problem.rows.X.shape[1] == 401
    np.testing.assert_allclose(problem.w_t, problem.w_o, atol=ROUNDED)
    assert found.classes == ("a", "b", "c")
