import math
import os
import random
import time
from collections import Counter
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context

import pytest

from ui.jobs import MOST_KEPT, MOST_REPEATS, MOST_RUNNING, MOST_WAITING, PATIENCE, Jobs, Work


# Stand-ins for a sweep: a key is a name, a record holds the number of every chunk that is done.
@dataclass(frozen=True)
class Chunk:
    key: str
    index: int


@dataclass(frozen=True)
class Found:
    numbers: tuple[float, ...]


def plan(key, amount, known):
    have = known.numbers if known else ()
    numbers = have + (math.nan,) * (amount - len(have))
    return Found(numbers), [Chunk(key, i) for i, number in enumerate(numbers) if math.isnan(number)]


def run(chunk):
    return len(chunk.key) + 0.5 * chunk.index


def put(record, chunk, number):
    numbers = list(record.numbers)
    numbers[chunk.index] = number
    return replace(record, numbers=tuple(numbers))


WORK = Work(plan, run, put)


def whole(key, amount):
    return Found(tuple(run(Chunk(key, i)) for i in range(amount)))


class Inline(Executor):
    """Runs a chunk as soon as it is sent, and remembers the order."""

    def __init__(self):
        self.sent = []

    def submit(self, run, chunk):
        self.sent.append(chunk)
        future = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(run(chunk))
        except Exception as problem:
            future.set_exception(problem)
        return future


class Patient(Inline):
    """Runs a chunk when the test says so."""

    def __init__(self):
        super().__init__()
        self.held = []

    def submit(self, run, chunk):
        self.sent.append(chunk)
        future = Future()
        self.held.append((future, run, chunk))
        return future

    def step(self, count=1, error=None):
        for _ in range(count):
            future, run, chunk = self.held.pop(0)
            if future.set_running_or_notify_cancel():
                if error:
                    future.set_exception(error)
                else:
                    future.set_result(run(chunk))


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def manager(executor, workers=2, clock=time.monotonic):
    return Jobs(WORK, lambda: (executor, workers), threaded=False, clock=clock)


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_job_runs_to_its_end_and_is_kept():
    executor = Inline()
    found = manager(executor)
    seen = found.ask("map", 5, "ann")
    assert (seen.state, seen.done, seen.total, seen.live) == ("done", 5, 5, False)
    assert seen.record == whole("map", 5)
    assert found.ask("map", 5, "bob").record == seen.record
    assert found.ask("map", 3, "bob").record == seen.record
    assert len(executor.sent) == 5
    assert found.look("other", "ann") is None


def test_more_adds_only_what_is_missing():
    executor = Inline()
    found = manager(executor)
    found.ask("map", 3, "ann")
    seen = found.ask("map", 7, "ann")
    assert seen.record == whole("map", 7)
    assert Counter(executor.sent) == Counter(Chunk("map", i) for i in range(7))
    assert (seen.done, seen.total) == (4, 4)


def test_chunks_are_sent_in_turns_and_at_most_as_many_as_there_are_workers():
    executor = Patient()
    found = manager(executor, workers=2)
    found.ask("long", 20, "ann")
    assert len(executor.held) == 2
    found.ask("b", 4, "bob")
    for _ in range(8):
        executor.step()
        found.look("b", "bob")
        assert len(executor.held) <= 2
    # Ann's two were on their way when Bob came; from then on they take turns.
    assert [chunk.key for chunk in executor.sent[2:10]] == ["long", "b"] * 4 or [
        chunk.key for chunk in executor.sent[2:10]
    ] == ["b", "long"] * 4
    executor.step(2)
    assert found.look("b", "bob").state == "done"
    assert found.look("long", "ann").state == "running"


@pytest.mark.parametrize(("workers", "busy", "usual"), [(3, 2, 3), (2, 1, 2), (1, 1, 1)])
def test_where_the_machine_is_busy_one_of_several_workers_rests(workers, busy, usual):
    executor, crowd = Patient(), [True]
    found = Jobs(WORK, lambda: (executor, workers), threaded=False, busy=lambda: crowd[0])
    found.ask("a", 10, "me")
    assert len(executor.held) == busy
    executor.step()
    found.look("a", "me")
    assert len(executor.held) == busy
    crowd[0] = False
    found.look("a", "me")
    assert len(executor.held) == usual
    crowd[0] = True
    executor.step()
    found.look("a", "me")
    assert len(executor.held) == max(usual - 1, 1)


def test_stop_keeps_what_is_finished_and_asking_again_does_the_rest():
    executor = Patient()
    found = manager(executor, workers=2)
    found.ask("map", 6, "ann")
    executor.step()
    found.look("map", "ann")
    found.stop("map", "ann")
    seen = found.look("map", "ann")
    assert seen.state == "stopped"
    assert seen.record.numbers[0] == run(Chunk("map", 0))
    assert sum(not math.isnan(x) for x in seen.record.numbers) == 1
    executor.step(len(executor.held))
    assert found.look("map", "ann").state == "stopped"
    executor.sent.clear()
    found.ask("map", 6, "ann")
    while found.look("map", "ann").live:
        executor.step()
    assert found.look("map", "ann").record == whole("map", 6)
    assert Chunk("map", 0) not in executor.sent


def test_a_chunk_that_was_running_at_the_stop_is_kept_too():
    executor = Patient()
    found = manager(executor, workers=1)
    found.ask("map", 3, "ann")
    (future, _, chunk) = executor.held.pop()
    future.set_running_or_notify_cancel()
    found.stop("map", "ann")
    future.set_result(run(chunk))
    seen = found.look("map", "ann")
    assert (seen.state, seen.record.numbers[0]) == ("stopped", run(chunk))
    assert found.ask("map", 3, "ann").total == 2


def test_two_visitors_who_want_the_same_share_one_job_which_ends_when_both_stop():
    executor = Patient()
    found = manager(executor, workers=1)
    found.ask("map", 4, "ann")
    found.ask("map", 4, "bob")
    found.stop("map", "ann")
    assert found.look("map", "bob").state == "running"
    executor.step()
    found.look("map", "bob")
    assert executor.sent == [Chunk("map", 0), Chunk("map", 1)]
    found.stop("map", "bob")
    assert found.look("map", "bob").state == "stopped"


def test_a_running_job_is_extended():
    executor = Patient()
    found = manager(executor, workers=1)
    found.ask("map", 2, "ann")
    seen = found.ask("map", 5, "bob")
    assert (seen.state, seen.total, seen.amount) == ("running", 5, 5)
    while found.look("map", "ann").live:
        executor.step()
    assert found.look("map", "ann").record == whole("map", 5)
    assert len(executor.sent) == 5


def test_the_line_is_bounded_and_says_who_is_ahead():
    executor = Patient()
    found = manager(executor, workers=1)
    keys = [f"map {i}" for i in range(MOST_RUNNING + MOST_WAITING)]
    seen = [found.ask(key, 2, key) for key in keys]
    assert [s.state for s in seen[:MOST_RUNNING]] == ["running"] * MOST_RUNNING
    assert [s.state for s in seen[MOST_RUNNING:]] == ["waiting"] * MOST_WAITING
    assert [s.ahead for s in seen[MOST_RUNNING:]] == list(range(MOST_RUNNING, MOST_RUNNING + MOST_WAITING))
    refused = found.ask("one more", 2, "zoe")
    assert (refused.state, refused.record) == ("refused", None)
    assert found.look("one more", "zoe") is None
    # A waiting job can be stopped; whoever waits behind it moves up.
    found.stop(keys[-2], keys[-2])
    assert found.look(keys[-1], keys[-1]).ahead == MOST_RUNNING + MOST_WAITING - 2
    while any(found.look(key, key).live for key in keys):
        executor.step()
    assert all(found.look(key, key).record == whole(key, 2) for key in keys if key != keys[-2])


def test_results_are_kept_up_to_a_bound_and_the_oldest_goes_first():
    clock = Clock()
    found = manager(Inline(), clock=clock)
    for i in range(MOST_KEPT + 3):
        clock.now += 1
        found.ask(f"map {i}", 1, "ann")
        found.look("map 0", "ann")
    kept = [i for i in range(MOST_KEPT + 3) if found.look(f"map {i}", "ann")]
    assert len(kept) == MOST_KEPT
    assert kept[0] == 0
    assert kept[1] == 4


def test_a_job_nobody_looks_at_is_stopped_but_kept():
    clock, executor = Clock(), Patient()
    found = manager(executor, workers=1, clock=clock)
    found.ask("map", 4, "ann")
    found.ask("b", 4, "bob")
    clock.now += PATIENCE - 1
    found.look("b", "bob")
    clock.now += 2
    executor.step()
    found.look("b", "bob")
    left = found.look("map", "ann")
    assert left.state == "left"
    assert not math.isnan(left.record.numbers[0])
    assert found.look("b", "bob").state == "running"
    assert found.ask("map", 4, "ann").live


def test_a_visitor_who_goes_on_to_another_job_leaves_the_one_before():
    executor = Patient()
    found = manager(executor, workers=2)
    found.ask("first", 4, "ann")
    (future, _, chunk), _ = executor.held
    future.set_running_or_notify_cancel()
    found.ask("shared", 4, "bob")
    found.ask("shared", 4, "ann")
    assert found._jobs["first"].state == "left"
    future.set_result(run(chunk))
    executor.held.pop(0)
    executor.step(len(executor.held))
    assert found.look("shared", "bob").state == "running"
    assert [sent.index for sent in executor.sent if sent.key == "first"] == [0, 1]
    # A look at another is enough to leave; Bob stays with what Ann leaves.
    found.ask("third", 2, "ann")
    assert found.look("shared", "bob").state == "running"
    found.look("shared", "ann")
    assert found._jobs["third"].state == "left"
    # Whoever comes back goes on with what was under way then; what had not begun had been called back.
    again = found.ask("first", 4, "ann")
    assert (again.live, again.total) == (True, 3)
    assert again.record.numbers[0] == run(chunk)


def test_a_visitor_does_not_wait_behind_what_the_visitor_has_left():
    found = manager(Patient(), workers=1)
    for i in range(MOST_RUNNING + MOST_WAITING):
        found.ask(f"map {i}", 2, f"visitor {i}")
    assert found.ask("one more", 2, "zoe").state == "refused"
    moved = found.ask("one more", 2, f"visitor {MOST_RUNNING}")
    assert (moved.state, moved.ahead) == ("waiting", MOST_RUNNING + MOST_WAITING - 1)


def test_a_new_job_starts_when_its_visitor_has_stayed_with_it():
    clock, executor = Clock(), Patient()
    found = Jobs(WORK, lambda: (executor, 2), threaded=False, settled=0.5, clock=clock)
    # A slider on its way: what lies between is asked for, left, and never begun.
    for key in ("one", "two", "three"):
        assert found.ask(key, 3, "ann").state == "waiting"
        clock.now += 0.4
    assert executor.sent == []
    clock.now += 0.2
    assert found.look("three", "ann").state == "running"
    assert {chunk.key for chunk in executor.sent} == {"three"}
    executor.step(2)
    found.look("three", "ann")
    executor.step(1)
    assert found.look("three", "ann").state == "done"
    # More of what is there is asked for by a button: it starts at once.
    assert found.ask("three", 5, "ann").state == "running"


def test_a_job_that_is_not_yet_ripe_holds_up_no_other():
    clock, executor = Clock(), Patient()
    found = Jobs(WORK, lambda: (executor, 2), threaded=False, settled=0.5, clock=clock)
    found.ask("first", 2, "ann")
    clock.now += 0.6
    found.look("first", "ann")
    executor.step(2)
    found.ask("second", 2, "bob")
    assert found.ask("first", 4, "ann").state == "running"
    assert found.look("second", "bob").state == "waiting"


def test_the_time_left_is_estimated_from_the_time_taken():
    clock, executor = Clock(), Patient()
    found = manager(executor, workers=1, clock=clock)
    assert found.ask("map", 10, "ann").seconds is None
    clock.now += 3
    executor.step()
    assert found.look("map", "ann").seconds == pytest.approx(27)
    clock.now += 1
    executor.step()
    assert found.look("map", "ann").seconds == pytest.approx(16)


def test_a_chunk_that_fails_ends_its_job_with_the_reason_and_no_other():
    executor = Patient()
    found = manager(executor, workers=1)
    found.ask("map", 4, "ann")
    executor.step()
    found.ask("b", 2, "bob")
    executor.step(error=ArithmeticError("no numbers"))
    found.look("b", "bob")
    failed = found.look("map", "ann")
    assert (failed.state, failed.reason) == ("failed", "ArithmeticError: no numbers")
    assert failed.record.numbers[0] == run(Chunk("map", 0))
    while found.look("b", "bob").live:
        executor.step()
    assert found.look("b", "bob").record == whole("b", 2)
    # Asking again tries again.
    found.ask("map", 4, "ann")
    while found.look("map", "ann").live:
        executor.step()
    assert found.look("map", "ann").record == whole("map", 4)


def test_a_broken_pool_is_replaced_and_only_the_chunk_that_breaks_it_is_blamed():
    pools = []

    class Fragile(Patient):
        def __init__(self):
            super().__init__()
            pools.append(self)

        def go(self):
            held, self.held = self.held, []
            broken = any(chunk == Chunk("bad", 1) for _, _, chunk in held)
            for future, run, chunk in held:
                future.set_running_or_notify_cancel()
                if broken:
                    future.set_exception(BrokenProcessPool("a process died"))
                else:
                    future.set_result(run(chunk))

    found = Jobs(WORK, lambda: (Fragile(), 2), threaded=False)
    found.ask("bad", 3, "ann")
    found.ask("good", 6, "bob")
    while found.look("good", "bob").live or found.look("bad", "ann").live:
        pools[-1].go()
    assert found.look("good", "bob").record == whole("good", 6)
    failed = found.look("bad", "ann")
    assert failed.state == "failed"
    assert "died" in failed.reason
    assert failed.record.numbers[0] == run(Chunk("bad", 0))
    assert len(pools) == MOST_REPEATS + 2


def test_an_executor_that_cannot_be_had_is_a_reason_and_asked_for_again():
    tries = []

    def open_executor():
        tries.append(1)
        if len(tries) == 1:
            raise OSError("nobody answers")
        return Inline(), 2

    found = Jobs(WORK, open_executor, threaded=False)
    failed = found.ask("map", 2, "ann")
    assert (failed.state, "nobody answers" in failed.reason) == ("failed", True)
    assert found.ask("map", 2, "ann").record == whole("map", 2)


def test_the_order_of_the_results_does_not_matter():
    executor = Patient()
    found = manager(executor, workers=5)
    found.ask("map", 12, "ann")
    order = random.Random(3)
    while found.look("map", "ann").live:
        order.shuffle(executor.held)
        executor.step()
    assert found.look("map", "ann").record == whole("map", 12)


# a real pool


def die_once(chunk):
    """Die in the worker on the first try: a file says that there was one."""
    index, path = chunk.index, chunk.key
    if index == 2 and not os.path.exists(path):
        with open(path, "w"):
            os._exit(1)
    return float(index)


def slow(chunk):
    time.sleep(0.05)
    return run(chunk)


def pool():
    return ProcessPoolExecutor(2, mp_context=get_context("forkserver")), 2


def test_a_worker_that_dies_costs_nothing_but_time(tmp_path):
    key = str(tmp_path / "died")
    opened = []

    def open_executor():
        opened.append(pool()[0])
        return opened[-1], 2

    found = Jobs(Work(plan, die_once, put), open_executor)
    found.ask(key, 6, "ann")
    until(lambda: not found.look(key, "ann").live)
    seen = found.look(key, "ann")
    assert seen.state == "done"
    assert seen.record.numbers == tuple(float(i) for i in range(6))
    assert len(opened) == 2
    for executor in opened:
        executor.shutdown()


def test_a_job_that_settles_starts_though_nobody_looks_again():
    executor, _ = pool()
    found = Jobs(WORK, lambda: (executor, 2), settled=0.05)
    assert found.ask("map", 4, "ann").state == "waiting"
    until(lambda: found._jobs["map"].state == "done")
    assert found.look("map", "ann").record == whole("map", 4)
    executor.shutdown()


def test_a_real_pool_is_stopped_and_resumed_behind_the_pages_back():
    executor, _ = pool()
    found = Jobs(Work(plan, slow, put), lambda: (executor, 2))
    found.ask("map", 400, "ann")
    until(lambda: found.look("map", "ann").done >= 3)
    assert found.look("map", "ann").seconds > 0
    found.stop("map", "ann")
    until(lambda: found.look("map", "ann").state == "stopped")
    kept = [x for x in found.look("map", "ann").record.numbers if not math.isnan(x)]
    assert len(kept) >= 3
    executor.shutdown(cancel_futures=True)
