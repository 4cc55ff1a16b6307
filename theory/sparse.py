"""Weights set to zero: fine-tuning with an l1 penalty, and a mask made from the gradient on the forget rows."""

import numpy as np
from scipy.linalg.blas import dgemv

from theory.damped import RIDGE, ridge_pretrained
from theory.linalg import Array
from theory.method import Method, Parameter
from theory.problem import Problem
from theory.tuning import fine_tune_from


def l1_path_end(problem: Problem, alpha: float, steps: int) -> Array:
    """Return w_o after proximal gradient steps on |X_t w - y_t|^2 / n_t + alpha_k |w|_1, (d,), before fine-tuning.

    Definition: the step is n_t / (2 s_max^2); alpha_k = alpha (1 - k / steps) decays linearly, so a weight the rows
    do not see shrinks by step alpha (steps + 1) / 2 in all, and stays at zero once there.
    Source: our reading of arXiv 2304.04934; the proximal step in place of its subgradient is derived here.
    """
    X, y, w, (steepest, *_) = problem.X_t, problem.y_t, problem.w_o.copy(), problem.rows.steepest
    if not steepest:
        return w
    step, used = len(X) / (2 * steepest), X.any(axis=0)
    # What no row uses has no slope: it shrinks by the sum of all shrinkings.
    w[~used] = _shrunk(w[~used], step * alpha * (steps + 1) / 2)
    X = np.asfortranarray(X[:, used])
    found = w[used]
    for k in range(steps):
        residual = dgemv(1.0, X, found, -1.0, y)
        found = dgemv(-1.0 / steepest, X, residual, 1.0, found, trans=1, overwrite_y=1)
        found = _shrunk(found, step * alpha * (1 - k / steps))
    w[used] = found
    return w


def _shrunk(w: Array, by: float) -> Array:
    """Return weights nearer to zero by so much, and zero where they are nearer already."""
    return np.asarray(w - np.minimum(np.maximum(w, -by), by))


def l1_sparse(problem: Problem, alpha: float = 0.02, steps: float = 1000) -> Array:
    """Fine-tune with an l1 penalty that fades, then without, (d,).

    (3) 1000 steps are enough for the picture.
    Source: our reading of arXiv 2304.04934.
    """
    return fine_tune_from(problem, l1_path_end(problem, alpha, round(steps)))


def saliency_mask(problem: Problem, share: float = 0.5, ridge: float = 1.0) -> Array:
    """Zero the weights with the largest gradient of the forget loss, then fine-tune, (d,).

    Definition: m is 0 on the round(share d) features with the largest |X_f'(X_f w - y_f)| at the ridge model w, 1 on
    the others; N(X_t, y_t; m w). Where w interpolates, all those gradients are zero, so the model needs a ridge.
    Source: our reading of arXiv 2310.12508 (gradient saliency); zeroing stands for its random labels.
    """
    start = ridge_pretrained(problem, ridge)
    salience = np.abs(problem.X_f.T @ (problem.X_f @ start - problem.y_f))
    masked = start.copy()
    masked[np.argsort(-salience, kind="stable")[: round(share * problem.d)]] = 0.0
    return fine_tune_from(problem, masked)


def _step_rows(problem: Problem, steps: float, **_: object) -> int:
    return (round(steps) + 1) * problem.tune_rows


ROWS = (
    Method(
        key="l1_sparse",
        label="l1-sparse fine-tuning",
        formula=r"N(X_t, y_t;\ w_K),\quad w_{k+1} = S_{\eta\alpha_k}\left(w_k - \eta\,\nabla L_t(w_k)\right)",
        idea="Fine-tune while all weights shrink by the same amount until they reach zero; then let the penalty go.",
        source="our reading of arXiv 2304.04934",
        needs=frozenset({"retain", "pretrained"}),
        parameters=(
            Parameter(
                name="alpha", default=0.02, low=0.0, high=10.0, log=True, help="Weight of the l1 penalty at the start."
            ),
            Parameter(
                name="steps",
                default=1000,
                low=1,
                high=3000,
                log=True,
                help="Steps until the penalty has faded.",
                whole=True,
            ),
        ),
        fit=l1_sparse,
        touches=_step_rows,
        iterated=True,
        at_interpolation="Weights that only the rows to forget use go to zero at an even pace, while the others "
        "may become another fit of the rows to keep.",
    ),
    Method(
        key="saliency_mask",
        label="Saliency mask",
        formula=r"N(X_t, y_t;\ m \odot w_\lambda),\quad m_j = 0\ \mathrm{where}\ |X_f'(X_f w_\lambda - y_f)|_j"
        r"\ \mathrm{is\ large}",
        idea="Zero the weights on which the error of the rows to forget hangs most, then fine-tune.",
        source="our reading of arXiv 2310.12508",
        needs=frozenset({"retain", "forget", "pretrained"}),
        parameters=(
            Parameter(
                name="share", default=0.5, low=0.0, high=1.0, log=False, help="Share of the weights that is zeroed."
            ),
            RIDGE,
        ),
        fit=saliency_mask,
        at_interpolation="It cannot choose there: the gradient is zero for every weight, so it starts from a model "
        "with a ridge.",
    ),
)
