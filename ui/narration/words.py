"""Numbers as text, and when two of them are one: sensible digits, singular and plural, exact zero."""

import math
from collections.abc import Collection, Mapping

import numpy as np

from theory import Array
from ui.language import say
from ui.style import FLOOR

# Two numbers this close, relative to the larger, are the same number twice computed.
SAME = 1e-9
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float) -> str:
    """Return a number with three significant digits, in plain notation where that is readable."""
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        digits = f"{value:#.3g}" if abs(value) < 100 else f"{value:,.0f}"
        return digits.rstrip(".")
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def loss_text(value: float, *, short: bool = False) -> str:
    """Return a loss in words: exact zero is called so, with the rounding that stands in its place."""
    if value > FLOOR:
        return number(value)
    if short or value == 0:
        return "0" if short else say("exactly 0")
    return say("exactly 0 (rounding: {value:.0e})", value=value)


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: "1 row", "50 rows"."""
    return f"{count:,} {say(noun if count == 1 else noun + 's')}"


def right_answer(options: Mapping[str, str], right: Collection[str]) -> str:
    """Return the options that are right, to begin an answer with where nobody's guess is compared with it."""
    texts = [say(text) for key, text in options.items() if key in right]
    return f"**{texts[0] if len(texts) == 1 else say(' and ').join(f'“{text}”' for text in texts)}.**"


def rows_to_forget(count: int) -> str:
    """Return the rows to forget as all that there are of them: "the row to forget", "the 50 rows to forget"."""
    return say("the row to forget") if count == 1 else say("the {count:,} rows to forget", count=count)


def is_zero(loss: float) -> bool:
    """Whether a loss is zero up to rounding."""
    return loss <= FLOOR


def same(a: float, b: float, scale: float = 0.0) -> bool:
    """Whether two numbers agree up to rounding, relative to the larger of them and `scale`."""
    return abs(a - b) <= SAME * max(abs(a), abs(b), scale)


def losses_same(a: float, b: float) -> bool:
    """Whether two losses agree up to rounding, or are both zero."""
    return same(a, b) or (is_zero(a) and is_zero(b))


def look_same(a: float, b: float) -> bool:
    """Whether two losses are one number on screen."""
    return loss_text(a, short=True) == loss_text(b, short=True)


def agree(a: Array, b: Array) -> bool:
    """Whether two models, as weights (d,), are one up to rounding: what counts is their own size, not their losses."""
    return float(np.linalg.norm(a - b)) <= SAME * max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))


def tiny(value: float) -> str:
    """Return a relative difference with one digit."""
    if math.isinf(value):
        return say("infinite")
    return "0" if value == 0 else f"{value:.0e}"


def side(value: float) -> str:
    """Return one side of a claim; what is below rounding is called zero."""
    return number(value) if abs(value) > FLOOR**0.5 or value == 0 else say("0 (rounding: {value:.0e})", value=value)
