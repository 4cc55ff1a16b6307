"""How long a scrub step takes in a real Chromium: from the slider's new value to the frame that shows its chart.

Every page with a slider of its own in the browser is opened on a server of its own; "bare" is the wait for the
browser's next frame with nothing to draw, and a step cannot take less than two of them: one to draw, one to be seen.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks._report import machine, show, write
from tests.browser import chromium
from tests.browser.conftest import LAUNCH_ARGUMENTS, running_server

VIEWS = {
    "geometry, two features": "geometry?guess=0",
    "geometry, any dimension": "geometry?guess=0&view=Any+dimension",
    "geometry, three features": "geometry?guess=0&view=Three+features",
    "dynamics": "dynamics?guess=0",
}

# Moves the slider `count` steps on and returns the milliseconds of each until the next frame after every chart has its
# own, and of as many waits for a bare next frame.
STEPS = """
async count => {
  const roots = [document, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)];
  const range = roots.flatMap(r => [...r.querySelectorAll('input[type=range]')]).find(input => {
    const root = input.getRootNode();
    return (root === document ? input : root.host).closest('[class*="st-key-scrub_"]');
  });
  const charts = [...document.querySelectorAll('.js-plotly-plot')].filter(c => c.frames?.length);
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const arrived = (chart, index) => new Promise(resolve => {
    const look = () => chart.dataset.frame === String(index) && (watcher.disconnect(), resolve());
    const watcher = new MutationObserver(look);
    watcher.observe(chart, { attributes: true, attributeFilter: ['data-frame'] });
    look();
  });
  const bare = [], taken = [];
  for (let i = 0; i < count; i++) {
    await frame();
    let start = performance.now();
    await frame();
    bare.push(performance.now() - start);
    const index = (Number(range.value) + 1) % (Number(range.max) + 1);
    start = performance.now();
    range.value = index;
    range.dispatchEvent(new Event('input', { bubbles: true }));
    await Promise.all(charts.map(chart => arrived(chart, index)));
    await frame();
    taken.push(performance.now() - start);
  }
  return { bare, taken, charts: charts.length };
}
"""


def measure(page: Page, url: str, count: int) -> dict[str, float]:
    """Return the medians of a step and of the bare wait on one page, in milliseconds, and how many charts move."""
    page.goto(url)
    page.wait_for_function("() => document.querySelector('.js-plotly-plot')?.dataset.frame !== undefined")
    page.wait_for_timeout(1500)
    found = page.evaluate(STEPS, count)
    return {
        "step": statistics.median(found["taken"]),
        "bare": statistics.median(found["bare"]),
        "charts": found["charts"],
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=40, help="steps on every page (default %(default)s)")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()

    results = {}
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "log.txt") as server:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(LAUNCH_ARGUMENTS))
            for name, path in VIEWS.items():
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                results[name] = measure(page, f"{server.url}/{path}", options.steps)
                page.close()
            browser.close()
    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    show(
        f"one scrub step, median of {options.steps}",
        ["", "charts that move", "ms", "bare ms", "ratio to bare"],
        [
            [name, f"{r['charts']:.0f}", f"{r['step']:.1f}", f"{r['bare']:.1f}", f"{r['step'] / r['bare']:.2f}"]
            for name, r in results.items()
        ],
    )
    write(options.json, results)


if __name__ == "__main__":
    main()
