"""What the rows to forget are pushed to: a wrong label, the second guess, a distribution."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from theory.networks.network import Floats, Network, Shape
from theory.networks.rows import Forgetting, one_hot, wrong_labels
from theory.networks.training import ON, Deck

# Streams of a seed, one for each thing that is drawn. Fixed for good: another order gives every seed other networks.
START, OTHER_START, PRETRAINED, GOLDEN, OTHER_GOLDEN, KEEP, FORGET, TARGET, LAST, RANDOM, SAMPLE = range(11)


@dataclass(frozen=True, eq=False)
class Hand:
    """What a method may take in hand.

    Definition: the rows, the network they were learnt by, golden for an oracle alone, and the seed of all chance.
    Shapes: pretrained, golden (count,).
    Errors: none.
    Source: the definition itself.
    """

    rows: Forgetting
    pretrained: Floats
    golden: Floats
    seed: int = 0

    @property
    def shape(self) -> Shape:
        """The size of the network."""
        return self.rows.shape

    def stream(self, which: int) -> np.random.Generator:
        """Return the seed's stream for one thing, from its beginning."""
        return np.random.default_rng((self.seed, which))

    def keep(self, targets: Floats | None = None) -> Deck:
        """Return the rows to keep in batches, with their labels or with other targets."""
        wanted = one_hot(self.rows.y_r, self.rows.classes) if targets is None else targets
        return Deck(self.rows.X_r, wanted, ON.batch, (self.seed, KEEP))

    def forget(self, targets: Floats) -> Deck:
        """Return the rows to forget in batches, with targets."""
        return Deck(self.rows.X_f, targets, ON.batch, (self.seed, FORGET))

    def answers(self, weights: Floats, X: Floats) -> Floats:
        """Return what the network with these weights answers, (n, inputs) -> (n, classes)."""
        return Network(self.shape, weights).probabilities(X)


def wrong(hand: Hand) -> Floats:
    """Return a wrong label for every row, each of the other classes with the same chance."""
    labels = wrong_labels(hand.rows.y_f, hand.rows.classes, hand.stream(TARGET))
    return one_hot(labels, hand.rows.classes)


def own(hand: Hand) -> Floats:
    """Return the pretrained network's own answer, without the label to forget, scaled back to sum 1."""
    answers = hand.answers(hand.pretrained, hand.rows.X_f)
    answers[np.arange(len(answers)), hand.rows.y_f] = 0
    answers += 1e-12  # a network that is sure beyond rounding has nothing else to say
    answers[np.arange(len(answers)), hand.rows.y_f] = 0
    answers /= answers.sum(axis=1, keepdims=True)
    return answers


def second(hand: Hand) -> Floats:
    """Return the pretrained network's best guess among the other labels."""
    return one_hot(own(hand).argmax(axis=1), hand.rows.classes)


def uniform(hand: Hand) -> Floats:
    """Return the same share for every class, the one to forget among them."""
    return np.full((len(hand.rows.y_f), hand.rows.classes), 1 / hand.rows.classes, dtype=np.float32)


def oracle(hand: Hand) -> Floats:
    """Return what golden answers: nobody has it who has not retrained already."""
    return hand.answers(hand.golden, hand.rows.X_f)


LABELS: Mapping[str, str] = MappingProxyType(
    {
        "wrong": "A wrong label for every row, each of the others with the same chance.",
        "second": "The best guess of the pretrained network among the other labels.",
    }
)
ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "uniform": "Every class alike, the one to forget among them.",
        "own": "The pretrained network's own answer without the label to forget.",
        "oracle": "Golden's answer: only who has retrained already has it.",
    }
)
_TARGETS = {"wrong": wrong, "second": second, "uniform": uniform, "own": own, "oracle": oracle}


def target(hand: Hand, key: str) -> Floats:
    """Return what the rows to forget are pushed to, (n_f, classes); `key` is one of LABELS or ANSWERS."""
    return _TARGETS[key](hand)
