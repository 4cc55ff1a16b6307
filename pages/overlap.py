"""overlap: the retain and the forget rows share features (Theorem 3.4 in version 1 of the paper)."""

import streamlit as st

from ui.language import say
from ui.page.parts import close, heading, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
left, right = st.columns([3, 2], gap="medium")
with left:
    picture(lesson, view, "curve")
with right:
    picture(lesson, view, "losses")
heading(say("Where the models keep what they know"))
picture(lesson, view, "weights")
close(lesson, view)
