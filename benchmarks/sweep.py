"""How fast a map is, as ratios in one run: whole sweeps on one and two workers against one Spec at a time with pinv.

The plain way draws every cell of every draw anew and takes the pseudo-inverses of X, X_r and X_t from
numpy.linalg.pinv; it is timed on a sample of the cells, spread over the map, and scaled to all of them. Workers are
started before the clock. "share" maps vary only what leaves the rows and features alone.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
from concurrent.futures import Executor

import numpy as np

from benchmarks._report import machine, show, write
from theory import AXES, Grid, Setting, Spec, draw, draw_seeds, measure, ridge, sweep, tasks
from ui.server import workers as processes

MAPS = {
    "rows and overlap": ("rows_per_feature", "overlap"),
    "noise and overlap": ("noise", "overlap"),
    "noise and decay (share)": ("noise", "decay"),
}


def plain(setting: Setting, seed: int) -> float:
    """Return the distance ratio of one cell, fitted with pinv and measured on its own."""
    spec = setting.spec
    problem = draw(Spec(**{**vars(spec), "seed": seed}))
    pretrained = np.linalg.pinv(problem.X) @ problem.y
    golden = np.linalg.pinv(problem.X_r) @ problem.y_r
    if setting.decay > 0:
        tuned = ridge(problem.X_t, problem.y_t, len(problem.X_t) * setting.decay)
    else:
        tuned = pretrained + np.linalg.pinv(problem.X_t) @ (problem.y_t - problem.X_t @ pretrained)
    measure(problem, {"golden": golden, "tuned": tuned})
    away = float(np.linalg.norm(pretrained - golden))
    return float(np.linalg.norm(tuned - golden)) / away if away > 1e-10 * np.linalg.norm(pretrained) else 0.0


def warmed(workers: int) -> Executor:
    """Return an executor whose processes have imported what they need."""
    executor = processes.local(workers)
    # Long enough that no process takes two.
    pauses = [executor.submit(exec, "import time, theory; time.sleep(1)") for _ in range(workers)]
    for pause in pauses:
        pause.result()
    return executor


def seconds(grid: Grid, draws: int, executor: Executor | None) -> float:
    """Return how long a whole sweep takes."""
    start = time.perf_counter()
    sweep(grid, draws, executor)
    return time.perf_counter() - start


def plain_seconds(grid: Grid, draws: int, sample: int) -> float:
    """Return how long the plain way would take, from `sample` cells spread evenly over the map."""
    cells = [(i, j) for i in range(len(grid.ys)) for j in range(len(grid.xs))]
    chosen = [cells[k] for k in np.linspace(0, len(cells) - 1, sample).round().astype(int)]
    seed = draw_seeds(grid.setting.spec.seed, 2)[1]
    start = time.perf_counter()
    for i, j in chosen:
        plain(grid.at(i, j), seed)
    return (time.perf_counter() - start) / sample * len(cells) * draws


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--d", type=int, default=200, help="features (default %(default)s)")
    parser.add_argument("--side", type=int, default=21, help="cells along each axis (default %(default)s)")
    parser.add_argument("--draws", type=int, default=20, help="draws a cell (default %(default)s)")
    parser.add_argument("--sample", type=int, default=60, help="cells timed the plain way (default %(default)s)")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()

    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    setting = Setting(Spec(d=options.d, n_retain=50, n_forget=50, noise=0.5))
    results = {}
    one, two = warmed(1), warmed(2)
    for name, (x, y) in MAPS.items():
        grid = Grid(setting, x, AXES[x].values(options.side), y, AXES[y].values(options.side))
        results[name] = {
            "tasks": float(len(tasks(grid, options.draws))),
            "inline": seconds(grid, options.draws, None),
            "one worker": seconds(grid, options.draws, one),
            "two workers": seconds(grid, options.draws, two),
            "plain": plain_seconds(grid, options.draws, options.sample),
        }
    one.shutdown()
    two.shutdown()
    show(
        f"{options.side} x {options.side} cells, {options.draws} draws each, d = {options.d}",
        [
            "",
            "inline s",
            "1 worker s",
            "2 workers s",
            "1 / 2 workers",
            "plain s",
            "plain / inline",
            "plain / 2 workers",
        ],
        [
            [
                name,
                f"{r['inline']:.2f}",
                f"{r['one worker']:.2f}",
                f"{r['two workers']:.2f}",
                f"{r['one worker'] / r['two workers']:.2f}",
                f"{r['plain']:.1f}",
                f"{r['plain'] / r['inline']:.1f}",
                f"{r['plain'] / r['two workers']:.1f}",
            ]
            for name, r in results.items()
        ],
    )
    write(options.json, {"d": options.d, "side": options.side, "draws": options.draws, "maps": results})


if __name__ == "__main__":
    main()
