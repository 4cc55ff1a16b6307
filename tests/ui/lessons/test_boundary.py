import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, drawn, is_valid, the_trace, traces
from theory import AXES, MEASURES, Grid, Setting, Spec, draw, empty, forgets, moves, run_task, sweep, tasks
from ui.figures.models import LABELS
from ui.figures.table import figure_csv
from ui.lessons import BY_STEM
from ui.lessons.boundary import LESSON
from ui.lessons.boundary import sentences as boundary
from ui.lessons.boundary.figures import edge, forget_map, loss_profile
from ui.lessons.boundary.grids import FINE_CELLS, MAP_CELLS, chosen, map_axes, map_grid, nearest_cell, realised
from ui.lessons.boundary.results import foreseen, map_lines, row_losses
from ui.plot.controls import CONTROLS, refusal
from ui.plot.route import picture
from ui.plot.view import read_view

SPEC = Spec(d=20, overlap=0.5, n_retain=12, n_forget=8, noise=0.5, seed=3)
GRID = map_grid(SPEC, "rows_per_feature", "overlap", False)
DONE = sweep(GRID, 2)
LINES = map_lines(GRID)
SHOWN = ("distance_ratio", "unlearning_gap", "membership_auc", "leftover_share")
PAIRS = [(x, y) for x in AXES for y in AXES if x != y]
BY_KEY = {c.key: c for c in CONTROLS}


def part_of(grid, count):
    found = empty(grid, 2)
    for task in tasks(grid, 2)[:count]:
        found = found.with_block(task, run_task(task))
    return found


@pytest.mark.parametrize("fine", [False, True])
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_cell_can_be_set_on_the_shared_controls(pair, fine):
    for spec in (Spec(), Spec(n_tune=20), *CORNERS[::5]):
        grid = map_grid(spec, *pair, fine)
        most = FINE_CELLS if fine else MAP_CELLS
        assert 1 <= len(grid.xs) <= most
        assert 1 <= len(grid.ys) <= most
        for i in (0, len(grid.ys) // 2, -1):
            for j in (0, len(grid.xs) // 3, -1):
                cell = grid.at(i, j).spec
                assert cell.seed == spec.seed
                for key, control in BY_KEY.items():
                    value = getattr(cell, key) or 0
                    if key == "n_tune" and cell.n_tune is None:
                        continue
                    assert refusal(control, [control.shown(value)]) is None, (key, value)
                    assert float(control.shown(value)) == value
                    steps = (value - control.low) / control.step
                    assert steps == pytest.approx(round(steps), abs=1e-6)


def test_what_the_axes_vary_does_not_tell_two_maps_apart():
    other = replace(SPEC, overlap=0.9, n_retain=40)
    assert map_grid(other, "rows_per_feature", "overlap", False) == GRID
    assert map_grid(replace(SPEC, seed=4), "rows_per_feature", "overlap", False) != GRID
    assert map_axes("noise", "noise")[0] == "noise"
    assert len({*map_axes("noise", "noise")}) == 2


def test_the_nearest_cell_is_where_the_sidebar_stands():
    i, j = nearest_cell(GRID, SPEC)
    assert (GRID.ys[i], round(GRID.xs[j] * SPEC.d)) == (0.5, 12)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("measure", SHOWN)
@pytest.mark.parametrize("sweep", [DONE, part_of(GRID, 4), empty(GRID, 2)], ids=["done", "part", "empty"])
def test_the_map_shows_the_means_and_theorys_lines(sweep, measure, theme):
    figure = forget_map(sweep, measure, (5, 3), LINES, foreseen(GRID, measure), theme)
    is_valid(figure)
    chart = drawn(figure)
    heat = the_trace(chart, measure=measure)
    shape = sweep.counts.shape
    np.testing.assert_array_equal(np.array(heat["z"], dtype=float).reshape(shape), sweep.mean(measure))
    assert heat["zmin"] < heat["zmax"]
    inside = LINES["forgets"]
    wanted = np.array([[forgets(GRID.at(i, j)) for j in range(shape[1])] for i in range(shape[0])])
    np.testing.assert_array_equal(inside, wanted)
    assert len(traces(chart, edge="forgets")) == 2 * bool(edge(inside)[0])
    (cells,) = traces(chart, cells=True)
    assert len(cells["x"]) == inside.size
    assert not traces(
        drawn(forget_map(sweep, measure, (0, 0), LINES, foreseen(GRID, measure), theme, told=False)), edge="moves"
    )


def test_golden_is_golden_and_remembering_is_blue():
    for measure, low, high in (("distance_ratio", 0, 1), ("membership_auc", 0.5, 1)):
        heat = the_trace(
            drawn(forget_map(DONE, measure, (0, 0), LINES, foreseen(GRID, measure), "light")), measure=measure
        )
        assert (heat["zmin"], heat["zmax"]) == (low, high)
        assert heat["colorscale"][0][1] == "#E69F00"
    gap = the_trace(
        drawn(forget_map(DONE, "unlearning_gap", (0, 0), LINES, foreseen(GRID, "unlearning_gap"), "light")),
        measure="unlearning_gap",
    )
    assert gap["zmin"] == -gap["zmax"]
    assert [0.5, "#E69F00"] in gap["colorscale"]


def test_the_edge_separates_exactly_the_cells_that_differ():
    inside = np.array([[False, False, True], [False, True, True]])
    xs, ys = edge(inside)
    pieces = {(xs[k], ys[k], xs[k + 1], ys[k + 1]) for k in range(0, len(xs), 3)}
    assert pieces == {(1.5, -0.5, 1.5, 0.5), (0.5, 0.5, 0.5, 1.5), (0.5, 0.5, 1.5, 0.5)}


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_the_profile_shows_the_losses_over_theory(pair):
    grid = map_grid(SPEC, *pair, False)
    grid = replace(grid, ys=grid.ys[-1:])
    found = sweep(grid, 2)
    at, expected = row_losses(grid, 0)
    figure = loss_profile(found, 0, 1, at, expected, LABELS, "light")
    is_valid(figure)
    chart = drawn(figure)
    for model, key in (("golden", "golden_loss"), ("fine_tune", "tuned_loss")):
        dots = the_trace(chart, model=model, loss=key)
        np.testing.assert_array_equal(np.array(dots["customdata"])[:, 1], found.mean(key)[0])
    lines = traces(chart, model="golden", theory=True)
    for line in lines:
        np.testing.assert_array_equal(line["x"], range(len(at)) if AXES[grid.x].log else realised(SPEC, grid.x, at))
        for value, loss in zip(at, np.array(line["y"], dtype=float), strict=True):
            (((cell,),),) = [Grid(grid.setting, grid.x, (value,), grid.y, grid.ys).settings]
            wanted = MEASURES["golden_loss"].expected(cell)
            assert loss == wanted if np.isfinite(wanted) else np.isnan(loss)
    assert not traces(drawn(loss_profile(found, 0, 1, at, expected, LABELS, "dark", told=False)), model="fine_tune")


def test_the_peak_is_where_golden_has_as_many_rows_as_features():
    i = GRID.ys.index(0.5)
    assert boundary.peak(GRID, i) == (SPEC.d_retain + SPEC.d_overlap) / SPEC.d
    assert boundary.peak(map_grid(SPEC, "overlap", "noise", False), 0) is None
    assert "15" in boundary.profile(GRID, i)
    assert "infinite" in boundary.profile(GRID, i)
    assert "infinite" not in boundary.profile(GRID, 0)  # no shared feature
    assert "golden says 0 for every row to forget" in boundary.profile(GRID, 0)
    assert "beyond the right edge" not in boundary.profile(GRID, i)
    assert "beyond the right edge" in boundary.profile(map_grid(Spec(d=2000), "rows_per_feature", "overlap", False), 5)


def test_the_table_of_the_map_holds_every_cell():
    text = figure_csv(
        forget_map(DONE, "distance_ratio", (0, 0), LINES, foreseen(GRID, "distance_ratio"), "light"), SPEC
    )
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert len(rows) == DONE.counts.size
    means = DONE.mean("distance_ratio")
    for row, (i, j) in zip(rows, np.ndindex(means.shape), strict=True):
        assert row[1] == f"overlap={round(GRID.ys[i] * SPEC.d) / SPEC.d!r}"
        assert float(row[2]) == GRID.xs[j]
        assert float(row[3]) == means[i, j]


def nothing_to_forget(spec):
    """Whether the rows to forget show nothing that the rows to keep do not: asked of the data themselves."""
    problem = draw(spec)
    space = np.linalg.svd(problem.X_r, full_matrices=False)
    rows = space[2][space[1] > 1e-9 * space[1][0]] if space[1][0] else space[2][:0]
    unseen = problem.X_f - problem.X_f @ rows.T @ rows
    return bool(spec.noise == 0 and np.abs(unseen).max() < 1e-9) or not problem.X_f.any()


@given(specs(), st.sampled_from(PAIRS), st.integers(0, 6), st.sampled_from(SHOWN))
@settings(max_examples=25, deadline=None)
def test_the_sentences_hold_at_every_setting(spec, pair, done, measure):
    grid = map_grid(spec, *pair, False)
    grid = replace(grid, xs=grid.xs[::5], ys=grid.ys[::5])
    found = part_of(grid, done)
    cells = [grid.at(i, j) for i in range(len(grid.ys)) for j in range(len(grid.xs))]
    nothing = [nothing_to_forget(cell.spec) for cell in cells]
    arrived = sum(forgets(cell) and not none for cell, none in zip(cells, nothing, strict=True))
    still = sum(not moves(cell) for cell in cells)
    text = boundary.summary(found, measure, map_lines(grid))
    assert (f"changes nothing in {still} of" in text) == (still > 0)
    assert (f"It brings the model to golden in {arrived}, where" in text) == (arrived > 0)
    assert ("to golden in none" in text) == (arrived == 0)
    assert (f"In {sum(nothing)} cells (×) pretrained is golden already" in text) == any(nothing)
    for i in range(len(grid.ys)):
        for j in range(len(grid.xs)):
            said = boundary.cell(found, i, j)
            assert ("not computed" in said) == (found.counts[i, j] == 0)
            none = nothing_to_forget(grid.at(i, j).spec)
            assert ("undefined" in said) == (none and "not computed" not in said)
            cell = grid.at(i, j)
            assert f"{100 * cell.spec.d_overlap / spec.d:.3g}% of them shared" in said
            some = f"sees {cell.spec.tune_rows:,} of the rows to keep."
            assert (some in said) == (cell.spec.tune_rows < cell.spec.n_retain)
            assert (f"Weight decay is {cell.decay:.2g}." in said) == (cell.decay > 0)
    undefined = map_lines(grid)["undefined"]
    for said in (boundary.describe_map(found, measure, undefined, False), boundary.describe_profile(found, 0, False)):
        assert len(said) > 40
        assert said.endswith(".")
        assert "nan" not in said


@pytest.mark.parametrize("guess", BY_STEM["boundary"].prediction.options)
def test_the_verdict_says_whether_the_guess_is_right(guess):
    options = BY_STEM["boundary"].prediction.options
    text = boundary.verdict(options, guess)
    assert ("and that is right" in text) == (guess == "shared") != ("that alone is not enough" in text)
    assert (f"The answer is “{options['shared']}”." in text) == (guess != "shared")


def test_without_a_guess_the_answer_is_what_theory_says():
    options = BY_STEM["boundary"].prediction.options
    assert boundary.verdict(options, None).startswith(f"**{options['shared']}.** Such rows fix every weight")


def test_weight_decay_is_the_only_thing_the_shared_controls_cannot_hold():
    assert boundary.not_carried(Setting(SPEC)) == ""
    assert "0.01" in boundary.not_carried(Setting(SPEC, 0.01))
    assert isinstance(GRID, Grid)


@given(specs(), st.sampled_from(PAIRS))
@settings(max_examples=25, deadline=None)
def test_the_map_counts_the_cells_at_golden_that_the_answer_describes(spec, pair):
    grid = map_grid(spec, *pair, False)

    def described(cell):
        shared, enough = cell.spec.d_forget == 0, cell.spec.n_retain >= cell.spec.d
        whole = cell.spec.tune_rows == cell.spec.n_retain or cell.spec.noise == 0
        return cell.decay == 0 and shared and enough and whole

    cells = [described(grid.at(i, j)) for i in range(len(grid.ys)) for j in range(len(grid.xs))]
    assert map_lines(grid)["forgets"].sum() == sum(cells)


@pytest.mark.parametrize("overlap", [0.0, 0.5])
def test_without_noise_nothing_is_infinite_and_enough_rows_give_the_true_weights(overlap):
    spec = replace(SPEC, overlap=overlap, noise=0.0)
    grid = map_grid(spec, "rows_per_feature", "noise", False)
    assert grid.ys[0] == 0
    said = boundary.profile(grid, 0)
    assert "infinite" not in said
    assert "true weights" in said
    used = spec.d_retain + spec.d_overlap
    problem = draw(replace(spec, n_retain=used))
    np.testing.assert_allclose(problem.w_g[:used], problem.w_star[:used], atol=1e-9)
    fewer = draw(replace(spec, n_retain=used - 1))
    assert np.abs(fewer.w_g[:used] - fewer.w_star[:used]).max() > 1e-3
    assert ("infinite" in boundary.profile(grid, len(grid.ys) - 1)) == (overlap > 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_peak_is_neither_golden_nor_any_model(theme):
    i = GRID.ys.index(0.5)
    found = drawn(loss_profile(DONE, i, 0, *row_losses(GRID, i), LABELS, theme))
    (line,) = [shape for shape in found["layout"]["shapes"] if "name" in shape]
    assert line["name"] == "rows = features they use"
    assert line["x0"] * SPEC.d == SPEC.d_retain + SPEC.d_overlap
    assert line["line"]["color"] not in {trace["marker"]["color"] for trace in found["data"] if "marker" in trace}


@pytest.mark.parametrize("measure", SHOWN)
def test_the_colours_say_what_they_measure(measure):
    found = drawn(forget_map(DONE, measure, (1, 1), LINES, foreseen(GRID, measure), "light"))
    assert the_trace(found, measure=measure)["colorbar"]["title"]["text"] == MEASURES[measure].label


def test_before_the_guess_the_map_is_a_sheet_of_cells_and_none_is_chosen():
    told, waiting = (
        drawn(forget_map(DONE, SHOWN[0], (1, 1), LINES, foreseen(GRID, SHOWN[0]), "light", told))
        for told in (True, False)
    )
    assert traces(told, chosen=True)
    assert not traces(waiting, chosen=True)
    layout = waiting["layout"]
    assert layout["plot_bgcolor"] != layout["template"]["layout"]["paper_bgcolor"]
    for axis, values in (("xaxis", GRID.xs), ("yaxis", GRID.ys)):
        assert len(layout[axis]["minor"]["tickvals"]) == len(values) - 1


@given(specs(), st.sampled_from(PAIRS))
@settings(max_examples=60, deadline=None)
def test_what_a_cell_holds_otherwise_than_the_sidebar_is_said(spec, pair):
    grid = map_grid(spec, *pair, False)
    cell = grid.at(*nearest_cell(grid, spec))
    said = boundary.aside(cell, spec)
    for words, here, there in (
        (f"Rows to keep: {spec.n_retain:,}.", spec.n_retain, cell.spec.n_retain),
        (f"Shared features: {100 * spec.d_overlap / spec.d:.3g}%.", spec.d_overlap, cell.spec.d_overlap),
        (f"Label noise: {spec.noise:.3g}.", spec.noise, cell.spec.noise),
    ):
        assert (words in said) or here == there
    if (cell.spec.n_retain, cell.spec.n_forget, cell.spec.overlap, cell.spec.noise, cell.spec.tune_rows) == (
        *(spec.n_retain, spec.n_forget, spec.overlap, spec.noise, spec.tune_rows),
    ):
        assert said == ""


def test_a_number_below_zero_has_a_minus():
    i, j = np.argwhere(DONE.mean("unlearning_gap") < -1e-3)[0]
    said = boundary.cell(DONE, int(i), int(j))
    assert "golden's −0." in said
    assert not re.search(r"[^\w]-\d", said)


SMALL = {"d": ["20"], "n_retain": ["12"], "n_forget": ["8"]}


def view_of(**asked):
    return read_view(LESSON.page, {**SMALL, **{key: [text] for key, text in asked.items()}})


def test_the_cell_is_the_addresss_and_where_it_names_none_of_the_map_the_nearest():
    near = nearest_cell(
        map_grid(Spec(d=20, n_retain=12, n_forget=8, noise=0.5), *map_axes("rows_per_feature", "overlap"), False),
        view_of().spec,
    )
    assert chosen(view_of())[1] == near
    assert chosen(view_of(map_row="8", map_column="3"))[1] == (8, 3)
    assert chosen(view_of(map_row="8"))[1] == (8, near[1])
    assert chosen(view_of(map_row="20", map_column="20"))[1] == near
    assert chosen(view_of(map_row="20", map_column="20", finer="true"))[1] == (20, 20)


@pytest.mark.parametrize("key", LESSON.figures)
@pytest.mark.parametrize("told", ["0", "1"])
def test_a_map_that_nobody_asked_for_is_drawn_empty_and_nobody_waits_for_it(key, told):
    found = picture(LESSON, key, view_of(told=told, seed="911", map_row="8", map_column="3"))
    is_valid(found.figure)
    assert bool(found.caption) == (key == "profile" or told == "1")
    assert not [t for t in drawn(found.figure)["data"] if t.get("meta", {}).get("loss") and len(t["x"])]


ALL_SHARED = map_grid(Spec(d=20, overlap=1, n_retain=40, n_forget=10), "decay", "noise", False)


def test_where_pretrained_is_golden_the_ratio_is_undefined_and_looks_like_no_value():
    found, lines = sweep(ALL_SHARED, 2), map_lines(ALL_SHARED)
    cells = np.argwhere(lines["undefined"])
    assert {(int(i), int(j)) for i, j in cells} == {(0, j) for j in range(len(ALL_SHARED.xs))}
    for measure in SHOWN:
        chart = drawn(forget_map(found, measure, (0, 0), lines, foreseen(ALL_SHARED, measure), "light"))
        z = np.array(the_trace(chart, measure=measure)["z"], dtype=float)
        assert np.isnan(z[0]).all() == (measure == "distance_ratio")
        assert np.isfinite(z[1:]).all()
        crosses = traces(chart, undefined=True)
        assert [sorted(t["x"]) for t in crosses] == [list(range(len(ALL_SHARED.xs)))] * (measure == "distance_ratio")
    # With weight decay the model is not golden, and its error on the rows to forget is none of golden's.
    said = boundary.cell(found, 0, 5)
    assert "undefined" in said
    assert "±" in said.split("golden's")[1].split(";")[0]


@given(specs(), st.sampled_from(["decay", "noise"]))
@settings(max_examples=40, deadline=None)
def test_an_axis_of_overlap_says_what_is_shared_and_nothing_twice(spec, other):
    grid = map_grid(spec, "overlap", other, False)
    shares = realised(spec, "overlap", grid.xs)
    assert len({*shares}) == len(shares)
    assert shares == tuple(sorted(shares))
    assert [s * spec.d for s in shares] == pytest.approx([grid.at(0, j).spec.d_overlap for j in range(len(shares))])


def test_a_cell_that_is_not_drawn_yet_has_the_colour_theory_foresees():
    chart = drawn(
        forget_map(part_of(GRID, 1), "distance_ratio", (0, 0), LINES, foreseen(GRID, "distance_ratio"), "light")
    )
    seen = np.array(the_trace(chart, measure="distance_ratio")["z"], dtype=float)
    (rest,) = traces(chart, foreseen=True)
    there = np.array(rest["z"], dtype=float)
    assert not (np.isfinite(seen) & np.isfinite(there)).any()
    complete = DONE.mean("distance_ratio")
    known = np.isfinite(there)
    np.testing.assert_allclose(there[known], complete[known], atol=1e-9)
    assert known.any()
