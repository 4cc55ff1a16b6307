"""geometry: a valley with a flat floor, the right triangle of the models, and where fine-tuning leads in both."""

import streamlit as st

from ui.language import say
from ui.page.parts import close, picture, predict, slide
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
shown = lesson.shown(view)
if view.told:
    scrub = next(iter(shown.values())).scrub
    slide(lesson, view, scrub, play=say("Fine-tune") if scrub == "rolled" else None)
for place, key in zip(st.columns([3, 2][: len(shown)]), shown, strict=True):
    with place:
        picture(lesson, view, key)
close(lesson, view)
