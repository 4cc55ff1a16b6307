"""Missing entries: rows with gaps are used as they are, and a weight says how much such a row counts."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from theory.linalg import Array
from theory.spec import real, whole
from theory.streams import MISSING, stream

# Features that are observed sometimes, how much neighbours resemble each other, noise, and a ridge that keeps few
# complete rows solvable.
FEATURES, LIKENESS, NOISE, RIDGE = 8, 0.8, 1.0, 1e-3
# The bandit that learns the weight: pulls, how widely it tries, how far one result moves it, and its bounds.
PULLS, TRIES, RATE, BOUND = 300, 0.7, 2.0, 5.0
MOST_ROWS = 2000


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Rows of which each entry is observed with a probability, and zero otherwise.

    Definition: 8 Gaussian features, neighbours correlated by 0.8^distance; labels with noise 1. A ninth feature is
    never observed in any row.
    Shapes: scalars.
    Errors: ValueError for rows outside 10 to 2,000, a probability outside 0.3 to 1, or a seed below 0.
    Source: our reading of arXiv 2107.01983, reduced to a linear model.
    """

    rows: int = 60
    observed: float = 0.85
    seed: int = 0

    def __post_init__(self) -> None:
        whole("rows", self.rows, 10, MOST_ROWS, "use 60")
        real("observed", self.observed, 0.3, 1, "use 1 for rows without gaps")
        whole("seed", self.seed, 0, np.inf, "use 0, 1, 2, ...")


@dataclass(frozen=True, eq=False)
class Risks:
    """Excess risk on complete rows against the weight of rows with gaps.

    Definition: (w - w*)' S (w - w*), means over draws; `never` is the largest move of the weight of the feature that no
    row shows, over all draws and weights. `tied` are the weights whose risk, draw by draw, is less than two standard
    errors above that of the best; `endless` is the risk of counting every row fully where rows have no end.
    Shapes: weights, risk, error and tied (k,), error the standard error of the mean; never and endless scalar.
    Errors: none.
    Source: derived here.
    """

    weights: Array
    risk: Array
    error: Array
    tied: NDArray[np.bool_]
    never: float
    endless: float


def covariance() -> Array:
    """Return the covariance of the features that are observed sometimes, (8, 8)."""
    place = np.arange(FEATURES)
    found: Array = LIKENESS ** np.abs(place[:, None] - place)
    return found


@dataclass(frozen=True, eq=False)
class _Draw:
    """One draw: Z (n, 9) zero where not observed, y (n,), whole (n,) where nothing is missing, w_star (8,)."""

    Z: Array
    y: Array
    whole: NDArray[np.bool_]
    w_star: Array
    start: Array


def _draw(spec: Missing) -> _Draw:
    g = stream(spec.seed, MISSING)
    w_star, start = g.standard_normal(FEATURES), g.standard_normal(FEATURES + 1)
    X = g.standard_normal((MOST_ROWS, FEATURES))[: spec.rows] @ np.linalg.cholesky(covariance()).T
    seen = g.random((MOST_ROWS, FEATURES))[: spec.rows] < spec.observed
    y = X @ w_star + NOISE * g.standard_normal(MOST_ROWS)[: spec.rows]
    Z = np.column_stack([np.where(seen, X, 0.0), np.zeros(spec.rows)])
    return _Draw(Z, y, np.asarray(seen.all(axis=1)), w_star, start)


def _fitted(draw: _Draw, weight: float) -> Array:
    """Return the weights of the fit in which a row with gaps counts `weight`, (9,): it begins at `start`."""
    counts = np.where(draw.whole, 1.0, weight)
    ZW = draw.Z.T * counts
    system = ZW @ draw.Z + RIDGE * np.eye(FEATURES + 1)
    found: Array = draw.start + np.linalg.solve(system, ZW @ (draw.y - draw.Z @ draw.start))
    return found


def _risk(draw: _Draw, w: Array) -> float:
    missed = w[:FEATURES] - draw.w_star
    return float(missed @ covariance() @ missed)


def risks(spec: Missing, weights: tuple[float, ...], draws: int) -> Risks:
    """Return the risk against the weight of rows with gaps, over `draws` seeds counted up from the spec's own.

    Definition: the minimiser of sum counts_i (y_i - z_i'w)^2 + 0.001 |w - start|^2: complete rows count 1.
    Shapes: k weights -> see `Risks`.
    Errors: ValueError for fewer than 2 draws or a weight outside 0 to 1.
    Source: Monte Carlo; our reading of arXiv 2107.01983, whose importance of a gradient depends on what is missing.
    """
    whole("draws", draws, 2, np.inf, "one draw has no standard error")
    for weight in weights:
        real("weights", weight, 0, 1, "0 leaves rows with gaps out")
    found, never, endless = np.empty((draws, len(weights))), 0.0, 0.0
    bias, S = zero_filled(spec.observed) - np.eye(FEATURES), covariance()
    for i in range(draws):
        draw = _draw(replace(spec, seed=spec.seed + i))
        endless += float(draw.w_star @ bias.T @ S @ bias @ draw.w_star) / draws
        for j, weight in enumerate(weights):
            w = _fitted(draw, weight)
            found[i, j] = _risk(draw, w)
            never = max(never, float(abs(w[-1] - draw.start[-1])))
    mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(draws)
    above = found - found[:, [mean.argmin()]]
    tied = above.mean(axis=0) <= 2 * above.std(axis=0, ddof=1) / np.sqrt(draws)
    return Risks(np.array(weights), mean, error, np.asarray(tied), never, endless)


def risk_at(spec: Missing, weight: float) -> float:
    """Return the excess risk on complete rows of the fit of one draw in which a row with gaps counts `weight`.

    Definition: (w - w*)' S (w - w*).
    Shapes: scalar.
    Errors: ValueError for a weight outside 0 to 1.
    Source: derived here.
    """
    draw = _draw(spec)
    return _risk(draw, _fitted(draw, real("weight", weight, 0, 1, "0 leaves rows with gaps out")))


def zero_filled(observed: float) -> Array:
    """Return the matrix that takes the true weights to those that endless rows with zeros in their gaps fit.

    Definition: (p S + (1 - p) diag S)^-1 S for entries observed with probability p, independently; I for p = 1.
    Shapes: (8, 8).
    Errors: ValueError for a probability outside 0.3 to 1.
    Source: derived here.
    """
    p = real("observed", observed, 0.3, 1, "use 1 for rows without gaps")
    S = covariance()
    return np.asarray(np.linalg.solve(p * S + (1 - p) * np.diag(np.diag(S)), S), dtype=float)


def importance(u: Array | float) -> Array:
    """Return the weight in 0 to 1 that stands behind the bandit's number, (k,) -> (k,).

    Definition: 1 / (1 + exp(-u)).
    Shapes: any.
    Errors: none.
    Source: derived here.
    """
    found: Array = 1 / (1 + np.exp(-np.asarray(u, dtype=float)))
    return found


def learned_importance(spec: Missing) -> Array:
    """Return the weights that a bandit tries to settle on, one a pull: it sees only how well complete rows are fitted.

    Definition: REINFORCE on u with weight 1 / (1 + exp(-u)); reward is the negative mean square error on as many
    held-out complete rows as there are rows.
    Shapes: (300 + 1,), the first is 0.5.
    Errors: none for a valid `Missing`.
    Source: our reading of arXiv 2107.01983, whose actor and critic work at every step; a bandit stands for them.
    """
    draw, g = _draw(spec), stream(spec.seed + 1_000_003, MISSING)
    X = g.standard_normal((spec.rows, FEATURES)) @ np.linalg.cholesky(covariance()).T
    y = X @ draw.w_star + NOISE * g.standard_normal(spec.rows)
    u, path, baseline = 0.0, [0.0], None
    for tried in g.standard_normal(PULLS):
        w = _fitted(draw, float(importance(u + TRIES * tried)))
        reward = -float(np.mean((y - X @ w[:FEATURES]) ** 2))
        baseline = reward if baseline is None else baseline
        u = float(np.clip(u + RATE * (reward - baseline) * tried, -BOUND, BOUND))
        baseline += 0.1 * (reward - baseline)
        path.append(u)
    return importance(np.array(path))
