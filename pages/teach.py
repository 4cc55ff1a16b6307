"""teach: for the person at the front of a class: a plan, a talk by keyboard, links to hand out, and sheets to print."""

from ui import frame, handout, teach

spec, page = frame.open_page()
part = frame.options(page)["part"]
if part == "plan":
    teach.plan()
elif part == "lecture":
    teach.talk()
elif part == "worksheets":
    handout.worksheets(spec)
else:
    teach.link_builder(frame.theme())
