"""The remedies: how near golden each one ends, now, against overlap, and against the rows fine-tuning sees."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics, OverlapCurve
from ui.figures.figure import Figure
from ui.figures.style import DASH, INK, MARKER, MUTED, PAPER, REMEDIES, TEMPLATE, Theme, colour, faint
from ui.language import Texts, say
from ui.language.words import is_zero, loss_text
from ui.lessons.remedy.sentences import SHORT, distance_text

HEIGHT = 454
# Room left of the bars for the models' names, and right of them for the numbers, in pixels.
NAMES, NUMBERS = 96, 56
READINGS = Texts(
    {
        "distance": "<b>Distance to golden</b>: |w \u2212 w<sub>g</sub>|",
        "unlearning_loss": "<b>Unlearning loss UL</b>: rows to forget",
        "remaining_loss": "<b>Remaining loss RL</b>: rows to keep",
    }
)
# The panels of bars, on one axis from 0 to 1: their height and where they end at the top.
PANEL, TOPS = 0.245, (0.94, 0.595, 0.25)
# A curve may leave the picture at a peak: the axis ends at this multiple of its typical height.
HEADROOM = 3.0
# What no curve leaves is rounding: lengths and losses of these data are far larger. Its axis shows a line at zero.
ROUNDING, NOTHING = 1e-9, (-0.1, 1.0)


def _value_text(record: Metrics, what: str, size: float) -> str:
    value = float(getattr(record, what))
    if what == "distance":
        return distance_text(value, size)
    return loss_text(value, short=True)


def remedy_bars(
    records: Sequence[Metrics], size: float, chosen: str, theme: Theme, hidden: frozenset[str] = frozenset()
) -> Figure:
    """Draw distance to golden, UL and RL of every model as bars from zero, one panel each; the chosen one is filled.

    The panels stand on one axis, and all bars are one trace: every trace takes a browser time.
    `size` is the length of the pretrained weights: a distance that is rounding beside it is zero. Hidden models have a
    question mark.

    Shapes: one bar per record and panel, as long as its share of the longest on its scale.
    """
    shown = [record for record in records if record.key not in hidden]
    # UL and RL share a scale: they are squared errors in the same units.
    squared = max(1e-12, *(max(r.unlearning_loss, r.remaining_loss) for r in shown))
    scales = {
        "distance": max(1e-12, *(r.distance for r in shown)),
        "unlearning_loss": squared,
        "remaining_loss": squared,
    }
    step = PANEL / len(records)
    bars: list[tuple[Metrics, str, float]] = []
    ticks: dict[float, str] = {}
    notes, zeros = [], []
    muted = {"color": MUTED[theme]}
    for (what, title), top in zip(READINGS.items(), TOPS, strict=True):
        notes.append(
            {
                "text": title,
                "xref": "paper",
                "x": 0,
                "xshift": -NAMES,
                "y": top,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
            }
        )
        zeros.append({"type": "line", "x0": 0, "x1": 0, "y0": top - PANEL, "y1": top, "line": {**muted, "width": 1}})
        for i, record in enumerate(records):
            at = top - (i + 0.5) * step
            name = SHORT[record.key]
            ticks[at] = f"<b>{name}</b>" if record.key == chosen else name
            if record.key in hidden:
                notes.append(
                    {"text": "<b>?</b>", "x": 0, "y": at, "xanchor": "left", "xshift": 4, "showarrow": False}
                    | {"font": muted}
                )
            else:
                bars.append((record, what, at))
    values = [float(getattr(record, what)) for record, what, _ in bars]
    texts = [_value_text(record, what, size) for record, what, _ in bars]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [value / scales[what] for value, (_, what, _) in zip(values, bars, strict=True)],
        "y": [at for *_, at in bars],
        "customdata": values,
        "width": 0.62 * step,
        "meta": {
            "models": [r.key for r, *_ in bars],
            "names": [SHORT[r.key] for r, *_ in bars],
            "readings": [what for _, what, _ in bars],
        },
        "text": texts,
        "textposition": "outside",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": 13, "color": INK[theme]},
        "cliponaxis": False,
        "showlegend": False,
        "marker": {
            "color": [
                faint(r.key, theme, 0.25) if r.key in REMEDIES and r.key != chosen else colour(r.key, theme)
                for r, *_ in bars
            ],
            "line": {"color": [colour(r.key, theme) for r, *_ in bars], "width": 1.5},
        },
        "hovertext": [f"{SHORT[r.key]}: {text}" for (r, *_), text in zip(bars, texts, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True}
    return Figure(
        data=[trace],
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 4, "l": NAMES, "r": NUMBERS, "b": 4},
            "annotations": notes,
            "shapes": zeros,
            "xaxis": {**axis, "range": [0, 1], "showticklabels": False},
            "yaxis": {
                **axis,
                "range": [0, 1],
                "tickvals": list(ticks),
                "ticktext": list(ticks.values()),
                "tickfont": {"size": 13, **muted},
                "ticklabelstandoff": 8,
            },
        },
    )


def _line(x: Array, y: Array, key: str, what: str, chosen: str, theme: Theme, **more: object) -> dict[str, object]:
    ink = colour(key, theme)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "name": SHORT[key],
        "meta": {"model": key, "reading": what},
        "legendgroup": key,
        "line": {"color": ink, "width": 4 if key == chosen else 2, "dash": DASH[key]},
        "marker": {"symbol": MARKER[key], "size": 9 if key == chosen else 7, "color": ink},
        "hovertemplate": f"{SHORT[key]}: %{{y:.3g}}<extra></extra>",
        **more,
    }


def _span(curves: Sequence[Array]) -> tuple[float, float]:
    """Return where an axis begins and ends: around zero and the curves, but not at the top of a peak."""
    values = np.concatenate(curves)
    if float(np.abs(values).max()) <= ROUNDING:
        return NOTHING
    limit = max(HEADROOM * max(float(np.median(np.abs(c))) for c in curves), 1e-3)
    low, high = (float(np.clip(v, -limit, limit)) for v in (values.min(), values.max()))
    low, high = min(low, 0.0), max(high, 0.0)
    # Rounding is not a shape: an axis around nothing spans a thousandth.
    pad = 0.08 * max(high - low, 1e-3)
    return low - pad, high + pad


def _title(text: str, y: float, theme: Theme) -> dict[str, object]:
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": y,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "bgcolor": PAPER[theme],
    }


def remedy_overlap(curve: OverlapCurve, overlap: float, chosen: str, theme: Theme) -> Figure:
    """Draw distance to golden (above) and the signed UL gap (below) of the remedies against overlap.

    Lines are means over draws, bands reach from the smallest draw to the largest, the cursor is the current overlap.
    Shapes: the curve's arrays (k,).
    """
    percent = 100 * curve.overlaps
    traces: list[dict[str, object]] = []
    spans = {}
    for what, axes in (
        ("distance", {"xaxis": "x", "yaxis": "y"}),
        ("unlearning_gap", {"xaxis": "x2", "yaxis": "y2"}),
    ):
        for key in REMEDIES:
            low, high = curve.low[key, what], curve.high[key, what]
            if (high > low + 1e-9).any():
                traces.append(
                    {
                        "type": "scatter",
                        "mode": "lines",
                        "x": np.concatenate([percent, percent[::-1]]),
                        "y": np.concatenate([high, low[::-1]]),
                        "fill": "toself",
                        "fillcolor": faint(key, theme, 0.22 if key == chosen else 0.08),
                        "line": {"width": 0},
                        "name": say("{model}: range of draws", model=SHORT[key]),
                        "meta": {"model": key, "reading": what, "band": True},
                        "hoverinfo": "skip",
                        "showlegend": False,
                        **axes,
                    }
                )
        for key in REMEDIES:
            traces.append(
                _line(percent, curve.mean[key, what], key, what, chosen, theme, showlegend=what == "distance", **axes)
            )
        spans[what] = _span([curve.mean[key, what] for key in REMEDIES])
    cursor = {"type": "line", "x0": 100 * overlap, "x1": 100 * overlap, "yref": "paper", "y0": 0, "y1": 1}
    x = {"range": [-1.5, 101.5], "fixedrange": True, "showgrid": False}
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 26},
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "hovermode": "x",
            "shapes": [cursor | {"line": {"color": MUTED[theme], "width": 1}, "layer": "below"}],
            "annotations": [
                _title(READINGS["distance"], 1, theme),
                _title(say("<b>UL gap to golden</b>: below 0 it still remembers"), 0.45, theme),
            ],
            "xaxis": x | {"anchor": "y", "showticklabels": False},
            "xaxis2": x
            | {
                "anchor": "y2",
                "ticksuffix": " %",
                "title": {"text": say("overlap: share of the features both sets use")},
            },
            "yaxis": {"domain": [0.57, 1], "range": list(spans["distance"]), "fixedrange": True, "nticks": 5},
            "yaxis2": {
                "domain": [0, 0.44],
                "anchor": "x2",
                "range": list(spans["unlearning_gap"]),
                "fixedrange": True,
                "nticks": 5,
            },
        },
    )


def remedy_rows(
    rows: Sequence[int],
    found: Mapping[tuple[str, str], Array],
    tune_rows: int,
    chosen: str,
    theme: Theme,
) -> Figure:
    """Draw RL (above) and distance to golden (below) of the remedies against the rows that fine-tuning sees.

    Shapes: rows (k,) whole numbers, every array of `found` (k,); the cursor is the current number of rows.
    """
    at = np.array(rows, dtype=float)
    traces: list[dict[str, object]] = []
    spans = {}
    for what, axes in (
        ("remaining_loss", {"xaxis": "x", "yaxis": "y"}),
        ("distance", {"xaxis": "x2", "yaxis": "y2"}),
    ):
        for key in REMEDIES:
            traces.append(
                _line(at, found[key, what], key, what, chosen, theme, showlegend=what == "remaining_loss", **axes)
            )
        zero = all(is_zero(float(found[key, what].max())) for key in REMEDIES)
        spans[what] = NOTHING if zero else _span([found[key, what] for key in REMEDIES])
    low, high = (at[0], at[-1]) if len(at) > 1 else (at[0] - 0.5, at[0] + 0.5)
    pad = 0.02 * (high - low)
    x = {"range": [low - pad, high + pad], "fixedrange": True, "showgrid": False}
    cursor = {"type": "line", "x0": tune_rows, "x1": tune_rows, "yref": "paper", "y0": 0, "y1": 1}
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 26},
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "hovermode": "x",
            "shapes": [cursor | {"line": {"color": MUTED[theme], "width": 1}, "layer": "below"}],
            "annotations": [
                _title(READINGS["remaining_loss"], 1, theme),
                _title(READINGS["distance"], 0.45, theme),
            ],
            "xaxis": x | {"anchor": "y", "showticklabels": False},
            "xaxis2": x | {"anchor": "y2", "title": {"text": say("retain rows that fine-tuning sees")}},
            "yaxis": {"domain": [0.57, 1], "range": list(spans["remaining_loss"]), "fixedrange": True, "nticks": 5},
            "yaxis2": {
                "domain": [0, 0.44],
                "anchor": "x2",
                "range": list(spans["distance"]),
                "fixedrange": True,
                "nticks": 5,
            },
        },
    )
