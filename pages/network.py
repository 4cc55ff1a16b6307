"""network: a network that really trains, asked to forget in every way there is."""

import streamlit as st

from ui.language import say
from ui.lessons.network import job, sentences
from ui.lessons.network.results import so_far
from ui.page.parts import close, grow, heading, picture, predict, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)


def show(grown: str) -> None:
    """Draw what comes with the networks."""
    picture(lesson, view, "training", grown=grown)
    job.progress(view)
    if not view.told:
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        heading(say("What each network answers"))
        picture(lesson, view, "answers", grown=grown)
        tell(sentences.weights(so_far(view)))
    with right:
        heading(say("All methods beside golden"))
        picture(lesson, view, "board", grown=grown)
        tell(sentences.columns())
    left, right = st.columns(2, gap="large")
    with left:
        heading(say("A stronger push"))
        picture(lesson, view, "alpha", grown=grown)
    with right:
        heading(say("Weight decay"))
        picture(lesson, view, "decay", grown=grown)


grow(lesson, view, show)
with st.expander(say("What each method does")):
    tell(sentences.methods())
close(lesson, view)
