"""teach: for the person at the front of a class: a plan, a talk by keyboard, and links to hand out."""

from ui import frame, teach

spec, page = frame.open_page()
part = frame.options(page)["part"]
if part == "plan":
    teach.plan()
elif part == "lecture":
    teach.talk()
else:
    teach.link_builder(frame.theme())
