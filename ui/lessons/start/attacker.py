"""Be the attacker: read the label of one forgotten row off each model."""

import streamlit as st

from ui.figures.models import LABELS
from ui.language import say
from ui.language.words import together
from ui.lessons.start.results import tuning_run
from ui.lessons.start.sentences import attack, attack_score, intro
from ui.plot.view import View


def offer(view: View) -> None:
    """Let the reader choose a row."""
    run = tuning_run(view.spec)
    labels = run.labels
    st.markdown(f"### {say('Be the attacker')}\n\n{intro(len(labels))}", anchors=False)
    row = 1
    if len(labels) > 1:
        row = st.slider(say("Row to attack"), 1, len(labels), 1, key="attack", width=420)
    read = attack(labels, run.readings, row - 1, LABELS)
    st.markdown(together(f"{read}\n\n{attack_score(labels, run.readings)}"), anchors=False)
