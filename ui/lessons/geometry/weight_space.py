"""Weight space for three features, as it is seen from a place that goes round it."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Scene
from ui.figures.figure import Figure
from ui.figures.style import COLOUR, Theme, colour, faint
from ui.language import say
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
    points = np.concatenate(list(solids.values()))
    # They are seen from round their own middle, not round 0, which lies at their edge: so they fill the picture.
    points = points - (points.min(axis=0) + points.max(axis=0)) / 2
    places = turned(points, turns)
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
        model_mark(now["at golden"][0], POINT["golden"], "golden", theme),
        model_mark(now["at pretrained"][0], POINT["pretrained"], "pretrained", theme),
        start_mark(now["begin"][0], theme),
    ]
    if told:
        moving += [
            run_trace(now["begin"][0], now["end"][0], theme),
            end_mark(now["end"][0], labels, theme),
        ]
    low, high = places.min(axis=(0, 2)) - 0.08 * size, places.max(axis=(0, 2)) + 0.08 * size
    return scrubbed([], moving, places, plane_layout(low, high, theme, None), told, index)
