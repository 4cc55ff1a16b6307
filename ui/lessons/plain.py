"""The pages without an experiment of their own: the quiz, the page for the person at the front, and about."""

from ui.lessons.lesson import TEACH, Page
from ui.plot.controls import Choice, Whole

# Quizzes there are: each number is one.
SEEDS = 1_000_000
PARTS = {"Plan": "plan", "Lecture": "lecture", "Links": "links", "Worksheets": "worksheets"}

QUIZ = Page(
    stem="quiz",
    title="Test yourself",
    question="Which of eight beliefs about forgetting do the numbers bear out?",
    group=TEACH,
    controls=(Whole(key="quiz", label="Quiz", low=0, high=SEEDS - 1),),
)
FRONT = Page(
    stem="teach",
    title="For the person at the front",
    question="How do you teach this, in ten minutes or in forty-five?",
    group=TEACH,
    controls=(
        Choice(
            key="part",
            label="What you need",
            options=PARTS,
            help="A plan for a lesson, a talk by keyboard, links to hand out, or sheets to print.",
        ),
    ),
)
ABOUT = Page(
    stem="about",
    title="Where this comes from",
    question="What is the paper's, what was derived here, and how do you cite it?",
    group=TEACH,
)
