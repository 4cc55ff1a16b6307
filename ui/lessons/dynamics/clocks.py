"""The clocks: every direction of gradient descent as a bar, above the losses against steps."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from theory import Array, Modes
from ui.figures.figure import Figure
from ui.figures.style import COLOUR, FONT_SIZE, INK, MUTED, TEMPLATE, Theme, colour, faint, pale
from ui.language import say
from ui.lessons.dynamics.bars import Panel, bar_trace, gaps, outline
from ui.lessons.dynamics.sentences import arrived, bars
from ui.lessons.dynamics.steps import LENGTH_ROOM, moments, now_traces, step_axis, step_places, used_role

HEIGHT = 424
# Losses at or below this share a place at the bottom of their axis: golden's level and the way to it stay readable.
LEAST_LOSS = 1e-4
# A diverging loss leaves the picture at this multiple of where it started.
LOSS_ROOM = 100.0
# The part of the picture's height that the bars have.
BARS = [0.62, 1.0]
# What was to go at the start, behind what still is: much paler, so that only the live bars are seen at a glance.
GHOST = 0.13
# What has arrived, in grey: a paler grey is not seen on white paper.
ARRIVED = 0.22
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _title(text: str, x: float, y: float) -> dict[str, object]:
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": y,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": FONT_SIZE - 1},
    }


def _power(exponent: int) -> str:
    return {0: "1", 1: "10"}.get(exponent, f"10{str(exponent).translate(_SUPERSCRIPT)}")


def _losses(modes: Modes) -> dict[str, Array]:
    return {"remaining_loss": modes.remaining_loss, "unlearning_loss": modes.unlearning_loss}


def loss_top(modes: Modes, told: bool) -> float:
    """Return the largest loss on the axis: above everything a stable run shows, and above the start of another."""
    first = [modes.golden_loss, *(float(y[0]) for y in _losses(modes).values())]
    if modes.grows and told:
        return LOSS_ROOM * max(*first, LEAST_LOSS)
    highest = [float(y.max()) for y in _losses(modes).values()] if told else []
    return 1.5 * max(*first, *highest, 10 * LEAST_LOSS)


def bar_top(modes: Modes, told: bool) -> float:
    """Return the largest bar of the picture."""
    start = max(float(np.abs(part[0]).max(initial=0.0)) for part in (modes.distances, modes.orphans))
    if not told:
        return 1.08 * start or 1.0
    if modes.grows:
        return LENGTH_ROOM * start or 1.0
    return 1.08 * max(start, float(np.abs(modes.orphans).max(initial=0.0))) or 1.0


def clocks(modes: Modes, objective: str, labels: Mapping[str, str], theme: Theme, told: bool = True) -> Figure:
    """Draw the way every direction still has to go (bars) and the losses against steps, one frame a step.

    At most `MOST_BARS` directions of a kind have a bar; before the answer is told, step 0 stands alone.
    Shapes: those of `Modes`, k steps.
    """
    used, orphan = bars(modes.distances.shape[1]), bars(modes.orphans.shape[1])
    way, held = np.abs(modes.distances[:, used]), np.abs(modes.orphans[:, orphan])
    # What is rounding beside the model is nothing.
    held = np.where(held <= arrived(modes), 0.0, held)
    done = modes.done[:, used]
    top, loss_limit, role = bar_top(modes, told), loss_top(modes, told), used_role(objective)
    steps = modes.steps.astype(float)
    places = step_places(steps)
    low = math.log10(LEAST_LOSS) - 0.25
    split = min(max(len(used) / max(len(used) + len(orphan), 1), 0.46), 0.54)
    # Both panels stand on one axis: a second one takes the browser longer than all their bars.
    left, right = Panel(0.0, split - 0.03, len(used)), Panel(split + 0.03, 1.0, len(orphan))

    def shown(losses: Array) -> Array:
        return np.clip(losses, LEAST_LOSS, loss_limit)

    # Every part of the bars with its heights at all steps; those that stay as they are need no frames.
    name, orphan_name = say("way still to go"), say("held by the model")
    hover = "<br>%{y:.3g}<extra></extra>"
    quiet = {"hoverinfo": "skip"}
    start = np.broadcast_to(np.minimum(way[0], top), way.shape)
    parts: list[tuple[Array, str, str, dict[str, Any]]] = [
        (
            start,
            faint(role, theme, GHOST),
            say("way to go at the start (grey: arrived)"),
            {"bars": "ahead", "showlegend": told and bool(way[0].any()), **quiet},
        ),
        (
            np.where(done, start, 0.0),
            pale("pretrained", theme, ARRIVED),
            say("arrived"),
            {"bars": "arrived", **quiet},
        ),
        (np.minimum(way, top), colour(role, theme), name, {"bars": "used", "hovertemplate": f"{name}{hover}"}),
        (np.where(way > top, top, 0.0), INK[theme], say("beyond the picture"), {"bars": "beyond", **quiet}),
        (
            np.minimum(held, top),
            colour("forget", theme),
            orphan_name,
            {"bars": "orphan", "hovertemplate": f"{orphan_name}{hover}"},
        ),
        (
            np.where(held > top, top, 0.0),
            INK[theme],
            say("beyond the picture"),
            {"bars": "orphan beyond", **quiet},
        ),
    ]
    traces: list[dict[str, object]] = []
    moving: dict[int, Array] = {}
    # Plotly takes away axes of which a frame names no trace: if no bars move, some are named all the same.
    still: list[int] = []
    for heights, fill, part, more in parts:
        if more["bars"] in ("beyond", "orphan beyond") and not heights.any():
            continue
        if told and (heights != heights[0]).any():
            moving[len(traces)] = heights
        elif more["bars"] == "used":
            still.append(len(traces))
        bars_of = {"meta": {"bars": more["bars"]}} | {k: v for k, v in more.items() if k != "bars"}
        panel = right if more["bars"].startswith("orphan") else left
        traces.append(bar_trace(heights[0], panel, fill, part, **bars_of))
    traces += [
        gaps((left, right), top, theme),
        {
            "type": "scatter",
            "mode": "lines",
            "x": [places[0], places[-1]],
            "y": [max(modes.golden_loss, LEAST_LOSS)] * 2,
            "customdata": [[float(k), modes.golden_loss] for k in (modes.steps[0], modes.steps[-1])],
            "name": say("UL of {golden}", golden=labels["golden"].lower()),
            "meta": {"model": "golden", "loss": "unlearning_loss"},
            "xaxis": "x2",
            "yaxis": "y2",
            "line": {"color": COLOUR["golden"], "width": 4},
            "hovertemplate": say("golden: UL %{customdata[1]:.3g}<extra></extra>"),
        },
    ]
    looks = {"remaining_loss": ("RL", role, "solid"), "unlearning_loss": ("UL", "forget", "dash")}
    for loss, losses in _losses(modes).items():
        short, ink, dash = looks[loss]
        last = len(losses) if told else 1
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": places[:last],
                "y": shown(losses[:last]),
                "customdata": np.stack([steps[:last], losses[:last]], axis=1).tolist(),
                "name": say("RL: remaining loss") if short == "RL" else say("UL: unlearning loss"),
                "meta": {"curve": loss},
                "xaxis": "x2",
                "yaxis": "y2",
                "line": {"color": colour(ink, theme), "width": 3, "dash": dash},
                "hovertemplate": say(
                    "step %{{customdata[0]:,}}: {short} %{{customdata[1]:.3g}}<extra></extra>", short=short
                ),
            }
        )
    dots = np.stack([shown(losses) for losses in _losses(modes).values()], axis=1)
    inks = (colour(role, theme), colour("forget", theme))
    traces += now_traces(
        dots,
        10**low,
        2 * loss_limit,
        ("circle", "diamond"),
        inks,
        say("losses at this step"),
        theme,
        xaxis="x2",
        yaxis="y2",
    )
    if moving:
        still.clear()
    outlines = [outline(heights) for heights in moving.values()]
    frames = [
        {
            "name": name,
            "traces": [*moving, *still, len(traces) - 2, len(traces) - 1],
            "data": [*({"y": heights[i]} for heights in outlines), *({"visible": True} for _ in still), *now],
        }
        for i, (name, now) in enumerate(moments(modes, dots) if told else ())
    ]
    notes = [
        _title(say("<b>Used by training rows</b><br>way still to go"), left.left, 1.0),
        _title(say("<b>Only rows to forget</b><br>what the model holds"), right.left, 1.0),
        _title(say("<b>Losses</b>"), 0, 0.43),
    ]
    middle = {
        "xref": "paper",
        "yref": "paper",
        "xanchor": "center",
        "y": 0.81,
        "showarrow": False,
        "font": {"color": MUTED[theme]},
    }
    if not way[0].any():
        notes.append({"text": say("nothing<br>left to go"), "x": left.middle, **middle})
    if not held.any():
        text = say("none: the rows to<br>keep use them all") if not len(orphan) else say("nothing held")
        notes.append({"text": text, "x": right.middle, **middle})
    if not told:
        notes.append({"text": "<b>?</b>", "x": 0.5, **middle, "y": 0.2, "font": {"size": 26, "color": MUTED[theme]}})
    elif modes.grows and max(float(y.max()) for y in _losses(modes).values()) > loss_limit:
        notes.append(
            {
                "text": say("diverges, beyond the picture"),
                "xref": "paper",
                "yref": "paper",
                "x": 1,
                "y": 0.02,
                "xanchor": "right",
                "yanchor": "bottom",
                "showarrow": False,
            }
        )
    highest = math.floor(math.log10(loss_limit))
    decades = [e for e in range(-2, highest + 1) if e % 2 == 0]
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 44},
            "annotations": notes,
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "shapes": [
                {"type": "line", "x0": panel.left, "x1": panel.right, "y0": 0, "y1": 0, "line": {"color": MUTED[theme]}}
                for panel in (left, right)
            ],
            "xaxis": {
                "range": [0, 1],
                "anchor": "y",
                "tickvals": [left.middle, right.middle],
                "ticktext": [say("strong → weak")] * 2,
                "tickangle": 0,
                "tickfont": {"color": MUTED[theme]},
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
            },
            "xaxis2": step_axis(anchor="y2", domain=[0, 1]),
            "yaxis": {
                "range": [0, top],
                "domain": BARS,
                "anchor": "x",
                "fixedrange": True,
                "nticks": 4,
                "zeroline": False,
                "showgrid": False,
            },
            "yaxis2": {
                "type": "log",
                "anchor": "x2",
                "domain": [0.0, 0.42],
                "range": [low, math.log10(loss_limit) + 0.25],
                "tickvals": [LEAST_LOSS, *(10.0**e for e in decades)],
                "ticktext": ["≤ 10⁻⁴", *map(_power, decades)],
                "zeroline": False,
                "fixedrange": True,
            },
        },
        frames=frames,
    )
