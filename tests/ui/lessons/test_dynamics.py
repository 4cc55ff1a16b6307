import itertools
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, UNTOUCHED, at_home, drawn, is_valid, name_of, says, the_trace, traces
from tests.ui.page.test_numpy_script import AGREE, SPECS
from theory import Spec, draw, gradient_modes, objective_rows, ridge
from theory.dynamics import largest_stable_step
from ui.language.words import loss_text, number
from ui.lessons.dynamics import LESSON, bars, results, steps
from ui.lessons.dynamics import sentences as say
from ui.lessons.dynamics.clocks import clocks, groups
from ui.lessons.dynamics.curves import cost_curve, step_sizes
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
# Plain steps of gradient descent against the closed form, beside the size of the model: rounding of a thousand steps.
STEPPED = 1e-9
settings_of = st.tuples(
    st.sampled_from(STARTS), st.sampled_from(SHARES), st.sampled_from(DECAYS), st.sampled_from(OBJECTIVES)
)
small = specs(d=st.integers(2, 30), rows=st.integers(1, 30))
# Every corner of the own controls, spread over the corners of the shared ones.
OWN_CORNERS = list(itertools.product(STARTS, (SHARES[0], 1.0, SHARES[-1]), (DECAYS[0], DECAYS[-1]), OBJECTIVES))
CASES = [(CORNERS[(5 * i) % len(CORNERS)], own) for i, own in enumerate(OWN_CORNERS)][::4]
USUAL = ("pretrained", 0.5, 1e-3, "retain")


def modes_of(spec, own):
    return results.modes(spec, *own)


def objective_of(problem, objective):
    """The rows and labels of gradient descent, scaled so that it follows |A w - b|^2."""
    if objective == "retain":
        n = len(problem.y_t) ** 0.5
        return problem.X_t / n, problem.y_t / n
    return objective_rows(problem, CLOCK_ALPHA, "shuffled")


def start_of(problem, start):
    if start == "ridge":
        return ridge(problem.X, problem.y, results.ridge_strength(problem.X))
    return problem.w_o if start == "pretrained" else np.zeros(problem.d)


def walk(spec, own, steps=100):
    """The weights of plain gradient descent at steps 0, 1, ..., by numpy alone."""
    start, share, decay, objective = own
    problem = draw(spec)
    A, b = objective_of(problem, objective)
    pull = np.linalg.norm(A, 2) ** 2 + decay
    size = share / pull if pull > 0 else 0.0
    w, found = start_of(problem, start), []
    for _ in range(steps + 1):
        found.append(w)
        w = w - 2 * size * (A.T @ (A @ w - b) + decay * w)
    return problem, np.array(found)


def told(spec, own):
    modes, (start, _, _, objective) = modes_of(spec, own), own
    return modes, say.run(modes, spec, start, objective)


def figures(spec, own, theme="light", told=True):
    modes = modes_of(spec, own)
    found = {"clocks": clocks(modes, theme, told), "pace": step_sizes(modes, own[3], theme, told)}
    if own[3] == "retain" and own[1] <= 1 and told:
        found["cost"] = cost_curve(results.cost(spec, *own[:3]), spec.tune_rows, theme)
    return found


# the run


@given(small, settings_of)
@settings(max_examples=40)
def test_the_run_is_plain_gradient_descent_and_its_parts_are_those_of_its_weights(spec, own):
    """Groups are orthonormal bases of the row spaces, so their lengths are those of projections by numpy."""
    modes = modes_of(spec, own)
    if own[1] > 1:
        return
    problem, weights = walk(spec, own)

    def onto(rows):
        return np.linalg.pinv(rows) @ rows if len(rows) else np.zeros((spec.d, spec.d))

    P_t, P_r = onto(problem.X_t), onto(problem.X_r)
    scale = 1 + np.linalg.norm(weights, axis=1).max()
    for k, at in ((k, modes.steps.tolist().index(k)) for k in (0, 1, 10, 100)):
        w = weights[k]
        for seen, projection in (
            (np.linalg.norm(modes.seen[at]), P_t @ w),
            (np.linalg.norm(modes.unseen[at]), (P_r - P_t) @ w),
            (modes.leftover[at], w - P_r @ w),
            (modes.distance[at], w - problem.w_g),
        ):
            assert abs(seen - np.linalg.norm(projection)) <= 1e3 * STEPPED * scale
    assert abs(np.linalg.norm(modes.golden_seen) - np.linalg.norm(P_t @ problem.w_g)) <= 1e3 * STEPPED * scale
    assert abs(np.linalg.norm(modes.golden_unseen) - np.linalg.norm((P_r - P_t) @ problem.w_g)) <= 1e3 * STEPPED * scale


def test_every_other_control_is_another_run():
    spec = Spec(d=30, n_retain=9, n_forget=7, noise=0.5)
    others = [("zero", *USUAL[1:]), ("ridge", 0.6, *USUAL[2:]), (*USUAL[:2], 1e-4, "retain"), (*USUAL[:3], "shuffled")]
    ways = [modes_of(spec, own).distance.tolist() for own in (USUAL, *others)]
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


def check_clocks(modes):
    figure = drawn(clocks(modes, "light"))
    assert [frame["name"] for frame in figure["frames"]] == [str(k) for k in modes.steps]
    parts = groups(modes)
    top = figure["layout"]["yaxis"]["range"][1]
    lines = dict(zip(parts, figure["layout"]["shapes"], strict=True))
    where = {t["meta"]["bars"]: i for i, t in enumerate(figure["data"]) if "bars" in t["meta"]}
    ends = [(line["x0"], line["x1"]) for line in lines.values()]
    assert ends[0][0] == 0
    assert ends[-1][1] == pytest.approx(1)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(ends))
    gold = the_trace(figure, golden="bars")
    assert len(gold["x"]) == 3 * sum(part[1].size for part in parts.values())
    shown = np.asarray(gold["y"]).reshape(-1, 3)[:, 0] if len(gold["y"]) else np.zeros(0)
    np.testing.assert_allclose(shown, np.concatenate([part[1] for part in parts.values()]), **UNTOUCHED)
    assert (shown <= top).all()
    moved = {}
    for i, frame in enumerate(figure["frames"]):
        assert "layout" not in frame  # it would cost a redraw a step
        assert {figure["data"][k].get("xaxis", "x") for k in frame["traces"]} == {"x", "x2"}
        heights = dict(zip(frame["traces"], frame["data"], strict=True))
        for key, (held, _) in parts.items():
            now = {**figure["data"][where[key]], **heights.get(where[key], {})}
            if len(now["y"]):
                near(now["y"][1:-1], np.minimum(held[i], top))
            assert f"{key} beyond" in where or (held <= top).all()
        for loss in ("remaining_loss", "unlearning_loss"):  # no line shows where training has not yet been
            (place,) = (k for k, t in enumerate(figure["data"]) if t["meta"].get("curve") == loss)
            limit = figure["layout"]["yaxis2"]["range"][1] / 1.06
            np.testing.assert_allclose(
                heights[place]["y"], np.minimum(getattr(modes, loss), limit)[: i + 1], rtol=1e-4, atol=1e-30
            )
        moved[i] = frame["data"][-1]
        place = max(float(modes.steps[i]), steps.STEP_ZERO)
        assert list(moved[i]["x"]) == [place, place]
        limit = figure["layout"]["yaxis2"]["range"][1] / 1.06
        for y, losses in zip(moved[i]["y"], (modes.remaining_loss, modes.unlearning_loss), strict=True):
            assert y == pytest.approx(min(losses[i], limit), rel=FIVE_DIGITS, abs=1e-30)
    for key, (held, _) in parts.items():
        check_bars(figure["data"][where[f"{key} start"]], np.minimum(held[0], top), lines[key]["x0"], lines[key]["x1"])
    for name, losses in (("remaining_loss", modes.remaining_loss), ("unlearning_loss", modes.unlearning_loss)):
        curve = the_trace(figure, curve=name)
        np.testing.assert_allclose(np.array(curve["customdata"]).T, [modes.steps, losses], **UNTOUCHED)
    golden = the_trace(figure, model="golden", loss="unlearning_loss")
    assert {y for _, y in golden["customdata"]} == {modes.golden_loss}
    said = str([note["text"] for note in figure["layout"]["annotations"]])
    assert ("nothing held" in said) == (not parts["orphan"][0].any())
    assert ("not seen" in said) == ("unseen" in parts)
    assert ("diverges" in said) <= modes.grows


@given(small, settings_of)
@example(Spec(n_tune=10), USUAL)
@settings(max_examples=25)
def test_the_clocks_show_what_theory_computes(spec, own):
    check_clocks(modes_of(spec, own))


@pytest.mark.parametrize(
    ("spec", "own"), CASES, ids=lambda part: name_of(part) if isinstance(part, Spec) else str(part)
)
def test_everything_holds_at_the_corners_and_is_light_enough(spec, own):
    modes = modes_of(spec, own)
    check_clocks(modes)
    check_pace(modes, own[3])
    check_sentences(spec, own)
    for name, figure in figures(spec, own).items():
        size = len(to_json(Picture(figure, "")))
        assert size <= MOST_BYTES, (name, size)
        assert len(figure.frames) <= MOST_FRAMES


def test_the_heaviest_picture_is_light_enough():
    spec = Spec(d=400, n_retain=150, n_forget=150, n_tune=70, noise=5.0)
    modes = modes_of(spec, ("zero", 0.5, 1e-3, "retain"))
    assert min(modes.seen.shape[1], modes.unseen.shape[1], modes.orphans.shape[1]) > MOST_BARS
    for figure in figures(spec, ("zero", 0.5, 1e-3, "retain")).values():
        assert len(to_json(Picture(figure, ""))) <= MOST_BYTES
        assert len(figure.frames) <= MOST_FRAMES


def test_the_steps_of_the_slider_are_the_frames():
    modes = modes_of(Spec(d=20, n_retain=6, n_forget=5), USUAL)
    assert list(STEP.values) == list(CLOCK_STEPS) == modes.steps.tolist()
    texts = say.frame_texts(modes)
    assert len(texts) == len(STEP.values)
    assert [float(frame["name"]) for frame in clocks(modes, "light").frames] == list(STEP.values)
    assert len({STEP.shown(value) for value in STEP.values}) == len(STEP.values)
    for i, text in enumerate(texts):
        assert text.startswith(f"step {modes.steps[i]:,}: leftover ")
        left = re.search(r"leftover (\S+(?: × 10\S+)?),", text)[1]
        assert says(left, modes.leftover[i]) or (left == "0" and modes.leftover[i] <= 1e-8 * modes.size)


@pytest.mark.parametrize("count", [0, 1, 2, MOST_BARS - 1, MOST_BARS, MOST_BARS + 1, 200, 1000])
def test_a_bounded_number_of_bars_the_first_and_the_last_among_them(count):
    chosen = say.bars(count)
    assert len(chosen) == min(count, MOST_BARS)
    assert chosen == sorted(set(chosen))
    if count:
        assert (chosen[0], chosen[-1]) == (0, count - 1)


@pytest.mark.parametrize("own", [("ridge", 0.5, 0.0, "retain"), ("ridge", 1.1, 0.1, "shuffled")], ids=str)
def test_before_the_guess_only_the_start_is_drawn(own):
    spec = Spec(d=20, n_retain=6, n_forget=5, noise=0.5)
    # Another way from the same start must look the same before the guess.
    other = (own[0], own[1], 1.0 if own[2] == 0 else 0.0, own[3])
    here, there = (drawn(figures(spec, each, told=False)["clocks"]) for each in (own, other))
    for figure in (here, there):
        assert not figure.get("frames")
        assert all(len(t["x"]) == 1 for t in figure["data"] if "curve" in t["meta"])
    assert "unused" not in str([t["meta"] for t in figures(spec, own, told=False)["pace"].data])
    for axis in ("yaxis", "yaxis2"):
        np.testing.assert_allclose(here["layout"][axis]["range"], there["layout"][axis]["range"], rtol=1e-9)
    for a, b in zip(here["data"], there["data"], strict=True):
        np.testing.assert_allclose(np.asarray(a["y"], float), np.asarray(b["y"], float), rtol=1e-9)


# what decay costs, and the step sizes


@given(small, st.sampled_from(STARTS), st.sampled_from(DECAYS))
@example(Spec(n_tune=10), "pretrained", 1e-3)
@settings(max_examples=20)
def test_the_cost_is_that_of_runs_on_fewer_rows(spec, start, decay):
    found = results.cost(spec, start, 0.5, decay)
    at = int(np.flatnonzero(found.rows == spec.tune_rows)[0])
    modes = modes_of(spec, (start, 0.5, decay, "retain"))
    scale = 1 + modes.remaining_loss[0] + modes.unlearning_loss[0]
    assert found.remaining_loss[at] == pytest.approx(modes.remaining_loss[-1], rel=1e-6, abs=1e-9 * scale)
    assert found.unlearning_loss[at] == pytest.approx(modes.unlearning_loss[-1], rel=1e-6, abs=1e-9 * scale)
    figure = drawn(cost_curve(found, spec.tune_rows, "light"))
    for loss in ("remaining_loss", "unlearning_loss"):
        line = the_trace(figure, cost=loss)
        np.testing.assert_allclose(line["x"], found.rows, **UNTOUCHED)
        np.testing.assert_allclose(line["y"], getattr(found, loss), **UNTOUCHED)
    assert figure["layout"]["shapes"][0]["x0"] == spec.tune_rows
    told = say.cost(found, spec, decay)
    assert loss_text(float(found.remaining_loss[at]), short=True) in told
    if worst := re.search(r"([\d,]+) costs most: (.+)\.$", told):
        assert found.remaining_loss[found.rows == float(worst[1])] == found.remaining_loss.max()
        assert worst[2] == loss_text(float(found.remaining_loss.max()), short=True)
    if "this costs most" in told:
        assert found.remaining_loss[at] == found.remaining_loss.max() > found.remaining_loss.min()
    if "every number of rows shown" in told:
        assert np.ptp(found.remaining_loss) <= 1e-6 * scale
    assert ("nothing is erased" in told) == (decay == 0)


def test_with_ten_of_fifty_rows_seen_the_remaining_loss_climbs_to_a_third():
    modes, text = told(Spec(n_tune=10), USUAL)
    assert modes.remaining_loss[0] <= 1e-16
    assert 0.25 < modes.remaining_loss[-1] < 0.4
    assert "**The cost**: what the 40 rows to keep that it does not see taught shrinks" in text


def check_pace(modes, objective):
    figure = drawn(step_sizes(modes, objective, "light"))
    share = modes.step_size / modes.stable_step
    factors = {"strongest": modes.factors[:1], "weakest": modes.factors[-1:], "unused": [modes.idle]}
    if len(modes.values) == 1:  # the weakest is the strongest: its line would lie under the other, unseen
        assert not traces(figure, curve="weakest")
        del factors["weakest"]
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
@settings(max_examples=20)
def test_the_step_sizes_are_those_of_theory(spec, own):
    check_pace(modes_of(spec, own), own[3])


# the sentences


def check_sentences(spec, own):
    modes, text = told(spec, own)
    start, _, decay, objective = own
    alts = [say.describe_clocks(modes, t) for t in (True, False)] + [say.describe_pace(modes, t) for t in (True, False)]
    for said in (text, say.pace(modes), *alts):
        assert said.endswith(".")
        assert "nan" not in said.lower().split()
        assert "inf " not in said
    rounding, first, last = 1e-8 * modes.size, modes.leftover[0], modes.leftover[-1]
    problem = draw(spec)
    A, b = objective_of(problem, objective)
    w_0 = start_of(problem, start)
    gradient = A.T @ (A @ w_0 - b) + decay * w_0
    size = (np.linalg.norm(A) ** 2 + decay) * np.linalg.norm(w_0) + np.linalg.norm(A.T @ b)
    if "**nothing moves**" in text:
        assert decay == 0
        assert np.linalg.norm(gradient) <= 1e-7 * size
        assert (np.abs(modes.distance - modes.distance[0]) <= rounding).all()
    beyond = gradient - np.linalg.pinv(problem.X_r) @ (problem.X_r @ gradient)
    if "never move" in text:
        assert np.linalg.norm(beyond) <= 1e-9 * size
        np.testing.assert_allclose(modes.leftover, first, rtol=1e-8)
        assert first > rounding
    if "have a gradient" in text or "has a gradient" in text:
        assert np.abs(modes.orphans - modes.orphans[0]).max() > rounding
        assert ("its own label" in text) == (spec.n_forget == 1)
    if "nothing can be left over" in text:
        assert np.linalg.matrix_rank(problem.X) == np.linalg.matrix_rank(problem.X_r)
    assert ("**diverges**" in text) == modes.grows
    if found := re.search(r"leftover goes from (\S+(?: × 10\S+)?) to (\S+(?: × 10\S+)?)\.", text):
        for said, value in zip(found.groups(), (first, last), strict=True):
            assert (said == "0" and value <= rounding) or says(said, value)
    if "as at the start" in text:
        assert abs(first - last) <= 1e-8 * max(first, last, modes.size) + rounding
    if found := re.search(r"Of the steps on the slider, ([\d,]+) comes nearest", text):
        at = modes.steps.tolist().index(int(found[1].replace(",", "")))
        assert modes.distance[at] == modes.distance.min() < min(modes.distance[0], modes.distance[-1])
    if "**The cost**" in text:
        assert np.linalg.norm(modes.unseen[-1]) < np.linalg.norm(modes.unseen[0])
        assert spec.tune_rows < spec.n_retain
    (right,) = say.outcomes(modes)
    assert {
        "same": abs(last - first) <= 1e-6 * first + rounding,
        "gone": last <= 1e-3 * first + rounding,
        "smaller": 1e-3 * first < last < first,
        "larger": last > first,
    }[right]
    for guess, option in OPTIONS.items():
        verdict = say.verdict(OPTIONS, guess, modes, objective, spec.n_forget == 1)
        assert verdict.startswith(f"You guessed “{option}”")
        assert ("and so it is" in verdict) == (guess == right)
    begin, rest = say.verdict(OPTIONS, None, modes, objective, spec.n_forget == 1).split(".** ")
    assert begin == f"**{OPTIONS[right]}"
    assert rest in text


@given(small, settings_of)
@example(Spec(n_forget=1), ("pretrained", 0.5, 0.0, "shuffled"))
@example(Spec(n_forget=1), ("ridge", 0.5, 0.0, "shuffled"))
@example(Spec(n_tune=10), USUAL)
@settings(max_examples=50)
def test_the_sentences_are_true(spec, own):
    check_sentences(spec, own)


def test_what_is_said_follows_the_numbers():
    assert say.outcomes(told(Spec(), USUAL)[0]) == {"gone"}
    assert "**weight decay** multiplies all of it by 1 − " in told(Spec(), USUAL)[1]
    assert say.outcomes(told(Spec(), ("pretrained", 0.5, 0.0, "retain"))[0]) == {"same"}
    assert "**nothing moves**" in told(Spec(), ("pretrained", 1.1, 0.0, "retain"))[1]
    text = told(Spec(), ("ridge", 0.5, 0.0, "retain"))[1]
    assert "**never move**" in text
    assert text.startswith("Ridge is pretraining with a penalty")
    assert say.outcomes(told(Spec(), ("ridge", 0.5, 1e-4, "retain"))[0]) == {"smaller"}
    pushed, text = told(Spec(), ("ridge", 0.5, 0.0, "shuffled"))
    assert say.outcomes(pushed) == {"larger"}
    assert "have a gradient" in text
    # One row keeps its own label, which the pretrained model fits.
    assert "the gradient is 0, and **nothing moves**" in told(Spec(n_forget=1), ("pretrained", 0.5, 0.0, "shuffled"))[1]
    assert "the run **diverges**" in told(Spec(), ("ridge", 1.1, 0.0, "retain"))[1]
    early = told(Spec(), ("pretrained", 0.1, 0.0, "shuffled"))[1]
    assert "Of the steps on the slider, 22 comes nearest to golden" in early


# the script


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
@pytest.mark.parametrize("own", [("ridge", 0.5, 0.0, "retain"), ("zero", 0.9, 0.01, "shuffled")], ids=str)
def test_the_script_prints_the_losses_of_the_picture(spec, own, tmp_path):
    options = dict(zip(("start", "step_size", "decay", "objective"), own, strict=True))
    text = script(PAGE, spec, options)
    lines = [line for line in at_home(text, tmp_path) if line[0] == "step"]
    printed = {int(line[1]): (float(line[3]), float(line[5])) for line in lines}
    assert len(printed) == 101
    modes = modes_of(spec, own)
    for k, rl, ul in zip(modes.steps.tolist(), modes.remaining_loss, modes.unlearning_loss, strict=True):
        if k in printed:
            np.testing.assert_allclose(printed[k], [rl, ul], rtol=AGREE, atol=AGREE)


def test_the_usual_script_is_that_of_the_usual_controls():
    assert script(PAGE, SPECS[0]) != script(PAGE, SPECS[0], {"decay": 1e-2})
    usual = dict(zip(("start", "step_size", "decay", "objective"), USUAL, strict=True))
    code = [text.split("\n", 1)[1] for text in (script(PAGE, SPECS[0]), script(PAGE, SPECS[0], usual))]
    assert code[0] == code[1]


def test_the_pictures_of_a_view_are_those_of_its_run_and_tell_of_it():
    asked = {"start": ["Zero"], "step_size": ["0.8"], "decay": ["0.01"]}
    spec, own = Spec(d=40), ("zero", 0.8, 0.01, "retain")
    modes, text = told(spec, own)
    texts = {"clocks": text, "pace": say.pace(modes), "cost": say.cost(results.cost(spec, *own[:3]), spec, 0.01)}
    for key, figure in figures(spec, own).items():
        shown, untold = (
            picture(LESSON, key, read_view(PAGE, {"d": ["40"], **asked, "told": [answer]})) for answer in "10"
        )
        is_valid(shown.figure)
        assert drawn(shown.figure) == drawn(figure)
        assert shown.caption == texts[key]
        assert len(shown.steps) == len(shown.figure.frames)
        assert not untold.figure.frames
        assert len(to_json(picture(LESSON, key, read_view(PAGE, {})))) <= USUAL_BYTES
    assert "cost" not in LESSON.shown(read_view(PAGE, {"told": ["0"]}))
    assert "cost" not in LESSON.shown(read_view(PAGE, {"objective": ["Plus shuffled labels"]}))


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("decay", "objective"), [(0.0, "retain"), (1e-2, "retain"), (0.1, "shuffled")])
def test_the_numbers_under_the_formula_are_those_of_the_run(start, decay, objective):
    modes = results.modes(Spec(), start, 0.5, decay, objective)
    check, whose = say.formula(modes, objective)
    at = int(np.flatnonzero(modes.steps == say.AT)[0])
    for side, value in ((check.left, modes.leftover[at]), (check.right, abs(modes.law[at]))):
        assert side == (value if value > say.arrived(modes) else 0)
    assert f"step k = {say.AT}" in whose
    if objective == "retain":
        assert check.holds
    assert ("rows to keep alone" in whose) == (objective == "shuffled")


@given(specs(rows=st.integers(1, 30)))
@settings(max_examples=30, deadline=None)
def test_a_clock_stands_still_only_where_there_is_one(spec):
    problem = draw(spec)
    modes = gradient_modes(problem, problem.w_o, (0, 1, 10, 100), 0.5 * largest_stable_step(problem.X_t))
    unused = spec.d - np.linalg.matrix_rank(problem.X_t)
    said = say.pace(modes)
    assert ("it **stands still**" in said) == (unused > 0)
    assert ("none stands still" in said) == (unused == 0)
    assert bool(traces(drawn(step_sizes(modes, "retain", "light")), curve="unused")) == (unused > 0)
    assert ("no training row uses" in say.describe_pace(modes)) == (unused > 0)


def test_a_room_that_is_told_the_answer_sees_the_errors_to_their_end():
    view = read_view(LESSON.page, {"n_retain": ["12"], "n_forget": ["9"], "d": ["40"]})
    for lecture in (False, True):
        figure = picture(LESSON, "clocks", replace(view, lecture=lecture)).figure
        (at,) = [k for k, trace in enumerate(figure.data) if trace["meta"] == {"curve": "unlearning_loss"}]
        first = figure.frames[0]
        drawn = first["data"][first["traces"].index(at)]["y"] if at in first["traces"] else figure.data[at]["y"]
        assert len(drawn) == (len(STEP.values) if lecture else 1)
        assert all(len(frame["traces"]) == len(frame["data"]) for frame in figure.frames)


def test_what_is_heard_before_the_motion_says_nothing_of_its_end():
    view = read_view(LESSON.page, {"n_retain": ["12"], "n_forget": ["9"], "d": ["40"]})
    told, untold = (picture(LESSON, "clocks", replace(view, told=told)) for told in (True, False))
    assert "100,000" in told.alt
    assert "100,000" not in told.before
    assert told.before.removesuffix("The answer follows the motion.") == untold.alt.removesuffix(
        "The answer follows the guess."
    )
    assert untold.before == ""
