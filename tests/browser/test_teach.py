"""What only a browser shows of the page teach: keys, type, the second window, a link as a phone opens it, saving."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screen import BY_STEM, address, asked, check_drawn, hand_on, menu, move, spec_of, stem_of, title
from ui.figures.projector import LOWEST
from ui.lessons.plain import PARTS
from ui.lessons.start.text import TRAINED
from ui.plot.controls import CONTROLS
from ui.teaching.quiz_items import ITEMS
from ui.teaching.talk import TALK

PROJECTOR = {"width": 1280, "height": 720}
SMALLEST = 0.025  # of the window's height, read from the back of a room
# Projectors: one that is old, one in most rooms, and one of a large hall.
SCREENS = ({"width": 1024, "height": 768}, {"width": 1920, "height": 1080}, {"width": 3840, "height": 2160})
SMALL_TEXT = """smallest => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), element = walk.currentNode.parentElement;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (!text || box.width < 2 || box.height < 2 || style.visibility === 'hidden') continue;
    if (/^(SCRIPT|STYLE|NOSCRIPT)$/.test(element.tagName)) continue;
    // A picture is drawn for a small screen and enlarged.
    const plot = element.closest('.plot'), by = plot ? plot.getBoundingClientRect().width / plot.offsetWidth : 1;
    const size = by * parseFloat(style.fontSize);
    if (size < smallest * innerHeight - 0.1) found.push(`${text.slice(0, 30)}: ${size}px`);
  }
  return found;
}"""


# Pixels on the smallest projector between a title and its question, between the last words and the bar of cues, and out
# of the window.
PARTS_OF_A_LECTURE = """() => {
  const box = (found) => found.getBoundingClientRect(), main = document.querySelector('.stMain');
  const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 22;
  const title = main.querySelector('h1'), words = '[data-testid=stMarkdown], .caption:not([hidden])';
  const texts = [...main.querySelectorAll(words)];
  return {
    title: (box(texts[0]).top - box(title).bottom + parseFloat(getComputedStyle(title).paddingBottom)) / unit,
    cues: (box(document.querySelector('.lecture-cues')).top - box(texts.at(-1)).bottom) / unit,
    window: main.scrollHeight - main.clientHeight,
  };
}"""
BETWEEN = {"title": (8, 12), "cues": (0, 40), "window": (0, 0)}


def out_of_place(page):
    found = page.evaluate(PARTS_OF_A_LECTURE)
    return [f"{found[key]} px at the {key}" for key, (low, high) in BETWEEN.items() if not low <= found[key] <= high]


def at_place(page, text, settle):
    expect(page.locator(f".lecture-cues output[data-place='{text}']")).to_have_count(1, timeout=15_000)
    settle(page)


def places():
    return [f"{k}{r}" for k, step in enumerate(TALK, 1) for r in ["", "r", *(["r2"] if step.second else [])]]


@pytest.mark.browser_context_args(viewport=PROJECTOR)
def test_the_whole_talk_is_given_by_keyboard_alone_and_back(page, open_page, settle, screenshots):
    open_page(page, "/teach?part=Lecture")
    page.get_by_role("button", name="Start the talk").press("Enter")
    complaints = []
    for place in places():
        at_place(page, place, settle)
        step = TALK[int(place[0]) - 1]
        assert stem_of(page) == step.page
        expect(title(page)).to_have_text(BY_STEM[step.page].title)
        # What is usual does not stand in the address.
        shared = {c.key: v for c in CONTROLS if (v := step.settings.get(c.key, c.default)) != c.default}
        assert asked(page) == shared
        check_drawn(page, spec_of(step.page, **shared))
        assert page.locator(".js-plotly-plot").count() == 1
        expect(page.get_by_test_id("stMain").get_by_text(step.cue)).to_be_visible()
        for part in ("stSidebar", "stHeader", "stToolbar", "stExpandSidebarButton"):
            assert not page.get_by_test_id(part).filter(visible=True).count(), part
        assert ("Guess first." in page.get_by_test_id("stMain").inner_text()) == ("r" not in place)
        complaints += [f"{place}: {small}" for small in page.evaluate(SMALL_TEXT, SMALLEST)]
        complaints += [f"{place}: {complaint}" for complaint in out_of_place(page)]
        page.screenshot(path=screenshots / f"talk-{place}.png")
        page.keyboard.press("PageDown")
    assert not complaints, "\n" + "\n".join(complaints)
    for place in places()[-2:-6:-1]:
        page.keyboard.press("PageUp")
        at_place(page, place, settle)


@pytest.mark.browser_context_args(viewport=PROJECTOR)
def test_the_notes_follow_and_a_reload_changes_nothing(page, context, open_page, settle):
    open_page(page, "/?lecture=1&at=3")
    notes = context.new_page()
    notes.set_viewport_size(PROJECTOR)
    open_page(notes, "/?notes=1")
    expect(title(notes)).to_have_text(TALK[2].cue)  # late, it asks where the talk is
    page.bring_to_front()
    page.keyboard.press("a")
    at_place(page, "3r", settle)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")  # a stroke while the page is under way waits for its turn
    at_place(page, "4r", settle)
    expect(title(notes)).to_have_text(TALK[3].cue)
    page.reload()
    at_place(page, "4r", settle)
    page.keyboard.press(".")
    expect(page.locator(".lecture-blank")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".lecture-blank")).to_be_hidden()
    page.keyboard.press("Home")
    at_place(page, "4", settle)
    # A remote presses the keys of whichever window has the focus.
    notes.bring_to_front()
    notes.keyboard.press("PageDown")
    at_place(page, "4r", settle)
    expect(notes.locator(".talk-clock time")).not_to_have_text("0:00")
    notes.keyboard.press("PageUp")
    at_place(page, "4", settle)
    expect(notes.get_by_text(TALK[4].cue)).to_be_visible()
    small = notes.evaluate(SMALL_TEXT, SMALLEST / 1.2)
    assert not small, small


@pytest.mark.browser_context_args(viewport=PROJECTOR)
def test_a_talk_is_left_to_where_it_was_started_with_the_settings_from_before(page, open_page, settle):
    open_page(page, address("teach", part="Lecture", seed=7))
    page.get_by_role("button", name="Start the talk").click()
    at_place(page, "1", settle)
    assert asked(page) == {"noise": 0.5}
    page.keyboard.press(".")
    page.keyboard.press("Escape")  # first back from the dark
    expect(page.locator(".lecture-blank")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Start the talk")).to_be_visible()
    page.wait_for_url(lambda url: "part=Lecture" in url and asked(page) == {"seed": 7})
    settle(page)
    page.get_by_role("button", name="Start the talk").click()
    at_place(page, "1", settle)
    page.get_by_role("button", name="Dark").click()
    page.wait_for_url("**dark_theme**")
    at_place(page, "1", settle)
    dark = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    assert page.evaluate(dark) == "rgb(20, 24, 29)"
    page.keyboard.press("Escape")
    expect(page.locator(".lecture-cues")).to_have_count(0)
    expect(page.get_by_role("button", name="Start the talk")).to_be_visible()
    page.wait_for_url(lambda url: "dark_theme" not in url and "part=Lecture" in url and "seed=7" in url)
    settle(page)
    assert page.evaluate(dark) == "rgb(255, 255, 255)"
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "16px"


@pytest.mark.browser_context_args(viewport=SCREENS[0])
def test_on_every_projector_text_is_as_large_and_nothing_is_cut(page, open_page, settle):
    complaints = []
    for at, step in ((3, ""), (5, "r"), (7, "r"), (8, "r")):
        open_page(page, f"/{TALK[at - 1].page}?lecture=1&at={at}{'&reveal=1' if step else ''}")
        for size in SCREENS:
            page.set_viewport_size(size)
            settle(page)
            found = page.evaluate(SMALL_TEXT, SMALLEST) + out_of_place(page)
            complaints += [f"{at}{step}, {size['width']} px wide: {complaint}" for complaint in found]
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.browser_context_args(viewport=PROJECTOR)
def test_the_slider_of_a_step_moves_its_picture_under_the_hand(page, open_page, settle):
    open_page(page, "/overlap?lecture=1&at=5&reveal=1")
    before = page.locator(".picture").get_attribute("aria-label")
    with hand_on(page, "overlap") as move:
        move(0.8)
        expect(page.locator(".picture")).not_to_have_attribute("aria-label", before)
    settle(page)
    check_drawn(page, spec_of("overlap", noise=0.5, **{k: v for k, v in asked(page).items() if k == "overlap"}))


@pytest.mark.browser_context_args(viewport=PROJECTOR)
def test_a_picture_takes_the_height_there_is(page, open_page, settle):
    open_page(page, "/remedy?lecture=1&guess=0")
    height = "() => document.querySelector('.picture').clientHeight"
    before = page.evaluate(height)
    for size, more in (({"width": 1440, "height": 900}, 100), (PROJECTOR, 0)):
        page.set_viewport_size(size)
        page.wait_for_function(f"least => ({height})() >= least", arg=before + more)
        settle(page)
        assert not out_of_place(page)
        drawn = page.evaluate("() => document.querySelector('.main-svg').getBoundingClientRect().height")
        assert drawn == pytest.approx(page.evaluate(height), abs=1)
    # No lower than can be read, however small the window.
    page.set_viewport_size({"width": 1280, "height": 400})
    page.wait_for_function(f"least => ({height})() === least", arg=LOWEST)


def test_a_remote_moves_the_slider_under_the_hand_and_not_while_it_is_held(page, open_page, settle):
    open_page(page, "/geometry?lecture=1&guess=0")
    handle = page.locator("input[type=range]")
    handle.press("ArrowRight")
    expect(page.locator("output").filter(has_text="1 step:")).to_be_visible()
    at_place(page, "geometry", settle)
    handle.press("PageDown")
    page.wait_for_url(lambda url: "figure=2" in url)


@pytest.mark.browser_context_args(viewport=looks.PHONE, device_scale_factor=2, has_touch=True, is_mobile=True)
def test_a_phone_opens_a_built_link_as_it_was_chosen(page, open_page, settle, base_url):
    open_page(page, address("teach", part="Links"))
    page.locator(".st-key-link_case_start").get_by_role("combobox").click()
    page.get_by_role("option", name="Noisy labels").click()
    settle(page)
    # This test's server answers at this machine alone, which the page says.
    expect(page.get_by_text("which other machines cannot reach")).to_be_visible()
    field = page.get_by_role("textbox", name="Address of this server")
    field.fill(base_url)
    field.press("Enter")
    settle(page)
    page.get_by_role("combobox", name="To hide from the students").click()
    page.keyboard.type("Label noise")
    page.get_by_role("option", name="Label noise").click()
    page.keyboard.press("Escape")
    settle(page)
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert not looks.layout_complaints(page)
    assert urlsplit(link).query == "guess=1&noise=1&hide=noise"
    open_page(page, link)
    expect(page.locator(".st-key-guess_box")).to_contain_text(BY_STEM["start"].prediction.question)
    assert asked(page) == {"noise": 1}
    check_drawn(page, spec_of("start", noise=1))
    assert not looks.layout_complaints(page)
    page.get_by_role("button", name="Expand sidebar").tap()
    assert page.locator(".st-key-noise input").count() == 0
    assert page.locator(".st-key-seed input").count() == 1
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=BY_STEM["distinct"].title, exact=True).tap()
    expect(title(page)).to_have_text(BY_STEM["distinct"].title)
    settle(page)
    assert asked(page) == {"noise": 1}
    assert page.locator(".st-key-noise input").count() == 0
    check_drawn(page, spec_of("distinct", noise=1))
    assert "hide=noise" in page.url


@pytest.mark.browser_context_args(viewport=looks.PHONE, device_scale_factor=2, has_touch=True, color_scheme="dark")
def test_every_part_is_in_order_and_the_worksheets_can_be_saved(page, open_page, tmp_path):
    complaints = []
    for part in [*PARTS][1:]:  # the first is looked at with every other page
        open_page(page, address("teach", part=part))
        for size in (looks.PHONE, looks.DESK):
            looks.resize(page, **size, whole=True)
            found = looks.layout_complaints(page)
            if size is looks.PHONE:
                found += looks.axe_complaints(page) + looks.ink_complaints(page, "dark")
            complaints += [f"{part}, {size['width']} px wide: {complaint}" for complaint in found]
        if part == "Worksheets":
            for name in ("Save the worksheet", "Save the answers"):
                with page.expect_download() as saved:
                    page.get_by_role("button", name=name).click()
                saved.value.save_as(tmp_path / name)
                assert saved.value.suggested_filename.endswith(".html")
                assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.browser_context_args(viewport=looks.PHONE, device_scale_factor=2, has_touch=True)
def test_a_quiz_is_taken_by_keyboard_and_words_just_typed_are_kept(page, open_page, settle, screenshots):
    open_page(page, address("quiz", quiz=7))
    complaints = []
    for item in (ITEMS[0], ITEMS[3], ITEMS[7]):
        page.locator(".st-key-quiz_at").get_by_role("radio", name=str(ITEMS.index(item) + 1)).press("Enter")
        settle(page)
        page.locator(f".st-key-quiz_answer_7_{item.key} input").first.focus()
        page.keyboard.press("Space")
        settle(page)
        for key in ("Tab", "Enter"):
            page.keyboard.press(key)
        settle(page)
        expect(page.get_by_test_id("stAlert").first).to_be_visible()
        if item.picture == "button":
            page.get_by_role("slider", name=TRAINED.label).press("End")
            expect(page.locator(f".st-key-{item.key}").get_by_text("after 10,000 steps")).to_be_visible()
            assert TRAINED.key not in page.url
        page.get_by_role("textbox", name=item.why).focus()
        page.keyboard.type("It is so.")
        for key in ("Tab", "Enter"):  # straight from the words to the button, without leaving them first
            page.keyboard.press(key)
        settle(page)
        expect(page.locator(".st-key-quiz_explanation")).to_be_visible()
        expect(page.get_by_role("textbox", name=item.why)).to_have_value("It is so.")
        looks.resize(page, **looks.PHONE, whole=True)
        page.screenshot(path=screenshots / f"quiz-{item.key}.png", scale="css")
        complaints += [f"{item.key}: {complaint}" for complaint in looks.layout_complaints(page)]
        complaints += [f"{item.key}: {complaint}" for complaint in looks.axe_complaints(page)]
        looks.resize(page, **looks.PHONE)
    page.locator(".st-key-quiz_next button").press("Enter")
    settle(page)
    expect(page.get_by_text("You have answered 3 of 8 questions")).to_be_visible()
    complaints += looks.layout_complaints(page)
    assert "quiz=7" in page.url
    assert not complaints, "\n" + "\n".join(complaints)


def test_back_from_the_page_an_explanation_leads_to_finds_the_quiz_where_it_stood(page, open_page, settle):
    """In a tab of its own, or by the menu and Back: one answer, given once, the reader's words, the explanation."""
    item, words = ITEMS[1], "A longer sum of the same rows."
    open_page(page, address("quiz", quiz=7))
    page.locator(".st-key-quiz_at").get_by_role("radio", name="2").press("Enter")
    settle(page)
    page.locator(f".st-key-quiz_answer_7_{item.key} input").first.press("Space")
    page.get_by_role("button", name="This is my answer").click()
    settle(page)
    page.get_by_role("textbox", name=item.why).fill(words)
    page.get_by_role("button", name="Show the explanation").click()
    settle(page)
    judged = page.get_by_test_id("stAlert").all_inner_texts()

    def stands_there():
        settle(page)
        assert "quiz=7" in page.url
        expect(page.locator(".st-key-quiz_at").get_by_role("radio", name="2")).to_be_checked()
        assert page.get_by_test_id("stAlert").all_inner_texts() == judged
        expect(page.get_by_role("textbox", name=item.why)).to_have_value(words)
        expect(page.locator(".st-key-quiz_explanation")).to_be_visible()
        expect(page.get_by_role("button", name="This is my answer")).to_have_count(0)

    with page.expect_popup() as opened:
        page.locator(".st-key-quiz_explanation").get_by_role("link").click()
    beside = opened.value
    settle(beside)
    assert stem_of(beside) == item.page
    steps, seed = beside.evaluate("history.length"), asked(beside)["seed"]
    move(beside, "seed", "ArrowRight", to=seed + 1, settle=settle)
    assert beside.evaluate("history.length") == steps, "a setting is a step back of the browser"
    beside.close()
    stands_there()

    menu(page, item.page).click()
    expect(title(page)).to_have_text(BY_STEM[item.page].title)
    settle(page)
    page.go_back()
    expect(title(page)).to_have_text(BY_STEM["quiz"].title)
    stands_there()
    page.locator(".st-key-quiz_at").get_by_role("radio", name="Result").press("Enter")
    settle(page)
    expect(page.get_by_text("You have answered 1 of 8 questions")).to_be_visible()
