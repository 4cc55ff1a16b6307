"""claims: every statement of the site, both sides computed on the data at hand and on many random settings."""

from dataclasses import replace

from ui.lessons.claims import random_check, sentences
from ui.lessons.claims.figures import FIGURES
from ui.lessons.claims.text import PAGE
from ui.lessons.lesson import Lesson
from ui.plot.view import View
from ui.server.results import applies, checks


def _verdict(view: View, guess: str | int | None) -> str:
    found, met = checks(view.data, PAGE.claims), applies(view.data, PAGE.claims)
    return sentences.verdict(PAGE.prediction.options, guess, found, met)


def _right(view: View) -> list[str]:
    return sentences.right(checks(view.data, PAGE.claims), applies(view.data, PAGE.claims))


def _around(view: View) -> object:
    return view.spec.seed  # the long check is of a seed


LESSON = Lesson(
    page=PAGE,
    figures={**FIGURES, "survey": replace(FIGURES["survey"], shown=random_check.has_run)},
    verdict=_verdict,
    right=_right,
    around=_around,
)
