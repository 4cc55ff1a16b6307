"""The cells of a map: one experiment each, many of them fitted and read at once from the same random numbers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from numbers import Real

import numpy as np

from theory.attack import membership_auc
from theory.draws import Numbers, fresh_forget, numbers
from theory.linalg import Array, Directions, block_row_spaces, directions, nested_row_spaces
from theory.problem import ROUNDING
from theory.sameness import SAME
from theory.spec import Spec

# Held-out forget rows for so many rows and columns, and the noise of their labels.
_Fresh = Callable[[int, int], tuple[Array, Array]]

# What is read off a cell, in this order.
READINGS = (
    "distance_ratio",
    "unlearning_gap",
    "membership_auc",
    "leftover_share",
    "golden_loss",
    "tuned_loss",
)


@dataclass(frozen=True)
class Setting:
    """One cell's experiment.

    Definition: a Spec, and the weight decay of the fine-tuning, which minimises |X_t w - y_t|^2 / n_t + decay |w|^2
    from w_o to its end; with decay 0 this is the least-squares minimiser nearest to w_o.
    Shapes: one number beside the Spec.
    Errors: ValueError if decay is negative or not finite.
    Source: theory sections 1 and 2 (I7).
    """

    spec: Spec
    decay: float = 0.0

    def __post_init__(self) -> None:
        if not (isinstance(self.decay, Real) and math.isfinite(self.decay) and self.decay >= 0):
            raise ValueError(f"decay must be a number, at least 0, got {self.decay!r}: use 0 for plain fine-tuning")


def moves(setting: Setting) -> bool:
    """Return whether fine-tuning changes the pretrained model, with probability 1 over the draw.

    Definition: with weight decay always; else unless w_o is a minimiser on D_t already. It is if it interpolates D_t
    (the retain rows come from one distribution: if it misses one, it misses all), or if D_t = D_r and nothing pulls it
    away from golden's compromise: the sets share no feature, or the forget-only block can hold every forget row.
    Shapes: one setting -> True or False.
    Errors: none.
    Source: derived here from theory section 2 (I1, I2); `Spec.interpolates_retain`.
    """
    spec = setting.spec
    undisturbed = spec.d_overlap == 0 or spec.n_forget <= spec.d_forget
    at_rest = spec.interpolates_retain or (spec.tune_rows == spec.n_retain and undisturbed)
    return setting.decay > 0 or not at_rest


def forgets(setting: Setting) -> bool:
    """Return whether fine-tuning ends exactly at golden, with probability 1 over the draw.

    Definition: no forget-only feature, at least d retain rows, and either no noise (all models are w*) or every retain
    row in the fine-tuning. Otherwise something of the forget rows is left in w_t, or decay has shrunk it.
    Shapes: one setting -> True or False.
    Errors: none.
    Source: derived here from (I1) and (I6), theory section 2.
    """
    spec = setting.spec
    if setting.decay > 0 or spec.d_forget > 0 or spec.n_retain < spec.d:
        return False
    return spec.noise == 0 or spec.tune_rows == spec.n_retain


def starts_at_golden(setting: Setting) -> bool:
    """Return whether the pretrained model is golden, with probability 1 over the draw: no share of the way can be left.

    Definition: the forget rows add no direction to the retain rows', and no noise: there is none, or they use no
    feature.
    Shapes: one setting -> True or False.
    Errors: none.
    Source: derived here: without noise w_o and w_g are the parts of w* that X and X_r see.
    """
    spec = setting.spec
    return spec.rank == spec.retain_rank and (spec.noise == 0 or spec.d_retain == spec.d)


def _pretrained(spec: Spec, S: Array, T: Array, labels: Array) -> Array:
    """Return w_o for every column of labels, from the columns each set uses: S (n_r, m), T (n_f, d - d_retain)."""
    own = slice(0, spec.d - spec.d_forget), slice(spec.d_retain, spec.d)
    X = np.zeros((len(labels), spec.d))
    X[: len(S), own[0]] = S
    X[len(S) :, own[1]] = T
    (space,) = block_row_spaces(X, (len(X),), len(S), own)
    return space.solve(labels)


def _decayed(modes: Directions, labels: Array, strength: float) -> Array:
    """Return the minimiser of |X w - labels|^2 + strength |w|^2 for every column of labels, from the modes of X."""
    s = modes.values[:, None]
    return np.asarray(modes.right @ ((modes.left.T @ labels) / (s + strength / s)))


def _read(found: Numbers, settings: Sequence[Setting], fresh_forget: _Fresh) -> Array:
    """Return `READINGS` of settings that share one data set up to the size of its noise, (k, readings)."""
    spec = settings[0].spec
    d = spec.d
    n_r, n_f, d_r, m = spec.n_retain, spec.n_forget, spec.d_retain, spec.d - spec.d_forget
    S = np.ascontiguousarray(found.X_r[:n_r, :m])
    T = np.ascontiguousarray(found.X_f[:n_f, d_r:])
    fresh, fresh_units = fresh_forget(n_f, d - d_r)
    noises = sorted({setting.spec.noise for setting in settings})
    sizes = np.array(noises)
    w_star = found.w_star

    def labels(rows: Array, weights: Array, units: Array) -> Array:
        return np.asarray((rows @ weights)[:, None] + units[:, None] * sizes)

    Y_r = labels(S, w_star[:m], found.noise_r[:n_r])
    Y_f = labels(T, w_star[d_r:], found.noise_f[:n_f])
    Y_new = labels(fresh, w_star[d_r:], fresh_units)
    resolutions = ROUNDING * np.sqrt((np.concatenate([Y_f, Y_new]) ** 2).mean(axis=0))

    counts = tuple(sorted({setting.spec.tune_rows for setting in settings}))
    spaces = dict(zip((*counts, n_r), nested_row_spaces(S, (*counts, n_r)), strict=True))
    golden = spaces[n_r].solve(Y_r)
    pretrained = _pretrained(spec, S, T, np.concatenate([Y_r, Y_f]))
    golden_losses = ((T[:, : m - d_r] @ golden[d_r:] - Y_f) ** 2).mean(axis=0)

    def away(W: Array) -> Array:
        return np.asarray(np.sqrt(((W[:m] - golden) ** 2).sum(axis=0) + (W[m:] ** 2).sum(axis=0)))

    def size(W: Array) -> Array:
        return np.asarray(np.sqrt((W**2).sum(axis=0)))

    started = away(pretrained)
    # Where pretrained is golden up to rounding there is no way to golden of which a share could be left.
    nothing = started <= SAME * np.maximum(size(pretrained), size(golden))
    read = np.empty((len(settings), len(READINGS)))
    by_tuning: dict[tuple[int, float], Array] = {}
    modes: dict[int, Directions] = {}
    for k, setting in enumerate(settings):
        key = setting.spec.tune_rows, setting.decay
        if key not in by_tuning:
            count, decay = key
            if decay > 0:
                if count not in modes:
                    modes[count] = directions(S[:count])
                tuned = np.zeros_like(pretrained)
                tuned[:m] = _decayed(modes[count], Y_r[:count], count * decay)
            else:
                tuned = pretrained.copy()
                tuned[:m] += spaces[count].solve(Y_r[:count] - S[:count] @ pretrained[:m])
            forget, strangers = T @ tuned[d_r:] - Y_f, fresh @ tuned[d_r:] - Y_new
            unseen = (tuned[:m] - spaces[n_r].project(tuned[:m])) ** 2
            left, whole = unseen.sum(axis=0) + (tuned[m:] ** 2).sum(axis=0), (tuned**2).sum(axis=0)
            losses = (forget**2).mean(axis=0)
            by_tuning[key] = np.stack(
                [
                    np.where(nothing, np.nan, away(tuned) / np.where(nothing, 1.0, started)),
                    losses - golden_losses,
                    [membership_auc(forget[:, j], strangers[:, j], resolutions[j]) for j in range(len(noises))],
                    np.where(whole > 0, left / np.where(whole > 0, whole, 1.0), np.nan),
                    golden_losses,
                    losses,
                ],
                axis=1,
            )
        read[k] = by_tuning[key][noises.index(setting.spec.noise)]
    return read


def read_cells(settings: Sequence[Setting], seed: int) -> Array:
    """Fit and read many cells at one seed, which takes the place of the seeds in their Specs.

    Definition: `READINGS`: |w_t - w_g| / |w_o - w_g|, UL(w_t) - UL(w_g), the attack's AUC on w_t,
    |(I - P_r) w_t|^2 / |w_t|^2, UL(w_g) and UL(w_t), on the data `draw` gives for each Spec. A share of nothing is
    undefined, not a number: the first where w_o is golden, the fourth where w_t is zero.
    Shapes: k settings -> (k, 6).
    Errors: none for valid settings of one d.
    Source: derived here. Cells with the same rows and features share their factorisations; each set is factored on the
    columns it uses, where it has full rank; `theory.linalg` chooses the route by the condition, as for one problem.
    """
    specs = [setting.spec for setting in settings]
    shown = numbers(seed, specs[0].d, max(s.n_retain for s in specs), max(s.n_forget for s in specs))
    fresh = lru_cache(maxsize=len(specs))(partial(fresh_forget, seed))
    groups: dict[Spec, list[int]] = {}
    for k, spec in enumerate(specs):
        groups.setdefault(replace(spec, noise=0.0, n_tune=None, seed=0), []).append(k)
    found = np.empty((len(settings), len(READINGS)))
    for members in groups.values():
        found[members] = _read(shown, [settings[k] for k in members], fresh)
    return found
