"""relatives: four problems from other fields in which something is read and never written."""

import streamlit as st

from ui.lessons.relatives.parts import reading, scene, unwritten
from ui.page.parts import close, pair, picture, predict, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
tell(scene(view["relative"]))
predict(lesson, view)
first, *others = lesson.shown(view)
if others:
    pair(lesson, view, first, others[0])
else:
    picture(lesson, view, first)
if view.told:
    texts = [unwritten(view), reading(view["relative"])]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        for key in others[1:]:
            picture(lesson, view, key)
        if not others[1:]:
            tell(texts.pop(0))
    with right:
        for text in texts:
            tell(text)
close(lesson, view)
