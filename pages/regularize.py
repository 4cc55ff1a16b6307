"""regularize: push the rows to forget to wrong labels (discriminative regularization, version 1 of the paper)."""

import streamlit as st

from ui.language import say
from ui.lessons.regularize.sentences import ATTACK, EQUAL, TRADE, VARIANTS, WEIGHT
from ui.page.parts import close, picture, predict, slide, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
picture(lesson, view, "push")
if view.told:
    left, right = st.columns([2, 3], gap="large")
    with left:
        tell(f"### {say('Why an equal error is not enough')}\n\n{say(EQUAL)}")
        tell(f"### {say('What one error costs the other')}\n\n{say(TRADE)}")
    with right:
        picture(lesson, view, "trade")
        slide(lesson, view, "alpha", label=say("Walk along this curve"))
    left, right = st.columns([2, 3], gap="large")
    with left:
        tell(f"### {say('What an attacker sees')}\n\n{say(ATTACK)}")
    with right:
        picture(lesson, view, "errors")
    tell(f"### {say('When the weight does not matter')}\n\n{say(WEIGHT)}")
    tell(f"### {say('Three names for one push')}\n\n{say(VARIANTS)}")
close(lesson, view)
