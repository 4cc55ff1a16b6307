"""Weights drawn in a plane at true lengths: lines, the marks of models, and the way that fine-tuning takes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from theory import Array
from ui.figures.figure import Figure
from ui.figures.style import INK, MARKER, PAPER, TEMPLATE, Theme, colour, halo, text_colour
from ui.language import Texts, say
from ui.lessons.geometry.places import beside

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


def model_mark(at: Array, text: str, key: str, theme: Theme, side: str = "top right", **more: object) -> Trace:
    """Return a model as its mark with its name beside it; `scrubbed` finds the side on which it stands."""
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
    return model_mark(place, "0", "ink", theme, meta={"point": "origin"}, marker=_dot(theme), name=say("Zero"))


def start_mark(at: Array, theme: Theme) -> Trace:
    """Return where fine-tuning starts."""
    return model_mark(at, say("start"), "ink", theme, meta={"point": "start"}, marker=_dot(theme))


def end_mark(at: Array, labels: Mapping[str, str], theme: Theme) -> Trace:
    """Return where fine-tuning ends."""
    meta = {"model": "fine_tune", "end": True}
    return model_mark(at, labels["fine_tune"].lower(), "fine_tune", theme, meta=meta)


def _dot(theme: Theme) -> dict[str, object]:
    return {"symbol": "circle", "size": 11, "color": INK[theme], "line": {"color": PAPER[theme], "width": 1.5}}


def plane_layout(low: Array, high: Array, theme: Theme, titles: tuple[str, str] | None) -> dict[str, Any]:
    """Return a layout whose two axes have one scale, so that every length is true, and hold low to high."""
    axis = {"showticklabels": False, "showgrid": False}
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


# Pixels of the axes where the picture is narrowest, on a phone.
_NARROW = np.array([310.0, 300.0])


def _named(traces: Sequence[Trace]) -> list[int]:
    return [k for k, trace in enumerate(traces) if "textposition" in trace]


def _sides(
    still: Sequence[Trace], moving: Sequence[Trace], places: Array, layout: Mapping[str, Any], avoid: Array | None
) -> tuple[dict[int, str], list[dict[int, str]]]:
    """Return on which side of its mark each name stands, by its trace: what stays, and in each frame what moves."""
    starts = np.cumsum([0, *(len(trace["x"]) for trace in moving)])
    here, there = _named(still), _named(moving)
    fixed = np.array([[still[k]["x"][0], still[k]["y"][0]] for k in here], dtype=float).reshape(-1, 2)
    points = np.concatenate(
        [np.broadcast_to(fixed, (len(places), *fixed.shape)), places[:, :, starts[there]].swapaxes(1, 2)], axis=1
    )
    texts = [trace["text"][0] for trace in (*(still[k] for k in here), *(moving[k] for k in there))]
    low, high = np.array([layout[axis]["range"] for axis in ("xaxis", "yaxis")], dtype=float).T
    unit = float((_NARROW / (high - low)).min())
    # Those that stay leave room for those that move, as these come near them: at nine tenths of the way.
    near = len(points) * 9 // 10
    settled = beside(points[near : near + 1], texts, unit, low, high, avoid)[0][: len(here)]
    found = beside(points, texts, unit, low, high, avoid, dict(enumerate(settled)))
    return dict(zip(here, settled, strict=True)), [dict(zip(there, sides[len(here) :], strict=True)) for sides in found]


def scrubbed(
    still: Sequence[Trace],
    moving: Sequence[Trace],
    places: Array,
    layout: Mapping[str, Any],
    told: bool,
    index: int,
    avoid: Array | None = None,
) -> Figure:
    """Return a figure of traces that stay, and over them those that move, with a frame for each of `places`.

    Shapes: places (k, 2, n), where frame after frame puts the n points of all that moves; the traces stand at `index`.
    They are rounded to what no screen tells, a ten thousandth of the width at least. Before the answer is told there
    are no frames. Names stand where they cover no other, and leave the points to `avoid`, (m, 2), free.
    """
    ends = np.cumsum([len(trace["x"]) for trace in moving]).tolist()
    parts = list(zip([0, *ends], ends, strict=False))
    low, high = layout["xaxis"]["range"]
    settled, sides = _sides(still, moving, places, layout, avoid)
    still = [{**trace, **({"textposition": settled[k]} if k in settled else {})} for k, trace in enumerate(still)]
    moving = [
        {**trace, **({"textposition": sides[index][k]} if k in sides[index] else {})} for k, trace in enumerate(moving)
    ]
    short = places.round(4 - math.floor(math.log10(high - low))).tolist() if told else []
    traces = list(range(len(still), len(still) + len(moving)))
    frames: list[dict[str, Any]] = [
        {
            "name": str(i),
            "data": [
                {"x": x[a:b], "y": y[a:b], **({"textposition": sides[i][k]} if k in sides[i] else {})}
                for k, (a, b) in enumerate(parts)
            ],
            "traces": traces,
        }
        for i, (x, y) in enumerate(short)
    ]
    return Figure([*still, *moving], layout, frames)
