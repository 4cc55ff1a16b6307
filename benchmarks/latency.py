"""How long a visitor waits for a new picture, in a real Chromium: every page against a bare Streamlit page, in turns.

A press of an arrow key moves the first slider that changes a chart, to a value nobody has asked for yet. Measured in
the browser's clock, from the key press:

  first   until the first chart's new data has been painted, against the bare page with one slider and one chart
  last    until the last chart that changes has been painted, against a bare page with as many charts that change
  cold    from the start of a visit with an empty browser cache until the first chart has been painted

The bare page (benchmarks/bare/) uses st.plotly_chart as most people would, in the project's .streamlit/config.toml; a
table of its own shows it drawn as the project draws (theme=None) and in Streamlit's own configuration. Pages whose
slider works in the browser alone are scrubbed as well, without a server.

One round visits the page and its bare pages one after the other, with data of its own, so that what the machine does
meanwhile meets all of them. The guess is answered (guess=0), so that every chart is drawn.
"""

import argparse
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks._places import BARE, PATHS, STEMS, STREAMLITS_OWN, data_of
from benchmarks._report import machine, pages, show, verdict, write
from benchmarks._server import rested_server
from tests.browser import chromium
from tests.browser.conftest import LAUNCH_ARGUMENTS, running_server

WATCH = (Path(__file__).parent / "_repaint.js").read_text()
# How long each wait may be beside the bare page's.
BARS = {"first": 0.8, "last": 0.9, "cold": 1.2}
# Milliseconds without a change after which a page rests, and after which one is given up.
QUIET, LIMIT = 200, 30_000
# Milliseconds at rest after which a press has changed nothing.
PATIENCE = 3_000
# What goes on by itself changes charts, too: milliseconds after which it has begun, and what is there until it is done.
BEGUN, AT_WORK = 1_000, '[data-testid="stProgress"]'
SCRUBBER = '[class*="st-key-scrub_"] input[type=range]'
# Windows behind others are drawn as if they were in front.
ARGUMENTS = (*LAUNCH_ARGUMENTS, "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding")


HEAD = ["", "slider", "charts"]
HEAD += [cell for what in ("first", "last", "cold") for cell in (f"{what}", "bare", "ratio", "")] + ["scrub"]


class StillError(Exception):
    """A page on which nothing that can be measured moves, with the reason."""


@dataclass
class Times:
    """What was measured on one page, in milliseconds."""

    cold: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    scrub: list[float] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    slider: str = ""

    @property
    def charts(self) -> int:
        """How many charts a press changes, most of the time."""
        return Counter(self.changed).most_common(1)[0][0]

    def medians(self) -> dict[str, float]:
        """Return the median of every measurement that was made."""
        taken = {"cold": self.cold, "first": self.first, "last": self.last, "scrub": self.scrub}
        return {name: statistics.median(times) for name, times in taken.items() if times}


def press(page: Page, key: str) -> dict[str, float]:
    """Press a key and return, by chart that changed, the milliseconds until it had been painted."""
    page.evaluate(WATCH, {"quiet": QUIET, "limit": LIMIT, "patience": PATIENCE})
    before = page.url
    page.keyboard.press(key)
    found = page.evaluate("() => window.repainted")
    if found["late"] or not found["changed"]:
        drawn = "charts were drawn again as they were" if found["drawn"] else "no chart was drawn"
        raise StillError(f"after a press {drawn} in {found['seconds']:.1f} s, from {before} to {page.url}")
    return dict(found["changed"])


def movable(page: Page) -> Locator:
    """Return the first slider the server answers, of those that are not disabled, whose press changes a chart."""
    for slider in page.locator('[data-testid="stSlider"]').get_by_role("slider").all():
        if slider.is_enabled() and slider.get_attribute("aria-disabled") != "true":
            slider.focus()
            try:
                press(page, inward(slider))
            except StillError:
                continue
            return slider
    raise StillError("no slider whose press changes a chart")


def inward(slider: Locator) -> str:
    """Return the arrow key with the longer way in front of it."""
    value, low, high = slider.evaluate(
        "e => ['value', 'min', 'max'].map(n => Number(e.getAttribute('aria-value' + (n === 'value' ? 'now' : n))"
        " ?? e[n]))"
    )
    return "ArrowRight" if high - value >= value - low else "ArrowLeft"


@dataclass(frozen=True)
class Meter:
    """A browser and how often to measure in it; `slowdown` is how many times slower its processor is made."""

    browser: Browser
    rounds: int
    presses: int
    slowdown: float

    def visit(self, url: str, times: Times) -> None:
        """Open a page in a fresh context, press and scrub, and note what it took; first presses do not count."""
        context = self.browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        try:
            context.add_init_script(
                f"if (window === top) {WATCH.strip()}({{ quiet: 500, limit: {LIMIT}, patience: {LIMIT} }})"
            )
            page = context.new_page()
            if self.slowdown > 1:
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": self.slowdown})
            page.goto(url, wait_until="commit")
            found = page.evaluate("() => window.repainted")
            if found["late"] or not found["changed"]:
                raise StillError("no chart, or it never rests")
            times.cold.append(min(found["changed"].values()))
            page.wait_for_timeout(BEGUN)
            page.wait_for_selector(AT_WORK, state="detached", timeout=LIMIT)
            slider = movable(page)
            times.slider = slider.get_attribute("aria-label") or "unnamed"
            for painted in self.moved(page, slider):
                times.first.append(min(painted.values()))
                times.last.append(max(painted.values()))
                times.changed.append(len(painted))
            if page.locator(SCRUBBER).count():
                times.scrub += [max(painted.values()) for painted in self.moved(page, page.locator(SCRUBBER).first)]
        finally:
            context.close()

    def moved(self, page: Page, slider: Locator) -> list[dict[str, float]]:
        """Press the arrow key of a slider one time more than is counted; return when which chart had been painted."""
        slider.focus()
        key = inward(slider)
        return [press(page, key) for _ in range(self.presses + 1)][1:]

    def in_rounds(self, visits: Mapping[str, Callable[[int], str]]) -> dict[str, Times]:
        """Return the times of every address, a function of the round, in turns; a first visit does not count."""
        times = {name: Times() for name in visits}
        for url in visits.values():
            self.visit(url(self.rounds), Times())
        for number in range(self.rounds):
            for name, url in visits.items():
                self.visit(url(number), times[name])
        return times

    def changing(self, url: str) -> int:
        """Return how many charts a press changes on a page."""
        times = Times()
        self.visit(url, times)
        return times.charts


def always(url: str) -> Callable[[int], str]:
    """Return the address of every round for a page that is the same in all."""
    return lambda _: url


def address_of(server: str, stem: str, query: str) -> Callable[[int], str]:
    """Return the address of a page in every round, on data of the round's own."""
    return lambda number: f"{server}/{PATHS[stem]}?guess=0&{query}&{data_of(stem, number)}"


def against_bare(meter: Meter, address: Callable[[int], str], one: str, many: str) -> dict[str, Times]:
    """Return the times of a page, whose address has other data for each number, and of the bare pages beside it."""
    visits = {"page": address, "one": always(one)}
    charts = meter.changing(address(meter.rounds + 1))
    if charts > 1:
        visits["as many"] = always(f"{many}/?charts={charts}")
    return meter.in_rounds(visits)


def as_row(stem: str, times: dict[str, Times]) -> list[str]:
    """Return one line of the table: each wait, the bare page's, their ratio, and whether it is within the bar."""
    page, one = times["page"].medians(), times["one"].medians()
    against = {"first": one["first"], "last": times.get("as many", times["one"]).medians()["last"], "cold": one["cold"]}
    row = [stem, times["page"].slider, str(times["page"].charts)]
    for name, bare in against.items():
        row += [
            f"{page[name]:.0f}",
            f"{bare:.0f}",
            f"{page[name] / bare:.2f}",
            verdict(page[name] <= BARS[name] * bare),
        ]
    return [*row, f"{page['scrub']:.0f}" if "scrub" in page else ""]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", default="all", help=f"'all' or names with commas: {','.join(STEMS)}")
    parser.add_argument("--n", type=int, default=5, help="counted presses in each round (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, each a fresh visit (default %(default)s)")
    parser.add_argument("--cpu", type=float, default=1, help="how many times slower to make the browser's processor")
    parser.add_argument("--query", default="", help="more of the pages' address, for example 'd=2000&noise=0.5'")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()
    chosen = pages(options.pages, STEMS, parser)

    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    results: dict[str, dict[str, object]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        start = stack.enter_context
        one = start(running_server(folder / "one.txt", BARE / "one_chart.py")).url
        many = start(running_server(folder / "many.txt", BARE / "charts.py")).url
        plain = start(running_server(folder / "plain.txt", BARE / "one_chart.py", folder, STREAMLITS_OWN)).url
        browser = start(sync_playwright()).chromium.launch(executable_path=chromium.find(), args=list(ARGUMENTS))
        stack.callback(browser.close)

        meter = Meter(browser, options.rounds, options.n, options.cpu)
        bare = meter.in_rounds(
            {
                "one chart, as most would write it": always(one),
                "one chart, theme=None": always(f"{many}/?charts=1&own=1"),
                "one chart, Streamlit's own configuration": always(plain),
            }
        )
        baseline = next(iter(bare.values())).medians()
        show(
            f"the bare page, medians of {options.rounds} x {options.n} presses, ms",
            ["", "press", "ratio", "cold", "ratio"],
            [
                [
                    name,
                    f"{m['first']:.0f}",
                    f"{m['first'] / baseline['first']:.2f}",
                    f"{m['cold']:.0f}",
                    f"{m['cold'] / baseline['cold']:.2f}",
                ]
                for name, m in ((name, times.medians()) for name, times in bare.items())
            ],
        )
        results["bare"] = {name: vars(times) for name, times in bare.items()}
        rows = []
        for stem in chosen:
            with rested_server([stem], folder / "app.txt") as app:
                try:
                    times = against_bare(meter, address_of(app.url, stem, options.query), one, many)
                    results[stem] = {name: vars(taken) for name, taken in times.items()}
                    rows.append(as_row(stem, times))
                except StillError as reason:
                    rows.append([stem, f"not measured: {reason}", *[""] * (len(HEAD) - 2)])
            print(f"  {' '.join(filter(None, rows[-1]))}", file=sys.stderr, flush=True)
    show(
        f"key press to new picture, medians of {options.rounds} x {options.n} presses, ms and ratio to the bare page "
        f"(bars {', '.join(f'{name} {bar:g}' for name, bar in BARS.items())})",
        HEAD,
        rows,
    )
    write(options.json, {"bars": BARS, "pages": results})


if __name__ == "__main__":
    main()
