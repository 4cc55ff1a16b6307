"""Where links for a class begin: where the page was opened, or another address of this machine that phones reach."""

from urllib.parse import urlsplit

import streamlit as st

from ui.language import say
from ui.page import links

# The address that was typed, kept for the other parts of the page and for the lecture.
_TYPED = "server_address"


def chosen() -> str:
    """Return where links begin: the address that was typed, else one of this machine that others reach, if there is."""
    opened = links.base(st.context.url or "")
    typed: str = st.session_state.get(_TYPED, "")
    return typed or next(iter(links.for_phones(opened)), opened)


def choose() -> str:
    """Let the reader type where links begin, say so where the page was opened at an address of this machine alone."""
    opened = links.base(st.context.url or "")
    others = links.for_phones(opened)
    text = st.text_input(say("Address of this server"), chosen(), key="link_start")
    st.session_state[_TYPED] = text if text == opened else text.strip().rstrip("/")
    if others:
        st.warning(
            say(
                "You opened this page at {opened}, which other machines cannot reach. This machine's address in its "
                "network is {others}: try it on a phone. It answers if the server listens to the network and no "
                "firewall is in between.",
                "You opened this page at {opened}, which other machines cannot reach. This machine's addresses in its "
                "network are {others}: try one on a phone. It answers if the server listens to the network and no "
                "firewall is in between.",
                n=len(others),
                opened=urlsplit(opened).netloc,
                others=", ".join(others),
            ),
            icon=":material/wifi:",
        )
    elif links.only_here(opened):
        st.warning(
            say(
                "You opened this page at {opened}, which other machines cannot reach, and this machine is in no "
                "network. Type the address under which phones reach it.",
                opened=urlsplit(opened).netloc,
            ),
            icon=":material/wifi_off:",
        )
    return chosen()
