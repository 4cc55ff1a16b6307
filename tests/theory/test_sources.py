"""The real rows that come with the project: files as they were made, read as they are, split by rule."""

import csv
import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits

from theory import Refusal
from theory.data import KINDS, SOURCES, load, split

FOLDER = Path(__file__).parents[2] / "data"
HASHES = {
    "digits.npz": "ddf9acc49ecf06b8b2b8c689924c2a07b91098a4949d6210339650e55ace576e",
    "diabetes.csv": "9193026b7622ff944f0a6855a10107b24caf50dad69787c46e6890e69c27faca",
    "penguins.csv": "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
}
MOST_BYTES = 200_000
# A choice of rows for each kind of forgetting, and the table it is tried on.
CHOICES = {"class": ("digits", 3), "random": ("digits", None), "wrong": ("digits", None), "rows": ("diabetes", [7, 40])}
CHOICES["level"] = ("penguins", ("island", "Dream"))


def chosen(kind, seed=0):
    name, of = CHOICES[kind]
    return split(load(name), kind, of=of, seed=seed)


def test_every_file_is_the_one_that_was_made():
    assert {source.file for source in SOURCES.values()} == set(HASHES)
    contents = {name: (FOLDER / name).read_bytes() for name in HASHES}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()} == HASHES
    assert sum(map(len, contents.values())) < MOST_BYTES


def test_every_source_says_whose_it_is():
    text = re.sub(r"\s+", " ", (FOLDER / "SOURCES.md").read_text(encoding="utf-8"))
    parts = {part.partition(" - ")[0]: part for part in text.split("## ")[1:]}
    for source in SOURCES.values():
        assert source.title in parts[source.file]
        assert all(word in parts[source.file] for word in ("**What**", "**Who**", "**Licence**", "**Changed**"))
        assert source.citation.split(",")[0] in parts[source.file]
        assert str(source.rows) in parts[source.file]


def test_digits_and_diabetes_are_scikit_learns():
    digits, theirs = load("digits"), load_digits()
    np.testing.assert_array_equal(digits.X * 16, theirs.data)
    np.testing.assert_array_equal(digits.y, theirs.target)
    diabetes, theirs = load("diabetes"), load_diabetes(scaled=False)
    np.testing.assert_array_equal(diabetes.X, theirs.data)
    np.testing.assert_array_equal(diabetes.y, theirs.target)


@pytest.mark.parametrize("name", SOURCES)
def test_a_table_has_the_rows_of_its_source(name):
    table, source = load(name), SOURCES[name]
    assert len(table.X) + table.left_out == source.rows
    assert table.X.shape == (len(table.y), len(table.columns))
    assert np.isfinite(table.X).all()
    assert np.isfinite(table.y).all()
    assert not table.X.flags.writeable
    assert source.train < len(table.y)


def test_words_become_one_column_each():
    table = load("penguins")
    with (FOLDER / "penguins.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["body_mass_g"] != "NA"]
    assert table.left_out == 344 - len(rows) == 2
    dream = table.X[:, table.columns.index("island = Dream")]
    np.testing.assert_array_equal(dream, [row["island"] == "Dream" for row in rows])
    np.testing.assert_array_equal(table.y, [float(row["body_mass_g"]) for row in rows])
    # Where the sex is not known neither column says one.
    unknown = [row["sex"] == "NA" for row in rows]
    assert sum(unknown) == 9
    sexes = [table.columns.index(f"sex = {word}") for word in ("female", "male")]
    np.testing.assert_array_equal(table.X[:, sexes].sum(axis=1) == 0, unknown)


@pytest.mark.parametrize("kind", KINDS)
def test_a_split_shares_out_all_rows_and_follows_its_seed(kind):
    found = chosen(kind)
    everyone = np.concatenate([found.keep, found.forget, found.held])
    np.testing.assert_array_equal(np.sort(everyone), np.arange(len(found.table.y)))
    assert len(found.trained) == found.table.source.train
    assert set(found.strangers) | set(found.remaining) <= set(found.held)
    again, other = chosen(kind), chosen(kind, seed=1)
    np.testing.assert_array_equal(found.trained, again.trained)
    np.testing.assert_array_equal(found.labels, again.labels)
    assert found.trained.tolist() != other.trained.tolist()


def test_each_kind_forgets_what_it_says():
    found = {kind: chosen(kind) for kind in KINDS}
    digits = load("digits").y
    assert (digits[found["class"].forget] == 3).all()
    assert not (digits[found["class"].keep] == 3).any()
    assert (digits[found["class"].strangers] == 3).all()
    assert not (digits[found["class"].remaining] == 3).any()
    np.testing.assert_array_equal(found["random"].forget, found["wrong"].forget)
    for kind in ("random", "wrong"):
        assert len(found[kind].forget) == 100
        np.testing.assert_array_equal(found[kind].strangers, found[kind].held)
    true = digits[found["wrong"].trained]
    false = found["wrong"].labels != true
    assert not false[: len(found["wrong"].keep)].any()
    assert false[len(found["wrong"].keep) :].all()
    assert (found["wrong"].stranger_labels != digits[found["wrong"].strangers]).all()
    # Another class is drawn evenly: each of nine shifts is there among 797.
    shifts = (found["wrong"].stranger_labels - digits[found["wrong"].strangers]) % 10
    assert set(shifts.tolist()) == set(range(1, 10))
    train = np.concatenate([chosen("random").forget, chosen("random").keep])
    np.testing.assert_array_equal(split(load("digits"), "rows", of=3).forget, train[[3]])
    islands = load("penguins").words["island"]
    assert set(islands[found["level"].forget]) == set(islands[found["level"].strangers]) == {"Dream"}
    assert "Dream" not in islands[found["level"].keep]


@pytest.mark.parametrize(
    ("name", "kind", "of", "parts"),
    [
        ("digits", "some", None, ["forget must be one of class, random", "'some'", "choose"]),
        ("digits", "class", 11, ["of must be a class", "0, 1, 2", "11", "choose"]),
        ("digits", "class", None, ["of must be a class", "None"]),
        ("diabetes", "wrong", None, ["forget must be random, rows or level", "'wrong'", "use one of"]),
        ("diabetes", "rows", 342, ["of must be places", "0 to 341", "342", "choose"]),
        ("diabetes", "rows", [], ["of must be places", "[]"]),
        (
            "diabetes",
            "level",
            ("island", "Dream"),
            ["of must be a column and what stands in it", "the numbers of age, sex"],
        ),
        ("diabetes", "level", ("sex", "3"), ["got ('sex', '3')"]),
        ("penguins", "level", ("island", "Nowhere"), ["got ('island', 'Nowhere')", "Biscoe, Dream, Torgersen"]),
        ("penguins", "rows", range(273), ["must leave a row to keep", "choose other rows"]),
    ],
)
def test_what_cannot_be_forgotten_is_refused(name, kind, of, parts):
    with pytest.raises(Refusal) as refused:
        split(load(name), kind, of=of)
    assert [part for part in parts if part not in str(refused.value)] == []


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(Refusal, match=r"seed must be a whole number.*use 0, 1, 2"):
        split(load("diabetes"), "random", seed=seed)


def test_a_set_that_is_not_there_is_refused():
    with pytest.raises(Refusal, match=r"name must be one of digits, diabetes, penguins, got 'coffee': choose"):
        load("coffee")
