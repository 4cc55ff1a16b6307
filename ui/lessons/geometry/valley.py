"""The valley: the loss on one row to keep over two weights, its flat floor, and a ball that rolls down it."""

from collections.abc import Mapping

import numpy as np

from theory import Array, Valley
from ui.figures.figure import Figure
from ui.figures.style import INK, PAPER, TEMPLATE, Theme, colour, faint, halo, text_colour
from ui.language import say
from ui.language.words import loss_text
from ui.lessons.geometry.places import along, beside, covers, joined
from ui.lessons.geometry.plane import HEIGHT, POINT, Trace, line, model_mark
from ui.lessons.geometry.text import FAR, LEFT, NEAR, STEPS

# The error on the row to keep grows by this from one level line to the next; so many of them are drawn.
LEVEL, LEVELS = 0.4, 14
# Pixels of one weight where the picture is narrowest, on a phone; points nearer than this share a name.
UNIT, SHARE_NAME = 66.0, 0.09
# A model with less than this of its way before it is called fine-tuned.
ARRIVED = 0.01
_LOW, _HIGH = np.array(NEAR), np.array(FAR)
# Places of a way, and of a line, that names leave free.
_PARTS, _RULER = np.linspace(0.1, 0.9, 7), np.arange(-4, 4.1, 0.15)


def _across(row: Array) -> Array:
    """Return the direction of the line of models that fit a row: at right angles to it."""
    return np.array([-row[1], row[0]]) / (float(np.linalg.norm(row)) or 1.0)


def _levels(seen: Valley, theme: Theme) -> list[dict[str, object]]:
    """Return the strips in which the error on the row to keep is at most a level: the more of them, the lower."""
    size = float(np.linalg.norm(seen.retain))
    if not seen.says:
        return []
    along, up = 40 * _across(seen.retain), seen.retain / size
    found: list[dict[str, object]] = []
    for k in range(LEVELS, 0, -1):
        reach = k * LEVEL / size * up
        corners = [seen.through + side * reach + way * along for side, way in ((1, 1), (1, -1), (-1, -1), (-1, 1))]
        found.append(
            {
                "type": "path",
                "path": "M" + "L".join(f"{x:.4f},{y:.4f}" for x, y in corners) + "Z",
                "fillcolor": faint("retain", theme, 0.065),
                "line": {"width": 0.6, "color": faint("retain", theme, 0.5)},
                "layer": "below",
            }
        )
    return found


def _line_name(text: str, at: Array, way: Array, role: str, theme: Theme) -> dict[str, object]:
    angle = -np.degrees(np.arctan2(way[1], way[0]))
    angle += 180 * (angle < -90) - 180 * (angle > 90)
    return {
        "x": float(at[0]),
        "y": float(at[1]),
        "text": f"<b>{text}</b>",
        "textangle": float(angle),
        "yshift": 0,
        "font": {"color": text_colour(role, theme), "shadow": halo(theme)},
    }


def _arrow(row: Array, role: str, name: str, side: str, theme: Theme) -> Trace:
    ink = colour(role, theme)
    head = {"symbol": "arrow", "angleref": "previous", "size": [0, 16], "color": ink, "opacity": 1}
    return line(
        np.stack([np.zeros(2), row]),
        name,
        ink,
        3,
        mode="lines+markers+text",
        marker=head,
        text=["", f"<b>{name}</b>"],
        textposition=side,
        textfont={"color": text_colour(role, theme), "shadow": halo(theme)},
        meta={"row": role},
        cliponaxis=False,
    )


def _ball(at: Array, text: str, side: str, told: bool, theme: Theme) -> Trace:
    meta = {"model": "fine_tune", "end": True} if told else {"point": "ball"}
    look = {"symbol": "circle", "size": 17, "color": INK[theme], "line": {"color": PAPER[theme], "width": 2}}
    return model_mark(at, text, "fine_tune", theme, side, meta=meta, marker=look, name=say("The ball"))


def hills(seen: Valley, labels: Mapping[str, str], theme: Theme, hidden: frozenset[str] = frozenset()) -> Figure:
    """Draw the valley of the row to keep and every model in it; the ball rolls in frames, one for each of `STEPS`.

    Before the answer is told, the ball lies at the start.
    """
    told = "fine_tune" not in hidden
    way, tuned = seen.way(LEFT), labels["fine_tune"].lower()
    points = np.stack([seen.w_g, seen.w_o, seen.start, np.zeros(2), seen.retain, seen.forget])
    rows = (say("row to keep"), say("row to forget"))
    texts = joined(points[:4], [POINT["golden"], POINT["pretrained"], say("start"), "0"], SHARE_NAME)
    texts = [*texts, *rows, tuned]
    marks = np.concatenate([points, way[-1:]])
    rulers = [seen.through + _RULER[:, None] * _across(row) for row in (seen.retain, seen.forget)]
    (sides,) = beside(marks[None], texts, UNIT, _LOW, _HIGH, np.concatenate([seen.way(_PARTS), *rulers]))
    marks = np.concatenate([marks, seen.way(_PARTS), covers(marks, texts, sides, UNIT)])
    still: list[Trace] = []
    notes = []
    lines = (
        ("retain", seen.retain, say("floor"), say("Models that fit the row to keep"), 4, "solid"),
        ("forget", seen.forget, say("fits row to forget"), say("Models that fit the row to forget"), 2, "dash"),
    )
    for key, row, short, name, width, dash in lines:
        if not row.any() or (key == "forget" and seen.says and not seen.crossing):
            continue
        ahead = _across(row)
        ends = np.stack([seen.through - 40 * ahead, seen.through + 40 * ahead])
        still.append(line(ends, name, colour(key, theme), width, dash, meta={"fits": key}))
        at = along(short, seen.through, ahead, UNIT, _LOW, _HIGH, marks)
        notes.append(_line_name(short, at, ahead, key, theme))
        marks = np.concatenate([marks, at + np.linspace(-0.3, 0.3, 5)[:, None] * ahead])
    still += [
        _arrow(seen.retain, "retain", rows[0], sides[4], theme),
        _arrow(seen.forget, "forget", rows[1], sides[5], theme),
        model_mark(
            points[3],
            "" if texts[3] == "0" else texts[3],  # where the axes cross needs no name of its own
            "ink",
            theme,
            sides[3],
            meta={"point": "origin"},
            name=say("Zero"),
            marker={"size": 8, "color": INK[theme]},
        ),
        model_mark(seen.w_g, texts[0], "golden", theme, sides[0], name=labels["golden"]),
        model_mark(
            seen.w_o,
            texts[1],
            "pretrained",
            theme,
            sides[1],
            name=labels["pretrained"],
            marker={"size": 14, "color": PAPER[theme], "line": {"width": 3, "color": colour("pretrained", theme)}},
        ),
        model_mark(
            seen.start,
            texts[2],
            "ink",
            theme,
            sides[2],
            meta={"point": "start"},
            name=say("start"),
            marker={"symbol": "circle-open", "size": 12, "line": {"width": 2}, "color": INK[theme]},
        ),
    ]
    frames = []
    if told:
        still.append(
            line(
                np.stack([seen.start, seen.start]),
                say("Fine-tuning"),
                INK[theme],
                3,
                "dot",
                meta={"model": "fine_tune", "way": True},
            )
        )
        frames = [
            {
                "name": str(k),
                "data": [
                    {"x": [seen.start[0], *at[:1]], "y": [seen.start[1], *at[1:]]},
                    {
                        "x": at[:1],
                        "y": at[1:],
                        "text": [f"<b>{tuned}</b>" if LEFT[i] < ARRIVED else ""],
                        "textposition": sides[6],
                    },
                ],
                "traces": [len(still) - 1, len(still)],
            }
            for i, (k, at) in enumerate(zip(STEPS, way, strict=True))
        ]
    layout = {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 8, "r": 8, "b": 30, "l": 30},
        "showlegend": False,
        "shapes": _levels(seen, theme),
        "annotations": notes,
        "xaxis": _axis(say("weight of feature 1"), _LOW[0], _HIGH[0]),
        "yaxis": _axis(say("weight of feature 2"), _LOW[1], _HIGH[1]) | {"scaleanchor": "x", "scaleratio": 1},
    }
    return Figure([*still, _ball(seen.start, "", "top right", told, theme)], layout, frames)


def _axis(title: str, low: float, high: float) -> dict[str, object]:
    return {
        "title": {"text": title, "standoff": 4},
        "range": [float(low), float(high)],
        "showticklabels": False,
        "showgrid": False,
        "zeroline": True,
        "automargin": False,  # a handle has to know where a point stands
    }


def errors(seen: Valley, labels: Mapping[str, str], theme: Theme, hidden: frozenset[str] = frozenset()) -> Figure:
    """Draw the squared error on the row to forget as bars: pretrained, the ball, golden; one frame a step."""
    told = "fine_tune" not in hidden
    losses = [seen.unlearning_loss(w) for w in seen.way(LEFT)]
    level = seen.unlearning_loss(seen.w_g)
    top = max(level, losses[0], losses[-1], 1e-3)
    ball = labels["fine_tune"] if told else say("start")

    def bar(name: str, value: float, key: str, **meta: object) -> Trace:
        return {
            "type": "bar",
            "orientation": "h",
            "x": [value],
            "y": [name],
            "text": [f"<b>{loss_text(value, short=True)}</b>"],
            "textposition": "outside",
            "cliponaxis": False,
            "name": name,
            "meta": {"model": key, **meta} if key else {"point": "start"},
            "marker": {"color": colour(key or "ink", theme)},
            "width": 0.55,
            "hoverinfo": "skip",
        }

    data = [
        bar(labels["golden"], level, "golden"),
        bar(labels["pretrained"], seen.unlearning_loss(seen.w_o), "pretrained"),
        bar(ball, losses[0], "fine_tune" if told else ""),
    ]
    # The bars that stand still are in every frame, too: plotly.js takes a bar away that a frame does not name.
    frames = [
        {
            "name": str(k),
            "data": [{}, {}, {"x": [v], "text": [f"<b>{loss_text(v, short=True)}</b>"]}],
            "traces": [0, 1, 2],
        }
        for k, v in zip(STEPS, losses, strict=True)
    ]
    layout = {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 30, "r": 30, "b": 56, "l": 8},
        "showlegend": False,
        "xaxis": {
            "title": {"text": say("squared error on the row to forget")},
            "range": [0, 1.2 * top],
            "nticks": 5,
        },
        "yaxis": {"autorange": "reversed", "showgrid": False, "ticklabelstandoff": 6},
    }
    return Figure(data, layout, frames if told else [])
