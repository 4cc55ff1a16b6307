import itertools
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, HIDDEN, at_home, drawn, is_valid, name_of, the_trace, traces
from tests.ui.page.test_numpy_script import AGREE, SPECS
from theory import Spec, draw, scene, triangle, valley
from ui.figures.models import LABELS
from ui.figures.style import PAPER
from ui.language.words import FLOOR, loss_text, number
from ui.lessons.geometry import LESSON, losses, results, sentences, weight_space
from ui.lessons.geometry import valley as pictures
from ui.lessons.geometry.text import FAR, FORGET, KEEP, LEFT, NEAR, START, STARTS, STEPS, TRUTH, TURNS, VIEWS
from ui.lessons.geometry.triangle import exact_triangle
from ui.page.numpy_script import script
from ui.plot.picture import Picture, to_json
from ui.plot.route import picture
from ui.plot.view import read_view

# What a hand that drags a slider may be sent for each of its values, and half a pixel of the widest picture.
FRAMES, BYTES, PIXEL = 120, 60_000, 5e-4
WHOLE = [spec for spec in CORNERS if spec.n_tune is None]
# What a hand can drag; rows that point one way, rows of zeros and starts on the floor among it.
spots = st.tuples(*(st.integers(round(low / 0.1), round(high / 0.1)) for low, high in zip(NEAR, FAR, strict=True)))
spots = st.one_of(spots.map(lambda at: (at[0] / 10, at[1] / 10)), st.sampled_from([(0.0, 0.0), TRUTH, (0.9, -0.2)]))


@cache
def found_of(spec):
    return triangle(draw(spec), STARTS)


def planes(spec=None):
    problem = draw(spec or Spec(d=3, n_retain=1, n_forget=1))
    return scene(problem, 0.5)


def shown(key, view=None, **params):
    """A picture of the page as the route draws it."""
    asked = {"view": [view]} if view else {}
    return picture(LESSON, key, read_view(LESSON.page, {**asked, **{k: [str(v)] for k, v in params.items()}}))


def half_a_pixel(figure):
    """What the eye cannot tell, in the units of a figure's axes."""
    low, high = figure["layout"]["xaxis"]["range"]
    return PIXEL * (high - low)


def is_small(figure):
    is_valid(figure)
    assert len(figure.frames) <= FRAMES
    assert len(to_json(Picture(figure, ""))) <= BYTES


@pytest.mark.parametrize("spec", WHOLE, ids=name_of)
def test_the_triangle_is_drawn_at_true_lengths_in_every_frame(spec):
    found = found_of(spec)
    figure = exact_triangle(found, 25, LABELS, "light")
    parabola = losses.start_losses(found, 25, LABELS, "dark")
    is_small(figure)
    is_small(parabola)
    chart, curve = drawn(figure), drawn(parabola)
    side = the_trace(chart, side="pretrained")
    assert np.hypot(side["x"][1], side["y"][1]) ** 2 + found.off**2 == pytest.approx(found.pretrained**2)
    assert the_trace(chart, side="golden")["x"][1] == found.golden
    assert chart["layout"]["yaxis"]["scaleanchor"] == "x"
    assert bool([t for t in chart["data"] if t["meta"].get("fits")]) != found.pinned
    near = {"rel": 0, "abs": half_a_pixel(chart)}
    for s, frame, loss, mark in zip(STARTS, chart["frames"], found.losses, curve["frames"], strict=True):
        begin, way, end = frame["data"]
        assert (begin["x"][0], begin["y"][0]) == pytest.approx((s * found.foot, s * found.leftover), **near)
        assert (end["x"][0], end["y"][0]) == pytest.approx((found.golden, s * found.leftover), **near)
        assert way["y"] == pytest.approx([s * found.leftover] * 3, **near)
        assert (mark["data"][0]["x"], mark["data"][0]["y"]) == ([s], [loss])
    assert the_trace(curve, mark="current start")["y"][0] == found.losses[25]


def test_before_the_guess_nothing_of_the_answer_is_drawn_or_said():
    for view in VIEWS:
        for key in LESSON.shown(read_view(LESSON.page, {"view": [view]})):
            untold, told = shown(key, view, told=0), shown(key, view)
            assert not [t for t in untold.figure.data if t.get("meta", {}).get("model") == "fine_tune"]
            assert not untold.figure.frames
            assert not untold.caption
            assert len(told.figure.frames) == len(told.steps)


@pytest.mark.parametrize(
    ("view", "keys"),
    [
        ("Any dimension", ["triangle", "parabola"]),
        ("Two features", ["hills", "errors"]),
        ("Three features", ["planes"]),
    ],
)
def test_every_view_has_its_pictures_and_one_slider(view, keys):
    found = LESSON.shown(read_view(LESSON.page, {"view": [view]}))
    assert list(found) == keys
    assert len({drawing.scrub for drawing in found.values()}) == 1
    for setting in ({}, {"seed": 3, "noise": 5, "overlap": 1, "scale": "1"}, {"overlap": 0, "scale": "0", "d": 2}):
        for key in keys:
            is_small(shown(key, view, **setting).figure)


def valley_of(keep, forget, start):
    """A valley, and the address of its picture."""
    keys = [control.key for pair in (KEEP, FORGET, START) for control in pair]
    address = dict(zip(keys, (f"{value:g}" for value in (*keep, *forget, *start)), strict=True))
    return valley(*map(np.array, (keep, forget, start, TRUTH))), address


@given(spots, spots, spots)
def test_the_valley_shows_the_models_where_they_are_and_the_ball_on_its_way(keep, forget, start):
    seen, address = valley_of(keep, forget, start)
    found = shown("hills", **address)
    is_small(found.figure)
    chart = drawn(found.figure)
    for key, w in (("golden", seen.w_g), ("pretrained", seen.w_o)):
        mark = the_trace(chart, model=key, point=True)
        assert (mark["x"][0], mark["y"][0]) == pytest.approx(tuple(w))
    assert len(chart["frames"]) == len(found.steps) == len(STEPS)
    for share, frame in zip(LEFT, chart["frames"], strict=True):
        trail, ball = frame["data"]
        assert [ball["x"][0], ball["y"][0]] == pytest.approx(seen.end + share * (seen.start - seen.end))
        assert [trail["x"][1], trail["y"][1]] == [ball["x"][0], ball["y"][0]]
    for key, row, there in (
        ("retain", keep, any(keep)),
        ("forget", forget, any(forget) and (seen.crossing or not any(keep))),
    ):
        lines = traces(chart, fits=key)
        assert bool(lines) == there
        for line in lines:
            assert np.array(row) @ [line["x"], line["y"]] == pytest.approx([np.dot(row, TRUTH)] * 2, abs=1e-9)
    # Every level line is as far from the floor as its error says.
    size = np.linalg.norm(keep)
    for k, strip in enumerate(reversed(chart["layout"].get("shapes", [])), 1):
        corners = np.array([[float(v) for v in at.split(",")] for at in strip["path"].strip("MZ").split("L")])
        errors = np.abs((corners - TRUTH) @ keep)
        assert errors == pytest.approx(np.full(4, k * pictures.LEVEL), abs=2e-4 * size)
    bars = drawn(shown("errors", **address).figure)
    for model, w in (("golden", seen.w_g), ("pretrained", seen.w_o), ("fine_tune", seen.start)):
        assert the_trace(bars, model=model)["x"] == pytest.approx([(np.dot(forget, w) - np.dot(forget, TRUTH)) ** 2])
    # A bar that a frame does not name is taken away when the frame is shown.
    assert all(frame["traces"] == list(range(len(bars["data"]))) for frame in bars["frames"])


def test_the_handles_stand_on_what_they_drag():
    _, address = valley_of((1.0, 0.5), (-0.5, 2.0), (2.5, -1.0))
    for told in (0, 1):
        found = shown("hills", told=told, **address)
        assert [(handle.at, handle.label) for handle in found.grab] == [
            ((2.5, -1.0), "Start"),
            ((1.0, 0.5), "Row to keep"),
            ((-0.5, 2.0), "Row to forget"),
        ]
        assert {key for handle in found.grab for key in (handle.x, handle.y)} == address.keys()
    # What takes room by itself would move the points away from their handles.
    layout = found.figure.layout
    assert not layout["showlegend"]
    assert not layout["xaxis"]["automargin"]
    assert not layout["yaxis"]["automargin"]


def test_the_controls_at_the_side_leave_the_valley_as_it_is():
    assert to_json(shown("hills", noise=2, d=30)) == to_json(shown("hills", overlap=1, seed=9))


def boxes(traces_, unit):
    """The names beside marks, as boxes in pixels of the smallest picture."""
    found = []
    for trace in traces_:
        wide = 7 * len(re.sub("<[^>]*>", "", trace["text"][-1]))
        half = np.array([wide / 2, 7])
        up, across = trace["textposition"].split()
        middle = np.array([trace["x"][-1], trace["y"][-1]]) * unit + [
            {"left": -1, "center": 0, "right": 1}[across] * (wide / 2 + 6),
            {"bottom": -1, "middle": 0, "top": 1}[up] * 14,
        ]
        found += [np.concatenate([middle - half, middle + half])] if wide else []
    return found


def covered(figure, frame, unit=pictures.UNIT):
    """How many pairs of names cover a part of each other in a frame of a figure."""
    shown_ = [dict(trace) for trace in figure.data]
    for at, moved in zip(figure.frames[frame]["traces"], figure.frames[frame]["data"], strict=True):
        shown_[at].update(moved)
    named = boxes([trace for trace in shown_ if "textposition" in trace], unit)
    return sum(
        bool((np.minimum(a[2:], b[2:]) > np.maximum(a[:2], b[:2])).all()) for a, b in itertools.combinations(named, 2)
    )


# The share of places where two names may touch on the smallest screen.
FEW = 0.05


def test_no_name_in_the_valley_covers_another():
    places = np.random.default_rng(0).uniform(NEAR, FAR, (60, 3, 2)).round(1)
    usual = [tuple(c.usual for c in pair) for pair in (KEEP, FORGET, START)]
    cases = [usual, [*usual[:2], TRUTH], [*usual[:2], (0, 0)], [usual[0], usual[0], usual[2]]]
    assert not [case for case in cases if covered(shown("hills", **valley_of(*case)[1]).figure, -1)]
    # Where seven marks lie on a heap there is no room for seven names.
    assert sum(covered(shown("hills", **valley_of(*case)[1]).figure, -1) > 0 for case in places) <= FEW * len(places)


@given(spots, spots, spots)
def test_what_is_said_of_the_valley_is_so(keep, forget, start):
    seen, _ = valley_of(keep, forget, start)
    X, y = np.array([keep]), np.array(keep) @ TRUTH
    end = np.array(start) + np.linalg.pinv(X) @ ([y] - X @ start)
    golden = np.linalg.pinv(X) @ [y]
    text = sentences.hills(seen)
    rolls = np.linalg.norm(end - start) > 1e-6
    assert ("does not roll" in text) == (not rolls)
    assert ("to golden.**" in text) == (rolls and np.linalg.norm(end - golden) <= 1e-6)
    if "away from golden" in text:
        assert f"{number(float(np.linalg.norm(end - golden)))} away" in text
    if "ends at" in text:
        assert f"ends at {loss_text(float((np.dot(forget, end) - np.dot(forget, TRUTH)) ** 2), short=True)};" in text
    same = np.linalg.matrix_rank(np.array([keep, forget])) < 2 and any(keep)
    assert ("nothing to forget" in text) == (same and any(forget))
    alt = sentences.describe_hills(seen)
    assert alt.endswith(".")
    assert "Fine-tuning ends at" in alt
    assert "Fine-tuning ends" not in sentences.describe_hills(seen, HIDDEN)


def test_front_and_back_show_true_lengths():
    points = np.random.default_rng(0).standard_normal((5, 3))
    for seen in weight_space.turned(points, [0.0, 180.0]):
        np.testing.assert_allclose(np.abs(seen.T), np.abs(points[:, :2]), atol=1e-12)


@pytest.mark.parametrize("noise", [0.0, 5.0])
def test_every_turn_of_the_planes_shows_the_models_where_they_are(noise):
    seen = planes(Spec(d=3, n_retain=1, n_forget=1, noise=noise))
    figure = weight_space.two_planes(seen, TURNS, 12, LABELS, "dark")
    is_small(figure)
    near = {"rel": 0, "abs": half_a_pixel(drawn(figure))}
    ways = weight_space.turned((seen.end - seen.begin)[None], TURNS)[:, :, 0]
    for at, frame in zip(ways, figure.frames, strict=True):
        way = frame["data"][-2]
        assert (way["x"][-1] - way["x"][0], way["y"][-1] - way["y"][0]) == pytest.approx(tuple(at), **near)
        assert (frame["data"][-1]["x"][0], frame["data"][-1]["y"][0]) == (way["x"][-1], way["y"][-1])


@pytest.mark.parametrize("overlap", [0.0, 0.4, 1.0])
def test_whoever_walks_round_the_planes_sees_them_fill_the_picture(overlap):
    figure = shown("planes", "Three features", overlap=overlap).figure
    low, high = figure.layout["xaxis"]["range"]
    across = [[x for part in frame["data"] for x in part["x"]] for frame in figure.frames]
    assert max(max(x) - min(x) for x in across) >= 0.7 * (high - low)


# sentences


def check_sentences(spec):
    found = found_of(spec)
    text = f"{sentences.shape(found, spec)} {sentences.curve(found)}"
    right, flat = found.gap <= 1e-9 * found.pretrained, found.leftover <= 1e-9 * max(found.pretrained, found.golden)
    assert ("the triangle is flat" in text) == flat
    assert ("A right triangle" in text) == (right and not flat)
    assert ("no right triangle" in text) == (not right and not flat)
    if spec.interpolates_retain and spec.interpolates_forget:
        assert flat or "25%" in text or loss_text(found.golden_loss, short=True) == "0"
    if "25%" in text:
        assert found.losses[25] == pytest.approx(found.golden_loss / 4, abs=1e-8 * found.loss_scale)
    if not flat:
        assert number(found.leftover) in text
    for hidden in (frozenset(), HIDDEN):
        for alt in (sentences.describe_triangle(found, hidden), sentences.describe_start_losses(found, hidden)):
            assert len(alt) > 40
            assert alt.endswith(".")


@pytest.mark.parametrize("spec", WHOLE, ids=name_of)
def test_the_sentences_are_true_at_the_corners(spec):
    check_sentences(spec)


@given(specs(d=st.integers(2, 60), rows=st.integers(1, 60), whole_tuning=True))
def test_the_sentences_are_true_anywhere(spec):
    check_sentences(spec)


def test_the_sentence_of_three_features_states_the_lengths():
    problem = draw(Spec(d=3, n_retain=1, n_forget=1, noise=0.5))
    text = sentences.two_planes(scene(problem, 0.5))
    assert number(np.linalg.norm(problem.w_o)) in text
    assert number(np.linalg.norm(problem.w_g)) in text


@pytest.mark.parametrize(
    ("params", "right"),
    [
        ({}, {"across"}),
        ({"start1": "0", "start2": "0"}, {"across", "golden"}),
        ({"start1": str(TRUTH[0]), "start2": str(TRUTH[1])}, {"across", "pretrained", "still"}),
        ({"keep1": "0", "keep2": "0"}, {"across", "still"}),
        ({"view": "Any dimension"}, {"across"}),
        ({"view": "Any dimension", "scale": "0"}, {"across", "golden"}),
        ({"view": "Any dimension", "scale": "1"}, {"across", "pretrained", "still"}),
        ({"view": "Any dimension", "d": "40", "overlap": "1", "n_retain": "100", "noise": "0.5"}, {"across", "golden"}),
        ({"view": "Three features"}, {"across"}),
    ],
)
def test_the_guess_is_judged_by_where_fine_tuning_ends(params, right):
    view = read_view(LESSON.page, {key: [text] for key, text in params.items()})
    for guess in LESSON.page.prediction.options:
        assert ("and so it is" in LESSON.verdict(view, guess)) == (guess in right)
    answer = LESSON.verdict(view, None)
    for key, text in LESSON.page.prediction.options.items():
        assert (text in answer) == (key in right)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_script_prints_the_numbers_on_screen(spec, tmp_path):
    spec = replace(spec, n_tune=None)
    text = script(LESSON.page, spec)
    lengths, *rest = at_home(text, tmp_path)[3:]
    found = triangle(draw(spec), STARTS)
    np.testing.assert_allclose(
        [float(v) for v in lengths[1:]], [found.golden, found.pretrained, found.leftover], rtol=AGREE, atol=AGREE
    )
    assert [float(line[1]) for line in rest] == list(STARTS)
    np.testing.assert_allclose([float(line[3]) for line in rest], found.losses, rtol=AGREE, atol=AGREE)


# what is drawn over what, and rounding


@pytest.mark.parametrize("spec", [Spec(d=2), Spec(overlap=1.0, n_retain=200)], ids=name_of)
def test_losses_that_are_rounding_are_drawn_as_zero(spec):
    found = triangle(draw(spec), STARTS)
    assert found.golden_loss <= FLOOR
    chart = drawn(losses.start_losses(found, 0, LABELS, "light"))
    low, high = chart["layout"]["yaxis"]["range"]
    # No more than a pixel of 440 away from zero.
    assert max(np.abs(trace["y"]).max() for trace in chart["data"]) < (high - low) / 440


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_models_name_has_a_halo_over_the_lines(theme):
    figures = (
        exact_triangle(triangle(draw(Spec()), STARTS), 0, LABELS, theme),
        shown("hills", theme=theme).figure,
        weight_space.two_planes(scene(draw(Spec(d=3, n_retain=1, n_forget=1)), 0.5), TURNS, 0, LABELS, theme),
    )
    for figure in figures:
        named = [trace for trace in drawn(figure)["data"] if "text" in trace.get("mode", "")]
        assert len(named) >= 5
        assert all(PAPER[theme] in trace["textfont"]["shadow"] for trace in named)


@pytest.mark.parametrize(
    ("key", "params"),
    [
        ("triangle", {}),
        ("triangle", {"noise": 2.0, "n_retain": 200}),
        ("triangle", {"d": 2000, "overlap": 0.2}),
        ("triangle", {"d": 40, "overlap": 1.0, "n_retain": 100, "noise": 0.5}),
        *(("planes", {"overlap": overlap, "seed": seed}) for overlap, seed in ((0.0, 1), (0.4, 0), (1.0, 2))),
    ],
)
def test_names_cover_no_other_at_any_place_of_the_slider(key, params):
    figure = shown(key, {"triangle": "Any dimension", "planes": "Three features"}[key], **params).figure
    x, y = (figure.layout[axis]["range"] for axis in ("xaxis", "yaxis"))
    unit = min(310 / (x[1] - x[0]), 300 / (y[1] - y[0]))
    touching = [i for i in range(len(figure.frames)) if covered(figure, i, unit)]
    # A flat triangle has five marks on one line.
    assert len(touching) <= (FEW if params.get("overlap") != 1.0 else 2 * FEW) * len(figure.frames), touching


@pytest.mark.parametrize(
    "params",
    [
        {"d": 2, "n_retain": 500, "n_forget": 1, "noise": 5.0},
        {"d": 2, "n_retain": 20, "n_forget": 2, "noise": 2.0},
        {"d": 5, "overlap": 0.4, "n_retain": 100, "noise": 0.5, "seed": 14},
    ],
)
def test_no_name_is_cut_where_the_pretrained_model_lies_beyond_golden(params):
    figure = shown("triangle", "Any dimension", **params).figure
    x, y = (figure.layout[axis]["range"] for axis in ("xaxis", "yaxis"))
    unit = min(310 / (x[1] - x[0]), 300 / (y[1] - y[0]))
    middle = (x[0] + x[1]) / 2 * unit
    named = np.array(boxes([trace for trace in drawn(figure)["data"] if "textposition" in trace], unit))
    assert middle - 155 <= named[:, 0].min()
    assert named[:, 2].max() <= middle + 155


# the formula


@given(st.integers(0, 1000), st.floats(0, 1))
def test_the_formula_of_three_features_is_of_the_lengths_in_the_picture(seed, overlap):
    seen = results.three_features(Spec(seed=seed, overlap=overlap))
    check, _ = sentences.formula_three(seen)
    assert check.left == pytest.approx(np.linalg.norm(seen.w_o) ** 2)
    assert check.right == pytest.approx(np.linalg.norm(seen.w_g) ** 2 + np.linalg.norm(seen.w_o - seen.w_g) ** 2)
    assert check.holds
