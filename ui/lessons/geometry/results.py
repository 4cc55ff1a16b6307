"""What the page geometry computes and remembers."""

from dataclasses import replace

import numpy as np

from theory import Scene, Spec, Triangle, Valley, draw, scene, triangle, valley
from theory.data import Data
from ui.lessons.geometry.text import FORGET, KEEP, START, STARTS, TRUTH
from ui.plot.view import View
from ui.server.cache import kept
from ui.server.results import problem_of

# Where fine-tuning starts in the view of three features: at this share of the pretrained model.
HALF = 0.5


def seen(view: View) -> str:
    """Return in how many dimensions the page looks: real rows have more features than two or three."""
    return "any" if view.rows else str(view["view"])


@kept(128)
def exact_triangle(data: Data) -> Triangle:
    """Return the triangle of drawn or real rows, with fine-tuning from each of `STARTS`."""
    return triangle(problem_of(data), STARTS)


def two_features(view: View) -> Valley:
    """Return the valley of the two rows, and the start, that the reader has dragged."""
    keep, forget, start = (np.array([view[c.key] for c in pair]) for pair in (KEEP, FORGET, START))
    return valley(keep, forget, start, np.array(TRUTH))


def three_features(spec: Spec) -> Scene:
    """Return weight space for three features and one row of each kind, with the overlap, noise and seed of a Spec."""
    return _three_features(replace(spec, d=3, n_retain=1, n_forget=1, n_tune=None))


@kept(128)
def _three_features(spec: Spec) -> Scene:
    return scene(draw(spec), HALF)
