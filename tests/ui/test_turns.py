import threading
import time
from contextlib import contextmanager

import pytest

from ui.server import run_queue as turns

# Seconds after which a thread that has not done what it should never will.
SOON = 10


@contextmanager
def beside(work):
    """Run `work` in another thread meanwhile."""
    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join(SOON)
    assert not thread.is_alive()


def until(condition):
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def free():
    """Whether nobody has the turn."""
    return turns._owner is None


IN_ORDER = [f"{i} {what}" for i in range(5) for what in ("begins", "ends")]


def five():
    """Five threads that each take a turn, and what they tell of it."""
    told = []

    def run(name):
        with turns.turn():
            told.append(f"{name} begins")
            time.sleep(0.005)
            told.append(f"{name} ends")

    return [threading.Thread(target=run, args=(i,)) for i in range(5)], told


def test_runs_come_one_after_the_other_in_the_order_they_asked():
    threads, told = five()
    with turns.turn():
        for count, thread in enumerate(threads, 1):
            thread.start()
            until(lambda count=count: turns.waiting() == count)
    for thread in threads:
        thread.join(SOON)
    assert told == IN_ORDER
    assert free()


def test_behind_a_run_that_takes_long_the_others_still_come_one_after_the_other(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.02)
    threads, told = five()
    with turns.turn():
        for count, thread in enumerate(threads, 1):
            thread.start()
            until(lambda count=count: turns.waiting() == count or told)
        # The turn is still held here: it has passed on without waiting for its end.
        for thread in threads:
            thread.join(SOON)
        assert told == IN_ORDER
        assert free()
    assert free()


def test_who_was_passed_by_does_not_end_the_turn_of_another(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    inside, leave = threading.Event(), threading.Event()

    def other():
        with turns.turn():
            inside.set()
            assert leave.wait(SOON)

    with turns.turn():
        thread = threading.Thread(target=other)
        thread.start()
        assert inside.wait(SOON)
    assert not free()
    leave.set()
    thread.join(SOON)
    assert free()


def test_a_run_that_fails_gives_its_turn_back():
    with pytest.raises(ValueError, match="on purpose"), turns.turn():
        raise ValueError("on purpose")
    assert free()


def test_a_rest_lets_another_run_in_and_ends_with_the_own_turn(monkeypatch):
    told = []

    def other():
        with turns.turn():
            told.append("in")

    def sleep(seconds):
        told.append(seconds)
        with beside(other):
            pass

    with turns.turn():
        with monkeypatch.context() as patch:
            patch.setattr(turns.time, "sleep", sleep)
            turns.rest(0.5)
        assert told == [0.5, "in"]
        assert not free()
    assert free()


def test_nobody_rests_while_others_wait(monkeypatch):
    def other():
        with turns.turn():
            pass

    thread = threading.Thread(target=other)
    with turns.turn():
        thread.start()
        until(turns.waiting)
        with monkeypatch.context() as patch:
            patch.setattr(turns.time, "sleep", lambda seconds: pytest.fail("rested"))
            turns.rest(0.5)
        assert not free()
    thread.join(SOON)
    assert free()


def test_a_rest_outside_a_turn_takes_none(monkeypatch):
    monkeypatch.setattr(turns.time, "sleep", lambda seconds: None)
    turns.rest(0.5)
    assert free()


def test_turns_are_counted_and_forgotten(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(turns, "_count", 0.0)
    monkeypatch.setattr(turns, "_counted", now[0])
    for _ in range(50):
        with turns.turn():
            turns.rest(0)  # one that rests is the same turn
    assert turns.lately() == 50
    now[0] += 1
    assert 15 < turns.lately() < 25
    now[0] += 10
    assert turns.lately() < 0.01


@pytest.mark.parametrize(
    ("waiting", "lately", "crowd"), [(0, 0, False), (turns.OWN, turns.CROWDED, False), (2, 0, True), (0, 21, True)]
)
def test_a_crowd_is_many_who_wait_or_many_who_came(monkeypatch, waiting, lately, crowd):
    monkeypatch.setattr(turns, "waiting", lambda: waiting)
    monkeypatch.setattr(turns, "lately", lambda: lately)
    assert turns.crowded() == crowd


def test_those_who_wait_are_counted():
    with turns.turn():
        assert turns.waiting() == 0

        def run():
            with turns.turn():
                pass

        thread = threading.Thread(target=run)
        thread.start()
        until(lambda: turns.waiting() == 1)
    thread.join(SOON)
    assert turns.waiting() == 0


def test_a_rest_ends_when_what_it_waits_for_has_come():
    come = threading.Event()
    with turns.turn(), beside(lambda: (until(free), come.set())):
        turns.rest(10 * SOON, until=come)
    assert come.is_set()
    assert free()
