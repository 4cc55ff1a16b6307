"""Take it with you: every picture as SVG, PNG and CSV, and the page's numbers as a numpy script."""

from functools import partial
from pathlib import Path

import streamlit as st

from theory.data import RealRows
from theory.data.sources import FOLDER
from ui.language import say
from ui.lessons.lesson import Lesson, Page
from ui.page import guess, links
from ui.page.numpy_script import rows_file, rows_numbers, script
from ui.plot.view import View, controls_of
from ui.server import table_store

_HERE = Path(__file__).parent
PART = "take"
_save = st.components.v2.component(
    "save_pictures",
    html="<ul></ul>",
    css=(_HERE / "downloads.css").read_text(encoding="utf-8"),
    js=(_HERE / "downloads.js").read_text(encoding="utf-8"),
)


def _address(page: Page, view: View) -> str:
    """Return the address of the page at its settings, as a link to it says them."""
    values = {c.key: st.session_state[c.key] for c in controls_of(page) if c.key not in page.fixed}
    return links.link(links.base(st.context.url or ""), page, values, guess=not view.told)


def offer(lesson: Lesson, view: View) -> None:
    """Offer the downloads of a page while they are open: a button costs a run as much as a chart's axis."""
    page = lesson.page
    part = st.expander(say("Take it with you"), key=PART, on_change="rerun", icon=":material/download:")
    if not part.open:
        return
    own = bool(table_store.name())  # of a visitor's own table no file but pictures is made
    with part:
        pictures = {key: say(drawing.name) for key, drawing in lesson.shown(view).items()}
        tables = {"csv": "CSV", "semicolon.csv": say("CSV with ; and decimal comma")}
        formats = [("svg", False, "SVG"), ("png", False, "PNG")]
        if view.theme == "dark":
            formats += [("svg", True, say("SVG for light paper")), ("png", True, say("PNG for light paper"))]
        data = {"page": page.stem, "pictures": pictures, "formats": formats, "tables": {} if own else tables}
        _save(key="save_pictures", data=data)
        if not guess.withheld():  # it prints the answer
            st.download_button(
                say("The numbers in plain numpy"),
                partial(script, page, view.data, dict(view.options), _address(page, view)),
                f"{page.stem}.py",
                "text/x-python",
                key="script",
                on_click="ignore",
                icon=":material/code:",
            )
        if isinstance(view.rows, RealRows):
            st.download_button(
                say("The rows it reads: {file}", file=rows_file(view.rows)),
                partial(rows_numbers, view.rows),
                rows_file(view.rows),
                "text/csv",
                key="rows_numbers",
                on_click="ignore",
                icon=":material/table_rows:",
            )
        if page.file:
            st.download_button(
                say("The rows it reads: {file}", file=page.file),
                partial((FOLDER / page.file).read_bytes),
                page.file,
                "application/octet-stream",
                key="rows",
                on_click="ignore",
                icon=":material/table_rows:",
            )
