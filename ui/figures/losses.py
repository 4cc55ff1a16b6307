"""The loss lanes: how far every model is from exact zero on the rows to keep and on the rows to forget."""

import math
from collections.abc import Mapping, Sequence

from theory import Metrics
from ui.figures.figure import Figure
from ui.figures.style import MARKER, MUTED, PAPER, TEMPLATE, Theme, colour, unknown
from ui.language import Texts, say
from ui.language.words import FLOOR, loss_text

HEIGHT = 454
LOSSES = Texts(
    {
        "remaining_loss": "<b>Remaining loss RL</b>: rows to keep",
        "unlearning_loss": "<b>Unlearning loss UL</b>: rows to forget",
    }
)
EXACT_ZERO = "exact zero<br>(rounding)"
TICKS = {FLOOR: EXACT_ZERO, 1.0: "1"}
# Room left of the lanes for the models' names, where the titles begin, and right of them for the numbers, in pixels.
NAMES, NUMBERS = 88, 52


def loss_lanes(
    records: Sequence[Metrics], labels: Mapping[str, str], theme: Theme, hidden: frozenset[str] = frozenset()
) -> Figure:
    """Draw RL and UL of each model as a lane from exact zero to its loss, on a log axis with a floor.

    A hidden model's lane holds a question mark.
    Shapes: one lane per record and loss; values at or below the floor sit on it.
    """
    traces, notes, ticks = [], [], {}
    lane = 0.0
    for loss, title in LOSSES.items():
        lane -= 1.0
        heading = {"text": title, "x": 0, "xshift": -NAMES, "xref": "paper", "y": lane, "xanchor": "left"}
        notes.append({**heading, "bgcolor": PAPER[theme]})  # no line of the axis runs through its letters
        for record in records:
            lane -= 1.0
            ticks[lane] = labels[record.key]
            if record.key in hidden:
                notes.append(unknown(theme) | {"x": math.log10(FLOOR) / 2, "y": lane})
                continue
            value = getattr(record, loss)
            shown, ink = max(value, FLOOR), colour(record.key, theme)
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "x": [FLOOR, shown],
                    "y": [lane, lane],
                    "name": labels[record.key],
                    "meta": {"model": record.key, "loss": loss, "value": value},
                    "line": {"color": ink, "width": 4},
                    "marker": {
                        "symbol": MARKER[record.key],
                        "size": [0, 14],
                        "color": ink,
                        "opacity": 1,
                        "line": {"color": ink, "width": 2.5},
                    },
                    "cliponaxis": False,
                    "hovertemplate": f"{labels[record.key]}: {loss_text(value)}<extra></extra>",
                    "showlegend": False,
                }
            )
            notes.append(
                {
                    "text": loss_text(value, short=True),
                    "x": math.log10(shown),
                    "y": lane,
                    "xanchor": "left",
                    "xshift": 12,
                }
            )
        lane -= 0.4
    top = max(1.0, *(getattr(r, loss) for r in records for loss in LOSSES if r.key not in hidden))
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 24, "l": NAMES, "r": NUMBERS},
            "annotations": notes,
            "xaxis": {
                "type": "log",
                "range": [math.log10(FLOOR) - 0.5, math.log10(top) + 0.5],
                "tickvals": list(TICKS),
                "ticktext": [say(EXACT_ZERO), *list(TICKS.values())[1:]],
                "tickangle": 0,
                "title": {"text": say("squared error, log axis")},
                "zeroline": False,
            },
            "yaxis": {
                "range": [lane - 0.2, -0.5],
                "tickvals": list(ticks),
                "ticktext": list(ticks.values()),
                "showgrid": False,
                "zeroline": False,
                "tickfont": {"color": MUTED[theme]},
                "ticklabelstandoff": 10,
            },
        },
    )


def describe_losses(records: Sequence[Metrics], labels: Mapping[str, str], hidden: frozenset[str] = frozenset()) -> str:
    """Return the loss lanes as a sentence, for readers who hear the chart."""
    parts = (
        say(
            "{labels}: remaining loss {remaining_loss}, unlearning loss {unlearning_loss}",
            labels=labels[r.key],
            remaining_loss=loss_text(r.remaining_loss),
            unlearning_loss=loss_text(r.unlearning_loss),
        )
        for r in records
        if r.key not in hidden
    )
    return say("Losses on a log axis. ") + "; ".join(parts) + "."
