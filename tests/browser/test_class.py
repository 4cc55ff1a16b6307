"""A class guesses on its phones, and the person at the front sees it."""

import secrets

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from ui.lessons import BY_STEM
from ui.page import links
from ui.teaching.talk import TALK


@pytest.mark.browser_context_args(viewport={"width": 1280, "height": 720})
def test_guesses_on_phones_appear_at_the_front_once_each_and_beside_the_answer(
    page, new_context, open_page, settle, base_url
):
    group, step = f"class-{secrets.token_hex(4)}", TALK[0]
    open_page(page, f"/?lecture=1&at=1&class={group}")
    expect(page.get_by_text(f"0 guesses in {group}")).to_be_visible()
    page.keyboard.press("q")
    expect(page.locator(".lecture-code img")).to_be_visible()
    # It begins where phones reach this machine, if it is in a network; this server answers at this machine alone.
    link = page.locator(".lecture-code p").inner_text()
    start = next(iter(links.for_phones(base_url)), base_url)
    assert link.startswith(f"{start}/?")
    page.keyboard.press("Escape")
    expect(page.locator(".lecture-code")).to_be_hidden()
    options = list(BY_STEM[step.page].prediction.options.values())
    for choice in (options[0], options[1]):
        phone = new_context().new_page()
        phone.set_viewport_size(looks.PHONE)
        open_page(phone, link.removeprefix(start))
        for _ in range(2):  # a reload is no second visitor
            phone.get_by_role("radio", name=choice, exact=True).click()
            expect(phone.locator(".st-key-guess_box")).to_have_count(0)
            settle(phone)
            phone.reload()
            settle(phone)
    expect(page.get_by_text(f"2 guesses in {group}")).to_be_visible(timeout=15_000)
    page.keyboard.press("PageDown")
    bars = page.get_by_role("table", name=f"2 guesses in {group}")
    expect(bars).to_be_visible(timeout=15_000)
    expect(bars.locator("td:last-child")).to_have_text(["1", "1", "0", "0"])
    settle(page)
    complaints = looks.axe_complaints(page)
    assert not complaints, "\n" + "\n".join(complaints)
