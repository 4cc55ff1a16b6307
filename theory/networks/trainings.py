"""The trainings behind the methods: from the start, on from the pretrained network, with a push, or in rounds."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from theory.networks.network import Floats, Network
from theory.networks.projection import project
from theory.networks.rows import one_hot
from theory.networks.targets import (
    GOLDEN,
    LAST,
    OTHER_GOLDEN,
    OTHER_START,
    PRETRAINED,
    RANDOM,
    SAMPLE,
    START,
    Hand,
    target,
    wrong,
)
from theory.networks.training import ON, TRAINING, Deck, Pull, Recipe, begin, descend, train

Made = Iterator[Floats]
TWO = replace(ON, epochs=2)

# Trained from the beginning


def _start(hand: Hand, which: int) -> Floats:
    return hand.shape.draw(hand.stream(which))


def pretrained(hand: Hand) -> Made:
    """Train on all rows. Source: standard."""
    since, seed = begin(_start(hand, START)), (hand.seed, PRETRAINED)
    return (m.weights for m in train(hand.shape, hand.rows.X, hand.rows.y, since, seed))


def golden(hand: Hand) -> Made:
    """Train on the rows to keep alone, from the same start. Source: standard."""
    since, seed = begin(_start(hand, START)), (hand.seed, GOLDEN)
    return (m.weights for m in train(hand.shape, hand.rows.X_r, hand.rows.y_r, since, seed))


def golden_again(hand: Hand) -> Made:
    """Train on the rows to keep alone, from another start. Source: derived here, as a floor."""
    since, seed = begin(_start(hand, OTHER_START)), (hand.seed, OTHER_GOLDEN)
    return (m.weights for m in train(hand.shape, hand.rows.X_r, hand.rows.y_r, since, seed))


# Trained on, from the pretrained network


def _follow(hand: Hand, start: Floats, pull: Pull, recipe: Recipe, steps: int) -> Made:
    return (m.weights for m in descend(hand.shape, begin(start), pull, steps, recipe))


def _sum(*parts: tuple[float, Deck]) -> Pull:
    """Return the pull of several decks at once, each with its weight."""

    def pull(network: Network, k: int, into: Network) -> None:
        for weight, deck in parts:
            network.add_gradient(*deck.deal(k), into, weight)

    return pull


def _keep_on(hand: Hand, start: Floats, recipe: Recipe = ON) -> Made:
    deck = hand.keep()
    return _follow(hand, start, _sum((1, deck)), recipe, deck.batches)


def fine_tune(hand: Hand, epochs: float = 10, rate: float = 0.05, decay: float = 0.0) -> Made:
    """Train on with the rows to keep. Source: arXiv 2410.03833v1, section 1: the method it studies."""
    return _keep_on(hand, hand.pretrained, replace(ON, epochs=round(epochs), rate=rate, decay=decay))


def fine_tune_long(hand: Hand) -> Made:
    """Go through the whole training again, from the pretrained network, with the rows to keep. Source: derived here."""
    return _keep_on(hand, hand.pretrained, TRAINING)


def fine_tune_decay(hand: Hand, epochs: float = 50, decay: float = 5e-3, repair: float = 10) -> Made:
    """Train on with weight decay, then repair without. Source: theory section 2 (I7), tried on a network."""
    weights = hand.pretrained
    for weights in fine_tune(hand, epochs, decay=decay):
        yield weights
    if repair:
        yield from _keep_on(hand, weights, replace(ON, epochs=round(repair)))


def _push(hand: Hand, key: str, alpha: float, keep: float = 1.0, rate: float = ON.rate) -> Made:
    deck = hand.keep()
    pull = _sum((keep, deck), (alpha, hand.forget(target(hand, key))))
    return _follow(hand, hand.pretrained, pull, replace(ON, rate=rate), deck.batches)


def ce_ft(hand: Hand, alpha: float = 0.1, target: str = "wrong") -> Made:
    """Fine-tune, and push the forget rows to another label. Source: our reading of arXiv 2410.03833v1."""
    return _push(hand, target, alpha)


def inverse_ce_ft(hand: Hand, alpha: float = 0.1, rate: str = "same") -> Made:
    """Push the forget rows, and weigh the rows to keep by 1 / alpha. Source: our reading of arXiv 2410.03833v1."""
    return _push(hand, "wrong", 1.0, 1 / alpha, ON.rate * (alpha if rate == "scaled" else 1.0))


def kl_ft(hand: Hand, alpha: float = 0.1, target: str = "uniform") -> Made:
    """Fine-tune, and push the forget rows to a distribution. Source: our reading of arXiv 2410.03833v1."""
    return _push(hand, target, alpha)


def gradient_ascent(hand: Hand, epochs: float = 10, rate: float = 0.1) -> Made:
    """Climb the loss of the forget rows. Source: standard."""
    deck = hand.forget(one_hot(hand.rows.y_f, hand.rows.classes))
    recipe = replace(ON, epochs=round(epochs), rate=rate, momentum=0.0)
    return _follow(hand, hand.pretrained, _sum((-1, deck)), recipe, deck.batches)


def random_labels(hand: Hand, epochs: float = 5, rate: float = 0.02) -> Made:
    """Train on with the forget rows alone, under wrong labels. Source: standard."""
    deck = hand.forget(wrong(hand))
    return _follow(hand, hand.pretrained, _sum((1, deck)), replace(ON, epochs=round(epochs), rate=rate), deck.batches)


def neg_grad_plus(hand: Hand, weight: float = 0.05) -> Made:
    """Fine-tune, and climb the loss of the forget rows a little. Source: Kurmanji et al. 2023."""
    deck = hand.keep()
    pull = _sum((1, deck), (-weight, hand.forget(one_hot(hand.rows.y_f, hand.rows.classes))))
    return _follow(hand, hand.pretrained, pull, replace(ON, clip=1.0), deck.batches)


def scrub(hand: Hand, rounds: float = 3) -> Made:
    """Lead away from its own answers on the forget rows, and back on the others. Source: Kurmanji et al. 2023."""
    before = hand.answers(hand.pretrained, hand.rows.X_r)
    # Cross-entropy with the labels plus half the divergence from its old answers: one pull of 1.5 to their mixture.
    keep = hand.keep((one_hot(hand.rows.y_r, hand.rows.classes) + 0.5 * before) / 1.5)
    away = hand.forget(hand.answers(hand.pretrained, hand.rows.X_f))
    weights = hand.pretrained
    for epoch in range(ON.epochs):
        if epoch < round(rounds):
            (weights,) = _follow(hand, weights, _sum((-1, away)), replace(ON, epochs=1), away.batches)
        (weights,) = _follow(hand, weights, _sum((1.5, keep)), replace(ON, epochs=1), keep.batches)
        yield weights


def bad_teacher(hand: Hand, alpha: float = 1.0) -> Made:
    """Follow a random network on the forget rows, its old answers on the others. Source: Chundawat et al. 2023."""
    fool = hand.answers(_start(hand, RANDOM), hand.rows.X_f)
    keep = hand.keep(hand.answers(hand.pretrained, hand.rows.X_r))
    return _follow(hand, hand.pretrained, _sum((1, keep), (alpha, hand.forget(fool))), ON, keep.batches)


def reset_last(hand: Hand) -> Made:
    """Draw the last layer again, then fine-tune. Source: standard."""
    weights = hand.pretrained.copy()
    weights[hand.shape.last] = _start(hand, LAST)[hand.shape.last]
    return _keep_on(hand, weights)


def shrink_repair(hand: Hand, factor: float = 0.85, rounds: float = 10) -> Made:
    """Shrink every weight, fine-tune for two epochs, and again. Source: I7 in large steps; derived here."""
    weights = hand.pretrained
    for _ in range(round(rounds)):
        for after in _keep_on(hand, np.float32(factor) * weights, TWO):
            yield (weights := after)


def min_norm(hand: Hand, factor: float = 0.7, rounds: float = 10) -> Made:
    """Shrink what a sample of the rows to keep cannot see, and repair. Source: after MinNorm-OG."""
    weights, rng = hand.pretrained, hand.stream(SAMPLE)
    for _ in range(round(rounds)):
        seen = project(Network(hand.shape, weights), hand.rows.X_r[rng.permutation(len(hand.rows.X_r))[:40]])
        for after in _keep_on(hand, seen + np.float32(factor) * (weights - seen), TWO):
            yield (weights := after)
