"""Another catalogue changes every word of every page, and nothing else."""

import json
import threading

import pytest
import streamlit as st

from tests.pages import strange
from tests.pages.reading import words
from ui import language
from ui.language import say, speaking, spoken
from ui.lessons import BY_STEM, EXPERIMENTS, PAGES
from ui.lessons.plain import FRONT as TEACH
from ui.page import links
from ui.plot.controls import Choice
from ui.teaching.quiz_items import ITEMS

STEMS = tuple(page.stem for page in PAGES)
# Settings at which the sentences are others than usual.
FEW = {"d": 2, "overlap": 1, "n_retain": 30, "n_forget": 1, "noise": 0.5}
CROWDED = {"d": 30, "overlap": 0.5, "n_retain": 100, "n_tune": 7, "n_forget": 60, "noise": 1}
REFUSED = {"d": "many", "overlap": 7, "noise": "0.00001", "n_tune": 80, "hide": "nothing,seed", "seed": ["1", "2"]}
OWN_REFUSED = {c.key: "7777" for page in PAGES for c in page.controls}


def every_option():
    """Every page with every option of its own choices, all others as usual."""
    for page in PAGES:
        for control in page.controls:
            if isinstance(control, Choice):
                yield from ((page.stem, {control.key: option}) for option in list(control.options)[1:])


VISITS = [
    *((stem, {}) for stem in STEMS),
    *((page.stem, visit) for page in EXPERIMENTS for visit in ({"guess": 1}, FEW, {"lecture": 1, "reveal": 1})),
    *((stem, CROWDED) for stem in ("start", "geometry", "remedy", "dynamics")),
    *((page.stem, REFUSED | OWN_REFUSED) for page in PAGES if page.controls),  # what an address asks for in vain
    *every_option(),
    *(("start", {"notes": 1, "at": at}) for at in (0, 1, 4, 17)),
    ("start", {"lecture": 1}),
    ("dynamics", {"step_size": 1.1}),
    ("dynamics", {"decay": 0.01}),
    ("remedy", {"rotate": "true"}),
]


@pytest.fixture
def other(monkeypatch):
    """The language nobody speaks, offered beside English."""
    monkeypatch.setitem(language.CATALOGUES, strange.CODE, strange.catalogue())
    return strange.CODE


def left(at):
    """What of a page is still English, with where it stands."""
    return {text: found for text in strange.everything(at) if (found := strange.english(text))}


@pytest.mark.parametrize(
    ("stem", "visit"),
    VISITS,
    ids=lambda value: value if isinstance(value, str) else "&".join(value)[:30] or "usual",
)
def test_every_text_of_a_page_is_said(open_app, other, stem, visit):
    at = open_app(stem, lang=other, **visit)
    assert not at.exception
    assert len(set(strange.everything(at))) > 3
    assert left(at) == {}


@pytest.mark.parametrize("row", EXPERIMENTS, ids=lambda row: row.stem)
def test_what_is_drawn_only_when_it_is_opened_is_said(open_app, other, row):
    at = open_app(row.stem, lang=other)
    for state in ({"take": True}, *({"family": tab.label} for tab in at.tabs)):
        before = set(strange.everything(at))
        for key, value in state.items():
            at.session_state[key] = value
        at.run()
        assert not at.exception
        assert left(at) == {}
        assert set(strange.everything(at)) != before or state == {"family": at.tabs[0].label}


def test_a_guess_is_compared_in_the_language(open_app, other):
    for page in EXPERIMENTS:
        for option in list(page.prediction.options)[:2] or [None]:
            at = open_app(page.stem, guess=True, lang=other)
            if option:
                at.segmented_control(key=f"guess_{page.stem}").set_value(option).run()
            else:
                next(b for b in at.button if b.label == strange.strange("This is my guess")).click().run()
            assert at.info
            assert left(at) == {}


def test_the_long_check_is_said(open_app, other):
    at = open_app("claims", lang=other)
    at.button(key="check_many").click().run()
    assert len(strange.figures(at)) == 2
    assert left(at) == {}


def test_the_map_is_said_while_it_comes_and_when_it_is_there(open_app, other, workers):
    at = open_app("boundary", lang=other)
    assert left(at) == {}
    workers.work(30)
    assert left(at.run()) == {}
    workers.work()
    assert left(at.run()) == {}


@pytest.mark.parametrize("part", list(TEACH.controls[0].options))
def test_every_part_of_teach_is_said(open_app, other, part):
    at = open_app("teach", lang=other, **{TEACH.controls[0].key: part})
    assert left(at) == {}


def test_the_quiz_is_said_to_its_end(open_app, other):
    at = open_app("quiz", lang=other, quiz=3)
    for item in ITEMS:
        at.segmented_control(key="quiz_at").set_value(item.key).run()
        at.radio[0].set_value(item.answers[0].number).run()
        at.button(key="quiz_commit").click().run()
        at.button(key="quiz_explain").click().run()
        assert not at.exception
        assert left(at) == {}
    at.segmented_control(key="quiz_at").set_value("result").run()
    assert not at.exception
    assert left(at) == {}


def test_the_menu_is_said(open_app, other, monkeypatch):
    menus = []
    navigate = st.navigation
    monkeypatch.setattr(st, "navigation", lambda menu, **more: menus.append(menu) or navigate(menu, **more))
    open_app("start", lang=other)
    found = menus[-1]
    open_app("start")
    usual = menus[-1]
    titles = [
        {group: [page.title for page in rows if page.visibility != "hidden"] for group, rows in menu.items()}
        for menu in (found, usual)
    ]
    with speaking(language.CATALOGUES[other]):
        wanted = {say(page.group): [say(p.title) for p in PAGES if p.group == page.group] for page in PAGES}
    assert titles == [wanted, {page.group: [p.title for p in PAGES if p.group == page.group] for page in PAGES}]


@pytest.mark.parametrize("stem", [page.stem for page in EXPERIMENTS])
def test_the_numbers_of_the_pictures_are_the_same(open_app, other, workers, stem):
    here, there = open_app(stem), open_app(stem, lang=other)
    found, wanted = (list(map(strange.numbers, strange.figures(at))) for at in (there, here))
    assert json.dumps(found) == json.dumps(wanted)  # as text: what is no number is none in both


# the address


def test_a_language_nobody_has_is_refused_with_a_note(open_app, other):
    at = open_app("start", lang="tlh")
    assert at.title[0].value == BY_STEM["start"].title
    assert [note.value for note in at.warning] == ["Language (`lang`) in the address is none of en, xx."]
    assert "lang" not in at.query_params
    assert not at.run().warning
    assert open_app("start", lang=["xx", "en"]).warning


def test_the_language_stays_on_the_way_to_another_page(open_app, other):
    at = open_app("start", lang=other)
    del at.query_params["lang"]  # the menu's links hold no parameter of ours
    at.switch_page("pages/overlap.py").run()
    assert at.title[0].value == strange.strange(BY_STEM["overlap"].title)
    assert at.query_params["lang"] == other


def test_the_menu_of_languages_stands_where_there_is_more_than_one(open_app, monkeypatch):
    assert not any(box.key == "language_menu" for box in open_app("start").selectbox)
    monkeypatch.setitem(language.CATALOGUES, strange.CODE, strange.catalogue())
    at = open_app("start")
    box = at.selectbox(key="language_menu")
    assert box.options == ["English", strange.strange("English")]
    box.select(strange.CODE).run()
    assert at.title[0].value == strange.strange(BY_STEM["start"].title)
    assert at.query_params["lang"] == strange.CODE
    at.selectbox(key="language_menu").select("en").run()
    assert at.title[0].value == BY_STEM["start"].title


def test_an_option_of_an_english_link_is_understood_in_every_language(open_app, other):
    at = open_app("boundary", lang=other, measure="Unlearning gap")
    assert not at.warning
    assert at.selectbox(key="measure").value == "Unlearning gap"
    assert at.query_params["measure"] == strange.strange("Unlearning gap")
    back = open_app("boundary", measure=strange.strange("Unlearning gap"))
    assert back.selectbox(key="measure").value == "Unlearning gap"
    assert back.query_params["measure"] == "Unlearning gap"


def test_a_link_made_in_a_language_opens_in_it(other):
    page = BY_STEM["remedy"]
    with speaking(language.CATALOGUES[other]):
        made = links.link("http://here", page, {"erase": "Option B"})
    assert made == links.link("http://here", page, {"erase": "Option B"}) + "&lang=xx"


# sessions side by side


def test_sessions_in_two_languages_do_not_mix(open_app, other):
    here, there = open_app("distinct"), open_app("distinct", lang=other)
    usual = words(here)
    for value in (20, 30):
        there.slider(key="d").set_value(value).run()
        here.run()
        assert words(here) == usual
        assert left(there) == {}


def test_threads_speak_their_own_languages_at_the_same_time(other):
    gate, said = threading.Barrier(2), {}

    def speak(code):
        with speaking(language.CATALOGUES[code]):
            gate.wait(10)
            first = say("Losses")
            gate.wait(10)
            said[code] = (first, say("Losses"))

    threads = [threading.Thread(target=speak, args=(code,)) for code in ("en", other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    strange_word = strange.strange("Losses")
    assert said == {"en": ("Losses", "Losses"), other: (strange_word, strange_word)}


def test_what_runs_later_in_another_thread_keeps_the_language(other):
    with speaking(language.CATALOGUES[other]):
        later = spoken(lambda: said.append(say("Losses")))
    said = []
    thread = threading.Thread(target=later)
    thread.start()
    thread.join()
    assert said == [strange.strange("Losses")]
    assert say("Losses") == "Losses"
