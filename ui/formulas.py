"""Formulas on screen: the theory's LaTeX in the colours of the roles, with the current numbers under its terms."""

import re
from collections.abc import Iterable, Iterator

from theory import GLOSSARY, SYMBOLS, Check
from ui.language import say
from ui.style import Theme, text_colour

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

# The claims a page can rest on, as two sides that the numbers of their Check stand under.
SIDES = {
    "I1": (r"\lvert w_t - w_g\rvert", r"\lvert (I - P_r)\,w_o\rvert"),
    "I2": (r"\lvert w_t - w_o\rvert", r"0"),
    "D3": (r"\mathrm{UL}(w)\ \text{at}\ \mu = 0", r"\tfrac{1}{n_f}\,\lvert t - y_f\rvert^2"),
    "R2": (
        r"\mathrm{UL}(w_o \odot 1_A)",
        r"\tfrac{1}{n_f}\,\lvert X_{f,\mathrm{forget}}\,w_{o,\mathrm{forget}}\rvert^2",
    ),
    "I3": (r"\lvert w_o\rvert^2", r"\lvert w_g\rvert^2 + \lvert (I - P_r)\,w_o\rvert^2"),
    "I7": (r"\lvert (I - P_r)\,w_k\rvert", r"(1 - 2\eta\lambda)^k\,\lvert (I - P_r)\,w_o\rvert"),
}


def coloured(latex: str, theme: Theme) -> str:
    """Return LaTeX with every symbol in the colour of its role."""
    return _SYMBOL.sub(lambda m: rf"\textcolor{{{text_colour(_ROLE[m[1]], theme)}}}{{{m[1]}}}", latex)


def _latex_number(value: float) -> str:
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:.3g}"
    mantissa, exponent = f"{value:.0e}".split("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}"


def with_numbers(key: str, check: Check, theme: Theme) -> str:
    """Return a claim's two sides with their current values underneath, equal or not as the numbers are."""
    left, right = (coloured(side, theme) for side in SIDES[key])
    relation = "=" if check.holds else r"\neq"
    under_right = "" if SIDES[key][1] == "0" else rf"_{{{_latex_number(check.right)}}}"
    right = rf"\underbrace{{{right}}}{under_right}" if under_right else right
    return rf"\underbrace{{{left}}}_{{{_latex_number(check.left)}}} \;{relation}\; {right}"


def glossary(statements: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield every symbol that occurs in the statements, with what it means."""
    text = " ".join(statements)
    for symbol, term in SYMBOLS.items():
        # A letter alone must not be found inside a command or as an index.
        if re.search(r"(?<![A-Za-z\\_])" + re.escape(symbol) + r"(?![A-Za-z])", text):
            yield symbol, f"**{say(term)}**. {say(GLOSSARY[term])}"
