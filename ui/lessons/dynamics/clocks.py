"""The clocks: what the model holds in every direction as a bar, beside golden's, above both errors against steps."""

import numpy as np

from theory import Array, Modes
from ui.figures.figure import Figure, shortly
from ui.figures.style import COLOUR, FONT_SIZE, INK, MUTED, TEMPLATE, Theme, colour, faint
from ui.language import say
from ui.lessons.dynamics.bars import Panel, bar_trace, gaps, outline
from ui.lessons.dynamics.sentences import arrived, bars
from ui.lessons.dynamics.steps import LENGTH_ROOM, moments, now_traces, step_axis, step_places

HEIGHT = 424
# A diverging error leaves the picture at this multiple of the largest it starts with, or of golden's.
LOSS_ROOM = 3.0
# A picture of errors that are all zero still has an axis.
LEAST_TOP = 1e-3
# The part of the picture's height that the bars have, and the part of the errors.
BARS, ERRORS = [0.54, 0.98], [0.0, 0.35]
# What was held at the start, behind what still is: much paler, so that only the live bars are seen at a glance.
GHOST = 0.2
# The space between two panels of bars.
SPACE = 0.06


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
        "font": {"size": FONT_SIZE - 1},
    }


def groups(modes: Modes) -> dict[str, tuple[Array, Array]]:
    """Return what is held at every step, (k, m), and by golden, (m,): of rows to keep seen and not, and to forget.

    At most `MOST_BARS` directions of a kind, strongest first; what is rounding beside the model is nothing.
    """
    parts = {
        "seen": (modes.seen, modes.golden_seen),
        "unseen": (modes.unseen, modes.golden_unseen),
        "orphan": (modes.orphans, np.zeros(modes.orphans.shape[1])),
    }
    rounding = arrived(modes)

    def lengths(values: Array, chosen: list[int]) -> Array:
        sizes = np.abs(values[..., chosen])
        return np.where(sizes <= rounding, 0.0, sizes)

    chosen = {key: bars(held.shape[1]) for key, (held, _) in parts.items()}
    found = {key: (lengths(held, chosen[key]), lengths(own, chosen[key])) for key, (held, own) in parts.items()}
    return {key: part for key, part in found.items() if key != "unseen" or part[1].size}


def bar_top(modes: Modes, told: bool) -> float:
    """Return the largest bar of the picture: it has room for the start, for golden, and for a run that ends."""
    parts = groups(modes).values()
    start = max(float(end.max(initial=0.0)) for held, golden in parts for end in (held[0], golden))
    if modes.grows and told:
        return LENGTH_ROOM * start or 1.0
    return 1.08 * max(start, *(float(held.max(initial=0.0)) for held, _ in parts if told), 0.0) or 1.0


def loss_top(modes: Modes, told: bool) -> float:
    """Return the largest error on the axis: above everything a stable run shows, and above the start of another."""
    curves = (modes.remaining_loss, modes.unlearning_loss)
    first = max(modes.golden_loss, *(float(y[0]) for y in curves), LEAST_TOP)
    if modes.grows or not told:
        return LOSS_ROOM * first
    return 1.1 * max(first, *(float(y.max()) for y in curves))


def _panels(counts: dict[str, int]) -> dict[str, Panel]:
    """Return the panels of the groups, side by side, of widths in proportion to roots of their numbers of bars."""
    widths = {key: max(count, 1) ** 0.25 for key, count in counts.items()}
    room, left, found = 1.0 - SPACE * (len(widths) - 1), 0.0, {}
    for key, width in widths.items():
        share = room * width / sum(widths.values())
        found[key] = Panel(left, left + share, counts[key])
        left += share + SPACE
    return found


def clocks(modes: Modes, theme: Theme, told: bool = True, whole: bool = False) -> Figure:
    """Draw what the model holds in every direction (bars, golden's as a line) and both errors, one frame a step.

    Before the answer is told, step 0 stands alone. `whole` draws the errors to their end in every frame.
    Shapes: those of `Modes`, k steps.
    """
    held = groups(modes)
    panels = _panels({key: part[1].size for key, part in held.items()})
    top, loss_limit = bar_top(modes, told), loss_top(modes, told)
    traces: list[dict[str, object]] = []
    moving: dict[int, Array] = {}
    still: list[int] = []
    for key, (heights, _) in held.items():
        role, now = "forget" if key == "orphan" else "retain", say("held by the model")
        ghost = np.minimum(heights[0], top)
        more = {"hoverinfo": "skip", "showlegend": told and key == "seen", "meta": {"bars": f"{key} start"}}
        traces.append(bar_trace(ghost, panels[key], faint(role, theme, GHOST), say("at the start"), **more))
        for part, values, fill in (
            (key, np.minimum(heights, top), colour(role, theme)),
            (f"{key} beyond", np.where(heights > top, top, 0.0), INK[theme]),
        ):
            if part != key and not values.any():
                continue
            if told and (values != values[0]).any():
                moving[len(traces)] = values
            elif key == "seen" and part == key:
                still.append(len(traces))
            more = {"hovertemplate": "%{y:.3g}<extra></extra>", "meta": {"bars": part}, "showlegend": False}
            traces.append(bar_trace(values[0], panels[key], fill, now if part == key else say("beyond"), **more))
    traces.append(gaps(tuple(panels.values()), top, theme))
    traces.append(_golden(held, panels, top, theme))
    curves = [len(traces) + 1, len(traces) + 2]
    traces += _errors(modes, loss_limit, theme, told)
    dots = np.minimum(np.stack([modes.remaining_loss, modes.unlearning_loss], axis=1), loss_limit)
    inks = (colour("retain", theme), colour("forget", theme))
    name = say("errors at this step")
    ends = (-0.06 * loss_limit, 1.06 * loss_limit)
    traces += now_traces(dots, *ends, ("circle", "diamond"), inks, name, theme, xaxis="x2", yaxis="y2")
    # Plotly takes away axes of which a frame names no trace: if no bars move, some are named all the same.
    still = [] if moving else still
    outlines = [outline(heights) for heights in moving.values()]
    # The errors are drawn as far as training has gone: where they end is what the reader looks for. In a room, the
    # answer that is drawn is all of it.
    losses = shortly(dots.T)[: 0 if whole else None]
    frames = [
        {
            "name": name,
            "traces": [*moving, *still, *([] if whole else curves), len(traces) - 2, len(traces) - 1],
            "data": [
                *({"y": heights[i]} for heights in outlines),
                *({"visible": True} for _ in still),
                *({"y": loss[: i + 1]} for loss in losses),
                *now,
            ],
        }
        for i, (name, now) in enumerate(moments(modes, dots) if told else ())
    ]
    seen = say("<b>Rows to keep</b>") if "unseen" not in held else say("<b>Rows to keep</b><br>seen")
    titles = {
        "seen": seen,
        "unseen": say("<b>Rows to keep</b><br>not seen"),
        "orphan": say("<b>Rows to forget</b><br>alone"),
    }
    notes = [_title(titles[key], panel.left, 0.985) for key, panel in panels.items()]
    notes.append(_title(say("<b>Errors</b>"), 0, ERRORS[1] + 0.015))
    middle = {
        "xref": "paper",
        "yref": "paper",
        "xanchor": "center",
        "font": {"color": MUTED[theme]},
    }
    if not held["orphan"][0].any():
        notes.append({"text": say("nothing held"), "x": panels["orphan"].middle, "y": 0.8, **middle})
    if not told:
        notes.append({"text": "<b>?</b>", "x": 0.5, "y": 0.17, **middle, "font": {"size": 26, "color": MUTED[theme]}})
    elif modes.grows and float(max(modes.remaining_loss.max(), modes.unlearning_loss.max())) > loss_limit:
        notes.append({"text": say("diverges"), "x": 1, "y": 0.31, **middle, "xanchor": "right"})
    line = {"type": "line", "y0": 0, "y1": 0, "line": {"color": MUTED[theme]}}
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 66 if "unseen" in held else 48},  # the last title may reach below the camera
            "annotations": notes,
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "shapes": [line | {"x0": panel.left, "x1": panel.right} for panel in panels.values()],
            # All panels stand on one axis: more take the browser longer than all their bars.
            "xaxis": {
                "range": [0, 1],
                "anchor": "y",
                "tickvals": [0.5],
                "ticktext": [say("one bar a direction")],
                "tickangle": 0,
                "tickfont": {"color": MUTED[theme]},
                "showgrid": False,
                "zeroline": False,
            },
            "xaxis2": step_axis(anchor="y2", domain=[0, 1]),
            "yaxis": {
                "range": [0, top],
                "domain": BARS,
                "anchor": "x",
                "nticks": 4,
                "zeroline": False,
                "showgrid": False,
                "title": {"text": say("held")},
            },
            "yaxis2": {
                "anchor": "x2",
                "domain": ERRORS,
                "range": list(ends),
                "nticks": 4,
                "title": {"text": say("mean squared")},
            },
        },
        frames=frames,
    )


def _golden(
    held: dict[str, tuple[Array, Array]], panels: dict[str, Panel], top: float, theme: Theme
) -> dict[str, object]:
    """Return what golden holds in every direction: a short line across the place of its bar."""
    places, heights = [], []
    for key, (_, golden) in held.items():
        count = np.arange(1, golden.size + 1)
        edges = panels[key](np.stack([count - 0.42, count + 0.42, np.full(golden.size, np.nan)], axis=1).ravel())
        places.append(edges)
        heights.append(np.repeat(np.minimum(golden, top), 3))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate(places),
        "y": np.concatenate(heights),
        "name": say("golden"),
        "meta": {"golden": "bars"},
        "line": {"color": COLOUR["golden"], "width": 3},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _errors(modes: Modes, limit: float, theme: Theme, told: bool) -> list[dict[str, object]]:
    """Return golden's error on the rows to forget as a level, and the model's two against steps."""
    places, steps = step_places(modes.steps.astype(float)), modes.steps.astype(float)
    axes = {"type": "scatter", "mode": "lines", "xaxis": "x2", "yaxis": "y2"}
    traces: list[dict[str, object]] = [
        {
            **axes,
            "x": [places[0], places[-1]],
            "y": [modes.golden_loss] * 2,
            "customdata": [[float(k), modes.golden_loss] for k in (modes.steps[0], modes.steps[-1])],
            "name": say("golden's error on rows to forget"),
            "meta": {"model": "golden", "loss": "unlearning_loss"},
            "showlegend": False,
            "line": {"color": COLOUR["golden"], "width": 4},
            "hovertemplate": say("golden, rows to forget: %{customdata[1]:.3g}<extra></extra>"),
        }
    ]
    kinds = {
        "remaining_loss": (say("rows to keep (RL)"), modes.remaining_loss, "retain", "solid"),
        "unlearning_loss": (say("rows to forget (UL)"), modes.unlearning_loss, "forget", "dash"),
    }
    for loss, (name, losses, role, dash) in kinds.items():
        last = len(losses) if told else 1
        traces.append(
            {
                **axes,
                "x": places[:last],
                "y": np.minimum(losses[:last], limit),
                "customdata": np.stack([steps[:last], losses[:last]], axis=1).tolist(),
                "name": name,
                "meta": {"curve": loss},
                "line": {"color": colour(role, theme), "width": 3, "dash": dash},
                "hovertemplate": f"{name}: %{{customdata[1]:.3g}}<extra></extra>",
            }
        )
    return traces
