"""your_table: a visitor's own rows; what fine-tuning leaves of those that leave, and what to do about it."""

from ui.lessons.lesson import Lesson
from ui.lessons.your_table.figures import FIGURES
from ui.lessons.your_table.results import answer
from ui.lessons.your_table.sentences import outcome, verdict
from ui.lessons.your_table.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, answer(view))


def _right(view: View) -> set[str]:
    return {outcome(answer(view))}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right)
