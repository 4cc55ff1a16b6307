"""What only a browser can show of the exact picture: points are dragged, and what a slider moves, moves by keyboard."""

import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screen import address, drawn_traces, move, pictures_show, traces
from theory import Spec, draw, triangle, valley
from ui.lessons.geometry.text import FAR, FORGET, KEEP, NEAR, START, STARTS, TRUTH

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
    open_page(page, address("geometry", view="Any dimension", scale=0.8))
    found = triangle(draw(Spec()), STARTS)
    scrubber = page.get_by_role("slider", name=LABEL, exact=True)
    stands_at(page, found, 40)
    before, ranges, there = len(sent), page.evaluate(AXES), drawn_traces(page)
    for stroke, index in (("Home", 0), ("ArrowRight", 1), ("End", 50), ("ArrowLeft", 49)):
        scrubber.press(stroke)
        stands_at(page, found, index)
        assert scrubber.get_attribute("aria-valuetext").startswith(f"s = {STARTS[index]:.2f}, UL ")
    assert page.evaluate(AXES) == ranges
    assert drawn_traces(page) == there
    page.wait_for_url(re.compile("scale=0.98"))
    assert len(sent) == before

    # A run of the page leaves the slider where it is, and its address too.
    move(page, "seed", "ArrowRight", to=1, settle=settle)
    stands_at(page, triangle(draw(Spec(seed=1)), STARTS), 49)
    assert "scale=0.98" in page.url

    # Whoever wants less motion steps through; a link inside the page moves the slider.
    page.get_by_role("button", name=f"Step: {LABEL}").click()
    stands_at(page, triangle(draw(Spec(seed=1)), STARTS), 50)
    page.get_by_role("link", name="2,000 features").click()
    page.wait_for_url(re.compile("scale=0.8"))
    settle(page)
    stands_at(page, triangle(draw(Spec(d=2000, overlap=0.2, seed=1)), STARTS), 40)  # a case keeps the draw


@pytest.mark.parametrize(("view", "charts"), [("Any dimension", 2), ("Three features", 1)])
def test_every_view_has_a_scrubber_of_its_own(view, charts, page, open_page, settle):
    open_page(page, address("geometry"))
    page.get_by_role("radio", name=view).click()
    page.wait_for_url(re.compile("view="))
    settle(page)
    scrubber = page.locator("[class*=st-key-scrub_] input[type=range]")
    expect(page.locator(".js-plotly-plot")).to_have_count(charts)
    scrubber.press("Home")
    page.wait_for_function("() => [...document.querySelectorAll('.js-plotly-plot')].every(c => c.dataset.frame == 0)")
    expect(scrubber).to_have_attribute("aria-valuetext", re.compile("^0°|^s = 0.00"))


# The valley: points are dragged over the picture.

POINTS = {"Start": START, "Row to keep": KEEP, "Row to forget": FORGET}
# Where the mark of a trace is drawn, in pixels of the window: what the handles have to lie on.
MARK = """meta => {
  const chart = document.querySelector('.st-key-hills .js-plotly-plot');
  const at = chart.data.findIndex((trace) => Object.entries(meta).every(([key, value]) => trace.meta?.[key] === value));
  const box = chart.querySelectorAll('.scatterlayer .trace')[at].querySelector('.points path:last-of-type')
    .getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
PIXELS = 2


def handle(page, label):
    return page.get_by_role("button", name=re.compile(f"^{label}, "))


def middle(found):
    box = found.bounding_box()
    return np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])


def asked_of(page):
    """Where the address says that the three points stand."""
    said = dict(parse_qsl(urlsplit(page.url).query))
    return {label: tuple(float(said.get(c.key, c.usual)) for c in pair) for label, pair in POINTS.items()}


def in_place(page):
    """Assert that the picture shows what the address says, with its models where fine-tuning leads from there."""
    at = asked_of(page)
    keys = {label: [c.key for c in pair] for label, pair in POINTS.items()}
    pictures_show(page, "geometry", **{keys[label][i]: value[i] for label, value in at.items() for i in (0, 1)})
    seen = valley(*(np.array(at[label]) for label in ("Row to keep", "Row to forget", "Start")), np.array(TRUTH))
    (golden,), (start,) = traces(page, model="golden", point=True), traces(page, point="start")
    np.testing.assert_allclose([golden["x"][0], golden["y"][0]], seen.w_g, atol=1e-9)
    np.testing.assert_allclose([start["x"][0], start["y"][0]], seen.start, atol=1e-9)
    assert np.abs(middle(handle(page, "Start")) - page.evaluate(MARK, {"point": "start"})).max() <= PIXELS
    return seen


def drag(page, label, by):
    """Hold a point, move it by pixels, and return what lets it go."""
    handle(page, label).scroll_into_view_if_needed()
    x, y = middle(handle(page, label))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2, steps=3)
    page.mouse.move(x + by[0], y + by[1], steps=3)
    return page.mouse.up


def test_points_are_dragged_by_mouse_and_the_picture_and_the_address_follow(page, open_page, settle, sent):
    open_page(page, address("geometry"))
    in_place(page)
    before, address_before = len(sent), page.url
    for label, by in (("Start", (70, 30)), ("Row to keep", (-20, 60)), ("Row to forget", (90, -20))):
        here, was = asked_of(page)[label], page.url
        range_ = page.evaluate("() => document.querySelector('.st-key-hills .js-plotly-plot').layout.yaxis.range")
        tall = page.evaluate("() => document.querySelector('.st-key-hills .nsewdrag').getBoundingClientRect().height")
        let_go = drag(page, label, by)
        assert page.url == was, "the address follows on release"
        let_go()
        page.wait_for_function("was => location.href !== was", arg=was)
        moved = np.array(asked_of(page)[label]) - here
        np.testing.assert_allclose(moved, np.array([by[0], -by[1]]) * (range_[1] - range_[0]) / tall, atol=0.021)
        in_place(page)
    assert len(sent) == before, "the server ran the page"
    # A run of the page takes the points from the address; dragged back to where they were, they leave it.
    page.get_by_role("link", name="Already on the floor").click()
    page.wait_for_url(lambda url: f"start1={TRUTH[0]}" in url and "keep1" not in url)
    settle(page)
    seen = in_place(page)
    np.testing.assert_allclose(seen.end, seen.start)
    assert address_before != page.url


def test_points_move_by_keyboard_and_stay_inside_of_the_picture(page, open_page):
    open_page(page, address("geometry"))
    for strokes, to in ((["ArrowRight"] * 5 + ["ArrowDown"] * 10, (0, 0)), (["Shift+ArrowUp"], (0, 0.02))):
        for stroke in strokes:
            handle(page, "Start").press(stroke)
        page.wait_for_function("y => Number(new URL(location).searchParams.get('start2')) === y", arg=to[1])
        assert asked_of(page)["Start"] == to
        in_place(page)
        expect(handle(page, "Start")).to_be_focused()
        expect(handle(page, "Start")).to_have_accessible_name(re.compile(rf"^Start, {to[0]} \| {to[1]}: "))
    for _ in range(45):
        handle(page, "Row to keep").press("ArrowRight")
    assert asked_of(page)["Row to keep"] == (FAR[0], KEEP[1].usual)
    in_place(page)
    assert not looks.axe_complaints(page)


def test_a_picture_that_comes_late_takes_no_key_press_back(page, open_page):
    open_page(page, address("geometry"))
    held, pictures = [], "**/figures/geometry/hills?*"
    page.route(pictures, lambda route: held.append(route))
    start = asked_of(page)["Start"]
    for presses in range(1, 4):
        handle(page, "Start").press("ArrowRight")
        page.wait_for_function(
            "x => Number(new URL(location).searchParams.get('start1')) === x", arg=round(start[0] + 0.1 * presses, 2)
        )
        if presses == 2:
            for _ in range(500):  # the address is there before the picture is asked for
                if held:
                    break
                page.wait_for_timeout(20)
            with page.expect_response(pictures):
                held.pop(0).continue_()
            page.wait_for_timeout(300)
    page.route(pictures, lambda route: route.continue_())
    for route in held:
        route.continue_()
    in_place(page)


@pytest.mark.browser_context_args(viewport=looks.PHONE, device_scale_factor=2, has_touch=True, is_mobile=True)
def test_points_are_dragged_by_a_finger(page, open_page):
    open_page(page, address("geometry"))
    point = handle(page, "Start")
    point.scroll_into_view_if_needed()
    scrolled = "() => document.querySelector('[data-testid=stMain]').scrollTop"
    x, y = middle(point)
    finger, before = page.context.new_cdp_session(page), page.evaluate(scrolled)
    for kind, down in (("touchStart", 0), ("touchMove", 25), ("touchMove", 50)):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + down, "y": y + down}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_url(lambda url: "start1=" in url)
    (x0, y0), (x1, y1) = (c.usual for c in START), asked_of(page)["Start"]
    assert x1 > x0
    assert y1 < y0
    assert page.evaluate(scrolled) == before, "the page scrolled"
    in_place(page)


def test_the_ball_rolls_when_the_reader_says_so(page, open_page):
    page.emulate_media(reduced_motion="no-preference")
    open_page(page, address("geometry", start1=NEAR[0]))
    seen = in_place(page)
    (ball,) = traces(page, model="fine_tune", end=True)
    np.testing.assert_allclose([ball["x"][0], ball["y"][0]], seen.start)
    page.get_by_role("button", name="Fine-tune: Steps of fine-tuning").click()
    page.wait_for_function("() => document.querySelector('.st-key-hills .js-plotly-plot').dataset.frame == 40")
    (ball,) = traces(page, model="fine_tune", end=True)
    np.testing.assert_allclose([ball["x"][0], ball["y"][0]], seen.end, atol=1e-3)
    expect(page.locator(".st-key-hills").get_by_text("fine-tuned", exact=True)).to_be_visible()


def test_the_bars_that_stand_still_stay_while_fine_tuning_runs(page, open_page):
    open_page(page, address("geometry"))
    bars = page.locator(".st-key-errors .barlayer .point")
    expect(bars).to_have_count(3)
    page.locator("[class*=st-key-scrub_] input[type=range]").press("End")
    page.wait_for_function("() => [...document.querySelectorAll('.js-plotly-plot')].every(c => c.dataset.frame == 40)")
    expect(bars.locator("text")).to_have_text(["1.65", "0", "0.303"])
