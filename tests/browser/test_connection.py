"""A connection that is refused or lost says so in words, with what to ask whoever looks after the server."""

import re
import statistics
import time

import httpx
from playwright.sync_api import expect

from tests.browser.conftest import forgive
from tests.browser.screen import address
from ui.page.door import words

# What is promised: words within ten seconds of arriving, or of noticing that the line is gone.
PROMISED = 10_000
SOCKET = re.compile(r"WebSocket|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|Failed to (load|fetch)")


def test_refused_websockets_are_named_within_ten_seconds_and_why(page, browser_errors):
    page.route_web_socket(re.compile("_stcore/stream|/connection$"), lambda line: line.close(code=1011))
    page.goto(address("overlap"))
    expect(page.get_by_role("alert").get_by_text(words()["refused"])).to_be_visible(timeout=PROMISED)
    browser_errors[:] = [error for error in browser_errors if not SOCKET.search(error)]


def test_a_page_that_comes_says_nothing(page, open_page):
    open_page(page, address("overlap"))
    expect(page.locator(".connection")).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("translate", "no")


def test_a_lost_line_is_named_and_the_words_go_when_it_is_back(page, open_page, settle, browser_errors):
    lines, through = [], [True]

    def line(socket):
        if through[0]:
            socket.connect_to_server()
            lines.append(socket)
        else:
            socket.close(code=1011)

    page.route_web_socket(re.compile("_stcore/stream|/connection$"), line)
    open_page(page, address("overlap"))
    through[0] = False
    for socket in lines:
        socket.close(code=1001)
    alert = page.get_by_role("alert").get_by_text(words()["lost"])
    expect(alert).to_be_visible(timeout=PROMISED)
    through[0] = True
    expect(alert).to_be_hidden(timeout=PROMISED)
    settle(page)
    browser_errors[:] = [error for error in browser_errors if not SOCKET.search(error)]


def test_a_device_without_a_network_is_told_so(page, open_page, context, browser_errors):
    lines, through = [], [True]

    def line(socket):
        if through[0]:
            socket.connect_to_server()
            lines.append(socket)
        else:
            socket.close(code=1011)

    page.route_web_socket(re.compile("/connection$"), line)
    open_page(page, address("overlap"))
    through[0] = False
    context.set_offline(True)
    lines[0].close(code=1001)
    expect(page.get_by_role("alert").get_by_text(words()["offline"])).to_be_visible(timeout=PROMISED)
    context.set_offline(False)
    forgive(browser_errors, SOCKET)


def test_a_kept_connection_answers_as_soon_as_a_new_one(server):
    """Where Nagle's algorithm is on, each answer after the first waits for the browser's delayed acknowledgement."""

    def seconds(client):
        start = time.perf_counter()
        client.get("figures/start/button").raise_for_status()
        return time.perf_counter() - start

    kept, new = [], []
    with httpx.Client(base_url=server.url) as client:
        seconds(client)
        for _ in range(21):
            kept.append(seconds(client))
            with httpx.Client(base_url=server.url) as fresh:
                new.append(seconds(fresh))
    assert statistics.median(kept) < 4 * statistics.median(new)
