"""quiz: what people believe about forgetting, against the numbers."""

from ui.shell import frame

view = frame.open_page()
