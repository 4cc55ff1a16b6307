"""At which points shared curves are computed: few enough while someone waits, enough to read a trend from."""

import numpy as np

from theory import Spec
from theory.data import Data

OVERLAPS: tuple[float, ...] = tuple(np.linspace(0, 1, 9).tolist())
FINE_OVERLAPS: tuple[float, ...] = tuple(np.linspace(0, 1, 101).tolist())
TUNING_POINTS = 16
# Draws behind a mean curve: as many as this amount of arithmetic allows, within the bounds.
CURVE_WORK, FEWEST_DRAWS, MOST_DRAWS = 4e8, 2, 8
# Draws behind it while a slider moves.
DRAFT_DRAWS = 2


def tuning_rows(data: Data) -> tuple[int, ...]:
    """Return the numbers of fine-tuning rows a curve is computed at, from 1 to n_retain."""
    return tuple(np.unique(np.linspace(1, data.n_retain, TUNING_POINTS).round().astype(int)).tolist())


def curve_draws(spec: Spec) -> int:
    """Return how many draws stand behind a mean curve over `OVERLAPS`."""
    rows = spec.n_retain + spec.n_forget
    work = len(OVERLAPS) * rows * spec.d * min(rows, spec.d)
    return int(min(max(CURVE_WORK // work, FEWEST_DRAWS), MOST_DRAWS))
