"""What the page dynamics computes and remembers."""

from dataclasses import dataclass, replace

import numpy as np

from theory import (
    Array,
    Modes,
    Problem,
    gradient_modes,
    gradient_path,
    largest_stable_step,
    losses,
    objective_rows,
    ridge,
)
from theory.data import Data
from theory.linalg import directions
from ui.lessons.dynamics.text import CLOCK_ALPHA, CLOCK_RIDGE, CLOCK_STEPS, COST_ROWS
from ui.server.cache import kept
from ui.server.results import problem_of


def ridge_strength(X: Array) -> float:
    """Return the ridge that the page dynamics pretrains with, in proportion to the mean squared length of the rows."""
    return CLOCK_RIDGE * float(np.sum(X**2)) / len(X)


def _start(problem: Problem, start: str) -> Array:
    if start == "ridge":
        return ridge(problem.X, problem.y, ridge_strength(problem.X))
    return problem.w_o if start == "pretrained" else np.zeros(problem.d)


@kept(32)
def modes(
    spec: Data, start: str = "pretrained", share: float = 0.5, decay: float = 1e-3, objective: str = "retain"
) -> Modes:
    """Return `CLOCK_STEPS` of gradient descent, direction by direction. At most 32 kept, below 1 MB each.

    `start` is "pretrained", "ridge" or "zero"; `share` the step as a share of the largest stable one; `objective`
    "retain" or "shuffled".
    """
    problem = problem_of(spec)
    own = None if objective == "retain" else objective_rows(problem, CLOCK_ALPHA, "shuffled")
    if own is None:
        step_size = share * largest_stable_step(problem.X_t, decay, problem.rows.tune_directions)
    else:  # largest_stable_step speaks of a mean over rows; these are scaled for a sum
        step_size = share * largest_stable_step(np.sqrt(len(own[0])) * own[0], decay)
    found = gradient_modes(problem, _start(problem, start), CLOCK_STEPS, step_size, decay, own)
    return replace(found, weights=found.weights[:0])  # what no picture shows is not kept


@dataclass(frozen=True, eq=False)
class Cost:
    """Both errors after the last of `CLOCK_STEPS`, against how many rows to keep training sees.

    Shapes: rows, remaining_loss and unlearning_loss (k,), fewest rows first; golden_loss one number.
    """

    rows: Array
    remaining_loss: Array
    unlearning_loss: Array
    golden_loss: float


@kept(64)
def cost(spec: Data, start: str, share: float, decay: float) -> Cost:
    """Return what fine-tuning on the rows to keep costs and forgets for about `COST_ROWS` numbers of rows it sees."""
    problem = problem_of(spec)
    w_0, n = _start(problem, start), spec.n_retain
    counts = sorted({*np.linspace(max(1.0, n / 10), n, COST_ROWS).round().astype(int).tolist(), spec.tune_rows})
    models = []
    for count in counts:
        X, y = problem.X_r[:count], problem.y_r[:count]
        found = problem.rows.tune_directions if count == spec.tune_rows else directions(X)
        step = share * largest_stable_step(X, decay, found)
        models.append(gradient_path(X, y, w_0, CLOCK_STEPS[-1:], step, decay, found).weights[0])
    remaining, unlearning = losses(problem, np.stack([*models, problem.w_g], axis=1))
    return Cost(np.array(counts, dtype=float), remaining[:-1], unlearning[:-1], float(unlearning[-1]))
