"""Predict, then look: the guess a page asks for before it draws the answer, and how it compares."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from ui.language import say, spoken
from ui.language.words import together
from ui.lessons.lesson import Lesson, Page
from ui.page import class_guesses, links
from ui.page.button import on_primary
from ui.plot.controls import Grab
from ui.plot.view import View
from ui.server import table_store

# The reader's guesses by page, or part of a page; None for "just show me". Kept for the session.
_GUESSES = "guesses"
# What a link hides besides controls (ui.page.links.PARTS).
HIDDEN = "parts_hidden"
# What was said of them, and what they were made for: a guess is judged once.
_JUDGED = "judged"


def _place(page: Page, view: View) -> str:
    """Return what a guess is kept by: the page, and its part where every part asks for itself."""
    return f"{page.stem}_{page.part(view)}" if page.predictions else page.stem


def _tell(page: Page, view: View, key: str | None) -> None:
    """Remember that a page's answer may be drawn, and the guess in the widget `key`, if one was made.

    A guess is counted for the class, if there is one.
    """
    guess = st.session_state.get(key) if key else None
    st.session_state[_GUESSES] = {**_guesses(), _place(page, view): guess}
    if guess is not None:
        class_guesses.count(page, view, guess)


def _guesses() -> Mapping[str, str | int | None]:
    found: Mapping[str, str | int | None] = st.session_state.get(_GUESSES, {})
    return found


def forget() -> None:
    """Ask for every guess again."""
    st.session_state[_GUESSES] = {}
    st.session_state.pop(_JUDGED, None)


def withheld() -> bool:
    """Return whether a link keeps the answers for the person at the front, whatever is guessed."""
    return links.ANSWERS in st.session_state.get(HIDDEN, ())


def told(page: Page, view: View) -> bool:
    """Return whether the answer of a page may be drawn: a guess was made, or a link asks for none (guess=0).

    Not so where a link hides the answers.
    """
    if withheld():
        return False
    return _place(page, view) in _guesses() or st.session_state.get("guess") == "0"


def predict(lesson: Lesson, view: View) -> None:
    """Say who the models are, and ask for a guess, or compare it with the answer once it is made."""
    page = lesson.page
    if page.cast:
        st.markdown(f":small[{say(page.cast)}]")  # a caption's grey is too pale to read
    guess = _guesses().get(_place(page, view))
    if guess is not None:
        if class_guesses.failed():
            st.warning(class_guesses.unreachable(), icon=":material/cloud_off:")
        if withheld():
            st.info(say("Your guess is made. This link leaves the answer to the person at the front."))
            return
        with st.container(key="verdict"):  # hidden where the reader has yet to start the motion: picture.css
            st.info(together(_judged(lesson, view, guess)), icon=":material/lightbulb:")
    if not view.told:
        _ask(page, view)


def _judged(lesson: Lesson, view: View, guess: str | int) -> str:
    """Return what was said of a guess on the data it was made for, whatever has been set since."""
    page = lesson.page
    every: dict[str, tuple[View, str, str]] = st.session_state.setdefault(_JUDGED, {})
    place, table = _place(page, view), table_store.mark()
    made, verdict, of = every.get(place, (view, "", table))
    if not verdict or made.language != view.language or table_store.is_gone(of):
        made, of = replace(made, language=view.language), table
        verdict = lesson.verdict(made, guess)
        every[place] = made, verdict, of
    if (_made_for(page, made), of) == (_made_for(page, view), table):
        return verdict
    return say("**Before you changed the settings:** {verdict}", verdict=verdict)


def outdated(page: Page, view: View) -> bool:
    """Whether a guess was judged that is not about what a View shows."""
    judged = st.session_state.get(_JUDGED, {}).get(_place(page, view))
    return judged is not None and _made_for(page, judged[0]) != _made_for(page, view)


def _made_for(page: Page, view: View) -> tuple[object, ...]:
    """Return what a guess at a View is about: its data, the page's own settings, and the points a hand has dragged."""
    return view.data, page.settings(view), *(view[c.key] for c in page.controls if isinstance(c, Grab))


def _ask(page: Page, view: View) -> None:
    ask, place = page.asked(view), _place(page, view)
    with st.container(border=True, key="guess_box"):
        st.markdown(f"**{say('Guess first.')}** {say(ask.question)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if ask.options:
                key = f"guess_{place}"
                st.segmented_control(
                    say("Your guess"),
                    list(ask.options),
                    format_func=spoken(lambda option: say(ask.options[option])),
                    key=key,
                    label_visibility="collapsed",
                    wrap=True,
                    on_change=_tell,
                    args=(page, view, key),
                )
            else:
                key = f"guess_share_{place}"
                st.slider(
                    say("Your guess"), 0, 150, 50, 5, format="%d%%", key=key, label_visibility="collapsed", width=340
                )
                st.button(on_primary(say("This is my guess")), type="primary", on_click=_tell, args=(page, view, key))
            if not withheld():
                st.button(say("Just show me"), type="tertiary", on_click=_tell, args=(page, view, None))
