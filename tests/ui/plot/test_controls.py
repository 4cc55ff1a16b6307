import itertools
import math
import unicodedata
from dataclasses import fields

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from theory import Spec
from ui.plot.controls import CONTROLS, FINEST, Slider, refusal

BY_KEY = {control.key: control for control in CONTROLS}
controls = st.sampled_from(CONTROLS)
NASTY = (
    "",
    " ",
    "\n",
    "5\n",
    " 5",
    "5 ",
    "+5",
    "--5",
    "0x5",
    "5_0",
    "1,5",
    "1.",
    ".5",
    ".",
    "-",
    "e",
    "1e2",
    "1e-2",
    "1e400",
    "1e-400",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "Infinity",
    "None",
    "null",
    "true",
    "undefined",
    "9" * 10_000,
    "0." + "0" * 10_000 + "1",
    "<script>alert(1)</script>",
    "'; DROP TABLE rows; --",
    "{used}",
    "%s",
    "٣",
    "５",
    "²",
    "½",
    "①",
    "𝟓",
    "5\u200b",
    "\u202e5",
    "\x00",
    "-0",
    "-0.0",
    "-1",
    "1e-9",
    "5e-324",
)
numeric = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.integers(0, 600).map(str),
    st.floats(-10, 10).map(str),
    st.floats().map(repr),
    st.floats(0, 5).map(lambda x: f"{x:.2f}"),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10, max_value=10).map(str),
    st.from_regex(r"-?[0-9]{0,4}\.?[0-9]{0,4}([eE][+-]?[0-9]{0,3})?", fullmatch=True),
)
texts = st.text() | st.sampled_from(NASTY) | numeric


def reasons(control):
    """All that can be said about a text: nothing in it comes from the text."""
    return {
        "was given more than once",
        "is not a whole number",
        "is not a number",
        f"is outside {control.low:g} to {control.high:g}",
        "is too close to 0",
    }


@given(controls, texts)
@settings(max_examples=1500)
@example(BY_KEY["noise"], "1e-9")
@example(BY_KEY["overlap"], "0.15000000000000002")
def test_a_text_is_a_value_of_the_control_or_refused_in_our_own_words(control, text):
    reason = refusal(control, [text])
    if reason is None:
        assert text.isascii()
        value = int(text) if isinstance(control.low, int) else float(text)
        assert control.low <= value <= control.high
        assert value == 0 or abs(value) >= FINEST * control.step
        assert math.isfinite(value)
    else:
        assert reason in reasons(control)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.key)
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:12]))
def test_a_nasty_text_is_no_value(control, text):
    fine = {
        "overlap": {".5", "1e-2", "-0", "-0.0", "1."},
        "noise": {".5", "1.", "1e-2", "-0", "-0.0"},
        "n_tune": {"-0"},
        "seed": {"-0"},
    }
    assert (refusal(control, [text]) is None) == (text in fine.get(control.key, set()))


@given(controls, st.lists(texts, max_size=4).filter(lambda values: len(values) != 1))
def test_a_parameter_given_twice_or_never_is_no_value(control, values):
    assert refusal(control, values) == "was given more than once"


@given(controls, st.data())
def test_every_value_of_a_control_is_accepted_as_an_address_writes_it(control, data):
    if isinstance(control.low, int):
        value = data.draw(st.integers(control.low, control.high))
    else:
        steps = round((control.high - control.low) / control.step)
        value = control.low + control.step * data.draw(st.integers(0, steps))
    for text in {str(value), f"{value:g}"}:
        assert refusal(control, [text]) is None


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.key)
def test_the_ends_of_a_range_are_inside_and_what_lies_beyond_is_not(control):
    assert refusal(control, [f"{control.low}"]) is None
    assert refusal(control, [f"{control.high}"]) is None
    outside = f"is outside {control.low:g} to {control.high:g}"
    assert refusal(control, [f"{control.high + control.step}"]) == outside
    assert refusal(control, [f"{control.low - 1}"]) == outside


@given(st.text(min_size=1, max_size=3))
def test_only_ascii_digits_are_digits(text):
    control = Slider(key="seed", label="", low=0, high=999, step=1, usual=0, help="")
    if any(unicodedata.category(c) in ("Nd", "No", "Nl") and not c.isascii() for c in text):
        assert refusal(control, [text]) == "is not a whole number"


# the table of controls


def test_the_controls_are_the_fields_of_a_spec():
    assert [c.key for c in CONTROLS] == list(BY_KEY)
    assert set(BY_KEY) == {f.name for f in fields(Spec)}
    assert len({c.label for c in CONTROLS}) == len(CONTROLS)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.key)
def test_a_control_starts_at_the_specs_own_default(control):
    (default,) = (f.default for f in fields(Spec) if f.name == control.key)
    assert control.default == (0 if default is None else default)
    # Streamlit wants one kind of number in a slider, and shows whole numbers only for int.
    kinds = {type(v) for v in (control.default, control.low, control.high, control.step)}
    assert len(kinds) == 1
    assert control.low <= control.default <= control.high
    assert control.help.endswith(".")


def test_the_ends_of_the_ranges_make_valid_specs_unless_fine_tuning_sees_more_rows_than_there_are():
    for ends in itertools.product(*({c.low, c.default, c.high} for c in CONTROLS)):
        values = dict(zip(BY_KEY, ends, strict=True))
        asked = {**values, "n_tune": values["n_tune"] or None}
        if values["n_tune"] > values["n_retain"]:
            with pytest.raises(ValueError, match="n_tune must be a whole number between 1 and"):
                Spec(**asked)
        else:
            assert Spec(**asked).tune_rows == (values["n_tune"] or values["n_retain"])


def test_a_slider_reaches_both_ends_of_its_range_in_whole_steps():
    for control in CONTROLS:
        steps = (control.high - control.low) / control.step
        # The ratio of two decimal fractions is whole up to a few roundings.
        assert steps == pytest.approx(round(steps), rel=1e-12)
