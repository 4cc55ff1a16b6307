"""What the page start computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from theory import (
    Array,
    Metrics,
    Spec,
    gradient_length,
    gradient_path,
    largest_stable_step,
)
from ui.figures.models import CAST_KEYS, moved
from ui.language.words import is_nothing, is_zero
from ui.lessons.start.text import STEPS
from ui.server.cache import kept
from ui.server.results import experiment, problem_of


@dataclass(frozen=True, eq=False)
class TuningRun:
    """Gradient descent on the retain rows, from the pretrained model, as the forget rows see it.

    Shapes: steps and gradient (k,), its length, 0 where that is rounding beside the gradient of a model without
    weights; errors (k, n_forget) the absolute error on every forget row, golden (n_forget,) the same for golden, labels
    (n_forget,), readings (n_forget,) by model: what each predicts for the forget rows.
    """

    steps: tuple[int, ...]
    gradient: Array
    errors: Array
    golden: Array
    labels: Array
    readings: Mapping[str, Array]

    def after(self, record: Metrics) -> Metrics:
        """Return the record of the fine-tuned model with the unlearning loss it has after the last of these steps."""
        return replace(record, unlearning_loss=float(np.mean(self.errors[-1] ** 2)))


@kept(64)
def tuning_run(spec: Spec) -> TuningRun:
    """Return the run of `STEPS` gradient steps at half the largest stable step size, in closed form."""
    problem = problem_of(spec)
    X_t, y_t, X_f, y_f = problem.X_t, problem.y_t, problem.X_f, problem.y_f
    path = gradient_path(X_t, y_t, problem.w_o, STEPS, largest_stable_step(X_t) / 2)
    lengths = gradient_length(X_t, y_t, path.weights)
    (size,) = gradient_length(X_t, y_t, np.zeros((1, spec.d)))
    return TuningRun(
        steps=STEPS,
        gradient=np.array([0.0 if is_nothing(length, size) else length for length in lengths]),
        errors=np.abs(path.weights @ X_f.T - y_f),
        golden=np.abs(X_f @ problem.w_g - y_f),
        labels=y_f,
        readings={"pretrained": X_f @ problem.w_o, "fine_tune": X_f @ path.limit, "golden": X_f @ problem.w_g},
    )


def ended_records(spec: Spec) -> Mapping[str, Metrics]:
    """Return the records of the three models, the fine-tuned one as it is after the last of the steps."""
    records = experiment(spec, CAST_KEYS).records
    return {**records, "fine_tune": tuning_run(spec).after(records["fine_tune"])}


def reason(spec: Spec) -> tuple[bool, bool, bool]:
    """Return what `sentences.mechanism` asks: whether it moved, whether the rows were fitted, whether they use all."""
    found, problem = experiment(spec, CAST_KEYS), problem_of(spec)
    missed = problem.X_t @ problem.w_o - problem.y_t
    return moved(found.weights), is_zero(float(np.mean(missed**2))), problem.tune_space.rank == spec.d
