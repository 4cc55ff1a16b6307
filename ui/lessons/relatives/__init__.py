"""relatives: four problems from other fields in which something is read and never written."""

from ui.lessons.lesson import Lesson
from ui.lessons.relatives.figures import FIGURES
from ui.lessons.relatives.parts import unwritten
from ui.lessons.relatives.text import PAGE
from ui.lessons.relatives.verdicts import right, verdict

LESSON = Lesson(page=PAGE, figures=FIGURES, verdict=verdict, right=right, around=unwritten)
