"""overlap: the retain and the forget rows share features (Theorem 3.4 in version 1 of the paper)."""

from functools import partial

from ui.lessons.lesson import Lesson, pictures_alone
from ui.lessons.overlap.figures import FIGURES
from ui.lessons.overlap.text import PAGE
from ui.lessons.three_models import judge, share

LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=partial(judge, PAGE), right=share, around=pictures_alone)
