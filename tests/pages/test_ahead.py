"""Pictures ahead of the page: what is sent before a run is what the run draws, or nothing."""

import json
from urllib.parse import urlencode

import pytest

from tests.pages.reading import pictures
from ui.frame import CONTROLS
from ui.lessons import EXPERIMENTS
from ui.server import run_queue as turns

# Moves whose pictures come ahead on every page, and those that take long on some or change what stands on the page.
MOVES = {"overlap": 0.35, "seed": 7}
SLOWER = {"d": 60, "n_retain": 20, "noise": 0.5, "n_tune": 3}
STEMS = [row.stem for row in EXPERIMENTS]


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Tests follow one another as a crowd's visitors do."""
    monkeypatch.setattr(turns, "lately", lambda: 0.0)


def raw(at):
    """The pictures of a page by key, as they are sent."""
    found = [e.proto.bytes for e in at.get("bidi_component") if e.proto.component_name == "picture"]
    return {json.loads(data)["key"]: data for data in found}


def sent(at, address):
    """What is sent ahead of the page for an address, by key, in the order of its coming."""
    coming, line = [], at.session_state["ahead"]
    if line.heeds(address):
        line.answer(address, coming.append)
    return {json.loads(data)["key"]: data for data in coming}


def move(at, **values):
    for key, value in values.items():
        at.slider(key=key).set_value(value)
        at.query_params[key] = f"{value:g}"
    return at.run()


@pytest.mark.parametrize("stem", STEMS)
def test_what_comes_ahead_is_what_the_run_draws(open_app, stem):
    at = open_app(stem)
    able = {key for key in MOVES | SLOWER if not at.slider(key=key).disabled}
    for key, value in (MOVES | SLOWER).items():
        if key not in able:
            continue
        address = "?" + urlencode({**at.query_params, key: f"{value:g}"}, doseq=True)
        came = sent(at, address)
        assert came or key not in MOVES, key
        move(at, **{key: value})
        drawn = raw(at)
        assert came.items() <= drawn.items(), (key, came.keys(), drawn.keys())
        # Once the run has drawn them, there is nothing left to send.
        assert not sent(at, address)


@pytest.mark.parametrize("stem", STEMS)
def test_before_the_guess_nothing_is_given_away(open_app, stem):
    at = open_app(stem, guess=True)
    came = sent(at, "?seed=7")
    move(at, seed=7)
    assert came
    assert came.items() <= raw(at).items()


@pytest.mark.parametrize("stem", [row.stem for row in EXPERIMENTS if row.controls])
def test_a_pages_own_controls_come_ahead_too(open_app, stem):
    row = next(row for row in EXPERIMENTS if row.stem == stem)
    at = open_app(stem)
    for control in row.controls:
        other = next(
            (text for text in map(control.shown, getattr(control, "options", ())) if text != control.default), None
        )
        if other is None:
            continue
        came = sent(at, f"?{control.key}={other}")
        again = open_app(stem, address={control.key: other})
        strip = {"token"}
        mine = {key: {k: v for k, v in json.loads(data).items() if k not in strip} for key, data in came.items()}
        theirs = {
            key: {k: v for k, v in json.loads(data).items() if k not in strip} for key, data in raw(again).items()
        }
        assert mine.items() <= theirs.items(), control.key


@pytest.mark.parametrize(
    "address",
    [
        "?d=abc",
        "?d=1e2",
        "?overlap=0.1&overlap=0.2",
        "?overlap=2",
        "?n_forget=500&d=2&overlap=",
        "?preset=tiny",
        "?load=overlap:0.4",
        "?lecture=1",
        "?notes=1",
        "?d=" + "9" * 5000,
        "?n_retain=3&n_tune=5",
    ],
)
def test_what_the_page_would_explain_or_ask_is_left_to_it(open_app, address):
    assert not sent(open_app("overlap"), address)


def test_an_address_that_says_nothing_new_asks_for_the_usual_pictures(open_app):
    at = open_app("overlap", overlap=0.3)
    came = sent(at, "")
    assert json.loads(came["curve"])["asked"] == json.dumps(["overlap", *[None] * len(CONTROLS)], separators=(",", ":"))
    other = {picture["key"]: picture["figure"] for picture in pictures(open_app("overlap"))}
    assert {key: json.loads(data)["figure"] for key, data in came.items()} == other


def test_nothing_comes_ahead_in_a_lecture_or_of_a_page_without_an_experiment(open_app):
    for at in (open_app("overlap", lecture=1), open_app("about"), open_app("teach")):
        assert not sent(at, "?seed=7")


@pytest.mark.parametrize(("what", "value"), [("waiting", turns.OWN + 1), ("lately", turns.CROWDED + 1)])
def test_in_a_crowd_everything_is_drawn_once(open_app, monkeypatch, what, value):
    at = open_app("overlap")
    monkeypatch.setattr(turns, what, lambda: value)
    assert not sent(at, "?seed=7")
    monkeypatch.setattr(turns, what, lambda: 0)
    assert sent(at, "?seed=7")


def test_when_others_begin_to_wait_the_first_picture_is_the_last_that_comes_ahead(open_app, monkeypatch):
    at = open_app("overlap")
    coming = []

    def send(data):
        coming.append(json.loads(data)["key"])
        monkeypatch.setattr(turns, "waiting", lambda: 2)

    at.session_state["ahead"].answer("?seed=7", send)
    assert coming == ["curve"]


def test_nothing_comes_ahead_that_takes_long(open_app, monkeypatch):
    at = open_app("overlap")
    assert not sent(at, "?d=61&n_retain=19")
    move(at, d=61, n_retain=19)
    assert sent(at, "?d=61&n_retain=19&overlap=0.2")


def test_pictures_ahead_leave_the_session_as_it_is(open_app):
    at = open_app("boundary")
    before = dict(at.session_state._state.filtered_state)
    assert sent(at, "?seed=7")
    assert dict(at.session_state._state.filtered_state) == before
