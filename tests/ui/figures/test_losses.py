"""The losses in lanes: each ends at its value, and exact zero has a place."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.ui.cases import (
    CORNERS,
    HIDDEN,
    LOSSES,
    SPECS,
    drawn,
    fitted,
    name_of,
    record,
    small_specs,
    the_trace,
    traces,
)
from ui.figures import losses as lane_charts
from ui.figures.models import CAST_KEYS, LABELS
from ui.figures.style import MARKER, colour
from ui.language.words import FLOOR, loss_text

# loss lanes


def check_lanes(spec):
    _, _, records = fitted(spec)
    figure = drawn(lane_charts.loss_lanes(list(records.values()), LABELS, "light"))
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
        figure = drawn(lane_charts.loss_lanes(records, LABELS, "light"))
        for key in CAST_KEYS:
            assert list(the_trace(figure, model=key, loss="unlearning_loss")["x"]) == [FLOOR, FLOOR]
        axis = figure["layout"]["xaxis"]
        assert "exact zero" in axis["ticktext"][axis["tickvals"].index(FLOOR)]
        assert lane_charts.TICKS[FLOOR].startswith("exact zero")


def test_a_hidden_model_has_a_question_mark_in_its_lanes():
    _, _, records = fitted(SPECS[2])
    records["fine_tune"] = replace(records["fine_tune"], unlearning_loss=1.2345e6, remaining_loss=5.4321e6)
    figure = drawn(lane_charts.loss_lanes(list(records.values()), LABELS, "light", HIDDEN))
    assert not traces(figure, model="fine_tune")
    assert len(figure["data"]) == 2 * len(LOSSES)
    assert [a["text"] for a in figure["layout"]["annotations"]].count("<b>?</b>") == len(LOSSES)
    # Neither the numbers nor the length of the axis give the answer away.
    assert "1.2" not in str([a["text"] for a in figure["layout"]["annotations"]])
    told = drawn(lane_charts.loss_lanes([records["pretrained"], records["golden"]], LABELS, "light"))
    assert figure["layout"]["xaxis"]["range"] == told["layout"]["xaxis"]["range"]
