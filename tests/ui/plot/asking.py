"""A visitor of the routes: asks an ASGI application for an address, as a server would for a browser."""

import asyncio
import gzip
import json
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.applications import Starlette

from ui.plot.route import routes


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def refusal(self):
        return self.json["refusal"]


class Server:
    """The routes of some lessons, and what they answer."""

    def __init__(self, lessons):
        self.app = Starlette(routes=routes(lessons))

    async def ask(self, address, machine="10.0.0.1", method="GET", **headers):
        path, _, query = address.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("utf-8", "replace"),
            "query_string": query.encode("utf-8", "surrogateescape"),  # so that any bytes can be asked
            "root_path": "",
            "headers": [(k.replace("_", "-").encode(), v.encode("latin-1", "replace")) for k, v in headers.items()],
            "client": (machine, 1234),
            "server": ("testserver", 80),
        }
        sent = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        told = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        return Answer(sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:]))

    def get(self, address, **more):
        return asyncio.run(self.ask(address, **more))
