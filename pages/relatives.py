"""relatives: four problems from other fields in which something is read and never written."""

import streamlit as st

from ui.lessons.relatives.parts import asked, bridge, reading
from ui.page.parts import close, picture, predict, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
part = view["relative"]
tell(f"**{asked(part)}**")
predict(lesson, view)
first, *others = lesson.shown(view)
left, right = st.columns([3, 2], gap="medium")
with left:
    picture(lesson, view, first)
with right:
    for key in others:
        picture(lesson, view, key)
if view.told:
    tell(bridge(part))
tell(reading(part))
close(lesson, view)
