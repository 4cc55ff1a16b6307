"""Pictures ahead of the page: there before Streamlit has asked, the same ones, and none older than the last."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.screen import address, check_drawn, move, slider, spec_of, traces
from tests.browser.test_dynamics import scrubber

# Streamlit's own socket can be held in both ways; the way of the pictures stays open, or is closed from the beginning.
HOLD = """(() => {
  const Real = window.WebSocket;
  window.held = { out: null, in: null };
  window.WebSocket = class extends Real {
    constructor(...how) {
      super(...how);
      this.isPictures = this.url.includes('/pictures/');
      if (this.isPictures && CLOSED) this.close();
      if (this.isPictures) window.pictureSockets = (window.pictureSockets ?? 0) + 1;
    }
    send(data) {
      if (!this.isPictures && window.held.out) window.held.out.push(() => super.send(data));
      else super.send(data);
    }
    addEventListener(kind, take, ...more) {
      const held = (event) => {
        if (kind === 'message' && window.held.in) window.held.in.push(() => take(event));
        else take(event);
      };
      super.addEventListener(kind, this.isPictures ? take : held, ...more);
    }
  };
  window.letGo = (way) => {
    const waiting = window.held[way];
    window.held[way] = null;
    for (const go of waiting) go();
  };
  window.drawnKeys = [];
  document.addEventListener('drawn', ({ target }) => {
    window.drawnKeys.push(target.closest('[class*="st-key-"]').className.match(/st-key-([\\w-]+)/)[1]);
  });
})()"""


# Until nothing has come in for half a second.
RESTED = """async () => {
  for (let count = -1, same = 0; same < 10; ) {
    same = window.held.in.length === count ? same + 1 : 0;
    count = window.held.in.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""


def drawn(page, *keys):
    """Wait until these pictures, and no others, have been drawn since the list was emptied."""
    page.wait_for_function("count => window.drawnKeys.length >= count", arg=len(keys))
    assert page.evaluate("() => window.drawnKeys") == list(keys)


@pytest.fixture
def watched(page, open_page):
    """watched("overlap"): the page, open and at rest, with its sockets to hold."""

    def opened(stem, closed=False, **query):
        page.add_init_script(HOLD.replace("CLOSED", str(closed).lower()))
        open_page(page, address(stem, **query))
        if not closed:
            page.wait_for_function("() => window.pictureLine.socket?.readyState === WebSocket.OPEN")
        page.evaluate("() => { window.drawnKeys.length = 0; }")
        return page

    return opened


def test_a_move_is_drawn_before_streamlit_has_asked_and_its_run_draws_nothing_again(watched, settle):
    page = watched("overlap")
    page.evaluate("() => { window.held.out = []; }")
    said = page.get_by_test_id("stMarkdown").all_inner_texts()
    slider(page, "seed").press("ArrowRight")
    drawn(page, "curve", "losses", "weights")
    check_drawn(page, spec_of("overlap", seed=1))
    assert page.get_by_test_id("stMarkdown").all_inner_texts() == said
    assert page.evaluate("() => window.held.out.length") > 0
    page.evaluate("() => window.letGo('out')")
    settle(page)
    assert page.get_by_test_id("stMarkdown").all_inner_texts() != said
    drawn(page, "curve", "losses", "weights")
    check_drawn(page, spec_of("overlap", seed=1))


def test_what_comes_late_of_an_older_move_is_not_drawn_over_a_newer_one(watched, settle):
    page = watched("overlap")
    page.evaluate("() => { window.held.in = []; }")
    for seed in (1, 2):
        # Asked only when the pictures are there: a run that overtook them would leave nothing to draw ahead.
        page.evaluate("() => { window.drawnKeys.length = 0; window.held.out = []; }")
        slider(page, "seed").press("ArrowRight")
        drawn(page, "curve", "losses", "weights")
        check_drawn(page, spec_of("overlap", seed=seed))
        # The answer comes in, and is held, the whole of it: at the end of a run Streamlit takes away what is missing,
        # and with half of the next run's answer there it would miss a picture that is on its way.
        before = page.evaluate("() => window.held.in.length")
        page.evaluate("() => window.letGo('out')")
        page.wait_for_function("before => window.held.in.length > before + 20", arg=before)
        page.evaluate(RESTED)
    page.evaluate("() => window.letGo('in')")
    settle(page)
    drawn(page, "curve", "losses", "weights")
    check_drawn(page, spec_of("overlap", seed=2))


def test_where_the_way_is_closed_the_run_draws_and_it_is_not_tried_again_and_again(watched, settle):
    page = watched("overlap", closed=True)
    for seed in (1, 2, 3):
        move(page, "seed", "ArrowRight", to=seed, settle=settle)
        check_drawn(page, spec_of("overlap", seed=seed))
    assert page.evaluate("() => window.pictureSockets") == 1


def test_a_way_that_was_cut_is_open_again_after_the_next_move(watched, settle):
    page = watched("overlap")
    page.evaluate("() => window.pictureLine.socket.close()")
    page.wait_for_function("() => window.pictureLine.socket.readyState === WebSocket.CLOSED")
    move(page, "seed", "ArrowRight", to=1, settle=settle)
    page.wait_for_function("() => window.pictureLine.socket.readyState === WebSocket.OPEN")
    page.evaluate("() => { window.held.out = []; window.drawnKeys.length = 0; }")
    slider(page, "seed").press("ArrowRight")
    drawn(page, "curve", "losses", "weights")
    check_drawn(page, spec_of("overlap", seed=2))


def test_a_visit_shows_its_first_picture_before_the_page_goes_on(watched, page, server, settle):
    watched("overlap")  # a browser has found the way
    held = []
    page.route("**/PlotlyChart.*.js", lambda route: held.append(route))
    page.goto(server.url + address("overlap"))
    page.wait_for_function("() => window.pictureLine?.socket?.readyState === WebSocket.OPEN")
    page.wait_for_timeout(300)
    assert page.locator(".picture").count() == 1
    for route in held:
        route.continue_()
    drawn(page, "curve", "losses", "weights")
    settle(page)
    expect(page.locator(".picture")).to_have_count(3)
    check_drawn(page, spec_of("overlap"))


ANIMATIONS = """() => {
  window.animated = [];
  const { animate } = Plotly;
  Plotly.animate = (chart, ...more) => {
    window.animated.push(chart.closest('[class*="st-key-"]').className.match(/st-key-([\\w-]+)/)[1]);
    return animate(chart, ...more);
  };
}"""
ALL_AT = "i => [...document.querySelectorAll('[data-frame]')].length >= 2 && " + (
    "[...document.querySelectorAll('[data-frame]')].every(chart => chart.dataset.frame == i)"
)


def test_a_picture_is_drawn_where_its_scrubber_stands_and_a_step_moves_each_picture_once(watched, settle):
    page = watched("dynamics")
    bar = scrubber(page)
    bar.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(ALL_AT, arg=4)
    page.evaluate(ANIMATIONS)
    for seed in (1, 2, 3):
        move(page, "seed", "ArrowRight", to=seed, settle=settle)
    page.wait_for_function(ALL_AT, arg=4)
    assert page.evaluate("() => window.animated") == []
    (now,) = traces(page, bars="used")
    bar.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(ALL_AT, arg=5)
    assert page.evaluate("() => window.animated.toSorted()") == ["clocks", "lengths"]
    # The step before is the one that was drawn: back at it nothing else stands there.
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(ALL_AT, arg=4)
    (again,) = traces(page, bars="used")
    np.testing.assert_array_equal(again["y"], now["y"])


def test_a_run_of_the_page_does_not_lose_the_step_for_the_address(watched, settle):
    page = watched("dynamics")
    bar = scrubber(page)
    slider(page, "seed").focus()
    # The hand has not rested when the run begins.
    bar.evaluate("bar => { bar.value = 3; bar.dispatchEvent(new Event('input', { bubbles: true })); }")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**step=*", timeout=5000)
    settle(page)
    expect(bar).to_have_value("3")


def test_a_case_moves_the_scrubber_whatever_the_hand_has_just_done(watched, settle):
    page = watched("geometry", scale=0)
    bar = page.locator(".st-key-scrub_scale input[type=range]")
    # What the case asks for is what the page was opened with and the hand has left; it has not rested the second time.
    for stroke, rest in (("End", 500), ("ArrowRight", 0), ("ArrowRight", 0)):
        bar.press(stroke)
        page.wait_for_timeout(rest)
        page.get_by_role("link", name="From nothing").click()
        expect(bar).to_have_value("0")
        settle(page)
        page.wait_for_timeout(500)  # what the hand did would have been written by now
        expect(bar).to_have_value("0")
        assert page.url.endswith("scale=0")


def test_what_the_hand_turns_away_from_is_in_the_address_at_once(watched):
    page = watched("geometry")
    bar = page.locator(".st-key-scrub_scale input[type=range]")
    bar.press("End")
    bar.evaluate("bar => bar.blur()")
    assert page.url.endswith("scale=1.2")
