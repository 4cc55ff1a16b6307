"""teach: for the person at the front of a class."""

from ui import frame

spec, page = frame.open_page()
