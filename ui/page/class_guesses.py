"""The guesses of a class: its name in the address, a window that is counted once, and what has been counted."""

import hashlib
import re
import secrets
from collections import Counter
from pathlib import Path

import streamlit as st

from ui.language import say
from ui.lessons.lesson import Lesson, Page
from ui.plot.view import View
from ui.server.guess_store import UnreachableError, class_name, reached

PARAMETER = "class"
# The session's class, the number that stands for its window, and whether the store failed when it was asked last.
_NAME, _WINDOW, _FAILED = "class_name", "class_window", "class_failed"
_ELEMENT = "class_window_element"
# Shares that can be guessed, in percent: 0, 5, ... 150; and where the bars begin that several of them share.
SHARES, BARS = range(0, 151, 5), (0, 25, 50, 75, 100, 125)
_window = st.components.v2.component(
    "class_window", js=(Path(__file__).parent / "class_window.js").read_text(encoding="utf-8")
)


def name() -> str:
    """Return the class whose guesses this session counts; "" for none."""
    found: str = st.session_state.get(_NAME, "")
    return found


def choose(text: str) -> None:
    """Count the guesses of this session for a class from now on; for none where the text is no name."""
    st.session_state[_NAME] = class_name(text) or ""
    _write()


def _write() -> None:
    if st.query_params.get(PARAMETER, "") == name():
        return
    if name():
        st.query_params[PARAMETER] = name()
    else:
        st.query_params.pop(PARAMETER, None)


def settle() -> list[str]:
    """Take the class from the address, and keep it there; return notes about it."""
    notes, asked = [], st.query_params.get(PARAMETER, "")
    if asked:
        found = class_name(asked)
        if found is None:
            notes.append(say("`class` in the address must be letters, digits and hyphens, at most 32; it is ignored."))
        else:
            st.session_state[_NAME] = found
    _write()
    return notes


def know_window() -> None:
    """Learn which window of a browser this is, so that a reload of its page does not count it again."""
    if name():
        _window(key=_ELEMENT, data=st.session_state.get(_WINDOW, ""), on_id_change=_hear_window, height=1)


def _hear_window() -> None:
    said = str(st.session_state[_ELEMENT].get("id", ""))
    if re.fullmatch(r"[a-z0-9]{16,40}", said):
        st.session_state[_WINDOW] = said


def _this_window() -> str:
    return str(st.session_state.setdefault(_WINDOW, secrets.token_hex(16)))


def question_of(page: Page, view: View) -> str:
    """Return the name of what is guessed: the page and its settings, but for what moves under the hand alone."""
    settings = hashlib.blake2b(repr((view.data, list(page.settings(view)))).encode(), digest_size=8).hexdigest()
    return f"{page.stem}:{settings}"


def possible(page: Page, view: View, guess: object) -> bool:
    """Whether a guess is one that can be made on a page."""
    options = page.asked(view).options
    return guess in tuple(options) if options else type(guess) is int and guess in SHARES


def count(page: Page, view: View, guess: object) -> None:
    """Count a guess for the class, if there is one; a store that does not answer stops nothing."""
    if not name() or not possible(page, view, guess):
        return
    try:
        with reached() as store:
            store.add(name(), question_of(page, view), _this_window(), str(guess))
        st.session_state.pop(_FAILED, None)
    except UnreachableError:
        st.session_state[_FAILED] = True


def unreachable() -> str:
    """Return what to say where the store does not answer."""
    return say("The guesses of the class cannot be counted at the moment: their store does not answer.")


def failed() -> bool:
    """Whether the last guess could not be counted."""
    return bool(st.session_state.get(_FAILED))


def counted(page: Page, view: View) -> Counter[str] | None:
    """Return how often each guess was made in the class; None where the store does not answer."""
    try:
        with reached() as store:
            return store.counts(name(), question_of(page, view))
    except UnreachableError:
        return None


def forget() -> bool:
    """Delete the guesses of the class; return whether that was done."""
    try:
        with reached() as store:
            store.forget(name())
    except UnreachableError:
        return False
    return True


def bars(lesson: Lesson, view: View, found: Counter[str]) -> list[tuple[str, int, bool]]:
    """Return what was guessed, how often, and whether it is right, in the order of the options."""
    right, options = lesson.right(view), lesson.page.asked(view).options
    if options:
        return [(say(text), found[key], key in right) for key, text in options.items()]
    rows = []
    for low, after in zip(BARS, (*BARS[1:], SHARES.stop), strict=True):
        among = [g for g in SHARES if low <= g < after]
        holds = any(low <= float(share) < after for share in right)
        rows.append((f"{among[0]} - {among[-1]}%", sum(found[str(g)] for g in among), holds))
    return rows
