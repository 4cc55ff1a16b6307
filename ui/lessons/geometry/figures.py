"""The exact pictures: the right triangle of the models, UL beside it, and weight space for two and three features."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from theory import Array, Scene, Triangle, TwoRows
from ui.figures.figure import Figure
from ui.figures.style import (
    COLOUR,
    INK,
    MARKER,
    MUTED,
    PAPER,
    TEMPLATE,
    Theme,
    colour,
    faint,
    halo,
    text_colour,
    unknown,
)
from ui.language import Texts, say
from ui.language.words import is_zero, loss_text, number
from ui.lessons.geometry.sentences import is_flat, is_off, is_right

HEIGHT = 440
POINT = Texts({"golden": "golden <i>w<sub>g</sub></i>", "pretrained": "pretrained <i>w<sub>o</sub></i>"})
# Room around what is drawn, as shares of its size; to the right for the name of the fine-tuned model.
ROOM, RIGHT = 0.16, 0.42
# How far the patches of the planes reach, in lengths of the longest model, and the highest look down on them.
REACH, DOWN = 0.6, np.deg2rad(24)
# What keeps a name clear of its mark where it stands level with it.
APART = "\N{EN SPACE}"

Trace = dict[str, object]


def _line(points: Array, name: str, ink: str, width: float, dash: str = "solid", **more: object) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": points[:, 0],
        "y": points[:, 1],
        "name": name,
        "line": {"color": ink, "width": width, "dash": dash},
        "hoverinfo": "skip",
        **more,
    }


def _point(at: Array, text: str, key: str, theme: Theme, side: str, **more: object) -> Trace:
    """Return a model as its mark with its name beside it."""
    ink = colour(key, theme)
    beside = {"middle left": f"{text}{APART}", "middle right": f"{APART}{text}"}.get(side, text)
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": at[:1],
        "y": at[1:2],
        "text": [f"<b>{beside}</b>"],
        "textposition": side,
        "textfont": {"color": text_colour(key, theme), "shadow": halo(theme)},
        "marker": {"symbol": MARKER.get(key, "circle"), "size": 13, "color": ink, "line": {"color": ink, "width": 2.5}},
        "name": text.partition(" <")[0].capitalize(),
        "meta": {"model": key, "point": True},
        "showlegend": False,
        "cliponaxis": False,
        "hoverinfo": "skip",
        **more,
    }


def _run(begin: Array, end: Array) -> dict[str, list[float]]:
    """Return the way of fine-tuning from a start to its end, with its middle, where the arrow sits."""
    way = np.stack([begin, (begin + end) / 2, end])
    return {"x": way[:, 0].tolist(), "y": way[:, 1].tolist()}


def _way(begin: Array, end: Array, theme: Theme) -> Trace:
    ink = INK[theme]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        **_run(begin, end),
        "name": say("Fine-tuning"),
        "meta": {"model": "fine_tune", "way": True},
        "line": {"color": ink, "width": 2.5, "dash": "dot"},
        "marker": {"symbol": "arrow", "angleref": "previous", "size": [0, 15, 0], "color": ink, "opacity": 1},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _origin(place: Array, theme: Theme) -> Trace:
    """Return the model without weights."""
    return _point(
        place, "0", "ink", theme, "bottom left", meta={"point": "origin"}, marker=_dot(theme), name=say("Zero")
    )


def _start(at: Array, theme: Theme, side: str = "bottom right") -> Trace:
    return _point(at, say("start"), "ink", theme, side, meta={"point": "start"}, marker=_dot(theme))


def _dot(theme: Theme) -> dict[str, object]:
    return {"symbol": "circle", "size": 11, "color": INK[theme], "line": {"color": PAPER[theme], "width": 1.5}}


def _xy(at: Array) -> dict[str, list[float]]:
    return {"x": [float(at[0])], "y": [float(at[1])]}


def _plane_layout(low: Array, high: Array, theme: Theme, titles: tuple[str, str] | None) -> dict[str, object]:
    """Return a layout whose two axes have one scale, so that every length is true, and hold low to high."""
    axis = {"showticklabels": False, "showgrid": False, "fixedrange": True}
    return {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 12, "r": 8, "b": 8, "l": 8},
        "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        "xaxis": {
            **axis,
            "range": [float(low[0]), float(high[0])],
            "zeroline": titles is not None,
            **({"title": {"text": titles[0], "standoff": 4}} if titles else {}),
        },
        "yaxis": {
            **axis,
            "range": [float(low[1]), float(high[1])],
            "scaleanchor": "x",
            "scaleratio": 1,
            "zeroline": titles is not None,
            **({"title": {"text": titles[1], "standoff": 4}} if titles else {}),
        },
    }


def _scrubbed(
    still: Sequence[Trace],
    moving: Sequence[Trace],
    at: Callable[[int], Sequence[Mapping[str, object]]],
    count: int,
    layout: Mapping[str, object],
    told: bool = True,
    over: Sequence[Trace] = (),
) -> Figure:
    """Return a figure of traces that stay, below and `over` those that move: frame i puts `at(i)` into these."""
    traces = list(range(len(still), len(still) + len(moving)))
    frames = [{"name": str(i), "data": list(at(i)), "traces": traces} for i in range(count)] if told else []
    return Figure([*still, *moving, *over], layout, frames)


def exact_triangle(
    found: Triangle, index: int, labels: Mapping[str, str], theme: Theme, hidden: frozenset[str] = frozenset()
) -> Figure:
    """Draw 0, w_g and w_o in their plane at true lengths, and fine-tuning from every start: one frame a start.

    Where w_o does not lie in the plane, its shadow is drawn, and the foot P_r w_o beside w_g.
    Shapes: index 0 to k - 1 of the k starts. Before the answer is told, the start stands alone.
    """
    told, flat, right = "fine_tune" not in hidden, is_flat(found), is_right(found)
    reach = max(found.starts)
    golden, top = np.array([found.golden, 0.0]), np.array([found.foot, found.leftover])
    corners = np.array([[0, 0], golden, reach * top, [found.golden, reach * found.leftover]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = float((high - low).max()) or 1.0
    shadow = say(" (shadow)") if is_off(found) else ""
    still: list[Trace] = []
    if not found.pinned:
        ends = np.array([[found.golden, -20 * size], [found.golden, 20 * size]])
        still.append(
            _line(
                ends, say("Models that fit the rows to keep best"), colour("retain", theme), 2, meta={"fits": "retain"}
            )
        )
    still += [
        _line(
            np.stack([np.zeros(2), top]),
            say(
                "{pretrained}: length {pretrained2}",
                pretrained=labels["pretrained"],
                pretrained2=number(found.pretrained),
            ),
            colour("pretrained", theme),
            3,
            meta={"side": "pretrained"},
        ),
        _line(
            np.stack([np.zeros(2), golden]),
            say("{golden}: length {golden2}", golden=labels["golden"], golden2=number(found.golden)),
            COLOUR["golden"],
            5,
            meta={"side": "golden"},
        ),
    ]
    if not flat:
        foot = np.array([found.foot, 0.0])
        length = say("Leftover: length {leftover}", leftover=number(found.leftover))
        still.append(_line(np.stack([foot, top]), length, COLOUR["forget"], 5, meta={"side": "leftover"}))
        mark = 0.045 * size * (1 if found.foot <= 0 else -1)
        square = np.array([[mark, 0], [mark, abs(mark)], [0, abs(mark)]]) + foot
        still.append(_line(square, say("Right angle"), MUTED[theme], 1.5, showlegend=False, meta={"angle": 90}))
    ahead = found.foot > found.golden and not right
    # Beside golden stand its foot, the end of fine-tuning (top right), zero (bottom left) where golden is short, and,
    # in a flat triangle, the pretrained model.
    corner = "bottom left" if flat and ahead else "bottom right" if right or flat else "top right"
    if not right:
        seen = "<i>P<sub>r</sub>w<sub>o</sub></i>"
        still.append(
            _point(
                np.array([found.foot, 0.0]),
                seen,
                "ink",
                theme,
                "bottom right" if ahead else "bottom left" if flat else "bottom center",
                name=say("Part of the pretrained model that the rows to keep see"),
                meta={"point": "foot"},
                marker={"symbol": "x-thin", "size": 11, "line": {"color": INK[theme], "width": 2}},
            )
        )
    still += [
        _origin(np.zeros(2), theme),
        _point(golden, POINT["golden"], "golden", theme, corner),
        _point(top, POINT["pretrained"] + shadow, "pretrained", theme, "top right" if ahead else "top left"),
    ]
    moving = [_start(found.begins[index], theme, "bottom left" if flat else "middle left")]
    if told:
        name = labels["fine_tune"].lower()
        moving += [
            _way(found.begins[index], found.ends[index], theme),
            _point(found.ends[index], name, "fine_tune", theme, "top right", meta={"model": "fine_tune", "end": True}),
        ]
    room = ROOM * size
    bottom, above = low - room, high + np.array([RIGHT * size, room])
    titles = (say("what the rows to keep ask for"), say("what only the rows to forget ask for"))
    return _scrubbed(
        still,
        moving,
        lambda i: (_xy(found.begins[i]), _run(found.begins[i], found.ends[i]), _xy(found.ends[i])),
        len(found.starts),
        _plane_layout(bottom, above, theme, titles),
        told,
    )


def _loss_mark(x: float, loss: float, left: bool) -> dict[str, object]:
    return {
        "x": [x],
        "y": [loss],
        "text": [f"<b>{loss_text(loss, short=True)}</b>"],
        "textposition": ["top left" if left else "top right"],
    }


def _loss_layout(x: Mapping[str, object], top: float, theme: Theme) -> dict[str, object]:
    return {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 34, "r": 16, "b": 8, "l": 8},
        "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        "annotations": [],
        "xaxis": {"showgrid": False, "fixedrange": True, "zeroline": False, **x},
        "yaxis": {"range": [-0.07 * top, 1.14 * top], "fixedrange": True, "nticks": 6},
    }


def _title(text: str) -> dict[str, object]:
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1.02,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
    }


def _losses(
    x: Array,
    golden: Array,
    tuned: Array,
    index: int,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str],
    axis: Mapping[str, object],
) -> Figure:
    """Draw the fine-tuned model's UL over golden's, with a mark that moves along it: one frame a point."""
    told, ink = "fine_tune" not in hidden, INK[theme]
    meta = {"loss": "unlearning_loss"}
    level = np.column_stack([x, golden])
    still = [
        _line(level, labels["golden"], COLOUR["golden"], 4, meta={"model": "golden", **meta}),
    ]
    moving: list[Trace] = []
    if told:
        curve = np.column_stack([x, tuned])
        still.append(_line(curve, labels["fine_tune"], ink, 3, meta={"model": "fine_tune", **meta}))
        moving.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                **_loss_mark(x[index], float(tuned[index]), index > 0.6 * len(x)),
                "name": labels["fine_tune"],
                "meta": {"model": "fine_tune", "mark": "current start", **meta},
                "marker": {"symbol": MARKER["fine_tune"], "size": 14, "color": ink},
                "textfont": {"size": 16, "color": ink, "shadow": halo(theme)},
                "showlegend": False,
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        )
    top = max(float(golden.max()), float(tuned.max()) if told else 0.0)
    top = 1.0 if is_zero(top) else top  # rounding is not a shape
    layout = _loss_layout(axis, top, theme)
    notes = [_title(say("<b>Unlearning loss UL</b>"))]
    if not told:
        notes.append(unknown(theme) | {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.45})
    return _scrubbed(
        still,
        moving,
        lambda i: (_loss_mark(float(x[i]), float(tuned[i]), i > 0.6 * len(x)),),
        len(x),
        layout | {"annotations": notes},
        told,
    )


def start_losses(
    found: Triangle, index: int, labels: Mapping[str, str], theme: Theme, hidden: frozenset[str] = frozenset()
) -> Figure:
    """Draw UL after fine-tuning from s w_o against s, over golden's level, with a mark at one s: one frame a start."""
    x = np.array(found.starts)
    axis = {
        "range": [float(x[0]) - 0.04, float(x[-1]) + 0.04],
        "tickvals": [0, 0.5, 1],
        "ticktext": ["0", "½", say("1: pretrained")],
        "title": {"text": say("start point s")},
    }
    level = np.full(len(x), found.golden_loss)
    return _losses(x, level, found.losses, index, labels, theme, hidden, axis)


def two_lines(
    rows: Sequence[TwoRows],
    index: int,
    start: float,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
) -> Figure:
    """Draw weight space for two features, the lines that fit either row and the models on them: one frame an angle.

    Shapes: one TwoRows an angle, all through one w*; index of the angle drawn at first; start is s.
    """
    told = "fine_tune" not in hidden
    here = rows[index]
    size = float(np.linalg.norm(here.through)) or 1.0
    long = 0.42 * size

    def far(row: Array) -> Array:
        along = 20 * size * np.array([-row[1], row[0]])
        return np.stack([here.through - along, here.through + along])

    def lines(points: Array) -> dict[str, list[float]]:
        return {"x": points[:, 0].tolist(), "y": points[:, 1].tolist()}

    def moved(i: int) -> list[Mapping[str, object]]:
        r = rows[i]
        found: list[Mapping[str, object]] = [
            lines(far(r.forget)),
            lines(np.stack([np.zeros(2), long * r.forget])),
            lines(np.stack([np.zeros(2), r.w_o])),
            lines(np.stack([r.w_g, r.w_o])),
            _xy(r.w_o),
            _xy(start * r.w_o),
        ]
        return [*found, _run(start * r.w_o, r.end(start)), _xy(r.end(start))] if told else found

    def arrow(row: Array, key: str, name: str) -> Trace:
        return _line(
            np.stack([np.zeros(2), long * row]),
            name,
            colour(key, theme),
            2.5,
            mode="lines+markers",
            marker={
                "symbol": "arrow",
                "angleref": "previous",
                "size": [0, 16],
                "color": colour(key, theme),
                "opacity": 1,
            },
            meta={"row": key},
        )

    still = [
        _line(
            far(here.retain),
            say("Models that fit the row to keep"),
            colour("retain", theme),
            2.5,
            meta={"fits": "retain"},
        ),
        _line(
            np.stack([np.zeros(2), here.w_g]),
            say("{golden}: length {norm}", golden=labels["golden"], norm=number(float(np.linalg.norm(here.w_g)))),
            COLOUR["golden"],
            5,
            meta={"side": "golden"},
        ),
        arrow(here.retain, "retain", say("Row to keep")),
    ]
    over = [_origin(np.zeros(2), theme), _point(here.w_g, POINT["golden"], "golden", theme, "bottom right")]
    moving: list[Trace] = [
        _line(
            far(here.forget),
            say("Models that fit the row to forget"),
            COLOUR["forget"],
            2.5,
            "dash",
            meta={"fits": "forget"},
        ),
        arrow(here.forget, "forget", say("Row to forget")),
        _line(
            np.stack([np.zeros(2), here.w_o]),
            labels["pretrained"],
            colour("pretrained", theme),
            3,
            meta={"side": "pretrained"},
            showlegend=False,
        ),
        _line(
            np.stack([here.w_g, here.w_o]),
            say("Leftover"),
            COLOUR["forget"],
            5,
            meta={"side": "leftover"},
            showlegend=False,
        ),
        _point(here.w_o, POINT["pretrained"], "pretrained", theme, "top right"),
        _start(start * here.w_o, theme, "top left"),
    ]
    if told:
        moving += [
            _way(start * here.w_o, here.end(start), theme),
            _point(
                here.end(start),
                labels["fine_tune"].lower(),
                "fine_tune",
                theme,
                "middle right",
                meta={"model": "fine_tune", "end": True},
            ),
        ]
    low = np.array([-0.25 * size, -0.3 * size])
    high = here.through + np.array([0.6 * size, 0.35 * size])
    titles = (say("weight along the row to keep"), say("weight at right angles to it"))
    return _scrubbed(still, moving, moved, len(rows), _plane_layout(low, high, theme, titles), over=over)


def angle_losses(
    rows: Sequence[TwoRows],
    index: int,
    start: float,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
) -> Figure:
    """Draw UL of golden and of the model fine-tuned from s w_o against the angle between the rows: one frame an angle.

    Shapes: one TwoRows an angle, in the order of their angles; index of the angle marked at first; start is s.
    """
    x = np.array([r.degrees for r in rows])
    golden, tuned = np.array([r.golden_loss for r in rows]), np.array([r.loss(start) for r in rows])
    axis = {
        "range": [float(x[0]) - 3, float(x[-1]) + 3],
        "tickvals": [0, 30, 60, 90],
        "ticktext": [say("0°: the same"), "30°", "60°", "90°"],
        "title": {"text": say("angle between the two rows")},
    }
    return _losses(x, golden, tuned, index, labels, theme, hidden, axis)


def turned(points: Array, degrees: float) -> Array:
    """Return points (k, 3) as they are seen, (k, 2), from a place that goes round the second axis; front on at 0.

    At 0 and 180 degrees the first two axes are seen at their true lengths; between, the look is a little from above.
    """
    angle = np.deg2rad(degrees)
    down = DOWN * np.sin(angle)
    across = points @ np.array([np.cos(angle), 0.0, np.sin(angle)])
    depth = points @ np.array([-np.sin(angle), 0.0, np.cos(angle)])
    return np.column_stack([across, np.cos(down) * points[:, 1] + np.sin(down) * depth])


def two_planes(
    seen: Scene,
    turns: Sequence[float],
    index: int,
    labels: Mapping[str, str],
    theme: Theme,
    hidden: frozenset[str] = frozenset(),
) -> Figure:
    """Draw weight space for three features, the planes that fit either row and the models on them: one frame a turn.

    Shapes: turns (k,) in degrees; index of the turn drawn at first.
    """
    told = "fine_tune" not in hidden
    size = max(float(np.linalg.norm(seen.w_o)), float(np.linalg.norm(seen.w_g))) or 1.0
    reach, third, origin = REACH * size, np.array([0.0, 0.0, 1.0]), np.zeros(3)

    def patch(centre: Array, row: Array) -> Array:
        one, two = reach * third, reach * np.cross(row, third)
        return centre + np.stack([one + two, one - two, -one - two, -one + two, one + two])

    middle = (seen.w_g + seen.w_o) / 2
    solids = {
        "retain": patch(middle, seen.retain),
        "forget": patch(seen.w_o, seen.forget),
        "shared": np.stack([seen.w_o - reach * third, seen.w_o + reach * third]),
        "pretrained": np.stack([origin, seen.w_o]),
        "golden": np.stack([origin, seen.w_g]),
        "leftover": np.stack([seen.w_g, seen.w_o]),
        "origin": origin[None],
        "at golden": seen.w_g[None],
        "at pretrained": seen.w_o[None],
        "begin": seen.begin[None],
    }
    if told:
        solids |= {"way": np.stack([seen.begin, (seen.begin + seen.end) / 2, seen.end]), "end": seen.end[None]}
    flat = [{name: turned(points, degrees) for name, points in solids.items()} for degrees in turns]
    now = flat[index]

    def area(key: str, name: str) -> Trace:
        return _line(
            now[key],
            name,
            colour(key, theme),
            1.5,
            "solid" if key == "retain" else "dash",
            fill="toself",
            fillcolor=faint(key, theme),
            meta={"fits": key},
        )

    moving: list[Trace] = [
        area("retain", say("Models that fit the row to keep")),
        area("forget", say("Models that fit the row to forget")),
        _line(now["shared"], say("Models that fit both"), colour("overlap", theme), 2, meta={"fits": "both"}),
        _line(
            now["pretrained"],
            labels["pretrained"],
            colour("pretrained", theme),
            3,
            meta={"side": "pretrained"},
            showlegend=False,
        ),
        _line(now["golden"], labels["golden"], COLOUR["golden"], 5, meta={"side": "golden"}, showlegend=False),
        _line(now["leftover"], say("Leftover"), COLOUR["forget"], 5, meta={"side": "leftover"}, showlegend=False),
        _origin(now["origin"][0], theme),
        _point(now["at golden"][0], POINT["golden"], "golden", theme, "bottom right"),
        _point(now["at pretrained"][0], POINT["pretrained"], "pretrained", theme, "top right"),
        _start(now["begin"][0], theme, "top left"),
    ]
    if told:
        moving += [
            _way(seen.begin, seen.end, theme) | {"x": now["way"][:, 0], "y": now["way"][:, 1]},
            _point(
                now["end"][0],
                labels["fine_tune"].lower(),
                "fine_tune",
                theme,
                "middle right",
                meta={"model": "fine_tune", "end": True},
            ),
        ]
    every = np.concatenate([points for one in flat for points in one.values()])
    low, high = every.min(axis=0) - 0.08 * size, every.max(axis=0) + 0.08 * size
    return _scrubbed(
        [],
        moving,
        lambda i: [{"x": p[:, 0].round(5).tolist(), "y": p[:, 1].round(5).tolist()} for p in flat[i].values()],
        len(turns),
        _plane_layout(low, high, theme, None),
    )
