"""The cells of a column as numbers: decimal commas, thousands, percent signs, and what means that nothing is given."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from theory.linalg import Array

# What stands in a cell in which nothing is given, whatever the case of its letters; Excel's errors among them.
MISSING = frozenset(
    {"", "na", "n/a", "nan", "null", "none", "?", ".", "-", "missing", "#n/a", "#value!", "#div/0!", "#num!", "#ref!"}
)
# A number beyond this has no square that is a number beside others.
LARGEST = 1e100
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_WITH_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_WITH_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_POINT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
# Blanks and apostrophes between thousands, and the sign that is left over of the point and the comma.
_BLANKS = "[ '\u2019\u00a0\u2009\u202f]"
_GROUPED = {
    False: re.compile(rf"[+-]?[0-9]{{1,3}}(?:(?:,[0-9]{{3}})+|(?:{_BLANKS}[0-9]{{3}})+)(?:\.[0-9]+)?"),
    True: re.compile(rf"[+-]?[0-9]{{1,3}}(?:(?:\.[0-9]{{3}})+|(?:{_BLANKS}[0-9]{{3}})+)(?:,[0-9]+)?"),
}
# Numbers with both signs, which say which of them is decimal.
_BOTH = {
    False: re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"),
    True: re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"),
}
_SEPARATORS = {False: re.compile(f"{_BLANKS}|,"), True: re.compile(rf"{_BLANKS}|\.")}


def is_missing(cell: str) -> bool:
    """Whether a cell says that nothing is given."""
    return cell.casefold() in MISSING


def _signless(cell: str) -> tuple[str, bool, bool]:
    """Return a cell without its percent sign and with a plain minus, and whether it had the one and the other."""
    percent = cell.endswith("%")
    minus = cell.startswith("\N{MINUS SIGN}")
    cell = cell[:-1].rstrip() if percent else cell
    return f"-{cell[1:]}" if minus else cell, percent, minus


def uses_decimal_commas(rows: Iterable[Sequence[str]]) -> bool:
    """Whether some cells are numbers with a decimal comma, and none has a decimal point.

    A point before three digits, 1.234, stands between thousands where another number has both signs, 1.234,5.
    """
    commas = sure = thousands = False
    for row in rows:
        for cell in row:
            plain = _signless(cell)[0]
            if _BOTH[False].fullmatch(plain):
                return False
            if _WITH_POINT.fullmatch(plain):
                if not _GROUPED[True].fullmatch(plain):
                    return False
                thousands = True
            sure = sure or bool(_BOTH[True].fullmatch(plain))
            commas = commas or bool(_WITH_COMMA.fullmatch(plain))
    return sure or (commas and not thousands)


def decimals(cell: str) -> str:
    """Return the decimal sign of a cell, "," or "."; "" where it has none, or where it may stand between thousands."""
    plain = _signless(cell)[0]
    if _WITH_POINT.fullmatch(plain):
        return "."
    return "," if _WITH_COMMA.fullmatch(plain) and not _GROUPED[False].fullmatch(plain) else ""


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a column as numbers, nan for what is none.

    Attributes
    ----------
    given, count : cells in which something is given, and how many of them are numbers.
    marks : how many numbers have signs between "thousands", a "percent" sign, a typographic "minus".
    """

    values: Array
    given: int
    count: int
    marks: Counter[str]


def numbers(cells: Sequence[str], commas: bool) -> Cells:
    """Return the cells of a column as numbers, with decimal commas or points.

    Definition: signs between thousands stand before groups of three digits; a percent sign is dropped.
    Shapes: cells (rows,) -> values (rows,).
    Errors: none.
    Source: derived here.
    """
    known: dict[str, tuple[float, tuple[str, ...]]] = {}
    for cell in set(cells):
        known[cell] = _number(cell, commas)
    marks: Counter[str] = Counter()
    for cell in cells:
        marks.update(known[cell][1])
    values = np.array([known[cell][0] for cell in cells])
    given = sum(not is_missing(cell) for cell in cells)
    return Cells(values, given, int((~np.isnan(values)).sum()), marks)


def _number(cell: str, commas: bool) -> tuple[float, tuple[str, ...]]:
    plain, percent, minus = _signless(cell)
    marks = [name for name, there in (("percent", percent), ("minus", minus)) if there]
    if _GROUPED[commas].fullmatch(plain):
        plain = _SEPARATORS[commas].sub("", plain)
        marks.append("thousands")
    if commas:
        if "." in plain:
            return np.nan, ()
        plain = plain.replace(",", ".")
    if not _POINT.fullmatch(plain):
        return np.nan, ()
    value = float(plain)
    return (value, tuple(marks)) if abs(value) <= LARGEST else (np.nan, ())
