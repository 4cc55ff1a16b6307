"""How fast the mathematics is, as ratios in one run: against its floor, against other libraries, and against size.

The floor of compare() is what no implementation can avoid: drawing the training data's random numbers and one product
X X'. Against other libraries the data are drawn already, and the same three models are fitted (pretrained, golden,
fine-tuned): the machine's limit is then one product X X' alone. A way that would take longer than --limit seconds, or
more than half of the free memory, is left out, and the table says so.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import psutil
from sklearn.linear_model import LinearRegression, Ridge

from benchmarks._report import in_turns, machine, show, write
from theory import METHODS, Array, Problem, Spec, compare, discriminative_path, draw

KEYS = ("pretrained", "golden", "fine_tune", "keep_overlap", "drop_overlap", "project")


# Pretrained, golden and fine-tuned, as weights.
Models = tuple[Array, Array, Array]
THREE = ("pretrained", "golden", "fine_tune")
# Ridge has no exact zero: little enough to agree with least squares where the rows are far from dependent.
TINY = 1e-8
# The most copies of X a way holds at once: numpy's pinv has X, its transpose, both factors of the SVD and the result.
COPIES = 5


# What was found of one way: its seconds and its distance from theory's models, or why it is left out.
Found = dict[str, float | str]


def product(problem: Problem) -> Array:
    """Multiply X X', which numpy does as one symmetric product."""
    return problem.X @ problem.X.T


def by_theory(problem: Problem) -> Models:
    """Fit the three models as the project does, on a problem that remembers nothing."""
    fresh = replace(problem)
    weights = [METHODS[key].fit(fresh) for key in THREE]
    return weights[0], weights[1], weights[2]


def by_pinv(problem: Problem) -> Models:
    """Fit them with numpy.linalg.pinv, once for all rows and once for the retain rows."""
    all_rows, retain_rows = np.linalg.pinv(problem.X), np.linalg.pinv(problem.X_r)
    start = all_rows @ problem.y
    return start, retain_rows @ problem.y_r, start + retain_rows @ (problem.y_r - problem.X_r @ start)


def one_by_one(problem: Problem, solve: Callable[[Array, Array], Array]) -> Models:
    """Fit them with a least-squares solver that takes rows and labels, called three times."""
    start = solve(problem.X, problem.y)
    golden = solve(problem.X_r, problem.y_r)
    return start, golden, start + solve(problem.X_r, problem.y_r - problem.X_r @ start)


def least_squares(X: Array, y: Array) -> Array:
    """Solve with numpy."""
    return np.asarray(np.linalg.lstsq(X, y, rcond=None)[0])


def scikit(model: LinearRegression | Ridge, X: Array, y: Array) -> Array:
    """Solve with scikit-learn."""
    return np.asarray(model.fit(X, y).coef_)


WAYS: dict[str, Callable[[Problem], Models]] = {
    "theory": by_theory,
    "numpy pinv": by_pinv,
    "numpy lstsq": partial(one_by_one, solve=least_squares),
    "scikit-learn LinearRegression": partial(one_by_one, solve=partial(scikit, LinearRegression(fit_intercept=False))),
    "scikit-learn Ridge, cholesky": partial(
        one_by_one, solve=partial(scikit, Ridge(TINY, fit_intercept=False, solver="cholesky"))
    ),
}
LIMIT = "one product X X'"


def too_much(problem: Problem, last: tuple[float, float] | None, limit: float) -> str | None:
    """Return why a way is left out at this size, or None; `last` is its time and size before, and it grows with d."""
    if COPIES * problem.X.nbytes > psutil.virtual_memory().available / 2:
        return "left out: memory"
    expected = last[0] * problem.X.shape[1] / last[1] if last else 0.0
    return f"left out: about {expected:.0f} s" if expected > limit else None


def apart(found: Models, reference: Models) -> float:
    """Return the largest distance of three models from their counterparts, relative to these."""
    return max(float(np.linalg.norm(w - r) / np.linalg.norm(r)) for w, r in zip(found, reference, strict=True))


def against_libraries(sizes: list[int], rows: int, repeats: int, limit: float) -> list[dict[str, Found]]:
    """Return, for every size, each way's seconds and distance from theory's models, or why it is left out."""
    table = []
    last: dict[str, tuple[float, float]] = {}
    for d in sizes:
        problem = draw(Spec(d=d, n_retain=rows, n_forget=rows, noise=0.5))
        reasons = {name: too_much(problem, last.get(name), limit) for name in WAYS}
        kept = [name for name in WAYS if reasons[name] is None]
        # One that takes long is timed once, and apart from the others, so that they are still timed often.
        dear = {name for name in kept if name in last and repeats * last[name][0] * d / last[name][1] > limit}
        models: dict[str, Models] = {}

        def fitted(name: str, problem: Problem = problem, models: dict[str, Models] = models) -> None:
            models[name] = WAYS[name](problem)

        tasks: dict[str, Callable[[], object]] = {LIMIT: partial(product, problem)}
        tasks |= {name: partial(fitted, name) for name in kept if name not in dear}
        seconds = in_turns(tasks, repeats) | in_turns({name: partial(fitted, name) for name in dear}, 1)
        last |= {name: (seconds[name], float(d)) for name in kept}
        reference = models["theory"] if "theory" in models else by_theory(problem)
        row: dict[str, Found] = {LIMIT: {"seconds": seconds[LIMIT]}}
        for name, reason in reasons.items():
            row[name] = {"left out": reason} if reason else {"seconds": seconds[name]}
            if name in models:
                row[name]["apart"] = apart(models[name], reference)
        table.append(row)
    return table


def as_rows(d: int, row: dict[str, Found]) -> list[list[str]]:
    """Return the lines of one size: milliseconds, the ratios to the limit and to theory, and the distance."""
    lines = []
    for name, found in row.items():
        if "left out" in found:
            lines.append([f"{d}", name, str(found["left out"]), "", "", ""])
            continue
        taken, limit = float(found["seconds"]), float(row[LIMIT]["seconds"])
        theory = float(row["theory"].get("seconds", float("nan")))
        distance = f"{found['apart']:.0e}" if "apart" in found else ""
        lines.append([f"{d}", name, f"{1e3 * taken:.2f}", f"{taken / limit:.1f}", f"{taken / theory:.1f}", distance])
    return lines


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
    parser.add_argument(
        "--against", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000], help="features against other libraries"
    )
    parser.add_argument(
        "--against-rows", type=int, default=100, help="rows of each set against other libraries (default %(default)s)"
    )
    parser.add_argument("--limit", type=float, default=20, help="seconds a way may take (default %(default)s)")
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
    libraries = against_libraries(options.against, options.against_rows, options.repeats, options.limit)
    by_size = dict(zip(map(str, options.against), libraries, strict=True))
    show(
        f"pretrained, golden and fine-tuned from drawn data, {options.against_rows} + {options.against_rows} rows",
        ["d", "", "ms", "ratio to the limit", "ratio to theory", "apart from theory's"],
        [line for d, row in zip(options.against, libraries, strict=True) for line in as_rows(d, row)],
    )
    write(options.json, {"floor": found, "memory_in_X": memory, "path": path, "growth": growth, "libraries": by_size})


if __name__ == "__main__":
    main()
