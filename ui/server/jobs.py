"""Long work for many visitors: small chunks, taken in turns, on one executor; what is finished is kept, by its key.

Nothing here knows what is computed: a `Work` says how a job is cut into chunks, run and put together.
"""

import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence
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
    """A job with when it may start (`ripe`), who waits for it and since when, and how often chunks were lost."""

    key: Key
    ripe: float
    amount: int = 0
    record: Record | None = None
    state: State = "stopped"
    reason: str = ""
    todo: deque[Task] = field(default_factory=deque)
    lost: Counter[Task] = field(default_factory=Counter)
    watchers: dict[str, float] = field(default_factory=dict)
    seen: float = 0.0
    began: float = 0.0
    done: int = 0
    total: int = 0


class Jobs(Generic[Key, Task, Record]):
    """The jobs of one server.

    At most `workers` chunks are on their way at once, taken from the running jobs in turns, so that what a visitor asks
    for does not wait for the end of what another asked for. A pool whose worker dies is replaced; the chunks that were
    lost are then tried one at a time, so that only the one that kills workers is blamed.

    A visitor waits for one job at a time: looking at another is leaving it. A new job starts when it has been wanted
    for `settled` seconds. Where the machine is `busy` with other things, one of several workers rests.

    Whoever asks, looks or brings a result also hands out the next chunks, one thread at a time.
    """

    def __init__(
        self,
        work: Work[Key, Task, Record],
        open_executor: Callable[[], tuple[Executor, int]],
        *,
        settled: float = 0.0,
        busy: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work, self._open, self._settled, self._busy, self._clock = work, open_executor, settled, busy, clock
        self._lock = threading.Lock()  # of the jobs, the line and what is on its way
        self._jobs: dict[Key, _Job[Key, Task, Record]] = {}
        self._line: list[_Job[Key, Task, Record]] = []  # those that run or wait, the next to be served first
        self._flying: dict[Future[Any], tuple[_Job[Key, Task, Record], Task, Executor | None]] = {}
        self._turning = threading.Lock()  # of the executor, and of who hands out chunks
        self._news: queue.SimpleQueue[Future[Any] | None] = queue.SimpleQueue()
        self._executor: Executor | None = None
        self._workers = 1

    def ask(self, key: Key, amount: int, visitor: str) -> Progress[Record]:
        """Start, resume or extend a job until it has `amount`; what it has already is not computed again."""
        with self._lock:
            self._leave_others(key, visitor)
            job, now = self._jobs.get(key), self._clock()
            waiting = sum(other.state == "waiting" for other in self._line)
            if waiting >= MOST_WAITING and not (job and job.state in LIVE):
                return Progress(job.record if job else None, amount, "refused")
            if job is None:
                job = self._jobs[key] = _Job(key, now + self._settled)
                if self._settled:
                    threading.Timer(self._settled, self._turn).start()
            job.watchers[visitor] = job.seen = now
            if amount > job.amount or job.state not in (*LIVE, "done"):
                self._queue(job, amount)
            self._forget()
        self._turn()
        return self._progress(job)

    def look(self, key: Key, visitor: str) -> Progress[Record] | None:
        """Return how far a job is, None for one that is not known; whoever looks is waiting for it."""
        with self._lock:
            self._leave_others(key, visitor)
            job = self._jobs.get(key)
            if job:
                job.watchers[visitor] = job.seen = self._clock()
        self._turn()
        return self._progress(job) if job else None

    def peek(self, key: Key) -> Progress[Record] | None:
        """Return how far a job is to somebody who does not wait for it; None for one that is not known."""
        with self._lock:
            job = self._jobs.get(key)
        return self._progress(job) if job else None

    def stop(self, key: Key, visitor: str) -> None:
        """Stop a job and keep what is finished, unless somebody else is waiting for it."""
        with self._lock:
            job = self._jobs.get(key)
            if job:
                job.watchers.pop(visitor, None)
                self._end_if_unwatched(job, "stopped")
        self._turn()

    def _progress(self, job: _Job[Key, Task, Record]) -> Progress[Record]:
        with self._lock:
            ahead, seconds = 0, None
            if job.state == "waiting":
                ahead = sorted(self._line, key=lambda other: other.state == "waiting").index(job)
            elif job.state == "running" and job.done:
                seconds = (self._clock() - job.began) / job.done * (job.total - job.done)
            return Progress(job.record, job.amount, job.state, job.done, job.total, ahead, seconds, job.reason)

    # what becomes of a job: all of it under the lock

    def _queue(self, job: _Job[Key, Task, Record], amount: int) -> None:
        job.amount = max(amount, job.amount)
        job.record, tasks = self._work.plan(job.key, job.amount, job.record)
        flying = {task for owner, task, _ in self._flying.values() if owner is job}
        job.todo = deque(task for task in tasks if task not in flying)
        if job.state not in LIVE:
            job.state, job.reason, job.done = "waiting", "", 0
            job.lost.clear()
            self._line.append(job)
        job.total = job.done + len(job.todo) + len(flying)
        if job.total == job.done:
            self._end(job, "done")

    def _leave_others(self, key: Key, visitor: str) -> None:
        for job in [job for job in self._line if job.key != key and visitor in job.watchers]:
            del job.watchers[visitor]
            self._end_if_unwatched(job, "left")

    def _end_if_unwatched(self, job: _Job[Key, Task, Record], state: State) -> None:
        since = self._clock() - PATIENCE
        job.watchers = {visitor: seen for visitor, seen in job.watchers.items() if seen >= since}
        if not job.watchers:
            self._end(job, state)

    def _end(self, job: _Job[Key, Task, Record], state: State, reason: str = "") -> None:
        if job.state in LIVE:
            self._line.remove(job)
            job.todo.clear()
            job.state, job.reason = state, reason
            self._forget()

    def _forget(self) -> None:
        idle = sorted((job for job in self._jobs.values() if job.state not in LIVE), key=lambda job: job.seen)
        for job in idle[: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[job.key]

    # handing out chunks, one thread at a time

    def _turn(self, came: "Future[Any] | None" = None) -> None:
        """Take the results there are and send chunks while there is room.

        Executors call this for every result, from threads that may hold locks of theirs: who finds another thread here
        leaves it the news and goes on.
        """
        self._news.put(came)
        while not self._news.empty() and self._turning.acquire(blocking=False):
            try:
                while not self._news.empty():
                    if future := self._news.get():
                        self._take(future)
                for future, (job, *_) in [*self._flying.items()]:
                    if job.state not in LIVE:
                        future.cancel()
                while chosen := self._choose():
                    self._send(*chosen)
            finally:
                self._turning.release()

    def _choose(self) -> tuple[_Job[Key, Task, Record], Task] | None:
        """Return the next chunk to send, if there is room for one: of the running job served longest ago."""
        with self._lock:
            for job in [*self._line]:
                self._end_if_unwatched(job, "left")
            now, running = self._clock(), [job for job in self._line if job.state == "running"]
            ripe = [job for job in self._line if job.state == "waiting" and job.ripe <= now]
            for job in ripe[: MOST_RUNNING - len(running)]:
                job.state, job.began = "running", now
            ready = [job for job in self._line if job.state == "running" and job.todo]
            suspects = [job for job in ready if job.todo[0] in job.lost]
            room = 1 if suspects else max(1, self._workers - 1) if self._busy() else self._workers
            if not ready or len(self._flying) >= room:
                return None
            job = (suspects or ready)[0]
            self._line.remove(job)
            self._line.append(job)
            return job, job.todo.popleft()

    def _send(self, job: _Job[Key, Task, Record], task: Task) -> None:
        try:
            if self._executor is None:
                self._executor, self._workers = self._open()
            future = self._executor.submit(self._work.run, task)
        except Exception as problem:  # the chunk is lost with a broken pool, or there is none: as if a worker said so
            self._executor, future = None, Future()
            future.set_exception(problem)
        with self._lock:
            self._flying[future] = job, task, self._executor
        future.add_done_callback(self._turn)

    def _take(self, future: "Future[Any]") -> None:
        with self._lock:
            job, task, executor = self._flying.pop(future)
            try:
                job.record = self._work.put(job.record, task, future.result())  # type: ignore[arg-type]
            except CancelledError:
                if job.state in LIVE:  # wanted again since
                    job.todo.append(task)
            except BrokenExecutor:
                if executor is self._executor:
                    self._executor = None
                job.lost[task] += 1
                if job.lost[task] > MOST_REPEATS:
                    self._end(job, "failed", f"a worker died {job.lost[task]} times on the same part")
                elif job.state in LIVE:  # first come the lost ones, the least suspicious before the others
                    job.todo = deque(sorted([task, *job.todo], key=lambda each: job.lost[each] or MOST_REPEATS + 1))
            except Exception as problem:  # whatever a chunk raises is the job's, not the server's
                self._end(job, "failed", f"{type(problem).__name__}: {problem}")
            else:
                job.done += 1
                job.lost.pop(task, None)
                if not job.todo and not any(owner is job for owner, *_ in self._flying.values()):
                    self._end(job, "done")
