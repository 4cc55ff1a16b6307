"""A primary button's label: readable in both themes."""

import streamlit as st

from ui.figures.style import PAPER


def on_primary(text: str) -> str:
    """Return the label of a primary button, dark on the light blue of dark: Streamlit writes all of them in white."""
    if st.context.theme.type != "dark":
        return text
    return f':color[{text}]{{foreground="{PAPER["dark"]}"}}'
