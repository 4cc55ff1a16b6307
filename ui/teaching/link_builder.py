"""The builder of links: a page, any value of its controls, what is hidden and which class is counted, as one address.

What is chosen stands in the address of the builder itself (`link=`), so that a reload keeps it.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

from theory import Refusal
from ui.language import code, say, spoken
from ui.lessons import BY_STEM, LESSONS, PICTURED
from ui.lessons.lesson import Page
from ui.page import class_guesses, links
from ui.plot.controls import CONTROLS, Choice, Control, Scale, Slider, Switch, chosen, refusal
from ui.plot.view import View, controls_of, view_of
from ui.server.guess_store import class_name
from ui.teaching import class_view, qr, server_address

_USUAL = _WHOLE = ""  # no case to try, and no picture alone
_PARAMETER = "link"
# Whether the guesses were deleted that were to be.
_DELETED = "class_deleted"


def draw(view: View) -> None:
    """Let the reader put a link together, and show it as text and as a QR code; below it, the guesses of its class."""
    st.subheader(say("A link for your class"), anchor=False)
    asked = _asked()
    left, right = st.columns([3, 2], gap="large")
    with left:
        start = server_address.choose()
        page, values = _page(asked)
        only = _only(page, values, asked)
        hidden = [*(c.key for c in CONTROLS), *links.PARTS]
        hide = st.multiselect(
            say("To hide from the students"),
            hidden,
            [key for key in hidden if key in asked["hide"]],
            format_func=spoken(_name_of_hidden),
            key="link_hide",
            help=say(
                "A hidden control keeps the link's value on every page. What is hidden is not locked: whoever changes "
                "the address sees it."
            ),
        )
        guess = st.toggle(say("Ask for a guess before the answer"), asked["guess"], key="link_guess")
        shown = st.toggle(say("For the projector: one figure in large type"), asked["lecture"], key="link_lecture")
        group = st.text_input(
            say("Count the guesses of a class"),
            asked["class"],
            key="link_class",
            placeholder=say("A name for it, such as physics-3"),
            max_chars=32,
        )
        if group and class_name(group) is None:
            st.warning(say("The name of a class is letters, digits and hyphens, at most 32 of them."))
        class_guesses.choose(group)
    link = partial(links.link, start, page, values, hide=hide, guess=guess, group=class_guesses.name(), only=only)
    address = link(lecture=shown)
    st.query_params[_PARAMETER] = address.removeprefix(f"{start}/")
    with right:
        st.code(address, language=None, wrap_lines=True)
        st.link_button(say("Open the link"), address, icon=":material/open_in_new:")
        _draw_code(address)
        _snippets(page, link(embed=True))
    if class_guesses.name():
        _class(page, values, view)


def _asked() -> dict[str, Any]:
    """Return what the builder's own address says was chosen; what it cannot be is left at its usual value."""
    path, _, query = st.query_params.get(_PARAMETER, "").partition("?")
    page = BY_STEM.get(path, PICTURED[0])
    params = parse_qs(query[:4000], max_num_fields=None)
    values = {
        c.key: chosen(c, params[c.key][0])
        for c in controls_of(page)
        if c.key in params and refusal(c, params[c.key]) is None
    }
    keys, parts, _ = links.hidden(params.get("hide", [""])[-1])
    return {
        "page": page.stem if page in PICTURED else PICTURED[0].stem,
        "only": params.get(links.ONLY, [""])[-1],
        "values": values,
        "hide": [*keys, *parts],
        "guess": params.get("guess") != ["0"],
        "lecture": params.get("lecture") == ["1"],
        "class": class_name(params.get("class", [""])[-1]) or class_guesses.name(),
    }


def _name_of_hidden(key: str) -> str:
    match key:
        case links.MENU:
            return say("The menu")
        case links.TEACH:
            return say("In the menu, this page with its answers")
        case links.ANSWERS:
            return say("The answers: guesses are taken, and nothing is shown")
    return next(say(c.label) for c in CONTROLS if c.key == key)


def _page(asked: Mapping[str, Any]) -> tuple[Page, dict[str, object]]:
    """Let the reader choose a page, a case, and any value of its controls; return the page and the values."""
    by_stem = {page.stem: page for page in PICTURED}
    stem = st.selectbox(
        say("Page"),
        list(by_stem),
        list(by_stem).index(asked["page"]),
        format_func=spoken(lambda s: say(by_stem[s].title)),
        key="link_page",
    )
    page = by_stem[stem]
    known = asked["values"] if asked["page"] == stem else {}
    cases = {_USUAL: say("The usual settings"), **{p.key: f"{say(p.title)}: {say(p.question)}" for p in page.presets}}
    case = st.selectbox(say("Case"), list(cases), format_func=lambda key: cases[key], key=f"link_case_{stem}")
    preset = next((p.values for p in page.presets if p.key == case), {})
    # A value that was chosen before goes with the case it was chosen in.
    same = st.session_state.get("link_chosen", (stem, case)) == (stem, case)
    st.session_state["link_chosen"] = (stem, case)
    usual = {**preset, **(known if same else {})}
    seed: dict[str, object] = {}
    if page.experiment:
        seed["seed"] = st.number_input(
            say("Draw (seed)"),
            0,
            999,
            int(usual.get("seed", 0)),
            key="link_seed",
            help=say("The same number draws the same data everywhere."),
        )
    values: dict[str, object] = {}
    part = st.expander(say("Any other value"), key="link_values", on_change="rerun", icon=":material/tune:")
    controls = [c for c in controls_of(page) if c.key != "seed" and c.key not in page.fixed]
    if not part.open:
        values = {c.key: usual[c.key] for c in controls if c.key in usual}
        values |= {c.key: st.session_state[k] for c in controls if (k := _key(stem, case, c)) in st.session_state}
    else:
        with part:
            for c, column in zip(controls, [*st.columns(2)] * len(controls), strict=False):
                with column:
                    value = _value(c, usual.get(c.key, c.default), _key(stem, case, c))
                    if value is not None:
                        values[c.key] = value
    return page, {**values, **seed}


def _only(page: Page, values: Mapping[str, object], asked: Mapping[str, Any]) -> str:
    """Let the reader choose one picture of the page, of those that are drawn at these values; "" for the whole page."""
    lesson = LESSONS[page.stem]
    pictures = lesson.figures
    with suppress(Refusal):  # the page says what does not fit together
        pictures = lesson.shown(view_of(page, {c.key: values.get(c.key, c.default) for c in controls_of(page)}))
    names = {_WHOLE: say("The whole page"), **{key: say(drawing.name) for key, drawing in pictures.items()}}
    known = asked["only"] if asked["page"] == page.stem and asked["only"] in names else _WHOLE
    return st.selectbox(
        say("One picture alone"),
        list(names),
        list(names).index(known),
        format_func=lambda key: names[key],
        key=f"link_only_{page.stem}",
        help=say("With the controls that it follows and its caption, its answer drawn: for slides and notebooks."),
    )


def _snippets(page: Page, address: str) -> None:
    """Offer what puts the link into another page or a notebook, to copy."""
    label = say("Put it into a page or a notebook of yours")
    part = st.expander(label, key="link_embed", on_change="rerun", icon=":material/code:")
    if not part.open:
        return
    with part:
        st.markdown(say("For a web page or a learning platform; it fits 800 by 500 pixels:"))
        st.code(links.frame(address, say(page.title)), language="html", wrap_lines=True)
        st.markdown(say("For a Jupyter notebook:"))
        st.code(links.notebook(address), language="python", wrap_lines=True)


def _key(stem: str, case: str, control: Control) -> str:
    return f"link_{stem}_{case}_{control.key}"


def _value(control: Control, value: Any, key: str) -> object:
    """Draw a control as a field; None for what a page sets itself."""
    label = say(control.label)
    match control:
        case Slider():
            return st.number_input(label, control.low, control.high, value, control.step, key=key)
        case Scale():
            return st.selectbox(label, control.values, control.values.index(value), format_func=control.shown, key=key)
        case Choice():
            options = list(control.options)
            return st.selectbox(label, options, options.index(value), format_func=spoken(say), key=key)
        case Switch():
            return st.toggle(label, value, key=key)
    return None


def _class(page: Page, values: Mapping[str, object], view: View) -> None:
    """Draw what the class has guessed at the link's settings, and let its guesses be deleted."""
    st.subheader(say("Guesses of {name}", name=class_guesses.name()), anchor=False)
    settings = {c.key: values.get(c.key, c.default) for c in controls_of(page)}
    told = st.toggle(say("Show the guesses beside the answer"), key="class_told")
    try:
        asked = view_of(page, settings, told=told, theme=view.theme, language=code())
    except Refusal as refused:
        st.error(say(refused.template, **refused.values))
        return
    lesson = LESSONS[page.stem]
    st.markdown(say(page.asked(asked).question))
    class_view.draw(lesson, asked, "front")
    if told:
        st.markdown(lesson.verdict(asked, None))
    st.markdown(
        say(
            "Each window of a browser is counted once for each page and setting, without a name. The counts are kept "
            "for a day at most. Whoever knows the name of the class can count in it, and delete it here."
        )
    )
    st.button(say("Delete the guesses of this class"), key="class_delete", icon=":material/delete:", on_click=_delete)
    deleted = st.session_state.pop(_DELETED, None)
    if deleted:
        st.success(say("They are deleted."))
    elif deleted is False:
        st.warning(class_guesses.unreachable(), icon=":material/cloud_off:")


def _delete() -> None:
    st.session_state[_DELETED] = class_guesses.forget()


def _draw_code(address: str) -> None:
    """Show the QR code of a link."""
    found = qr.code_of(address)
    if found is None:
        st.markdown(say("The address of this server is too long for a QR code."))
        return
    picture, size = found
    st.image(picture, alt=say("QR code of the link above, {size} by {size} squares.", size=size))
