"""How a network is trained: momentum and a falling rate, step after step, from any moment on."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from theory.networks.network import Floats, Network, Shape
from theory.networks.rows import Labels, one_hot
from theory.spec import Refusal


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a network is trained.

    Definition: v <- momentum v + g, w <- w - rate v, with g the gradient plus decay w, no longer than `clip`; with
    `cosine` the rate falls to 0 along half a cosine.
    Shapes: one number each.
    Errors: Refusal for what is out of range.
    Source: standard: stochastic gradient descent with momentum and a cosine for the rate.
    """

    epochs: int = 100
    rate: float = 0.2
    cosine: bool = True
    momentum: float = 0.9
    batch: int = 50
    decay: float = 0.0
    clip: float = math.inf

    def __post_init__(self) -> None:
        rules = {"epochs": self.epochs >= 1, "batch": self.batch >= 1, "rate": 0 < self.rate < math.inf}
        rules |= {"momentum": 0 <= self.momentum < 1, "decay": 0 <= self.decay < math.inf, "clip": self.clip > 0}
        for name, fine in rules.items():
            if not fine:
                raise Refusal(
                    "{name} is out of range, got {value!r}: leave it out for its usual value",
                    {"name": name, "value": getattr(self, name)},
                )


# From the beginning, long enough that a tenth of wrong labels is memorised as well; and on from there.
TRAINING = Recipe()
ON = Recipe(epochs=10, rate=0.05, cosine=False)


@dataclass(frozen=True, eq=False)
class Moment:
    """Where a training stands.

    Definition: the parameters, their velocity, and the epochs done: all that the rest of the training depends on.
    Shapes: weights (count,), velocity (count,).
    Errors: none.
    Source: the definition itself.
    """

    weights: Floats
    velocity: Floats
    epoch: int = 0


def begin(weights: Floats) -> Moment:
    """Return the moment before the first step, at rest."""
    return Moment(weights, np.zeros_like(weights))


class Deck:
    """Rows with their targets, dealt in batches, shuffled anew before every pass.

    Definition: batch k of a pass is the k-th piece of the pass's own permutation, so what step k sees depends on the
    seed and on k alone.
    Shapes: X (n, inputs), targets (n, classes).
    Errors: none.
    Source: standard.
    """

    def __init__(self, X: Floats, targets: Floats, batch: int, seed: tuple[int, ...]) -> None:
        self._X, self._targets, self._batch, self._seed = X, targets, batch, seed
        self.batches = -(-len(X) // batch)
        self._pass, self._rows = -1, (X, targets)

    def deal(self, k: int) -> tuple[Floats, Floats]:
        """Return batch k since the beginning: rows and targets."""
        now, piece = divmod(k, self.batches)
        if now != self._pass:
            order = np.random.default_rng((*self._seed, now)).permutation(len(self._X))
            self._pass, self._rows = now, (self._X[order], self._targets[order])
        where = slice(piece * self._batch, (piece + 1) * self._batch)
        return self._rows[0][where], self._rows[1][where]


Pull = Callable[[Network, int, Network], None]


def descend(shape: Shape, since: Moment, pull: Pull, steps: int, recipe: Recipe) -> Iterator[Moment]:
    """Yield the moment after every epoch of `steps` steps; `pull(network, k, into)` adds the gradient of step k."""
    network, velocity = Network(shape, since.weights.copy()), since.velocity.copy()
    slope = Network(shape, np.zeros_like(network.vector))
    for epoch in range(since.epoch, recipe.epochs):
        for k in range(epoch * steps, (epoch + 1) * steps):
            slope.vector[:] = 0
            pull(network, k, slope)
            if recipe.decay:
                slope.vector += recipe.decay * network.vector
            if recipe.clip < math.inf:
                slope.vector *= min(1.0, recipe.clip / max(float(np.linalg.norm(slope.vector)), 1e-30))
            turn = k / (recipe.epochs * steps)
            rate = recipe.rate * (math.cos(math.pi * turn) + 1) / 2 if recipe.cosine else recipe.rate
            velocity *= recipe.momentum
            velocity += slope.vector
            network.vector -= rate * velocity
        yield Moment(network.vector.copy(), velocity.copy(), epoch + 1)


def train(
    shape: Shape, X: Floats, labels: Labels, since: Moment, seed: tuple[int, ...], recipe: Recipe = TRAINING
) -> Iterator[Moment]:
    """Train on labelled rows, and yield the moment after every epoch.

    Definition: `descend` along the mean cross-entropy of a batch; from any moment it yields on, the rest
    is the same.
    Shapes: X (n, inputs), labels (n,), weights (count,).
    Errors: Refusal for arrays that do not fit the network.
    Source: standard.
    """
    deck = Deck(X, one_hot(labels, shape.classes), recipe.batch, seed)
    return descend(
        shape, since, lambda network, k, into: network.add_gradient(*deck.deal(k), into), deck.batches, recipe
    )
