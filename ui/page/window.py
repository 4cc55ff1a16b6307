"""The visitor's window: its theme, whether it is as narrow as a phone's, its rules for paper and forced colours."""

import re
from pathlib import Path

import streamlit as st

from ui.language import say

_HERE = Path(__file__).parent
_element = st.components.v2.component(
    "window_watch",
    html='<p class="paper-address" hidden></p>',
    css=(_HERE / "window.css").read_text(encoding="utf-8"),
    js=(_HERE / "window.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
# The cookie in which a window says how wide it is before anything is drawn (ui.page.door).
NARROW = "narrow"


def narrow() -> bool:
    """Whether the window had no room for controls at its side when it was opened: a phone's, or one inside a page.

    It stays so until it is opened anew: a control that moved to another place would lose its bond with the address.
    """
    if st.context.is_embedded:
        return True
    said = st.context.cookies.get(NARROW)
    return said == "1" if said else bool(re.search("Mobi", st.context.headers.get("User-Agent", "")))


def watch(theme: str, compact: bool = False) -> None:
    """Notice when the visitor switches the theme: Streamlit does not rerun then, and formulas have own colours.

    A `compact` window stands inside another page, or holds one picture alone: it has no room to give away.
    """
    _element(
        key="window_watch",
        data={"theme": theme, "compact": compact, "menu": say("Menu"), "settings": say("Settings")},
        on_theme_change=lambda: None,
        height=1,
    )
