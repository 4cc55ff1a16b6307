"""Whose turn it is: runs of pages and pictures compute one after the other.

Side by side they would all be late: Python computes one at a time, and every change of threads keeps the server
waiting, which sends what is finished.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds for which one computation may hold up the others: beside a longer one they go ahead, one at a time.
PATIENCE = 0.3
_gate, _beside = threading.Lock(), threading.Lock()
_since = 0.0


@contextmanager
def turn() -> Iterator[None]:
    """Wait until nobody else computes, or until who does takes long; the turn ends with the block."""
    global _since
    mine = _gate
    while not _gate.acquire(timeout=PATIENCE):
        if time.perf_counter() - _since >= PATIENCE and _beside.acquire(blocking=False):
            mine = _beside
            break
    if mine is _gate:
        _since = time.perf_counter()
    try:
        yield
    finally:
        mine.release()
