"""What a map can vary, `AXES`, and what it can show, `MEASURES`."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from theory.averages import (
    expected_distance_ratio,
    expected_leftover_share,
    expected_membership_auc,
    expected_tuned_loss,
    expected_unlearning_gap,
    expected_unlearning_loss,
)
from theory.cells import READINGS, Setting
from theory.spec import MAX_ROWS, Spec


@dataclass(frozen=True)
class Axis:
    """One thing a map can vary.

    Definition: a range, and how a setting is moved to a value and asked for its own.
    Shapes: one number each.
    Errors: `at` raises ValueError where no valid Spec has the value; `values` for a count below 1.
    Source: theory section 1.

    Attributes
    ----------
    key, label, symbol : name in code and data, on screen, in LaTeX.
    low, high : the range worth a map; 0 rows count as one.
    log : whether the range is explored on a log scale; 0 is allowed beside it.
    idea : one sentence.
    keeps_data : whether cells along it have the same rows and features.
    """

    key: str
    label: str
    symbol: str
    low: float
    high: float
    log: bool
    idea: str
    keeps_data: bool
    _at: Callable[[Setting, float], Setting]
    _of: Callable[[Setting], float]

    def at(self, setting: Setting, value: float) -> Setting:
        """Return the setting moved to `value`; rows are rounded to whole ones, at least one."""
        if not math.isfinite(value):
            raise ValueError(
                f"{self.key} must be a finite number, got {value!r}: choose from {self.low:g} to {self.high:g}"
            )
        return self._at(setting, value)

    def of(self, setting: Setting) -> float:
        """Return the value the setting has, after rounding to whole rows."""
        return self._of(setting)

    def values(self, count: int) -> tuple[float, ...]:
        """Return `count` values, evenly spaced from low to high; on a logarithmic scale the first of them is 0."""
        at_least_one("count", count, "ask for one value or more")
        if self.log:
            found = [0.0, *np.geomspace(self.low, self.high, count - 1)]
        else:
            found = list(np.linspace(self.low, self.high, count))
        return tuple(float(f"{v:.10g}") for v in found)


def at_least_one(name: str, value: object, way_out: str) -> None:
    """Raise ValueError unless a value is a whole number from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number, at least 1, got {value!r}: {way_out}")


def _rows(name: str, share: float, whole: int) -> int:
    """Return that share of `whole` in rows, at least one."""
    if not 0 <= share * whole <= MAX_ROWS:
        raise ValueError(f"{name} must give between 0 and {MAX_ROWS:,} rows, got {share!r}: lower it")
    return max(1, round(share * whole))


def _with(setting: Setting, **changes: float | int | None) -> Setting:
    return replace(setting, spec=replace(setting.spec, **changes))  # type: ignore[arg-type]


def _tuned_share(spec: Spec) -> float:
    return spec.tune_rows / spec.n_retain


def _at_rows(setting: Setting, value: float) -> Setting:
    """Change the retain rows; the share of them that fine-tuning sees stays."""
    spec = setting.spec
    n_retain = _rows("rows_per_feature", value, spec.d)
    n_tune = None if spec.n_tune is None else min(n_retain, _rows("tune_share", _tuned_share(spec), n_retain))
    return _with(setting, n_retain=n_retain, n_tune=n_tune)


def _at_tuning(setting: Setting, value: float) -> Setting:
    n_retain = setting.spec.n_retain
    if value > 1:
        raise ValueError(f"tune_share must be at most 1, got {value!r}: fine-tune on rows there are")
    n_tune = _rows("tune_share", value, n_retain)
    return _with(setting, n_tune=None if n_tune == n_retain else n_tune)


_AXES = (
    Axis(
        "rows_per_feature",
        "Rows to keep per feature",
        r"n_r / d",
        0.0,
        2.0,
        False,
        "More rows to keep leave fewer directions that fine-tuning cannot see.",
        False,
        _at_rows,
        lambda s: s.spec.n_retain / s.spec.d,
    ),
    Axis(
        "overlap",
        "Feature overlap",
        r"d_{\mathrm{overlap}} / d",
        0.0,
        1.0,
        False,
        "What only the rows to forget use, the rows to keep cannot change.",
        False,
        lambda s, v: _with(s, overlap=v),
        lambda s: s.spec.overlap,
    ),
    Axis(
        "noise",
        "Label noise",
        r"\sigma",
        0.0,
        1.0,
        False,
        "Without noise one model fits everything, and fine-tuning has nothing to correct.",
        True,
        lambda s, v: _with(s, noise=v),
        lambda s: s.spec.noise,
    ),
    Axis(
        "tune_share",
        "Share of rows to keep fine-tuning sees",
        r"n_t / n_r",
        0.0,
        1.0,
        False,
        "Fine-tuning can only correct what it sees.",
        True,
        _at_tuning,
        lambda s: _tuned_share(s.spec),
    ),
    Axis(
        "decay",
        "Weight decay",
        r"\lambda",
        1e-4,
        1.0,
        True,
        "A pull of every weight towards zero also acts where no row does.",
        True,
        lambda s, v: replace(s, decay=v),
        lambda s: s.decay,
    ),
    Axis(
        "forget_share",
        "Rows to forget per row to keep",
        r"n_f / n_r",
        0.0,
        2.0,
        False,
        "More rows to forget leave more in the model to be forgotten.",
        False,
        lambda s, v: _with(s, n_forget=_rows("forget_share", v, s.spec.n_retain)),
        lambda s: s.spec.n_forget / s.spec.n_retain,
    ),
)
# In this order a grid applies them: the shares of the retain rows follow their number.
AXES: Mapping[str, Axis] = MappingProxyType({axis.key: axis for axis in _AXES})


@dataclass(frozen=True)
class Measure:
    """One number a map can show.

    Definition: see `read_cells`.
    Shapes: one number a cell and draw.
    Errors: none.
    Source: theory sections 1, 2 and 6.

    Attributes
    ----------
    key, label, formula : name in code and data, on screen, in LaTeX.
    idea : one sentence.
    low, high : its natural range; None where it has no end.
    expected : its mean over the draws of a setting, in closed form; None where there is none.
    """

    key: str
    label: str
    formula: str
    idea: str
    low: float | None
    high: float | None
    expected: Callable[[Setting], float | None]


_MEASURES = (
    Measure(
        "distance_ratio",
        "Distance ratio",
        r"\frac{|w_t - w_g|}{|w_o - w_g|}",
        "How much of the way to golden is left: 1 is where fine-tuning started, 0 is golden.",
        0.0,
        None,
        expected_distance_ratio,
    ),
    Measure(
        "unlearning_gap",
        "Unlearning gap: UL minus golden's",
        r"\mathrm{UL}(w_t) - \mathrm{UL}(w_g)",
        "Below 0 the model still remembers the rows to forget; 0 is golden's loss on them.",
        None,
        None,
        expected_unlearning_gap,
    ),
    Measure(
        "membership_auc",
        "Membership attack: AUC",
        r"P(|r_{\mathrm{forget}}| < |r_{\mathrm{fresh}}|)",
        "How well small errors give the rows to forget away: 0.5 is no trace, 1 is certain.",
        0.0,
        1.0,
        expected_membership_auc,
    ),
    Measure(
        "leftover_share",
        "Leftover share",
        r"\frac{|(I - P_r)\,w_t|^2}{|w_t|^2}",
        "The share of the fine-tuned model, in squares, that the rows to keep cannot see; golden has none.",
        0.0,
        1.0,
        expected_leftover_share,
    ),
    Measure(
        "golden_loss",
        "Golden's unlearning loss",
        r"\mathrm{UL}(w_g)",
        "What a model that never saw the rows to forget loses on them.",
        0.0,
        None,
        lambda setting: expected_unlearning_loss(setting.spec),
    ),
    Measure(
        "tuned_loss",
        "Fine-tuned's unlearning loss",
        r"\mathrm{UL}(w_t)",
        "What the fine-tuned model loses on the rows to forget: 0 is remembering them exactly.",
        0.0,
        None,
        expected_tuned_loss,
    ),
)
MEASURES: Mapping[str, Measure] = MappingProxyType({measure.key: measure for measure in _MEASURES})
assert tuple(MEASURES) == READINGS
