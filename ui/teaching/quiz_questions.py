"""A question of the quiz as one reader gets it: a seed's problem, its numbers in words, the answers and the verdict."""

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np

from theory import MISCONCEPTIONS, Posed, pose
from ui.language import say, words
from ui.language.words import FLOOR
from ui.lessons import BY_STEM
from ui.page import links
from ui.plot.controls import CONTROLS
from ui.server.cache import kept
from ui.teaching.quiz_items import CONSTANTS, Answer, Item


class Number(float):
    """A number that stands in a text with three significant digits, as 0 where it is rounding, or as it is asked to."""

    def __format__(self, how: str) -> str:
        """Return the number as text."""
        if how:
            return format(float(self), how)
        return words.number(self) if abs(self) > FLOOR else "0"


@kept(256)
def posed(key: str, seed: int) -> Posed:
    """Return the problem of a quiz's seed for a misconception, with its numbers."""
    return pose(MISCONCEPTIONS[key], seed)


def texts(found: Posed) -> dict[str, object]:
    """Return what may stand in a question's texts: its numbers, its setting, and what is the same for all."""
    return {
        **CONSTANTS,
        **asdict(found.spec),
        "overlap": found.spec.d_overlap / found.spec.d,  # as realised: whole features are shared
        **{name: Number(value) for name, value in found.evidence.numbers.items()},
    }


def order(seed: int, item: Item) -> tuple[Answer, ...]:
    """Return the answers in the order of a seed."""
    stream = np.random.default_rng([seed, *item.key.encode()])
    return tuple(item.answers[i] for i in stream.permutation(len(item.answers)))


def right(item: Item) -> str:
    """Return the name of the right answer."""
    return MISCONCEPTIONS[item.key].truth


def verdict(item: Item, given: Answer, filled: Mapping[str, object]) -> str:
    """Return whether an answer is right, and which one is."""
    said = say(given.text, **filled)
    if given.number == right(item):
        return say("**Right:** {answer}", answer=said)
    truth = next(answer for answer in item.answers if answer.number == right(item))
    return say("**Not right:** {said}. The answer: **{answer}**", said=said, answer=say(truth.text, **filled))


def setting(found: Posed) -> str:
    """Return the problem in words, for the way to its page."""
    return say(
        "Opens beside the quiz: {d} features, {overlap:.0%} shared; {n_retain} rows to keep, {n_forget} to forget; "
        "label noise {noise:g}; draw {seed}.",
        **texts(found),
    )


def address(item: Item, found: Posed) -> str:
    """Return where the page of a question shows the problem, the whole of it."""
    values = {c.key: getattr(found.spec, c.key) or 0 for c in CONTROLS} | dict(item.values)
    return links.link(".", BY_STEM[item.page], values, guess=False)
