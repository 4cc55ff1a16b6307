"""Where the guesses of a class are counted: one file for all copies of the app on a machine.

`CLASS_STORE` says which file. Nothing but the name of the class, the question, a number that stands for a window of a
browser, and the guess is kept, for a day at most.
"""

import os
import re
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

# Seconds for which a guess is kept; and for which a store that did not answer is left alone.
DAY, PAUSE = 24 * 3600.0, 10.0
# Guesses of one class to one question, questions of one class, and guesses of all classes together.
MOST_GUESSES, MOST_QUESTIONS, MOST = 500, 200, 100_000
# Seconds to wait for a store: a page must not stand still for it.
PATIENCE = 2.0
SETTING = "CLASS_STORE"
# What a class may be called, a question be named by, a browser window be known by, and a guess be.
_CLASS, _WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"), re.compile(r"[a-z0-9_.:-]{1,80}")


class UnreachableError(Exception):
    """The store does not answer."""


class Store(Protocol):
    """Counts guesses."""

    def add(self, group: str, question: str, window: str, guess: str) -> bool:
        """Count a window's guess, unless it has guessed before or there are too many; return whether it counts."""

    def counts(self, group: str, question: str) -> Counter[str]:
        """Return how many windows of a class made each guess."""

    def forget(self, group: str) -> None:
        """Delete all guesses of a class."""


def class_name(text: str) -> str | None:
    """Return the name of a class as it is kept, in small letters; None for what is none."""
    name = text.strip().lower()
    return name if _CLASS.fullmatch(name) else None


def _checked(*words: str) -> None:
    for word in words:
        if not _WORD.fullmatch(word):
            raise ValueError(f"a question, a window or a guess must be 1 to 80 of a-z 0-9 _ . : -, got {word[:80]!r}")


class FileStore:
    """Guesses in a file of SQLite, which several processes may use at a time."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path, self._now = path, now

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
            try:
                # What a loss of power would take is a lesson's guesses.
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS guesses (class TEXT, question TEXT, visitor TEXT, guess TEXT, "
                    "made REAL, PRIMARY KEY (class, question, visitor)) WITHOUT ROWID"
                )
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("DELETE FROM guesses WHERE made < ?", (self._now() - DAY,))
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise UnreachableError(str(error)) from error

    def add(self, group: str, question: str, window: str, guess: str) -> bool:
        """Count a guess (`Store`)."""
        _checked(group, question, window, guess)
        with self._open() as file:
            (all_of_them,) = file.execute("SELECT count(*) FROM guesses").fetchone()
            (questions,) = file.execute(
                "SELECT count(DISTINCT question) FROM guesses WHERE class = ? AND question <> ?", (group, question)
            ).fetchone()
            (guesses,) = file.execute(
                "SELECT count(*) FROM guesses WHERE class = ? AND question = ?", (group, question)
            ).fetchone()
            if all_of_them >= MOST or questions >= MOST_QUESTIONS or guesses >= MOST_GUESSES:
                return False
            row = (group, question, window, guess, self._now())
            return file.execute("INSERT OR IGNORE INTO guesses VALUES (?, ?, ?, ?, ?)", row).rowcount == 1

    def counts(self, group: str, question: str) -> Counter[str]:
        """Return how many made each guess (`Store`)."""
        _checked(group, question)
        with self._open() as file:
            found = file.execute(
                "SELECT guess, count(*) FROM guesses WHERE class = ? AND question = ? GROUP BY guess", (group, question)
            )
            return Counter(dict(found.fetchall()))

    def forget(self, group: str) -> None:
        """Delete a class (`Store`)."""
        _checked(group)
        with self._open() as file:
            file.execute("DELETE FROM guesses WHERE class = ?", (group,))


def open_store(setting: str) -> Store:
    """Return the store that a setting names: a file; where it names none, one among the system's temporary files."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return FileStore(Path(setting or Path(tempfile.gettempdir()) / f"unlearning-guesses-{user}.sqlite"))


@cache
def _store() -> Store:
    return open_store(os.environ.get(SETTING, ""))


_down = {"until": 0.0}
_guard = threading.Lock()


@contextmanager
def reached() -> Iterator[Store]:
    """Give the store of this server; UnreachableError, at once, for a while after it did not answer."""
    with _guard:
        if time.monotonic() < _down["until"]:
            raise UnreachableError("it did not answer a moment ago")
    try:
        yield _store()
    except UnreachableError:
        with _guard:
            _down["until"] = time.monotonic() + PAUSE
        raise
