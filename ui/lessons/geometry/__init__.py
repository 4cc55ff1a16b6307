"""geometry: a valley with a flat floor, the right triangle of the models, and where fine-tuning leads in both."""

from collections.abc import Mapping

import numpy as np

from theory import Array
from ui.lessons.geometry import results, sentences
from ui.lessons.geometry.figures import FIGURES
from ui.lessons.geometry.text import PAGE, STARTS
from ui.lessons.lesson import Formula, Lesson, pictures_alone
from ui.plot.view import View


def _places(view: View) -> Mapping[str, Array]:
    """Return where fine-tuning starts and ends in the picture at these settings, and the models it may end at."""
    if results.seen(view) == "two":
        seen = results.two_features(view)
        return {"start": seen.start, "end": seen.end, "golden": seen.w_g, "pretrained": seen.w_o}
    if results.seen(view) == "three":
        three = results.three_features(view.spec)
        return {"start": three.begin, "end": three.end, "golden": three.w_g, "pretrained": three.w_o}
    found = results.exact_triangle(view.data)
    at, pretrained = STARTS.index(view["scale"]), np.array([found.foot, found.leftover, found.off])
    return {
        "start": view["scale"] * pretrained,
        "end": np.append(found.ends[at], 0.0),
        "golden": np.array([found.golden, 0.0, 0.0]),
        "pretrained": pretrained,
    }


def _verdict(view: View, guess: str | int | None) -> str:
    return sentences.verdict(PAGE.prediction.options, guess, _places(view))


def _formula(view: View) -> Formula | None:
    if results.seen(view) == "two":
        return Formula(*sentences.formula_two(results.two_features(view)))
    if results.seen(view) == "three":
        return Formula(*sentences.formula_three(results.three_features(view.spec)))
    return None


def _right(view: View) -> set[str]:
    return sentences.outcomes(_places(view))


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, formula=_formula, around=pictures_alone)
