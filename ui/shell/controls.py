"""The controls on screen: the shared ones at the side, a page's own above its picture, and those a link hides."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from theory import Refusal
from ui.language import english, say, spoken
from ui.lessons import LESSONS
from ui.lessons.lesson import Page, Still
from ui.lessons.your_table import desk
from ui.page import typed
from ui.plot import real_rows
from ui.plot.controls import BY_PAGE, CONTROLS, Choice, Control, Scale, Slider, Switch
from ui.shell.address import KEPT, covered, forget_notes, noted


def _draw(control: Control, label: str, disabled: bool = False, *, quiet: bool = False) -> None:
    """Draw one control, bound to the address. A `quiet` slider runs nothing by itself (`ui.page.follow`)."""
    match control:
        case Slider() | Scale() | Choice() | Switch():
            common: dict[str, Any] = {
                "key": control.key,
                "help": say(control.help),
                "bind": "query-params",
                "on_change": "ignore"
                if quiet and isinstance(control, Slider | Scale) and not noted()
                else forget_notes,
                "disabled": disabled,
            }
    match control:
        case Slider():
            st.slider(label, control.low, control.high, control.default, control.step, format=control.format, **common)
        case Scale():
            st.select_slider(label, control.values, control.default, format_func=control.shown, **common)
        case Choice(menu=True):
            st.selectbox(label, list(control.options), format_func=spoken(say), **common)
        case Choice():
            st.segmented_control(
                label,
                list(control.options),
                default=control.default,
                format_func=spoken(say),
                required=True,
                wrap=True,
                **common,
            )
        case Switch():
            st.toggle(label, **common)


def draw(control: Control, *, quiet: bool = False) -> None:
    """Draw one control, on its own."""
    _draw(control, say(control.label), quiet=quiet)


def keep(controls: Sequence[Control]) -> None:
    """Keep the values of controls that are not shown, in the session and in the address.

    Streamlit forgets a control that a run does not draw, and takes it out of the address. Drawn and taken away
    within a run, it stays bound, and no visitor sees it; a way to another page then needs the session's word for it.
    """
    drawn = [c for c in controls if not isinstance(c, BY_PAGE)]
    if not drawn:
        return
    place = st.empty()
    with place.container():
        for c in drawn:
            _draw(c, say(c.label))
    place.empty()
    kept = st.session_state.get(KEPT, {})
    st.session_state[KEPT] = {**kept, **{c.key: st.session_state[c.key] for c in drawn}}


def shared(page: Page) -> None:
    """Draw the shared controls that a page uses and no link hides, and keep the others; then its own of the side."""
    _choose_rows(page)
    hidden = {*covered(), *_idle(page)}
    keep([c for c in CONTROLS if c.key in hidden or not page.experiment])
    still = _still(page)
    # One that is held shows the visitor's own value, which stays in the address; its label says what counts.
    held = {**page.fixed, **(still.held if still else {})}
    for c in CONTROLS if page.experiment else ():
        if c.key in hidden:
            continue
        value = held.get(c.key)
        label = say(c.label) if value is None else _held(c, value)
        _draw(c, label, disabled=c.key in held, quiet=_quiet(page))
    if still is not None:
        st.markdown(f":small[{say(still.why)}]")
    for own in page.controls:
        if own.key not in page.aside or own.key in real_rows.KEYS:
            continue
        if own.key in _away(page):
            keep([own])
        else:
            draw(own, quiet=_quiet(page))


def _held(control: Slider, value: float) -> str:
    """Name a shared control and the value a page holds it at: without what its 0 stands for, which is said instead."""
    if control.key == "n_tune" and not value:
        return say("Rows fine-tuning sees: all here")
    shown = f"{value:.0%}" if control.format == "percent" else control.shown(value)
    return say("{label}: {shown} here", label=say(control.label), shown=shown)


def describe_rows(page: Page) -> None:
    """Say which real rows a page shows, if it does; what does not fit together the page says itself."""
    if not _real(page):
        return
    values = {c.key: st.session_state[c.key] for c in real_rows.CONTROLS}
    own = {c.key: c.options[values[c.key]] if isinstance(c, Choice) else values[c.key] for c in real_rows.CONTROLS}
    with suppress(Refusal):
        rows = real_rows.request(own, 0, st.session_state["seed"])
        if rows is not None:
            st.caption(real_rows.described(rows))


def _quiet(page: Page) -> bool:
    """Whether what a page shows follows its sliders without a run of all of it."""
    return page.stem in LESSONS and LESSONS[page.stem].around is not None


def _real(page: Page) -> bool:
    """Whether a page that takes both shows real rows."""
    rows = real_rows.ROWS
    return rows in page.controls and st.session_state.get(rows.key, rows.default) != rows.default


def _choose_rows(page: Page) -> None:
    """Offer the choice between drawn and real rows where a page takes both, and what real ones are made of."""
    if real_rows.ROWS not in page.controls:
        return
    draw(real_rows.ROWS)
    ways = [c for c in real_rows.CONTROLS if c is not real_rows.ROWS]
    if not _real(page):
        keep(ways)
        return
    if real_rows.ROWS.options[st.session_state[real_rows.ROWS.key]] == real_rows.OWN:
        st.caption(desk.whose())
        st.page_link("pages/your_table.py", label=say("To your own table"), icon=":material/table_rows:")
    st.caption(
        say(
            "Real rows bring their own overlap and noise. Pictures of two or three features, and means over draws, "
            "need drawn rows."
        )
    )
    for control in ways:
        draw(control, quiet=_quiet(page))


def _idle(page: Page) -> set[str]:
    """Return the keys of the controls that have no say: a draw's on real rows, and these' on drawn ones."""
    if _real(page):
        return {c.key for c in CONTROLS} - set(real_rows.SHARED) | set(page.drawn)
    return set(real_rows.KEYS)


def _still(page: Page) -> Still | None:
    """Return which shared controls have no say where the choices of a page stand; None where all have."""
    if _real(page):
        return None
    choices = {c.key: c for c in page.controls if isinstance(c, Choice)}
    return next((still for (key, value), still in page.still.items() if _option(choices[key]) == value), None)


def _without(page: Page) -> set[str]:
    """Return the keys of the controls that nobody can move: hidden, held, or of no use to what is shown."""
    still = _still(page)
    return {*covered(), *page.fixed, *(still.held if still else ()), *_idle(page), *_away(page)}


def _option(choice: Choice) -> str:
    """Return what the chosen option stands for; before its first run the address alone says which it is."""
    said = st.session_state.get(choice.key) or english(st.query_params.get(choice.key, ""), choice.options)
    return choice.options[said or choice.default]


def type_values(page: Page) -> None:
    """Offer to type the number of every slider on a page."""
    every = (*(CONTROLS if page.experiment else ()), *page.controls)
    typed.offer(typed.sliders(every, _without(page)), forget_notes)


def _parts(page: Page) -> Choice | None:
    """Return the choice between the parts of a page, where it has any."""
    return next((c for c in page.controls if isinstance(c, Choice)), None) if page.only else None


def _away(page: Page) -> set[str]:
    """Return the keys of a page's own controls that belong to a part which is not shown."""
    parts = _parts(page)
    if parts is None:
        return set()
    part = _option(parts)
    return {key for key, own in page.only.items() if own != part}


def above(page: Page) -> None:
    """Draw the shared controls above the picture, to be opened: where the window has no room for them at its side."""
    with st.container(key="settings"), st.expander(say("Settings"), icon=":material/tune:"):
        with st.container(key="settings_open"):
            shared(page)
            type_values(page)
    describe_rows(page)


def followed(page: Page, follows: Sequence[str] | None) -> list[Control]:
    """Return the controls that one picture follows, all where it names none, and no link hides: the page's own first.

    A choice that says which others have a say comes before them.
    """
    leading = [c for c in (real_rows.ROWS, _parts(page)) if c in page.controls]
    hidden = _without(page)
    others = [c for c in (*page.controls, *(CONTROLS if page.experiment else ())) if c.key not in hidden]
    found = [*leading, *(c for c in others if c not in leading)]
    return [c for c in found if not isinstance(c, BY_PAGE) and (follows is None or c.key in follows)]


def beside(page: Page, follows: Sequence[str] | None) -> None:
    """Draw the controls of one picture below each other, and keep the others.

    A choice is a menu: the column beside a picture is too narrow for options side by side.
    """
    drawn: list[Control] = []
    while rest := [c for c in followed(page, follows) if c not in drawn]:
        draw(replace(rest[0], menu=True) if isinstance(rest[0], Choice) else rest[0])
        drawn.append(rest[0])
    keep([c for c in (*CONTROLS, *page.controls) if c not in drawn])


def own(page: Page) -> None:
    """Draw a page's own controls, but those of the side, next to each other; keep those of a part that is not shown.

    A control drawn by the page itself would lose a linked value at the first click on the menu.
    """
    found = [c for c in page.controls if not isinstance(c, BY_PAGE) and c.key not in page.aside]
    parts = _parts(page)
    if parts in found:  # the side may have drawn it
        draw(parts)
        found.remove(parts)
    hidden = {*_away(page), *(page.drawn if _real(page) else ())}
    keep([c for c in found if c.key in hidden])
    found = [c for c in found if c.key not in hidden]
    # Without a side, what types their values stands at their end.
    typed_here = not page.experiment and not page.aside and any(isinstance(c, Slider | Scale) for c in found)
    if found:
        share = {Choice: 2.0, Switch: 1.5}  # a switch has its label beside it
        wide = [*(share.get(type(c), 1.0) for c in found), *([0.7] if typed_here else [])]
        columns = st.columns(wide, gap="medium", vertical_alignment="center" if typed_here else "top")
        for control, column in zip(found, columns, strict=False):
            with column:
                draw(control, quiet=_quiet(page))
        if typed_here:
            with columns[-1]:
                type_values(page)
