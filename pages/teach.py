"""teach: for the person at the front: a plan, a talk by keyboard, links to hand out, sheets to print, and a quiz."""

from ui import frame, handout, quiz, teach

spec, page = frame.open_page()
part = frame.options(page)["part"]
if part == "plan":
    teach.plan()
elif part == "lecture":
    teach.talk()
elif part == "worksheets":
    handout.worksheets(spec)
elif part == "quiz":
    quiz.quiz(frame.theme())
else:
    teach.link_builder()
