"""Forgetting with the forget inputs alone: a linear model is shrunk, whatever those inputs are."""

from theory.linalg import Array
from theory.method import Method, Parameter
from theory.problem import Problem


def shrinking(problem: Problem, strength: float = 0.01) -> Array:
    """Make outputs change little where the forget rows are perturbed, (d,): w_o / (1 + strength n_f).

    Definition: the minimiser of |w - w_o|^2 + strength sum over forget rows of the squared slope, which is |w|^2 at
    every row of a linear model: plain shrinking, which cannot tell one row from another.
    Source: our reading of arXiv 2402.01401, whose Lipschitz penalty a linear model reduces to this.
    """
    return problem.w_o / (1.0 + strength * problem.n_forget)


def _forget_rows(problem: Problem, **_: object) -> int:
    return problem.n_forget


ROWS = (
    Method(
        key="shrinking",
        label="Just in time (linear)",
        formula=r"w_o / (1 + \mu\,n_f)",
        idea="Flatten the model around the rows to forget; a linear one is equally steep everywhere, and shrinks as a "
        "whole.",
        source="our reading of arXiv 2402.01401, reduced to a linear model, where it loses its point",
        needs=frozenset({"forget", "pretrained"}),
        parameters=(
            Parameter(
                name="strength",
                default=0.01,
                low=0.0,
                high=10.0,
                log=True,
                help="How much every row to forget flattens the model, mu.",
            ),
        ),
        fit=shrinking,
        touches=_forget_rows,
        at_interpolation="It shrinks all weights alike: the more, the worse the rows to keep are fitted.",
        seeds_paper="2402.01401",
    ),
)
