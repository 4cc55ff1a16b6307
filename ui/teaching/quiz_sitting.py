"""A sitting: what one reader has done with one quiz, kept for the session, and how it compares with the numbers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from ui.language import say
from ui.language.words import in_turn
from ui.lessons.plain import QUIZ, SEEDS
from ui.teaching.quiz_items import ITEMS
from ui.teaching.quiz_questions import right

RESULT = "result"
# The widget that chooses a question; the session's sitting.
AT, _SITTING = "quiz_at", "sitting"


@dataclass
class Sitting:
    """What one reader did with one quiz: where they are, answers and words by question.

    Attributes
    ----------
    answers : the numbers answered with, by their name in the evidence.
    words : what the reader wrote.
    explained : questions whose explanation is shown.
    """

    seed: int
    at: str = ITEMS[0].key
    answers: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    explained: set[str] = field(default_factory=set)

    def go(self, place: str) -> None:
        """Turn to a question, or to the result."""
        self.at = st.session_state[AT] = place

    def commit(self, question: str, widget: str) -> None:
        """Take the answer that was picked."""
        self.answers[question] = st.session_state[widget]

    def note(self, question: str, widget: str) -> None:
        """Take the words that were written."""
        self.words[question] = st.session_state[widget]


def _begin(seed: int) -> Sitting:
    found = Sitting(seed)
    st.session_state[_SITTING] = found
    st.session_state.pop(AT, None)
    return found


def begin_another() -> None:
    """Begin another quiz, which takes the place of the one before."""
    st.query_params[QUIZ.controls[0].key] = str(_begin(secrets.randbelow(SEEDS)).seed)


def sitting(asked: int | None) -> Sitting:
    """Return the session's quiz: the one that is asked for, else the one begun before, else a new one.

    The address says which.
    """
    found: Sitting | None = st.session_state.get(_SITTING)
    if found is None or asked not in (None, found.seed):
        found = _begin(secrets.randbelow(SEEDS) if asked is None else asked)
    if asked is None:
        st.query_params[QUIZ.controls[0].key] = str(found.seed)
    return found


def score(answers: Mapping[str, str]) -> str:
    """Return how the answers given compare with the numbers, and which questions are open: no grade."""
    open_ones = [n for n, item in enumerate(ITEMS, 1) if item.key not in answers]
    if len(open_ones) == len(ITEMS):
        return say("You have not answered a question yet.")
    agreed = sum(answers.get(item.key) == right(item) for item in ITEMS)
    told = say(
        "You have answered {given} of {count} questions; {n} of your answers agrees with the numbers.",
        "You have answered {given} of {count} questions; {n} of your answers agree with the numbers.",
        n=agreed,
        given=len(ITEMS) - len(open_ones),
        count=len(ITEMS),
    )
    left = say("Not answered yet: {numbers}.", numbers=", ".join(map(str, open_ones))) if open_ones else ""
    return in_turn(told, left)
