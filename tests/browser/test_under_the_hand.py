"""Pictures under the hand: they show what a slider shows, without a run of the page, whatever is slow or missing."""

import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser import looks
from tests.browser.conftest import REFUSED, forgive, running_server, wait_until_settled
from tests.browser.screen import (
    CONTENT,
    address,
    check_drawn,
    check_read,
    content,
    hand_on,
    menu,
    move,
    pictures_show,
    slider,
    spec_of,
    title,
    traces,
    trained,
)
from ui.lessons import LESSONS, PICTURED
from ui.plot.controls import CONTROLS, Grab, Scale, Scrub, Slider
from ui.plot.view import read_view


class Line:
    """What the page tells Streamlit: written down, and kept back from `hold` on until it is let `go`."""

    def __init__(self, page):
        self.sent, self.kept, self.holds = [], [], False
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, line):
        server = line.connect_to_server()

        def pass_on(message):
            self.sent.append(message)
            self.kept.append(lambda: server.send(message))
            if not self.holds:
                self._go()

        line.on_message(pass_on)

    def hold(self):
        self.holds = True

    def go(self):
        self.holds = False
        self._go()

    def _go(self):
        while self.kept:
            self.kept.pop(0)()


@pytest.fixture
def line(page):
    return Line(page)


@pytest.fixture
def asked_for(page):
    """The addresses of the pictures that were asked for."""
    found = []
    page.on("request", lambda request: "/figures/" in request.url and found.append(request.url))
    return found


ON_THE_PAGE = {
    "overlap": ["overlap", "d", "noise"],
    "dynamics": ["decay", "step_size"],
    "regularize": ["alpha", "mu"],
}


@pytest.mark.parametrize("stem", ON_THE_PAGE)
def test_pictures_and_captions_follow_the_hand_and_a_release_asks_nothing_again(
    stem, page, open_page, settle, line, asked_for
):
    begun = {"step": 100} if stem == "dynamics" else {}  # its other pictures wait for the motion
    open_page(page, address(stem, **begun))
    own = {c.key: c for c in CONTROLS}
    settings = {}
    for key in ON_THE_PAGE[stem]:
        line.sent.clear()
        with hand_on(page, key) as drag:
            for share in (0.3, 0.1):
                drag(share)
                said = slider(page, key).get_attribute("aria-valuetext")
                value = slider(page, key).input_value() if key in own else said
                settings[key] = f"{float(value):.12g}"
                pictures_show(page, stem, **settings)
            assert line.sent == [], f"the server was told of {key} under the hand"
            asked_for.clear()
        page.wait_for_url(lambda url, key=key: f"{key}=" in url)
        settle(page)
        assert line.sent
        assert asked_for == [], f"pictures of {key} were asked for again"
        pictures_show(page, stem, **settings)


def test_what_stands_below_keeps_its_place_while_words_come_and_go_under_the_hand(page, open_page):
    settings = {"d": 100, "n_forget": 60, "noise": 0.5}
    open_page(page, address("overlap", n_retain=200, **settings))
    caption, below = page.locator(".st-key-curve .caption"), page.get_by_role("heading", name="Where the models keep")
    words, place = len(caption.inner_text()), below.bounding_box()["y"]
    with hand_on(page, "n_retain") as drag:
        seen = []
        for share in (0.16, 0.4):  # first to the peak of golden's error, about which there is more to say
            drag(share)
            pictures_show(page, "overlap", n_retain=slider(page, "n_retain").input_value(), **settings)
            seen.append((len(caption.inner_text()), below.bounding_box()["y"]))
        (most, lower), (fewer, there) = seen
        assert most > words + 100
        assert lower > place
        assert fewer < most - 100
        assert there == lower


# Pages with data of their own: their sliders at the usual settings. A part that is not shown has others.
OWN = [row for row in PICTURED if not row.experiment]


@pytest.mark.parametrize("row", OWN, ids=lambda row: row.stem)
def test_a_page_with_data_of_its_own_waits_for_a_guess_and_its_pictures_follow_every_slider(
    row, page, open_page, settle, line
):
    lesson = LESSONS[row.stem]
    open_page(page, address(row.stem, guess=1))
    box = page.locator(".st-key-guess_box")
    expect(box).to_contain_text(row.prediction.question)
    hidden = read_view(row, {"told": ["0"]})
    expect(page.locator(".picture")).to_have_count(len(lesson.shown(hidden)))
    assert not looks.axe_complaints(page)
    box.get_by_role("radio").or_(box.get_by_role("button", name="This is my guess")).first.press("Enter")
    expect(box).to_have_count(0)
    settle(page)
    trained(page)
    settle(page)
    view = read_view(row, {})
    shown = lesson.shown(view)
    expect(page.locator(".picture")).to_have_count(len(shown))
    for control in row.controls:
        if not isinstance(control, Slider | Scale) or isinstance(control, Scrub | Grab):
            continue
        if not slider(page, control.key).count():
            assert row.only, f"{control.key} is not on the page"
            continue
        key = next(k for k, drawing in shown.items() if drawing.follows is None or control.key in drawing.follows)
        line.sent.clear()
        with hand_on(page, control.key) as drag:
            for share in (0.9, 0.15):
                stood, before = slider(page, control.key).input_value(), content(page, key)
                if drag(share) == stood:
                    continue  # a scale has few values
                page.wait_for_function(
                    f"before => ({CONTENT})(document.querySelector('.st-key-{key} .js-plotly-plot')) !== before",
                    arg=before,
                )
                break
            assert line.sent == [], f"the server was told of {control.key} under the hand"
        page.wait_for_url(lambda url, key=control.key: f"{key}=" in url)
        settle(page)
        trained(page)
        settle(page)
        if lesson.around:
            runs = [BackMsg.FromString(message).rerun_script for message in line.sent]
            assert all(run.fragment_id for run in runs), f"the whole page ran for {control.key}"
    check_read(page, settle)


def test_a_press_is_drawn_though_the_run_never_begins(page, open_page, settle, line):
    open_page(page, address("overlap"))
    words = page.get_by_test_id("stMarkdown").all_inner_texts()
    line.hold()
    for _ in range(3):
        slider(page, "seed").press("ArrowRight")
    pictures_show(page, "overlap", seed=3)
    check_drawn(page, spec_of("overlap", seed=3))
    page.wait_for_url("**seed=3*")
    assert page.get_by_test_id("stMarkdown").all_inner_texts() == words
    # So is another theme.
    page.emulate_media(color_scheme="dark")
    looks.until_repainted(page, "dark")
    assert not looks.ink_complaints(page, "dark")
    line.go()
    settle(page)
    assert page.get_by_test_id("stMarkdown").all_inner_texts() != words
    pictures_show(page, "overlap", "dark", seed=3)


SLOW_DRAWING = """() => {
  const { react } = Plotly;
  Plotly.react = async (...how) => { await new Promise((go) => setTimeout(go, 400)); return react(...how); };
}"""


def test_what_is_refused_under_the_hand_is_said_in_place_of_the_picture(page, open_page, line, browser_errors):
    open_page(page, address("overlap", n_retain=20))
    line.sent.clear()
    sentence = page.locator(".st-key-curve .refusal")
    page.evaluate(SLOW_DRAWING)
    with hand_on(page, "n_tune") as drag:
        for _ in range(2):
            drag(0.03)
            page.wait_for_timeout(250)  # pictures are there and wait to be drawn
            drag(0.9)
            expect(sentence).to_contain_text("n_tune must be a whole number between 1 and 20, got ")
            expect(page.locator(".refusal").filter(visible=True)).to_have_count(3)
            expect(page.locator(".picture .plot").filter(visible=True)).to_have_count(0)
            expect(page.locator(".picture[aria-busy=true]")).to_have_count(0)
            drag(0.02)
            expect(sentence).to_be_hidden()
            pictures_show(page, "overlap", n_retain=20, n_tune=slider(page, "n_tune").input_value())
        assert line.sent == []
    forgive(browser_errors, REFUSED)


WITHOUT = {
    "the address": "Object.defineProperty(window, 'navigation', { value: undefined });",
    "the hand": """window.MutationObserver = class extends MutationObserver {
      observe(node, how) { if (!how.attributeFilter?.includes('value')) super.observe(node, how); }
    };""",
}


@pytest.mark.parametrize("missing", [["the hand"], [*WITHOUT]], ids=" and ".join)
def test_where_a_browser_does_not_say_so_pictures_follow_the_address(missing, page, open_page, settle):
    for name in missing:
        page.add_init_script(WITHOUT[name])
    open_page(page, address("overlap"))
    for seed in (1, 2):
        move(page, "seed", "ArrowRight", to=seed, settle=settle)
        pictures_show(page, "overlap", seed=seed)
    menu(page, "distinct").click()
    expect(title(page)).to_have_text("When the features share nothing")
    settle(page)
    pictures_show(page, "distinct", seed=2)


def test_in_a_frame_of_another_page(page, server):
    page.set_content(f"<iframe src='{server.url}{address('overlap', d=40)}' width=1200 height=800></iframe>")
    frame = page.frames[1]
    frame.wait_for_selector(".picture .main-svg")
    wait_until_settled(frame)
    slider(frame, "seed").press("ArrowRight")
    pictures_show(frame, "overlap", d=40, seed=1)
    wait_until_settled(frame)


def test_under_a_path(page, open_page, settle, tmp_path):
    with running_server(tmp_path / "log.txt", path="/school") as server:
        for stem in ("start", "overlap"):
            open_page(page, server.url + address(stem, d=40))
            move(page, "seed", "ArrowRight", to=1, settle=settle)
            pictures_show(page, stem, d=40, seed=1)
        assert urlsplit(page.url).path == "/school/overlap"
        page.goto("about:blank")


# The way to the server and back takes long, and never equally long.
FAR = """(() => {
  const real = window.fetch;
  let count = 0;
  window.fetch = async (...how) => {
    const slow = String(how[0]).includes('/figures/'), number = count++;
    const wait = () => new Promise((go) => setTimeout(go, slow ? [150, 20, 80][number % 3] : 0));
    await wait();
    const answer = await real(...how);
    await wait();
    return answer;
  };
})()"""


@pytest.fixture
def slow(page):
    """A browser far from its server; `slow()` makes its machine four times slower."""
    page.add_init_script(FAR)
    session = page.context.new_cdp_session(page)
    yield lambda: session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def test_on_a_slow_machine_the_last_value_is_what_is_shown_at_last(page, open_page, settle, slow):
    open_page(page, address("overlap", d=40))
    slow()
    with hand_on(page, "overlap") as drag:
        for share in (0.5, 0.8, 0.2, 0.6, 0.9, 0.35):
            value = drag(share)
        page.set_viewport_size({"width": 800, "height": 700})
        pictures_show(page, "overlap", d=40, overlap=f"{float(value):.12g}")
    page.set_viewport_size({"width": 1300, "height": 900})
    page.evaluate(looks.BOXES_REST)
    assert not looks.layout_complaints(page)
    # Left while pictures are on their way, and left again.
    slider(page, "seed").press("ArrowRight")
    menu(page, "about").click()
    expect(title(page)).to_have_text("Where this comes from")
    menu(page, "distinct").click()
    page.set_viewport_size({"width": 1000, "height": 700})
    expect(title(page)).to_have_text("When the features share nothing")
    settle(page)
    pictures_show(page, "distinct", d=40, seed=1, overlap=f"{float(value):.12g}")


def test_a_zoom_outlasts_a_move_of_the_data(page, open_page, settle):
    def loosen(route):
        answer = route.fetch()
        said = answer.json()
        for name, axis in said["layout"].items():
            if name.startswith(("xaxis", "yaxis")):
                axis["fixedrange"] = False
        said["layout"]["dragmode"] = "zoom"
        route.fulfill(response=answer, json=said)

    page.route("**/figures/overlap/curve?*", loosen)
    open_page(page, address("overlap"))
    box = page.locator(".st-key-curve .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    zoomed = "() => document.querySelector('.st-key-curve .js-plotly-plot').layout.xaxis.range"
    page.wait_for_function(f"() => ({zoomed})()[0] > 10")
    before = page.evaluate(zoomed)
    for seed in (1, 2):
        move(page, "seed", "ArrowRight", to=seed, settle=settle)
        pictures_show(page, "overlap", seed=seed)
        assert page.evaluate(zoomed) == pytest.approx(before)


def flooded(url):
    """Ask for a large picture as nobody's browser would; return how that is answered."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_flood_is_refused_and_harms_nobody_else(page, server, open_page, settle):
    open_page(page, address("overlap", d=40))
    large = f"{server.url}/figures/overlap/curve?d=1500&n_retain=200&n_forget=200&seed="
    with ThreadPoolExecutor(40) as crowd:
        answers = [crowd.submit(flooded, f"{large}{seed}") for seed in range(40)]
        move(page, "seed", "ArrowRight", to=1, settle=settle)
        pictures_show(page, "overlap", d=40, seed=1)
    assert {answer.result() for answer in answers} == {200, 429}


def test_the_hand_on_a_scrubber_of_the_page_and_its_sliders_do_not_disturb_each_other(page, open_page, settle, line):
    triangle = {"view": "Any dimension"}
    open_page(page, address("geometry", scale=0.8, **triangle))
    scrubber = page.locator(".st-key-scrub_scale input[type=range]")
    scrubber.press("Home")
    line.sent.clear()
    with hand_on(page, "overlap") as drag:
        value = drag(0.2)
        pictures_show(page, "geometry", overlap=f"{float(value):.12g}", scale=0, **triangle)
        assert line.sent == []
    settle(page)
    expect(scrubber).to_have_value("0")
    (mark,) = traces(page, mark="current start")
    assert mark["x"][0] == 0
