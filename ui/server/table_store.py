"""Visitors' own tables, in this server's memory alone: each under a name nobody can guess, for an hour at most."""

import secrets
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from theory import Refusal
from theory.data import FOLDER
from theory.data.reading import read_table
from theory.data.sheet import Sheet

R = TypeVar("R")

# Tables at once, and the bytes of all of them; seconds after which one goes that nobody has used; results kept of each.
MOST, MOST_BYTES, LIFE, RESULTS = 20, 200_000_000, 3600.0, 64
# The header in which a browser says which table its pictures are of: a name in an address would be in logs.
HEADER = "X-Table"
GONE_OLD, GONE_FULL, GONE_ASKED, UNKNOWN = "old", "full", "asked", ""
# Reasons are kept for so many tables that are gone.
_REASONS = 200


class Entry:
    """A table with what is predicted of it and which rows leave; what is computed of it goes with it.

    Attributes
    ----------
    version : another number whenever something else is chosen.
    """

    def __init__(self, sheet: Sheet, target: str, forget: NDArray[np.bool_]) -> None:
        self.sheet, self.target, self.forget, self.version = sheet, target, forget, 0
        self.used = time.monotonic()
        self._lock, self._results = threading.RLock(), OrderedDict[tuple[Hashable, ...], Any]()

    def choose(self, target: str, forget: NDArray[np.bool_]) -> None:
        """Predict another column, or forget other rows; what was computed before is dropped."""
        with self._lock:
            if target == self.target and np.array_equal(forget, self.forget):
                return
            self.target, self.forget, self.version = target, forget, self.version + 1
            self._results.clear()

    def once(self, key: tuple[Hashable, ...], compute: Callable[[], R], most: int = RESULTS) -> R:
        """Return a result, computed by one thread for all that ask at the same time.

        Of results whose keys begin alike half as many are kept as `most` says, of all at most `RESULTS`.
        """
        with self._lock:
            if key not in self._results:
                self._results[key] = compute()
                alike = [other for other in self._results if other[:2] == key[:2]]
                for other in alike[: -max(1, most // 2)]:
                    del self._results[other]
                while len(self._results) > RESULTS:
                    self._results.popitem(last=False)
            found: R = self._results[key]
            return found


_tables: OrderedDict[str, Entry] = OrderedDict()
_gone: OrderedDict[str, str] = OrderedDict()
_lock = threading.RLock()
# Set while a clock runs.
_clock = threading.Event()
_asked: ContextVar[str] = ContextVar("table", default="")


class Ticket:
    """A visitor's hold on a table: when the session lets go of it, the table goes, too."""

    def __init__(self, name: str) -> None:
        self.name = name
        weakref.finalize(self, drop, name)


def keep(entry: Entry) -> Ticket:
    """Keep a table; where there are too many, or too large ones, those go that were not used for longest."""
    name = secrets.token_urlsafe(24)
    with _lock:
        _tables[name] = entry
        while len(_tables) > 1 and (len(_tables) > MOST or sum(e.sheet.size for e in _tables.values()) > MOST_BYTES):
            _end(next(iter(_tables)), GONE_FULL)
        _watch()
    return Ticket(name)


def _watch() -> None:
    """Look again when the hour of the first is over, while there are tables: one clock for all of them."""
    if _tables and not _clock.is_set():
        _clock.set()
        left = LIFE + min(entry.used for entry in _tables.values()) - time.monotonic()
        timer = threading.Timer(max(0.0, left) + 1, _strike)
        timer.daemon = True
        timer.start()


def _strike() -> None:
    _clock.clear()
    sweep()
    with _lock:
        _watch()


def find(name: str) -> Entry | None:
    """Return the table of a name, and note that it is used; None where it is gone."""
    sweep()
    with _lock:
        entry = _tables.get(name)
        if entry is not None:
            entry.used = time.monotonic()
            _tables.move_to_end(name)
        return entry


def drop(name: str) -> None:
    """Forget a table and all that was computed of it."""
    with _lock:
        if name in _tables:
            _end(name, GONE_ASKED)


def why_gone(name: str) -> str:
    """Return why a table is gone: "old", "full" or "asked"; of the latest ones only it is known."""
    with _lock:
        return _gone.get(name, UNKNOWN)


def sweep() -> None:
    """Let go of every table that nobody has used for an hour."""
    with _lock:
        late = [name for name, entry in _tables.items() if time.monotonic() - entry.used > LIFE]
        for name in late:
            _end(name, GONE_OLD)


def count() -> int:
    """Return how many tables are kept."""
    with _lock:
        return len(_tables)


def _end(name: str, why: str) -> None:
    del _tables[name]
    _gone[name] = why
    while len(_gone) > _REASONS:
        _gone.popitem(last=False)


@contextmanager
def asking(name: str) -> Iterator[None]:
    """Compute for this table meanwhile; Refusal where it is gone. No name: for the example."""
    if name and find(name) is None:
        raise Refusal("this table is gone from the server's memory: choose the file again", {})
    token = _asked.set(name)
    try:
        yield
    finally:
        _asked.reset(token)


def name() -> str:
    """Return the name of the table that is computed for; empty for the example."""
    return _asked.get()


def mark() -> str:
    """Return another text for another table of a visitor's own, or another choice of it; empty for the example."""
    own = find(_asked.get())
    return f"{_asked.get()} {own.version}" if own else ""


def is_gone(mark: str) -> bool:
    """Whether the table of a `mark` is gone: what was said of it is not to be said again."""
    return bool(mark) and find(mark.split()[0]) is None


def entry() -> Entry:
    """Return the table that is computed for: a visitor's own, or the example."""
    return find(_asked.get()) or example()


@lru_cache(maxsize=1)
def example() -> Entry:
    """Return the example, whose choices nobody changes: penguins, of which those of the island Dream leave."""
    return penguins()


def penguins() -> Entry:
    """Return the penguins as a table of one's own."""
    sheet = read_table((FOLDER / "penguins.csv").read_bytes())
    island = sheet.column("island")
    return Entry(sheet, "body_mass_g", island.values == island.levels.index("Dream"))
