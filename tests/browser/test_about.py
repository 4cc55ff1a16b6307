"""What only a browser shows of the page about: its tables and the licence, opened."""

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.looks import DESK, PHONE
from tests.browser.screen import address
from theory import CLAIMS, GLOSSARY, METHODS, SYMBOLS


@pytest.mark.browser_context_args(viewport=DESK, color_scheme="dark")
def test_what_is_folded_away_is_in_order_when_it_is_opened(page, open_page, settle, screenshots):
    open_page(page, address("about"))
    for folded in page.locator("summary").all():
        folded.click()
    expect(page.get_by_text("Permission is hereby granted")).to_be_visible()
    sources, glossary = page.locator("table").all()
    expect(sources.locator("tbody tr")).to_have_count(len(CLAIMS) + len(METHODS))
    expect(glossary.locator("tbody tr")).to_have_count(len(GLOSSARY))
    expect(glossary.locator("td:nth-child(2) .katex")).to_have_count(len(SYMBOLS))
    settle(page)
    complaints = []
    for size in (DESK, PHONE):
        looks.resize(page, **size, whole=True)
        page.screenshot(path=screenshots / f"about-opened-{size['width']}.png", scale="css")
        complaints += [f"{size['width']} px wide: {complaint}" for complaint in looks.layout_complaints(page)]
        complaints += looks.axe_complaints(page)
    assert not complaints, "\n" + "\n".join(complaints)
