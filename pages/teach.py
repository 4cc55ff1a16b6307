"""teach: for the person at the front: a plan, a talk by keyboard, links to hand out, sheets to print, and a quiz."""

from ui import frame, quiz, teach
from ui.teaching import worksheet_download

spec, page = frame.open_page()
part = frame.options(page)["part"]
if part == "plan":
    teach.plan()
elif part == "lecture":
    teach.talk()
elif part == "worksheets":
    worksheet_download.worksheets(spec)
elif part == "quiz":
    quiz.quiz(frame.theme())
else:
    teach.link_builder()
