"""What is computed once for a Spec and remembered: the only place that caches, every cache bounded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from theory import (
    CLAIMS,
    Array,
    Blocks,
    Check,
    LossCurve,
    Metrics,
    Modes,
    Spec,
    draw,
    expected_unlearning_loss,
    fit_all,
    gradient_length,
    gradient_modes,
    gradient_path,
    largest_stable_step,
    loss_curve,
    measure,
    objective_rows,
    ridge,
    tuning_curve,
    tuning_objective,
)
from ui.sampling import CLOCK_ALPHA, CLOCK_RIDGE, CLOCK_STEPS, FINE_OVERLAPS, OVERLAPS, STEPS, curve_draws, tuning_rows


@dataclass(frozen=True, eq=False)
class Experiment:
    """Several models on one problem: weights (d,) and Metrics by key, in the order asked for."""

    weights: Mapping[str, Array]
    records: Mapping[str, Metrics]
    blocks: Blocks


@st.cache_data(max_entries=64, show_spinner=False)
def experiment(spec: Spec, keys: tuple[str, ...]) -> Experiment:
    """Draw, fit and measure the methods on one Spec. At most 64 kept, below 0.2 MB each on the dashboard."""
    problem = draw(spec)
    weights, seconds = fit_all(problem, keys)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    return Experiment(weights, records, problem.blocks)


@st.cache_data(max_entries=64, show_spinner=False)
def tuning(spec: Spec) -> tuple[tuple[int, ...], Array]:
    """Return numbers of fine-tuning rows from 1 to n_retain and UL after fine-tuning on that many."""
    rows = tuning_rows(spec)
    return rows, tuning_curve(draw(spec), rows)


def mean_losses(spec: Spec, keys: tuple[str, ...]) -> LossCurve:
    """Return the mean losses against overlap for a Spec's other fields; its own overlap and seed do not matter."""
    return _mean_losses(replace(spec, overlap=0.0, seed=0), keys)


@st.cache_data(max_entries=64, show_spinner="Averaging over draws")
def _mean_losses(spec: Spec, keys: tuple[str, ...]) -> LossCurve:
    return loss_curve(spec, OVERLAPS, keys, curve_draws(spec))


@st.cache_data(max_entries=64, show_spinner=False)
def checks(spec: Spec, keys: tuple[str, ...]) -> dict[str, Check]:
    """Return both sides of the claims on the data of a Spec, by key."""
    problem = draw(spec)
    return {key: CLAIMS[key].check(problem) for key in keys}


@dataclass(frozen=True, eq=False)
class TuningRun:
    """Gradient descent on the retain rows, from the pretrained model, as the forget rows see it.

    Shapes: steps and gradient (k,), errors (k, n_forget) the absolute error on every forget row, golden (n_forget,) the
    same for golden, labels (n_forget,), readings (n_forget,) by model: what each predicts for the forget rows.
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


@st.cache_data(max_entries=64, show_spinner=False)
def tuning_run(spec: Spec) -> TuningRun:
    """Return the run of `STEPS` gradient steps at half the largest stable step size, in closed form."""
    problem = draw(spec)
    X_t, y_t, X_f, y_f = problem.X_t, problem.y_t, problem.X_f, problem.y_f
    path = gradient_path(X_t, y_t, problem.w_o, STEPS, largest_stable_step(X_t) / 2)
    return TuningRun(
        steps=STEPS,
        gradient=gradient_length(X_t, y_t, path.weights),
        errors=np.abs(path.weights @ X_f.T - y_f),
        golden=np.abs(X_f @ problem.w_g - y_f),
        labels=y_f,
        readings={"pretrained": X_f @ problem.w_o, "fine_tune": X_f @ path.limit, "golden": X_f @ problem.w_g},
    )


@st.cache_data(max_entries=64, show_spinner=False)
def expected_losses(spec: Spec) -> tuple[Array, Array]:
    """Return overlaps (101,) and theory's mean UL(w_g) at each, averaged over w* too; infinite where it diverges."""
    overlaps = np.array(FINE_OVERLAPS)
    return overlaps, np.array([expected_unlearning_loss(replace(spec, overlap=o)) for o in FINE_OVERLAPS])


def ridge_strength(X: Array) -> float:
    """Return the ridge that the page dynamics pretrains with, in proportion to the mean squared length of the rows."""
    return CLOCK_RIDGE * float(np.sum(X**2)) / len(X)


@st.cache_data(max_entries=32, show_spinner=False)
def modes(spec: Spec, start: str = "ridge", share: float = 0.5, decay: float = 0.0, objective: str = "retain") -> Modes:
    """Return `CLOCK_STEPS` of gradient descent, direction by direction. At most 32 kept, below 1 MB each.

    `start` is "pretrained", "ridge" or "zero"; `share` the step as a share of the largest stable one; `objective`
    "retain" or "shuffled".
    """
    problem = draw(spec)
    if start == "ridge":
        w_0 = ridge(problem.X, problem.y, ridge_strength(problem.X))
    else:
        w_0 = problem.w_o if start == "pretrained" else np.zeros(spec.d)
    rows = tuning_objective(problem) if objective == "retain" else objective_rows(problem, CLOCK_ALPHA, "shuffled")
    # largest_stable_step speaks of a mean over rows; these are scaled for a sum.
    step_size = share * largest_stable_step(np.sqrt(len(rows[0])) * rows[0], decay)
    found = gradient_modes(problem, w_0, CLOCK_STEPS, step_size, decay, rows)
    return replace(found, weights=found.weights[:0], held=found.held[:0])  # what no picture shows is not kept
