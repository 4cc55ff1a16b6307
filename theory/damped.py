"""Ridge models of a problem: pretrained and golden under a pull to zero, whose strength is a parameter."""

from theory.linalg import Array
from theory.method import Parameter
from theory.problem import Problem

# Below this the inverse of the Hessian outside the rows, 1 / strength, costs more digits than a check can spare.
WEAKEST = 1e-3
RIDGE = Parameter(
    name="ridge",
    default=1.0,
    low=WEAKEST,
    high=1e3,
    log=True,
    help="Strength of the ridge that the model was trained with; golden is retrained with the same.",
)
# Where the start may also be the pretrained model itself, which interpolates where it can.
START = Parameter(
    name="ridge",
    default=1.0,
    low=0.0,
    high=1e3,
    log=True,
    help="Strength of the ridge that the model was trained with; with 0 it is the pretrained model itself.",
)


def ridge_pretrained(problem: Problem, strength: float) -> Array:
    """Return the minimiser of |X w - y|^2 + strength |w|^2 over all rows, (d,); w_o for strength 0.

    Source: theory section 2 (I7).
    """
    return problem.w_o if strength == 0 else problem.rows.ridge_system(strength).fit(problem.y)


def ridge_golden(problem: Problem, strength: float) -> Array:
    """Return the minimiser of |X_r w - y_r|^2 + strength |w|^2, (d,): retrained without; w_g for strength 0.

    Source: theory section 2 (I7).
    """
    return problem.w_g if strength == 0 else problem.rows.ridge_system(strength).fit(problem.y_r, retain=True)
