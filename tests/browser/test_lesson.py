"""The way through a page: guess before the answer is drawn, run the picture, try a case."""

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screen import (
    CONTROL_KEYS,
    STEMS,
    WHOLE,
    address,
    asked,
    chart_boxes,
    check_drawn,
    check_read,
    measured,
    menu,
    move,
    own_sliders,
    shown,
    slider,
    spec_of,
    stem_of,
    step,
    title,
    traces,
    weights,
)
from theory import Spec
from ui.lessons import EXPERIMENTS, LESSONS, PAGES

TUNED = "fine_tune"


def answered(page) -> bool:
    """Return whether the fine-tuned model, or a sentence about it, is on the page."""
    alts = page.get_by_role("figure").evaluate_all("figures => figures.map(figure => figure.ariaLabel)")
    # The start page's marks stand for the pretrained model until the frames of its animation move them.
    marks = [t for t in traces(page, model=TUNED) if not t["name"].startswith("Pretrained") or t["frames"]]
    drawn = bool(marks) or TUNED in {model for model, _ in measured(page)} | set(weights(page))
    told = page.get_by_role("heading", name="The mathematics", include_hidden=True).count() > 0
    assert drawn <= told, "the charts say more than the text"
    # The line-up names every method before it tells how one ends.
    return told or (stem_of(page) != "lineup" and any("Fine-tuned" in alt for alt in alts))


def guess(page) -> None:
    """Make the first guess there is, with the keyboard."""
    box = page.locator(".st-key-guess_box")
    box.get_by_role("radio").or_(box.get_by_role("button", name="This is my guess")).first.press("Enter")


# Every page begins alike, which a test of the scripts keeps: a new server for each would show the same way again.
FRESH = (EXPERIMENTS[0], EXPERIMENTS[-1])
LINK = {"overlap": 0.437, "d": 300, "n_retain": 60, "n_forget": 40, "n_tune": 20, "noise": 0.5, "seed": 7}
SHOWN = {
    "overlap": "43.7%",
    "d": "300",
    "n_retain": "60",
    "n_forget": "40",
    "n_tune": "20",
    "noise": "0.50",
    "seed": "7",
}


@pytest.mark.parametrize("row", EXPERIMENTS, ids=STEMS)
def test_a_link_opens_the_answer_waits_for_a_guess_and_every_slider_is_reached(
    row, request, page, open_page, settle, told
):
    start = request.getfixturevalue("fresh_server")().url if row in FRESH else ""
    looks.watch_ink(page)
    open_page(page, start + address(row.stem, guess=1, **LINK, **WHOLE.get(row.stem, {})))
    expect(title(page)).to_have_text(row.title)
    expect(page).to_have_title(row.title)
    assert stem_of(page) == row.stem
    assert shown(page) == SHOWN
    assert asked(page) == LINK
    assert [slider(page, key).is_enabled() for key in CONTROL_KEYS] == [key not in row.fixed for key in CONTROL_KEYS]
    assert not looks.ink_since_arrival(page, "light")
    check_reached_by_keyboard(page, row)
    expect(page.locator(".st-key-guess_box")).to_contain_text(row.prediction.question)
    assert not answered(page)
    assert not looks.axe_complaints(page)
    assert not looks.layout_complaints(page)
    looks.resize(page, **looks.PHONE)
    assert not looks.layout_complaints(page)
    looks.resize(page, **looks.DESK)
    move(page, "seed", "ArrowRight", to=8, settle=settle)
    assert not answered(page)

    guess(page)
    expect(page.locator(".st-key-guess_box")).to_have_count(0)
    settle(page)
    assert answered(page)
    assert page.get_by_test_id("stAlert").count() == 1, "no word about the guess"
    check_drawn(page, spec_of(row.stem, **{**LINK, "seed": 8}))

    told.clear()
    move(page, "seed", "ArrowRight", to=9, settle=settle)
    check_drawn(page, spec_of(row.stem, **{**LINK, "seed": 9}))
    assert focus(page) == "seed", "the move took the keyboard away from the slider"
    check_no_chart_jumps(page, row, settle)
    for key in own_sliders(page, row.stem)[:3]:
        step(page, key, settle)
    if LESSONS[row.stem].around:
        assert told
        assert all(run.fragment_id for run in told), "the whole page ran"
        check_read(page, settle)


def focus(page) -> str:
    """Return what has the keyboard: the key of a slider, or the text or name of anything else."""
    return page.evaluate("""() => {
      const element = document.activeElement;
      const key = element.closest('[class*="st-key-"]')?.className.match(/st-key-([\\w-]+)/)[1];
      return element.type === 'range' ? key : element.getAttribute('aria-label') || element.textContent.trim();
    }""")


def check_reached_by_keyboard(page, row) -> None:
    """From the beginning of the page, to every slider that can be moved, and to the menu."""
    reached = []
    while "Main menu" not in reached:
        page.keyboard.press("Tab")
        reached.append(focus(page))
        assert len(reached) < 200, reached
    assert reached[0] == "Skip to main content"
    groups = list(dict.fromkeys(other.group for other in PAGES))
    stops = [stop for stop in reached if stop in (*CONTROL_KEYS, *groups)]
    assert stops == [key for key in CONTROL_KEYS if key not in row.fixed] + groups


def check_no_chart_jumps(page, row, settle) -> None:
    """Where all sliders are seen, and noise and features go to their ends."""
    for width, height in ((1440, 900), (1280, 720)):
        looks.resize(page, width, height)
        for key in CONTROL_KEYS:
            expect(page.locator(f".st-key-{key}")).to_be_in_viewport(ratio=1)
    before = chart_boxes(page)
    for key, stroke, to in (("noise", "End", 5), ("d", "Home", 2)):
        if key in row.fixed:
            continue  # held by the page: nobody can move it
        move(page, key, stroke, to=to, settle=settle)
        after = chart_boxes(page)
        assert {k: height for k, (_, height) in after.items()} == {k: height for k, (_, height) in before.items()}
        assert list(after.values())[:1] == list(before.values())[:1], f"the first chart jumped when {key} moved"


def test_a_guess_can_be_skipped_and_is_asked_page_by_page(page, open_page, settle):
    open_page(page, address("distinct", guess=1))
    page.get_by_role("button", name="Just show me").click()
    expect(page.locator(".st-key-guess_box")).to_have_count(0)
    settle(page)
    assert answered(page)
    assert page.get_by_test_id("stAlert").count() == 0
    menu(page, "overlap").press("Enter")
    expect(page.locator(".st-key-guess_box")).to_be_visible()
    settle(page)
    assert not answered(page)
    menu(page, "distinct").click()
    expect(page.get_by_role("heading", name="The mathematics")).to_be_visible()
    settle(page)
    assert answered(page)
    move(page, "seed", "ArrowRight", to=1, settle=settle)
    assert answered(page)


def test_a_case_to_try_sets_every_control(page, open_page, settle):
    open_page(page, address("overlap", seed=7, n_tune=20))
    page.get_by_role("link", name="Enough rows").click()
    page.wait_for_url(lambda url: "n_retain=200" in url)
    settle(page)
    case = {"d": 60, "overlap": 1, "n_retain": 200, "noise": 0.5, "seed": 7}
    assert asked(page) == case
    assert "preset" not in page.url
    assert (shown(page)["seed"], shown(page)["n_tune"]) == ("7", "0")
    check_drawn(page, Spec(**case))
    # The case is about the picture, which stands far above the list.
    expect(page.locator(".picture").first).to_be_in_viewport(ratio=0.9)

    open_page(page, address("overlap", preset="enough_rows", seed=7))
    assert asked(page) == case
    check_drawn(page, Spec(**case))


def test_the_dead_button_runs_in_the_browser_and_nothing_moves(page, open_page, settle):
    page.emulate_media(reduced_motion="no-preference")
    open_page(page, address("start"))
    page.evaluate("""() => {
      window.runs = 0;
      new MutationObserver(() => window.runs++).observe(document.querySelector('[data-testid="stApp"]'),
        { attributes: true, attributeFilter: ['data-test-script-state'] });
    }""")
    chart = page.locator(".st-key-button .plot")
    # It waits for the reader, and so does what is said of it.
    caption = page.locator(".st-key-button .caption")
    expect(chart.get_by_text("after 0 steps")).to_be_visible()
    expect(caption).to_be_hidden()
    page.get_by_role("button", name="Fine-tune: Steps of fine-tuning", exact=True).click()
    expect(chart.get_by_text("after 10,000 steps")).to_be_visible(timeout=20_000)
    expect(caption).to_be_visible()
    scrubber = page.get_by_role("slider", name="Steps of fine-tuning", exact=True)
    expect(scrubber).to_have_attribute("aria-valuetext", "after 10,000 steps")
    scrubber.press("Home")
    page.wait_for_function("() => !new URL(location).searchParams.has('trained')")
    expect(chart.get_by_text("after 0 steps")).to_be_visible()
    scrubber.press("End")
    expect(chart.get_by_text("after 10,000 steps")).to_be_visible()
    assert page.evaluate("() => window.runs") == 0, "the server was asked"
    expect(chart).to_contain_text("mean squared error 0")
    settle(page)
