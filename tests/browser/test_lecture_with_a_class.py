"""A lecture with a class of sixty: all guess on their phones while the talk is given by keyboard."""

import asyncio
import secrets
import threading
from collections import Counter
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from benchmarks._session import Session
from tests import redis_server
from ui.lessons import LESSONS
from ui.plot.view import controls_of, view_of
from ui.server.guess_store import SETTING
from ui.teaching.talk import TALK

# Phones that open their page at the same time: who comes into a room does so one after the other.
AT_THE_DOOR = 4
# Seconds, and milliseconds, for what takes few: a slow machine has other work, too.
PATIENCE, LONG = 150, 150_000


# What counts the guesses, and how many phones: one copy has a large class, two copies share a small one.
CLASSES = {"one copy and a file": 60, "two copies and a server": 12}


@pytest.fixture(params=CLASSES)
def room(request):
    return request.param


@pytest.fixture
def copies(room, tmp_path, monkeypatch, fresh_server):
    """Copies of the app that count a class together."""
    if room == "one copy and a file":
        monkeypatch.setenv(SETTING, str(tmp_path / "guesses.sqlite"))
        yield [fresh_server()]
        return
    with redis_server.running() as address:
        monkeypatch.setenv(SETTING, address)
        yield [fresh_server(), fresh_server()]


@pytest.fixture
def elsewhere():
    """Do what is awaited in a thread of its own: Playwright has the loop of this one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield lambda work: asyncio.run_coroutine_threadsafe(work, loop)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def enter(stack, copies, link, number_of_phones):
    """Let all phones open a link, dealt out over the copies of the app."""
    door, where = asyncio.Semaphore(AT_THE_DOOR), urlsplit(link)

    async def one(number):
        url = copies[number % len(copies)].url
        phone = Session(url, where.path.strip("/"), where.query, number, patience=PATIENCE)
        async with door:
            await stack.enter_async_context(phone)
            await phone.open()
        return phone

    return await asyncio.gather(*(one(number) for number in range(number_of_phones)))


async def guess(phones, guesses):
    """Let phones guess at once."""
    await asyncio.gather(*(phone.choose("Your guess", said) for phone, said in zip(phones, guesses, strict=True)))


@pytest.mark.browser_context_args(viewport={"width": 1280, "height": 720})
def test_a_class_guesses_on_its_phones_while_the_talk_is_given_by_keyboard(
    room, copies, page, open_page, settle, elsewhere
):
    count, first = CLASSES[room], CLASSES[room] * 2 // 5
    group, step, following = f"class-{secrets.token_hex(4)}", *TALK[:2]
    lesson = LESSONS[step.page]
    options = [*lesson.page.prediction.options.values()]
    guesses = [options[(number * number) % len(options)] for number in range(count)]
    told = Counter(guesses)
    assert len(told) > 1

    open_page(page, f"{copies[0].url}/teach?part=Lecture&class={group}")
    page.get_by_role("button", name="Start the talk").press("Enter")
    expect(page.locator(".lecture-cues output[data-place='1']")).to_have_count(1, timeout=LONG)
    expect(page.get_by_text(f"0 guesses in {group}", exact=True)).to_be_visible(timeout=LONG)
    page.keyboard.press("q")
    expect(page.locator(".lecture-code img")).to_be_visible(timeout=LONG)
    link = page.locator(".lecture-code p").inner_text()
    page.keyboard.press("Escape")
    expect(page.locator(".lecture-code")).to_be_hidden()

    stack = AsyncExitStack()
    phones = elsewhere(enter(stack, copies, link, count)).result(PATIENCE)
    # The front sees it without a touch of its keyboard.
    for part, so_far in ((slice(first), first), (slice(first, None), count)):
        elsewhere(guess(phones[part], guesses[part])).result(PATIENCE)
        expect(page.get_by_text(f"{so_far} guesses in {group}", exact=True)).to_be_visible(timeout=LONG)
    assert not page.get_by_role("table").count(), "what they guessed is not seen before the answer"

    bars = page.get_by_role("table", name=f"{count} guesses in {group}")
    settings = {c.key: step.settings.get(c.key, c.default) for c in controls_of(lesson.page)}
    (right,) = lesson.right(view_of(lesson.page, settings))
    page.keyboard.press("PageDown")
    expect(bars).to_be_visible(timeout=LONG)
    expect(bars.locator("td:last-child")).to_have_text([str(told[option]) for option in options])
    expect(bars.locator("tr.right th")).to_have_text(f"{lesson.page.prediction.options[right]} (right)")
    # Next is another question; the way back has the bars again.
    page.keyboard.press("PageDown")
    expect(page.get_by_text(following.cue)).to_be_visible(timeout=LONG)
    expect(bars).to_be_hidden(timeout=LONG)
    expect(page.get_by_text(f"0 guesses in {group}", exact=True)).to_be_visible(timeout=LONG)
    page.keyboard.press("PageUp")
    expect(bars.locator("td:last-child")).to_have_text([str(told[option]) for option in options], timeout=LONG)
    settle(page)
    elsewhere(stack.aclose()).result(PATIENCE)
