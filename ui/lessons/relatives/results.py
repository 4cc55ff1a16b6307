"""What the page relatives computes and remembers."""

from dataclasses import replace

import numpy as np

from theory import Array
from theory.relatives import (
    Bootstrapped,
    Demonstrations,
    Departure,
    Federation,
    Learned,
    Missing,
    Reach,
    Risks,
    bootstrapped,
    departed,
    learned,
    learned_importance,
    reward_means,
    risk_at,
    risks,
)
from ui.server.cache import kept

# Shares of bad demonstrations and weights of rows with gaps a curve is computed at, and the draws behind its points.
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
REWARD_DRAWS, WALK_DRAWS, RISK_DRAWS = 20, 30, 30


@kept(64)
def demonstrated(spec: Demonstrations) -> Learned:
    """Return what is learned of one draw of demonstrations."""
    return learned(spec)


@kept(128)
def reward_curves(seed: int) -> tuple[dict[tuple[str, str], Array], dict[tuple[str, str], Array]]:
    """Return mean rewards against the share of bad demonstrations, and their standard errors."""
    return reward_means(Demonstrations(seed=seed), SHARES, REWARD_DRAWS)


@kept(512)
def walked(spec: Reach) -> Bootstrapped:
    """Return the values and what the policy earns."""
    return bootstrapped(spec)


def earnings(spec: Reach) -> dict[str, Array]:
    """Return what is earned after walks of every length: with one critic, with so many, and with a patched edge."""
    lengths = range(1, 9)
    kinds = {
        "one": replace(spec, critics=1),
        "several": spec,
        "patched": replace(spec, critics=1, patched=True),
    }
    return {name: np.array([walked(replace(kind, steps=k)).earned for k in lengths]) for name, kind in kinds.items()}


@kept(128)
def walks(spec: Reach) -> tuple[float, float]:
    """Return what the walker earns at a length, its mean over draws counted up from the spec's own, and its error."""
    earned = [walked(replace(spec, seed=spec.seed + i)).earned for i in range(WALK_DRAWS)]
    return float(np.mean(earned)), float(np.std(earned, ddof=1) / np.sqrt(WALK_DRAWS))


@kept(64)
def left(spec: Federation) -> Departure:
    """Return what happens when a client leaves; at most 0.6 MB each."""
    return departed(spec)


@kept(64)
def weighed(spec: Missing) -> Risks:
    """Return the risk against the weight of rows with gaps."""
    return risks(spec, WEIGHTS, RISK_DRAWS)


@kept(64)
def tried(spec: Missing) -> Array:
    """Return what a bandit settles on."""
    return learned_importance(spec)


@kept(512)
def risk_alone(spec: Missing, weight: float) -> float:
    """Return the risk of one draw at a weight."""
    return risk_at(spec, weight)
