"""The pictures of the page overlap: the losses against the overlap, how far the models are off, and their weights."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics, OverlapCurve
from ui.figures.curves import HEIGHT, WIDTH, axis_top, line, marks
from ui.figures.figure import Figure
from ui.figures.models import LABELS, fine_tuning
from ui.figures.style import COLOUR, DASH, MARKER, MUTED, PAPER, TEMPLATE, Theme, faint
from ui.language import say
from ui.lessons.overlap.results import expected_losses, mean_losses
from ui.lessons.overlap.sentences import describe_overlap_curve, overlap_trend
from ui.lessons.three_models import LOSSES, WEIGHTS, models
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View


def overlap_curve(
    curve: OverlapCurve,
    fine: Array,
    expected: Array,
    records: Sequence[Metrics],
    overlap: float,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
) -> Figure:
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
                line(
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
        traces.append(marks(100 * overlap, here, labels, theme, **axes))
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


def _curve(view: View) -> Picture:
    spec, found = view.spec, models(view.spec)
    records, mean = list(found.records.values()), mean_losses(view.spec, view.moving)
    figure = overlap_curve(mean, *expected_losses(spec), records, spec.overlap, LABELS, view.theme, view.hidden)
    caption = f"{fine_tuning(spec, found.records, found.weights)} {overlap_trend(mean)}" if view.told else ""
    return Picture(figure, describe_overlap_curve(mean, records, spec, LABELS, view.hidden), caption)


# What the means are drawn anew for; noise only scales them, and overlap and seed are not among it.
MEANS_OF = ("d", "n_retain", "n_forget", "n_tune")
FIGURES = {
    "curve": Drawing(draw=_curve, name="Overlap curve", drafts=MEANS_OF, height=HEIGHT),
    "losses": LOSSES,
    "weights": WEIGHTS,
}
