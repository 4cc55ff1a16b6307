"""The bars of the clocks: filled outlines that a frame puts in place, and the panels they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory import Array
from ui.figures.figure import shortly
from ui.figures.style import PAPER, Theme
from ui.language import say

# The space between two bars, as a share of a bar's place.
GAP = 0.2
# A bar is read off with three digits, and drawn with one more.
DIGITS = 4
# Digits of a place on the axis, which is one wide.
PLACES = 5
# Fewer bars than this do not fill their panel.
FEWEST_PLACES = 8


@dataclass(frozen=True)
class Panel:
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
        return np.asarray((self.middle + (places - (self.count + 1) / 2) * self.place).round(PLACES))


def bar_trace(heights: Array, panel: Panel, fill: str, name: str, **more: object) -> dict[str, object]:
    """Return bars of these heights as one filled outline: unlike bars, it can be put in place without redrawing.

    A bar stands at place 1, 2, ... of its panel; a point more at either end gives the outer ones their full width. A
    table of the picture holds the bars alone, each once.
    """
    count = len(heights)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": panel(np.clip(np.arange(count + 2), 0.5, count + 0.5)) if count else np.empty(0),
        "y": outline(heights),
        "customdata": np.stack([np.arange(1, count + 1), heights], axis=1).tolist(),
        "name": name,
        "fill": "tozeroy",
        "fillcolor": fill,
        "line": {"shape": "hvh", "width": 0, "simplify": False},
        "showlegend": False,
        "hoveron": "points",
        **more,
    }


def outline(heights: Array) -> Array:
    """Return the heights along the outline of `bar_trace`, the last axis: (..., n) -> (..., n + 2), (..., 0) as it is.

    With the digits that a hand reads off a bar, for the heights of all steps are most of what the browser is sent.
    """
    short = shortly(heights, DIGITS)
    return np.concatenate([short[..., :1], short, short[..., -1:]], axis=-1)


def gaps(panels: Sequence[Panel], top: float, theme: Theme) -> dict[str, object]:
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
        "x": np.concatenate(corners).round(PLACES),
        "y": np.tile([0.0, top, top, 0.0], sum(map(len, edges))),
        "name": say("between the bars"),
        "meta": {"gaps": True},
        "fill": "toself",
        "fillcolor": PAPER[theme],
        "line": {"width": 0, "simplify": False},
        "showlegend": False,
        "hoverinfo": "skip",
    }
