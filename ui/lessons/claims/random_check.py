"""The long check: every statement on many random settings, a few at a time, kept for the session."""

import numpy as np
import streamlit as st

from theory import Array
from ui.language import say
from ui.lessons.claims import results
from ui.lessons.claims.results import SURVEY, SURVEY_CHUNK
from ui.teaching import lecture

# The seed the check was asked for last, and its relative differences by statement, by that seed.
_ASKED, _KEPT = "survey_asked", "survey_kept"


def _ask(seed: int) -> None:
    st.session_state[_ASKED] = seed


def _check(seed: int) -> dict[str, Array]:
    """Return every statement's relative differences on all settings, while a bar says how far it is."""
    bar = st.progress(0.0, say("Checking"))
    parts = []
    for start in range(0, SURVEY, SURVEY_CHUNK):
        parts.append(results.random_errors(seed, start))
        done = start + SURVEY_CHUNK
        bar.progress(done / SURVEY, say("{done} of {SURVEY} settings checked", done=done, SURVEY=SURVEY))
    bar.empty()
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def offer(seed: int) -> dict[str, Array] | None:
    """Offer the check as a button, and return what it found for this seed once it has run; not in a lecture."""
    if lecture.stage():
        return None
    st.subheader(say("Not only on your data"), anchor=False)
    kept: dict[int, dict[str, Array]] = st.session_state.get(_KEPT, {})
    if seed in kept:
        return kept[seed]
    place = st.empty()
    if st.session_state.get(_ASKED) != seed:
        place.button(
            say("Check all on {SURVEY} random settings", SURVEY=SURVEY),
            key="check_many",
            icon=":material/fact_check:",
            help=say(
                "Other features, overlaps, rows and noise each time; every statement is checked wherever it applies."
            ),
            on_click=_ask,
            args=(seed,),
        )
        return None
    # A move of a control in the middle stops the check; the next run takes it up where it was.
    with place:
        found = _check(seed)
    st.session_state[_KEPT] = {seed: found}
    return found
