import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, UNTOUCHED, at_home, bars_of, blocks_of, drawn, name_of, says, the_trace, traces
from theory import Spec, remedy_curve, remedy_tuning, rotated
from theory import draw as draw_data
from ui.figures import weights
from ui.figures.models import outcomes
from ui.figures.style import REMEDIES
from ui.language.words import loss_text
from ui.lessons import BY_STEM
from ui.lessons.remedy import alts
from ui.lessons.remedy import figures as remedy_chart
from ui.lessons.remedy import figures as remedy_figures
from ui.lessons.remedy import sentences as remedy
from ui.lessons.remedy.results import Remedied, remedied
from ui.page.numpy_script import script
from ui.server.sampling import tuning_rows

# A script goes through pinv, the theory through its own factorisation: equal to rounding on well-conditioned data.
AGREE = 1e-9
PAGE = BY_STEM["remedy"]
SCRIPTS = (
    (Spec(d=40, n_retain=12, n_forget=9, noise=0.5, seed=3), False),
    (Spec(d=30, overlap=1.0, n_retain=15, n_forget=5, n_tune=7, noise=1.0), True),
    (Spec(d=25, overlap=0.3, n_retain=6, n_forget=4, noise=0.25, seed=11), True),
)


def found_for(spec, chosen="keep_overlap", mixed=False) -> Remedied:
    return remedied.__wrapped__(spec, remedy.CAST_KEYS, chosen, mixed)


def check_sentences(spec, chosen, mixed):
    found = found_for(spec, chosen, mixed)
    records, weights = found.records, found.weights
    text = remedy.outcome(spec, records, weights, chosen, mixed)
    distance = np.linalg.norm(weights[chosen] - weights["golden"])
    assert ("**is golden**" in text) == (
        distance <= 1e-9 * max(map(np.linalg.norm, (weights[chosen], weights["golden"])))
    )
    if "nothing to erase" in text:
        np.testing.assert_array_equal(weights["keep_overlap"], weights["fine_tune"])
        np.testing.assert_array_equal(found.erased, weights["pretrained"])
    if "retraining in disguise" in text:
        assert not found.erased.any()
        np.testing.assert_allclose(weights["drop_overlap"], weights["golden"], atol=1e-9 * remedy.size(weights))
    if match := re.search(r"erased ([\d,]+) weights? out of", text):
        assert int(match[1].replace(",", "")) == np.count_nonzero(found.erased == 0)
    why = remedy.why_not_golden(spec, found)
    kept, golden = records["keep_overlap"], records["golden"]
    if "invisible" in why:
        assert kept.leftover > 0
        assert kept.distance >= kept.leftover * (1 - 1e-9)
    if "still remember" in why:
        assert found.masked_loss < golden.unlearning_loss
    if "larger loss" in why:
        assert found.masked_loss > golden.unlearning_loss
    if "Fine-tuned on all of them" in why:
        assert spec.tune_rows < spec.n_retain
        assert kept.remaining_loss > golden.remaining_loss
        assert f"its remaining loss is {loss_text(kept.remaining_loss, short=True)}, golden's is " in why
        whole = found_for(Spec(**{**vars(spec), "n_tune": None}), chosen, mixed)
        assert whole.records["keep_overlap"].distance <= 1e-7 * remedy.size(whole.weights)
    if "Why is Option A golden" in why:
        assert kept.distance <= 1e-8 * remedy.size(weights)
    assert remedy.verdict(PAGE.prediction.options, "part", found, spec).startswith("You guessed “Less than golden's”")
    answer = remedy.verdict(PAGE.prediction.options, None, found, spec)
    begin, rest = answer.removeprefix("**").split("** ")
    right = outcomes({"fine_tune": kept, "golden": golden})
    assert {key for key, option in PAGE.prediction.options.items() if option in begin} == right
    rows = "the row to forget" if spec.n_forget == 1 else f"the {spec.n_forget} rows to forget"
    losses = (loss_text(r.unlearning_loss) for r in (kept, golden))
    assert rest == "Option A's mean squared error on {} is {}, golden's is {}.".format(rows, *losses)
    stages, labels = remedy.stages(weights, found.erased, chosen), remedy.stage_labels(chosen)
    for alt in (
        alts.describe_weights(stages, found.blocks, labels),
        alts.describe_bars(records, weights),
        alts.describe_bars(records, weights, remedy.hidden(False)),
    ):
        assert len(alt) > 40
        assert alt.endswith(".")


@pytest.mark.parametrize("spec", CORNERS, ids=name_of)
def test_the_sentences_are_true_at_the_corners(spec):
    check_sentences(spec, "keep_overlap", False)


@settings(max_examples=60, deadline=None)
@given(specs(d=st.integers(2, 60)), st.sampled_from(REMEDIES), st.booleans())
def test_the_sentences_are_true_everywhere(spec, chosen, mixed):
    check_sentences(spec, chosen, mixed)


@settings(max_examples=30, deadline=None)
@given(specs(d=st.integers(2, 60)), st.booleans())
def test_the_nearer_option_and_the_rows_needed_are_the_numbers(spec, mixed):
    curve = remedy_curve(spec, (0.0, 0.5, 1.0), REMEDIES, 2, mixed)
    found = found_for(spec, mixed=mixed)
    text = remedy.nearer(curve, spec, found.records, found.weights).split(" On average")[0]
    a, b = (found.records[key].distance for key in ("keep_overlap", "drop_overlap"))
    if "Option A is nearer" in text:
        assert a < b
    elif "Option B is nearer" in text:
        assert b < a
    else:
        assert abs(a - b) <= 1e-8 * remedy.size(found.weights) + 1e-9 * max(a, b)
    golden = found.records["project"].distance <= 1e-8 * remedy.size(found.weights)
    assert ("The projection is golden." in remedy.nearer(curve, spec, found.records, found.weights)) == golden
    problem = rotated(draw_data(spec)) if mixed else draw_data(spec)
    rows = tuning_rows(spec)
    tuned = remedy_tuning(problem, rows, REMEDIES)
    before = found.records["pretrained"].remaining_loss
    needed = remedy.rows_needed(rows, tuned, before)
    assert needed.startswith(f"The pretrained model's remaining loss is {loss_text(before)}. ")
    assert "breaks" not in needed or before <= 1e-16
    for key in REMEDIES:
        losses = tuned[key, "remaining_loss"]
        assert (f"{remedy.SHORT[key]} has 0 at every number of rows shown." in needed) == bool((losses <= 1e-16).all())
        told = rf"{remedy.SHORT[key]} (?:breaks it\*\*:|has) (?:(?!after|rows shown).)*"
        kept = told + r"after [0-9,]+ rows?, 0 from ([0-9,]+)"
        if match := re.search(kept, needed):
            first = rows.index(int(match[1].replace(",", "")))
            assert (losses[first:] <= 1e-16).all()
            assert losses[first - 1] > 1e-16
    assert alts.describe_overlap(curve, remedy.size(found.weights)).endswith(".")
    assert alts.describe_rows(rows, tuned).endswith(".")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mixed", [False, True])
def test_the_pictures_hold_theorys_numbers(theme, mixed):
    spec = Spec(d=40, n_retain=12, n_forget=9, n_tune=5, noise=0.5)
    found = found_for(spec, "drop_overlap", mixed)
    records = list(found.records.values())[1:]
    bars = drawn(remedy_figures.remedy_bars(records, remedy.size(found.weights), "drop_overlap", theme))
    (trace,) = bars["data"]
    shown = {(r.key, what): getattr(r, what) for what in remedy_chart.READINGS for r in records}
    assert bars_of(trace) == shown
    losses = max(value for (_, what), value in shown.items() if what != "distance")
    scale = {"distance": max(r.distance for r in records), "unlearning_loss": losses, "remaining_loss": losses}
    # A bar is as long as its share of the longest, and says its number.
    np.testing.assert_allclose(trace["x"], [value / scale[what] for (_, what), value in shown.items()], rtol=1e-15)
    for text, (key, what), value in zip(trace["text"], shown, shown.values(), strict=True):
        assert text == "0" or says(text, value), (key, what)
    # Every bar stands beside its model's name.
    names = dict(zip(bars["layout"]["yaxis"]["tickvals"], bars["layout"]["yaxis"]["ticktext"], strict=True))
    assert [re.sub("</?b>", "", names[y]) for y in trace["y"]] == [remedy.SHORT[key] for key, _ in shown]
    assert [y for y, name in names.items() if "<b>" in name] == [
        y for y, (key, _) in zip(trace["y"], shown, strict=True) if key == "drop_overlap"
    ]
    curve = remedy_curve(spec, (0.0, 0.5, 1.0), REMEDIES, 3, mixed)
    figure = drawn(remedy_figures.remedy_overlap(curve, 0.4, "drop_overlap", theme))
    rows = tuning_rows(spec)
    tuned = remedy_tuning(draw_data(spec), rows, REMEDIES)
    against = drawn(remedy_figures.remedy_rows(rows, tuned, 5, "drop_overlap", theme))
    for key in REMEDIES:
        for what in ("distance", "unlearning_gap"):
            (line,) = [t for t in traces(figure, model=key, reading=what) if "band" not in t["meta"]]
            np.testing.assert_allclose(line["y"], curve.mean[key, what], **UNTOUCHED)
            for band in traces(figure, model=key, reading=what, band=True):
                np.testing.assert_allclose(band["y"][:3], curve.high[key, what], **UNTOUCHED)
                np.testing.assert_allclose(band["y"][:2:-1], curve.low[key, what], **UNTOUCHED)
        for what in ("remaining_loss", "distance"):
            np.testing.assert_allclose(the_trace(against, model=key, reading=what)["y"], tuned[key, what], **UNTOUCHED)
    assert figure["layout"]["shapes"][0]["x0"] == 40
    assert against["layout"]["shapes"][0]["x0"] == 5


def test_what_is_erased_stands_as_an_outline():
    found = found_for(Spec(d=40, n_retain=12, n_forget=9), "drop_overlap")
    stages, labels = remedy.stages(found.weights, found.erased, "drop_overlap"), remedy.stage_labels("drop_overlap")
    before = {"erased": found.weights["pretrained"]}
    figure = drawn(weights.weight_anatomy(stages, found.blocks, labels, "light", frozenset(), before, remedy.PANEL))
    gone = {t["meta"]["gone"]: blocks_of(t) for t in figure["data"] if "gone" in t["meta"]}
    assert set(gone) == {"overlap", "forget"}
    for name, heights in gone.items():
        block = getattr(found.blocks, name)
        assert set(heights) == {"erased"}
        np.testing.assert_allclose(heights["erased"], found.weights["pretrained"][block], **UNTOUCHED)
        np.testing.assert_array_equal(blocks_of(the_trace(figure, block=name))["erased"], 0)


def test_hidden_remedies_are_not_drawn():
    found = found_for(Spec(d=40, n_retain=12, n_forget=9))
    figure = drawn(
        remedy_figures.remedy_bars(list(found.records.values())[1:], 1.0, "project", "light", remedy.hidden(False))
    )
    assert {model for model, _ in bars_of(figure["data"][0])} == {"golden"}


@pytest.mark.parametrize(("spec", "mixed"), SCRIPTS)
def test_the_script_prints_the_numbers_on_screen(spec, mixed, tmp_path):
    text = script(PAGE, spec, {"erase": "project", "against": "overlap", "rotate": mixed})
    lines = at_home(text, tmp_path)
    records = found_for(spec, mixed=mixed).records
    assert [line[0] for line in lines] == ["pretrained", "fine_tune", "golden", *REMEDIES]
    for name, *rest in lines:
        record = records[name]
        expected = [record.remaining_loss, record.unlearning_loss, record.distance]
        values = [float(value) for value in rest[1::2]]
        np.testing.assert_allclose(values, expected[: len(values)], rtol=AGREE, atol=AGREE)
    assert all(len(line) == 7 for line in lines[3:])


@pytest.mark.parametrize("spec", [Spec(noise=2.0, n_retain=200), Spec(noise=0.5)], ids=name_of)
def test_curves_that_lie_on_one_another_are_said_to_and_rounding_is_drawn_as_zero(spec):
    curve = remedy_curve(spec, (0.0, 0.4, 1.0), REMEDIES, 2)
    found = remedied(spec, remedy.CAST_KEYS, "keep_overlap", False)
    said = remedy.nearer(curve, spec, found.records, found.weights)
    means = {what: np.array([curve.mean[key, what] for key in REMEDIES]) for what in ("distance", "unlearning_gap")}
    apart = max(float(np.ptp(part, axis=0).max()) for part in means.values())
    assert ("three curves lie on one another" in said) == (apart < 1e-8)
    layout = drawn(remedy_figures.remedy_overlap(curve, 0.4, "keep_overlap", "light"))["layout"]
    for axis, part in zip(("yaxis", "yaxis2"), means.values(), strict=True):
        if np.abs(part).max() < 1e-9:
            assert np.abs(part).max() < np.ptp(layout[axis]["range"]) / 440
