"""Where long work runs: processes on this machine's cores, one BLAS thread each, behind whoever draws a page."""

import os
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context

from ui.jobs import lower_priority


def local(workers: int | None = None) -> Executor:
    """Return an executor over processes of this machine, as many as it has cores unless told otherwise."""
    count, context = workers or os.cpu_count() or 1, get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=lower_priority)


def from_environment() -> Executor:
    """Return the executor this machine is set up for."""
    return local()


def crew() -> tuple[Executor, int]:
    """Return the executor this machine is set up for, and how many chunks it works on at once."""
    executor = from_environment()
    return executor, getattr(executor, "_max_workers", 2)
