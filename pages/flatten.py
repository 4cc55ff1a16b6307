"""flatten: a curve is made flat around a row, with no other row at hand."""

import streamlit as st

from ui.language import say
from ui.lessons.flatten.sentences import linear, mechanism
from ui.page.parts import close, heading, picture, predict, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
if not view.told:
    picture(lesson, view, "curve")
else:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picture(lesson, view, "curve")
    with right:
        picture(lesson, view, "gaps")
    tell(mechanism())
    heading(say("Why it needs a curve"))
    left, right = st.columns(2, gap="medium")
    with left:
        tell(linear())
    with right:
        picture(lesson, view, "shrunk")
close(lesson, view)
