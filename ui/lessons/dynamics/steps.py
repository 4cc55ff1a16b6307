"""The axis of steps of gradient descent, and what a frame moves on it: a line at the step at hand, and two dots."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from theory import Array, Modes
from ui.figures.figure import shortly
from ui.figures.style import INK, MUTED, Theme
from ui.language import say

# Where step 0 stands on the logarithmic axis of steps.
STEP_ZERO = 0.5
STEP_TICKS = {STEP_ZERO: "0", 1: "1", 10: "10", 100: "100", 1000: "1,000", 10_000: "10⁴", 100_000: "10⁵"}
# A diverging length leaves the picture at this multiple of where it started.
LENGTH_ROOM = 2.0

Trace = dict[str, object]


def used_role(objective: str) -> str:
    """Return the colour of the directions training uses: the retain rows' own, or that of both sets together."""
    return "retain" if objective == "retain" else "overlap"


def step_places(steps: Array) -> Array:
    """Return where steps stand on the logarithmic axis."""
    return np.asarray(np.maximum(steps, STEP_ZERO))


def step_axis(**more: object) -> dict[str, object]:
    """Return the logarithmic axis of steps, with a place for step 0."""
    return {
        "type": "log",
        "range": [math.log10(STEP_ZERO) - 0.12, 5.12],
        "tickvals": list(STEP_TICKS),
        "ticktext": list(STEP_TICKS.values()),
        "tickangle": 0,
        "title": {"text": say("steps of gradient descent")},
        "showgrid": False,
        "zeroline": False,
        **more,
    }


def now_traces(
    dots: Array,
    low: float,
    high: float,
    symbols: Sequence[str],
    inks: Sequence[str],
    name: str,
    theme: Theme,
    **more: object,
) -> list[Trace]:
    """Return the line at step 0, from low to high, and a dot on each of two curves; dots (k, 2) at every step."""
    here = {"type": "scatter", "showlegend": False, "hoverinfo": "skip", "x": [STEP_ZERO] * 2, **more}
    return [
        {
            **here,
            "mode": "lines",
            "y": [low, high],
            "name": say("this step"),
            "meta": {"cursor": True},
            "line": {"color": MUTED[theme], "width": 1.5},
        },
        {
            **here,
            "mode": "markers",
            "y": dots[0],
            "name": name,
            "meta": {"now": True},
            "marker": {
                "symbol": list(symbols),
                "size": 12,
                "color": list(inks),
                "line": {"color": INK[theme], "width": 1.5},
            },
            "cliponaxis": False,
        },
    ]


def moments(modes: Modes, dots: Array) -> Iterator[tuple[str, list[Trace]]]:
    """Yield the name of every step, and what it puts into the line and the dots of `now_traces`."""
    places, short = step_places(modes.steps.astype(float)), shortly(dots)
    for i, (k, place) in enumerate(zip(modes.steps.tolist(), places.tolist(), strict=True)):
        yield str(k), [{"x": [place] * 2}, {"x": [place] * 2, "y": short[i]}]
