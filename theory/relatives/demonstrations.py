"""Learning from demonstrations: imitation writes only what somebody showed, a reward that generalises writes more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from theory.linalg import Array
from theory.spec import real, whole
from theory.streams import DEMONSTRATIONS, stream

# The bandit: situations of which the first half is demonstrated, choices in each, numbers that describe a choice.
CONTEXTS, SEEN, ACTIONS, FEATURES = 40, 20, 6, 6
# Length of the true reward's weights, how sharply the expert chooses by it, and the penalty on learned weights.
LENGTH, SHARPNESS, PENALTY = 2.1, 2.0, 1.0
# Newton's method: the slope at which it has arrived, and the steps after which it stops.
ARRIVED, STEPS = 1e-9, 50


@dataclass(frozen=True, kw_only=True)
class Demonstrations:
    """What is demonstrated: a share of the demonstrations is random instead of an expert's.

    Definition: 40 situations with 6 choices each; in 20 of them `demos` choices are demonstrated.
    Shapes: scalars.
    Errors: ValueError for a share outside 0 to 1, fewer than 1 or more than 50 demonstrations, or a seed below 0.
    Source: our reading of arXiv 2405.17888, reduced to a contextual bandit.
    """

    bad: float = 0.25
    demos: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        real("bad", self.bad, 0, 1, "use 0 for an expert throughout")
        whole("demos", self.demos, 1, 50, "use 4 for the usual number")
        whole("seed", self.seed, 0, np.inf, "use 0, 1, 2, ...")


@dataclass(frozen=True, eq=False)
class Learned:
    """What is learned of one draw of demonstrations.

    Definition: imitation takes the shares of the demonstrated choices, and the reference, every choice alike, where
    nobody demonstrated; the learned reward is linear in the features and fits the demonstrations under its own policy,
    proportional to the exponential of the reward.
    Shapes: features (CONTEXTS, ACTIONS, FEATURES); truth, imitation and policy (CONTEXTS, ACTIONS), the first SEEN rows
    demonstrated; theta (FEATURES,); rewards by (name of POLICIES, "seen" | "unseen"), `best`
    of the best choices.
    Errors: none.
    Source: derived here.
    """

    features: Array
    truth: Array
    imitation: Array
    policy: Array
    theta: Array
    rewards: Mapping[tuple[str, str], float]
    best: Mapping[str, float]


def rewarded(reference: Array, strength: float) -> Array:
    """Return the policy of a bounded reward learned from one observed choice, the first.

    Definition: pi proportional to reference * exp(r / beta) with r = (R, 0, ..., 0) and strength = R / beta: the odds
    of the choices that nobody observed stay those of the reference, exactly.
    Shapes: reference (k,), positive, sum 1 -> (k,).
    Errors: ValueError for a reference that is no policy, or a strength outside 0 to 50.
    Source: our reading of arXiv 2405.17888, with one state and a bounded reward.
    """
    shares = _policy(reference)
    strength = real("strength", strength, 0, 50, "0 keeps the reference")
    weight = np.r_[1.0, np.full(len(shares) - 1, np.exp(-strength))]  # by exp(R / beta) less: nothing overflows
    found: Array = shares * weight / np.dot(shares, weight)
    return found


def imitated(reference: Array) -> Array:
    """Return the policy that imitates one observed choice, the first, alone: nothing is left of the others.

    Definition: the maximiser of the observed choice's likelihood.
    Shapes: (k,) -> (k,).
    Errors: ValueError for a reference that is no policy.
    Source: derived here.
    """
    found: Array = np.eye(len(_policy(reference)))[0]
    return found


def _policy(reference: Array) -> Array:
    found = np.asarray(reference, dtype=float)
    if found.ndim != 1 or len(found) < 2 or not (found > 0).all() or abs(found.sum() - 1) > 1e-9:
        raise ValueError(
            f"reference must hold two or more positive shares whose sum is 1, got {reference!r}: divide by the sum"
        )
    return found


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Array = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def learned(spec: Demonstrations) -> Learned:
    """Draw demonstrations and learn from them by imitation and by a reward.

    Definition: features and true weights are Gaussian, the weights of length 2.1; the expert chooses in proportion to
    exp(2 r). The reward minimises -log-likelihood + |theta|^2 / 2. "..._best" always takes the best choice by what was
    learned; where several choices were demonstrated equally often, their mean counts.
    Shapes: see `Learned`.
    Errors: none for a valid `Demonstrations`.
    Source: our reading of arXiv 2405.17888; with the same parametrisation, imitation and a reward have one gradient, so
    that the gain comes from the restricted reward alone.
    """
    (found,) = _learned([spec.seed], [spec.bad], spec.demos)[0]
    return found


def _draw(seed: int) -> tuple[Array, Array, Array]:
    """Return features and true rewards of one draw, and the numbers that decide who demonstrates what, (3, SEEN, 50).

    One number for each decision: another share of bad ones, or more demonstrations, keeps the others as they are.
    """
    g = stream(seed, DEMONSTRATIONS)
    psi, weights = g.standard_normal((CONTEXTS, ACTIONS, FEATURES)), g.standard_normal(FEATURES)
    truth: Array = psi @ (weights * (LENGTH / np.linalg.norm(weights)))
    return psi, truth, np.stack([g.random((50, SEEN)).T for _ in range(3)])


def _learned(seeds: Sequence[int], shares: Sequence[float], demos: int) -> list[list[Learned]]:
    """Return what is learned for every share of bad demonstrations of every draw: all are fitted at once."""
    psi, truth, numbers = (np.stack(found) for found in zip(*(_draw(seed) for seed in seeds), strict=True))
    expert = np.cumsum(_softmax(SHARPNESS * truth[:, :SEEN]), axis=-1)
    random, which, chance = np.moveaxis(numbers[..., :demos], 1, 0)
    by_expert = (chance[..., None] > expert[:, :, None, :]).sum(axis=-1).clip(max=ACTIONS - 1)
    bad = random < np.reshape(shares, (-1, 1, 1, 1))
    chosen = np.where(bad, (which * ACTIONS).astype(int), by_expert)
    counts = np.stack([(chosen == a).sum(axis=-1) for a in range(ACTIONS)], axis=-1)

    imitation = np.full((*counts.shape[:2], CONTEXTS, ACTIONS), 1 / ACTIONS)
    imitation[:, :, :SEEN] = counts / demos
    theta = _fit(psi[:, :SEEN], counts)
    scores = np.einsum("dxap,sdp->sdxa", psi, theta)
    policies = {
        "demonstrations": imitation,
        "imitate": imitation,
        "imitate_best": _best(imitation),
        "reward": _softmax(scores),
        "reward_best": _best(scores),
    }
    parts = {"seen": slice(0, SEEN), "unseen": slice(SEEN, CONTEXTS)}
    rewards = {
        (name, part): (taken * truth)[:, :, rows].sum(axis=-1).mean(axis=-1)
        for name, taken in policies.items()
        for part, rows in parts.items()
        if (name, part) != ("demonstrations", "unseen")
    }
    best = {part: truth[:, rows].max(axis=-1).mean(axis=-1) for part, rows in parts.items()}
    return [
        [
            Learned(
                psi[d],
                truth[d],
                imitation[s, d],
                policies["reward"][s, d],
                theta[s, d],
                {key: float(found[s, d]) for key, found in rewards.items()},
                {part: float(found[d]) for part, found in best.items()},
            )
            for d in range(len(seeds))
        ]
        for s in range(len(shares))
    ]


def _best(scores: Array) -> Array:
    """Return the policy that takes the highest score; several highest ones alike."""
    top = scores == scores.max(axis=-1, keepdims=True)
    shares: Array = top / top.sum(axis=-1, keepdims=True)
    return shares


def _fit(psi: Array, counts: Array) -> Array:
    """Return the reward's weights, (..., FEATURES), by Newton's method, many fits at once.

    The penalty keeps them bounded where the demonstrations are separable, and the loss so round that full steps from
    zero arrive.
    """
    total = counts.sum(axis=-1, keepdims=True)
    theta = np.zeros((*counts.shape[:-2], psi.shape[-1]))
    for _ in range(STEPS):
        expected = total * _softmax((psi @ theta[..., None, :, None])[..., 0])
        slope = PENALTY * theta - np.einsum("...xa,...xap->...p", counts - expected, psi)
        if abs(slope).max() < ARRIVED:
            break
        away = psi - (expected[..., None, :] @ psi) / total[..., None]
        spread = (expected[..., None] * away).swapaxes(-1, -2) @ away
        curvature = PENALTY * np.eye(psi.shape[-1]) + spread.sum(axis=-3)
        theta = theta - np.linalg.solve(curvature, slope[..., None])[..., 0]
    return theta


def reward_means(
    spec: Demonstrations, shares: tuple[float, ...], draws: int
) -> tuple[dict[tuple[str, str], Array], dict[tuple[str, str], Array]]:
    """Return the mean true reward of every policy for several shares of bad demonstrations, and its standard error.

    Definition: means over `draws` seeds counted up from the spec's own; key ("best", part) is the best possible.
    Shapes: k shares -> two of (k,) by (policy, "seen" | "unseen").
    Errors: ValueError for fewer than 2 draws, or a share outside 0 to 1.
    Source: Monte Carlo over `learned`.
    """
    whole("draws", draws, 2, np.inf, "one draw has no standard error")
    for share in shares:
        replace(spec, bad=share)  # refuses what is no share
    found = _learned(range(spec.seed, spec.seed + draws), shares, spec.demos)
    one = found[0][0]
    drawn = {key: np.array([[draw.rewards[key] for draw in row] for row in found]) for key in one.rewards}
    drawn |= {("best", part): np.array([[draw.best[part] for draw in row] for row in found]) for part in one.best}
    means = {key: rewards.mean(axis=1) for key, rewards in drawn.items()}
    return means, {key: rewards.std(axis=1, ddof=1) / np.sqrt(draws) for key, rewards in drawn.items()}
