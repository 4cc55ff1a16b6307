"""What a reader asks for by hand: a method on the board, a number of the three models, the time of a deletion."""

import streamlit as st

from theory import deletion_timing
from ui.language import say
from ui.lessons.lineup.sentences import ASKED, timed
from ui.lessons.lineup.text import ACCUSED, CHOSEN, EVIDENCE, NAMES, YOUR_OWN
from ui.plot.controls import Whole

_TIMED = "deletion_timed"


def pick() -> None:
    """Choose the method whose row was clicked, if that is what the browser says."""
    try:
        key = st.session_state["board"]["picked"]["row"]
    except (LookupError, TypeError):
        return
    label = next((label for label, method in CHOSEN.options.items() if method == key), None)
    if label is not None:
        st.session_state[CHOSEN.key] = label


def _put(control: Whole, value: int) -> None:
    st.query_params[control.key] = control.shown(value)


def question() -> None:
    """Offer the numbers that may be asked for, and the three models to name."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for place, measure in enumerate(ASKED):
            st.button(ASKED[measure], key=f"ask_{measure}", on_click=_put, args=(EVIDENCE, place))
    with st.container(horizontal=True, vertical_alignment="center"):
        for place, name in enumerate(NAMES):
            label = say("{name} is golden", name=name)
            st.button(label, key=f"accuse_{name}", icon=":material/verified:", on_click=_put, args=(ACCUSED, place))


def _time() -> None:
    st.session_state[_TIMED] = deletion_timing()


def deletion() -> None:
    """Time exact deletion and retraining on this server, each time it is asked."""
    label = say("Delete 20 of 220 rows, and retrain without them")
    st.button(label, icon=":material/timer:", key="delete", on_click=_time)
    if _TIMED in st.session_state:
        st.markdown(timed(st.session_state[_TIMED]))


def your_own() -> None:
    """Show a method of one's own as code to copy."""
    st.markdown(say("One file and one row: the method then stands on this board and is tested like all others."))
    st.code(YOUR_OWN, language="python")
