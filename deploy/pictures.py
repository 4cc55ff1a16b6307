"""Takes the pictures of the README anew from a server that runs: `python -m deploy.pictures http://localhost:8501`."""

import argparse
import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import find

DOCS = Path(__file__).parents[1] / "docs"
# Still pictures, by file: the page with its settings.
STILLS = {
    "geometry": "geometry?guess=0",
    "digits": "digits?guess=0",
    "lineup": "lineup?guess=0",
}
SIZE = (1280, 880)
# The moving one: the slider goes to its end and back, and rests before it begins again.
FILM, STEPS, THUMB = "overlap?guess=0&noise=0.5&overlap=0", 20, 12
# Pixels across, colours, and milliseconds of a step and of a rest.
WIDE, COLOURS, STEP, REST = 960, 128, 120, 1200


def _settled(page: Page) -> None:
    page.wait_for_function(
        "() => [...document.querySelectorAll('.picture')].every(one => one.dataset.waits === undefined "
        "&& one.ariaBusy === 'false')"
    )
    page.wait_for_timeout(300)


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    page.goto(address)
    page.locator(".picture .plot .main-svg").first.wait_for(timeout=60_000)
    _settled(page)
    return page


def _frames(page: Page) -> Iterator[Image.Image]:
    thumb = page.get_by_role("slider", name="Feature overlap").bounding_box()
    track = page.locator(".st-key-overlap").bounding_box()
    if thumb is None or track is None:
        raise SystemExit("the page shows no slider for the feature overlap")
    left, y = track["x"] + THUMB / 2, thumb["y"] + thumb["height"] / 2
    page.mouse.move(left, y)
    page.mouse.down()
    for k in [*range(STEPS + 1), *range(STEPS - 1, -1, -1)]:
        page.mouse.move(left + (track["width"] - THUMB) * k / STEPS, y)
        _settled(page)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        yield shot.resize((WIDE, round(WIDE * SIZE[1] / SIZE[0])), Image.Resampling.LANCZOS)
    page.mouse.up()


def take(server: str) -> None:
    """Write the pictures of the README into docs/."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        for name, address in STILLS.items():
            _opened(browser, f"{server}/{address}").screenshot(path=DOCS / f"{name}.png")
        frames = list(_frames(_opened(browser, f"{server}/{FILM}")))
        colours = frames[len(frames) // 2].quantize(COLOURS)
        first, *others = [frame.quantize(palette=colours, dither=Image.Dither.NONE) for frame in frames]
        shown = [REST, *(REST if k == len(others) // 2 - 1 else STEP for k in range(len(others)))]
        first.save(DOCS / "drag.gif", save_all=True, append_images=others, duration=shown, loop=0, optimize=True)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", help="where the app runs, as http://localhost:8501")
    take(parser.parse_args().server.rstrip("/"))
