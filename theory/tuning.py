"""Fine-tuning from any start: what most methods end with."""

from theory.linalg import Array
from theory.problem import Problem


def fine_tune_from(problem: Problem, start: Array) -> Array:
    """Fine-tune on D_t from `start`, (d,) -> (d,): the nearest weights that fit the rows fine-tuning sees.

    Source: theory section 1; `theory.nearest` with the problem's shared factorisation.
    """
    return problem.tune_space.nearest(problem.y_t, start)
