"""start: the dead button; why more training cannot unlearn, seen by everyone first."""

from ui.figures.models import outcomes, verdict
from ui.lessons.lesson import Lesson, pictures_alone
from ui.lessons.start.figures import FIGURES
from ui.lessons.start.results import ended_records
from ui.lessons.start.text import PAGE
from ui.lessons.three_models import models
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, view.spec, ended_records(view.spec), models(view.spec).weights)


def _right(view: View) -> frozenset[str]:
    return outcomes(ended_records(view.spec))


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=pictures_alone)
