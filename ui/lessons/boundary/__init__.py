"""boundary: a map over two settings of how much fine-tuning leaves, and the line where it starts to forget."""

from ui.lessons.boundary import job, sentences
from ui.lessons.boundary.figures import FIGURES
from ui.lessons.boundary.grids import chosen
from ui.lessons.boundary.text import PAGE
from ui.lessons.lesson import Formula, Lesson
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    return sentences.verdict(PAGE.prediction.options, guess)


def _formula(view: View) -> Formula:
    grid, cell = chosen(view)
    return Formula(whose=sentences.one_draw(grid.at(*cell)))


def _right(view: View) -> set[str]:
    return {sentences.RIGHT}


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, formula=_formula, work=job.work)
