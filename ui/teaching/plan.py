"""The parts of the page teach: the plan for a lesson, the talk with its cues, and the builder of links."""

from urllib.parse import urlencode

import segno
import streamlit as st

from ui.language import say, spoken
from ui.lessons import BY_STEM, EXPERIMENTS
from ui.lessons.lesson import Page
from ui.lessons.plain import QUIZ
from ui.page import links
from ui.plot.controls import CONTROLS
from ui.teaching import lecture
from ui.teaching.talk import PLAN, TALK

_USUAL = ""  # no case to try
# Pixels across a QR code with the white around it, and the most bytes of which it stays coarse enough for a phone.
CODE_SIDE, MOST_IN_CODE = 300, 600


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


def _cases(page: Page) -> dict[str, str]:
    return {_USUAL: say("The usual settings"), **{p.key: f"{say(p.title)}: {say(p.question)}" for p in page.presets}}


def link_builder() -> None:
    """Let the reader put a link together, and show it as text and as a QR code."""
    st.subheader(say("A link for your class"), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        by_stem = {page.stem: page for page in EXPERIMENTS}
        stem = st.selectbox(
            say("Page"), list(by_stem), format_func=spoken(lambda s: say(by_stem[s].title)), key="link_page"
        )
        page = by_stem[stem]
        cases = _cases(page)
        case = st.selectbox(say("Case"), list(cases), format_func=lambda key: cases[key], key=f"link_case_{stem}")
        seed = st.number_input(
            say("Draw (seed)"), 0, 999, 0, key="link_seed", help=say("The same number draws the same data everywhere.")
        )
        hide = st.multiselect(
            say("Controls to hide"),
            [c.key for c in CONTROLS],
            format_func=spoken(lambda key: next(say(c.label) for c in CONTROLS if c.key == key)),
            key="link_hide",
            help=say("A hidden control keeps the link's value on every page."),
        )
        guess = st.toggle(say("Ask for a guess before the answer"), True, key="link_guess")
        shown = st.toggle(say("For the projector: one figure in large type"), key="link_lecture")
    preset = next((p for p in page.presets if p.key == case), None)
    values = {**(preset.values if preset else {}), "seed": seed}
    address = links.link(_start(), page, values, hide=hide, guess=guess, lecture=shown)
    with right:
        st.code(address, language=None, wrap_lines=True)
        st.link_button(say("Open the link"), address, icon=":material/open_in_new:")
        _draw_code(address)


def _draw_code(address: str) -> None:
    """Show the QR code of a link, black on white in both themes because cameras want it so."""
    if len(address.encode()) > MOST_IN_CODE:
        st.markdown(say("The address of this server is too long for a QR code."))
        return
    code = segno.make(address, micro=False, error="m")
    picture = code.svg_data_uri(scale=CODE_SIDE // code.symbol_size()[0], dark="#000", light="#fff")
    st.image(picture, alt=say("QR code of the link above, {size} by {size} squares.", size=len(code.matrix)))
