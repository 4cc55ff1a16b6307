"""Texts as a reader has them: plain sentences of a page at a View, and the numbers in them."""

import re
import warnings

import numpy as np

from ui.lessons import LESSONS
from ui.plot.route import picture

NUMBER = r"−?[0-9][0-9,]*(?:\.[0-9]+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
# A loss: a number, or zero in words.
LOSS = rf"exactly 0 \(rounding: {NUMBER}\)|exactly 0|{NUMBER}"
_POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
# Pictures whose captions speak of many draws, which take long.
SLOW = frozenset({("overlap", "curve"), ("remedy", "second"), ("digits", "phases")})


def plain(text):
    text = re.sub(r"<[^>]+>|\*\*|(?<!\w)\*|\*(?!\w)", "", text)
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NON-BREAKING HYPHEN}", "-")


def value(text):
    """The number a text stands for; "exactly 0 (rounding: ...)" is zero."""
    if text.startswith("exactly"):
        return 0.0
    mantissa, _, exponent = text.replace(",", "").replace("−", "-").partition(" × 10")
    return float(mantissa) * 10.0 ** int(exponent.translate(_POWERS) or 0)


def shows(text, true, zero=0.0):
    """Whether a printed number is a true one to the digits it is printed with; up to `zero` it may be printed as 0."""
    if value(text) == 0:
        return abs(true) <= zero
    mantissa = re.sub(r"[^0-9.]", "", text.split(" ×")[0])
    decimals = len(mantissa.partition(".")[2])
    size = abs(value(text))
    unit = 10.0**-decimals * (size / float(mantissa) if float(mantissa) else 1.0)
    # The last digit may be rounded from a value half a unit off in floating point; models agree to 1e-8.
    return abs(value(text) - true) <= 0.5001 * unit + 1e-6 * abs(true)


def texts(stem, view, slow=True, aloud=False):
    """Captions of all pictures at a View, and what is said of every guess, by where they stand.

    `aloud`: with what the pictures are for those who hear them.
    """
    lesson = LESSONS[stem]
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for key, _ in lesson.shown(view).items():
            if slow or (stem, key) not in SLOW:
                shown = picture(lesson, key, view)
                found[key] = plain(shown.caption)
                if aloud:
                    found[f"{key}, heard"] = plain(shown.alt)
        for guess in (None, *(lesson.page.asked(view).options or ("40",))):
            found[f"verdict of {guess}"] = plain(lesson.verdict(view, guess))
    return {where: text for where, text in found.items() if text}


def sentences(text):
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-Z“0-9])|\n+", text) if part.strip()]


def uncovered(text, patterns, numbers=False):
    """Sentences of a text of which no pattern reads a word; with `numbers`, those too that hold a number none reads."""
    covered = np.zeros(len(text), dtype=bool)
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            covered[match.start() : match.end()] = True
    begin, found = 0, []
    for sentence in sentences(text):
        begin = text.index(sentence, begin)
        read = covered[begin : begin + len(sentence)]
        if not read.any() or (numbers and not all(read[m.start()] for m in re.finditer(r"[0-9]+", sentence))):
            found.append(sentence)
        begin += len(sentence)
    return found
