"""The glossary: every term with its symbols, and its meaning with the letters set as formulas."""

import re
from collections.abc import Iterable, Mapping

from theory import GLOSSARY, SYMBOLS
from ui.figures.formulas import coloured
from ui.figures.style import Theme
from ui.language import Texts, say

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


# What stands in the formula of a page, in a few words each.
BRIEF = Texts(
    {
        "w_t": "fine-tuned",
        "w_g": "golden",
        "w_o": "pretrained",
        "w_0": "the start",
        "w_k": "after k steps",
        "(I - P_r)": "leaves what the rows to keep cannot see",
        r"\eta": "step size",
        r"\lambda": "weight decay",
        r"\mathrm{UL}": "unlearning loss",
        "n_r": "number of rows to keep",
        "n_t": "number of rows fine-tuning sees",
        "n_f": "number of rows to forget",
        "X_r": "rows to keep",
        "X_t": "rows fine-tuning sees",
        r"X_{f,\mathrm{forget}}": "rows to forget, only the features no other row uses",
        r"w_{o,\mathrm{forget}}": "the pretrained weights of these features",
        "X_f": "rows to forget",
        "y_r": "labels of the rows to keep",
        "y_t": "labels of these rows",
        "y_f": "labels of the rows to forget",
        "t": "the target, the labels they are pushed to",
        r"\alpha": "weight of the push",
        r"\mu": "how strongly the weights are held at the pretrained ones",
        r"\odot 1_A": "keeps the weights that Option A keeps, and sets the others to zero",
        "w": "the pushed model",
    }
)


def brief(sides: Iterable[str], theme: Theme) -> str:
    """Return what the symbols in the two sides of a formula are, in a few words each."""
    text, told = " = ".join(sides), []
    for symbol, meaning in BRIEF.items():
        if symbol in text if symbol[0] not in "wt" or len(symbol) > 1 else _occurs(symbol, text):
            told.append(f"${coloured(symbol, theme)}$ {meaning}")
    return "; ".join(told)


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
