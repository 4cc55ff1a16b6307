"""regularize: push the rows to forget to wrong labels (discriminative regularization, version 1 of the paper)."""

from functools import partial

from ui.language.words import in_turn
from ui.lessons.lesson import Formula, Lesson, pictures_alone
from ui.lessons.regularize.figures import FIGURES
from ui.lessons.regularize.results import met, push_curve, pushed, weighed
from ui.lessons.regularize.sentences import KEYS, hurts, objective, outcome, verdict, weight
from ui.lessons.regularize.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    spec, target, mu = view.data, view["target"], view["mu"]
    records = pushed(spec, KEYS, view["alpha"], target, mu).records
    find = partial(met, spec, target, mu)
    return verdict(PAGE.prediction.options, guess, find, push_curve(spec, target, mu), records["pretrained"])


def _formula(view: View) -> Formula:
    spec, alpha, mu = view.data, view["alpha"], view["mu"]
    return objective(pushed(spec, KEYS, alpha, view["target"], mu).terms, alpha, mu)


def matters(view: View) -> str:
    """Return whether alpha matters at the settings of a View, and where it hurts."""
    spec, target, mu = view.data, view["target"], view["mu"]
    curve, records = push_curve(spec, target, mu), pushed(spec, KEYS, view["alpha"], target, mu).records
    matter = weight(mu, curve, weighed(spec, target, 0.0), weighed(spec, target, mu))
    return in_turn(matter, hurts(curve, records["pretrained"]))


def _right(view: View) -> set[str]:
    return {outcome(met(view.data, view["target"], view["mu"]))}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, formula=_formula, around=pictures_alone)
