"""How long exact deletion takes beside retraining, measured where it is asked: `deletion_timing`."""

import time
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs

from theory.linalg import min_norm
from theory.streams import FORGET, stream


@dataclass(frozen=True)
class DeletionTiming:
    """Two ways to the same model, timed.

    Definition: seconds of each, and how far the models are apart as a share of their length.
    Shapes: one number each.
    Errors: none.
    Source: derived here.

    Attributes
    ----------
    features, n_retain, n_forget : the size of the data.
    preparing : the inverse of X X', once after training.
    deletion : taking the rows out with it.
    retraining : the smallest fit to the rows to keep, from the beginning.
    difference : |deleted - retrained| / |retrained|.
    """

    features: int
    n_retain: int
    n_forget: int
    preparing: float
    deletion: float
    retraining: float
    difference: float


def deletion_timing(features: int = 20_000, n_retain: int = 200, n_forget: int = 20, seed: int = 0) -> DeletionTiming:
    """Train on drawn rows, delete some of them in closed form, retrain without them, and time both.

    Definition: with G = (X X')^-1 and a = G y, the coefficients become a - G_F (G_FF)^-1 a_F, and the weights change by
    X' of the difference.
    Shapes: see `DeletionTiming`.
    Errors: LinAlgError where the rows depend on each other, which drawn rows with more features than rows do not.
    Source: standard linear algebra; derived here for the interpolating limit.
    """
    rng = stream(seed, FORGET)
    X, y = rng.standard_normal((n_retain + n_forget, features)), rng.standard_normal(n_retain + n_forget)
    kept = slice(0, n_retain)
    began = time.perf_counter()
    lower = dpotrf(X @ X.T, lower=1)[0]
    G = np.tril(dpotri(lower, lower=1)[0])
    G = G + np.tril(G, -1).T
    a = G @ y
    trained = X.T @ a
    prepared = time.perf_counter()
    change = G[:, n_retain:] @ dpotrs(dpotrf(G[n_retain:, n_retain:], lower=1)[0], a[n_retain:], lower=1)[0]
    deleted = trained - change @ X
    done = time.perf_counter()
    retrained = min_norm(X[kept], y[kept])
    ended = time.perf_counter()
    return DeletionTiming(
        features,
        n_retain,
        n_forget,
        prepared - began,
        done - prepared,
        ended - done,
        float(np.linalg.norm(deleted - retrained) / np.linalg.norm(retrained)),
    )
