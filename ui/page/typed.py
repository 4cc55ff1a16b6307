"""A typed number for every slider: one button opens a field for each; what a slider cannot be is refused in words."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st

from ui.language import say
from ui.plot.controls import BY_PAGE, Control, Scale, Slider, chosen
from ui.plot.scrubber import request_value

POPOVER, _REFUSED = "typed", "typed_refused"
# Pixels of the fields, so that they cover the side and not the picture.
WIDE = 250
# What people type in other countries, and with a unit.
_COMMA = re.compile(r"^-?[0-9]*,[0-9]+$")


def sliders(controls: Sequence[Control], without: Collection[str]) -> list[Slider | Scale]:
    """Return the controls that hold a number, but those of these keys."""
    return [c for c in controls if isinstance(c, Slider | Scale) and c.key not in without]


def plain(control: Slider | Scale, text: str) -> str:
    """Return what was typed as an address writes it: a decimal comma and a percent sign are understood."""
    text = text.strip()
    percent = isinstance(control, Slider) and control.format == "percent" and text.endswith("%")
    text = text.removesuffix("%").rstrip() if percent else text
    text = text.replace(",", ".") if _COMMA.match(text) else text
    if percent and re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", text, re.ASCII):
        return f"{float(text) / 100:.12g}"
    return text


def refused(control: Slider | Scale, text: str) -> str:
    """Return why a control cannot be what was typed, and what it could be; nothing where it can."""
    why = control.refusal(plain(control, text))
    if why is None:
        return ""
    sentence = say("{label} cannot be set: what you typed {why}.", label=say(control.label), why=why)
    try:
        near = float(plain(control, text))
    except ValueError:
        return sentence
    if isinstance(control, Scale) and near == near:
        value = min(control.values, key=lambda v: abs(v - near))
        return f"{sentence} {say('The nearest is {value}.', value=control.shown(value))}"
    return sentence


def _take(control: Slider | Scale, moved: Callable[[], None]) -> None:
    text = str(st.session_state[f"typed_{control.key}"])[:40]
    why: dict[str, str] = st.session_state.setdefault(_REFUSED, {})
    said = refused(control, text)
    if said:
        why[control.key] = said
        return
    why.pop(control.key, None)
    value: Any = chosen(control, plain(control, text))
    if isinstance(control, BY_PAGE):
        st.query_params[control.key] = control.shown(value)
        request_value()
    else:
        st.session_state[control.key] = value
    moved()


def offer(controls: Sequence[Slider | Scale], moved: Callable[[], None]) -> None:
    """Offer a field for each of these controls while they are open; `moved` is called when one is set."""
    if not controls:
        return
    place = st.popover(say("Type values"), key=POPOVER, on_change="rerun", icon=":material/keyboard:")
    if not place.open:
        st.session_state.pop(_REFUSED, None)
        return
    with place, st.container(key="typed_fields", width=WIDE, gap="small"):
        for c in controls:
            why = st.session_state.get(_REFUSED, {}).get(c.key)
            if not why:
                st.session_state[f"typed_{c.key}"] = c.shown(st.session_state.get(c.key, c.default))
            else:
                st.error(why)
            low, high = (c.low, c.high) if isinstance(c, Slider) else (min(c.values), max(c.values))
            st.text_input(
                say("{label}, {low:g} to {high:g}", label=say(c.label), low=low, high=high),
                key=f"typed_{c.key}",
                on_change=_take,
                args=(c, moved),
            )
