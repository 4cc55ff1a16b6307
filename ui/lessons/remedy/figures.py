"""The remedies: how near golden each one ends, now, against overlap, and against the rows fine-tuning sees."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics, OverlapCurve
from ui.figures.curves import HEIGHT, LOWER, PERCENT, UPPER, Panel, band, line, panels, whole
from ui.figures.figure import Figure
from ui.figures.style import DASH, INK, MARKER, MUTED, REMEDIES, TEMPLATE, Theme, colour, faint
from ui.figures.weights import EDGES, weight_anatomy
from ui.language import Texts, say
from ui.language.words import is_zero, loss_text
from ui.lessons.remedy.alts import describe_bars, describe_overlap, describe_rows, describe_weights
from ui.lessons.remedy.results import Remedied, remedied, remedy_means, tuned_on
from ui.lessons.remedy.sentences import (
    CAST_KEYS,
    PANEL,
    SHORT,
    distance_text,
    hidden,
    nearer,
    on_mixed,
    outcome,
    rows_needed,
    size,
    stage_labels,
    stages,
    why_not_golden,
)
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

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
SHARE, TOPS = 0.245, (0.94, 0.595, 0.25)
# A curve may leave the picture at a peak: the axis ends at this multiple of its typical height.
HEADROOM = 3.0
# What no curve leaves is rounding: lengths and losses of these data are far larger. Its axis shows a line at zero.
ROUNDING, NOTHING = 1e-9, (-0.1, 1.0)


def _value_text(record: Metrics, what: str, scale: float) -> str:
    value = float(getattr(record, what))
    if what == "distance":
        return distance_text(value, scale)
    return loss_text(value, short=True)


def remedy_bars(
    records: Sequence[Metrics], scale: float, chosen: str, theme: Theme, unseen: frozenset[str] = frozenset()
) -> Figure:
    """Draw distance to golden, UL and RL of every model as bars from zero, one panel each; the chosen one is filled.

    The panels stand on one axis, and all bars are one trace: every trace takes a browser time.
    `scale` is the length of the pretrained weights: a distance that is rounding beside it is zero. Unseen models have a
    question mark.

    Shapes: one bar per record and panel, as long as its share of the longest on its scale.
    """
    shown = [record for record in records if record.key not in unseen]
    # UL and RL share a scale: they are squared errors in the same units.
    squared = max(1e-12, *(max(r.unlearning_loss, r.remaining_loss) for r in shown))
    longest = {
        "distance": max(1e-12, *(r.distance for r in shown)),
        "unlearning_loss": squared,
        "remaining_loss": squared,
    }
    step = SHARE / len(records)
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
            }
        )
        zeros.append({"type": "line", "x0": 0, "x1": 0, "y0": top - SHARE, "y1": top, "line": {**muted, "width": 1}})
        for i, record in enumerate(records):
            at = top - (i + 0.5) * step
            name = SHORT[record.key]
            ticks[at] = f"<b>{name}</b>" if record.key == chosen else name
            if record.key in unseen:
                notes.append({"text": "<b>?</b>", "x": 0, "y": at, "xanchor": "left", "xshift": 4} | {"font": muted})
            else:
                bars.append((record, what, at))
    values = [float(getattr(record, what)) for record, what, _ in bars]
    texts = [_value_text(record, what, scale) for record, what, _ in bars]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [value / longest[what] for value, (_, what, _) in zip(values, bars, strict=True)],
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
    axis = {"showgrid": False, "zeroline": False}
    return Figure(
        data=[trace],
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 4, "l": NAMES, "r": NUMBERS, "b": 28},
            "annotations": notes,
            "shapes": zeros,
            "xaxis": {
                **axis,
                "range": [0, 1],
                "showticklabels": False,
                "title": {"text": say("UL and RL on one scale"), "standoff": 6},
            },
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


def _against(
    x: Array,
    readings: Sequence[str],
    means: Mapping[tuple[str, str], Array],
    chosen: str,
    theme: Theme,
    ranges: tuple[Mapping[tuple[str, str], Array], Mapping[tuple[str, str], Array]] | None = None,
) -> list[dict[str, object]]:
    """Return the lines of the remedies, one reading in the upper panel and one in the lower, over their bands."""
    traces: list[dict[str, object]] = []
    for what, axes in zip(readings, (UPPER, LOWER), strict=True):
        for key in REMEDIES if ranges else ():
            low, high = (ends[key, what] for ends in ranges or ())
            own = {"meta": {"model": key, "reading": what, "band": True}, **axes}
            traces += band(x, low, high, key, SHORT[key], theme, 0.22 if key == chosen else 0.08, **own)
        for key in REMEDIES:
            ink = colour(key, theme)
            looks = {
                "mode": "lines+markers",
                "meta": {"model": key, "reading": what},
                "legendgroup": key,
                "showlegend": axes is UPPER,
                "line": {"color": ink, "width": 4 if key == chosen else 2, "dash": DASH[key]},
                "marker": {"symbol": MARKER[key], "size": 9 if key == chosen else 7, "color": ink},
            }
            traces.append(line(x, means[key, what], key, SHORT[key], theme, **looks, **axes))
    return traces


def remedy_overlap(curve: OverlapCurve, overlap: float, chosen: str, theme: Theme) -> Figure:
    """Draw distance to golden (above) and the signed UL gap (below) of the remedies against overlap.

    Lines are means over draws, bands reach from the smallest draw to the largest, the cursor is the current overlap.
    Shapes: the curve's arrays (k,).
    """
    readings = ("distance", "unlearning_gap")
    above, below = (_span([curve.mean[key, what] for key in REMEDIES]) for what in readings)
    return Figure(
        data=_against(100 * curve.overlaps, readings, curve.mean, chosen, theme, (curve.low, curve.high)),
        layout=panels(
            Panel(READINGS["distance"], 0.57, 1, above),
            Panel(say("<b>UL gap to golden</b>: below 0 it still remembers"), 0, 0.44, below),
            {**PERCENT, "showgrid": False},
            say("overlap: share of the features both sets use"),
            100 * overlap,
            theme,
        ),
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
    readings = ("remaining_loss", "distance")
    spans = {}
    for what in readings:
        zero = all(is_zero(float(found[key, what].max())) for key in REMEDIES)
        spans[what] = NOTHING if zero else _span([found[key, what] for key in REMEDIES])
    low, high = (at[0], at[-1]) if len(at) > 1 else (at[0] - 0.5, at[0] + 0.5)
    pad = 0.02 * (high - low)
    return Figure(
        data=_against(at, readings, found, chosen, theme),
        layout=panels(
            Panel(READINGS["remaining_loss"], 0.57, 1, spans["remaining_loss"]),
            Panel(READINGS["distance"], 0, 0.44, spans["distance"]),
            {"range": [low - pad, high + pad], "showgrid": False, **whole(high - low)},
            say("rows to keep that fine-tuning sees"),
            tune_rows,
            theme,
        ),
    )


def against_overlap(view: View) -> bool:
    """Whether the curves are means over draws of every overlap: real rows have one overlap, their own."""
    return view["against"] == "overlap" and not view.rows


def _models(view: View) -> Remedied:
    return remedied(view.data, CAST_KEYS, view["erase"], view["rotate"])


def _weights(view: View) -> Picture:
    found, chosen, unseen = _models(view), view["erase"], hidden(view.told)
    drawn, labels = stages(found.weights, found.erased, chosen), stage_labels(chosen)
    gone = {"erased": found.weights["pretrained"]}
    figure = weight_anatomy(drawn, found.blocks, labels, view.theme, unseen, gone, PANEL)
    caption = outcome(view.data, found.records, found.weights, chosen, view["rotate"]) if view.told else ""
    return Picture(figure, describe_weights(drawn, found.blocks, labels, unseen), caption)


def _bars(view: View) -> Picture:
    found, unseen = _models(view), hidden(view.told)
    records = [record for key, record in found.records.items() if key != "pretrained"]
    figure = remedy_bars(records, size(found.weights), view["erase"], view.theme, unseen)
    caption = why_not_golden(view.data, found) if view.told else ""
    return Picture(figure, describe_bars(found.records, found.weights, unseen), caption)


def _second(view: View) -> Picture:
    data, spec, found, chosen, mixed = view.data, view.spec, _models(view), view["erase"], view["rotate"]
    if against_overlap(view):
        curve = remedy_means(spec, REMEDIES, mixed, view.moving)
        figure = remedy_overlap(curve, spec.d_overlap / spec.d, chosen, view.theme)
        alt = describe_overlap(curve, size(found.weights))
        caption = nearer(curve, spec, found.records, found.weights)
    else:
        rows, tuned = tuned_on(data, REMEDIES, mixed)
        figure = remedy_rows(rows, tuned, data.tune_rows, chosen, view.theme)
        alt, caption = describe_rows(rows, tuned), rows_needed(rows, tuned, found.records["pretrained"].remaining_loss)
    return Picture(figure, alt, f"{caption}\n\n{on_mixed(data)}" if mixed else caption)


# What the means are computed anew for; overlap, noise and seed are not among it.
MEANS_OF = ("d", "n_retain", "n_forget", "n_tune")
FIGURES = {
    "weights": Drawing(draw=_weights, name="Weights", height=4 * PANEL + EDGES),
    "bars": Drawing(draw=_bars, name="Distances and losses", height=HEIGHT),
    "second": Drawing(draw=_second, name="Curves", shown=lambda view: view.told, drafts=MEANS_OF, height=HEIGHT),
}
