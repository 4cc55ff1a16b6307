"""One picture alone, with its controls and its caption (`only=`): for slides, notebooks and pages of others."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from ui.figures.projector import LOWEST
from ui.language import say
from ui.language.words import verbatim
from ui.lessons import LESSONS
from ui.lessons.lesson import Lesson, Page
from ui.page import links
from ui.page.parts import grow
from ui.plot import component
from ui.plot.controls import Choice
from ui.plot.scrubber import scrub
from ui.plot.view import View, controls_of
from ui.shell import controls

# By how much a picture may be lower than on its page where the window has no more room; a higher one than this has
# rows of text, which cannot stand closer.
_LOWER, _ROWS = 0.75, 500


def asked() -> str | None:
    """Return what the address names as the one picture; None where it asks for a whole page."""
    found = st.query_params.get_all(links.ONLY)
    return ", ".join(found) if found else None


def draw(page: Page, key: str, look: Callable[[], View]) -> None:
    """Draw the picture of a page with this key; what the address names in its place is refused.

    `look` reads what is to be shown from the controls, once these are drawn.
    """
    lesson = LESSONS.get(page.stem)
    if lesson is None or key not in lesson.figures:
        controls.keep(controls_of(page))
        _refuse(page, key)
        _whole(page)
        return
    follows = lesson.figures[key].follows
    offered = controls.followed(page, follows)
    if not offered:
        controls.beside(page, follows)
        _stage(lesson, key, look)
        return
    side, stage = st.columns([1, 3], gap="medium")
    with side, st.container(key="alone_controls", gap="xsmall"):
        controls.beside(page, follows)
    with stage:
        _stage(lesson, key, look)


def _refuse(page: Page, key: str) -> None:
    lesson, value = LESSONS.get(page.stem), verbatim(key[:80])
    if lesson is None:
        text = say(
            "`only` in the address names one picture of a page, and this page has none; it is “{value}”. Leave it out.",
            value=value,
        )
    else:
        text = say(
            "`only` in the address must be one of {keys}; it is “{value}”. Correct it, or leave it out to see the "
            "whole page.",
            keys=", ".join(f"`{name}`" for name in lesson.figures),
            value=value,
        )
    st.error(text, icon=":material/image_search:")


def _stage(lesson: Lesson, key: str, look: Callable[[], View]) -> None:
    view, drawing = look(), lesson.figures[key]
    if key not in lesson.shown(view):
        st.info(_where(lesson, key, view), icon=":material/image_search:")
    else:
        if drawing.scrub and view.told:
            control = next(c for c in lesson.page.controls if c.key == drawing.scrub)
            scrub([key], control, view[drawing.scrub])
        grow(lesson, view, partial(_show, lesson, view, key))
    _whole(lesson.page)


def _show(lesson: Lesson, view: View, key: str, grown: str) -> None:
    drawing = lesson.figures[key]
    height = drawing.height
    lowest = height if height > _ROWS else max(LOWEST, round(_LOWER * height))
    component.show(lesson.page, view, key, drawing, grown=grown, lowest=lowest)


def _where(lesson: Lesson, key: str, view: View) -> str:
    """Say at which choice a picture is drawn that is not at the present one."""
    name = say(lesson.figures[key].name)
    for c in lesson.page.controls:
        for option, value in c.options.items() if isinstance(c, Choice) else ():
            own = tuple({**dict(view.options), c.key: value}.items())
            if key in lesson.shown(replace(view, options=own)):
                return say(
                    "“{name}” is drawn at another choice: set {label} (`{key}`) to “{option}”, here or in the address.",
                    name=name,
                    label=say(c.label),
                    key=c.key,
                    option=say(option),
                )
    return say("“{name}” is not drawn at these settings. Open the whole page to see why.", name=name)


def _whole(page: Page) -> None:
    """Lead to the whole page at these settings, in a window of its own."""
    values = {c.key: st.session_state[c.key] for c in controls_of(page) if st.session_state.get(c.key) is not None}
    address = links.link(links.base(st.context.url or ""), page, values, guess=False)
    st.markdown(f":small[[{say('The whole page: {title}', title=say(page.title))}]({address})]")
