"""Workers: processes that import only what they run, and a Dask cluster in their place."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest

from theory import AXES, Grid, Setting, Spec, sweep, tasks
from ui.server import workers

ROOT = Path(__file__).parents[3]
GRID = Grid(
    Setting(Spec(d=30, n_retain=10, n_forget=8, noise=0.5)),
    "overlap",
    AXES["overlap"].values(9),
    "rows_per_feature",
    (0.2, 0.4, 0.8),
)
# Long enough for a loaded machine to start a Python; what hangs is found by then.
SECONDS = 60


@pytest.fixture(scope="module")
def pool():
    with workers.local(2) as executor:
        yield executor


def gone(process):
    """Whether a process with this number ends in time."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_worker_is_another_process_that_steps_back_and_has_one_thread(pool):
    assert pool.submit(os.getpid).result(SECONDS) != os.getpid()
    assert pool.submit(os.getenv, "OPENBLAS_NUM_THREADS").result(SECONDS) == "1"
    assert pool.submit(os.nice, 0).result(SECONDS) == min(19, os.nice(0) + workers.NICENESS)
    assert pool.submit(signal.getsignal, signal.SIGINT).result(SECONDS) == signal.SIG_IGN


def test_a_worker_knows_nothing_of_the_app_even_where_the_main_module_is_the_app(monkeypatch):
    main = type(sys)("__main__")
    main.__file__ = str(ROOT / "app.py")
    monkeypatch.setitem(sys.modules, "__main__", main)

    def loaded():
        modules = executor.submit(eval, "sorted(__import__('sys').modules)").result(SECONDS)
        return {name.partition(".")[0] for name in modules} & {"streamlit", "plotly", "app", "pages", "theory"}

    with workers.local(1) as executor:
        assert loaded() == set()
        assert np.array_equal(executor.submit(sweep, GRID, 1).result(SECONDS).values, sweep(GRID, 1).values)
        assert loaded() == {"theory"}


def test_what_a_call_raises_or_prints_reaches_whoever_asked_and_the_worker_lives(pool):
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        pool.submit(math.sqrt, -1).result(SECONDS)
    assert pool.submit(print, "hello").result(SECONDS) is None
    with pytest.raises(Exception, match=r"cannot pickle"):
        pool.submit(eval, "__import__('threading').Lock()").result(SECONDS)
    slow, fast = pool.submit(time.sleep, 1.0), pool.submit(math.sqrt, 4)
    assert next(as_completed([slow, fast], SECONDS)) is fast


def test_a_worker_without_work_ends_and_the_next_call_starts_another():
    with workers.local(1, idle=0.05) as executor:
        first = executor.submit(os.getpid).result(SECONDS)
        assert gone(first)
        second = executor.submit(os.getpid).result(SECONDS)
    assert second != first
    assert gone(second)


def test_a_worker_that_dies_breaks_the_pool_like_the_standard_one_and_another_finds_the_same_numbers():
    class Deadly(Executor):
        def __init__(self):
            self.inner, self.count = workers.local(2), 0

        def submit(self, fn, /, *args, **kwargs):
            self.count += 1
            return self.inner.submit(os._exit, 1) if self.count == 3 else self.inner.submit(fn, *args, **kwargs)

    deadly = Deadly()
    with pytest.raises(BrokenProcessPool):
        sweep(GRID, 4, deadly)
    with pytest.raises(BrokenProcessPool):
        deadly.inner.submit(math.sqrt, 4)
    with workers.local(2) as executor:
        assert np.array_equal(sweep(GRID, 4, executor).values, sweep(GRID, 4).values)


@pytest.mark.parametrize(("end", "code"), [("", 0), ("pool.submit(time.sleep, 600); os.kill(os.getpid(), 9)", -9)])
def test_no_process_is_left_behind_when_the_server_ends_or_is_killed(end, code):
    source = "import os, time; from ui.server.workers import local; pool = local(1)"
    source += f"; print(pool.submit(os.getpid).result(), flush=True); {end}"
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    assert done.returncode == code
    assert gone(int(done.stdout))


@pytest.mark.parametrize("count", [0, -1])
def test_no_workers_at_all_are_refused(count):
    with pytest.raises(ValueError, match=f"^workers must be at least 1, got {count}: leave it out"):
        workers.local(count)


def test_without_a_cluster_this_machine_is_used(monkeypatch):
    monkeypatch.delenv(workers.VARIABLE, raising=False)
    executor, count = workers.workers()
    assert count == os.cpu_count()
    assert executor.submit(math.sqrt, 4).result(SECONDS) == 2
    executor.shutdown()


def test_a_cluster_that_is_not_there_is_named_and_without_dask_explained(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.5)
    monkeypatch.setenv(workers.VARIABLE, "tcp://127.0.0.1:9")
    with pytest.raises(
        ConnectionError, match=r"DASK_SCHEDULER must be the address .* got 'tcp://127.0.0.1:9': start one"
    ):
        workers.workers()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RuntimeError, match=r"dask is missing: pip install -r requirements-cluster.txt, or unset it"):
        workers.workers()


class Cluster:
    """A Dask scheduler and two workers on loopback, processes of their own, started as the README says."""

    def __init__(self, folder):
        self.file, self.log = folder / "scheduler.json", (folder / "log.txt").open("w")
        worker = ["worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
        self.processes = [self.start(*what) for what in (["scheduler", "--port", "0"], worker, worker)]

    def start(self, what, *arguments):
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--host", "127.0.0.1", "--no-dashboard"]
        command += ["--scheduler-file", str(self.file), *arguments]
        environment = {**os.environ, "PYTHONPATH": "."}
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)

    def address(self):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if self.file.exists() and self.file.stat().st_size:
                return json.loads(self.file.read_text())["address"]
            time.sleep(0.05)
        raise TimeoutError(Path(self.log.name).read_text())

    def kill_a_worker(self):
        self.processes[1].send_signal(signal.SIGKILL)
        self.processes[1].wait()

    def end(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        self.log.close()


@pytest.fixture
def cluster(tmp_path):
    running = Cluster(tmp_path)
    yield running
    running.end()


@pytest.mark.filterwarnings("default")  # of Dask and what it brings along
def test_a_cluster_that_loses_a_worker_in_the_middle_gives_the_same_numbers(cluster, monkeypatch):
    from distributed import Client

    monkeypatch.setenv(workers.VARIABLE, cluster.address())
    with Client(cluster.address(), set_as_default=False) as client:
        client.wait_for_workers(2, timeout=SECONDS)
        executor, count = workers.workers()
        assert count == 2

        class Watched(Executor):
            """Kills a worker once a few results are back."""

            done = 0

            def submit(self, fn, /, *args, **kwargs):
                future = executor.submit(fn, *args, **kwargs)
                future.add_done_callback(self.came)
                return future

            def came(self, future):
                self.done += 1
                if self.done == 3:
                    cluster.kill_a_worker()

        watched, draws = Watched(), 40
        found = sweep(GRID, draws, watched)
        assert watched.done == len(tasks(GRID, draws)) > 3
        assert len(client.nthreads()) == 1
        assert np.array_equal(found.values, sweep(GRID, draws).values)
        with pytest.raises(ValueError, match="invalid literal"):
            executor.submit(int, "nothing").result(SECONDS)
        waiting = executor.submit(time.sleep, 600)
        assert waiting.cancel()
        assert waiting.cancelled()
        executor.shutdown()
