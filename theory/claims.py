"""Every theorem as two sides: computed on the data at hand, shown with their difference, asserted by the tests."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import scipy.optimize

from theory.discriminative import Push, discriminative_path, target_labels
from theory.dynamics import simulate, steepest_curvature
from theory.linalg import Array, nearest
from theory.methods import (
    drop_overlap,
    drop_overlap_mask,
    fine_tune,
    keep_overlap,
    keep_overlap_mask,
    project,
)
from theory.problem import Problem, Spec

T = TypeVar("T")

# A claim counts as exact when both sides agree to this share of its natural scale: rounding through a factorisation of
# condition up to about 1e5 stays below it, a false statement misses it by many orders of magnitude.
EXACT = 1e-8
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


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement of the theory.

    Definition: an equation that holds whenever `when` says so; with probability 1 over the draw, up to rounding.
    Shapes: none; `check` takes a Problem of any size.
    Errors: none.
    Source: theory sections 2, 3 and 4; each claim names its own.

    Attributes
    ----------
    key : its name in theory.
    statement : LaTeX.
    words : the same as a sentence.
    source : where it comes from.
    condition : when it holds, in words.
    when : Spec -> bool, the condition.
    check : Problem -> Check, both sides on the data.
    """

    key: str
    statement: str
    words: str
    source: str
    condition: str
    when: Callable[[Spec], bool]
    check: Callable[[Problem], Check]


def _norm(v: Array) -> float:
    return float(np.linalg.norm(v))


def _mean_square(v: Array) -> float:
    return float(v @ v) / len(v)


def _relative(difference: float, scale: float) -> float:
    if difference == 0:
        return 0.0
    return difference / scale if scale > 0 else math.inf


def _root_relative(loss: float, scale: float) -> float:
    """Compare a loss that should vanish before squaring: a residual of 1e-5 must not pass as a loss of 1e-10."""
    return _relative(math.sqrt(loss), math.sqrt(scale))


def _unlearning_loss(problem: Problem, w: Array) -> float:
    return _mean_square(problem.X_f @ w - problem.y_f)


def _remaining_loss(problem: Problem, w: Array) -> float:
    return _mean_square(problem.X_r @ w - problem.y_r)


def _once(compute: Callable[[Problem], T]) -> Callable[[Problem], T]:
    """Compute what several claims speak of once for a problem, and keep it with the data."""
    name = f"claims: {compute.__name__}"

    @wraps(compute)
    def kept(problem: Problem) -> T:
        if name not in problem.kept:
            problem.kept[name] = compute(problem)
        found: T = problem.kept[name]
        return found

    return kept


_fine_tuned, _overlap_kept, _overlap_dropped = _once(fine_tune), _once(keep_overlap), _once(drop_overlap)


def _orphan(problem: Problem, w: Array) -> Array:
    """Return (I - P_r) w, what the retain rows cannot see."""
    return w - problem.retain_space.project(w)


@_once
def _leftover(problem: Problem) -> Array:
    """Return (I - P_r) w_o."""
    return _orphan(problem, problem.w_o)


@_once
def _golden_loss(problem: Problem) -> float:
    """Return UL(w_g)."""
    return _unlearning_loss(problem, problem.w_g)


@_once
def _size(problem: Problem) -> float:
    """Return |w_o| or |w_g|, whichever is larger: the scale of weights."""
    return max(_norm(problem.w_o), _norm(problem.w_g))


@_once
def _loss_size(problem: Problem) -> float:
    """Return the scale of losses on the forget rows: mean y_f^2, or UL(w_g) where golden misses by more."""
    return max(_mean_square(problem.y_f), _golden_loss(problem))


def _full_tuning(spec: Spec) -> bool:
    return spec.tune_rows == spec.n_retain


def _check_i1(problem: Problem) -> Check:
    moved = _fine_tuned(problem) - problem.w_g
    orphan = _leftover(problem)
    return Check(_norm(moved), _norm(orphan), _relative(_norm(moved - orphan), _size(problem)))


def _check_i2(problem: Problem) -> Check:
    moved = _norm(_fine_tuned(problem) - problem.w_o)
    return Check(moved, 0.0, _relative(moved, _size(problem)))


def _check_i3(problem: Problem) -> Check:
    w_o, w_g = problem.w_o, problem.w_g
    left, right = _norm(w_o) ** 2, _norm(w_g) ** 2 + _norm(_leftover(problem)) ** 2
    foot = _relative(_norm(w_g - problem.retain_space.project(w_o)), _size(problem))
    return Check(left, right, max(_relative(abs(left - right), _size(problem) ** 2), foot))


def _check_i4(problem: Problem) -> Check:
    w_o, w_g, loss_g, s = problem.w_o, problem.w_g, _golden_loss(problem), np.array(STARTS)
    ends = problem.tune_space.nearest(problem.y_t[:, None], np.outer(w_o, s))
    losses = ((problem.X_f @ ends - problem.y_f[:, None]) ** 2).mean(axis=0)
    away = np.linalg.norm(ends - (w_g[:, None] + np.outer(_leftover(problem), s)), axis=0)
    off = np.abs(losses - (1 - s) ** 2 * loss_g)
    worst = max(_relative(float(away.max()), _size(problem)), _relative(float(off.max()), _loss_size(problem)))
    return Check(float(losses[STARTS.index(0.5)]), 0.25 * loss_g, worst)


def _check_i5(problem: Problem) -> Check:
    left = _golden_loss(problem)
    if problem.spec.noise == 0:
        right = _mean_square(problem.X_f @ _orphan(problem, problem.w_star))
    else:
        right = _mean_square(problem.y_f)
    return Check(left, right, _relative(abs(left - right), _loss_size(problem)))


def _check_i6(problem: Problem) -> Check:
    gap = _norm(_fine_tuned(problem) - problem.w_g)
    return Check(gap, 0.0, _relative(gap, _size(problem)))


def _check_i7(problem: Problem) -> Check:
    X_t, y_t, w_o = problem.X_t, problem.y_t, problem.w_o
    curvature = steepest_curvature(X_t)
    decay = DECAY_RATIO * curvature if curvature > 0 else 1.0  # rows of zeros have no curvature to compare with
    step_size = 0.5 / (curvature + decay)
    shrink = (1.0 - 2.0 * step_size * decay) ** DECAY_STEPS
    before = _leftover(problem)
    after = _orphan(problem, simulate(X_t, y_t, w_o, DECAY_STEPS, step_size, decay))
    return Check(_norm(after), shrink * _norm(before), _relative(_norm(after - shrink * before), _size(problem)))


def _check_r1(problem: Problem) -> Check:
    a, b = _overlap_kept(problem), _overlap_dropped(problem)
    gap = max(_norm(a - problem.w_g), _norm(b - problem.w_g))
    return Check(gap, 0.0, _relative(gap, _size(problem)))


def _check_r2(problem: Problem) -> Check:
    masked, forget = keep_overlap_mask(problem, problem.w_o), problem.blocks.forget
    left = _unlearning_loss(problem, masked)
    right = _mean_square(problem.X_f[:, forget] @ problem.w_o[forget])
    remaining = _root_relative(_remaining_loss(problem, masked), _mean_square(problem.y_r))
    return Check(left, right, max(_relative(abs(left - right), _loss_size(problem)), remaining))


def _check_r3(problem: Problem) -> Check:
    left = _remaining_loss(problem, _overlap_dropped(problem))
    erased = problem.w_o - drop_overlap_mask(problem, problem.w_o)
    right = _mean_square(problem.X_r @ (erased - problem.tune_space.project(erased)))
    scale = _mean_square(problem.y_r)
    kept = _root_relative(_remaining_loss(problem, _overlap_kept(problem)), scale)
    broken = 0.0 if right > BREAKS * scale else math.inf
    return Check(left, right, max(_relative(abs(left - right), scale), kept, broken))


def _check_r4(problem: Problem) -> Check:
    scratch = problem.tune_space.solve(problem.y_t)
    a = _norm(_overlap_kept(problem) - _fine_tuned(problem))
    b = _norm(_overlap_dropped(problem) - scratch)
    return Check(_norm(_overlap_dropped(problem)), _norm(scratch), _relative(max(a, b), _size(problem)))


def _check_r5(problem: Problem) -> Check:
    w = project(problem)
    gap = _norm(w - problem.w_g)
    loss = abs(_remaining_loss(problem, w) - _remaining_loss(problem, problem.w_g))
    return Check(gap, 0.0, max(_relative(gap, _size(problem)), _relative(loss, _mean_square(problem.y_r))))


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
    n_t, n_f = len(problem.y_t), problem.spec.n_forget
    weight = np.sqrt(np.concatenate([np.full(n_t, retain / n_t), np.full(n_f, forget / n_f)]))
    labels = np.concatenate([problem.y_t, target_labels(problem, target)])
    return nearest(weight[:, None] * problem.X_seen, weight * labels, problem.w_o)


def _divergences(problem: Problem, w: Array) -> tuple[float, float]:
    """Return mean cross-entropy and mean KL divergence from N(t, tau^2) to N(X_f w, s^2), by numerical integration."""
    t, prediction = target_labels(problem, "shuffled"), problem.X_f @ w
    labels = t[:, None] + math.sqrt(TARGET_VARIANCE) * NODES
    log_target = -0.5 * (NODES**2 + math.log(2 * math.pi * TARGET_VARIANCE))
    log_model = -0.5 * ((labels - prediction[:, None]) ** 2 / MODEL_VARIANCE + math.log(2 * math.pi * MODEL_VARIANCE))
    return float(-(log_model @ MASSES).mean()), float(((log_target - log_model) @ MASSES).mean())


def _check_d1(problem: Problem) -> Check:
    (ce_o, kl_o), (ce_g, kl_g) = (_divergences(problem, w) for w in (problem.w_o, problem.w_g))
    return Check(ce_o - ce_g, kl_o - kl_g, _relative(abs((ce_o - ce_g) - (kl_o - kl_g)), max(ce_o, ce_g)))


def _check_d2(problem: Problem) -> Check:
    worst = left = right = 0.0
    for alpha in (alpha for alpha in ALPHAS if alpha != 1.0):  # at 1 both sides are one and the same problem
        direct = _objective_minimiser(problem, 1.0, alpha, "shuffled")
        inverse = _objective_minimiser(problem, 1.0 / alpha, 1.0, "shuffled")
        worst = max(worst, _relative(_norm(direct - inverse), max(_size(problem), _norm(direct))))
        left, right = _norm(direct), _norm(inverse)
    return Check(left, right, worst)


def _check_d3(problem: Problem) -> Check:
    right = _mean_square(target_labels(problem, "shuffled") - problem.y_f)
    losses, worst = [], 0.0
    for w in discriminative_path(problem, ALPHAS, "shuffled", 0.0):
        losses.append(_unlearning_loss(problem, w))
        remaining = _root_relative(_remaining_loss(problem, w), _mean_square(problem.y_r))
        worst = max(worst, remaining, _relative(abs(losses[-1] - right), max(right, _loss_size(problem))))
    return Check(losses[0], right, worst)


def _check_d4(problem: Problem) -> Check:
    w_t = _fine_tuned(problem)
    (almost,) = discriminative_path(problem, (ALMOST_ZERO,), "shuffled", CLOSENESS)
    gap = _norm(almost - w_t)
    (oracle,) = discriminative_path(problem, (1.0,), "oracle", 0.0)
    apart = _mean_square(problem.X_f @ (oracle - problem.w_g))
    return Check(gap, 0.0, max(_relative(gap, _size(problem)), _root_relative(apart, _loss_size(problem))))


def _check_d5(problem: Problem) -> Check:
    golden = _golden_loss(problem)
    push = Push(problem, "opposite", CLOSENESS)

    def excess(log_alpha: float) -> float:
        return float(push.unlearning_losses((math.exp(log_alpha),))[0]) - golden

    low, high = next((ends for ends in PUSHES if excess(ends[0]) < 0 < excess(ends[1])), (PUSHES[-1][1],) * 2)
    crossing = scipy.optimize.brentq(excess, low, high, xtol=1e-14) if low < high else high
    (w,) = push.weights((math.exp(crossing),))
    loss = _unlearning_loss(problem, w)  # of the weights themselves, not the value the search has for it
    apart = 0.0 if _norm(w - problem.w_g) > EXACT * _size(problem) else math.inf
    return Check(loss, golden, max(_relative(abs(loss - golden), golden), apart))


def _starts_at_golden(spec: Spec) -> bool:
    """Whether fine-tuning leaves golden alone: it sees every retain row, or golden fits the ones it sees."""
    return _full_tuning(spec) or spec.noise == 0 or spec.n_retain <= spec.d_retain + spec.d_overlap


_ROWS = (
    Claim(
        key="I1",
        statement=r"w_t - w_g = (I - P_r)\,w_o",
        words="What fine-tuning leaves behind is exactly the part of the old model that the retain data cannot see.",
        source="derived here; its two special cases are the paper's Theorems 3.2 and 3.4",
        condition="fine-tuning sees every retain row",
        when=_full_tuning,
        check=_check_i1,
    ),
    Claim(
        key="I2",
        statement=r"X_r w_o = y_r \;\Rightarrow\; w_t = w_o",
        words="If the pretrained model already fits the retain rows, the gradient is zero and fine-tuning never moves.",
        source="the paper's abstract (fine-tuned models keep their knowledge of the forget data); derived here",
        condition="the pretrained model fits every retain row",
        when=lambda spec: spec.interpolates_retain,
        check=_check_i2,
    ),
    Claim(
        key="I3",
        statement=r"w_g = P_r w_o,\qquad |w_o|^2 = |w_g|^2 + |(I - P_r)\,w_o|^2",
        words="Zero, golden and pretrained form a right triangle: golden is the pretrained model's shadow.",
        source="derived here",
        condition="the pretrained model fits every retain row",
        when=lambda spec: spec.interpolates_retain,
        check=_check_i3,
    ),
    Claim(
        key="I4",
        statement=r"w_0 = s\,w_o \;\Rightarrow\; \mathrm{UL} = (1 - s)^2\,\mathrm{UL}(w_g)",
        words="Start fine-tuning from a shrunken pretrained model, and the unlearning loss follows one parabola.",
        source="derived here",
        condition="fine-tuning sees every retain row and the pretrained model fits all rows",
        when=lambda spec: _full_tuning(spec) and spec.interpolates_retain and spec.interpolates_forget,
        check=_check_i4,
    ),
    Claim(
        key="I5",
        statement=r"\mathrm{UL}(w_g) = \tfrac{1}{n_f}\,|X_f (I - P_r)\,w^{*}|^2 \;\text{(no noise)},"
        r"\qquad \mathrm{UL}(w_g) = \tfrac{1}{n_f}\,|y_f|^2 \;\text{(distinct)}",
        words="Golden misses the forget rows by what the retain rows cannot tell about the truth; with distinct "
        "features it predicts nothing at all for them.",
        source="derived here",
        condition="there is no label noise, or the features are distinct",
        when=lambda spec: spec.noise == 0 or spec.d_overlap == 0,
        check=_check_i5,
    ),
    Claim(
        key="I6",
        statement=r"\mathrm{rank}\,X_r = d \;\Rightarrow\; w_t = w_g",
        words="With at least as many retain rows as features there is nowhere to hide: fine-tuning ends at golden.",
        source="derived here",
        condition="fine-tuning sees every retain row, they number at least d, and no feature is the forget rows' alone",
        when=lambda spec: _full_tuning(spec) and spec.n_retain >= spec.d and spec.d_forget == 0,
        check=_check_i6,
    ),
    Claim(
        key="I7",
        statement=r"(I - P_r)\,w_k = (1 - 2\eta\lambda)^k\,(I - P_r)\,w_o",
        words="Weight decay shrinks the leftover by the same factor every step, whatever the data say.",
        source="derived here",
        condition="always",
        when=lambda spec: True,
        check=_check_i7,
    ),
    Claim(
        key="R1",
        statement=r"w_A = w_B = w_g",
        words="With distinct features, erasing the forget-only weights gives golden exactly.",
        source="derived here; Options A and B are the paper's (v1, section 4)",
        condition="the features are distinct, and fine-tuning leaves golden alone",
        when=lambda spec: spec.d_overlap == 0 and _starts_at_golden(spec),
        check=_check_r1,
    ),
    Claim(
        key="R2",
        statement=r"\mathrm{RL}(w_o \odot 1_A) = 0,\qquad"
        r" \mathrm{UL}(w_o \odot 1_A) = \tfrac{1}{n_f}\,|X_{f,\mathrm{forget}}\,w_{o,\mathrm{forget}}|^2",
        words="Keeping the overlap costs nothing on the retain rows; it forgets what the forget-only weights held.",
        source="derived here",
        condition="the pretrained model fits all rows",
        when=lambda spec: spec.interpolates_retain and spec.interpolates_forget,
        check=_check_r2,
    ),
    Claim(
        key="R3",
        statement=r"\mathrm{RL}(w_B) = \tfrac{1}{n_r}\,|X_r (I - P_t)(w_o - w_o \odot 1_B)|^2 > 0 = \mathrm{RL}(w_A)",
        words="Fine-tuned on part of the retain rows, dropping the overlap breaks the others; keeping it does not.",
        source="derived here",
        condition="features overlap, fine-tuning sees only part of the retain rows, fewer than the features they "
        "use, and the pretrained model fits every retain row",
        when=lambda spec: (
            spec.d_overlap > 0
            and spec.tune_rows < min(spec.n_retain, spec.d_retain + spec.d_overlap)
            and spec.interpolates_retain
        ),
        check=_check_r3,
    ),
    Claim(
        key="R4",
        statement=r"w_A = w_t,\qquad w_B = X_t^{+} y_t",
        words="With full overlap, keeping the overlap changes nothing and dropping it is training from scratch.",
        source="derived here",
        condition="every feature is shared",
        when=lambda spec: spec.d_overlap == spec.d,
        check=_check_r4,
    ),
    Claim(
        key="R5",
        statement=r"N(X_t, y_t;\,P_r w_o) = w_g",
        words="Projecting the pretrained model on the retain rows and fine-tuning gives golden, whatever the "
        "overlap, noise and dimension.",
        source="derived here",
        condition="fine-tuning sees every retain row, or the pretrained model fits them all",
        when=lambda spec: _full_tuning(spec) or spec.interpolates_retain,
        check=_check_r5,
    ),
    Claim(
        key="D1",
        statement=r"\mathrm{CE}(w_o) - \mathrm{CE}(w_g) = \mathrm{KL}(w_o) - \mathrm{KL}(w_g)",
        words="For Gaussian labels of fixed variance, cross-entropy and Kullback-Leibler divergence to a target differ "
        "by a constant: CE-FT and KL-FT with the same target end at the same model.",
        source="derived here; the variants are the paper's (v1, section 5)",
        condition="always",
        when=lambda spec: True,
        check=_check_d1,
    ),
    Claim(
        key="D2",
        statement=r"\arg\min\ \mathrm{RL} + \alpha\,\mathrm{UL}_t"
        r" = \arg\min\ \tfrac{1}{\alpha}\,\mathrm{RL} + \mathrm{UL}_t",
        words="Weight alpha on the forget rows (CE-FT) or 1/alpha on the retain rows (inverse CE-FT): the same model, "
        "as long as nothing else is asked for.",
        source="derived here; the variants are the paper's (v1, section 5)",
        condition="always",
        when=lambda spec: True,
        check=_check_d2,
    ),
    Claim(
        key="D3",
        statement=r"\mu = 0 \;\Rightarrow\; \mathrm{RL}(w) = 0,\quad \mathrm{UL}(w) = \tfrac{1}{n_f}\,|t - y_f|^2"
        r"\quad \text{for every}\ \alpha > 0",
        words="Where all rows can be fitted together and nothing holds the weights back, both sets are fitted, and the "
        "weight alpha does not matter.",
        source="derived here",
        condition="fine-tuning sees every retain row, and the features leave room to fit all rows with any labels",
        when=lambda spec: _full_tuning(spec) and spec.fits_any_labels,
        check=_check_d3,
    ),
    Claim(
        key="D4",
        statement=r"\alpha \to 0:\; w \to w_t,\qquad t = X_f w_g,\ \mu = 0:\; X_f w = X_f w_g",
        words="Without weight on the forget rows it is plain fine-tuning; pushed to golden's own predictions, the "
        "forget rows get them.",
        source="derived here",
        condition="the features leave room to fit all rows with any labels",
        when=lambda spec: spec.fits_any_labels,
        check=_check_d4,
    ),
    Claim(
        key="D5",
        statement=r"\exists\,\alpha:\; \mathrm{UL}(w) = \mathrm{UL}(w_g)\ \text{and}\ w \neq w_g",
        words="Pushed far enough, the error on the forget rows equals golden's, and the model is still not golden; "
        "pushed on, it over-forgets.",
        source="derived here",
        condition="the features are distinct, at least two rows are to be forgotten, and there is room to fit all rows "
        "with any labels",
        when=lambda spec: spec.d_overlap == 0 and spec.n_forget >= 2 and spec.fits_any_labels,
        check=_check_d5,
    ),
)

CLAIMS: Mapping[str, Claim] = MappingProxyType({row.key: row for row in _ROWS})
