"""The Caddyfile, where Caddy is installed: a visitor stays with one copy while it lives."""

import http.cookiejar
import threading
import urllib.request
from http import HTTPStatus

import pytest
from websockets.sync.client import connect
from websockets.sync.server import serve

from benchmarks._door import PATIENCE, caddy, running_door

VISITORS = 24  # the chance that all of them are sent to the same of two copies is 1 in 8 million

pytestmark = pytest.mark.skipif(caddy() is None, reason="Caddy is not installed")


class Copy:
    """A stand-in for one copy of the app: it says its name, to plain requests and over a websocket."""

    def __init__(self, name):
        self.server = serve(
            lambda socket: socket.send(name), "127.0.0.1", 0, process_request=lambda c, r: self.plain(c, r, name)
        )
        self.port = self.server.socket.getsockname()[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def plain(connection, request, name):
        if "Upgrade" in request.headers:
            return None
        return connection.respond(HTTPStatus.OK, "ok" if request.path == "/_stcore/health" else name)


@pytest.fixture
def copies():
    made = [Copy("first"), Copy("second")]
    yield made
    for copy in made:
        copy.server.shutdown()


@pytest.fixture
def door(copies, tmp_path):
    """The address of a Caddy before the copies."""
    with running_door(tmp_path, [f"127.0.0.1:{copy.port}" for copy in copies]) as opened:
        yield opened.url.removeprefix("http://")


class Visitor:
    """A browser, as far as the door is concerned: it keeps its cookies."""

    def __init__(self, door):
        self.door, self.jar = door, http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def ask(self):
        with self.opener.open(f"http://{self.door}/", timeout=PATIENCE) as answer:
            return answer.read().decode()

    def talk(self):
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.jar)
        with connect(f"ws://{self.door}/_stcore/stream", additional_headers={"Cookie": cookies}) as websocket:
            return websocket.recv(timeout=PATIENCE)


def test_a_visitor_stays_with_one_copy_and_visitors_are_spread(door):
    visitors = [Visitor(door) for _ in range(VISITORS)]
    homes = [visitor.ask() for visitor in visitors]
    assert set(homes) == {"first", "second"}
    for visitor, home in zip(visitors, homes, strict=True):
        assert {visitor.ask() for _ in range(4)} == {visitor.talk()} == {home}


def test_the_cookie_says_nothing_and_ends_with_the_browser(door):
    visitor = Visitor(door)
    visitor.ask()
    (cookie,) = visitor.jar
    assert cookie.name == "replica"
    assert cookie.discard
    assert "127" not in cookie.value


def test_visitors_of_a_stopped_copy_are_sent_to_another_at_once(door, copies):
    visitors = [Visitor(door) for _ in range(VISITORS)]
    homes = [visitor.ask() for visitor in visitors]
    copies[0].server.shutdown()
    moved = [visitor for visitor, home in zip(visitors, homes, strict=True) if home == "first"]
    assert moved
    assert {visitor.ask() for visitor in moved} == {"second"}
    assert {visitor.talk() for visitor in moved} == {"second"}
