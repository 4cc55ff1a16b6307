import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, NUMBER, UNTOUCHED, at_home, drawn, says, the_trace, traces
from tests.ui.page.test_numpy_script import AGREE, SPECS
from theory import TARGETS, Crossing, Spec, compare, draw, meeting, membership_auc, trade_off, weighing
from theory.discriminative import target_labels
from ui.figures.style import colour
from ui.language.words import loss_text
from ui.lessons import BY_STEM
from ui.lessons.regularize import attack
from ui.lessons.regularize import figures as regularize_figures
from ui.lessons.regularize import results as regularize_results
from ui.lessons.regularize import sentences as say
from ui.lessons.regularize.attack import BINS
from ui.lessons.regularize.figures import NONE
from ui.lessons.regularize.text import ALPHAS
from ui.page.numpy_script import script

PAGE = BY_STEM["regularize"]
MUS = PAGE.controls[2].values
targets, mus, alphas = st.sampled_from(tuple(TARGETS)), st.sampled_from(MUS), st.sampled_from(ALPHAS)
small_specs = specs(d=st.integers(2, 30), rows=st.integers(1, 20))


def solved(problem, alpha, target, mu):
    """The minimiser of J nearest to the pretrained weights, by numpy alone."""
    t, n_t, n_f = target_labels(problem, target), len(problem.y_t), problem.n_forget
    A = np.vstack([problem.X_t / n_t**0.5, problem.X_f * (alpha / n_f) ** 0.5])
    missed = np.concatenate([problem.y_t / n_t**0.5, t * (alpha / n_f) ** 0.5]) - A @ problem.w_o
    if mu == 0:
        return problem.w_o + np.linalg.lstsq(A, missed, rcond=1e-12)[0]
    return problem.w_o + A.T @ np.linalg.solve(A @ A.T + mu * np.eye(len(A)), missed)


def situation(spec, alpha, target, mu):
    problem = draw(spec)
    curve = trade_off(problem, ALPHAS, target, mu)
    records = {r.key: r for r in compare(spec, say.KEYS, alpha=alpha, target=target, mu=mu)}
    return problem, curve, meeting(problem, ALPHAS, target, mu), records


def unshuffled(problem, target):
    return target == "shuffled" and np.ptp(problem.y_f) == 0


def check_push(spec, alpha, target, situated):
    problem, curve, _, records = situated
    pushed, golden, before = records[say.PUSHED], records["golden"], records["pretrained"]
    text = say.push(spec, alpha, curve, records, unshuffled(problem, target))
    assert loss_text(pushed.remaining_loss) in text
    ul, level = pushed.unlearning_loss, golden.unlearning_loss
    if "over-forgetting" in text:
        assert ul > level
    elif "less than golden's" in text:
        assert ul < level
    elif "close to golden's" in text:
        assert 0 < abs(ul - level) <= 0.01 * max(ul, level)
    else:
        assert abs(ul - level) <= 1e-8 * max(ul, level) + 1e-16
    away = re.search(rf"lie ({NUMBER}) from golden's \(pretrained: ({NUMBER})\)", text)
    for said, value in ((away[1], pushed.distance), (away[2], before.distance)):
        assert says(said, value) or (said == "0" and value <= 2e-8 * curve.size)
    best = re.search(rf"alpha = ({NUMBER}) comes nearest: ({NUMBER})\.", text)
    if best:
        at = int(np.flatnonzero(curve.alphas == float(best[1]))[0])
        assert curve.distance[at] <= curve.distance.min() + 2e-8 * max(curve.size, curve.distance[at])
    if "No push on the scale comes nearer" in text:
        assert curve.distance[0] <= curve.distance.min() + 2e-8 * max(curve.size, curve.distance[0])
    own = "teaches the true label" in text
    assert own == (spec.n_forget == 1 and target == "shuffled")
    if own:
        assert target_labels(problem, target) == pytest.approx(problem.y_f)


def check_weight(target, mu, situated):
    """Whether alpha matters, and each reason given, is asked of models solved by numpy."""
    problem, curve, _, records = situated
    free, held = (weighing(problem, target, price) for price in (0.0, mu))
    why = say.weight(mu, curve, free, held)
    models = [solved(problem, alpha, target, mu) for alpha in (0.01, 30.0)]
    size, scale = np.linalg.norm(problem.w_o) + np.linalg.norm(models[1]), 1 + np.abs(problem.y).max()
    t = target_labels(problem, target)
    missed, off = problem.X_t @ models[0] - problem.y_t, problem.X_f @ models[0] - t
    if "alpha does not matter" in why:
        assert np.linalg.norm(models[0] - models[1]) <= 1e-6 * size
        if "nothing to weigh" in why:
            assert max(np.abs(missed).max(), np.abs(off).max()) <= 1e-6 * scale
        # No small step lowers the error on the targets, nor, with mu = 0, the one on the rows.
        assert np.linalg.norm(problem.X_f.T @ off) <= 1e-6 * scale * np.linalg.norm(problem.X_f) * len(off) ** 0.5
        if "No other is better" in why:
            assert np.linalg.norm(problem.X_t.T @ missed) <= 1e-6 * scale * np.linalg.norm(problem.X_t) * len(missed)
    else:
        assert np.linalg.norm(models[0] - models[1]) > 1e-12 * size
        assert loss_text(float(curve.unlearning_loss[1])) in why
        free_models = [solved(problem, alpha, target, 0.0) for alpha in (0.01, 30.0)]
        apart = np.linalg.norm(free_models[0] - free_models[1])
        assert apart <= 1e-6 * size if "agree on a model" in why else apart > 1e-12 * size
    before = records["pretrained"].distance
    far = curve.distance[1:] - before > 1e-8 * np.maximum(np.maximum(curve.distance[1:], before), curve.size)
    harm = say.hurts(curve, records["pretrained"])
    if found := re.search(rf"From alpha = ({NUMBER}) on it hurts", harm):
        assert (far == (curve.alphas[1:] >= float(found[1]))).all()
    assert ("No push" in harm) == (not far.any())
    assert ("every push" in harm) == far.all()


def check_equal_error(situated):
    _, curve, met, records = situated
    enough = say.equal_error(met, curve, records["pretrained"])
    right = say.outcome(met)
    on, level = curve.unlearning_loss[1:], records["golden"].unlearning_loss
    assert (right == "golden") == ("the exception" in enough)
    if right == "never":
        # Errors with a push are continuous in alpha: all on one side of golden's.
        assert (on > level).all() or (on < level).all()
    if "past golden's" in enough:
        assert curve.unlearning_loss[0] < level < on[0] or curve.unlearning_loss[0] > level > on[0]
    if found := re.search(rf"They would be at alpha = ({NUMBER})\.", enough):
        assert "×" in found[1] or float(found[1].replace(",", "")) >= ALPHAS[-1]
    if right == "apart":
        assert says(re.search(rf"At alpha = ({NUMBER}) the", enough)[1], met.crossing.alpha)
        assert met.crossing.distance > 2e-8 * curve.size
    for guess, option in PAGE.prediction.options.items():
        told = say.verdict(PAGE.prediction.options, guess, lambda: met, curve, records["pretrained"])
        assert told.startswith(f"You guessed “{option}”")
        assert ("and so it is here" in told) == (guess == right)
        assert enough not in told  # it stands below the curve
    told = say.verdict(PAGE.prediction.options, None, lambda: met, curve, records["pretrained"])
    assert told == f"**{PAGE.prediction.options[right]}.** {enough}"


def check_attack(spec, records):
    """The verdict is that of the chance that blind guessing does as well; golden is judged by the same rule."""
    told, pushed, one = attack.attack(records, spec.n_forget), records[say.PUSHED], spec.n_forget == 1
    parts = (told, *attack.titles(records, spec.n_forget).values(), attack.describe_residuals(records, spec.n_forget))
    assert all(("right in" in part) == (not one) for part in parts)
    off, reach = round(pushed.membership_auc - 0.5, 12), round(pushed.membership_reach, 12)
    few = reach >= 0.5
    assert ("nothing can be told" in told) == (few and not one)
    assert ("cannot be told" in told) == (not few and abs(off) <= reach)
    assert ("still gives" in told) == (not few and off > reach)
    assert ("stand out" in told) == (not few and -off > reach)


def check_sentences(spec, alpha, target, mu):
    situated = situation(spec, alpha, target, mu)
    _, curve, met, records = situated
    check_push(spec, alpha, target, situated)
    check_weight(target, mu, situated)
    check_equal_error(situated)
    check_attack(spec, records)
    for alt in (
        say.describe_push(curve, alpha, records, True),
        say.describe_push(curve, alpha, records, False),
        say.describe_trade_off(curve, records, regularize_figures.MARKED),
        attack.describe_residuals(records, spec.n_forget),
        say.push(spec, alpha, curve, records, unshuffled(situated[0], target)),
        say.equal_error(met, curve, records["pretrained"]),
        attack.attack(records, spec.n_forget),
    ):
        assert len(alt) > 40
        assert alt.endswith(".")
        assert "nan" not in alt
        assert not re.search(r"\b1 rows", alt)


@given(small_specs, alphas, targets, mus)
@example(Spec(noise=0.3), 0.1, "shuffled", 0.1)
@example(Spec(noise=0.3), 0.1, "oracle", 0.0)
@example(Spec(noise=0.3), 1.0, "shuffled", 0.0)
@example(Spec(d=2, n_retain=1, n_forget=1, noise=5.0), 0.0, "shuffled", 10.0)
@example(Spec(d=12, overlap=0.0, n_retain=3, n_forget=1), 0.1, "opposite", 0.1)
@example(Spec(d=12, overlap=0.5, n_retain=3, n_forget=1), 0.1, "shuffled", 0.1)
@example(Spec(d=20, overlap=1.0, n_retain=30, n_forget=9, n_tune=6, noise=0.5), 0.1, "shuffled", 0.0)
@example(Spec(d=60, overlap=1.0, n_retain=61, n_forget=20, n_tune=60, noise=0.5), 0.1, "shuffled", 0.0)
@example(Spec(d=50, overlap=0.3, n_retain=28, n_forget=23, noise=0.5), 0.1, "shuffled", 10.0)
@settings(max_examples=30)
def test_every_sentence_is_true_of_its_numbers(spec, alpha, target, mu):
    check_sentences(spec, alpha, target, mu)


@pytest.mark.parametrize(("target", "mu", "alpha"), [("shuffled", 0.1, 0.1), ("zero", 0.0, 0.0)])
def test_every_sentence_is_true_at_the_corners(target, mu, alpha):
    for spec in CORNERS:
        if spec.n_retain + spec.n_forget == 2 or (spec.d == 2 and spec.n_forget == 1):  # the others take seconds each
            check_sentences(spec, alpha, target, mu)


def test_never_and_jumps_are_said_only_where_they_are_proved():
    def said(spec, target, mu):
        _, curve, met, records = situation(spec, 0.1, target, mu)
        return say.equal_error(met, curve, records["pretrained"])

    below = Spec(d=60, overlap=1.0, n_retain=61, n_forget=20, n_tune=60, noise=0.5)
    assert said(below, "shuffled", 0.0).startswith("At alpha = 3.9 × 10⁻⁴")
    beyond = said(Spec(d=50, overlap=0.3, n_retain=28, n_forget=23, noise=0.5), "shuffled", 10.0)
    assert "Up to alpha = 100 the errors are never equal" in beyond
    assert "They would be at alpha = 500." in beyond
    jump = said(Spec(noise=0.3), "shuffled", 0.0)
    assert "jump past golden's" in jump
    assert "No push, however strong" in jump
    assert "as close as one likes" in said(Spec(noise=0.3), "oracle", 10.0)


def test_every_answer_is_right_somewhere():
    found = {say.outcome(situation(Spec(noise=0.3), 0.1, *at)[2]) for at in (("shuffled", 0.1), ("oracle", 0.0))}
    found.add(say.outcome(situation(Spec(noise=0.3), 0.1, "shuffled", 0.0)[2]))
    assert found == set(PAGE.prediction.options)


def test_a_model_that_agrees_on_every_row_is_still_not_golden():
    _, curve, met, records = situation(Spec(d=12, n_retain=4, n_forget=3), 0.1, "shuffled", 0.1)
    twin = Crossing(alpha=0.2, unlearning_loss=0.5, distance=0.3, row_gap=0.0, golden=False)
    text = say.equal_error(replace(met, crossing=twin), curve, records["pretrained"])
    assert "Even row by row" in text
    assert "0.300 away from golden's" in text


@pytest.mark.parametrize(("alpha", "mu"), [(0.0, 0.1), (0.5, 0.0), (20.0, 10.0)])
def test_the_formula_is_what_the_push_minimises_at_the_mu_chosen(alpha, mu):
    spec = Spec(d=30, n_retain=9, n_forget=7, n_tune=6, noise=0.5)
    problem, w = draw(spec), solved(draw(spec), alpha, "zero", mu)
    terms = regularize_results.pushed(spec, say.KEYS, alpha, "zero", mu).terms
    rows, targets, moved = (
        np.mean((problem.X_t @ w - problem.y_t) ** 2),
        np.mean((problem.X_f @ w) ** 2),
        np.sum((w - problem.w_o) ** 2),
    )
    np.testing.assert_allclose(terms, [rows, targets, moved], rtol=1e-6, atol=1e-9)
    formula = say.objective(terms, alpha, mu)
    assert formula.check.left == pytest.approx(rows + alpha * targets + mu * moved, rel=1e-6)
    assert f"α = {alpha:g} and μ = {mu:g}" in formula.whose
    assert all(term in formula.sides[1] for term in ("X_t w - y_t", "\\alpha", "X_f w - t", "\\mu", "w - w_o"))


# charts


@pytest.mark.parametrize("alpha", [0.0, 0.1, 100.0])
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_curves_are_theorys(spec, alpha):
    _, curve, _, records = situation(spec, alpha, "zero", 0.1)
    figure = drawn(regularize_figures.push_picture(curve, records, alpha, "light"))
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
    figure = drawn(regularize_figures.push_picture(curve, records, 0.1, "light", told=False))
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
    models = [the_trace(figure, model=key) for key in regularize_figures.MARKED]
    sizes = [t["marker"]["size"] for t in sorted(models, key=figure["data"].index)]
    assert sizes == sorted(sizes, reverse=True), "a smaller mark lies under a larger one"
    for key in ("pretrained", "fine_tune", "golden"):
        mark = the_trace(figure, model=key)
        assert (mark["x"][0], mark["y"][0]) == (records[key].remaining_loss, records[key].unlearning_loss)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_histograms_hold_every_row_and_the_attack_reads_them(spec):
    found = regularize_results.pushed(spec, say.KEYS, 0.1, "zero", 0.1)
    figure = drawn(attack.residual_lanes(found.residuals, attack.titles(found.records, 9), attack.ATTACKED, "light"))
    marks = dict(zip(figure["layout"]["yaxis"]["tickvals"], figure["layout"]["yaxis"]["ticktext"], strict=True))
    bottom = [shape["y0"] for shape in figure["layout"]["shapes"]]
    tops = [1.0, *bottom]
    for i, key in enumerate(attack.ATTACKED):
        members, strangers = found.residuals[key]
        for rows, residuals in (("forget", members), ("fresh", strangers)):
            trace = the_trace(figure, rows=rows)
            places, heights, shares = (
                np.split(np.asarray(trace[part], dtype=float), len(attack.ATTACKED))[i][:BINS]
                for part in ("x", "y", "customdata")
            )
            assert sum(shares) == pytest.approx(100)
            width = places[1] - places[0]
            for x, share in zip(places, shares, strict=True):
                inside = (residuals > x - 0.501 * width) & (residuals < x + 0.501 * width)
                assert share <= 100 * inside.mean() + 1e-9
            # Drawn from the panel's floor, within the panel, as high as its axis says.
            floor = np.split(np.asarray(trace["base"]), len(attack.ATTACKED))[i][0] if rows == "forget" else bottom[i]
            assert floor == bottom[i]
            ends = heights + (floor if rows == "forget" else 0)
            assert ends.min() == pytest.approx(floor)
            assert ends.max() < tops[i]
            own = {at: float(text.removesuffix("%")) for at, text in marks.items() if floor <= at < tops[i]}
            zero, *others = own.items()
            assert zero == (floor, 0.0)
            assert len(others) == 1
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
    lines = [line for line in at_home(text, tmp_path) if line[0] == "alpha"]
    curve = trade_off(draw(spec), ALPHAS, target, mu)
    assert [float(line[1]) for line in lines] == list(ALPHAS)
    for column, values in ((3, curve.remaining_loss), (5, curve.unlearning_loss), (7, curve.distance)):
        np.testing.assert_allclose([float(line[column]) for line in lines], values, rtol=AGREE, atol=AGREE)


def test_the_cached_push_is_theorys():
    spec = Spec(d=30, n_retain=9, n_forget=7, n_tune=6, noise=0.5)
    _, curve, met, records = situation(spec, 1.0, "opposite", 0.01)
    found = regularize_results.pushed(spec, say.KEYS, 1.0, "opposite", 0.01)
    assert tuple(found.records) == tuple(found.residuals) == say.KEYS
    for key in say.KEYS:
        assert found.records[key].unlearning_loss == records[key].unlearning_loss
        assert np.mean(found.residuals[key][0] ** 2) == pytest.approx(records[key].unlearning_loss, rel=1e-12)
        assert np.mean(found.residuals[key][1] ** 2) == pytest.approx(records[key].test_unlearning_loss, rel=1e-12)
    again = regularize_results.push_curve(spec, "opposite", 0.01)
    np.testing.assert_allclose(again.distance, curve.distance, **UNTOUCHED)
    assert regularize_results.met(spec, "opposite", 0.01) == met


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fresh_rows_have_no_models_colour(theme):
    found = regularize_results.pushed(Spec(), say.KEYS, 0.1, "shuffled", 0.1)
    chart = drawn(
        attack.residual_lanes(found.residuals, attack.titles(found.records, Spec().n_forget), attack.ATTACKED, theme)
    )
    models = {
        colour(key, theme) for key in ("pretrained", "golden", "remedy", "fine_tune", "retain", "forget", "overlap")
    }
    assert the_trace(chart, rows="fresh")["line"]["color"] not in models


def test_every_curve_of_the_push_is_named_and_the_break_explained():
    found = regularize_results.pushed(Spec(), say.KEYS, 0.1, "shuffled", 0.1)
    curve = regularize_results.push_curve(Spec(), "shuffled", 0.1)
    chart = drawn(regularize_figures.push_picture(curve, found.records, 0.1, "light"))
    assert "Distance to golden" in {trace["name"] for trace in chart["data"] if trace.get("showlegend", True)}
    title = chart["layout"]["xaxis2"]["title"]["text"]
    assert "dotted line" in title
    # The largest weight that reviews report of the first version is marked on the scale.
    ticks = dict(zip(chart["layout"]["xaxis2"]["tickvals"], chart["layout"]["xaxis2"]["ticktext"], strict=True))
    assert "▲" in ticks[1.0]
    assert "▲ the paper's first version goes to 1, say reviews" in title
