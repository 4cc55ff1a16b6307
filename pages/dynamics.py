"""dynamics: gradient descent direction by direction; the ones that run, and the ones that never move."""

import streamlit as st

from ui.language import say
from ui.page.parts import close, heading, picture, predict, slide
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
if view.told:
    slide(lesson, view, "step")
picture(lesson, view, "clocks")
left, right = st.columns(2)
with left:
    heading(say("How far from golden"))
    picture(lesson, view, "lengths")
with right:
    heading(say("What one step leaves"))
    picture(lesson, view, "pace")
close(lesson, view)
