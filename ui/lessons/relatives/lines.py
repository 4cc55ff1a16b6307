"""What the pictures of the page relatives share: their layout, a line, and the line at which a setting stands."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ui.figures.curves import upright
from ui.figures.style import MUTED, TEMPLATE, Theme, unknown

HEIGHT = 330


def waits(theme: Theme, told: bool, x: float, y: float) -> list[dict[str, Any]]:
    """Return the "?" that stands where an answer will be drawn, in shares of the picture; none once it is told."""
    return [] if told else [{**unknown(theme), "x": x, "y": y, "xref": "paper", "yref": "paper"}]


def layout(theme: Theme, x: str, y: str, **more: Any) -> dict[str, Any]:
    """Return the layout of a picture with these axes."""
    axis = {"ticklabelstandoff": 6}
    return {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 60},
        "hovermode": "x",
        "showlegend": True,
        "legend": {"itemclick": False, "itemdoubleclick": False},
        "xaxis": {**axis, "title": {"text": x}, "showgrid": False, **more.pop("xaxis", {})},
        "yaxis": {**axis, "title": {"text": y}, **more.pop("yaxis", {})},
        **more,
    }


def ticks(low: float, high: float) -> dict[str, Any]:
    """Return the part of a log axis that names its numbers between two powers of ten: 1, 2 and 5, or 1 where many."""
    digits = (1, 2, 5) if high - low < 2 else (1,)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    values = [digit * 10.0**power for power in powers for digit in digits]
    return {"type": "log", "range": [low, high], "tickvals": values, "ticktext": [f"{value:,g}" for value in values]}


def cursor(at: float, theme: Theme, text: str = "", notes: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the part of a layout that stands a line at `at`, and other notes."""
    note = {"x": at, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "top", "text": text}
    return {
        "shapes": [upright(at, MUTED[theme])],
        "annotations": [*([{**note, "font": {"color": MUTED[theme]}}] if text else []), *notes],
    }
