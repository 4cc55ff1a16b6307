"""Lecture mode: one page as seen from the back of a room, the cues by keyboard, and the notes in a second window.

The address holds where the lecture is, so that a reload changes nothing: `at`, the step of the talk from 1; `reveal`,
1 once the answer is drawn; `figure`, which of the page's figures is shown where there is no talk.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st

from ui.figures.projector import LOWEST
from ui.language import say
from ui.language.words import together
from ui.lessons import BY_STEM, LESSONS, PRESETS
from ui.lessons.lesson import Lesson, Page
from ui.page.parts import grow
from ui.plot import component
from ui.plot.scrubber import scrub
from ui.plot.view import View
from ui.teaching.talk import TALK, Step

MOVES = ("back", "reveal", "next", "reset", "leave")
_PARAMETERS = ("lecture", "notes", "at", "reveal", "figure")
_KEY, _NOTES_KEY = "cues", "follow"
# The step whose settings were loaded last, how many figures the page has, and how many moves were made.
_LOADED, _FIGURES, _MADE = "talk_loaded", "talk_figures", "talk_moves"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a lecture is: the step from 1, or None outside the talk; whether the answer is drawn; which figure."""

    at: int | None
    reveal: bool
    figure: int

    @property
    def step(self) -> Step | None:
        """The step of the talk."""
        return TALK[self.at - 1] if self.at else None


def place(asked: Mapping[str, str]) -> Place:
    """Return the place an address asks for; what it cannot be is taken for the beginning."""

    def whole(key: str, last: int) -> int | None:
        text = asked.get(key, "")
        found = int(text) if re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) else 0
        return found if 1 <= found <= last else None

    at = whole("at", len(TALK))
    step = TALK[at - 1] if at else None
    reveal = asked.get("reveal") == "1" or (step is not None and not step.asks)
    return Place(at=at, reveal=reveal, figure=step.figure if step else whole("figure", 9) or 1)


def moved(now: Place, move: str, figures: int, asked_nothing: bool = False) -> Place:
    """Return where a move leads: an answer is drawn before the next step, and taken away before the one before.

    `figures` is how many the page has, `asked_nothing` says that a link asks for no guess.
    """
    step = now.step
    shown = now.reveal or (step is None and asked_nothing)
    can_hide = now.reveal and (step is None or step.asks)
    match move:
        case "reveal":
            return Place(at=now.at, reveal=not now.reveal or not can_hide, figure=now.figure)
        case "reset":
            return Place(at=now.at, reveal=bool(step and not step.asks), figure=step.figure if step else 1)
        case "next" if not shown:
            return Place(at=now.at, reveal=True, figure=now.figure)
        case "next" if step is None:
            return Place(at=None, reveal=now.reveal, figure=min(now.figure + 1, max(figures, 1)))
        case "next" if now.at is not None and now.at < len(TALK):
            following = TALK[now.at]
            return Place(at=now.at + 1, reveal=not following.asks, figure=following.figure)
        case "back" if step is None and now.figure > 1:
            return Place(at=None, reveal=now.reveal, figure=now.figure - 1)
        case "back" if can_hide:
            return Place(at=now.at, reveal=False, figure=now.figure)
        case "back" if now.at is not None and now.at > 1:
            return Place(at=now.at - 1, reveal=True, figure=TALK[now.at - 2].figure)
    return now


def query(now: Place) -> dict[str, str]:
    """Return a place as parameters of an address."""
    step = now.step
    return {
        "lecture": "1",
        **({"at": str(now.at)} if now.at else {}),
        **({"reveal": "1"} if now.reveal and (step is None or step.asks) else {}),
        **({"figure": str(now.figure)} if step is None and now.figure > 1 else {}),
    }


def values(step: Step) -> dict[str, object]:
    """Return the settings of a step: its case's, and the draw."""
    return {**(PRESETS[step.preset].values if step.preset else {}), "seed": step.seed}


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


def begin(at: int = 1) -> None:
    """Begin the lecture at a step of the talk."""
    st.session_state.pop(_LOADED, None)
    _write(query(place({"at": str(at)})))


def go_where_the_talk_is(row: Page) -> None:
    """Change to the page of the step, if another one is open."""
    step = here().step
    if step and step.page != row.stem:
        guess = {"guess": st.query_params["guess"]} if "guess" in st.query_params else {}
        st.switch_page(f"pages/{step.page}.py", query_params={**query(here()), **guess})


def to_load() -> dict[str, object] | None:
    """Return the settings of a step that has just been reached; None where there is nothing to set."""
    if mode() != "lecture":
        return None
    at = here().at
    if at is None or st.session_state.get(_LOADED) == at:
        return None
    st.session_state[_LOADED] = at
    return values(TALK[at - 1])


def _follow_cue() -> None:
    move = st.session_state[_KEY].get("move")
    st.session_state[_MADE] = st.session_state.get(_MADE, 0) + 1
    if move == "leave":
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


def _figure_of(now: Place) -> str:
    """Return which of a page's figures is shown, where it has more than one."""
    figures, _ = _known()
    return say("Figure {figure} of {count}", figure=min(now.figure, figures), count=figures) if figures > 1 else ""


# What a room sees


def revealed() -> bool:
    """Return whether the answer is drawn."""
    now = here()
    return now.reveal or (now.at is None and st.session_state.get("guess") == "0")


def draw(lesson: Lesson, view: View) -> None:
    """Draw what a room sees of a page: the picture whose turn it is, its slider, and one text about it.

    Under the first picture stands the answer to the page's question, under another one the first sentence about it.
    """
    now, shown = here(), lesson.shown(view)
    st.session_state[_FIGURES] = len(shown)
    key = list(shown)[min(now.figure, len(shown)) - 1]
    drawing, first = shown[key], now.figure == 1
    place = st.container(key="stage")
    if drawing.scrub and view.told:
        control = next(c for c in lesson.page.controls if c.key == drawing.scrub)
        scrub([key], control, view[drawing.scrub])
    if not view.told:
        ask = lesson.page.prediction
        st.markdown(f"**{say('Guess first.')}** {say(ask.question)}")
        if ask.options:
            st.markdown(" &ensp;·&ensp; ".join(f"**{say(option)}**" for option in ask.options.values()))
    elif first:
        st.markdown(together(lesson.verdict(view, None)))
    # Last, once all is there that takes a part of the height.
    with place:
        grow(lesson, view, partial(_show, lesson, view, key, view.told and not first))


def _show(lesson: Lesson, view: View, key: str, captioned: bool, grown: str) -> None:
    component.show(lesson.page, view, key, lesson.figures[key], grown=grown, lowest=LOWEST, captioned=captioned)


_LECTURE_HTML = '<div class="lecture-cues" role="toolbar"></div><div class="lecture-blank" hidden></div>'
_HERE = Path(__file__).parent
_cues = st.components.v2.component(
    "lecture_cues",
    html=_LECTURE_HTML,
    css=(_HERE / "cues.css").read_text(encoding="utf-8"),
    js=(_HERE / "cues.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
_follow = st.components.v2.component("lecture_follow", js=(_HERE / "notes.js").read_text(encoding="utf-8"))


def draw_cues(row: Page) -> None:
    """Draw the bar of cues at the foot of the window, and take its keys."""
    now = here()
    step = now.step
    data = {
        "label": say("Cues"),
        "buttons": [
            ("back", say("Back"), say("Page up or left arrow")),
            ("reveal", say("Answer"), say("Key A: draw the answer, or take it away")),
            ("next", say("Next"), say("Page down or right arrow: the answer first, then the next step")),
            ("reset", say("Reset"), say("Home: this step from its beginning")),
            ("blank", say("Blank"), say("Key B or a full stop: a dark screen, and back")),
            ("leave", say("Leave"), say("Back to the page with its controls")),
        ],
        "cue": say(step.cue) if step else "",
        "position": f"{now.at} / {len(TALK)}" if now.at else _figure_of(now) if row.stem in LESSONS else "",
        # What leads nowhere from here is not offered.
        "idle": [move for move in ("back", "next") if moved(now, move, *_known()) == now],
        "at": now.at,
        "reveal": now.reveal,
        "made": st.session_state.get(_MADE, 0),
        "place": f"{now.at or row.stem}{'r' if now.reveal else ''}",
    }
    _cues(key=_KEY, data=data, on_move_change=_follow_cue, height=1)


# The notes in a second window


def _follow_place() -> None:
    text = str(st.session_state[_NOTES_KEY].get("place", ""))
    found = place({"at": text.rstrip("r"), "reveal": "1" if text.endswith("r") else ""})
    if found.at:
        st.query_params["at"] = str(found.at)
        st.query_params["reveal"] = "1" if found.reveal else "0"


def draw_notes(row: Page) -> None:
    """Draw what the person at the front reads: the cue, what to say, what the room says, and what comes next.

    The window follows the lecture in another window of the same browser.
    """
    now = here()
    step = now.step
    _follow(
        key=_NOTES_KEY,
        data=f"{now.at}{'r' if now.reveal else ''}" if now.at else "",
        on_place_change=_follow_place,
        height=1,
    )
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
    if step.asks:
        st.markdown(f"**{say('The answer is drawn.') if now.reveal else say('The room is guessing.')}**")
    st.markdown(say(step.notes))
    if step.said:
        st.markdown(f"**{say('Students usually say:')}** {say(step.said)}")
        st.markdown(f"**{say('You answer:')}** {say(step.answer)}")
    if now.at and now.at < len(TALK):
        st.divider()
        st.markdown(f"**{say('Next:')}** {say(TALK[now.at].cue)}")
