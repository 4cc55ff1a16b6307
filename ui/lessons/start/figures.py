"""The dead button: the error on every row to forget, while fine-tuning runs under the reader's hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from theory import Array
from ui.figures.curves import whole
from ui.figures.figure import Figure
from ui.figures.models import LABELS
from ui.figures.style import COLOUR, MARKER, TEMPLATE, Theme, colour
from ui.language import say
from ui.language.words import loss_text, number, plural
from ui.lessons.start.results import ended_records, reason, tuning_run
from ui.lessons.start.sentences import describe_tuning_run, enough, mechanism, step_texts
from ui.lessons.start.sentences import tuning_run as tuning_words
from ui.lessons.three_models import models
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

HEIGHT = 440
# A bar takes this share of its row's place, and no more of the picture than one of so many rows would.
BAR, SLIMMEST = 0.65, 15


def _caption(step: int, error: float, gradient: float) -> str:
    return say(
        "after <b>{steps}</b>: mean squared error <b>{error}</b><br>gradient, the pull of training: <b>{gradient}</b>",
        steps=plural(step, "step"),
        error=loss_text(error, short=True),
        gradient=number(gradient),
    )


def _size(rows: int) -> float:
    """Return how large marks of so many rows are: of many, small, for the bars behind them to be seen."""
    return max(4.0, min(9.0, 900 / rows))


def _marks(labels: Mapping[str, str], theme: Theme, told: bool, rows: int) -> dict[str, Any]:
    """Return how the model that moves is drawn and named: the pretrained one until the answer is told."""
    key = "fine_tune" if told else "pretrained"
    model = (
        say("{pretrained}, then {fine_tune}", pretrained=labels["pretrained"], fine_tune=labels["fine_tune"].lower())
        if told
        else labels["pretrained"]
    )
    return {
        "name": say("{model}: near 0 under a<br>tall bar, it still knows the row", model=model),
        "meta": {"model": key},
        "marker": {
            "symbol": MARKER[key],
            "size": _size(rows),
            "color": colour(key, theme),
            "line": {"width": 0 if told else 2},
        },
    }


def dead_button(
    steps: Sequence[int],
    errors: Array,
    gradient: Array,
    golden: Array,
    labels: Mapping[str, str],
    theme: Theme,
    told: bool = True,
) -> Figure:
    """Draw |error| on every forget row for golden (bars) and for the model at a step (marks), one frame a step.

    It stands at the first step; before the answer is told, that one stands alone.
    Shapes: steps (k,), errors (k, n), gradient (k,), golden (n,).
    """
    rows = np.arange(1, len(golden) + 1)
    top = 1.15 * max(float(golden.max()), float(errors.max() if told else errors[0].max()), 1e-3)
    captions = [_caption(k, float(np.mean(e**2)), float(g)) for k, e, g in zip(steps, errors, gradient, strict=True)]
    caption = {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1.02,
        "align": "left",
        "xanchor": "left",
        "yanchor": "bottom",
        "font": {"size": 15},
    }
    layout = {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 58},
        "annotations": [{**caption, "text": captions[0]}],
        "legend": {
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
            "itemsizing": "constant",
        },
        "xaxis": {
            "title": {"text": say("row to forget")},
            "range": [0.25, len(rows) + 0.75],
            "showgrid": False,
            **whole(len(rows)),
        },
        "yaxis": {"title": {"text": say("error")}, "range": [-0.05 * top, top], "nticks": 5},
    }
    return Figure(
        data=[
            {
                "type": "bar",
                "x": rows,
                "y": golden,
                "width": min(BAR, (len(rows) + 0.5) / SLIMMEST),
                "name": say("{golden}: never saw these rows,<br>so forgotten looks like this", golden=labels["golden"])
                if len(rows) > 1
                else say("{golden}: never saw this row,<br>so forgotten looks like this", golden=labels["golden"]),
                "meta": {"model": "golden"},
                "marker": {"color": COLOUR["golden"], "line": {"width": 0}},
                "hovertemplate": say("row %{x}: golden misses by %{y:.3g}<extra></extra>"),
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": rows,
                "y": errors[0],
                **_marks(labels, theme, told, len(rows)),
                "cliponaxis": False,
                "hovertemplate": say("row %{x}: misses by %{y:.1e}<extra></extra>"),
            },
        ],
        layout=layout,
        frames=[
            {
                "name": str(k),
                "data": [{"y": errors[i]}],
                "traces": [1],
                "layout": {"annotations": [{**caption, "text": captions[i]}]},
            }
            for i, k in enumerate(steps)
        ]
        if told
        else [],
    )


def _button(view: View) -> Picture:
    spec, found, run = view.spec, models(view.spec), tuning_run(view.spec)
    figure = dead_button(run.steps, run.errors, run.gradient, run.golden, LABELS, view.theme, view.told)
    alt = describe_tuning_run(run.steps if view.told else (0,), run.errors, run.gradient, run.golden)
    if not view.told:
        return Picture(figure, alt)
    answer = enough(spec, ended_records(spec), found.weights)
    went = tuning_words(run.steps, run.errors, run.golden, found.records["fine_tune"])
    caption = f"{answer} {went}\n\n{mechanism(*reason(spec))}"
    before = describe_tuning_run((0,), run.errors, run.gradient, run.golden, told=True)
    return Picture(figure, alt, caption, step_texts(run.steps), before=before)


FIGURES = {"button": Drawing(draw=_button, name="The dead button", scrub="trained", begins=True, height=HEIGHT)}
