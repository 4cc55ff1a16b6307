"""The long check in a browser: one press, a moving bar, and a second picture that stays."""

from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screen import address, traces
from theory import CLAIMS


def test_one_press_checks_everything_on_many_settings(page, open_page, settle):
    open_page(page, address("claims"))
    assert {key for t in traces(page) for key in t["meta"]["claims"]} == set(CLAIMS)
    page.get_by_role("button", name="Check all on 200 random settings").click()
    expect(page.locator(".st-key-survey .js-plotly-plot")).to_be_visible(timeout=60_000)
    settle(page)
    assert {t["meta"]["claim"] for t in traces(page, strokes=True)} == set(CLAIMS)
    assert not traces(page, standing="fails")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.get_by_text("Take it with you").click()
    expect(page.get_by_role("link", name="Random settings (CSV)")).to_be_visible()
    page.evaluate(looks.BOXES_REST)
    assert not looks.layout_complaints(page)
    looks.resize(page, **looks.PHONE)
    assert not looks.layout_complaints(page)
    assert not looks.axe_complaints(page)
