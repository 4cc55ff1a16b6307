"""The quiz as a reader takes it: commit, look, explain, compare; and what survives on the way."""

from urllib.parse import parse_qsl

import pytest

from tests.pages.reading import pictures, words
from tests.pages.test_pages import NASTY
from theory import MISCONCEPTIONS
from ui.lessons import BY_STEM
from ui.plot.controls import CONTROLS
from ui.teaching import quiz_sitting
from ui.teaching.quiz_items import ITEMS, NEXT
from ui.teaching.quiz_questions import order, posed, right, texts

SEED = 7
every_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)


@pytest.fixture
def take(open_app):
    """take(): the quiz of a seed, open at its first question."""

    def start(seed=SEED, **more):
        at = open_app("quiz", quiz=seed, **more)
        assert not at.exception
        return at

    return start


def go(at, place):
    at.segmented_control(key="quiz_at").set_value(place).run()
    assert not at.exception


def commit(at, number):
    at.radio[0].set_value(number).run()
    at.button(key="quiz_commit").click().run()
    assert not at.exception


def said_of(item, seed=SEED):
    filled = texts(posed(item.key, seed))
    return {
        name: getattr(item, name).format(**filled) for name in ("question", "anomaly", "explanation", "caption")
    } | {"answers": {a.number: a.text.format(**filled) for a in item.answers}}


def buttons(at):
    return {button.key for button in at.button}


@every_item
def test_the_numbers_wait_for_the_answer_and_the_explanation_for_the_readers_own(take, item):
    at, said = take(), said_of(item)
    go(at, item.key)
    assert said["question"] in words(at)
    assert at.radio[0].options == [said["answers"][a.number] for a in order(SEED, item)]
    assert at.button(key="quiz_commit").disabled
    assert not pictures(at)
    assert not [text for text in words(at) if said["anomaly"] in text or said["explanation"] in text]

    wrong = MISCONCEPTIONS[item.key].rivals[0]
    commit(at, wrong)
    assert not at.radio
    assert [info.value for info in at.info] == [said["anomaly"]]
    (picture,) = pictures(at)
    assert any(c.isdigit() for c in picture.alt)
    assert picture.caption == said["caption"]
    (judged,) = at.error
    assert judged.value.startswith(f"**Not right:** {said['answers'][wrong]}.")
    assert said["answers"][right(item)] in judged.value
    assert not at.success
    assert [area.label for area in at.text_area] == [item.why]
    assert any("Not saved or sent on" in text for text in words(at))
    assert not [text for text in words(at) if said["explanation"] in text]
    assert not at.get("link_button")

    at.button(key="quiz_explain").click().run()
    assert not at.exception
    shown = words(at)
    assert any(text.startswith(said["explanation"]) for text in shown)
    assert any(next(a.idea for a in item.answers if a.number == wrong) in text for text in shown)
    assert any(MISCONCEPTIONS[item.key].belief in text for text in shown)
    assert "quiz_explain" not in buttons(at)


def test_a_link_from_before_the_quiz_had_a_page_of_its_own_leads_to_it(open_app):
    at = open_app("teach", part="Quiz", quiz=SEED)
    assert not at.exception
    assert not at.warning
    assert [title.value for title in at.title] == [BY_STEM["quiz"].title]
    assert at.query_params["quiz"] == str(SEED)
    assert "part" not in at.query_params


@every_item
def test_the_way_opens_the_page_with_the_readers_problem(take, open_app, item):
    at = take()
    go(at, item.key)
    commit(at, right(item))
    at.button(key="quiz_explain").click().run()
    page = BY_STEM[item.page]
    (link,) = at.get("link_button")
    assert page.title in link.proto.label
    stem, _, query = link.proto.url.removeprefix("./").partition("?")
    asked = dict(parse_qsl(query))
    assert asked.pop("guess") == "0"  # the reader has given an answer
    there = open_app(stem or "start", **asked)
    assert not there.exception
    assert not there.warning
    assert [title.value for title in there.title] == [page.title]
    spec = posed(item.key, SEED).spec
    assert {c.key: there.session_state[c.key] for c in CONTROLS} == {c.key: getattr(spec, c.key) or 0 for c in CONTROLS}
    assert {key: there.session_state[key] for key in item.values} == item.values


@every_item
def test_a_right_answer_is_called_right_at_once(take, item):
    at = take()
    go(at, item.key)
    commit(at, right(item))
    assert [found.value for found in at.success] == [f"**Right:** {said_of(item)['answers'][right(item)]}"]
    assert not at.error


def test_what_was_answered_and_written_survives_pages_and_questions(take):
    at = take()
    first, second = ITEMS[0], ITEMS[1]
    commit(at, right(first))
    at.text_area[0].set_value("There is *nothing* to follow.").run()
    at.button(key="quiz_explain").click().run()
    at.button(key="quiz_next").click().run()
    assert at.segmented_control(key="quiz_at").value == second.key
    commit(at, MISCONCEPTIONS[second.key].rivals[1])

    def still_there():
        assert not at.exception
        assert at.segmented_control(key="quiz_at").value == second.key
        assert at.query_params["quiz"] == str(SEED)
        assert said_of(second)["anomaly"] in [info.value for info in at.info]
        go(at, first.key)
        assert at.text_area[0].value == "There is *nothing* to follow."
        assert any(text.startswith(said_of(first)["explanation"]) for text in words(at))
        go(at, second.key)

    still_there()
    at.switch_page("pages/overlap.py").run()
    del at.query_params["quiz"]  # the menu of the browser drops it
    at.run()
    at.switch_page("pages/quiz.py").run()
    still_there()


def test_an_address_gives_the_same_quiz_and_another_one_begins_anew(take):
    at, again, other = take(), take(), take(SEED + 1)
    assert at.query_params["quiz"] == str(SEED)
    assert at.radio[0].options == again.radio[0].options
    assert words(at) == words(again) != words(other)
    commit(at, right(ITEMS[0]))
    at.query_params["quiz"] = str(SEED + 1)
    at.run()
    assert at.radio[0].options == other.radio[0].options


def test_without_a_seed_a_quiz_is_drawn_and_the_button_draws_another(open_app, monkeypatch):
    drawn = iter((41, 42))
    monkeypatch.setattr(quiz_sitting.secrets, "randbelow", lambda below: next(drawn))
    at = open_app("quiz")
    assert at.query_params["quiz"] == "41"
    assert not at.warning
    go(at, ITEMS[2].key)
    commit(at, right(ITEMS[2]))
    at.button(key="quiz_new").click().run()
    assert not at.exception
    assert at.query_params["quiz"] == "42"
    assert at.segmented_control(key="quiz_at").value == ITEMS[0].key
    assert said_of(ITEMS[0], 42)["question"] in words(at)
    go(at, ITEMS[2].key)
    assert at.radio


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
def test_a_quiz_nobody_can_take_is_refused_in_words_and_replaced(open_app, monkeypatch, nasty):
    monkeypatch.setattr(quiz_sitting.secrets, "randbelow", lambda below: 41)
    at = open_app("quiz", quiz=nasty)
    assert not at.exception
    (warning,) = at.warning
    assert warning.value.startswith("Quiz (`quiz`) in the address ")
    assert at.query_params["quiz"] == "41"


def test_the_result_names_the_ideas_to_look_at_again_and_what_is_open(take):
    at = take()
    go(at, "result")
    assert "You have not answered a question yet." in words(at)
    missed = ITEMS[3]
    for item in (*ITEMS[:3], missed):
        go(at, item.key)
        commit(at, MISCONCEPTIONS[item.key].rivals[0] if item is missed else right(item))
    go(at, "result")
    shown = words(at)
    assert any(text.endswith("Not answered yet: 5, 6, 7, 8.") for text in shown)
    beliefs = [text for text in shown if text.startswith("“")]
    assert beliefs == [f"“{MISCONCEPTIONS[missed.key].belief}”"]
    assert said_of(missed)["anomaly"] in shown
    (link,) = at.get("link_button")
    assert BY_STEM[missed.page].title in link.proto.label
    assert "quiz_next" not in buttons(at)


def test_who_missed_nothing_is_told_where_to_look_next(take):
    at = take()
    for item in ITEMS:
        commit(at, right(item))
        at.button(key="quiz_next").click().run()
    assert at.segmented_control(key="quiz_at").value == "result"
    assert any("Look next" in text for text in words(at))
    assert [link.proto.label for link in at.get("page_link")] == [BY_STEM[NEXT].title]
