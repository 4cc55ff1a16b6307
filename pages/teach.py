"""teach: for the person at the front: a plan, a talk by keyboard, links to hand out, sheets to print."""

from ui.shell import frame
from ui.teaching import link_builder, plan, worksheet_download

view = frame.open_page()
if view["part"] == "plan":
    plan.plan()
elif view["part"] == "lecture":
    plan.talk()
elif view["part"] == "worksheets":
    worksheet_download.worksheets(view.spec)
else:
    link_builder.draw(view)
