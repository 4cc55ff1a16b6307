"""flatten: a curve is made flat around a row, with no other row at hand."""

from ui.lessons.flatten.figures import FIGURES
from ui.lessons.flatten.results import flat
from ui.lessons.flatten.sentences import verdict
from ui.lessons.flatten.text import PAGE
from ui.lessons.lesson import Lesson, pictures_alone
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, flat(view))


def _right(view: View) -> set[str]:
    return {flat(view).outcome}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=pictures_alone)
