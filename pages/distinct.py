"""distinct: the retain and the forget rows use different features (Theorem 3.2 in version 1 of the paper)."""

from ui.language import say
from ui.page.parts import close, heading, pair, picture, predict
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
pair(lesson, view, "weights", "losses")
heading(say("Would more rows to train on help?"))
picture(lesson, view, "rows")
close(lesson, view)
