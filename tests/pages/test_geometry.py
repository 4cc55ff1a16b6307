import pytest

from tests.pages.reading import charts, is_sound, plain, spec_of, told, view_of, words
from tests.ui.cases import traces
from theory import draw, triangle
from ui.lessons.geometry import sentences
from ui.lessons.geometry.results import two_features
from ui.lessons.geometry.text import STARTS


def found_of(at):
    spec = spec_of(at, "geometry")
    return triangle(draw(spec), STARTS), spec


@pytest.mark.parametrize("setting", [{}, {"d": 2, "n_retain": 1, "n_forget": 1}, {"d": 60, "n_retain": 60, "noise": 5}])
def test_the_sentence_is_narrations(open_app, setting):
    at = open_app("geometry", view="Any dimension", **setting)
    is_sound(at)
    found, spec = found_of(at)
    assert {sentences.shape(found, spec), sentences.curve(found)} <= set(words(at))


def test_a_start_in_the_address_is_drawn_first(open_app):
    at = open_app("geometry", view="Any dimension", scale="0.8")
    found, _ = found_of(at)
    (slider,) = told(at, "scrub_chart")
    assert slider["start"] == STARTS.index(0.8)
    (chart,) = [chart for chart, _ in charts(at) if traces(chart, mark="current start")]
    (mark,) = chart["frames"][slider["start"]]["data"]
    assert (mark["x"], mark["y"]) == ([0.8], [found.losses[STARTS.index(0.8)]])
    assert at.query_params["scale"] in ("0.8", ["0.8"])


@pytest.mark.parametrize("text", ["0.81", "2", "half", "nan", ""])
def test_a_start_the_slider_does_not_have_is_refused_in_words(open_app, text):
    at = open_app("geometry", view="Any dimension", scale=text)
    is_sound(at)
    assert len(at.warning) == 1
    assert "(`scale`) in the address" in at.warning[0].value
    assert "scale" not in at.query_params
    (mark,) = [t for chart, _ in charts(at) for t in traces(chart, mark="current start")]
    assert mark["x"][0] == 0.5


@pytest.mark.parametrize(("view", "count"), [("Any dimension", 2), ("Two features", 2), ("Three features", 1)])
def test_every_view_draws_its_charts(open_app, view, count):
    for setting in ({}, {"seed": 3, "noise": 5, "overlap": 1, "scale": "1"}, {"overlap": 0, "scale": "0"}):
        at = open_app("geometry", view=view, **setting)
        is_sound(at)
        assert len(charts(at)) == count
        assert all(chart["frames"] for chart, _ in charts(at))


def test_a_case_to_try_inside_a_session_moves_the_scrubber(open_app):
    at = open_app("geometry", scale="0.2")
    at.query_params["preset"] = "two_thousand"
    at.run()
    is_sound(at)
    assert "preset" not in at.query_params
    assert at.query_params["scale"] in ("0.8", ["0.8"])


def test_a_case_to_try_moves_the_points_that_can_be_dragged(open_app):
    at = open_app("geometry", keep1="2", start1="1.5")
    (hills, _) = told(at)
    assert (hills["values"]["keep1"], hills["values"]["start1"]) == ("2", "1.5")
    at.query_params["preset"] = "from_nothing"
    at.run()
    is_sound(at)
    (hills, _) = told(at)
    assert {key: hills["values"][key] for key in ("keep1", "start1", "start2")} == {
        "keep1": "0.9",
        "start1": "0",
        "start2": "0",
    }
    assert "keep1" not in at.query_params


@pytest.mark.parametrize("text", ["9", "-1.5", "here", ""])
def test_a_point_outside_of_the_picture_is_refused_in_words(open_app, text):
    at = open_app("geometry", start1=text)
    is_sound(at)
    assert len(at.warning) == 1
    assert "Start, feature 1 (`start1`) in the address" in at.warning[0].value
    assert "start1" not in at.query_params


def test_the_answer_waits_for_the_guess(open_app):
    at = open_app("geometry", guess=True)
    is_sound(at)
    said = sentences.hills(two_features(view_of(told(at)[0])))
    assert said not in words(at)
    assert not [t for chart, _ in charts(at) for t in traces(chart, model="fine_tune")]
    at.segmented_control(key="guess_geometry").set_value("across").run()
    is_sound(at)
    assert "and so it is" in plain(at.info[0].value)
    assert said in words(at)
    # It was made for the start that stood there then.
    verdict = at.info[0].value
    at.query_params["start1"] = "1.5"
    at.run()
    assert at.info[0].value == f"**Before you changed the settings:** {verdict}"
