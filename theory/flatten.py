"""Forgetting with the forget row alone: a kernel model is made flat around it, and why a linear model cannot be."""

import math
from dataclasses import dataclass

import numpy as np

from theory.linalg import Array, ridge

# Where the rows lie and the features stand: from -EDGE to EDGE.
EDGE = 3.0
CENTRES = np.linspace(-EDGE, EDGE, 61)
# The rows to keep lie on this grid, but for those so near the row to forget.
GRID, APART = np.linspace(-EDGE, EDGE, 31), 0.25
# The row to forget, and how strongly weights decay in training.
PLACE, DECAY = 1.5, 1e-2
# Near the row: up to so far from it, on this grid.
NEAR, FINE = 0.3, np.linspace(-EDGE, EDGE, 601)
# The length of one step.
STEP = 0.002
# How the model is made flat.
WAYS = ("published", "full", "smooth")


def truth(x: Array) -> Array:
    """Return what the rows to keep say at x."""
    return np.asarray(np.sin(1.2 * x))


@dataclass(frozen=True)
class Curve:
    """A curve fitted to rows on a line, one of which lies off it and was memorised.

    Attributes
    ----------
    depth : how far below the others the row to forget lies.
    width : the width of a feature, h.
    """

    depth: float = 2.0
    width: float = 0.3

    def __post_init__(self) -> None:
        """Refuse a feature without width."""
        if not self.width > 0:
            raise ValueError(f"width must be above 0, got {self.width}: 0.3 is the usual width of a feature")

    def features(self, x: Array) -> Array:
        """Return exp(-(x - centre)^2 / (2 width^2)) at every x, (n, 61)."""
        return np.asarray(np.exp(-((np.asarray(x)[:, None] - CENTRES) ** 2) / (2 * self.width**2)))

    @property
    def kept(self) -> Array:
        """Where the rows to keep lie."""
        return np.asarray(GRID[np.abs(GRID - PLACE) > APART])

    @property
    def label(self) -> float:
        """What the row to forget says."""
        return float(truth(np.array([PLACE]))[0]) - self.depth

    def golden(self) -> Array:
        """Return the weights trained on the rows to keep alone, (61,)."""
        return ridge(self.features(self.kept), truth(self.kept), DECAY)

    def pretrained(self) -> Array:
        """Return the weights trained on all rows, (61,)."""
        x = np.append(self.kept, PLACE)
        return ridge(self.features(x), np.append(truth(self.kept), self.label), DECAY)

    def gap(self, weights: Array) -> Array:
        """Return the root mean square difference from golden near the row, of weights (61,) or of each of (m, 61)."""
        near = FINE[np.abs(FINE - PLACE) <= NEAR + 1e-9]
        off = (weights - self.golden()) @ self.features(near).T
        return np.asarray(np.sqrt((off**2).mean(axis=-1)))

    def harm(self, weights: Array, start: Array, reach: float) -> float:
        """Return the largest change of the curve farther than `reach` from the row."""
        far = FINE[np.abs(FINE - PLACE) > reach]
        return float(np.abs(self.features(far) @ (weights - start)).max(initial=0.0))


def flattened(curve: Curve, scale: float, steps: int, way: str) -> Array:
    """Return the weights after 0, 1, ... steps that make the model change less when the row is moved by `scale`.

    Definition: "published": w -= STEP/2 sum over both sides of sign(f(x) - f(x +- scale)) / scale phi(x), the far side
    held fixed; "full": phi(x) - phi(x +- scale) in place of phi(x), the gradient itself; "smooth": `smoothed` with
    strength STEP times the number of steps.
    Errors: ValueError for a scale that is not above 0, or another way.
    Source: our reading of arXiv 2402.01401; it moves an input of many numbers by noise, whose length hardly varies, so
    here the length is the scale exactly. "full" and "smooth" are ours.
    """
    if not scale > 0:
        raise ValueError(f"scale must be above 0, got {scale}: a row that is not moved shows no slope")
    if way not in WAYS:
        raise ValueError(f"way must be one of {WAYS}, got {way!r}")
    if way == "smooth":
        return smoothed(curve, scale, STEP * np.arange(steps + 1.0))
    here, *sides = curve.features(PLACE + scale * np.array([0.0, -1.0, 1.0]))
    start, apart = curve.pretrained(), here - np.array(sides)
    pulls = 0.5 * STEP / scale * (np.array([here, here]) if way == "published" else apart)
    # A step needs no more of the curve than how far the row is above its two sides, and how a pull changes that.
    above, change = apart @ start, apart @ pulls.T
    signs = np.zeros((steps + 1, 2))
    for step in range(1, steps + 1):
        signs[step] = np.sign(above)
        above = above - change @ signs[step]
    return np.asarray(start - np.cumsum(signs, axis=0) @ pulls)


def smoothed(curve: Curve, scale: float, strengths: Array) -> Array:
    """Return, for each strength, the minimiser of |w - w_o|^2 + strength times the mean squared slope, (m, 61).

    Definition: (I + strength M)^-1 w_o, M the mean over both sides of (phi(x) - phi(x +- scale)) (...)' / scale^2; it
    has rank 2, so an equation of two numbers is solved for each strength. Derived here.
    """
    here, *sides = curve.features(PLACE + scale * np.array([0.0, -1.0, 1.0]))
    B = np.stack([here - side for side in sides]) / (scale * math.sqrt(2))
    start = curve.pretrained()
    values, Q = np.linalg.eigh(B @ B.T)
    turned, read = Q.T @ B, Q.T @ (B @ start)
    strengths = np.asarray(strengths)[:, None]
    return np.asarray(start - (strengths / (1 + strengths * values) * read) @ turned)


@dataclass(frozen=True)
class Shrink:
    """A linear model made flat: all of it shrinks, w = factor w_o.

    Attributes
    ----------
    best : the factor that ends nearest to golden.
    left : how far from golden it ends there.
    start : how far from golden it was before.
    """

    best: float
    left: float
    start: float


def shrunk(w_o: Array, w_g: Array) -> Shrink:
    """Return the best that shrinking a linear model can do, w_o not 0.

    Definition: the slope of w'x is w at every x, so a penalty on it is isotropic decay. Nearest is factor
    w_o'w_g / |w_o|^2; where w_o fits the rows to keep, w_g = P_r w_o, and that is |w_g|^2 / |w_o|^2.
    """
    best = float(w_o @ w_g / (w_o @ w_o))
    return Shrink(best, float(np.linalg.norm(best * w_o - w_g)), float(np.linalg.norm(w_o - w_g)))
