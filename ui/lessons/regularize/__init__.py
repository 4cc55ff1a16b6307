"""regularize: push the rows to forget to wrong labels (discriminative regularization, version 1 of the paper)."""

from functools import partial

from ui.lessons.lesson import Lesson
from ui.lessons.regularize.figures import FIGURES
from ui.lessons.regularize.results import met, push_curve, pushed, weighed
from ui.lessons.regularize.sentences import KEYS, hurts, objective, verdict, weight
from ui.lessons.regularize.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    spec, target, mu = view.spec, view["target"], view["mu"]
    records = pushed(spec, KEYS, view["alpha"], target, mu).records
    find = partial(met, spec, target, mu)
    return verdict(PAGE.prediction.options, guess, find, push_curve(spec, target, mu), records["pretrained"])


def weighed_in_words(view: View) -> tuple[str, str]:
    """Return whether alpha matters and where it hurts, and what the push minimises as LaTeX."""
    spec, alpha, target, mu = view.spec, view["alpha"], view["target"], view["mu"]
    found, curve = pushed(spec, KEYS, alpha, target, mu), push_curve(spec, target, mu)
    matters = weight(mu, curve, weighed(spec, target, 0.0), weighed(spec, target, mu))
    answer = f"{matters} {hurts(curve, found.records['pretrained'])}"
    return answer, objective(found.terms, alpha, mu, view.theme)


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict)
