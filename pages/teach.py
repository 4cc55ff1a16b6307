"""teach: for the person at the front: a plan, a talk by keyboard, links to hand out, sheets to print."""

from ui.shell import frame

view = frame.open_page()
