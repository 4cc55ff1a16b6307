"""Where the answer is a motion: what gives it away waits until the reader has started it."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import address
from ui.lessons import LESSONS
from ui.plot.route import picture
from ui.plot.view import read_view

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


@pytest.mark.parametrize("stem", BEGINNING)
def test_those_who_hear_a_page_are_told_where_a_motion_ends_once_it_has_begun(stem, page, open_page, settle):
    moved = {"geometry": {"start1": 0.5}}.get(stem, {"seed": 1})
    view = read_view(LESSONS[stem].page, {key: [str(value)] for key, value in moved.items()})
    shown = {key: picture(LESSONS[stem], key, view) for key in LESSONS[stem].shown(view)}
    waiting = {key: found for key, found in shown.items() if found.before}
    assert waiting
    assert all(found.before != found.alt for found in waiting.values())
    open_page(page, address(stem))
    page.evaluate("q => { history.replaceState(history.state, '', q) }", address(stem, **moved))
    name = page.locator(f".st-key-{next(iter(waiting))} .picture")
    for key, found in waiting.items():
        expect(page.locator(f".st-key-{key} .picture")).to_have_attribute("aria-label", found.before)
    voice = page.locator(".picture-voice")
    expect(voice).to_have_text(found_first(waiting).before)
    page.locator(f".st-key-scrub_{BEGINNING[stem]} input[type=range]").press("ArrowRight")
    for key, found in waiting.items():
        expect(page.locator(f".st-key-{key} .picture")).to_have_attribute("aria-label", found.alt)
    page.locator(f".st-key-scrub_{BEGINNING[stem]} input[type=range]").press("Home")
    expect(name).to_have_attribute("aria-label", found_first(waiting).before)


def found_first(waiting):
    return next(iter(waiting.values()))
