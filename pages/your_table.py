"""your_table: a visitor's own rows; what fine-tuning leaves of those that leave, and what to do about it."""

import streamlit as st

from ui.language import say
from ui.lessons.your_table import desk
from ui.page.parts import close, heading, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
with desk.asking():
    desk.bring()
    if desk.fits(view):
        predict(lesson, view)
        picture(lesson, view, "errors", grown=desk.version())
        if "left" in lesson.shown(view):
            heading(say("Where it is left"))
            picture(lesson, view, "left", grown=desk.version())
    desk.choose(view)
    desk.read(view)
    with st.container():
        close(lesson, view)
