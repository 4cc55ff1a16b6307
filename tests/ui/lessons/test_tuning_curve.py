"""distinct: the curve of the rows fine-tuning sees."""

import numpy as np
import pytest
from hypothesis import example, given, settings

from tests.ui.cases import HIDDEN, UNTOUCHED, drawn, fitted, small_specs, the_trace, traces
from theory import (
    Spec,
    tuning_curve,
)
from ui.figures.models import LABELS
from ui.lessons.distinct import figures as distinct_figures
from ui.server import sampling

# tuning curve


@pytest.mark.parametrize("told", [True, False])
@given(spec=small_specs)
@settings(max_examples=25)
@example(spec=Spec(d=5, overlap=1.0, n_retain=1, n_forget=3, noise=1.0))
@example(spec=Spec(d=5, overlap=1.0, n_retain=9, n_forget=3, n_tune=4, noise=1.0))
def test_the_tuning_curve_draws_its_numbers(spec, told):
    problem, _, records = fitted(spec)
    rows = sampling.tuning_rows(spec)
    found = tuning_curve(problem, rows)
    hidden = frozenset() if told else HIDDEN
    listed = list(records.values())
    figure = drawn(distinct_figures.tuning_curve(rows, found, listed, spec.tune_rows, LABELS, "light", hidden))
    level = the_trace(figure, model="golden")
    assert set(level["y"]) == {records["golden"].unlearning_loss}
    left, right = figure["layout"]["xaxis"]["range"]
    low, high = figure["layout"]["yaxis"]["range"]
    assert left < right
    assert left <= min(level["x"]) < max(level["x"]) <= right
    assert low < 0 < high
    assert records["golden"].unlearning_loss < high
    if rows[-1] <= 9:
        assert figure["layout"]["xaxis"]["dtick"] == 1, "there is no fraction of a row"
    marks = [t for t in figure["data"] if "marks" in t["meta"]]
    if not told:
        assert not traces(figure, model="fine_tune")
        assert not marks
        return
    line, (mark,) = the_trace(figure, model="fine_tune"), marks
    np.testing.assert_allclose(line["x"], rows, **UNTOUCHED)
    np.testing.assert_allclose(line["y"], found, **UNTOUCHED)
    assert list(mark["x"]) == [spec.tune_rows]
    assert list(mark["y"]) == [records["fine_tune"].unlearning_loss]
    assert records["fine_tune"].unlearning_loss < high
    assert left < spec.tune_rows < right
