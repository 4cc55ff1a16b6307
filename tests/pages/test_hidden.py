"""What a link hides from students: the menu, the page for the person at the front, the answers; and cases that fit."""

from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st

from tests.pages.reading import told, words
from tests.pages.test_class import guess
from ui.lessons import BY_STEM
from ui.page import links

SHOW = "Just show me"


def cases(at):
    """The keys of the cases under "Try this"."""
    return [case["key"] for found in told(at, "presets") for case in found]


@pytest.mark.parametrize("stem", ["remedy", "patient"])
def test_hidden_answers_are_drawn_neither_before_a_guess_nor_after_it(stem, open_app):
    at = open_app(
        stem, address={"hide": "answers"}
    )  # the address asks for no guess: the answer stays hidden all the same
    assert not at.warning
    assert SHOW not in [b.label for b in at.button]
    assert any("Guess first." in text for text in words(at))
    assert all(element["state"].get("told") == "0" for element in told(at))
    guess(at, stem, next(iter(BY_STEM[stem].prediction.options)))
    assert any("leaves the answer to the person at the front" in text for text in words(at))
    assert all(element["state"].get("told") == "0" for element in told(at))
    at.session_state["take"] = True
    at.run()
    assert not [b for b in at.get("download_button") if "numpy" in b.label]


def test_an_answer_that_no_link_hides_is_drawn_after_the_guess(open_app):
    at = open_app("remedy", guess=True, address={"hide": "teach"})
    assert SHOW in [b.label for b in at.button]
    guess(at, "remedy", next(iter(BY_STEM["remedy"].prediction.options)))
    assert all("told" not in element["state"] for element in told(at))


def test_what_is_hidden_stays_hidden_on_every_page_and_for_one_picture_alone(open_app):
    at = open_app("overlap", address={"hide": "menu,teach,answers"})
    at.switch_page("pages/remedy.py").run()
    assert at.query_params["hide"] == "menu,teach,answers"
    assert all(element["state"].get("told") == "0" for element in told(at))
    at = open_app("overlap", address={"hide": "answers", "only": "curve"})
    assert [element["state"].get("told") for element in told(at)] == ["0"]


def test_the_menu_offers_the_page_for_the_front_until_a_link_hides_it(open_app, monkeypatch):
    shown, navigate = [], st.navigation

    def watched(menu, **how):
        shown.append({page.title for pages in menu.values() for page in pages if page.visibility != "hidden"})
        return navigate(menu, **how)

    monkeypatch.setattr(st, "navigation", watched)
    at = open_app("overlap")
    at.query_params["hide"] = "teach"
    at.run()
    assert shown[0] - shown[-1] == {BY_STEM["teach"].title}
    assert shown[-1]


@pytest.mark.parametrize(("stem", "key"), [("start", "noise"), ("overlap", "n_retain")])
def test_no_case_moves_a_control_that_the_link_hides(stem, key, open_app):
    every = {preset.key: preset.values for preset in BY_STEM[stem].presets}
    assert set(cases(open_app(stem))) == every.keys()
    for hidden in ({}, {key: next(values[key] for values in every.values() if key in values)}):
        at = open_app(stem, hide=key, **hidden)
        now = at.session_state[key]
        kept = {name for name, values in every.items() if values.get(key, now) == now}
        assert set(cases(at)) == kept < every.keys()


def test_the_link_builder_offers_three_parts_to_hide(open_app):
    at = open_app("teach", part="Links")
    for part in links.PARTS:
        at.multiselect(key="link_hide").set_value([part]).run()
        assert dict(parse_qsl(urlsplit(at.code[0].value).query))["hide"] == part
    at.multiselect(key="link_hide").set_value([*links.PARTS, "noise"]).run()
    assert dict(parse_qsl(urlsplit(at.code[0].value).query))["hide"] == "noise,menu,teach,answers"
