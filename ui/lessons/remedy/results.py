"""What the page remedy computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from theory import (
    Array,
    Blocks,
    Metrics,
    OverlapCurve,
    RemedyMoments,
    Spec,
    erased,
    fit_all,
    measure,
    remedy_moments,
    remedy_tuning,
    rotated,
)
from theory.data import Data
from ui.server.cache import kept
from ui.server.results import problem_of
from ui.server.sampling import DRAFT_DRAWS, OVERLAPS, curve_draws, tuning_rows


@dataclass(frozen=True, eq=False)
class Remedied:
    """The remedies and the models they are read against, with one remedy's weights between erasing and fine-tuning.

    Shapes: weights and erased (d,); `masked_loss` is UL of what Option A leaves, before fine-tuning.
    """

    weights: Mapping[str, Array]
    records: Mapping[str, Metrics]
    blocks: Blocks
    erased: Array
    masked_loss: float


@kept(128)
def remedied(spec: Data, keys: tuple[str, ...], chosen: str, rotate: bool) -> Remedied:
    """Fit and measure the remedies on one Spec, its features mixed first if asked for. At most 128 kept."""
    problem = rotated(problem_of(spec)) if rotate else problem_of(spec)
    weights, seconds = fit_all(problem, keys)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    loss = float(np.mean((problem.X_f @ erased(problem, "keep_overlap") - problem.y_f) ** 2))
    return Remedied(weights, records, problem.blocks, erased(problem, chosen), loss)


def remedy_means(spec: Spec, keys: tuple[str, ...], rotate: bool, moving: bool = False) -> OverlapCurve:
    """Return the remedies' means against overlap for a Spec's other fields; its own overlap and seed do not matter.

    Of fewer draws while a slider moves.
    """
    return _means(
        replace(spec, overlap=0.0, noise=0.0, seed=0),
        keys,
        rotate,
        min(DRAFT_DRAWS, curve_draws(spec)) if moving else curve_draws(spec),
    ).at(spec.noise)


@kept(64)
def _means(spec: Spec, keys: tuple[str, ...], rotate: bool, draws: int) -> RemedyMoments:
    return remedy_moments(spec, OVERLAPS, keys, draws, rotate)


@kept(128)
def tuned_on(spec: Data, keys: tuple[str, ...], rotate: bool) -> tuple[tuple[int, ...], dict[tuple[str, str], Array]]:
    """Return numbers of fine-tuning rows from 1 to n_retain and what the remedies do when fine-tuned on that many."""
    rows, problem = tuning_rows(spec), problem_of(spec)
    return rows, remedy_tuning(rotated(problem) if rotate else problem, rows, keys)
