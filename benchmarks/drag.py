"""What a hand sees while it drags a slider: how many of its values are drawn, and how long the last one takes.

Every page's slider is dragged with the mouse in a real Chromium, in steps of a frame, held still, and only then let go:
nothing that is counted comes from the release, and no run of the page belongs to it.

  values    distinct values the slider showed while it was dragged
  pictures  distinct contents of the first chart that changes, as frames of the browser showed them
  fps       pictures / seconds of the drag
  settle    ms from the slider's last value to the frame that shows its picture
  redraw    ms that plotly.js alone takes to draw that chart with other numbers, to the next frame: the least a picture
            can take (with the same numbers it leaves out most of the work)
  ratio     settle / redraw
  runs      runs of the page meanwhile
  errors    pictures that were refused or did not come
  order     yes where the pictures of every chart came in the order in which they had been asked for

--quota is a slow machine, whose server has such a share of one core: there fewer pictures come, which is not judged;
an error, or an answer before an earlier one, fails.
"""

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks._places import PATHS, STEMS, data_of, sliders
from benchmarks._quota import slowed
from benchmarks._report import machine, pages, show, verdict, write
from benchmarks._server import rested_server
from tests.browser import chromium
from tests.browser.conftest import LAUNCH_ARGUMENTS
from ui.lessons import BY_STEM

# Sliders of a page that are dragged, the first ones.
MOST = 4
LARGE = "d=1990&n_retain=250&n_forget=250"
# Of ten values nine are drawn; the last takes at most twice what plotly.js needs; a large experiment shows 5 a second.
SHARE, RATIO, LEAST = 0.9, 2.0, 5.0
# Milliseconds in which the last picture comes, and pixels of the way.
HELD, WAY = 1500, 150
HEAD = ["", "values", "pictures", "fps", "settle", "redraw", "ratio", "runs", "errors", "order", ""]

WATCH = """key => {
  const input = document.querySelector(`.st-key-${key} input[type=range]`);
  const log = window.dragged = { values: [], frames: [], runs: 0, on: true };
  const sampled = (list) => list && list.length
    ? Array.from({ length: 33 }, (_, i) => list[Math.floor((i * (list.length - 1)) / 32)]).join() + list.length : '';
  const shown = trace => ['x', 'y', 'z'].map(key => sampled(trace[key])).join('|');
  const content = ({ data, layout }) => (data ?? []).map(shown).join(';')
    + (layout?.annotations ?? []).map(note => note.text).join() + JSON.stringify(layout?.shapes ?? '');
  new MutationObserver(() => {
    if (log.values.at(-1)?.[1] !== input.value) log.values.push([performance.now(), input.value]);
  }).observe(input, { attributes: true });
  const app = document.querySelector('[data-testid="stApp"]');
  new MutationObserver(() => { if (app.dataset.testScriptState === 'running') log.runs++; })
    .observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] });
  const seen = new Map();
  const look = () => {
    document.querySelectorAll('.js-plotly-plot').forEach((chart, i) => {
      const now = content(chart);
      if (seen.has(i) && seen.get(i) !== now) log.frames.push([performance.now(), i]);
      seen.set(i, now);
    });
    if (log.on) requestAnimationFrame(look);
  };
  look();
}"""
REDRAW = """async i => {
  const chart = document.querySelectorAll('.js-plotly-plot')[i], taken = [];
  for (let k = 0; k < 7; k++) {
    const moved = list => Array.from(list, v => typeof v === 'number' ? v * (1 + 1e-3 * (1 + k % 2)) : v);
    const other = chart.data.map(trace => Object.fromEntries(Object.entries(trace).map(
      ([key, v]) => [key, ['x', 'y', 'z'].includes(key) && v?.length ? moved(v) : v])));
    const start = performance.now();
    await window.Plotly.react(chart, other, { ...chart.layout });
    await new Promise(done => requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = done;
      after.port2.postMessage(0);
    }));
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b)[3];
}"""


def grip(page: Page, key: str) -> tuple[float, float, float]:
    """Take hold of a slider's thumb; return where it is, and how far it can be dragged to the longer side."""
    slider = page.locator(f".st-key-{key} .stSlider").bounding_box()
    thumb = page.locator(f".st-key-{key} [data-testid=stSliderThumbValue]").bounding_box()
    if slider is None or thumb is None:
        raise StillError(f"the page shows no slider {key}")
    x, y = thumb["x"] + thumb["width"] / 2, slider["y"] + slider["height"] - 12
    for up in (0, -4, -8, 4):  # the thumb is small
        page.mouse.move(x, y + up)
        page.mouse.down()
        page.mouse.move(x + 3, y + up)
        page.wait_for_timeout(60)
        if page.evaluate("window.dragged.values.length"):
            right = slider["x"] + slider["width"] - x - 8
            return x + 3, y + up, min(WAY, right) if right > 40 else -min(WAY, x - slider["x"] - 8)
        page.mouse.up()
    raise StillError(f"the thumb of {key} cannot be taken")


class StillError(Exception):
    """A slider that the page does not show, or that moves nothing."""


class Asked:
    """The pictures that a page asks for, and what became of them."""

    def __init__(self, page: Page) -> None:
        self.sent, self.came = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        self.errors = 0
        page.on("request", lambda request: self._note(self.sent, request.url))
        page.on("requestfinished", lambda request: self._note(self.came, request.url))
        page.on("requestfailed", lambda request: self._fail("/figures/" in request.url))
        page.on("response", lambda response: self._fail("/figures/" in response.url and response.status >= 400))

    def _note(self, list_: dict[str, list[str]], url: str) -> None:
        if "/figures/" in url:
            list_[urlsplit(url).path].append(url)

    def _fail(self, failed: bool) -> None:
        self.errors += failed

    def in_order(self) -> bool:
        """Whether each chart's pictures came as they were asked for."""
        return all(came == self.sent[path][: len(came)] for path, came in self.came.items())


def drag(browser: Browser, url: str, key: str, seconds: float) -> dict[str, float]:
    """Drag a slider on a page that nobody has dragged on; return what was seen. StillError where it moves nothing."""
    page = browser.new_page(viewport={"width": 1440, "height": 1100})
    try:
        asked = Asked(page)
        page.goto(url)
        page.wait_for_selector(".js-plotly-plot .main-svg", timeout=60_000)
        page.wait_for_timeout(2500)
        if not page.locator(f".st-key-{key} input[type=range]").count():
            raise StillError(f"the page does not show {key}")
        page.evaluate(WATCH, key)
        x, y, way = grip(page, key)
        steps = int(60 * seconds)
        begin = page.evaluate("performance.now()")
        for i in range(steps):
            page.mouse.move(x + way * (i + 1) / steps, y)
            page.wait_for_timeout(8)
        end = page.evaluate("performance.now()")
        page.wait_for_timeout(HELD)
        log: dict[str, Any] = page.evaluate("() => { window.dragged.on = false; return window.dragged; }")
        page.mouse.up()
        first = min((i for _, i in log["frames"]), default=None)
        if first is None:
            raise StillError(f"no chart moves while {key} is dragged")
        mine = [when for when, i in log["frames"] if i == first and when >= begin]
        moved = [when for when, _ in log["values"]]
        return {
            "values": len({value for _, value in log["values"]}),
            "pictures": len(mine),
            "fps": 1000 * sum(when <= end for when in mine) / (end - begin),
            "settle": max(mine[-1] - moved[-1], 0.0),
            "redraw": page.evaluate(REDRAW, first),
            "runs": log["runs"],
            "errors": asked.errors,
            "order": float(asked.in_order()),
        }
    finally:
        page.close()


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pages", default="start,overlap,remedy,regularize", help=f"'all' or some of {','.join(STEMS)}"
    )
    parser.add_argument("--seconds", type=float, default=1.5, help="of one drag (default %(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="drags of each slider (default %(default)s)")
    parser.add_argument("--quota", type=float, default=0, help="share of one core that the server has, such as 0.5")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()
    chosen = pages(options.pages, STEMS, parser)
    if not 0 <= options.quota <= 1:
        parser.error("--quota takes a share from 0 to 1; 0 is none")

    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    results: dict[str, dict[str, float]] = {}
    rows = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.find(), args=list(LAUNCH_ARGUMENTS))
        with rested_server(chosen, Path(folder) / "app.txt") as app, slowed(app.pid, options.quota) as speed:
            print(f"  the server: {speed}", file=sys.stderr, flush=True)
            tasks = [(stem, key, "") for stem in chosen for key in sliders(stem)[:MOST]]
            tasks += [(stem, "noise", f"&{LARGE}") for stem in chosen if BY_STEM[stem].experiment]
            for stem, key, more in tasks:
                name = f"{stem}, {key}{', large' if more else ''}"
                start = f"{app.url}/{PATHS[stem]}?guess=0"
                try:
                    turns = [
                        drag(browser, f"{start}&{data_of(stem, turn)}{more}", key, options.seconds)
                        for turn in range(options.repeat)
                    ]
                except StillError as reason:
                    rows.append([name, f"not measured: {reason}", *[""] * (len(HEAD) - 2)])
                    print(f"  {name}: {reason}", file=sys.stderr, flush=True)
                    continue
                found = {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}
                found["ratio"] = found["settle"] / found["redraw"]
                found["errors"] = sum(turn["errors"] for turn in turns)
                found["order"] = min(turn["order"] for turn in turns)
                results[name] = found
                keeps = bool(options.quota) or (found["fps"] >= LEAST if more else _keeps(found))
                cells = ("values", "pictures", "fps", "settle", "redraw")
                row = [name, *(f"{found[c]:.0f}" for c in cells), f"{found['ratio']:.2f}", f"{found['runs']:.0f}"]
                row += [f"{found['errors']:.0f}", "yes" if found["order"] else "NO"]
                sound = found["order"] and not found["errors"] and not found["runs"]
                rows.append([*row, verdict(bool(keeps and sound))])
                print(f"  {' '.join(rows[-1])}", file=sys.stderr, flush=True)
        browser.close()
    show(
        f"a drag of {options.seconds:g} s, medians of {options.repeat} (bars: {SHARE:.0%} of the values drawn, ratio "
        f"{RATIO:g}; large: {LEAST:g} pictures a second; no run of the page)",
        HEAD,
        rows,
    )
    write(options.json, {"drags": results})


def _keeps(found: dict[str, float]) -> bool:
    return found["pictures"] >= SHARE * found["values"] and found["ratio"] <= RATIO


if __name__ == "__main__":
    main()
