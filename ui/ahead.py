"""Pictures ahead of the page: a move's pictures on a way of their own, before Streamlit has taken in its answer.

The address says what a page shows. As soon as a move has changed it, the browser sends it here; the pictures are drawn
for it and sent back one by one, while Streamlit in the browser goes through all its elements and asks for the run that
will say the rest. That run waits until they are drawn, which would take longer beside it: its words come a little
later, the last picture sooner. It finds everything computed, and its pictures, which are the same, are left as they
stand.
Where this way is closed the run draws them, a little later.
"""

import asyncio
import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from ui import turns

Send = Callable[[bytes], None]
Draw = Callable[["Line", str, Send], None]

# The longest address that is read, in characters; a page's own have some hundred.
LONGEST = 4000
# Where a session keeps its line.
KEY = "ahead"
# What a browser says in place of an address once it has drawn all the pictures it has.
SEEN = "seen"
# The most seconds for which a run waits for that, but for a visit's first: a slow browser has its words while it draws.
PATIENCE = 0.1
_log = logging.getLogger(__name__)


class TooLateError(Exception):
    """Raised where pictures are no longer of use ahead of the page, or would take too long."""


class Line:
    """One session's way: its secret name, the page that is open, and who draws that page's pictures for an address."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe()
        self.page = ""
        self.parameters: tuple[str, ...] = ()
        self.draw: Draw | None = None
        # What the last run of the page has drawn, and what else of the session its pictures follow.
        self.drawn = ""
        self.remembered: Mapping[str, Any] = {}
        # Whether the browser has shown a picture, and whether a run has waited for that.
        self.seen, self.awaited = threading.Event(), False
        # Whether it has drawn what was last sent to it ahead of the page.
        self.shown = threading.Event()
        self.shown.set()
        _lines[self.token] = self

    def place(self, params: Mapping[str, str]) -> str:
        """Return which picture an address asks for, as the browser says it: page and parameters, those not given null.

        `JSON.stringify` in `ui.pictures` says the same.
        """
        said = [self.page, *(params.get(name) for name in self.parameters)]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    def await_first(self) -> threading.Event | None:
        """Return what a session's first picture sets once it is seen; None where nothing, or no longer, tells of it.

        A server on which no browser has found this way has none to wait for.
        """
        if self.awaited or not _found.is_set():
            return None
        self.awaited = True
        return self.seen

    def heeds(self, address: str) -> bool:
        """Whether pictures are drawn for an address: somebody can, and there is no crowd, whose come once."""
        return self.draw is not None and len(address) <= LONGEST and not turns.crowded()

    def answer(self, address: str, send: Send) -> None:
        """Draw the pictures for an address, if somebody can; what goes wrong will go wrong where it is shown, too."""
        try:
            if self.draw is not None:
                self.draw(self, address, send)
        except TooLateError:
            pass
        except Exception:
            _log.exception("Pictures ahead of the page %s failed", self.page)


# Whether any browser has found the way.
_found = threading.Event()
# Kept by the sessions: a line ends with its session.
_lines: WeakValueDictionary[str, Line] = WeakValueDictionary()


def line() -> Line:
    """Return the line of the session."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Line()
    found: Line = st.session_state[KEY]
    return found


def let_pass() -> None:
    """Wait until the browser has drawn the pictures that were sent ahead of this run, for `PATIENCE` at most."""
    line().shown.wait(PATIENCE)


def expect(page: str, parameters: Sequence[str], draw: Draw | None) -> None:
    """Say which page is open, the parameters its pictures follow, and who draws them; None where nobody does."""
    mine = line()
    if mine.page != page:
        mine.remembered = {}
    mine.page, mine.parameters, mine.draw = page, tuple(parameters), draw


def remember(values: Mapping[str, Any]) -> None:
    """Let the page read these values of the session where its pictures are drawn ahead, too."""
    if not under_way():
        line().remembered = values


# What a page reads in place of the session while its pictures are drawn ahead.
_session: ContextVar[MutableMapping[str, Any] | None] = ContextVar("session", default=None)


def under_way() -> bool:
    """Whether this is drawn ahead of the page: nothing can be said or asked, and nothing may take long."""
    return _session.get() is not None


def session() -> MutableMapping[Any, Any]:
    """Return the session's state; ahead of the page, what is remembered of it and what the address asks for."""
    found = _session.get()
    return st.session_state if found is None else found


@contextmanager
def reading(values: MutableMapping[str, Any]) -> Iterator[None]:
    """Let a page read these values in place of the session's."""
    token = _session.set(values)
    try:
        yield
    finally:
        _session.reset(token)


# Two, so that one large computation does not stop the others.
_hands = ThreadPoolExecutor(2, thread_name_prefix="ahead")


async def _serve(socket: WebSocket) -> None:
    """Answer one browser, always its newest address; nothing is drawn before what went before it has been sent."""
    mine = _lines.get(socket.path_params["token"])
    if mine is None:
        await socket.close()
        return
    await socket.accept()
    _found.set()
    loop = asyncio.get_running_loop()
    asked: asyncio.Queue[str] = asyncio.Queue()
    sent: list[Future[None]] = []

    def send(data: bytes) -> None:
        sent.append(asyncio.run_coroutine_threadsafe(socket.send_bytes(data), loop))

    async def answer() -> None:
        while True:
            address = await asked.get()
            while not asked.empty():
                address = asked.get_nowait()
            # Decided here: in a crowd, a thread that only says no would still keep the others waiting.
            if not mine.heeds(address):
                continue
            mine.shown.clear()
            await loop.run_in_executor(_hands, mine.answer, address, send)
            # One that has left needs no more.
            await asyncio.gather(*map(asyncio.wrap_future, sent), return_exceptions=True)
            if not sent:
                mine.shown.set()
            sent.clear()

    answering = asyncio.create_task(answer())
    try:
        async for address in socket.iter_text():
            if address == SEEN:
                mine.seen.set()
                mine.shown.set()
            else:
                asked.put_nowait(address)
    finally:
        # Who has left waits for nothing.
        mine.seen.set()
        mine.shown.set()
        answering.cancel()


ROUTE = WebSocketRoute("/pictures/{token}", _serve)
