"""What only a browser can show of the exact picture: the start moves under the keyboard, and no server is asked."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.screen import address, drawn_traces, move, traces
from theory import Spec, draw, triangle
from ui.lessons.geometry.text import STARTS

LABEL = "Start: all weights of the pretrained model times s"

AXES = """
() => [...document.querySelectorAll('.js-plotly-plot')].map(({ layout: { xaxis, yaxis } }) =>
  [xaxis.range, yaxis.range])
"""


@pytest.fixture
def sent(page):
    """What the page has told the server."""
    messages = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: messages.append(frame)))
    return messages


def stands_at(page, found, index):
    """Both charts show one start, and the address names it."""
    page.wait_for_function(
        "i => [...document.querySelectorAll('.js-plotly-plot')].every(chart => chart.dataset.frame == i)", arg=index
    )
    (end,), (mark,) = traces(page, model="fine_tune", end=True), traces(page, mark="current start")
    np.testing.assert_allclose([end["x"][0], end["y"][0]], found.ends[index], atol=1e-3 * found.pretrained)
    np.testing.assert_allclose([mark["x"][0], mark["y"][0]], [STARTS[index], found.losses[index]], atol=1e-9)


def test_the_start_is_scrubbed_by_keyboard_without_the_server(page, open_page, settle, sent):
    open_page(page, address("geometry", scale=0.8))
    found = triangle(draw(Spec()), STARTS)
    scrubber = page.get_by_role("slider", name=LABEL, exact=True)
    stands_at(page, found, 40)
    before, ranges, there = len(sent), page.evaluate(AXES), drawn_traces(page)
    for stroke, index in (("Home", 0), ("ArrowRight", 1), ("End", 60), ("ArrowLeft", 59)):
        scrubber.press(stroke)
        stands_at(page, found, index)
        assert scrubber.get_attribute("aria-valuetext").startswith(f"s = {STARTS[index]:.2f}, UL ")
    assert page.evaluate(AXES) == ranges
    assert drawn_traces(page) == there
    page.wait_for_url(re.compile("scale=1.18"))
    assert len(sent) == before

    # A run of the page leaves the slider where it is, and its address too.
    move(page, "seed", "ArrowRight", to=1, settle=settle)
    stands_at(page, triangle(draw(Spec(seed=1)), STARTS), 59)
    assert "scale=1.18" in page.url

    # Whoever wants less motion steps through; a link inside the page moves the slider.
    page.get_by_role("button", name=f"Step: {LABEL}").click()
    stands_at(page, triangle(draw(Spec(seed=1)), STARTS), 60)
    page.get_by_role("link", name="From nothing").click()
    page.wait_for_url(re.compile("scale=0$|scale=0&"))
    settle(page)
    stands_at(page, found, 0)


@pytest.mark.parametrize(("view", "charts"), [("Two features", 2), ("Three features", 1)])
def test_every_view_has_a_scrubber_of_its_own(view, charts, page, open_page, settle):
    open_page(page, address("geometry"))
    page.get_by_role("radio", name=view).click()
    page.wait_for_url(re.compile("view="))
    settle(page)
    scrubber = page.locator("input[type=range][aria-valuetext*='°']")
    expect(page.locator(".js-plotly-plot")).to_have_count(charts)
    scrubber.press("Home")
    page.wait_for_function("() => [...document.querySelectorAll('.js-plotly-plot')].every(c => c.dataset.frame == 0)")
    expect(scrubber).to_have_attribute("aria-valuetext", re.compile("^0°"))
