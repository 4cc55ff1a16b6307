"""The mathematics of a page: its formula with live numbers, its symbols, and its claims checked on the data."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from theory import CLAIMS, Check, Claim
from theory.data import Data
from ui.figures import formulas
from ui.figures.models import RUNS, check
from ui.figures.style import Theme
from ui.language import say
from ui.language.words import together
from ui.lessons import EXPERIMENTS
from ui.lessons.claims import sentences as statements
from ui.lessons.lesson import Formula, Lesson, Page
from ui.page import glossary
from ui.plot.view import View
from ui.server.results import applies, checks

_BADGE = {True: ":green-badge[:material/check: {}]", False: ":red-badge[:material/close: {}]"}
_OUTSIDE = ":gray-badge[:material/remove: {}]"
_OPEN = "checked"


def draw(lesson: Lesson, view: View) -> None:
    """Draw the formula of a page and, while they are open, its claims; on the page of all claims, every claim."""
    page, data, theme = lesson.page, view.data, view.theme
    found = checks(data, page.claims)
    heading = f"### {say('The mathematics')}"
    if set(page.claims) == set(CLAIMS):  # among all of them, none is the page's own formula
        st.markdown(heading, anchors=False)
        with st.popover(say("What the symbols mean"), icon=":material/menu_book:"):
            st.markdown(_symbols(page.claims, theme))
        _table(page, data, found, theme)
        return
    key = page.claims[0]
    own = (lesson.formula(view) if lesson.formula else None) or Formula(whose=RUNS.get(key, ""))
    sides = own.sides or formulas.SIDES[key]
    lines = [
        heading,
        f"$$\n{formulas.with_numbers(sides, own.check or found[key], theme)}\n$$",
        f":small[{glossary.brief(sides, theme)}]",
        f":small[{own.whose}]" if own.whose else "",
    ]
    st.markdown("\n\n".join(filter(None, lines)), anchors=False)
    # Its label holds numbers, and with another label Streamlit takes it for another part: it stays as it was left.
    if _OPEN in st.session_state:
        st.session_state[_OPEN] = st.session_state[_OPEN]
    part = st.expander(_summary(data, found, elsewhere=bool(own.check)), key=_OPEN, on_change="rerun")
    if not part.open:
        return
    with part:
        # What moves with the numbers stands apart: a browser does not set the formulas again.
        st.markdown("\n\n".join(_claim(key, theme) for key in page.claims))
        st.markdown("\n".join(f"- {_note(key, data, found[key], check)}" for key in page.claims))
        st.markdown(_symbols(page.claims, theme))


def _symbols(keys: Iterable[str], theme: Theme) -> str:
    return "\n\n".join(glossary.explained([CLAIMS[key].statement for key in keys], theme))


def _summary(data: Data, found: Mapping[str, Check], elsewhere: bool) -> str:
    """Return how the claims stand, in one line; `elsewhere` says that the picture is of other data than they are."""
    applying = [check for key, check in found.items() if applies(data, (key,))[key]]
    holding, outside = sum(check.holds for check in applying), len(found) - len(applying)
    count = len(applying)
    told = (
        say("{holding} of 1 holds", holding=holding)
        if count == 1
        else say("{holding} of {count} hold", holding=holding, count=count)
    )
    if not applying:
        told = say("none of these statements applies")
    elif outside == 1:
        told = say("{told}, 1 does not apply", told=told)
    elif outside:
        told = say("{told}, {outside} do not apply", told=told, outside=outside)
    if elsewhere:
        return say("Checked on the data of the shared settings: {told}", told=told)
    return say("Checked on your data: {told}", told=told)


def _claim(key: str, theme: Theme) -> str:
    claim = CLAIMS[key]
    return f"**{key}.** {say(claim.words)}\n\n{formulas.lines(claim.statement, theme)}"


def _badge(key: str, data: Data, found: Check) -> str:
    if not applies(data, (key,))[key]:
        return _OUTSIDE.format(say("does not apply here"))
    return _BADGE[found.holds].format(say("holds") if found.holds else say("fails"))


def _note(key: str, data: Data, found: Check, about: Callable[[Claim, Check, bool], str]) -> str:
    said = about(CLAIMS[key], found, applies(data, (key,))[key])
    return f"{_badge(key, data, found)} **{key}.** :small[{together(said)}]"


def _table(page: Page, data: Data, found: Mapping[str, Check], theme: Theme) -> None:
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
                        st.markdown(_why(key, data, found[key]))
                        shown = _shown_on(key, page)
                        if shown:
                            icon = ":material/arrow_forward:"
                            st.page_link(f"pages/{shown.stem}.py", label=say(shown.title), icon=icon)
            sides = st.expander(
                say("Formulas, both sides, conditions, sources"), key=f"sides_{keys[0]}", on_change="rerun"
            )
            if sides.open:
                for key in keys:
                    sides.markdown(_claim(key, theme))
                    sides.markdown(_note(key, data, found[key], statements.statement))


def _why(key: str, data: Data, found: Check) -> str:
    """Return a claim in words, how it stands, and why a reader should care."""
    claim = CLAIMS[key]
    return f"{_badge(key, data, found)} **{key}.** {say(claim.words)} *{statements.WHY[key]}*"


def _shown_on(key: str, page: Page) -> Page | None:
    """Return the other page on which a claim stands first, or as near to first as on any."""
    others = [other for other in EXPERIMENTS if other is not page and key in other.claims]
    return min(others, key=lambda other: other.claims.index(key), default=None)
