"""Every theorem as a `Claim`: its statement, when it holds, and both its sides; the tests assert them all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from theory import checks
from theory.checks import BREAKS, Check, Fitted
from theory.problem import Problem, missing

# Labels that the forget rows' Gram matrix turns by less than this share of their size count as only scaled by it.
UNEVEN = 1e-6


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement of the theory.

    Definition: an equation that holds up to rounding whenever its condition does: on drawn data with probability 1, on
    real rows by the facts measured on them.
    Shapes: none; `applies` and `check` take a Problem of any size.
    Errors: see `check`.
    Source: theory sections 2, 3 and 4; each claim names its own.

    Attributes
    ----------
    key : its name in theory.
    statement : LaTeX.
    words : the same as a sentence.
    source : where it comes from.
    condition : when it holds, in words.
    requires : what the problem must have that not every one has: "blocks".
    met : the condition as a function.
    sides : both sides as a function.
    """

    key: str
    statement: str
    words: str
    source: str
    condition: str
    requires: frozenset[str] = frozenset()
    met: Callable[[Problem], bool]
    sides: Callable[[Fitted], Check]

    def applies(self, problem: Problem) -> bool:
        """Return whether the condition is met; it is not where the problem lacks what the statement speaks of."""
        return self.requires <= problem.known and bool(self.met(problem))

    def check(self, problem: Problem) -> Check:
        """Return both sides on the data, also where the claim does not apply; Refusal for what the problem lacks."""
        return self._check(Fitted(problem))

    def _check(self, fitted: Fitted) -> Check:
        for name in sorted(self.requires - fitted.problem.known):
            raise missing(name, f"claim {self.key}")
        return self.sides(fitted)


def check_all(problem: Problem, keys: Iterable[str]) -> dict[str, Check]:
    """Return both sides of several claims by key; what they share is computed once.

    Definition: `Claim.check` of each.
    Shapes: one Check a key, in the order given.
    Errors: ValueError for a key that is not in CLAIMS, Refusal where the problem lacks what a claim requires.
    Source: `CLAIMS`.
    """
    keys, fitted = tuple(keys), Fitted(problem)
    for key in keys:
        if key not in CLAIMS:
            raise ValueError(f"keys must name claims, got {key!r}: choose from {', '.join(CLAIMS)}")
    return {key: CLAIMS[key]._check(fitted) for key in keys}


def _full_tuning(problem: Problem) -> bool:
    return problem.tune_rows == problem.n_retain


def _all_fitted(problem: Problem) -> bool:
    return problem.interpolates_retain and problem.interpolates_forget


def _starts_at_golden(problem: Problem) -> bool:
    """Whether fine-tuning leaves golden alone: it sees every retain row, or golden fits the ones it sees."""
    return _full_tuning(problem) or problem.golden_interpolates


def _none_shared(problem: Problem) -> bool:
    """Whether the masks know of no shared feature: rows may be distinct and the blocks not say so."""
    overlap = problem.blocks.overlap
    return bool(overlap.start == overlap.stop)


def _all_shared(problem: Problem) -> bool:
    overlap = problem.blocks.overlap
    return (overlap.start, overlap.stop) == (0, problem.d)


def _breaks(problem: Problem) -> bool:
    """Whether Option B erases what the retain rows need and the tuning rows do not see; by law, or as measured."""
    if _none_shared(problem) or not problem.interpolates_retain:
        return False
    if problem.spec is None:
        fitted = Fitted(problem)
        return fitted.broken > BREAKS * fitted.retain_size
    return bool(problem.tune_rows < min(problem.n_retain, problem.blocks.overlap.stop))


def _unevenly_pushed(problem: Problem) -> bool:
    """Whether a push reaches some forget rows sooner than others, so that they cannot all be at golden at once.

    Drawn rows are never alike; real ones may be: where the Gram matrix of the forget rows only scales their labels,
    one alpha takes all of them to golden's predictions together.
    """
    if problem.spec is not None:
        return problem.n_forget >= 2
    y = problem.y_f
    if not y.any():
        return False
    pulled = problem.X_f @ (problem.X_f.T @ y)
    apart = pulled - (y @ pulled) / (y @ y) * y
    return bool(np.linalg.norm(apart) > UNEVEN * np.linalg.norm(pulled))


_ROWS = (
    Claim(
        key="I1",
        statement=r"w_t - w_g = (I - P_r)\,w_o",
        words="What fine-tuning leaves behind is exactly the part of the old model that the rows to keep cannot see.",
        source="derived here; its special cases are, as reviews report them, the paper's Theorems 3.2 and 3.4",
        condition="fine-tuning sees every row to keep",
        met=_full_tuning,
        sides=checks.i1,
    ),
    Claim(
        key="I2",
        statement=r"X_r w_o = y_r \;\Rightarrow\; w_t = w_o",
        words="If the pretrained model already fits the rows to keep, the gradient is zero: fine-tuning never moves.",
        source="the paper's abstract (fine-tuned models keep their knowledge of the rows to forget); derived here",
        condition="the pretrained model fits every row to keep",
        met=lambda problem: problem.interpolates_retain,
        sides=checks.i2,
    ),
    Claim(
        key="I3",
        statement=r"w_g = P_r w_o,\qquad |w_o|^2 = |w_g|^2 + |(I - P_r)\,w_o|^2",
        words="Zero, golden and pretrained form a right triangle: golden is the pretrained model's shadow.",
        source="derived here",
        condition="the pretrained model fits every row to keep",
        met=lambda problem: problem.interpolates_retain,
        sides=checks.i3,
    ),
    Claim(
        key="I4",
        statement=r"w_0 = s\,w_o \;\Rightarrow\; \mathrm{UL} = (1 - s)^2\,\mathrm{UL}(w_g)",
        words="Start fine-tuning from a shrunken pretrained model, and the unlearning loss follows one parabola.",
        source="derived here",
        condition="fine-tuning sees every row to keep and the pretrained model fits all rows",
        met=lambda problem: _full_tuning(problem) and _all_fitted(problem),
        sides=checks.i4,
    ),
    Claim(
        key="I5",
        statement=r"\mathrm{UL}(w_g) = \tfrac{1}{n_f}\,|X_f (I - P_r)\,w^{*}|^2 \;\text{(no noise)},"
        r"\qquad \mathrm{UL}(w_g) = \tfrac{1}{n_f}\,|y_f|^2 \;\text{(distinct)}",
        words="Golden misses the rows to forget by what the rows to keep cannot tell about the truth; with distinct "
        "features it predicts nothing at all for them.",
        source="derived here",
        condition="there is no label noise, or the features are distinct",
        met=lambda problem: problem.noiseless or problem.distinct,
        sides=checks.i5,
    ),
    Claim(
        key="I6",
        statement=r"\mathrm{rank}\,X_r = d \;\Rightarrow\; w_t = w_g",
        words="With at least as many rows to keep as features, and no feature that only the rows to forget use, there "
        "is nowhere to hide: fine-tuning ends at golden.",
        source="derived here",
        condition="fine-tuning sees every row to keep, they number at least d, and no feature belongs to the rows to "
        "forget alone",
        met=lambda problem: _full_tuning(problem) and problem.retain_rank == problem.d,
        sides=checks.i6,
    ),
    Claim(
        key="I7",
        statement=r"(I - P_r)\,w_k = (1 - 2\eta\lambda)^k\,(I - P_r)\,w_o",
        words="Weight decay shrinks the leftover by the same factor every step, whatever the data say.",
        source="derived here",
        condition="always",
        met=lambda problem: True,
        sides=checks.i7,
    ),
    Claim(
        key="R1",
        statement=r"w_A = w_B = w_g",
        words="With distinct features, erasing the weights that only the rows to forget use gives golden exactly.",
        source="derived here; Options A and B as reviews report them of the paper (v1, section 4)",
        condition="the features are distinct, and fine-tuning leaves golden alone",
        requires=frozenset({"blocks"}),
        met=lambda problem: _none_shared(problem) and _starts_at_golden(problem),
        sides=checks.r1,
    ),
    Claim(
        key="R2",
        statement=r"\mathrm{RL}(w_o \odot 1_A) = 0,\qquad"
        r" \mathrm{UL}(w_o \odot 1_A) = \tfrac{1}{n_f}\,|X_{f,\mathrm{forget}}\,w_{o,\mathrm{forget}}|^2",
        words="Keeping the overlap costs nothing on the rows to keep; it forgets what the weights held that only the "
        "rows to forget use.",
        source="derived here",
        condition="the pretrained model fits all rows",
        requires=frozenset({"blocks"}),
        met=_all_fitted,
        sides=checks.r2,
    ),
    Claim(
        key="R3",
        statement=r"\mathrm{RL}(w_B) = \tfrac{1}{n_r}\,|X_r (I - P_t)(w_o - w_o \odot 1_B)|^2 > 0 = \mathrm{RL}(w_A)",
        words="Fine-tuned on part of the rows to keep, dropping the overlap breaks the others; keeping it does not.",
        source="derived here",
        condition="features overlap, fine-tuning sees only part of the rows to keep, fewer than the features they "
        "use, and the pretrained model fits every row to keep",
        requires=frozenset({"blocks"}),
        met=_breaks,
        sides=checks.r3,
    ),
    Claim(
        key="R4",
        statement=r"w_A = w_t,\qquad w_B = X_t^{+} y_t",
        words="With full overlap, keeping the overlap changes nothing and dropping it is training from scratch.",
        source="derived here",
        condition="every feature is shared",
        requires=frozenset({"blocks"}),
        met=_all_shared,
        sides=checks.r4,
    ),
    Claim(
        key="R5",
        statement=r"N(X_t, y_t;\,P_r w_o) = w_g",
        words="Projecting the pretrained model on the rows to keep and fine-tuning gives golden, whatever the "
        "overlap, noise and dimension.",
        source="derived here",
        condition="fine-tuning sees every row to keep, or the pretrained model fits them all",
        met=lambda problem: _full_tuning(problem) or problem.interpolates_retain,
        sides=checks.r5,
    ),
    Claim(
        key="D1",
        statement=r"\mathrm{CE}(w_o) - \mathrm{CE}(w_g) = \mathrm{KL}(w_o) - \mathrm{KL}(w_g)",
        words="For Gaussian labels of fixed variance, cross-entropy and Kullback-Leibler divergence to a target differ "
        "by a constant: CE-FT and KL-FT with the same target end at the same model.",
        source="derived here; the variants are our reading of the paper (v1, section 5)",
        condition="always",
        met=lambda problem: True,
        sides=checks.d1,
    ),
    Claim(
        key="D2",
        statement=r"\arg\min\ \mathrm{RL} + \alpha\,\mathrm{UL}_t"
        r" = \arg\min\ \tfrac{1}{\alpha}\,\mathrm{RL} + \mathrm{UL}_t",
        words="Weight alpha on the rows to forget (CE-FT) or 1/alpha on the rows to keep (inverse CE-FT): the same "
        "model, as long as nothing else is asked for.",
        source="derived here; the variants are our reading of the paper (v1, section 5)",
        condition="always",
        met=lambda problem: True,
        sides=checks.d2,
    ),
    Claim(
        key="D3",
        statement=r"\mu = 0 \;\Rightarrow\; \mathrm{RL}(w) = 0,\quad \mathrm{UL}(w) = \tfrac{1}{n_f}\,|t - y_f|^2"
        r"\quad \text{for every}\ \alpha > 0",
        words="Where all rows can be fitted together and nothing holds the weights back, both sets are fitted, and the "
        "weight alpha does not matter.",
        source="derived here",
        condition="fine-tuning sees every row to keep, and the features leave room to fit all rows with any labels",
        met=lambda problem: _full_tuning(problem) and problem.fits_any_labels,
        sides=checks.d3,
    ),
    Claim(
        key="D4",
        statement=r"\alpha \to 0:\; w \to w_t,\qquad t = X_f w_g,\ \mu = 0:\; X_f w = X_f w_g",
        words="Without weight on the rows to forget it is plain fine-tuning; pushed to golden's own predictions, the "
        "rows to forget get them.",
        source="derived here",
        condition="the features leave room to fit all rows with any labels",
        met=lambda problem: problem.fits_any_labels,
        sides=checks.d4,
    ),
    Claim(
        key="D5",
        statement=r"\exists\,\alpha:\; \mathrm{UL}(w) = \mathrm{UL}(w_g)\ \text{and}\ w \neq w_g",
        words="Pushed far enough, the error on the rows to forget equals golden's, and the model is still not golden; "
        "pushed on, it over-forgets.",
        source="derived here",
        condition="the features are distinct, at least two rows are to be forgotten, and there is room to fit all rows "
        "with any labels",
        met=lambda problem: problem.distinct and problem.fits_any_labels and _unevenly_pushed(problem),
        sides=checks.d5,
    ),
)

CLAIMS: Mapping[str, Claim] = MappingProxyType({row.key: row for row in _ROWS})
