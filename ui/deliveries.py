"""Deliveries: what a run says goes to Streamlit's server in a few parcels, not element by element.

For each of a run's forty elements the run's thread would wake the server's loop, which takes the interpreter from it,
notes the element and sleeps again: a sixth of the time of a run. The server sends what it has every 10 ms anyway.
"""

import asyncio
import contextvars
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

# Seconds after which what has been said goes on its way with the next word, finished or not: the server's own pace.
PACE = 0.01

Call = Callable[[], Any]


class _Parcel:
    """What one thread has said since it last sent something."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.since = 0.0
        self.send: Callable[[Call], Any] | None = None

    def add(self, call: Call, send: Callable[[Call], Any]) -> None:
        now = time.perf_counter()
        if not self.calls:
            self.since = now
        self.calls.append(call)
        self.send = send
        if now - self.since >= PACE:
            self.leave()

    def leave(self) -> None:
        calls, self.calls = self.calls, []
        if calls and self.send:
            self.send(lambda: _unpack(calls))


class _Mine(threading.local):
    """The parcel of this thread; None where everything is sent at once."""

    parcel: _Parcel | None = None


_mine = _Mine()


def _unpack(calls: list[Call]) -> None:
    """Make the calls of a parcel, on the loop; what they ask of the loop in turn is one call more."""
    with together():
        for call in calls:
            try:
                call()
            except Exception as error:  # as the loop does: one call that fails stops no other
                asyncio.get_running_loop().call_exception_handler({"message": "A delivery failed", "exception": error})


@contextmanager
def together() -> Iterator[None]:
    """Keep what this thread says for parcels; the last leaves with the end of the block."""
    parcel = _mine.parcel = _Parcel()
    try:
        yield
    finally:
        _mine.parcel = None
        parcel.leave()


def deliver() -> None:
    """Send what this thread has said so far: a picture that is to be seen, or the word that something takes long."""
    if _mine.parcel:
        _mine.parcel.leave()


@asynccontextmanager
async def open_office(_: object) -> AsyncIterator[None]:
    """Let the loop that runs now take parcels, for as long as the server runs; a loop that cannot is left as it is."""
    loop = asyncio.get_running_loop()
    at_once = loop.call_soon_threadsafe

    def call_soon_threadsafe(
        callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle | None:
        if _mine.parcel is None:
            return at_once(callback, *args, context=context)
        run = (context or contextvars.copy_context()).run
        _mine.parcel.add(lambda: run(callback, *args), at_once)
        return None

    try:
        loop.call_soon_threadsafe = call_soon_threadsafe  # type: ignore[method-assign, assignment]
    except AttributeError:  # not written in Python: it wakes itself at less cost
        yield
        return
    try:
        yield
    finally:
        del loop.call_soon_threadsafe
