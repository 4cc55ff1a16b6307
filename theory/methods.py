"""The unlearning methods: one function and one row of METHODS each; charts, formulas, controls and tests follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType

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

    def check(self, value: float) -> float:
        """Return `value` as a float, or raise ValueError naming the argument, the rule, the value and the way out."""
        if not isinstance(value, Real) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise ValueError(
                f"{self.name} must be between {self.low:g} and {self.high:g}, got {value!r}: "
                f"try {self.default:g}, its default"
            )
        return float(value)


@dataclass(frozen=True, kw_only=True)
class Method:
    """One way to obtain weights that should have forgotten.

    Definition: a function of the problem, with everything a page needs to present it.
    Shapes: `fit` returns (d,).
    Errors: ValueError from `Parameter.check` for a value out of range.
    Source: each row of METHODS names its own.

    Attributes
    ----------
    key : name in code, link and data.
    label : name on screen.
    formula : LaTeX, in the letters of theory section 1.
    idea : one sentence.
    source : where it is proposed.
    needs : what it must have in hand: "retain", "forget" (data) and "pretrained" (weights).
    parameters : its adjustable numbers, maybe none.
    fit : (problem, **parameters) -> weights (d,).
    """

    key: str
    label: str
    formula: str
    idea: str
    source: str
    needs: frozenset[str]
    parameters: tuple[Parameter, ...] = ()
    fit: Callable[..., Array]


def keep_overlap_mask(problem: Problem, weights: Array) -> Array:
    """Zero the forget-only block of `weights`, (d,) -> (d,): Option A, the support mask of the retain data.

    Source: arXiv 2410.03833v1, section 4 (Option A); its published version's retention-based masking (RBM).
    """
    masked = weights.copy()
    masked[problem.blocks.forget] = 0.0
    return masked


def drop_overlap_mask(problem: Problem, weights: Array) -> Array:
    """Zero every coordinate the forget data use (overlap and forget-only), (d,) -> (d,): Option B.

    Source: arXiv 2410.03833v1, section 4 (Option B); forget-based masking in its published version.
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
    """Return w_t = w_o + X_t^+ (y_t - X_t w_o), (d,). Source: theory section 1; paper, Theorems 3.2 and 3.4 (v1)."""
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
        idea="Retrained from scratch without the forget rows: what forgetting should look like.",
        source="standard: the minimum-norm least-squares fit",
        needs=frozenset({"retain"}),
        fit=golden,
    ),
    Method(
        key="fine_tune",
        label="Fine-tuned",
        formula=r"w_t = w_o + X_t^{+}\,(y_t - X_t w_o)",
        idea="Train the pretrained model on, with retain rows only, and hope that the rest fades.",
        source="arXiv 2410.03833v1, Theorems 3.2 and 3.4",
        needs=frozenset({"retain", "pretrained"}),
        fit=fine_tune,
    ),
    Method(
        key="keep_overlap",
        label="Option A: keep overlap",
        formula=r"w_A = N(X_t, y_t;\ w_o \odot 1_{\mathrm{retain}\,\cup\,\mathrm{overlap}})",
        idea="Zero the weights that only the forget rows use, keep the shared ones, then fine-tune.",
        source="arXiv 2410.03833v1, section 4, Option A; its published version's retention-based masking (RBM)",
        needs=frozenset({"retain", "pretrained"}),
        fit=keep_overlap,
    ),
    Method(
        key="drop_overlap",
        label="Option B: drop overlap",
        formula=r"w_B = N(X_t, y_t;\ w_o \odot 1_{\mathrm{retain}})",
        idea="Zero every weight the forget rows use, shared ones too, then fine-tune.",
        source="arXiv 2410.03833v1, section 4, Option B; forget-based masking in its published version",
        needs=frozenset({"retain", "forget", "pretrained"}),
        fit=drop_overlap,
    ),
    Method(
        key="project",
        label="Projection",
        formula=r"w_P = N(X_t, y_t;\ P_r w_o)",
        idea="Keep only what the retain rows can see of the pretrained model, then fine-tune.",
        source="derived here",
        needs=frozenset({"retain", "pretrained"}),
        fit=project,
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({row.key: row for row in _ROWS})
