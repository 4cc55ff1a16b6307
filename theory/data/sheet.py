"""A table as it was read: its columns, and notes of what was done to read it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from theory.linalg import Array
from theory.spec import Refusal

# The longest name and text that is kept of a cell.
LONGEST = 60

Kind = Literal["number", "category", "text"]


class Note(NamedTuple):
    """What was changed in a table, or left out of it, and why; said as a `Refusal` is.

    Definition: the sentence is the template with its values put in.
    Shapes: none.
    Errors: none.
    Source: the definition itself.
    """

    template: str
    values: dict[str, object]

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.template.format(**self.values)


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table: of numbers, of levels, or of text that no model can use.

    Definition: numbers with nan where nothing is given; of levels the place of each cell's level, nan likewise.
    Shapes: values (rows,); texts (rows,) of a column of text, which has no values; else none.
    Errors: none after construction by `read_table`.
    Source: derived here.

    Attributes
    ----------
    levels : what the values of a category stand for, in alphabetical order.
    texts : the cells of text, shortened, empty where nothing is given.
    """

    name: str
    kind: Kind
    values: Array
    levels: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def missing(self) -> int:
        """Cells in which nothing is given."""
        return sum(not text for text in self.texts) if self.texts else int(np.isnan(self.values).sum())

    def shown(self, row: int) -> str:
        """Return the cell of a row as a text, empty where nothing is given."""
        if self.texts:
            return self.texts[row]
        value = float(self.values[row])
        return "" if np.isnan(value) else self.levels[int(value)] if self.levels else f"{value:.6g}"


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it was read, and what was done to read it.

    Definition: what a model can use are the columns of numbers and of levels; columns of text are kept to name rows.
    Shapes: every column has `rows` cells.
    Errors: none after construction by `read_table`.
    Source: derived here.

    Attributes
    ----------
    changes : what was read otherwise than it stands in the file.
    left_out : what was not read, and why.
    """

    columns: tuple[Column, ...]
    rows: int
    delimiter: str
    changes: tuple[Note, ...]
    left_out: tuple[Note, ...]

    @property
    def usable(self) -> tuple[Column, ...]:
        """The columns that a model can use or predict."""
        return tuple(column for column in self.columns if column.kind != "text")

    def column(self, name: str) -> Column:
        """Return a column by its name; Refusal where there is none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise Refusal(
            "the column must be one of the table's {n}, got {value!r}: choose one of these",
            {"n": len(self.columns), "value": name[:LONGEST]},
        )

    @property
    def size(self) -> int:
        """Bytes it takes in memory, about."""
        return sum(c.values.nbytes + sum(len(text) + 57 for text in c.texts) for c in self.columns)
