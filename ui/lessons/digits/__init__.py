"""digits: a class, some rows or mistakes are forgotten on real images."""

from ui.lessons.digits.figures import FIGURES
from ui.lessons.digits.results import models
from ui.lessons.digits.sentences import outcome, verdict
from ui.lessons.digits.text import PAGE
from ui.lessons.lesson import Lesson, pictures_alone
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, models(view))


def _right(view: View) -> set[str]:
    return {outcome(models(view))}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=pictures_alone)
