"""network: a network that really trains, asked to forget in every way there is."""

from ui.lessons.lesson import Lesson
from ui.lessons.network import job, sentences
from ui.lessons.network.figures import FIGURES
from ui.lessons.network.results import so_far
from ui.lessons.network.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return sentences.verdict(PAGE.prediction.options, None if guess is None else str(guess), so_far(view))


def _right(view: View) -> set[str]:
    return sentences.right(so_far(view))


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, work=job.work)
