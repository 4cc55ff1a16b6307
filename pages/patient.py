"""patient: one row of a real table is forgotten, and what the models still say of it."""

import streamlit as st

from ui.language import say
from ui.page.parts import close, heading, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
left, right = st.columns([3, 2], gap="medium")
with left:
    picture(lesson, view, "values")
with right:
    picture(lesson, view, "row")
heading(say("Many more rows than features, and still not forgotten"))
picture(lesson, view, "penguins")
close(lesson, view)
