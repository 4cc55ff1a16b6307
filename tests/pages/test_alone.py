"""One picture alone (`only=`): it, its controls and nothing else; what no page has is refused with the way out."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from tests.pages.reading import told, words
from tests.pages.test_pages import DEFAULTS, NASTY
from ui.lessons import BY_STEM, LESSONS
from ui.plot.controls import BY_PAGE, CONTROLS

# A page whose pictures follow every control, and one whose pictures follow some.
FOLLOWED = {
    ("overlap", "losses"): set(DEFAULTS),
    ("patient", "penguins"): {"split", "island"},
    ("patient", "row"): {"table", "who", "split", "plain"},
}


def keys(at):
    """The pictures that the page shows."""
    return [element["key"] for element in told(at)]


def controls(at):
    """The controls of the page and the shared ones that are drawn."""
    every = {c.key for lesson in LESSONS.values() for c in lesson.page.controls} | set(DEFAULTS)
    return {
        w.key for kind in ("slider", "select_slider", "selectbox", "toggle", "button_group") for w in at.get(kind)
    } & every


@pytest.mark.parametrize(("stem", "key"), FOLLOWED)
def test_one_picture_stands_alone_with_the_controls_that_it_follows(stem, key, open_app):
    at = open_app(stem, address={"only": key})
    assert not at.exception
    assert keys(at) == [key]
    assert controls(at) == FOLLOWED[stem, key]
    assert not at.title
    for other in ("Guess first.", "Try this", "What this does not tell you"):
        assert not any(other in text for text in words(at)), other
    (way,) = [text for text in words(at) if "The whole page" in text]
    assert BY_STEM[stem].title in way


@pytest.mark.parametrize("stem", LESSONS)
def test_every_picture_of_every_page_can_stand_alone(stem, open_app):
    for key in LESSONS[stem].figures:
        at = open_app(stem, address={"only": key})
        assert not at.exception
        assert not at.error
        # Where it is not drawn at these settings, it says at which it is.
        assert keys(at) == [key] or [f"“{LESSONS[stem].figures[key].name}”" in info.value for info in at.info] == [True]


def test_where_another_choice_draws_it_that_is_said(open_app):
    at = open_app("geometry", address={"only": "triangle"})
    (info,) = at.info
    assert "(`view`)" in info.value
    assert "Any dimension" in info.value
    at = open_app("geometry", view="Any dimension", address={"only": "triangle"})
    assert not at.info
    assert keys(at) == ["triangle"]


def test_a_choice_beside_a_picture_is_a_menu_that_follows_the_address(open_app):
    at = open_app("posterior", address={"only": "densities", "trick": "Reverse KL"})
    assert not at.exception
    assert not at.segmented_control
    assert at.selectbox(key="trick").value == "Reverse KL"
    at.selectbox(key="trick").set_value("EUBO").run()
    assert keys(at) == ["densities"]
    assert at.session_state["trick"] == "EUBO"


def test_a_link_hides_controls_of_it_and_its_values_stay(open_app):
    at = open_app("overlap", hide="noise,d", noise=0.5, address={"only": "curve"})
    assert controls(at) == set(DEFAULTS) - {"noise", "d"}
    assert at.session_state["noise"] == 0.5
    at.slider(key="seed").set_value(4).run()
    assert keys(at) == ["curve"]
    assert at.query_params["noise"] == "0.5"


@pytest.mark.parametrize("value", ["nothing", "", *(v for v in NASTY.values() if isinstance(v, str) and v)], ids=ascii)
def test_what_names_no_picture_is_refused_with_argument_rule_value_and_way_out(value, open_app):
    at = open_app("overlap", noise=0.5, address={"only": value})
    assert not at.exception
    assert not keys(at)
    (error,) = at.error
    for part in ("`only`", "`curve`, `losses`, `weights`", "leave it out"):
        assert part in error.value
    assert not value.isalnum() or value[:80] in error.value
    assert at.query_params["noise"] == "0.5"
    assert "![" not in error.value.replace(r"\!\[", "")


def test_a_page_without_pictures_says_so(open_app):
    at = open_app("about", address={"only": "curve"})
    (error,) = at.error
    assert "this page has none" in error.value
    assert "“curve”" in error.value
    assert "Leave it out" in error.value


def test_the_link_builder_offers_every_picture_that_is_drawn_and_what_embeds_it(open_app):
    at = open_app("teach", part="Links")
    for stem in ("geometry", "patient"):
        at.selectbox(key="link_page").set_value(stem).run()
        assert not at.exception
        lesson = LESSONS[stem]
        usual = {k for k in lesson.figures if stem == "patient" or k in ("hills", "errors")}
        assert set(at.selectbox(key=f"link_only_{stem}").options) == {
            "The whole page",
            *(lesson.figures[k].name for k in usual),
        }
    at.selectbox(key="link_only_patient").set_value("penguins").run()
    assert len(at.code) == 1
    at.session_state["link_embed"] = True
    at.run()
    address, html, notebook = (code.value for code in at.code)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked == {"guess": "1", "only": "penguins"}
    for word in (
        "allow-scripts",
        "allow-same-origin",
        "allow-downloads",
        "allow-popups",
        "embed=true",
        "only=penguins",
    ):
        assert word in html
    assert parse_qs(urlsplit(notebook.split("'")[1]).query) == {**{k: [v] for k, v in asked.items()}, "embed": ["true"]}
    again = open_app("teach", part="Links", link=at.query_params["link"])
    assert again.code[0].value == address


def test_no_page_has_a_shared_control_that_could_not_be_drawn_beside_a_picture():
    assert not [c.key for c in CONTROLS if isinstance(c, BY_PAGE)]
