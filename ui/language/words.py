"""Numbers as text, and when two of them are one: sensible digits, singular and plural, exact zero."""

import math
import re
from collections.abc import Collection, Mapping

import numpy as np

from theory import Array, Check
from ui.language.speech import say

# Losses at or below this are exact zero: what is left is rounding, and a log axis has one place for all of it.
FLOOR = 1e-16
# Two numbers this close, relative to the larger, are the same number twice computed.
SAME = 1e-9
# A side of a claim this small is rounding: a squared one is at the floor of losses.
ROUNDED = FLOOR**0.5
# As many digits as a computer keeps.
MOST_DIGITS = 17
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 3) -> str:
    """Return a number with three significant digits or more, in plain notation where that is readable."""
    if value == 0:
        return "0"
    if value < 0:
        return f"\N{MINUS SIGN}{number(-value, digits)}"
    if 1e-3 <= abs(value) < 1e5:
        text = f"{value:#,.{digits}g}" if abs(value) < 10 ** (digits - 1) else f"{value:,.0f}"
        return text.rstrip(".")
    mantissa, exponent = f"{value:.{digits - 2}e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def loss_text(value: float, *, short: bool = False) -> str:
    """Return a loss in words: exact zero is called so, with the rounding that stands in its place."""
    if value > FLOOR:
        return number(value)
    if short or value == 0:
        return "0" if short else say("exactly 0")
    return say("exactly 0 (rounding: {value})", value=number(value))


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


def rows_kept(count: int) -> str:
    """Return a count of rows to keep: "1 row to keep", "50 rows to keep"."""
    return say("1 row to keep") if count == 1 else say("{count:,} rows to keep", count=count)


def rows_forgotten(count: int) -> str:
    """Return a count of rows to forget: "1 row to forget", "50 rows to forget"."""
    return say("1 row to forget") if count == 1 else say("{count:,} rows to forget", count=count)


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


def side(value: float, digits: int = 3) -> str:
    """Return one side of a claim; what is below rounding is called zero."""
    if value and abs(value) <= ROUNDED:
        return say("0 (rounding: {value})", value=number(value))
    return number(value, digits)


def sides_same(check: Check) -> bool:
    """Whether the two numbers of a claim are one, whatever else it says."""
    left, right = check.left, check.right
    return check.holds or same(left, right) or max(abs(left), abs(right)) <= ROUNDED


def digits_apart(check: Check) -> int:
    """Return how many digits tell the two numbers of a claim apart: three where they are one."""
    if sides_same(check):
        return 3
    apart = (n for n in range(3, MOST_DIGITS) if number(check.left, n) != number(check.right, n))
    return next(apart, MOST_DIGITS)


def sides(check: Check) -> str:
    """Return both numbers of a claim, and how far the claim is off: it may say more than these two numbers."""
    digits = digits_apart(check)
    both = say("Left side {left}, right side {right}", left=side(check.left, digits), right=side(check.right, digits))
    if not check.holds and max(abs(check.left), abs(check.right)) <= ROUNDED:
        return say("{both}: zero beside zero, whose relative difference says nothing.", both=both)
    if check.holds or not sides_same(check):
        if math.isinf(check.error):
            return say("{both}: beside zero no relative difference can measure that.", both=both)
        return say("{both}, relative difference {error}.", both=both, error=number(check.error))
    if math.isinf(check.error):
        return say("{both}: they agree, but the statement says more, and that is not so.", both=both)
    return say(
        "{both}: they agree, but the statement says more, and that is off by {error}, relative to its size.",
        both=both,
        error=number(check.error),
    )


# Where a line must not end: before a percent sign, and on both sides of a sign between two terms. It begins with the
# blank, for which a text is searched four times as fast.
_TORN = re.compile(r" (?:(?<=\d )(?=%)|(?<=\w )(?=[=×−±] \S)|(?<=\w [=×−±] )(?=\S))")


def together(text: str) -> str:
    """Return a text whose numbers are not torn from their signs and names at the end of a line."""
    return _TORN.sub("\N{NO-BREAK SPACE}", text)
