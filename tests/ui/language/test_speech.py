"""Texts: English as it stands, another language where a catalogue has one."""

import pytest

from ui.language import say, speaking


def test_english_is_said_as_it_stands_in_the_code():
    assert say("It holds") == "It holds"
    assert say("{n} rows of {d}", n=3, d="x") == "3 rows of x"
    assert say(r"$\frac{a}{b}$") == r"$\frac{a}{b}$"


def test_a_catalogue_is_used_until_its_block_ends():
    with speaking({"{n} rows": "{n} Zeilen"}):
        assert say("{n} rows", n=3) == "3 Zeilen"
        assert say("a text it lacks") == "a text it lacks"
        with speaking(None):
            assert say("{n} rows", n=3) == "3 rows"
    assert say("{n} rows", n=3) == "3 rows"


def test_a_failing_block_leaves_no_language_behind():
    with pytest.raises(RuntimeError), speaking({"It holds": "Es gilt"}):
        raise RuntimeError
    assert say("It holds") == "It holds"
