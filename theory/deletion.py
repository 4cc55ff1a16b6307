"""Rows taken out in closed form: exact deletion, and the posterior from which their likelihood is divided."""

from theory.damped import RIDGE, ridge_pretrained
from theory.linalg import Array, row_space
from theory.method import RIDGE_GOLDEN, Method
from theory.problem import Problem
from theory.spec import Refusal


def dependent_rows(problem: Problem) -> Refusal | None:
    """Return the Refusal of rows of which some depend on others, or None where X has full row rank.

    Source: derived here: without it the inverse of X X', from which rows are deleted, does not exist.
    """
    if problem.fits_any_labels:
        return None
    return Refusal(
        "rows must be linearly independent to be deleted in closed form, got {rows} rows of rank {rank}: use the "
        "projection, which needs no inverse, or the Newton step, which has a ridge",
        {"rows": len(problem.X), "rank": problem.rank},
    )


def forget_directions(problem: Problem) -> Array:
    """Return B, the columns of X^+ of the forget rows, (d, n_forget): what their labels alone can set.

    Definition: X_r B = 0 and X_f B = I, so the columns span the part of the row space of X that the retain rows cannot
    see. B'B is the block of (X X')^-1 of the forget rows, and B'w_o are the forget rows' own coefficients.
    Errors: Refusal where the rows are dependent.
    Source: derived here; theory section 1.
    """
    refused = dependent_rows(problem)
    if refused is not None:
        raise refused
    return problem.rows.forget_directions


def exact_deletion(problem: Problem) -> Array:
    """Delete the forget rows from w_o in closed form, (d,): w_o - B (B'B)^-1 B'w_o = w_g.

    Definition: with G = (X X')^-1 and a = G y, the coefficients become a - G_F (G_FF)^-1 a_F, which are zero on the
    forget rows. Since B = X'G_F, this takes out of w_o its projection onto the columns of B.
    Errors: Refusal where the rows are dependent.
    Source: standard linear algebra (block inverse, Woodbury); derived here for the interpolating limit.
    """
    return problem.w_o - row_space(forget_directions(problem).T).project(problem.w_o)


def posterior_mean(problem: Problem, ridge: float = 1.0) -> Array:
    """Divide the forget rows' likelihood out of a Gaussian posterior; return the mean that is left, (d,).

    Definition: precision L = X'X + ridge I and mean m become L - X_f'X_f and (L - X_f'X_f)^-1 (L m - X_f'y_f): natural
    parameters are subtracted, the rest is the posterior of the retain rows. ridge = noise variance / prior variance.
    Source: our reading of arXiv 2010.12883, where the posterior is exact.
    """
    mean = ridge_pretrained(problem, ridge)
    natural = problem.X.T @ (problem.X @ mean) + ridge * mean
    return problem.rows.ridge_system(ridge).inverse_hessian(natural - problem.X_f.T @ problem.y_f, retain=True)


def _all_rows(problem: Problem, **_: object) -> int:
    return len(problem.X)


ROWS = (
    Method(
        key="exact_deletion",
        label="Exact deletion",
        formula=r"w_o - B\,(B'B)^{-1}B'\,w_o,\quad B = X^{+}_{\cdot F}",
        idea="Take out of the pretrained model everything that only the labels of the rows to forget could set.",
        source="standard linear algebra (block inverse, Woodbury); its interpolating limit is derived here",
        needs=frozenset({"retain", "forget", "pretrained"}),
        lacks=dependent_rows,
        fit=exact_deletion,
        touches=_all_rows,
        at_interpolation="It ends at golden: what it subtracts is exactly what the rows to keep cannot see.",
    ),
    Method(
        key="posterior_mean",
        label="Bayesian unlearning (mean)",
        formula=r"(\Lambda - X_f'X_f)^{-1}(\Lambda m - X_f'y_f),\quad \Lambda = X'X + \lambda I",
        idea="Divide the evidence of the rows to forget out of a posterior, and take the mean that is left.",
        source="our reading of arXiv 2010.12883, where the posterior is exact",
        needs=frozenset({"retain", "forget", "pretrained"}),
        parameters=(RIDGE,),
        fit=posterior_mean,
        reference=RIDGE_GOLDEN,
        touches=_all_rows,
        at_interpolation="It ends at the ridge golden model: where nothing is known it goes back to the prior's "
        "mean, 0.",
        seeds_paper="2010.12883",
    ),
)
