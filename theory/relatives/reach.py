"""Edge of reach: states that are read as targets and never updated, on a grid whose values are computed exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from theory.linalg import Array
from theory.spec import real, whole
from theory.streams import CRITICS, stream

# The grid, where its reward is, and the columns where the recorded data begin.
SIDE, GOAL, RECORDED = 9, (8, 0), 2
# Moves: row and column added; the names are arrows on the picture.
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
MOST_CRITICS = 20
_STATES = SIDE * SIDE
# A greedy walk that has not arrived after so many steps goes round in circles.
_STEPS = _STATES


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far imagined walks go from the recorded states, and how many critics judge.

    Definition: walks of `steps` moves from the first two columns; values start as N(0, 1) for every state and move of
    every critic; `discount` is how much a reward one move later counts. `patched` gives the edge states their true
    values.
    Shapes: scalars.
    Errors: ValueError for steps outside 1 to 8, critics outside 1 to 20, a discount outside 0.05 to
    0.99, or a seed below 0.
    Source: our reading of arXiv 2402.12527, reduced to a table.
    """

    steps: int = 1
    critics: int = 1
    discount: float = 0.95
    patched: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        whole("steps", self.steps, 1, SIDE - 1, "from 8 on every state is updated")
        whole("critics", self.critics, 1, MOST_CRITICS, "use 1 for a single critic")
        real("discount", self.discount, 0.05, 0.99, "at 1 a walk in circles is as good as any")
        whole("seed", self.seed, 0, np.inf, "use 0, 1, 2, ...")


@dataclass(frozen=True, eq=False)
class Bootstrapped:
    """Values after updates without end, and what the policy that believes them earns.

    Definition: value = max over moves of the smallest critic; `true` is the best possible. Updated states are those
    reached in fewer than `steps` moves, edge states those first reached by the last one.
    Shapes: value, true, spread (9, 9), moves (9, 9) whole numbers into MOVES, updated and edge (9, 9) truth values;
    spread is the standard deviation of the critics, the largest over moves. `earned` and `possible` are mean discounted
    returns from the recorded states, `overestimate` the most by which an updated state is overvalued.
    Errors: none.
    Source: derived here.
    """

    value: Array
    true: Array
    spread: Array
    moves: NDArray[np.intp]
    updated: NDArray[np.bool_]
    edge: NDArray[np.bool_]
    earned: float
    possible: float
    overestimate: float
    discount: float


def _moved() -> NDArray[np.intp]:
    """Return where each move of each state leads, (81, 4): walls hold back."""
    row, column = np.divmod(np.arange(_STATES), SIDE)
    after = [np.clip(row + r, 0, SIDE - 1) * SIDE + np.clip(column + c, 0, SIDE - 1) for r, c in MOVES]
    return np.stack(after, axis=1)


_GOAL = GOAL[0] * SIDE + GOAL[1]
_FOLLOWING = _moved()
_ARRIVED = _FOLLOWING == _GOAL


def _targets(value: Array, discount: float) -> Array:
    """Return reward plus discounted value of where each move leads, (81,) -> (81, 4); arriving ends the walk."""
    return np.where(_ARRIVED, 1.0, discount * value[_FOLLOWING])


def _settled(value: Array, updated: NDArray[np.bool_], discount: float) -> Array:
    """Return the fixed point of the updates: those states change, the others keep their values.

    Walking in circles earns nothing, so that 0 is a lower bound; from it the values rise and are exact once no sweep
    changes them.
    """
    value = np.where(updated, 0.0, value)
    for _ in range(_STATES):
        better = np.where(updated, np.maximum(_targets(value, discount).max(axis=1), 0.0), value)
        if np.array_equal(better, value):
            break
        value = better
    return value


def _earned(moves: NDArray[np.intp], begin: NDArray[np.intp], discount: float) -> float:
    """Return the mean discounted return of walks that follow `moves` from the states `begin`."""
    place, earned, going = begin.copy(), np.zeros(len(begin)), np.ones(len(begin), dtype=bool)
    for step in range(_STEPS):
        here = _ARRIVED[place, moves[place]] & going
        earned[here] = discount**step
        going &= ~here
        place = _FOLLOWING[place, moves[place]]
    return float(earned.mean())


def bootstrapped(spec: Reach) -> Bootstrapped:
    """Return what is learned from walks of a length, with so many critics.

    Definition: every updated value becomes r + discount * max over moves of the smallest critic's value of the state
    that follows, the same for all critics; an edge state's values are read there and never written. A patched edge has
    its true values.
    Shapes: see `Bootstrapped`.
    Errors: none for a valid `Reach`.
    Source: our reading of arXiv 2402.12527: the smallest of several critics is its remedy, without its term for
    diversity; the grid is ours.
    """
    column = np.arange(_STATES) % SIDE
    away = np.maximum(column - (RECORDED - 1), 0)
    open_states = np.arange(_STATES) != _GOAL
    updated, edge = open_states & (away < spec.steps), open_states & (away == spec.steps)
    true = _settled(np.zeros(_STATES), open_states, spec.discount)
    first = stream(spec.seed, CRITICS).standard_normal((MOST_CRITICS, _STATES, len(MOVES)))[: spec.critics]
    smallest = first.min(axis=0)
    begin = np.where(edge, true, smallest.max(axis=1)) if spec.patched else smallest.max(axis=1)
    value = _settled(begin, updated, spec.discount)
    value[_GOAL] = 0.0
    targets = _targets(value, spec.discount)
    # Critics agree where they are updated: the targets are shared.
    spread = np.where(updated, 0.0, first.std(axis=0).max(axis=1))
    preferred = smallest if not spec.patched else np.where(edge[:, None], _targets(true, spec.discount), smallest)
    moves = np.where(updated, targets.argmax(axis=1), preferred.argmax(axis=1))
    recorded = np.flatnonzero(open_states & (away == 0))
    over = float(np.max(value[updated] - true[updated]))
    shape = (SIDE, SIDE)
    return Bootstrapped(
        value=value.reshape(shape),
        true=true.reshape(shape),
        spread=spread.reshape(shape),
        moves=moves.reshape(shape),
        updated=updated.reshape(shape),
        edge=edge.reshape(shape),
        earned=_earned(moves, recorded, spec.discount),
        possible=_earned(_targets(true, spec.discount).argmax(axis=1), recorded, spec.discount),
        overestimate=over,
        discount=spec.discount,
    )


def carried(found: Bootstrapped) -> tuple[Array, Array]:
    """Return how far the updated states are from what their policy is worth, and what the edge alone makes of that.

    Definition: with P the moves of the policy that believes the values, U the updated and E the edge states, and V_pi
    what the policy earns where nothing is read at the edge but zero: (V - V_pi)_U = (I - g P_UU)^-1 g P_UE V_E.
    Shapes: two of (u,), in the order of the updated states.
    Errors: none.
    Source: derived here.
    """
    inside, edge = np.flatnonzero(found.updated.ravel()), np.flatnonzero(found.edge.ravel())
    value, moves = found.value.ravel(), found.moves.ravel()
    follows, arrived = _FOLLOWING[inside, moves[inside]], _ARRIVED[inside, moves[inside]]
    stays = (follows[:, None] == inside) & ~arrived[:, None]
    leaves = (follows[:, None] == edge) & ~arrived[:, None]
    system = np.eye(len(inside)) - found.discount * stays
    worth = np.linalg.solve(system, arrived.astype(float))
    passed: Array = np.linalg.solve(system, found.discount * leaves @ value[edge])
    return value[inside] - worth, passed


def doubled(rate: float, discount: float, steps: int) -> Array:
    """Return how the value grows where an updated state leads to an edge state with twice its feature.

    Definition: one weight w, features 1 and 2, no reward: each update multiplies w by 1 + rate (2 discount - 1).
    Shapes: (steps + 1,), the first is 1.
    Errors: ValueError for a rate outside 0 to 1, a discount outside 0 to below 1, or steps outside 0 to 1,000.
    Source: derived here; in a table nothing explodes, with shared features it does.
    """
    rate = real("rate", rate, 0, 1, "use 0.1")
    discount = real("discount", discount, 0, 0.999, "a discount of 1 never settles")
    steps = whole("steps", steps, 0, 1000, "use 100")
    found: Array = (1 + rate * (2 * discount - 1)) ** np.arange(steps + 1.0)
    return found


def tabled(rate: float, discount: float, steps: int) -> Array:
    """Return the same value where a table holds one for each state: the edge state keeps its own, 2.

    Definition: v moves by rate (2 discount - v) at each update, from 1.
    Shapes: (steps + 1,), the first is 1.
    Errors: ValueError as in `doubled`.
    Source: derived here.
    """
    rate = real("rate", rate, 0, 1, "use 0.1")
    discount = real("discount", discount, 0, 0.999, "a discount of 1 never settles")
    steps = whole("steps", steps, 0, 1000, "use 100")
    found: Array = 2 * discount + (1 - 2 * discount) * (1 - rate) ** np.arange(steps + 1.0)
    return found
