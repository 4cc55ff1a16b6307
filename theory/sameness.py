"""When two numbers are one: the rule that computation, words, digits, colours and verdicts share."""

from typing import Literal

import numpy as np

from theory.linalg import Array

# A length below this share of what it is measured against is rounding, and so is a difference of two numbers below
# this share of the larger: over 250,000 random Specs, models differed by less than 5e-11 of their size or by more than
# 5e-8.
SAME = 1e-8
# The same of what is squared: a loss at or below this is zero, in units in which labels are of size 1.
FLOOR = SAME**2
# Numbers that differ, but by less than this share of the larger, are called near each other.
NEAR = 0.01

Likeness = Literal["same", "near", "less", "more"]


def is_zero(loss: float) -> bool:
    """Whether a squared number is zero up to rounding."""
    return loss <= FLOOR


def is_nothing(length: float, size: float) -> bool:
    """Whether a length is zero up to rounding, beside the size of what it is a length of."""
    return abs(length) <= SAME * size


def same(a: float, b: float, scale: float = 0.0) -> bool:
    """Whether two numbers are one up to rounding, relative to the larger of them and `scale`."""
    return abs(a - b) <= SAME * max(abs(a), abs(b), scale)


def likeness(a: float, b: float, scale: float = 0.0) -> Likeness:
    """Return how a number stands to another: the same up to rounding, near it, less or more.

    Definition: the same by `same`; near where they differ by at most `NEAR` of the larger of them.
    Shapes: `scale` is what both are rounded to, such as the length of the models whose distances they are.
    Errors: none.
    Source: derived here.
    """
    if same(a, b, scale):
        return "same"
    if abs(a - b) <= NEAR * max(abs(a), abs(b)):
        return "near"
    return "less" if a < b else "more"


def loss_likeness(a: float, b: float) -> Likeness:
    """Return how a loss stands to another, two that are zero being the same.

    Definition: `likeness` above `FLOOR`.
    Shapes: one number each.
    Errors: none.
    Source: derived here.
    """
    return "same" if is_zero(a) and is_zero(b) else likeness(a, b)


def one_model(a: Array, b: Array) -> bool:
    """Whether two models, as weights (d,), are one up to rounding: what counts is their own size, not their losses."""
    return is_nothing(float(np.linalg.norm(a - b)), max(float(np.linalg.norm(a)), float(np.linalg.norm(b))))
