"""Figures for the back of a room: the same numbers in larger type and thicker lines."""

import re
from typing import Any

import plotly.graph_objects as go

from ui.figures import style
from ui.figures.figure import Figure
from ui.figures.style import FONT_SIZE, Theme

# Type, lines and marks grow by these; no letter is smaller than this, in pixels.
TYPE, LINES, MARKS, SMALLEST = 1.45, 1.6, 1.4, 18
# Pixels: under a title and a question, above a sentence and the cues, on 1280 x 720; less where a slider stands below.
# The browser takes what room there is (`ui/plot/picture.js`), and no less than the lowest.
LOWEST, HIGHEST, BESIDE_SLIDER = 340, 430, 386
# Margins grow with the type as long as they leave most of the height to the picture.
MARGINS = 0.3
_RAISED = re.compile(r"<(su[bp])>(.*?)</\1>")


def _larger(value: Any, name: str = "", parent: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _larger(part, key, name) for key, part in value.items()}
    if isinstance(value, str) and name == "text":
        return _RAISED.sub(rf'<\1><span style="font-size:{SMALLEST}px">\2</span></\1>', value)
    if isinstance(value, list | tuple) and value and isinstance(value[0], str):
        return [_larger(part, name, parent) for part in value]
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        return [_larger(part, name, parent) for part in value]
    if isinstance(value, list | tuple) and name == "size" and parent == "marker":
        return [MARKS * size for size in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        if name == "size" and parent.lower().endswith("font"):
            return max(round(TYPE * value), SMALLEST)
        if name == "size" and parent == "marker":
            return MARKS * value
        if name in ("width", "thickness") and parent in ("line", "error_y", "error_x", "marker"):
            return LINES * value
    return value


def _template(theme: Theme) -> dict[str, Any]:
    layout = _larger(style.TEMPLATE[theme]["layout"])
    layout["hoverlabel"] = {**layout["hoverlabel"], "font": {**layout["hoverlabel"]["font"], "size": SMALLEST}}
    data = {
        kind: [{"textfont": {"size": round(TYPE * FONT_SIZE)}}] for kind in ("scatter", "bar", "heatmap", "scatter3d")
    }
    return dict(go.layout.Template(layout=layout, data=data).to_plotly_json())


_TEMPLATE: dict[Theme, dict[str, Any]] = {theme: _template(theme) for theme in style.TEMPLATE}


def for_projector(figure: Figure, theme: Theme, beside_slider: bool = False) -> Figure:
    """Return a figure for a projector: larger type, thicker lines, larger marks, and a height that leaves room.

    Data, axes, colours and frames are the figure's own.
    """
    layout = _larger({k: v for k, v in figure.layout.items() if k != "template"})
    layout["template"] = _TEMPLATE[theme]
    layout["height"] = min(max(layout.get("height") or LOWEST, LOWEST), BESIDE_SLIDER if beside_slider else HIGHEST)
    margin = layout.get("margin", {})
    edges = margin.get("t", 0) + margin.get("b", 0)
    if edges < MARGINS * layout["height"]:
        layout["margin"] = {k: round(TYPE * v) if k in "ltrb" and v > 8 else v for k, v in margin.items()}
    return Figure([_larger(trace) for trace in figure.data], layout, [_larger(frame) for frame in figure.frames])
