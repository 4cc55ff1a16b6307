"""The story by keyboard alone: where the keyboard is can be seen at every stop, and no run takes it away."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import stem_of, title
from ui.lessons import LESSONS, PICTURED
from ui.lessons.lesson import STORY

STORY_PAGES = [row for row in PICTURED if row.group == STORY]

# What has the keyboard, inside of parts with styles of their own, too; whether it is in the window, and has an edge.
STOP = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const { top, bottom, width } = at.getBoundingClientRect();
  const thumb = at.matches('input[type=range]') ? at.closest('[role=group] > div > div') ?? at : at;
  const edged = (part) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(part);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  };
  const drawn = getComputedStyle(at, '::after').borderTopStyle;  // of what can be dragged
  return {
    tag: at.tagName, role: at.getAttribute('role') ?? at.type ?? '',
    name: (at.getAttribute('aria-label') ?? at.innerText ?? '').trim(),
    seen: width > 0 && top < innerHeight && bottom > 0,
    edge: [at, thumb, at.parentElement].some(edged) || drawn === 'solid',
    guess: Boolean(at.closest('.st-key-guess_box')),
  };
}"""

# Whether what has the keyboard is no later than the guess, with which a page of the story begins.
BEGINS = """() => {
  const held = document.activeElement, guess = document.querySelector('.st-key-guess_box');
  return held !== document.body && guess && (guess.contains(held)
    || Boolean(held.compareDocumentPosition(guess) & Node.DOCUMENT_POSITION_FOLLOWING));
}"""


def stops(page, most=60):
    """Go on with Tab, stop after stop, and return what was passed until the caller has what it looks for."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        assert stop["tag"] != "BODY", "the keyboard left the page before it came to its end"
        assert stop["seen"], f"{stop} is out of sight"
        assert stop["edge"], f"nothing shows that the keyboard is at {stop}"
        yield stop
    pytest.fail(f"not within {most} stops")


def until(page, wanted):
    return next(stop for stop in stops(page) if wanted(stop))


@pytest.mark.browser_context_args(viewport={"width": 1280, "height": 720})
def test_the_story_is_told_by_keyboard_alone(page, open_page, settle):
    open_page(page, "/?guess=1")
    for place, row in enumerate(STORY_PAGES):
        expect(title(page)).to_have_text(row.title)
        if place == 0:
            page.keyboard.press("Tab")
            assert page.evaluate(STOP)["name"] == "Skip to main content"
            page.keyboard.press("Enter")
        stop = page.evaluate(STOP)
        if not stop["guess"] or stop["role"] not in ("radio", "range"):
            until(page, lambda stop: stop["guess"] and stop["role"] in ("radio", "range"))
        if row.prediction.options:
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Space")
        else:
            page.keyboard.press("ArrowRight")
            until(page, lambda stop: stop["name"] == "This is my guess")
            page.keyboard.press("Enter")
        expect(page.locator(".st-key-guess_box")).to_have_count(0)
        settle(page)
        page.wait_for_function("() => document.activeElement !== document.body")
        motion = next((d.scrub for d in LESSONS[row.stem].figures.values() if d.begins), "")
        if motion:  # what starts it is what has the keyboard now
            assert page.locator(f".st-key-scrub_{motion}:focus-within").count()
            page.keyboard.press("Enter")
        expect(page.locator(".st-key-verdict")).to_be_visible()
        until(page, lambda stop: "Next: " in stop["name"])
        page.keyboard.press("Enter")
        expect(title(page)).to_have_text(PICTURED[place + 1].title)
        if place + 1 < len(STORY_PAGES):
            page.wait_for_function(BEGINS)
        settle(page)
    assert stem_of(page) == PICTURED[len(STORY_PAGES)].stem
