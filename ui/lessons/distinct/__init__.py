"""distinct: the retain and the forget rows use different features (Theorem 3.2 in version 1 of the paper)."""

from ui.lessons.distinct.figures import FIGURES
from ui.lessons.distinct.sentences import differing, verdict
from ui.lessons.distinct.text import PAGE
from ui.lessons.lesson import Lesson, pictures_alone
from ui.lessons.three_models import models
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, models(view.spec), view.spec)


def _right(view: View) -> set[str]:
    found = models(view.spec)
    return {differing(found.weights, found.blocks)}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=pictures_alone)
