"""Where a push on the forget rows meets golden's error, and whether its weight matters: asked of every alpha above 0.

Along fixed directions of the forget rows' labels the error of a pushed model moves one way only as alpha grows. So
bounds over whole intervals of alpha are at hand, and "nowhere" can be proved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.optimize

from theory.discriminative import Push
from theory.linalg import Array, directions
from theory.losses import mean_square, unlearning_loss, weight_scale
from theory.problem import Problem
from theory.sameness import SAME, is_nothing, loss_likeness

# The weights alpha between which a meeting is looked for one by one; before and behind lie one interval each.
LEAST, MOST, FIRST_INTERVALS = 1e-12, 1e12, 96
# An interval is halved so often, and so many are looked at together, before the answer is that nobody knows.
HALVINGS, MANY = 40, 2000
# The weight at a meeting is found to this share of itself.
DIGITS = 1e-13


@dataclass(frozen=True, eq=False)
class PushedLoss:
    """UL of the minimisers of J for every alpha above 0, as a sum of squares of parts that move one way.

    Definition: UL = rest + sum_i (ends_i - share_i gaps_i)^2 with share_i = held_i / (held_i + alpha pulled_i), which
    falls from 1 as alpha comes down to 0 to 0 as it grows without end.
    Shapes: ends, gaps, held and pulled (k,); rest one number.
    Errors: none.
    Source: derived here; theory section 4 (D3).

    Attributes
    ----------
    ends : what the targets are off the labels along each direction that weights can reach.
    gaps : what the model misses of the targets along it as alpha comes down to 0.
    held, pulled : how strongly the rows to keep and mu hold that direction, and how strongly the targets pull at it.
    rest : the part of UL that no weights change.
    scale : the size of labels and targets.
    """

    ends: Array
    gaps: Array
    held: Array
    pulled: Array
    rest: float
    scale: float

    def shares(self, alphas: Sequence[float] | Array) -> Array:
        """Return what is left of every gap: (m,) -> (m, k); alpha = 0 is the limit from above, inf the other one."""
        at = np.asarray(alphas, dtype=float)[:, None]
        with np.errstate(invalid="ignore"):
            shares = self.held / (self.held + at * self.pulled)
        return np.where(np.isinf(at) | (self.held == 0), 0.0, shares)

    def at(self, alphas: Sequence[float] | Array) -> Array:
        """Return UL for every alpha, (m,) -> (m,), with the limits as in `shares`."""
        return np.asarray(self.rest + ((self.ends - self.shares(alphas) * self.gaps) ** 2).sum(axis=1))

    @property
    def idle(self) -> bool:
        """Whether every alpha above 0 leads to one model.

        Two weights alpha share their model exactly if the gradients of both errors (that of the rows, with mu, and
        that of the targets) vanish there, and then all do: no gap is left to close.
        """
        return bool((np.abs(self.gaps) <= SAME * self.scale).all())

    def meetings(self, level: float) -> tuple[tuple[float, ...], bool]:
        """Return the weights alpha at which UL passes `level`, and whether there is proved to be no other.

        Every interval of alpha is dropped where bounds keep UL off the level, settled by its two ends where UL rises or
        falls all through it, and else halved.
        """
        steps = np.geomspace(LEAST, MOST, FIRST_INTERVALS + 1)
        low, high = np.append(0.0, steps), np.append(steps, np.inf)
        found: list[float] = []
        for _ in range(HALVINGS):
            most, least = self.shares(low), self.shares(high)  # shares fall with alpha
            first, last = self.ends - most * self.gaps, self.ends - least * self.gaps
            squares = first**2, last**2
            crosses = np.sign(first) * np.sign(last) < 0
            under = self.rest + np.where(crosses, 0.0, np.minimum(*squares)).sum(axis=1)
            over = self.rest + np.maximum(*squares).sum(axis=1)
            near = (under <= level) & (level <= over)
            # UL's slope in log alpha is the sum of 2 gap error share (1 - share).
            slopes = self.gaps * first, self.gaps * last
            spread = most * (1 - most), least * (1 - least)
            widest = np.where((least <= 0.5) & (most >= 0.5), 0.25, np.maximum(*spread))
            narrowest = np.minimum(*spread)
            down, up = np.minimum(*slopes), np.maximum(*slopes)
            falls = (np.where(up > 0, up * widest, up * narrowest)).sum(axis=1) < 0
            rises = (np.where(down > 0, down * narrowest, down * widest)).sum(axis=1) > 0
            ends = (self.at(low) - level) * (self.at(high) - level)
            settled = near & (falls | rises)
            for i in np.flatnonzero(settled & (ends <= 0)):
                found.append(self._root(float(low[i]), float(high[i]), level))
            open_ = near & ~settled
            if not open_.any():
                return tuple(sorted(set(found))), True
            low, high = low[open_], high[open_]
            if 2 * len(low) > MANY:
                break
            middle = np.sqrt(np.maximum(low, 1e-300)) * np.sqrt(np.minimum(high, 1e300))
            low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        for start, stop in zip(low, high, strict=True):
            if (self.at((start,))[0] - level) * (self.at((stop,))[0] - level) < 0:
                found.append(self._root(float(start), float(stop), level))
        return tuple(sorted(set(found))), False

    def _root(self, low: float, high: float, level: float) -> float:
        low, high = max(low, 1e-300), min(high, 1e300)

        def excess(log_alpha: float) -> float:
            return float(self.at((np.exp(log_alpha),))[0]) - level

        start, stop = np.log(low), np.log(high)
        if excess(start) * excess(stop) > 0:  # rounding at an end that lies on the level
            return low if abs(excess(start)) < abs(excess(stop)) else high
        return float(np.exp(scipy.optimize.brentq(excess, start, stop, xtol=DIGITS)))


def pushed_loss(problem: Problem, target: str, mu: float) -> PushedLoss:
    """Return UL of the minimisers of J as a function of alpha, all of it.

    Definition: with U S V' = [X_t / sqrt(n_t); X_f / sqrt(n_f)] and h = S / sqrt(S^2 + mu), the singular values of
    U_f h are sqrt(pulled); held is 1 - pulled.
    Shapes: one `PushedLoss`.
    Errors: ValueError as `Push`.
    Source: derived here; theory section 4. Rank is that of `directions`.
    """
    push = Push(problem, target, mu)
    n_t, n_f = len(problem.y_t), problem.n_forget
    missed = np.concatenate([problem.y_t, push.t]) - problem.rows.X_seen @ problem.w_o
    missed_t, missed_f = missed[:n_t] / np.sqrt(n_t), missed[n_t:] / np.sqrt(n_f)
    off = (push.t - problem.y_f) / np.sqrt(n_f)
    scale = float(np.sqrt(mean_square(problem.y_f)) + np.sqrt(mean_square(push.t)))
    weight = np.repeat([1 / np.sqrt(n_t), 1 / np.sqrt(n_f)], [n_t, n_f])
    all_rows = directions(weight[:, None] * problem.rows.X_seen)
    s, left = all_rows.values, all_rows.left
    none = np.zeros(0)
    if not len(s):
        return PushedLoss(none, none, none, none, mean_square(problem.y_f), scale)
    shrink = s / np.sqrt(s**2 + mu)
    seen_t = left[:n_t] * shrink
    own = directions(left[n_t:] * shrink)
    pulls, P, W = own.values, own.left, own.right
    held = ((seen_t @ W) ** 2).sum(axis=0) + mu * (W**2 / (s**2 + mu)[:, None]).sum(axis=0)
    # At mu = 0 nothing holds what the rows of fine-tuning cannot see: the strongest pulls, as many as ranks differ.
    free = np.arange(len(pulls)) < (len(s) - problem.tune_space.rank if mu == 0 else 0)
    held = np.where(free, 0.0, held)
    gaps = P.T @ missed_f - pulls * (W.T @ (seen_t.T @ missed_t)) / np.where(free, 1.0, held)
    stays = off - missed_f
    return PushedLoss(
        ends=P.T @ off,
        gaps=np.where(free, 0.0, gaps),
        held=held,
        pulled=pulls**2,
        rest=float(stays @ stays - (P.T @ stays) @ (P.T @ stays)),
        scale=scale,
    )


@dataclass(frozen=True)
class Crossing:
    """A model whose unlearning loss equals golden's.

    Definition: UL(w) = UL(w_g); of several on a scale, the one nearest to golden.
    Shapes: one number each.
    Errors: none.
    Source: theory section 4 (D5).

    Attributes
    ----------
    alpha : the weight of the push that leads to it.
    unlearning_loss : its UL.
    distance : |w - w_g|.
    row_gap : root mean square of its predictions on the forget rows minus golden's.
    golden : whether it is golden, up to rounding.
    """

    alpha: float
    unlearning_loss: float
    distance: float
    row_gap: float
    golden: bool


@dataclass(frozen=True)
class Meeting:
    """Where the unlearning loss of a push equals golden's, on a scale of weights and beyond it.

    Definition: UL(w(alpha)) = UL(w_g) for alpha from 0 to the largest of the scale, and for larger ones.
    Shapes: none.
    Errors: none.
    Source: theory section 4 (D5); `PushedLoss.meetings`.

    Attributes
    ----------
    crossing : the model on the scale; None where there is none.
    beyond : the smallest weight above the scale at which the losses meet; None where none was found.
    nowhere : whether it is proved that no weight, however large, makes them equal or nearly so.
    approaches : whether UL comes as close to golden's as one likes where alpha grows without end.
    start, first : UL without a push, and its limit as the push fades out: where they differ, any push makes a jump.
    level : UL(w_g).
    """

    crossing: Crossing | None
    beyond: float | None
    nowhere: bool
    approaches: bool
    start: float
    first: float
    level: float

    @property
    def jumps_over(self) -> bool:
        """Whether any push, however small, takes UL from one side of golden's to the other, with no model between."""
        if "same" in (loss_likeness(self.start, self.level), loss_likeness(self.first, self.level)):
            return False
        return (self.start < self.level) != (self.first < self.level)


def _crossing(problem: Problem, push: Push, alpha: float) -> Crossing:
    w = push.weights((alpha,))[0]
    away = w - problem.w_g
    distance = float(np.linalg.norm(away))
    return Crossing(
        alpha=alpha,
        unlearning_loss=unlearning_loss(problem, w),
        distance=distance,
        row_gap=float(np.sqrt(np.mean((problem.X_f @ away) ** 2))),
        golden=is_nothing(distance, weight_scale(problem)),
    )


def meeting(
    problem: Problem, alphas: Sequence[float] | Array, target: str, mu: float, found: PushedLoss | None = None
) -> Meeting:
    """Return where the unlearning loss of a push equals golden's, for weights from 0 to the largest of `alphas`.

    Definition: weights of the scale at which the two losses are one number, and every place where UL passes golden's.
    `found` is the `pushed_loss` of this push, where it is at hand.
    Shapes: alphas (k,), ascending, the first of them 0.
    Errors: ValueError as `Push`.
    Source: theory section 4 (D5).
    """
    push, loss = Push(problem, target, mu), found or pushed_loss(problem, target, mu)
    level, on_scale = unlearning_loss(problem, problem.w_g), np.asarray(alphas, dtype=float)
    start = float(push.unlearning_losses((0.0,))[0])
    values = np.where(on_scale > 0, loss.at(on_scale), start).tolist()
    ties = [alpha for alpha, ul in zip(on_scale.tolist(), values, strict=True) if loss_likeness(ul, level) == "same"]
    passed, every = loss.meetings(level)
    # A loss that only comes ever closer to golden's meets it at no weight, and beyond all weights rounding decides.
    approaches = loss_likeness(float(loss.at((np.inf,))[0]), level) == "same"
    passed = tuple(alpha for alpha in passed if alpha < MOST)
    here = [alpha for alpha in passed if alpha <= on_scale[-1]]
    beyond = [alpha for alpha in passed if alpha > on_scale[-1]]
    crossings = [_crossing(problem, push, alpha) for alpha in (*ties, *here)]
    return Meeting(
        crossing=min(crossings, key=lambda crossing: crossing.distance, default=None),
        beyond=beyond[0] if beyond else None,
        nowhere=every and not (passed or ties or approaches),
        approaches=approaches,
        start=start,
        first=float(loss.at((0.0,))[0]),
        level=level,
    )


@dataclass(frozen=True)
class Weighing:
    """Whether the weight of a push matters, and what the pushed models fit.

    Definition: idle where all alpha above 0 share one model (`PushedLoss.idle`); then it fits the rows it trains on as
    well as any weights can, with mu = 0, and the targets too.
    Shapes: none.
    Errors: none.
    Source: derived here; theory section 4 (D3), for the rows trained on and the targets at hand.

    Attributes
    ----------
    idle : whether every alpha above 0 leads to one model.
    fits_rows, meets_targets : whether the model at alpha = 1 has no error on the rows it trains on, and on the targets.
    """

    idle: bool
    fits_rows: bool
    meets_targets: bool


def weighing(problem: Problem, target: str, mu: float, found: PushedLoss | None = None) -> Weighing:
    """Return whether the weight of a push matters.

    Definition: see `Weighing`; an error is none where it is rounding beside the labels. `found` is the `pushed_loss` of
    this push, where it is at hand.
    Shapes: one `Weighing`.
    Errors: ValueError as `Push`.
    Source: derived here.
    """
    push = Push(problem, target, mu)
    (w,) = push.weights((1.0,))
    rows, targets = problem.X_t @ w - problem.y_t, problem.X_f @ w - push.t
    size = SAME * float(np.sqrt(mean_square(problem.y) + mean_square(push.t)))
    return Weighing(
        idle=(found or pushed_loss(problem, target, mu)).idle,
        fits_rows=bool(np.sqrt(mean_square(rows)) <= size),
        meets_targets=bool(np.sqrt(mean_square(targets)) <= size),
    )
