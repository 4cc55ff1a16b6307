"""The frame every page stands in: the page table, the shared controls, and the way from the address to a Spec."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from copy import copy
from functools import cache, lru_cache, partial
from typing import Any

import streamlit as st

from theory import Refusal, Spec
from ui import ahead, browser, deliveries, lecture, links, offstage, pictures, scrubber, turns
from ui.contents import PAGES, PRESETS, Page
from ui.controls import (
    CONTROLS,
    Choice,
    Control,
    Scale,
    Scrub,
    Slider,
    Switch,
    possible,
    read_spec_text,
    refusal,
)
from ui.language import CATALOGUES, ENGLISH, code, names, say, speaking, spoken
from ui.style import Theme

# The values of the controls the last run did not show, by key; the controls a link hides; and a note about that link.
_KEPT, _COVERED, _NOTE = "kept", "covered", "covered_note"
# The session's language, the menu it is chosen from, and a note about an address that asks for another.
_LANGUAGE, _LANGUAGE_MENU, _LANGUAGE_NOTE = "language", "language_menu", "language_note"
# Set while a page runs inside the frame; a page that finds it unset was reached around app.py.
_framed: ContextVar[Page | None] = ContextVar("framed", default=None)
# The theme of pictures that are drawn ahead of the page, where Streamlit has no visitor to ask.
_theme: ContextVar[Theme | None] = ContextVar("theme", default=None)


def _notes(refused: Mapping[str, str], controls: Sequence[Control], used: Mapping[Any, Any]) -> tuple[str, ...]:
    by_key = {c.key: c for c in controls}
    return tuple(
        say(
            "{label} (`{key}`) in the address {why}; using {value}.",
            label=say(by_key[key].label),
            key=key,
            why=why,
            value=_spelled(by_key[key], used[key]),
        )
        for key, why in refused.items()
    )


def _spelled(control: Control, value: Any) -> str:
    """Return a value as it stands on screen and in the address: an option in the language of the moment."""
    text = control.shown(value)
    return control.spelled(text) if isinstance(control, Choice) else text


def _settle_address(controls: Sequence[Control]) -> dict[str, str]:
    """Refuse what the address asks for and no control can be; return the reasons by key.

    On a session's first run the address is rewritten before any control reads it: Streamlit's own reading is more
    lenient ("1e2", "300.5" rows) and drops what it refuses without a word. A preset (`preset=`) or a Spec (`load=`)
    sets every control, the usual value where it names none; a link inside the session has to go through the session,
    whose controls own their parameters.
    """
    params = {key: st.query_params.get_all(key) for key in st.query_params}
    refused = {c.key: why for c in controls if c.key in params and (why := refusal(c, params[c.key]))}
    usual = {c.key: c.default for c in controls}
    preset = PRESETS.get((params.pop("preset", None) or [""])[-1])
    loaded = read_spec_text((params.pop("load", None) or [""])[-1], controls)
    if preset is None and "preset" in st.query_params:
        del st.query_params["preset"]
        st.session_state[_NOTE] = say("`preset` in the address names no case to try; it is ignored.")
    if loaded is None and "load" in st.query_params:
        del st.query_params["load"]
        st.session_state[_NOTE] = say("`load` in the address describes no experiment; it is ignored.")
    linked: Mapping[str, object] | None = preset.values if preset else loaded
    step = lecture.to_load()
    case = linked if linked is not None else step
    chosen = {c.key: case.get(c.key, c.default) for c in controls} if case is not None else {}
    covered = _covered(params)
    st.session_state.update(st.session_state.pop(_KEPT, {}))
    for c in controls:
        if c.key in st.session_state and not possible(c, st.session_state[c.key]):
            st.session_state[c.key] = c.default
    asked = (params.get("guess") or [""])[-1]
    if asked in ("0", "1") and asked != st.session_state.get("guess"):
        st.session_state.update(guess=asked, guesses={})
    if "arrived" not in st.session_state:
        st.session_state["arrived"] = True
        # Streamlit writes an option into the address as it stands on screen, and reads no other.
        spelled = {c.key: _spelled(c, params[c.key][0]) for c in controls if isinstance(c, Choice) and c.key in params}
        spelled = {k: text for k, text in spelled.items() if k not in refused and text != params[k][0]}
        if refused or case is not None or spelled:
            st.session_state["notes"] = _notes(refused, controls, usual)
            kept: dict[str, Any] = {k: v for k, v in params.items() if k not in refused and k not in chosen} | {
                k: text for k, text in spelled.items() if k not in chosen
            }
            unusual = {c.key: _spelled(c, chosen[c.key]) for c in controls if chosen and chosen[c.key] != usual[c.key]}
            st.query_params.from_dict(kept | unusual)
            st.rerun()
    elif case is not None:
        if linked is not None:
            for name in ("preset", "load"):
                st.query_params.pop(name, None)
            chosen = {k: v for k, v in chosen.items() if k not in covered}
        st.session_state.update(chosen)
        _forget_notes()
    _read_scrubbers(controls, refused, chosen)
    return refused


def _read_scrubbers(controls: Sequence[Control], refused: Mapping[str, str], chosen: Mapping[str, Any]) -> None:
    """Take what the scrubbers say from the address, which they write themselves; `chosen` is a preset's word."""
    if any(isinstance(c, Scrub) and c.key in chosen for c in controls):
        scrubber.wish()
    for c in controls:
        if not isinstance(c, Scrub):
            continue
        if c.key in refused or c.key in chosen:
            if (value := chosen.get(c.key, c.default)) != c.default:
                st.query_params[c.key] = c.shown(value)
            else:
                st.query_params.pop(c.key, None)
        else:
            text = st.query_params.get(c.key, c.shown(c.default))
            value = next(v for v in c.values if c.shown(v) == text)
        st.session_state[c.key] = value


def _covered(params: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the shared controls a link hides for the rest of the session, where they keep the link's values."""
    if "hide" in params:
        st.session_state[_COVERED], unknown = links.hidden(params["hide"][-1])
        if unknown:
            st.session_state[_NOTE] = say("A part of `hide` in the address names no shared control; it is ignored.")
    covered: tuple[str, ...] = st.session_state.get(_COVERED, ())
    text = ",".join(covered)
    if st.query_params.get("hide", "") != text:
        if text:
            st.query_params["hide"] = text
        else:
            del st.query_params["hide"]
    return covered


def _forget_notes() -> None:
    st.session_state.pop("notes", None)


def _draw(control: Control, label: str, disabled: bool = False) -> None:
    """Draw one control, bound to the address."""
    common: dict[str, Any] = {
        "key": control.key,
        "help": say(control.help),
        "bind": "query-params",
        "on_change": _forget_notes,
        "disabled": disabled,
    }
    match control:
        case Scrub():
            raise TypeError(f"{control.key} is drawn beside its chart by the page, not by the frame")
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


def _keep(controls: Sequence[Control]) -> None:
    """Keep the values of controls that are not shown, in the session and in the address.

    Streamlit forgets a control that a run does not draw, and takes it out of the address. Drawn and taken away
    within a run, it stays bound, and no visitor sees it; a way to another page then needs the session's word for it.
    """
    if not controls:
        return
    place = st.empty()
    with place.container():
        for c in controls:
            _draw(c, say(c.label))
    place.empty()
    st.session_state[_KEPT] = {c.key: st.session_state[c.key] for c in controls}


def _shared_controls(row: Page) -> None:
    covered = st.session_state.get(_COVERED, ())
    _keep([c for c in CONTROLS if c.key in covered or not row.experiment])
    for c in CONTROLS if row.experiment else ():
        if c.key in covered:
            continue
        held = row.fixed.get(c.key)
        shown = held if held is None else f"{held:.0%}" if c.format == "percent" else c.shown(held)
        label = say(c.label) if held is None else say("{label}: {shown} on this page", label=say(c.label), shown=shown)
        _draw(c, label, disabled=held is not None)


def options(row: Page) -> dict[str, Any]:
    """Return what the page's own controls say, by key; a choice as the value it stands for."""
    values = {c.key: ahead.session()[c.key] for c in row.controls}
    return {c.key: c.options[values[c.key]] if isinstance(c, Choice) else values[c.key] for c in row.controls}


def theme() -> Theme:
    """Return the theme the visitor sees; light where Streamlit does not know."""
    known = _theme.get()
    return known or ("dark" if st.context.theme.type == "dark" else "light")


@cache
def _settle_server() -> None:
    """Keep the garbage collector away from everything imported, and let it look less often; once per server.

    A run makes tens of thousands of objects: at Python's own threshold of 700 looking through them takes a tenth of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pages() -> dict[str, list[Any]]:
    """Return the menu: Streamlit's pages by group, in the order of the table."""
    menu: dict[str, list[Any]] = {}
    for row in PAGES:
        first = row is PAGES[0]
        page = _page(row.stem, say(row.name), default=first, url_path="home" if first else None)
        menu.setdefault(say(row.group), []).append(copy(page))
    # Streamlit serves the first page at / alone. Under its own name, which is in no link but may be typed, it is a page
    # of its own that no menu shows.
    hidden = _page(PAGES[0].stem, say(PAGES[0].name), url_path=PAGES[0].stem, visibility="hidden")
    menu[say(PAGES[0].group)].append(copy(hidden))
    return menu


@lru_cache(maxsize=128)
def _page(stem: str, title: str, **how: Any) -> Any:
    """Return Streamlit's page, to be copied: a run marks its own, and making one looks through the folders above it.

    At most 128 kept, below 1 kB each: twelve a language.
    """
    return st.Page(f"pages/{stem}.py", title=title, **how)


def _settle_language() -> str:
    """Return the language of the session, which the address may set and always says where it is not English."""
    asked = st.query_params.get_all("lang")
    if asked:
        if len(asked) == 1 and asked[0] in CATALOGUES:
            st.session_state[_LANGUAGE] = asked[0]
        else:
            del st.query_params["lang"]
            st.session_state[_LANGUAGE_NOTE] = say(
                "Language (`lang`) in the address is none of {codes}.", codes=", ".join(CATALOGUES)
            )
    language: str = st.session_state.get(_LANGUAGE, ENGLISH)
    if language != st.query_params.get("lang", ENGLISH):
        st.query_params["lang"] = language
    return language


def _choose_language() -> None:
    chosen = st.session_state[_LANGUAGE_MENU]
    st.session_state[_LANGUAGE] = chosen
    st.query_params["lang"] = chosen


def _language_menu() -> None:
    """Offer the languages, each by its own name, where there is more than one."""
    if len(CATALOGUES) > 1:
        st.session_state[_LANGUAGE_MENU] = code()
        st.selectbox(
            say("Language"),
            list(CATALOGUES),
            format_func=names().__getitem__,
            key=_LANGUAGE_MENU,
            on_change=_choose_language,
        )


def run() -> None:
    """Draw the frame and run the page the address asks for, in the language of the session."""
    ahead.let_pass()
    with turns.turn(), deliveries.together():
        pictures.begin()
        language = _settle_language()
        with speaking(None if language == ENGLISH else CATALOGUES[language]):
            _run_frame()


def _run_frame() -> None:
    mode = lecture.mode()
    page = st.navigation(pages(), position="hidden" if mode else "sidebar", expanded=True)
    row = next((r for r in PAGES if r.stem == page.url_path), PAGES[0])
    controls = (*CONTROLS, *row.controls)
    if mode:
        ahead.expect(row.stem, (), None)
    if mode == "notes":
        lecture.draw_notes(row)
        return
    if mode == "lecture":
        lecture.go_where_the_talk_is(row)
    refused = _settle_address(controls)
    if mode == "lecture" and row.experiment:
        _lecture(row, page, controls)
        return
    with nullcontext() if mode else st.sidebar:
        _shared_controls(row)
        _language_menu()
        browser.watch_theme(theme())
    st.title(say(row.title), anchor=False)
    st.markdown(f"**{say(row.question)}**")
    # A control drawn by the page itself would lose a linked value at the first click on the menu.
    own = [c for c in row.controls if not isinstance(c, Scrub)]
    if own:
        columns = st.columns([2 if isinstance(c, Choice) else 1 for c in own], gap="medium")
        for control, column in zip(own, columns, strict=True):
            with column:
                _draw(control, say(control.label))
    if refused:
        st.session_state["notes"] = _notes(refused, controls, st.session_state)
    for note in (
        *st.session_state.get("notes", ()),
        *(text for key in (_NOTE, _LANGUAGE_NOTE) if (text := st.session_state.pop(key, ""))),
    ):
        st.warning(note, icon=":material/link_off:")
    if not mode:
        offstage.expect(row, controls, partial(_ahead, row, theme()))
    _run(row, page)
    if mode:
        lecture.draw_cues(row)
    _settle_server()


def _run(row: Page, page: Any) -> None:
    token = _framed.set(row)
    try:
        page.run()
    finally:
        _framed.reset(token)


@contextmanager
def _ahead(row: Page, known: Theme) -> Iterator[None]:
    """Let a page stand in the frame for its pictures alone, in a theme that is known; bad settings are refused."""
    tokens = _framed.set(row), _theme.set(known)
    try:
        _read_spec(row)
        yield
    finally:
        _framed.reset(tokens[0])
        _theme.reset(tokens[1])


def _lecture(row: Page, page: Any, controls: Sequence[Control]) -> None:
    """Draw a page for the back of a room: its question, one figure, its sentence, and the bar of cues."""
    _keep([c for c in controls if not isinstance(c, Scrub)])
    browser.watch_theme(theme())
    st.title(say(row.title), anchor=False)
    st.markdown(f"**{say(row.question)}**")
    with lecture.on_stage(theme(), bool(st.session_state.get("guess") == "0")):
        _run(row, page)
    lecture.draw_cues(row)


def _read_spec(row: Page) -> Spec:
    session = ahead.session()
    values = {c.key: row.fixed.get(c.key, session[c.key]) for c in CONTROLS}
    return Spec(**{**values, "n_tune": values["n_tune"] or None})


def open_page() -> tuple[Spec, Page]:
    """Return the Spec of the shared controls and the page's row of the contents.

    A page reached around app.py (a deep link to a server that has not seen app.py yet) is sent through the frame
    first. Settings that do not fit together are explained in place of the page; the controls stay as they are.
    A page without an experiment gets the usual Spec then.
    """
    row = _framed.get()
    if row is None:
        st.navigation(pages())
        st.rerun()
    try:
        return _read_spec(row), row
    except Refusal as refused:
        if not row.experiment:
            return Spec(), row
        st.error(
            say(
                "These settings do not fit together: {problem}. On this dashboard, 0 fine-tuning rows means all.",
                problem=say(refused.template, **refused.values),
            )
        )
        st.stop()
