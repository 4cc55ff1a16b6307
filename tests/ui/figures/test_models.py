"""What is said of the models, of a guess and of a claim is what their numbers are."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import (
    CORNERS,
    NUMBER,
    ROUNDED,
    are_one,
    fitted,
    mean_square,
    name_of,
    record,
    says,
    wide_specs,
)
from theory import CLAIMS, METHODS, Check, Spec, draw
from theory.sameness import FLOOR, NEAR
from ui.figures import losses as lanes_of
from ui.figures import models
from ui.figures import weights as anatomy
from ui.language import words
from ui.lessons import PAGES
from ui.lessons.start import sentences as start_sentences

LABELS = models.LABELS
# Losses of one model computed twice, by narration's records and by hand, in another order of sums.
SAME_LOSS = 1e-9
OPTIONS = next(page.prediction.options for page in PAGES if page.prediction.options)


# models


def test_models_are_compared_by_their_own_size():
    w = np.array([3.0, 4.0])
    assert words.one_model(w, w)
    assert words.one_model(np.zeros(2), np.zeros(2))
    assert not words.one_model(np.zeros(2), 1e-30 * w)
    for scale in (1e-12, 1.0, 1e12):
        assert words.one_model(scale * w, scale * (w + 1e-9))
        assert not words.one_model(scale * w, scale * (w + 1e-6))


@given(wide_specs)
@settings(max_examples=300)
# Here |w| is 1e3 to 1e6: rounding moves the losses and the distance by more than any fixed threshold.
@example(Spec(d=26, overlap=0.2536445157934396, n_retain=17, n_forget=9, noise=5.0, seed=3634))
@example(Spec(d=31, overlap=1.0, n_retain=31, n_forget=48, noise=0.5, seed=3676))
@example(Spec(d=10, overlap=1.0, n_retain=10, n_forget=23, noise=5.0, seed=8712))
def test_whether_a_model_moved_or_is_golden_is_what_the_weights_say(spec):
    _, weights, _ = fitted(spec)
    assert models.moved(weights) != are_one(weights["fine_tune"], weights["pretrained"])
    for key in weights:
        assert models.at_golden(weights, key) == are_one(weights[key], weights["golden"])


# what fine-tuning did and what the model still knows


def check_what_is_said(spec):
    """Assert that the two sentences say what the numbers do, every number computed here from the weights."""
    problem, weights, records = fitted(spec)
    text = models.fine_tuning(spec, records, weights)
    w_o, w_t, w_g = (weights[key] for key in ("pretrained", "fine_tune", "golden"))
    remaining = mean_square(problem.X_r, problem.y_r, w_o)
    tuned, golden = (mean_square(problem.X_f, problem.y_f, w) for w in (w_t, w_g))
    still, at_golden = are_one(w_t, w_o), are_one(w_t, w_g)
    # A loss that rounding alone decides is on the same side of the floor whoever sums it, or within a factor 2 of it.
    assert not FLOOR / 2 < tuned < 2 * FLOOR
    assert not FLOOR / 2 < golden < 2 * FLOOR

    # what it did
    assert ("fine-tuning changes no weight" in text) == still
    assert ("moved the weights" in text) == (not still)
    assert ("already fits every row to keep" in text) == (still and remaining <= FLOOR)
    assert ("better than the pretrained ones" in text) == (still and remaining > FLOOR)
    if not still:
        assert f"Fine-tuning on {words.rows_kept(spec.tune_rows)} moved" in text
        went = re.search(
            rf"distance to golden (?:(?:went|hardly changed,) from ({NUMBER}) to|stays) ({NUMBER})\.", text
        )
        before, after = went[1] or went[2], went[2]
        for shown, w in ((before, w_o), (after, w_t)):
            assert shown == "0" if are_one(w, w_g) else says(shown, np.linalg.norm(w - w_g))
        assert (before == after) == ("golden stays" in text)
        if "hardly changed" in text:
            assert abs(np.linalg.norm(w_o - w_g) / np.linalg.norm(w_t - w_g) - 1) <= 1.02 * NEAR
    shared = round(spec.overlap * spec.d)
    assert text.startswith("No feature is shared. ") == (shared == 0)
    assert text.startswith("All features are shared. ") == (shared == spec.d)
    if 0 < shared < spec.d:
        assert text.startswith(f"{shared} of {spec.d} features {'is' if shared == 1 else 'are'} shared. ")

    # what it knows
    zero_t, zero_g = tuned <= FLOOR, golden <= FLOOR
    same = abs(tuned - golden) <= SAME_LOSS * max(tuned, golden)
    # A difference at the edge of what is near falls to either side by rounding.
    near = not same and abs(tuned - golden) <= NEAR * max(tuned, golden)
    apart = not zero_t and not at_golden and not same and not near
    claims = {
        "exactly too": zero_t and zero_g,
        "still predicts": zero_t and not zero_g,
        "at golden itself": not zero_t and at_golden,
        "errs exactly as much as golden": not zero_t and not at_golden and same,
        "errs nearly as much as golden": not zero_t and not at_golden and near,
        "errs more than golden": apart and tuned > golden,
        "err less than golden|errs less than golden": apart and tuned < golden,
    }
    assert {claim: bool(re.search(claim, text)) for claim in claims} == claims
    assert sum(claims.values()) == 1
    if not zero_t:
        numbers = re.search(
            rf"mean squared error on the .{{,20}} is ({NUMBER}), golden's is \*\*({NUMBER})\*\*\.", text
        )
        assert says(numbers[1], tuned)
        assert numbers[2] == "0" if zero_g else says(numbers[2], golden)
        assert (numbers[1] == numbers[2]) == (same or at_golden)
    elif not zero_g:
        assert says(re.search(rf"\*\*({NUMBER})\*\*\.$", text)[1], golden)
    if "as much as golden" in text:
        away = re.search(rf"weights are ({NUMBER}) away from golden's", text)[1]
        assert says(away, np.linalg.norm(w_t - w_g))

    # what it remembers: other forget labels, another model
    if "remembers" in text or "Nothing of the pretrained model" in text:
        labels = problem.y.copy()
        labels[spec.n_retain :] += np.random.default_rng(0).standard_normal(spec.n_forget)
        forgot = are_one(METHODS["fine_tune"].fit(replace(problem, y=labels)), w_t)
        assert ("still remembers" in text) == (not forgot)

    # one row is "1 row" and "it"
    rows = "row to forget" if spec.n_forget == 1 else f"{spec.n_forget} rows to forget"
    assert f"the {rows}" in text

    # whether it is enough, in one word first
    answer = start_sentences.enough(spec, records, weights)
    tuned, golden = (records[key].unlearning_loss for key in ("fine_tune", "golden"))
    look_same = words.look_same(tuned, golden)
    openings = {
        "**Here it is enough**": at_golden,
        "**Not to become golden**": not at_golden and zero_t and zero_g,
        "**No**: the model still knows": not at_golden and zero_t and not zero_g,
        "**No**: the error on": not at_golden and not zero_t and look_same,
        "**No**: the model errs less": not at_golden and not zero_t and not look_same and tuned < golden,
        "**No**: the model errs more": not at_golden and not zero_t and not look_same and tuned > golden,
    }
    assert {opening for opening in openings if answer.startswith(opening)} == {k for k, v in openings.items() if v}
    assert "the 1 row" not in answer
    assert not re.search(r"\b1 rows to|\b1 shared features", text)
    if spec.n_forget == 1:
        assert not re.search(r"\bthem\b|their labels|errors", text)
    else:
        assert not re.search(r"without it\b|on it\b|its label", text)
    return text


@given(wide_specs)
@settings(max_examples=400)
@example(Spec(d=26, overlap=0.2536445157934396, n_retain=17, n_forget=9, noise=5.0, seed=3631))
@example(Spec(d=56, overlap=1.0, n_retain=56, n_forget=38, noise=5.0, seed=7374))
def test_the_sentences_say_what_the_numbers_do(spec):
    check_what_is_said(spec)


@pytest.mark.parametrize("spec", CORNERS, ids=name_of)
def test_the_sentences_are_true_at_the_corners_of_the_dashboard(spec):
    check_what_is_said(spec)


@pytest.mark.parametrize(
    ("spec", "did", "knows"),
    [
        (
            Spec(d=15, overlap=0.0, n_retain=5, n_forget=2),
            "No feature is shared. The pretrained model already fits every row to keep, so **fine-tuning changes no "
            "weight**.",
            "It still predicts the 2 rows to forget exactly; golden, retrained without them, misses by",
        ),
        (
            Spec(d=2, overlap=0.5, n_retain=1, n_forget=1),
            "1 of 2 features is shared. The pretrained model already fits",
            "It still predicts the row to forget exactly; golden, retrained without it, misses by",
        ),
        (
            Spec(d=2, overlap=0.5, n_retain=14, n_forget=1),
            "1 of 2 features is shared.",
            "But golden, retrained without it, predicts the row to forget exactly too: its label follows from the "
            "rows to keep, so an error on it cannot show what is forgotten.",
        ),
        (
            Spec(d=8, overlap=1.0, n_retain=17, n_forget=10),
            "All features are shared. The pretrained model already fits",
            "But golden, retrained without them, predicts the 10 rows to forget exactly too: their labels follow from "
            "the rows to keep, so an error on them cannot show what is forgotten.",
        ),
        (
            Spec(d=28, overlap=0.0, n_retain=31, n_forget=20, noise=0.05),
            "No feature is shared. No weights fit the rows to keep better than the pretrained ones, so **fine-tuning "
            "changes no weight**.",
            "It still remembers, and errs less than golden. Its mean squared error on the 20 rows to forget is",
        ),
        (
            Spec(d=22, overlap=1.0, n_retain=38, n_forget=35, noise=0.5),
            "All features are shared. Fine-tuning on 38 rows to keep moved the weights: their distance to golden went "
            "from",
            "It ends at golden itself, and errs like it. Its mean squared error on the 35 rows to forget is",
        ),
        (
            Spec(d=22, overlap=0.67, n_retain=15, n_forget=8, n_tune=1, noise=5.0, seed=746),
            "15 of 22 features are shared. Fine-tuning on 1 row to keep moved the weights: their distance to golden "
            "hardly changed, from 18.8",
            "It still remembers, and errs less than golden",
        ),
        (
            Spec(d=33, overlap=0.5, n_retain=32, n_forget=20, n_tune=22, noise=5.0, seed=60),
            "moved the weights",
            "It errs more than golden. Its mean squared error on the 20 rows to forget",
        ),
        (
            Spec(d=10, overlap=1.0, n_retain=18, n_forget=8, n_tune=11, noise=0.5, seed=501),
            "moved the weights",
            "Nothing of the pretrained model is left in it, yet it happens to err less than golden. Its mean squared",
        ),
        (
            # One feature, which the forget rows do not use: what they say of a model is the noise in their labels.
            Spec(d=1, n_retain=28, n_forget=35, n_tune=10, noise=5.0, seed=758),
            "their distance to golden went from 0 to 0.402.",
            "It errs exactly as much as golden. Its mean squared error on the 35 rows to forget",
        ),
    ],
    ids=lambda value: name_of(value) if isinstance(value, Spec) else "",
)
def test_every_sentence_has_a_setting_at_which_it_is_said(spec, did, knows):
    text = check_what_is_said(spec)
    assert did in text
    assert knows in text


def test_a_model_at_its_optimum_for_the_rows_it_sees_is_said_to_be():
    # No draw does this: fewer rows than all, which the pretrained model fits neither exactly nor worse than it could.
    spec = Spec(d=4, n_retain=5, n_forget=3, n_tune=2, noise=1.0)
    w = np.ones(4)
    weights = {"pretrained": w, "fine_tune": w, "golden": 2 * w}
    records = {
        key: record(key, remaining_loss=0.5, unlearning_loss=loss, distance=1.0)
        for key, loss in (("pretrained", 1.0), ("fine_tune", 1.0), ("golden", 2.0))
    }
    text = models.fine_tuning(spec, records, weights)
    assert "No weights fit the rows it sees better than the pretrained ones" in text
    assert "No direction lowers the error on the rows that fine-tuning sees" in models.verdict(
        OPTIONS, None, spec, records, weights
    )


# charts in words


@given(wide_specs, st.sampled_from([frozenset(), frozenset({"fine_tune"})]))
def test_what_is_heard_of_the_charts_is_what_is_drawn(spec, hidden):
    _, weights, records = fitted(spec)
    lanes = lanes_of.describe_losses(list(records.values()), LABELS, hidden)
    bars = anatomy.describe_anatomy(weights, spec, LABELS, hidden)
    for key, r in records.items():
        losses = (words.loss_text(loss) for loss in (r.remaining_loss, r.unlearning_loss))
        shown = "{}: remaining loss {}, unlearning loss {}".format(LABELS[key], *losses)
        assert (shown in lanes) == (key not in hidden)
        assert (LABELS[key] in bars) == (key not in hidden)
        if key not in hidden:
            length, whole = np.linalg.norm(weights[key][spec.d - spec.d_forget :]), np.linalg.norm(weights[key])
            shown = re.search(rf"{LABELS[key]} ({NUMBER})[,.]", bars)[1]
            assert shown == "0" if length <= ROUNDED * whole else says(shown, length)
    parts = re.search(
        r"([0-9,]+) that only the rows to keep use, ([0-9,]+) shared, ([0-9,]+) that only the rows to forget use", bars
    )
    assert [int(part) for part in parts.groups()] == [spec.d_retain, spec.d_overlap, spec.d_forget]


# guesses


@given(wide_specs)
@settings(max_examples=150)
def test_the_right_answers_are_what_the_losses_say(spec):
    _, weights, records = fitted(spec)
    tuned, golden = records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss
    right = models.outcomes(records)
    # A guess that one loss is the other hits where they are the same or near each other.
    same = words.look_same(tuned, golden)
    assert right
    assert right <= set(OPTIONS)
    assert ("nothing" in right) == (tuned <= FLOOR)
    assert ("all" in right) == same
    if tuned <= FLOOR or golden <= FLOOR:
        assert same == (max(tuned, golden) <= FLOOR)
    assert ("part" in right) == (FLOOR < tuned < golden and not same)
    assert ("more" in right) == (tuned > golden and tuned > FLOOR and not same)
    for guess, text in OPTIONS.items():
        told = models.verdict(OPTIONS, guess, spec, records, weights)
        assert told.startswith(f"You guessed “{text}”")
        assert ("and so it is" in told) == (guess in right)
        if guess not in right:
            for key in right:
                assert f"“{OPTIONS[key]}”" in told


@given(wide_specs)
@settings(max_examples=100)
@example(Spec(n_forget=1))
@example(Spec(d=60, overlap=1.0, n_retain=200, noise=0.5))
def test_without_a_guess_the_answer_comes_first_with_the_numbers_it_rests_on(spec):
    _, weights, records = fitted(spec)
    tuned, golden = (records[key].unlearning_loss for key in ("fine_tune", "golden"))
    ends = "a single weight.", "rows can see.", "at golden itself."
    for options in (OPTIONS, {}):
        told = models.verdict(options, None, spec, records, weights)
        assert "guess" not in told
        assert told.endswith(ends)
        begin, rest = told.removeprefix("**").split("**", 1)
        if options:
            assert {key for key, text in options.items() if text in begin} == models.outcomes(records)
        elif golden <= FLOOR:
            assert begin == "Golden's own error is zero here"
        else:
            share = re.fullmatch(f"It is ({NUMBER})%\\.", begin)[1]
            assert says(share, 100 * tuned / golden) or (share == "0" and tuned <= FLOOR)
        rows = "the row to forget" if spec.n_forget == 1 else f"the {spec.n_forget} rows to forget"
        losses = words.loss_pair(tuned, golden)
        assert "The fine-tuned model's mean squared error on {} is {}, golden's is {}.".format(rows, *losses) in rest
        still = are_one(weights["pretrained"], weights["fine_tune"])
        if told.endswith(ends[2]):
            assert are_one(weights["fine_tune"], weights["golden"])
        else:
            assert ("cannot change a single weight" in told) == still
            assert ("training moves it" in told) == (not still)
            assert ("no error left" in told) == (still and records["pretrained"].remaining_loss <= FLOOR)


@pytest.mark.parametrize(
    ("tuned", "golden", "right"),
    [
        (344.05418, 344.05419, {"all"}),
        (0.5, 0.5004, {"all"}),
        (0.5, 0.504, {"all"}),
        (0.5, 0.506, {"part"}),
        (0.506, 0.5, {"more"}),
        (1e-31, 1e-31, {"nothing", "all"}),
        (1e-31, 1e-10, {"nothing"}),
        (1e-10, 1e-31, {"more"}),
    ],
)
def test_losses_that_are_the_same_or_near_are_the_same_answer(tuned, golden, right):
    records = {"fine_tune": record(unlearning_loss=tuned), "golden": record("golden", unlearning_loss=golden)}
    assert models.outcomes(records) == right


def shares(tuned, golden, guess):
    w = np.ones(2)
    weights = {"pretrained": w, "fine_tune": w, "golden": w}
    records = {"pretrained": record(), "fine_tune": record(unlearning_loss=tuned)}
    return models.verdict({}, guess, Spec(), records | {"golden": record(unlearning_loss=golden)}, weights)


@pytest.mark.parametrize(
    ("tuned", "golden", "guess", "text"),
    [
        (0.0, 0.5, 0, "You guessed 0%; it is 0%: right on it."),
        (1e-30, 0.5, 50, "You guessed 50%; it is 0%: 50.0 points off."),
        (0.25, 0.5, 50, "You guessed 50%; it is 50.0%: right on it."),
        (0.2520, 0.5, 50, "it is 50.4%: right on it."),
        (0.2530, 0.5, 50, "it is 50.6%: 0.600 points off."),
        (5.0, 0.5, 150, "it is 1,000%: 850 points off."),
        (0.0, 0.0, 20, "You guessed 20%; golden's own error is zero here, so there is no share of it."),
        (1.0, 1e-20, 20, "golden's own error is zero here"),
    ],
)
def test_a_guessed_share_is_measured_against_the_true_one(tuned, golden, guess, text):
    assert text in shares(tuned, golden, guess)


# claims


def check_said(claim, found, applies):
    """Assert that what is said of a claim is what its numbers are."""
    text = models.check(claim, found, applies)
    one = rf"({NUMBER}|0 \(rounding: {NUMBER}\))"
    left, right = re.match(rf"Left side {one}, right side {one}(?:, relative|: )", text).groups()
    for shown, value in ((left, found.left), (right, found.right)):
        if shown.startswith("0 (rounding: "):
            assert abs(value) <= 1e-8
        else:
            assert says(shown, value)
    difference = re.search(rf"relative difference ({NUMBER})\.", text)
    off = re.search(rf"that is off by ({NUMBER}), relative", text)
    for told in filter(None, (difference, off)):
        assert says(told[1], found.error)
    alike = abs(found.left - found.right) <= 1e-9 * max(abs(found.left), abs(found.right), 1e-8 / 1e-9)
    # The same number twice is never called different, nor another one the same.
    assert ("they agree, but" in text) <= (alike and not found.holds)
    assert not (difference and alike and not found.holds)
    if left == right:
        assert alike or found.holds
    assert "infinite" not in text
    assert not re.search(r"\de[+-]\d", text)
    assert ("agree all the same" in text) == (found.holds and not applies)
    assert ("need not agree here" in text) == (not applies and not found.holds and not alike)
    assert (claim.condition in text) == (not applies)
    assert text.casefold().endswith(f"{claim.source}.".casefold())


@pytest.mark.parametrize("key", CLAIMS)
@pytest.mark.parametrize(
    "spec",
    [
        Spec(d=12, n_retain=5, n_forget=4),
        Spec(d=6, n_retain=20, n_forget=9, noise=1.0),
        Spec(noise=2.0, n_retain=200),
        Spec(d=2, overlap=1.0),
    ],
    ids=name_of,
)
def test_a_claims_sides_are_read_out_and_its_condition_where_it_does_not_apply(key, spec):
    check_said(CLAIMS[key], CLAIMS[key].check(draw(spec)), CLAIMS[key].applies(draw(spec)))


@given(specs())
@settings(max_examples=40, deadline=None)
def test_what_is_said_of_a_claim_is_true_everywhere(spec):
    problem = draw(spec)
    for claim in CLAIMS.values():
        check_said(claim, claim.check(problem), claim.applies(problem))


def test_sides_that_agree_outside_their_condition_are_said_to_agree():
    spec = Spec(noise=2.0, n_retain=200)
    claim = CLAIMS["I3"]
    said = models.check(claim, claim.check(draw(spec)), claim.applies(draw(spec)))
    assert not claim.applies(draw(spec))
    assert (
        "Its condition is not met: the pretrained model fits every row to keep. The sides agree all the same." in said
    )


def test_zero_beside_zero_has_no_infinite_difference():
    for left in (0.0, 4e-32):
        said = models.check(CLAIMS["R3"], Check(left, 0.0, math.inf), False)
        assert "infinite" not in said
        assert "zero beside zero" in said


@pytest.mark.parametrize(("error", "said"), [(0.8, "0.800"), (1.1e-15, "1.1 × 10⁻¹⁵"), (0.0, "0")])
def test_a_relative_difference_is_written_like_any_number(error, said):
    assert f"relative difference {said}." in models.check(CLAIMS["I1"], Check(1.0, 1.0 + error, error), True)


def test_a_side_at_rounding_is_called_zero():
    text = models.check(CLAIMS["I2"], Check(3e-16, 0.0, 1e-16), True)
    assert "Left side 0 (rounding: 3.0 × 10⁻¹⁶), right side 0, relative difference 1.0 × 10⁻¹⁶." in text


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("it is 25 %: right on it", ["25 %"]),
        ("with alpha = 0.07 and mu = 0", ["alpha = 0.07", "mu = 0"]),
        ("(1 − ½)² = **25 %** of it", ["1 − ½", "= **25 %"]),
        ("1.1 × 10⁻¹⁵", ["1.1 × 10⁻¹⁵"]),
        ("50 ± 3 % of all", ["50 ± 3 %"]),
    ],
)
def test_a_number_is_not_torn_from_its_signs(text, whole):
    told = words.together(text)
    assert told.replace("\N{NO-BREAK SPACE}", " ") == text
    for part in whole:
        assert part.replace(" ", "\N{NO-BREAK SPACE}") in told
