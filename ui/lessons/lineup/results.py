"""What the page lineup computes and remembers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from theory import METHODS, Array, Standing, Suspects, reference, standings, suspects
from theory.ascent import STEPS, ascent_path
from theory.damped import ridge_golden
from theory.data import Data
from ui.lessons.lineup.text import RIDGE, YARDSTICKS, name_of
from ui.plot.view import View
from ui.server.cache import kept
from ui.server.results import problem_of

# Shares of a distance, and losses beside golden's, below this are rounding.
ROUNDED = 1e-9
# Data up to this size take all methods some fifty milliseconds, which a hand does not feel.
SMALL_ROWS, SMALL_FEATURES = 120, 500
# Parameters by the method's key, as a key of a cache.
Settings = tuple[tuple[str, tuple[tuple[str, float | str], ...]], ...]


def settings(view: View) -> Settings:
    """Return the parameters of every method that has some, as the controls say."""
    options = dict(view.options)
    return tuple(
        (
            method.key,
            tuple(
                (p.name, options["board_ridge"] if p.name == RIDGE else options[name_of(method, p)])
                for p in method.parameters
            ),
        )
        for method in METHODS.values()
        if method.parameters
    )


@kept(256)  # of a class's moves those of some seconds: pictures and runs of one move ask one after the other
def _standings(data: Data, keys: tuple[str, ...], own: Settings) -> Mapping[str, Standing]:
    """Fit and measure methods on these rows; at most 256 kept, below 40 kB each."""
    given = {key: dict(values) for key, values in own}
    return {s.key: s for s in standings(problem_of(data), keys, given)}


def _usual(own: Settings) -> tuple[Settings, Settings]:
    """Return the parameters with all but the ridge as they usually are, and those of the methods that have others."""
    usual = tuple(
        (key, tuple((p.name, dict(values)[RIDGE] if p.name == RIDGE else p.default) for p in METHODS[key].parameters))
        for key, values in own
    )
    return usual, tuple(mine for mine, theirs in zip(own, usual, strict=True) if mine != theirs)


def board(view: View) -> dict[str, Standing]:
    """Return every method's standing, in the order of METHODS.

    While a slider of larger data is under the hand those with many steps or solves have no numbers: they follow when it
    rests.
    """
    (usual, others), data = _usual(settings(view)), view.data
    found: dict[str, Standing] = {key: Standing(key=key) for key in METHODS}
    large = data.n_retain + data.n_forget > SMALL_ROWS or data.d > SMALL_FEATURES
    for iterated in (False,) if view.moving and large else (False, True):
        keys = tuple(key for key, method in METHODS.items() if method.iterated == iterated)
        found |= _standings(data, keys, tuple((key, values) for key, values in usual if key in keys))
        # Who moves the parameter of one method waits for that one alone.
        for key, values in others:
            if key in keys:
                found |= _standings(data, (key,), ((key, values),))
    return found


@dataclass(frozen=True, eq=False)
class Chosen:
    """The method chosen, beside its golden model.

    Attributes
    ----------
    start, golden, weights : what it starts from, its reference, where it ends; (d,) each.
    unseen : (I - P_r) w of where it ends.
    """

    start: Array
    golden: Array
    weights: Array
    unseen: Array


@kept(64)
def _chosen(data: Data, key: str, own: tuple[tuple[str, float | str], ...]) -> Chosen:
    problem, method, values = problem_of(data), METHODS[key], dict(own)
    golden, start = reference(problem, method, **values)
    weights = method.fit(problem, **values)
    return Chosen(start, golden, weights, weights - problem.retain_space.project(weights))


def chosen(view: View) -> Chosen | None:
    """Return the method chosen; None where it cannot take the rows."""
    key = view["method"]
    if not METHODS[key].applies(problem_of(view.data)):
        return None
    return _chosen(view.data, key, dict(settings(view)).get(key, ()))


@kept(64)
def lined_up(data: Data) -> Suspects:
    """Return the three models with golden's unlearning loss."""
    return suspects(problem_of(data))


@dataclass(frozen=True, eq=False)
class Climb:
    """Gradient ascent, step by step: distance to golden as a share of the start's, and UL, (k,); golden's UL."""

    share: Array
    unlearning: Array
    golden: float


@kept(64)
def climb(data: Data, ridge: float) -> Climb:
    """Return gradient ascent from the ridge model for every number of steps."""
    problem = problem_of(data)
    golden, path = ridge_golden(problem, ridge), ascent_path(problem, range(STEPS + 1), ridge)
    distance = np.linalg.norm(path - golden, axis=1)
    residuals = path @ problem.X_f.T - problem.y_f
    whole = distance[0] if distance[0] > 0 else 1.0
    return Climb(
        distance / whole,
        (residuals**2).mean(axis=1),
        float(np.mean((problem.X_f @ golden - problem.y_f) ** 2)),
    )


def compared(found: Mapping[str, Standing]) -> dict[str, Standing]:
    """Return the standings of methods that could take the rows, without what they are read beside."""
    return {key: s for key, s in found.items() if s.metrics is not None and key not in YARDSTICKS}


def order(found: Mapping[str, Standing], sort: str, lacks: str) -> list[str]:
    """Return which methods stand on the board, golden first, then pretrained, the others as asked."""
    keys = [k for k in found if k not in YARDSTICKS and (lacks == "any" or lacks not in METHODS[k].needs)]

    def place(key: str) -> tuple[bool, float]:
        standing = found[key]
        if standing.metrics is None:
            return True, 0.0
        value = {"share": standing.share, "gap": abs(standing.metrics.unlearning_gap), "rows": float(standing.rows)}
        # What is rounding counts as the same, so that equal methods keep their order.
        known = value.get(sort, 0.0)
        return False, 0.0 if math.isnan(known) or known <= ROUNDED else round(known, 9)

    return ["golden", "pretrained", *sorted(keys, key=place)]
