"""What every page is served with beside Streamlit's own: a script that says in words when the connection is refused."""

import json
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui.language import CATALOGUES, ENGLISH, say, speaking
from ui.page.window import NARROW
from ui.server.line import FullError, Late, Share

# Under which names the script and its line stand, below where the app begins.
SCRIPT, LINE = "connection.js", "connection"
_JS = (Path(__file__).parent / "connection.js").read_bytes()
_HEAD = b"</head>"
# How wide the window is, said before Streamlit begins, so that the first run of the page knows.
_WIDTH = (
    f"try{{document.cookie='{NARROW}='+(matchMedia('(max-width: 640px)').matches?1:0)+';path=/;SameSite=Lax'}}"
    "catch(e){}"
)
# Files that a machine may ask for at once, and a second after that: behind one there may be a class that opens the
# page, which needs some sixty. What is beyond comes so many seconds later, for as many as may wait.
FILES, LATER, MOST_LATER = (2000, 100), 1.0, 500
# What a browser asks so that it need not be sent a page again, or packed: this page is changed on its way.
_SPARED = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}


def words() -> dict[str, str]:
    """Return what the script says, by what has happened."""
    return {
        "offline": say("This device is not connected to a network. The page goes on by itself when it is."),
        "lost": say(
            "The connection to the server is lost. What you set stands in the address; the page goes on by itself when "
            "the server is back. If it does not, load the page again."
        ),
        "refused": say(
            "This page needs a connection that stays open (a WebSocket), and something between this browser and the "
            "server refuses it. Try another network. Ask whoever looks after the server, or this network, to let "
            "WebSockets through: the server in front has to pass on the headers Upgrade and Connection."
        ),
        "slow": say(
            "The server answers, but this page has not begun. It may be busy: wait a little. If nothing comes, ask "
            "whoever looks after the server whether the server in front passes on the header Host as the browser sent "
            "it."
        ),
        "reload": say("Load again"),
    }


def _start(base: str) -> str:
    return f"/{base.strip('/')}" if base.strip("/") else ""


class _Head:
    """Puts the script into every page of HTML, and asks browsers not to translate what the app rewrites."""

    def __init__(self, app: ASGIApp, start: str) -> None:
        self._app, self._start = app, start

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepts = b"".join(value for name, value in scope.get("headers", ()) if name == b"accept")
        if scope["type"] != "http" or scope["method"] != "GET" or b"text/html" not in accepts:
            await self._app(scope, receive, send)
            return
        asked = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in _SPARED]}
        begun: Message = {}
        body = b""

        async def changed(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start":
                begun = message
                if not MutableHeaders(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                    begun = {}
                    await send(message)
            elif message["type"] == "http.response.body" and begun:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    whole = body.replace(b"<html ", b'<html translate="no" class="notranslate" ', 1)
                    whole = whole.replace(_HEAD, self._added(scope) + _HEAD, 1)
                    headers = MutableHeaders(raw=begun["headers"])
                    headers["content-length"] = str(len(whole))
                    headers["cache-control"] = "no-cache"
                    for name in ("etag", "last-modified"):
                        del headers[name]
                    await send(begun)
                    await send({"type": "http.response.body", "body": whole})
            else:
                await send(message)

        await self._app(asked, receive, changed)

    def _added(self, scope: Scope) -> bytes:
        language = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [ENGLISH])[-1]
        with speaking(CATALOGUES.get(language) if language != ENGLISH else None):
            said = escape(json.dumps(words()), quote=True)
        return (
            f'<meta name="google" content="notranslate"><script>{_WIDTH}</script>'
            f'<script type="module" id="connection-script" src="{self._start}/{SCRIPT}" '
            f'data-start="{self._start}/" data-words="{said}"></script>'
        ).encode()


class _Pace:
    """Keeps who asks for files too often waiting, so that others need not wait; pictures have a line of their own."""

    def __init__(self, app: ASGIApp, start: str) -> None:
        self._app, self._pictures = app, f"{start}/figures/"
        self._share, self._late = Share(*FILES), Late(LATER, MOST_LATER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(self._pictures):
            try:
                self._share.take((scope.get("client") or [""])[0])
            except FullError:
                await self._late.wait()
        await self._app(scope, receive, send)


async def _script(request: Request) -> Response:
    return Response(_JS, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def _line(websocket: WebSocket) -> None:
    """Hold a line that carries nothing: while it is open, WebSockets come through and the server is there."""
    await websocket.accept()
    try:
        while True:
            await websocket.receive_bytes()
    except (WebSocketDisconnect, KeyError):  # KeyError: it was sent text
        return


def routes(base: str = "") -> list[BaseRoute]:
    """Return the routes for the script and its line; `base` is where the app begins."""
    start = _start(base)
    return [Route(f"{start}/{SCRIPT}", _script), WebSocketRoute(f"{start}/{LINE}", _line)]


def middleware(base: str = "") -> list[Middleware]:
    """Return what every answer of the server goes through."""
    return [Middleware(_Pace, start=_start(base)), Middleware(_Head, start=_start(base))]
