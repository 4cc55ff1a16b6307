"""distinct: the retain and the forget rows use different features (Theorem 3.2 in version 1 of the paper)."""

import streamlit as st

from ui.language import say
from ui.page.parts import close, heading, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
left, right = st.columns([3, 2], gap="medium")
with left:
    picture(lesson, view, "weights")
with right:
    picture(lesson, view, "losses")
heading(say("Would more rows to train on help?"))
picture(lesson, view, "rows")
close(lesson, view)
