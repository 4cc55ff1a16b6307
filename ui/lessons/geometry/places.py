"""Where names stand beside their marks, so that none covers another name or another mark."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array

# Pixels: a letter, a line, a mark, and what lies between a mark and its name.
LETTER, LINE, MARK, GAP = 7.6, 18.0, 15.0, 8.0
# Most often that each name is asked whether it would rather stand elsewhere.
MOST_TURNS = 6
# Sides of a mark in the order in which they are taken, each with the way that it leads.
SIDES = {
    "top right": (1, 1),
    "bottom right": (1, -1),
    "top left": (-1, 1),
    "bottom left": (-1, -1),
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top center": (0, 1),
    "bottom center": (0, -1),
}
_TAG = re.compile(r"<[^>]*>")


def _boxes(places: Array, texts: Sequence[str]) -> Array:
    """Return left, bottom, right and top of every name on every side of its mark, (k, n, sides, 4); up is positive."""
    ways = np.array(list(SIDES.values()), dtype=float)
    half = np.array([[LETTER * len(_TAG.sub("", text)) / 2, LINE / 2] for text in texts])[:, None]
    gap = np.where(ways[:, 1:] == 0, GAP, 0.5 * GAP)
    middle = places[:, :, None] + ways * (half + gap)
    return np.concatenate([middle - half, middle + half], axis=3)


def _shared(a: Array, b: Array) -> Array:
    """Return the areas that boxes (..., 4) share."""
    sides = np.maximum(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0)
    return np.asarray(sides[..., 0] * sides[..., 1])


def _around(places: Array) -> Array:
    """Return the boxes of marks, (..., 4)."""
    return np.concatenate([places - MARK / 2, places + MARK / 2], axis=-1)


def beside(
    points: Array,
    texts: Sequence[str],
    unit: float,
    low: Array,
    high: Array,
    avoid: Array | None = None,
    fixed: Mapping[int, str] | None = None,
) -> list[list[str]]:
    """Return the side of its mark on which each name stands, in each of several pictures; the first ones choose first.

    `avoid` are places that a name leaves free where it can, such as a way; `fixed` are names whose sides are settled.
    Shapes: points (k, n, 2), avoid (m, 2), and the corners low and high, (2,), of what is in the picture for certain,
    in units of weights, of which one is `unit` pixels long where the picture is smallest. A mark without a name has an
    empty text.
    """
    places, fixed = np.asarray(points, dtype=float) * unit, fixed or {}
    sides, boxes = list(SIDES), _boxes(places, texts)
    chosen = np.zeros(places.shape[:2], dtype=int)
    for i, side in fixed.items():
        chosen[:, i] = sides.index(side)
    named = [i for i, text in enumerate(texts) if text]
    free = [i for i in named if i not in fixed]
    # What each of them would cost on a side if there were no other name.
    own = boxes[:, free]
    apart = np.abs(places[:, free, None] - places[:, None]).max(axis=3) > 1
    out = np.clip(low * unit - own[..., :2], 0, None) + np.clip(own[..., 2:] - high * unit, 0, None)
    marks = _shared(own[:, :, :, None], _around(places)[:, None, None]) * apart[:, :, None]
    alone = 20 * out.sum(axis=3) + 2 * marks.sum(axis=3)
    if avoid is not None:
        alone += _shared(own[:, :, :, None], _around(avoid * unit)).sum(axis=3)
    for turn in range(MOST_TURNS):  # each in turn, until none would rather stand elsewhere
        before = chosen.copy()
        for i, cost in zip(free, alone.swapaxes(0, 1), strict=True):
            others = [k for k in named if k != i and (turn or k < i or k in fixed)]
            taken = np.take_along_axis(boxes, chosen[:, :, None, None], axis=2)[:, others, 0]
            chosen[:, i] = (cost + 4 * _shared(boxes[:, i, :, None], taken[:, None]).sum(axis=2)).argmin(axis=1)
        if turn and (chosen == before).all():
            break
    return [[sides[k] for k in picture] for picture in chosen]


def covers(points: Array, texts: Sequence[str], sides: Sequence[str], unit: float) -> Array:
    """Return places all over the names that stand on these sides of their marks, (m, 2), in units of weights."""
    boxes = _boxes(points[None] * unit, texts)[0][np.arange(len(texts)), [list(SIDES).index(side) for side in sides]]
    across, up = np.meshgrid(np.linspace(0, 1, 6), np.linspace(0, 1, 3))
    shares = np.stack([across.ravel(), up.ravel()], axis=1)
    inside = boxes[:, None, :2] + shares * (boxes[:, None, 2:] - boxes[:, None, :2])
    return np.asarray(inside[[bool(text) for text in texts]].reshape(-1, 2) / unit)


def along(text: str, through: Array, way: Array, unit: float, low: Array, high: Array, marks: Array) -> Array:
    """Return the place on a line where a name written along it is farthest from all marks, inside of the picture."""
    half = LETTER * len(text) / 2 / unit
    places = through + np.linspace(-8, 8, 161)[:, None] * way
    parts = places[:, None] + np.linspace(-half, half, 15)[:, None] * way
    inside = ((parts > low + 0.1) & (parts < high - 0.1)).all(axis=(1, 2))
    if not inside.any():  # the line only cuts a corner
        inside = ((places >= low) & (places <= high)).all(axis=1)
    if not inside.any():
        return through
    apart = np.linalg.norm(parts[inside][:, :, None] - marks, axis=3).min(axis=(1, 2))
    return np.asarray(places[inside][apart.argmax()])


def joined(points: Array, texts: Sequence[str], near: float) -> list[str]:
    """Return the names where marks that are one on the screen share one: the first has all, the others have none."""
    found = list(texts)
    for i in range(len(found)):
        for k in range(i):
            if found[i] and found[k] and float(np.linalg.norm(points[i] - points[k])) <= near:
                found[k], found[i] = f"{found[k]} = {found[i]}", ""
    return found
