"""The part of the page teach that hands out paper: a worksheet and its answers, for a setting and a seed."""

import streamlit as st

from theory import Spec
from ui.figures.models import CAST_KEYS
from ui.language import say
from ui.server.results import experiment
from ui.teaching import server_address, worksheet

_AS_THEY_STAND = ""  # no case to try


def worksheets(spec: Spec) -> None:
    """Let the reader choose a setting and a seed, and save the sheet and its answers."""
    st.subheader(say("A worksheet for your class"), anchor=False)
    st.markdown(
        say(
            "Eight questions on paper: seven about two rows and three weights, with a pocket calculator, and one to "
            "read off a page. The same seed gives the same sheet. Open a file in the browser and print it."
        )
    )
    cases = worksheet.cases()
    names = {_AS_THEY_STAND: say("The controls as they stand")}
    names |= {key: f"{say(page.title)}: {say(preset.title)}" for key, (page, preset) in cases.items()}
    left, right = st.columns([3, 1], gap="medium")
    with left:
        case = st.selectbox(
            say("Setting of the question on screen"), list(names), format_func=names.__getitem__, key="sheet_case"
        )
    with right:
        # Its key is the seed it starts from: a link with another seed gives another sheet.
        seed = st.number_input(
            say("Draw (seed)"),
            0,
            999,
            spec.seed,
            key=f"sheet_seed_{spec.seed}",
            help=say("The same number draws the same sheet everywhere."),
        )
    chosen = worksheet.setting(worksheet.of_case(case) if case else spec, seed)
    start = server_address.choose()
    records = experiment(chosen, CAST_KEYS).records
    files = {
        False: (say("Save the worksheet"), ":material/edit_note:", worksheet.sheet(chosen, start)),
        True: (say("Save the answers"), ":material/fact_check:", worksheet.answers(chosen, start, records)),
    }
    with st.container(horizontal=True):
        for answers, (label, icon, text) in files.items():
            st.download_button(
                label,
                text,
                worksheet.file_name(chosen, answers=answers),
                "text/html",
                key=f"save_{'answers' if answers else 'sheet'}",
                icon=icon,
                on_click="ignore",
            )
    st.markdown(say("The question on screen is answered at this link, which is printed on the sheet:"))
    st.code(worksheet.link(chosen, start), language=None, wrap_lines=True)
