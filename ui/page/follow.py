"""The part of a page that follows its sliders by a run of its own: a slider that is let go runs nothing else."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import streamlit as st

from theory import Refusal
from ui.language import spoken
from ui.lessons.lesson import Page
from ui.lessons.your_table import desk
from ui.plot.controls import BY_PAGE, Scale, Slider, chosen, possible, refusal
from ui.plot.view import View, controls_of, view_of
from ui.server import run_queue

_element = st.components.v2.component("follow", js=(Path(__file__).parent / "follow.js").read_text(encoding="utf-8"))


def follow(page: Page, draw: Callable[[bool], None]) -> None:
    """Draw a part of a page, and again when the address holds other values of its sliders than the last time.

    `draw` is told whether it is drawn again. Pictures need none of this: they ask by address.
    """
    names = [c.key for c in controls_of(page) if isinstance(c, Slider | Scale) and not isinstance(c, BY_PAGE)]
    again = False

    def part() -> None:
        nonlocal again
        # The page's own run has its turn, and its visitor's table, already.
        with run_queue.turn() if again else nullcontext(), desk.asking() if again else nullcontext():
            draw(again)
        again = True
        heard = {name: st.query_params[name] for name in names if name in st.query_params}
        _element(key="follow", data={"names": names, "heard": heard}, on_rest_change=lambda: None, height=1)

    st.fragment(spoken(part))()


def now(page: Page, before: View) -> View:
    """Return what a page's controls say by now, seen as before.

    All of the page runs where they say what none can be, or what does not fit together: there it is mended, or said.
    """
    values = {c.key: st.session_state[c.key] for c in controls_of(page)}
    for c in page.controls:
        text = st.query_params.get(c.key)
        if isinstance(c, BY_PAGE) and text is not None and refusal(c, [text]) is None:
            values[c.key] = chosen(c, text)
    if not all(possible(c, values[c.key]) for c in controls_of(page)):
        st.rerun()
    try:
        return replace(view_of(page, values, theme=before.theme, language=before.language), told=before.told)
    except Refusal:
        st.rerun()
