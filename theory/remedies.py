"""Removing the influence first: what each remedy erases, and how near golden it ends, against overlap and rows."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from theory.curves import OverlapCurve, curve_of, over_draws
from theory.draws import rotated
from theory.linalg import Array
from theory.losses import losses
from theory.methods import METHODS, drop_overlap_mask, keep_overlap_mask
from theory.metrics import tuned_on
from theory.problem import Problem
from theory.spec import Spec

# What is read off a remedied model, in this order.
READINGS = ("distance", "unlearning_gap", "remaining_loss")

_ERASE: Mapping[str, Callable[[Problem], Array]] = MappingProxyType(
    {
        "keep_overlap": lambda problem: keep_overlap_mask(problem, problem.w_o),
        "drop_overlap": lambda problem: drop_overlap_mask(problem, problem.w_o),
        "project": lambda problem: problem.retain_space.project(problem.w_o),
    }
)


def erased(problem: Problem, key: str) -> Array:
    """Return the pretrained model after a remedy has erased its part, before any fine-tuning.

    Definition: w_o without its forget-only block ("keep_overlap"), without overlap and forget-only block
    ("drop_overlap"), or P_r w_o ("project").
    Shapes: (d,).
    Errors: ValueError for a key that names none of the three, or for a mask where the problem has no blocks.
    Source: theory section 3.
    """
    if key not in _ERASE:
        raise ValueError(f"key must name a remedy, got {key!r}: choose from {', '.join(_ERASE)}")
    return _ERASE[key](problem)


def _readings(problem: Problem, W: Array) -> Array:
    """Return `READINGS` of several weight vectors, (d, k) -> (k, 3)."""
    remaining, unlearning = losses(problem, np.column_stack([problem.w_g, W]))
    distance = np.linalg.norm(W - problem.w_g[:, None], axis=0)
    return np.column_stack([distance, unlearning[1:] - unlearning[0], remaining[1:]])


def remedy_curve(
    spec: Spec, overlaps: Sequence[float], keys: Sequence[str], draws: int, rotate: bool = False
) -> OverlapCurve:
    """Return distance, UL gap and RL of methods at every overlap, over `draws` seeds counted up from the Spec's own.

    Definition: sample statistics of |w - w_g|, UL - UL(w_g) and RL; with `rotate` the features of every draw are mixed
    first.
    Shapes: see `OverlapCurve`; its readings are "distance", "unlearning_gap" and "remaining_loss".
    Errors: ValueError if draws is below 1, an overlap is outside 0 to 1 or a key is not in METHODS.
    Source: Monte Carlo over `draw`; theory section 3.
    """
    for key in keys:
        if key not in METHODS:
            raise ValueError(f"keys must name methods, got {key!r}: choose from {', '.join(METHODS)}")

    def read(problem: Problem) -> Array:
        asked = rotated(problem) if rotate else problem
        return _readings(asked, np.stack([METHODS[key].fit(asked) for key in keys], axis=1))

    return curve_of(overlaps, keys, READINGS, over_draws(spec, overlaps, draws, read))


def remedy_tuning(problem: Problem, rows: Sequence[int], keys: Sequence[str]) -> dict[tuple[str, str], Array]:
    """Return distance, UL gap and RL of remedies fine-tuned on the first rows[i] retain rows, for every i.

    Definition: N(X_t, y_t; erased w_o) with n_t = rows[i]; all of them share one factorisation.
    Shapes: rows (k,) whole numbers between 1 and n_retain -> (k,) by (key, "distance" | "unlearning_gap" |
    "remaining_loss").
    Errors: ValueError if a count of rows is outside 1 to n_retain, or a key names no remedy.
    Source: theory section 3 (R3).
    """
    starts = np.stack([erased(problem, key) for key in keys], axis=1)
    found = [_readings(problem, W) for W in tuned_on(problem, rows, starts)]
    table = np.stack(found)
    return {(key, what): table[:, k, m] for k, key in enumerate(keys) for m, what in enumerate(READINGS)}
