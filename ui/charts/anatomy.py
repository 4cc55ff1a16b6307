"""The weight anatomy: every coordinate of several models as a bar, coloured by the block it belongs to."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from theory import Array, Blocks
from ui.language import Texts, say
from ui.style import MUTED, TEMPLATE, Theme, colour, faint, figure, unknown

BLOCK_LABEL = Texts({"retain": "retain-only features", "overlap": "shared features", "forget": "forget-only features"})
PANEL_HEIGHT = 118
# Room under the last panel for the axis title, and above the first for the legend.
EDGES = 100
GAP = 0.14
# Up to this many features every one has its own tick.
SINGLE_TICKS = 10


def _bars(w: Array, block: slice) -> tuple[NDArray[np.float32], Array]:
    """Return the outline of adjacent bars for the coordinates of a block: one path however many there are."""
    at = np.arange(block.start, block.stop)
    # Halves of whole numbers: half the precision holds them as they are, in half the bytes.
    x = np.repeat(np.append(at, block.stop) + 0.5, 2).astype(np.float32)
    return x, np.concatenate([[0.0], np.repeat(w[block], 2), [0.0]])


def weight_anatomy(
    weights: Mapping[str, Array],
    blocks: Blocks,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
    gone: Mapping[str, Array] | None = None,
    panel: int = PANEL_HEIGHT,
) -> go.Figure:
    """Draw one panel of weights for each model, all on one scale; a hidden model's panel holds a question mark.

    `gone` holds, by model, the weights as they were before something was erased: where they differ they stand behind
    the bars, as an outline.

    Shapes: every weight vector (d,); blocks cover 0..d; labels name the models by the same keys.
    """
    size = max(float(np.abs(w).max()) for w in weights.values()) or 1.0
    rows = len(weights)
    height = (1 - GAP * (rows - 1) / rows) / rows if rows > 1 else 1.0
    step = (1 - height) / (rows - 1) if rows > 1 else 0.0
    traces, layout, notes = [], {}, []
    for row, (key, w) in enumerate(weights.items()):
        suffix = "" if row == 0 else str(row + 1)
        top = 1 - row * step
        last = row == rows - 1
        layout[f"yaxis{suffix}"] = {
            "domain": [max(top - height, 0), top],
            "anchor": f"x{suffix}",
            "range": [-1.1 * size, 1.1 * size],
            "tickvals": [-size, 0, size] if panel >= PANEL_HEIGHT else [0, size],
            "tickformat": ".1g",
            "tickfont": {"size": 12, "color": MUTED[theme]},
            "fixedrange": True,
        }
        layout[f"xaxis{suffix}"] = {
            "anchor": f"y{suffix}",
            "range": [0.5, len(w) + 0.5],
            "showgrid": False,
            "zeroline": False,
            "showticklabels": last,
            "fixedrange": True,
            **({"title": {"text": say("feature")}} if last else {}),
            **({"dtick": 1} if len(w) <= SINGLE_TICKS else {}),
        }
        notes.append(
            {
                "text": f"<b>{labels[key]}</b>",
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": top,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
            }
        )
        if key in hidden:
            # By the paper: Plotly drops axes nothing is drawn on, and what refers to them.
            notes.append(unknown(theme) | {"xref": "paper", "yref": "paper", "x": 0.5, "y": top - height / 2})
            continue
        for name, block in zip(blocks._fields, blocks, strict=True):
            if block.start == block.stop:
                continue
            before = (gone or {}).get(key)
            if before is not None and not np.array_equal(before[block], w[block]):
                x, y = _bars(before, block)
                traces.append(
                    {
                        "type": "scatter",
                        "mode": "lines",
                        "x": x,
                        "y": y,
                        "xaxis": f"x{suffix}",
                        "yaxis": f"y{suffix}",
                        "name": say("{block}, before", block=BLOCK_LABEL[name]),
                        "meta": {"model": key, "gone": name},
                        "showlegend": False,
                        "line": {"width": 0.75, "color": faint(name, theme, 0.55)},
                        "hoverinfo": "skip",
                    }
                )
            x, y = _bars(w, block)
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": x,
                    "y": y,
                    "xaxis": f"x{suffix}",
                    "yaxis": f"y{suffix}",
                    "name": BLOCK_LABEL[name],
                    "meta": {"model": key, "block": name},
                    "legendgroup": name,
                    "showlegend": row == 0,
                    "line": {"width": 0.5, "color": colour(name, theme)},
                    "fill": "tozeroy",
                    "fillcolor": colour(name, theme),
                    "hovertemplate": say(
                        "{labels}<br>{block}<br>weight %{{y:.3g}}<extra></extra>",
                        labels=labels[key],
                        block=BLOCK_LABEL[name],
                    ),
                }
            )
    return figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": panel * rows + EDGES,
            "annotations": notes,
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "margin": {"t": 24},
            **layout,
        },
    )
