"""claims: every statement of the site, both sides computed on the data at hand and on many random settings."""

from ui.language import say
from ui.lessons.claims import random_check
from ui.page.parts import close, heading, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
picture(lesson, view, "checks")
if view.told:
    heading(say("Not only on your data"))
    random_check.offer(view)
    if random_check.has_run(view):
        picture(lesson, view, "survey")
close(lesson, view)
