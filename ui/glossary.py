"""The glossary as a table: every term with its symbols, and its meaning with the letters set as formulas."""

import re
from collections.abc import Mapping

from theory import GLOSSARY, SYMBOLS
from ui.formulas import coloured
from ui.language import say
from ui.style import Theme

# Plain letters in the glossary's sentences and how they are set; the longer ones first.
_SET: Mapping[str, str] = {
    r"\|\(I - P_r\) w\|": r"\lvert (I - P_r)\,w\rvert",
    r"λ \|w\|²": r"\lambda\,\lvert w\rvert^2",
    r"w\*": "w^{*}",
    r"\b[A-Za-z1]_[A-Za-z]\b": "",
    r"^t(?=,)": "",
    "λ": r"\lambda",
    "η": r"\eta",
}
_LETTERS = re.compile("|".join(f"({pattern})" for pattern in _SET))


def typeset(text: str, theme: Theme) -> str:
    """Return a sentence of the glossary with its letters as formulas in the colours of their roles."""

    def formula(match: re.Match[str]) -> str:
        latex = list(_SET.values())[(match.lastindex or 1) - 1] or match[0]
        return f"${coloured(latex, theme)}$"

    return _LETTERS.sub(formula, text)


def table(theme: Theme) -> dict[str, list[str]]:
    """Return the columns of the glossary: the term, its symbols, and what it means."""
    symbols: dict[str, list[str]] = {term: [] for term in GLOSSARY}
    for symbol, term in SYMBOLS.items():
        symbols[term].append(f"${coloured(symbol, theme)}$")
    return {
        say("Term"): [f"**{typeset(say(term), theme)}**" for term in GLOSSARY],
        say("Symbol"): [", ".join(symbols[term]) for term in GLOSSARY],
        say("Meaning"): [typeset(say(meaning), theme) for meaning in GLOSSARY.values()],
    }
