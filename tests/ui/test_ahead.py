import asyncio
import json
import logging
import threading

import pytest
import streamlit as st

from ui import ahead

PATIENCE = 20


class Browser:
    """What the server sees of one browser: `asks` come one after the other, `None` when it leaves."""

    def __init__(self, token, *asks):
        self.path_params = {"token": token}
        self.coming, self.taken = asyncio.Queue(), asyncio.Queue()
        self.accepted = self.closed = False
        for ask in asks:
            self.coming.put_nowait(ask)

    async def accept(self):
        self.accepted = True

    async def close(self):
        self.closed = True

    async def iter_text(self):
        while (ask := await self.coming.get()) is not None:
            yield ask

    async def send_bytes(self, data):
        self.taken.put_nowait(data)


def talk(line, drive, *asks, token=None):
    """Let a browser talk to the server while `drive` uses it."""

    async def both():
        browser = Browser(token or line.token, *asks)
        served = asyncio.create_task(ahead._serve(browser))
        async with asyncio.timeout(PATIENCE):
            await drive(browser)
            browser.coming.put_nowait(None)
            await served
        return browser

    return asyncio.run(both())


@pytest.fixture(autouse=True)
def unknown(monkeypatch):
    """No browser has found the way; what is found here does not hold up the pages of other tests."""
    monkeypatch.setattr(ahead, "_found", threading.Event())


@pytest.fixture
def line():
    return ahead.Line()


async def nothing(browser):
    await asyncio.sleep(0)


def test_a_line_says_what_an_address_asks_for_as_a_browser_would(line):
    line.page, line.parameters = "remedy", ("overlap", "erase")
    assert line.place({"erase": "Option Ä", "d": "5"}) == '["remedy",null,"Option Ä"]'
    assert json.loads(line.place({"overlap": "0.4"})) == ["remedy", "0.4", None]


def test_who_does_not_know_a_lines_name_is_sent_away(line):
    for token in ("", "x", line.token[:-1], line.token + "a"):
        browser = talk(line, nothing, token=token or "-")
        assert browser.closed
        assert not browser.accepted
    assert talk(line, nothing).accepted


def test_a_line_ends_with_its_session():
    tokens = {ahead.Line().token for _ in range(3)}
    assert not tokens & set(ahead._lines)


def test_names_cannot_be_guessed():
    assert len({ahead.Line().token for _ in range(20)}) == 20
    assert len(ahead.Line().token) >= 32


def test_the_pictures_come_as_they_are_drawn(line):
    seen = threading.Event()

    def draw(_, address, send):
        send(b"first " + address.encode())
        assert seen.wait(PATIENCE)
        send(b"second")

    line.draw = draw

    async def drive(browser):
        assert await browser.taken.get() == b"first ?d=5"
        seen.set()
        assert await browser.taken.get() == b"second"

    talk(line, drive, "?d=5")


def test_of_the_addresses_that_wait_only_the_newest_is_answered(line):
    first, go = threading.Event(), threading.Event()

    def draw(_, address, send):
        send(address.encode())
        first.set()
        assert go.wait(PATIENCE)

    line.draw = draw

    async def drive(browser):
        assert await browser.taken.get() == b"?d=1"
        await asyncio.to_thread(first.wait)
        for number in range(2, 9):
            browser.coming.put_nowait(f"?d={number}")
        await asyncio.sleep(0.05)
        go.set()
        assert await browser.taken.get() == b"?d=8"

    talk(line, drive, "?d=1")


def test_a_run_waits_until_what_came_ahead_of_it_is_drawn(line, monkeypatch):
    monkeypatch.setattr(ahead, "line", lambda: line)
    monkeypatch.setattr(ahead, "PATIENCE", PATIENCE)
    done = []

    def run():
        ahead.let_pass()
        done.append(line.shown.is_set())

    async def drive(browser):
        assert await browser.taken.get() == b"picture"
        assert not line.shown.is_set()
        waiting = asyncio.create_task(asyncio.to_thread(run))
        await asyncio.sleep(0.05)
        assert not done
        browser.coming.put_nowait(ahead.SEEN)
        await waiting
        assert done == [True]

    run()
    assert done.pop()  # nothing has come ahead of it
    line.draw = lambda _, address, send: send(b"picture")
    talk(line, drive, "?d=5")


def test_a_run_does_not_wait_for_who_has_left_or_was_sent_nothing_or_is_slow(line, monkeypatch):
    monkeypatch.setattr(ahead, "line", lambda: line)
    monkeypatch.setattr(ahead, "PATIENCE", 0.01)
    asked = threading.Event()

    async def leave(browser):
        await browser.taken.get()
        ahead.let_pass()
        assert not line.shown.is_set()  # its patience was over

    line.draw = lambda _, address, send: send(b"picture")
    talk(line, leave, "?d=5")
    assert line.shown.is_set()

    async def drive(browser):
        await asyncio.to_thread(asked.wait)
        while not line.shown.is_set():
            await asyncio.sleep(0.01)

    line.draw = lambda _, address, send: asked.set()
    talk(line, drive, "?d=5")


def test_nothing_is_drawn_where_nobody_draws_or_the_address_is_endless(line):
    found = []
    talk(line, nothing, "?d=5")
    line.draw = lambda _, address, send: found.append(address)

    async def drive(browser):
        while not found:
            await asyncio.sleep(0.01)

    assert not line.heeds("?" + "x" * ahead.LONGEST)
    talk(line, drive, "?d=5")
    assert found == ["?d=5"]


def test_what_goes_wrong_is_logged_and_the_next_address_is_answered(line, caplog):
    def draw(_, address, send):
        if address == "?late":
            raise ahead.TooLateError
        if address == "?bad":
            raise ZeroDivisionError
        send(address.encode())

    line.draw = draw

    async def drive(browser):
        for address in ("?late", "?bad"):
            browser.coming.put_nowait(address)
            await asyncio.sleep(0.05)
        browser.coming.put_nowait("?good")
        assert await browser.taken.get() == b"?good"

    with caplog.at_level(logging.ERROR):
        talk(line, drive)
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def test_a_browser_that_leaves_while_pictures_are_sent_leaves_nothing_behind(line):
    class Gone(Browser):
        async def send_bytes(self, data):
            self.taken.put_nowait(data)
            raise RuntimeError("closed")

    line.draw = lambda _, address, send: [send(b"1"), send(b"2")]

    async def both():
        browser = Gone(line.token, "?d=1")
        served = asyncio.create_task(ahead._serve(browser))
        async with asyncio.timeout(PATIENCE):
            await browser.taken.get()
            await browser.taken.get()
            browser.coming.put_nowait(None)
            await served
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert not [task for task in asyncio.run(both()) if not task.cancelled() and not task.cancelling()]


def test_a_page_reads_the_copy_of_the_session_only_while_it_is_drawn_ahead():
    values = {"d": 5}
    with ahead.reading(values):
        assert ahead.under_way()
        assert ahead.session() is values
    assert not ahead.under_way()
    assert ahead.session() is st.session_state


def test_a_run_waits_for_its_first_picture_once_and_only_where_browsers_find_the_way(line):
    assert line.await_first() is None
    talk(ahead.Line(), nothing)
    first = line.await_first()
    assert not first.is_set()
    assert line.await_first() is None

    async def drive(browser):
        browser.coming.put_nowait("?d=5")
        await asyncio.sleep(0.02)
        assert not first.is_set()
        browser.coming.put_nowait(ahead.SEEN)
        assert await asyncio.to_thread(first.wait, PATIENCE)

    talk(line, drive)


def test_nobody_waits_for_a_browser_that_has_left(line):
    talk(ahead.Line(), nothing)
    first = line.await_first()
    talk(line, nothing)
    assert first.is_set()
