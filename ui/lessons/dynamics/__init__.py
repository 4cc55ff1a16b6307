"""dynamics: gradient descent direction by direction; the ones that run, and the ones that never move."""

from ui.lessons.dynamics import sentences
from ui.lessons.dynamics.figures import FIGURES, run_of
from ui.lessons.dynamics.text import PAGE
from ui.lessons.lesson import Formula, Lesson, pictures_alone
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return sentences.verdict(PAGE.prediction.options, guess, run_of(view), view["objective"], view.data.n_forget == 1)


def _formula(view: View) -> Formula:
    return Formula(*sentences.formula(run_of(view), view["objective"]))


def _right(view: View) -> frozenset[str]:
    return sentences.outcomes(run_of(view))


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, formula=_formula, around=pictures_alone)
