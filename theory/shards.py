"""SISA: models on shards of the rows, of which only those that held forget rows are trained again."""

import numpy as np
from numpy.typing import NDArray

from theory.linalg import Array, min_norm
from theory.method import Method, Parameter
from theory.problem import Problem
from theory.streams import SHARDS, stream


def shard_of(problem: Problem, shards: int) -> NDArray[np.intp]:
    """Return the shard of every row, (n,): the rows dealt out in a random order, from the problem's seed."""
    n = len(problem.X)
    dealt = np.empty(n, dtype=np.intp)
    dealt[stream(problem.seed, SHARDS).permutation(n)] = np.arange(n) % shards
    return dealt


def mean_of_shards(X: Array, y: Array, shard: NDArray[np.intp], shards: int) -> Array:
    """Return the mean of the shards' smallest fits, (d,); (6) an empty shard has weights 0 and keeps its vote."""
    total = np.zeros(X.shape[1])
    for s in range(shards):
        rows = shard == s
        if rows.any():
            total += min_norm(X[rows], y[rows])
    return total / shards


def sisa(problem: Problem, shards: float = 5) -> Array:
    """Train the shards without the forget rows and average, (d,): exact for SISA's own retraining, not for golden.

    Source: our reading of arXiv 1912.03817.
    """
    count = round(shards)
    kept = shard_of(problem, count)[: problem.n_retain]
    return mean_of_shards(problem.X_r, problem.y_r, kept, count)


def _touched(problem: Problem, shards: float) -> int:
    """Return the retain rows in shards that held a forget row: the others need no training again."""
    shard = shard_of(problem, round(shards))
    return int(np.isin(shard[: problem.n_retain], shard[problem.n_retain :]).sum())


ROWS = (
    Method(
        key="sisa",
        label="SISA",
        formula=r"\tfrac{1}{S}\sum_{s=1}^{S} X_{r,s}^{+}\,y_{r,s}",
        idea="Train on separate shards from the start and average; train again only the shards that lost rows.",
        source="our reading of arXiv 1912.03817",
        needs=frozenset({"retain"}),
        parameters=(
            Parameter(name="shards", default=5, low=1, high=50, log=False, help="Shards of the rows.", whole=True),
        ),
        fit=sisa,
        touches=_touched,
        at_interpolation="It has forgotten by design, but the average of several shards need not fit the rows to "
        "keep exactly, as golden does.",
    ),
)
