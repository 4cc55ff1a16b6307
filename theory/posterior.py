"""Evidence divided out of a belief: Gaussian posteriors, exact or too wide, and the two ways to keep out of trouble."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import solve
from scipy.optimize import minimize
from scipy.special import logsumexp, ndtr, ndtri

from theory.linalg import Array

# Nodes of the quadrature on the interval where likelihood counts: integrands are Gaussians a few widths wide there.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(400)
# Beyond so many standard deviations of the belief its density is below rounding: the interval ends there at the latest.
_FAR = 37.0
# A precision below this share of what it was taken from is rounding: none is left.
ROUNDED = 1e-12
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


def expected(q: Belief, evidence: Evidence, low: float, high: float) -> float:
    """Return the mean, under q, of the log-likelihood where it counts, from low to high, and of 0 elsewhere."""
    a, b = (low - q.mean) / q.sd, (high - q.mean) / q.sd
    inside = float(ndtr(b) - ndtr(a)) if a < 0 else float(ndtr(-a) - ndtr(-b))
    height_a, height_b = (math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) for z in (a, b))
    first = height_a - height_b
    second = inside + (a * height_a if math.isfinite(a) else 0.0) - (b * height_b if math.isfinite(b) else 0.0)
    off = q.mean - evidence.at
    square = off**2 * inside + 2 * off * q.sd * first + q.sd**2 * second
    return evidence.peak * inside - 0.5 * evidence.precision * square


def eubo(q: Belief, belief: Belief, evidence: Evidence, threshold: float = 0.0) -> float:
    """Return the evidence upper bound of q: the expected log-likelihood that counts, and KL(q || belief).

    Identity (threshold 0, belief exact): log p(forget rows | rows to keep) + KL(q || retrained).
    Source: our reading of arXiv 2010.12883; the adjusted likelihood counts where the belief's density is above
    `threshold` times its largest.
    """
    far = reach(belief, threshold)
    return expected(q, evidence, belief.mean - far, belief.mean + far) + divergence(q, belief)


def unlearned(belief: Belief, evidence: Evidence, threshold: float, trick: str) -> Belief | None:
    """Return the belief without the evidence, by a trick; None where there is no answer, which is at threshold 0 alone.

    Definition: "eubo" minimises `eubo`, KL(q || belief / likelihood that counts); "reverse" KL the other way round,
    whose minimiser has the mean and the variance of belief / likelihood that counts. Threshold 1: nothing counts.
    Errors: ValueError for a threshold outside 0 to 1 or another trick.
    Source: our reading of arXiv 2010.12883.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be from 0 to 1, got {threshold}: 0 takes out everything, 1 nothing")
    if trick not in TRICKS:
        raise ValueError(f"trick must be one of {TRICKS}, got {trick!r}")
    if threshold == 0:
        return divided(belief, evidence)
    if threshold == 1:
        return belief
    return _lowest(belief, evidence, threshold) if trick == "eubo" else _moments(belief, evidence, threshold)


def _lowest(belief: Belief, evidence: Evidence, threshold: float) -> Belief:
    """Return the minimiser of the bound: Nelder-Mead from several starts, for it may have more than one valley."""

    def bound(z: Array) -> float:
        q = Belief(belief.mean + belief.sd * float(z[0]), belief.sd * math.exp(float(z[1])))
        return eubo(q, belief, evidence, threshold)

    far = reach(belief, threshold) / belief.sd
    starts = [(at, wide) for at in (0.0, far, -far) for wide in (0.0, -1.0)]
    exact = divided(belief, evidence)
    if exact:
        starts.append(((exact.mean - belief.mean) / belief.sd, math.log(exact.sd / belief.sd)))
    options: Any = {"xatol": 1e-7, "fatol": 1e-11, "maxiter": 2000}
    found: list[Any] = [minimize(bound, np.array(start), method="Nelder-Mead", options=options) for start in starts]
    z = min(found, key=lambda one: one.fun).x
    return Belief(belief.mean + belief.sd * float(z[0]), belief.sd * math.exp(float(z[1])))


def _moments(belief: Belief, evidence: Evidence, threshold: float) -> Belief:
    """Return the Gaussian with the moments of belief / likelihood: quadrature where it counts, closed form outside."""
    edge = reach(belief, threshold) / belief.sd
    z = min(edge, _FAR) * _NODES
    inside = -0.5 * z * z - evidence.log_likelihood(belief.mean + belief.sd * z)
    logs = inside + np.log(_WEIGHTS * min(edge, _FAR) / math.sqrt(2 * math.pi))
    tails = 2 * float(ndtr(-edge))
    # Both tails, of a standard normal: mass, and mass times z^2; their first moments cancel.
    height = edge * math.exp(-0.5 * edge**2) / math.sqrt(2 * math.pi)
    total = float(logsumexp([*logs, math.log(tails)]))
    weights, outside = np.exp(logs - total), math.exp(-total)
    mean = float(weights @ z)
    square = float(weights @ z**2) + outside * (tails + 2 * height)
    return Belief(belief.mean + belief.sd * mean, belief.sd * math.sqrt(square - mean**2))


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
