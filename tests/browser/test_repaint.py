"""What benchmarks/latency.py takes for a new picture, on a page of two charts that are drawn by hand."""

import pytest
from playwright.sync_api import Page

from benchmarks.latency import StillError, inward, press

# What Streamlit and Plotly leave on a page; `draw` puts data into a chart, as new objects each time.
PAGE = """
<div data-testid="stApp" data-test-script-state="notRunning" data-test-connection-state="CONNECTED">
  <div class="st-key-left"><div class="js-plotly-plot"><svg class="main-svg"></svg></div></div>
  <div class="st-key-right"><div class="js-plotly-plot"><svg class="main-svg"></svg></div></div>
  <input type="range" min="0" max="10" value="8">
</div>
<script>
  const draw = (key, y, note = 'note') => {
    const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`);
    Object.assign(chart, { data: [{ y, marker: { size: [1] } }], layout: { annotations: [{ text: note }] } });
  };
  const frames = (count, then) => requestAnimationFrame(() => (count > 1 ? frames(count - 1, then) : then()));
  const since = (event) => performance.now() - event.timeStamp;
  let again = null;
  draw('left', [1, 2]);
  draw('right', [1, 2]);
</script>
"""


@pytest.fixture
def drawn(page: Page) -> Page:
    page.set_content(PAGE)
    page.locator("input").focus()
    return page


def on_key(page: Page, script: str) -> None:
    page.evaluate(f"() => addEventListener('keydown', (event) => {{ {script} }}, {{ once: true }})")


def test_only_a_chart_whose_content_changes_counts_and_from_its_first_frame(drawn: Page) -> None:
    on_key(drawn, "setTimeout(draw, 40, 'left', [1, 3]); setTimeout(draw, 40, 'right', [1, 2]);")
    once = press(drawn, "a")
    assert set(once) == {"st-key-left"}
    on_key(drawn, "draw('left', [1, 4]); frames(3, () => { draw('left', [1, 4]); again = since(event); });")
    twice = press(drawn, "a")
    assert twice["st-key-left"] < drawn.evaluate("() => again")


def test_the_last_of_two_charts_comes_after_the_first(drawn: Page) -> None:
    later = "frames(3, () => { again = since(event); draw('left', [1, 2], 'another'); });"
    on_key(drawn, f"draw('right', [5, 2]); {later}")
    painted = press(drawn, "a")
    assert set(painted) == {"st-key-left", "st-key-right"}
    assert painted["st-key-right"] < drawn.evaluate("() => again") <= painted["st-key-left"]


def test_a_value_changed_within_an_object_of_the_chart_counts(drawn: Page) -> None:
    on_key(drawn, "document.querySelector('.st-key-left .js-plotly-plot').data[0].marker.size = [2];")
    assert set(press(drawn, "a")) == {"st-key-left"}


def test_a_chart_that_is_replaced_keeps_its_name(drawn: Page) -> None:
    script = "const old = document.querySelector('.st-key-left .js-plotly-plot'); old.replaceWith(old.cloneNode(true));"
    on_key(drawn, f"{script} setTimeout(draw, 30, 'left', [9, 9]);")
    assert set(press(drawn, "a")) == {"st-key-left"}


def test_a_press_that_changes_nothing_is_not_a_measurement(drawn: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.latency.LIMIT", 600)
    on_key(drawn, "draw('left', [1, 2]);")
    with pytest.raises(StillError):
        press(drawn, "a")


def test_a_slider_is_pressed_to_where_it_has_more_room(drawn: Page) -> None:
    slider = drawn.locator("input")
    assert inward(slider) == "ArrowLeft"
    slider.evaluate("e => { e.value = 2; }")
    assert inward(slider) == "ArrowRight"
