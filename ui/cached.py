"""What is computed once for a Spec and remembered: the only place that caches, every cache bounded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from theory import (
    Array,
    Blocks,
    LossCurve,
    Metrics,
    Spec,
    draw,
    expected_unlearning_loss,
    fit_all,
    loss_curve,
    measure,
    tuning_curve,
)

# Points on a curve: few enough to compute while someone waits, even enough to read a trend from.
OVERLAPS = tuple(np.linspace(0, 1, 9).tolist())
FINE_OVERLAPS = tuple(np.linspace(0, 1, 101).tolist())
TUNING_POINTS = 16
# Draws behind a mean curve: as many as this amount of arithmetic allows, within the bounds.
CURVE_WORK, FEWEST_DRAWS, MOST_DRAWS = 4e8, 2, 8


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
    rows = np.unique(np.linspace(1, spec.n_retain, TUNING_POINTS).round().astype(int)).tolist()
    return tuple(rows), tuning_curve(draw(spec), rows)


def mean_losses(spec: Spec, keys: tuple[str, ...]) -> LossCurve:
    """Return the mean losses against overlap for a Spec's other fields; its own overlap and seed do not matter."""
    return _mean_losses(replace(spec, overlap=0.0, seed=0), keys)


@st.cache_data(max_entries=64, show_spinner="Averaging over draws")
def _mean_losses(spec: Spec, keys: tuple[str, ...]) -> LossCurve:
    rows = spec.n_retain + spec.n_forget
    work = len(OVERLAPS) * rows * spec.d * max(min(rows, spec.d), 1)
    draws = int(min(max(CURVE_WORK // work, FEWEST_DRAWS), MOST_DRAWS))
    return loss_curve(spec, OVERLAPS, keys, draws)


@st.cache_data(max_entries=64, show_spinner=False)
def expected_losses(spec: Spec) -> tuple[Array, Array]:
    """Return overlaps (101,) and theory's mean UL(w_g) at each, averaged over w* too; infinite where it diverges."""
    overlaps = np.array(FINE_OVERLAPS)
    return overlaps, np.array([expected_unlearning_loss(replace(spec, overlap=o)) for o in FINE_OVERLAPS])
