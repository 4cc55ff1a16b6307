"""What the page overlap computes and remembers."""

from dataclasses import replace

import numpy as np

from theory import (
    Array,
    LossMoments,
    OverlapCurve,
    Spec,
    expected_unlearning_loss,
    loss_moments,
)
from ui.figures.models import CAST_KEYS
from ui.server.cache import kept
from ui.server.sampling import DRAFT_DRAWS, FINE_OVERLAPS, OVERLAPS, curve_draws


def mean_losses(spec: Spec, moving: bool = False) -> OverlapCurve:
    """Return the mean losses against overlap for a Spec's other fields; its own overlap and seed do not matter.

    Of fewer draws while a slider moves.
    """
    draws = min(DRAFT_DRAWS, curve_draws(spec)) if moving else curve_draws(spec)
    return _moments(replace(spec, overlap=0.0, noise=0.0, seed=0), draws).at(spec.noise)


@kept(64)
def _moments(spec: Spec, draws: int) -> LossMoments:
    return loss_moments(spec, OVERLAPS, CAST_KEYS, draws)


def expected_losses(spec: Spec) -> tuple[Array, Array]:
    """Return overlaps (101,) and theory's mean UL(w_g) at each, averaged over w* too; infinite where it diverges."""
    return _expected_losses(replace(spec, overlap=0.0, seed=0))


@kept(128)
def _expected_losses(spec: Spec) -> tuple[Array, Array]:
    overlaps = np.array(FINE_OVERLAPS)
    return overlaps, np.array([expected_unlearning_loss(replace(spec, overlap=o)) for o in FINE_OVERLAPS])
