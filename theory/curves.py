"""Means over draws against overlap, each with its standard error and range: `OverlapCurve`."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from theory.draws import draw_overlaps
from theory.linalg import Array
from theory.problem import Problem
from theory.spec import MAX_NOISE, Spec, real


@dataclass(frozen=True, eq=False)
class OverlapCurve:
    """Means of what is read off several models against overlap, each with its standard error and the range of draws.

    Definition: sample statistics over independent draws.
    Shapes: every array (k,), one entry an overlap; keyed by (method key, name of the reading).
    Errors: none.
    Source: `loss_curve`, `remedy_curve`.

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


def curve_of(
    overlaps: Sequence[float] | Array, keys: Sequence[str], readings: Sequence[str], found: Array
) -> OverlapCurve:
    """Return the statistics of values (draws, overlaps, keys, readings)."""
    draws = len(found)
    found = found.reshape(draws, len(overlaps), len(keys), len(readings))  # also where there is no overlap at all
    error = found.std(axis=0, ddof=1) / math.sqrt(draws) if draws > 1 else np.zeros(found.shape[1:])

    def by_name(values: Array) -> dict[tuple[str, str], Array]:
        return {(key, what): values[:, k, m] for k, key in enumerate(keys) for m, what in enumerate(readings)}

    return OverlapCurve(
        np.array(overlaps, dtype=float),
        by_name(found.mean(axis=0)),
        by_name(error),
        by_name(found.min(axis=0)),
        by_name(found.max(axis=0)),
        draws,
    )


def moments(still: Array, moved: Array) -> Array:
    """Return a, b, c of the mean over rows of (still + noise moved)^2 = a + b noise + c noise^2, (n, k) -> (k, 3)."""
    a, half_b, c = (np.mean(x * y, axis=0) for x, y in ((still, still), (still, moved), (moved, moved)))
    return np.stack([a, 2.0 * half_b, c], axis=-1)


def at_noise(coefficients: Array, noise: float) -> Array:
    """Return mean squares (...,) from `moments` (..., 3), or raise ValueError for a noise that no Spec can have."""
    noise = real("noise", noise, 0, MAX_NOISE, "use 0 for noiseless labels")
    found: Array = np.maximum(coefficients @ np.array([1.0, noise, noise**2]), 0.0)
    return found


def need_draws(draws: int) -> None:
    """Raise ValueError unless there is a draw."""
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws!r}: one draw gives a curve without a standard error")


def need_linear(keys: Sequence[str], linear: Sequence[str]) -> None:
    """Raise ValueError for a method whose weights are not known as functions of the labels."""
    for key in keys:
        if key not in linear:
            raise ValueError(
                f"keys must name methods that are linear in the labels, got {key!r}: choose from {', '.join(linear)}"
            )


def over_draws(spec: Spec, overlaps: Sequence[float], draws: int, read: Callable[[Problem], Array]) -> Array:
    """Return what `read` gives of every draw and overlap, over seeds counted up from the Spec's own.

    Shapes: `read` gives an array of one shape -> (draws, overlaps, *that shape).
    """
    need_draws(draws)
    seeds = (replace(spec, seed=spec.seed + i) for i in range(draws))
    return np.array([[read(problem) for problem in draw_overlaps(one, overlaps)] for one in seeds])
