"""How an address arrives: on a server nobody has visited, with values no control can have, or at no page at all."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import (
    ROUNDING,
    address,
    asked,
    check_drawn,
    measured,
    menu,
    move,
    shown,
    title,
    weights,
)
from theory import Spec, compare
from ui.lessons import PAGES
from ui.plot.controls import CONTROLS

USUAL = {
    "overlap": "40%",
    "d": "200",
    "n_retain": "50",
    "n_forget": "50",
    "n_tune": "0",
    "noise": "0.00",
    "seed": "0",
}


def test_the_first_visit_of_all_shows_that_golden_forgets_and_fine_tuning_does_not(fresh_server, page, open_page):
    open_page(page, fresh_server().url + address("overlap", overlap=0.4))
    assert shown(page) == USUAL
    losses = measured(page)
    golden, tuned = compare(Spec(overlap=0.4), ("golden", "fine_tune"))
    assert losses["golden", "unlearning_loss"] == pytest.approx(golden.unlearning_loss, rel=1e-9)
    assert losses["golden", "unlearning_loss"] > 0.1
    assert max(losses["fine_tune", "unlearning_loss"], tuned.unlearning_loss) <= ROUNDING
    assert set(weights(page)) == {"pretrained", "fine_tune", "golden"}
    check_drawn(page, Spec(overlap=0.4))


def alerts(page):
    return page.get_by_test_id("stAlert").locator("p")


HOSTILE = {
    "text": {
        "overlap": "<script>window.harmed=1;alert(1)</script>",
        "d": '"><img src=x onerror="window.harmed=1;alert(1)">',
        "n_retain": "[a](javascript:alert(1))",
        "n_forget": "$\\href{javascript:alert(1)}{a}$",
        "n_tune": "${window.harmed=1}",
        "noise": "0.5'; DROP TABLE rows",
        "seed": "٣",
    },
    "numbers": {
        "overlap": "nan",
        "d": "9" * 400,
        "n_retain": "1e999",
        "n_forget": "-inf",
        "n_tune": "-1",
        "noise": "5.05",
        "seed": "0.5",
    },
}


@pytest.mark.parametrize("values", HOSTILE.values(), ids=HOSTILE)
def test_values_no_control_can_have_are_refused_in_words(values, page, open_page, settle):
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    open_page(page, address("overlap", **values))
    notes = alerts(page).all_inner_texts()
    assert len(notes) == len(CONTROLS)
    for note, control in zip(notes, CONTROLS, strict=True):
        assert note.startswith(f"{control.label} ({control.key}) in the address is "), note
        assert note.endswith(f"; using {control.default:g}."), note
        assert values[control.key] not in note
    assert shown(page) == USUAL
    assert asked(page) == {}
    check_drawn(page, Spec())
    assert page.evaluate("() => window.harmed") is None
    assert page.locator("script:not([src]):has-text('harmed'), img[src='x'], a[href^='javascript']").count() == 0
    move(page, "seed", "ArrowRight", to=1, settle=settle)
    assert alerts(page).count() == 0, "the notes stay after a control has moved"
    assert not dialogs


def test_a_value_given_twice_is_refused_and_the_others_are_kept(page, open_page):
    open_page(page, address("overlap", d=300, seed=3) + "&seed=4")
    assert alerts(page).all_inner_texts() == ["Draw (seed) (seed) in the address was given more than once; using 0."]
    assert asked(page) == {"d": 300}
    check_drawn(page, Spec(d=300))


def test_settings_that_do_not_fit_are_explained_and_mended_with_the_keyboard(page, open_page, settle):
    open_page(page, address("overlap", n_tune=80, d=300))
    message = alerts(page)
    expect(message).to_contain_text("do not fit together: n_tune must be a whole number between 1 and 50, got 80")
    assert page.locator(".js-plotly-plot").count() == 0
    assert shown(page) == {**USUAL, "n_tune": "80", "d": "300"}
    move(page, "n_tune", "Home", *["ArrowRight"] * 3, to=3, settle=settle)
    expect(message).to_have_count(0)
    check_drawn(page, Spec(n_tune=3, d=300))
    assert measured(page)
    assert shown(page) == {**USUAL, "n_tune": "3", "d": "300"}


@pytest.mark.parametrize("visited", [False, True], ids=["new server", "visited server"])
def test_the_first_page_opens_under_its_own_name_too(visited, fresh_server, page, open_page, settle):
    name = f"/{PAGES[0].stem}"
    open_page(page, ("" if visited else fresh_server().url) + f"{name}?guess=0&d=300&seed=many")
    expect(title(page)).to_have_text(PAGES[0].title)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(alerts(page).all_inner_texts()) == 1
    assert asked(page) == {"d": 300}
    move(page, "d", "ArrowRight", to=301, settle=settle)
    check_drawn(page, Spec(d=301))
    menu(page, PAGES[0].stem).click()
    page.wait_for_url("**/?*")
    settle(page)
    expect(title(page)).to_have_text(PAGES[0].title)
    assert asked(page) == {"d": 301}


def test_an_unknown_page_leads_to_the_start(page, open_page, browser_errors):
    open_page(page, "/nonsense?d=300")
    expect(page.get_by_role("dialog")).to_contain_text("The page that you have requested does not seem to exist.")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(title(page)).to_have_text(PAGES[0].title)
    assert "Traceback" not in page.content()
    assert len(browser_errors) == 1
    assert "The page that you have requested does not seem to exist." in browser_errors.pop()
