"""How the pictures are drawn: the first one before the others, in place, and as wide as there is room."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.looks import BOXES_REST
from tests.browser.screen import address, check_drawn, menu, slider, spec_of, title
from ui.lessons import LESSONS

KEYS = [*LESSONS["overlap"].figures]
# Counts the browser's frames, and notes in which of them each picture was drawn.
WATCH = """() => {
  window.frameNumber = 0;
  window.drawnIn = [];
  const count = () => { window.frameNumber++; requestAnimationFrame(count); };
  requestAnimationFrame(count);
  document.addEventListener('drawn', ({ target }) => {
    const key = target.closest('[class*="st-key-"]').className.match(/st-key-([\\w-]+)/)[1];
    window.drawnIn.push([key, window.frameNumber]);
  });
  for (const chart of document.querySelectorAll('.js-plotly-plot')) chart.dataset.before = 'yes';
}"""


def test_a_move_asks_for_the_first_picture_first_and_draws_one_at_a_time_each_in_place(page, open_page, settle):
    open_page(page, address("overlap"))
    page.evaluate(WATCH)
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    slider(page, "seed").press("ArrowRight")
    page.wait_for_function("() => window.drawnIn.length >= 3")
    settle(page)
    assert [path for path in asked if "figures" in path] == [f"/figures/overlap/{key}" for key in KEYS]
    keys, frames = zip(*page.evaluate("() => window.drawnIn"), strict=True)
    assert sorted(keys) == sorted(KEYS), "a picture was drawn twice"
    assert frames[0] < frames[1] < frames[2], frames
    assert page.locator(".js-plotly-plot[data-before=yes]").count() == 3


def test_a_picture_is_as_wide_as_its_place_whatever_the_window_does(page, open_page):
    open_page(page, address("overlap"))
    for width in (1440, 700, 390, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(BOXES_REST)
        for places in page.evaluate(
            "() => [...document.querySelectorAll('.picture')].map(p => [p.clientWidth, p.querySelector('.main-svg')"
            ".getBoundingClientRect().width])"
        ):
            assert abs(places[0] - places[1]) <= 1, (width, places)


def test_a_picture_that_came_out_of_sight_is_drawn_when_it_is_seen_again(page, open_page, settle):
    open_page(page, address("overlap", d=40))
    main = page.get_by_test_id("stMain")
    main.evaluate("main => { main.style.display = 'none'; }")
    with page.expect_response("**/figures/overlap/weights?*seed=1*"):
        slider(page, "seed").press("ArrowRight")
    page.wait_for_url("**seed=1*")
    main.evaluate("main => { main.style.display = ''; }")
    settle(page)
    check_drawn(page, spec_of("overlap", d=40, seed=1))


# Makes drawing slow, and notes what is done to each picture.
SLOW = """() => {
  window.told = [];
  const { react, purge } = Plotly;
  Plotly.react = async (chart, ...more) => {
    window.told.push('begins');
    await new Promise((go) => setTimeout(go, 1500));
    try { return await react(chart, ...more); } finally { window.told.push('ends'); }
  };
  Plotly.purge = (chart) => { window.told.push('purged'); return purge(chart); };
}"""


def test_a_picture_that_is_being_drawn_is_taken_away_when_it_has_been_drawn(page, open_page):
    open_page(page, address("overlap"))
    page.evaluate(SLOW)
    slider(page, "seed").press("ArrowRight")
    page.wait_for_function("() => window.told.includes('begins')")
    menu(page, "about").click()
    expect(title(page)).to_have_text("Where this comes from")
    page.wait_for_function("() => window.told.filter((what) => what === 'purged').length >= 3")
    told = page.evaluate("() => window.told")
    assert told[:2] == ["begins", "ends"], told
