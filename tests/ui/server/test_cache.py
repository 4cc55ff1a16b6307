"""What is kept: computed once for all that ask, read-only, at most so many, and nothing of what fails."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from ui.server.cache import kept

AT_ONCE = 8
SOON = 30


@dataclass(frozen=True, eq=False)
class Found:
    array: np.ndarray
    more: Mapping[str, object]


def test_many_threads_that_ask_at_once_share_one_computation():
    asked, computed, go = threading.Barrier(AT_ONCE), [], threading.Event()

    @kept(4)
    def slow(x):
        computed.append(x)
        go.wait(SOON)
        return object()

    found = []

    def ask():
        asked.wait(SOON)
        found.append(slow(7))

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(SOON)
    assert computed == [7]
    assert len(found) == AT_ONCE
    assert len(set(map(id, found))) == 1


def test_who_asks_for_something_else_does_not_wait():
    inside, go = threading.Event(), threading.Event()

    @kept(4)
    def compute(x):
        if x == "slow":
            inside.set()
            go.wait(SOON)
        return x

    thread = threading.Thread(target=compute, args=("slow",))
    thread.start()
    assert inside.wait(SOON)
    assert compute("quick") == "quick"  # would hang: the slow one is not done
    go.set()
    thread.join(SOON)


def test_the_latest_used_are_kept_and_no_more():
    computed = []

    @kept(2)
    def compute(x):
        computed.append(x)
        return x

    for x in (1, 2, 1, 3, 1, 2):
        assert compute(x) == x
    assert computed == [1, 2, 3, 2]


def test_every_array_of_a_result_is_read_only():
    parts = [np.zeros(2) for _ in range(5)]

    @kept(2)
    def compute():
        inner = Found(parts[0], {"a": parts[1], "b": {"c": parts[2]}})
        return {"found": inner, "several": (parts[3], (parts[4],))}

    compute()
    for part in parts:
        with pytest.raises(ValueError, match="read-only"):
            part[0] = 1


def test_what_raises_is_not_kept_and_stops_nobody():
    computed = []

    @kept(2)
    def compute(x):
        computed.append(x)
        if len(computed) < 3:
            raise ZeroDivisionError
        return x

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            compute(5)
    assert compute(5) == compute(5) == 5
    assert len(computed) == 3


def test_a_kept_function_says_what_it_is_and_takes_names():
    @kept(2)
    def compute(spec, *, keys=()):
        """Return what it was given."""
        return spec, keys

    assert compute.__doc__ == "Return what it was given."
    assert compute(1, keys=("a",)) == (1, ("a",))
    assert compute(1) == (1, ())
