"""What a page says when a slider has been let go: nothing of it but its end runs, and no word stays behind."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import address, check_read, move, own_sliders, slider, step
from theory.data import RealRows
from ui.plot.real_rows import described

# Rows of another kind; with drawn rows every page is compared where its sliders are moved.
PLACES = [("remedy", {"rows": "Penguins"}), ("lineup", {"rows": "Penguins"}), ("remedy", {"rows": "Your own table"})]


@pytest.mark.parametrize(("stem", "held"), PLACES, ids=["-".join([stem, *held.values()]) for stem, held in PLACES])
def test_what_is_read_is_what_a_visitor_finds_who_opens_the_address(stem, held, page, open_page, settle, told):
    open_page(page, address(stem, **held))
    told.clear()
    for key in own_sliders(page, stem)[:3]:
        step(page, key, settle)
    assert told
    assert all(run.fragment_id for run in told), "the whole page ran"
    check_read(page, settle)


def test_another_split_of_real_rows_says_how_many_leave(page, open_page, settle):
    """Of a group that leaves each split holds others back for the test."""
    said = [described(RealRows(source="penguins", leaves="group", waves=0, seed=seed)) for seed in (0, 1)]
    assert said[0] != said[1]
    open_page(page, address("remedy", rows="Penguins", leaves="A group", features=0))
    expect(page.get_by_text(said[0])).to_be_visible()
    move(page, "seed", "ArrowRight", to=1, settle=settle)
    expect(page.get_by_text(said[1])).to_be_visible()


def test_a_guess_is_said_to_be_of_before(page, open_page, settle, told):
    open_page(page, address("overlap", guess=1))
    page.locator(".st-key-guess_box").get_by_role("button", name="This is my guess").click()
    settle(page)
    verdict = page.get_by_test_id("stAlert")
    expect(verdict).not_to_contain_text("Before you changed the settings")
    told.clear()
    move(page, "noise", "ArrowRight", to=0.05, settle=settle)
    expect(verdict).to_contain_text("Before you changed the settings")
    assert [bool(run.fragment_id) for run in told] == [True], "its end finds that more has to be said"


def test_who_leaves_at_once_takes_the_last_value_along(page, open_page, settle):
    open_page(page, address("overlap"))
    page.get_by_test_id("stTopNavSection").first.hover()
    slider(page, "noise").press("ArrowRight")
    page.get_by_role("link", name="Next:").click()
    page.wait_for_url("**/remedy?**")
    settle(page)
    expect(slider(page, "noise")).to_have_value("0.05")
