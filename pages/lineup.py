"""lineup: every method of the table on one problem."""

import streamlit as st

from theory import METHODS, deletion_timing
from ui.language import say
from ui.lessons.lineup.results import board
from ui.lessons.lineup.sentences import ASKED, timed, told
from ui.lessons.lineup.text import ACCUSED, EVIDENCE, NAMES, YOUR_OWN
from ui.page.parts import close, heading, picture, predict, tell
from ui.server.results import problem_of
from ui.shell import frame
from ui.shell.address import set_whole

view, lesson = frame.open_lesson()
predict(lesson, view)
left, right = st.columns([3, 2], gap="medium")
with left:
    picture(lesson, view, "board")
with right:
    picture(lesson, view, "places")
    tell(
        say(
            "**RL**: error on the rows to keep. **New rows**: how much answers differ from golden's on new rows like "
            "those to forget. **Attack**: chance that a forgotten row looks more familiar than a new one. **Beside**: "
            "which golden model it is read beside; “ridge” is golden with the same ridge. Orange is golden's number."
        )
    )
heading(say("The method chosen"))
method = METHODS[view["method"]]
words, weights = st.columns([2, 3], gap="medium")
with words:
    tell(told(method, problem_of(view.spec), board(view).get(method.key)))
    if "climb" in lesson.shown(view):
        picture(lesson, view, "climb")
with weights:
    picture(lesson, view, "weights")
if view.told:
    heading(say("Find the honest one"))
    picture(lesson, view, "suspects")
    with st.container(horizontal=True):
        for place, measure in enumerate(ASKED):
            st.button(ASKED[measure], key=f"ask_{place}", on_click=set_whole, args=(EVIDENCE, place))
        for place, name in enumerate(NAMES):
            label = say("{name} is golden", name=name)
            st.button(label, key=f"accuse_{name}", type="primary", on_click=set_whole, args=(ACCUSED, place))
heading(say("What deletion saves"))
if st.button(say("Delete 20 of 220 rows, and retrain without them"), icon=":material/timer:"):
    st.session_state["timed"] = deletion_timing()
if "timed" in st.session_state:
    tell(timed(st.session_state["timed"]))
with st.expander(say("A method of your own")):
    tell(say("One file and one row: the method then stands on this board and is tested like all others."))
    st.code(YOUR_OWN, language="python")
close(lesson, view)
