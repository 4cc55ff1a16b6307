"""Guesses of a class: counted from its link, seen at the front, and never in the way of a page."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.pages.reading import told, words
from ui.lessons import BY_STEM, LESSONS
from ui.page import class_guesses
from ui.plot.view import controls_of, read_view
from ui.server import guess_store
from ui.server.guess_store import FileStore
from ui.teaching.talk import TALK


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv(guess_store.SETTING, str(tmp_path / "guesses.sqlite"))
    return FileStore(tmp_path / "guesses.sqlite")


def question(stem, **settings):
    page = BY_STEM[stem]
    return class_guesses.question_of(page, read_view(page, {k: [str(v)] for k, v in settings.items()}))


def guess(at, stem, option):
    at.segmented_control(key=f"guess_{stem}").set_value(option).run()
    assert not at.exception


def test_every_guess_of_a_link_with_a_class_is_counted_and_once(open_app, store):
    for option in ("nothing", "part", "part"):
        at = open_app("start", guess=True, address={"class": "Physics-3"})
        guess(at, "start", option)
        assert at.query_params["class"] == "physics-3"
    at = open_app("start", guess=True)
    guess(at, "start", "all")
    assert store.counts("physics-3", question("start")) == {"nothing": 1, "part": 2}
    # The class goes with the visitor to the next page, and other settings are another question.
    at = open_app("start", guess=True, address={"class": "physics-3"})
    at.switch_page("pages/overlap.py").run()
    assert at.query_params["class"] == "physics-3"
    at.slider(key="guess_share_overlap").set_value(25).run()
    at.button[0].click().run()
    assert store.counts("physics-3", question("overlap")) == {"25": 1}
    assert store.counts("physics-3", question("overlap", noise=0.5)) == {}


def test_the_front_sees_how_many_and_on_reveal_what_they_guessed(open_app, store):
    step = TALK[0]
    for n in range(7):
        store.add("physics-3", question(step.page, noise=0.5), f"w{n}", "part" if n else "nothing")
    at = open_app(step.page, lecture=1, at=1, guess=True, address={"class": "physics-3"})
    assert "**7** guesses in physics-3" in words(at)
    assert not told(at, "class_bars")
    at = open_app(step.page, lecture=1, at=1, reveal=1, guess=True, address={"class": "physics-3"})
    (bars,) = told(at, "class_bars")
    assert [(row["count"], row["right"]) for row in bars["rows"]] == [(1, True), (6, False), (0, False), (0, False)]
    assert told(at, "lecture_cues")[0]["code"]["address"].endswith("noise=0.5&class=physics-3")
    # Wherever the slider of a step stands, the guesses are those at its own settings.
    store.add("physics-3", question("overlap", noise=0.5), "w", "25")
    asked = {"class": "physics-3", "noise": "0.5", "overlap": "0.7"}
    at = open_app("overlap", lecture=1, at=5, reveal=1, guess=True, address=asked)
    at.slider(key="overlap").set_value(0.9).run()
    assert sum(row["count"] for row in told(at, "class_bars")[0]["rows"]) == 1


@pytest.mark.parametrize("step", TALK, ids=[str(k) for k, _ in enumerate(TALK, 1)])
def test_of_every_cue_an_answer_is_right(step):
    lesson = LESSONS[step.page]
    shown = {c.key: c.shown for c in controls_of(lesson.page)}
    view = read_view(lesson.page, {k: [shown[k](v)] for k, v in step.settings.items()})
    rows = class_guesses.bars(lesson, view, class_guesses.Counter({"25": 2, "30": 1, "nothing": 4}))
    right = [text for text, _, right in rows if right]
    assert len(right) == 1
    assert lesson.verdict(view, None).startswith("**It is" if not lesson.page.prediction.options else f"**{right[0]}")
    if not lesson.page.prediction.options:
        assert sum(count for _, count, _ in rows) == 3


def test_the_builder_shows_a_class_and_deletes_it(open_app, store):
    at = open_app("teach", part="Links")
    at.text_input(key="link_class").set_value("physics-3").run()
    store.add("physics-3", question("start"), "w", "part")
    at.run()
    assert "**1** guess in physics-3" in words(at)
    assert dict(parse_qsl(urlsplit(at.code[0].value).query))["class"] == "physics-3"
    at.toggle(key="class_told").set_value(True).run()
    assert [row["count"] for row in told(at, "class_bars")[0]["rows"]] == [0, 1, 0, 0]
    at.button(key="class_delete").click().run()
    assert at.success
    assert store.counts("physics-3", question("start")) == {}
    at.text_input(key="link_class").set_value("<b>").run()
    assert "class" not in at.query_params
    assert at.warning


def test_any_value_is_in_the_link_and_a_reload_keeps_it(open_app):
    at = open_app("teach", part="Links")
    at.selectbox(key="link_page").set_value("regularize").run()
    at.session_state["link_values"] = True
    at.run()
    at.number_input(key="link_regularize__d").set_value(37).run()
    at.selectbox(key="link_regularize__mu").set_value(1.0).run()
    at.multiselect(key="link_hide").set_value(["menu", "noise"]).run()
    asked = dict(parse_qsl(urlsplit(at.code[0].value).query))
    assert asked == {"guess": "1", "d": "37", "mu": "1", "hide": "noise,menu"}
    again = open_app("teach", part="Links", link=at.query_params["link"])
    assert again.code[0].value == at.code[0].value


def test_a_link_can_hide_the_menu_and_keeps_its_guess_in_the_address(open_app):
    at = open_app("overlap", guess=True, address={"hide": "menu", "guess": "1"})
    assert not at.warning
    at.switch_page("pages/remedy.py").run()
    assert at.query_params["hide"] == "menu"
    assert at.query_params["guess"] == "1"


def test_a_store_that_does_not_answer_is_said_and_stops_no_page(open_app, tmp_path, monkeypatch):
    monkeypatch.setenv(guess_store.SETTING, str(tmp_path / "no" / "such" / "folder"))
    at = open_app("start", guess=True, address={"class": "physics-3"})
    guess(at, "start", "part")
    assert any("their store does not answer" in warning.value for warning in at.warning)
    assert told(at)
    at = open_app("start", lecture=1, at=1, reveal=1, address={"class": "physics-3"})
    assert not at.exception
    assert told(at)


def test_a_name_that_is_none_is_said_and_ignored(open_app):
    at = open_app("start", address={"class": "<script>"})
    assert ["`class`" in warning.value for warning in at.warning] == [True]
    assert "class" not in at.query_params
