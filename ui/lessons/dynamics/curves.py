"""How far the model is from golden against steps, and what one step leaves of a distance against its size."""

import math

import numpy as np

from theory import Array, Modes
from ui.figures.figure import Figure
from ui.figures.style import DASH, INK, MUTED, RULE, TEMPLATE, Theme, colour, faint
from ui.language import say
from ui.language.words import number
from ui.lessons.dynamics.sentences import arrived, idles
from ui.lessons.dynamics.steps import LENGTH_ROOM, moments, now_traces, step_axis, step_places, used_role

SIDE_HEIGHT = 320
# The largest step size that is drawn, and the largest factor, as a share of the largest stable step.
MOST_SHARE, MOST_FACTOR = 1.2, 1.5


def _length_line(steps: Array, y: Array, top: float, name: str, **more: object) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": step_places(steps),
        "y": np.minimum(y, top),
        "customdata": np.stack([steps, y], axis=1).tolist(),
        "name": name,
        "hovertemplate": say("step %{{customdata[0]:,}}: %{{customdata[1]:.3g}}<extra>{name}</extra>", name=name),
        **more,
    }


def leftover_curve(modes: Modes, objective: str, theme: Theme, told: bool = True) -> Figure:
    """Draw the distance to golden and the leftover against steps, with the law of weight decay over it.

    The dotted line is the model held to the start by the penalty 1 / (2 step_size k) in place of stopping at step k.
    Shapes: those of `Modes`. Before the answer is told, the start stands alone.
    """
    curves = [modes.distance, modes.leftover, modes.held_distance]
    start = max(float(modes.distance[0]), float(modes.held_distance.max()) if told else 0.0)
    top = LENGTH_ROOM * start if modes.grows or not told else 1.1 * max(float(c.max()) for c in curves)
    top = 1.0 if top <= arrived(modes) else top  # rounding is not a shape
    last = len(modes.steps) if told else 1
    steps = modes.steps.astype(float)
    distance = _length_line(
        steps[:last],
        modes.distance[:last],
        top,
        say("distance to golden"),
        meta={"curve": "distance"},
        line={"color": INK[theme], "width": 3},
    )
    leftover = _length_line(
        steps[:last],
        modes.leftover[:last],
        top,
        say("leftover"),
        meta={"curve": "leftover"},
        line={"color": colour("forget", theme), "width": 5},
    )
    traces = [leftover, distance]
    dots = np.minimum(np.stack([modes.leftover, modes.distance], axis=1), top)
    frames: list[dict[str, object]] = []
    if not told:
        for trace in traces:
            trace |= {"mode": "markers", "marker": {"size": 10}}
    else:
        traces.append(
            _length_line(
                steps,
                modes.held_distance,
                top,
                say("held back by μ"),
                meta={"curve": "held"},
                line={"color": MUTED[theme], "width": 2, "dash": DASH["theory"]},
            )
        )
        if objective == "retain":
            traces.append(
                _length_line(
                    steps[::3],
                    modes.law[::3],
                    top,
                    say("law (1 − 2ηλ)ᵏ"),
                    meta={"curve": "law"},
                    mode="markers",
                    marker={"symbol": "circle-open", "size": 8, "color": INK[theme], "line": {"width": 1.5}},
                )
            )
        inks, name = (colour("forget", theme), INK[theme]), say("lengths at this step")
        traces += now_traces(dots, -top, 2 * top, ("diamond", "circle"), inks, name, theme)
        at = [len(traces) - 2, len(traces) - 1]
        frames = [{"name": name, "traces": at, "data": now} for name, now in moments(modes, dots)]
    notes = []
    if told and modes.grows and float(modes.distance.max()) > top:
        notes.append(
            {
                "text": say("diverges"),
                "xref": "paper",
                "yref": "paper",
                "x": 1,
                "y": 0.97,
                "xanchor": "right",
                "yanchor": "top",
                "showarrow": False,
            }
        )
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": SIDE_HEIGHT,
            "margin": {"t": 16},
            **({"annotations": notes} if notes else {}),
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "xaxis": step_axis(),
            "yaxis": {
                "range": [-0.04 * top, 1.03 * top],
                "title": {"text": say("length")},
                "nticks": 5,
                "fixedrange": True,
            },
        },
        frames=frames,
    )


def step_sizes(modes: Modes, objective: str, theme: Theme, told: bool = True) -> Figure:
    """Draw what one step leaves of a distance against the step size, for the strongest and weakest direction and none.

    The step size stands in units of the largest stable one; above the line at 1 a distance grows.
    Shapes: those of `Modes`.
    """
    share = np.linspace(0.0, MOST_SHARE, 121)
    pulls = {
        "strongest": (say("strongest direction"), used_role(objective), "solid", modes.values[:1]),
        "weakest": (say("weakest direction"), used_role(objective), "dash", modes.values[-1:]),
        "unused": (say("what no training row uses"), "forget", "solid", np.zeros(1)),
    }
    now = modes.step_size / modes.stable_step if math.isfinite(modes.stable_step) else 0.0
    traces: list[dict[str, object]] = []
    for key, (name, ink, dash, values) in pulls.items():
        if not len(values) or (key == "unused" and not (told and idles(modes))):
            continue
        pull = float(values[0]) ** 2 + modes.decay
        per_step = 2.0 * modes.stable_step * pull if math.isfinite(modes.stable_step) else 0.0
        left = np.abs(1.0 - per_step * share)
        at = abs(1.0 - per_step * now)
        traces += [
            {
                "type": "scatter",
                "mode": "lines",
                "x": share,
                "y": left,
                "name": name,
                "meta": {"curve": key},
                "line": {"color": colour(ink, theme), "width": 5 if key == "unused" else 3, "dash": dash},
                "hovertemplate": say("%{{x:.2f}} × the limit: %{{y:.3g}}<extra>{name}</extra>", name=name),
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": [now],
                "y": [at],
                "name": say("{name}, this run", name=name),
                "meta": {"curve": key, "now": True},
                "showlegend": False,
                "marker": {"size": 11, "color": colour(ink, theme), "line": {"color": INK[theme], "width": 1.5}},
                "cliponaxis": False,
                "hovertemplate": say("this run: {at:.3g}<extra>{name}</extra>", at=at, name=name),
            },
        ]
    limit = number(modes.stable_step) if math.isfinite(modes.stable_step) else "∞"
    edge = {"type": "line", "layer": "below", "line": {"color": MUTED[theme], "width": 1.5, "dash": "dash"}}
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": SIDE_HEIGHT,
            "margin": {"t": 16},
            "shapes": [
                edge | {"x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper"},
                {
                    "type": "rect",
                    "layer": "below",
                    "x0": 0,
                    "x1": MOST_SHARE,
                    "y0": 1,
                    "y1": MOST_FACTOR,
                    "line": {"width": 0},
                    "fillcolor": faint("ink", theme, 0.07),
                },
            ],
            "annotations": [
                {
                    "text": say("largest stable step: {limit}", limit=limit),
                    "x": 0.98,
                    "y": 1.42,
                    "xanchor": "right",
                    "showarrow": False,
                },
                {"text": say("grows"), "x": 0.02, "y": 1.14, "xanchor": "left", "showarrow": False},
                {"text": say("shrinks"), "x": 0.02, "y": 0.06, "xanchor": "left", "showarrow": False},
            ],
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "xaxis": {
                "range": [0, MOST_SHARE],
                "tickvals": [0.25, 0.5, 0.75, 1.0],
                "ticktext": ["¼", "½", "¾", "1"],
                "title": {"text": say("share of the largest stable step")},
                "fixedrange": True,
            },
            "yaxis": {
                "range": [-0.03, MOST_FACTOR],
                "tickvals": [0, 0.5, 1.0],
                "title": {"text": say("left after one step")},
                "fixedrange": True,
                "gridcolor": RULE[theme],
            },
        },
    )
