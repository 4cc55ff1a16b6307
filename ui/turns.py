"""Whose turn it is: one run of a page after the other, so that the first of a class that moves at once is soon done.

Side by side they would all be late: Python computes one at a time, and every change of threads keeps Streamlit's
server waiting, which sends a run's elements one by one.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds after which a turn passes on though its run goes on: one large computation does not stop a class.
PATIENCE = 0.3
# Turns in about the last second that are a crowd: one visitor alone takes fewer, a class of sixty thirty.
CROWDED = 20
# Of those who wait for their turn, one may be a visitor's own run that waits for the pictures ahead of it.
OWN = 1
# Who waits, in order; who has the turn, and since when. All of it under the lock.
_lock = threading.Lock()
_line: deque[threading.Event] = deque()
_owner: threading.Event | None = None
_since = 0.0
# How many turns there were in about the last second, and when that was last counted.
_count, _counted = 0.0, 0.0


class _Mine(threading.local):
    """What this thread took its turn with; None outside one."""

    turn: threading.Event | None = None


_mine = _Mine()


def _pass_on() -> None:
    """Give the turn to the first in the line, if there is one."""
    global _owner, _since
    _owner, _since = (_line.popleft() if _line else None), time.perf_counter()
    if _owner:
        _owner.set()


def _take() -> None:
    mine = _mine.turn = threading.Event()
    with _lock:
        _line.append(mine)
        if _owner is None:
            _pass_on()
    while not mine.wait(PATIENCE):
        with _lock:
            # Never more than one at a time goes ahead of a run that takes long.
            if _line and _line[0] is mine and time.perf_counter() - _since >= PATIENCE:
                _pass_on()


def _give() -> None:
    mine, _mine.turn = _mine.turn, None
    with _lock:
        if _owner is mine:
            _pass_on()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for the turn of this thread; it ends with the block, or passes on after `PATIENCE` if somebody waits."""
    global _count, _counted
    _take()
    _count, _counted = lately() + 1, time.perf_counter()
    try:
        yield
    finally:
        _give()


def waiting() -> int:
    """Return how many wait for their turn."""
    return len(_line)


def lately() -> float:
    """Return how many turns there were in about the last second; older ones count less and less."""
    return _count * math.exp(_counted - time.perf_counter())


def crowded() -> bool:
    """Whether so many move that what can wait or be spared had better be."""
    return waiting() > OWN or lately() > CROWDED


def rest(seconds: float, until: threading.Event | None = None) -> None:
    """Rest within a turn, which others may take meanwhile; no longer than `until` something, if that is given.

    Not at all while others wait for their turn.
    """
    if _line:
        return
    held = _mine.turn is not None
    if held:
        _give()
    if until:
        until.wait(seconds)
    else:
        time.sleep(seconds)
    if held:
        _take()
