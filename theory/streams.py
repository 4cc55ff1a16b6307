"""The random streams of a seed, one for each thing that is drawn: asking for one more changes none of the others."""

import numpy as np

# Fixed for good: another order would give every seed other data.
WEIGHTS, RETAIN, FORGET, RETAIN_NOISE, FORGET_NOISE = range(5)
FRESH_RETAIN, FRESH_FORGET, FRESH_RETAIN_NOISE, FRESH_FORGET_NOISE, SHUFFLE, ROTATION = range(5, 11)
DEMONSTRATIONS, CRITICS, CLIENTS, MISSING = range(11, 15)
TEACHER, SHARDS, SUBSETS, REMOVAL, SUSPECTS = range(15, 20)


def stream(seed: int, which: int) -> np.random.Generator:
    """Return the stream of a seed for one thing, from its beginning."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(which,)))
