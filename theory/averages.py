"""Averages over the draw: expectations in closed form."""

import math

import numpy as np

from theory.cells import Setting, forgets, moves, starts_at_golden
from theory.linalg import Array
from theory.spec import Spec


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


def expected_remaining_loss(spec: Spec) -> float:
    """Return the expectation of golden's RL over data and noise.

    Definition: sigma^2 max(0, 1 - m / n_r), m = d_retain + d_overlap: the noise that m weights cannot fit.
    Shapes: one Spec -> one number.
    Errors: none.
    Source: derived here: a Gaussian n_r x m matrix has rank min(n_r, m); the residual is the noise outside its range.
    """
    m = spec.d - spec.d_forget
    return spec.noise**2 * max(0.0, 1.0 - m / spec.n_retain)


def _learned_noise(noise: float, rows: int, features: int) -> float:
    """Return E |X^+ e|^2 for a Gaussian rows x features matrix X: the trace of an inverse Wishart's mean."""
    if noise == 0 or features == 0:
        return 0.0
    small, large = sorted((rows, features))
    return noise**2 * small / (large - small - 1) if large > small + 1 else math.inf


def expected_golden_norm(spec: Spec) -> float:
    """Return the expectation of |w_g|^2 over data, noise and true weights.

    Definition: min(n_r, m) / d + sigma^2 min(n_r, m) / (|n_r - m| - 1), m = d_retain + d_overlap.
    Shapes: one Spec -> one number; infinite with noise where |n_r - m| <= 1 (and m > 0).
    Errors: none.
    Source: derived here: w_g = P_r w* + X_r^+ noise, the two parts independent given X_r.
    """
    m, n = spec.d - spec.d_forget, spec.n_retain
    return min(n, m) / spec.d + _learned_noise(spec.noise, n, m)


def expected_change(spec: Spec) -> float | None:
    """Return the expectation of |w_o - w_g|^2 over data, noise and true weights, or None where there is no closed form.

    Definition: without noise (rank X - min(n_r, m)) / d; distinct features: min(n_f, d_forget) / d and the noise that
    the forget rows add; full overlap with n <= d: n_f / d + sigma^2 (n / (d - n - 1) - n_r / (d - n_r - 1)).
    Shapes: one Spec -> one number; infinite where n or the forget rows just fill what they use.
    Errors: none.
    Source: derived here, the last from the right triangle (I3).
    """
    d, n_r, n_f = spec.d, spec.n_retain, spec.n_forget
    if spec.noise == 0:
        return (spec.rank - min(n_r, d - spec.d_forget)) / d
    if spec.d_overlap == 0:
        return min(n_f, spec.d_forget) / d + _learned_noise(spec.noise, n_f, spec.d_forget)
    if spec.d_overlap == d and n_r + n_f <= d:
        all_rows = _learned_noise(spec.noise, n_r + n_f, d)
        return math.inf if all_rows == math.inf else n_f / d + all_rows - _learned_noise(spec.noise, n_r, d)
    return None


def expected_tuned_loss(setting: Setting) -> float | None:
    """Return the expectation of UL(w_t) over data, noise and true weights, or None where there is no closed form.

    Definition: golden's where w_t is golden; 0 where w_o stays and fits the forget rows; for distinct features
    sigma^2 max(0, 1 - d_forget / n_f); where the retain block alone holds the retain rows
    sigma^2 max(0, 1 - (d_overlap + d_forget) / n_f).
    Shapes: one setting -> one number.
    Errors: none.
    Source: derived here; each case but the last two leaves w_o where it is (I2) or is (I6).
    """
    spec = setting.spec
    if setting.decay > 0:
        return None
    if forgets(setting):
        return expected_unlearning_loss(spec)
    if spec.interpolates_forget and not moves(setting):
        return 0.0
    if spec.d_overlap == 0:
        return spec.noise**2 * max(0.0, 1.0 - spec.d_forget / spec.n_forget)
    if spec.n_retain <= spec.d_retain:
        return spec.noise**2 * max(0.0, 1.0 - (spec.d_overlap + spec.d_forget) / spec.n_forget)
    return None


def expected_unlearning_gap(setting: Setting) -> float | None:
    """Return the expectation of UL(w_t) - UL(w_g), or None where there is no closed form.

    Definition: the difference of the two expectations; 0 where w_t is golden.
    Shapes: one setting -> one number; minus infinity where golden's expectation is infinite.
    Errors: none.
    Source: `expected_tuned_loss`, `expected_unlearning_loss`.
    """
    if forgets(setting):
        return 0.0
    tuned = expected_tuned_loss(setting)
    return None if tuned is None else tuned - expected_unlearning_loss(setting.spec)


def expected_distance_ratio(setting: Setting) -> float | None:
    """Return the expectation of |w_t - w_g| / |w_o - w_g|, or None where it is undefined or has no closed form.

    Definition: undefined where w_o is golden; else 0 where w_t is, and 1 where fine-tuning moves nothing.
    Shapes: one setting -> 0, 1 or None.
    Errors: none.
    Source: theory section 2 (I2, I6).
    """
    if starts_at_golden(setting):
        return None
    return 0.0 if forgets(setting) else None if moves(setting) else 1.0


def expected_leftover_share(setting: Setting) -> float | None:
    """Return the expectation of |(I - P_r) w_t|^2 / |w_t|^2, or None where there is no closed form.

    Definition: 0 where w_t is golden and with decay, whose end lies in the row space of X_t; without noise and decay
    1 - min(n_r, m) / rank X, m = d_retain + d_overlap.
    Shapes: one setting -> one number in [0, 1].
    Errors: none.
    Source: derived here: then w_t = w_o = P w*, Gaussian on the row space of X, whose part in that of X_r is a
    Beta-distributed share, whatever the overlap.
    """
    spec = setting.spec
    if forgets(setting) or setting.decay > 0:
        return 0.0
    if spec.noise > 0:
        return None
    return 1.0 - min(spec.n_retain, spec.d - spec.d_forget) / spec.rank


def expected_membership_auc(setting: Setting) -> float | None:
    """Return the expectation of the attack's AUC on w_t, or None where there is no closed form.

    Definition: 1/2 where w_t is golden, which treats forget rows and fresh ones alike; else, where w_o fits the forget
    rows and stays or shares no feature: 1 if fresh rows are missed, 1/2 if they are fitted too (no noise, and
    rank X = d or n_f >= d_overlap + d_forget).
    Shapes: one setting -> 1/2, 1 or None.
    Errors: none.
    Source: derived here from (I2) and (I6).
    """
    spec = setting.spec
    if forgets(setting):
        return 0.5
    stays = setting.decay == 0 and (spec.d_overlap == 0 or not moves(setting))
    if not (stays and spec.interpolates_forget):
        return None
    known = spec.noise == 0 and (spec.rank == spec.d or spec.n_forget >= spec.d_overlap + spec.d_forget)
    return 0.5 if known else 1.0
