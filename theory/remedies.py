"""Removing the influence first: what each remedy erases, and how near golden it ends, against overlap and rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from theory.curves import OverlapCurve, at_noise, curve_of, moments, need_linear, over_draws
from theory.draws import rotated
from theory.linalg import Array, read_only
from theory.losses import losses
from theory.methods import METHODS, drop_overlap_mask, keep_overlap_mask
from theory.metrics import tuned_on
from theory.problem import Problem
from theory.spec import Spec

# What is read off a remedied model, in this order.
READINGS = ("distance", "unlearning_gap", "remaining_loss")

# Methods whose weights `remedy_moments` knows as functions of the labels.
LINEAR = ("pretrained", "golden", "fine_tune", "keep_overlap", "drop_overlap", "project")

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


@dataclass(frozen=True, eq=False)
class RemedyMoments:
    """What remedies leave, for several draws and overlaps, as functions of the noise.

    Definition: as `LossMoments`; the distance's square is one of the mean squares, but for the number of features.
    Shapes: coefficients (draws, overlaps, keys, 4, 3): |w - w_g|^2, RL, UL and golden's UL.
    Errors: see `at`.
    Source: derived here; `remedy_moments` makes it.
    """

    overlaps: tuple[float, ...]
    keys: tuple[str, ...]
    coefficients: Array

    def at(self, noise: float) -> OverlapCurve:
        """Return the curve for one noise, or raise ValueError for a noise that no Spec can have."""
        away, remaining, unlearning, golden = np.moveaxis(at_noise(self.coefficients, noise), -1, 0)
        found = np.stack([np.sqrt(away), unlearning - golden, remaining], axis=-1)
        return curve_of(self.overlaps, self.keys, READINGS, found)


def remedy_curve(
    spec: Spec, overlaps: Sequence[float], keys: Sequence[str], draws: int, rotate: bool = False
) -> OverlapCurve:
    """Return distance, UL gap and RL of methods at every overlap, over `draws` seeds counted up from the Spec's own.

    Definition: sample statistics of |w - w_g|, UL - UL(w_g) and RL; with `rotate` the features of every draw are mixed
    first.
    Shapes: see `OverlapCurve`; its readings are "distance", "unlearning_gap" and "remaining_loss".
    Errors: see `remedy_moments`.
    Source: Monte Carlo over `draw`; theory section 3.
    """
    return remedy_moments(spec, overlaps, keys, draws, rotate).at(spec.noise)


def remedy_moments(
    spec: Spec, overlaps: Sequence[float], keys: Sequence[str], draws: int, rotate: bool = False
) -> RemedyMoments:
    """Return what `remedy_curve` reads as functions of the noise, which the Spec's own noise does not touch.

    Definition: see `RemedyMoments`. The methods are linear in the labels: each is fitted to the labels without noise
    and to the noise alone, on the same factored rows.
    Shapes: k overlaps -> see `RemedyMoments`.
    Errors: ValueError if draws is below 1, an overlap is outside 0 to 1 or a key is not among `LINEAR`.
    Source: derived here (theory section 3).
    """
    need_linear(keys, LINEAR)

    def read(problem: Problem) -> Array:
        asked = rotated(problem) if rotate else problem
        halves = asked.X @ asked.w_star, asked.label_noise
        still, moved = (_fitted(replace(asked, y=read_only(labels)), keys) for labels in halves)
        away, *missed = (moments(*both) for both in zip(still, moved, strict=True))
        remaining, unlearning = missed
        return np.stack(
            [away[1:] * asked.d, remaining[1:], unlearning[1:], np.broadcast_to(unlearning[0], away[1:].shape)], 1
        )

    found = over_draws(replace(spec, noise=1.0), overlaps, draws, read)
    return RemedyMoments(tuple(float(o) for o in overlaps), tuple(keys), found)


def _fitted(problem: Problem, keys: Sequence[str]) -> tuple[Array, Array, Array]:
    """Return w - w_g (d, 1 + k) of golden and of methods, and what they miss on the rows to keep and to forget."""
    W = np.column_stack([problem.w_g, *(METHODS[key].fit(problem) for key in keys)])
    missed = problem.X @ W - problem.y[:, None]
    return W - problem.w_g[:, None], missed[: problem.n_retain], missed[problem.n_retain :]


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
