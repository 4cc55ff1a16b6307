import csv
import itertools
import math
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, UNTOUCHED, drawn, fitted, name_of, record, small_curve, the_trace, traces
from theory import (
    CLAIMS,
    METHODS,
    Blocks,
    Check,
    Grid,
    Metrics,
    Modes,
    OverlapCurve,
    Scene,
    Setting,
    Spec,
    Sweep,
    TradeOff,
    Triangle,
    TwoRows,
    compare,
    draw,
    expected_unlearning_loss,
    fit_all,
    gradient_modes,
    gradient_path,
    measure,
    remedy_curve,
    remedy_tuning,
    scene,
    sweep,
    trade_off,
    triangle,
    tuning_curve,
    two_rows,
)
from ui.charts import curves
from ui.figures import losses, table, weights
from ui.figures import weights as anatomy
from ui.figures.models import CAST_KEYS, LABELS
from ui.figures.style import INK, MARKER, REMEDIES, TEMPLATE, colour
from ui.language.words import FLOOR, loss_text
from ui.lessons.boundary import results as boundary_results
from ui.lessons.distinct import figures as distinct_figures
from ui.lessons.overlap import figures as overlap_figures
from ui.lessons.regularize import sentences as pushing
from ui.lessons.regularize.figures import BINS
from ui.lessons.remedy import figures as remedy
from ui.lessons.remedy.sentences import SHORT
from ui.server import sampling

THEMES = ("light", "dark")
LOSSES = ("remaining_loss", "unlearning_loss")
HIDDEN = frozenset({"fine_tune"})
small_specs = specs(d=st.integers(1, 40), rows=st.integers(1, 40))
SPECS = (
    Spec(d=20, n_retain=6, n_forget=5),
    Spec(d=1, n_retain=3, n_forget=1, noise=1.0),
    Spec(d=7, overlap=1.0, n_retain=20, n_forget=30, n_tune=5, noise=5.0),
)


def arguments(spec):
    """What every chart is drawn from, computed by the theory alone."""
    problem, weights, records = fitted(spec)
    rows = sampling.tuning_rows(spec)
    fine = np.linspace(0, 1, 11)
    expected = np.array([expected_unlearning_loss(replace(spec, overlap=o)) for o in fine])
    path = gradient_path(problem.X_t, problem.y_t, problem.w_o, (0, 1, 10), 1e-3)
    errors, golden = np.abs(path.weights @ problem.X_f.T - problem.y_f), np.abs(problem.X_f @ problem.w_g - problem.y_f)
    listed = list(records.values())
    curve = trade_off(problem, (0, 0.1, 1), "zero", 0.1)
    pushed = {r.key: r for r in compare(spec, pushing.KEYS, alpha=0.1, target="zero", mu=0.1)}
    residuals = {key: (golden, errors[0]) for key in pushing.ATTACKED}
    four = fit_all(problem, ("fine_tune", *REMEDIES, "golden"))[0]
    remedies = remedy_curve(spec, (0.0, 0.5, 1.0), REMEDIES, 2)
    found = triangle(draw(replace(spec, n_tune=None)), (0.0, 0.5, 1.0))
    pair = [two_rows(np.array([0.8, 0.5]), degrees) for degrees in (0, 45, 90)]
    seen = scene(draw(replace(spec, d=3, n_retain=1, n_forget=1, n_tune=None)), 0.5)
    modes = gradient_modes(problem, np.zeros(spec.d), (0, 1, 10), 1e-3, 0.1)
    checks = {key: claim.check(problem) for key, claim in CLAIMS.items()}
    applies = {key: claim.applies(problem) for key, claim in CLAIMS.items()}
    surveyed = {key: np.array([check.error, check.error / 2]) for key, check in checks.items()}
    known = sweep(Grid(Setting(spec), "noise", (0.0, 0.5, 1.0), "overlap", (0.0, 1.0)), 2)
    return {
        "forget_map": [known, "unlearning_gap", (1, 2), boundary_results.map_lines(known.grid)],
        "loss_profile": [known, 1, 2, *boundary_results.row_losses(known.grid, 1), LABELS],
        "claim_lanes": [checks, applies],
        "survey_lanes": [surveyed],
        "remedy_bars": [measure(problem, four), 1.0, "project"],
        "remedy_overlap": [remedies, spec.overlap, "project"],
        "remedy_rows": [rows, remedy_tuning(problem, rows, REMEDIES), spec.tune_rows, "project"],
        "weight_anatomy": [weights, problem.blocks, LABELS],
        "loss_lanes": [listed, LABELS],
        "overlap_curve": [small_curve(spec), fine, expected, listed, spec.overlap, LABELS],
        "tuning_curve": [rows, tuning_curve(problem, rows), listed, spec.tune_rows, LABELS],
        "exact_triangle": [found, 1, LABELS],
        "start_losses": [found, 1, LABELS],
        "two_lines": [pair, 1, 0.5, LABELS],
        "angle_losses": [pair, 1, 0.5, LABELS],
        "two_planes": [seen, (0.0, 60.0, 120.0), 1, LABELS],
        "clocks": [modes, "retain", LABELS],
        "leftover_curve": [modes, "retain"],
        "step_sizes": [modes, "retain"],
        "dead_button": [(0, 1, 10), errors, np.array([1.0, 0.5, 0.25]), golden, LABELS],
        "push_curve": [curve, pushed, 0.1],
        "push_trade_off": [curve, pushed, 0.1, pushing.LABELS],
        "residual_lanes": [residuals, pushing.titles(pushed, spec.n_forget), pushing.ATTACKED],
    }


def plain(value):
    """A value as nested lists, keys in order, to be compared whole."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, OverlapCurve | TradeOff | Metrics | Triangle | TwoRows | Scene | Modes | Check):
        return {name: plain(v) for name, v in vars(value).items()}
    if isinstance(value, Sweep):
        return value.values.tolist()
    if hasattr(value, "items"):
        return [(k, plain(value[k])) for k in sorted(value)]
    if isinstance(value, Blocks):
        return str(value)
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value


CHARTS = tuple(arguments(SPECS[0]))


# every chart


# The table of a chart, and a chart made larger (test_projector.py).
NO_CHARTS = ("figure_csv", "for_projector")


def test_every_chart_is_tested_here():
    assert {name for name in charts.__all__ if name not in NO_CHARTS} == set(CHARTS)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_valid_changes_nothing_and_keeps_its_height(name, theme):
    heights = set()
    for spec in SPECS:
        given_arguments = arguments(spec)[name]
        before = repr(plain(given_arguments))  # as text: what is not a number is not itself
        figure = getattr(charts, name)(*given_arguments, theme)
        assert repr(plain(given_arguments)) == before
        # Plotly's own validation refuses a misspelt property or an impossible value.
        parts = figure.to_plotly_json()
        valid = go.Figure(data=parts["data"], layout=parts["layout"], frames=parts.get("frames", []))
        checked = drawn(valid)
        for part in (part for frame in checked.get("frames", []) for part in frame["data"]):
            part.pop("type")  # Plotly puts it there; a frame changes a trace that has one
        assert repr(plain(checked)) == repr(plain(drawn(figure)))
        heights.add(figure.layout.height)
    assert len(heights) == 1
    assert heights.pop() > 0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_in_the_inks_of_its_theme(name, theme):
    figure = drawn(getattr(charts, name)(*arguments(SPECS[0])[name], theme))
    assert figure["layout"]["template"] == drawn(go.Figure(layout={"template": TEMPLATE[theme]}))["layout"]["template"]
    assert INK[theme] in str(figure)
    other = THEMES[1 - THEMES.index(theme)]
    assert INK[other] not in str(figure)


# loss lanes


def check_lanes(spec):
    _, _, records = fitted(spec)
    figure = drawn(losses.loss_lanes(list(records.values()), LABELS, "light"))
    assert len(figure["data"]) == len(records) * len(LOSSES)
    axis, low_high = figure["layout"]["yaxis"], figure["layout"]["xaxis"]["range"]
    names = dict(zip(axis["tickvals"], axis["ticktext"], strict=True))
    lanes = set()
    for key, r in records.items():
        for loss in LOSSES:
            value = getattr(r, loss)
            trace = the_trace(figure, model=key, loss=loss)
            assert trace["meta"]["value"] == value
            assert trace["name"] == LABELS[key]
            assert list(trace["x"]) == [FLOOR, max(value, FLOOR)]
            lane = trace["y"][0]
            assert trace["y"][1] == lane
            assert names[lane] == LABELS[key]
            lanes.add(lane)
            assert trace["marker"]["symbol"] == MARKER[key]
            assert trace["marker"]["color"] == trace["line"]["color"] == colour(key, "light")
            assert loss_text(value) in trace["hovertemplate"]
            said = [
                a["text"] for a in figure["layout"]["annotations"] if a["y"] == lane and a.get("x") and "xshift" in a
            ]
            assert said == [loss_text(value, short=True)]
            assert low_high[0] < math.log10(max(value, FLOOR)) < low_high[1]
    assert len(lanes) == len(figure["data"])
    assert axis["range"][0] < min(lanes) < max(lanes) < axis["range"][1]


@given(small_specs)
@settings(max_examples=40)
def test_a_lane_ends_at_its_loss(spec):
    check_lanes(spec)


@pytest.mark.parametrize("spec", CORNERS[::5], ids=name_of)
def test_a_lane_ends_at_its_loss_at_the_corners(spec):
    check_lanes(spec)


def test_exact_zero_has_a_place_of_its_own():
    for zero in (0.0, 1e-31, FLOOR):
        records = [record(key, unlearning_loss=zero, remaining_loss=1.0) for key in CAST_KEYS]
        figure = drawn(losses.loss_lanes(records, LABELS, "light"))
        for key in CAST_KEYS:
            assert list(the_trace(figure, model=key, loss="unlearning_loss")["x"]) == [FLOOR, FLOOR]
        axis = figure["layout"]["xaxis"]
        assert "exact zero" in axis["ticktext"][axis["tickvals"].index(FLOOR)]
        assert losses.TICKS[FLOOR].startswith("exact zero")


def test_a_hidden_model_has_a_question_mark_in_its_lanes():
    _, _, records = fitted(SPECS[2])
    records["fine_tune"] = replace(records["fine_tune"], unlearning_loss=1.2345e6, remaining_loss=5.4321e6)
    figure = drawn(losses.loss_lanes(list(records.values()), LABELS, "light", HIDDEN))
    assert not traces(figure, model="fine_tune")
    assert len(figure["data"]) == 2 * len(LOSSES)
    assert [a["text"] for a in figure["layout"]["annotations"]].count("<b>?</b>") == len(LOSSES)
    # Neither the numbers nor the length of the axis give the answer away.
    assert "1.2" not in str([a["text"] for a in figure["layout"]["annotations"]])
    told = drawn(losses.loss_lanes([records["pretrained"], records["golden"]], LABELS, "light"))
    assert figure["layout"]["xaxis"]["range"] == told["layout"]["xaxis"]["range"]


# anatomy


# Outlines are drawn in half the precision; a height is what lies between two places that are rounded so.
HALF_PRECISION = 2 * 2.0**-24


def outlines_of(trace):
    """Read (feature, weight) off the outlines of a block, panel by panel: a bar is as high as the flat of its path."""
    panels = trace["meta"]["panels"]
    parts = zip(*(np.split(np.asarray(trace[k]), len(panels)) for k in ("x", "y", "customdata")), strict=True)
    found = {}
    for model, (x, y, heights) in zip(panels, parts, strict=True):
        assert np.isnan([x[-1], y[-1], heights[-1]]).all()  # the pen is lifted between two panels
        x, y, heights = x[:-1], y[:-1], heights[:-1]
        assert heights[0] == heights[-1] == 0
        floor = y[0]
        np.testing.assert_allclose(y - floor, heights, rtol=0, atol=HALF_PRECISION * np.abs(y).max())
        flat = [(a, b, h) for a, b, h, k in zip(x[:-1], x[1:], heights[:-1], heights[1:], strict=True) if a != b]
        assert all(h == k for a, b, h, k in zip(x[:-1], x[1:], heights[:-1], heights[1:], strict=True) if a != b)
        assert sum(b - a for a, b, _ in flat) == x[-1] - x[0]
        found[model] = float(floor), [((a + b) / 2, h) for a, b, h in flat]
    return found


def check_anatomy(spec):
    problem, weights, _ = fitted(spec)
    figure = drawn(weights.weight_anatomy(weights, problem.blocks, LABELS, "light"))
    sizes = dict(retain=spec.d_retain, overlap=spec.d_overlap, forget=spec.d_forget)
    there = [block for block, size in sizes.items() if size]
    assert [t["meta"]["block"] for t in figure["data"]] == there
    read = [outlines_of(t) for t in figure["data"]]
    layout = figure["layout"]
    floors = [shape["y0"] for shape in layout["shapes"]]
    largest = max(np.abs(w).max() for w in weights.values())
    # Panels stand one below the other, and the largest weight reaches into no other.
    assert all(upper - lower > 2 * largest for upper, lower in itertools.pairwise(floors))
    bottom, top = layout["yaxis"]["range"]
    assert top >= floors[0] + largest
    assert bottom <= floors[-1] - largest
    for (key, w), floor in zip(weights.items(), floors, strict=True):
        assert [len(block[key][1]) for block in read] == [sizes[block] for block in there]
        bars = [bar for block in read for bar in block[key][1]]
        assert [feature for feature, _ in bars] == list(range(1, spec.d + 1))
        np.testing.assert_allclose([height for _, height in bars], w, **UNTOUCHED)
        np.testing.assert_allclose([block[key][0] for block in read], floor, rtol=HALF_PRECISION)
    for trace in figure["data"]:
        block = trace["meta"]["block"]
        assert trace["line"]["color"] == trace["fillcolor"] == colour(block, "light")
        assert trace["fill"] == "toself"
        assert trace["name"] == anatomy.BLOCK_LABEL[block]
        assert trace.get("showlegend", True)
    assert layout["xaxis"]["range"] == [0.5, spec.d + 0.5]
    # Every panel has its title above it, and zero and the largest weight on its axis.
    assert [a["text"] for a in layout["annotations"]] == [f"<b>{LABELS[key]}</b>" for key in weights]
    assert [a["y"] for a in layout["annotations"]] == pytest.approx(
        [1 - (top - floor - (top - floors[0])) / (top - bottom) for floor in floors]
    )
    marks = dict(zip(layout["yaxis"]["tickvals"], layout["yaxis"]["ticktext"], strict=True))
    for floor in floors:
        assert marks[floor] == "0"
        (size,) = (float(text) for at, text in marks.items() if at == pytest.approx(floor + largest))
        assert size == pytest.approx(largest, rel=0.34)  # one digit: 0.15 may be said as 0.2


@given(small_specs)
@settings(max_examples=40)
@example(Spec(d=1, n_retain=2, n_forget=2))
@example(Spec(d=1, overlap=1.0, n_retain=2, n_forget=2))
@example(Spec(d=9, overlap=0.0, n_retain=2, n_forget=2))
@example(Spec(d=9, overlap=1.0, n_retain=2, n_forget=2))
@example(Spec(d=3, overlap=0.6, n_retain=2, n_forget=2))
def test_the_outline_of_the_bars_holds_every_weight(spec):
    check_anatomy(spec)


def test_the_outline_of_the_bars_holds_2000_weights():
    check_anatomy(Spec(d=2000, overlap=0.4, n_retain=3, n_forget=3))


def test_weights_that_are_all_zero_still_have_a_scale():
    weights = {key: np.zeros(3) for key in CAST_KEYS}
    figure = drawn(weights.weight_anatomy(weights, Blocks(slice(0, 1), slice(1, 2), slice(2, 3)), LABELS, "dark"))
    assert figure["layout"]["yaxis"]["range"][0] < 0 < figure["layout"]["yaxis"]["range"][1]


def test_one_model_fills_the_picture():
    blocks = Blocks(slice(0, 1), slice(1, 1), slice(1, 2))
    figure = drawn(weights.weight_anatomy({"golden": np.array([1.0, -2.0])}, blocks, LABELS, "light"))
    assert figure["layout"]["yaxis"]["range"] == pytest.approx([-2.2, 2.2])


def test_a_hidden_models_panel_has_no_bars():
    problem, weights, _ = fitted(SPECS[0])
    figure = drawn(weights.weight_anatomy(weights, problem.blocks, LABELS, "light", HIDDEN))
    assert all(set(t["meta"]["panels"]) == {"pretrained", "golden"} for t in figure["data"])
    (mark,) = [a for a in figure["layout"]["annotations"] if a["text"] == "<b>?</b>"]
    # Plotly drops axes nothing is drawn on: a mark that refers to one is never seen.
    drawn_on = {t.get("xaxis", "x") for t in figure["data"]} | {t.get("yaxis", "y") for t in figure["data"]}
    assert {ref.removesuffix(" domain") for ref in (mark["xref"], mark["yref"])} <= drawn_on | {"paper"}


# overlap curve


def check_overlap_curve(spec, hidden=frozenset()):
    _, _, records = fitted(spec)
    curve = small_curve(spec)
    fine = np.linspace(0, 1, 21)
    expected = np.array([expected_unlearning_loss(replace(spec, overlap=o)) for o in fine])
    listed = list(records.values())
    figure = drawn(overlap_figures.overlap_curve(curve, fine, expected, listed, spec.overlap, LABELS, "light", hidden))
    theory = the_trace(figure, theory=True)
    np.testing.assert_allclose(theory["x"], 100 * fine, **UNTOUCHED)
    np.testing.assert_allclose(theory["y"], np.where(np.isinf(expected), np.nan, expected), **UNTOUCHED)
    assert not theory.get("connectgaps")
    told = [key for key in CAST_KEYS if key not in hidden]
    lines = {}
    for loss, axes in (("unlearning_loss", ("x", "y")), ("remaining_loss", ("x2", "y2"))):
        low, high = figure["layout"][f"{axes[1][0]}axis{axes[1][1:]}"]["range"]
        assert low < 0 < high
        (marks,) = [t for t in figure["data"] if "marks" in t["meta"] and t["xaxis"] == axes[0]]
        order = marks["meta"]["marks"]
        assert sorted(order) == sorted(told)
        assert marks["meta"]["names"] == [LABELS[key] for key in order]
        assert list(marks["x"]) == [100 * spec.overlap] * len(told)
        for key in CAST_KEYS:
            here = [
                t for t in traces(figure, model=key) if t.get("xaxis", "x") == axes[0] and "theory" not in t["meta"]
            ]
            if key in hidden:
                assert here == []
                continue
            assert {(t.get("xaxis", "x"), t.get("yaxis", "y")) for t in here} == {axes}
            band = [t for t in here if t["meta"].get("band")]
            (line,) = [t for t in here if t not in band]
            lines[key, loss] = line
            assert line["meta"]["loss"] == loss
            assert line["name"] == LABELS[key]
            np.testing.assert_allclose(line["x"], 100 * curve.overlaps, **UNTOUCHED)
            np.testing.assert_allclose(line["y"], curve.mean[key, loss], **UNTOUCHED)
            value = getattr(records[key], loss)
            assert marks["y"][order.index(key)] == value
            assert marks["marker"]["symbol"][order.index(key)] == MARKER[key]
            assert marks["marker"]["color"][order.index(key)] == line["line"]["color"]
            assert low <= value <= high
            bottom, top = curve.low[key, loss], curve.high[key, loss]
            if band:
                x, y = np.asarray(band[0]["x"]), np.asarray(band[0]["y"])
                k = len(curve.overlaps)
                np.testing.assert_allclose(x[:k], 100 * curve.overlaps, **UNTOUCHED)
                np.testing.assert_allclose(x[k:], 100 * curve.overlaps[::-1], **UNTOUCHED)
                np.testing.assert_allclose(y[:k], top, **UNTOUCHED)
                np.testing.assert_allclose(y[k:], bottom[::-1], **UNTOUCHED)
            else:  # too thin to be seen
                assert (top - bottom).max() <= 1e-9
    np.testing.assert_allclose(
        lines["golden", "unlearning_loss"]["error_y"]["array"], curve.error["golden", "unlearning_loss"], **UNTOUCHED
    )
    assert lines["golden", "unlearning_loss"]["marker"]["symbol"] == MARKER["golden"]
    (cursor,) = figure["layout"]["shapes"]
    assert cursor["x0"] == cursor["x1"] == 100 * spec.overlap
    legend = [t["name"] for t in figure["data"] if t.get("showlegend", True)]
    assert sorted(legend) == sorted([*(LABELS[key] for key in told), "Golden, by theory"])


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 30)), st.sampled_from([frozenset(), HIDDEN]))
@settings(max_examples=40)
# The remaining loss of fine-tuning on one row is the largest number of the picture, in the lower, smaller panel.
@example(Spec(d=10, overlap=0.09, n_retain=30, n_forget=28, n_tune=1, noise=5.0, seed=911), frozenset())
@example(Spec(d=3, overlap=0.07, n_retain=44, n_forget=34, noise=5.0, seed=418), frozenset())
def test_the_overlap_curve_draws_its_numbers(spec, hidden):
    check_overlap_curve(spec, hidden)


def test_an_infinite_expectation_is_a_gap():
    # n_retain is the number of features golden can use at 40 % overlap: 20 of 25, where the expectation has its peak.
    spec = Spec(d=25, overlap=0.4, n_retain=18, n_forget=5, noise=0.5)
    _, _, records = fitted(spec)
    fine = np.linspace(0, 1, 101)
    expected = np.array([expected_unlearning_loss(replace(spec, overlap=o)) for o in fine])
    assert np.isinf(expected).any()
    listed = list(records.values())
    figure = drawn(
        overlap_figures.overlap_curve(small_curve(spec), fine, expected, listed, spec.overlap, LABELS, "light")
    )
    shown = np.asarray(the_trace(figure, theory=True)["y"])
    assert (np.isnan(shown) == np.isinf(expected)).all()
    assert np.isfinite(figure["layout"]["yaxis"]["range"]).all()


def test_the_axis_holds_marks_and_curves_but_not_the_top_of_a_peak():
    flat = np.full(50, 2.0)
    peak = np.array([1.0, 1e6, np.inf, 1.0])
    assert curves.axis_top([flat], []) >= 2.0
    assert 2.0 < curves.axis_top([flat, peak], []) < 10.0
    assert curves.axis_top([flat, peak], [30.0]) > 30.0
    assert curves.axis_top([flat, np.full(3, 3.0)], []) > 3.0
    assert curves.axis_top([], []) > 0
    assert curves.axis_top([np.zeros(3), np.full(2, np.inf)], [0.0]) > 0


@pytest.mark.parametrize(("high", "axis"), [("unlearning_loss", "yaxis"), ("remaining_loss", "yaxis2")])
def test_a_fine_tuned_model_that_errs_more_than_golden_stays_in_the_picture(high, axis):
    overlaps, flat = np.linspace(0, 1, 5), np.ones(5)
    mean = {(key, loss): flat * (loss == high) for loss in LOSSES for key in CAST_KEYS} | {
        ("fine_tune", high): 2 * flat
    }
    curve = OverlapCurve(overlaps, mean, {k: 0 * flat for k in mean}, mean, mean, 1)
    records = [record(key) for key in CAST_KEYS]
    layout = drawn(overlap_figures.overlap_curve(curve, overlaps, flat, records, 0.5, LABELS, "light"))["layout"]
    assert layout[axis]["range"][1] > 2


# tuning curve


@pytest.mark.parametrize("told", [True, False])
@given(spec=small_specs)
@settings(max_examples=25)
@example(spec=Spec(d=5, overlap=1.0, n_retain=1, n_forget=3, noise=1.0))
@example(spec=Spec(d=5, overlap=1.0, n_retain=9, n_forget=3, n_tune=4, noise=1.0))
def test_the_tuning_curve_draws_its_numbers(spec, told):
    problem, _, records = fitted(spec)
    rows = sampling.tuning_rows(spec)
    found = tuning_curve(problem, rows)
    hidden = frozenset() if told else HIDDEN
    listed = list(records.values())
    figure = drawn(distinct_figures.tuning_curve(rows, found, listed, spec.tune_rows, LABELS, "light", hidden))
    level = the_trace(figure, model="golden")
    assert set(level["y"]) == {records["golden"].unlearning_loss}
    left, right = figure["layout"]["xaxis"]["range"]
    low, high = figure["layout"]["yaxis"]["range"]
    assert left < right
    assert left <= min(level["x"]) < max(level["x"]) <= right
    assert low < 0 < high
    assert records["golden"].unlearning_loss < high
    marks = [t for t in figure["data"] if "marks" in t["meta"]]
    if not told:
        assert not traces(figure, model="fine_tune")
        assert not marks
        return
    line, (mark,) = the_trace(figure, model="fine_tune"), marks
    np.testing.assert_allclose(line["x"], rows, **UNTOUCHED)
    np.testing.assert_allclose(line["y"], found, **UNTOUCHED)
    assert list(mark["x"]) == [spec.tune_rows]
    assert list(mark["y"]) == [records["fine_tune"].unlearning_loss]
    assert records["fine_tune"].unlearning_loss < high
    assert left < spec.tune_rows < right


# dead button


@pytest.mark.parametrize("told", [True, False])
def test_the_dead_button_draws_every_step_and_only_the_first_before_the_guess(told):
    steps, errors, gradient, golden, labels = arguments(SPECS[2])["dead_button"]
    errors = errors + 100 * np.arange(len(steps))[:, None]  # more than golden's, to see whether the axis knows
    figure = drawn(charts.dead_button(steps, errors, gradient, golden, labels, "light", told))
    bars, marks = the_trace(figure, model="golden"), the_trace(figure, model="fine_tune" if told else "pretrained")
    assert ("fine-tuned" in marks["name"]) == told
    for trace, heights in ((bars, golden), (marks, errors[-1 if told else 0])):
        np.testing.assert_allclose(trace["x"], np.arange(1, len(golden) + 1), **UNTOUCHED)
        np.testing.assert_allclose(trace["y"], heights, **UNTOUCHED)
    top = figure["layout"]["yaxis"]["range"][1]
    assert top > golden.max()
    assert top > (errors.max() if told else errors[0].max())
    first = drawn(charts.dead_button((0,), errors[:1], gradient[:1], golden, labels, "light", told))
    # Before the guess the axis is as long as it would be without an answer.
    assert (top == first["layout"]["yaxis"]["range"][1]) == (not told)
    frames = figure.get("frames", [])
    assert len(frames) == (len(steps) if told else 0)
    assert not {"sliders", "updatemenus"} & figure["layout"].keys()  # the scrubber is beside the chart
    for i, frame in enumerate(frames):
        assert frame["name"] == str(steps[i])
        assert frame["traces"] == [figure["data"].index(marks)]
        np.testing.assert_allclose(frame["data"][0]["y"], errors[i], **UNTOUCHED)
        assert loss_text(float(np.mean(errors[i] ** 2)), short=True) in frame["layout"]["annotations"][0]["text"]
        count = "1 step" if steps[i] == 1 else f"{steps[i]:,} steps"
        assert f"<b>{count}</b>:" in frame["layout"]["annotations"][0]["text"]


@pytest.mark.parametrize("told", [True, False])
def test_the_dead_button_says_the_steps_at_which_it_stands(told):
    steps, errors, gradient, golden, labels = arguments(SPECS[2])["dead_button"]
    figure = drawn(charts.dead_button(steps, errors, gradient, golden, labels, "light", told))
    (caption,) = figure["layout"]["annotations"]
    assert f"after <b>{'10 steps' if told else '0 steps'}</b>" in caption["text"]
    if told:
        assert figure["frames"][-1]["layout"]["annotations"] == [caption]


@pytest.mark.parametrize("rows", [1, 2, 9, 10, 500])
def test_a_bar_of_the_dead_button_is_no_slab(rows):
    error = np.ones(rows)
    figure = drawn(charts.dead_button((0,), error[None], np.ones(1), error, LABELS, "light"))
    bars = the_trace(figure, model="golden")
    low, high = figure["layout"]["xaxis"]["range"]
    assert bars["width"] / (high - low) <= 1 / 15
    assert bars["width"] < 1
    assert ("this row" in bars["name"]) == (rows == 1)


# the numbers of a figure


# The charts of the claims say one number a lane, like the losses, and a map one a cell: their own tests read them.
@pytest.mark.parametrize("name", [name for name in CHARTS if name not in ("claim_lanes", "survey_lanes", "forget_map")])
@pytest.mark.parametrize("spec", SPECS, ids=name_of)
def test_a_table_holds_every_drawn_number(name, spec):
    figure = getattr(charts, name)(*arguments(spec)[name], "light")
    lines = table.figure_csv(figure, spec).splitlines()
    assert lines[0] == f"# {spec}"
    header, *table = csv.reader(lines[1:])
    assert header == ["series", "what", "x", "y"]
    if name == "loss_lanes":
        records = arguments(spec)[name][0]
        assert [(row[0], row[1], float(row[2])) for row in table] == [
            (LABELS[r.key], loss, getattr(r, loss)) for loss in LOSSES for r in records
        ]
        return
    if name == "weight_anatomy":
        weights, blocks, _ = arguments(spec)[name]
        assert [(row[0], row[1], int(row[2]), float(row[3])) for row in table] == [
            (LABELS[key], block, i + 1, float(w[i]))
            for block in blocks._fields
            for key, w in weights.items()
            for i in range(getattr(blocks, block).start, getattr(blocks, block).stop)
        ]
        return
    if name == "remedy_bars":
        records = arguments(spec)[name][0]
        assert [(row[0], row[1], float(row[2])) for row in table] == [
            (SHORT[r.key], what, getattr(r, what)) for what in remedy.READINGS for r in records
        ]
        return
    if name == "residual_lanes":
        residuals = arguments(spec)[name][0]
        assert len(table) == 2 * len(residuals) * BINS
        for key in residuals:
            for rows in ("Rows to forget", "Fresh rows of their kind"):
                shares = [float(row[3]) for row in table if row[:2] == [pushing.LABELS[key], rows]]
                assert sum(shares) == pytest.approx(100)
        return
    # What an axis has no place for stands at its edge and carries its true values with it.
    points = [
        (name.replace("<br>", " "), float(x), float(y))
        for t in drawn(figure)["data"]
        if "gaps" not in t["meta"]
        for name, (x, y) in zip(
            t["meta"].get("names", itertools.repeat(t["name"])),
            t.get("customdata", zip(t["x"], t["y"], strict=True)),
            strict=False,
        )
    ]
    written = [(row[0], float(row[2]), float(row[3])) for row in table]
    np.testing.assert_array_equal([p[1:] for p in written], [p[1:] for p in points])
    assert [p[0] for p in written] == [p[0] for p in points]


def test_every_model_of_the_pages_has_a_label():
    assert set(CAST_KEYS) <= LABELS.keys() == METHODS.keys()
