"""Evidence divided out of a belief: Gaussian posteriors, exact or too wide, and the two ways to keep out of trouble."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import solve
from scipy.special import ndtr, ndtri

from theory.linalg import Array

# Nodes of the quadrature on the interval where likelihood counts: integrands are Gaussians a few widths wide there.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(400)
# Beyond so many standard deviations of the belief its density is below rounding: the interval ends there at the latest.
_FAR = 37.0
# A precision below this share of what it was taken from is rounding: none is left.
ROUNDED = 1e-12
# Beyond so many standard deviations a density is 0 as numbers are stored.
_NOTHING = 40.0
# Where valleys of the bound are looked for: means as shares of where likelihood counts, logarithms of widths beside it.
_ACROSS, _NARROW = np.linspace(-1.25, 1.25, 41), np.linspace(-3.0, 2.4, 28)
# Newton's steps at the most, and the last: what it leaves is its square.
_STEPS, _STILL = 80, 1e-9
# A bound no lower by more than this has not risen, and a slope flatter is followed as if it were this steep.
_EVEN, _FLAT = 1e-13, 1e-12
# What the two tricks are called.
TRICKS = ("eubo", "reverse")


@dataclass(frozen=True)
class Belief:
    """A Gaussian belief in one weight."""

    mean: float
    sd: float

    @property
    def precision(self) -> float:
        """One over the variance."""
        return 1.0 / self.sd**2

    def density(self, x: Array) -> Array:
        """Return its density at x."""
        z = (x - self.mean) / self.sd
        return np.asarray(np.exp(-0.5 * z * z) / (self.sd * math.sqrt(2 * math.pi)))

    def wider(self, factor: float) -> "Belief":
        """Return the same belief with its standard deviation multiplied."""
        return Belief(self.mean, factor * self.sd)


@dataclass(frozen=True)
class Evidence:
    """The log-likelihood of one weight: peak - precision (w - at)^2 / 2."""

    precision: float
    at: float
    peak: float

    @staticmethod
    def of(x: Array, y: Array, noise: float) -> "Evidence":
        """Return what rows y = x w + noise say of w; x has an entry that is not 0."""
        squares = float(x @ x)
        at = float(x @ y) / squares
        left = float(((y - at * x) ** 2).sum())
        peak = -0.5 * len(y) * math.log(2 * math.pi * noise**2) - 0.5 * left / noise**2
        return Evidence(squares / noise**2, at, peak)

    def log_likelihood(self, w: Array) -> Array:
        """Return the log-likelihood at w."""
        return self.peak - 0.5 * self.precision * (w - self.at) ** 2

    def beside(self, belief: Belief) -> "Evidence":
        """Return the same of (w - mean) / sd of a belief."""
        return Evidence(self.precision * belief.sd**2, (self.at - belief.mean) / belief.sd, self.peak)


def spread(count: int, place: float, noise: float) -> Array:
    """Return labels around a place, as evenly as Gaussian noise would lie: its quantiles, (count,)."""
    return np.asarray(place + noise * ndtri((np.arange(count) + 0.5) / count))


def learned(belief: Belief, evidence: Evidence) -> Belief:
    """Return the belief after the evidence: precisions add, means are weighed by them."""
    precision = belief.precision + evidence.precision
    mean = (belief.precision * belief.mean + evidence.precision * evidence.at) / precision
    return Belief(mean, precision**-0.5)


def divided(belief: Belief, evidence: Evidence) -> Belief | None:
    """Return the belief without the evidence: natural parameters are subtracted; None where no precision is left."""
    precision = belief.precision - evidence.precision
    if precision <= ROUNDED * belief.precision:
        return None
    mean = (belief.precision * belief.mean - evidence.precision * evidence.at) / precision
    return Belief(mean, precision**-0.5)


def widest(full: Belief, evidence: Evidence) -> float:
    """Return the factor from which on a belief, so much wider than the posterior, has no answer: sqrt(full / evidence).

    Definition: precision / f^2 - evidence > 0 exactly below it.
    """
    return math.sqrt(full.precision / evidence.precision)


def divergence(q: Belief, p: Belief) -> float:
    """Return KL(q || p)."""
    ratio = (q.sd / p.sd) ** 2
    return 0.5 * (ratio - 1.0 - math.log(ratio) + ((q.mean - p.mean) / p.sd) ** 2)


def reach(belief: Belief, threshold: float) -> float:
    """Return how far from its mean a belief's density is above `threshold` times its largest."""
    return math.inf if threshold == 0 else belief.sd * math.sqrt(-2.0 * math.log(threshold))


def eubo(q: Belief, belief: Belief, evidence: Evidence, threshold: float = 0.0) -> float:
    """Return the evidence upper bound of q: the expected log-likelihood that counts, and KL(q || belief).

    Identity (threshold 0, belief exact): log p(forget rows | rows to keep) + KL(q || retrained).
    Source: our reading of arXiv 2010.12883; the adjusted likelihood counts where the belief's density is above
    `threshold` times its largest.
    """
    m, t = np.array((q.mean - belief.mean) / belief.sd), np.array(math.log(q.sd / belief.sd))
    return float(_Bound(evidence.beside(belief), np.array(reach(belief, threshold) / belief.sd), m, t).value)


def unlearned(belief: Belief, evidence: Evidence, threshold: float, trick: str) -> Belief | None:
    """Return the belief without the evidence at one threshold: see `unlearned_at`."""
    return unlearned_at(belief, evidence, (threshold,), trick)[0]


def unlearned_at(
    belief: Belief, evidence: Evidence, thresholds: Sequence[float], trick: str
) -> tuple[Belief | None, ...]:
    """Return the belief without the evidence at each threshold, by a trick; None where there is no answer: at 0 alone.

    Definition: "eubo" minimises `eubo`, KL(q || belief / likelihood that counts); "reverse" KL the other way round,
    whose minimiser has the mean and the variance of belief / likelihood that counts. Threshold 1: nothing counts.
    Errors: ValueError for a threshold outside 0 to 1 or another trick.
    Source: our reading of arXiv 2010.12883.
    """
    for threshold in thresholds:
        if not 0 <= threshold <= 1:
            raise ValueError(f"threshold must be from 0 to 1, got {threshold}: 0 takes out everything, 1 nothing")
    if trick not in TRICKS:
        raise ValueError(f"trick must be one of {TRICKS}, got {trick!r}")
    found: dict[float, Belief | None] = {0.0: divided(belief, evidence), 1.0: belief}
    between = [threshold for threshold in dict.fromkeys(thresholds) if 0 < threshold < 1]
    if between:
        edges = np.array([reach(belief, threshold) for threshold in between]) / belief.sd
        means, sds = (_lowest if trick == "eubo" else _moments)(evidence.beside(belief), edges)
        for threshold, mean, sd in zip(between, means, sds, strict=True):
            found[threshold] = Belief(belief.mean + belief.sd * float(mean), belief.sd * float(sd))
    return tuple(found[threshold] for threshold in thresholds)


class _Bound:
    """The bound of q = N(m, exp(t)^2) for a standard normal belief, where the likelihood counts from -edge to edge.

    With z = m + exp(t) u the log-likelihood is a polynomial in u, and so is what the density of q is multiplied by when
    it is differentiated by m or t: every term is a moment of a standard normal u, cut where z ends.
    """

    def __init__(self, evidence: Evidence, edge: Array, m: Array, t: Array) -> None:
        self.edge, self.m, self.t, self._s = edge, m, t, np.exp(t)
        off = m - evidence.at
        self._factors = (
            evidence.peak - 0.5 * evidence.precision * off**2,
            -evidence.precision * off * self._s,
            -0.5 * evidence.precision * self._s**2,
        )
        # Farther out a normal is below rounding, and what it is multiplied by finite.
        self._a, self._b = (np.clip((z - m) / self._s, -_NOTHING, _NOTHING) for z in (-edge, edge))
        # The side of the normal's middle on which the difference keeps its digits.
        side = np.where(self._a > 0, -1.0, 1.0)
        self._ends = [np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) for z in (self._a, self._b)]
        self._moments = [side * (ndtr(side * self._b) - ndtr(side * self._a)), self._ends[0] - self._ends[1]]

    def _mean(self, *polynomial: float) -> Array:
        """Return the mean of the log-likelihood that counts, times a polynomial in u."""
        while len(self._moments) < len(polynomial) + 2:  # by parts
            k = len(self._moments)
            self._ends = [z * end for z, end in zip((self._a, self._b), self._ends, strict=True)]
            self._moments.append((k - 1) * self._moments[k - 2] + self._ends[0] - self._ends[1])
        found = np.zeros_like(self.m)
        for k, share in enumerate(polynomial):
            if share:
                found += share * sum(f * self._moments[k + j] for j, f in enumerate(self._factors))
        return found

    @cached_property
    def value(self) -> Array:
        """The bound."""
        return np.asarray(self._mean(1) + 0.5 * (self._s**2 + self.m**2 - 1) - self.t)

    def newton(self) -> Array:
        """Return the step in m and t, (2, ...): Newton's; where the bound is not convex, as long and downhill."""
        by_t = self._mean(-1, 0, 1)
        down_m, down_t = -self._mean(0, 1) / self._s - self.m, 1 - self._s**2 - by_t
        mm, tt = by_t / self._s**2 + 1, self._mean(1, 0, -4, 0, 1) + 2 * self._s**2
        mt = self._mean(0, -3, 0, 1) / self._s
        least = 0.5 * (mm + tt) - np.hypot(0.5 * (mm - tt), mt)
        bent = np.where(least < 0, -2 * least, 0.0) + _FLAT
        mm, tt = mm + bent, tt + bent
        return np.asarray(np.stack([tt * down_m - mt * down_t, mm * down_t - mt * down_m]) / (mm * tt - mt**2))


def _lowest(evidence: Evidence, edges: Array) -> tuple[Array, Array]:
    """Return mean and sd of the bound's minimiser for each edge, beside a standard normal belief.

    It may have more than one valley: Newton goes down from every low point of a grid, and the lowest end counts.
    """
    shape = (len(edges), len(_ACROSS), len(_NARROW))
    wide = np.broadcast_to(edges[:, None, None], shape)
    grid = _Bound(evidence, wide, wide * _ACROSS[:, None], np.minimum(np.log(wide), 0.0) + _NARROW)
    walled = np.pad(grid.value, ((0, 0), (1, 1), (1, 1)), constant_values=np.inf)
    beside = [walled[:, i : i + shape[1], j : j + shape[2]] for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    low = (grid.value <= np.min(beside, axis=0)).nonzero()
    here, share = _Bound(evidence, wide[low], grid.m[low], grid.t[low]), np.ones(len(low[0]))
    for _ in range(_STEPS):
        step = here.newton()
        size = np.abs(step).max(axis=0)
        step *= share / np.maximum(size, 1.0)
        there = _Bound(evidence, here.edge, here.m + step[0], here.t + step[1])
        lower = there.value <= here.value + _EVEN * (1 + np.abs(here.value))
        share = np.where(lower, 1.0, share / 4)
        if not lower.all():
            m, t = np.where(lower, there.m, here.m), np.where(lower, there.t, here.t)
            there = _Bound(evidence, here.edge, m, t)
        here = there
        if size.max() < _STILL:
            break
    # Of each edge the lowest end.
    order = np.lexsort((here.value, low[0]))
    best = order[np.unique(low[0][order], return_index=True)[1]]
    return here.m[best], np.exp(here.t[best])


def _moments(evidence: Evidence, edges: Array) -> tuple[Array, Array]:
    """Return mean and sd of belief / likelihood for each edge, beside a standard normal belief.

    Quadrature where the likelihood counts, closed form outside.
    """
    near = np.minimum(edges, _FAR)[:, None]
    z = near * _NODES
    logs = -0.5 * z * z - evidence.log_likelihood(z) + np.log(_WEIGHTS * near / math.sqrt(2 * math.pi))
    # Both tails, of a standard normal: mass, and mass times z^2; their first moments cancel.
    tails = 2 * ndtr(-edges)
    squares = tails + 2 * edges * np.exp(-0.5 * edges**2) / math.sqrt(2 * math.pi)
    top = np.maximum(logs.max(axis=1), 0.0)
    weights, outside = np.exp(logs - top[:, None]), np.exp(-top)
    total = weights.sum(axis=1) + outside * tails
    means = (weights * z).sum(axis=1) / total
    return means, np.sqrt(((weights * z**2).sum(axis=1) + outside * squares) / total - means**2)


@dataclass(frozen=True, eq=False)
class Posterior:
    """A Gaussian belief in d weights, held by rows, with no d x d matrix: precision I / prior^2 + rows' signs rows.

    Attributes
    ----------
    rows : what has been learned or divided out, (m, d).
    signs : 1 / noise^2 for a row that was learned, minus that for one that was divided out, (m,).
    natural : precision times mean, (d,).
    prior : the prior's standard deviation, of every weight; its mean is 0.
    """

    rows: Array
    signs: Array
    natural: Array
    prior: float

    @staticmethod
    def of(X: Array, y: Array, noise: float, prior: float = 1.0) -> "Posterior":
        """Return what rows (n, d) and labels (n,) leave to believe."""
        return Posterior(X, np.full(len(X), noise**-2.0), X.T @ y / noise**2, prior)

    def without(self, X: Array, y: Array, noise: float) -> "Posterior":
        """Return the belief with these rows divided out: from the belief and these rows alone.

        The caller divides out rows that were learned: what is left then has a positive precision in every direction.
        """
        return Posterior(
            np.vstack([self.rows, X]),
            np.concatenate([self.signs, np.full(len(X), -(noise**-2.0))]),
            self.natural - X.T @ y / noise**2,
            self.prior,
        )

    def covariance_times(self, v: Array) -> Array:
        """Return covariance v, (d,) or (d, k): Woodbury with as many equations as rows."""
        square = self.prior**2
        inner = square * self.rows @ self.rows.T + np.diag(1.0 / self.signs)
        return square * (v - self.rows.T @ solve(inner, square * (self.rows @ v), assume_a="sym"))

    @property
    def mean(self) -> Array:
        """Its mean, (d,): of learned rows the ridge solution of strength noise^2 / prior^2."""
        return self.covariance_times(self.natural)

    def variance(self, x: Array) -> float:
        """Return its variance along x, x' covariance x."""
        return float(x @ self.covariance_times(x))
