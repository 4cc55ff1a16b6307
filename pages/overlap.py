"""overlap: the retain and the forget rows share features (Theorem 3.4 in version 1 of the paper)."""

from ui.language import say
from ui.page.parts import close, heading, pair, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
pair(lesson, view, "curve", "losses")
heading(say("Where the models keep what they know"))
picture(lesson, view, "weights")
close(lesson, view)
