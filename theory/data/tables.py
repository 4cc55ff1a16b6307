"""A split table made ready on the rows to keep alone: `scale` its columns, and `prepare` one with a number."""

from dataclasses import dataclass

import numpy as np

from theory.data.features import Waves, length_scale
from theory.data.split import Places, Split
from theory.linalg import Array, read_only
from theory.problem import Problem

# Scaled columns this close in every row are one.
TWINS = 1e-12


@dataclass(frozen=True, eq=False)
class Scaled:
    """The columns of a split table in units of the rows to keep.

    Definition: where nothing is given stands the mean of the rows to keep, and a column of zeros and ones says where
    that is; then (x - mean) / sd, with mean and sd of the rows to keep. A column that is constant there stays: it has
    its mean taken off, and is divided by its largest size in the rows to forget where that is above 1. Left out are
    columns that are constant in all rows models see, and those that are another's twin there.
    Shapes: X (rows of the table, c).
    Errors: none after construction by `scale`.
    Source: derived here; a mean that includes the rows to forget would be a trace of them.

    Attributes
    ----------
    names : of the columns.
    own : places of the columns that only rows to forget use: constant in the rows to keep.
    filled : names of the columns in which something was missing.
    constant : names of those left out because they are constant.
    twins : those left out because another is the same, each with that one's name.
    """

    X: Array
    names: tuple[str, ...]
    own: tuple[int, ...]
    filled: tuple[str, ...]
    constant: tuple[str, ...]
    twins: tuple[tuple[str, str], ...]


def scale(split: Split) -> Scaled:
    """Return the columns of a split table in units of the rows to keep.

    Definition: see `Scaled`.
    Shapes: see `Scaled`.
    Errors: none.
    Source: derived here.
    """
    X, names = split.table.X, split.table.columns
    keep, forget, trained = split.keep, split.forget, split.trained
    gaps = np.isnan(X)
    holes = np.flatnonzero(gaps.any(axis=0))
    filled = tuple(names[k] for k in holes)
    if len(holes):
        X = np.concatenate([np.where(gaps, _means(X[keep]), X), gaps[:, holes].astype(np.float64)], axis=1)
        names = (*names, *(f"{name} is missing" for name in filled))
    mean, sd = X[keep].mean(axis=0), X[keep].std(axis=0)
    flat = sd <= TWINS * np.maximum(np.abs(mean), 1.0)
    scaled = (X - mean) / np.where(flat, 1.0, sd)
    # Constant in the rows to keep to rounding is constant there: what is left of them would be a feature of its own.
    scaled[np.ix_(keep, flat)] = 0.0
    away = np.abs(scaled[forget]).max(axis=0)
    scaled /= np.where(flat & (away > 1.0), away, 1.0)
    own = flat & (away > TWINS * np.maximum(np.abs(mean), 1.0))
    constant = flat & ~own
    first = _firsts(scaled[trained], np.flatnonzero(~constant))
    stays = np.array([k for k in np.flatnonzero(~constant) if k not in first], dtype=np.intp)
    return Scaled(
        read_only(scaled[:, stays]),
        tuple(names[k] for k in stays),
        tuple(np.flatnonzero(own[stays]).tolist()),
        filled,
        tuple(names[k] for k in np.flatnonzero(constant)),
        tuple((names[k], names[other]) for k, other in sorted(first.items())),
    )


def _means(X: Array) -> Array:
    """Return the mean of what is given in every column; 0 where nothing is."""
    given = ~np.isnan(X)
    return np.asarray(np.where(given, X, 0.0).sum(axis=0) / np.maximum(given.sum(axis=0), 1))


def _firsts(X: Array, places: Places) -> dict[int, int]:
    """Return which of the columns at these places are another's twin, with the place of the first such one.

    Twins lie side by side where columns are put in the order of one random combination of their rows.
    """
    mixed = np.random.default_rng(0).uniform(0.5, 1.5, len(X)) @ X[:, places]
    reach = TWINS * 1.5 * len(X)
    order = np.argsort(mixed, kind="stable")
    found: dict[int, int] = {}
    for at, k in enumerate(order):
        for j in order[at + 1 :]:
            if mixed[j] - mixed[k] > 4 * reach:
                break
            a, b = sorted((int(places[k]), int(places[j])))
            if b not in found and np.abs(X[:, a] - X[:, b]).max() <= TWINS:
                found[b] = found.get(a, a)
    return found


@dataclass(frozen=True, eq=False)
class Prepared:
    """The problem of a split table, in units of the rows to keep, and the way back to the table's own.

    Definition: the columns of `Scaled` and an intercept; then, if asked for, p random waves in their place. The target
    is (y - mean) / sd, with mean and sd of the rows to keep.
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


def featured(split: Split, scaled: Scaled, waves: int = 0, *, seed: int = 0, even: bool = False) -> Array:
    """Return the features of the rows of a table: scaled columns or so many random waves of them, and an intercept.

    Definition: waves are as long as `length_scale` says of the rows to keep; `even` divides columns by the square root
    of their number, so that all of them together weigh as much as the intercept, as waves do.
    Shapes: (rows of the table, c + 1) or (rows of the table, waves + 1).
    Errors: Refusal where `waves` or the seed is no whole number from 0 on.
    Source: derived here.
    """
    X = scaled.X
    if waves:
        X = Waves.draw(X.shape[1], waves, length_scale(X[split.keep]), seed)(X)
    elif even and X.shape[1]:
        X = X / np.sqrt(X.shape[1])
    return np.concatenate([X, np.ones((len(X), 1))], axis=1)


def prepare(split: Split, waves: int = 0, *, seed: int = 0, even: bool = False) -> Prepared:
    """Return the problem of a split table.

    Definition: see `Prepared`; strangers and the rest of the held-out rows are its fresh rows. `even`: see `featured`.
    Shapes: see `Prepared`.
    Errors: Refusal where `waves` or the seed is no whole number from 0 on.
    Source: derived here.
    """
    scaled = scale(split)
    features = featured(split, scaled, waves, seed=seed, even=even)
    y, keep = split.table.y, split.keep
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
    names, own = ((), ()) if waves else ((*scaled.names, "intercept"), scaled.own)
    return Prepared(problem, names, own, centre, spread)
