"""Numbers as text: sensible digits, singular and plural, exact zero; when two are one says `theory.sameness`."""

import math
import re
from collections.abc import Collection, Mapping

from theory import Check
from theory.sameness import FLOOR as FLOOR
from theory.sameness import SAME as SAME
from theory.sameness import is_nothing as is_nothing
from theory.sameness import is_zero as is_zero
from theory.sameness import likeness as likeness
from theory.sameness import loss_likeness as loss_likeness
from theory.sameness import one_model as one_model
from theory.sameness import same as same
from ui.language.speech import say

# A side of a claim this small is rounding, as a squared one is at `FLOOR`.
ROUNDED = SAME
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


def counted(noun: str) -> tuple[str, str]:
    """Return the English texts for one and for many of what a regular noun names."""
    return f"{{n:,}} {noun}", f"{{n:,}} {noun}s"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: "1 row", "50 rows"; another language has its own forms of the whole."""
    return say(*counted(noun), n=count)


def right_answer(options: Mapping[str, str], right: Collection[str]) -> str:
    """Return the options that are right, to begin an answer with where nobody's guess is compared with it."""
    texts = [say(text) for key, text in options.items() if key in right]
    return f"**{texts[0] if len(texts) == 1 else say(' and ').join(f'“{text}”' for text in texts)}.**"


def judged(options: Mapping[str, str], guess: str | int | None, right: Collection[str]) -> str:
    """Return how a guess, by its key, compares with the options that are right; without one, what is right."""
    if guess is None:
        return right_answer(options, right)
    said = say(options[str(guess)])
    if guess in right:
        return say("You guessed “{said}”, and so it is.", said=said)
    answer = say(" and ").join(f"“{say(text)}”" for key, text in options.items() if key in right)
    return say("You guessed “{said}”; the answer is {answer}.", said=said, answer=answer)


def awaited(told: bool) -> str:
    """Return what an answer waits for: the guess or, once it is told, the motion that the reader starts."""
    return say("The answer follows the motion.") if told else say("The answer follows the guess.")


def in_turn(*sentences: str) -> str:
    """Return whole sentences one after the other; an empty one is none."""
    return " ".join(filter(None, sentences))


def rows_to_forget(count: int) -> str:
    """Return the rows to forget as all that there are of them: "the row to forget", "the 50 rows to forget"."""
    return say("the row to forget", "the {n:,} rows to forget", n=count)


def rows_kept(count: int) -> str:
    """Return a count of rows to keep: "1 row to keep", "50 rows to keep"."""
    return say("{n:,} row to keep", "{n:,} rows to keep", n=count)


def losses_same(a: float, b: float) -> bool:
    """Whether two losses agree up to rounding, or are both zero."""
    return loss_likeness(a, b) == "same"


def look_same(a: float, b: float) -> bool:
    """Whether a guess of one loss hits the other: they are the same, or near each other."""
    return loss_likeness(a, b) in ("same", "near")


def distance_text(distance: float, size: float) -> str:
    """Return a distance between models of that size; rounding is 0."""
    return "0" if is_nothing(distance, size) else number(distance)


def loss_pair(a: float, b: float) -> tuple[str, str]:
    """Return two losses that a sentence compares: one text where they are the same, else two that differ."""
    if losses_same(a, b):
        return (loss_text(b, short=True),) * 2
    return "0" if is_zero(a) else _apart(a, b)[0], "0" if is_zero(b) else _apart(a, b)[1]


def distance_pair(a: float, b: float, size: float) -> tuple[str, str]:
    """Return two distances between models of that size as `loss_pair` does two losses."""
    if same(a, b, size):
        return (distance_text(b, size),) * 2
    return "0" if is_nothing(a, size) else _apart(a, b)[0], "0" if is_nothing(b, size) else _apart(a, b)[1]


def _apart(a: float, b: float) -> tuple[str, str]:
    """Return two numbers with the digits, three or more, that tell them apart."""
    texts = ((number(a, n), number(b, n)) for n in range(3, MOST_DIGITS))
    return next((pair for pair in texts if pair[0] != pair[1]), (number(a, MOST_DIGITS), number(b, MOST_DIGITS)))


def side(value: float, digits: int = 3) -> str:
    """Return one side of a claim; what is below rounding is called zero."""
    if value and abs(value) <= ROUNDED:
        return say("0 (rounding: {value})", value=number(value))
    return number(value, digits)


def sides_same(check: Check) -> bool:
    """Whether the two numbers of a claim are one, whatever else it says."""
    left, right = check.left, check.right
    return check.holds or same(left, right) or max(abs(left), abs(right)) <= ROUNDED


def says_nothing(check: Check) -> bool:
    """Whether both sides of a claim are zero up to rounding, so that how far apart they are says nothing."""
    return not check.holds and max(abs(check.left), abs(check.right)) <= ROUNDED


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
    if says_nothing(check):
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


# What Markdown reads as more than a letter.
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|$:~<>&])")
# Where a line must not end: before the percent sign of a language that sets a blank there, and on both sides of a sign
# between two terms. It begins with the blank, for which a text is searched four times as fast.
_TORN = re.compile(r" (?:(?<=\d )(?=%)|(?<=\w )(?=[=×−±] \S)|(?<=\w [=×−±] )(?=\S))")


def together(text: str) -> str:
    """Return a text whose numbers are not torn from their signs and names at the end of a line."""
    return _TORN.sub("\N{NO-BREAK SPACE}", text)


def verbatim(text: object) -> str:
    """Return a text that a visitor wrote as Markdown shows it letter by letter.

    A word joiner, which nobody sees, follows a colon: the platform looks for names of icons when all else is read.
    """
    return _MARKS.sub(r"\\\1", str(text)).replace(":", ":\u2060")
