"""Lecture mode: one page as seen from the back of a room, the cues by keyboard, and the notes in a second window.

The address holds where the lecture is, so that a reload changes nothing: `at`, the step of the talk from 1; `reveal`,
1 once the answer is drawn; `figure`, which of the page's figures is shown where there is no talk.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, Protocol

import plotly.graph_objects as go
import streamlit as st

from ui import pictures
from ui.charts import for_projector
from ui.charts.projector import LOWEST
from ui.contents import BY_STEM, PRESETS, Page, Prediction
from ui.contents.talk import TALK, Step
from ui.language import say
from ui.style import Theme

MOVES = ("back", "reveal", "next", "reset", "leave")
_PARAMETERS = ("lecture", "notes", "at", "reveal", "figure")
_KEY, _NOTES_KEY = "cues", "follow"
# The step whose settings were loaded last, how many figures the page has, and how many moves were made.
_LOADED, _FIGURES, _MADE = "talk_loaded", "talk_figures", "talk_moves"
# A sentence ends where another begins: a full stop in a number has no space behind it.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\Wa-z\d_]|\*)")


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


# What is on stage


class Stage(Protocol):
    """Who takes what a page has to offer in place of its visitor."""

    def asks(self, prediction: Prediction, answer: Callable[[], str]) -> bool:
        """Ask for a guess, if one is wanted, or say the answer; return whether the answer may be drawn."""

    def offer(self, figure: go.Figure, key: str, alt: str, *, save_as: str, clicks: bool) -> None:
        """Take a figure; the arguments are those of `ui.pictures.draw`."""

    def tell(self, text: str) -> None:
        """Take a sentence to the figures before it."""

    def beside(self, charts: Sequence[str], draw: Callable[[], object]) -> None:
        """Take a slider that moves these charts."""


class Room:
    """What a room sees of a page: the figure whose turn it is, of all the page offers, and one text about it.

    Under the first figure stands the answer to the page's question, under another one the first sentence about it.
    """

    def __init__(self, now: Place, theme: Theme, told: bool) -> None:
        self._now, self._theme, self._told = now, theme, told
        self._picture = st.container(key="stage")
        self._slider, self._words = st.container(), st.container(key="stage_words")
        self._figures: list[tuple[go.Figure, str, str]] = []
        self._sentences: list[str] = []
        self._answer = ""
        self._sliders: list[tuple[Sequence[str], Callable[[], object]]] = []

    def asks(self, prediction: Prediction, answer: Callable[[], str]) -> bool:
        """Put the question to the room until the answer is drawn; return whether it may be."""
        if self._told:
            self._answer = answer()
        else:
            with self._words:
                st.markdown(f"**{say('Guess first.')}** {say(prediction.question)}")
                if prediction.options:
                    st.markdown(" &ensp;·&ensp; ".join(f"**{say(option)}**" for option in prediction.options.values()))
        return self._told

    def offer(self, figure: go.Figure, key: str, alt: str, **_: object) -> None:
        """Offer a figure; the one whose turn it is will be drawn, the last one where the page has fewer."""
        self._figures.append((figure, key, alt))
        if len(self._figures) <= self._now.figure:
            self._sentences = []

    def tell(self, text: str) -> None:
        """Offer a sentence to the figures before it."""
        self._sentences.append(text)

    def beside(self, charts: Sequence[str], draw: Callable[[], object]) -> None:
        """Offer a slider that moves these charts."""
        self._sliders.append((charts, draw))

    def draw(self) -> None:
        """Draw what was offered and is wanted."""
        st.session_state[_FIGURES] = len(self._figures)
        if not self._figures:
            return
        shown = self._figures[: self._now.figure]
        figure, key, alt = shown[-1]
        sliders = [draw for charts, draw in self._sliders if key in charts]
        larger = for_projector(figure, self._theme, bool(sliders))
        with self._slider:
            for draw in sliders:
                draw()
        text = _SENTENCE_END.split(self._sentences[0])[0] if self._sentences else ""
        if len(shown) == 1:
            text = self._answer
        if self._told and text:
            self._words.markdown(text)
        # Last, once all is there that takes a part of the height.
        with self._picture:
            pictures.draw(larger, key, alt, lowest=LOWEST)


_stage: ContextVar[Stage | None] = ContextVar("stage", default=None)


def stage() -> Stage | None:
    """Return the stage while a page runs in a lecture, or for its pictures alone."""
    return _stage.get()


@contextmanager
def on(stage: Stage) -> Iterator[None]:
    """Let a page offer what it has to this stage."""
    token = _stage.set(stage)
    try:
        yield
    finally:
        _stage.reset(token)


@contextmanager
def on_stage(theme: Theme, asked_nothing: bool) -> Iterator[None]:
    """Let a page offer what it has, and draw what the room is to see."""
    now = here()
    found = Room(now, theme, now.reveal or (now.at is None and asked_nothing))
    with on(found):
        yield
    found.draw()


def beside(charts: Sequence[str], draw: Callable[[], object]) -> None:
    """Draw a slider here, or in a lecture beside the one figure on stage, if it moves that one."""
    found = stage()
    if found:
        found.beside(charts, draw)
    else:
        draw()


# The bar of cues. Its style holds for the whole window while the bar is there: Streamlit's own type size is set for the
# server, not for one visitor, and its toolbar hides for embedded pages alone. Every size in Streamlit is in rem.
_LECTURE_STYLE = """
:root, html { font-size: max(22px, 3.05vh) !important; }
header[data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stSidebar"],
[data-testid="stExpandSidebarButton"], [data-testid="stStatusWidget"] { display: none !important; }
[data-testid="stMainBlockContainer"] { padding: 0.5rem 2rem 2.4rem !important; }
/* Streamlit lets a title's own padding reach 1rem into what follows. */
[data-testid="stMainBlockContainer"] h1 { font-size: 1.6rem; line-height: 1.2; padding: 0 0 1rem; }
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: 0.4rem; }
.lecture-cues {
  position: fixed; left: 0; right: 0; bottom: 0; z-index: 1000; display: flex; gap: 0.4rem; align-items: center;
  padding: 0.25rem 0.8rem; background: var(--st-secondary-background-color); color: var(--st-text-color);
  font-family: var(--st-font); font-size: 0.85rem;
}
.lecture-cues p { flex: 1; margin: 0 0.5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lecture-cues button {
  font: inherit; color: inherit; background: transparent; border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius); padding: 0.1rem 0.5rem; cursor: pointer; white-space: nowrap;
}
.lecture-cues button:hover, .lecture-cues button:focus-visible { border-color: var(--st-primary-color); }
.lecture-cues button:disabled { opacity: 0.4; cursor: default; border-color: var(--st-border-color); }
.lecture-cues output { font-variant-numeric: tabular-nums; white-space: nowrap; }
.lecture-blank { position: fixed; inset: 0; z-index: 2000; background: #000; }
.lecture-blank[hidden] { display: none; }
@media (max-width: 900px) { .lecture-cues p { display: none; } .lecture-cues { flex-wrap: wrap; } }
"""
_LECTURE_HTML = '<div class="lecture-cues" role="toolbar"></div><div class="lecture-blank" hidden></div>'
# A remote for presenters sends PageUp, PageDown and "." or "b". None of these keys is Streamlit's (r, c, Escape).
_LECTURE = """
const KEYS = { PageDown: "next", ArrowRight: "next", PageUp: "back", ArrowLeft: "back", a: "reveal", Home: "reset",
  b: "blank", ".": "blank" };
// Milliseconds after which a move that nobody answered is given up.
const PATIENCE = 4000;

export default function ({ parentElement, data, setTriggerValue }) {
  // One for the window: the bar is made anew with every page, the strokes that wait are not.
  const own = (window.lectureCues ??= { queue: [], sent: 0, since: 0, blank: false });
  const bar = parentElement.querySelector(".lecture-cues"), blank = parentElement.querySelector(".lecture-blank");
  const cover = (on) => { own.blank = on; blank.hidden = !on; };
  const flush = () => {
    if (!own.queue.length || (own.since && performance.now() - own.since < PATIENCE)) return;
    own.since = performance.now();
    own.sent = data.made;
    setTriggerValue("move", own.queue.shift());
  };
  const act = (move) => {
    if (move === "blank") return cover(!own.blank);
    cover(false);
    own.queue.push(move);
    flush();
  };
  bar.setAttribute("aria-label", data.label);
  if (bar.dataset.made !== "1") {
    bar.dataset.made = "1";
    for (const [move, text, hint] of data.buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.title = hint;
      button.dataset.move = move;
      bar.append(button);
    }
    bar.append(document.createElement("p"), document.createElement("output"));
  }
  bar.onclick = (event) => { const button = event.target.closest("button"); if (button) act(button.dataset.move); };
  for (const button of bar.querySelectorAll("button")) button.disabled = data.idle.includes(button.dataset.move);
  bar.querySelector("p").textContent = data.cue;
  bar.querySelector("output").textContent = data.position;
  bar.querySelector("output").dataset.place = data.place;
  cover(own.blank);

  if (own.handler) window.removeEventListener("keydown", own.handler, true);
  const handler = own.handler = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.composedPath()[0];
    if (target.isContentEditable || target.matches?.("textarea, select, input:not([type=range])")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, move = KEYS[key];
    const slides = target.matches?.("input[type=range]") && /^(Arrow|Home)/.test(key);
    if (!move || slides) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) act(move);
  };
  window.addEventListener("keydown", handler, true);
  if (own.sent !== data.made) own.since = 0;
  flush();

  const channel = new BroadcastChannel("lecture");
  const report = () => channel.postMessage({ at: data.at, reveal: data.reveal });
  channel.onmessage = (event) => { if (event.data === "where") report(); };
  if (data.at) report();
  return () => {
    channel.close();
    if (own.handler === handler) { window.removeEventListener("keydown", handler, true); own.handler = null; }
  };
}
"""
_cues = st.components.v2.component(
    "lecture_cues", html=_LECTURE_HTML, css=_LECTURE_STYLE, js=_LECTURE, isolate_styles=False
)
_FOLLOW = """
export default function ({ data, setStateValue }) {
  const channel = new BroadcastChannel("lecture");
  channel.onmessage = ({ data: place }) => {
    if (!place?.at) return;
    const now = `${place.at}${place.reveal ? "r" : ""}`;
    if (now !== data) setStateValue("place", now);
  };
  channel.postMessage("where");
  return () => channel.close();
}
"""
_follow = st.components.v2.component("lecture_follow", js=_FOLLOW)


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
        "position": f"{now.at} / {len(TALK)}" if now.at else _figure_of(now) if row.experiment else "",
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
