"""What a page's script is made of: its pictures with their captions, headings, sliders over frames, and its end."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.language import say, spoken
from ui.language.words import together
from ui.lessons import PICTURED
from ui.lessons.lesson import Growth, Lesson
from ui.page import downloads, guess, mathematics, presets, typed
from ui.page.follow import follow, now
from ui.page.guess import predict
from ui.plot import component, real_rows
from ui.plot.scrubber import scrub
from ui.plot.view import View

__all__ = ["after_motion", "close", "grow", "heading", "pair", "picture", "predict", "slide", "tell"]


def picture(lesson: Lesson, view: View, key: str, picked: Callable[[], None] | None = None, grown: str = "") -> None:
    """Draw one picture of the page, with its caption below it.

    `picked` is called when a visitor clicks a point, `grown` says how far one is that grows (`ui.plot.component`).
    """
    component.show(lesson.page, view, key, lesson.figures[key], picked=picked, grown=grown)


def pair(lesson: Lesson, view: View, left: str, right: str) -> None:
    """Draw two pictures side by side, the first one larger."""
    for key, column in zip((left, right), st.columns([3, 2], gap="medium"), strict=True):
        with column:
            picture(lesson, view, key)


def slide(lesson: Lesson, view: View, key: str, *, play: str | None = None, label: str = "") -> None:
    """Draw the slider over frames with this key: it moves every picture of the page that names it."""
    control = next(c for c in lesson.page.controls if c.key == key)
    charts = [name for name, drawing in lesson.shown(view).items() if drawing.scrub == key]
    scrub(charts, control, view[key], play=play, label=label)


def grow(lesson: Lesson, view: View, draw: Callable[[str], None]) -> None:
    """Draw what shows work under way, and again while more of it comes: `draw` is told how far it is.

    Where the address changes meanwhile, and at the end of the work, the page runs once more.
    """

    def look() -> Growth:
        return lesson.work(view) if lesson.work else Growth("", None)

    def part() -> None:
        now = look()
        if now.again != again or st.query_params.to_dict() != address:
            st.rerun()
        draw(now.so_far)

    again, address = look().again, st.query_params.to_dict()
    st.fragment(spoken(part), run_every=again)()


def after_motion(view: View, part: str) -> Any:
    """Return the place of a part that gives the answer away: where that is a motion, seen once it has begun."""
    return st.container(key=f"after_motion_{part}" if view.told else None)


def heading(text: str) -> None:
    """Head a part of the page."""
    st.markdown(f"### {text}", anchors=False)


def tell(text: str) -> None:
    """Say something beside the pictures."""
    if text:
        st.markdown(together(text), anchors=False)


def close(lesson: Lesson, view: View, lead: Callable[[View], None] = lambda view: None) -> None:
    """Draw what follows the pictures: the mathematics, cases to try, limits, downloads, and the way on.

    The mathematics waits for the guess, for it gives the answer away. `lead` draws what stands before it and says
    numbers, too. Both follow the sliders where the rest of the page says nothing of them (`Lesson.around`).
    """
    page = lesson.page
    if lesson.around is None:
        _numbers(lesson, view, lead)
    else:
        _followed(lesson, view, lesson.around, lead)
    if cases := presets.offered(page):
        with st.container(key="presets_part"):  # not on paper
            heading(say("Try this"))
            presets.offer(cases)
    limits = together("\n".join(f"- {say(limit)}" for limit in page.limits))
    st.markdown(f"### {say('What this does not tell you')}\n\n{limits}", anchors=False)
    downloads.offer(lesson, view)
    after = PICTURED.index(page) + 1
    following = PICTURED[after % len(PICTURED)]
    way = say("Next: {page}", page=say(following.title)) if after < len(PICTURED) else say("Back to the beginning")
    st.page_link(f"pages/{following.stem}.py", label=f"**{way}**", icon=":material/arrow_forward:")


def _numbers(lesson: Lesson, view: View, lead: Callable[[View], None]) -> None:
    lead(view)
    if view.told and lesson.page.claims:
        with after_motion(view, "mathematics"):
            mathematics.draw(lesson, view)


def _followed(lesson: Lesson, view: View, around: Callable[[View], object], lead: Callable[[View], None]) -> None:
    """Draw the numbers at the end of a page whenever a slider is let go; all of it where more would be another."""

    def rest(at: View) -> object:
        side = real_rows.described(at.rows) if at.rows else ""
        return list(lesson.shown(at)), guess.outdated(lesson.page, at), side, around(at)

    before = rest(view)

    def part(again: bool) -> None:
        if not again:
            return _numbers(lesson, view, lead)
        at = now(lesson.page, view)
        if st.session_state.get(typed.POPOVER) or st.session_state.get(downloads.PART) or rest(at) != before:
            st.rerun()
        return _numbers(lesson, at, lead)

    follow(lesson.page, part)
