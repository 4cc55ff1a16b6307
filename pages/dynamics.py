"""dynamics: gradient descent direction by direction; which part of a model moves, and what weight decay costs."""

import streamlit as st

from ui.language import say
from ui.lessons.dynamics.text import COST, PACE
from ui.page.parts import close, picture, predict, slide, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
if view.told:
    slide(lesson, view, "step")
picture(lesson, view, "clocks")
left, right = st.columns(2, gap="large")
if lesson.figures["cost"].shown(view):
    with left:
        tell(f"### {say('What weight decay costs')}\n\n{say(COST)}")
        picture(lesson, view, "cost")
with right:
    tell(f"### {say('Would larger steps help?')}\n\n{say(PACE)}")
    picture(lesson, view, "pace")
close(lesson, view)
