"""The line of requests: a few at once, each in turn by machine and window, and a flood of one stops no other."""

import asyncio

import pytest

from ui.server.line import FullError, Late, Line, Share


async def settle():
    """Let everything that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


class Visitor:
    """One request: it takes a place, notes that it was served, and leaves when it is told to."""

    def __init__(self, line, machine, window="", log=None):
        self.name, self.inside, self.leave = (machine, window), False, asyncio.Event()
        self.log = [] if log is None else log
        self.task = asyncio.create_task(self.ask(line))

    async def ask(self, line):
        async with line.place(*self.name):
            self.inside = True
            self.log.append(self.name)
            await self.leave.wait()
        self.inside = False


async def served_in_order(line, visitors, log):
    """Let everybody leave, one after the other, and return the order in which the waiting ones were served."""
    await settle()
    while any(not v.task.done() for v in visitors):
        inside = [v for v in visitors if v.inside]
        assert inside, "somebody waits though nobody is inside"
        inside[0].leave.set()
        await settle()
    return log


def run(test):
    return asyncio.run(asyncio.wait_for(test(), 20))


def test_no_more_than_its_places_are_served_at_once_and_everybody_is_in_the_end():
    async def test():
        line, log = Line(2, 8, 400), []
        visitors = [Visitor(line, f"machine {i}", log=log) for i in range(9)]
        await settle()
        assert sum(v.inside for v in visitors) == 2
        while any(not v.task.done() for v in visitors):
            next(v for v in visitors if v.inside).leave.set()
            await settle()
            waiting = sum(not v.task.done() for v in visitors)
            assert sum(v.inside for v in visitors) == min(2, waiting)
        assert [name for name, _ in log] == [f"machine {i}" for i in range(9)]

    run(test)


@pytest.mark.parametrize(
    ("flood", "late"),
    [
        (("one", "a"), ("other", "a")),  # another machine
        (("one", "a"), ("one", "b")),  # another window of the same
    ],
)
def test_a_flood_lets_who_comes_later_go_next_but_one(flood, late):
    async def test():
        line, log = Line(1, 8, 400), []
        visitors = [Visitor(line, *flood, log=log) for _ in range(9)]
        await settle()
        visitors.append(Visitor(line, *late, log=log))
        order = await served_in_order(line, visitors, log)
        assert order.index(late) <= 2  # who is inside and at most one more go before

    run(test)


def test_many_windows_of_one_machine_take_turns_with_the_one_of_another():
    async def test():
        line, log = Line(1, 8, 400), []
        visitors = [Visitor(line, "class", f"{i}", log=log) for i in range(6)]
        visitors += [Visitor(line, "single", "x", log=log) for _ in range(3)]
        order = await served_in_order(line, visitors, log)
        assert [name for name, _ in order[:7]] == ["class", "class", "single", "class", "single", "class", "single"]

    run(test)


async def refused(line, machine, window=""):
    with pytest.raises(FullError):
        async with line.place(machine, window):
            pass


def test_one_window_and_all_together_may_have_so_many_waiting():
    async def test():
        line = Line(1, 2, 3)
        visitors = [Visitor(line, "a", "1") for _ in range(3)]
        await settle()
        await refused(line, "a", "1")
        visitors.append(Visitor(line, "b", "1"))
        await settle()
        await refused(line, "a", "2")  # all together, and the machine has most of them itself
        await served_in_order(line, visitors, [])
        async with line.place("c", "1"):
            pass

    run(test)


def test_in_a_full_line_the_machine_with_most_makes_room_for_another():
    async def test():
        line, log = Line(1, 2, 4), []
        flood = [Visitor(line, "flood", f"forged {i}", log=log) for i in range(5)]
        await settle()
        others = [Visitor(line, name, log=log) for name in ("a", "b")]
        await settle()
        # The last that came went, one for each of the others; what has a place keeps it.
        assert [visitor.task.done() for visitor in flood] == [False, False, False, True, True]
        assert {type(visitor.task.exception()) for visitor in flood[3:]} == {FullError}
        await served_in_order(line, [*flood[:3], *others], log)
        assert [name for name, _ in log] == ["flood", "flood", "a", "b", "flood"]

    run(test)


def test_a_window_never_has_the_last_place():
    async def test():
        line = Line(3, 8, 400)
        flood = [Visitor(line, "a", "flood") for _ in range(4)]
        await settle()
        assert [visitor.inside for visitor in flood] == [True, True, False, False]
        async with line.place("a", "other"):
            pass
        flood[0].leave.set()
        await settle()
        assert [visitor.inside for visitor in flood] == [False, True, True, False]
        await served_in_order(line, flood, [])

    run(test)


class Clock:
    """A clock that stands still until it is told to go on."""

    now = 0.0

    def __call__(self):
        return self.now


def granted(share, who, times):
    """How many of so many requests are within a share."""
    count = 0
    for _ in range(times):
        try:
            share.take(who)
        except FullError:
            continue
        count += 1
    return count


def test_a_share_is_so_many_at_once_and_then_so_many_a_second():
    clock = Clock()
    share = Share(10, 4, clock)
    assert granted(share, "flood", 2000) == 10
    assert granted(share, "other", 3) == 3  # nobody else pays for it
    for _ in range(3):
        clock.now += 1
        assert granted(share, "flood", 2000) == 4
    clock.now += 3600
    assert granted(share, "flood", 2000) == 10


def test_who_has_not_asked_for_long_is_not_known_any_more():
    clock = Clock()
    share = Share(10, 4, clock)
    for number in range(1000):
        clock.now += 0.01
        granted(share, f"forged {number}", 1)
    assert len(share) <= 10 / 4 / 0.01 + 1


def test_bad_news_comes_late_to_so_many_and_at_once_to_others():
    async def test():
        late = Late(3600, 2)
        waiting = [asyncio.create_task(late.wait()) for _ in range(2)]
        await settle()
        assert not any(task.done() for task in waiting)
        await late.wait()
        waiting[0].cancel()
        await settle()
        another = asyncio.create_task(late.wait())
        await settle()
        assert not another.done()
        for task in (waiting[1], another):
            task.cancel()

    run(test)


@pytest.mark.parametrize("come", [False, True], ids=["while it waits", "as its turn comes"])
def test_who_goes_away_leaves_its_place_to_the_next(come):
    async def test():
        line = Line(1, 8, 400)
        first, gone, last = (Visitor(line, name) for name in "abc")
        await settle()
        if come:
            first.leave.set()
            await asyncio.sleep(0)
        gone.task.cancel()
        await settle()
        first.leave.set()
        await settle()
        assert last.inside
        assert gone.task.cancelled()
        last.leave.set()
        await settle()
        async with line.place("d", ""):
            pass

    run(test)


def test_a_place_comes_back_from_work_that_fails():
    async def test():
        line = Line(1, 8, 400)
        with pytest.raises(ZeroDivisionError):
            async with line.place("a", ""):
                raise ZeroDivisionError
        async with line.place("a", ""):
            pass

    run(test)


def test_refused_requests_leave_nothing_behind():
    async def test():
        line = Line(1, 0, 400)
        inside = Visitor(line, "a")
        await settle()
        for i in range(50):
            with pytest.raises(FullError):
                async with line.place(f"{i}", ""):
                    pass
        inside.leave.set()
        await settle()
        async with line.place("a", ""):
            pass

    run(test)
