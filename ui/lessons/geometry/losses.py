"""The unlearning loss beside a picture of weights: fine-tuned over golden, with a mark that moves along the curve."""

from collections.abc import Mapping

import numpy as np

from theory import Array, Triangle
from ui.figures.figure import Figure
from ui.figures.style import COLOUR, INK, MARKER, TEMPLATE, Theme, halo, unknown
from ui.language import say
from ui.language.words import is_zero, loss_text
from ui.lessons.geometry.plane import HEIGHT, Trace, line


def _loss_mark(x: float, loss: float, left: bool) -> dict[str, object]:
    return {
        "x": [x],
        "y": [loss],
        "text": [f"<b>{loss_text(loss, short=True)}</b>"],
        "textposition": ["top left" if left else "top right"],
    }


def _loss_layout(x: Mapping[str, object], top: float, theme: Theme) -> dict[str, object]:
    return {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 34, "r": 16, "b": 8, "l": 8},
        "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        "xaxis": {"showgrid": False, "zeroline": False, **x},
        "yaxis": {"range": [-0.07 * top, 1.14 * top], "nticks": 6},
    }


def _title(text: str) -> dict[str, object]:
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1.02,
        "xanchor": "left",
        "yanchor": "bottom",
    }


def _losses(
    x: Array,
    golden: Array,
    tuned: Array,
    index: int,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str],
    axis: Mapping[str, object],
) -> Figure:
    """Draw the fine-tuned model's UL over golden's, with a mark that moves along it: one frame a point."""
    told, ink = "fine_tune" not in hidden, INK[theme]
    meta = {"loss": "unlearning_loss"}
    level = np.column_stack([x, golden])
    still = [
        line(level, labels["golden"], COLOUR["golden"], 4, meta={"model": "golden", **meta}),
    ]
    moving: list[Trace] = []
    if told:
        curve = np.column_stack([x, tuned])
        still.append(line(curve, labels["fine_tune"], ink, 3, meta={"model": "fine_tune", **meta}))
        moving.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                **_loss_mark(x[index], float(tuned[index]), index > 0.6 * len(x)),
                "name": labels["fine_tune"],
                "meta": {"model": "fine_tune", "mark": "current start", **meta},
                "marker": {"symbol": MARKER["fine_tune"], "size": 14, "color": ink},
                "textfont": {"size": 16, "color": ink, "shadow": halo(theme)},
                "showlegend": False,
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        )
    top = max(float(golden.max()), float(tuned.max()) if told else 0.0)
    top = 1.0 if is_zero(top) else top  # rounding is not a shape
    layout = _loss_layout(axis, top, theme)
    notes = [_title(say("<b>Unlearning loss UL</b>"))]
    if not told:
        notes.append(unknown(theme) | {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.45})
    marks = [_loss_mark(float(x[i]), float(tuned[i]), i > 0.6 * len(x)) for i in range(len(x))] if told else []
    frames = [{"name": str(i), "data": [mark], "traces": [len(still)]} for i, mark in enumerate(marks)]
    return Figure([*still, *moving], layout | {"annotations": notes}, frames)


def start_losses(
    found: Triangle, index: int, labels: Mapping[str, str], theme: Theme, hidden: frozenset[str] = frozenset()
) -> Figure:
    """Draw UL after fine-tuning from s w_o against s, over golden's level, with a mark at one s: one frame a start."""
    x = np.array(found.starts)
    axis = {
        "range": [float(x[0]) - 0.04, float(x[-1]) + 0.04],
        "tickvals": [0, 0.5, 1],
        "ticktext": ["0", "½", say("1: pretrained")],
        "title": {"text": say("start point s")},
    }
    level = np.full(len(x), found.golden_loss)
    return _losses(x, level, found.losses, index, labels, theme, hidden, axis)
