"""Certified removal: a Newton step on an objective with a random linear term that hides what the step leaves."""

from theory.damped import RIDGE, ridge_pretrained
from theory.linalg import Array
from theory.method import RIDGE_GOLDEN, Method, Parameter
from theory.problem import Problem
from theory.streams import REMOVAL, stream


def perturbation(problem: Problem, noise: float) -> Array:
    """Return b, the random linear term of the objective, (d,), from the problem's own seed."""
    return noise * stream(problem.seed, REMOVAL).standard_normal(problem.d)


def certified_removal(problem: Problem, ridge: float = 1.0, noise: float = 0.01) -> Array:
    """Remove the forget rows from a model that was trained with a random linear term, by one Newton step, (d,).

    Definition: the ridge is counted for each row, l = ridge / n_retain. The model minimises 1/2 |X w - y|^2 + l n / 2
    |w|^2 + b'w with n rows, the step adds [X_r'X_r + ridge I]^-1 (n_f l w + X_f'(X_f w - y_f)). On a quadratic it is
    exact for the same b, so what b adds is the price of the certificate alone.
    Source: our reading of arXiv 1911.03030 (Newton step and objective perturbation).
    """
    per_row, b = ridge / problem.n_retain, perturbation(problem, noise)
    strength = per_row * len(problem.X)
    w = ridge_pretrained(problem, strength) - problem.rows.ridge_system(strength).inverse_hessian(b)
    change = problem.n_forget * per_row * w + problem.X_f.T @ (problem.X_f @ w - problem.y_f)
    return w + problem.rows.ridge_system(ridge).inverse_hessian(change, retain=True)


def _all_rows(problem: Problem, **_: object) -> int:
    return len(problem.X)


ROWS = (
    Method(
        key="certified_removal",
        label="Certified removal",
        formula=r"w_b + (X_r'X_r + \lambda I)^{-1}\left(\tfrac{n_f}{n_r}\lambda\,w_b + X_f'(X_f w_b - y_f)\right)",
        idea="A Newton step on a model trained with a random pull b, which hides what a step may leave.",
        source="our reading of arXiv 1911.03030",
        needs=frozenset({"retain", "forget", "pretrained"}),
        parameters=(
            RIDGE,
            Parameter(
                name="noise",
                default=0.01,
                low=0.0,
                high=10.0,
                log=True,
                help="Standard deviation of every entry of the random pull b.",
            ),
        ),
        fit=certified_removal,
        reference=RIDGE_GOLDEN,
        touches=_all_rows,
        at_interpolation="It ends at the ridge golden model plus what the random pull adds, which is largest where "
        "the rows to keep see nothing.",
    ),
)
