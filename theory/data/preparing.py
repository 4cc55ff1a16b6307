"""From a table that was read to models: what is predicted, which rows go, and what had to be done: `ready`."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from theory.data.classes import ClassProblem
from theory.data.sheet import Column, Note, Sheet
from theory.data.sources import Source, Table
from theory.data.split import Places, Split
from theory.data.tables import Prepared, Scaled, featured, prepare, scale
from theory.linalg import Array, read_only
from theory.spec import Refusal, whole
from theory.streams import stream

# Rows that models are made of at most; the share that is held out, and from how many rows to forget on some of them
# are held out, too; rows to keep that are needed.
MOST_ROWS, HELD_SHARE, ENOUGH, FEWEST_KEPT = 500, 0.2, 10, 4
# Streams of a seed: which rows stand for a longer table, and which are held out.
SAMPLE, HELD = 106, 107
# Random waves that make a model over-parameterised: at least so many, and twice the rows.
FEWEST_WAVES = 1000


@dataclass(frozen=True, eq=False)
class Ready:
    """A table made ready: what is predicted, its rows in three parts, and what was done.

    Definition: rows without a target are left out; of more than 500 rows stands a sample with the same share of rows
    to forget; a fifth of the rows to keep is held out, and a fifth of those to forget where there are 10 of them.
    Shapes: rows (rows of split.table,), places in the sheet.
    Errors: none after construction by `ready`.
    Source: derived here.

    Attributes
    ----------
    classes : names of the classes that are predicted; none where the target is a number.
    twins : rows to forget that a row to keep equals in every column and in the target.
    waves : random waves in place of the columns; 0 for none.
    """

    sheet: Sheet
    target: Column
    split: Split
    rows: Places
    scaled: Scaled
    classes: tuple[str, ...]
    twins: int
    waves: int
    seed: int
    notes: tuple[Note, ...]

    def numbers(self) -> Prepared:
        """Return the problem of a target that is a number."""
        return prepare(self.split, self.waves, seed=self.seed, even=True)

    def labels(self) -> ClassProblem:
        """Return the problem of a target that is one of several classes."""
        return ClassProblem.of_split(
            self.split, featured(self.split, self.scaled, self.waves, seed=self.seed, even=True)
        )


def ready(
    sheet: Sheet, target: str, forget: NDArray[np.bool_], *, lift: bool = False, waves: int = 0, seed: int = 0
) -> Ready:
    """Return a table made ready to predict one of its columns and to forget the rows of a mask.

    Definition: see `Ready`; `lift` puts max(2 n, 1000) random waves in the place of the columns, n rows being trained
    on, and `waves` so many. A target with two different values, or of levels, is one of classes.
    Shapes: forget (sheet.rows,).
    Errors: Refusal naming the argument, the rule, the value and the way out.
    Source: derived here.
    """
    seed = whole("seed", seed, 0, np.inf, "use 0, 1, 2, ...")
    column = sheet.column(target)
    if column.kind == "text":
        raise Refusal(
            "what is predicted must be a number or one of few levels, got the text {value}: choose another column",
            {"value": target},
        )
    notes: list[Note] = []
    given = ~np.isnan(column.values)
    rows = np.flatnonzero(given)
    if len(rows) < sheet.rows:
        notes.append(Note("Rows without a value of {target}: {n}.", {"target": target, "n": sheet.rows - len(rows)}))
    values = column.values[rows]
    if len(np.unique(values)) < 2:
        raise Refusal(
            "what is predicted must have two different values or more, got {value}, which has one: choose another "
            "column",
            {"value": target},
        )
    rows = _sampled(rows, forget, seed, notes)
    goes = forget[rows]
    _check(goes)
    y, classes = _target(column, rows)
    table = _table(sheet, column, rows, y, bool(classes))
    split = _split(table, goes, seed, notes)
    scaled = scale(split)
    notes += _notes(scaled, len(classes), split)
    n = len(split.trained)
    waves = max(2 * n, FEWEST_WAVES) if lift else waves
    return Ready(sheet, column, split, rows, scaled, classes, _twins(split), waves, seed, tuple(notes))


def _sampled(rows: Places, forget: NDArray[np.bool_], seed: int, notes: list[Note]) -> Places:
    """Return at most 500 of these rows, in their order, of which as large a share is forgotten."""
    if len(rows) <= MOST_ROWS:
        return rows
    goes = rows[forget[rows]]
    stays = rows[~forget[rows]]
    count = min(len(goes), max(1, round(MOST_ROWS * len(goes) / len(rows)))) if len(goes) else 0
    count = min(count, MOST_ROWS - min(len(stays), FEWEST_KEPT))  # enough rows to keep, where there are
    count = max(count, MOST_ROWS - len(stays))
    draw = stream(seed, SAMPLE)
    some = [draw.permutation(part)[:k] for part, k in ((goes, count), (stays, MOST_ROWS - count))]
    notes.append(
        Note(
            "Of {rows:,} rows, {most} drawn at random stand for all: {n} of them are to be forgotten.",
            {"rows": len(rows), "most": MOST_ROWS, "n": count},
        )
    )
    return np.sort(np.concatenate(some))


def _check(goes: NDArray[np.bool_]) -> None:
    if not goes.any():
        raise Refusal("at least one row must be forgotten, got none with a value to predict: choose other rows", {})
    if (~goes).sum() < FEWEST_KEPT:
        raise Refusal(
            "at least {low} rows must be kept, got {value}: choose fewer rows to forget",
            {"low": FEWEST_KEPT, "value": int((~goes).sum())},
        )


def _target(column: Column, rows: Places) -> tuple[Array, tuple[str, ...]]:
    """Return what is predicted as numbers or as classes 0, 1, ..., and the names of these."""
    values = column.values[rows]
    found, places = np.unique(values, return_inverse=True)
    if column.kind == "category" or len(found) <= 2:
        names = tuple(column.levels[int(v)] if column.levels else f"{v:g}" for v in found)
        return read_only(places.astype(np.float64)), names
    return read_only(values.copy()), ()


def _table(sheet: Sheet, target: Column, rows: Places, y: Array, classes: bool) -> Table:
    """Return the rows as numbers, one column for every level of a category; nan where a number is missing."""
    names: list[str] = []
    columns: list[Array] = []
    for column in sheet.usable:
        if column is target:
            continue
        values = column.values[rows]
        if column.kind == "number":
            names.append(column.name)
            columns.append(values)
        else:
            names += [f"{column.name} = {level}" for level in column.levels]
            columns += [(values == k).astype(np.float64) for k in range(len(column.levels))]
    X = read_only(np.stack(columns, axis=1))
    source = Source(
        title="",
        rows=len(rows),
        columns=len(sheet.usable) - 1,
        licence="",
        citation="",
        file="",
        kind="table",
        row="row",
        target=target.name,
        unit="" if classes else target.name,
        train=len(rows),
    )
    return Table(source, tuple(names), X, y, MappingProxyType({}), 0)


def _split(table: Table, goes: NDArray[np.bool_], seed: int, notes: list[Note]) -> Split:
    draw = stream(seed, HELD)
    stays, leaves = draw.permutation(np.flatnonzero(~goes)), draw.permutation(np.flatnonzero(goes))
    apart = max(1, round(HELD_SHARE * len(stays)))
    alike = round(HELD_SHARE * len(leaves)) if len(leaves) >= ENOUGH else 0
    keep, forget = np.sort(stays[apart:]), np.sort(leaves[alike:])
    strangers = np.sort(leaves[:alike]) if alike else np.sort(stays[:apart])
    held = np.sort(np.concatenate([stays[:apart], leaves[:alike]]))
    labels = table.y[np.concatenate([keep, forget])].copy()
    notes.append(
        Note(
            "Rows held out, on which no model is trained: {n}, {alike} of them like the rows to forget.",
            {"n": len(held), "alike": alike},
        )
    )
    remaining = np.array([k for k in held if table.y[k] in table.y[keep]], dtype=np.intp)
    stranger_labels = table.y[strangers].copy()
    for part in (keep, forget, held, strangers, remaining, labels, stranger_labels):
        part.flags.writeable = False
    return Split(table, keep, forget, held, strangers, remaining, labels, stranger_labels, seed)


def _notes(scaled: Scaled, classes: int, split: Split) -> list[Note]:
    found = []
    if scaled.filled:
        found.append(
            Note(
                "Columns in which a number is missing: {n}. The mean of the rows to keep stands in its place (0 where "
                "none of them has a number), and a column of its own says where: {names}.",
                {"n": len(scaled.filled), "names": _some(scaled.filled)},
            )
        )
    if scaled.constant:
        found.append(
            Note(
                "Columns left out because every row that models are trained on has the same in them: {n} ({names}).",
                {"n": len(scaled.constant), "names": _some(scaled.constant)},
            )
        )
    if scaled.twins:
        found.append(
            Note(
                "Columns left out because another says the same of every row that models are trained on: {n} "
                "({names}).",
                {"n": len(scaled.twins), "names": _some([f"{a} = {b}" for a, b in scaled.twins])},
            )
        )
    if scaled.own:
        found.append(
            Note(
                "Columns that only rows to forget use, the same in all rows to keep: {n}. They stay: {names}.",
                {"n": len(scaled.own), "names": _some([scaled.names[k] for k in scaled.own])},
            )
        )
    return found


def _some(names: tuple[str, ...] | list[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def _twins(split: Split) -> int:
    """Return how many rows to forget equal a row to keep, in every column and in the target."""
    X, y = split.table.X + 0.0, split.table.y  # no zero has a minus
    kept = {(X[k].tobytes(), float(y[k])) for k in split.keep}
    return sum((X[k].tobytes(), float(y[k])) in kept for k in split.forget)
