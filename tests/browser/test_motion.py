"""Where the answer is a motion: what gives it away waits until the reader has started it."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import address
from ui.lessons import LESSONS

BEGINNING = {
    stem: drawing.scrub for stem, lesson in LESSONS.items() for drawing in lesson.figures.values() if drawing.begins
}
ANSWERS = '[class*="st-key-after_motion"], .st-key-verdict'


@pytest.mark.parametrize("stem", BEGINNING)
def test_nothing_on_the_page_tells_where_a_motion_ends_before_the_reader_starts_it(stem, page, open_page, settle):
    open_page(page, address(stem))
    answers = page.locator(ANSWERS)
    assert answers.count()
    assert not any(answer.is_visible() for answer in answers.all())
    place = page.locator(f".st-key-scrub_{BEGINNING[stem]}")
    button = place.get_by_role("button")
    expect(button).to_have_attribute("data-first", "")
    button.press("Enter")
    settle(page)
    expect(button).not_to_have_attribute("data-first", "")
    for answer in answers.all():
        expect(answer).to_be_visible()
    assert not page.locator(".refusal").locator("visible=true").count()
