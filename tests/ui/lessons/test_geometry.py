from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, drawn, is_valid, name_of, the_trace
from tests.ui.page.test_numpy_script import AGREE, LINES, SPECS, run
from theory import Spec, draw, scene, triangle, two_rows
from ui.figures.models import LABELS
from ui.figures.style import PAPER
from ui.language.words import FLOOR, loss_text, number
from ui.lessons.geometry import LESSON, losses, results, sentences, weight_space
from ui.lessons.geometry.text import ANGLES, STARTS, TURNS, VIEWS
from ui.lessons.geometry.triangle import exact_triangle
from ui.page.numpy_script import script
from ui.plot.picture import Picture, to_json
from ui.plot.route import picture
from ui.plot.view import read_view

# What a hand that drags a slider may be sent for each of its values, and half a pixel of the widest picture.
FRAMES, BYTES, PIXEL = 120, 60_000, 5e-4
WHOLE = [spec for spec in CORNERS if spec.n_tune is None]
HIDDEN = frozenset({"fine_tune"})
ROWS = tuple(two_rows(np.array([0.8, 0.5]), degrees) for degrees in ANGLES)


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
        ("Two features", ["lines", "angles"]),
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


def test_what_a_picture_does_not_depend_on_leaves_it_as_it_is():
    assert to_json(shown("lines", "Two features", noise=2)) == to_json(shown("lines", "Two features", overlap=1))


def test_the_lines_turn_about_the_true_weights():
    figure = weight_space.two_lines(ROWS, 3, 0.5, LABELS, "light")
    is_small(figure)
    near = {"rel": 0, "abs": half_a_pixel(drawn(figure))}
    for row, frame in zip(ROWS, figure.frames, strict=True):
        line, *_, end = frame["data"]
        for x, y in zip(line["x"], line["y"], strict=True):
            assert row.forget @ [x, y] == pytest.approx(row.forget @ row.through, **near)
        assert (end["x"][0], end["y"][0]) == pytest.approx(tuple(row.end(0.5)), **near)


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
    ends = weight_space.turned(seen.end[None], TURNS)[:, :, 0]
    for at, frame in zip(ends, figure.frames, strict=True):
        end = frame["data"][-1]
        assert (end["x"][0], end["y"][0]) == pytest.approx(tuple(at), **near)
    end = the_trace(drawn(figure), end=True)
    assert (end["x"][0], end["y"][0]) == tuple(ends[12])  # a table of the picture has all digits


# sentences


def check_sentences(spec):
    found = found_of(spec)
    text = f"{sentences.shape(found, spec)} {sentences.curve(found)}"
    right, flat = found.gap <= 1e-9 * found.pretrained, found.leftover <= 1e-9 * max(found.pretrained, found.golden)
    assert ("the triangle is flat" in text) == flat
    assert ("A right triangle" in text) == (right and not flat)
    assert ("no right triangle" in text) == (not right and not flat)
    if spec.interpolates_retain and spec.interpolates_forget:
        assert flat or "25 %" in text or loss_text(found.golden_loss, short=True) == "0"
    if "25 %" in text:
        assert found.losses[25] == pytest.approx(found.golden_loss / 4, abs=1e-8 * found.loss_scale)
    if not flat:
        assert number(found.leftover) in text
    verdict = sentences.verdict(25, found)
    assert verdict.startswith("You guessed 25 %")
    if found.golden_loss > 1e-16:
        share = 100 * found.losses[25] / found.golden_loss
        assert (f"it is {number(share)} %" in verdict) or found.losses[25] <= 1e-16
    answer, (half, level) = sentences.verdict(None, found), (found.losses[25], found.golden_loss)
    losses = f"loss is {loss_text(half, short=True)}, golden's is {loss_text(level, short=True)}."
    assert losses in answer
    if level <= 1e-16:
        assert answer.startswith("**Golden's own error is zero here**")
    else:
        share = 0 if half <= 1e-16 else 100 * half / level
        assert answer.startswith(f"**It is {number(share)} %**: ")
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


@pytest.mark.parametrize("start", STARTS[::10])
def test_the_sentence_of_two_features_states_golden_and_share(start):
    text = sentences.two_lines(ROWS, start)
    assert number(ROWS[-1].golden_loss) in text
    assert f"= {number(100 * (1 - start) ** 2)} %" in text
    assert number(0.5) in text  # the leftover is the second coordinate of w*


@pytest.mark.parametrize("start", [0.0, 0.5, 1.0])
def test_the_sentence_of_three_features_states_the_lengths(start):
    problem = draw(Spec(d=3, n_retain=1, n_forget=1, noise=0.5))
    text = sentences.two_planes(scene(problem, start), start)
    assert number(np.linalg.norm(problem.w_o)) in text
    assert number(np.linalg.norm(problem.w_g)) in text


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_script_prints_the_numbers_on_screen(spec, tmp_path):
    spec = replace(spec, n_tune=None)
    text = script(LESSON.page, spec)
    assert len(text.splitlines()) <= LINES
    lengths, *rest = run(text, tmp_path)[3:]
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
        weight_space.two_lines([two_rows(np.array([1.0, 0.6]), d) for d in ANGLES], 3, 0.5, LABELS, theme),
        weight_space.two_planes(scene(draw(Spec(d=3, n_retain=1, n_forget=1)), 0.5), TURNS, 0, LABELS, theme),
    )
    for figure in figures:
        named = [trace for trace in drawn(figure)["data"] if "text" in trace.get("mode", "")]
        assert len(named) >= 5
        assert all(PAPER[theme] in trace["textfont"]["shadow"] for trace in named)


def test_names_of_a_lean_triangle_stand_on_different_sides():
    chart = drawn(exact_triangle(triangle(draw(Spec(noise=2.0, n_retain=200)), STARTS), 10, LABELS, "light"))
    sides = [the_trace(chart, **meta)["textposition"] for meta in ({"point": "origin"}, {"model": "golden"})]
    assert sides == ["bottom left", "bottom right"]
    # The start stands on the left side of the triangle, its end on the right one.
    assert "left" in the_trace(chart, point="start")["textposition"]
    assert "right" in the_trace(chart, end=True)["textposition"]


def test_no_line_that_turns_is_drawn_over_goldens_name():
    figure = drawn(weight_space.two_lines([two_rows(np.array([1.0, 0.6]), d) for d in ANGLES], 3, 0.5, LABELS, "light"))
    order = [trace["meta"] for trace in figure["data"]]
    assert order.index({"fits": "forget"}) < order.index({"model": "golden", "point": True})
    for frame in figure["frames"]:
        for at, moved in zip(frame["traces"], frame["data"], strict=True):
            assert len(moved["x"]) == len(figure["data"][at]["x"])


# the formula


@given(st.integers(0, 1000), st.floats(0, 1))
def test_the_formula_of_a_view_is_of_the_lengths_in_it(seed, overlap):
    for check, w_o, w_g in (
        (sentences.formula_two(rows := results.two_features(Spec(seed=seed)))[0], rows[5].w_o, rows[5].w_g),
        (
            sentences.formula_three(s := results.three_features(Spec(seed=seed, overlap=overlap), 0.5))[0],
            s.w_o,
            s.w_g,
        ),
    ):
        assert check.left == pytest.approx(np.linalg.norm(w_o) ** 2)
        assert check.right == pytest.approx(np.linalg.norm(w_g) ** 2 + np.linalg.norm(w_o - w_g) ** 2)
        assert check.holds
