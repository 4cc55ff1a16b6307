"""What the page teach says: the place of the person at the front."""

from ui.contents.page import TEACH, Page
from ui.controls import Choice

PARTS = {"Plan": "plan", "Lecture": "lecture", "Links": "links", "Worksheets": "worksheets", "Quiz": "quiz"}

PAGE = Page(
    stem="teach",
    title="For the person at the front",
    question="How do you teach this, in ten minutes or in forty-five?",
    group=TEACH,
    controls=(
        Choice(
            key="part",
            label="What you need",
            options=PARTS,
            help="A plan for a lesson, a talk by keyboard, links to hand out, sheets to print, or a quiz.",
        ),
    ),
)
