"""The table of unlearning methods, `METHODS`: one function and one row each; pages, formulas and tests follow.

The first rows are the models of the story and its remedies; families of others have files of their own.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType

from theory import ascent, attribution, corrections, deletion, removal, shards, smoothing, sparse, teachers
from theory.discriminative import TARGETS, discriminative_path, objective_rows
from theory.dynamics import gradient_path
from theory.linalg import Array, Directions, directions
from theory.method import Method, Option, Parameter
from theory.problem import Problem
from theory.tuning import fine_tune_from


def keep_overlap_mask(problem: Problem, weights: Array) -> Array:
    """Zero the forget-only block of `weights`, (d,) -> (d,): Option A, the support mask of the retain data.

    Source: our reading of arXiv 2410.03833v1, section 4 (Option A), and of its published version's retention-based
    masking (RBM).
    """
    masked = weights.copy()
    masked[problem.blocks.forget] = 0.0
    return masked


def drop_overlap_mask(problem: Problem, weights: Array) -> Array:
    """Zero every coordinate the forget data use (overlap and forget-only), (d,) -> (d,): Option B.

    Source: our reading of arXiv 2410.03833v1, section 4 (Option B); its published version speaks of masks made from the
    rows to forget.
    """
    masked = weights.copy()
    masked[problem.blocks.overlap] = 0.0
    masked[problem.blocks.forget] = 0.0
    return masked


def pretrained(problem: Problem) -> Array:
    """Return w_o = X^+ y, (d,): minimum-norm fit to all rows. Source: theory section 1."""
    return problem.w_o


def golden(problem: Problem) -> Array:
    """Return w_g = X_r^+ y_r, (d,): retrained from scratch without the forget rows. Source: theory section 1."""
    return problem.w_g


def fine_tune(problem: Problem) -> Array:
    """Return w_t = w_o + X_t^+ (y_t - X_t w_o), (d,). Source: theory section 1; the paper's abstract (v1)."""
    return fine_tune_from(problem, problem.w_o)


def keep_overlap(problem: Problem) -> Array:
    """Zero the forget-only block of w_o, then fine-tune, (d,). Source: theory section 3."""
    return fine_tune_from(problem, keep_overlap_mask(problem, problem.w_o))


def drop_overlap(problem: Problem) -> Array:
    """Zero every coordinate of w_o that the forget data use, then fine-tune, (d,). Source: theory section 3."""
    return fine_tune_from(problem, drop_overlap_mask(problem, problem.w_o))


def project(problem: Problem) -> Array:
    """Keep only the part of w_o the retain rows can see, P_r w_o, then fine-tune, (d,). Source: theory section 3."""
    return fine_tune_from(problem, problem.retain_space.project(problem.w_o))


def discriminative(problem: Problem, alpha: float = 0.1, target: str = "shuffled", mu: float = 0.1) -> Array:
    """Return the minimiser of J for one alpha, target and mu, (d,). Source: theory section 4; `discriminative_path`."""
    weights: Array = discriminative_path(problem, (alpha,), target, mu)[0]
    return weights


def _after(
    X: Array, y: Array, start: Array, steps: float, decay: float = 0.0, found: Directions | None = None
) -> Array:
    """Return the weights after so many steps of half the stable size; where there is no slope at all, the start."""
    found = found or directions(X)
    steepest = (found.values[0] ** 2 / len(X) if len(found.values) else 0.0) + decay
    if not steepest:
        return start
    weights: Array = gradient_path(X, y, start, (round(steps),), 0.5 / steepest, decay, found).weights[0]
    return weights


def weight_decay(problem: Problem, steps: float = 1000, decay: float = 0.01) -> Array:
    """Fine-tune for `steps` gradient steps with weight decay, at half the largest stable step, (d,).

    Source: theory section 2 (I7) and section 5: the leftover shrinks by 1 - 2 eta decay a step.
    """
    return _after(problem.X_t, problem.y_t, problem.w_o, steps, decay, problem.rows.tune_directions)


def early_stopping(problem: Problem, steps: float = 1000, alpha: float = 0.1, target: str = "shuffled") -> Array:
    """Follow the regularized objective (mu = 0) from w_o for `steps` gradient steps, (d,), at half the stable step.

    Source: theory sections 4 and 5: stopping early keeps the weights close to w_o, as mu does.
    """
    A, b = objective_rows(problem, alpha, target)
    # gradient_path divides by the number of rows
    return _after(math.sqrt(len(A)) * A, math.sqrt(len(A)) * b, problem.w_o, steps)


_STEPS = Parameter(
    name="steps",
    default=1000,
    low=0,
    high=1_000_000,
    log=True,
    help="Steps of gradient descent, at half the stable step.",
    whole=True,
)
_ALPHA = Parameter(
    name="alpha", default=0.1, low=0, high=1e6, log=True, help="How hard the rows to forget are pushed to their target."
)
_TARGET = Option(name="target", default="shuffled", options=TARGETS, help="What the rows to forget are pushed to.")


def _none(problem: Problem) -> int:
    return 0


def _retain_rows(problem: Problem) -> int:
    return problem.n_retain


def _tune_rows(problem: Problem) -> int:
    return problem.tune_rows


def _project_rows(problem: Problem) -> int:
    return problem.n_retain + problem.tune_rows


def _steps_on_tune(problem: Problem, steps: float, **_: object) -> int:
    return round(steps) * problem.tune_rows


def _steps_on_both(problem: Problem, steps: float, **_: object) -> int:
    return round(steps) * (problem.tune_rows + problem.n_forget)


_ROWS = (
    Method(
        key="pretrained",
        label="Pretrained",
        formula=r"w_o = X^{+} y",
        idea="The model before anyone asked it to forget: trained on all rows.",
        source="standard: the minimum-norm least-squares fit",
        needs=frozenset({"retain", "forget"}),
        fit=pretrained,
        touches=_none,
        at_interpolation="It is the model that interpolates: it fits every row, those to forget as well.",
    ),
    Method(
        key="golden",
        label="Golden",
        formula=r"w_g = X_r^{+} y_r",
        idea="Retrained from scratch without the rows to forget: what forgetting should look like.",
        source="standard: the minimum-norm least-squares fit",
        needs=frozenset({"retain"}),
        fit=golden,
        touches=_retain_rows,
        at_interpolation="It fits the rows to keep exactly and knows nothing of the others.",
    ),
    Method(
        key="fine_tune",
        label="Fine-tuned",
        formula=r"w_t = w_o + X_t^{+}\,(y_t - X_t w_o)",
        idea="Train the pretrained model further, on the rows to keep alone, and hope that the rest fades.",
        source="arXiv 2410.03833v1, the abstract; Theorems 3.2 and 3.4 as reviews report them",
        needs=frozenset({"retain", "pretrained"}),
        fit=fine_tune,
        at_interpolation="It stands still: the loss on the rows to keep is zero already, and so is its gradient.",
    ),
    Method(
        key="keep_overlap",
        label="Option A: keep overlap",
        formula=r"w_A = N(X_t, y_t;\ w_o \odot 1_{\mathrm{retain}\,\cup\,\mathrm{overlap}})",
        idea="Zero the weights that only the rows to forget use, keep the shared ones, then fine-tune.",
        source="our reading of arXiv 2410.03833v1, section 4, Option A, and of its published version's masking (RBM)",
        needs=frozenset({"retain", "pretrained"}),
        requires=frozenset({"blocks"}),
        fit=keep_overlap,
        touches=_tune_rows,
        at_interpolation="It loses what only the rows to forget use; shared weights keep what those rows taught them.",
    ),
    Method(
        key="drop_overlap",
        label="Option B: drop overlap",
        formula=r"w_B = N(X_t, y_t;\ w_o \odot 1_{\mathrm{retain}})",
        idea="Zero every weight the rows to forget use, shared ones too, then fine-tune.",
        source="our reading of arXiv 2410.03833v1, section 4, Option B, and of the masks its published version rejects",
        needs=frozenset({"retain", "forget", "pretrained"}),
        requires=frozenset({"blocks"}),
        fit=drop_overlap,
        touches=_tune_rows,
        at_interpolation="It starts the shared weights again, and fits the rows that fine-tuning sees from there.",
    ),
    Method(
        key="project",
        label="Projection",
        formula=r"w_P = N(X_t, y_t;\ P_r w_o)",
        idea="Keep only what the rows to keep can see of the pretrained model, then fine-tune.",
        source="derived here",
        needs=frozenset({"retain", "pretrained"}),
        fit=project,
        touches=_project_rows,
        at_interpolation="It ends at golden if fine-tuning sees all rows to keep: what they cannot see is gone.",
    ),
    Method(
        key="discriminative",
        label="Discriminative regularization",
        formula=r"\arg\min_w\ \tfrac{1}{n_t}|X_t w - y_t|^2 + \tfrac{\alpha}{n_f}|X_f w - t|^2 + \mu\,|w - w_o|^2",
        idea="Stay right on the rows to keep while pushing the rows to forget to a wrong target.",
        source="our reading of arXiv 2410.03833v1, section 5 (CE-FT, inverse CE-FT, KL-FT)",
        needs=frozenset({"retain", "forget", "pretrained"}),
        parameters=(
            _ALPHA,
            _TARGET,
            Parameter(
                name="mu", default=0.1, low=0, high=1e6, log=True, help="How closely the pretrained model is kept to."
            ),
        ),
        fit=discriminative,
        at_interpolation="It moves because of its target alone, and comes near golden where the target does.",
    ),
    Method(
        key="weight_decay",
        label="Weight decay",
        formula=r"w_{k+1} = w_k - 2\eta\left(\tfrac{1}{n_t} X_t'(X_t w_k - y_t) + \lambda w_k\right)",
        idea="Fine-tune while all weights shrink: what the rows to keep do not ask for fades.",
        source="standard; its law (I7) is derived here",
        needs=frozenset({"retain", "pretrained"}),
        parameters=(
            _STEPS,
            Parameter(
                name="decay", default=0.01, low=0, high=1e3, log=True, help="Strength of the pull to zero, lambda."
            ),
        ),
        fit=weight_decay,
        touches=_steps_on_tune,
        at_interpolation="It moves because of the decay alone, in every direction the rows to keep do not hold.",
    ),
    Method(
        key="early_stopping",
        label="Early stopping",
        formula=r"w_k,\quad w_{k+1} = w_k - \eta\,\nabla\!\left(\tfrac{1}{n_t}|X_t w - y_t|^2"
        r" + \tfrac{\alpha}{n_f}|X_f w - t|^2\right)\!(w_k)",
        idea="Push the rows to forget to a wrong target, but stop before the end.",
        source="standard; as a closeness to the pretrained model, derived here",
        needs=frozenset({"retain", "forget", "pretrained"}),
        parameters=(_STEPS, _ALPHA, _TARGET),
        fit=early_stopping,
        touches=_steps_on_both,
        at_interpolation="It moves towards its target, and stops on the way.",
    ),
    *deletion.ROWS,
    *corrections.ROWS,
    *removal.ROWS,
    *attribution.ROWS,
    *teachers.ROWS,
    *ascent.ROWS,
    *sparse.ROWS,
    *shards.ROWS,
    *smoothing.ROWS,
)

METHODS: Mapping[str, Method] = MappingProxyType({row.key: row for row in _ROWS})
