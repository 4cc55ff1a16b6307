"""Removing the influence first: what each remedy erases, and how near golden it ends, against overlap and rows."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from theory.linalg import Array, nested_row_spaces
from theory.methods import METHODS, drop_overlap_mask, keep_overlap_mask
from theory.problem import Problem, Spec, draw_overlaps, rotated

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
    Errors: ValueError for a key that names none of the three.
    Source: theory section 3.
    """
    if key not in _ERASE:
        raise ValueError(f"key must name a remedy, got {key!r}: choose from {', '.join(_ERASE)}")
    return _ERASE[key](problem)


def _readings(problem: Problem, W: Array) -> Array:
    """Return `READINGS` of several weight vectors, (d, k) -> (k, 3)."""
    squares = (problem.X @ np.column_stack([problem.w_g, W]) - problem.y[:, None]) ** 2
    remaining, unlearning = (part.mean(axis=0) for part in np.split(squares, [problem.spec.n_retain]))
    distance = np.linalg.norm(W - problem.w_g[:, None], axis=0)
    return np.column_stack([distance, unlearning[1:] - unlearning[0], remaining[1:]])


@dataclass(frozen=True, eq=False)
class RemedyCurve:
    """How near golden several methods end, against overlap: means over draws, standard errors and ranges.

    Definition: sample statistics of |w - w_g|, UL - UL(w_g) and RL over independent draws.
    Shapes: every array (k,), one entry an overlap; keyed by (method key, "distance" | "unlearning_gap" |
    "remaining_loss").
    Errors: none.
    Source: `remedy_curve`.

    Attributes
    ----------
    overlaps : the overlaps, 0 to 1.
    mean, error : sample mean and its standard error (0 for a single draw).
    low, high : the smallest and the largest draw.
    draws : draws behind every point; the draws are independent, the points share them.
    """

    overlaps: Array
    mean: Mapping[tuple[str, str], Array]
    error: Mapping[tuple[str, str], Array]
    low: Mapping[tuple[str, str], Array]
    high: Mapping[tuple[str, str], Array]
    draws: int


def remedy_curve(
    spec: Spec, overlaps: Sequence[float], keys: Sequence[str], draws: int, rotate: bool = False
) -> RemedyCurve:
    """Return distance, UL gap and RL of methods at every overlap, over `draws` seeds counted up from the Spec's own.

    Definition: sample mean, and sample standard deviation over the square root of the number of draws; with `rotate`
    the features of every draw are mixed first.
    Shapes: see `RemedyCurve`.
    Errors: ValueError if draws is below 1, an overlap is outside 0 to 1 or a key is not in METHODS.
    Source: Monte Carlo over `draw`; theory section 3.
    """
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws!r}: one draw gives a curve without a standard error")
    for key in keys:
        if key not in METHODS:
            raise ValueError(f"keys must name methods, got {key!r}: choose from {', '.join(METHODS)}")
    found = np.empty((draws, len(overlaps), len(keys), len(READINGS)))
    for i in range(draws):
        for j, problem in enumerate(draw_overlaps(replace(spec, seed=spec.seed + i), overlaps)):
            asked = rotated(problem) if rotate else problem
            found[i, j] = _readings(asked, np.stack([METHODS[key].fit(asked) for key in keys], axis=1))
    error = found.std(axis=0, ddof=1) / math.sqrt(draws) if draws > 1 else np.zeros_like(found[0])

    def by_name(values: Array) -> dict[tuple[str, str], Array]:
        return {(key, what): values[:, k, m] for k, key in enumerate(keys) for m, what in enumerate(READINGS)}

    return RemedyCurve(
        np.asarray(overlaps, dtype=float),
        by_name(found.mean(axis=0)),
        by_name(error),
        by_name(found.min(axis=0)),
        by_name(found.max(axis=0)),
        draws,
    )


def remedy_tuning(problem: Problem, rows: Sequence[int], keys: Sequence[str]) -> dict[tuple[str, str], Array]:
    """Return distance, UL gap and RL of remedies fine-tuned on the first rows[i] retain rows, for every i.

    Definition: N(X_t, y_t; erased w_o) with n_t = rows[i]; all of them share one factorisation.
    Shapes: rows (k,) whole numbers between 1 and n_retain -> (k,) by (key, "distance" | "unlearning_gap" |
    "remaining_loss").
    Errors: ValueError if a count of rows is outside 1 to n_retain, or a key names no remedy.
    Source: theory section 3 (R3).
    """
    for count in rows:
        if not 1 <= count <= problem.spec.n_retain:
            raise ValueError(
                f"rows must be between 1 and n_retain ({problem.spec.n_retain}), got {count!r}: "
                "fine-tune on rows there are"
            )
    starts = np.stack([erased(problem, key) for key in keys], axis=1)
    spaces = nested_row_spaces(problem.X_r, rows)
    found = []
    for space in spaces:
        gaps = problem.y_r[: len(space.X), None] - space.X @ starts
        found.append(_readings(problem, starts + space.solve(gaps)))
    table = np.stack(found)
    return {(key, what): table[:, k, m] for k, key in enumerate(keys) for m, what in enumerate(READINGS)}
