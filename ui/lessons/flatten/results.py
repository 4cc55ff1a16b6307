"""What the page flatten computes and remembers."""

from dataclasses import dataclass

import numpy as np

from theory import Spec
from theory.flatten import PLACE, Curve, Shrink, flattened, shrunk
from theory.linalg import Array
from ui.lessons.flatten.text import STEPS, WAYS
from ui.plot.view import View
from ui.server.cache import kept
from ui.server.results import problem_of

# A gap that changes by less than this share of itself hardly changes: the eye does not see it.
HARDLY = 0.01
# Numbers of order 1 that differ by less are the same up to rounding.
SAME = 1e-9
# What is called far from the row.
FAR = 1.5


@dataclass(frozen=True, eq=False)
class Flat:
    """A curve while it is made flat around the row.

    Attributes
    ----------
    path : its weights after 0, 1, ... steps.
    gaps : how far it is from golden near the row, after each.
    golden : golden's weights.
    """

    curve: Curve
    moved: float
    way: str
    path: Array
    gaps: Array
    golden: Array

    @property
    def best(self) -> int:
        """The number of steps after which the gap is smallest, the first of them."""
        return int(self.gaps.argmin())

    @property
    def outcome(self) -> str:
        """How the gap goes: a key of the page's guess."""
        start, low, end = self.gaps[0], self.gaps.min(), self.gaps[-1]
        if low < (1 - HARDLY) * start:
            return "turns" if end > (1 + HARDLY) * low else "falls"
        return "rises" if self.gaps.max() > (1 + HARDLY) * start + SAME else "still"

    @property
    def cancels(self) -> bool:
        """Whether the pulls of the two sides cancel at the start: the curve only rises or only falls over the move."""
        return bool(np.sign(self.slopes[0]) == -np.sign(self.slopes[1]))

    @property
    def slopes(self) -> Array:
        """How far the pretrained curve at the row is above its two neighbours, (2,)."""
        left, here, right = self.curve.features(PLACE + self.moved * np.array([-1.0, 0.0, 1.0])) @ self.path[0]
        return np.array([here - left, here - right])

    def at_row(self, weights: Array) -> float:
        """Return what a curve says at the row."""
        return float(self.curve.features(np.array([PLACE]))[0] @ weights)

    def harm(self, step: int) -> float:
        """Return how much the curve has changed far from the row."""
        return self.curve.harm(self.path[step], self.path[0], FAR)


@kept(64)
def _flat(depth: float, width: float, moved: float, way: str) -> Flat:
    curve = Curve(depth, width)
    path = flattened(curve, moved, STEPS, way)
    return Flat(curve, moved, way, path, curve.gap(path), curve.golden())


def flat(view: View) -> Flat:
    """Return the curve of a View after every number of steps."""
    return _flat(view["depth"], view["feature"], view["moved"], view["way"])


def ways(view: View) -> dict[str, Flat]:
    """Return the same for each of the ways."""
    return {way: _flat(view["depth"], view["feature"], view["moved"], way) for way in WAYS.values()}


# The part of a linear model that is left, along the curves.
SHARES = np.linspace(1.0, 0.0, 101)


@dataclass(frozen=True, eq=False)
class Line:
    """A linear model that is shrunk.

    Attributes
    ----------
    away : its distance to golden, as a share of the distance before, at every one of SHARES.
    errors : its error on the rows to keep, as a share of the size of their labels.
    best : the factor that ends nearest to golden, and how far that is.
    """

    away: Array
    errors: Array
    best: Shrink

    def at(self, share: float) -> tuple[float, float]:
        """Return the distance and the error at a share."""
        away, error = (float(np.interp(share, SHARES[::-1], one[::-1])) for one in (self.away, self.errors))
        return away, error


@kept(128)
def _line(forgotten: int) -> Line:
    problem = problem_of(Spec(n_forget=forgotten))
    w_o, w_g, X_r, y_r = problem.w_o, problem.w_g, problem.X_r, problem.y_r
    best = shrunk(w_o, w_g)
    away = np.array([np.linalg.norm(share * w_o - w_g) for share in SHARES]) / best.start
    fitted = X_r @ w_o
    errors = np.array([np.linalg.norm(share * fitted - y_r) for share in SHARES]) / np.linalg.norm(y_r)
    return Line(away, errors, best)


def line(view: View) -> Line:
    """Return the linear model of a View."""
    return _line(view["forgotten"])
