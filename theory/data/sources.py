"""The sets of real rows that come with the project, and how one is read: `SOURCES`, `load`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from theory.linalg import Array, read_only
from theory.spec import Refusal

FOLDER = Path(__file__).parents[2] / "data"
# What stands in a cell of a table where nothing is known.
MISSING = frozenset({"", "NA"})


@dataclass(frozen=True, kw_only=True)
class Source:
    """One set of real rows: what it is, whose it is, and where it lies.

    Definition: a file of the folder data/ with what a reader has to know of it; data/SOURCES.md says it at length.
    Shapes: rows and columns of the file, the target's column not counted.
    Errors: none.
    Source: each names its own in `citation`.

    Attributes
    ----------
    file : its name in data/.
    kind : "table" for a CSV file, "images" for square pictures with what they show.
    row : what one row is, in one word and lower case: "patient".
    target : the column that is predicted.
    unit : what the target is counted in; none for classes.
    train : rows of a split that models are trained on; the others are held out.
    group : a column and what stands in it, a word or a number: the rows that may leave together. Every one of
        `SOURCES` has one.
    """

    title: str
    rows: int
    columns: int
    licence: str
    citation: str
    file: str
    kind: Literal["table", "images"]
    row: str
    target: str
    unit: str = ""
    train: int
    group: tuple[str, str] = ("", "")


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "digits": Source(
            title="Handwritten digits",
            rows=1797,
            columns=64,
            licence="CC BY 4.0 at UCI; this copy BSD-3-Clause, with scikit-learn",
            citation="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning "
            "Repository, 1998, doi 10.24432/C50P49 (test part)",
            file="digits.npz",
            kind="images",
            row="image",
            target="shows",
            train=1000,
            group=("shows", "3"),
        ),
        "diabetes": Source(
            title="Diabetes",
            rows=442,
            columns=10,
            licence="none stated by its authors; this copy BSD-3-Clause, with scikit-learn",
            citation="B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least Angle Regression, Annals of "
            "Statistics 32 (2004), 407-499",
            file="diabetes.csv",
            kind="table",
            row="patient",
            target="progression",
            unit="points",
            train=342,
            group=("sex", "2"),
        ),
        "penguins": Source(
            title="Penguins",
            rows=344,
            columns=7,
            licence="CC0",
            citation="K. B. Gorman, T. D. Williams and W. R. Fraser, Ecological Sexual Dimorphism and Environmental "
            "Variability within a Community of Antarctic Penguins (Genus Pygoscelis), PLoS ONE 9 (2014) e90081",
            file="penguins.csv",
            kind="table",
            row="penguin",
            target="body_mass_g",
            unit="g",
            train=273,
            group=("island", "Dream"),
        ),
    }
)


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a source as numbers, read-only.

    Definition: a column of words becomes one column of zeros and ones for each of its words, "island = Dream"; a row
    that misses its target or a number is left out, one that misses a word has zeros there. Pixels are 0 to 1.
    Shapes: X (n, c), y (n,) numbers or classes 0, 1, ...; words have n entries each.
    Errors: none after construction by `load`.
    Source: the source's own.

    Attributes
    ----------
    columns : a name for each column of X.
    words : the columns of words as they are in the file, by name.
    left_out : rows of the file that are not in it.
    """

    source: Source
    columns: tuple[str, ...]
    X: Array
    y: Array
    words: Mapping[str, NDArray[np.str_]]
    left_out: int

    @property
    def classes(self) -> int:
        """Classes of the target, where it is one; they are 0, 1, ..."""
        return int(self.y.max()) + 1


@lru_cache(maxsize=8)
def load(name: str) -> Table:
    """Return the rows of a source.

    Definition: see `Table`.
    Shapes: see `Table`.
    Errors: Refusal for a name that is none of `SOURCES`; OSError where its file is gone.
    Source: the source's own.
    """
    if name not in SOURCES:
        raise Refusal(
            "name must be one of {names}, got {value!r}: choose one of these, or add a row to SOURCES",
            {"names": ", ".join(SOURCES), "value": name},
        )
    source = SOURCES[name]
    return _images(source) if source.kind == "images" else _table(source)


def _images(source: Source) -> Table:
    with np.load(FOLDER / source.file, allow_pickle=False) as found:
        pixels, shows = found["images"].astype(np.float64), found["shows"].astype(np.float64)
    side = round(pixels.shape[1] ** 0.5)
    names = tuple(f"pixel {i // side + 1}, {i % side + 1}" for i in range(pixels.shape[1]))
    return Table(source, names, read_only(pixels / pixels.max()), read_only(shows), MappingProxyType({}), 0)


def _table(source: Source) -> Table:
    with (FOLDER / source.file).open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    cells = dict(zip(header, np.array(lines).T, strict=True))
    numbers = {name: found for name, column in cells.items() if (found := _numbers(column)) is not None}
    whole = np.all([~np.isnan(column) for column in numbers.values()], axis=0)
    columns: list[str] = []
    values: list[Array] = []
    words: dict[str, NDArray[np.str_]] = {}
    for name, column in cells.items():
        if name == source.target:
            continue
        if name in numbers:
            columns.append(name)
            values.append(numbers[name][whole])
            continue
        words[name] = column[whole]
        for word in sorted(set(column) - MISSING):
            columns.append(f"{name} = {word}")
            values.append((words[name] == word).astype(np.float64))
    y = numbers[source.target][whole]
    X = read_only(np.stack(values, axis=1))
    return Table(source, tuple(columns), X, read_only(y), MappingProxyType(words), int((~whole).sum()))


def _numbers(column: NDArray[np.str_]) -> Array | None:
    """Return a column as numbers, nan where nothing is known; None where it holds words."""
    try:
        return np.array([np.nan if cell in MISSING else float(cell) for cell in column])
    except ValueError:
        return None
