"""lineup: every method of the table on one problem."""

from ui.lessons.lesson import Lesson
from ui.lessons.lineup.figures import FIGURES
from ui.lessons.lineup.results import lined_up
from ui.lessons.lineup.sentences import enough, method_told, right, verdict
from ui.lessons.lineup.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, lined_up(view.data))


def _right(view: View) -> set[str]:
    found = lined_up(view.data)
    return right(found) if enough(found) else set()


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=method_told)
