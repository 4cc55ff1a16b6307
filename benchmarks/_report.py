"""What the benchmarks share: timing in turns, the machine's name, the choice of pages, the table and the JSON."""

import argparse
import json
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy


def in_turns(tasks: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return the median seconds of every task, run in turns so that a slow moment of the machine meets them all."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(repeats):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that at least this share of them does not exceed (nearest rank)."""
    if not values or not 0 < share <= 1:
        raise ValueError(f"a percentile needs values and a share in (0, 1], got {len(values)} values and {share}")
    # Rounded: 0.95 * 100 is a little more than 95 in binary.
    return sorted(values)[math.ceil(round(share * len(values), 9)) - 1]


def machine() -> dict[str, str]:
    """Return what the numbers were measured on."""
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "threads": os.environ.get("OPENBLAS_NUM_THREADS", "default"),
    }


def pages(text: str, known: Sequence[str], parser: argparse.ArgumentParser) -> list[str]:
    """Return the pages an option names, 'all' or names with commas; end where one is unknown."""
    if text == "all":
        return list(known)
    named = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in named if name not in known]
    if unknown or not named:
        parser.error(f"no page {', '.join(unknown) or 'named'}; there are {', '.join(known)}, or all")
    return named


def verdict(within: bool) -> str:
    """Return the word for being within a bar."""
    return "pass" if within else "FAIL"


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print one table."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    print(f"\n{title}")
    for row in [head, *rows]:
        first, *rest = (
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  " + "  ".join([first, *rest]))


def write(path: str | None, results: Mapping[str, Any]) -> None:
    """Write the results and the machine's name as JSON, if a path is given."""
    if path:
        Path(path).write_text(json.dumps({"machine": machine(), **results}, indent=1) + "\n")
