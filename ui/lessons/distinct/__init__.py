"""distinct: the retain and the forget rows use different features (Theorem 3.2 in version 1 of the paper)."""

from functools import partial

from ui.lessons.distinct.figures import FIGURES
from ui.lessons.distinct.text import PAGE
from ui.lessons.lesson import Lesson
from ui.lessons.three_models import judge

LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=partial(judge, PAGE))
