"""The long check: every statement on many random settings, a few at a time, kept for the session."""

import streamlit as st

from ui.language import say
from ui.lessons.claims.results import SURVEY, SURVEY_CHUNK, random_errors
from ui.plot.view import View

# The seed the check was asked for last, and the one for which it has run.
_ASKED, _DONE = "survey_asked", "survey_done"


def has_run(view: View) -> bool:
    """Whether the check has been run for this seed, and may be told."""
    return view.told and st.session_state.get(_DONE) == view.spec.seed


def _ask(seed: int) -> None:
    st.session_state[_ASKED] = seed


def _check(seed: int) -> None:
    """Check all settings, while a bar says how far it is; the results are remembered by the server."""
    bar = st.progress(0.0, say("Checking"))
    for start in range(0, SURVEY, SURVEY_CHUNK):
        random_errors(seed, start)
        done = start + SURVEY_CHUNK
        bar.progress(done / SURVEY, say("{done} of {SURVEY} settings checked", done=done, SURVEY=SURVEY))
    bar.empty()
    st.session_state[_DONE] = seed


def offer(view: View) -> None:
    """Offer the check as a button, or run it where it is asked for."""
    if has_run(view):
        return
    seed, place = view.spec.seed, st.empty()
    if st.session_state.get(_ASKED) == seed:
        # A run of the page in the middle stops the check, and takes it up where it was.
        with place:
            _check(seed)
        return
    place.button(
        say("Check all on {SURVEY} random settings", SURVEY=SURVEY),
        key="check_many",
        icon=":material/fact_check:",
        help=say("Other features, overlaps, rows and noise each time; every statement is checked wherever it applies."),
        on_click=_ask,
        args=(seed,),
    )
