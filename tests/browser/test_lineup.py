"""What only a browser can show of the board: a row that a slider has moved is clicked, and its method chosen."""

from playwright.sync_api import expect

from tests.browser.screen import address, move, traces
from theory import METHODS


def test_a_click_takes_the_row_that_stands_there_after_a_move(page, open_page, settle):
    open_page(page, address("lineup"))
    (before,) = [t["meta"]["rows"] for t in traces(page, guide=True) if "rows" in t["meta"]]
    move(page, "overlap", "End", to=1, settle=settle)
    (rows,) = [t["meta"]["rows"] for t in traces(page, guide=True) if "rows" in t["meta"]]
    place = max(place for place, key in enumerate(rows) if key != before[place])
    panel = page.locator(".st-key-board .nsewdrag").first
    box = panel.bounding_box()
    panel.click(position={"x": box["width"] / 2, "y": (place + 0.5) / len(rows) * box["height"]})
    expect(page.locator(".st-key-method input")).to_have_value(METHODS[rows[place]].label)
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text(METHODS[rows[place]].idea[:40])
