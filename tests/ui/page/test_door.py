"""What pages are served with: the script of the connection in every page of HTML, and nothing else is touched."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


@given(query=st.text(max_size=40) | st.sampled_from(("lang=\udcff", "lang=<script>", "lang=en&lang=xx", "&" * 3000)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_at_all_is_in_the_page_or_stops_it(school, query):
    answer = school.get(
        f"/overlap?{query.encode('utf-8', 'surrogatepass').decode('utf-8', 'surrogateescape')}", accept="text/html"
    )
    assert answer.status == 200
    assert answer.text == school.get("/overlap", accept="text/html").text


def test_who_asks_for_files_too_often_waits_and_others_do_not(monkeypatch):
    monkeypatch.setattr(door, "FILES", (20, 1e-9))
    monkeypatch.setattr(door, "LATER", 3600)
    monkeypatch.setattr(door, "MOST_LATER", 30)
    school = School("")

    async def crowd():
        flood = [asyncio.create_task(school.ask("/data", "10.0.0.9", accept="*/*")) for _ in range(60)]
        for _ in range(50):
            await asyncio.sleep(0)  # everything that can go on does so
        others = [await school.ask("/data", f"10.0.1.{i}", accept="*/*") for i in range(60)]
        pictures = [await school.ask("/figures/a/b", "10.0.0.9", accept="*/*") for _ in range(60)]
        waiting = [task for task in flood if not task.done()]
        for task in waiting:
            task.cancel()
        return len(waiting), [answer.status for answer in (*others, *pictures)]

    waiting, statuses = asyncio.run(crowd())
    assert waiting == 30  # 20 are within the share, and for 10 there is no room to wait
    assert set(statuses) == {200}
