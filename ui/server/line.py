"""The line in which requests wait: a few at once, visitor after visitor: a flood of one keeps no other waiting."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class FullError(Exception):
    """Raised where somebody asks too often, has too many requests waiting already, or all together have."""


class Share:
    """How often each of many may ask: so many times at once, `burst`, and after that `rate` times a second."""

    def __init__(self, burst: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._left: dict[
            str, tuple[float, float]
        ] = {}  # what is left and since when, who has not asked for longest first

    def take(self, who: str) -> None:
        """Count a request of somebody; FullError where it is beyond their share."""
        now = self._clock()
        left, since = self._left.pop(who, (self._burst, now))
        left = min(self._burst, left + self._rate * (now - since))
        self._left[who] = (left - 1 if left >= 1 else left, now)
        # Whoever has all of it again need not be known any more.
        while (first := next(iter(self._left))) != who and now - self._left[first][1] >= self._burst / self._rate:
            del self._left[first]
        if left < 1:
            raise FullError(who)

    def __len__(self) -> int:
        """Return of how many it is known when they asked."""
        return len(self._left)


class Late:
    """Bad news that comes late, by so many seconds, to at most so many at a time.

    A flood comes on a few connections, each of which waits for its answer: it keeps itself waiting, and costs little.
    """

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most, self._now = seconds, most, 0

    async def wait(self) -> None:
        """Wait; not at all where too many do."""
        if self._now >= self._most:
            return
        self._now += 1
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self._now -= 1


class Line:
    """At most `places` requests at once, let in machine by machine, there window by window; one is for other windows.

    One window has at most `each` waiting, all together at most `most`: where there are so many, the last of the machine
    that has most of them makes room for one that has fewer. For one event loop; nothing here blocks.
    """

    def __init__(self, places: int, each: int, most: int) -> None:
        self._free, self._each, self._most = places, each, most
        self._waiting: dict[str, dict[str, deque[asyncio.Future[None]]]] = {}
        self._each_inside = max(1, places - 1)
        self._inside: Counter[tuple[str, str]] = Counter()

    @asynccontextmanager
    async def place(self, machine: str, window: str) -> AsyncIterator[None]:
        """Wait for a place for a window of a machine, and give it back with the end of the block."""
        if not self._free or self._inside[machine, window] >= self._each_inside:
            self._make_room(machine, window)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(machine, {}).setdefault(window, deque()).append(turn)
        self._let_in()
        try:
            await turn
            yield
        finally:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._inside -= Counter([(machine, window)])
                self._free += 1
            else:
                self._leave(machine, window, turn)
            self._let_in()

    def _make_room(self, machine: str, window: str) -> None:
        """See that one more may wait; FullError where none may."""
        counts = {name: sum(map(len, windows.values())) for name, windows in self._waiting.items()}
        if len(self._waiting.get(machine, {}).get(window, ())) >= self._each:
            raise FullError(machine)
        if sum(counts.values()) < self._most:
            return
        longest = max(counts, key=counts.__getitem__, default=machine)
        if counts.get(longest, 0) <= counts.get(machine, 0) + 1:
            raise FullError(machine)
        window, turns = max(reversed(self._waiting[longest].items()), key=lambda pair: len(pair[1]))
        turn = turns[-1]
        self._leave(longest, window, turn)
        turn.set_exception(FullError(longest))

    def _leave(self, machine: str, window: str, turn: asyncio.Future[None]) -> None:
        """Take a request out of the line, if it still waits."""
        windows = self._waiting.get(machine, {})
        if turn in windows.get(window, ()):
            windows[window].remove(turn)
            if not windows[window]:
                del windows[window]
            if not windows:
                del self._waiting[machine]

    def _let_in(self) -> None:
        """Give free places to those who are next; whoever was served goes to the end, machine and window alike."""
        while self._free and (found := self._next()):
            machine, window = found
            windows = self._waiting.pop(machine)
            mine = windows.pop(window)
            turn = mine.popleft()
            if mine:
                windows[window] = mine
            if windows:
                self._waiting[machine] = windows
            if not turn.done():  # it has not gone away this very moment
                self._free -= 1
                self._inside[found] += 1
                turn.set_result(None)

    def _next(self) -> tuple[str, str] | None:
        """Return whose turn it is: the first that waits and may have another place."""
        waiting = ((machine, window) for machine, windows in self._waiting.items() for window in windows)
        return next((who for who in waiting if self._inside[who] < self._each_inside), None)
