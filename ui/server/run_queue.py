"""Whose turn it is: runs of pages and pictures compute one after the other.

Side by side they would all be late: Python computes one at a time, and every change of threads keeps the server
waiting, which sends what is finished. Whoever comes first goes first; a picture, which takes a few milliseconds and is
under somebody's eyes, goes before the runs, but not many in a row, so that a flood of pictures stops no run.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds for which one computation may hold up the others: beside a longer one they go ahead, one at a time, and beside
# two of them, too.
PATIENCE, SEATS = 0.3, 3
# Pictures that may go before a run that waits.
IN_A_ROW = 4
_guard = threading.Lock()
_runs: deque["_Ticket"] = deque()
_pictures: deque["_Ticket"] = deque()
_since: dict[int, float] = {}  # when the computation in each of the seats began
_row = 0


class _Ticket:
    """What one thread waits with."""

    def __init__(self) -> None:
        self.seat = -1
        self.called = threading.Event()


@contextmanager
def turn(*, picture: bool = False) -> Iterator[None]:
    """Wait until nobody else computes, or until who does takes long; the turn ends with the block."""
    mine = _Ticket()
    with _guard:
        (_pictures if picture else _runs).append(mine)
        _call()
    while not mine.called.wait(PATIENCE):
        with _guard:
            _call()
    try:
        yield
    finally:
        with _guard:
            del _since[mine.seat]
            _call()


def _call() -> None:
    """Give free seats to those who are next."""
    global _row
    while (_runs or _pictures) and (seat := _free()) is not None:
        before = _pictures and (not _runs or _row < IN_A_ROW)
        _row = _row + 1 if before else 0
        ticket = (_pictures if before else _runs).popleft()
        ticket.seat, _since[seat] = seat, time.perf_counter()
        ticket.called.set()


def _free() -> int | None:
    """Return the seat that may be taken now: the first, or one beside those that have been taken for long."""
    for seat in range(SEATS):
        if seat not in _since:
            return seat
        if time.perf_counter() - _since[seat] < PATIENCE:
            return None
    return None
