"""Both sides of every theorem, computed on the data at hand: `Check`."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.optimize

from theory.discriminative import Push, discriminative_path, target_labels
from theory.dynamics import simulate, steepest_curvature
from theory.linalg import Array, nearest
from theory.losses import label_scale, mean_square, remaining_loss, unlearning_loss, weight_scale
from theory.methods import (
    drop_overlap,
    drop_overlap_mask,
    fine_tune,
    keep_overlap,
    keep_overlap_mask,
    project,
)
from theory.problem import Problem
from theory.sameness import SAME

# A claim counts as exact when both sides agree to this share of its natural scale: rounding through a factorisation of
# condition up to about 1e5 stays below it, a false statement misses it by many orders of magnitude.
EXACT = SAME
# Start points s * w_o at which I4 is checked.
STARTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
# Steps of plain gradient descent that I7 simulates, with a weight decay that is this share of the steepest curvature.
DECAY_STEPS, DECAY_RATIO = 20, 0.1
# R3 speaks of a loss that breaks: more than this share of the mean squared label, far above rounding.
BREAKS = 1e-20


@dataclass(frozen=True)
class Check:
    """Both sides of a claim on one problem.

    Definition: left and right as the claim states them, and how far any part of it is from true.
    Shapes: three numbers.
    Errors: none.
    Source: `Claim.check`.

    Attributes
    ----------
    left, right : the two sides.
    error : the largest deviation, relative to the claim's natural scale; it covers every part of the statement.
    """

    left: float
    right: float
    error: float

    @property
    def holds(self) -> bool:
        """Whether both sides agree to rounding (`EXACT`)."""
        return self.error <= EXACT


@dataclass(frozen=True, eq=False)
class Fitted:
    """A problem with what several claims speak of, each computed when the first of them asks.

    Definition: models, (I - P_r) w_o and the scales that differences are relative to.
    Shapes: weights (d,); all else one number.
    Errors: Refusal for a mask where the problem has no blocks.
    Source: theory sections 1 to 3.
    """

    problem: Problem

    @cached_property
    def tuned(self) -> Array:
        """Fine-tuned, w_t."""
        return fine_tune(self.problem)

    @cached_property
    def kept(self) -> Array:
        """Option A, w_A."""
        return keep_overlap(self.problem)

    @cached_property
    def dropped(self) -> Array:
        """Option B, w_B."""
        return drop_overlap(self.problem)

    def unseen(self, w: Array) -> Array:
        """Return (I - P_r) w, what the retain rows cannot see of a model."""
        return w - self.problem.retain_space.project(w)

    @cached_property
    def leftover(self) -> Array:
        """What the retain rows cannot see of the pretrained model, (I - P_r) w_o."""
        return self.unseen(self.problem.w_o)

    @cached_property
    def golden_loss(self) -> float:
        """UL(w_g)."""
        return unlearning_loss(self.problem, self.problem.w_g)

    @cached_property
    def size(self) -> float:
        """The scale of weights, |w_o| or |w_g|."""
        return weight_scale(self.problem)

    @cached_property
    def loss_size(self) -> float:
        """The scale of losses on the forget rows: mean y_f^2, or UL(w_g) where golden misses by more."""
        return max(mean_square(self.problem.y_f), self.golden_loss)

    @cached_property
    def retain_size(self) -> float:
        """The scale of losses on the retain rows."""
        return label_scale(self.problem)

    @cached_property
    def broken(self) -> float:
        """What Option B breaks: mean square, on the retain rows, of what it erased and the tuning rows do not see."""
        erased = self.problem.w_o - drop_overlap_mask(self.problem, self.problem.w_o)
        return mean_square(self.problem.X_r @ (erased - self.problem.tune_space.project(erased)))


def _norm(v: Array) -> float:
    return float(np.linalg.norm(v))


def _relative(difference: float, scale: float) -> float:
    if difference == 0:
        return 0.0
    return difference / scale if scale > 0 else math.inf


def _root_relative(loss: float, scale: float) -> float:
    """Compare a loss that should vanish before squaring: a residual of 1e-5 must not pass as a loss of 1e-10."""
    return _relative(math.sqrt(loss), math.sqrt(scale))


def i1(fitted: Fitted) -> Check:
    """Return both sides of I1."""
    moved, orphan = fitted.tuned - fitted.problem.w_g, fitted.leftover
    return Check(_norm(moved), _norm(orphan), _relative(_norm(moved - orphan), fitted.size))


def i2(fitted: Fitted) -> Check:
    """Return both sides of I2."""
    moved = _norm(fitted.tuned - fitted.problem.w_o)
    return Check(moved, 0.0, _relative(moved, fitted.size))


def i3(fitted: Fitted) -> Check:
    """Return both sides of I3."""
    problem = fitted.problem
    w_o, w_g = problem.w_o, problem.w_g
    left, right = _norm(w_o) ** 2, _norm(w_g) ** 2 + _norm(fitted.leftover) ** 2
    foot = _relative(_norm(w_g - problem.retain_space.project(w_o)), fitted.size)
    return Check(left, right, max(_relative(abs(left - right), fitted.size**2), foot))


def i4(fitted: Fitted) -> Check:
    """Return both sides of I4."""
    problem = fitted.problem
    w_o, w_g, loss_g, s = problem.w_o, problem.w_g, fitted.golden_loss, np.array(STARTS)
    ends = problem.tune_space.nearest(problem.y_t[:, None], np.outer(w_o, s))
    losses = ((problem.X_f @ ends - problem.y_f[:, None]) ** 2).mean(axis=0)
    away = np.linalg.norm(ends - (w_g[:, None] + np.outer(fitted.leftover, s)), axis=0)
    off = np.abs(losses - (1 - s) ** 2 * loss_g)
    worst = max(_relative(float(away.max()), fitted.size), _relative(float(off.max()), fitted.loss_size))
    return Check(float(losses[STARTS.index(0.5)]), 0.25 * loss_g, worst)


def i5(fitted: Fitted) -> Check:
    """Return both sides of I5."""
    problem = fitted.problem
    left = fitted.golden_loss
    if problem.noiseless:
        right = mean_square(problem.X_f @ fitted.unseen(problem.w_star))
    else:
        right = mean_square(problem.y_f)
    return Check(left, right, _relative(abs(left - right), fitted.loss_size))


def i6(fitted: Fitted) -> Check:
    """Return both sides of I6."""
    gap = _norm(fitted.tuned - fitted.problem.w_g)
    return Check(gap, 0.0, _relative(gap, fitted.size))


def i7(fitted: Fitted) -> Check:
    """Return both sides of I7."""
    problem = fitted.problem
    X_t, y_t, w_o = problem.X_t, problem.y_t, problem.w_o
    curvature = steepest_curvature(X_t)
    decay = DECAY_RATIO * curvature if curvature > 0 else 1.0  # rows of zeros have no curvature to compare with
    step_size = 0.5 / (curvature + decay)
    shrink = (1.0 - 2.0 * step_size * decay) ** DECAY_STEPS
    before = fitted.leftover
    after = fitted.unseen(simulate(X_t, y_t, w_o, DECAY_STEPS, step_size, decay))
    return Check(_norm(after), shrink * _norm(before), _relative(_norm(after - shrink * before), fitted.size))


def r1(fitted: Fitted) -> Check:
    """Return both sides of R1."""
    gap = max(_norm(w - fitted.problem.w_g) for w in (fitted.kept, fitted.dropped))
    return Check(gap, 0.0, _relative(gap, fitted.size))


def r2(fitted: Fitted) -> Check:
    """Return both sides of R2."""
    problem = fitted.problem
    masked, forget = keep_overlap_mask(problem, problem.w_o), problem.blocks.forget
    left = unlearning_loss(problem, masked)
    right = mean_square(problem.X_f[:, forget] @ problem.w_o[forget])
    remaining = _root_relative(remaining_loss(problem, masked), fitted.retain_size)
    return Check(left, right, max(_relative(abs(left - right), fitted.loss_size), remaining))


def r3(fitted: Fitted) -> Check:
    """Return both sides of R3."""
    problem, scale = fitted.problem, fitted.retain_size
    left, right = remaining_loss(problem, fitted.dropped), fitted.broken
    kept = _root_relative(remaining_loss(problem, fitted.kept), scale)
    broken = 0.0 if right > BREAKS * scale else math.inf
    return Check(left, right, max(_relative(abs(left - right), scale), kept, broken))


def r4(fitted: Fitted) -> Check:
    """Return both sides of R4."""
    scratch = fitted.problem.tune_space.solve(fitted.problem.y_t)
    a = _norm(fitted.kept - fitted.tuned)
    b = _norm(fitted.dropped - scratch)
    return Check(_norm(fitted.dropped), _norm(scratch), _relative(max(a, b), fitted.size))


def r5(fitted: Fitted) -> Check:
    """Return both sides of R5."""
    problem = fitted.problem
    w = project(problem)
    gap = _norm(w - problem.w_g)
    loss = abs(remaining_loss(problem, w) - remaining_loss(problem, problem.w_g))
    return Check(gap, 0.0, max(_relative(gap, fitted.size), _relative(loss, fitted.retain_size)))


# Weights alpha at which D2 and D3 are checked, the closeness mu of D4 and D5, and an alpha that is almost 0.
ALPHAS, CLOSENESS, ALMOST_ZERO = (0.01, 1.0, 100.0), 0.1, 1e-14
# Logarithms of alpha between which D5 looks for golden's unlearning loss: nearby first, where a push costs least.
PUSHES = ((-7.0, 4.0), (-15.0, 15.0))
# D1: variances of the target and of the model's own prediction, and as many nodes as integrate Gaussians exactly here.
TARGET_VARIANCE, MODEL_VARIANCE = 0.5, 2.0
NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(8)
MASSES = _WEIGHTS / _WEIGHTS.sum()


def _objective_minimiser(problem: Problem, retain: float, forget: float, target: str) -> Array:
    """Return the minimiser of retain |X_t w - y_t|^2 / n_t + forget |X_f w - t|^2 / n_f nearest to w_o."""
    n_t, n_f = len(problem.y_t), problem.n_forget
    weight = np.sqrt(np.concatenate([np.full(n_t, retain / n_t), np.full(n_f, forget / n_f)]))
    labels = np.concatenate([problem.y_t, target_labels(problem, target)])
    return nearest(weight[:, None] * problem.rows.X_seen, weight * labels, problem.w_o)


def _divergences(problem: Problem, w: Array) -> tuple[float, float]:
    """Return mean cross-entropy and mean KL divergence from N(t, tau^2) to N(X_f w, s^2), by numerical integration."""
    t, prediction = target_labels(problem, "shuffled"), problem.X_f @ w
    labels = t[:, None] + math.sqrt(TARGET_VARIANCE) * NODES
    log_target = -0.5 * (NODES**2 + math.log(2 * math.pi * TARGET_VARIANCE))
    log_model = -0.5 * ((labels - prediction[:, None]) ** 2 / MODEL_VARIANCE + math.log(2 * math.pi * MODEL_VARIANCE))
    return float(-(log_model @ MASSES).mean()), float(((log_target - log_model) @ MASSES).mean())


def d1(fitted: Fitted) -> Check:
    """Return both sides of D1."""
    problem = fitted.problem
    (ce_o, kl_o), (ce_g, kl_g) = (_divergences(problem, w) for w in (problem.w_o, problem.w_g))
    return Check(ce_o - ce_g, kl_o - kl_g, _relative(abs((ce_o - ce_g) - (kl_o - kl_g)), max(ce_o, ce_g)))


def d2(fitted: Fitted) -> Check:
    """Return both sides of D2."""
    problem = fitted.problem
    worst = left = right = 0.0
    for alpha in (alpha for alpha in ALPHAS if alpha != 1.0):  # at 1 both sides are one and the same problem
        direct = _objective_minimiser(problem, 1.0, alpha, "shuffled")
        inverse = _objective_minimiser(problem, 1.0 / alpha, 1.0, "shuffled")
        worst = max(worst, _relative(_norm(direct - inverse), max(fitted.size, _norm(direct))))
        left, right = _norm(direct), _norm(inverse)
    return Check(left, right, worst)


def d3(fitted: Fitted) -> Check:
    """Return both sides of D3."""
    problem = fitted.problem
    right = mean_square(target_labels(problem, "shuffled") - problem.y_f)
    losses, worst = [], 0.0
    for w in discriminative_path(problem, ALPHAS, "shuffled", 0.0):
        losses.append(unlearning_loss(problem, w))
        remaining = _root_relative(remaining_loss(problem, w), fitted.retain_size)
        worst = max(worst, remaining, _relative(abs(losses[-1] - right), max(right, fitted.loss_size)))
    return Check(losses[0], right, worst)


def d4(fitted: Fitted) -> Check:
    """Return both sides of D4."""
    problem = fitted.problem
    w_t = fitted.tuned
    # Almost nothing also where the forget rows are long: their pull is alpha times their curvature, beside mu.
    alpha = ALMOST_ZERO / max(1.0, steepest_curvature(problem.X_f) / CLOSENESS)
    (almost,) = discriminative_path(problem, (alpha,), "shuffled", CLOSENESS)
    gap = _norm(almost - w_t)
    (oracle,) = discriminative_path(problem, (1.0,), "oracle", 0.0)
    apart = mean_square(problem.X_f @ (oracle - problem.w_g))
    return Check(gap, 0.0, max(_relative(gap, fitted.size), _root_relative(apart, fitted.loss_size)))


def _pushes_beside(problem: Problem) -> tuple[float, float]:
    """Return the same range around the alpha at which a push on forget rows of any length weighs as much as mu."""
    curvature = steepest_curvature(problem.X_f)
    middle = math.log(CLOSENESS / curvature) if curvature > 0 else 0.0
    return middle + PUSHES[-1][0], middle + PUSHES[-1][1]


def d5(fitted: Fitted) -> Check:
    """Return both sides of D5."""
    problem = fitted.problem
    golden = fitted.golden_loss
    push = Push(problem, "opposite", CLOSENESS)

    def excess(log_alpha: float) -> float:
        return float(push.unlearning_losses((math.exp(log_alpha),))[0]) - golden

    ranges = (*PUSHES, _pushes_beside(problem))
    low, high = next((ends for ends in ranges if excess(ends[0]) < 0 < excess(ends[1])), (PUSHES[-1][1],) * 2)
    crossing = scipy.optimize.brentq(excess, low, high, xtol=1e-14) if low < high else high
    (w,) = push.weights((math.exp(crossing),))
    loss = unlearning_loss(problem, w)  # of the weights themselves, not the value the search has for it
    apart = 0.0 if _norm(w - problem.w_g) > EXACT * fitted.size else math.inf
    return Check(loss, golden, max(_relative(abs(loss - golden), golden), apart))
