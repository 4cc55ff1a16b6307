"""What a visitor's screen holds: its address, its shared controls, and what its charts have drawn.

`address` makes every address a test opens, `move` is the way to a control, `check_drawn` compares what is drawn with
theory.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
from playwright.sync_api import Frame, Locator, Page, expect

from tests.ui.cases import blocks_of
from theory import METHODS, Array, Spec, compare, draw, fit_all
from ui.language.words import FLOOR
from ui.lessons import EXPERIMENTS, LESSONS, PAGES
from ui.plot.controls import BY_PAGE, CONTROLS, Scale, Slider
from ui.plot.picture import as_html
from ui.plot.route import picture
from ui.plot.view import read_view

# Losses this small are zero computed in floating point; every other loss on these pages is above 1e-6.
ROUNDING = 1e-20
# The server and the test may use different numbers of threads, so that the last digits differ.
SAME = 1e-9

# Streamlit writes the address a tenth of a second after the last stroke; a busy machine takes longer.
ADDRESS_MILLISECONDS = 15_000

BY_STEM = {page.stem: page for page in PAGES}
STEMS = tuple(page.stem for page in EXPERIMENTS)
CONTROL_KEYS = tuple(control.key for control in CONTROLS)
# The view of a page in which every shared control has a say, where the usual one has not.
WHOLE = {"geometry": {"view": "Any dimension"}}


def address(stem: str, **query: object) -> str:
    """Return the address of a page. Tests look at answers: they ask for no guess unless they say so."""
    path = "" if stem == PAGES[0].stem else stem
    return f"/{path}?{urlencode({'guess': 0, **query})}"


def asked(page: Page) -> dict[str, float]:
    """Return what the address asks of the shared controls."""
    return _asked(page.url)


def _asked(url: str) -> dict[str, float]:
    return {key: float(value) for key, value in parse_qsl(urlsplit(url).query) if key in CONTROL_KEYS}


def stem_of(page: Page) -> str:
    """Return which page the address names."""
    return urlsplit(page.url).path.strip("/") or PAGES[0].stem


def spec_of(stem: str, **values: Any) -> Spec:
    """Return what a page computes with: its own fixed settings, then these, then the usual ones."""
    found = {**values, **BY_STEM[stem].fixed}
    return Spec(**{**found, "n_tune": found.get("n_tune") or None})


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def slider(page: Page | Frame, key: str) -> Locator:
    return page.locator(f".st-key-{key} input[type=range]")


def track(page: Page | Frame, key: str) -> Locator:
    """Return what is seen of a slider, where a finger goes; the slider itself is an input nobody sees."""
    return page.locator(f".st-key-{key} [role=group]")


def shown(page: Page) -> dict[str, str]:
    """Return the number that stands at every shared slider, as it is written there."""
    return {key: slider(page, key).get_attribute("aria-valuetext") or "" for key in CONTROL_KEYS}


def move(page: Page, key: str, *strokes: str, to: float | None, settle: Callable[[Page], None]) -> None:
    """Press keys on a shared slider and wait until the page shows the result: `to` in the address, None if usual."""
    thumb = slider(page, key)
    for stroke in strokes:
        thumb.press(stroke)
    page.wait_for_url(lambda url: _asked(url).get(key) == to, timeout=ADDRESS_MILLISECONDS)
    settle(page)


def own_sliders(page: Page, stem: str) -> list[str]:
    """Return the sliders of a page's own that stand on it, but for those that move what is drawn and nothing else."""
    own = [c.key for c in BY_STEM[stem].controls if isinstance(c, Slider | Scale) and not isinstance(c, BY_PAGE)]
    return [key for key in own if slider(page, key).count()]


def step(page: Page, key: str, settle: Callable[[Page], None]) -> None:
    """Move any slider one step, back where that is possible, and wait until the page shows the result."""
    before = page.url
    slider(page, key).press("ArrowLeft" if slider(page, key).input_value() != "0" else "ArrowRight")
    page.wait_for_url(lambda url: url != before, timeout=ADDRESS_MILLISECONDS)
    settle(page)


def menu(page: Page, stem: str) -> Locator:
    """Open the group of a page in the menu, and return the page's link."""
    page.get_by_test_id("stTopNavSection").filter(has_text=BY_STEM[stem].group).click()
    return page.get_by_role("menuitem", name=BY_STEM[stem].title, exact=True)


@contextmanager
def hand_on(page: Page, key: str) -> Iterator[Callable[[float], str]]:
    """Hold a slider: move(0.4) moves it to that share of its way and returns what it stands at; let go at the end."""
    track(page, key).scroll_into_view_if_needed()
    box = track(page, key).bounding_box()
    assert box
    high = box["y"] + box["height"] / 2

    def move(share: float) -> str:
        page.mouse.move(box["x"] + share * box["width"], high, steps=4)
        return slider(page, key).input_value()

    part = slider(page, key).evaluate("e => (e.value - e.min) / (e.max - e.min)")
    page.mouse.move(box["x"] + part * box["width"], high)
    page.mouse.down()
    yield move
    page.mouse.up()


# What a visitor reads, formulas in the words of LaTeX, but for what is said of a guess. Pictures are tested by address.
READ = """() => [...document.querySelectorAll('.stMain [data-testid=stMarkdown], .stMain .caption')]
  .filter((e) => !e.closest('.st-key-verdict'))
  .map((e) => [...e.querySelectorAll('annotation')].map((formula) => formula.textContent).join() || e.innerText)"""


def check_read(page: Page, settle: Callable[[Page], None]) -> None:
    """Compare what is read on a page that has followed its sliders with what its address shows another visitor."""
    read = page.evaluate(READ)
    page.goto(re.sub("guess=1", "guess=0", page.url))
    settle(page)
    trained(page)
    settle(page)
    assert read
    assert page.evaluate(READ) == read


# Charts

PATIENCE = 20_000


def trained(page: Page) -> None:
    """Wait until the networks of a page, if it trains any, are there: a button to stop them stands while they come."""
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=60_000)


# What a chart shows, as one text: its numbers, the lines that stand in it, and its notes.
CONTENT = """chart => JSON.stringify([chart.data.map(t => ['x', 'y', 'z', 'text', 'customdata'].map(k => t[k])),
  chart.layout.shapes, chart.layout.annotations])"""


def content(page: Page, key: str) -> str:
    """Return what the chart of a picture shows, as one text."""
    found: str = page.locator(f".st-key-{key} .js-plotly-plot").evaluate(CONTENT)
    return found


def pictures_show(page: Page | Frame, stem: str, theme: str = "light", **settings: object) -> None:
    """Wait until every picture of a page says, in its name and its caption, what it is at these settings."""
    lesson = LESSONS[stem]
    view = read_view(lesson.page, {"theme": [theme]} | {key: [str(value)] for key, value in settings.items()})
    for key in lesson.shown(view):
        wanted = picture(lesson, key, view)
        element = page.locator(f".st-key-{key}")
        waits = wanted.before and element.locator(".picture").get_attribute("data-at") in (None, "0")
        name = wanted.before if waits else wanted.alt
        expect(element.locator(".picture")).to_have_attribute("aria-label", _said(name), timeout=PATIENCE)
        expect(element.locator(".picture[aria-busy=false] .main-svg").first).to_be_visible(timeout=PATIENCE)
        words = html.unescape(re.sub("<.*?>", "", as_html(wanted.caption).replace("</p>", " ")))
        if words:
            expect(element.locator(".caption")).to_have_text(
                _said(" ".join(words.split())), timeout=PATIENCE, use_inner_text=True
            )


def _said(text: str) -> re.Pattern[str]:
    """Return a pattern of a text, whatever size its rounding errors have: another machine rounds otherwise."""
    parts = re.split(r"(?<=rounding: )[^)]*", text)
    return re.compile("^" + "[^)]*".join(re.sub(r"(\\\s)+", r"\\s*", re.escape(part)) for part in parts) + "$")


TRACES = """
() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => chart.data.map(trace => ({
  meta: trace.meta ?? {}, x: trace.x ?? [], y: trace.y ?? [], customdata: trace.customdata ?? [],
  line: trace.line?.color, name: trace.name ?? '', frames: chart.frames.length,
})))
"""


def traces(page: Page, **meta: object) -> list[dict[str, Any]]:
    """Return the drawn traces whose meta has these entries, of all charts in reading order."""
    drawn = page.evaluate(TRACES)
    return [t for t in drawn if isinstance(t["meta"], dict) and meta.items() <= t["meta"].items()]


def measured(page: Page) -> dict[tuple[str, str], float]:
    """Return every loss a chart shows as a value, by model and loss; the mark stands where the value is."""
    lanes = [t for t in traces(page) if {"model", "loss", "value"} <= t["meta"].keys()]
    for lane in lanes:
        assert lane["x"][-1] == max(lane["meta"]["value"], FLOOR), lane
    return {(lane["meta"]["model"], lane["meta"]["loss"]): lane["meta"]["value"] for lane in lanes}


def weights(page: Page) -> dict[str, Array]:
    """Return the weights of every model drawn as bars, block after block."""
    blocks: dict[str, list[Array]] = {}
    for bars in traces(page):
        if "block" in bars["meta"]:
            bars["customdata"] = np.array(bars["customdata"], dtype=float)
            for model, w in blocks_of(bars).items():
                blocks.setdefault(model, []).append(w)
    return {model: np.concatenate(parts) for model, parts in blocks.items()}


def check_drawn(page: Page, spec: Spec) -> None:
    """Compare every loss and weight on the screen with theory's for this Spec."""
    losses, bars = measured(page), weights(page)
    for record in compare(spec, dict.fromkeys(model for model, _ in losses)):
        for loss in ("remaining_loss", "unlearning_loss"):
            expected, drawn = getattr(record, loss), losses[record.key, loss]
            both_zero = max(expected, drawn) <= ROUNDING
            assert both_zero or abs(drawn - expected) <= SAME * expected, (
                f"{record.key} {loss}: {drawn}, not {expected}"
            )
    bars = {model: w for model, w in bars.items() if model in METHODS}  # others are on their way to one
    fitted, _ = fit_all(draw(spec), bars)
    for model, w in bars.items():
        np.testing.assert_allclose(w, fitted[model], rtol=0, atol=SAME, err_msg=f"weights of {model}")


def chart_boxes(page: Page) -> dict[str, tuple[float, float]]:
    """Return top and height of every chart, by its key."""
    boxes = page.evaluate("""
      () => Object.fromEntries([...document.querySelectorAll('.picture')].map(chart => {
        const { top, height } = chart.getBoundingClientRect();
        const key = chart.closest('[class*="st-key-"]').className.match(/st-key-([\\w-]+)/)[1];
        return [key, [Math.round(top), Math.round(height)]];
      }))""")
    return {key: tuple(box) for key, box in boxes.items()}


# How many traces are really drawn in every panel of every chart: an animated figure may lose some that its data keep.
DRAWN = """() => [...document.querySelectorAll('[class*="st-key-"] .js-plotly-plot')].map(chart =>
  [...chart.querySelectorAll('.cartesianlayer .subplot')].map(panel =>
    [panel.className.baseVal, panel.querySelectorAll('.scatterlayer .trace').length]).filter(([, n]) => n))"""


def drawn_traces(page):
    """Return how many traces the screen shows, by panel, for every chart."""
    return page.evaluate(DRAWN)
