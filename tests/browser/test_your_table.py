"""A table of one's own in a browser: its file comes as one message, and its name stands in no address."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import address
from theory.data.reading import MOST_BYTES

ROWS = "weight;level;<b>value</b>\n" + "".join(f"{1.5 * k};{'abc'[k % 3]};{k * k % 13 + 0.5}\n" for k in range(40))
OTHER = "length;sort\n" + "".join(f"{k * k % 7 + 0.25};{'xy'[k % 2]}\n" for k in range(12))


def bring(page, settle, data):
    page.locator("input[type=file]").set_input_files({"name": "rows.csv", "mimeType": "text/csv", "buffer": data})
    page.wait_for_timeout(300)  # the file is read before the run begins
    settle(page)


@pytest.fixture
def desk(page, open_page):
    """The page your_table with what it asked pictures for, and where to bring a table open."""
    asked = []
    page.on("request", lambda request: asked.append(request) if "/figures/" in request.url else None)
    open_page(page, address("your_table"))
    page.get_by_text("Bring your table").click()
    page.asked = asked
    return page


def test_a_file_is_shown_under_a_name_that_stands_in_no_address(desk, settle):
    assert not any("x-table" in request.headers for request in desk.asked)
    bring(desk, settle, ROWS.encode())
    expect(desk.get_by_text("Your table: 40 rows, 3 columns")).to_be_visible()
    names = {request.headers["x-table"] for request in desk.asked if "x-table" in request.headers}
    assert len(names) == 1
    assert not [request.url for request in desk.asked if next(iter(names)) in request.url]
    assert next(iter(names)) not in desk.url
    bring(desk, settle, OTHER.encode())  # the menus are those of the new table
    expect(desk.get_by_role("combobox", name="Predict")).to_have_value("length")
    desk.get_by_role("button", name="Forget my file").click()
    settle(desk)
    expect(desk.get_by_text("is gone from this server's memory")).to_be_visible()
    expect(desk.get_by_text("The example: penguins")).to_be_visible()


def test_a_file_that_is_too_large_stays_in_the_browser(desk, settle):
    bring(desk, settle, b"a" * (MOST_BYTES + 1))
    expect(desk.get_by_text("This file is larger than 5 MB")).to_be_visible()
    expect(desk.get_by_text("The example: penguins")).to_be_visible()
    bring(desk, settle, b"PK\x03\x04 no text")
    expect(desk.get_by_text("must be text, got a zip archive")).to_be_visible()
