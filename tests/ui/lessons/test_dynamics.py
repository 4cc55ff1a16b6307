import itertools
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, UNTOUCHED, drawn, is_valid, name_of, says, the_trace, traces
from tests.ui.page.test_numpy_script import AGREE, LINES, SPECS, run
from theory import Spec, draw, gradient_modes, objective_rows, ridge, tuning_objective
from theory.dynamics import largest_stable_step
from ui.figures.models import LABELS
from ui.figures.style import INK, PAPER, colour
from ui.language.words import loss_text, number
from ui.lessons.dynamics import LESSON, bars, results, steps
from ui.lessons.dynamics import sentences as say
from ui.lessons.dynamics.clocks import LEAST_LOSS, clocks
from ui.lessons.dynamics.curves import leftover_curve, step_sizes
from ui.lessons.dynamics.text import CLOCK_ALPHA, CLOCK_STEPS, MOST_BARS, STEP
from ui.page.numpy_script import script
from ui.plot.picture import Picture, to_json
from ui.plot.route import picture
from ui.plot.view import read_view

PAGE = LESSON.page
CONTROLS = {c.key: c for c in PAGE.controls}
STARTS, OBJECTIVES = ("ridge", "pretrained", "zero"), ("retain", "shuffled")
SHARES, DECAYS = CONTROLS["step_size"].values, CONTROLS["decay"].values
OPTIONS = PAGE.prediction.options
# What a figure may cost on its way to the browser at any setting, and at the usual one; at how many points it can be
# scrubbed; and by what share what a frame puts in place is rounded.
MOST_FRAMES, MOST_BYTES, USUAL_BYTES = 120, 240_000, 100_000
FOUR_DIGITS, FIVE_DIGITS = 5.1e-4, 5.1e-5
THEMES = ("light", "dark")
settings_of = st.tuples(
    st.sampled_from(STARTS), st.sampled_from(SHARES), st.sampled_from(DECAYS), st.sampled_from(OBJECTIVES)
)
small = specs(d=st.integers(2, 30), rows=st.integers(1, 30))
# Every corner of the own controls, spread over the corners of the shared ones.
OWN_CORNERS = list(itertools.product(STARTS, (SHARES[0], 1.0, SHARES[-1]), (DECAYS[0], DECAYS[-1]), OBJECTIVES))
CASES = [(CORNERS[(5 * i) % len(CORNERS)], own) for i, own in enumerate(OWN_CORNERS)][::2]


def modes_of(spec, own):
    start, share, decay, objective = own
    return results.modes(spec, start, share, decay, objective), objective


def weights_of(spec, own):
    """The run of a setting, its weights kept."""
    start, share, decay, objective = own
    problem = draw(spec)
    w_0 = {
        "ridge": ridge(problem.X, problem.y, results.ridge_strength(problem.X)),
        "pretrained": problem.w_o,
        "zero": np.zeros(spec.d),
    }[start]
    rows = tuning_objective(problem) if objective == "retain" else objective_rows(problem, CLOCK_ALPHA, "shuffled")
    step_size = share * largest_stable_step(math.sqrt(len(rows[0])) * rows[0], decay)
    return problem, gradient_modes(problem, w_0, CLOCK_STEPS, step_size, decay, rows)


def figures(modes, objective, theme="light", told=True):
    return {
        "clocks": clocks(modes, objective, LABELS, theme, told),
        "lengths": leftover_curve(modes, objective, theme, told),
        "pace": step_sizes(modes, objective, theme, told),
    }


def sentences(modes, objective):
    return {
        "run": say.run(modes, objective),
        "lengths": say.lengths(modes, objective),
        "pace": say.pace(modes),
        **{f"clocks {t}": say.describe_clocks(modes, t) for t in (True, False)},
        **{f"alt lengths {t}": say.describe_lengths(modes, t) for t in (True, False)},
        **{f"alt pace {t}": say.describe_pace(modes, t) for t in (True, False)},
    }


# the cache


@pytest.mark.parametrize("own", OWN_CORNERS[::3], ids=str)
def test_the_cached_run_is_theorys(own):
    spec = Spec(d=30, n_retain=9, n_forget=7, n_tune=6, noise=0.5)
    (found, _), (_, truth) = modes_of(spec, own), weights_of(spec, own)
    for name in vars(truth):
        if name not in ("weights", "held"):
            np.testing.assert_allclose(getattr(found, name), getattr(truth, name), **UNTOUCHED)
    assert len(found.weights) == len(found.held) == 0


def test_every_other_control_is_another_run():
    spec, usual = Spec(d=30, n_retain=9, n_forget=7, noise=0.5), ("ridge", 0.5, 0.0, "retain")
    others = [("zero", *usual[1:]), ("ridge", 0.6, *usual[2:]), (*usual[:2], 1e-4, "retain"), (*usual[:3], "shuffled")]
    ways = [modes_of(spec, own)[0].distance.tolist() for own in (usual, *others)]
    assert all(a != b for a, b in itertools.combinations(ways, 2))


# the main picture


def near(seen, heights):
    """Bars are drawn with four digits; the heights themselves stand beside them."""
    np.testing.assert_allclose(seen, heights, rtol=FOUR_DIGITS, atol=1e-30)


def check_bars(trace, heights, left, right):
    """The outline stands over evenly spaced places of a panel at these heights, and half a place further at both ends.

    The panel has room for them; a few bars stay slim, in its middle.
    """
    assert trace["fill"] == "tozeroy"
    assert trace["line"]["shape"] == "hvh"  # every height from halfway to its neighbours
    if not len(heights):
        assert not len(trace["y"])
        return
    x = np.asarray(trace["x"])
    place = 2 * (x[1] - x[0])
    thin = {"rtol": 0, "atol": 1e-3 * len(heights) * place}
    np.testing.assert_allclose(x[1:-1], x[1] + place * np.arange(len(heights)), **thin)
    np.testing.assert_allclose(x[-1] - x[-2], place / 2, **thin)
    assert left < x[0] < x[-1] < right
    np.testing.assert_allclose(x[0] + x[-1], left + right, **thin)
    assert place <= 1.01 * (right - left) / bars.FEWEST_PLACES
    assert place * max(len(heights), bars.FEWEST_PLACES) >= 0.95 * (right - left)
    near(trace["y"], [heights[0], *heights, heights[-1]])
    np.testing.assert_allclose(np.array(trace["customdata"])[:, 1], heights, **UNTOUCHED)


def check_clocks(modes, objective):
    figure = drawn(clocks(modes, objective, LABELS, "light"))
    assert [frame["name"] for frame in figure["frames"]] == [str(k) for k in modes.steps]
    used, orphan = say.bars(modes.distances.shape[1]), say.bars(modes.orphans.shape[1])
    way, held = np.abs(modes.distances[:, used]), np.abs(modes.orphans[:, orphan])
    held = np.where(held <= say.arrived(modes), 0, held)
    top = figure["layout"]["yaxis"]["range"][1]
    left, right = ((line["x0"], line["x1"]) for line in figure["layout"]["shapes"])
    assert figure["layout"]["xaxis"]["range"] == [left[0], right[1]] == [0, 1]
    assert left[1] < right[0]
    assert (way[0] <= top).all()
    assert (held[0] <= top).all()
    wanted = {
        "ahead": lambda i: way[0],
        "arrived": lambda i: np.where(modes.done[i][used], way[0], 0),
        "used": lambda i: np.minimum(way[i], top),
        "beyond": lambda i: np.where(way[i] > top, top, 0),
        "orphan": lambda i: np.minimum(held[i], top),
        "orphan beyond": lambda i: np.where(held[i] > top, top, 0),
    }
    where = {t["meta"]["bars"]: i for i, t in enumerate(figure["data"]) if "bars" in t["meta"]}
    assert {"ahead", "arrived", "used", "orphan"} <= set(where) <= set(wanted)
    for part, i in where.items():
        check_bars(figure["data"][i], wanted[part](0), *(right if part.startswith("orphan") else left))
    cursor = next(i for i, t in enumerate(figure["data"]) if "cursor" in t["meta"])
    dots = next(i for i, t in enumerate(figure["data"]) if "now" in t["meta"])
    low, high = (10 ** float(e) for e in figure["layout"]["yaxis2"]["range"])
    for i, frame in enumerate(figure["frames"]):
        assert frame["traces"][-2:] == [cursor, dots]
        assert "layout" not in frame  # it would cost a redraw a step
        *moved, line, marks = frame["data"]
        heights = dict(zip(frame["traces"], moved, strict=False))
        panels = {figure["data"][k].get("xaxis", "x") for k in frame["traces"]}
        assert panels == {"x", "x2"}  # Plotly takes away a panel of which a frame names nothing
        for part, truth in wanted.items():  # a part that has no frame stays as it was
            shown = (
                {**figure["data"][where[part]], **heights.get(where[part], {})} if part in where else {"y": np.zeros(0)}
            )
            near(shown["y"][1:-1], truth(i) if part in where else [])
            assert part in where or not truth(i).any()
        place = max(float(modes.steps[i]), steps.STEP_ZERO)
        assert list(line["x"]) == list(marks["x"]) == [place, place]
        for y, losses in zip(marks["y"], (modes.remaining_loss, modes.unlearning_loss), strict=True):
            assert low < y < high
            beyond = losses[i] > y * (1 + FIVE_DIGITS)
            assert y == pytest.approx(np.clip(losses[i], LEAST_LOSS, y if beyond else None), rel=FIVE_DIGITS)
    for name, losses in (("remaining_loss", modes.remaining_loss), ("unlearning_loss", modes.unlearning_loss)):
        curve = the_trace(figure, curve=name)
        np.testing.assert_allclose(np.array(curve["customdata"]).T, [modes.steps, losses], **UNTOUCHED)
        assert low < min(curve["y"])
        assert max(curve["y"]) < high
    golden = the_trace(figure, model="golden", loss="unlearning_loss")
    assert {y for _, y in golden["customdata"]} == {modes.golden_loss}
    assert low < golden["y"][0] < high
    said = str([note["text"] for note in figure["layout"]["annotations"]])
    assert ("nothing<br>left to go" in said) == (not modes.distances[0].any())
    assert ("diverges" in said) <= modes.grows


@given(small, settings_of)
def test_the_clocks_show_what_theory_computes(spec, own):
    check_clocks(*modes_of(spec, own))


@pytest.mark.parametrize(
    ("spec", "own"), CASES, ids=lambda part: name_of(part) if isinstance(part, Spec) else str(part)
)
def test_everything_holds_at_the_corners_and_is_light_enough(spec, own):
    modes, objective = modes_of(spec, own)
    check_clocks(modes, objective)
    check_lengths(modes, objective)
    check_pace(modes, objective)
    check_sentences(modes, objective)
    for name, figure in figures(modes, objective).items():
        size = len(to_json(Picture(figure, "")))
        assert size <= MOST_BYTES, (name, size)
        assert len(figure.frames) <= MOST_FRAMES


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_heaviest_picture_is_light_enough(objective):
    for share, decay in itertools.product((0.5, 1.1), (0.0, 1e-3)):
        modes, _ = modes_of(Spec(d=400, n_retain=150, n_forget=150, noise=5.0), ("zero", share, decay, objective))
        assert modes.distances.shape[1] > MOST_BARS < modes.orphans.shape[1]
        for figure in figures(modes, objective).values():
            assert len(to_json(Picture(figure, ""))) <= MOST_BYTES
            assert len(figure.frames) <= MOST_FRAMES


def test_the_steps_of_the_slider_are_the_frames():
    modes, objective = modes_of(Spec(d=20, n_retain=6, n_forget=5), ("ridge", 0.5, 0.0, "retain"))
    assert list(STEP.values) == list(CLOCK_STEPS) == modes.steps.tolist()
    assert len(say.frame_texts(modes)) == len(STEP.values)
    for figure in list(figures(modes, objective).values())[:2]:
        assert [float(frame["name"]) for frame in figure.frames] == list(STEP.values)
    assert len({STEP.shown(value) for value in STEP.values}) == len(STEP.values)


@pytest.mark.parametrize("count", [0, 1, 2, 49, 50, 51, 200, 1000])
def test_at_most_fifty_bars_the_first_and_the_last_among_them(count):
    chosen = say.bars(count)
    assert len(chosen) == min(count, MOST_BARS)
    assert chosen == sorted(set(chosen))
    if count:
        assert (chosen[0], chosen[-1]) == (0, count - 1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("own", [("ridge", 0.5, 0.0, "retain"), ("ridge", 1.1, 0.1, "shuffled")], ids=str)
def test_before_the_guess_only_the_start_is_drawn(own, theme):
    spec = Spec(d=20, n_retain=6, n_forget=5, noise=0.5)
    modes, objective = modes_of(spec, own)
    # Another way from the same start must look the same before the guess.
    other, _ = modes_of(spec, (own[0], own[1], 1.0 if own[2] == 0 else 0.0, own[3]))
    for run_ in (modes, other):
        for name, figure in figures(run_, objective, theme, told=False).items():
            assert not figure.frames
            if name != "pace":
                assert all(len(t["x"]) == 1 for t in figure.data if "curve" in t["meta"]), name
    assert "unused" not in str([t["meta"] for t in figures(modes, objective, theme, False)["pace"].data])
    for name in ("clocks", "lengths"):
        here, there = (drawn(figures(m, objective, theme, False)[name]) for m in (modes, other))
        # The way to go is drawn from the start, and its bars depend on where it leads.
        axes = ("yaxis", "xaxis") if name == "lengths" else ("yaxis2", "xaxis2")
        ranges = [[f["layout"][axis]["range"] for axis in axes] for f in (here, there)]
        np.testing.assert_allclose(*ranges, rtol=1e-9)
        for a, b in zip(here["data"], there["data"], strict=True):
            if "gaps" not in a["meta"] and ("bars" not in a["meta"] or a["meta"]["bars"].startswith("orphan")):
                np.testing.assert_allclose(np.asarray(a["y"]), np.asarray(b["y"]), rtol=1e-9)


# the lengths and the step sizes


def check_lengths(modes, objective):
    figure = drawn(leftover_curve(modes, objective, "light"))
    top = figure["layout"]["yaxis"]["range"][1]
    wanted = {"distance": modes.distance, "leftover": modes.leftover, "held": modes.held_distance}
    for name, truth in wanted.items():
        curve = the_trace(figure, curve=name)
        np.testing.assert_allclose(np.array(curve["customdata"]).T, [modes.steps, truth], **UNTOUCHED)
        assert (np.asarray(curve["y"]) <= top).all()
        assert not modes.grows or truth.max() > top or (curve["y"] == truth).all()
    assert bool(traces(figure, curve="law")) == (objective == "retain")
    if objective == "retain":
        law = the_trace(figure, curve="law")
        np.testing.assert_allclose(np.array(law["customdata"]).T, [modes.steps[::3], modes.law[::3]], **UNTOUCHED)
    for i, frame in enumerate(figure["frames"]):
        for y, truth in zip(frame["data"][1]["y"], (modes.leftover, modes.distance), strict=True):
            assert y == pytest.approx(min(truth[i], y * (1 + FIVE_DIGITS)), rel=2 * FIVE_DIGITS)
            assert y <= top * (1 + FIVE_DIGITS)
    assert the_trace(figure, curve="distance")["line"]["color"] == INK["light"]


def check_pace(modes, objective):
    figure = drawn(step_sizes(modes, objective, "light"))
    share = modes.step_size / modes.stable_step
    factors = {"strongest": modes.factors[:1], "weakest": modes.factors[-1:], "unused": [modes.idle]}
    if not say.idles(modes):  # every direction is used: there is no clock that stands
        assert not traces(figure, curve="unused")
        del factors["unused"]
    for name, (factor,) in factors.items():
        line, mark = sorted(traces(figure, curve=name), key=lambda t: "now" in t["meta"])
        assert mark["x"][0] == pytest.approx(share, rel=1e-12)
        assert mark["y"][0] == pytest.approx(abs(factor), abs=1e-9)
        at = int(np.argmin(np.abs(np.asarray(line["x"]) - share)))
        # The points of a line lie a hundredth apart, and no factor is steeper than 2 in between.
        assert abs(line["y"][at] - abs(factor)) <= 0.011
    strongest = traces(figure, curve="strongest")[0]
    edge = int(np.argmin(np.abs(np.asarray(strongest["x"]) - 1)))
    assert strongest["y"][edge] == pytest.approx(1)
    assert any(number(modes.stable_step) in note["text"] for note in figure["layout"]["annotations"])


@given(small, settings_of)
@settings(max_examples=30)
def test_the_other_pictures_show_what_theory_computes(spec, own):
    modes, objective = modes_of(spec, own)
    check_lengths(modes, objective)
    check_pace(modes, objective)


# the sentences


def check_sentences(modes, objective):
    for name, text in sentences(modes, objective).items():
        assert text.endswith("."), name
        assert "nan" not in text.lower().split(), name
        assert "inf " not in text, name
    for name in ("clocks True", "clocks False", "alt lengths True", "alt lengths False", "alt pace True"):
        text = sentences(modes, objective)[name]
        assert len(text) > 40
        assert re.search(r" \d", text)
    text, rounding = say.run(modes, objective), 1e-9 * modes.size
    moves = np.abs(modes.distances[0]) > 0
    assert ("**nothing moves**" in text or "**none of this moves**" in text) == (not moves.any())
    if "**nothing moves**" in text:
        assert (np.abs(modes.distance - modes.distance[0]) <= rounding).all()
    loud = [abs(f) for f, m in zip(modes.factors, moves, strict=True) if m]
    if modes.leftover[0] > rounding:
        loud.append(abs(modes.idle))
    assert ("**diverges**" in text) == (max(loud, default=0) > 1 + 1e-9) == modes.grows
    first, last = modes.leftover[0], modes.leftover[-1]
    if "never move" in text:
        assert objective == "retain"
        np.testing.assert_allclose(modes.leftover, first, rtol=1e-9)
        assert first > rounding
        assert says(re.search(r"the leftover is (.*?) at every step", text)[1], first)
    if "no leftover that could stay" in text:
        assert modes.orphans.shape[1] == 0
    if found := re.search(r"the leftover goes from (\S+(?: × 10\S+?)?) to (\d\S*?(?: × 10\S+?)?)[,;]", text):
        assert (found[1] == "0" and first <= rounding) or says(found[1], first)
        assert (found[2] == "0" and last <= rounding) or says(found[2], last)
    if "to beyond all bounds" in text:
        assert modes.grows
        assert last > 1e50
    if found := re.search(r"three digits of the way to go by step ([\d,]+)", text):
        step = int(found[1].replace(",", ""))
        at = modes.steps.tolist().index(step)
        assert modes.done[at].all()
        assert at == 0 or not modes.done[at - 1].all()
    assert f"golden's is **{loss_text(modes.golden_loss)}**" in text
    if found := re.search(r"closest to golden after ([\d,]+) steps?", say.lengths(modes, objective)):
        at = modes.steps.tolist().index(int(found[1].replace(",", "")))
        assert modes.distance[at] == modes.distance.min() < min(modes.distance[0], modes.distance[-1])
    if "never falls below it" in say.lengths(modes, objective):
        assert (modes.distance >= modes.leftover - 1e-9 * modes.size).all()
    if found := re.search(r"the two are at most (.+?) apart\.", say.lengths(modes, objective)):
        apart = np.abs(modes.distance - modes.held_distance).max()
        assert (found[1] == "0" and apart <= rounding) or says(found[1], apart)
    right = say.outcomes(modes)
    assert right
    assert right <= set(OPTIONS)
    if "same" in right:
        assert abs(last - first) <= 1e-6 * first + rounding
    if "gone" in right:
        assert last <= 1e-3 * first + rounding
    if "smaller" in right:
        assert 1e-3 * first < last < first
    if "larger" in right:
        assert last > first
    for guess in OPTIONS:
        verdict = say.verdict(OPTIONS, guess, modes, objective)
        assert verdict.startswith(f"You guessed “{OPTIONS[guess]}”")
        assert ("and so it is" in verdict) == (guess in right)
    (key,) = right
    begin, rest = say.verdict(OPTIONS, None, modes, objective).split(".** ")
    assert begin == f"**{OPTIONS[key]}"
    assert rest in text
    assert "leftover" in rest


@given(small, settings_of)
def test_the_sentences_are_true(spec, own):
    check_sentences(*modes_of(spec, own))


def test_at_the_defaults_the_clocks_of_the_forget_rows_stand_still_and_decay_sets_them_going():
    modes, objective = modes_of(Spec(), ("ridge", 0.5, 0.0, "retain"))
    assert say.outcomes(modes) == {"same"}
    assert "**never move**" in say.run(modes, objective)
    decayed, _ = modes_of(Spec(), ("ridge", 0.5, 1e-3, "retain"))
    assert say.outcomes(decayed) == {"gone"}
    assert "Weight decay pulls on everything" in say.run(decayed, objective)
    slow, _ = modes_of(Spec(), ("ridge", 0.5, 1e-4, "retain"))
    assert say.outcomes(slow) == {"smaller"}
    pushed, shuffled = modes_of(Spec(), ("ridge", 0.5, 0.0, "shuffled"))
    assert say.outcomes(pushed) == {"larger"}
    assert "trained on as well" in say.run(pushed, shuffled)
    nothing, _ = modes_of(Spec(), ("zero", 0.5, 0.0, "retain"))
    assert say.outcomes(nothing) == {"same"}
    still, _ = modes_of(Spec(), ("pretrained", 1.1, 0.0, "retain"))
    assert "**nothing moves**, whatever the step" in say.run(still, objective)
    wild, _ = modes_of(Spec(), ("ridge", 1.1, 0.0, "retain"))
    assert "multiplied by 1.20, and changes its sign" in say.run(wild, objective)
    edge, _ = modes_of(Spec(), ("ridge", 1.0, 0.0, "retain"))
    for rounding in (-1e-15, 0.0, 1e-15):  # beside a leftover that stands still: 1 is as large as -1
        jumping = replace(edge, factors=edge.factors * (1 + rounding))
        assert "from one side of its end to the other" in say.run(jumping, objective)
    assert not edge.grows


def test_stopping_early_is_seen_where_the_forget_rows_are_pushed():
    modes, objective = modes_of(Spec(), ("pretrained", 0.1, 0.0, "shuffled"))
    assert "closest to golden after 22 steps" in say.lengths(modes, objective)
    assert modes.distance.argmin() not in (0, len(modes.steps) - 1)
    # The penalty in place of stopping passes golden at about the same distance.
    assert abs(modes.held_distance.min() - modes.distance.min()) <= 0.05 * modes.distance.min()


# the script


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
@pytest.mark.parametrize("own", [("ridge", 0.5, 0.0, "retain"), ("zero", 0.9, 0.01, "shuffled")], ids=str)
def test_the_script_prints_the_losses_of_the_picture(spec, own, tmp_path):
    options = dict(zip(("start", "step_size", "decay", "objective"), own, strict=True))
    text = script(PAGE, spec, options)
    assert len(text.splitlines()) <= LINES
    assert not re.search(r"(?m)^\s*(from|import) (?!numpy as np$)", text)
    lines = [line for line in run(text, tmp_path) if line[0] == "step"]
    printed = {int(line[1]): (float(line[3]), float(line[5])) for line in lines}
    assert len(printed) == 101
    modes, _ = modes_of(spec, own)
    for k, rl, ul in zip(modes.steps.tolist(), modes.remaining_loss, modes.unlearning_loss, strict=True):
        if k in printed:
            np.testing.assert_allclose(printed[k], [rl, ul], rtol=AGREE, atol=AGREE)


def test_the_usual_script_is_that_of_the_usual_controls():
    assert script(PAGE, SPECS[0]) != script(PAGE, SPECS[0], {"decay": 1e-3})
    usual = {"start": "ridge", "objective": "retain", "step_size": 0.5, "decay": 0.0}
    code = [text.split("\n", 1)[1] for text in (script(PAGE, SPECS[0]), script(PAGE, SPECS[0], usual))]
    assert code[0] == code[1]


def test_the_pictures_of_a_view_are_those_of_its_run_and_tell_of_it():
    asked = {"start": ["Zero"], "objective": ["Plus shuffled labels"], "step_size": ["1.1"], "decay": ["0.01"]}
    modes, objective = modes_of(Spec(d=40), ("zero", 1.1, 0.01, "shuffled"))
    texts = {"clocks": say.run(modes, objective), "lengths": say.lengths(modes, objective), "pace": say.pace(modes)}
    for key, figure in figures(modes, objective).items():
        told, untold = (
            picture(LESSON, key, read_view(PAGE, {"d": ["40"], **asked, "told": [answer]})) for answer in "10"
        )
        is_valid(told.figure)
        assert drawn(told.figure) == drawn(figure)
        assert told.caption == texts[key]
        assert len(told.steps) == len(told.figure.frames) or key == "pace"
        assert not untold.caption
        assert not untold.figure.frames
    for key in figures(modes, objective):
        assert len(to_json(picture(LESSON, key, read_view(PAGE, {})))) <= USUAL_BYTES


@pytest.mark.parametrize("count", [1, 6, 50])
def test_the_space_between_bars_leaves_most_of_every_bar_at_any_size_of_screen(count):
    modes, objective = modes_of(Spec(d=200, n_retain=count, n_forget=5), ("ridge", 0.5, 0.0, "retain"))
    figure = drawn(clocks(modes, objective, LABELS, "light"))
    gaps, used, orphan = the_trace(figure, gaps=True), the_trace(figure, bars="used"), the_trace(figure, bars="orphan")
    assert gaps["line"]["width"] == 0  # a line keeps its pixels where a bar has few
    x = np.asarray(gaps["x"]).reshape(-1, 4)
    assert len(x) == count + 1 + 5 + 1
    for part, strips in ((used, x[: count + 1]), (orphan, x[count + 1 :])):
        edges = np.asarray(part["x"])
        place = 2 * (edges[1] - edges[0])
        np.testing.assert_allclose(strips.mean(axis=1), edges[0] + place * np.arange(len(strips)), atol=1e-3)
        assert (np.ptp(strips, axis=1) <= 0.25 * place).all()


@pytest.mark.parametrize("objective", ["retain", "shuffled"])
@pytest.mark.parametrize(("start", "decay"), [("ridge", 0.0), ("ridge", 1e-2), ("zero", 0.1), ("pretrained", 1.0)])
def test_the_numbers_under_the_formula_are_those_of_the_run(start, decay, objective):
    modes = results.modes(Spec(), start, 0.5, decay, objective)
    check, whose = say.formula(modes, objective)
    at = int(np.flatnonzero(modes.steps == say.AT)[0])
    for side, value in ((check.left, modes.leftover[at]), (check.right, abs(modes.law[at]))):
        assert side == (value if value > say.arrived(modes) else 0)
    assert f"step k = {say.AT}" in whose
    assert f"λ = {decay:g}" in whose
    if objective == "retain":
        assert check.holds
    assert ("rows to keep alone" in whose) == (objective == "shuffled")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_was_to_go_is_far_paler_than_what_still_is_and_is_named(theme):
    found = drawn(clocks(results.modes(Spec()), "retain", LABELS, theme))
    live = the_trace(found, bars="used")["fillcolor"]
    assert live.startswith("#")
    assert float(the_trace(found, bars="ahead")["fillcolor"].rstrip(")").split(",")[-1]) <= 0.15
    # What has arrived hides what was to go, in a grey between that of the paper and that of the pretrained model.
    greys = [PAPER[theme], the_trace(found, bars="arrived")["fillcolor"], colour("pretrained", theme)]
    levels = [int(grey[1:3], 16) for grey in greys]
    assert abs(levels[1] - levels[0]) >= 15
    assert abs(levels[1] - levels[0]) < abs(levels[2] - levels[1])
    assert the_trace(found, bars="ahead")["showlegend"]
    assert "arrived" in the_trace(found, bars="ahead")["name"]
    untold = drawn(clocks(results.modes(Spec()), "retain", LABELS, theme, told=False))
    assert not the_trace(untold, bars="ahead")["showlegend"]


@given(specs(rows=st.integers(1, 30)))
@settings(max_examples=40, deadline=None)
def test_a_clock_stands_still_only_where_there_is_one(spec):
    problem = draw(spec)
    modes = gradient_modes(problem, problem.w_o, (0, 1, 10, 100), 0.5 * largest_stable_step(problem.X_t))
    unused = spec.d - np.linalg.matrix_rank(problem.X_t)
    said = say.pace(modes)
    assert ("this clock stands still" in said) == (unused > 0)
    assert ("no clock stands still" in said) == (unused == 0)
    drawn_unused = traces(drawn(step_sizes(modes, "retain", "light")), curve="unused")
    assert bool(drawn_unused) == (unused > 0)
    assert ("no training row uses" in say.describe_pace(modes)) == (unused > 0)


def test_two_directions_are_both():
    said = say.run(results.modes(Spec(d=2, n_retain=20, overlap=1.0)), "retain")
    assert "Both directions" in said
    assert "All 2" not in said
