"""The glossary: every term with its symbols, and its meaning with the letters set as formulas."""

import re
from collections.abc import Iterable, Mapping

from theory import GLOSSARY, SYMBOLS
from ui.figures.formulas import coloured
from ui.figures.style import Theme
from ui.language import say

# Plain letters in the glossary's sentences and how they are set; the longer ones first.
_SET: Mapping[str, str] = {
    r"\|\(I - P_r\) w\|": r"\lvert (I - P_r)\,w\rvert",
    r"\(I - P_r\) w": r"(I - P_r)\,w",
    r"λ \|w\|²": r"\lambda\,\lvert w\rvert^2",
    r"w\*": "w^{*}",
    r"\b[A-Za-z1]_[A-Za-z0]\b": "",
    r"(?:^|(?<=; ))[INdstw](?=,)": "",
    r"\bk\b": "",
    "⊙": r"\odot",
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


# An index with more in it than its letter.
_LONG_INDEX = re.compile(r"_\{(\w),\\mathrm\{\w+\}\}")


def _occurs(symbol: str, statements: str) -> bool:
    """Whether a symbol stands in LaTeX: a letter not inside a word or command, nor as an index or with one."""
    before = "" if symbol.startswith("\\") else r"(?<![A-Za-z\\_])"
    after = r"(?![A-Za-z_]|\^\{\*)" if len(symbol) == 1 else "(?![A-Za-z])"
    return bool(re.search(before + re.escape(symbol) + after, statements))


def explained(statements: Iterable[str], theme: Theme) -> list[str]:
    """Return every term of which a symbol occurs in the statements: its symbols there, its name and its meaning."""
    text = _LONG_INDEX.sub(r"_\1", " ".join(statements))
    there: dict[str, list[str]] = {}
    for symbol, term in SYMBOLS.items():
        if _occurs(symbol, text):
            there.setdefault(term, []).append(f"${coloured(symbol, theme)}$")
    return [
        f"{', '.join(symbols)}: **{typeset(say(term), theme)}**. {typeset(say(GLOSSARY[term]), theme)}"
        for term, symbols in there.items()
    ]
