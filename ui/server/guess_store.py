"""Where the guesses of a class are counted: a file for all copies of the app on a machine, or a Redis or Valkey server.

`CLASS_STORE` says which. Nothing but the name of the class, the question, a number that stands for a window of a
browser, and the guess is kept, for a day at most.
"""

import logging
import os
import re
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

# Seconds for which a guess is kept; and for which a store that did not answer is left alone.
DAY, PAUSE = 24 * 3600.0, 10.0
# Guesses of one class to one question, questions of one class, and guesses of all classes together.
MOST_GUESSES, MOST_QUESTIONS, MOST = 500, 200, 100_000
# Seconds to wait for a store: a page must not stand still for it.
PATIENCE = 2.0
SETTING = "CLASS_STORE"
# What the address of a server begins with; all else is the name of a file.
SERVERS = ("redis://", "rediss://", "unix://")
# What a class may be called, a question be named by, a browser window be known by, and a guess be.
_CLASS, _WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"), re.compile(r"[a-z0-9_.:-]{1,80}")


_log = logging.getLogger(__name__)


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


# The server's part, in one step each, so that no other copy of the app comes between. Under the key of the times stand
# all guesses, the oldest first, each as "class question window"; under "times class" the questions of a class, and
# under "times class question" what each window guessed. No word has a space in it.
_OLD = """
local times, class, question = KEYS[1], ARGV[2], ARGV[3]
local asked = times .. ' ' .. class
local function drop(member)
  local group, about, window = string.match(member, '^(%S+) (%S+) (%S+)$')
  local guesses = times .. ' ' .. group .. ' ' .. about
  redis.call('HDEL', guesses, window)
  if redis.call('EXISTS', guesses) == 0 then redis.call('SREM', times .. ' ' .. group, about) end
  redis.call('ZREM', times, member)
end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', times, '-inf', '(' .. ARGV[1])) do drop(member) end
"""
_ADD = """
local window, guess, now, day = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local guesses = asked .. ' ' .. question
if redis.call('ZCARD', times) >= tonumber(ARGV[8])
  or redis.call('SCARD', asked) - redis.call('SISMEMBER', asked, question) >= tonumber(ARGV[9])
  or redis.call('HLEN', guesses) >= tonumber(ARGV[10])
  or redis.call('HSETNX', guesses, window, guess) == 0 then return 0 end
redis.call('ZADD', times, now, class .. ' ' .. question .. ' ' .. window)
redis.call('SADD', asked, question)
-- The server deletes what nobody asks for again.
for _, key in ipairs({times, asked, guesses}) do redis.call('EXPIRE', key, day) end
return 1
"""
_COUNTS = "return redis.call('HVALS', asked .. ' ' .. question)"
_FORGET = """
for _, about in ipairs(redis.call('SMEMBERS', asked)) do
  for _, window in ipairs(redis.call('HKEYS', asked .. ' ' .. about)) do
    drop(class .. ' ' .. about .. ' ' .. window)
  end
end
redis.call('DEL', asked)
"""


class ServerStore:
    """Guesses on a Redis or Valkey server, which copies of the app on several machines may use at a time."""

    def __init__(self, address: str, now: Callable[[], float] = time.time) -> None:
        try:
            from redis import Redis, RedisError
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError as problem:
            raise UnreachableError(
                f"{SETTING} is the address of a server, but the package redis is missing: "
                "pip install -r requirements-redis.txt, or name a file"
            ) from problem
        try:
            # Twice: a connection that has lain idle may be gone.
            client = Redis.from_url(
                address,
                decode_responses=True,
                socket_connect_timeout=PATIENCE / 2,
                socket_timeout=PATIENCE / 2,
                retry=Retry(NoBackoff(), 1),
            )
        except ValueError:  # which says what it cannot read, and that may be the password
            raise UnreachableError(
                f"{SETTING} must be a file or an address such as redis://:password@host:6379/0, whose password has "
                "%2F for a /, %23 for a # and %3F for a ?"
            ) from None
        self._now, self._failure = now, RedisError
        self._add, self._counts, self._forget = (
            client.register_script(_OLD + rest) for rest in (_ADD, _COUNTS, _FORGET)
        )

    def _ask(self, script: Callable[..., Any], *words: object) -> Any:
        try:
            return script(keys=["unlearning:guesses"], args=[self._now() - DAY, *words])
        except self._failure as error:
            raise UnreachableError(str(error)) from error

    def add(self, group: str, question: str, window: str, guess: str) -> bool:
        """Count a guess (`Store`)."""
        _checked(group, question, window, guess)
        bounds = (self._now(), int(DAY), MOST, MOST_QUESTIONS, MOST_GUESSES)
        return bool(self._ask(self._add, group, question, window, guess, *bounds))

    def counts(self, group: str, question: str) -> Counter[str]:
        """Return how many made each guess (`Store`)."""
        _checked(group, question)
        return Counter(self._ask(self._counts, group, question))

    def forget(self, group: str) -> None:
        """Delete a class (`Store`)."""
        _checked(group)
        self._ask(self._forget, group, "")


def open_store(setting: str) -> Store:
    """Return the store that a setting names, a server or a file; of none, a file among the system's temporary ones.

    Errors: UnreachableError where it is the address of a server and cannot be one.
    """
    if setting.startswith(SERVERS):
        return ServerStore(setting)
    if "://" in setting:
        raise UnreachableError(
            f"{SETTING} must be a file or begin with {', '.join(SERVERS)}, got {setting.split('://')[0]}://"
        )
    user = os.getuid() if hasattr(os, "getuid") else 0
    return FileStore(Path(setting or Path(tempfile.gettempdir()) / f"unlearning-guesses-{user}.sqlite"))


@lru_cache(1)
def _opened(setting: str) -> Store:
    return open_store(setting)


# Until when the store of a setting is left alone, by the setting.
_down: dict[str, float] = {}
_guard = threading.Lock()


@contextmanager
def reached() -> Iterator[Store]:
    """Give the store of this server; UnreachableError, at once, for a while after it did not answer.

    That it did not is a line of the log each time it was asked.
    """
    setting = os.environ.get(SETTING, "")
    with _guard:
        if time.monotonic() < _down.get(setting, 0.0):
            raise UnreachableError("it did not answer a moment ago")
    try:
        yield _opened(setting)
    except UnreachableError as error:
        with _guard:
            _down[setting] = time.monotonic() + PAUSE
        _log.warning("The guesses of a class cannot be counted for %g s: %s", PAUSE, error)
        raise
