"""What stays when the visitor moves between pages, goes back, or reloads: every value, and what follows from it."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import (
    BY_STEM,
    address,
    asked,
    check_drawn,
    menu,
    move,
    shown,
    spec_of,
    stem_of,
    title,
)
from ui.lessons import EXPERIMENTS

# One value nobody touched since the link, one that is off the slider's grid.
ARRIVAL = {"overlap": 0.437, "n_forget": 30}
LATER = {**ARRIVAL, "seed": 2}


# The first page, which has no name in its address, and those that hold a setting fixed: others go as they do.
DIFFERENT = [row.stem for row in EXPERIMENTS if row is EXPERIMENTS[0] or row.fixed]


def test_the_menu_keeps_every_value(page, open_page, settle):
    open_page(page, address("overlap", **ARRIVAL))
    move(page, "seed", "ArrowRight", "ArrowRight", to=2, settle=settle)
    values = shown(page)
    assert (values["overlap"], values["n_forget"], values["seed"]) == ("43.7%", "30", "2")
    for stem in (*DIFFERENT, "overlap"):
        menu(page, stem).click()
        expect(title(page)).to_have_text(BY_STEM[stem].title)
        settle(page)
        assert stem_of(page) == stem
        page.wait_for_url(lambda _: asked(page) == LATER)
        assert shown(page) == values, stem
        check_drawn(page, spec_of(stem, **LATER))


def test_back_forward_and_reload_restore_the_page_and_its_values(page, open_page, settle):
    open_page(page, address("overlap", **ARRIVAL))
    move(page, "seed", "ArrowRight", "ArrowRight", to=2, settle=settle)
    values = shown(page)

    def arrived_at(stem: str) -> None:
        expect(title(page)).to_have_text(BY_STEM[stem].title)
        settle(page)
        assert stem_of(page) == stem
        assert asked(page) == LATER
        assert shown(page) == values
        check_drawn(page, spec_of(stem, **LATER))

    page.reload()
    arrived_at("overlap")
    menu(page, "distinct").click()
    arrived_at("distinct")
    while stem_of(page) != "overlap":
        page.go_back()
        settle(page)
    arrived_at("overlap")
    page.go_forward()
    arrived_at("distinct")


def test_a_page_without_an_experiment_shows_no_controls_and_keeps_every_value(page, open_page, settle):
    open_page(page, address("overlap", **ARRIVAL))
    move(page, "seed", "ArrowRight", "ArrowRight", to=2, settle=settle)
    values = shown(page)
    for way in ("back", "back", "menu"):
        menu(page, "teach").click()
        expect(title(page)).to_have_text(BY_STEM["teach"].title)
        settle(page)
        assert page.locator("input[type=range]").count() == 0
        assert asked(page) == LATER
        if way == "back":
            page.go_back()
        else:
            page.reload()
            settle(page)
            assert asked(page) == LATER
            menu(page, "overlap").click()
        expect(title(page)).to_have_text(BY_STEM["overlap"].title)
        settle(page)
        page.wait_for_url(lambda _: asked(page) == LATER)
        assert shown(page) == values
        check_drawn(page, spec_of("overlap", **LATER))


@pytest.mark.browser_context_args(viewport={"width": 1280, "height": 720})
def test_every_page_begins_at_one_height(page, open_page):
    """The title stands as high on a page without settings at its side as on one with them."""
    places = {}
    for stem in ("overlap", "relatives", "about"):
        open_page(page, address(stem, guess=1))
        places[stem] = title(page).bounding_box()["y"]
    assert len(set(places.values())) == 1, places
