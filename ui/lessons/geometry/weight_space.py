"""Weight space itself, for two features as they are and for three as they are seen from a place that goes round."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Scene, TwoRows
from ui.figures.figure import Figure
from ui.figures.style import COLOUR, Theme, colour, faint
from ui.language import say
from ui.language.words import number
from ui.lessons.geometry.plane import (
    POINT,
    Trace,
    end_mark,
    line,
    model_mark,
    plane_layout,
    run_trace,
    scrubbed,
    start_mark,
    zero_mark,
)

# How far the patches of the planes reach, in lengths of the longest model, and the highest look down on them.
REACH, DOWN = 0.6, np.deg2rad(24)


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

    def arrow(row: Array, key: str, name: str) -> Trace:
        return line(
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
        line(
            far(here.retain),
            say("Models that fit the row to keep"),
            colour("retain", theme),
            2.5,
            meta={"fits": "retain"},
        ),
        line(
            np.stack([np.zeros(2), here.w_g]),
            say("{golden}: length {norm}", golden=labels["golden"], norm=number(float(np.linalg.norm(here.w_g)))),
            COLOUR["golden"],
            5,
            meta={"side": "golden"},
        ),
        arrow(here.retain, "retain", say("Row to keep")),
    ]
    over = [zero_mark(np.zeros(2), theme), model_mark(here.w_g, POINT["golden"], "golden", theme, "bottom right")]
    moving: list[Trace] = [
        line(
            far(here.forget),
            say("Models that fit the row to forget"),
            COLOUR["forget"],
            2.5,
            "dash",
            meta={"fits": "forget"},
        ),
        arrow(here.forget, "forget", say("Row to forget")),
        line(
            np.stack([np.zeros(2), here.w_o]),
            labels["pretrained"],
            colour("pretrained", theme),
            3,
            meta={"side": "pretrained"},
            showlegend=False,
        ),
        line(
            np.stack([here.w_g, here.w_o]),
            say("Leftover"),
            COLOUR["forget"],
            5,
            meta={"side": "leftover"},
            showlegend=False,
        ),
        model_mark(here.w_o, POINT["pretrained"], "pretrained", theme, "top right"),
        start_mark(start * here.w_o, theme),
    ]
    if told:
        moving += [
            run_trace(start * here.w_o, here.end(start), theme),
            end_mark(here.end(start), labels, theme),
        ]
    low = np.array([-0.25 * size, -0.3 * size])
    high = here.through + np.array([0.6 * size, 0.35 * size])
    titles = (say("weight along the row to keep"), say("weight at right angles to it"))
    turn, crossing = np.array([r.forget for r in rows]), np.array([r.w_o for r in rows])
    along, none = 20 * size * np.stack([-turn[:, 1], turn[:, 0]], axis=1), np.zeros_like(turn)
    begin, end = start * crossing, np.array([r.end(start) for r in rows])
    ways = [here.through - along, here.through + along, none, long * turn, none, crossing]
    models = [np.array([r.w_g for r in rows]), crossing, crossing, begin]
    places = np.stack([*ways, *models, begin, (begin + end) / 2, end, end], axis=2)
    return scrubbed(still, moving, places, plane_layout(low, high, theme, titles), told, over)


def turned(points: Array, degrees: Sequence[float]) -> Array:
    """Return points (n, 3) as they are seen, (k, 2, n), from places that go round the second axis; front on at 0.

    At 0 and 180 degrees the first two axes are seen at their true lengths; between, the look is a little from above.
    """
    angle = np.deg2rad(np.asarray(degrees, dtype=float))[:, None]
    down = DOWN * np.sin(angle)
    across = np.cos(angle) * points[:, 0] + np.sin(angle) * points[:, 2]
    depth = np.cos(angle) * points[:, 2] - np.sin(angle) * points[:, 0]
    return np.stack([across, np.cos(down) * points[:, 1] + np.sin(down) * depth], axis=1)


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
    places = turned(np.concatenate(list(solids.values())), turns)
    ends = np.cumsum([len(points) for points in solids.values()])[:-1]
    now = dict(zip(solids, np.split(places[index].T, ends), strict=True))

    def area(key: str, name: str) -> Trace:
        return line(
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
        line(now["shared"], say("Models that fit both"), colour("overlap", theme), 2, meta={"fits": "both"}),
        line(
            now["pretrained"],
            labels["pretrained"],
            colour("pretrained", theme),
            3,
            meta={"side": "pretrained"},
            showlegend=False,
        ),
        line(now["golden"], labels["golden"], COLOUR["golden"], 5, meta={"side": "golden"}, showlegend=False),
        line(now["leftover"], say("Leftover"), COLOUR["forget"], 5, meta={"side": "leftover"}, showlegend=False),
        zero_mark(now["origin"][0], theme),
        model_mark(now["at golden"][0], POINT["golden"], "golden", theme, "bottom right"),
        model_mark(now["at pretrained"][0], POINT["pretrained"], "pretrained", theme, "top right"),
        start_mark(now["begin"][0], theme),
    ]
    if told:
        moving += [
            run_trace(now["begin"][0], now["end"][0], theme),
            end_mark(now["end"][0], labels, theme),
        ]
    low, high = places.min(axis=(0, 2)) - 0.08 * size, places.max(axis=(0, 2)) + 0.08 * size
    # From behind, golden's side of 0 is the left one.
    behind = [degrees > 90 for degrees in turns]
    return scrubbed([], moving, places, plane_layout(low, high, theme, None), told, behind=behind)
