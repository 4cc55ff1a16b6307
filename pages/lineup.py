"""lineup: every method of the table on one problem."""

import streamlit as st

from ui.language import say
from ui.lessons.lineup import asking
from ui.lessons.lineup.sentences import method_told
from ui.page.parts import close, heading, picture, predict, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
left, right = st.columns([3, 2], gap="medium")
with left:
    picture(lesson, view, "board", asking.pick)
with right:
    picture(lesson, view, "places")
    tell(
        say(
            "**RL**: error on the rows to keep. **New**: how much answers differ from golden's on new rows like those "
            "to forget. **AUC**: chance that an attacker takes a forgotten row for more familiar than a new one. "
            "**Rows**: rows it visits. **†**: read beside golden with the same ridge, a pull to zero. Orange is "
            "golden's number. A click on a row chooses its method."
        )
    )
heading(say("The method chosen"))
words, weights = st.columns([2, 3], gap="medium")
with words:
    tell(method_told(view))
    if "climb" in lesson.shown(view):
        picture(lesson, view, "climb")
with weights:
    picture(lesson, view, "weights")
if view.told:
    heading(say("Find the honest one"))
    picture(lesson, view, "suspects")
    asking.question()
heading(say("What deletion saves"))
asking.deletion()
with st.expander(say("A method of your own")):
    asking.your_own()
close(lesson, view)
