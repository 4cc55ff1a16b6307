"""Many Specs at once: random ones over the whole range of shapes, and every claim checked on each."""

import math
from collections.abc import Sequence

import numpy as np

from theory.claims import CLAIMS, check_all
from theory.draws import draw
from theory.linalg import Array
from theory.spec import Spec

# Random settings stay small: a hundred of them are checked while someone waits.
MOST_FEATURES, MOST_RANDOM_ROWS, MOST_RANDOM_NOISE = 120, 150, 5.0


def random_specs(count: int, seed: int) -> tuple[Spec, ...]:
    """Draw Specs of every kind: no, some and full overlap, few and many rows, all or some tuned, with noise or without.

    Definition: d between 2 and 120; overlap 0, 1 or uniform in between, a third each; rows between 1 and 150, small
    numbers as likely as large ones; half the Specs fine-tune on every retain row; a third have no label noise.
    Shapes: count Specs; the first of a longer list are those of a shorter one.
    Errors: ValueError if count is below 1.
    Source: derived here; made so that every claim's condition is met by some of them.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count!r}: ask for one setting or more")
    rng = np.random.default_rng(seed)

    def rows() -> int:
        return round(math.exp(rng.uniform(0, math.log(MOST_RANDOM_ROWS))))

    def one() -> Spec:
        n_retain = rows()
        return Spec(
            d=int(rng.integers(2, MOST_FEATURES + 1)),
            overlap=(0.0, 1.0, float(rng.uniform()))[rng.integers(3)],
            n_retain=n_retain,
            n_forget=rows(),
            n_tune=(None, int(rng.integers(1, n_retain + 1)))[rng.integers(2)],
            noise=(0.0, *rng.uniform(0.05, MOST_RANDOM_NOISE, 2).tolist())[rng.integers(3)],
            seed=int(rng.integers(1_000_000)),
        )

    return tuple(one() for _ in range(count))


def claim_errors(specs: Sequence[Spec]) -> dict[str, Array]:
    """Return every claim's relative difference on every Spec, where its condition is met.

    Definition: `Check.error` on `draw(spec)`; not a number where the claim does not apply.
    Shapes: one array (len(specs),) a claim, by key.
    Errors: none for valid Specs.
    Source: `CLAIMS`.
    """
    errors = {key: np.full(len(specs), np.nan) for key in CLAIMS}
    for i, spec in enumerate(specs):
        problem = draw(spec)
        met = [key for key, claim in CLAIMS.items() if claim.applies(problem)]
        for key, check in check_all(problem, met).items():
            errors[key][i] = check.error
    return errors
