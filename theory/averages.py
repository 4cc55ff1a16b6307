"""Averages over the draw: expectations in closed form, and Monte Carlo with standard errors beside them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from theory.linalg import Array
from theory.metrics import fit_all
from theory.problem import Spec, draw_overlaps


def expected_unlearning_loss(spec: Spec, w_star: Array | None = None) -> float:
    """Return the expectation of UL(w_g) over data and noise, for fixed true weights or averaged over them.

    Definition: with m = d_retain + d_overlap, golden sees a Gaussian n_retain x m matrix; its missing part on the
    overlap block, its noise there, the forget-only block it never saw and the label noise add up. With w_star None the
    squared norms of the blocks of w* are replaced by their means under w* ~ N(0, I/d).
    Shapes: w_star (d,) or None -> one number; infinite where the expectation is (noise, overlap, |n_retain - m| <= 1).
    Errors: ValueError if w_star does not have d entries.
    Source: derived here (theory section 6), from the moments of a random projection and of the inverse Wishart matrix.
    """
    d_r, d_o, d = spec.d_retain, spec.d_overlap, spec.d
    m, n = d_r + d_o, spec.n_retain
    if w_star is None:
        seen, shared, unseen = m / d, d_o / d, spec.d_forget / d
    else:
        w_star = np.asarray(w_star, dtype=float)
        if w_star.shape != (d,):
            raise ValueError(f"w_star must have shape ({d},), got {w_star.shape}: pass one true weight per feature")
        seen, shared, unseen = (float(w @ w) for w in (w_star[:m], w_star[d_r:m], w_star[m:]))
    missing = 0.0
    if n < m:  # then m > 1
        q = m - n
        both = q * (q + 2) / (m * (m + 2))
        across = (q / m - both) / (m - 1)
        missing = (both - across) * shared + across * d_o * seen
    learned_noise = 0.0
    if spec.noise > 0 and d_o > 0:
        if abs(n - m) <= 1:
            return math.inf
        share = n * d_o / (m * (m - n - 1)) if n < m else d_o / (n - m - 1)
        learned_noise = spec.noise**2 * share
    return missing + learned_noise + unseen + spec.noise**2


@dataclass(frozen=True, eq=False)
class LossCurve:
    """Mean losses of several models against overlap, each with its standard error and the range of its draws.

    Definition: sample statistics of RL and UL over independent draws.
    Shapes: every array (k,), one entry an overlap; keyed by (method key, "remaining_loss" | "unlearning_loss").
    Errors: none.
    Source: `loss_curve`.

    Attributes
    ----------
    overlaps : the overlaps, 0 to 1.
    mean, error : sample mean and its standard error (0 for a single draw).
    low, high : the smallest and the largest draw.
    draws : draws behind every point; the draws are independent, the points share them.
    """

    overlaps: Array
    mean: Mapping[tuple[str, str], Array]
    error: Mapping[tuple[str, str], Array]
    low: Mapping[tuple[str, str], Array]
    high: Mapping[tuple[str, str], Array]
    draws: int


def loss_curve(spec: Spec, overlaps: Sequence[float], keys: Sequence[str], draws: int) -> LossCurve:
    """Return the mean RL and UL of the methods at every overlap, over `draws` seeds counted up from the Spec's own.

    Definition: sample mean, and sample standard deviation over the square root of the number of draws.
    Shapes: see `LossCurve`.
    Errors: ValueError if draws is below 1, an overlap is outside 0 to 1 or a key is not in METHODS.
    Source: Monte Carlo over `draw`; expected_unlearning_loss is what golden's mean converges to.
    """
    if draws < 1:
        raise ValueError(f"draws must be at least 1, got {draws!r}: one draw gives a curve without a standard error")
    losses = np.empty((draws, len(overlaps), len(keys), 2))
    for i in range(draws):
        for j, problem in enumerate(draw_overlaps(replace(spec, seed=spec.seed + i), overlaps)):
            weights, _ = fit_all(problem, keys)
            W = np.stack([weights[key] for key in keys], axis=1)
            squares = (problem.X @ W - problem.y[:, None]) ** 2
            losses[i, j, :, 0] = squares[: spec.n_retain].mean(axis=0)
            losses[i, j, :, 1] = squares[spec.n_retain :].mean(axis=0)
    error = losses.std(axis=0, ddof=1) / math.sqrt(draws) if draws > 1 else np.zeros_like(losses[0])

    def by_name(values: Array) -> dict[tuple[str, str], Array]:
        return {
            (key, loss): values[:, k, which]
            for k, key in enumerate(keys)
            for which, loss in enumerate(("remaining_loss", "unlearning_loss"))
        }

    return LossCurve(
        np.asarray(overlaps, dtype=float),
        by_name(losses.mean(axis=0)),
        by_name(error),
        by_name(losses.min(axis=0)),
        by_name(losses.max(axis=0)),
        draws,
    )
