"""Losses against one control: the lines, marks and axes that pages share."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array
from ui.figures.style import DASH, MARKER, Theme, colour
from ui.language import say
from ui.language.words import loss_text

HEIGHT = 454
# A curve may leave the picture at a double-descent peak: the axis ends at this multiple of its typical height.
HEADROOM = 2.5
# Wider lines lie under thinner ones, so that coinciding curves both show.
WIDTH = {"pretrained": 8, "golden": 4, "fine_tune": 3}


def axis_top(curves: Sequence[Array], marks: Sequence[float]) -> float:
    """Return where a loss axis ends: above every mark and above the curves, but not at the top of a divergence."""
    finite = np.concatenate([np.empty(0), *(c[np.isfinite(c)] for c in curves)])
    typical = float(np.median(finite)) if finite.size else 0.0
    highest = float(finite.max()) if finite.size else 0.0
    limit = min(highest, HEADROOM * typical) if typical > 0 else highest
    return 1.15 * max(limit, *marks, 1e-3)


def line(x: Array, y: Array, key: str, name: str, theme: Theme, **more: object) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "name": name,
        "meta": {"model": key},
        "line": {"color": colour(key, theme), "width": WIDTH[key], "dash": DASH[key]},
        "hovertemplate": f"{name}: %{{y:.3g}}<extra></extra>",
        **more,
    }


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
