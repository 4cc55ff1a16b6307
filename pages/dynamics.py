"""dynamics: gradient descent direction by direction; which part of a model moves, and what weight decay costs."""

import streamlit as st

from ui.language import say
from ui.lessons.dynamics.text import COST, PACE
from ui.page.parts import after_motion, close, picture, predict, slide, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
if view.told:
    slide(lesson, view, "step")
picture(lesson, view, "clocks")
with after_motion(view, "others"):
    left, right = st.columns(2, gap="large")
with left:
    tell(f"### {say('Would larger steps help?')}\n\n{say(PACE)}")
    picture(lesson, view, "pace")
if lesson.figures["cost"].shown(view):
    with right:
        tell(f"### {say('What weight decay costs')}\n\n{say(COST)}")
        picture(lesson, view, "cost")
close(lesson, view)
