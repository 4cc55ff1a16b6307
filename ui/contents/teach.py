"""What the page teach says: the place of the person at the front."""

from ui.contents.page import TEACH, Page

PAGE = Page(
    stem="teach",
    title="For the person at the front",
    question="How do you teach this, in ten minutes or in forty-five?",
    group=TEACH,
)
