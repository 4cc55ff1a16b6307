"""The pictures of the page flatten: the curve and its dip, the gap against steps, a linear model that shrinks."""

from typing import Any

import numpy as np

from theory.flatten import EDGE, PLACE, truth
from theory.linalg import Array
from ui.figures.curves import plain, stroke, upright
from ui.figures.figure import Figure
from ui.figures.style import MUTED, colour, unknown
from ui.language import say
from ui.lessons.flatten import sentences
from ui.lessons.flatten.results import SHARES, flat, line, ways
from ui.lessons.flatten.text import STEPS
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

HEIGHT = 360
PLACES = np.linspace(-EDGE, EDGE, 301)
# A curve that leaves the picture goes on outside: so far beyond what the rows and the pretrained curve need.
ROOM = 1.0


def _points(x: Array, y: Array, name: str, ink: str, symbol: str, size: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "name": name,
        "marker": {"color": ink, "symbol": symbol, "size": size},
        "hovertemplate": f"{name}: %{{y:.3g}}<extra></extra>",
    }


def _curve(view: View) -> Picture:
    found, theme, steps = flat(view), view.theme, view["pressed"]
    features = found.curve.features(PLACES)
    before, golden, now = (features @ w for w in (found.path[0], found.golden, found.path[steps]))
    kept = found.curve.kept
    traces = [
        stroke(PLACES, golden, say("golden"), colour("golden", theme), 7),
        stroke(PLACES, before, say("pretrained"), colour("pretrained", theme)),
        _points(kept, truth(kept), say("rows to keep"), colour("retain", theme), "circle", 6),
        _points(
            np.array([PLACE]), np.array([found.curve.label]), say("row to forget"), colour("forget", theme), "x", 13
        ),
    ]
    notes: list[dict[str, Any]] = []
    if view.told:
        traces.append(stroke(PLACES, now, say("flattened"), colour("remedy", theme), 3, "dash"))
    else:
        notes.append(unknown(theme) | {"x": PLACE + 0.55, "y": found.curve.label + 0.5})
    low = min(float(before.min()), float(golden.min()), found.curve.label) - 0.4
    high = max(float(before.max()), float(golden.max())) + ROOM
    figure = Figure(
        data=traces,
        layout=plain(
            theme,
            HEIGHT,
            say("input"),
            say("what the model says"),
            xaxis={"range": [-EDGE, EDGE], "zeroline": False},
            yaxis={"range": [low, high]},
            annotations=notes,
            shapes=[upright(PLACE + side * view["moved"], MUTED[theme], dash="dot") for side in (-1, 1)],
        ),
    )
    return Picture(figure, sentences.describe_curve(found, steps, view.told), sentences.curve(found, steps, view.told))


def _gaps(view: View) -> Picture:
    found, lines, theme = flat(view), ways(view), view.theme
    names = {"published": say("as in their code"), "full": say("full gradient"), "smooth": say("closed form")}
    looks = {"published": ("forget", "solid"), "full": ("remedy", "dash"), "smooth": ("retain", "dot")}
    x = np.arange(STEPS + 1.0)
    traces = [
        stroke(x, one.gaps, names[way], colour(looks[way][0], theme), 4 if way == view["way"] else 2, looks[way][1])
        for way, one in lines.items()
    ]
    steps = view["pressed"]
    traces.append(_points(x[[steps]], found.gaps[[steps]], say("as set"), colour("ink", theme), "circle", 11))
    top = 1.08 * max(float(one.gaps.max()) for one in lines.values())
    figure = Figure(
        data=traces,
        layout=plain(
            theme,
            HEIGHT,
            say("steps"),
            say("gap to golden near the row"),
            margin={"t": 84},
            hovermode="x",
            xaxis={"range": [-5, STEPS + 5]},
            yaxis={"range": [0, max(top, 0.01)]},
            shapes=[upright(steps, MUTED[theme])],
        ),
    )
    return Picture(figure, sentences.describe_gaps(lines, names), sentences.gaps(found))


def _shrunk(view: View) -> Picture:
    found, theme, share = line(view), view.theme, view["share"]
    away, error = found.at(share)
    traces = [
        stroke(SHARES, found.away, say("distance to golden"), colour("forget", theme)),
        stroke(SHARES, found.errors, say("error on the rows to keep"), colour("retain", theme), 3, "dash"),
        _points(np.array([share, share]), np.array([away, error]), say("chosen"), colour("ink", theme), "circle", 11),
        _points(
            np.array([found.best.best]),
            np.array([found.best.left / found.best.start]),
            say("nearest"),
            colour("golden", theme),
            "square",
            12,
        ),
    ]
    top = 1.08 * max(1.0, float(found.away.max()), float(found.errors.max()))
    figure = Figure(
        data=traces,
        layout=plain(
            theme,
            HEIGHT,
            say("part of the weights that is left"),
            say("share of what it was"),
            margin={"t": 84},
            xaxis={"range": [1.02, -0.02], "tickformat": ".0%"},
            yaxis={"range": [-0.02, top], "tickformat": ".0%"},
            shapes=[upright(share, MUTED[theme])],
        ),
    )
    return Picture(figure, sentences.describe_shrinking(found, share), sentences.shrinking(found, share))


def _told(view: View) -> bool:
    return view.told


_CURVE = ("moved", "pressed", "way", "depth", "feature")

FIGURES = {
    "curve": Drawing(draw=_curve, name="The curve", height=HEIGHT, follows=_CURVE),
    "gaps": Drawing(draw=_gaps, name="Gap against steps", height=HEIGHT, follows=_CURVE, shown=_told),
    "shrunk": Drawing(draw=_shrunk, name="A linear model", height=HEIGHT, follows=("share", "forgotten"), shown=_told),
}
