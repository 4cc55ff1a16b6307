"""What only a browser can show of the push: the trade-off is scrubbed without the server."""

from playwright.sync_api import expect

from tests.browser.screen import address, traces
from theory import Spec, draw, trade_off
from ui.lessons.regularize.text import ALPHAS

SAME = 1e-9


def test_the_trade_off_follows_its_slider_and_asks_no_server(page, open_page, settle):
    open_page(page, address("regularize"))
    page.evaluate("""() => {
      window.runs = 0;
      new MutationObserver(() => window.runs++).observe(document.querySelector('[data-testid="stApp"]'),
        { attributes: true, attributeFilter: ['data-test-script-state'] });
    }""")
    chart = page.locator(".st-key-trade")
    expect(chart.get_by_text("alpha = 0.1:")).to_be_visible()
    scrubber = page.get_by_role("slider", name="Walk along this curve", exact=True)
    expect(scrubber).to_have_attribute("aria-valuetext", "alpha = 0.1")
    scrubber.press("End")
    expect(chart.get_by_text("alpha = 100:")).to_be_visible()
    assert page.evaluate("() => window.runs") == 0, "the server was asked"
    assert "along" not in page.url
    curve = trade_off(draw(Spec()), ALPHAS, "shuffled", 0.1)
    (dot,) = [t for t in traces(page, model="discriminative") if t["name"] == "Pushed"]
    assert abs(dot["x"][0] - curve.remaining_loss[-1]) <= SAME
    assert abs(dot["y"][0] - curve.unlearning_loss[-1]) <= SAME
    # The page's own alpha takes it along.
    page.locator(".st-key-alpha input").press("ArrowRight")
    page.wait_for_url("**alpha=*")
    settle(page)
    at = ALPHAS[ALPHAS.index(0.1) + 1]
    expect(scrubber).to_have_attribute("aria-valuetext", f"alpha = {at:g}")
    expect(chart.get_by_text(f"alpha = {at:g}:")).to_be_visible()
