import asyncio
import threading
from contextvars import ContextVar

import pytest

from ui import deliveries

PATIENCE = 20


class Loop(asyncio.SelectorEventLoop):
    """A loop that counts how often it is woken from outside."""

    def __init__(self):
        super().__init__()
        self.woken = 0

    def _write_to_self(self):
        self.woken += 1
        super()._write_to_self()


@pytest.fixture
def office():
    """office(work): run `work(say, loop)` in a thread beside a loop; return what was heard, and how often it woke."""

    def run(work):
        heard, loop = [], Loop()

        async def serve():
            async with deliveries.open_office(None):
                done = threading.Event()

                def visit():
                    work(lambda word: loop.call_soon_threadsafe(heard.append, word), loop)
                    done.set()

                thread = threading.Thread(target=visit)
                loop.woken = 0
                thread.start()
                while not done.is_set():
                    await asyncio.sleep(0.001)
                for _ in range(3):
                    await asyncio.sleep(0)
                thread.join(PATIENCE)
                return list(heard), loop.woken

        try:
            return loop.run_until_complete(asyncio.wait_for(serve(), PATIENCE))
        finally:
            loop.close()

    return run


@pytest.fixture
def slow(monkeypatch):
    """No parcel leaves only because time has passed."""
    monkeypatch.setattr(deliveries, "PACE", PATIENCE)


def test_what_a_run_says_comes_in_order_and_wakes_the_server_once(office, slow):
    def work(say, _):
        with deliveries.together():
            for number in range(40):
                say(number)

    assert office(work) == (list(range(40)), 1)


def test_outside_a_run_every_word_is_sent_at_once(office):
    assert office(lambda say, _: [say(number) for number in range(5)]) == ([0, 1, 2, 3, 4], 5)


def test_a_picture_leaves_before_the_run_goes_on(office, slow):
    def work(say, loop):
        with deliveries.together():
            seen = threading.Event()
            say("picture")
            loop.call_soon_threadsafe(seen.set)
            assert not seen.is_set()
            deliveries.deliver()
            assert seen.wait(PATIENCE)
            deliveries.deliver()  # nothing more to send
            say("below")

    assert office(work) == (["picture", "below"], 2)


def test_what_has_waited_long_enough_leaves_with_the_next_word(office, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(deliveries.time, "perf_counter", lambda: now[0])

    def work(say, _):
        with deliveries.together():
            for _ in range(6):
                say(now[0])
                now[0] += 0.4 * deliveries.PACE

    heard, woken = office(work)
    assert heard == sorted(heard)
    assert len(heard) == 6
    assert woken == 2


def test_a_run_that_fails_has_said_what_it_said(office, slow):
    def fail(say):
        with deliveries.together():
            say("before")
            raise ZeroDivisionError

    def work(say, _):
        with pytest.raises(ZeroDivisionError):
            fail(say)

    assert office(work)[0] == ["before"]


def test_one_call_that_fails_stops_no_other(office, slow):
    failures = []

    def work(say, loop):
        loop.call_soon_threadsafe(loop.set_exception_handler, lambda _, what: failures.append(what["exception"]))
        with deliveries.together():
            say("before")
            loop.call_soon_threadsafe(lambda: 1 / 0)
            say("after")

    assert office(work)[0] == ["before", "after"]
    assert [type(failure) for failure in failures] == [ZeroDivisionError]


def test_a_call_runs_in_the_context_it_was_made_in(office, slow):
    found, variable = [], ContextVar("variable", default="nobody")

    def work(say, loop):
        with deliveries.together():
            token = variable.set("visitor")
            loop.call_soon_threadsafe(lambda: found.append(variable.get()))
            variable.reset(token)

    office(work)
    assert found == ["visitor"]


def test_what_a_parcel_asks_of_the_loop_is_one_call_more(office, slow):
    def work(say, loop):
        with deliveries.together():
            for number in range(10):
                loop.call_soon_threadsafe(say, number)

    assert office(work) == (list(range(10)), 2)


def test_a_loop_that_takes_no_parcels_is_left_as_it_is(monkeypatch):
    class Closed:
        __slots__ = ()

        def call_soon_threadsafe(self, *_):
            raise AssertionError

    async def serve():
        monkeypatch.setattr(deliveries.asyncio, "get_running_loop", Closed)
        async with deliveries.open_office(None):
            return "open"

    with pytest.raises(StopIteration, match="open"):
        serve().send(None)
