"""How every page is made: guess, look, read, check, try, mind the limits, take away - drawn the same way on each."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from theory import CLAIMS, Array, Check, Claim, Spec
from ui import ahead, browser, cached, cases, deliveries, formulas, glossary, lecture, narration, pictures, scripts
from ui.charts import figure_csv
from ui.contents import EXPERIMENTS, Page
from ui.language import say, spoken
from ui.narration import claims as statements
from ui.style import Theme

_BADGE = {True: ":green-badge[:material/check: {}]", False: ":red-badge[:material/close: {}]"}
_OUTSIDE = ":gray-badge[:material/remove: {}]"
# The reader's guesses by page; None for "just show me". Kept for the session.
_GUESSES = "guesses"


def _tell(stem: str, key: str | None) -> None:
    """Remember that a page's answer may be drawn, and the guess in the widget `key`, if one was made."""
    guess = st.session_state.get(key) if key else None
    st.session_state[_GUESSES] = {**st.session_state.get(_GUESSES, {}), stem: guess}


def told(page: Page) -> bool:
    """Return whether the answer of a page may be drawn: a guess was made, or none is asked for."""
    return page.stem in st.session_state.get(_GUESSES, {}) or st.session_state.get("guess") == "0"


def predict(page: Page, verdict: Callable[[str | int | None], str]) -> bool:
    """Ask for a guess, or compare it with the answer once it is made; return whether the answer may be drawn.

    `verdict` says how a guess compares with the answer, and why; of None, the answer. A link decides for the session:
    guess=0 asks nothing, guess=1 asks again. In a lecture the person at the front decides.
    """
    stage = lecture.stage()
    if stage:
        return stage.asks(page.prediction, partial(verdict, None))
    st.markdown(f":small[{say(page.cast)}]")  # a caption's grey is too pale to read
    guess = st.session_state.get(_GUESSES, {}).get(page.stem)
    if guess is not None:
        st.info(narration.together(verdict(guess)), icon=":material/lightbulb:")
    if told(page):
        return True
    ask = page.prediction
    with st.container(border=True, key="guess_box"):
        st.markdown(f"**{say('Guess first.')}** {say(ask.question)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if ask.options:
                key = f"guess_{page.stem}"
                st.segmented_control(
                    say("Your guess"),
                    list(ask.options),
                    format_func=spoken(lambda option: say(ask.options[option])),
                    key=key,
                    label_visibility="collapsed",
                    wrap=True,
                    on_change=_tell,
                    args=(page.stem, key),
                )
            else:
                key = f"guess_share_{page.stem}"
                st.slider(
                    say("Your guess"), 0, 150, 50, 5, format="%d %%", key=key, label_visibility="collapsed", width=340
                )
                st.button(
                    browser.on_primary(say("This is my guess")), type="primary", on_click=_tell, args=(page.stem, key)
                )
            st.button(say("Just show me"), type="tertiary", on_click=_tell, args=(page.stem, None))
    return False


def hidden(told: bool) -> frozenset[str]:
    """Return the models whose part of a picture waits for the guess."""
    return frozenset() if told else frozenset({"fine_tune"})


def picture(figure: go.Figure, key: str, alt: str, page: Page, picked: Callable[[], None] | None = None) -> None:
    """Draw one chart: its own colours, the camera as its toolbar, and the numbers as its accessible name.

    `picked` is called when a visitor clicks a point (`ui.pictures`). In a lecture one chart is drawn, the one whose
    turn it is.
    """
    stage, save_as = lecture.stage(), f"{page.stem}-{key}"
    if stage:
        stage.offer(figure, key, alt, save_as=save_as, clicks=picked is not None)
    else:
        pictures.draw(figure, key, alt, save_as=save_as, picked=picked)


def columns(widths: int | Sequence[int], *, gap: Any = "medium") -> Sequence[AbstractContextManager[object]]:
    """Return places side by side; a lecture shows one figure, and needs none."""
    if lecture.stage():
        return [nullcontext()] * (widths if isinstance(widths, int) else len(widths))
    return st.columns(widths, gap=gap)


def place() -> AbstractContextManager[object]:
    """Return a place above what follows, to be filled later; a lecture needs none."""
    return nullcontext() if lecture.stage() else st.container()


def working(text: str) -> AbstractContextManager[None]:
    """Say what is being computed while it takes long."""
    if ahead.under_way():
        return nullcontext()
    deliveries.deliver()
    return st.spinner(text)


def tell(text: str, *, heading: str = "", ahead: str = "") -> None:
    """Say what the picture above shows; in a lecture the first sentence of what belongs to the picture shown.

    `heading` stands above the text, `ahead` below it, above the part that follows. All of it is one element, for each
    costs the browser time in every run. A lecture has no parts, and so no headings; an empty text is none.
    """
    stage = lecture.stage()
    if stage:
        if text:
            stage.tell(narration.together(text))
        return
    parts = (_headed(heading), narration.together(text), _headed(ahead))
    st.markdown("\n\n".join(part for part in parts if part), anchors=False)


def _headed(title: str) -> str:
    return f"### {title}" if title else ""


def heading(text: str) -> None:
    """Head a picture that follows; a lecture has no parts."""
    if not lecture.stage():
        st.subheader(text, anchor=False)


def attack(labels: Array, readings: Mapping[str, Array]) -> None:
    """Let the reader be the attacker: read the label of one forgotten row off each model; not in a lecture."""
    if not lecture.stage():
        st.fragment(spoken(_attack))(labels, readings)


def _attack(labels: Array, readings: Mapping[str, Array]) -> None:
    tell(narration.intro(len(labels)), heading=say("Be the attacker"))
    row = 1
    if len(labels) > 1:
        row = st.slider(say("Row to attack"), 1, len(labels), 1, key="attack", width=420)
    read = narration.attack(labels, readings, row - 1, narration.LABELS)
    tell(f"{read}\n\n{narration.attack_score(labels, readings)}")


def _mathematics(page: Page, spec: Spec, theme: Theme, formula: tuple[Check | None, str] | None) -> None:
    checks = cached.checks(spec, page.claims)
    everything = set(page.claims) == set(CLAIMS)
    key = page.claims[0]
    shown, whose = formula or (None, narration.RUNS.get(key, ""))
    head = f"### {say('The mathematics')}"
    if not everything:  # among all of them, none is the page's own formula
        head += f"\n\n$$\n{formulas.with_numbers(key, shown or checks[key], theme)}\n$$"
        head += f"\n\n:small[{whose}]" if whose else ""
    st.markdown(head, anchors=False)
    used = [*(CLAIMS[key].statement for key in page.claims), *([] if everything else formulas.SIDES[page.claims[0]])]
    with st.popover(say("What the symbols mean"), icon=":material/menu_book:"):
        st.markdown("\n\n".join(glossary.explained(used, theme)))
    if everything:
        _table(page, spec, checks, theme)
        return
    # What moves with the numbers stands apart: a browser does not set the formulas again.
    with st.container(border=True):
        st.markdown("\n\n".join(_claim(key, theme) for key in page.claims))
        title = say("On the data of the settings at the side") if shown else say("On your data")
        notes = (_note(key, spec, checks[key], narration.check) for key in page.claims)
        st.markdown("\n".join([f"**{title}**\n", *(f"- {note}" for note in notes)]))


def _claim(key: str, theme: Theme) -> str:
    claim = CLAIMS[key]
    return f"**{key}.** {say(claim.words)}\n\n{formulas.lines(claim.statement, theme)}"


def _note(key: str, spec: Spec, check: Check, about: Callable[[Claim, Check, bool], str]) -> str:
    claim = CLAIMS[key]
    applies = cached.applies(spec, (key,))[key]
    if not applies:
        badge = _OUTSIDE.format(say("does not apply here"))
    else:
        badge = _BADGE[check.holds].format(say("holds") if check.holds else say("fails"))
    return f"{badge} **{key}.** :small[{narration.together(about(claim, check, applies))}]"


def _table(page: Page, spec: Spec, checks: Mapping[str, Check], theme: Theme) -> None:
    """Draw the claims of one family, two side by side where there is room, each with a way to the page on it."""
    families = statements.groups(page.claims)
    for tab, keys in zip(st.tabs(list(families), key="family", on_change="rerun"), families.values(), strict=True):
        if not tab.open:
            continue
        with tab:
            # Down one column, then down the other, in one row: a row and a frame of its own for each would cost twice
            # the elements.
            half = -(-len(keys) // 2)
            for part, column in zip((keys[:half], keys[half:]), st.columns(2, gap="large"), strict=True):
                with column:
                    for key in part:
                        st.markdown(_claim(key, theme))
                        st.markdown(_note(key, spec, checks[key], statements.statement))
                        shown = _shown_on(key, page)
                        if shown:
                            icon = ":material/arrow_forward:"
                            st.page_link(f"pages/{shown.stem}.py", label=say(shown.name), icon=icon)


def _shown_on(key: str, page: Page) -> Page | None:
    """Return the other page on which a claim stands first, or as near to first as on any."""
    others = [other for other in EXPERIMENTS if other is not page and key in other.claims]
    return min(others, key=lambda other: other.claims.index(key), default=None)


def _take_away(
    page: Page, spec: Spec, figures: Mapping[str, tuple[str, go.Figure]], options: Mapping[str, object]
) -> None:
    # Drawn only while it is open: a button costs a run as much as a chart's axis, and few runs have a use for it.
    part = st.expander(say("Take it with you"), key="take", on_change="rerun", icon=":material/download:")
    if not part.open:
        return
    with part:
        _downloads(page, spec, figures, options)


def _downloads(
    page: Page, spec: Spec, figures: Mapping[str, tuple[str, go.Figure]], options: Mapping[str, object]
) -> None:
    browser.save_pictures(page.stem, {key: name for key, (name, _) in figures.items()})
    with st.container(horizontal=True):
        for key, (name, figure) in figures.items():
            st.download_button(
                f"{name} (CSV)",
                partial(figure_csv, figure, spec, options),
                f"{page.stem}-{key}.csv",
                "text/csv",
                key=f"csv_{key}",
                on_click="ignore",
                icon=":material/table:",
            )
        st.download_button(
            say("The numbers in plain numpy"),
            partial(scripts.script, page, spec, options),
            f"{page.stem}.py",
            "text/x-python",
            key="script",
            on_click="ignore",
            icon=":material/code:",
        )


def close(
    page: Page,
    spec: Spec,
    theme: Theme,
    figures: Mapping[str, tuple[str, go.Figure]],
    told: bool,
    options: Mapping[str, object] | None = None,
    formula: tuple[Check | None, str] | None = None,
) -> None:
    """Draw what follows the pictures: the mathematics, cases to try, limits, downloads, and the way on.

    `figures` holds every chart of the page with its name on screen, by the key it was drawn under; `options` what the
    page's own controls say; `formula` the numbers under the formula, if they are not its check's, and whose
    they are, where the pictures show others than the models of the shared settings.
    The mathematics waits for the guess, for it gives the answer away.
    """
    if lecture.stage():
        return
    if told:
        _mathematics(page, spec, theme, formula)
    st.markdown(f"### {say('Try this')}", anchors=False)
    cases.offer(page)
    limits = narration.together("\n".join(f"- {say(limit)}" for limit in page.limits))
    st.markdown(f"### {say('What this does not tell you')}\n\n{limits}", anchors=False)
    _take_away(page, spec, figures, options or {})
    after = EXPERIMENTS.index(page) + 1
    following = EXPERIMENTS[after % len(EXPERIMENTS)]
    # A browser cuts a link that is longer than its line: the short name of the page, or none.
    way = say("Next: {page}", page=say(following.name)) if after < len(EXPERIMENTS) else say("Back to the beginning")
    st.page_link(f"pages/{following.stem}.py", label=f"**{way}**", icon=":material/arrow_forward:")
