"""The pictures of the part on rows with gaps: the risk against their weight, and a bandit."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from theory.relatives import Missing
from ui.figures.curves import stroke
from ui.figures.figure import Figure
from ui.figures.style import INK, MUTED, colour
from ui.language import say
from ui.lessons.relatives import sentences
from ui.lessons.relatives.lines import layout, ticks, waits
from ui.lessons.relatives.results import WEIGHTS, risk_alone, tried, weighed
from ui.plot.picture import Picture
from ui.plot.view import View


def rows(view: View) -> Missing:
    """Return the rows with gaps of a View."""
    return Missing(rows=view["gap_rows"], observed=view["observed"], seed=view["draw"])


def risk(view: View) -> Picture:
    """Draw the risk against how much a row with gaps counts."""
    theme, spec = view.theme, rows(view)
    found = weighed(spec)
    shown = slice(None) if view.told else slice(None, None, len(found.weights) - 1)
    name = say("excess risk on complete rows")
    data: list[Mapping[str, Any]] = [
        stroke(
            found.weights[shown],
            found.risk[shown],
            name,
            INK[theme],
            mode="lines+markers" if view.told else "markers",
            error_y={"type": "data", "array": found.error[shown], "color": MUTED[theme]},
            marker={"size": 8},
        )
    ]
    if view.told and spec.observed < 1:
        endless = np.full(2, found.endless)
        data.append(
            stroke(np.array([0.0, 1.0]), endless, say("ever more rows, all counted fully"), MUTED[theme], dash="dot")
        )
    ends = [found.endless] if spec.observed < 1 else []
    high = float(np.log10(1.3 * max(*(found.risk + found.error), *ends)))
    low = float(np.log10(0.7 * min(*found.risk, *ends)))
    figure = Figure(
        data=data,
        layout=layout(
            theme,
            say("how much a row with gaps counts"),
            say("{name}, log scale", name=name),
            xaxis={"range": [-0.03, 1.03]},
            yaxis=ticks(low, high),
            annotations=waits(theme, view.told, 0.5, 0.5),
        ),
    )
    caption = (sentences.complete() if spec.observed == 1 else sentences.risk(found)) if view.told else ""
    return Picture(
        figure,
        sentences.describe({name: found.risk[shown]}, found.weights[shown], say("Risk against the weight")),
        caption,
    )


def bandit(view: View) -> Picture:
    """Draw the weight that a bandit settles on."""
    theme, spec = view.theme, rows(view)
    path = tried(spec)
    x, name = np.arange(float(len(path))), say("weight it settles on")
    figure = Figure(
        data=[stroke(x, path, name, colour("remedy", theme))],
        layout=layout(theme, say("tries"), say("how much a row with gaps counts"), yaxis={"range": [-0.03, 1.03]}),
    )
    alt = sentences.describe({name: path}, x, say("The weight it settles on, against tries"))
    if spec.observed == 1:
        return Picture(figure, alt, sentences.complete())
    best = min(risk_alone(spec, weight) for weight in WEIGHTS)
    return Picture(figure, alt, sentences.bandit(path, risk_alone(spec, float(path[-1])), best))
