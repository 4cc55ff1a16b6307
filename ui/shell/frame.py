"""The frame every page stands in: menu, controls, title and notes, and the View that a page's script begins with."""

import gc
from collections.abc import Sequence
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import replace
from functools import cache, partial
from typing import Any

import streamlit as st

from theory import Refusal, Spec
from ui.figures.style import Theme
from ui.language import CATALOGUES, ENGLISH, code, say, speaking
from ui.lessons import LESSONS, PAGES
from ui.lessons.lesson import Lesson, Page
from ui.lessons.plain import FRONT, QUIZ
from ui.lessons.your_table import desk
from ui.page import class_guesses, guess, links, window
from ui.page.follow import follow
from ui.plot.controls import CONTROLS
from ui.plot.view import View, controls_of, view_of
from ui.server import run_queue
from ui.shell import address, alone, controls, menu
from ui.teaching import lecture

# Set while a page runs inside the frame; a page that finds it unset was reached around app.py.
_framed: ContextVar[Page | None] = ContextVar("framed", default=None)


def theme() -> Theme:
    """Return the theme the visitor sees; light where Streamlit does not know."""
    return "dark" if st.context.theme.type == "dark" else "light"


@cache
def _settle_server() -> None:
    """Keep the garbage collector away from everything imported, and let it look less often; once per server.

    A run makes tens of thousands of objects: at Python's own threshold of 700 looking through them takes a tenth of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def run() -> None:
    """Draw the frame and run the page the address asks for, in the language of the session."""
    with run_queue.turn():
        language, note = menu.settle_language()
        with speaking(None if language == ENGLISH else CATALOGUES[language]), desk.asking():
            _run(note)


def _run(note: str) -> None:
    mode = lecture.mode()
    only = None if mode else alone.asked()
    compact = not mode and (only is not None or bool(st.context.is_embedded))
    page = st.navigation(
        menu.pages(), position="hidden" if mode or compact or links.MENU in address.parts_hidden() else "top"
    )
    row = next((r for r in PAGES if r.stem == page.url_path), PAGES[0])
    watch = partial(window.watch, theme(), compact)
    if mode == "notes":
        watch()
        lecture.draw_notes(row)
        return
    lecture.go_back()
    if mode == "lecture":
        lecture.go_where_the_talk_is(row)
    if row is FRONT and st.query_params.get("part") == "Quiz":  # where links from before lead
        others = {key: st.query_params[key] for key in st.query_params if key != "part"}
        st.switch_page(f"pages/{QUIZ.stem}.py", query_params=others)
    every = (*CONTROLS, *row.controls)
    notes = address.settle(every, lecture.to_load(address.before()))
    if mode == "lecture" and row.stem in LESSONS:
        offered = lecture.slider(row)
        controls.keep([c for c in every if c is not offered])
        watch()
        _title(row, notes, cue=lecture.cue())
        stage = st.container(key="stage")
        if offered:
            controls.draw(offered)
        _in_frame(row, lambda: lecture.draw(LESSONS[row.stem], _view(row, mode), stage))
    elif only is not None:
        watch()
        _tell((note, *notes))
        alone.draw(row, only, lambda: replace(_view(row), told=not guess.withheld()))
    else:
        beside, narrow = (row.experiment or bool(row.aside)) and not mode, window.narrow()
        # Without a side nothing of it takes room above the title.
        with st.sidebar if beside and not narrow else nullcontext():
            if beside and not narrow:
                with st.container(gap="xxsmall"):  # eight controls stand in view of a window 720 pixels high
                    controls.shared(row)
                    controls.describe_rows(row)
                    controls.type_values(row)
            elif not beside:
                controls.shared(row)
            menu.language_menu()
            class_guesses.know_window()
        watch()  # not at the side, which no sheet of paper has
        _title(row, (note, *notes), "" if compact else row.thread)
        if beside and narrow:
            controls.above(row)
        controls.own(row)
        address.say_again(row.stem, every)
        _in_frame(row, page.run)
    if mode:
        lecture.draw_cues(row)
    _settle_server()


def _title(row: Page, notes: Sequence[str], thread: str = "", cue: str = "") -> None:
    """Head a page with its question and the story's thread, or with the cue of a talk in their place."""
    st.title(say(row.title), anchor=False)
    st.markdown(f"**{cue or say(row.question)}**" + (f"\n\n{say(thread)}" if thread else ""))
    _tell(notes)


def _tell(notes: Sequence[str]) -> None:
    for note in filter(None, notes):
        st.warning(note, icon=":material/link_off:")


def _in_frame(row: Page, draw: Any) -> None:
    token = _framed.set(row)
    try:
        draw()
    finally:
        _framed.reset(token)


def _view(row: Page, mode: str = "") -> View:
    """Return what the controls of a page ask for; settings that do not fit together are explained in its place."""
    values = {c.key: st.session_state[c.key] for c in controls_of(row)}
    try:
        view = view_of(row, values, theme=theme(), language=code(), lecture=bool(mode))
        return replace(view, told=lecture.revealed() if mode else guess.told(row, view))
    except Refusal as refused:
        st.error(
            say(
                "These settings do not fit together: {problem}. On this dashboard, 0 fine-tuning rows means all.",
                problem=say(refused.template, **refused.values),
            )
        )
        follow(row, lambda again: st.rerun() if again else None)
        st.stop()


def _row() -> Page:
    """Return the page that is open; one reached around app.py is sent through the frame first.

    So it is with a deep link to a server that has not seen app.py yet.
    """
    row = _framed.get()
    if row is None:
        st.navigation(menu.pages())
        st.rerun()
    return row


def open_lesson() -> tuple[View, Lesson]:
    """Return what the page that is open is to show, and the lesson it is."""
    row = _row()
    return _view(row), LESSONS[row.stem]


def open_page() -> View:
    """Return what a page without an experiment shows; its Spec is the shared controls', the usual one if they clash."""
    row = _row()
    values = {c.key: st.session_state[c.key] for c in (*CONTROLS, *row.controls)}
    view = view_of(row, values, theme=theme(), language=code())
    try:
        shared = address.values()
        spec = Spec(**{**shared, "n_tune": shared["n_tune"] or None})
    except Refusal:
        spec = Spec()
    return View(page=view.page, spec=spec, options=view.options, theme=view.theme, language=view.language)
