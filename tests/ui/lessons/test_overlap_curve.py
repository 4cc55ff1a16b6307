"""overlap: the curve shows the means, their bounds and theory's own."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import (
    HIDDEN,
    LOSSES,
    UNTOUCHED,
    drawn,
    fitted,
    record,
    small_curve,
    the_trace,
    traces,
)
from theory import (
    OverlapCurve,
    Spec,
    expected_unlearning_loss,
)
from ui.figures import curves
from ui.figures.models import CAST_KEYS, LABELS
from ui.figures.style import MARKER
from ui.lessons.overlap import figures as overlap_figures

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
    # n_retain is the number of features golden can use at 40% overlap: 20 of 25, where the expectation has its peak.
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
