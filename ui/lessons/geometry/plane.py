"""Weights drawn in a plane at true lengths: lines, the marks of models, and the way that fine-tuning takes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from theory import Array
from ui.figures.figure import Figure
from ui.figures.style import INK, MARKER, PAPER, TEMPLATE, Theme, colour, halo, text_colour
from ui.language import Texts, say

HEIGHT = 440
POINT = Texts({"golden": "golden <i>w<sub>g</sub></i>", "pretrained": "pretrained <i>w<sub>o</sub></i>"})
# What keeps a name clear of its mark where it stands level with it.
APART = "\N{EN SPACE}"

Trace = dict[str, Any]


def line(points: Array, name: str, ink: str, width: float, dash: str = "solid", **more: object) -> Trace:
    """Return a line through points, (k, 2), that a hand does not find."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": points[:, 0],
        "y": points[:, 1],
        "name": name,
        "line": {"color": ink, "width": width, "dash": dash},
        "hoverinfo": "skip",
        **more,
    }


def model_mark(at: Array, text: str, key: str, theme: Theme, side: str, **more: object) -> Trace:
    """Return a model as its mark with its name beside it."""
    ink = colour(key, theme)
    beside = f"{APART}{text}{APART}" if side.startswith("middle") else text
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": at[:1],
        "y": at[1:2],
        "text": [f"<b>{beside}</b>"],
        "textposition": side,
        "textfont": {"color": text_colour(key, theme), "shadow": halo(theme)},
        "marker": {"symbol": MARKER.get(key, "circle"), "size": 13, "color": ink, "line": {"color": ink, "width": 2.5}},
        "name": text.partition(" <")[0].capitalize(),
        "meta": {"model": key, "point": True},
        "showlegend": False,
        "cliponaxis": False,
        "hoverinfo": "skip",
        **more,
    }


def run_trace(begin: Array, end: Array, theme: Theme) -> Trace:
    """Return fine-tuning from a start to its end, as an arrow in the middle of its way."""
    ink, way = INK[theme], np.stack([begin, (begin + end) / 2, end])
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": way[:, 0],
        "y": way[:, 1],
        "name": say("Fine-tuning"),
        "meta": {"model": "fine_tune", "way": True},
        "line": {"color": ink, "width": 2.5, "dash": "dot"},
        "marker": {"symbol": "arrow", "angleref": "previous", "size": [0, 15, 0], "color": ink, "opacity": 1},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def zero_mark(place: Array, theme: Theme) -> Trace:
    """Return the model without weights."""
    return model_mark(
        place, "0", "ink", theme, "bottom left", meta={"point": "origin"}, marker=_dot(theme), name=say("Zero")
    )


def start_mark(at: Array, theme: Theme, side: str = "top left") -> Trace:
    """Return where fine-tuning starts."""
    return model_mark(at, say("start"), "ink", theme, side, meta={"point": "start"}, marker=_dot(theme))


def end_mark(at: Array, labels: Mapping[str, str], theme: Theme, side: str = "middle right") -> Trace:
    """Return where fine-tuning ends."""
    meta = {"model": "fine_tune", "end": True}
    return model_mark(at, labels["fine_tune"].lower(), "fine_tune", theme, side, meta=meta)


def _dot(theme: Theme) -> dict[str, object]:
    return {"symbol": "circle", "size": 11, "color": INK[theme], "line": {"color": PAPER[theme], "width": 1.5}}


def plane_layout(low: Array, high: Array, theme: Theme, titles: tuple[str, str] | None) -> dict[str, Any]:
    """Return a layout whose two axes have one scale, so that every length is true, and hold low to high."""
    axis = {"showticklabels": False, "showgrid": False, "fixedrange": True}
    return {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 12, "r": 8, "b": 8, "l": 8},
        "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        "xaxis": {
            **axis,
            "range": [float(low[0]), float(high[0])],
            "zeroline": titles is not None,
            **({"title": {"text": titles[0], "standoff": 4}} if titles else {}),
        },
        "yaxis": {
            **axis,
            "range": [float(low[1]), float(high[1])],
            "scaleanchor": "x",
            "scaleratio": 1,
            "zeroline": titles is not None,
            **({"title": {"text": titles[1], "standoff": 4}} if titles else {}),
        },
    }


def _other(side: str) -> str:
    level, across = side.split(" ")
    return f"{level} {'left' if across == 'right' else 'right'}"


def scrubbed(
    still: Sequence[Trace],
    moving: Sequence[Trace],
    places: Array,
    layout: Mapping[str, Any],
    told: bool,
    over: Sequence[Trace] = (),
    behind: Sequence[bool] = (),
) -> Figure:
    """Return a figure of traces that stay, below and `over` those that move, with a frame for each of `places`.

    Shapes: places (k, 2, n), where frame after frame puts the n points of all that moves. They are rounded to what no
    screen tells, a ten thousandth of the width at least. Before the answer is told there are no frames. In those that
    are seen from `behind`, the names stand on the other sides of their marks.
    """
    ends = np.cumsum([len(trace["x"]) for trace in moving]).tolist()
    parts = list(zip([0, *ends], ends, strict=False))
    low, high = layout["xaxis"]["range"]
    short = places.round(4 - math.floor(math.log10(high - low))).tolist() if told else []
    traces = list(range(len(still), len(still) + len(moving)))
    frames: list[dict[str, Any]] = [
        {"name": str(i), "data": [{"x": x[a:b], "y": y[a:b]} for a, b in parts], "traces": traces}
        for i, (x, y) in enumerate(short)
    ]
    named = [(k, trace["textposition"]) for k, trace in enumerate(moving) if "textposition" in trace]
    for frame, turned in zip(frames, behind, strict=False):
        for k, side in named:
            frame["data"][k]["textposition"] = _other(side) if turned else side
    return Figure([*still, *moving, *over], layout, frames)
