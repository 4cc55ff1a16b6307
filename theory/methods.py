"""The unlearning methods: one function and one row of METHODS each; charts, formulas, controls and tests follow."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from theory.discriminative import TARGETS, discriminative_path, objective_rows
from theory.dynamics import gradient_path, largest_stable_step
from theory.linalg import Array
from theory.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One number a method can be adjusted by.

    Definition: a name, a usual value and an inclusive range.
    Shapes: one number each.
    Errors: `check` raises ValueError for a value out of range.
    Source: the method that declares it.

    Attributes
    ----------
    name : argument of the method's fit.
    default, low, high : its usual value and range, inclusive.
    log : whether the range is explored on a log scale.
    help : one sentence for the person who adjusts it.
    """

    name: str
    default: float
    low: float
    high: float
    log: bool
    help: str

    def check(self, value: object) -> float:
        """Return `value` as a float, or raise ValueError naming the argument, the rule, the value and the way out."""
        number = math.nan
        if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
            number = float(value)
        if not self.low <= number <= self.high:
            raise ValueError(
                f"{self.name} must be between {self.low:g} and {self.high:g}, got {value!r}: "
                f"try {self.default:g}, its default"
            )
        return number


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice a method can be adjusted by.

    Definition: a name, a usual value and all values it can take.
    Shapes: one text each.
    Errors: `check` raises ValueError for a value that is not among them.
    Source: the method that declares it.

    Attributes
    ----------
    name : argument of the method's fit.
    default : its usual value.
    options : every value, with one sentence on what it means.
    help : one sentence for the person who chooses.
    """

    name: str
    default: str
    options: Mapping[str, str]
    help: str

    def check(self, value: object) -> str:
        """Return `value`, or raise ValueError naming the argument, the rule, the value and the way out."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(
                f"{self.name} must be one of {', '.join(self.options)}, got {value!r}: try {self.default}, its default"
            )
        return value


@dataclass(frozen=True, kw_only=True)
class Method:
    """One way to obtain weights that should have forgotten.

    Definition: a function of the problem, with everything a page needs to present it.
    Shapes: `fit` returns (d,).
    Errors: ValueError from `Parameter.check` for a value out of range, Refusal for what the problem lacks.
    Source: each row of METHODS names its own.

    Attributes
    ----------
    key : name in code, link and data.
    label : name on screen.
    formula : LaTeX, in the letters of theory section 1.
    idea : one sentence.
    source : where it is proposed.
    needs : what it must have in hand: "retain", "forget" (data) and "pretrained" (weights).
    requires : what the problem must have that not every one has: "blocks".
    parameters : its adjustable numbers and choices, maybe none.
    fit : (problem, **parameters) -> weights (d,).
    """

    key: str
    label: str
    formula: str
    idea: str
    source: str
    needs: frozenset[str]
    requires: frozenset[str] = frozenset()
    parameters: tuple[Parameter | Option, ...] = ()
    fit: Callable[..., Array]

    def applies(self, problem: Problem) -> bool:
        """Return whether the problem has what the method requires; without it, `fit` raises Refusal."""
        return self.requires <= problem.known


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


def fine_tune_from(problem: Problem, start: Array) -> Array:
    """Fine-tune on D_t from `start`, (d,) -> (d,): the nearest weights that fit the rows fine-tuning sees.

    Source: theory section 1; `theory.nearest` with the problem's shared factorisation.
    """
    return problem.tune_space.nearest(problem.y_t, start)


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


def _after(X: Array, y: Array, start: Array, steps: float, step_size: float, decay: float = 0.0) -> Array:
    """Return the weights after so many gradient steps; where there is no slope at all, the start."""
    if not math.isfinite(step_size):
        return start
    weights: Array = gradient_path(X, y, start, (round(steps),), step_size, decay).weights[0]
    return weights


def weight_decay(problem: Problem, steps: float = 1000, decay: float = 0.01) -> Array:
    """Fine-tune for `steps` gradient steps with weight decay, at half the largest stable step, (d,).

    Source: theory section 2 (I7) and section 5: the leftover shrinks by 1 - 2 eta decay a step.
    """
    X, step_size = problem.X_t, largest_stable_step(problem.X_t, decay) / 2
    return _after(X, problem.y_t, problem.w_o, steps, step_size, decay)


def early_stopping(problem: Problem, steps: float = 1000, alpha: float = 0.1, target: str = "shuffled") -> Array:
    """Follow the regularized objective (mu = 0) from w_o for `steps` gradient steps, (d,), at half the stable step.

    Source: theory sections 4 and 5: stopping early keeps the weights close to w_o, as mu does.
    """
    A, b = objective_rows(problem, alpha, target)
    A, b = math.sqrt(len(A)) * A, math.sqrt(len(A)) * b  # gradient_path divides by the number of rows
    step_size = largest_stable_step(A) / 2
    return _after(A, b, problem.w_o, steps, step_size)


_STEPS = Parameter(
    name="steps",
    default=1000,
    low=0,
    high=1_000_000,
    log=True,
    help="Steps of gradient descent, at half the stable step.",
)
_ALPHA = Parameter(
    name="alpha", default=0.1, low=0, high=1e6, log=True, help="How hard the rows to forget are pushed to their target."
)
_TARGET = Option(name="target", default="shuffled", options=TARGETS, help="What the rows to forget are pushed to.")

_ROWS = (
    Method(
        key="pretrained",
        label="Pretrained",
        formula=r"w_o = X^{+} y",
        idea="The model before anyone asked it to forget: trained on all rows.",
        source="standard: the minimum-norm least-squares fit",
        needs=frozenset({"retain", "forget"}),
        fit=pretrained,
    ),
    Method(
        key="golden",
        label="Golden",
        formula=r"w_g = X_r^{+} y_r",
        idea="Retrained from scratch without the rows to forget: what forgetting should look like.",
        source="standard: the minimum-norm least-squares fit",
        needs=frozenset({"retain"}),
        fit=golden,
    ),
    Method(
        key="fine_tune",
        label="Fine-tuned",
        formula=r"w_t = w_o + X_t^{+}\,(y_t - X_t w_o)",
        idea="Train the pretrained model further, on the rows to keep alone, and hope that the rest fades.",
        source="arXiv 2410.03833v1, the abstract; Theorems 3.2 and 3.4 as reviews report them",
        needs=frozenset({"retain", "pretrained"}),
        fit=fine_tune,
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
    ),
    Method(
        key="project",
        label="Projection",
        formula=r"w_P = N(X_t, y_t;\ P_r w_o)",
        idea="Keep only what the rows to keep can see of the pretrained model, then fine-tune.",
        source="derived here",
        needs=frozenset({"retain", "pretrained"}),
        fit=project,
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
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({row.key: row for row in _ROWS})
