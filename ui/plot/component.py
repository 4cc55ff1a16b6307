"""The element on the page that shows a picture: it is told which one, and asks the route for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui.language import say
from ui.plot.controls import Choice, Control, Grab, Scale, Scrub
from ui.plot.picture import Drawing
from ui.plot.route import ELEMENT, PLOTLY
from ui.plot.view import Parameters, View, controls_of
from ui.server import table_store
from ui.server.own_rows import OwnRows

_HERE = Path(__file__).parent

_element = st.components.v2.component(
    "picture",
    html='<div class="picture" role="figure"><div class="plot"></div></div>'
    '<p class="refusal" role="status" hidden></p><div class="caption" hidden></div>',
    css=(_HERE / "picture.css").read_text(encoding="utf-8"),
    js=(_HERE / "element.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def _known(control: Control) -> dict[str, Any]:
    """Return how the browser knows a control's value: what it usually is, and the values that its hand may choose."""
    usual = control.spelled(control.default) if isinstance(control, Choice) else control.shown(control.default)
    match control:
        case Grab():
            return {"usual": usual, "low": control.low, "high": control.high, "step": control.step}
        case Scale() if not isinstance(control, Scrub):  # the browser's slider shows the place in the list
            return {"usual": usual, "options": list(map(control.shown, control.values))}
    return {"usual": usual}


def show(
    page: Parameters,
    view: View,
    key: str,
    drawing: Drawing,
    *,
    place: str = "",
    more: dict[str, str] | None = None,
    grown: str = "",
    picked: Callable[[], None] | None = None,
    lowest: int = 0,
    captioned: bool = True,
) -> None:
    """Show a picture of a page, which from then on follows its settings and whatever slider is under the hand.

    `place` is the element's own key, the picture's where it is left out. `more` are parameters the address of the page
    does not have. A picture that `grows` is asked for again when `grown` is another. `picked` is called when a visitor
    clicks a point: the state under the key then holds it as "picked", {"x": ..., "y": ..., "row": ...}, in a browser's
    own words: where it is, and which model's row of a board.
    With `lowest` it is as high as the window leaves room for beside all else on the page, but no lower than these
    pixels; without, as high as the figure says.
    """
    controls = [c for c in controls_of(page) if not isinstance(c, Scrub) or c.key != drawing.scrub]
    controls = [c for c in controls if drawing.follows is None or c.key in drawing.follows]
    state = {
        **(more or {}),
        **({} if view.told else {"told": "0"}),
        **({"lecture": "1"} if view.lecture else {}),
        **({"lang": view.language} if view.language != "en" else {}),
    }
    data = {
        "page": page.stem,
        "key": key,
        "names": {c.key: _known(c) for c in controls if c.key not in page.fixed},
        "state": state,
        "moves": list(drawing.drafts),
        "height": drawing.height,
        "lowest": lowest,
        "captioned": captioned,
        "begins": drawing.begins,
        "clicks": picked is not None,
        "camera": "" if view.lecture else say("Download plot as a PNG"),
        "grown": grown,
        "table": table_store.name() if drawing.private or isinstance(view.rows, OwnRows) else "",
        "code": ELEMENT,
        "plotly": PLOTLY,
        "working": say("Working on it"),
        "drag": say("drag it, or move it with the arrow keys"),
    }
    _element(key=place or key, data=data, on_picked_change=picked)
