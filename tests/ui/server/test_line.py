"""The line of requests: a few at once, each in turn by machine and window, and a flood of one stops no other."""

import asyncio

import pytest

from ui.server.line import FullError, Line


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


def test_one_window_and_all_together_may_have_so_many_waiting():
    async def test():
        line = Line(1, 2, 3)
        visitors = [Visitor(line, "a", "1")]
        await settle()
        visitors += [Visitor(line, "a", "1"), Visitor(line, "a", "1")]
        await settle()
        with pytest.raises(FullError):
            async with line.place("a", "1"):
                pass
        visitors.append(Visitor(line, "b", "1"))
        await settle()
        with pytest.raises(FullError):  # all together
            async with line.place("c", "1"):
                pass
        await served_in_order(line, visitors, [])
        async with line.place("c", "1"):
            pass

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
