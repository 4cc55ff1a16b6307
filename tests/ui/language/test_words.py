"""Numbers as text."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.cases import (
    NUMBER,
    THREE_DIGITS,
    TWO_DIGITS,
    read,
)
from ui.figures import models
from ui.language import words
from ui.language.words import FLOOR

LABELS = models.LABELS


# numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e-31, "1.0 × 10⁻³¹"),
        (1e-16, "1.0 × 10⁻¹⁶"),
        (1.26e-5, "1.3 × 10⁻⁵"),
        (9.999e-4, "1.0 × 10⁻³"),
        (1e-3, "0.00100"),
        (0.0123456, "0.0123"),
        (0.9, "0.900"),
        (4, "4.00"),
        (99.94, "99.9"),
        (99.95, "100"),
        (99.999, "100"),
        (100.4, "100"),
        (999.4, "999"),
        (999.6, "1,000"),
        (1234.5678, "1,235"),
        (99999.4, "99,999"),
        (99999.5, "100,000"),
        (1e5, "1.0 × 10⁵"),
        (1e7, "1.0 × 10⁷"),
        (1.26e123, "1.3 × 10¹²³"),
        (-0.5, "−0.500"),
        (-12345.6, "−12,346"),
        (-1e-5, "−1.0 × 10⁻⁵"),
    ],
)
def test_a_number_has_three_digits_and_reads_well(value, text):
    assert words.number(value) == text


@given(st.floats(1e-300, 1e300) | st.floats(1e-5, 1e6), st.sampled_from([1, -1]))
def test_a_number_reads_back(size, sign):
    text = words.number(sign * size)
    assert re.fullmatch(NUMBER, text)
    tolerance = TWO_DIGITS if "×" in text else THREE_DIGITS
    # 1 + 1e-9: the power of ten of the way back is itself rounded.
    assert read(text) == pytest.approx(sign * size, rel=tolerance * (1 + 1e-9))
    assert not text.endswith(".")


@pytest.mark.parametrize(
    ("value", "text", "short"),
    [
        (0.0, "exactly 0", "0"),
        (1e-31, "exactly 0 (rounding: 1.0 × 10⁻³¹)", "0"),
        (FLOOR, "exactly 0 (rounding: 1.0 × 10⁻¹⁶)", "0"),
        (np.nextafter(FLOOR, 1), "1.0 × 10⁻¹⁶", "1.0 × 10⁻¹⁶"),
        (9.999e-4, "1.0 × 10⁻³", "1.0 × 10⁻³"),
        (99.95, "100", "100"),
        (99999.5, "100,000", "100,000"),
        (1e7, "1.0 × 10⁷", "1.0 × 10⁷"),
    ],
)
def test_a_loss_at_rounding_is_called_exactly_zero(value, text, short):
    assert words.loss_text(value) == text
    assert words.loss_text(value, short=True) == short
    assert words.is_zero(value) == (value <= FLOOR)


@pytest.mark.parametrize(("count", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1000, "1,000 rows")])
def test_one_is_singular(count, text):
    assert words.plural(count, "row") == text


@given(st.floats(-1e300, 1e300), st.floats(-0.9, 0.9))
def test_same_means_equal_to_rounding(a, part):
    assert words.same(a, a * (1 + part * words.SAME))
    if abs(a) > 1e-290 and abs(part) > 1e-5:
        assert not words.same(a, a * (1 + part))


@given(st.floats(1e-12, 1e6), st.floats(-0.2, 0.2))
def test_two_losses_have_one_text_where_they_are_the_same_and_two_elsewhere(a, part):
    b = a * (1 + part)
    how, texts = words.loss_likeness(a, b), words.loss_pair(a, b)
    assert (how == "same") == (texts[0] == texts[1])
    assert [read(text) for text in texts] == [pytest.approx(v, rel=TWO_DIGITS) for v in (a, b)]
    assert words.look_same(a, b) == (abs(a - b) <= 0.01 * max(a, b))
    if how in ("less", "more"):
        assert (how == "less") == (a < b) == (read(texts[0]) < read(texts[1]))
    assert words.distance_pair(a, b, 0.0) == texts


def test_what_is_rounding_is_the_same_as_zero():
    assert words.loss_pair(1e-31, 0.0) == words.loss_pair(1e-17, 1e-30) == ("0", "0")
    assert words.loss_pair(1e-31, 0.5) == ("0", "0.500")
    assert words.distance_pair(1e-9, 3e-10, 1.0) == ("0", "0")
    assert words.distance_pair(1e-9, 3e-10, 1e-3) == ("1.0 × 10⁻⁹", "3.0 × 10⁻¹⁰")
    assert words.distance_text(1e-9, 1.0) == "0"
    assert words.loss_pair(177.28, 176.94) == ("177.3", "176.9")
    assert words.loss_likeness(177.28, 176.94) == "near"


def test_what_a_visitor_wrote_is_no_markup():
    assert words.verbatim("a*b_[c](d) $x$ <i>") == r"a\*b\_\[c\]\(d\) \$x\$ \<i\>"
    assert ":red" not in words.verbatim(":red[x]")
    assert ":material/" not in words.verbatim(":material/delete:")
