"""boundary: a map over two settings of how much fine-tuning leaves, and the line where it starts to forget."""

from functools import partial

import streamlit as st

from ui.lessons.boundary import job, map_view
from ui.page.parts import close, grow, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
map_view.settle(view)
predict(lesson, view)


def show(grown: str) -> None:
    """Draw what comes with the map."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picture(lesson, view, "map", partial(map_view.pick, view), grown)
        job.progress(view)
    with right:
        picture(lesson, view, "profile", grown=grown)
    map_view.tell_cell(view)


grow(lesson, view, show)
map_view.choose(view)
close(lesson, map_view.at_cell(view))
