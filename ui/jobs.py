"""Long work for many visitors: small chunks, taken in turns, on one executor; what is finished is kept, by its key.

Nothing here knows what is computed: a `Work` says how a job is cut into chunks, run and put together.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Task = TypeVar("Task", bound=Hashable)
Record = TypeVar("Record")

# Jobs that run at once, that may wait behind them, and that are remembered when nothing of them is left to do.
MOST_RUNNING, MOST_WAITING, MOST_KEPT = 3, 12, 24
# A job nobody has looked at for this many seconds is stopped; what it has is kept.
PATIENCE = 60.0
# Seconds a visitor stays with a new job before it starts: whoever is still moving a slider wants none of those between.
SETTLED = 0.5
# How often a chunk whose worker died is tried again.
MOST_REPEATS = 2

State = Literal["waiting", "running", "done", "stopped", "left", "failed", "refused"]
LIVE = ("waiting", "running")


@dataclass(frozen=True)
class Work(Generic[Key, Task, Record]):
    """What a job is made of.

    Attributes
    ----------
    plan : key, amount and what is known already (None: nothing) -> the record to fill, and the chunks still to do.
    run : one chunk -> its result, in a worker.
    put : record, chunk and its result -> the record with it.
    """

    plan: Callable[[Key, int, Record | None], tuple[Record, Sequence[Task]]]
    run: Callable[[Task], Any]
    put: Callable[[Record, Task, Any], Record]


@dataclass(frozen=True)
class Progress(Generic[Record]):
    """How far a job is, at one moment.

    Attributes
    ----------
    record : what is finished; None where the job was refused.
    amount : how much was asked for.
    state : "left" is stopped because nobody looks at it any more, "refused" not taken because too many wait.
    done, total : chunks of the current run.
    ahead : jobs that come before this one, while it waits.
    seconds : estimated seconds to the end; None before the first chunk is back.
    reason : why the job failed.
    """

    record: Record | None
    amount: int
    state: State
    done: int = 0
    total: int = 0
    ahead: int = 0
    seconds: float | None = None
    reason: str = ""

    @property
    def live(self) -> bool:
        """Whether more is coming."""
        return self.state in LIVE


@dataclass(eq=False)
class _Job(Generic[Key, Task, Record]):
    key: Key
    amount: int
    record: Record
    state: State
    seen: float
    todo: deque[Task] = field(default_factory=deque)
    flying: dict["Future[Any]", Task] = field(default_factory=dict)
    lost: dict[Task, int] = field(default_factory=dict)
    watchers: dict[str, float] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    ripe: float = 0.0
    began: float = 0.0
    before: int = 0
    reason: str = ""


class Jobs(Generic[Key, Task, Record]):
    """The jobs of one server.

    At most `workers` chunks are on their way at once, taken from the running jobs in turns, so that what a visitor asks
    for does not wait for the end of what another asked for. A pool whose worker dies is replaced; the chunks that were
    lost are then tried one at a time, so that only the one that kills workers is blamed.

    A visitor waits for one job at a time: looking at another is leaving it. A new job starts when it has been wanted
    for `settled` seconds.

    Where the machine is `busy` with other things, one of several workers rests.

    One thread of its own hands out chunks and takes results; `threaded=False` leaves that to whoever asks or looks.
    """

    def __init__(
        self,
        work: Work[Key, Task, Record],
        open_executor: Callable[[], tuple[Executor, int]],
        *,
        threaded: bool = True,
        settled: float = 0.0,
        busy: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work = work
        self._open = open_executor
        self._threaded = threaded
        self._settled = settled
        self._busy = busy
        self._clock = clock
        self._lock = threading.Lock()
        self._turning = threading.Lock()
        # Results arrive in the executor's threads, which may hold locks of the executor: there they are only noted.
        self._news: queue.SimpleQueue[tuple[_Job[Key, Task, Record], Future[Any], Executor] | None]
        self._news = queue.SimpleQueue()
        self._jobs: dict[Key, _Job[Key, Task, Record]] = {}
        self._running: deque[_Job[Key, Task, Record]] = deque()
        self._waiting: deque[_Job[Key, Task, Record]] = deque()
        self._suspects: deque[tuple[_Job[Key, Task, Record], Task]] = deque()
        self._flying = 0
        self._executor: Executor | None = None
        self._workers = 1
        self._server: threading.Thread | None = None

    # what a page calls

    def ask(self, key: Key, amount: int, visitor: str) -> Progress[Record]:
        """Start, resume or extend a job until it has `amount`; what it has already is not computed again."""
        self._leave_others(key, visitor)
        with self._lock:
            job = self._jobs.get(key)
            if not (job and job.state in LIVE) and len(self._waiting) >= MOST_WAITING:
                return Progress(job.record if job else None, amount, "refused")
            now = self._clock()
            if job is None:
                record, tasks = self._work.plan(key, amount, None)
                job = self._jobs[key] = _Job(key, amount, record, "stopped", now, ripe=now + self._settled)
                self._queue(job, tasks)
                self._forget()
            elif amount > job.amount or job.state not in (*LIVE, "done"):
                job.amount = max(amount, job.amount)
                job.record, tasks = self._work.plan(key, job.amount, job.record)
                self._queue(job, tasks)
            job.watchers[visitor] = job.seen = now
        self._wake()
        return self._seen(job)

    def look(self, key: Key, visitor: str) -> Progress[Record] | None:
        """Return how far a job is, None for one that is not known; whoever looks is waiting for it."""
        self._leave_others(key, visitor)
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                return None
            job.watchers[visitor] = job.seen = self._clock()
        if not self._threaded:
            self._turn()
        return self._seen(job)

    def stop(self, key: Key, visitor: str) -> None:
        """Stop a job and keep what is finished, unless somebody else is waiting for it."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.state not in LIVE:
                return
            job.watchers.pop(visitor, None)
            self._release(job)
            if job.watchers:
                return
            flying = self._end(job, "stopped")
        self._cancel(flying)
        self._wake()

    def _leave_others(self, key: Key, visitor: str) -> None:
        """Take a visitor from the jobs of other keys, and end those nobody is left with."""
        flying = []
        with self._lock:
            for job in (*self._running, *self._waiting):
                if job.key != key and job.watchers.pop(visitor, None) is not None and not job.watchers:
                    flying += self._end(job, "left")
        self._cancel(flying)

    # the record of jobs; all of it under the lock

    def _queue(self, job: _Job[Key, Task, Record], tasks: Sequence[Task]) -> None:
        on_their_way = {*job.flying.values(), *(task for owner, task in self._suspects if owner is job)}
        job.todo = deque(task for task in tasks if task not in on_their_way)
        left = len(job.todo) + len(on_their_way)
        if job.state in LIVE:
            job.total = job.done + left
            return
        job.done, job.total, job.reason, job.lost = 0, left, "", {}
        job.state = "waiting" if left else "done"
        if left:
            self._waiting.append(job)

    def _forget(self) -> None:
        idle = sorted((j for j in self._jobs.values() if j.state not in LIVE), key=lambda j: j.seen)
        for job in idle[: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[job.key]

    def _release(self, job: _Job[Key, Task, Record]) -> None:
        """Drop the watchers who have not looked for a while."""
        limit = self._clock() - PATIENCE
        job.watchers = {visitor: seen for visitor, seen in job.watchers.items() if seen >= limit}

    def _end(self, job: _Job[Key, Task, Record], state: State, reason: str = "") -> list["Future[Any]"]:
        """Take a job out of the line; return the chunks that are still on their way."""
        for line in (self._waiting, self._running):
            if job in line:
                line.remove(job)
        self._suspects = deque(pair for pair in self._suspects if pair[0] is not job)
        job.todo.clear()
        job.state, job.reason = state, reason
        self._forget()
        return list(job.flying)

    def _seen(self, job: _Job[Key, Task, Record]) -> Progress[Record]:
        with self._lock:
            ahead = self._waiting.index(job) + len(self._running) if job in self._waiting else 0
            fresh = job.done - job.before
            seconds = None
            if job.state == "running" and fresh > 0:
                seconds = (self._clock() - job.began) / fresh * (job.total - job.done)
            return Progress(job.record, job.amount, job.state, job.done, job.total, ahead, seconds, job.reason)

    # the one who hands out chunks

    def _wake(self) -> None:
        if not self._threaded:
            self._turn()
            return
        with self._lock:
            if self._server is None:
                self._server = threading.Thread(target=self._serve, name="jobs", daemon=True)
                self._server.start()
        self._news.put(None)

    def _serve(self) -> None:
        while True:
            try:
                news = self._news.get(timeout=self._rest())
            except queue.Empty:
                news = None
            self._turn(news)

    def _rest(self) -> float | None:
        """Return how long nothing is due but results: until the next job that waits is ripe; None if there is none."""
        with self._lock:
            now = self._clock()
            return min((job.ripe - now for job in self._waiting if job.ripe > now), default=None)

    def _turn(self, news: tuple[_Job[Key, Task, Record], "Future[Any]", Executor] | None = None) -> None:
        """Take the results there are and send chunks until enough are on their way; only here chunks are sent."""
        with self._turning:
            for arrived in self._arrivals(news):
                self._take(*arrived)
            while chosen := self._choose():
                self._send(*chosen)
                for arrived in self._arrivals(None):
                    self._take(*arrived)

    def _arrivals(
        self, first: tuple[_Job[Key, Task, Record], "Future[Any]", Executor] | None
    ) -> Iterator[tuple[_Job[Key, Task, Record], "Future[Any]", Executor]]:
        if first:
            yield first
        while not self._news.empty():
            if news := self._news.get():
                yield news

    def _choose(self) -> tuple[_Job[Key, Task, Record], Task] | None:
        """Return the next chunk to send, if there is room for one."""
        cancelled: list[Future[Any]] = []
        with self._lock:
            for job in (*self._running, *self._waiting):
                self._release(job)
                if not job.watchers:
                    cancelled += self._end(job, "left")
            now = self._clock()
            for job in [job for job in self._waiting if job.ripe <= now][: max(0, MOST_RUNNING - len(self._running))]:
                self._waiting.remove(job)
                job.state, job.began, job.before = "running", now, job.done
                self._running.append(job)
            chosen = None
            if self._suspects:
                if self._flying == 0:
                    chosen = self._suspects.popleft()
            elif self._flying < (max(1, self._workers - 1) if self._busy() else self._workers):
                for _ in range(len(self._running)):
                    job = self._running[0]
                    self._running.rotate(-1)
                    if job.todo:
                        chosen = job, job.todo.popleft()
                        break
        self._cancel(cancelled)
        return chosen

    def _send(self, job: _Job[Key, Task, Record], task: Task) -> None:
        try:
            if self._executor is None:
                self._executor, self._workers = self._open()
            executor = self._executor
            future = executor.submit(self._work.run, task)
        except BrokenExecutor:
            self._lose(job, task, self._executor)
            return
        except Exception as problem:  # no executor, or one that takes no work: the job says so, the server goes on
            self._executor = None
            self._fail(job, f"The workers cannot be reached: {problem}")
            return
        with self._lock:
            job.flying[future] = task
            self._flying += 1
        future.add_done_callback(lambda done: self._news.put((job, done, executor)))

    def _take(self, job: _Job[Key, Task, Record], future: "Future[Any]", executor: Executor) -> None:
        with self._lock:
            task = job.flying.pop(future)
            self._flying -= 1
        try:
            block = future.result()
        except CancelledError:
            with self._lock:
                if job.state in LIVE:
                    job.todo.appendleft(task)
            return
        except BrokenExecutor:
            self._lose(job, task, executor)
            return
        except Exception as problem:  # whatever a chunk raises is the job's, not the server's
            self._fail(job, f"{type(problem).__name__}: {problem}")
            return
        with self._lock:
            job.record = self._work.put(job.record, task, block)
            job.done += 1
            if job.state in LIVE and not (job.todo or job.flying or any(owner is job for owner, _ in self._suspects)):
                self._end(job, "done")

    def _lose(self, job: _Job[Key, Task, Record], task: Task, executor: Executor | None) -> None:
        """Note that a chunk was lost with the pool it was in; that pool is not used again."""
        if executor is self._executor:
            self._executor = None
        with self._lock:
            if job.state not in LIVE:
                return
            job.lost[task] = job.lost.get(task, 0) + 1
            if job.lost[task] <= MOST_REPEATS:
                self._suspects.append((job, task))
                return
        self._fail(job, f"a worker died {MOST_REPEATS + 1} times on the same part")

    def _fail(self, job: _Job[Key, Task, Record], reason: str) -> None:
        with self._lock:
            flying = self._end(job, "failed", reason) if job.state in LIVE else []
        self._cancel(flying)

    @staticmethod
    def _cancel(flying: Sequence["Future[Any]"]) -> None:
        """Call back what has not begun; outside the lock, for the executor tells us about it."""
        for future in flying:
            future.cancel()
