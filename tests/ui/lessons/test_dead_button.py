"""start: the bars of the dead button, step by step."""

import numpy as np
import pytest

from tests.ui.cases import SPECS, UNTOUCHED, drawn, fitted, the_trace
from theory import (
    gradient_path,
)
from ui.figures.models import LABELS
from ui.language.words import loss_text
from ui.lessons.start import figures as start_figures


def run_of(spec):
    """What the dead button is drawn from, computed by the theory alone."""
    problem, _, _ = fitted(spec)
    path = gradient_path(problem.X_t, problem.y_t, problem.w_o, (0, 1, 10), 1e-3)
    errors, golden = np.abs(path.weights @ problem.X_f.T - problem.y_f), np.abs(problem.X_f @ problem.w_g - problem.y_f)
    return (0, 1, 10), errors, np.array([1.0, 0.5, 0.25]), golden, LABELS


# dead button


@pytest.mark.parametrize("told", [True, False])
def test_the_dead_button_draws_every_step_and_only_the_first_before_the_guess(told):
    steps, errors, gradient, golden, labels = run_of(SPECS[2])
    errors = errors + 100 * np.arange(len(steps))[:, None]  # more than golden's, to see whether the axis knows
    figure = drawn(start_figures.dead_button(steps, errors, gradient, golden, labels, "light", told))
    bars, marks = the_trace(figure, model="golden"), the_trace(figure, model="fine_tune" if told else "pretrained")
    assert ("fine-tuned" in marks["name"]) == told
    for trace, heights in ((bars, golden), (marks, errors[0])):
        np.testing.assert_allclose(trace["x"], np.arange(1, len(golden) + 1), **UNTOUCHED)
        np.testing.assert_allclose(trace["y"], heights, **UNTOUCHED)
    top = figure["layout"]["yaxis"]["range"][1]
    assert top > golden.max()
    assert top > (errors.max() if told else errors[0].max())
    first = drawn(start_figures.dead_button((0,), errors[:1], gradient[:1], golden, labels, "light", told))
    # Before the guess the axis is as long as it would be without an answer.
    assert (top == first["layout"]["yaxis"]["range"][1]) == (not told)
    frames = figure.get("frames", [])
    assert len(frames) == (len(steps) if told else 0)
    assert not {"sliders", "updatemenus"} & figure["layout"].keys()  # the scrubber is beside the chart
    for i, frame in enumerate(frames):
        assert frame["name"] == str(steps[i])
        assert frame["traces"] == [figure["data"].index(marks)]
        np.testing.assert_allclose(frame["data"][0]["y"], errors[i], **UNTOUCHED)
        assert loss_text(float(np.mean(errors[i] ** 2)), short=True) in frame["layout"]["annotations"][0]["text"]
        count = "1 step" if steps[i] == 1 else f"{steps[i]:,} steps"
        assert f"<b>{count}</b>:" in frame["layout"]["annotations"][0]["text"]


@pytest.mark.parametrize("told", [True, False])
def test_the_dead_button_says_the_steps_at_which_it_stands(told):
    steps, errors, gradient, golden, labels = run_of(SPECS[2])
    figure = drawn(start_figures.dead_button(steps, errors, gradient, golden, labels, "light", told))
    (caption,) = figure["layout"]["annotations"]
    assert "after <b>0 steps</b>" in caption["text"]  # the reader starts the motion
    if told:
        assert figure["frames"][0]["layout"]["annotations"] == [caption]


@pytest.mark.parametrize("rows", [1, 2, 9, 10, 500])
def test_a_bar_of_the_dead_button_is_no_slab(rows):
    error = np.ones(rows)
    figure = drawn(start_figures.dead_button((0,), error[None], np.ones(1), error, LABELS, "light"))
    bars = the_trace(figure, model="golden")
    low, high = figure["layout"]["xaxis"]["range"]
    assert bars["width"] / (high - low) <= 1 / 15
    assert bars["width"] < 1
    assert ("this row" in bars["name"]) == (rows == 1)


@pytest.mark.parametrize(("rows", "size"), [(1, 9), (50, 9), (500, 4)])
def test_marks_of_many_rows_let_the_bars_be_seen(rows, size):
    error = np.ones(rows)
    figure = drawn(start_figures.dead_button((0,), error[None], np.ones(1), error, LABELS, "light"))
    marks = the_trace(figure, model="fine_tune")
    assert marks["marker"]["size"] == size
    assert figure["layout"]["legend"]["itemsizing"] == "constant"  # the legend's mark stays as large as it was
