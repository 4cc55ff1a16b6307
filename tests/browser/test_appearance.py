"""How every page looks: both themes, on a desk, a tablet, a phone, zoomed and on paper. Leaves screenshots behind."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.looks import DESK, MAGNIFIED, NARROWEST, PHONE, TABLET
from tests.browser.screen import (
    CONTROL_KEYS,
    address,
    asked,
    check_drawn,
    menu,
    spec_of,
    track,
)
from ui.figures.style import PAPER
from ui.lessons import PAGES
from ui.plot.controls import CONTROLS

# The values of the shared controls that no address names; a case names its own.
USUAL = {control.key: control.default for control in CONTROLS if control.key != "seed"}


@pytest.mark.browser_context_args(viewport=PHONE, device_scale_factor=2, has_touch=True, color_scheme="dark")
@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.stem)
def test_a_page_is_in_order_in_every_theme_and_size_and_at_every_case(row, page, open_page, settle, screenshots):
    """The visitor arrives on a phone at night; later the window grows, day breaks, and the page is printed.

    On the phone again, every case that the page offers is tried.
    """
    stem = row.stem
    looks.watch_ink(page)
    open_page(page, address(stem))
    complaints = [f"on arrival: {complaint}" for complaint in looks.ink_since_arrival(page, "dark")]
    complaints += [f"dark: {complaint}" for complaint in looks.ink_complaints(page, "dark")]
    for size in (PHONE, TABLET, DESK):
        looks.resize(page, **size, whole=True)
        if size is PHONE:
            page.screenshot(path=screenshots / f"{stem}-dark-{size['width']}.png", scale="css")
        found = looks.layout_complaints(page) + (looks.axe_complaints(page) if size is PHONE else [])
        complaints += [f"dark, {size['width']} px wide: {complaint}" for complaint in found]
    # By day everything stands where it stood, in other colours.
    page.emulate_media(color_scheme="light")
    looks.until_repainted(page, "light")
    settle(page)
    page.screenshot(path=screenshots / f"{stem}-light-{DESK['width']}.png", scale="css")
    found = looks.ink_complaints(page, "light") + looks.axe_complaints(page)
    complaints += [f"light: {complaint}" for complaint in found]
    looks.resize(page, **MAGNIFIED)
    complaints += [f"at 200%: {complaint}" for complaint in looks.layout_complaints(page)]
    looks.resize(page, **NARROWEST)
    complaints += [f"at 320 px: {found}" for found in looks.layout_complaints(page) if "sideways" in found]
    complaints += [f"on paper: {found}" for found in looks.paper_complaints(page, screenshots / f"{stem}-paper.png")]
    complaints += [f"on paper: {found}" for found in looks.contrast_complaints(page)]
    page.emulate_media(media="screen")
    looks.resize(page, **PHONE, whole=True)
    for preset in row.presets:
        try_case(page, preset, settle)
        complaints += [f"{preset.key}: {complaint}" for complaint in looks.layout_complaints(page)]
    assert not complaints, "\n" + "\n".join(complaints)


def try_case(page, preset, settle):
    """Follow the link of a case on the page, as a visitor does; it draws the data there are, unless it names some."""
    link = page.locator(".st-key-presets_part").get_by_role("link", name=preset.title, exact=True)
    link.focus()  # who opens it elsewhere has it under the hand first
    seed = parse_qs(urlsplit(page.url).query).get("seed", [])
    assert parse_qs(urlsplit(link.get_attribute("href")).query).get("seed", []) == seed, "of other data"
    link.tap()
    settle(page)
    said = asked(page)
    assert {key: said.get(key, usual) for key, usual in USUAL.items()} == {
        key: preset.values.get(key, usual) for key, usual in USUAL.items()
    }
    page.evaluate(looks.BOXES_REST)


# WCAG exempts what cannot be used; a reader still sees that it is there.
SEEN = 2.0
# The colours of what is written on a button that cannot be pressed yet, and of the ring of an answer.
FAINT = """() => [...document.querySelectorAll('.stMain button:disabled :not(:has(*))')].filter(e => e.innerText)
  .map(e => getComputedStyle(e).color).concat(
  [...document.querySelectorAll('.stMain label:has(input[type=radio]) > div > div:first-child')]
  .map(e => getComputedStyle(e).borderTopColor))"""


def test_the_answers_of_the_quiz_and_its_button_are_seen_before_one_is_chosen(page, open_page, settle):
    open_page(page, address("quiz"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        looks.until_repainted(page, theme)
        settle(page)
        colours = page.evaluate(FAINT)
        assert len(colours) >= 4
        for colour in colours:
            opacity = float(colour.split(",")[3].strip(" )")) if colour.startswith("rgba") else 1.0
            ink, paper = looks.rgb(colour), looks.rgb(PAPER[theme])
            mixed = [round(opacity * a + (1 - opacity) * b) for a, b in zip(ink, paper, strict=True)]
            assert looks.contrast(f"rgb({mixed[0]}, {mixed[1]}, {mixed[2]})", PAPER[theme]) > SEEN, (theme, colour)


@pytest.mark.browser_context_args(viewport=PHONE)
def test_the_exceptions_for_streamlit_are_all_needed(page, open_page, settle):
    open_page(page, address("distinct"))
    page.get_by_role("button", name="Expand sidebar").click()
    page.evaluate(looks.BOXES_REST)
    used = looks.exceptions_used(page)
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    page.get_by_text("Settings", exact=True).click()
    expect(track(page, "overlap")).to_be_visible()
    page.evaluate(looks.BOXES_REST)
    assert used | looks.exceptions_used(page) == set(looks.EXCEPTIONS)


def test_charts_follow_the_theme_chosen_in_the_menu(page, open_page, settle):
    open_page(page, address("overlap"))
    for choice, theme in (("Dark", "dark"), ("Light", "light"), ("System", "light")):
        page.get_by_role("button", name="Main menu").click()
        page.get_by_role("menuitemradio", name=choice).click()
        page.keyboard.press("Escape")
        looks.until_repainted(page, theme)
        settle(page)
        assert not looks.ink_complaints(page, theme), choice
    check_drawn(page, spec_of("overlap"))


CUT = """links => links.flatMap(link => [link, ...link.querySelectorAll('*')])
  .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth).map(part => part.textContent)"""


def test_no_name_in_the_menu_is_cut(page, open_page):
    open_page(page, address("overlap"))
    for group in dict.fromkeys(row.group for row in PAGES):
        rows = [row for row in PAGES if row.group == group]
        expect(menu(page, rows[0].stem)).to_be_visible()
        names = page.get_by_test_id("stTopNavDropdownLink")
        expect(names).to_have_text([row.title for row in rows])
        page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
        assert names.evaluate_all(CUT) == []
        assert not looks.axe_complaints(page)
        page.keyboard.press("Escape")
        expect(names).to_have_count(0)


@pytest.mark.browser_context_args(viewport=PHONE, device_scale_factor=2, has_touch=True, is_mobile=True)
def test_on_a_phone_the_settings_open_above_the_picture_and_answer_a_finger(page, open_page, settle):
    open_page(page, address("overlap"))
    expect(track(page, "overlap")).not_to_be_visible()
    page.get_by_text("Settings", exact=True).tap()
    expect(track(page, "overlap")).to_be_visible()
    page.evaluate(looks.BOXES_REST)
    page.locator(".picture").first.evaluate("picture => picture.scrollIntoView()")
    page.evaluate(looks.BOXES_REST)
    panel, picture = page.locator(".st-key-settings").bounding_box(), page.locator(".picture").first.bounding_box()
    assert panel["y"] + panel["height"] <= picture["y"] < PHONE["height"] / 2, "the settings cover their picture"
    for key in CONTROL_KEYS:
        track(page, key).scroll_into_view_if_needed()
        expect(track(page, key)).to_be_in_viewport(ratio=0.95)
        assert track(page, key).bounding_box()["width"] > 200
    track(page, "overlap").scroll_into_view_if_needed()
    page.evaluate(looks.BOXES_REST)
    box = track(page, "overlap").bounding_box()
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile("overlap=0.7"))
    settle(page)
    check_drawn(page, spec_of("overlap", overlap=asked(page)["overlap"]))
    assert not looks.axe_complaints(page)


@pytest.mark.browser_context_args(viewport=PHONE, device_scale_factor=2, has_touch=True, is_mobile=True)
def test_on_a_phone_the_menu_has_a_word_and_is_closed_after_a_reload(page, open_page, settle):
    open_page(page, address("overlap"))
    way = page.get_by_role("button", name="Expand sidebar")
    word = way.evaluate("e => getComputedStyle(e.closest('[data-testid]'), '::after').content")
    assert word == '"Menu"'
    way.tap()
    link = page.get_by_role("link", name=PAGES[1].title)
    expect(link).to_be_in_viewport()
    page.reload()
    settle(page)
    expect(link).not_to_be_in_viewport()


@pytest.mark.browser_context_args(viewport=looks.PHONE, device_scale_factor=2, has_touch=True, is_mobile=True)
@pytest.mark.parametrize("stem", ["geometry", "boundary", "flatten"])
def test_the_longest_answers_to_choose_from_are_read_whole_on_a_phone(page, open_page, stem):
    open_page(page, address(stem, guess=1))
    names = page.locator(".st-key-guess_box").get_by_role("radio").locator("p")
    expect(names.first).to_be_visible()
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    assert names.evaluate_all(cut) == []
