"""What weight decay costs against the rows training sees, and what one step leaves of a distance against its size."""

import math

import numpy as np

from theory import Modes
from ui.figures.curves import upright, whole
from ui.figures.figure import Figure
from ui.figures.style import COLOUR, INK, MUTED, RULE, TEMPLATE, Theme, colour, faint
from ui.language import say
from ui.language.words import number
from ui.lessons.dynamics.results import Cost
from ui.lessons.dynamics.sentences import idles
from ui.lessons.dynamics.steps import used_role

SIDE_HEIGHT = 320
# The largest step size that is drawn, and the largest factor, as a share of the largest stable step.
MOST_SHARE, MOST_FACTOR = 1.2, 1.5


def cost_curve(found: Cost, tune_rows: int, theme: Theme) -> Figure:
    """Draw both errors after training against how many rows to keep it sees, golden's error as a level.

    Shapes: those of `Cost`; a line stands at the number of rows of the run.
    """
    top = 1.1 * max(float(found.remaining_loss.max()), float(found.unlearning_loss.max()), found.golden_loss, 1e-3)
    kinds = (
        ("remaining_loss", say("rows to keep (RL)"), found.remaining_loss, "retain", "solid", "circle"),
        ("unlearning_loss", say("rows to forget (UL)"), found.unlearning_loss, "forget", "dash", "diamond"),
    )
    traces: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [float(found.rows[0]), float(found.rows[-1])],
            "y": [found.golden_loss] * 2,
            "name": say("golden, rows to forget"),
            "meta": {"model": "golden", "loss": "unlearning_loss"},
            "line": {"color": COLOUR["golden"], "width": 4},
            "hovertemplate": "%{y:.3g}<extra></extra>",
        }
    ]
    traces += [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": found.rows,
            "y": losses,
            "name": name,
            "meta": {"cost": loss},
            "line": {"color": colour(role, theme), "width": 3, "dash": dash},
            "marker": {"symbol": mark, "size": 8, "color": colour(role, theme)},
            "cliponaxis": False,
            "hovertemplate": f"{name}: %{{y:.3g}}<extra></extra>",
        }
        for loss, name, losses, role, dash, mark in kinds
    ]
    most = float(found.rows[-1])
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": SIDE_HEIGHT,
            "margin": {"t": 16},
            "shapes": [upright(tune_rows, MUTED[theme], 1.5)],
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "hovermode": "x",
            "xaxis": {
                "range": [-0.03 * most, most * 1.03],
                "title": {"text": say("rows to keep that training sees")},
                **whole(most, nticks=6),
            },
            "yaxis": {
                "range": [-0.05 * top, top],
                "title": {"text": say("mean squared error")},
                "nticks": 5,
            },
        },
    )


def step_sizes(modes: Modes, objective: str, theme: Theme, told: bool = True) -> Figure:
    """Draw what one step leaves of a distance against the step size, for the strongest and weakest direction and none.

    The step size stands in units of the largest stable one; above the line at 1 a distance grows.
    Shapes: those of `Modes`.
    """
    share = np.linspace(0.0, MOST_SHARE, 121)
    first = say("strongest direction") if len(modes.values) > 1 else say("the one direction that is used")
    pulls = {
        "strongest": (first, used_role(objective), "solid", modes.values[:1]),
        "weakest": (say("weakest direction"), used_role(objective), "dash", modes.values[1:][-1:]),
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
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": SIDE_HEIGHT,
            "margin": {"t": 16},
            "shapes": [
                upright(1, MUTED[theme], 1.5, dash="dash"),
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
                },
                {"text": say("grows"), "x": 0.02, "y": 1.14, "xanchor": "left"},
                {"text": say("shrinks"), "x": 0.02, "y": 0.06, "xanchor": "left"},
            ],
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "xaxis": {
                "range": [0, MOST_SHARE],
                "tickvals": [0.25, 0.5, 0.75, 1.0],
                "ticktext": ["¼", "½", "¾", "1"],
                "title": {"text": say("share of the largest stable step")},
            },
            "yaxis": {
                "range": [-0.03, MOST_FACTOR],
                "tickvals": [0, 0.5, 1.0],
                "title": {"text": say("left after one step")},
                "gridcolor": RULE[theme],
            },
        },
    )
