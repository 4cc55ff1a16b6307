"""A page, or one picture of it, in a frame of another site: what a teacher's slides and learning platform show."""

import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.conftest import wait_until_settled
from tests.browser.screen import BY_STEM, STEMS, address, hand_on, slider, title
from ui.lessons import LESSONS, PAGES
from ui.page import links

FRAME = {"width": links.WIDE, "height": links.HIGH}


@contextmanager
def another_site(html):
    """Serve one page on another host than the app's: to a browser, another site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(f"<!DOCTYPE html><title>A course</title>{html}".encode())

        def log_message(self, *words):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def wait_for(frame):
    frame.wait_for_function("() => document.querySelector('.picture')?.ariaBusy === 'false'", timeout=60_000)
    frame.wait_for_selector(".js-plotly-plot .main-svg", timeout=60_000)


@pytest.mark.browser_context_args(viewport={"width": 1000, "height": 700})
def test_one_picture_lives_in_a_frame_of_another_site(page, context, base_url, tmp_path):
    snippet = partial(links.link, base_url, BY_STEM["overlap"], {"noise": 0.5}, only="curve", embed=True)
    with another_site(links.frame(snippet(), "Overlap")) as site:
        page.goto(site)
        frame = page.query_selector("iframe").content_frame()
        wait_for(frame)
        assert frame.locator(".picture").count() == 1
        assert title(frame).count() == 0
        # Under the hand as on its page.
        before = frame.locator(".picture").get_attribute("aria-label")
        with hand_on(frame_page(page, frame), "overlap") as move:
            move(0.9)
            expect(frame.locator(".picture")).not_to_have_attribute("aria-label", before)
            caption = frame.locator(".caption").inner_text()
        assert caption
        # What the sandbox has to allow: files, and the whole page in a window of its own.
        frame.locator(".picture").hover()
        with page.expect_download() as download:
            frame.get_by_role("button", name="Download plot as a PNG").click()
        assert download.value.suggested_filename == "overlap-curve.png"
        with context.expect_page() as opened:
            frame.get_by_role("link", name="The whole page").click()
        whole = opened.value
        wait_until_settled(whole)
        expect(title(whole)).to_have_text(BY_STEM["overlap"].title)
        assert parse_qs(urlsplit(whole.url).query)["noise"] == ["0.5"]
        assert "only" not in whole.url


class frame_page:
    """A frame with the mouse of the page it stands in."""

    def __init__(self, page, frame):
        self.mouse, self.locator = page.mouse, frame.locator


@pytest.mark.browser_context_args(viewport=FRAME)
def test_every_page_fits_the_frame(page, open_page, settle, screenshots):
    complaints = []
    for row in PAGES:
        stem = row.stem
        show(page, address(stem, embed="true"), open_page)
        expect(title(page)).to_have_text(row.title)
        settle(page)
        page.screenshot(path=screenshots / f"embedded-{stem}.png")
        for part in ("stSidebar", "stTopNavSection", "stToolbar"):
            assert not page.get_by_test_id(part).filter(visible=True).count(), part
        assert title(page).bounding_box()["y"] >= 0
        assert title(page).evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        if stem in LESSONS and stem != "your_table":
            # Something of the first picture is seen at once.
            assert page.locator(".picture").first.bounding_box()["y"] < FRAME["height"] - 60, stem
        if stem in STEMS[:2]:  # its own controls, and the shared ones a click away
            page.locator(".st-key-settings summary").click()
            expect(slider(page, "seed")).to_be_attached()
            page.locator(".st-key-settings summary").click()
            page.evaluate(looks.BOXES_REST)
        complaints += [f"{stem}: {complaint}" for complaint in looks.layout_complaints(page)]
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.browser_context_args(viewport=FRAME)
def test_the_first_picture_of_every_page_fits_the_frame_alone(page, open_page, settle):
    complaints = []
    for stem, lesson in LESSONS.items():
        key, drawing = next(iter(lesson.figures.items()))
        show(page, address(stem, embed="true", only=key), open_page)
        expect(page).to_have_title(BY_STEM[stem].title)
        settle(page)
        assert page.locator(".picture").count() == page.locator(f".st-key-{key} .picture").count() == 1
        box = page.locator(".picture").bounding_box()
        assert box["y"] >= 0
        # Rows of text cannot stand closer than on the page.
        assert box["y"] + box["height"] <= max(FRAME["height"], drawing.height + 50), stem
        complaints += [f"{stem}: {complaint}" for complaint in looks.layout_complaints(page)]
    assert not complaints, "\n" + "\n".join(complaints)


def show(page, link, open_page):
    """Open an address; in a window that has shown the app before go back to it, which loads nothing anew."""
    if page.url == "about:blank":
        open_page(page, link)
        return
    page.evaluate("link => [link, '#'].forEach((place) => history.pushState(null, '', place))", link)
    page.go_back()
    page.wait_for_url(lambda url: url.endswith(link))


@pytest.mark.browser_context_args(viewport=looks.PHONE, device_scale_factor=2, has_touch=True)
def test_on_a_phone_the_controls_stand_with_the_picture_and_nothing_is_cut(page, open_page):
    open_page(page, address("overlap", only="curve"))
    looks.resize(page, **looks.PHONE, whole=True)
    complaints = looks.layout_complaints(page)
    assert not complaints, "\n" + "\n".join(complaints)


def test_a_key_that_no_picture_has_is_named_with_those_there_are(page, open_page):
    open_page(page, address("overlap", only="nothing"))
    expect(page.get_by_role("alert")).to_contain_text("only in the address must be one of curve, losses, weights")
    expect(page.get_by_role("alert")).to_contain_text("“nothing”")
    assert page.locator(".picture").count() == 0


def test_a_link_hides_the_page_for_the_front_or_the_whole_menu(page, open_page):
    front = BY_STEM["teach"]
    for hide, groups, seen in (("", True, True), ("teach", True, False), ("menu", False, False)):
        open_page(page, address("quiz", hide=hide))
        top = page.get_by_test_id("stTopNavSection").filter(visible=True)
        assert bool(top.count()) == groups
        if groups:
            top.filter(has_text=front.group).click()
            expect(page.get_by_role("menuitem", name=BY_STEM["quiz"].title, exact=True)).to_be_visible()
            assert bool(page.get_by_role("menuitem", name=front.title, exact=True).count()) == seen
