"""network as a visitor sees it: networks trained behind the page, stopped, and trained again from other seeds."""

import pytest

from tests.pages.reading import buttons, headings, is_sound, told, words
from ui.lessons import BY_STEM
from ui.lessons.network.results import MORE_SEEDS, Request

STEM = "network"
ASKED = Request("class", 3, 0)
PROMISE = "This is computed as soon as the networks for it are trained"


def finish(at, trainers):
    while trainers.held:
        trainers.work()
        trainers.jobs.look(ASKED, at.session_state["visitor"])
    at.run()


def test_networks_are_trained_behind_the_page_and_stop_keeps_what_is_done(open_app, trainers):
    at = open_app(STEM)
    is_sound(at)
    assert any(PROMISE in text for text in words(at))
    trainers.work(2)
    at.run()
    buttons(at)["net_stop"].click().run()
    is_sound(at)
    assert "Stopped; what is finished is kept." in words(at)
    trainers.work()
    done = set(trainers.jobs.peek(ASKED).record)
    assert len(done) == 6  # two begin with the page, and two were on their way
    trainers.sent.clear()
    buttons(at)["net_more"].click().run()
    finish(at, trainers)
    is_sound(at)
    assert not done & {errand.piece for errand in trainers.sent}
    assert not any(PROMISE in text for text in words(at))
    assert any("Fine-tuned, the network answers 100% of the images to forget as it was taught" in t for t in words(at))
    assert "1 seed trained." in words(at)
    buttons(at)["net_more"].click().run()
    assert trainers.jobs.peek(ASKED).amount == 1 + MORE_SEEDS


def test_the_page_has_its_parts_and_its_answer_waits(open_app):
    closing = ["Try this", "What this does not tell you"]
    own = ["What each network answers", "All methods beside golden", "A stronger push", "Weight decay"]
    assert headings(open_app(STEM)) == [*own, *closing]
    at = open_app(STEM, guess=True)
    is_sound(at)
    assert headings(at) == closing
    choice = next(c for c in at.segmented_control if c.key == f"guess_{STEM}")
    choice.set_value("keeps").run()
    is_sound(at)
    assert headings(at) == [*own, *closing]


def test_two_visitors_share_the_networks(open_app, trainers):
    open_app(STEM)
    open_app(STEM)
    while trainers.work(6) and len(trainers.sent) < 12:
        pass
    sent = [errand.piece for errand in trainers.sent]
    assert len(sent) == len(set(sent))


@pytest.mark.parametrize("preset", BY_STEM[STEM].presets, ids=lambda preset: preset.key)
def test_a_case_asks_for_networks_of_its_own(open_app, trainers, preset):
    at = open_app(STEM, preset=preset.key)
    is_sound(at)
    assert trainers.jobs.peek(ASKED) is None
    assert trainers.held


def test_too_many_waiting_is_said(open_app, trainers, monkeypatch):
    monkeypatch.setattr("ui.server.jobs.MOST_WAITING", 0)
    at = open_app(STEM)
    assert not at.exception
    assert any("Too many networks are waiting" in text for text in words(at))


def test_a_lecture_shows_one_picture_of_it(open_app, trainers):
    at = open_app(STEM, lecture=1, reveal=1, figure=3)
    is_sound(at)
    assert trainers.held
    (shown,) = told(at)
    assert shown["key"] == "board"
