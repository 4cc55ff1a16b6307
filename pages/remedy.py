"""remedy: erase what the forget rows taught before fine-tuning (section 4 in version 1 of the paper)."""

from ui.language import say
from ui.lessons.remedy.figures import against_overlap
from ui.page.parts import close, heading, pair, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
pair(lesson, view, "weights", "bars")
if view.told:
    if against_overlap(view):
        heading(say("How near golden, at every overlap"))
    else:
        heading(say("When fine-tuning sees only some of the rows to keep"))
    picture(lesson, view, "second")
close(lesson, view)
