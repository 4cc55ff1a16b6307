"""The pictures of the page posterior: densities in one weight, distances by threshold, beliefs in two weights."""

from typing import Any

import numpy as np

from theory.linalg import Array
from theory.posterior import Belief, reach
from ui.figures.curves import plain, stroke, upright
from ui.figures.figure import Figure
from ui.figures.style import MUTED, colour, faint, unknown
from ui.language import say
from ui.lessons.posterior import sentences
from ui.lessons.posterior.results import PRIOR, beliefs, plane, thresholds
from ui.lessons.posterior.text import THRESHOLDS
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

HEIGHT = 380
# The weights a picture of densities shows, and how finely: the narrowest belief of the page has a width of 0.028.
WEIGHTS = np.linspace(-4.0, 4.0, 1601)
# A belief's outline: this many standard deviations.
OUTLINE = 2.0
# How far the picture of two weights reaches at least.
PLANE = 2.3


def _densities(view: View) -> Picture:
    found, theme = beliefs(view), view.theme
    drawn: list[tuple[str, Belief, str, float, str]] = [
        (say("prior"), PRIOR, MUTED[theme], 2, "dot"),
        (say("stored"), found.stored, colour("pretrained", theme), 3, "solid"),
        (say("retrained"), found.retrained, colour("golden", theme), 7, "solid"),
    ]
    if view.told and found.answer:
        drawn.append((say("unlearned"), found.answer, colour("remedy", theme), 3, "dash"))
    traces = [stroke(WEIGHTS, b.density(WEIGHTS), name, ink, w, dash) for name, b, ink, w, dash in drawn]
    traces[1] |= {"fill": "tozeroy", "fillcolor": faint("pretrained", theme, 0.15)}
    top = 1.12 * max(1 / (b.sd * np.sqrt(2 * np.pi)) for _, b, *_ in drawn)
    notes: list[dict[str, Any]] = []
    if not view.told:
        notes.append(unknown(theme) | {"x": 2.2, "y": 0.5 * top})
    elif found.answer is None:
        text = say("no unlearned<br>belief")  # right of the retrained peak, which is between 0 and 0.5
        notes.append({"x": float(WEIGHTS[-1]), "xanchor": "right", "y": 0.85 * top, "text": f"<b>{text}</b>"})
    shapes = []
    far = reach(found.stored, found.threshold)
    if view.told and 0 < far < 8:
        mean = found.stored.mean
        shapes = [upright(at, MUTED[theme], dash="dot") for at in (mean - far, mean + far)]
    figure = Figure(
        data=traces,
        layout=plain(
            theme,
            HEIGHT,
            say("weight"),
            say("density"),
            hovermode="x",
            xaxis={"range": [-4, 4], "hoverformat": ".2f"},
            yaxis={"range": [0, top], "rangemode": "tozero"},
            annotations=notes,
            shapes=shapes,
        ),
    )
    return Picture(figure, sentences.describe_densities(found, view.told), sentences.densities(found, view.told))


# The axis of thresholds is narrow on a phone.
SHORT = {1e-4: "10⁻⁴", 1e-3: "10⁻³"}


def _curves(view: View) -> Picture:
    found, lines, theme = beliefs(view), thresholds(view), view.theme
    places = np.arange(float(len(THRESHOLDS)))
    here = THRESHOLDS.index(found.threshold)
    looks = {
        "eubo": (say("EUBO"), colour("remedy", theme), "solid"),
        "reverse": (say("Reverse KL"), colour("retain", theme), "dash"),
    }
    traces = [
        stroke(places, np.array([np.nan if v is None else v for v in lines[trick]]), name, ink, 3, dash)
        | {"mode": "lines+markers", "marker": {"size": 7, "color": ink}}
        for trick, (name, ink, dash) in looks.items()
    ]
    traces.append(
        stroke(
            np.array([0.0, len(THRESHOLDS) - 1.0]),
            np.full(2, found.before),
            say("stored"),
            colour("pretrained", theme),
            2,
            "solid",
        )
    )
    largest = max(value for several in lines.values() for value in several if value is not None)
    # Near the limit of the width the answer at 0 is far off: the axis keeps to what can be compared.
    top = 1.12 * min(
        max(largest, found.before), 3 * max(found.before, *(v for s in lines.values() for v in s[3:] if v))
    )
    figure = Figure(
        data=traces,
        layout=plain(
            theme,
            HEIGHT,
            say("divide above λ"),
            say("KL from retrained"),
            hovermode="x",
            xaxis={
                "tickvals": places,
                "ticktext": [SHORT.get(value, f"{value:g}") for value in THRESHOLDS],
                "range": [-0.4, len(THRESHOLDS) - 0.6],
            },
            yaxis={"range": [0, top]},
            shapes=[upright(here, MUTED[theme])],
        ),
    )
    return Picture(figure, sentences.describe_curves(lines), sentences.curves(found, lines))


def _outline(mean: Array, covariance: Array) -> tuple[Array, Array]:
    """Return the points `OUTLINE` standard deviations from the mean."""
    turn = np.linspace(0, 2 * np.pi, 121)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    points = mean[:, None] + OUTLINE * np.linalg.cholesky(covariance) @ circle
    return points[0], points[1]


def _plane(view: View) -> Picture:
    found, theme = plane(view), view.theme
    ink: dict[str, tuple[str, str, float, str]] = {
        "pretrained": (say("after all rows"), colour("pretrained", theme), 3, "solid"),
        "golden": (say("retrained"), colour("golden", theme), 7, "solid"),
        "unlearned": (say("unlearned"), colour("remedy", theme), 3, "dash"),
    }
    traces = [
        stroke(*_outline(np.zeros(2), np.eye(2)), say("prior"), MUTED[theme], 2, "dot", hoverinfo="skip"),
        *(
            stroke(*_outline(found.means[key], found.covariances[key]), name, tint, wide, dash, hoverinfo="skip")
            for key, (name, tint, wide, dash) in ink.items()
        ),
        {
            "type": "scatter",
            "mode": "markers",
            "x": [found.tuned[0]],
            "y": [found.tuned[1]],
            "name": say("fine-tuned"),
            "marker": {"symbol": "diamond", "size": 13, "color": colour("fine_tune", theme)},
            "hovertemplate": "%{x:.3g}, %{y:.3g}<extra></extra>",
        },
    ]
    for trace in traces[:4]:
        trace.pop("hovertemplate")
    limit = max(PLANE, *(1.05 * float(np.abs(trace[axis]).max()) for trace in traces[:4] for axis in ("x", "y")))
    figure = Figure(
        data=traces,
        layout=plain(
            theme,
            HEIGHT + 60,
            say("weight the rows to keep use"),
            say("weight they never use"),
            margin={"t": 84},
            xaxis={"range": [-limit, limit], "constrain": "domain", "showgrid": True},
            yaxis={"range": [-limit, limit], "scaleanchor": "x", "constrain": "domain"},
        ),
    )
    return Picture(figure, sentences.describe_plane(found), sentences.prior_again(found))


_ROWS = ("rows_kept", "rows_gone", "apart", "scatter")


def _told(view: View) -> bool:
    return view.told


FIGURES = {
    "densities": Drawing(
        draw=_densities, name="Beliefs", height=HEIGHT, follows=("factor", "threshold", "trick", *_ROWS)
    ),
    "plane": Drawing(draw=_plane, name="Back to the prior", height=HEIGHT + 60, follows=(*_ROWS, "angle"), shown=_told),
    "thresholds": Drawing(
        draw=_curves, name="By threshold", height=HEIGHT, follows=("factor", "threshold", *_ROWS), shown=_told
    ),
}
