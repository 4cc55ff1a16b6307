"""The clocks in a browser: scrubbed by the keyboard without the server, and kept over its runs."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.screen import address, drawn_traces, traces
from theory import Spec
from ui.lessons.dynamics import results as dynamics_results
from ui.lessons.dynamics import sentences as say
from ui.lessons.dynamics.clocks import groups
from ui.lessons.dynamics.text import STEP

SPEC = Spec(d=40, n_retain=12, n_forget=9, noise=0.5)
SETTING = {"d": 40, "n_retain": 12, "n_forget": 9, "noise": 0.5}
SAME = 1e-9
# Bars are drawn with four digits, which rounds them by this share at most, and the dots of a step with five.
DRAWN, DOTS = 5.1e-4, 5.1e-5
FRAME = "index => document.querySelector('.st-key-clocks .js-plotly-plot')?.dataset.frame === String(index)"
RANGES = """() => Object.entries(document.querySelector('.st-key-clocks .js-plotly-plot').layout)
  .filter(([key]) => /^[xy]axis/.test(key)).map(([key, axis]) => [key, ...axis.range.map(Number)])"""


def scrubber(page):
    return page.locator(".st-key-scrub_step input[type=range]")


def check_drawn_at(page, modes, index):
    """The bars and the dots on the screen are theory's at that step."""
    page.wait_for_function(FRAME, arg=index)
    for key, (held, _) in groups(modes).items():
        (now,) = traces(page, bars=key)
        np.testing.assert_allclose(now["y"][1:-1], held[index], rtol=DRAWN, atol=SAME)
    losses = traces(page, now=True)[0]
    wanted = [modes.remaining_loss[index], modes.unlearning_loss[index]]
    np.testing.assert_allclose(losses["y"], wanted, rtol=DOTS, atol=SAME)
    assert losses["x"][0] == max(modes.steps[index], 0.5)


def test_the_clocks_are_scrubbed_by_keyboard_without_the_server(page, open_page, settle):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    open_page(page, address("dynamics", **SETTING))
    modes = dynamics_results.modes(SPEC, "pretrained", 0.5, 1e-3, "retain")
    check_drawn_at(page, modes, 0)
    caption = page.locator(".st-key-clocks .caption")
    expect(caption).to_be_hidden()  # what is said of the run waits until the reader has started it
    ranges, there = page.evaluate(RANGES), drawn_traces(page)
    assert {panel for panel, _ in there[0]} == {"subplot xy", "subplot x2y2"}
    bar = scrubber(page)
    bar.focus()
    sent.clear()
    index = 0
    for strokes, stroke, step in ((5, "ArrowRight", 1), (2, "ArrowLeft", -1)):
        for _ in range(strokes):
            page.keyboard.press(stroke)
            index += step
        check_drawn_at(page, modes, index)
    page.keyboard.press("End")
    last = len(STEP.values) - 1
    check_drawn_at(page, modes, last)
    assert bar.get_attribute("aria-valuetext") == say.frame_texts(modes)[last]
    expect(caption).to_be_visible()
    page.wait_for_url("**step=100000*")
    assert page.evaluate(RANGES) == ranges, "scrubbing moved an axis"
    assert drawn_traces(page)[0] == there[0], "scrubbing took a trace away"
    page.keyboard.press("Home")
    check_drawn_at(page, modes, 0)
    assert sent == [], "the server was asked"

    # A control of the page: the server runs, and the slider stays where it was left.
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    check_drawn_at(page, modes, 10)
    page.get_by_role("radio", name="Zero").click()
    page.wait_for_url("**start=Zero*")
    settle(page)
    assert sent
    check_drawn_at(page, dynamics_results.modes(SPEC, "zero", 0.5, 1e-3, "retain"), 10)
    expect(bar).to_have_value("10")


@pytest.mark.parametrize("share", [0.5, 1.1])
def test_a_link_leads_to_a_step(share, page, open_page):
    index = 12
    step = STEP.shown(STEP.values[index])
    open_page(page, address("dynamics", **SETTING, step=step, step_size=share))
    expect(scrubber(page)).to_have_value(str(index))
    modes = dynamics_results.modes(SPEC, "pretrained", share, 1e-3, "retain")
    page.wait_for_function(FRAME, arg=index)
    (now,) = traces(page, bars="seen")
    top = dict((key, high) for key, _, high in page.evaluate(RANGES))["yaxis"]
    np.testing.assert_allclose(now["y"][1:-1], np.minimum(groups(modes)["seen"][0][index], top), rtol=DRAWN, atol=SAME)
