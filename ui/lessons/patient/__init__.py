"""patient: one row of a real table is forgotten, and what the models still say of it."""

from ui.lessons.lesson import Lesson, pictures_alone
from ui.lessons.patient.figures import FIGURES
from ui.lessons.patient.results import asked, known
from ui.lessons.patient.sentences import outcome, verdict
from ui.lessons.patient.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, known(asked(view)))


def _right(view: View) -> set[str]:
    return {outcome(known(asked(view)))}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=pictures_alone)
