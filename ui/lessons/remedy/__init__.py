"""remedy: erase what the forget rows taught before fine-tuning (section 4 in version 1 of the paper)."""

from ui.language import say
from ui.lessons.lesson import Formula, Lesson, pictures_alone
from ui.lessons.remedy.figures import FIGURES
from ui.lessons.remedy.results import remedied
from ui.lessons.remedy.sentences import CAST_KEYS, UNMIXED, right, verdict
from ui.lessons.remedy.text import PAGE
from ui.plot.view import View


def _verdict(view: View, guess: str | int | None) -> str:
    found = remedied(view.data, CAST_KEYS, view["erase"], view["rotate"])
    return verdict(PAGE.prediction.options, guess, found, view.data)


def _formula(view: View) -> Formula | None:
    return Formula(whose=say(UNMIXED)) if view["rotate"] else None


def _right(view: View) -> frozenset[str]:
    return right(remedied(view.data, CAST_KEYS, view["erase"], view["rotate"]))


LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=_verdict, right=_right, formula=_formula, around=pictures_alone)
