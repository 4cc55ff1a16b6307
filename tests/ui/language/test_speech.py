"""Texts: English as it stands, another language where a catalogue has one."""

import numpy as np
import pytest

from tests.ui.cases import Translations
from ui.language import Catalogue, say, speaking


def test_english_is_said_as_it_stands_in_the_code():
    assert say("It holds") == "It holds"
    assert say("{n} rows of {d}", n=3, d="x") == "3 rows of x"
    assert say(r"$\frac{a}{b}$") == r"$\frac{a}{b}$"


def test_a_catalogue_is_used_until_its_block_ends():
    with speaking(Catalogue("de", Translations({"{n} rows": "{n} Zeilen"}))):
        assert say("{n} rows", n=3) == "3 Zeilen"
        assert say("a text it lacks") == "a text it lacks"
        with speaking(None):
            assert say("{n} rows", n=3) == "3 rows"
    assert say("{n} rows", n=3) == "3 rows"


def test_a_failing_block_leaves_no_language_behind():
    with pytest.raises(RuntimeError), speaking(Catalogue("de", Translations({"It holds": "Es gilt"}))):
        raise RuntimeError
    assert say("It holds") == "It holds"


def test_a_number_has_its_form():
    def rows(n):
        return say("{n:,} row", "{n:,} rows", n=n)

    assert [rows(n) for n in (0, 1, 2, 1000, np.int64(1))] == ["0 rows", "1 row", "2 rows", "1,000 rows", "1 row"]
    with speaking(Catalogue("de", Translations({"{n:,} row": "{n:,} Zeile", "{n:,} rows": "{m} Zeilen"}))):
        assert rows(1) == "1 Zeile"
        assert rows(2) == "2 rows"  # it has a place that English has not
    with pytest.raises(TypeError):
        rows(1.5)
