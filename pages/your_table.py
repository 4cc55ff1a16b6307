"""your_table: a visitor's own rows; what fine-tuning leaves of those that leave, and what to do about it."""

from ui.language import say
from ui.lessons import EXPERIMENTS
from ui.lessons.your_table import desk
from ui.page.parts import close, heading, picture, predict
from ui.plot.real_rows import ROWS
from ui.shell import frame

view, lesson = frame.open_lesson()
desk.bring()
if desk.fits(view):
    predict(lesson, view)
    picture(lesson, view, "errors", grown=desk.version())
    if "left" in lesson.shown(view):
        heading(say("Where fine-tuned and golden differ"))
        picture(lesson, view, "left", grown=desk.version())
desk.choose(view)
desk.read(view)
desk.lead([page for page in EXPERIMENTS if ROWS in page.controls], view)
close(lesson, view)
