"""What the page geometry computes and remembers."""

from dataclasses import replace

import numpy as np

from theory import (
    Scene,
    Spec,
    Triangle,
    TwoRows,
    draw,
    scene,
    triangle,
    two_rows,
)
from ui.lessons.geometry.text import ANGLES, STARTS
from ui.server.cache import kept
from ui.server.results import problem_of


@kept(128)
def exact_triangle(spec: Spec) -> Triangle:
    """Return the triangle of a Spec, with fine-tuning from each of `STARTS`."""
    return triangle(problem_of(spec), STARTS)


def two_features(spec: Spec) -> tuple[TwoRows, ...]:
    """Return weight space for two features at each of `ANGLES`, with w* from the seed of a Spec.

    The axes point along golden and along the leftover, so that no coordinate of w* is negative.
    """
    return _two_features(spec.seed)


@kept(128)
def _two_features(seed: int) -> tuple[TwoRows, ...]:
    w_star = np.abs(draw(Spec(d=2, n_retain=1, n_forget=1, seed=seed)).w_star)
    return tuple(two_rows(w_star, degrees) for degrees in ANGLES)


def three_features(spec: Spec, start: float) -> Scene:
    """Return weight space for three features and one row of each kind, with the overlap, noise and seed of a Spec."""
    return _three_features(replace(spec, d=3, n_retain=1, n_forget=1, n_tune=None), start)


@kept(128)
def _three_features(spec: Spec, start: float) -> Scene:
    return scene(draw(spec), start)
