"""The pictures of the page distinct: the weights, the losses, and what more rows to fine-tune on would do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from theory import Array, Metrics
from ui.figures.curves import axis_top, line, marks, whole
from ui.figures.figure import Figure
from ui.figures.models import LABELS
from ui.figures.style import TEMPLATE, Theme, unknown
from ui.language import say
from ui.lessons.distinct.results import tuning
from ui.lessons.distinct.sentences import bars, describe_tuning_curve, tuning_rows
from ui.lessons.three_models import LOSSES, WEIGHTS, models
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View


def tuning_curve(
    rows: Sequence[int],
    losses: Array,
    records: Sequence[Metrics],
    tune_rows: int,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
) -> Figure:
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
    return Figure(
        data=[
            line(level["x"], level["y"], "golden", labels["golden"], theme),
            *(
                [
                    line(np.array(rows, dtype=float), losses, "fine_tune", labels["fine_tune"], theme),
                    marks(float(tune_rows), {"fine_tune": tuned}, labels, theme),
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
            "showlegend": True,
            "legend": {"itemclick": False, "itemdoubleclick": False},
            "annotations": [] if told else [unknown(theme) | {"x": (low + high) / 2, "y": top / 3}],
            "xaxis": {
                "range": [low - pad, high + pad],
                "title": {"text": say("rows to keep that fine-tuning sees")},
                "showgrid": False,
                **whole(high - low),
            },
            "yaxis": {
                "range": [-0.06 * top, top],
                "title": {"text": say("unlearning loss UL")},
                "nticks": 5,
            },
        },
    )


def _rows(view: View) -> Picture:
    spec, found = view.spec, models(view.spec)
    golden = found.records["golden"]
    rows, losses = tuning(spec)
    figure = tuning_curve(rows, losses, list(found.records.values()), spec.tune_rows, LABELS, view.theme, view.hidden)
    caption = tuning_rows(rows, losses, golden) if view.told else ""
    return Picture(figure, describe_tuning_curve(rows, losses, golden, view.hidden), caption)


def _weights(view: View) -> Picture:
    caption = bars(models(view.spec), view.spec) if view.told else ""
    return replace(WEIGHTS.draw(view), caption=caption)


FIGURES = {
    "weights": replace(WEIGHTS, draw=_weights),
    "losses": LOSSES,
    "rows": Drawing(draw=_rows, name="Rows", height=300),
}
