import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, NUMBER, UNTOUCHED, drawn, says, the_trace, traces
from tests.ui.page.test_numpy_script import AGREE, LINES, SPECS, run
from theory import TARGETS, Crossing, Spec, compare, draw, golden_crossing, membership_auc, trade_off
from theory.discriminative import target_labels
from ui.figures.style import colour
from ui.language.words import loss_text
from ui.lessons import BY_STEM
from ui.lessons.regularize import figures as regularize_figures
from ui.lessons.regularize import results as regularize_results
from ui.lessons.regularize import sentences as say
from ui.lessons.regularize.figures import BINS, NONE
from ui.lessons.regularize.text import ALPHAS
from ui.page.numpy_script import script

PAGE = BY_STEM["regularize"]
MUS = PAGE.controls[2].values
targets, mus, alphas = st.sampled_from(tuple(TARGETS)), st.sampled_from(MUS), st.sampled_from(ALPHAS)
small_specs = specs(d=st.integers(2, 30), rows=st.integers(1, 20))


def situation(spec, alpha, target, mu):
    problem = draw(spec)
    curve = trade_off(problem, ALPHAS, target, mu)
    crossing = golden_crossing(problem, curve, target, mu)
    records = {r.key: r for r in compare(spec, say.KEYS, alpha=alpha, target=target, mu=mu)}
    return problem, curve, crossing, records


def check_sentences(spec, alpha, target, mu):
    _, curve, crossing, records = situation(spec, alpha, target, mu)
    pushed, golden, before = records[say.PUSHED], records["golden"], records["pretrained"]
    text = say.push(spec, alpha, curve, records, target)
    assert loss_text(pushed.unlearning_loss) in text
    assert loss_text(pushed.remaining_loss) in text
    ul, level = pushed.unlearning_loss, golden.unlearning_loss
    if "over-forgetting" in text:
        assert ul > level
    elif "less than golden's" in text:
        assert ul < level
    else:
        assert loss_text(ul, short=True) == loss_text(level, short=True)
    away = re.search(rf"its weights are ({NUMBER}) away from golden's; .* are ({NUMBER}) away", text)
    if away:
        assert says(away[1], pushed.distance)
        assert says(away[2], before.distance) or before.distance <= 1e-6 * curve.size
    else:
        assert "its weights are golden's" in text
        assert pushed.distance <= 1e-6 * curve.size
    best = re.search(rf"alpha = ({NUMBER}) comes closest to golden: a distance of ({NUMBER})\.", text)
    if best:
        at = int(np.flatnonzero(curve.alphas == float(best[1]))[0])
        assert curve.distance[at] <= curve.distance.min() + 1e-6 * curve.size
        assert says(best[2], curve.distance[at]) or curve.distance[at] <= 1e-6 * curve.size

    why = say.weight(spec, mu, curve)
    losses = curve.unlearning_loss[1:]
    if "every alpha above 0 gives the same model" in why:
        assert np.ptp(losses) <= max(1e-6 * losses.max(), 1e-16)
        assert np.ptp(curve.distance[1:]) <= 1e-6 * curve.size
        if "it fits every row" in why:
            assert mu == 0
            assert spec.fits_any_labels
    else:
        assert "alpha matters" in why
        assert f"from {loss_text(float(losses[0]))} at" in why
        assert f"to {loss_text(float(losses[-1]))} at" in why

    enough = say.equal_error(crossing, curve, golden, before)
    right = say.outcome(crossing)
    assert (right == "never") == ("So there is no push" in enough)
    assert (right == "golden") == ("That is the exception" in enough)
    if "jumps over" in enough:
        assert curve.unlearning_loss[0] < level < curve.unlearning_loss[1:].min() or mu == 0
    if right == "apart":
        assert says(re.search(rf"At alpha = ({NUMBER}) the", enough)[1], crossing.alpha)
        assert crossing.distance > 1e-6 * curve.size
    for guess, option in PAGE.prediction.options.items():
        told = say.verdict(PAGE.prediction.options, guess, lambda: crossing, curve, records)
        assert told.startswith(f"You guessed “{option}”")
        assert ("and so it is here" in told) == (guess == right)
        assert enough in told

    told = say.verdict(PAGE.prediction.options, None, lambda: crossing, curve, records)
    assert told == f"**{PAGE.prediction.options[right]}.** {enough}"

    one, own = spec.n_forget == 1, "teaches the true label" in text
    assert own == (one and target == "shuffled")
    if own:
        assert target_labels(draw(spec), target) == pytest.approx(draw(spec).y_f)
    attack = say.attack(records, spec.n_forget)
    told = (attack, *say.titles(records, spec.n_forget).values(), say.describe_residuals(records, spec.n_forget))
    assert all(("right in" in part) == (not one) for part in told)
    off, reach = pushed.membership_auc - 0.5, pushed.membership_reach
    few = reach >= 0.5
    assert ("nothing can be told" in attack) == (few and not one)
    assert ("cannot be told" in attack) == (not few and abs(off) <= reach)
    assert ("still gives" in attack) == (not few and off > reach)
    for alt in (
        say.describe_push(curve, alpha, records, True),
        say.describe_push(curve, alpha, records, False),
        say.describe_trade_off(curve, records),
        say.describe_residuals(records, spec.n_forget),
    ):
        assert len(alt) > 40
        assert alt.endswith(".")
        assert loss_text(level) in alt
    for sentence in (text, why, enough, attack):
        assert "nan" not in sentence
        assert not re.search(r"\b1 rows", sentence)


@given(small_specs, alphas, targets, mus)
@example(Spec(noise=0.3), 0.1, "shuffled", 0.1)
@example(Spec(noise=0.3), 0.1, "oracle", 0.0)
@example(Spec(noise=0.3), 1.0, "shuffled", 0.0)
@example(Spec(d=2, n_retain=1, n_forget=1, noise=5.0), 0.0, "shuffled", 10.0)
@example(Spec(d=12, overlap=0.0, n_retain=3, n_forget=1), 0.1, "opposite", 0.1)
@example(Spec(d=12, overlap=0.5, n_retain=3, n_forget=1), 0.1, "shuffled", 0.1)
@settings(max_examples=40)
def test_every_sentence_is_true_of_its_numbers(spec, alpha, target, mu):
    check_sentences(spec, alpha, target, mu)


@pytest.mark.parametrize(("target", "mu", "alpha"), [("shuffled", 0.1, 0.1), ("zero", 0.0, 0.0)])
def test_every_sentence_is_true_at_the_corners(target, mu, alpha):
    for spec in CORNERS:
        if spec.n_retain + spec.n_forget == 2 or (spec.d == 2 and spec.n_forget == 1):  # the others take seconds each
            check_sentences(spec, alpha, target, mu)


def test_every_answer_is_right_somewhere():
    found = {say.outcome(situation(Spec(noise=0.3), 0.1, *at)[2]) for at in (("shuffled", 0.1), ("oracle", 0.0))}
    found.add(say.outcome(situation(Spec(noise=0.3), 0.1, "shuffled", 0.0)[2]))
    assert found == set(PAGE.prediction.options)


def test_a_model_that_agrees_on_every_row_is_still_not_golden():
    _, curve, _, records = situation(Spec(d=12, n_retain=4, n_forget=3), 0.1, "shuffled", 0.1)
    twin = Crossing(alpha=0.2, unlearning_loss=0.5, distance=0.3, row_gap=0.0, golden=False)
    text = say.equal_error(twin, curve, records["golden"], records["pretrained"])
    assert "Even row by row" in text
    assert "0.300 away from golden's" in text


# charts


@pytest.mark.parametrize("alpha", [0.0, 0.1, 100.0])
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_curves_are_theorys(spec, alpha):
    _, curve, _, records = situation(spec, alpha, "zero", 0.1)
    figure = drawn(regularize_figures.push_curve(curve, records, alpha, "light"))
    for what, values in (
        ({"loss": "unlearning_loss"}, curve.unlearning_loss),
        ({"loss": "remaining_loss"}, curve.remaining_loss),
        ({"distance": "distance"}, curve.distance),
    ):
        own = traces(figure, model=say.PUSHED, **what)
        (line,) = [t for t in own if t["mode"] == "lines"]
        np.testing.assert_allclose(line["x"], ALPHAS[1:], **UNTOUCHED)
        np.testing.assert_allclose(line["y"], values[1:], **UNTOUCHED)
        marks = the_trace(figure, model=say.PUSHED, at="no push, current alpha", **what)
        assert list(marks["x"]) == [NONE, alpha or NONE]
        assert list(marks["y"]) == [values[0], values[ALPHAS.index(alpha)]]
        assert marks["marker"]["size"][1] > marks["marker"]["size"][0]
        assert (marks["marker"]["opacity"], marks["marker"]["line"]["width"]) == (1, 0)
    golden = records["golden"].unlearning_loss
    assert set(the_trace(figure, model="golden")["y"]) == {golden}
    (zone,) = [s for s in figure["layout"]["shapes"] if s["type"] == "rect"]
    assert zone["y0"] == golden
    assert zone["y1"] == figure["layout"]["yaxis"]["range"][1] >= golden
    assert [t["name"] for t in figure["data"] if t.get("showlegend", True)] == [
        "Golden's UL",
        "Remaining loss RL: rows to keep",
        "Unlearning loss UL: rows to forget",
        "Distance to golden",
    ]


def test_the_distance_waits_for_the_guess():
    _, curve, _, records = situation(SPECS[0], 0.1, "zero", 0.1)
    figure = drawn(regularize_figures.push_curve(curve, records, 0.1, "light", told=False))
    assert not traces(figure, model=say.PUSHED, distance="distance")
    assert any(a["text"] == "<b>?</b>" for a in figure["layout"]["annotations"])
    assert loss_text(records[say.PUSHED].distance) not in say.describe_push(curve, 0.1, records, False)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_every_frame_stands_where_its_alpha_leads(spec):
    _, curve, _, records = situation(spec, 0.1, "opposite", 0.01)
    figure = drawn(regularize_figures.push_trade_off(curve, records, 0.1, say.LABELS, "dark"))
    assert len(figure["frames"]) == len(ALPHAS) == len(say.push_texts(curve))
    now, at = figure["data"][-1], ALPHAS.index(0.1)
    assert (now["x"][0], now["y"][0]) == (curve.remaining_loss[at], curve.unlearning_loss[at])
    for i, frame in enumerate(figure["frames"]):
        assert float(frame["name"]) == ALPHAS[i]
        (point,) = frame["data"]
        assert (point["x"][0], point["y"][0]) == (curve.remaining_loss[i], curve.unlearning_loss[i])
        moving = figure["data"][frame["traces"][0]]
        assert moving["meta"] == {"model": say.PUSHED}
        assert loss_text(curve.unlearning_loss[i], short=True) in frame["layout"]["annotations"][0]["text"]
    for key in ("pretrained", "fine_tune", "golden"):
        mark = the_trace(figure, model=key)
        assert (mark["x"][0], mark["y"][0]) == (records[key].remaining_loss, records[key].unlearning_loss)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_histograms_hold_every_row_and_the_attack_reads_them(spec):
    found = regularize_results.pushed(spec, say.KEYS, 0.1, "zero", 0.1)
    figure = drawn(
        regularize_figures.residual_lanes(found.residuals, say.titles(found.records, 9), say.ATTACKED, "light")
    )
    marks = dict(zip(figure["layout"]["yaxis"]["tickvals"], figure["layout"]["yaxis"]["ticktext"], strict=True))
    bottom = [shape["y0"] for shape in figure["layout"]["shapes"]]
    tops = [1.0, *bottom]
    for i, key in enumerate(say.ATTACKED):
        members, strangers = found.residuals[key]
        for rows, residuals in (("forget", members), ("fresh", strangers)):
            trace = the_trace(figure, rows=rows)
            places, heights, shares = (
                np.split(np.asarray(trace[part], dtype=float), len(say.ATTACKED))[i][:BINS]
                for part in ("x", "y", "customdata")
            )
            assert sum(shares) == pytest.approx(100)
            width = places[1] - places[0]
            for x, share in zip(places, shares, strict=True):
                inside = (residuals > x - 0.501 * width) & (residuals < x + 0.501 * width)
                assert share <= 100 * inside.mean() + 1e-9
            # Drawn from the panel's floor, within the panel, as high as its axis says.
            floor = np.split(np.asarray(trace["base"]), len(say.ATTACKED))[i][0] if rows == "forget" else bottom[i]
            assert floor == bottom[i]
            ends = heights + (floor if rows == "forget" else 0)
            assert ends.min() == pytest.approx(floor)
            assert ends.max() < tops[i]
            own = {at: float(text.removesuffix(" %")) for at, text in marks.items() if floor <= at < tops[i]}
            zero, *others = own.items()
            assert zero == (floor, 0.0)
            assert len(others) == 2
            for at, share in others:
                np.testing.assert_allclose((ends - floor) * share / (at - floor), shares, atol=1e-9)
        if key != "pretrained":  # whose residuals may be rounding alone, which the attack may not use
            assert found.records[key].membership_auc == pytest.approx(membership_auc(members, strangers), abs=1e-12)


# the script


@pytest.mark.parametrize(
    ("spec", "target", "mu"),
    [(SPECS[0], "shuffled", 0.1), (SPECS[1], "zero", 0.001), (SPECS[2], "oracle", 0.0), (SPECS[0], "opposite", 10.0)],
    ids=lambda v: f"d{v.d}" if isinstance(v, Spec) else str(v),
)
def test_the_script_prints_the_numbers_on_screen(spec, target, mu, tmp_path):
    text = script(PAGE, spec, {"alpha": 0.1, "target": target, "mu": mu})
    assert len(text.splitlines()) <= LINES
    assert not re.search(r"(?m)^\s*(from|import) (?!numpy as np$)", text)
    lines = [line for line in run(text, tmp_path) if line[0] == "alpha"]
    curve = trade_off(draw(spec), ALPHAS, target, mu)
    assert [float(line[1]) for line in lines] == list(ALPHAS)
    for column, values in ((3, curve.remaining_loss), (5, curve.unlearning_loss), (7, curve.distance)):
        np.testing.assert_allclose([float(line[column]) for line in lines], values, rtol=AGREE, atol=AGREE)


def test_the_cached_push_is_theorys():
    spec = Spec(d=30, n_retain=9, n_forget=7, n_tune=6, noise=0.5)
    _, curve, crossing, records = situation(spec, 1.0, "opposite", 0.01)
    found = regularize_results.pushed(spec, say.KEYS, 1.0, "opposite", 0.01)
    assert tuple(found.records) == tuple(found.residuals) == say.KEYS
    for key in say.KEYS:
        assert found.records[key].unlearning_loss == records[key].unlearning_loss
        assert np.mean(found.residuals[key][0] ** 2) == pytest.approx(records[key].unlearning_loss, rel=1e-12)
        assert np.mean(found.residuals[key][1] ** 2) == pytest.approx(records[key].test_unlearning_loss, rel=1e-12)
    again, same = (
        regularize_results.push_curve(spec, "opposite", 0.01),
        regularize_results.crossing(spec, "opposite", 0.01),
    )
    np.testing.assert_allclose(again.distance, curve.distance, **UNTOUCHED)
    assert same == crossing


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fresh_rows_have_no_models_colour(theme):
    found = regularize_results.pushed(Spec(), say.KEYS, 0.1, "shuffled", 0.1)
    chart = drawn(
        regularize_figures.residual_lanes(
            found.residuals, say.titles(found.records, Spec().n_forget), say.ATTACKED, theme
        )
    )
    models = {
        colour(key, theme) for key in ("pretrained", "golden", "remedy", "fine_tune", "retain", "forget", "overlap")
    }
    assert the_trace(chart, rows="fresh")["line"]["color"] not in models


def test_every_curve_of_the_push_is_named_and_the_break_explained():
    found = regularize_results.pushed(Spec(), say.KEYS, 0.1, "shuffled", 0.1)
    curve = regularize_results.push_curve(Spec(), "shuffled", 0.1)
    chart = drawn(regularize_figures.push_curve(curve, found.records, 0.1, "light"))
    assert "Distance to golden" in {trace["name"] for trace in chart["data"] if trace.get("showlegend", True)}
    assert "dotted line" in chart["layout"]["xaxis2"]["title"]["text"]
