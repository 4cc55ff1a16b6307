"""Lecture mode: one page as seen from the back of a room, the cues by keyboard, and the notes in a second window."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import streamlit as st

from ui.figures.projector import LOWEST
from ui.language import say
from ui.language.words import together
from ui.lessons import BY_STEM, LESSONS
from ui.lessons.lesson import Lesson, Page
from ui.lessons.plain import FRONT, PARTS
from ui.page import class_guesses, links
from ui.page.parts import grow
from ui.plot import component
from ui.plot.controls import Control
from ui.plot.scrubber import scrub
from ui.plot.view import View, controls_of, view_of
from ui.teaching import class_view, qr, server_address
from ui.teaching.place import MOVES, Place, heard_place, moved, place, query, told_place
from ui.teaching.talk import TALK, Step

# The keys of both windows, by the name a browser gives them. A remote for presenters sends PageUp, PageDown and "." or
# "b". Streamlit's own keys are r and c.
KEYS = {
    "PageDown": "next",
    "ArrowRight": "next",
    "PageUp": "back",
    "ArrowLeft": "back",
    "a": "reveal",
    "Home": "reset",
    "b": "blank",
    ".": "blank",
    "q": "code",
    "Escape": "leave",
}
_PARAMETERS = ("lecture", "notes", "at", "reveal", "figure")
_KEY, _NOTES_KEY = "cues", "follow"
# The step whose settings were loaded last, how many figures the page has, and how many moves were made.
_LOADED, _FIGURES, _MADE = "talk_loaded", "talk_figures", "talk_moves"
# The settings from before the talk, and whether it has just been left.
_BEFORE, _LEFT = "talk_before", "talk_left"


# The address and the session


def mode() -> Literal["", "lecture", "notes"]:
    """Return whether the address asks for a lecture, for its notes, or for neither."""
    if st.query_params.get("notes") == "1":
        return "notes"
    return "lecture" if st.query_params.get("lecture") == "1" else ""


def here() -> Place:
    """Return where the lecture is."""
    return place({key: st.query_params[key] for key in _PARAMETERS if key in st.query_params})


def _write(found: Mapping[str, str]) -> None:
    for key in _PARAMETERS:
        if key in found:
            st.query_params[key] = found[key]
        elif key in st.query_params:
            del st.query_params[key]


def begin() -> None:
    """Begin the talk."""
    for key in (_LOADED, _BEFORE):
        st.session_state.pop(key, None)
    _write(query(place({"at": "1"})))


def go_where_the_talk_is(row: Page) -> None:
    """Change to the page of the step, if another one is open."""
    step = here().step
    if step and step.page != row.stem:
        guess = {"guess": st.query_params["guess"]} if "guess" in st.query_params else {}
        st.switch_page(f"pages/{step.page}.py", query_params={**query(here()), **guess})


def to_load(now: Mapping[str, object]) -> Mapping[str, object] | None:
    """Return the settings of a step that has just been reached; None where there is nothing to set.

    `now` are the shared controls' values, which come back when the talk is left.
    """
    if mode() != "lecture":
        return None
    at = here().at
    if at is None or st.session_state.get(_LOADED) == at:
        return None
    st.session_state.setdefault(_BEFORE, dict(now))
    st.session_state[_LOADED] = at
    return TALK[at - 1].settings


_LECTURE_PART = next(name for name, part in PARTS.items() if part == "lecture")


def go_back() -> None:
    """Change to where the talk is started from, with the settings from before, if it has just been left."""
    if not st.session_state.pop(_LEFT, False):
        return
    load = {"load": ",".join(f"{key}:{text}" for key, text in _before().items())} if _before() else {}
    st.session_state.pop(_BEFORE, None)
    st.switch_page(f"pages/{FRONT.stem}.py", query_params=load or {"part": _LECTURE_PART})


def _before() -> dict[str, str]:
    """Return the settings from before the talk, by key, and the part of the page it is started from."""
    found: dict[str, str] = st.session_state.get(_BEFORE, {})
    return {**found, "part": _LECTURE_PART} if found else {}


def _follow_cue() -> None:
    move = st.session_state[_KEY].get("move")
    st.session_state[_MADE] = st.session_state.get(_MADE, 0) + 1
    if move == "leave":
        st.session_state[_LEFT] = here().at is not None
        st.session_state.pop(_LOADED, None)
        _write({})
        return
    if move not in MOVES:
        return
    if move == "reset":
        st.session_state.pop(_LOADED, None)
    _write(query(moved(here(), move, *_known())))


def _known() -> tuple[int, bool]:
    """Return how many figures the page has, and whether a link asks for no guess."""
    return st.session_state.get(_FIGURES, 1), st.session_state.get("guess") == "0"


def slider(row: Page) -> Control | None:
    """Return the control that the step draws below its picture, once the answer is there."""
    now = here()
    key = now.step.slider if now.step and now.reveal and now.figure == 1 else ""
    return next((c for c in controls_of(row) if c.key == key), None)


def _figure_of(now: Place) -> str:
    """Return which of a page's figures is shown, where it has more than one."""
    figures, _ = _known()
    return say("Figure {figure} of {count}", figure=min(now.figure, figures), count=figures) if figures > 1 else ""


# What a room sees


def revealed() -> bool:
    """Return whether the answer is drawn."""
    now = here()
    return now.reveal or (now.at is None and st.session_state.get("guess") == "0")


def cue() -> str:
    """Return what the room is asked, in a talk."""
    step = here().step
    return say(step.cue) if step else ""


def draw(lesson: Lesson, view: View, stage: Any) -> None:
    """Draw what a room sees of a page: the picture whose turn it is, its slider, and one text about it.

    Under the first picture stands the answer to the page's question, under another one the first sentence about it.
    The picture stands on the `stage`, above the slider that a step offers.
    """
    now, shown = here(), lesson.shown(view)
    st.session_state[_FIGURES] = len(shown)
    keys = [key for key in (now.step.figures if now.step else shown) if key in shown] or list(shown)
    key = keys[min(now.figure, len(keys)) - 1]
    drawing, first = shown[key], now.figure == 1
    if drawing.scrub and view.told:
        control = next(c for c in lesson.page.controls if c.key == drawing.scrub)
        scrub([key], control, view[drawing.scrub])
    # The class guesses at the settings of the step, wherever its slider stands.
    guessed = replace(_of_step(now.step)[1], told=view.told, theme=view.theme) if now.step else view
    if not view.told:
        ask = lesson.page.asked(view)
        st.markdown(f"**{say('Guess first.')}** {say(ask.question)}")
        if ask.options:
            st.markdown(" &ensp;·&ensp; ".join(f"**{say(option)}**" for option in ask.options.values()))
        if class_guesses.name():
            class_view.draw(lesson, guessed, "lecture")
    elif first:
        st.markdown(together(lesson.verdict(view, None)))
    # Last, once all is there that takes a part of the height.
    show = partial(_show, lesson, view, key, view.told and not first)
    with stage:
        if not (class_guesses.name() and view.told and first):
            grow(lesson, view, show)
            return
        left, right = st.columns([3, 1], gap="medium")
        with left:
            grow(lesson, view, show)
        with right:
            class_view.draw(lesson, guessed, "lecture")


def _show(lesson: Lesson, view: View, key: str, captioned: bool, grown: str) -> None:
    component.show(lesson.page, view, key, lesson.figures[key], grown=grown, lowest=LOWEST, captioned=captioned)


_LECTURE_HTML = (
    '<div class="lecture-cues" role="toolbar"></div><div class="lecture-blank" hidden></div>'
    '<div class="lecture-code" hidden><img alt=""><p></p></div>'
)
_HERE = Path(__file__).parent
_cues = st.components.v2.component(
    "lecture_cues",
    html=_LECTURE_HTML,
    css=(_HERE / "cues.css").read_text(encoding="utf-8"),
    js=(_HERE / "cues.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def _code(row: Page) -> dict[str, str] | None:
    """Return the link to the picture for the phones of a class, and its QR code; None where there is none.

    Phones guess at the settings of the step, wherever its slider stands.
    """
    step = here().step
    values = (
        dict(step.settings)
        if step
        else {c.key: st.session_state[c.key] for c in controls_of(row) if st.session_state.get(c.key) is not None}
    )
    address = links.link(server_address.chosen(), row, values, group=class_guesses.name())
    found = qr.code_of(address)
    return {"picture": found[0], "address": address} if found and row.stem in LESSONS else None


def draw_cues(row: Page) -> None:
    """Draw the bar of cues at the foot of the window, and take its keys."""
    now = here()
    code = _code(row) if class_guesses.name() else None
    dark = st.context.theme.type == "dark"
    data = {
        "label": say("Cues"),
        "keys": KEYS,
        "buttons": [
            ("back", say("Back"), say("Page up or left arrow")),
            ("reveal", say("Answer"), say("Key A: draw the answer, or take it away")),
            ("next", say("Next"), say("Page down or right arrow: the answer first, then the next step")),
            ("reset", say("Reset"), say("Home: this step from its beginning")),
            ("blank", say("Blank"), say("Key B or a full stop: a dark screen, and back")),
            *(
                [("code", say("Link"), say("Key Q: the QR code of this picture for the class, and back"))]
                if code
                else []
            ),
            ("theme", say("Light") if dark else say("Dark"), say("Light or dark for this window")),
            ("leave", say("Leave"), say("Escape: back to where the lecture was started")),
        ],
        "code": code,
        "theme": "light_theme" if dark else "dark_theme",
        "position": f"{now.at} / {len(TALK)}" if now.at else _figure_of(now) if row.stem in LESSONS else "",
        # What leads nowhere from here is not offered.
        "idle": [move for move in ("back", "next") if moved(now, move, *_known()) == now],
        "made": st.session_state.get(_MADE, 0),
        "place": told_place(now) if now.at else f"{row.stem}{'r' if now.reveal else ''}",
        "talk": now.at is not None,
        "home": f"{FRONT.stem}?{urlencode(_before() or {'part': _LECTURE_PART})}" if now.at else "",
    }
    _cues(key=_KEY, data=data, on_move_change=_follow_cue, height=1)


# The notes in a second window


_NOTES_HTML = '<div class="talk-clock"><time></time> <span></span> <button type="button"></button></div>'
_follow = st.components.v2.component(
    "lecture_follow",
    html=_NOTES_HTML,
    css=(_HERE / "notes.css").read_text(encoding="utf-8"),
    js=(_HERE / "notes.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def _follow_place() -> None:
    found = heard_place(str(st.session_state[_NOTES_KEY].get("place", "")))
    if found.at:
        _write({"notes": "1", **{k: v for k, v in query(found).items() if k != "lecture"}})


def _of_step(step: Step) -> tuple[Lesson, View]:
    """Return the lesson of a step, and what it shows at the step's own settings."""
    lesson = LESSONS[step.page]
    values = {c.key: step.settings.get(c.key, c.default) for c in controls_of(lesson.page)}
    return lesson, view_of(lesson.page, values, lecture=True)


def draw_notes(row: Page) -> None:
    """Draw what the person at the front reads: the cue, what to say, what the room says, and what comes next.

    The window follows the lecture in another window of the same browser; its keys move the lecture, too.
    """
    now = here()
    step = now.step
    data = {
        "place": told_place(now) if now.at else "",
        "keys": KEYS,
        "until": sum(part.minutes for part in TALK[: now.at]) if now.at else 0,
        "words": {"plan": say("this step ends at {until} of {all}"), "again": say("Clock to zero")},
        "all": sum(part.minutes for part in TALK),
    }
    _follow(key=_NOTES_KEY, data=data, on_place_change=_follow_place)
    if not step:
        st.title(say("Notes"), anchor=False)
        st.markdown(say("Start the talk in another window of this browser; these notes follow it."))
        return
    st.markdown(
        say(
            "Step {at} of {count}, {minutes} min: {page}",
            at=now.at,
            count=len(TALK),
            minutes=f"{step.minutes:g}",
            page=say(BY_STEM[step.page].title),
        )
    )
    st.title(say(step.cue), anchor=False)
    if now.at and now.at < len(TALK):
        st.markdown(f"**{say('Next:')}** {say(TALK[now.at].cue)}")
    st.markdown(f"**{say('The answer is drawn.') if now.reveal else say('The room is guessing.')}**")
    st.markdown(say(step.notes))
    lesson, view = _of_step(step)
    numbers = [lesson.verdict(view, None), *([step.numbers(view)] if step.numbers else [])]
    st.markdown(f"**{say('The numbers of this step:')}** {together(' '.join(numbers))}")
    if step.said:
        st.markdown(f"**{say('Students usually say:')}** {say(step.said)}")
        st.markdown(f"**{say('You answer:')}** {say(step.answer)}")
