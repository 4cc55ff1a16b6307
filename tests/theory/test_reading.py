"""A visitor's own table, read: every rule and every refusal by an example whose reading is known."""

import csv
import io

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from theory import Refusal
from theory.data.cells import numbers
from theory.data.reading import MOST_BYTES, MOST_COLUMNS, read_table
from theory.data.sources import FOLDER

ROWS = 9


def sheet(*rows, delimiter=",", code="utf-8"):
    return read_table("\n".join(delimiter.join(map(str, row)) for row in rows).encode(code))


def body(*columns):
    """Rows of columns."""
    return list(zip(*columns, strict=True))


def said(notes):
    return "\n".join(map(str, notes))


COUNT = list(range(3, 3 + ROWS))
HALVES = [k / 2 + 0.25 for k in range(ROWS)]


def test_penguins_are_read_as_they_are():
    found = read_table((FOLDER / "penguins.csv").read_bytes())
    with (FOLDER / "penguins.csv").open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    assert (found.rows, [c.name for c in found.columns]) == (344, header)
    assert [c.kind for c in found.columns] == [
        *("category", "category"),
        *("number",) * 4,
        *("category", "number"),
    ]
    for place, column in enumerate(found.columns):
        for row, line in enumerate(lines):
            cell = line[place]
            if cell == "NA":
                assert column.shown(row) == ""
            elif column.kind == "number":
                assert column.values[row] == float(cell)
            else:
                assert column.shown(row) == cell
    assert sum(c.missing for c in found.columns) == 19
    assert not found.changes
    assert not found.left_out


def test_decimal_commas_behind_a_byte_order_mark():
    rows = [("Größe", "Wert"), *body([f"{k},5" for k in COUNT], [f"1.00{k},25" for k in range(ROWS)])]
    found = sheet(*rows, delimiter=";", code="utf-8-sig")
    assert [c.name for c in found.columns] == ["Größe", "Wert"]
    np.testing.assert_array_equal(found.columns[0].values, np.array(COUNT) + 0.5)
    np.testing.assert_array_equal(found.columns[1].values, 1000 + np.arange(ROWS) + 0.25)
    assert "decimal commas" in said(found.changes)
    assert f"such as 1.234 or 1 234: {ROWS}" in said(found.changes)


def test_commas_are_no_decimals_where_points_are():
    rows = [("a", "b"), *body([f"{k},250" for k in COUNT], HALVES)]
    found = sheet(*rows, delimiter=";")
    np.testing.assert_array_equal(found.columns[0].values, np.array(COUNT) * 1000.0 + 250)
    assert "decimal commas" not in said(found.changes)


@pytest.mark.parametrize("code", ["utf-8", "utf-16", "cp1252", "utf-32"])
def test_letters_in_every_code(code):
    found = sheet(("müde", "b"), *body(HALVES, ["ä", "ö", "ß"] * 3), code=code)
    assert found.columns[0].name == "müde"
    assert found.columns[1].levels == ("ß", "ä", "ö")
    assert ("Windows" in said(found.changes)) == (code == "cp1252")


@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
def test_every_delimiter(delimiter):
    found = sheet(("a", "b"), *body(HALVES, COUNT[::-1]), delimiter=delimiter)
    assert found.delimiter == delimiter
    np.testing.assert_array_equal(found.columns[0].values, HALVES)


def test_excels_word_for_the_delimiter_is_heard():
    found = read_table(b"sep=|\n" + b"a,b|c\n" + b"1,5|2\n" * ROWS)
    assert [c.name for c in found.columns] == ["a,b", "c"]
    assert (found.columns[0].values == 1.5).all()


def test_spectra_with_numbers_for_names_and_samples_without():
    draw = np.random.default_rng(0)
    waves, light = [str(1100 + 2 * k) for k in range(400)], draw.normal(size=(60, 400))
    found = sheet(("", *waves), *[(f"sample {i}", *map(repr, row.tolist())) for i, row in enumerate(light)])
    assert found.rows == 60
    assert [c.name for c in found.columns[1:]] == waves
    assert (found.columns[0].name, found.columns[0].kind) == ("column 1", "text")
    np.testing.assert_array_equal(np.stack([c.values for c in found.usable], axis=1), light)
    assert "column 1: it has 60 different texts" in said(found.left_out)
    # Without names for the samples the run of the wavelengths tells.
    found = sheet(waves, *[map(repr, row.tolist()) for row in light])
    assert [c.name for c in found.columns] == waves


def test_a_table_without_a_header_has_numbered_columns():
    found = sheet(*body(HALVES, COUNT[::-1], ["x", "y", "z"] * 3))
    assert found.rows == ROWS
    assert [c.name for c in found.columns] == ["column 1", "column 2", "column 3"]
    assert "columns are numbered" in said(found.changes)


def test_rows_with_other_numbers_of_cells_are_left_out_and_counted():
    rows = [("a", "b"), *body(HALVES, COUNT), ("1",), ("1", "2", "3"), ("5", "6", "", "")]
    found = sheet(*rows)
    assert found.rows == ROWS + 1  # cells that are empty at the end are none
    assert "than the 2 of the others: 2, the first of them row 10" in said(found.left_out)
    found = sheet(("A report of 2020",), ("a", "b"), *body(HALVES, COUNT))
    assert "above the table that are no row of it: 1" in said(found.left_out)
    assert [c.name for c in found.columns] == ["a", "b"]


HALF_COMMAS = [f"{k},5" for k in range(20)]


def lines_of(*lines):
    return "\n".join(lines).encode()


def ragged(header, rows, short, delimiter=";"):
    """Rows of which every one in `short` misses its last cell."""
    cut = [delimiter.join(row[:-1] if k in short else row) for k, row in enumerate(rows)]
    return lines_of(*([delimiter.join(header)] if header else []), *cut)


DECIMALS = [(comma, str(k), comma) for k, comma in enumerate(HALF_COMMAS)]


@pytest.mark.parametrize("delimiter", ";\t|")
@pytest.mark.parametrize(
    ("header", "short"), [("abc", (4, 9)), ("", (4, 9)), ("abc", range(9)), ("abc", range(0, 20, 3))], ids=str
)
def test_decimal_commas_separate_nothing_however_ragged_the_rows_are(delimiter, header, short):
    found = read_table(ragged(header, DECIMALS, short, delimiter))
    left = [k for k in range(20) if k not in short]
    assert found.delimiter == delimiter
    np.testing.assert_array_equal(found.columns[0].values, [k + 0.5 for k in left])
    np.testing.assert_array_equal(found.columns[-1].values, [k + 0.5 for k in left])
    assert f"than the 3 of the others: {len(short)}, the first of them row {short[0] + 1}." in said(found.left_out)


def test_a_comma_in_every_line_is_no_delimiter_where_another_gives_more_numbers():
    # One comma in every line, and semicolons in not quite as many places.
    found = read_table(lines_of(*(f"{k},5;{k}" + (";3" if k % 5 else "") for k in range(20))))
    assert (found.delimiter, found.rows) == (";", 16)
    # In names, in a title above the table, and as codes.
    found = read_table(lines_of("name;a;b", *(f"Doe, Jo;{k},5;{k}" + ";" * (k % 5 == 0) for k in range(20))))
    assert ([c.name for c in found.columns], found.rows) == (["name", "a", "b"], 20)
    found = read_table(lines_of("Ward 3, North, 2020", "made on, by, for", "a;b", *(f"{c};1" for c in HALF_COMMAS)))
    assert [c.name for c in found.usable] == ["a", "b"]
    rows = [f"patient {k % 5};{c if k % 4 else 'NA'}" for k, c in enumerate(HALF_COMMAS)]
    found = read_table(lines_of("made by hand", "", "name;a", *rows))
    assert ([c.name for c in found.usable], found.rows) == (["name", "a"], 20)
    codes = [f"1,2,3;{k % 3};{k}" + ";1" * (k % 4 == 0) for k in range(20)]
    assert read_table(lines_of("codes;a;b", *codes)).delimiter == ";"
    # The other way round: semicolons in the texts of a table with commas.
    found = read_table(lines_of("name,a,b", *(f"x;y,{k}.5,{k}" for k in range(20))))
    assert (found.delimiter, [c.name for c in found.columns]) == (",", ["name", "a", "b"])


def test_points_between_thousands_and_decimal_commas_in_one_number_say_which_is_which():
    found = sheet(("a", "b"), *body([f"{k}.234,5" for k in COUNT], ["1.000"] * ROWS), delimiter=";")
    np.testing.assert_array_equal(found.columns[0].values, [1000 * k + 234.5 for k in COUNT])
    np.testing.assert_array_equal(found.columns[1].values, 1000)
    found = sheet(("a", "b"), *body([f"{k},234.5" for k in COUNT], ["1,000"] * ROWS), delimiter=";")
    np.testing.assert_array_equal(found.columns[0].values, [1000 * k + 234.5 for k in COUNT])
    np.testing.assert_array_equal(found.columns[1].values, 1000)


def test_names_of_rows_as_r_writes_them():
    rows = [("a", "b"), *body([f"r{k}" for k in COUNT], HALVES, COUNT)]
    found = sheet(*rows)
    assert [(c.name, c.kind) for c in found.columns] == [("column 1", "text"), ("a", "number"), ("b", "number")]


def test_numbers_of_rows_are_no_feature():
    found = sheet(("", "b", "c"), *body(range(1, ROWS + 1), HALVES, HALVES[::-1]))
    assert [c.name for c in found.columns] == ["b", "c"]
    assert "column 1: it numbers the rows" in said(found.left_out)
    # A running number with a name of its own is one.
    assert len(sheet(("day", "b", "c"), *body(range(ROWS), HALVES, HALVES[::-1])).columns) == 3


def test_names_are_told_apart():
    found = sheet(("a", "a", "", "a (2)", "x\x07y\u202e"), *body(HALVES, COUNT, COUNT, COUNT, COUNT))
    names = [c.name for c in found.columns]
    assert len(set(names)) == 5
    assert names[0] == "a"
    assert names[4] == "x y"
    assert "which got a number behind them: 1" in said(found.changes)


def test_missing_cells_and_cells_that_are_no_numbers():
    gaps = ["", "NA", "n/a", "NaN", "NULL", "none", "?", ".", "-", "missing", "#N/A"]
    values = [*map(str, range(30)), *gaps, "oops"]
    found = sheet(("a", "b"), *body(values, range(len(values))))
    a = found.columns[0]
    assert a.missing == len(gaps) + 1
    np.testing.assert_array_equal(a.values[:30], np.arange(30))
    assert "that are none, and count as missing: 1" in said(found.changes)


@pytest.mark.parametrize(
    ("cell", "commas", "value"),
    [
        ("1,234", False, 1234),
        ("1,234,567.5", False, 1234567.5),
        ("1,23", False, None),
        ("1 234,5", True, 1234.5),
        ("1\u202f234", False, 1234),
        ("1'234.5", False, 1234.5),
        ("1.234", True, 1234),
        ("12 %", False, 12),
        ("\N{MINUS SIGN}3.5", False, -3.5),
        ("1e3", False, 1000),
        (".5", False, 0.5),
        ("5.", False, 5),
        ("+7", False, 7),
        ("1e200", False, None),
        ("inf", False, None),
        ("1_000", False, None),
        ("0x10", False, None),
        ("٣", False, None),
        ("=1+1", False, None),
        ("2020-01-02", False, None),
        ("1.2.3", False, None),
    ],
)
def test_a_cell_is_the_number_it_says(cell, commas, value):
    (found,) = numbers([cell], commas).values
    assert np.isnan(found) if value is None else found == value


def test_what_is_a_level_and_what_is_text():
    count = 60
    few, many = [f"l{k % 20}" for k in range(count)], [f"l{k % 21}" for k in range(count)]
    found = sheet(("few", "many", "b", "c"), *body(few, many, range(count), range(count, 0, -1)))
    assert [c.kind for c in found.columns] == ["category", "text", "number", "number"]
    assert found.columns[1].shown(4) == "l4"
    # Nearly all numbers: a column of numbers; a little less: of text.
    for wrong, kind in ((3, "number"), (4, "text")):
        cells = [*(f"w{k}" for k in range(wrong)), *range(100, 160 - wrong)]
        cells = [*cells[:wrong], *cells[wrong:]]
        extra = sheet(("a", "b", "c"), *body(cells, range(len(cells)), range(len(cells), 0, -1)))
        assert extra.columns[0].kind == kind


_HALVES = b"".join(b"%d,5;1\n" % k for k in range(20))
_POINTS = b"".join(b"%d.5;1\n" % k for k in range(20))
_PAIRS = b"".join(b"%d,5,%d,5\n" % (k, k) for k in range(20))
REFUSED = {
    "commas of both kinds": (b"a,b\n" + _PAIRS, "got 2 names in line 1 and 4 cells in line 2"),
    "the same below a title": (b"Ward 3\n\na,b\n1,2\n" + _PAIRS, "got 2 names in line 3 and 4 cells in line 5"),
    "decimals of both kinds": (b"a;b\n" + _HALVES + _POINTS, "got 0,5 in a, row 1, and 0.5 in a, row 21"),
    "a comma in one column, a point in another": (
        b"a;b;c\n" + b"".join(b"%d,5;%d.5;1\n" % (k, k) for k in range(30)),
        "got 0,5 in a, row 1, and 0.5 in b, row 1",
    ),
    "a quotation mark alone": (
        b"a;b\n" + _HALVES + b'"x;1,5\n' + _HALVES,
        "got one alone in the row that begins in line 22",
    ),
    "no bytes": (b"", "must hold a table"),
    "blanks": (b" \n\n ", "must hold a table"),
    "one byte too many": (b"a" * (MOST_BYTES + 1), "at most 5,000,000 bytes"),
    "zip": (b"PK\x03\x04" + b"\0" * 50, "must be text, got a zip archive or an Excel workbook"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1", "must be text, got an Excel workbook"),
    "gzip": (b"\x1f\x8b\x08" + b"\0" * 50, "must be text, got packed with gzip"),
    "pdf": (b"%PDF-1.7", "must be text, got a PDF"),
    "zero bytes": (b"a,b\n1,\0\n" * 10, "must be text in UTF-8"),
    "no code": (b"a,b\n\x81\x8d,2\n" * 10, "must be text in UTF-8"),
    "half of UTF-16": (b"\xff\xfea", "must be text in UTF-8"),
    "one column": (b"a\n" + b"1\n" * 20, "at least 2 columns, got one"),
    "seven rows": (b"a,b\n" + b"1,2\n" * 7, "at least 8 rows of one width, got 7"),
    "a header alone": (b"a,b,c", "at least 8 rows"),
    "too many columns": (b"1," * MOST_COLUMNS + b"1,2\n", "at most 2,000 columns"),
    "a million columns": (b"," * 1_000_000, "at most 2,000 columns"),
    "too many cells": (b"a;b\n" + b";1\n" * 1_000_000, "at most 1,000,000 cells"),
    "a huge cell": (b'a,b\n1,"' + b"x" * 200_000, "a quotation mark may be missing its other half"),
    "text alone": (b"a,b\n" + b"".join(b"x%d,y%d\n" % (k, k) for k in range(30)), "at least 2 columns of numbers"),
    "one usable": (b"a,b\n" + b"".join(b"x%d,%d\n" % (k, k + 5) for k in range(30)), "at least 2 columns of numbers"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_the_rule_the_value_and_the_way_out(name):
    data, rule = REFUSED[name]
    with pytest.raises(Refusal) as refused:
        read_table(data)
    sentence = str(refused.value)
    assert rule in sentence
    assert ": " in sentence
    assert len(sentence) < 300  # nothing of the file is said back at length


def test_formulas_and_scripts_are_text_and_nothing_else():
    hostile = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "$\\input{x}$", "__import__('os')"]
    cells = [hostile[k % 4] for k in range(12)]
    found = sheet(("<b>a</b>", '"=1+1"', "c"), *body(cells, range(12), range(5, 17)), delimiter=";")
    assert [c.name for c in found.columns] == ["<b>a</b>", "=1+1", "c"]
    assert set(found.columns[0].levels) == set(hostile)


@given(st.binary(max_size=400))
@example(b'"')
@example(b"\xef\xbb\xbf")
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_table_or_a_sentence(data):
    try:
        found = read_table(data)
    except Refusal:
        return
    assert len(found.usable) >= 2
    assert found.rows >= 8


CELLS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
    st.integers(-(10**6), 10**6).map(str),
    st.text(max_size=8),
    st.sampled_from(["", "NA", "1,5", "1.5", "12%", "\N{MINUS SIGN}2", "=1", "a;b", 'say "x"', "x\ny"]),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=8, max_size=14), st.sampled_from(";\t,|"))
@settings(max_examples=200, deadline=None)
def test_what_csv_writes_is_read_or_refused(rows, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["a", "b", "c"], *rows])
    try:
        found = read_table(text.getvalue().encode("utf-8", "surrogatepass"))
    except Refusal:
        return
    for column in found.columns:
        assert column.name
        assert not np.isinf(column.values).any()
        for row in range(found.rows):
            assert isinstance(column.shown(row), str)
