"""The networks as a visitor's job: asked for while they look at the page, stopped when they say so."""

import uuid

import streamlit as st

from theory.networks.pieces import Known
from ui.language import say
from ui.lessons.lesson import Growth
from ui.lessons.network import results, sentences
from ui.lessons.network.results import MORE_SEEDS, MOST_SEEDS, SEEDS, Request
from ui.plot.view import View
from ui.server.jobs import Progress

# Seconds between two looks at networks in training, and at a full waiting line.
OFTEN, SELDOM = 0.4, 5.0


def _visitor() -> str:
    """Return the session's own name among those who wait."""
    return str(st.session_state.setdefault("visitor", uuid.uuid4().hex))


def look(asked: Request) -> Progress[Known]:
    """Return how far the networks are; ask for the first if nobody has, or if they were given up as unwatched."""
    jobs = results.experiments()
    seen = jobs.look(asked, _visitor())
    if seen is None or seen.state == "left":
        seen = jobs.ask(asked, max(SEEDS, seen.amount if seen else 0), _visitor())
    return seen


def _ask(asked: Request, seeds: int) -> None:
    results.experiments().ask(asked, seeds, _visitor())


def work(view: View) -> Growth:
    """Ask for the networks of a View, and return how far they are."""
    seen = look(results.request(view))
    return Growth(f"{len(seen.record or ())}", OFTEN if seen.live else SELDOM if seen.state == "refused" else None)


def progress(view: View) -> None:
    """Say how far the networks are, and let them be stopped, taken up again or trained from more seeds."""
    asked = results.request(view)
    seen, jobs = look(asked), results.experiments()
    text = sentences.progress(seen)
    with st.container(horizontal=True, vertical_alignment="center"):
        if seen.live:
            st.progress(seen.done / max(seen.total, 1), text)
            st.button(say("Stop"), key="net_stop", icon=":material/stop:", on_click=jobs.stop, args=(asked, _visitor()))
            return
        st.markdown(text, width="content")
        again = seen.state in ("stopped", "failed")
        wanted, label = (seen.amount, say("Go on")) if again else (seen.amount + MORE_SEEDS, say("More seeds"))
        if seen.state != "refused" and wanted <= MOST_SEEDS:
            st.button(label, key="net_more", icon=":material/add:", on_click=_ask, args=(asked, wanted))
