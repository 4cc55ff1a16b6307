"""What the shared controls do, by keyboard: the picture, the address and the other controls after each move."""

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
    measured,
    move,
    shown,
    slider,
    spec_of,
    traces,
)
from theory import Spec
from ui.lessons import EXPERIMENTS, PAGES


def test_a_slider_moves_the_picture_and_the_address_and_nothing_else(page, open_page, settle):
    open_page(page, address("overlap", seed=7, n_tune=20))
    before = shown(page)
    move(page, "overlap", "ArrowRight", to=0.41, settle=settle)
    check_drawn(page, Spec(overlap=0.41, seed=7, n_tune=20))
    mark = next(t for t in traces(page) if "marks" in t["meta"])
    assert mark["x"] == [pytest.approx(41)] * 3
    assert shown(page) == {**before, "overlap": "41%"}
    assert asked(page) == {"overlap": 0.41, "seed": 7, "n_tune": 20}

    move(page, "d", "PageUp", "ArrowLeft", "ArrowLeft", to=398, settle=settle)
    check_drawn(page, Spec(overlap=0.41, seed=7, n_tune=20, d=398))
    assert asked(page) == {"overlap": 0.41, "seed": 7, "n_tune": 20, "d": 398}

    for stroke, end in (("End", 1), ("Home", 0)):
        move(page, "overlap", stroke, to=end, settle=settle)
        check_drawn(page, Spec(overlap=end, seed=7, n_tune=20, d=398))

    # Back to the usual value: the parameter leaves the address.
    move(page, "seed", "Home", to=None, settle=settle)
    check_drawn(page, Spec(overlap=0, n_tune=20, d=398))
    assert shown(page) == {**before, "overlap": "0%", "d": "398", "seed": "0"}
    assert {("golden", "unlearning_loss"), ("fine_tune", "unlearning_loss")} <= measured(page).keys()


def test_several_strokes_without_a_pause_end_on_the_right_picture(page, open_page, settle):
    open_page(page, address("overlap"))
    move(page, "overlap", *["ArrowRight"] * 9, *["ArrowLeft"] * 2, to=0.47, settle=settle)
    check_drawn(page, Spec(overlap=0.47))
    for key in ("n_retain", "n_forget"):
        slider(page, key).press("ArrowRight")
    move(page, "noise", *["ArrowRight"] * 3, to=0.15, settle=settle)
    check_drawn(page, Spec(overlap=0.47, n_retain=51, n_forget=51, noise=0.15))
    assert asked(page) == {"overlap": 0.47, "n_retain": 51, "n_forget": 51, "noise": 0.15}


def focus(page) -> str:
    """Return what has the keyboard: the key of a slider, or the text or name of anything else."""
    return page.evaluate("""() => {
      const element = document.activeElement;
      const key = element.closest('[class*="st-key-"]')?.className.match(/st-key-([\\w-]+)/)[1];
      return element.type === 'range' ? key : element.getAttribute('aria-label') || element.textContent.trim();
    }""")


@pytest.mark.parametrize("row", EXPERIMENTS, ids=STEMS)
def test_every_slider_is_reached_by_keyboard_and_no_chart_jumps_when_it_moves(row, page, open_page, settle):
    whole = WHOLE.get(row.stem, {})
    open_page(page, address(row.stem, **whole))
    reached = []
    while "Main menu" not in reached:
        page.keyboard.press("Tab")
        reached.append(focus(page))
        assert len(reached) < 200, reached
    assert reached[0] == "Skip to main content"
    groups = list(dict.fromkeys(other.group for other in PAGES))
    stops = [stop for stop in reached if stop in (*CONTROL_KEYS, *groups)]
    assert stops == [key for key in CONTROL_KEYS if key not in row.fixed] + groups

    slider(page, "seed").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**seed=1*")
    settle(page)
    check_drawn(page, spec_of(row.stem, seed=1))
    assert focus(page) == "seed", "the move took the keyboard away from the slider"

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
