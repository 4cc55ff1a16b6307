"""distinct: what is said of the rows fine-tuning sees."""

import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import (
    CORNERS,
    fitted,
    name_of,
    record,
    wide_specs,
)
from theory import Spec, tuning_curve
from ui.figures import models
from ui.language import words
from ui.language.words import FLOOR
from ui.lessons.distinct import sentences as distinct_sentences
from ui.lessons.distinct.text import PAGE
from ui.server import sampling
from ui.server.results import experiment

LABELS = models.LABELS
# Losses of one model computed twice, by narration's records and by hand, in another order of sums.
SAME_LOSS = 1e-9
OPTIONS = PAGE.prediction.options


def are_one_beside(a, b, weights):
    """Whether two parts of models agree up to rounding, beside the models' own length."""
    size = max(np.linalg.norm(weights[key]) for key in ("fine_tune", "golden"))
    return np.linalg.norm(a - b) <= words.SAME * size


# in which bars fine-tuned and golden differ


@given(specs(overlap=st.just(0.0), rows=st.integers(1, 60)))
@settings(max_examples=60)
@example(Spec(d=200, overlap=0.0))
@example(Spec(d=40, overlap=0.0, n_retain=30, n_tune=5, noise=1.0))
@example(Spec(d=1, overlap=0.0, n_retain=9, n_forget=3, noise=1.0))
@example(Spec(d=10, overlap=0.0, n_retain=9, n_forget=3, n_tune=2, noise=1.0))
def test_what_is_said_of_the_bars_is_what_they_are(spec):
    problem, weights, _ = fitted(spec)
    found = experiment(spec, models.CAST_KEYS)
    keep, forget = (
        not are_one_beside(weights["fine_tune"][b], weights["golden"][b], weights)
        for b in (problem.blocks.retain, problem.blocks.forget)
    )
    right = {(0, 0): "none", (1, 0): "keep", (0, 1): "forget", (1, 1): "both"}[keep, forget]
    for guess in OPTIONS:
        said = distinct_sentences.verdict(OPTIONS, guess, found, spec)
        assert said.startswith(f"You guessed “{OPTIONS[guess]}”")
        assert (", and so it is." in said) == (guess == right)
        assert guess == right or f"the answer is “{OPTIONS[right]}”" in said
    said = distinct_sentences.verdict(OPTIONS, None, found, spec)
    assert said.startswith(f"**{OPTIONS[right]}.**")
    why = distinct_sentences.why(found, spec)
    assert said.endswith(why)
    assert bool(why) == (right != "none" or not spec.d_forget)
    assert distinct_sentences.bars(found, spec) == (why or models.fine_tuning(spec, found.records, found.weights))
    if "stays there" in said:
        assert not weights["golden"][problem.blocks.forget].any()
        held = np.linalg.norm(weights["pretrained"][problem.blocks.forget])
        assert f"a length of {words.number(held)} stays there" in said
    assert ("other weights than golden" in said) == keep
    assert not keep or spec.tune_rows < spec.n_retain
    cut = np.where(np.arange(spec.d) < problem.blocks.forget.start, weights["pretrained"], 0.0)
    if "it is golden" in said:
        np.testing.assert_allclose(cut, weights["golden"], atol=1e-7 * np.linalg.norm(weights["pretrained"]))


# how many rows fine-tuning sees


def check_tuning_rows(spec):
    problem, _, records = fitted(spec)
    rows = sampling.tuning_rows(spec)
    losses = tuning_curve(problem, rows)
    text = distinct_sentences.tuning_rows(rows, losses, records["golden"])
    low, high = losses.min(), losses.max()
    stays = high <= FLOOR or high - low <= SAME_LOSS * high
    assert ("the unlearning loss stays" in text) == (stays and len(rows) > 1)
    assert ("one row to keep that there is, the unlearning loss is" in text) == (len(rows) == 1)
    assert ("With 1 row to keep to fine-tune on" in text) == (not stays)
    if not stays:
        shown = re.search(r"loss is (.*?), with ([0-9,]+) it is (.*?); golden's", text)
        assert shown[2] == f"{spec.n_retain:,}"
        assert (shown[1], shown[3]) == (words.loss_text(losses[0]), words.loss_text(losses[-1]))
    else:
        assert f"{words.loss_text(high)}; golden's" in text
        assert ("exactly 0" in text.partition(";")[0]) == (high <= FLOOR)
    assert text.endswith(f"golden's is **{words.loss_text(records['golden'].unlearning_loss)}**.")
    heard = distinct_sentences.describe_tuning_curve(rows, losses, records["golden"])
    assert f"{words.loss_text(losses[0])} after fine-tuning on 1 row to keep," in heard
    assert f"{words.loss_text(losses[-1])} on {words.rows_kept(spec.n_retain)};" in heard
    return text


@given(wide_specs)
@example(Spec(d=5, overlap=1.0, n_retain=1, n_forget=9, noise=0.5))
@example(Spec(d=30, overlap=0.0, n_retain=5, n_forget=5))
@example(Spec(d=10, overlap=0.0, n_retain=9, n_forget=9, noise=5.0))
@example(Spec(d=10, overlap=0.5, n_retain=9, n_forget=9, noise=5.0))
def test_the_sentence_on_rows_is_true(spec):
    check_tuning_rows(spec)


@pytest.mark.parametrize("spec", [c for c in CORNERS if c.n_tune is None], ids=name_of)
def test_the_sentence_on_rows_is_true_at_the_corners(spec):
    check_tuning_rows(spec)


def test_after_the_only_row_there_is_nothing_stays():
    # One noisy row moves the model; "stays" would say that it does not.
    assert "stays" not in check_tuning_rows(Spec(d=1, overlap=1.0, n_retain=1, n_forget=9, noise=0.5))


def test_the_answer_is_not_heard_before_the_guess():
    rows, losses, golden = (1, 5), np.array([0.123, 0.456]), record("golden", unlearning_loss=0.789)
    heard = distinct_sentences.describe_tuning_curve(rows, losses, golden, frozenset({"fine_tune"}))
    assert "0.789" in heard
    assert "0.123" not in heard
    assert "0.456" not in heard
