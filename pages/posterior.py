"""posterior: what rows taught is divided out of a belief."""

import streamlit as st

from ui.language import say
from ui.lessons.posterior.sentences import mechanism, tricks
from ui.page.parts import close, heading, picture, predict, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
if not view.told:
    picture(lesson, view, "densities")
else:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        picture(lesson, view, "densities")
    with right:
        picture(lesson, view, "plane")
    heading(say("Divide, and where that fails"))
    left, right = st.columns(2, gap="medium")
    with left:
        tell(mechanism())
        tell(tricks())
    with right:
        picture(lesson, view, "thresholds")
close(lesson, view)
