"""Typed numbers: how they are understood, and that what a slider cannot be is refused as an address is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.lessons import PICTURED
from ui.page.typed import plain, refused, sliders
from ui.plot.controls import CONTROLS, Scale, chosen

BY_KEY = {c.key: c for c in CONTROLS}
ALPHA = next(c for page in PICTURED for c in page.controls if c.key == "alpha")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("overlap", "0.333", 0.333),
        ("overlap", "33,3 %", 0.333),
        ("overlap", "33.3%", 0.333),
        ("d", " 317 ", 317),
        ("noise", "0,05", 0.05),
        ("noise", "1e-1", 0.1),
    ],
)
def test_numbers_are_understood_as_people_write_them(key, text, value):
    control = BY_KEY[key]
    assert refused(control, text) == ""
    assert chosen(control, plain(control, text)) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("d", "1", "is outside 2 to 2000"),
        ("d", "3.5", "is not a whole number"),
        ("d", "10%", "is not a whole number"),
        ("overlap", "101%", "is outside 0 to 1"),
        ("noise", "nan", "is not a number"),
        ("noise", "<b>", "is not a number"),
        ("noise", "1,000.5", "is not a number"),
    ],
)
def test_what_a_slider_cannot_be_is_refused_with_its_name_and_the_rule(key, text, why):
    assert refused(BY_KEY[key], text) == f"{BY_KEY[key].label} cannot be set: what you typed {why}."


def test_a_number_between_two_of_a_list_is_refused_with_the_nearest():
    assert isinstance(ALPHA, Scale)
    below, above = ALPHA.values[13:15]
    assert refused(ALPHA, f"{0.9 * below + 0.1 * above:g}").endswith(f"The nearest is {below:g}.")
    assert refused(ALPHA, f"{below:g}") == ""


@given(text=st.text(max_size=12), key=st.sampled_from(sorted(BY_KEY)))
def test_what_is_not_refused_is_a_value_the_control_can_have(text, key):
    control = BY_KEY[key]
    if not refused(control, text):
        value = chosen(control, plain(control, text))
        assert control.low <= value <= control.high


def test_every_control_with_a_number_has_a_field_but_those_left_out():
    found = sliders((*CONTROLS, *(c for page in PICTURED for c in page.controls)), {"d"})
    assert {c.key for c in CONTROLS} - {"d"} <= {c.key for c in found}
    assert "target" not in {c.key for c in found}
