"""Curves against one control, two panels of them: the lines, bands, marks and axes that pages share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory import Array
from ui.figures.style import DASH, MARKER, MUTED, PAPER, TEMPLATE, Theme, colour, faint
from ui.language import say
from ui.language.words import loss_text

HEIGHT = 454
# A curve may leave the picture at a double-descent peak: the axis ends at this multiple of its typical height.
HEADROOM = 2.5
# Wider lines lie under thinner ones, so that coinciding curves both show.
WIDTH = {"pretrained": 8, "golden": 4, "fine_tune": 3}
THIN = 2
# Which axes the curves of the upper panel stand on, and those of the lower.
UPPER: Mapping[str, Any] = {"xaxis": "x", "yaxis": "y"}
LOWER: Mapping[str, Any] = {"xaxis": "x2", "yaxis": "y2"}
# A band narrower than this is rounding.
NARROW = 1e-9
# The axis of an overlap, in percent; it does not begin at zero, for the line there to be seen.
PERCENT: Mapping[str, Any] = {"range": [-1.5, 101.5], "ticksuffix": "%"}


# An axis of whole numbers names each where there are at most so many: a fraction of a row is none.
SINGLE_TICKS = 10


@dataclass(frozen=True)
class Panel:
    """One of two panels: what stands over it, the share of the height it takes, and its axis.

    Attributes
    ----------
    title : its title, over the top.
    bottom, top : where it begins and ends, in shares of the height.
    range : the ends of its axis.
    ticks : at most so many numbers on the axis.
    """

    title: str
    bottom: float
    top: float
    range: tuple[float, float]
    ticks: int = 5


def panels(upper: Panel, lower: Panel, x: Mapping[str, Any], title: str, at: float, theme: Theme) -> dict[str, Any]:
    """Return the layout of two panels, one above the other, with one cursor through both at `at`.

    `x` is what their horizontal axes have in common, `title` stands under the lower one.
    """
    heading = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom"}

    def y(panel: Panel) -> dict[str, Any]:
        domain = [panel.bottom, panel.top]
        return {"domain": domain, "range": list(panel.range), "nticks": panel.ticks}

    return {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 26},
        "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        "hovermode": "x",
        "shapes": [upright(at, MUTED[theme])],
        "annotations": [
            {**heading, "y": panel.top + 0.01, "text": panel.title, "bgcolor": PAPER[theme]} for panel in (upper, lower)
        ],
        "xaxis": {**x, "anchor": "y", "showticklabels": False},
        "xaxis2": {**x, "anchor": "y2", "title": {"text": title}},
        "yaxis": y(upper),
        "yaxis2": {**y(lower), "anchor": "x2"},
    }


def whole(count: float, **longer: int) -> dict[str, int]:
    """Return which numbers stand on an axis of `count` whole ones; `longer` is said where not each of them does."""
    return {"dtick": 1} if count <= SINGLE_TICKS else longer


def plain(theme: Theme, height: int, x: str, y: str, **more: Any) -> dict[str, Any]:
    """Return the layout of one panel with its legend above; `x` and `y` stand at its axes, `more` goes before."""
    axis = {"ticklabelstandoff": 6}
    return {
        "template": TEMPLATE[theme],
        "height": height,
        "margin": {"t": 62},
        "legend": {"itemclick": False, "itemdoubleclick": False},
        "xaxis": {**axis, "title": {"text": x}, "showgrid": False, **more.pop("xaxis", {})},
        "yaxis": {**axis, "title": {"text": y}, **more.pop("yaxis", {})},
        **more,
    }


def upright(at: float, ink: str, width: float = 1, **line: Any) -> dict[str, Any]:
    """Return a line below the curves, from the bottom of the picture to its top; `line` is said of it."""
    return {
        "type": "line",
        **{"x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1},
        "line": {"color": ink, "width": width, **line},
        "layer": "below",
    }


def stroke(
    x: Array, y: Array, name: str, ink: str, width: float = 3, dash: str = "solid", **more: object
) -> dict[str, Any]:
    """Return a line that is no model's; `more` is said beside that, or in place of it."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "name": name,
        "line": {"color": ink, "width": width, "dash": dash},
        "hovertemplate": f"{name}: %{{y:.3g}}<extra></extra>",
        **more,
    }


def band(
    x: Array, low: Array, high: Array, key: str, name: str, theme: Theme, strength: float = 0.18, **more: Any
) -> list[dict[str, object]]:
    """Return the band of a model's draws, from the smallest to the largest; none where that is rounding."""
    if not (high > low + NARROW).any():
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": np.concatenate([x, x[::-1]]),
            "y": np.concatenate([high, low[::-1]]),
            "fill": "toself",
            "fillcolor": faint(key, theme, strength),
            "line": {"width": 0},
            "name": say("{model}: range of draws", model=name),
            "hoverinfo": "skip",
            "showlegend": False,
            **more,
        }
    ]


def axis_top(curves: Sequence[Array], marks: Sequence[float]) -> float:
    """Return where a loss axis ends: above every mark and above the curves, but not at the top of a divergence."""
    finite = np.concatenate([np.empty(0), *(c[np.isfinite(c)] for c in curves)])
    typical = float(np.median(finite)) if finite.size else 0.0
    highest = float(finite.max()) if finite.size else 0.0
    limit = min(highest, HEADROOM * typical) if typical > 0 else highest
    return 1.15 * max(limit, *marks, 1e-3)


def line(x: Array, y: Array, key: str, name: str, theme: Theme, **more: object) -> dict[str, object]:
    """Return the line of a model; `more` is said beside that, or in place of it."""
    ink, width = colour(key, theme), WIDTH.get(key, THIN)
    return {**stroke(x, y, name, ink, width, DASH[key]), "meta": {"model": key}, **more}


def marks(
    x: float, losses: Mapping[str, float], labels: Mapping[str, str], theme: Theme, **more: object
) -> dict[str, object]:
    """Return one loss of every model on the current draw, all at the same place of the axis."""
    inks = [colour(key, theme) for key in losses]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x] * len(losses),
        "y": list(losses.values()),
        "name": say("current draw"),
        "meta": {"marks": list(losses), "names": [labels[key] for key in losses]},
        "showlegend": False,
        "cliponaxis": False,
        "marker": {
            "symbol": [MARKER[key] for key in losses],
            "size": 13,
            "color": inks,
            "line": {"color": inks, "width": 2.5},
        },
        "hovertemplate": [
            say("{name}, this draw: {y}<extra></extra>", name=labels[key], y=loss_text(y)) for key, y in losses.items()
        ],
        **more,
    }
