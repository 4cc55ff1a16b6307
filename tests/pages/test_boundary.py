from urllib.parse import parse_qsl

import numpy as np
import pytest

from tests.pages.reading import buttons, charts, is_sound, plain, spec_of, values, words
from tests.ui.cases import traces
from theory import Spec, sweep
from ui.lessons import BY_STEM
from ui.lessons.boundary import results as boundary_results
from ui.lessons.boundary import sentences as boundary
from ui.lessons.boundary.grids import MAP_DRAWS, MORE_DRAWS, map_axes, map_grid, nearest_cell
from ui.plot.controls import spec_text
from ui.server.jobs import MOST_RUNNING, MOST_WAITING

STEM = "boundary"
OPTIONS = BY_STEM[STEM].prediction.options
SMALL = {"d": 20, "n_forget": 8, "n_retain": 12}
AXES_OF = BY_STEM[STEM].controls[0].options


def grid_of(at):
    x, y, finer = (at.session_state[key] for key in ("map_x", "map_y", "finer"))
    return map_grid(spec_of(at, STEM), *map_axes(AXES_OF[x], AXES_OF[y]), finer)


def the_map(at):
    return next(t for chart, _ in charts(at) for t in traces(chart) if t["type"] == "heatmap")


def colours(at):
    return np.array(the_map(at)["z"], dtype=float).reshape(len(the_map(at)["meta"]["rows"]), -1)


def finish(at, workers):
    """Let the workers work until nothing is left, looking as the page does."""
    while workers.held:
        workers.work()
        workers.jobs.look(grid_of(at), at.session_state["visitor"])
    at.run()


def test_the_first_map_is_computed_behind_the_page_and_drawn_as_theory_has_it(open_app, workers):
    at = open_app(STEM, **SMALL)
    is_sound(at)
    assert np.isnan(colours(at)).all()
    assert "map_stop" in buttons(at)
    workers.work(2)
    at.run()
    assert 0 < np.isfinite(colours(at)).sum() < colours(at).size
    finish(at, workers)
    is_sound(at)
    grid = grid_of(at)
    wanted = sweep(grid, MAP_DRAWS)
    np.testing.assert_allclose(colours(at), wanted.mean("distance_ratio"), rtol=0, atol=0)
    assert boundary.summary(wanted, "distance_ratio", boundary_results.map_lines(wanted.grid)) in words(at)
    assert f"### One cell\n\n{boundary.cell(wanted, *nearest_cell(grid, spec_of(at, STEM)))}" in words(at)
    assert "map_stop" not in buttons(at)
    assert "map_more" in buttons(at)


def test_stop_keeps_what_is_finished_and_going_on_does_only_the_rest(open_app, workers):
    at = open_app(STEM, **SMALL)
    workers.work(2)
    at.run()
    buttons(at)["map_stop"].click().run()
    is_sound(at)
    some = np.isfinite(colours(at)).sum()
    assert some > 0
    assert "Stopped; what is finished is kept." in words(at)
    # Another control leaves it stopped.
    at.run()
    assert "map_more" in buttons(at)
    workers.work()  # what was on its way
    done = [*workers.sent]
    workers.sent.clear()
    buttons(at)["map_more"].click().run()
    finish(at, workers)
    assert not set(done) & set(workers.sent)
    np.testing.assert_allclose(colours(at), sweep(grid_of(at), MAP_DRAWS).mean("distance_ratio"), rtol=0, atol=0)


def test_more_draws_add_to_those_there_are(open_app, workers):
    at = open_app(STEM, **SMALL)
    finish(at, workers)
    first = len(workers.sent)
    buttons(at)["map_more"].click().run()
    finish(at, workers)
    wanted = sweep(grid_of(at), MAP_DRAWS + MORE_DRAWS)
    np.testing.assert_allclose(colours(at), wanted.mean("distance_ratio"), rtol=0, atol=0)
    assert len(workers.sent) == first * (MAP_DRAWS + MORE_DRAWS) // MAP_DRAWS
    assert f"{MAP_DRAWS + MORE_DRAWS} draws a cell." in words(at)


def test_two_visitors_share_a_map_and_one_who_stops_does_not_stop_the_other(open_app, workers):
    ann, bob = open_app(STEM, **SMALL), open_app(STEM, **SMALL)
    buttons(ann)["map_stop"].click().run()
    finish(bob, workers)
    assert np.isfinite(colours(bob)).all()
    assert len(workers.sent) == len(set(workers.sent))
    ann.run()
    np.testing.assert_array_equal(colours(ann), colours(bob))


def test_a_sweep_leaves_another_visitors_page_alone(open_app, workers):
    open_app(STEM, **SMALL)
    other = open_app("overlap")
    other.slider(key="d").set_value(60).run()
    is_sound(other)


@pytest.mark.parametrize("axes", [("Label noise", "Weight decay"), ("Feature overlap", "Feature overlap")])
def test_the_axes_are_those_of_the_address(open_app, workers, axes):
    at = open_app(STEM, map_x=axes[0], map_y=axes[1], **SMALL)
    is_sound(at)
    assert not at.warning
    meta = the_map(at)["meta"]
    assert meta["columns"] == list(grid_of(at).xs)
    assert grid_of(at).x != grid_of(at).y


def test_a_choice_that_is_none_is_refused(open_app):
    at = open_app(STEM, map_x="colour of the sky")
    is_sound(at)
    assert at.warning


def test_the_chosen_cell_is_loaded_exactly_in_another_page(open_app, workers):
    at = open_app(STEM, **SMALL, map_y="Weight decay", seed=7)
    grid = grid_of(at)
    row, column = (s for s in at.select_slider)
    rows = [s for s in at.select_slider if s.label == "Weight decay"]
    assert len(rows) == 1
    other = next(s for s in (row, column) if s is not rows[0])
    rows[0].set_value(3)
    other.set_value(9).run()
    is_sound(at)
    setting = grid.at(3, 9)
    assert setting.decay > 0
    assert boundary.not_carried(setting)
    assert f":small[{boundary.not_carried(setting)}]" in words(at)
    (link,) = [link for link in at.get("page_link") if link.proto.label == BY_STEM["overlap"].title]
    ((name, text),) = parse_qsl(link.proto.query_string)
    at.switch_page("pages/overlap.py")
    at.query_params[name] = text
    at.run()
    is_sound(at)
    assert [title.value for title in at.title] == [BY_STEM["overlap"].title]
    assert spec_of(at, "overlap") == setting.spec
    assert values(at)["seed"] == 7
    assert "load" not in at.query_params
    # Once followed, a link is over.
    at.slider(key="d").set_value(60).run()
    assert values(at)["d"] == 60


@pytest.mark.parametrize("text", ["", "d:40", "nonsense", spec_text(Spec()).replace("d:200", "d:9999"), "d:1:2,,:"])
def test_a_link_to_no_experiment_sets_nothing(open_app, text):
    at = open_app("overlap", load=text)
    is_sound(at)
    assert spec_of(at, "overlap") == Spec()


def test_a_link_to_an_experiment_is_a_first_address_as_well(open_app):
    spec = Spec(d=40, overlap=0.35, n_retain=30, n_forget=7, n_tune=5, noise=0.55, seed=9)
    at = open_app("overlap", load=spec_text(spec))
    is_sound(at)
    assert spec_of(at, "overlap") == spec
    assert "load" not in at.query_params


def test_the_answer_waits_for_the_guess(open_app, workers):
    at = open_app(STEM, guess=True, **SMALL)
    finish(at, workers)
    is_sound(at)
    assert np.isnan(colours(at)).all()
    assert not [t for chart, _ in charts(at) for t in traces(chart) if t.get("meta", {}).get("model") == "fine_tune"]
    assert not [t for chart, _ in charts(at) for t in traces(chart) if "edge" in t.get("meta", {})]
    (choice,) = at.segmented_control
    choice.set_value("noise").run()
    is_sound(at)
    assert np.isfinite(colours(at)).all()
    assert plain(at.info[0].value) == boundary.verdict(OPTIONS, "noise")


def test_a_hostile_number_of_maps_is_refused_in_words_and_the_line_frees_itself(open_app, workers):
    grids = [
        map_grid(Spec(d=20, n_forget=8, n_retain=12, seed=k), *map_axes("overlap", "noise"), False) for k in range(99)
    ]
    states = [workers.jobs.ask(grid, MAP_DRAWS, f"visitor {k}").state for k, grid in enumerate(grids)]
    taken = states.index("refused")
    assert taken == MOST_RUNNING + MOST_WAITING
    assert set(states[taken:]) == {"refused"}
    assert len(workers.held) <= 2
    at = open_app(STEM, **SMALL)
    is_sound(at)
    assert any("Too many maps are waiting" in text for text in words(at))
    for k, grid in enumerate(grids[:taken]):
        workers.jobs.stop(grid, f"visitor {k}")
    workers.held.clear()
    at.run()
    is_sound(at)
    assert "map_stop" in buttons(at)


def test_every_run_tells_the_browser_which_cell_is_chosen(open_app, workers):
    at = open_app(STEM, **SMALL)
    chosen = {*nearest_cell(grid_of(at), spec_of(at, STEM))}
    for _ in range(3):  # as the page runs while its map comes
        assert [s.proto.set_value for s in at.select_slider] == [True, True]
        assert {s.value for s in at.select_slider} == chosen
        at.run()
