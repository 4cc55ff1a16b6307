"""The scrubber: a slider that moves pictures through their frames in the browser, without asking the server."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from ui.language import say
from ui.plot.controls import Control, Scale, Scrub

_HERE = Path(__file__).parent
_scrub = st.components.v2.component(
    "scrub_chart",
    html='<div class="row"><button type="button"></button><label></label><input type="range" min="0">'
    "<output></output></div>",
    css=(_HERE / "scrubber.css").read_text(encoding="utf-8"),
    js=(_HERE / "scrubber.js").read_text(encoding="utf-8"),
)

# How often the session has asked for values: a case that is chosen again is asked for again.
_REQUESTS = "scrub_requests"


def request_value() -> None:
    """Note that the session's scrubbers are asked for a value, whatever has been done with them since the last time."""
    st.session_state[_REQUESTS] = st.session_state.get(_REQUESTS, 0) + 1


def scrub(
    charts: Sequence[str],
    control: Control,
    value: float,
    *,
    play: str | None = None,
    linked: bool = True,
    label: str = "",
) -> None:
    """Offer a slider over the frames of the charts drawn under these keys: in each one frame a value.

    It stands at `value` at first, and again whenever the address asks for another; between runs of the page it stays
    where the visitor left it. The pictures say what each of their frames shows; `play` is the word on the button that
    runs through them. One that is not `linked` is no part of the address; nor is one over the values of a control that
    stands elsewhere, a Scale: it shows what another value would, and follows when the control moves.
    """
    if not isinstance(control, Scale):
        raise TypeError(f"{control.key} has no list of values: declare it as a Scrub, or as a Scale")
    values = [control.shown(v) for v in control.values]
    data = {
        "charts": list(charts),
        "label": label or say(control.label),
        "words": {"play": play or say("Play"), "pause": say("Pause"), "step": play or say("Step")},
        "start": control.values.index(value),
        "request": st.session_state.get(_REQUESTS, 0),
        "parameter": control.key if linked and isinstance(control, Scrub) else "",
        "follows": "" if isinstance(control, Scrub) else control.key,
        "values": values,
        "usual": control.shown(control.usual),
    }
    _scrub(key=f"scrub_{control.key}", data=data)
