"""How fast the board of all methods is: drawn anew, and under the hand, against what no board can avoid.

The floor is drawing the data and one product X X'. A move is another noise on rows that are factored already, as a
slider makes it; on the page methods of many steps wait until the hand rests where the data are large.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import itertools
from functools import partial

from benchmarks._report import in_turns, machine, show, write
from theory import METHODS, Problem, Spec, deletion_timing, draw, standings, with_noise

CLOSED = tuple(key for key, method in METHODS.items() if not method.iterated)
EVERY = tuple(METHODS)


def floor(spec: Spec) -> None:
    """Draw, and multiply X X'."""
    X = draw(spec).X
    X @ X.T


def anew(spec: Spec, keys: tuple[str, ...]) -> None:
    """Draw, fit and measure."""
    problem = draw(spec)
    standings(problem, [key for key in keys if METHODS[key].applies(problem)])


def move(problem: Problem, noises: "itertools.count[float]", keys: tuple[str, ...]) -> None:
    """Fit and measure with other labels."""
    standings(with_noise(problem, next(noises)), keys)


def board(spec: Spec, repeats: int) -> dict[str, float]:
    """Return seconds of the board on one Spec, by what is done."""
    drawn = draw(spec)
    standings(drawn, EVERY)
    noises = itertools.count(0.5, 0.001)
    return in_turns(
        {
            "floor": partial(floor, spec),
            "closed forms, anew": partial(anew, spec, CLOSED),
            "all methods, anew": partial(anew, spec, EVERY),
            "closed forms, a move": partial(move, drawn, noises, CLOSED),
            "all methods, a move": partial(move, drawn, noises, EVERY),
        },
        repeats,
    )


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="timed runs of each (default %(default)s)")
    parser.add_argument("--large", action="store_true", help="the largest data of the dashboard, too")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()
    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    specs = [Spec(noise=0.5), Spec(d=2000, noise=0.5)]
    specs += [Spec(d=2000, n_retain=500, n_forget=500, noise=0.5)] if options.large else []
    found = {}
    for spec in specs:
        title = f"board of {len(METHODS)} methods, d = {spec.d}, {spec.n_retain} + {spec.n_forget} rows"
        found[title] = board(spec, options.repeats)
        lines = [[n, f"{1e3 * s:.1f}", f"{s / found[title]['floor']:.1f}"] for n, s in found[title].items()]
        show(title, ["", "ms", "ratio to floor"], lines)
    timing = min((deletion_timing() for _ in range(options.repeats)), key=lambda t: t.deletion)
    show(
        f"deleting {timing.n_forget} of {timing.n_retain + timing.n_forget} rows, d = {timing.features}",
        ["", "ms", "ratio to deletion"],
        [
            [name, f"{1e3 * s:.1f}", f"{s / timing.deletion:.1f}"]
            for name, s in (
                ("deletion in closed form", timing.deletion),
                ("retraining", timing.retraining),
                ("inverse kept ready", timing.preparing),
            )
        ],
    )
    write(options.json, {"boards": found, "deletion": vars(timing)})


if __name__ == "__main__":
    main()
