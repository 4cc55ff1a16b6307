"""What a rule is, and how truths and printed numbers are judged."""

from dataclasses import dataclass

import numpy as np

from tests.audit.facts import LOSS_ROUNDING, ROUNDING
from tests.audit.reading import NUMBER, shows


@dataclass(frozen=True)
class Rule:
    pages: tuple[str, ...]
    pattern: str
    truth: object


def both(*truths):
    """True if all are, False if one is not, else undecided."""
    return False if False in truths else None if None in truths else True


def opposite(truth):
    return None if truth is None else not truth


def loss(f, text, true):
    """Whether a printed loss is a true one; what is rounding may be printed as zero."""
    return shows(text, true, 10 * LOSS_ROUNDING * max(1.0, float(np.mean(f.y**2))))


def length(f, text, true):
    return shows(text, true, 10 * ROUNDING * f.size)


def form(page, text, truth):
    """The rule of one page for a sentence in which # stands for a number that is printed."""
    return Rule((page,), text.replace("#", f"({NUMBER})"), truth)
