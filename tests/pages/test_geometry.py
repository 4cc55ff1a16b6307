import pytest

from tests.pages.reading import charts, is_sound, pictures, plain, settings, spec_of, told, view_of, words
from tests.ui.cases import traces
from theory import draw, triangle
from ui.lessons.geometry import sentences
from ui.lessons.geometry.results import two_features
from ui.lessons.geometry.text import PAGE, STARTS, VIEWS
from ui.plot.controls import CONTROLS


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


SHARED = {c.key for c in CONTROLS}
UNUSUAL = {"overlap": 0.1, "d": 40, "n_retain": 12, "n_forget": 5, "noise": 0.5, "seed": 7}
MOVES = {"Two features": set(), "Three features": {"overlap", "noise", "seed"}}


@pytest.mark.parametrize("seen", MOVES)
def test_a_slider_that_moves_nothing_of_a_view_is_held_there(open_app, seen):
    """Every slider that can be moved moves the picture; the others keep their values for the other views."""
    at = open_app("geometry", view=seen, **UNUSUAL)
    is_sound(at)
    assert {s.key for s in at.slider if not s.disabled} == MOVES[seen]
    (still,) = [still for (_, value), still in PAGE.still.items() if value == VIEWS[seen]]
    assert set(still.held) == SHARED - MOVES[seen]
    assert f":small[{still.why}]" in words(at)
    for key, value in still.held.items():
        label = at.slider(key=key).label
        assert label.endswith("all here" if key == "n_tune" else f": {value:g} here" if value is not None else label)
        assert at.slider(key=key).value == at.session_state[key]
    shown = [str(found.figure.data) for found in pictures(at)]
    for key in SHARED:
        at.session_state[key] = 0.3 if key in ("overlap", "noise") else at.session_state[key] + 1
        at.run()
        moved = [str(found.figure.data) for found in pictures(at)]
        assert (moved != shown) == (key in MOVES[seen]), key
        shown = moved
    kept = {key: at.session_state[key] for key in SHARED}
    at.segmented_control(key="view").set_value("Any dimension").run()
    is_sound(at)
    assert {s.key for s in at.slider if not s.disabled} == SHARED - {"n_tune"}
    assert {key: at.session_state[key] for key in SHARED} == kept
    assert not any(still.why in text for text in words(at) for still in PAGE.still.values())


def test_one_picture_alone_has_no_slider_that_moves_nothing(open_app):
    for seen, key in (("Two features", "hills"), ("Three features", "planes")):
        at = open_app("geometry", view=seen, address={"only": key})
        is_sound(at)
        assert {s.key for s in at.slider} & SHARED == MOVES[seen]


def test_the_formula_of_the_valley_is_of_its_two_rows(open_app):
    at = open_app("geometry", keep1="0.5", **UNUSUAL)
    (shown,) = [text for text in words(at) if "### The mathematics" in text]
    assert "The valley above." in shown
    check, _ = sentences.formula_two(two_features(view_of(at, told(at)[0])))
    seen = two_features(view_of(at, told(at)[0]))
    assert check.left == pytest.approx(seen.w_o @ seen.w_o)
    assert check.holds
    assert "data of the shared settings" in at.expander[0].label


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
    said = settings(at, hills)
    assert (said["keep1"], said["start1"]) == ("2", "1.5")
    at.query_params["preset"] = "from_nothing"
    at.run()
    is_sound(at)
    (hills, _) = told(at)
    said = settings(at, hills)
    assert [said[key] for key in ("keep1", "start1", "start2")] == ["0.9", "0", "0"]
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
    said = sentences.hills(two_features(view_of(at, told(at)[0])))
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
