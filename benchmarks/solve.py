"""How fast the mathematics is, as ratios in one run: compare() against its floor, pinv and lstsq, and against size.

The floor is what no implementation can avoid: drawing the training data's random numbers and one product X X'.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import tracemalloc
from functools import partial

import numpy as np

from benchmarks._report import in_turns, machine, show, write
from theory import METHODS, Spec, compare, discriminative_path, draw

KEYS = ("pretrained", "golden", "fine_tune", "keep_overlap", "drop_overlap", "project")


def against_floor(spec: Spec, repeats: int) -> dict[str, float]:
    """Return the medians of compare() and of what it is measured against, in seconds, and its memory in copies of X."""
    X, y = draw(spec).X, draw(spec).y

    def floor() -> None:
        drawn = np.random.default_rng(0).standard_normal(X.shape)
        drawn @ drawn.T

    medians = in_turns(
        {
            "floor": floor,
            "compare": lambda: compare(spec, KEYS),
            "six pinv": lambda: [np.linalg.pinv(X) for _ in KEYS],
            "one lstsq": lambda: np.linalg.lstsq(X, y, rcond=None),
        },
        repeats,
    )
    tracemalloc.start()
    compare(spec, KEYS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {**medians, "memory in X": peak / X.nbytes}


def against_size(sizes: list[int], rows: int, repeats: int) -> dict[int, float]:
    """Return the median seconds of compare() for every number of features at a fixed number of rows."""
    return {
        d: in_turns({"compare": partial(compare, Spec(d=d, n_retain=rows, n_forget=rows), KEYS)}, repeats)["compare"]
        for d in sizes
    }


def against_one_alpha(spec: Spec, count: int, repeats: int) -> dict[str, float]:
    """Return the median seconds of one weight alpha and of a whole path of them, on a problem already solved."""
    problem = draw(spec)
    alphas = np.geomspace(1e-3, 1e2, count)
    problem.w_o, problem.w_g  # noqa: B018 - what every page has computed before it asks for the path
    return in_turns(
        {
            "one alpha": lambda: discriminative_path(problem, alphas[:1], "shuffled", 0.1),
            f"{count} alphas": lambda: discriminative_path(problem, alphas, "shuffled", 0.1),
        },
        repeats,
    )


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--d", type=int, default=2000, help="features of the first table (default %(default)s)")
    parser.add_argument(
        "--rows", type=int, default=250, help="rows of each set in the first table (default %(default)s)"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="features of the second")
    parser.add_argument("--alphas", type=int, default=60, help="weights of the path (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=7, help="timed runs of each (default %(default)s)")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()
    assert set(KEYS) <= set(METHODS)

    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    spec = Spec(d=options.d, n_retain=options.rows, n_forget=options.rows, noise=0.5)
    found = against_floor(spec, options.repeats)
    memory = found.pop("memory in X")
    show(
        f"compare() of {len(KEYS)} methods, d = {spec.d}, {spec.n_retain} + {spec.n_forget} rows "
        f"(peak memory {memory:.1f} copies of X)",
        ["", "ms", "ratio to floor"],
        [[name, f"{1e3 * s:.1f}", f"{s / found['floor']:.2f}"] for name, s in found.items()],
    )
    path = against_one_alpha(spec, options.alphas, options.repeats)
    show(
        f"discriminative regularization, d = {spec.d}, {spec.n_retain} + {spec.n_forget} rows",
        ["", "ms", "ratio to one"],
        [[name, f"{1e3 * s:.1f}", f"{s / path['one alpha']:.2f}"] for name, s in path.items()],
    )
    growth = against_size(options.sizes, 50, options.repeats)
    first = options.sizes[0]
    show(
        "compare() against the number of features, 50 + 50 rows",
        ["d", "ms", "ms per 1000 features", "relative"],
        [
            [f"{d}", f"{1e3 * s:.1f}", f"{1e6 * s / d:.2f}", f"{s / d / (growth[first] / first):.2f}"]
            for d, s in growth.items()
        ],
    )
    write(options.json, {"floor": found, "memory_in_X": memory, "path": path, "growth": growth})


if __name__ == "__main__":
    main()
