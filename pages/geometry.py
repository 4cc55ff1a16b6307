"""geometry: the right triangle of the models, and where fine-tuning from any start leads in it."""

import streamlit as st

from ui.page.parts import close, picture, predict, slide
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
shown = lesson.shown(view)
if view.told:
    slide(lesson, view, next(iter(shown.values())).scrub)
for place, key in zip(st.columns([3, 2][: len(shown)]), shown, strict=True):
    with place:
        picture(lesson, view, key)
close(lesson, view)
