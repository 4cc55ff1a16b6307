"""overlap: what is said of the curve."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.ui.cases import (
    fitted,
    small_curve,
)
from theory import Spec, expected_unlearning_loss
from ui.figures import models
from ui.language import words
from ui.language.words import FLOOR
from ui.lessons.overlap import LESSON
from ui.lessons.overlap import sentences as overlap_sentences
from ui.plot.route import picture
from ui.plot.view import read_view
from ui.server import sampling

LABELS = models.LABELS


# overlap


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 30)))
@settings(max_examples=40)
def test_the_sentence_on_overlap_is_true(spec):
    curve = small_curve(spec)
    text = overlap_sentences.overlap_trend(curve)
    tuned, golden = (curve.mean[key, "unlearning_loss"] for key in ("fine_tune", "golden"))
    assert text.startswith("On average over 2 draws")
    assert ("at each of the 4 overlaps computed" in text) == (tuned.max() <= FLOOR)
    shown = re.findall(r"goes from (.*?)(?: with no overlap)? to (.*?)(?: with full overlap)?(?:; |\.$)", text)
    drawn = [golden] if tuned.max() <= FLOOR else [tuned, golden]
    assert shown == [(words.loss_text(mean[0]), words.loss_text(mean[-1])) for mean in drawn]


def test_between_the_points_of_a_curve_nothing_is_promised():
    # Zero at all nine overlaps of the dashboard's curve, and 0.1 at 2% overlap.
    spec = Spec(d=200, n_retain=105, n_forget=50, n_tune=100, noise=0.5)
    text = overlap_sentences.overlap_trend(small_curve(spec, draws=1, overlaps=sampling.OVERLAPS))
    assert "at each of the 9 overlaps computed" in text
    assert "1 draw," in text
    between = small_curve(spec, draws=1, overlaps=(0.02,)).mean["fine_tune", "unlearning_loss"]
    assert between > 1e-3


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 30)))
def test_a_peak_is_explained_exactly_where_the_expectation_is_infinite(spec):
    text = overlap_sentences.overlap_peak(spec)
    at = [replace(spec, overlap=k / spec.d) for k in range(1, spec.d + 1)]
    peaks = [s for s in at if s.d - s.d_forget == s.n_retain and np.isinf(expected_unlearning_loss(s))]
    assert bool(text) == bool(peaks)
    assert not text or any(text.startswith(f"Near {s.overlap:.0%} overlap the") for s in peaks)


def test_the_case_of_the_peak_says_why_golden_errs_so_much():
    case = next(preset for preset in LESSON.page.presets if preset.key == "crowded")
    view = read_view(LESSON.page, {key: [str(value)] for key, value in case.values.items()})
    caption = picture(LESSON, "curve", view).caption
    assert "Near 40% overlap the 70 rows to keep are as many as the features they use: golden fits the noise" in caption


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 30)), st.booleans())
@settings(max_examples=30)
def test_what_is_heard_of_the_overlap_curve_is_on_it(spec, told):
    curve, (_, _, records) = small_curve(spec), fitted(spec)
    hidden = frozenset() if told else frozenset({"fine_tune"})
    heard = overlap_sentences.describe_overlap_curve(curve, list(records.values()), spec, LABELS, hidden)
    means, now = heard.split("This draw")
    for key in LABELS.keys() & records.keys():
        mean = curve.mean[key, "unlearning_loss"]
        shown = f"{LABELS[key]} from {words.loss_text(mean[0])} to {words.loss_text(mean[-1])}"
        assert (shown in means) == (key not in hidden)
        shown = f"{LABELS[key]} {words.loss_text(records[key].unlearning_loss)}"
        assert (shown in now) == (key not in hidden)
    assert float(re.match(r", at ([0-9.e-]+)%:", now)[1]) == pytest.approx(100 * spec.d_overlap / spec.d, rel=1e-3)


@pytest.mark.parametrize(
    ("overlap", "d", "text"),
    [(0.0, 20, "0%"), (0.07, 20, "5%"), (0.005, 200, "0.5%"), (0.4, 7, "42.86%"), (1.0, 9, "100%")],
)
def test_the_overlap_that_is_said_is_the_share_that_is_shared(overlap, d, text):
    spec = Spec(d=d, n_retain=3, n_forget=3, overlap=overlap)
    assert f", at {text}: " in overlap_sentences.describe_overlap_curve(small_curve(spec, 1), [], spec, LABELS)
