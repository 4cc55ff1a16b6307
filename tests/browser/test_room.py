"""A page on paper, in forced colours, heard instead of seen, inside another page, and with typed numbers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screen import CONTROL_KEYS, address, asked, check_drawn, hand_on, slider, spec_of
from theory import Spec


@pytest.mark.parametrize("stem", ["overlap", "digits", "teach"])
def test_a_page_of_a_dark_screen_prints_like_one_of_a_light_one(stem, page, open_page, screenshots):
    page.emulate_media(color_scheme="dark")
    open_page(page, address(stem))
    assert looks.paper_complaints(page, screenshots / f"{stem}-paper-dark.png") == []


def test_a_page_of_a_lecture_fills_more_than_one_sheet(page, open_page):
    """The browser's own printing, not only its rules: a page longer than a sheet is not cut at the window's end."""
    open_page(page, address("regularize"))
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert len(sheets) >= 3


# What has no edge, mark or colour of its own where a browser takes away all paint but the visitor's few colours.
EDGES = """
keys => {
  const found = [], edge = e => parseFloat(getComputedStyle(e).borderTopWidth) >= 1;
  for (const key of keys) {
    const way = document.querySelector(`.st-key-${key} [role=group] > div`);
    if (!way) continue;
    const thumb = way.querySelector(':scope > div:has(input[type=range])');
    if (!edge(way.firstElementChild)) found.push(`${key} has no track`);
    if (!edge(thumb)) found.push(`${key} has no thumb`);
  }
  for (const group of document.querySelectorAll('[role=radiogroup]')) {
    const paint = e => [e.ariaChecked, getComputedStyle(e).backgroundColor];
    const paints = [...group.querySelectorAll('[role=radio]')].map(paint);
    const chosen = paints.filter(([on]) => on === 'true'), rest = paints.filter(([on]) => on !== 'true');
    if (chosen.length !== 1 || rest.some(([, paint]) => paint === chosen[0][1]))
      found.push(`${group.ariaLabel} does not show what is chosen`);
  }
  return found;
}
"""


@pytest.mark.browser_context_args(forced_colors="active", color_scheme="dark")
def test_forced_colours_show_every_control_the_choice_and_the_focus(page, open_page, settle, screenshots):
    open_page(page, address("regularize"))
    assert page.evaluate(EDGES, [*CONTROL_KEYS, "alpha", "mu"]) == []
    page.locator(".st-key-overlap").scroll_into_view_if_needed()
    slider(page, "overlap").focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    outlined = "e => getComputedStyle(e.closest('[role=group] > div > div')).outlineStyle"
    assert slider(page, "overlap").evaluate(outlined) == "solid"
    assert slider(page, "noise").evaluate(outlined) == "none"
    page.screenshot(path=screenshots / "forced-colours.png")
    complaints = looks.axe_complaints(page)
    assert not complaints, "\n" + "\n".join(complaints)


def test_what_a_move_did_is_read_out_once_and_when_the_hand_rests(page, open_page, settle):
    open_page(page, address("overlap"))
    voice = page.locator(".picture-voice")
    expect(voice).to_have_count(0)
    page.evaluate("""() => {
      const near = window.fetch;  // the server is slow: a picture of a value on the way comes when the hand rests
      window.fetch = async (...how) => { await new Promise((go) => setTimeout(go, 1000)); return near(...how); };
      window.heard = [];
      new MutationObserver(() => {
        const said = document.querySelector('.picture-voice')?.textContent;
        if (said && said !== heard.at(-1)) heard.push(said);
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }""")
    with hand_on(page, "overlap") as move:
        for share in (0.5, 0.6, 0.7, 0.8):
            move(share)
    settle(page)
    caption = page.locator(".caption").first.inner_text()
    expect(voice).to_have_attribute("role", "status")
    page.wait_for_function("text => heard.at(-1)?.replace(/\\s+/g, ' ') === text", arg=re.sub(r"\s+", " ", caption))
    assert page.evaluate("() => heard.length") == 1


def typed(page, label, text):
    field = page.get_by_role("textbox", name=re.compile(re.escape(label)))
    field.fill(text)
    field.press("Enter")


@pytest.mark.browser_context_args(viewport={"width": 1280, "height": 720})
def test_a_number_is_typed_for_any_slider_by_keyboard_alone(page, open_page, settle):
    open_page(page, address("regularize"))
    page.get_by_role("button", name="Type values").focus()
    page.keyboard.press("Enter")
    settle(page)
    typed(page, "Features d", "317")
    page.wait_for_url(re.compile("d=317"))
    typed(page, "Feature overlap", "33,3 %")
    page.wait_for_url(re.compile("overlap=0.333"))
    settle(page)
    check_drawn(page, spec_of("regularize", d=317, overlap=0.333))
    typed(page, "Features d", "1")
    expect(page.get_by_role("alert").filter(has_text="is outside 2 to 2000")).to_be_visible()
    assert asked(page) == {"d": 317, "overlap": 0.333}
    typed(page, "alpha", "0.11")
    expect(page.get_by_text("The nearest is 0.1.")).to_be_visible()
    typed(page, "alpha", "1")
    page.wait_for_url(re.compile("alpha=1(&|$)"))
    page.keyboard.press("Escape")
    for key in CONTROL_KEYS:
        expect(page.locator(f".st-key-{key}")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Type values")).to_be_in_viewport(ratio=1)


def test_the_number_of_a_scrubber_is_typed(page, open_page, settle):
    open_page(page, address("start"))
    page.get_by_role("button", name="Type values").click()
    settle(page)
    typed(page, "Rows to forget", "20")
    settle(page)
    check_drawn(page, Spec(n_forget=20))
    steps = page.get_by_role("textbox", name=re.compile("steps", re.IGNORECASE))
    steps.fill("100")
    steps.press("Enter")
    page.wait_for_url(re.compile("trained=100"))
    settle(page)
    scrubber = page.locator(".st-key-scrub_trained input[type=range]")
    expect(scrubber).to_have_attribute("aria-valuetext", re.compile("100"))
