"""The menu on top: every page in its group, in the order of the table, and the languages where there are several."""

from typing import Any

import streamlit as st

from ui.language import CATALOGUES, ENGLISH, code, names, say
from ui.lessons import PAGES
from ui.lessons.plain import FRONT
from ui.page import links
from ui.shell import address

# The session's language, the menu it is chosen from, and a note about an address that asks for another.
_LANGUAGE, _LANGUAGE_MENU = "language", "language_menu"
# The session's pages, and for which language and link they were made.
_PAGES = "menu_pages"


def pages() -> dict[str, list[Any]]:
    """Return Streamlit's pages by group; a link may hide the one for the person at the front.

    A session makes them once: Streamlit looks for every page's file, which is a tenth of a run.
    """
    wanted = (code(), links.TEACH in address.parts_hidden())
    made: tuple[tuple[str, bool], dict[str, list[Any]]] | None = st.session_state.get(_PAGES)
    if made is None or made[0] != wanted:
        made = st.session_state[_PAGES] = wanted, _made(away=wanted[1])
    return made[1]


def _made(*, away: bool) -> dict[str, list[Any]]:
    menu: dict[str, list[Any]] = {}
    for row in PAGES:
        first = row is PAGES[0]
        seen: dict[str, str] = {"visibility": "hidden"} if away and row is FRONT else {}
        page = _page(row.stem, say(row.title), default=first, url_path="home" if first else None, **seen)
        menu.setdefault(say(row.group), []).append(page)
    # Streamlit serves the first page at / alone. Under its own name, which is in no link but may be typed, it is a page
    # of its own that no menu shows.
    menu[say(PAGES[0].group)].append(
        _page(PAGES[0].stem, say(PAGES[0].title), url_path=PAGES[0].stem, visibility="hidden")
    )
    return menu


def _page(stem: str, title: str, **how: Any) -> Any:
    return st.Page(f"pages/{stem}.py", title=title, **how)


def settle_language() -> tuple[str, str]:
    """Return the language of the session, and a note about the address; it always says a language but English."""
    note = ""
    asked = st.query_params.get_all("lang")
    if asked:
        if len(asked) == 1 and asked[0] in CATALOGUES:
            st.session_state[_LANGUAGE] = asked[0]
        else:
            del st.query_params["lang"]
            note = say("Language (`lang`) in the address is none of {codes}.", codes=", ".join(CATALOGUES))
    language: str = st.session_state.get(_LANGUAGE, ENGLISH)
    if language != st.query_params.get("lang", ENGLISH):
        st.query_params["lang"] = language
    return language, note


def _choose_language() -> None:
    chosen = st.session_state[_LANGUAGE_MENU]
    st.session_state[_LANGUAGE] = chosen
    st.query_params["lang"] = chosen


def language_menu() -> None:
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
