"""digits: a class, some rows or mistakes are forgotten on real images."""

import streamlit as st

from ui.language import say
from ui.page.parts import close, heading, picture, predict, tell
from ui.shell import frame

view, lesson = frame.open_lesson()
predict(lesson, view)
left, right = st.columns([3, 2], gap="medium")
with left:
    picture(lesson, view, "answers")
with right:
    picture(lesson, view, "phases")
heading(say("Every method beside golden"))
tell(
    say(
        "**UA**: forgotten images not answered as taught. **RA**, **TA**: answered right among the images to keep and "
        "among new ones. **UL**: squared error on the forgotten images. **Attack**: chance that a forgotten image "
        "looks more familiar than a new one; 0.5 is no trace, above **and below** it is one. **Away**: distance from "
        "golden, 1 where the pretrained model is. Orange is golden's number, blue is far from it: large or small does "
        "not matter."
    )
)
picture(lesson, view, "scores")
heading(say("How overlapping features show"))
picture(lesson, view, "sight")
close(lesson, view)
