"""How fast pages of real rows are: a picture's numbers for rows and settings that nobody has asked for, on one core.

The floor is the product X X' of the 1,000 training images with 2,000 features, which no first answer can avoid; the
page start is what the first picture of a drawn page takes. Nothing is measured twice at one setting, so no cache has
the answer; what other settings left there may be used, as in a visit.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import itertools
import time
from statistics import median

import numpy as np

from benchmarks._report import machine, show, verdict, write
from ui.lessons import LESSONS
from ui.plot.route import picture
from ui.plot.view import read_view

# Seconds that one kind of forgetting may take the first time, and another class or weight of a push afterwards.
FIRST, CHANGE = 1.0, 0.15
MODELS = ("answers", "scores")


def asked(page: str, key: str, **settings: object) -> float:
    """Return the seconds of one core that one picture takes."""
    lesson = LESSONS[page]
    view = read_view(lesson.page, {name: [str(value)] for name, value in settings.items()})
    began = time.process_time()
    picture(lesson, key, view)
    return time.process_time() - began


def floor() -> float:
    """Return the seconds of one core of one product X X'."""
    X = np.random.default_rng(0).normal(size=(1000, 2000))
    began = time.process_time()
    X @ X.T
    return time.process_time() - began


def rounds(count: int) -> dict[str, list[float]]:
    """Return the seconds of every task in every round, a split of its own each."""
    found: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        found.setdefault(name, []).append(seconds)

    weights = itertools.cycle((0.03, 0.1, 0.3))
    for split in range(1, count + 1):
        note("floor: X X'", floor())
        first = {key: asked("digits", key, split=split, digit=0) for key in ("answers", "phases", "scores", "sight")}
        note("first time, models", sum(first[key] for key in MODELS))
        note("first time, phases", first["phases"])
        note("first time, sight", first["sight"])
        for digit in (1, 2):
            change = {key: asked("digits", key, split=split, digit=digit) for key in first}
            note("another class, first picture", change["answers"])
            note("another class, models", sum(change[key] for key in MODELS))
            note("another class, phases", change["phases"])
            note("another class, sight", change["sight"])
        note("another alpha, models", asked("digits", "scores", split=split, digit=2, push=next(weights)))
        note("first picture: digits", first["answers"])
        note("first picture: patient", asked("patient", "values", split=split))
        note("first picture: start, drawn", asked("start", "button", seed=split))
        note("first picture: start, drawn, 500 + 500 x 2,000", _large(split))
    return found


def _large(seed: int) -> float:
    return asked("start", "button", seed=seed, d=2000, n_retain=500, n_forget=500)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="splits (default %(default)s)")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()
    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    rounds(1)  # imports, and the pages' first numbers
    found = {name: median(seconds) for name, seconds in rounds(options.rounds).items()}
    least = found["floor: X X'"]
    bars: dict[str, float] = {
        "first time, models": FIRST,
        "another class, first picture": CHANGE,
        "another class, models": CHANGE,
        "another alpha, models": CHANGE,
    }
    lines = [
        [name, f"{1e3 * s:.0f}", f"{s / least:.1f}", verdict(s <= bars[name]) if name in bars else ""]
        for name, s in found.items()
    ]
    show("real rows: 1,000 images, 2,000 features", ["", "ms", "ratio to floor", "bar"], lines)
    write(options.json, {"seconds": found})


if __name__ == "__main__":
    main()
