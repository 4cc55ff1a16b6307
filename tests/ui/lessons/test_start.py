"""start: what is said of the attack and of the run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import (
    TWO_DIGITS,
    read,
    record,
)
from theory import Spec, draw
from ui.figures import models
from ui.lessons.start import LESSON
from ui.lessons.start import sentences as start_sentences
from ui.lessons.start.results import reason
from ui.plot.view import View

LABELS = models.LABELS


# why


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 40)))
def test_the_reason_for_a_motion_is_that_of_the_rows_trained_on(spec):
    problem = draw(spec)
    text = start_sentences.mechanism(*reason(spec))
    X, y, w = problem.X_t, problem.y_t, problem.w_o
    rank, size = np.linalg.matrix_rank(X), np.linalg.norm(problem.y) + 1
    errors = y - X @ w
    if "errors are zero" in text:
        assert np.abs(errors).max() <= 1e-6 * size
    if "the sum is zero" in text:
        assert np.linalg.norm(X.T @ errors) <= 1e-6 * np.linalg.norm(X) * size
        assert np.abs(errors).max() > 1e-8
    if "every direction" in text:
        assert rank == spec.d
    if "do not use" in text:
        assert rank < spec.d
        tuned = w + np.linalg.pinv(X) @ errors
        beyond = np.eye(spec.d) - np.linalg.pinv(X) @ X
        np.testing.assert_allclose(beyond @ tuned, beyond @ w, atol=1e-8 * size)
    assert ("stays as it was" in text or "settle" in text) == (
        np.linalg.norm(np.linalg.pinv(X) @ errors) > 1e-9 * np.linalg.norm(w)
    )


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 40)))
def test_the_caption_compares_the_errors_once(spec):
    found = shown(spec).caption
    assert "errs less than golden" not in found or "is golden's" not in found
    assert "**No**" in found or "**Not to become" in found or "it is enough" in found


@pytest.mark.parametrize(("spec", "still"), [(Spec(), True), (Spec(d=100, n_retain=150, noise=0.5), False)])
def test_a_gradient_that_is_rounding_is_called_zero(spec, still):
    problem = draw(spec)
    length = np.linalg.norm(2 / len(problem.y_t) * problem.X_t.T @ (problem.X_t @ problem.w_o - problem.y_t))
    (before, *_) = shown(spec).figure.layout["annotations"]
    said = before["text"].split("pull of training: <b>")[1].removesuffix("</b>")
    assert (said == "0") == still
    assert still == (length < 1e-12)
    if not still:
        assert float(said) == pytest.approx(length, rel=TWO_DIGITS)


def shown(spec):
    return LESSON.figures["button"].draw(View(page="start", spec=spec))


# the attack


def readings(labels, tuned_error, golden_error):
    return {"pretrained": labels, "fine_tune": labels + tuned_error, "golden": labels - golden_error}


@pytest.mark.parametrize(
    ("tuned", "golden", "read_text", "versus"),
    [
        (1e-16, 0.5, "reads the 3 labels to the last digit", "Golden, which never saw the rows, misses by 0.500"),
        (0.25, 0.5, "misses the 3 labels by 0.250 on average", "misses by 0.500 on average."),
        (1e-16, 1e-15, "reads the 3 labels to the last digit", "So does golden: these labels follow"),
        (0.25, 1e-15, "misses the 3 labels by 0.250 on average", "Golden reads them: these labels follow"),
    ],
)
def test_the_attack_is_scored_by_its_mean_error(tuned, golden, read_text, versus):
    labels = np.array([1.0, -2.0, 0.5])
    text = start_sentences.attack_score(labels, readings(labels, tuned, golden))
    assert text.startswith("Whoever asks the fine-tuned model")
    assert read_text in text
    assert versus in text


@pytest.mark.parametrize(
    ("tuned", "golden", "texts"),
    [
        (1e-16, 0.5, ("reads the label to the last digit", "Golden, which never saw the row, misses it by 0.500.")),
        (1e-16, 1e-15, ("reads the label to the last digit", "So does golden: this label follows")),
        (0.25, 1e-15, ("misses the label by 0.250.", "Golden reads it: this label follows")),
    ],
)
def test_one_row_is_no_average(tuned, golden, texts):
    labels = np.array([1.0])
    said = start_sentences.attack_score(labels, readings(labels, tuned, golden))
    assert all(text in said for text in texts)
    assert "average" not in said
    assert "Pick a row" not in start_sentences.intro(1)
    assert "Pick a row" in start_sentences.intro(2)


def test_the_attack_on_one_row_shows_its_label_and_every_reading():
    labels = np.array([1.0, -2.0])
    text = start_sentences.attack(labels, readings(labels, 0.25, 1e-12), 1, LABELS)
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    assert table[2] == ["Pretrained", "-2.000000000000", "exactly 0"]
    assert table[3] == ["Fine-tuned", "-1.750000000000", "0.250"]
    assert table[4][0] == "Golden"
    assert read(table[4][2]) == pytest.approx(1e-12, rel=TWO_DIGITS)
    assert table[5][1:] == ["-2.000000000000", ""]


# the run


@pytest.mark.parametrize(
    ("errors", "text"),
    [
        (
            [[0.0, 0.0], [0.0, 0.0]],
            "After 1,000 steps the mean squared error on the 2 rows to forget is what it was: 0;",
        ),
        (
            [[1.0, 1.0], [1.0, 1.0]],
            "After 1,000 steps the mean squared error on the 2 rows to forget is what it was: 1.00;",
        ),
        (
            [[0.0, 0.0], [1.0, 3.0]],
            "1,000 steps took the mean squared error on the 2 rows to forget from 0 to 5.00;",
        ),
    ],
)
def test_the_run_is_told_by_its_two_ends(errors, text):
    end = record(unlearning_loss=float(np.mean(np.square(errors[-1]))))
    told = start_sentences.tuning_run((0, 1000), np.array(errors), np.array([1.0, 1.0]), end)
    assert told == f"{text} golden's is **1.00**."


def test_a_run_that_has_not_arrived_says_so():
    told = start_sentences.tuning_run((0, 1000), np.array([[1.0], [2.0]]), np.array([3.0]), record(unlearning_loss=9.0))
    assert "from 1.00 to 4.00; golden's is **9.00**. That is not the end of the road" in told


def test_the_run_is_heard_with_its_answer_only_after_the_guess():
    errors, gradient, golden = np.array([[1.0, 1.0], [3.0, 3.0]]), np.array([0.5, 2e-16]), np.array([2.0, 2.0])
    told = start_sentences.describe_tuning_run((0, 1000), errors, gradient, golden)
    assert "1.00 before the first step, 9.00 after 1,000; golden's is 4.00." in told
    assert "from 0.500 to 2.0 × 10⁻¹⁶" in told
    untold = start_sentences.describe_tuning_run((0,), errors, gradient, golden)
    assert "1.00 before the first step" in untold
    assert "golden's is 4.00" in untold
    assert "9.00" not in untold
    assert "10⁻¹⁶" not in untold
    assert untold.startswith("Error on each of 2 rows to forget.")
    one = start_sentences.describe_tuning_run((0,), errors[:, :1], gradient, golden[:1])
    assert one.startswith("Error on the row to forget.")
