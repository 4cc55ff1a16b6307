"""The picture of unlearning that is exact: right triangles with true lengths, for any number of features."""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np

from theory.linalg import Array
from theory.problem import Problem


@dataclass(frozen=True, eq=False)
class Triangle:
    """The points 0, w_g and w_o in the plane spanned by w_g and (I - P_r) w_o, and fine-tuning from s w_o.

    Definition: the horizontal axis runs along w_g, the vertical one along (I - P_r) w_o. Fine-tuning on all retain rows
    from s w_o ends at w_g + s (I - P_r) w_o, which lies in the plane for any data; w_o lies in it when w_g = P_r w_o,
    else its shadow is drawn and `off` says how far away it is.
    Shapes: starts, losses (k,); begins, ends (k, 2) in the plane; all else one number or one point.
    Errors: none; `triangle` makes it.
    Source: theory sections 2 (I1, I3, I4) and 7.

    Attributes
    ----------
    golden, pretrained, leftover : the lengths |w_g|, |w_o| and |(I - P_r) w_o|.
    foot : where the shadow of P_r w_o lies on the horizontal axis; at `golden` when w_g = P_r w_o.
    gap : |P_r w_o - w_g|, zero when the triangle is right.
    off : distance of w_o from the plane.
    pinned : whether the retain rows settle every weight, so that only one model fits them best.
    starts : the values of s.
    begins, ends : the shadow of s w_o, and where fine-tuning takes it.
    losses : UL after fine-tuning from s w_o.
    golden_loss, pretrained_loss : UL(w_g) and UL(w_o).
    loss_scale : the size losses on the forget rows are compared with: mean y_f^2, or UL(w_g) where that is larger.
    """

    golden: float
    pretrained: float
    leftover: float
    foot: float
    gap: float
    off: float
    pinned: bool
    starts: tuple[float, ...]
    begins: Array
    ends: Array
    losses: Array
    golden_loss: float
    pretrained_loss: float
    loss_scale: float


def _unit(v: Array) -> Array:
    size = float(np.linalg.norm(v))
    return v / size if size > 0 else v


def triangle(problem: Problem, starts: Sequence[float]) -> Triangle:
    """Return the exact triangle of a problem, and fine-tuning on all its retain rows from each start s w_o.

    Definition: see `Triangle`; losses are computed on the forget rows at every s, not from the parabola.
    Shapes: starts (k,).
    Errors: ValueError if a start is not a finite number.
    Source: theory sections 2 and 7.
    """
    if not all(isinstance(s, Real) and np.isfinite(s) for s in starts):
        raise ValueError(f"starts must be finite numbers, got {tuple(starts)!r}: give factors such as 0.5")
    w_o, w_g, s = problem.w_o, problem.w_g, np.array(starts, dtype=float)
    foot = problem.retain_space.project(w_o)
    orphan = w_o - foot
    golden, leftover = float(np.linalg.norm(w_g)), float(np.linalg.norm(orphan))
    along = _unit(w_g if golden > 0 else foot)
    shadow = float(foot @ along)
    # What is left after taking the difference, not the difference of two squares: zero stays zero.
    off = float(np.linalg.norm(foot - shadow * along))
    missed = problem.X_f @ w_g - problem.y_f
    losses = np.mean((missed + s[:, None] * (problem.X_f @ orphan)) ** 2, axis=1)
    golden_loss = float(np.mean(missed**2))
    return Triangle(
        golden=golden,
        pretrained=float(np.linalg.norm(w_o)),
        leftover=leftover,
        foot=shadow,
        gap=float(np.linalg.norm(foot - w_g)),
        off=off,
        pinned=problem.retain_rank == problem.d,
        starts=tuple(float(v) for v in starts),
        begins=np.outer(s, [shadow, leftover]),
        ends=np.column_stack([np.full(len(s), golden), s * leftover]),
        losses=losses,
        golden_loss=golden_loss,
        pretrained_loss=float(np.mean((problem.X_f @ w_o - problem.y_f) ** 2)),
        loss_scale=max(float(np.mean(problem.y_f**2)), golden_loss),
    )


@dataclass(frozen=True, eq=False)
class Scene:
    """Weight space for three features, one retain row and one forget row, turned so that w_g is along the first axis.

    Definition: the models that fit a row are a plane at right angles to it. First axis w_g, second (I - P_r) w_o, which
    is the part of the forget row at right angles to the retain row, third the direction of the line both planes share.
    Shapes: retain, forget (3,) unit rows with their distances from 0; w_g, w_o (3,); begin, end (3,).
    Errors: none; `scene` makes it.
    Source: theory section 7.

    Attributes
    ----------
    retain, forget : directions of the two rows.
    retain_at, forget_at : where their planes cut the directions.
    w_g, w_o : golden and pretrained.
    begin, end : a start point s w_o and where fine-tuning takes it.
    """

    retain: Array
    forget: Array
    retain_at: float
    forget_at: float
    w_g: Array
    w_o: Array
    begin: Array
    end: Array


def scene(problem: Problem, start: float) -> Scene:
    """Return the two planes of a problem of three features and one row of each kind, and fine-tuning from start * w_o.

    Definition: see `Scene`; an isometry of weight space, so that every length and angle is true.
    Shapes: none.
    Errors: ValueError unless the problem has 3 features, 1 retain row and 1 forget row.
    Source: theory section 7.
    """
    shape = problem.d, problem.n_retain, problem.n_forget
    if shape != (3, 1, 1):
        raise ValueError(
            f"problem must have 3 features, 1 retain row and 1 forget row, got {shape}: use d=3, n_retain=1, n_forget=1"
        )
    x_r, x_f = problem.X_r[0], problem.X_f[0]
    first = _unit(problem.w_g) if problem.w_g.any() else _unit(x_r)
    orphan = problem.w_o - problem.retain_space.project(problem.w_o)
    second = _unit(orphan) if orphan.any() else _unit(np.cross(first, np.eye(3)[int(np.argmin(np.abs(first)))]))
    axes = np.stack([first, second, np.cross(first, second)])
    r, f = float(np.linalg.norm(x_r)), float(np.linalg.norm(x_f))
    return Scene(
        retain=axes @ _unit(x_r),
        forget=axes @ _unit(x_f),
        retain_at=float(problem.y_r[0]) / r if r else 0.0,
        forget_at=float(problem.y_f[0]) / f if f else 0.0,
        w_g=axes @ problem.w_g,
        w_o=axes @ problem.w_o,
        begin=axes @ (start * problem.w_o),
        end=axes @ (problem.w_g + start * orphan),
    )
