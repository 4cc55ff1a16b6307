"""regularize: push the rows to forget to wrong labels (discriminative regularization, version 1 of the paper)."""

from functools import partial

from ui.lessons.lesson import Lesson
from ui.lessons.regularize.figures import FIGURES
from ui.lessons.regularize.results import crossing, push_curve, pushed
from ui.lessons.regularize.sentences import KEYS, verdict
from ui.lessons.regularize.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    spec, target, mu = view.spec, view["target"], view["mu"]
    records = pushed(spec, KEYS, view["alpha"], target, mu).records
    find = partial(crossing, spec, target, mu)
    return verdict(PAGE.prediction.options, guess, find, push_curve(spec, target, mu), records)


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict)
