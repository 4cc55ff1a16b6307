"""Jobs: what visitors see of long work, whatever runs it, and in whichever order it comes back."""

import math
import os
import random
import time
from collections import Counter
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

import pytest

from tests.ui.server.executors import Held
from ui.server import workers
from ui.server.jobs import MOST_KEPT, MOST_REPEATS, MOST_RUNNING, MOST_WAITING, NOBODY, PATIENCE, Jobs, Work


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


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def executor():
    return Held()


def jobs(executor, workers=1, **options):
    return Jobs(WORK, lambda: (executor, workers), **options)


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def finished(found, key):
    """The places of a record that hold a result."""
    return [i for i, number in enumerate(found.peek(key).record.numbers) if not math.isnan(number)]


def test_a_job_runs_to_its_end_and_more_adds_only_what_is_missing(executor):
    found = jobs(executor, 2)
    assert found.look("map", "ann") is None
    found.ask("map", 3, "ann")
    executor.work()
    seen = found.look("map", "ann")
    assert (seen.state, seen.done, seen.total, seen.live, seen.record) == ("done", 3, 3, False, whole("map", 3))
    assert found.ask("map", 2, "bob").record == whole("map", 3)
    found.ask("map", 7, "ann")
    executor.work()
    seen = found.look("map", "ann")
    assert (seen.done, seen.total, seen.record) == (4, 4, whole("map", 7))
    assert Counter(executor.sent) == Counter(Chunk("map", i) for i in range(7))


def test_the_order_of_the_results_does_not_matter(executor):
    found = jobs(executor, 5)
    found.ask("map", 12, "ann")
    order = random.Random(3)
    while executor.held:
        order.shuffle(executor.held)
        executor.work(1)
    assert found.look("map", "ann").record == whole("map", 12)


def test_chunks_are_sent_in_turns_and_at_most_as_many_as_there_are_workers(executor):
    found = jobs(executor, 2)
    found.ask("long", 20, "ann")
    found.ask("b", 4, "bob")
    for _ in range(8):
        assert len(executor.held) == 2
        executor.work(1)
    # Ann's two were on their way when Bob came; from then on they take turns.
    assert [chunk.key for chunk in executor.sent[2:10]] == ["long", "b"] * 4
    executor.work(2)
    assert (found.peek("b").state, found.peek("long").state) == ("done", "running")


def test_a_chunk_that_needs_anothers_result_waits_for_it_and_holds_up_no_other(executor):
    def load(key, record, chunk):
        return chunk if chunk.index == 0 or not math.isnan(record.numbers[0]) else None

    found = Jobs(Work(plan, run, put, load), lambda: (executor, 2))
    found.ask("map", 3, "ann")
    found.ask("b", 1, "bob")
    assert executor.sent == [Chunk("map", 0), Chunk("b", 0)]
    assert found.peek("map").total == 3
    executor.work()
    assert found.peek("map").record == whole("map", 3)


def test_stop_keeps_what_is_finished_or_running_and_asking_again_does_the_rest(executor):
    found = jobs(executor, 2)
    found.ask("map", 6, "ann")
    executor.work(1)
    end = executor.begin()
    found.stop("map", "ann")
    assert found.ask("map", 6, "ann").total == 5  # what is under way is not sent again
    found.stop("map", "ann")
    end()
    executor.work()
    assert (found.peek("map").state, finished(found, "map")) == ("stopped", [0, 1, 2])
    assert found.ask("map", 6, "ann").total == 3
    executor.work()
    assert found.peek("map").record == whole("map", 6)
    assert Counter(executor.sent) == Counter(Chunk("map", i) for i in range(6))


def test_two_visitors_who_want_the_same_share_one_job_which_can_grow_and_ends_when_both_stop(executor):
    found = jobs(executor)
    found.ask("map", 2, "ann")
    seen = found.ask("map", 5, "bob")
    assert (seen.state, seen.total, seen.amount) == ("running", 5, 5)
    found.stop("map", "ann")
    executor.work(1)
    assert executor.sent == [Chunk("map", 0), Chunk("map", 1)]
    found.stop("map", "bob")
    assert found.peek("map").state == "stopped"


def test_the_line_is_bounded_and_says_who_is_ahead(executor):
    found = jobs(executor)
    keys = [f"map {i}" for i in range(MOST_RUNNING + MOST_WAITING)]
    seen = [found.ask(key, 2, key) for key in keys]
    assert [s.state for s in seen] == ["running"] * MOST_RUNNING + ["waiting"] * MOST_WAITING
    executor.work(1)
    assert [found.peek(key).state for key in keys] == [s.state for s in seen]
    assert [s.ahead for s in seen[MOST_RUNNING:]] == list(range(MOST_RUNNING, MOST_RUNNING + MOST_WAITING))
    refused = found.ask("one more", 2, "zoe")
    assert (refused.state, refused.record, found.peek("one more")) == ("refused", None, None)
    # A waiting job can be stopped; whoever waits behind it moves up, and nobody waits behind what they left themselves.
    found.stop(keys[-2], keys[-2])
    assert found.peek(keys[-1]).ahead == MOST_RUNNING + MOST_WAITING - 2
    assert found.ask("one more", 2, keys[-1]).ahead == MOST_RUNNING + MOST_WAITING - 2
    executor.work()
    assert all(found.peek(key).record == whole(key, 2) for key in [*keys[:-2], "one more"])


def test_results_are_kept_up_to_a_bound_and_the_oldest_goes_first(executor):
    clock = Clock()
    found = jobs(executor, clock=clock)
    for i in range(MOST_KEPT + 3):
        clock.now += 1
        found.ask(f"map {i}", 1, "ann")
        executor.work()
        found.look("map 0", "ann")
    assert [i for i in range(MOST_KEPT + 3) if found.peek(f"map {i}")] == [0, *range(4, MOST_KEPT + 3)]


def test_a_job_nobody_looks_at_is_stopped_but_kept(executor):
    clock = Clock()
    found = jobs(executor, clock=clock)
    found.ask("map", 4, "ann")
    found.ask("b", 4, "bob")
    clock.now += PATIENCE - 1
    found.look("b", "bob")
    clock.now += 2
    executor.work(1)
    assert (found.peek("map").state, finished(found, "map"), found.peek("b").state) == ("left", [0], "running")
    assert found.ask("map", 4, "ann").live


def test_a_visitor_who_goes_on_to_another_job_leaves_the_one_before(executor):
    found = jobs(executor, 2)
    found.ask("first", 4, "ann")
    end = executor.begin()
    found.ask("shared", 4, "bob")
    found.ask("shared", 4, "ann")
    assert found.peek("first").state == "left"
    end()
    executor.work(len(executor.held))
    assert [sent.index for sent in executor.sent if sent.key == "first"] == [0, 1]
    # A look at another is enough to leave; Bob stays with what Ann leaves.
    found.ask("third", 2, "ann")
    found.look("shared", "ann")
    assert (found.peek("third").state, found.peek("shared").state) == ("left", "running")
    # Whoever comes back goes on with what was under way then.
    again = found.ask("first", 4, "ann")
    assert (again.live, again.total, finished(found, "first")) == (True, 2, [0, 1])


def test_what_is_prepared_has_one_worker_and_only_where_no_visitor_needs_it(executor):
    clock = Clock()
    found = jobs(executor, 2, clock=clock)
    for key in ("a", "b"):
        found.ask(key, 3, NOBODY)
    executor.work(2)
    # In turns, one at a time, and however long nobody looks.
    clock.now += 10 * PATIENCE
    executor.work(1)
    assert executor.sent == [Chunk("a", 0), Chunk("a", 1), Chunk("b", 0), Chunk("a", 2)]
    # A visitor's job has every worker as soon as they are free, and what is prepared is not ahead of it.
    found.ask("map", 3, "ann")
    executor.work(2)
    assert executor.sent[4:] == [Chunk("map", i) for i in range(3)]
    assert found.ask("c", 1, "bob").ahead == 0
    executor.work()
    assert all(found.peek(key).record == whole(key, n) for key, n in (("map", 3), ("a", 3), ("b", 3), ("c", 1)))


def test_who_asks_for_what_is_prepared_has_it_as_their_own_and_may_stop_it(executor):
    found = jobs(executor, 2)
    found.ask("b", 1, NOBODY)
    executor.work()  # the first chunk says how many workers there are
    found.ask("a", 6, NOBODY)
    assert len(executor.held) == 1
    assert found.ask("a", 1, "ann").amount == 6
    assert len(executor.held) == 2
    # Who goes on to another leaves it to be prepared; who stops it has it stopped.
    found.ask("c", 4, "ann")
    executor.work(2)
    assert [chunk.key for chunk in executor.sent[-2:]] == ["c", "c"]
    assert found.peek("a").state == "running"
    found.look("a", "ann")
    found.stop("a", "ann")
    executor.work()
    assert (found.peek("a").state, finished(found, "a")) == ("stopped", [0, 1])


def test_the_time_left_is_estimated_from_the_time_taken(executor):
    clock = Clock()
    found = jobs(executor, clock=clock)
    assert found.ask("map", 10, "ann").seconds is None
    for seconds, left in ((3, 27), (1, 16)):
        clock.now += seconds
        executor.work(1)
        assert found.peek("map").seconds == pytest.approx(left)


def test_a_chunk_that_fails_ends_its_job_with_the_reason_and_no_other(executor):
    found = jobs(executor)
    found.ask("map", 4, "ann")
    executor.work(1)
    found.ask("b", 2, "bob")
    executor.work(1, error=ArithmeticError("no numbers"))
    executor.work()
    failed = found.peek("map")
    assert (failed.state, failed.reason) == ("failed", "ArithmeticError: no numbers")
    assert finished(found, "map") == [0]
    assert found.peek("b").record == whole("b", 2)
    found.ask("map", 4, "ann")  # tries again
    executor.work()
    assert found.peek("map").record == whole("map", 4)


def test_workers_that_cannot_be_had_are_a_reason_and_asked_for_again(executor):
    answers = iter([None, (executor, 2)])

    def open_executor():
        if (answer := next(answers)) is None:
            raise OSError("nobody answers")
        return answer

    found = Jobs(WORK, open_executor)
    failed = found.ask("map", 2, "ann")
    assert (failed.state, failed.reason) == ("failed", "OSError: nobody answers")
    assert found.ask("map", 2, "ann").live
    executor.work()
    assert found.peek("map").record == whole("map", 2)


class Fragile(Held):
    """A pool that breaks with all it holds when it holds the chunk that kills workers, and takes nothing then."""

    broken = False

    def submit(self, run, chunk):
        if self.broken:
            raise BrokenProcessPool("open another")
        return super().submit(run, chunk)

    def go(self):
        self.broken = any(chunk == Chunk("bad", 1) for *_, chunk in self.held)
        self.work(len(self.held), BrokenProcessPool("a process died") if self.broken else None)


def test_a_broken_pool_is_replaced_and_only_the_chunk_that_breaks_it_is_blamed():
    pools = []

    def open_executor():
        pools.append(Fragile())
        return pools[-1], 2

    found = Jobs(WORK, open_executor)
    # The bad chunk and a good one go twice at the same time: the first time, and when the others are done.
    found.ask("good", 5, "bob")
    found.ask("bad", 3, "ann")
    while pools[-1].held:
        pools[-1].go()
    assert found.look("good", "bob").record == whole("good", 5)
    failed = found.look("bad", "ann")
    assert failed.state == "failed"
    assert "died" in failed.reason
    assert finished(found, "bad") == [0, 2]
    assert len(pools) == MOST_REPEATS + 1
    pools[-1].broken = True  # while it has nothing to do
    assert found.ask("more", 2, "ann").live
    pools[-1].work()
    assert found.look("more", "ann").record == whole("more", 2)


def die_once(chunk):
    """Die in the worker on the first try: a file says that there was one."""
    if chunk.index == 2 and not os.path.exists(chunk.key):
        with open(chunk.key, "w"):
            os._exit(1)
    return float(chunk.index)


def test_a_real_worker_that_dies_costs_nothing_but_time(tmp_path):
    key, opened = str(tmp_path / "died"), []

    def open_executor():
        opened.append(workers.local(2))
        return opened[-1], 2

    found = Jobs(Work(plan, die_once, put), open_executor)
    found.ask(key, 6, "ann")
    until(lambda: not found.look(key, "ann").live)
    seen = found.look(key, "ann")
    assert (seen.state, seen.record.numbers) == ("done", tuple(map(float, range(6))))
    assert len(opened) == 2
    opened[-1].shutdown()
