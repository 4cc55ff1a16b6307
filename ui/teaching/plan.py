"""Two parts of the page teach: the plan for a lesson, and the talk with its cues."""

from urllib.parse import urlencode

import streamlit as st

from ui.language import say
from ui.lessons import BY_STEM
from ui.lessons.plain import QUIZ
from ui.page import links
from ui.teaching import lecture
from ui.teaching.talk import PLAN, TALK


def plan() -> None:
    """Draw the plan for 45 minutes: each part with its page, what students usually say, and what to answer."""
    st.subheader(say("{minutes} minutes with a class", minutes=sum(part.minutes for part in PLAN)), anchor=False)
    st.markdown(
        say(
            "Everyone has a screen and opens the same pages. Let them commit to a guess before each answer: what they "
            "said out loud is what they remember."
        )
    )
    for part in PLAN:
        with st.container(border=True):
            st.markdown(f"**{say('{minutes} min', minutes=part.minutes)} · {say(part.title)}**")
            st.markdown(say(part.text))
            st.markdown(f"**{say('Students usually say:')}** {say(part.said)}")
            st.markdown(f"**{say('You answer:')}** {say(part.answer)}")
            st.page_link(
                f"pages/{part.page}.py",
                label=say(BY_STEM[part.page].title),
                icon=":material/arrow_forward:",
                query_params={"guess": "1", **({"preset": part.preset} if part.preset else {})},
            )
    st.markdown(say("At home, or to end with: a quiz, in which everyone gets problems of their own."))
    st.page_link(f"pages/{QUIZ.stem}.py", label=say(QUIZ.title), icon=":material/arrow_forward:")


def talk() -> None:
    """Draw the talk of ten minutes: how to start it, its keys, and every step with a link."""
    minutes = sum(step.minutes for step in TALK)
    st.subheader(say("A talk of {minutes} minutes, by keyboard", minutes=f"{minutes:g}"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(say("Start the talk"), key="start_talk", icon=":material/co_present:", on_click=lecture.begin)
        st.link_button(
            say("Open the notes in a second window"),
            f"{_start()}/?{urlencode({'notes': '1', **links.spoken_here()})}",
            icon=":material/open_in_new:",
        )
    st.markdown(
        say(
            "Put the talk on the projector and the notes on your own screen: they follow. **Page down** draws the "
            "answer, then goes on; **Page up** goes back; **A** draws the answer or takes it away; **Home** starts the "
            "step again; **B** or a full stop makes the screen dark; **Escape** leaves. A remote for presenters sends "
            "these keys, whichever of the two windows has the focus. **Dark** and **Light** change the talk's window "
            "alone. "
            "Any page becomes such a picture with `lecture=1` in its address."
        )
    )
    for at, step in enumerate(TALK, 1):
        with st.container(border=True):
            st.markdown(f"**{at}. {say(step.cue)}** ({say('{minutes} min', minutes=f'{step.minutes:g}')})")
            st.page_link(
                f"pages/{step.page}.py",
                label=say("Show this step"),
                icon=":material/co_present:",
                query_params={"lecture": "1", "at": str(at)},
            )
            st.markdown(say(step.notes))
            if step.said:
                st.markdown(f"**{say('Students usually say:')}** {say(step.said)}")
                st.markdown(f"**{say('You answer:')}** {say(step.answer)}")
    st.markdown(say("The order, the cues and the notes are in `ui/teaching/talk.py`: copy it, and make it yours."))


def _start() -> str:
    return links.base(st.context.url or "")
