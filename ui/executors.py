"""Where long work runs: processes on this machine's cores, or an existing Dask cluster.

A worker of this machine is a process of its own that imports what it is asked to run and nothing else. The standard
library's process pool would run the main script again in every worker, and under Streamlit that is the app itself.
"""

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

# The address of a Dask scheduler; unset or empty means this machine.
VARIABLE = "DASK_SCHEDULER"
# Seconds in which a scheduler must answer.
PATIENCE = 10
# Seconds without a call after which a process ends and gives its memory back; the next call starts another.
IDLE = 30
# How far the workers step back behind whoever draws a page.
NICENESS = 10
ROOT = Path(__file__).parents[1]


def serve() -> None:
    """Answer calls on standard input until it ends: the whole life of a worker."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a call prints must not be taken for an answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's to handle
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    while True:
        try:
            call = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            function, args, kwargs = pickle.loads(call)
            answer = pickle.dumps((True, function(*args, **kwargs)))
        except Exception as problem:  # whatever it is, it belongs to whoever asked
            answer = _described(problem)
        pickle.dump(answer, answers)
        answers.flush()


def _described(problem: Exception) -> bytes:
    """Return an answer that raises `problem`, or what it says if it cannot travel."""
    try:
        answer = pickle.dumps((False, problem))
        pickle.loads(answer)
    except Exception:
        answer = pickle.dumps((False, RuntimeError(f"{type(problem).__name__}: {problem}")))
    return answer


class _Worker:
    """One process, and the pipe to it."""

    def __init__(self) -> None:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from ui.executors import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)},
            cwd=ROOT,
        )

    def ask(self, call: bytes) -> tuple[bool, Any]:
        """Return whether the call succeeded, and its result or what it raised; EOFError or OSError if it died."""
        assert self.process.stdin
        assert self.process.stdout
        pickle.dump(call, self.process.stdin)
        self.process.stdin.flush()
        answer: tuple[bool, Any] = pickle.loads(pickle.load(self.process.stdout))
        return answer

    def end(self) -> None:
        """Close the pipes, upon which the process ends, and wait for it."""
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                pass
        self.process.wait()


class _Processes(Executor):
    """At most `workers` processes, each started when there is work for it and ended when there is none.

    A thread talks to each of them.

    As in the standard library's pool, a worker that dies breaks the executor: its call and all that wait fail with
    BrokenProcessPool, calls that run elsewhere are finished, and nothing new is taken.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._calls: queue.SimpleQueue[tuple[Future[Any], bytes] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._closed = self._broken = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run fn(*args, **kwargs) in one of the processes; all of it must be picklable."""
        call = pickle.dumps((fn, args, kwargs))
        future: Future[Any] = Future()
        with self._lock:
            if self._broken:
                raise BrokenProcessPool("a worker died: open another executor")
            if self._closed:
                raise RuntimeError("the executor is shut down: open another one")
            self._calls.put((future, call))
            if len(self._threads) < self.workers:
                thread = threading.Thread(target=self._talk, name="worker", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def _talk(self) -> None:
        """Pass calls to one process, until there are no more to come."""
        worker: _Worker | None = None
        try:
            while True:
                try:
                    item = self._calls.get(timeout=IDLE if worker else None)
                except queue.Empty:
                    if worker:
                        worker.end()
                    worker = None
                    continue
                if item is None:
                    return
                future, call = item
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    worker = worker or _Worker()
                    succeeded, result = worker.ask(call)
                except (EOFError, OSError, pickle.UnpicklingError):
                    future.set_exception(BrokenProcessPool("the worker of this call died"))
                    self._give_up()
                    return
                if succeeded:
                    future.set_result(result)
                else:
                    future.set_exception(result)
        finally:
            if worker:
                worker.end()

    def _give_up(self) -> None:
        with self._lock:
            self._broken = True
        for future in self._waiting():
            if future.set_running_or_notify_cancel():
                future.set_exception(BrokenProcessPool("another call's worker died"))
        self._end_threads()

    def _waiting(self) -> Iterator["Future[Any]"]:
        """Take every waiting call from the line."""
        while True:
            try:
                item = self._calls.get_nowait()
            except queue.Empty:
                return
            if item:
                yield item[0]

    def _end_threads(self) -> None:
        for _ in self._threads:
            self._calls.put(None)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End every process after what it runs; what waits is run first, or cancelled."""
        with self._lock:
            self._closed = True
        if cancel_futures:
            for future in self._waiting():
                future.cancel()
        self._end_threads()
        if wait:
            for thread in self._threads:
                thread.join()


def local(workers: int | None = None) -> Executor:
    """Return an executor over processes of this machine, as many as it has cores unless told otherwise."""
    count = os.cpu_count() or 1 if workers is None else workers
    if count < 1:
        raise ValueError(f"workers must be at least 1, got {workers!r}: leave it out to use every core")
    return _Processes(count)


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


def crew() -> tuple[Executor, int]:
    """Return the executor this server is set up for, and how many calls it works on at once.

    That is the Dask cluster of DASK_SCHEDULER, whose workers must be able to import `theory`, or this machine's cores.
    """
    address = os.environ.get(VARIABLE, "").strip()
    if address:
        client = _client(address)
        return client.get_executor(), max(1, sum(client.nthreads().values()))
    workers = os.cpu_count() or 1
    return local(workers), workers
