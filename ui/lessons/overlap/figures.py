"""The pictures of the page overlap: the losses against the overlap, how far the models are off, and their weights."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics, OverlapCurve
from ui.figures.curves import HEIGHT, LOWER, PERCENT, UPPER, WIDTH, Panel, axis_top, band, line, marks, panels
from ui.figures.figure import Figure
from ui.figures.models import LABELS, fine_tuning
from ui.figures.style import COLOUR, DASH, MARKER, Theme
from ui.language import say
from ui.language.words import in_turn
from ui.lessons.overlap.results import expected_losses, mean_losses
from ui.lessons.overlap.sentences import describe_overlap_curve, overlap_peak, overlap_trend
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
    traces: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": 100 * fine,
            "y": np.where(np.isfinite(expected), expected, np.nan),
            "name": say("Golden, by theory"),
            "meta": {"model": "golden", "loss": "unlearning_loss", "theory": True},
            "line": {"color": COLOUR["golden"], "width": 2.5, "dash": DASH["theory"]},
            "hovertemplate": say("theory: %{y:.3g}<extra></extra>"),
        }
    ]
    tops = {}
    for loss, axes in (("unlearning_loss", UPPER), ("remaining_loss", LOWER)):
        upper = loss == "unlearning_loss"
        keys = [k for k in WIDTH if (k, loss) in curve.mean and k not in hidden]
        for key in keys:
            own = {"model": key, "loss": loss}
            low, high = curve.low[key, loss], curve.high[key, loss]
            traces += band(percent, low, high, key, labels[key], theme, meta={**own, "band": True}, **axes)
            drawn = {"meta": own, "showlegend": upper, "legendgroup": key, **axes}
            if key == "golden" and upper:
                drawn |= {
                    "mode": "markers",
                    "marker": {"color": COLOUR["golden"], "symbol": MARKER["golden"], "size": 8},
                    "error_y": {"array": curve.error[key, loss], "thickness": 2},
                }
            traces.append(line(percent, curve.mean[key, loss], key, labels[key], theme, **drawn))
        here = {key: float(getattr(records_by_key[key], loss)) for key in keys}
        traces.append(marks(100 * overlap, here, labels, theme, **axes))
        tops[loss] = axis_top(
            [*(curve.mean[k, loss] for k in keys), *([expected] if upper else [])],
            [getattr(r, loss) for r in records if r.key not in hidden],
        )
    shared = max(tops["unlearning_loss"], 2 * tops["remaining_loss"])  # the lower panel is half as high
    return Figure(
        data=traces,
        layout=panels(
            Panel(say("<b>Unlearning loss UL</b>: the rows to forget"), 0.42, 1, (-0.06 * shared, shared), 6),
            Panel(say("<b>Remaining loss RL</b>: the rows to keep"), 0, 0.29, (-0.08 * shared, shared / 2), 3),
            PERCENT,
            say("overlap: share of the features both sets use"),
            100 * overlap,
            theme,
        ),
    )


def _curve(view: View) -> Picture:
    spec, found = view.spec, models(view.spec)
    records, mean = list(found.records.values()), mean_losses(view.spec, view.moving)
    figure = overlap_curve(
        mean, *expected_losses(spec), records, spec.d_overlap / spec.d, LABELS, view.theme, view.hidden
    )
    told = (fine_tuning(spec, found.records, found.weights), overlap_peak(spec), overlap_trend(mean))
    caption = in_turn(*told) if view.told else ""
    return Picture(figure, describe_overlap_curve(mean, records, spec, LABELS, view.hidden), caption)


# What the means are drawn anew for; noise only scales them, and overlap and seed are not among it.
MEANS_OF = ("d", "n_retain", "n_forget", "n_tune")
FIGURES = {
    "curve": Drawing(draw=_curve, name="Overlap curve", drafts=MEANS_OF, height=HEIGHT),
    "losses": LOSSES,
    "weights": WEIGHTS,
}
