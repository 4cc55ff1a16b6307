"""The line in which requests wait: a few at once, visitor after visitor: a flood of one keeps no other waiting."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FullError(Exception):
    """Raised where somebody has too many requests waiting already, or all together have."""


class Line:
    """At most `places` requests at once; those who wait are let in machine by machine, and there window by window.

    One window has at most `each` waiting, all together at most `most`. For one event loop; nothing here blocks.
    """

    def __init__(self, places: int, each: int, most: int) -> None:
        self._free, self._each, self._most = places, each, most
        self._waiting: dict[str, dict[str, deque[asyncio.Future[None]]]] = {}
        self._count = 0

    @asynccontextmanager
    async def place(self, machine: str, window: str) -> AsyncIterator[None]:
        """Wait for a place for a window of a machine, and give it back with the end of the block."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(machine, window)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, machine: str, window: str) -> None:
        mine = self._waiting.setdefault(machine, {}).setdefault(window, deque())
        if len(mine) >= self._each or self._count >= self._most:
            raise FullError(machine)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        mine.append(turn)
        self._count += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # its turn came as it left
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give a place to the next in the line; whoever was served goes to the end, machine and window alike."""
        while self._waiting:
            machine = next(iter(self._waiting))
            windows = self._waiting.pop(machine)
            window = next(iter(windows))
            mine = windows.pop(window)
            turn = mine.popleft() if mine else None
            if mine:
                windows[window] = mine
            if windows:
                self._waiting[machine] = windows
            if turn is None:
                continue
            self._count -= 1
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
