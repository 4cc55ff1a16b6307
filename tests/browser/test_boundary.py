"""What only a browser can show of the map: it fills by itself, stops, is clicked, and leads to another page."""

import re

from playwright.sync_api import expect

from tests.browser.screen import address, asked, spec_of, traces
from ui.lessons import BY_STEM
from ui.lessons.boundary.grids import MAP_DRAWS, map_grid

# Processes start, and a busy machine takes its time.
PATIENCE = 60_000


def heat(page):
    (found,) = traces(page, measure="distance_ratio")
    return found


def click_cell(page, row, column, rows, columns):
    box = page.locator(".st-key-map .nsewdrag").first.bounding_box()
    x = box["x"] + (column + 0.5) / columns * box["width"]
    y = box["y"] + (1 - (row + 0.5) / rows) * box["height"]
    page.mouse.click(x, y)


def test_the_map_fills_by_itself_a_cell_is_clicked_and_opens_in_another_page(page, open_page, settle):
    open_page(page, address("boundary", d=40, n_forget=10))
    expect(page.get_by_text(f"{MAP_DRAWS} draws a cell.")).to_be_visible(timeout=PATIENCE)
    settle(page)
    grid = map_grid(spec_of("boundary", d=40, n_forget=10), "rows_per_feature", "overlap", False)
    rows, columns = len(grid.ys), len(grid.xs)
    row, column = 8, 7
    click_cell(page, row, column, rows, columns)
    spec = grid.at(row, column).spec
    expect(page.get_by_text(re.compile(f"This cell: {spec.n_retain} rows to keep"))).to_be_visible()
    settle(page)
    page.get_by_test_id("stMain").get_by_role("link", name=BY_STEM["overlap"].title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BY_STEM["overlap"].title)
    settle(page)
    there = {key: value if key in ("overlap", "noise") else int(value) for key, value in asked(page).items()}
    assert spec_of("overlap", **there) == spec


def test_a_longer_map_is_stopped_and_keeps_what_it_has(page, open_page, settle):
    page.goto(address("boundary", d=600, n_forget=300, seed=5, finer="true"))
    stop = page.locator(".st-key-map_stop button")
    expect(stop).to_be_visible(timeout=PATIENCE)
    page.wait_for_function(
        "() => /[1-9][0-9]* of [0-9]+ parts/.test(document.querySelector('[data-testid=\"stMain\"]').innerText)",
        timeout=PATIENCE,
    )
    stop.click()
    expect(page.get_by_text("Stopped; what is finished is kept.")).to_be_visible(timeout=PATIENCE)
    settle(page)
    expect(page.locator(".st-key-map_more")).to_be_visible()
