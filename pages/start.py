"""start: the dead button; why more training cannot unlearn, seen by everyone first."""

from ui.language import say
from ui.lessons.start import attacker
from ui.page.parts import after_motion, close, picture, predict, slide
from ui.plot.view import View
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
if view.told:
    slide(lesson, view, "trained", play=say("Fine-tune"))
picture(lesson, view, "button")


def attack(at: View) -> None:
    """Let the reader attack at the settings of a View, once the motion has begun."""
    if at.told:
        with after_motion(at, "attacker"):
            attacker.offer(at)


close(lesson, view, attack)
