"""What pages are served with: the script of the connection in every page of HTML, and nothing else is touched."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from tests.ui.plot.asking import Server
from ui.page import door

PAGE = '<!DOCTYPE html><html lang="en"><head><title>A</title></head><body>é</body></html>'


class School(Server):
    """An app at its root, or at a place of a school's, with a page and some data."""

    def __init__(self, base):
        self.start = f"/{base}" if base else ""
        routes = [*door.routes(base), Route(f"{self.start}/data", data), Route("/{rest:path}", page)]
        self.app = Starlette(routes=routes, middleware=door.middleware(base))


async def page(request):
    assert "if-none-match" not in request.headers or "text/html" not in request.headers["accept"]
    return HTMLResponse(PAGE, headers={"ETag": '"1"', "Last-Modified": "now"})


async def data(request):
    return JSONResponse({"a": "<html lang=''></head>"})


@pytest.fixture(params=["", "school"])
def school(request):
    return School(request.param)


def test_a_page_has_the_script_and_asks_not_to_be_translated(school):
    answer = school.get("/overlap", accept="text/html", if_none_match='"1"')
    assert '<html translate="no" class="notranslate" lang="en">' in answer.text
    assert f'src="{school.start}/connection.js"' in answer.text
    assert answer.text.index("connection.js") < answer.text.index("</head>")
    assert "é" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert not {"etag", "last-modified"} & set(answer.headers)


def test_what_is_no_page_is_left_as_it_is(school):
    for accept in ("text/html", "*/*"):
        assert school.get(f"{school.start}/data", accept=accept).json == {"a": "<html lang=''></head>"}
    assert "connection.js" not in school.get("/overlap", accept="*/*").text


def test_the_script_is_served(school):
    answer = school.get(f"{school.start}/connection.js", accept="*/*")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "verdict" in answer.text


@pytest.mark.parametrize("sent", [[], [{"bytes": b"anything"}, {"bytes": b""}], [{"text": "no bytes"}]])
def test_its_line_stays_open_until_the_browser_goes(school, sent):
    """The end comes from the browser alone, or from a text, which nobody of ours sends; never with an error."""
    coming = [
        {"type": "websocket.connect"},
        *({"type": "websocket.receive", **message} for message in sent),
        {"type": "websocket.disconnect", "code": 1001},
    ]
    answered = []

    async def receive():
        return coming.pop(0)

    async def send(message):
        answered.append(message["type"])

    path = f"{school.start}/connection"
    scope = {"type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": ""}
    asyncio.run(school.app({**scope, "headers": [], "scheme": "ws", "subprotocols": []}, receive, send))
    assert answered == ["websocket.accept"]
