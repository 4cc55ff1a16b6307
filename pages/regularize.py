"""regularize: push the rows to forget to wrong labels (discriminative regularization, version 1 of the paper)."""

import streamlit as st

from ui.language import say
from ui.lessons.regularize import matters
from ui.lessons.regularize.text import ATTACK, EQUAL, VARIANTS, WEIGHT
from ui.page.parts import close, picture, predict, slide, tell
from ui.plot.view import View
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
picture(lesson, view, "push")
if view.told:
    left, right = st.columns([1, 2], gap="large")
    with left:
        tell(f"### {say('Is an equal error enough?')}\n\n{say(EQUAL)}")
    with right:
        slide(lesson, view, "alpha", label=say("Walk along this curve"))
        picture(lesson, view, "trade")
    left, right = st.columns([1, 2], gap="large")
    with left:
        tell(f"### {say('What does an attacker see?')}\n\n{say(ATTACK)}")
    with right:
        picture(lesson, view, "errors")


def weight(at: View) -> None:
    """Say what alpha does at the settings of a View."""
    if at.told:
        tell(f"### {say('When does alpha not matter, or hurt?')}\n\n{say(WEIGHT)}\n\n{matters(at)}")
        with st.expander(say("Three names for one push")):
            tell(say(VARIANTS))


close(lesson, view, weight)
