"""What a method of unlearning says of itself: `Method`, and the numbers and choices it can be adjusted by."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from theory.linalg import Array
from theory.problem import Problem
from theory.spec import Refusal

# What a method may be measured against: golden, or the ridge fit of the same strength to the rows to keep.
GOLDEN, RIDGE_GOLDEN = "golden", "ridge golden"


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
    whole : whether it counts something.
    """

    name: str
    default: float
    low: float
    high: float
    log: bool
    help: str
    whole: bool = False

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
    lacks : (problem) -> the Refusal of rows that the method cannot take, or None; `fit` raises it.
    parameters : its adjustable numbers and choices, maybe none.
    fit : (problem, **parameters) -> weights (d,).
    reference : what it is measured against: "golden", or "ridge golden", the ridge fit of the same strength to the rows
        to keep. The two are never mixed in one distance.
    at_interpolation : one sentence: what it does where the model fits every row exactly.
    seeds_paper : the arXiv number of the work it reduces to linear regression, where that is one of the five systems
        the line-up started from.
    touches : (problem, **parameters) -> how many rows it visits; None: every row of the data it needs, once.
    iterated : whether it takes many steps or solves, so that a moving slider should not wait for it.
    """

    key: str
    label: str
    formula: str
    idea: str
    source: str
    needs: frozenset[str]
    requires: frozenset[str] = frozenset()
    lacks: Callable[[Problem], Refusal | None] | None = None
    parameters: tuple[Parameter | Option, ...] = ()
    fit: Callable[..., Array]
    reference: str = GOLDEN
    at_interpolation: str = ""
    seeds_paper: str = ""
    touches: Callable[..., int] | None = None
    iterated: bool = False

    def applies(self, problem: Problem) -> bool:
        """Return whether the problem has what the method requires; without it, `fit` raises Refusal."""
        return self.requires <= problem.known and (self.lacks is None or self.lacks(problem) is None)

    def own(self, **parameters: float | str) -> dict[str, float | str]:
        """Return the value of every parameter of the method: those given, checked, and the usual ones."""
        return {p.name: p.check(parameters.get(p.name, p.default)) for p in self.parameters}

    def rows_touched(self, problem: Problem, **parameters: float | str) -> int:
        """Return how many rows the method visits: a closed form each of its rows once, k steps them k times."""
        if self.touches is not None:
            return self.touches(problem, **self.own(**parameters))
        return ("retain" in self.needs) * problem.tune_rows + ("forget" in self.needs) * problem.n_forget
