"""A table with a number for a target, made ready on the rows to keep alone: `prepare`."""

from dataclasses import dataclass

import numpy as np

from theory.data.features import Waves, length_scale
from theory.data.split import Split
from theory.linalg import Array
from theory.problem import Problem


@dataclass(frozen=True, eq=False)
class Prepared:
    """The problem of a split table, in units of the rows to keep, and the way back to the table's own.

    Definition: columns (x - mean) / sd with mean and sd of the rows to keep, one that is constant there not scaled; an
    intercept; then, if asked for, p random waves in their place. The target is (y - mean) / sd likewise.
    Shapes: problem.X (n, d).
    Errors: none after construction by `prepare`.
    Source: derived here; a mean that includes the rows to forget would be a trace of them.

    Attributes
    ----------
    features : a name for each feature; empty where they are waves.
    own : places of the features that only rows to forget use: constant in the rows to keep.
    mean, sd : of the target over the rows to keep.
    """

    problem: Problem
    features: tuple[str, ...]
    own: tuple[int, ...]
    mean: float
    sd: float

    def answers(self, X: Array, w: Array) -> Array:
        """Return what weights (d,) answer for rows (n, d), in the target's own unit."""
        return self.mean + self.sd * (X @ w)


def prepare(split: Split, waves: int = 0, *, seed: int = 0) -> Prepared:
    """Return the problem of a split table.

    Definition: see `Prepared`; strangers and the rest of the held-out rows are its fresh rows.
    Shapes: see `Prepared`.
    Errors: Refusal where `waves` or the seed is no whole number from 0 on.
    Source: derived here.
    """
    X, y = split.table.X, split.table.y
    keep = split.keep
    mean, sd = X[keep].mean(axis=0), X[keep].std(axis=0)
    flat = sd <= 1e-12 * np.maximum(np.abs(mean), 1.0)
    scaled = (X - np.where(flat, 0.0, mean)) / np.where(flat, 1.0, sd)
    own = tuple(np.flatnonzero(flat & ~X[keep].any(axis=0) & X[split.forget].any(axis=0)).tolist())
    names = split.table.columns
    if waves:
        scaled = Waves.draw(X.shape[1], waves, length_scale(scaled[keep]), seed)(scaled)
        names, own = (), ()
    features = np.concatenate([scaled, np.ones((len(X), 1))], axis=1)
    centre, spread = float(y[keep].mean()), float(y[keep].std()) or 1.0
    target = (y - centre) / spread
    others = np.setdiff1d(split.held, split.strangers)
    rest = others if len(others) else split.held
    fresh = (features[rest], target[rest], features[split.strangers], target[split.strangers])
    problem = Problem.of_rows(
        features[keep],
        target[keep],
        features[split.forget],
        target[split.forget],
        fresh=fresh if len(split.strangers) else None,
        seed=seed,
    )
    return Prepared(problem, (*names, "intercept") if names else (), own, centre, spread)
