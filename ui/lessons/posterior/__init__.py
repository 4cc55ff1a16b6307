"""posterior: what rows taught is divided out of a belief."""

from ui.lessons.lesson import Lesson, pictures_alone
from ui.lessons.posterior.figures import FIGURES
from ui.lessons.posterior.results import beliefs
from ui.lessons.posterior.sentences import verdict
from ui.lessons.posterior.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, beliefs(view))


def _right(view: View) -> set[str]:
    return {beliefs(view).outcome}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=pictures_alone)
