"""Losses against one control: overlap (mean of many draws, theory over it) and the number of fine-tuning rows."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from theory import Array, Metrics, OverlapCurve
from ui.language import say
from ui.narration import loss_text
from ui.style import COLOUR, DASH, MARKER, MUTED, PAPER, TEMPLATE, Theme, colour, faint, figure

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


def _line(x: Array, y: Array, key: str, name: str, theme: Theme, **more: object) -> dict[str, object]:
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


def _marks(
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


def overlap_curve(
    curve: OverlapCurve,
    fine: Array,
    expected: Array,
    records: Sequence[Metrics],
    overlap: float,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
) -> go.Figure:
    """Draw UL (above) and RL (below) against overlap: means with bands, theory's golden curve, the current draw.

    Hidden models are left out.

    Shapes: the curve's arrays (k,); fine (m,) overlaps with expected (m,), theory's E UL(w_g), infinite at a peak.
    """
    percent, records_by_key = 100 * curve.overlaps, {r.key: r for r in records}
    traces: list[dict[str, object]] = []
    tops = {}
    for loss, axes in (
        ("unlearning_loss", {"xaxis": "x", "yaxis": "y"}),
        ("remaining_loss", {"xaxis": "x2", "yaxis": "y2"}),
    ):
        upper = loss == "unlearning_loss"
        keys = [k for k in WIDTH if (k, loss) in curve.mean and k not in hidden]
        for key in keys:
            mean, error = curve.mean[key, loss], curve.error[key, loss]
            if (curve.high[key, loss] > curve.low[key, loss] + 1e-9).any():
                traces.append(
                    {
                        "type": "scatter",
                        "mode": "lines",
                        "x": np.concatenate([percent, percent[::-1]]),
                        "y": np.concatenate([curve.high[key, loss], curve.low[key, loss][::-1]]),
                        "fill": "toself",
                        "fillcolor": faint(key, theme),
                        "line": {"width": 0},
                        "name": say("{labels}: range of draws", labels=labels[key]),
                        "meta": {"model": key, "loss": loss, "band": True},
                        "hoverinfo": "skip",
                        "showlegend": False,
                        **axes,
                    }
                )
            traces.append(
                _line(
                    percent,
                    mean,
                    key,
                    labels[key],
                    theme,
                    showlegend=upper,
                    legendgroup=key,
                    **axes,
                    **(
                        {
                            "mode": "markers",
                            "marker": {"color": COLOUR["golden"], "symbol": MARKER["golden"], "size": 8},
                            "error_y": {"array": error, "thickness": 2},
                        }
                        if key == "golden" and upper
                        else {}
                    ),
                )
                | {"meta": {"model": key, "loss": loss}}
            )
        here = {key: float(getattr(records_by_key[key], loss)) for key in keys}
        traces.append(_marks(100 * overlap, here, labels, theme, **axes))
        tops[loss] = axis_top(
            [*(curve.mean[k, loss] for k in keys), *([expected] if upper else [])],
            [getattr(r, loss) for r in records if r.key not in hidden],
        )
    traces.insert(
        0,
        {
            "type": "scatter",
            "mode": "lines",
            "x": 100 * fine,
            "y": np.where(np.isfinite(expected), expected, np.nan),
            "name": say("Golden, by theory"),
            "meta": {"model": "golden", "loss": "unlearning_loss", "theory": True},
            "line": {"color": COLOUR["golden"], "width": 2.5, "dash": DASH["theory"]},
            "hovertemplate": say("theory: %{y:.3g}<extra></extra>"),
        },
    )
    shared = max(tops["unlearning_loss"], 2 * tops["remaining_loss"])  # the lower panel is half as high
    cursor = {"type": "line", "x0": 100 * overlap, "x1": 100 * overlap, "yref": "paper", "y0": 0, "y1": 1}
    title = {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "bgcolor": PAPER[theme],
    }
    return figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 26},
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "hovermode": "x",
            "shapes": [cursor | {"line": {"color": MUTED[theme], "width": 1}, "layer": "below"}],
            "annotations": [
                title | {"y": 1, "text": say("<b>Unlearning loss UL</b>: the rows to forget")},
                title | {"y": 0.30, "text": say("<b>Remaining loss RL</b>: the rows to keep")},
            ],
            "xaxis": {
                "domain": [0, 1],
                "anchor": "y",
                "range": [-1.5, 101.5],
                "showticklabels": False,
                "fixedrange": True,
            },
            "xaxis2": {
                "anchor": "y2",
                "range": [-1.5, 101.5],
                "ticksuffix": " %",
                "title": {"text": say("overlap: share of the features both sets use")},
                "fixedrange": True,
            },
            "yaxis": {"domain": [0.42, 1], "range": [-0.06 * shared, shared], "fixedrange": True, "nticks": 6},
            "yaxis2": {
                "domain": [0, 0.29],
                "anchor": "x2",
                "range": [-0.08 * shared, shared / 2],
                "fixedrange": True,
                "nticks": 3,
            },
        },
    )


def tuning_curve(
    rows: Sequence[int],
    losses: Array,
    records: Sequence[Metrics],
    tune_rows: int,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
) -> go.Figure:
    """Draw the fine-tuned model's UL against the number of fine-tuning rows, under golden's level.

    Hidden, the curve is left out.

    Shapes: rows (k,) whole numbers, losses (k,).
    """
    by_key = {r.key: r for r in records}
    golden, tuned = by_key["golden"].unlearning_loss, by_key["fine_tune"].unlearning_loss
    told = "fine_tune" not in hidden
    top = axis_top([losses] if told else [], [golden, tuned] if told else [golden])
    low, high = (float(rows[0]), float(rows[-1])) if len(rows) > 1 else (rows[0] - 0.5, rows[0] + 0.5)
    pad = 0.02 * (high - low)
    level = {"x": np.array([low, high]), "y": np.array([golden, golden])}
    return figure(
        data=[
            _line(level["x"], level["y"], "golden", labels["golden"], theme),
            *(
                [
                    _line(np.array(rows, dtype=float), losses, "fine_tune", labels["fine_tune"], theme),
                    _marks(float(tune_rows), {"fine_tune": tuned}, labels, theme),
                ]
                if told
                else []
            ),
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": 300,
            "margin": {"t": 36},
            "hovermode": "x",
            "legend": {"itemclick": False, "itemdoubleclick": False},
            "xaxis": {
                "range": [low - pad, high + pad],
                "title": {"text": say("retain rows that fine-tuning sees")},
                "fixedrange": True,
                "showgrid": False,
            },
            "yaxis": {
                "range": [-0.06 * top, top],
                "title": {"text": say("unlearning loss UL")},
                "fixedrange": True,
                "nticks": 5,
            },
        },
    )
