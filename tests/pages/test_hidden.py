"""What a link hides from students: the menu, the page for the person at the front, the answers; and cases that fit."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.pages.reading import told, words
from ui.lessons import BY_STEM, EXPERIMENTS
from ui.page import links

SHOW = "Just show me"


def cases(at):
    """The keys of the cases under "Try this"."""
    return [case["key"] for found in told(at, "presets") for case in found]


@pytest.mark.parametrize("stem", ["overlap", "patient", "network"])
def test_hidden_answers_are_drawn_neither_before_a_guess_nor_after_it(stem, open_app):
    at = open_app(
        stem, address={"hide": "answers"}
    )  # the address asks for no guess: the answer stays hidden all the same
    assert not at.warning
    assert SHOW not in [b.label for b in at.button]
    assert any("Guess first." in text for text in words(at))
    assert all(element["state"].get("told") == "0" for element in told(at))
    page = BY_STEM[stem]
    at.button_group(key=f"guess_{stem}").set_value([next(iter(page.prediction.options))]).run()
    assert not at.exception
    assert any("leaves the answer to the person at the front" in text for text in words(at))
    assert all(element["state"].get("told") == "0" for element in told(at))
    at.session_state["take"] = True
    at.run()
    assert not [b for b in at.get("download_button") if "numpy" in b.label]


def test_an_answer_that_no_link_hides_is_drawn_after_the_guess(open_app):
    at = open_app("overlap", guess=True, address={"hide": "teach"})
    assert SHOW in [b.label for b in at.button]
    at.button_group(key="guess_overlap").set_value([next(iter(BY_STEM["overlap"].prediction.options))]).run()
    assert all("told" not in element["state"] for element in told(at))


def test_what_is_hidden_stays_hidden_on_every_page_and_for_one_picture_alone(open_app):
    at = open_app("overlap", address={"hide": "menu,teach,answers"})
    at.switch_page("pages/remedy.py").run()
    assert at.query_params["hide"] == "menu,teach,answers"
    assert all(element["state"].get("told") == "0" for element in told(at))
    at = open_app("overlap", address={"hide": "answers", "only": "curve"})
    assert [element["state"].get("told") for element in told(at)] == ["0"]


@pytest.mark.parametrize("page", EXPERIMENTS, ids=lambda page: page.stem)
def test_no_case_moves_a_control_that_the_link_hides(page, open_app):
    named = sorted({key for preset in page.presets for key in preset.values if key in ("noise", "overlap", "n_retain")})
    if not named:
        pytest.skip("no case of this page names one of them")
    key = named[0]
    usual = cases(open_app(page.stem))
    assert usual == [preset.key for preset in page.presets]
    at = open_app(page.stem, hide=key)
    kept = {
        preset.key for preset in page.presets if preset.values.get(key, at.session_state[key]) == at.session_state[key]
    }
    assert set(cases(at)) == kept < set(usual)
    value = next(preset.values[key] for preset in page.presets if key in preset.values)
    at = open_app(page.stem, hide=key, **{key: value})
    assert {p.key for p in page.presets if p.values.get(key) == value} <= set(cases(at))


def test_the_link_builder_offers_three_parts_to_hide(open_app):
    at = open_app("teach", part="Links")
    for part in links.PARTS:
        at.multiselect(key="link_hide").set_value([part]).run()
        assert dict(parse_qsl(urlsplit(at.code[0].value).query))["hide"] == part
    at.multiselect(key="link_hide").set_value([*links.PARTS, "noise"]).run()
    assert dict(parse_qsl(urlsplit(at.code[0].value).query))["hide"] == "noise,menu,teach,answers"
