"""What the person at the front sees of a class: how many have guessed, and beside the answer what they guessed."""

from pathlib import Path

import streamlit as st

from ui.language import say, spoken
from ui.lessons.lesson import Lesson
from ui.page import class_guesses
from ui.plot.view import View

# Seconds between two looks at the store.
AGAIN = 2.0
_HERE = Path(__file__).parent
_bars = st.components.v2.component(
    "class_bars",
    html="<table><caption></caption><tbody></tbody></table>",
    css=(_HERE / "class_bars.css").read_text(encoding="utf-8"),
    js=(_HERE / "class_bars.js").read_text(encoding="utf-8"),
)


def draw(lesson: Lesson, view: View, place: str) -> None:
    """Draw how many of the class have guessed on a page at these settings, and once it is told what they guessed.

    It is looked at again every two seconds. `place` names where it stands.
    """

    def part() -> None:
        found = class_guesses.counted(lesson.page, view)
        if found is None:
            st.warning(class_guesses.unreachable(), icon=":material/cloud_off:")
            return
        count = found.total()
        text = (
            say("**1** guess in {name}", name=class_guesses.name())
            if count == 1
            else say("**{count}** guesses in {name}", count=count, name=class_guesses.name())
        )
        if not view.told:
            st.markdown(text)
            return
        bars = class_guesses.bars(lesson, view, found)
        most = max([1, *(many for _, many, _ in bars)])
        rows = [{"text": text, "count": many, "share": many / most, "right": right} for text, many, right in bars]
        _bars(
            key=f"class_bars_{place}",
            data={
                "title": text.replace("**", ""),
                "rows": rows,
                "right": say("right"),
                "short": not lesson.page.asked(view).options,
            },
        )

    st.fragment(spoken(part), run_every=AGAIN)()
