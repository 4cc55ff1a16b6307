"""A visitor's own table, read from the bytes of a file as they are: `read_table`."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from theory.data.cells import NUMBER, Cells, decimals, is_missing, numbers, uses_decimal_commas
from theory.data.sheet import LONGEST, Column, Note, Sheet
from theory.linalg import read_only
from theory.spec import Refusal

# What is read: bytes of a file, cells, columns and rows.
MOST_BYTES, MOST_CELLS, MOST_COLUMNS, FEWEST_ROWS = 5_000_000, 1_000_000, 2000, 8
# A column is of numbers where this share of its given cells are, of levels where it has at most so many of them.
NUMERIC_SHARE, MOST_LEVELS = 0.95, 20
# Delimiters in the order in which they are tried, and the lines that are looked at.
DELIMITERS, LOOKED_AT = (";", "\t", "|", ","), 20
# How files begin that hold no text.
_NO_TEXT = (
    (b"PK", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"BZh", "packed with bzip2"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\xfd7zXZ", "packed with xz"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_PACKED = (
    "the file must be text, got {value}: save the table as CSV (comma separated values, UTF-8) and choose that file"
)
_UNREADABLE = (
    "the file must be text in UTF-8, UTF-16 or Windows-1252, got other bytes: save the table as CSV (comma separated "
    "values, UTF-8) and choose that file"
)
# What a column of running numbers is called.
_RUNNING = frozenset({"", "id", "index", "row", "rownames", "nr", "no", "no.", "#", "unnamed: 0"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


class HugeCellError(Refusal):
    """A cell is longer than any cell is read."""


def read_table(data: bytes) -> Sheet:
    """Return the table in the bytes of a file.

    Definition: text in UTF-8, UTF-16 or Windows' own; of `;`, tab and `|` the one that gives all of the first lines the
    same number of fields, else of these and the comma the one with most numbers among its cells; a header, unless more
    than half of the first row are numbers; decimal commas where the file has these and no decimal points. Nothing is
    computed, fetched or run that stands in a cell.
    Shapes: see `Sheet`.
    Errors: Refusal naming the argument, the rule, the value and the way out.
    Source: derived here.
    """
    changes: list[Note] = []
    left_out: list[Note] = []
    text = _decoded(data, changes)
    rows, delimiter = _rows(text, left_out)
    names, body = _header(rows, changes)
    if len(body) < FEWEST_ROWS:
        raise Refusal(
            "the table must have at least {low} rows of one width, got {value}: choose a larger one",
            {"low": FEWEST_ROWS, "value": len(body)},
        )
    commas = delimiter != "," and uses_decimal_commas(body)
    if commas:
        changes.append(Note("Commas inside numbers are read as decimal commas: 1,5 is one and a half.", {}))
    columns = _columns(names, body, commas, changes, left_out)
    sheet = Sheet(columns, len(body), delimiter, tuple(changes), tuple(left_out))
    if len(sheet.usable) < 2:
        raise Refusal(
            "the table must have at least 2 columns of numbers or of at most {most} levels, got {value}: add one that "
            "is to be predicted and one that tells of it",
            {"most": _most_levels(len(body)), "value": len(sheet.usable)},
        )
    return sheet


def _decoded(data: bytes, changes: list[Note]) -> str:
    if len(data) > MOST_BYTES:
        raise Refusal(
            "the file must have at most {most:,} bytes (5 MB), got {value:,}: keep fewer rows or columns",
            {"most": MOST_BYTES, "value": len(data)},
        )
    for begins, what in _NO_TEXT:
        if data.startswith(begins):
            raise Refusal(_PACKED, {"value": what})
    text = None
    for mark, code in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _try(data, code)
            break
    else:
        text = _try(data, "utf-8")
        if text is None and b"\0" not in data:
            text = _try(data, "cp1252")
            if text is not None:
                changes.append(Note("The file is no UTF-8, so its letters are read as Windows writes them.", {}))
    if text is None or "\0" in text:
        raise Refusal(_UNREADABLE, {})
    if not text.strip():
        raise Refusal("the file must hold a table, got an empty one: choose a file with a header and rows", {})
    return text


def _try(data: bytes, code: str) -> str | None:
    try:
        return data.decode(code)
    except UnicodeDecodeError:
        return None


def _parsed(text: str, delimiter: str, most: int | None = None) -> tuple[list[list[str]], list[int]]:
    """Return the rows of a text that hold anything, without blanks around their cells, and the line each begins in."""
    found: list[list[str]] = []
    lines: list[int] = []
    cells = ended = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t")
    try:
        for row in reader:
            begun, ended = ended + 1, reader.line_num
            if len(row) > MOST_COLUMNS + 1:
                raise Refusal(
                    "the table must have at most {most:,} columns, got {value:,}: keep fewer of them",
                    {"most": MOST_COLUMNS, "value": len(row)},
                )
            cells += len(row)
            if cells > MOST_CELLS:
                raise Refusal(
                    "the table must have at most {most:,} cells, got more: keep fewer rows or columns",
                    {"most": MOST_CELLS},
                )
            if any(cell and not cell.isspace() for cell in row):
                found.append([cell.strip() for cell in row])
                lines.append(begun)
            if most is not None and len(found) == most:
                break
    except csv.Error:
        raise HugeCellError(
            "a cell must have at most {most:,} characters, got more: a quotation mark may be missing its other half",
            {"most": csv.field_size_limit()},
        ) from None
    return found, lines


def _rows(text: str, left_out: list[Note]) -> tuple[list[list[str]], str]:
    """Return the rows that have as many fields as most, the header first, and the delimiter."""
    said = re.match(r"sep=(.)\r?\n", text)
    if said and said[1] in DELIMITERS:  # Excel's own word for it
        text = text[said.end() :]
        delimiter = said[1]
    else:
        delimiter = _delimiter(text)
    rows, lines = _parsed(text, delimiter)
    above = int(bool(said and said[1] in DELIMITERS))
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    # R's write.table gives the names of the rows no name: its header is one field shorter.
    first = next((k for k, row in enumerate(rows) if len(row) in (width, width - 1)), 0)
    if first < len(rows) and len(rows[first]) == width - 1:
        below = rows[first + 1 :]
        if all(len(row) == width for row in below) and any(NUMBER.fullmatch(cell) for cell in below[0]):
            rows[first] = ["", *rows[first]]
        else:
            first = next(k for k, row in enumerate(rows) if len(row) == width)
    if delimiter == "," and first < len(rows):
        _refuse_commas_of_both_kinds(rows, first, [line + above for line in lines])
    if len(rows[-1]) != width and "\n" in "".join(rows[-1]):
        raise Refusal(
            "a quotation mark must have its other half, got one alone in the row that begins in line {line}: close it, "
            "or leave it out",
            {"line": lines[-1] + above},
        )
    if first:
        left_out.append(Note("Lines above the table that are no row of it: {n}.", {"n": first}))
    rows = [_trimmed(row, width) for row in rows[first:]]
    ragged = [k for k, row in enumerate(rows) if len(row) != width]
    even = [row for row in rows if len(row) == width]
    if ragged:
        header = int(_is_header(even[0], even[1:]))  # which is no row
        left_out.append(
            Note(
                "Rows with more or fewer cells than the {width} of the others: {n}, the first of them row {first}.",
                {"width": width, "n": len(ragged), "first": ragged[0] + 1 - header},
            )
        )
    return even, delimiter


def _trimmed(row: list[str], width: int) -> list[str]:
    while len(row) > width and not row[-1]:
        row = row[:-1]
    return row


def _refuse_commas_of_both_kinds(rows: list[list[str]], first: int, lines: list[int]) -> None:
    """Refuse rows of more cells than the names above them: of 1,5,2,5 nobody can say which commas are decimal."""
    names = (k for k, row in enumerate(rows[:first]) if len(row) > 1 and not any(map(NUMBER.fullmatch, row)))
    at = next(names, None)
    if at is None or _is_header(rows[first], rows[first + 1 :]):
        return
    raise Refusal(
        "the rows must have a cell for every name, got {names} names in line {line} and {cells} cells in line {below}: "
        "if numbers have decimal commas, save the table with semicolons between its cells",
        {"names": len(rows[at]), "line": lines[at], "cells": len(rows[first]), "below": lines[first]},
    )


def _delimiter(text: str) -> str:
    """Return the delimiter that gives the first lines one number of fields; else the one that gives most numbers.

    A comma proves nothing by such lines: it may be the decimal comma of every one of them.
    """
    # A table is looked at from its beginning: no more of it is parsed than these lines can hold.
    found: dict[str, tuple[int, float, bool, bool]] = {}
    huge: HugeCellError | None = None
    decimal = False  # whether every comma is decimal if the cells are between semicolons, or between tabs
    for delimiter in DELIMITERS:
        try:
            rows, _ = _parsed(text, delimiter, LOOKED_AT)
        except HugeCellError as refused:  # of another delimiter it may be many cells
            huge = refused
            continue
        counts = Counter(len(row) for row in rows)
        width, lines = counts.most_common(1)[0] if counts else (0, 0)
        if width < 2:
            continue
        even = len(counts) == 1
        if even and delimiter != ",":
            return delimiter
        if delimiter == "," and decimal:
            continue
        cells = [cell for row in rows[1:] if len(row) == width for cell in row]
        share = _numeric_share(cells, delimiter)
        # Half of the lines speak for a delimiter; what a few have may be a part of their texts.
        often = 2 * sum(len(row) > 1 for row in rows) >= len(rows)
        commas = [numbers((cell,), True).count for cell in cells if "," in cell]
        decimal = decimal or (often and bool(commas) and sum(commas) >= NUMERIC_SHARE * len(commas))
        found[delimiter] = (lines, share if often else 0.0, even, len(rows[0]) == width)
    if all(lines < 2 and not even for lines, _, even, _ in found.values()):
        if huge:
            raise huge
        raise Refusal(
            "the table must have at least 2 columns, got one: separate them by semicolons, tabs, commas or vertical "
            "bars",
            {},
        )
    return max(found, key=lambda delimiter: (*found[delimiter][1:], found[delimiter][0]))


def _numeric_share(cells: Sequence[str], delimiter: str) -> float:
    """Return which share of the given cells are numbers, with decimal points, or commas where these can be decimal."""
    ways = [numbers(cells, commas) for commas in ((False,) if delimiter == "," else (False, True))]
    return max(found.count / max(found.given, 1) for found in ways)


def _header(rows: list[list[str]], changes: list[Note]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return a name for each column, and the rows below the header."""
    first, body = rows[0], rows[1:]
    if not _is_header(first, body):
        changes.append(Note("The first row holds numbers, so it is a row like the others: columns are numbered.", {}))
        return tuple(f"column {k + 1}" for k in range(len(first))), rows
    plain = [_CONTROL.sub(" ", cell).strip()[:LONGEST].strip() for cell in first]
    unnamed = sum(not name for name in plain)
    if unnamed:
        changes.append(Note("Columns without a name, which are called by their place: {n}.", {"n": unnamed}))
    taken: Counter[str] = Counter()
    used, names = set(plain), dict[str, None]()
    for place, given in enumerate(plain, 1):
        name = called = given or f"column {place}"
        while name in names or (name != called and name in used):
            taken[called] += 1
            name = f"{called} ({taken[called] + 1})"
        names[name] = None
    twice = sum(count > 1 for name, count in Counter(plain).items() if name)
    if twice:
        changes.append(Note("Names that several columns have, and which got a number behind them: {n}.", {"n": twice}))
    return tuple(names), body


def _is_header(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: not more than half of it are numbers, or these are names all the same."""
    values = [float(cell.replace(",", ".")) for cell in first if NUMBER.fullmatch(cell)]
    if 2 * len(values) <= len(first):
        return True
    if not first[0] and body and all(row[0] for row in body):  # a column of names, and no name for it
        return True
    # Wavelengths and years run one way along the header; the numbers of a row do not.
    if len(values) < 5 or not body:
        return False
    steps = np.sign(np.diff(values))
    below = [float(cell.replace(",", ".")) for cell in body[0] if NUMBER.fullmatch(cell)]
    runs = bool(steps[0] and (steps == steps[0]).all())
    return runs and len(below) > 2 and len(set(np.sign(np.diff(below)).tolist())) > 1


def _columns(
    names: Sequence[str], body: list[list[str]], commas: bool, changes: list[Note], left_out: list[Note]
) -> tuple[Column, ...]:
    found: list[Column] = []
    marks: Counter[str] = Counter()
    unread = 0
    for place, name in enumerate(names):
        cells = tuple(row[place] for row in body)
        read = numbers(cells, commas)
        if not read.given:
            left_out.append(Note("{name}: it is empty.", {"name": name}))
            continue
        if _is_running(name, place, read, len(cells)):
            left_out.append(Note("{name}: it numbers the rows.", {"name": name}))
            continue
        if read.count >= NUMERIC_SHARE * read.given:
            marks += read.marks
            unread += read.given - read.count
            found.append(Column(name, "number", read_only(read.values), (), ()))
            continue
        _refuse_decimals_of_both_kinds(names, body, place, read)
        shown = tuple("" if is_missing(cell) else _CONTROL.sub(" ", cell).strip()[:LONGEST] for cell in cells)
        levels = tuple(sorted({text for text in shown if text}))
        if not levels:  # signs that nobody sees
            left_out.append(Note("{name}: it is empty.", {"name": name}))
            continue
        if len(levels) <= _most_levels(len(body)):
            at = {level: float(k) for k, level in enumerate(levels)}
            values = np.array([at.get(text, np.nan) for text in shown])
            found.append(Column(name, "category", read_only(values), levels, ()))
            continue
        found.append(Column(name, "text", read_only(np.full(len(body), np.nan)), (), shown))
        left_out.append(
            Note(
                "{name}: it has {n} different texts, such as names, numbers of files or dates; no model uses it.",
                {"name": name, "n": len({cell for cell, text in zip(cells, shown, strict=True) if text})},
            )
        )
    for mark, sentence in _MARKS.items():
        if marks[mark]:
            changes.append(Note(sentence, {"n": marks[mark], "example": "1.234" if commas else "1,234"}))
    if unread:
        changes.append(Note("Cells in columns of numbers that are none, and count as missing: {n}.", {"n": unread}))
    return tuple(found)


def _refuse_decimals_of_both_kinds(names: Sequence[str], body: list[list[str]], place: int, read: Cells) -> None:
    """Refuse a column that would be of numbers if the file wrote all decimals in one way."""
    cells = tuple(row[place] for row in body)
    signs = [decimals(cell) for cell in cells]
    ways = [numbers(cells, commas).values for commas in (False, True)]
    if "," not in signs or np.mean(np.isnan(ways).all(axis=0)) > 1 - NUMERIC_SHARE * read.given / len(cells):
        return
    at = signs.index(",")
    other = next(((k, j) for k, row in enumerate(body) for j, cell in enumerate(row) if decimals(cell) == "."), None)
    if other is None:
        return
    row, column = other
    raise Refusal(
        "decimals must be written in one way, got {one} in {name}, row {row}, and {two} in {other}, row {below}: "
        "replace the commas or the points in the whole file",
        {
            "one": cells[at][:LONGEST],
            "name": names[place],
            "row": at + 1,
            "two": body[row][column][:LONGEST],
            "other": names[column],
            "below": row + 1,
        },
    )


def _most_levels(rows: int) -> int:
    return min(MOST_LEVELS, rows // 2)


def _is_running(name: str, place: int, read: Cells, rows: int) -> bool:
    """Whether a column numbers the rows from 0 or 1 on, and is called so."""
    called = name.casefold() in _RUNNING or (place == 0 and name == "column 1")
    return called and read.count == rows and bool((read.values - read.values[0] == np.arange(rows)).all())


_MARKS = {
    "thousands": "Cells with signs between thousands, such as {example} or 1 234: {n}.",
    "percent": "Cells with a percent sign, which is dropped: {n}.",
    "minus": "Cells with a typographic minus sign: {n}.",
}
