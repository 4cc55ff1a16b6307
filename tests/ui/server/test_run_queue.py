"""The run queue: one computes at a time, and one that takes too long does not keep the others waiting for ever."""

import threading

import pytest

from ui.server import run_queue

SOON = 30


def elsewhere(work):
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_two_turns_do_not_overlap(monkeypatch):
    monkeypatch.setattr(run_queue, "PATIENCE", SOON)
    told, ready = [], threading.Event()

    def second():
        ready.set()
        with run_queue.turn():
            told.append("second")

    with run_queue.turn():
        thread = elsewhere(second)
        assert ready.wait(SOON)
        thread.join(0.05)  # it had time to go ahead
        told.append("first")
    thread.join(SOON)
    assert told == ["first", "second"]


def test_patience_ends_and_the_gate_stays_with_who_has_it(monkeypatch):
    monkeypatch.setattr(run_queue, "PATIENCE", 0.01)
    told = []

    def impatient():
        with run_queue.turn():
            told.append("went ahead")

    with run_queue.turn():
        elsewhere(impatient).join(SOON)
        assert told == ["went ahead"]
        # What went ahead did not give away what was not its own.
        monkeypatch.setattr(run_queue, "PATIENCE", SOON)
        waiting = elsewhere(impatient)
        waiting.join(0.05)
        assert told == ["went ahead"]
    waiting.join(SOON)
    assert told == ["went ahead"] * 2


def test_a_turn_ends_with_what_fails(monkeypatch):
    monkeypatch.setattr(run_queue, "PATIENCE", SOON)
    with pytest.raises(ZeroDivisionError), run_queue.turn():
        raise ZeroDivisionError
    told = []

    def next_one():
        with run_queue.turn():
            told.append("next")

    elsewhere(next_one).join(SOON)
    assert told == ["next"]


def order(monkeypatch, kinds):
    """Return in which order so many wait for a turn, once they all stand in the line."""
    monkeypatch.setattr(run_queue, "PATIENCE", SOON)
    told, threads = [], []

    def wait(name):
        with run_queue.turn(picture=name.startswith("p")):
            told.append(name)

    with run_queue.turn():
        for name in kinds:
            waiting = threading.active_count()
            threads.append(elsewhere(lambda name=name: wait(name)))
            assert threading.active_count() == waiting + 1
            threads[-1].join(0.1)  # it comes into the line before the next
    for thread in threads:
        thread.join(SOON)
    return told


def test_who_comes_first_goes_first(monkeypatch):
    names = [f"run {i}" for i in range(6)]
    assert order(monkeypatch, names) == names


def test_pictures_go_before_runs_and_hold_none_up_for_long(monkeypatch):
    pictures = [f"picture {i}" for i in range(6)]
    told = order(monkeypatch, ["run 0", *pictures, "run 1"])
    assert told == [*pictures[:4], "run 0", *pictures[4:], "run 1"]


def test_two_that_take_long_stop_nobody_else(monkeypatch):
    monkeypatch.setattr(run_queue, "PATIENCE", 0.01)
    inside, end, told = threading.Barrier(3), threading.Event(), []

    def long():
        with run_queue.turn(picture=True):
            inside.wait(SOON)
            end.wait(SOON)

    def short():
        with run_queue.turn():
            told.append("run")

    flood = [elsewhere(long) for _ in range(2)]
    inside.wait(SOON)  # both compute
    for count in range(1, 4):
        elsewhere(short).join(SOON)
        assert told == ["run"] * count
    end.set()
    for thread in flood:
        thread.join(SOON)
