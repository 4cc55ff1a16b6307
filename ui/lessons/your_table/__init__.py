"""your_table: a visitor's own rows; what fine-tuning leaves of those that leave, and what to do about it."""

from theory import Refusal
from ui.lessons.lesson import Lesson
from ui.lessons.your_table.figures import FIGURES
from ui.lessons.your_table.results import answer
from ui.lessons.your_table.sentences import outcome, verdict
from ui.lessons.your_table.text import PAGE
from ui.plot.view import View
from ui.server import table_store


def _verdict(view: View, guess: str | int | None) -> str:
    return verdict(PAGE.prediction.options, guess, answer(view))


def _right(view: View) -> set[str]:
    return {outcome(answer(view))}


def _around(view: View) -> object:
    """Return what the desk below the pictures shows of a draw: why no models can be made, or what was done to the rows.

    Rows of a visitor's own that are chosen at random are chosen anew in another draw.
    """
    try:
        return answer(view).notes, table_store.name() and view["shuffle"]
    except Refusal as refused:
        return str(refused)


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, around=_around)
