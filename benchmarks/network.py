"""What the networks cost: all methods on one core, the first curve on screen, and a slider elsewhere meanwhile.

all methods   processor seconds of everything the page shows of one kind of forgetting, one seed, on one core
first curve   ms from an arrow key on the seed's slider to the first points of the new training curves, in Chromium:
              "at rest" nobody has trained for long, and the worker has to be started first; "at work" one is there
finished      s from that key press until every method stands on the board, with all workers of this machine
while training  a drag of the noise on the page overlap, alone and while many visitors' networks are trained, in
              turns: pictures a second, and ms until the last one
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks._report import machine, show, verdict, write
from benchmarks._session import Session
from benchmarks.drag import drag
from tests.browser import chromium
from tests.browser.conftest import LAUNCH_ARGUMENTS, running_server
from ui.lessons.network.results import WORK, Request
from ui.lessons.network.text import FORGOTTEN
from ui.server.workers import IDLE

# Processor seconds of one kind, and ms to the first curve. While training a drag shows four of five pictures, and its
# last one comes in at most twice the time.
MOST_SECONDS, MOST_WAIT, SHARE, RATIO = 6.0, 500.0, 0.8, 2.0
# Visitors whose networks are trained while a slider is dragged elsewhere: as many as run or wait at most.
VISITORS = 14
# Notes when the first chart shows points of curves that were not there before the press.
WATCH = """() => {
  const chart = document.querySelector('.js-plotly-plot');
  const shown = () => JSON.stringify((chart.data ?? []).filter(t => t.mode === 'lines+markers')
    .map(t => Array.from(t.y ?? []).slice(0, 3)));
  const before = shown(), log = window.curve = { at: null };
  let pressed = null;
  document.addEventListener('keydown', () => { pressed ??= performance.now(); }, { capture: true });
  const look = () => {
    const now = shown();
    if (pressed !== null && now !== before && /[0-9]/.test(now)) log.at = performance.now() - pressed;
    else requestAnimationFrame(look);
  };
  look();
}"""


def processor(kind: str) -> float:
    """Return the processor seconds of all pieces of a kind, seed 0."""
    asked = Request(kind, 3 if kind == "class" else 0, 0)
    known, todo = WORK.plan(asked, 1, None)
    start, left = time.process_time(), list(todo)
    while left:
        for piece in tuple(left):
            if (sent := WORK.load(asked, known, piece)) is not None:
                known = WORK.put(known, piece, WORK.run(sent))
                left.remove(piece)
    return time.process_time() - start


def finish(page: Page) -> None:
    """Wait until nothing is trained any more."""
    page.wait_for_selector(".st-key-net_more", timeout=120_000)


def first_curve(browser: Browser, url: str, seed: int, rest: float) -> tuple[float, float]:
    """Return the ms until the first curve of the next seed, and the s until all of it is there."""
    page = browser.new_page(viewport={"width": 1440, "height": 1100})
    try:
        page.goto(f"{url}/network?guess=0&net_seed={seed}")
        finish(page)
        page.wait_for_timeout(1000 * rest)
        page.evaluate(WATCH)
        slider = page.locator(".st-key-net_seed").get_by_role("slider")
        slider.focus()
        start = time.monotonic()
        slider.press("ArrowRight")
        page.wait_for_function("() => window.curve.at !== null", timeout=60_000)
        page.wait_for_timeout(500)
        finish(page)
        return float(page.evaluate("window.curve.at")), time.monotonic() - start
    finally:
        page.close()


async def _visit(url: str, seeds: range) -> None:
    for seed in seeds:
        async with Session(url, "network", f"guess=0&net_seed={seed}", seed) as visitor:
            await visitor.open()


def busy(url: str, seed: int) -> bool:
    """Whether the networks of a seed are still in training."""
    answer = httpx.get(f"{url}/figures/network/training", params={"net_seed": seed}, timeout=60)
    return "being trained" in answer.json()["caption"]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="of every measurement (default %(default)s)")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()
    os.environ["PREPARE_NETWORKS"] = "0"
    print(" ".join(f"{name} {value}" for name, value in machine().items()))

    seconds = {
        name: statistics.median(processor(kind) for _ in range(options.repeat)) for name, kind in FORGOTTEN.items()
    }
    show(
        f"all methods, processor seconds of one core (bar: {MOST_SECONDS:g})",
        ["", "s", ""],
        [[name, f"{found:.2f}", verdict(found <= MOST_SECONDS)] for name, found in seconds.items()],
    )
    results: dict[str, object] = {"seconds": seconds}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.find(), args=list(LAUNCH_ARGUMENTS))
        with running_server(Path(folder) / "app.txt") as app:
            rows = []
            for n, (name, rest) in enumerate((("at rest", IDLE + 5.0), ("at work", 0.5))):
                turns = [first_curve(browser, app.url, 10 * n + 3 * k, rest) for k in range(options.repeat)]
                wait, whole = (statistics.median(turn[i] for turn in turns) for i in (0, 1))
                results[name] = {"first": wait, "finished": whole}
                rows.append([name, f"{wait:.0f}", f"{whole:.1f}", verdict(wait <= MOST_WAIT)])
            show(f"a new seed (bar: first curve {MOST_WAIT:g} ms)", ["", "first curve, ms", "finished, s", ""], rows)

            alone, training, seed = [], [], 40
            for turn in range(options.repeat):
                address = f"{app.url}/overlap?guess=0&seed={turn}"
                alone.append(drag(browser, address, "noise", 1.5))
                seeds = range(seed, seed + VISITORS)
                crowd = threading.Thread(target=asyncio.run, args=(_visit(app.url, seeds),))
                crowd.start()
                crowd.join()
                training.append(drag(browser, f"{address}&n_retain=99", "noise", 1.5))
                if not busy(app.url, seeds[-1]):
                    print("  the networks were trained before the drag had ended", file=sys.stderr)
                while busy(app.url, seeds[-1]):
                    time.sleep(1)
                seed += VISITORS
        browser.close()
    found = {
        name: {key: statistics.median(turn[key] for turn in turns) for key in ("fps", "settle")}
        for name, turns in (("alone", alone), ("while training", training))
    }
    share = found["while training"]["fps"] / found["alone"]["fps"]
    ratio = found["while training"]["settle"] / max(found["alone"]["settle"], 1.0)
    show(
        f"a drag on another page (bars: {SHARE:.0%} of the pictures, ratio {RATIO:g})",
        ["", "pictures a second", "last one, ms", ""],
        [
            ["alone", f"{found['alone']['fps']:.1f}", f"{found['alone']['settle']:.0f}", ""],
            ["while training", f"{found['while training']['fps']:.1f}", f"{found['while training']['settle']:.0f}", ""],
            ["ratio", f"{share:.2f}", f"{ratio:.2f}", verdict(share >= SHARE and ratio <= RATIO)],
        ],
    )
    write(options.json, {**results, "drags": found})


if __name__ == "__main__":
    main()
