"""geometry: the right triangle of the models, and where fine-tuning from any start leads in it."""

from ui.lessons.geometry import sentences
from ui.lessons.geometry.figures import FIGURES
from ui.lessons.geometry.results import exact_triangle, three_features, two_features
from ui.lessons.geometry.text import PAGE
from ui.lessons.lesson import Formula, Lesson
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return sentences.verdict(guess, exact_triangle(view.spec))


def _formula(view: View) -> Formula | None:
    if view["view"] == "two":
        return Formula(*sentences.formula_two(two_features(view.spec)))
    if view["view"] == "three":
        return Formula(*sentences.formula_three(three_features(view.spec, view["scale"])))
    return None


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, formula=_formula)
