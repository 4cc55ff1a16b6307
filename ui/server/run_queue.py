"""Whose turn it is: runs of pages and pictures compute one after the other.

Side by side they would all be late: Python computes one at a time, and every change of threads keeps the server
waiting, which sends what is finished.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds after which somebody goes ahead though the one before is not done: a large computation does not stop a class.
PATIENCE = 0.3
_gate = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """Wait until nobody else computes, for `PATIENCE` at most; the turn ends with the block."""
    taken = _gate.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if taken:
            _gate.release()
