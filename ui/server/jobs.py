"""Long work for many visitors: small chunks, taken in turns, on one executor; what is finished is kept, by its key.

Nothing here knows what is computed: a `Work` says how a job is cut into chunks, run and put together.
"""

import itertools
import math
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Chunk = TypeVar("Chunk", bound=Hashable)
Record = TypeVar("Record")

# Jobs that run at once, that may wait behind them, and that are remembered when nothing of them is left to do.
MOST_RUNNING, MOST_WAITING, MOST_KEPT = 3, 12, 24
# A job nobody has looked at for this many seconds is stopped; what it has is kept.
PATIENCE = 60.0
# How often a chunk whose worker died is tried again, alone.
MOST_REPEATS = 2
# Who waits for what is computed before any visitor asks.
NOBODY = ""

State = Literal["waiting", "running", "done", "stopped", "left", "failed", "refused"]
LIVE = ("waiting", "running")


@dataclass(frozen=True)
class Work(Generic[Key, Chunk, Record]):
    """What a job is made of.

    Attributes
    ----------
    plan : key, amount and what is known already (None: nothing) -> the record to fill, and the chunks still to do.
    run : what `load` gives for a chunk -> its result, in a worker.
    put : record, chunk and its result -> the record with it.
    load : key, record and chunk -> what the worker gets; None while the chunk waits for the result of another.
    """

    plan: Callable[[Key, int, Record | None], tuple[Record, Sequence[Chunk]]]
    run: Callable[[Any], Any]
    put: Callable[[Record, Chunk, Any], Record]
    load: Callable[[Key, Record, Chunk], Any] = lambda key, record, chunk: chunk


@dataclass(frozen=True)
class Progress(Generic[Record]):
    """How far a job is: its record (None: refused), how much was asked for, chunks done and in total of this run.

    `ahead` jobs come before it while it waits; `seconds` are left, None before the first chunk is back; "left" is
    stopped because nobody looks at it any more, "refused" not taken because too many wait; "failed" has a reason.
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
class _Job:
    """A job with its place in line, who waits for it until when, and how often chunks of it were lost with a worker."""

    key: Any
    turn: int = 0
    amount: int = 0
    record: Any = None
    state: State = "stopped"
    reason: str = ""
    todo: list[Any] = field(default_factory=list)
    flying: set[Any] = field(default_factory=set)
    lost: Counter[Any] = field(default_factory=Counter)
    watchers: dict[str, float] = field(default_factory=dict)
    began: float = 0.0
    done: int = 0

    @property
    def wanted(self) -> bool:
        """Whether a visitor waits for it."""
        return any(self.watchers)


class Jobs(Generic[Key, Chunk, Record]):
    """The jobs of one server.

    At most `workers` chunks are on their way at once, taken from the running jobs in turns, so that what a visitor asks
    for does not wait for the end of what another asked for. A pool whose worker dies is replaced; until the chunks lost
    with it are back, one is on its way at a time, so that only the one that kills workers is blamed. A visitor waits
    for one job at a time: looking at another is leaving it. What NOBODY asked for has one worker at most, and only when
    no visitor's chunk can be sent.

    Whoever asks, looks or brings a result also hands out the next chunks, one thread at a time.
    """

    def __init__(
        self,
        work: Work[Key, Chunk, Record],
        open_executor: Callable[[], tuple[Executor, int]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work, self._open, self._clock = work, open_executor, clock
        self._lock = threading.RLock()  # of the jobs
        self._jobs: dict[Key, _Job] = {}  # the last is the one that was looked at last
        self._turns = itertools.count()
        self._turning = threading.Lock()  # of the executor, and of who hands out chunks
        self._news: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._executor: Executor | None = None
        self._workers = 1

    def ask(self, key: Key, amount: int, visitor: str) -> Progress[Record]:
        """Start, resume or extend a job until it has `amount`; what it has already is not computed again."""
        with self._lock:
            job = self._watch(key, visitor) or _Job(key)
            waiting = sum(other.state == "waiting" and other.wanted for other in self._line())
            if visitor and job.state not in LIVE and waiting >= MOST_WAITING:
                return Progress(job.record, amount, "refused")
            self._jobs[key] = job
            self._watch(key, visitor)
            if amount > job.amount or job.state not in (*LIVE, "done"):
                self._queue(job, amount)
        self._turn()
        return self._progress(job)

    def look(self, key: Key, visitor: str) -> Progress[Record] | None:
        """Return how far a job is to a visitor who waits for it; None for one that is not known."""
        with self._lock:
            job = self._watch(key, visitor)
        self._turn()
        return self._progress(job) if job else None

    def peek(self, key: Key) -> Progress[Record] | None:
        """Return how far a job is to somebody who does not wait for it; None for one that is not known."""
        job = self._jobs.get(key)
        return self._progress(job) if job else None

    def stop(self, key: Key, visitor: str) -> None:
        """Stop a job and keep what is finished, unless another visitor is waiting for it."""
        with self._lock:
            if job := self._jobs.get(key):
                job.watchers.pop(visitor, None)
                if not job.wanted:
                    job.watchers.clear()
                self._end_if_unwatched(job, "stopped")
        self._turn()

    def _progress(self, job: _Job) -> Progress[Record]:
        with self._lock:
            left, ahead, seconds = len(job.todo) + len(job.flying), 0, None
            if job.state == "waiting":
                ahead = self._line().index(job)
            elif job.state == "running" and job.done:
                seconds = (self._clock() - job.began) / job.done * left
            return Progress(job.record, job.amount, job.state, job.done, job.done + left, ahead, seconds, job.reason)

    # what becomes of a job: all of it under the lock

    def _line(self) -> list[_Job]:
        """Return the live jobs, the next to be served first: what visitors wait for, and of that what runs already."""
        live = (job for job in self._jobs.values() if job.state in LIVE)
        return sorted(live, key=lambda job: (not job.wanted, job.state == "waiting", job.turn))

    def _watch(self, key: Key, visitor: str) -> _Job | None:
        """Return a job with a visitor who waits for it, and for no other; None for one that is not known."""
        for other in self._line() if visitor else ():
            if other.key != key and other.watchers.pop(visitor, None) is not None:
                self._end_if_unwatched(other, "left")
        if job := self._jobs.pop(key, None):
            self._jobs[key] = job
            job.watchers[visitor] = self._clock() + PATIENCE if visitor else math.inf
        return job

    def _queue(self, job: _Job, amount: int) -> None:
        job.amount = max(amount, job.amount)
        job.record, chunks = self._work.plan(job.key, job.amount, job.record)
        job.todo = [chunk for chunk in chunks if chunk not in job.flying]
        if job.state not in LIVE:
            job.state, job.reason, job.done, job.turn = "waiting", "", 0, next(self._turns)
            job.lost.clear()
        self._end_if_done(job)

    def _end_if_done(self, job: _Job) -> None:
        if not job.todo and not job.flying:
            self._end(job, "done")

    def _end_if_unwatched(self, job: _Job, state: State) -> None:
        now = self._clock()
        job.watchers = {visitor: until for visitor, until in job.watchers.items() if until >= now}
        if not job.watchers:
            self._end(job, state)

    def _end(self, job: _Job, state: State, reason: str = "") -> None:
        if job.state in LIVE:
            job.todo.clear()
            job.state, job.reason = state, reason
            idle = [old for old in self._jobs.values() if old.state not in LIVE]
            for old in idle[: max(0, len(self._jobs) - MOST_KEPT)]:
                del self._jobs[old.key]

    # handing out chunks, one thread at a time

    def _turn(self, came: Callable[[], None] | None = None) -> None:
        """Take the results there are, and send chunks while there is room.

        Executors call this for every result, from threads that may hold locks of theirs: who finds another thread here
        leaves it the news and goes on.
        """
        self._news.put(came)
        while not self._news.empty() and self._turning.acquire(blocking=False):
            try:
                while not self._news.empty():
                    if news := self._news.get():
                        news()
                while chosen := self._choose():
                    self._send(*chosen)
            finally:
                self._turning.release()

    def _choose(self) -> tuple[_Job, Chunk, Any] | None:
        """Return the next chunk to send, if there is room for one: of the running job served longest ago."""
        with self._lock:
            for job in self._line():
                self._end_if_unwatched(job, "left")
            for job in self._line()[:MOST_RUNNING]:
                if job.state == "waiting":
                    job.state, job.began = "running", self._clock()
            line = self._line()
            alone = any(job.lost for job in line)
            if sum(len(job.flying) for job in self._jobs.values()) >= (1 if alone else self._workers):
                return None
            for job in line[:MOST_RUNNING]:
                if not job.wanted and any(other.flying for other in line if not other.wanted):
                    return None
                for chunk in job.todo:
                    if (load := self._work.load(job.key, job.record, chunk)) is not None:
                        job.turn = next(self._turns)
                        job.todo.remove(chunk)
                        job.flying.add(chunk)
                        return job, chunk, load
            return None

    def _send(self, job: _Job, chunk: Chunk, load: Any) -> None:
        try:
            if self._executor is None:
                self._executor, self._workers = self._open()
            future = self._executor.submit(self._work.run, load)
        except Exception as problem:  # the chunk is lost with a broken pool, or there is none: as if a worker said so
            self._executor, future = None, Future()
            future.set_exception(problem)
        executor = self._executor
        future.add_done_callback(lambda back: self._turn(lambda: self._take(job, chunk, executor, back)))

    def _take(self, job: _Job, chunk: Chunk, executor: Executor | None, future: "Future[Any]") -> None:
        with self._lock:
            job.flying.discard(chunk)
            try:
                job.record = self._work.put(job.record, chunk, future.result())
            except BrokenExecutor:
                if executor is self._executor:
                    self._executor = None
                job.lost[chunk] += 1
                if job.lost[chunk] > MOST_REPEATS:
                    self._end(job, "failed", f"a worker died {job.lost[chunk]} times on the same part")
                elif job.state in LIVE:
                    job.todo.append(chunk)
            except Exception as problem:  # whatever a chunk raises is the job's, not the server's
                self._end(job, "failed", f"{type(problem).__name__}: {problem}")
            else:
                job.done += 1
                job.lost.pop(chunk, None)
                self._end_if_done(job)
