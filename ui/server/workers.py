"""Where long work runs: processes on this machine's cores, or an existing Dask cluster.

The processes are loky's: unlike those of the standard library they never run the main script, which under Streamlit is
the app itself. A worker imports what it is asked to run and nothing else.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any

from loky import ProcessPoolExecutor

# The address of a Dask scheduler; unset or empty means this machine.
VARIABLE = "DASK_SCHEDULER"
# Seconds in which a scheduler must answer.
PATIENCE = 10
# Seconds without a call after which a process ends and gives its memory back; the next call starts another.
IDLE = 30
# How far the workers step back behind whoever draws a page.
NICENESS = 10
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _begin(server: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's to handle
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()


def _end_with(server: int) -> None:
    """End this process when the server is gone, even killed: nobody waits for its results."""
    while os.getppid() == server:
        time.sleep(1)
    os._exit(1)


def local(workers: int | None = None, idle: float = IDLE) -> Executor:
    """Return an executor over processes of this machine, as many as it has cores unless told otherwise.

    A worker that dies breaks it, as in the standard library: all that runs or waits fails with BrokenProcessPool.
    """
    count = os.cpu_count() or 1 if workers is None else workers
    if count < 1:
        raise ValueError(f"workers must be at least 1, got {workers!r}: leave it out to use every core")
    executor: Executor = ProcessPoolExecutor(
        count, timeout=idle, initializer=_begin, initargs=(os.getpid(),), env=ONE_THREAD
    )
    return executor


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as problem:
        raise RuntimeError(
            f"{VARIABLE} is {address!r}, but dask is missing: pip install -r requirements-cluster.txt, or unset it"
        ) from problem
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as problem:
        raise ConnectionError(
            f"{VARIABLE} must be the address of a running Dask scheduler, got {address!r}: start one, or unset it"
        ) from problem


class _Cluster(Executor):
    """The workers of a Dask cluster.

    Dask's own executor raises ValueError for a result whose worker dies while it is on its way; asked for again, it is
    computed by another worker.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        asked, found = self._client.submit(fn, *args, **kwargs), Future[Any]()

        def came(_: Any) -> None:
            value, problem = None, None
            try:
                value = asked.result()
            except CancelledError:
                found.cancel()
            except Exception as raised:
                problem = raised
            if found.set_running_or_notify_cancel():
                found.set_result(value) if problem is None else found.set_exception(problem)

        found.add_done_callback(lambda mine: asked.cancel() if mine.cancelled() else None)
        asked.add_done_callback(came)
        return found

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._client.close()


def workers() -> tuple[Executor, int]:
    """Return the executor this server is set up for, and how many calls it works on at once.

    That is the Dask cluster of DASK_SCHEDULER, whose workers must be able to import `theory`, or this machine's cores.
    """
    address = os.environ.get(VARIABLE, "").strip()
    if address:
        client = _client(address)
        return _Cluster(client), max(1, sum(client.nthreads().values()))
    count = os.cpu_count() or 1
    return local(count), count
