"""The weight anatomy: every coordinate of several models as a bar, coloured by the block it belongs to."""

from collections.abc import Mapping

import numpy as np

from theory import Array, Blocks, Spec
from ui.figures.curves import whole
from ui.figures.figure import Figure
from ui.figures.style import MUTED, TEMPLATE, Theme, colour, faint, unknown
from ui.language import Texts, say
from ui.language.words import SAME, number

BLOCK_LABEL = Texts(
    {
        "retain": "features only rows to keep use",
        "overlap": "shared features",
        "forget": "features only rows to forget use",
    }
)
PANEL_HEIGHT = 118
# Room under the last panel for the axis title, and above the first for the legend.
EDGES = 100
GAP = 0.14
# What a panel shows, as a share of the largest weight to either side of zero.
REACH = 1.1


def _bars(weights: Mapping[str, Array], block: slice, floors: Mapping[str, float]) -> dict[str, object]:
    """Return the adjacent bars of a block, every model's on its floor, as one trace: a closed outline for each model.

    Drawn in half the precision, which no pixel tells; the weights themselves stand beside it.
    """
    x = np.append(np.repeat(np.arange(block.start, block.stop + 1) + 0.5, 2), np.nan)
    heights = [np.concatenate([[0.0], np.repeat(w[block], 2), [0.0, np.nan]]) for w in weights.values()]
    y = [floors[key] + outline for key, outline in zip(weights, heights, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.tile(x, len(weights)).astype(np.float32),
        "y": np.concatenate(y).astype(np.float32),
        "customdata": np.concatenate(heights),
        "hoveron": "points",
    }


def _short(size: float) -> str:
    """Return a size in one digit."""
    return f"{float(f'{size:.1g}'):g}"


def weight_anatomy(
    weights: Mapping[str, Array],
    blocks: Blocks,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
    gone: Mapping[str, Array] | None = None,
    panel: int = PANEL_HEIGHT,
) -> Figure:
    """Draw one panel of weights for each model, all on one scale; a hidden model's panel holds a question mark.

    `gone` holds, by model, the weights as they were before something was erased: where they differ they stand behind
    the bars, as an outline. The panels stand on one axis, one below the other: every trace takes a browser time.

    Shapes: every weight vector (d,); blocks cover 0..d; labels name the models by the same keys.
    """
    size = max(float(np.abs(w).max()) for w in weights.values()) or 1.0
    rows, d = len(weights), len(next(iter(weights.values())))
    height = (1 - GAP * (rows - 1) / rows) / rows
    tops = 1 - np.arange(rows) * ((1 - height) / (rows - 1) if rows > 1 else 0.0)
    # Zero of every panel, in weights below the zero of the first.
    scale = 2 * REACH * size / height
    floors = dict(zip(weights, (scale * (tops - 1)).tolist(), strict=True))
    shown = {key: w for key, w in weights.items() if key not in hidden}
    traces: list[dict[str, object]] = []
    for name, block in zip(blocks._fields, blocks, strict=True):
        if block.start == block.stop:
            continue
        before = {
            key: w
            for key, w in (gone or {}).items()
            if key in shown and not np.array_equal(w[block], shown[key][block])
        }
        if before:
            traces.append(
                {
                    **_bars(before, block, floors),
                    "name": say("{block}, before", block=BLOCK_LABEL[name]),
                    "meta": {"gone": name, "panels": list(before), "names": [labels[key] for key in before]},
                    "showlegend": False,
                    "line": {"width": 0.75, "color": faint(name, theme, 0.55 if theme == "light" else 0.9)},
                    "hoverinfo": "skip",
                }
            )
        if shown:
            traces.append(
                {
                    **_bars(shown, block, floors),
                    "name": BLOCK_LABEL[name],
                    "meta": {"block": name, "panels": list(shown), "names": [labels[key] for key in shown]},
                    "fill": "toself",
                    "fillcolor": colour(name, theme),
                    "line": {"width": 0.5, "color": colour(name, theme)},
                    "hovertemplate": say(
                        "{block}<br>weight %{{customdata:.3g}}<extra></extra>", block=BLOCK_LABEL[name]
                    ),
                }
            )
    # By the paper: Plotly drops axes nothing is drawn on, and what refers to them.
    paper = {"xref": "paper", "yref": "paper"}
    titles = [
        {"text": f"<b>{labels[key]}</b>", "x": 0, "y": top, "xanchor": "left", "yanchor": "bottom", **paper}
        for key, top in zip(weights, tops.tolist(), strict=True)
    ]
    unknowns = [
        unknown(theme) | paper | {"x": 0.5, "y": top - height / 2}
        for key, top in zip(weights, tops.tolist(), strict=True)
        if key in hidden
    ]
    marks = {-size: f"\u2212{_short(size)}", 0.0: "0", size: _short(size)}
    if panel < PANEL_HEIGHT:
        del marks[-size]
    zero = {"type": "line", "layer": "between", "xref": "paper", "x0": 0, "x1": 1}
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": panel * rows + EDGES,
            "annotations": [*titles, *unknowns],
            "shapes": [
                {**zero, "y0": floor, "y1": floor, "line": {"color": MUTED[theme], "width": 1}}
                for floor in floors.values()
            ],
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "margin": {"t": 24},
            "xaxis": {
                "range": [0.5, d + 0.5],
                "showgrid": False,
                "zeroline": False,
                "title": {"text": say("feature")},
                **whole(d),
            },
            "yaxis": {
                "range": [REACH * size - scale, REACH * size],
                "tickvals": [floor + mark for floor in floors.values() for mark in marks],
                "ticktext": [text for _ in floors for text in marks.values()],
                "tickfont": {"size": 12, "color": MUTED[theme]},
                "title": {"text": say("weight")},
                "zeroline": False,
            },
        },
    )


def describe_anatomy(
    weights: Mapping[str, Array], spec: Spec, labels: Mapping[str, str], hidden: frozenset[str] = frozenset()
) -> str:
    """Return the weight anatomy as a sentence: how large every model's weights for the rows to forget are."""
    tail = slice(spec.d - spec.d_forget, spec.d)
    sizes = ((key, float(np.linalg.norm(w[tail])), float(np.linalg.norm(w))) for key, w in weights.items())
    parts = ", ".join(
        f"{labels[key]} {'0' if size <= SAME * whole else number(size)}"
        for key, size, whole in sizes
        if key not in hidden
    )
    return say(
        "Bars of all {d:,} weights: {d_retain:,} that only the rows to keep use, {d_overlap:,} shared, {d_forget:,} "
        "that only the rows to forget use. Length of the last part: {parts}.",
        d=spec.d,
        d_retain=spec.d_retain,
        d_overlap=spec.d_overlap,
        d_forget=spec.d_forget,
        parts=parts,
    )
