"""quiz: what people believe about forgetting, against the numbers."""

from ui.shell import frame
from ui.teaching import quiz

quiz.draw(frame.open_page())
