"""The cases to try: links that set a page's controls without leaving it, all in one element."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from ui.language import say
from ui.lessons.lesson import Page, Preset
from ui.page import links

_HERE = Path(__file__).parent
_list = st.components.v2.component(
    "presets",
    html="<ul></ul>",
    css=(_HERE / "presets.css").read_text(encoding="utf-8"),
    js=(_HERE / "presets.js").read_text(encoding="utf-8"),
)
_KEY = "presets"


def _take(keys: Sequence[str]) -> None:
    """Ask for the case that was clicked, if it is one of the page's, as its link would."""
    asked = st.session_state[_KEY].get("case")
    if asked in keys:
        st.query_params["preset"] = asked


def offered(page: Page) -> list[Preset]:
    """Return a page's cases, but for those that would move a control which a link hides."""
    held = links.hidden(st.query_params.get("hide", ""))[0]
    now = {key: st.session_state.get(key) for key in held}
    return [p for p in page.presets if all(p.values[key] == now[key] for key in held if key in p.values)]


def offer(cases: Sequence[Preset]) -> None:
    """List cases: each with its name, a link, and the question it answers."""
    # A link that is opened elsewhere hides what this one hides, and asks for a guess if this one does; presets.js adds
    # the data this one draws.
    here = {key: st.query_params[key] for key in ("guess", "hide") if key in st.query_params}
    if here.get("guess") not in ("0", "1"):
        here.pop("guess", None)
    found = [
        {
            "key": preset.key,
            "address": f"?{urlencode({'preset': preset.key, **here, **links.spoken_here()})}",
            "title": say(preset.title),
            "question": say(preset.question),
        }
        for preset in cases
    ]
    _list(key=_KEY, data=found, on_case_change=partial(_take, [preset.key for preset in cases]))
