"""At which points the curves are computed: few enough while someone waits, enough to read a trend from."""

import numpy as np

from theory import Spec

OVERLAPS: tuple[float, ...] = tuple(np.linspace(0, 1, 9).tolist())
FINE_OVERLAPS: tuple[float, ...] = tuple(np.linspace(0, 1, 101).tolist())
TUNING_POINTS = 16
# Draws behind a mean curve: as many as this amount of arithmetic allows, within the bounds.
CURVE_WORK, FEWEST_DRAWS, MOST_DRAWS = 4e8, 2, 8
# Random settings on which every statement is checked, and how many between two moves of the progress bar.
SURVEY, SURVEY_CHUNK = 200, 20
# Steps of gradient descent that can be scrubbed: 0 and then ever longer strides up to the last.
STEPS: tuple[int, ...] = (0, *sorted({round(10**e) for e in np.linspace(0, 4, 25)}))
# Weights of the push on the forget rows: none, then six a decade, each with one or two digits.
ALPHAS: tuple[float, ...] = (
    0.0,
    *(float(f"{digits}e{power}") for power in range(-3, 2) for digits in (1, 1.5, 2, 3, 5, 7)),
    100.0,
)
# Start points s * w_o that can be scrubbed, angles between two rows, and turns of a view, in degrees.
STARTS: tuple[float, ...] = tuple(round(0.02 * k, 2) for k in range(61))
ANGLES: tuple[float, ...] = tuple(float(k) for k in range(0, 91, 2))
TURNS: tuple[float, ...] = tuple(float(k) for k in range(0, 181, 3))
# The page dynamics goes on for longer, in shorter strides.
CLOCK_STEPS: tuple[int, ...] = (0, *sorted({round(10**e) for e in np.linspace(0, 5, 61)}))
# The ridge it may pretrain with, as a share of the rows' mean squared length, and the weight of shuffled labels there.
CLOCK_RIDGE, CLOCK_ALPHA = 0.5, 1.0


def tuning_rows(spec: Spec) -> tuple[int, ...]:
    """Return the numbers of fine-tuning rows a curve is computed at, from 1 to n_retain."""
    return tuple(np.unique(np.linspace(1, spec.n_retain, TUNING_POINTS).round().astype(int)).tolist())


def curve_draws(spec: Spec) -> int:
    """Return how many draws stand behind a mean curve over `OVERLAPS`."""
    rows = spec.n_retain + spec.n_forget
    work = len(OVERLAPS) * rows * spec.d * min(rows, spec.d)
    return int(min(max(CURVE_WORK // work, FEWEST_DRAWS), MOST_DRAWS))
