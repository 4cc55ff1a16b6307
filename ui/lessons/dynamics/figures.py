"""The clocks: every direction of gradient descent as a bar, losses and distances against steps, and the step size."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory import Array, Modes
from ui.figures.figure import Figure
from ui.figures.style import COLOUR, DASH, FONT_SIZE, INK, MUTED, PAPER, RULE, TEMPLATE, Theme, colour, faint
from ui.language import say
from ui.language.words import number
from ui.lessons.dynamics.sentences import arrived, bars, idles

HEIGHT = 424
SIDE_HEIGHT = 320
# Losses at or below this share a place at the bottom of their axis: golden's level and the way to it stay readable.
LEAST_LOSS = 1e-4
# A diverging loss leaves the picture at this multiple of where it started, a diverging distance at the other.
LOSS_ROOM, LENGTH_ROOM = 100.0, 2.0
# Where step 0 stands on the logarithmic axis of steps.
STEP_ZERO = 0.5
STEP_TICKS = {STEP_ZERO: "0", 1: "1", 10: "10", 100: "100", 1000: "1,000", 10_000: "10⁴", 100_000: "10⁵"}
# The part of the picture's height that the bars have.
BARS = [0.62, 1.0]
# The space between two bars, as a share of a bar's place.
GAP = 0.2
# Fewer bars than this do not fill their panel.
FEWEST_PLACES = 8
# The largest step size that is drawn, and the largest factor, as a share of the largest stable step.
MOST_SHARE, MOST_FACTOR = 1.2, 1.5
# What was to go at the start, behind what still is: much paler, so that only the live bars are seen at a glance.
GHOST = 0.13
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def used_role(objective: str) -> str:
    """Return the colour of the directions training uses: the retain rows' own, or that of both sets together."""
    return "retain" if objective == "retain" else "overlap"


def step_places(steps: Array) -> Array:
    """Return where steps stand on the logarithmic axis."""
    return np.asarray(np.maximum(steps, STEP_ZERO))


@dataclass(frozen=True)
class _Panel:
    """A part of the axis of bars, from `left` to `right` of the picture: `count` places, the first at 1."""

    left: float
    right: float
    count: int

    @property
    def middle(self) -> float:
        """The middle of the part."""
        return (self.left + self.right) / 2

    @property
    def place(self) -> float:
        """The width of a place; a few bars stay slim, in the middle."""
        return (self.right - self.left) / (max(self.count, FEWEST_PLACES) + 0.2)

    def __call__(self, places: Array) -> Array:
        """Return where places stand on the axis."""
        return np.asarray(self.middle + (places - (self.count + 1) / 2) * self.place)


def _bars(heights: Array, panel: _Panel, fill: str, name: str, **more: object) -> dict[str, object]:
    """Return bars of these heights as one filled outline: unlike bars, it can be put in place without redrawing.

    A bar stands at place 1, 2, ... of its panel; a point more at either end gives the outer ones their full width. A
    table of the picture holds the bars alone, each once.
    """
    count = len(heights)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": panel(np.concatenate([[0.5], np.arange(1, count + 1), [count + 0.5]])) if count else np.empty(0),
        "y": _outline(heights),
        "customdata": np.stack([np.arange(1, count + 1), heights], axis=1).tolist(),
        "name": name,
        "fill": "tozeroy",
        "fillcolor": fill,
        "line": {"shape": "hvh", "width": 0, "simplify": False},
        "showlegend": False,
        "hoveron": "points",
        **more,
    }


def _outline(heights: Array) -> Array:
    """Return the heights along the outline of `_bars`, the last axis: (..., n) -> (..., n + 2), (..., 0) as it is.

    In half the precision, which no pixel tells: the heights of all steps are most of what the browser is sent.
    """
    return np.concatenate([heights[..., :1], heights, heights[..., -1:]], axis=-1, dtype=np.float32)


def _gaps(panels: Sequence[_Panel], top: float, theme: Theme) -> dict[str, object]:
    """Return the space between bars: strips of paper over the outline, a share of a bar wide at any size of screen.

    They are one outline, along the foot of the bars from strip to strip: apart they take the browser longer to draw
    than all the bars.
    """
    edges = [panel(np.arange(0.5, panel.count + 1)) for panel in panels]
    strips = [np.array([-1, -1, 1, 1]) * GAP / 2 * panel.place for panel in panels]
    corners = [np.add.outer(at, strip).ravel() for at, strip in zip(edges, strips, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate(corners),
        "y": np.tile([0.0, top, top, 0.0], sum(map(len, edges))),
        "name": say("between the bars"),
        "meta": {"gaps": True},
        "fill": "toself",
        "fillcolor": PAPER[theme],
        "line": {"width": 0, "simplify": False},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _moments(modes: Modes, places: Array, values: Array) -> Iterator[tuple[int, float, list[float]]]:
    """Yield every step with its place on the axis and the two values there: so few numbers go best as they are."""
    return zip(modes.steps.tolist(), places.tolist(), values.tolist(), strict=True)


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


def _step_axis(**more: object) -> dict[str, object]:
    return {
        "type": "log",
        "range": [math.log10(STEP_ZERO) - 0.12, 5.12],
        "tickvals": list(STEP_TICKS),
        "ticktext": list(STEP_TICKS.values()),
        "tickangle": 0,
        "title": {"text": say("steps of gradient descent")},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        **more,
    }


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
    left, right = _Panel(0.0, split - 0.03, len(used)), _Panel(split + 0.03, 1.0, len(orphan))

    def shown(losses: Array) -> Array:
        return np.clip(losses, LEAST_LOSS, loss_limit)

    # Every part of the bars with its heights at all steps; those that stay as they are need no frames.
    name, orphan_name = say("way still to go"), say("held by the model")
    hover = "<br>%{y:.3g}<extra></extra>"
    quiet = {"hoverinfo": "skip"}
    start = np.broadcast_to(np.minimum(way[0], top), way.shape)
    parts: list[tuple[Array, str, str, dict[str, Any]]] = [
        (
            np.where(done, 0.0, start),
            faint(role, theme, GHOST),
            say("way to go at the start (grey: arrived)"),
            {"bars": "ahead", "showlegend": told and bool(way[0].any()), **quiet},
        ),
        (
            np.where(done, start, 0.0),
            faint("pretrained", theme, GHOST),
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
        traces.append(_bars(heights[0], panel, fill, part, **bars_of))
    traces += [
        _gaps((left, right), top, theme),
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
    here = {"xaxis": "x2", "yaxis": "y2", "showlegend": False, "hoverinfo": "skip"}
    traces += [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [places[0]] * 2,
            "y": [10**low, 2 * loss_limit],
            "name": say("this step"),
            "meta": {"cursor": True},
            "line": {"color": MUTED[theme], "width": 1.5},
            **here,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [places[0]] * 2,
            "y": dots[0],
            "name": say("losses at this step"),
            "meta": {"now": True},
            "marker": {
                "symbol": ["circle", "diamond"],
                "size": 12,
                "color": [colour(role, theme), colour("forget", theme)],
                "line": {"color": INK[theme], "width": 1.5},
            },
            "cliponaxis": False,
            **here,
        },
    ]
    if moving:
        still.clear()
    outlines = [_outline(heights) for heights in moving.values()]
    frames = [
        {
            "name": str(k),
            "traces": [*moving, *still, len(traces) - 2, len(traces) - 1],
            "data": [
                *({"y": heights[i]} for heights in outlines),
                *({"visible": True} for _ in still),
                {"x": [place] * 2},
                {"x": [place] * 2, "y": values},
            ],
        }
        for i, (k, place, values) in enumerate(_moments(modes, places, dots))
    ]
    notes = [
        _title(say("<b>Used by training rows</b><br>way still to go"), left.left, 1.0),
        _title(say("<b>Forget rows alone</b><br>what the model holds"), right.left, 1.0),
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
        text = say("none: the retain<br>rows use them all") if not len(orphan) else say("nothing held")
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
            "xaxis2": _step_axis(anchor="y2", domain=[0, 1]),
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
        frames=frames if told else [],
    )


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
    places, now = step_places(steps), np.minimum(np.stack([modes.leftover, modes.distance], axis=1), top)
    frames = []
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
        here = {"type": "scatter", "showlegend": False, "hoverinfo": "skip"}
        traces += [
            here
            | {
                "mode": "lines",
                "x": [places[0]] * 2,
                "y": [-top, 2 * top],
                "name": say("this step"),
                "meta": {"cursor": True},
                "line": {"color": MUTED[theme], "width": 1.5},
            },
            here
            | {
                "mode": "markers",
                "x": [places[0]] * 2,
                "y": now[0],
                "name": say("lengths at this step"),
                "meta": {"now": True},
                "marker": {
                    "symbol": ["diamond", "circle"],
                    "size": 12,
                    "color": [colour("forget", theme), INK[theme]],
                    "line": {"color": INK[theme], "width": 1.5},
                },
                "cliponaxis": False,
            },
        ]
        frames = [
            {
                "name": str(k),
                "traces": [len(traces) - 2, len(traces) - 1],
                "data": [{"x": [place] * 2}, {"x": [place] * 2, "y": values}],
            }
            for k, place, values in _moments(modes, places, now)
        ]
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
            "xaxis": _step_axis(),
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
