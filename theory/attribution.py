"""Datamodels: what the model would say without the forget rows is predicted, then matched (`datamodel` and kin)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dposv, dpotrf, dpotri

from theory.deletion import dependent_rows, forget_directions
from theory.linalg import Array, row_space
from theory.method import Method, Option, Parameter
from theory.problem import Problem
from theory.streams import SUBSETS, stream

# (7) The regression on the masks has an intercept and this ridge: with fewer subsets than rows it needs one.
MASK_RIDGE = 1e-3
PROBES = {
    "both": "The outputs on the rows to keep and on the rows to forget are matched.",
    "forget": "Only the outputs on the rows to forget are matched.",
    "retain": "Only the outputs on the rows to keep are matched.",
}


def datamodel(problem: Problem) -> Array:
    """Match the outputs that an additive datamodel predicts, (d,): every forget row's own effect is subtracted.

    Definition: the leave-one-out effect of row i on the output at x is b_i (x) = x'B_i (B_i'w_o) / |B_i|^2; matching
    f(x) - sum of b_i (x) on all rows gives w_o - B diag(B'B)^-1 B'w_o. Exact deletion has the whole (B'B)^-1: the two
    differ by what forget rows know about each other.
    Errors: Refusal where the rows are dependent.
    Source: our reading of arXiv 2410.23232 (datamodel matching).
    """
    B = forget_directions(problem)
    return np.asarray(problem.w_o - B @ ((B.T @ problem.w_o) / (B**2).sum(axis=0)))


def _outputs_of(problem: Problem) -> Callable[[NDArray[np.bool_]], Array]:
    """Return the function from which rows take part, (n,), to what the smallest fit to them says of all rows, (n,).

    Definition: a subset is fitted exactly, so only the rows left out are to be found: with G = (X X')^-1 they lose
    (G_CC)^-1 (G y)_C of their labels. Where they are more than half, or X X' is no safe ground, the subset is fitted.
    Source: standard linear algebra (block inverse).
    """
    X, y = problem.X, problem.y
    # A subset's products are conditioned at least as well as those of all rows (their eigenvalues interlace).
    sound = problem.all_space.route == "gram" and problem.all_space.rank == len(X)
    products = problem.rows.gram_seen if problem.tune_rows == problem.n_retain else X @ X.T
    lower = np.tril(dpotri(dpotrf(products, lower=1)[0], lower=1)[0]) if sound else np.empty((0, 0))
    inverse = lower + np.tril(lower, -1).T
    own = inverse @ y if sound else y

    def outputs(inside: NDArray[np.bool_]) -> Array:
        (picked,), (gone,) = np.nonzero(inside), np.nonzero(~inside)
        if not len(picked):  # nobody took part: the smallest fit to nothing
            return np.zeros(len(X))
        if not sound:
            return np.asarray(X @ row_space(X[picked]).solve(y[picked]))
        if len(picked) < len(gone):
            return np.asarray(products[:, picked] @ dposv(products[picked[:, None], picked], y[picked], lower=1)[1])
        said = y.copy()
        if len(gone):
            said[gone] -= dposv(inverse[gone[:, None], gone], own[gone], lower=1)[1]
        return said

    return outputs


def mask_effects(problem: Problem, subsets: int, share: float) -> Array:
    """Return the estimated effect of every forget row on the output at every row, (n_forget, n).

    Definition: `subsets` models on random subsets (every row takes part with chance `share`, from the problem's seed);
    their outputs are regressed on the 0/1 masks with an intercept and MASK_RIDGE. Subsets of one size would leave the
    mean effect and the intercept apart undetermined.
    Source: our reading of arXiv 2410.23232.
    """
    n = len(problem.X)
    rng, outputs_of = stream(problem.seed, SUBSETS), _outputs_of(problem)
    masks = rng.random((subsets, n)) < share
    outputs = np.array([outputs_of(inside) for inside in masks])
    centred, said = masks - masks.mean(axis=0), outputs - outputs.mean(axis=0)
    # Ridge, one system for every output, in the smaller of its two forms.
    if n <= subsets:
        effects = dposv(centred.T @ centred + MASK_RIDGE * np.eye(n), centred.T @ said, lower=1)[1]
    else:
        effects = centred.T @ dposv(centred @ centred.T + MASK_RIDGE * np.eye(subsets), said, lower=1)[1]
    return np.asarray(effects[problem.n_retain :])


def estimated_datamodel(problem: Problem, subsets: float = 200, share: float = 0.8) -> Array:
    """Match the outputs that a datamodel estimated from retrained subsets predicts, (d,).

    Definition: f(x) minus the estimated effects of the forget rows, matched on all rows from w_o.
    Source: our reading of arXiv 2410.23232; the estimation is a regression on masks.
    """
    effects = mask_effects(problem, round(subsets), share)
    return problem.w_o - problem.all_space.solve(effects.sum(axis=0))


def oracle_matching(problem: Problem, probe: str = "both") -> Array:
    """Match golden's own outputs on the probe rows from w_o, (d,): w - w_g = (I - P_Q)(w_o - w_g), Q the probe rows.

    Source: our reading of arXiv 2410.23232 (oracle matching); golden has to be known, so it is for teaching only.
    """
    spaces = {"both": problem.all_space, "retain": problem.retain_space}
    space = spaces[probe] if probe in spaces else row_space(problem.X_f)
    return space.nearest(space.X @ problem.w_g, problem.w_o)


def _all_rows(problem: Problem, **_: object) -> int:
    return len(problem.X)


def _subset_rows(problem: Problem, subsets: float, share: float) -> int:
    return len(problem.X) + round(subsets) * round(share * len(problem.X))


def _probe_rows(problem: Problem, probe: str) -> int:
    return {"both": len(problem.X), "retain": problem.n_retain, "forget": problem.n_forget}[probe]


_BOTH = frozenset({"retain", "forget", "pretrained"})
ROWS = (
    Method(
        key="datamodel",
        label="Datamodel, additive",
        formula=r"w_o - B\,\mathrm{diag}(B'B)^{-1}B'\,w_o,\quad B = X^{+}_{\cdot F}",
        idea="Predict what the model would say without each row to forget alone, add the effects up, match the sum.",
        source="our reading of arXiv 2410.23232, datamodel matching",
        needs=_BOTH,
        lacks=dependent_rows,
        fit=datamodel,
        touches=_all_rows,
        at_interpolation="It fits the rows to keep exactly, and is golden only where each row to forget can be "
        "taken out by itself: with one of them, or with none that share what they know.",
        seeds_paper="2410.23232",
    ),
    Method(
        key="estimated_datamodel",
        label="Datamodel, estimated",
        formula=r"w_o - X^{+}\textstyle\sum_{i \in F}\hat\beta_i,\quad f_S(x) \approx \hat\beta_0(x)"
        r" + \sum_{i \in S}\hat\beta_i(x)",
        idea="Train on many random subsets of the rows, regress the outputs on who took part, match the prediction.",
        source="our reading of arXiv 2410.23232, datamodel matching with estimated effects",
        needs=_BOTH,
        parameters=(
            Parameter(
                name="subsets",
                default=200,
                low=2,
                high=2000,
                log=True,
                help="Random subsets of the rows that a model is trained on; take more than there are rows.",
                whole=True,
            ),
            Parameter(
                name="share", default=0.8, low=0.1, high=0.95, log=False, help="Chance of every row to take part."
            ),
        ),
        fit=estimated_datamodel,
        touches=_subset_rows,
        iterated=True,
        at_interpolation="It moves as far as the subsets tell it to: the fewer they are, the less it sees of the "
        "effects.",
        seeds_paper="2410.23232",
    ),
    Method(
        key="oracle_matching",
        label="Oracle matching",
        formula=r"w_o + Q^{+}(Q w_g - Q w_o)",
        idea="Match golden's own answers on some rows: what a perfect prediction of them would give.",
        source="our reading of arXiv 2410.23232, oracle matching",
        needs=_BOTH,
        parameters=(
            Option(
                name="probe", default="both", options=PROBES, help="The rows on which golden's answers are matched."
            ),
        ),
        fit=oracle_matching,
        touches=_probe_rows,
        at_interpolation="Matched on all rows it ends at golden; on the rows to keep alone it stays where it is, for "
        "there the two agree already.",
        seeds_paper="2410.23232",
    ),
)
