"""Gradient descent direction by direction: which part of a model moves, at what pace, and which part never does."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from theory.linalg import Array, directions
from theory.losses import unlearning_loss
from theory.problem import Problem

# A distance this small beside the weights is the rounding of its end: that direction has arrived. Real distances on
# drawn data are larger by far, and without this a diverging step would blow rounding up to any size.
ARRIVED = 1e-9
# A diverging direction is followed until it has grown this much, and held there: its square is still a number.
HELD = 1e100
# At the largest stable step a distance changes its sign and nothing else; rounding may put its factor beyond 1.
EDGE = 1e-9
# Unit vectors are orthogonal up to this.
ROUNDING = 1e-11
# A direction is done when this share of the distance it had at the start is left: three digits.
DONE = 1e-3


@dataclass(frozen=True, eq=False)
class Modes:
    """Gradient descent as a set of clocks, one for each direction its rows use, and none for the others.

    Definition: after k steps the distance to the end along direction i is factors_i^k times the one at the start, and
    idle^k times it outside the rows descent follows; idle is 1 without decay.
    Shapes: steps (k,), values and factors (r,), strongest direction first, distances (k, r) signed, orphans (k, m)
    coordinates of w_k along the directions that only the forget rows use, seen (k, s) and unseen (k, u) along those of
    the retain rows, losses, distance, leftover and law (k,), weights (k, d), limit (d,).
    Errors: none.
    Source: theory section 5; I7 for the law.

    Attributes
    ----------
    step_size, decay : as asked for.
    values : singular values of the rows descent follows, scaled so that the objective is |A w - b|^2.
    factors : what one step leaves of the distance to the end along each of these directions; beyond 1 in size it grows.
    idle : the same for everything outside these rows.
    distances : distance to the end along each direction, 0 where nothing but rounding is left of it.
    orphans : what w_k holds along an orthonormal basis of the forget rows' part outside the retain rows' space.
    seen, golden_seen : the same along the singular directions of the retain rows fine-tuning sees, and golden's.
    unseen, golden_unseen : the same along what the other retain rows use beside these.
    remaining_loss, unlearning_loss : RL and UL of w_k.
    distance : |w_k - w_g|.
    leftover : |(I - P_r) w_k|.
    law : idle^k |(I - P_r) w_0|, which the leftover follows where descent sees retain rows alone.
    weights : w_k, followed until it has grown by `HELD`.
    limit : where a stable step leads.
    grows : whether something that is not at its end grows with every step: descent diverges.
    golden_loss : UL(w_g).
    size : |w_0| or |w_g|, whichever is larger: what counts as small beside it is rounding.
    """

    steps: NDArray[np.int64]
    step_size: float
    decay: float
    values: Array
    factors: Array
    idle: float
    distances: Array
    orphans: Array
    seen: Array
    golden_seen: Array
    unseen: Array
    golden_unseen: Array
    remaining_loss: Array
    unlearning_loss: Array
    distance: Array
    leftover: Array
    law: Array
    weights: Array
    limit: Array
    grows: bool
    golden_loss: float
    size: float

    @property
    def stable_step(self) -> float:
        """The step size at which the strongest direction neither shrinks nor grows; infinite if nothing pulls."""
        pull = self.decay + (float(self.values[0]) ** 2 if len(self.values) else 0.0)
        return 1.0 / pull if pull > 0 else np.inf

    @property
    def done(self) -> NDArray[np.bool_]:
        """Which directions have lost three digits of their distance, (k, r); one that was at its end is done."""
        return np.asarray(np.abs(self.distances) <= DONE * np.abs(self.distances[0]))


def tuning_objective(problem: Problem) -> tuple[Array, Array]:
    """Return the rows and labels of plain fine-tuning: |A w - b|^2 is the mean squared error on the rows it sees.

    Definition: A = X_t / sqrt(n_t), b = y_t / sqrt(n_t).
    Shapes: A (n_t, d), b (n_t,).
    Errors: none.
    Source: theory section 5.
    """
    scale = np.sqrt(len(problem.y_t))
    return problem.X_t / scale, problem.y_t / scale


def gradient_modes(
    problem: Problem,
    start: Array,
    steps: Sequence[int],
    step_size: float,
    decay: float = 0.0,
    objective: tuple[Array, Array] | None = None,
) -> Modes:
    """Return gradient descent on |A w - b|^2 + decay |w|^2 from `start`, direction by direction, without simulating it.

    Definition: with the singular directions v_i of A, values s_i: along v_i the distance to the end shrinks by
    1 - 2 step_size (s_i^2 + decay) a step, outside them by 1 - 2 step_size decay.
    Shapes: start (d,), steps (k,) whole numbers from 0 on, beginning with 0; objective (A (n, d), b (n,)), by default
    `tuning_objective`.
    Errors: ValueError for steps that do not begin with 0 and rise, a step size or decay below 0 or not finite.
    Source: theory section 5.
    """
    at = np.asarray(steps)
    whole = at.ndim == 1 and at.size > 0 and np.issubdtype(at.dtype, np.integer)
    if not whole or at[0] != 0 or (np.diff(at) <= 0).any():
        raise ValueError(f"steps must be whole numbers that begin with 0 and rise, got {steps!r}: put the start first")
    for name, value in (("step_size", step_size), ("decay", decay)):
        if not (isinstance(value, Real) and np.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be at least 0 and finite, got {value!r}: use 0 to switch it off")
    A, b = tuning_objective(problem) if objective is None else objective
    found = directions(A) if objective is not None else problem.rows.tune_directions
    s, V = found.values / (1.0 if objective is not None else np.sqrt(len(A))), found.right
    along = V.T @ start
    outside = start - V @ along
    outside -= V @ (V.T @ outside)  # what rounding left inside would not decay as the rest does
    end = s * (found.left.T @ b) / (s**2 + decay)
    size = max(float(np.linalg.norm(start)), float(np.linalg.norm(end)))
    away = along - end
    away = np.where(np.abs(away) <= ARRIVED * size, 0.0, away)
    idle = 1.0 - 2.0 * step_size * decay
    # Without decay what is outside stays for ever; with it, it goes to zero.
    limit = V @ end + (outside if decay == 0 else 0.0)
    fading = 0.0 * outside if decay == 0 else outside
    factors = 1.0 - 2.0 * step_size * (s**2 + decay)
    distances = _power(factors, at[:, None]) * away
    rest = _power(np.array([idle]), at[:, None])
    weights = limit + distances @ V.T + rest * fading
    beyond = directions(problem.X_f, problem.retain_space).right
    seen = problem.rows.tune_directions.right
    others = np.zeros((len(start), 0))
    if problem.tune_rows < problem.n_retain:
        others = directions(problem.X_r, problem.tune_space).right
    hidden = _orphaned(problem, V)  # what retain rows cannot see of each direction
    orphaned = limit - problem.retain_space.project(limit) + distances @ hidden.T
    left = orphaned + rest * (fading - problem.retain_space.project(fading))
    leftover = np.linalg.norm(left, axis=1)

    def held(basis: Array) -> Array:
        """Return what w_k holds along orthonormal directions, (k, m)."""
        return np.asarray(limit @ basis + distances @ _rounded(V.T @ basis) + rest * (fading @ basis))

    def loss(X: Array, y: Array) -> Array:
        errors = X @ limit - y + distances @ _rounded(X @ V, float(np.linalg.norm(X))).T + rest * (X @ fading)
        return np.asarray(np.mean(errors**2, axis=1))

    return Modes(
        steps=at.astype(np.int64),
        step_size=float(step_size),
        decay=float(decay),
        values=s,
        factors=factors,
        idle=idle,
        distances=distances,
        orphans=held(beyond),
        seen=held(seen),
        golden_seen=seen.T @ problem.w_g,
        unseen=held(others),
        golden_unseen=others.T @ problem.w_g,
        remaining_loss=loss(problem.X_r, problem.y_r),
        unlearning_loss=loss(problem.X_f, problem.y_f),
        distance=np.linalg.norm(weights - problem.w_g, axis=1),
        leftover=leftover,
        law=np.asarray(rest[:, 0] * leftover[0]),
        weights=weights,
        limit=limit,
        grows=bool(
            (np.abs(factors[away != 0]) > 1 + EDGE).any()
            or (abs(idle) > 1 + EDGE and np.linalg.norm(fading) > ARRIVED * size)
        ),
        golden_loss=unlearning_loss(problem, problem.w_g),
        size=max(float(np.linalg.norm(start)), float(np.linalg.norm(problem.w_g))),
    )


def _power(factors: Array, steps: NDArray[np.int64]) -> Array:
    """Return factors^steps, held at `HELD` in size."""
    with np.errstate(over="ignore", under="ignore"):
        size = np.minimum(np.abs(factors) ** steps, HELD)
    return np.where((factors < 0) & (steps % 2 == 1), -size, size)


def _rounded(products: Array, scale: float = 1.0) -> Array:
    """Return products with unit vectors with what is rounding set to zero: a diverging distance would blow it up."""
    return np.where(np.abs(products) <= ROUNDING * scale, 0.0, products)


def _orphaned(problem: Problem, V: Array) -> Array:
    """Return (I - P_r) V, without the columns that the retain rows see whole."""
    hidden = V - problem.retain_space.project(V)
    return np.where(np.linalg.norm(hidden, axis=0) <= ROUNDING, 0.0, hidden)
