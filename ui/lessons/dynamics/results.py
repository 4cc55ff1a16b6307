"""What the page dynamics computes and remembers."""

from dataclasses import replace

import numpy as np

from theory import (
    Array,
    Modes,
    Spec,
    gradient_modes,
    largest_stable_step,
    objective_rows,
    ridge,
    tuning_objective,
)
from ui.lessons.dynamics.text import CLOCK_ALPHA, CLOCK_RIDGE, CLOCK_STEPS
from ui.server.cache import kept
from ui.server.results import problem_of


def ridge_strength(X: Array) -> float:
    """Return the ridge that the page dynamics pretrains with, in proportion to the mean squared length of the rows."""
    return CLOCK_RIDGE * float(np.sum(X**2)) / len(X)


@kept(32)
def modes(spec: Spec, start: str = "ridge", share: float = 0.5, decay: float = 0.0, objective: str = "retain") -> Modes:
    """Return `CLOCK_STEPS` of gradient descent, direction by direction. At most 32 kept, below 1 MB each.

    `start` is "pretrained", "ridge" or "zero"; `share` the step as a share of the largest stable one; `objective`
    "retain" or "shuffled".
    """
    problem = problem_of(spec)
    if start == "ridge":
        w_0 = ridge(problem.X, problem.y, ridge_strength(problem.X))
    else:
        w_0 = problem.w_o if start == "pretrained" else np.zeros(spec.d)
    rows = tuning_objective(problem) if objective == "retain" else objective_rows(problem, CLOCK_ALPHA, "shuffled")
    # largest_stable_step speaks of a mean over rows; these are scaled for a sum.
    step_size = share * largest_stable_step(np.sqrt(len(rows[0])) * rows[0], decay)
    found = gradient_modes(problem, w_0, CLOCK_STEPS, step_size, decay, rows)
    return replace(found, weights=found.weights[:0], held=found.held[:0])  # what no picture shows is not kept
