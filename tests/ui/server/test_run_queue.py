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
