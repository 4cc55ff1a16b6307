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
    Scene,
    Spec,
    Triangle,
    TwoRows,
    draw,
    expected_unlearning_loss,
    fit_all,
    gradient_length,
    gradient_path,
    largest_stable_step,
    loss_curve,
    measure,
    scene,
    triangle,
    tuning_curve,
    two_rows,
)
from ui.sampling import ANGLES, FINE_OVERLAPS, OVERLAPS, STARTS, STEPS, curve_draws, tuning_rows


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


@st.cache_data(max_entries=64, show_spinner=False)
def exact_triangle(spec: Spec) -> Triangle:
    """Return the triangle of a Spec, with fine-tuning from each of `STARTS`."""
    return triangle(draw(spec), STARTS)


@st.cache_data(max_entries=64, show_spinner=False)
def two_features(spec: Spec) -> tuple[TwoRows, ...]:
    """Return weight space for two features at each of `ANGLES`, with w* from the seed of a Spec.

    The axes point along golden and along the leftover, so that no coordinate of w* is negative.
    """
    w_star = np.abs(draw(Spec(d=2, n_retain=1, n_forget=1, seed=spec.seed)).w_star)
    return tuple(two_rows(w_star, degrees) for degrees in ANGLES)


@st.cache_data(max_entries=64, show_spinner=False)
def three_features(spec: Spec, start: float) -> Scene:
    """Return weight space for three features and one row of each kind, with the overlap, noise and seed of a Spec."""
    return scene(draw(replace(spec, d=3, n_retain=1, n_forget=1, n_tune=None)), start)
