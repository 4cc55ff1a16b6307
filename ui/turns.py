"""Whose turn it is: one run of a page after the other, so that the first of a class that moves at once is soon done.

Side by side they would all be late: Python computes one at a time, and every change of threads keeps Streamlit's
server waiting, which sends a run's elements one by one.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds after which a run no longer waits for the one before it: one large computation does not stop a class.
PATIENCE = 1.0
_turn = threading.Semaphore()
# How many turns there were in about the last second, and when that was last counted.
_count, _counted = 0.0, 0.0
# The threads that wait for it.
_waiting: set[int] = set()


class _Mine(threading.local):
    """Whether the turn is this thread's own."""

    turn = False


_mine = _Mine()


def _take() -> None:
    me = threading.get_ident()
    _waiting.add(me)
    try:
        _mine.turn = _turn.acquire(timeout=PATIENCE)
    finally:
        _waiting.discard(me)


def _give() -> None:
    if _mine.turn:
        _mine.turn = False
        _turn.release()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for the turn of this thread, at most `PATIENCE`; it ends with the block."""
    global _count, _counted
    _take()
    _count, _counted = lately() + 1, time.perf_counter()
    try:
        yield
    finally:
        _give()


def waiting() -> int:
    """Return how many wait for their turn."""
    return len(_waiting)


def lately() -> float:
    """Return how many turns there were in about the last second; older ones count less and less."""
    return _count * math.exp(_counted - time.perf_counter())


def rest(seconds: float) -> None:
    """Rest within a turn, which others may take meanwhile; not at all while others wait for theirs."""
    if _waiting:
        return
    held = _mine.turn
    _give()
    time.sleep(seconds)
    if held:
        _take()
