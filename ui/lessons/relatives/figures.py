"""The pictures of the page relatives, part by part."""

from collections.abc import Callable, Sequence

from ui.lessons.relatives import demonstrations, federated, missing, reach
from ui.lessons.relatives.lines import HEIGHT
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View


def _of(part: str, draw: Callable[[View], Picture], name: str, keys: Sequence[str], *, waits: bool = False) -> Drawing:
    """Return a picture of one part, drawn anew for the controls `keys`; it may wait for the guess."""
    return Drawing(
        draw=draw,
        name=name,
        shown=lambda view: view["relative"] == part and (view.told or not waits),
        height=HEIGHT,
        follows=("relative", *keys, "draw"),
    )


_REACH, _ROUNDS = ("steps", "critics", "discount"), ("memory", "common", "rounds")
FIGURES = {
    "rewards": _of("demonstrations", demonstrations.rewards, "Rewards", ("bad",)),
    "simplex": _of("demonstrations", demonstrations.simplex, "One situation", ("strength",), waits=True),
    "grid": _of("reach", reach.grid, "Grid", _REACH),
    "earned": _of("reach", reach.earned, "What is earned", _REACH, waits=True),
    "growth": _of("reach", reach.growth, "A value that grows", ("discount",), waits=True),
    "training": _of("federated", federated.rounds, "Rounds", _ROUNDS),
    "distance": _of("federated", federated.distance, "Distance to golden", _ROUNDS, waits=True),
    "risk": _of("missing", missing.risk, "Risk", ("gap_rows", "observed")),
    "bandit": _of("missing", missing.bandit, "Bandit", ("gap_rows", "observed"), waits=True),
}
