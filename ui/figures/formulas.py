"""Formulas on screen: the theory's LaTeX in the colours of the roles, with the current numbers under its terms."""

import re

from theory import Check
from ui.figures.style import Theme, text_colour
from ui.language.words import digits_apart, number, sides_same

# Which role a symbol belongs to; what is not here keeps the text's own colour, as the fine-tuned model does.
_ROLE = {
    "w_g": "golden",
    "w_o": "pretrained",
    "w_A": "remedy",
    "w_B": "remedy",
    "P_r": "retain",
    "X_r": "retain",
    "y_r": "retain",
    "X_f": "forget",
    "y_f": "forget",
}
_SYMBOL = re.compile("(" + "|".join(map(re.escape, _ROLE)) + r")(?![A-Za-z])")

# The claims a page can rest on, as two sides that the numbers of a Check stand under. Gradient descent starts anywhere.
SIDES = {
    "I1": (r"\lvert w_t - w_g\rvert", r"\lvert (I - P_r)\,w_o\rvert"),
    "I2": (r"\lvert w_t - w_o\rvert", r"0"),
    "D3": (r"\mathrm{UL}(w)\ \text{at}\ \mu = 0", r"\tfrac{1}{n_f}\,\lvert t - y_f\rvert^2"),
    "R2": (
        r"\mathrm{UL}(w_o \odot 1_A)",
        r"\tfrac{1}{n_f}\,\lvert X_{f,\mathrm{forget}}\,w_{o,\mathrm{forget}}\rvert^2",
    ),
    "I3": (r"\lvert w_o\rvert^2", r"\lvert w_g\rvert^2 + \lvert (I - P_r)\,w_o\rvert^2"),
    "I7": (r"\lvert (I - P_r)\,w_k\rvert", r"(1 - 2\eta\lambda)^k\,\lvert (I - P_r)\,w_0\rvert"),
}


def coloured(latex: str, theme: Theme) -> str:
    """Return LaTeX with every symbol in the colour of its role."""
    return _SYMBOL.sub(lambda m: rf"\textcolor{{{text_colour(_ROLE[m[1]], theme)}}}{{{m[1]}}}", latex)


_SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
# Where one equation ends and the next begins, and what has no place to break a line in.
_NEXT = re.compile(r",\\q?quad\s*")
_WHOLE = re.compile(r"\([^()]*\)|\|[^|]*\|")


def set_number(text: str) -> str:
    """Return a number as it stands in a sentence as LaTeX."""
    mantissa, _, exponent = text.replace(",", "{,}").replace("\N{MINUS SIGN}", "-").partition(" × 10")
    return mantissa + (rf" \times 10^{{{exponent.translate(_SUPERSCRIPT)}}}" if exponent else "")


def with_numbers(sides: tuple[str, str], check: Check, theme: Theme) -> str:
    """Return two sides with their values underneath, equal or not as these are, with the digits to see it."""
    left, right = (coloured(side, theme) for side in sides)
    digits = digits_apart(check)
    under_left, under_right = (set_number(number(value, digits)) for value in (check.left, check.right))
    relation = "=" if sides_same(check) else r"\neq"
    if sides[1] != "0":
        right = rf"\underbrace{{{right}}}_{{{under_right}}}"
    return rf"\underbrace{{{left}}}_{{{under_left}}} \;{relation}\; {right}"


def lines(statement: str, theme: Theme) -> str:
    """Return a statement in running text: every equation on a line of its own, no line ended inside a bracket."""
    equations = _NEXT.split(statement)
    ends = [","] * (len(equations) - 1) + [""]
    whole = (_WHOLE.sub(lambda m: f"{{{m[0]}}}", equation) + end for equation, end in zip(equations, ends, strict=True))
    return "  \n".join(f"${coloured(equation, theme)}$" for equation in whole)
