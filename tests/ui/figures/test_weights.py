"""The weights as outlines: every one can be read off them."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings

from tests.ui.cases import HIDDEN, SPECS, UNTOUCHED, drawn, fitted, small_specs
from theory import (
    Blocks,
    Spec,
)
from ui.figures import weights as anatomy
from ui.figures.models import CAST_KEYS, LABELS
from ui.figures.style import colour

# anatomy


# Outlines are drawn in half the precision and travel as its shortest decimals.
# A height is what lies between two places that are rounded so.
HALF_PRECISION = 4 * 2.0**-24


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
    figure = drawn(anatomy.weight_anatomy(weights, problem.blocks, LABELS, "light"))
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
    figure = drawn(anatomy.weight_anatomy(weights, Blocks(slice(0, 1), slice(1, 2), slice(2, 3)), LABELS, "dark"))
    assert figure["layout"]["yaxis"]["range"][0] < 0 < figure["layout"]["yaxis"]["range"][1]


def test_one_model_fills_the_picture():
    blocks = Blocks(slice(0, 1), slice(1, 1), slice(1, 2))
    figure = drawn(anatomy.weight_anatomy({"golden": np.array([1.0, -2.0])}, blocks, LABELS, "light"))
    assert figure["layout"]["yaxis"]["range"] == pytest.approx([-2.2, 2.2])


def test_a_hidden_models_panel_has_no_bars():
    problem, weights, _ = fitted(SPECS[0])
    figure = drawn(anatomy.weight_anatomy(weights, problem.blocks, LABELS, "light", HIDDEN))
    assert all(set(t["meta"]["panels"]) == {"pretrained", "golden"} for t in figure["data"])
    (mark,) = [a for a in figure["layout"]["annotations"] if a["text"] == "<b>?</b>"]
    # Plotly drops axes nothing is drawn on: a mark that refers to one is never seen.
    drawn_on = {t.get("xaxis", "x") for t in figure["data"]} | {t.get("yaxis", "y") for t in figure["data"]}
    assert {ref.removesuffix(" domain") for ref in (mark["xref"], mark["yref"])} <= drawn_on | {"paper"}
