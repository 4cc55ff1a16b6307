"""start: the dead button; why more training cannot unlearn, seen by everyone first."""

from ui.language import say
from ui.lessons.start import attacker
from ui.page.parts import after_motion, close, picture, predict, slide
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
if view.told:
    slide(lesson, view, "trained", play=say("Fine-tune"))
picture(lesson, view, "button")
if view.told:
    with after_motion(view, "attacker"):
        attacker.offer(view)
close(lesson, view)
