"""The charts as sentences, for readers who hear them: their accessible names, with the numbers they draw."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, LossCurve, Metrics, Spec
from ui.narration.words import SAME, loss_text, number, plural


def describe_tuning_run(steps: Sequence[int], errors: Array, gradient: Array, golden: Array) -> str:
    """Return the dead button as a sentence: error and gradient before the first step and after the last."""
    last = len(steps) - 1
    before, after, level = (loss_text(float(np.mean(e**2))) for e in (errors[0], errors[last], golden))
    rows = "Error on " + ("the row" if len(golden) == 1 else f"each of {len(golden):,} rows") + " to forget"
    if last == 0:
        return (
            f"{rows}. Mean squared error: {before} before the first step of fine-tuning; golden's is {level}. "
            f"The gradient's length is {gradient[0]:.0e}. The answer follows the guess."
        )
    return (
        f"{rows}, with steps of fine-tuning as a slider. "
        f"Mean squared error: {before} before the first step, {after} after {steps[-1]:,}; golden's is {level}. "
        f"The gradient's length goes from {gradient[0]:.0e} to {gradient[last]:.0e}."
    )


def describe_losses(records: Sequence[Metrics], labels: Mapping[str, str], hidden: frozenset[str] = frozenset()) -> str:
    """Return the loss lanes as a sentence, for readers who hear the chart."""
    parts = (
        f"{labels[r.key]}: remaining loss {loss_text(r.remaining_loss)}, unlearning loss {loss_text(r.unlearning_loss)}"
        for r in records
        if r.key not in hidden
    )
    return "Losses on a log axis. " + "; ".join(parts) + "."


def describe_anatomy(
    weights: Mapping[str, Array], spec: Spec, labels: Mapping[str, str], hidden: frozenset[str] = frozenset()
) -> str:
    """Return the weight anatomy as a sentence: how large every model's forget-only weights are."""
    tail = slice(spec.d - spec.d_forget, spec.d)
    sizes = ((key, float(np.linalg.norm(w[tail])), float(np.linalg.norm(w))) for key, w in weights.items())
    parts = ", ".join(
        f"{labels[key]} {'0' if size <= SAME * whole else number(size)}"
        for key, size, whole in sizes
        if key not in hidden
    )
    return (
        f"Bars of all {spec.d:,} weights: {plural(spec.d_retain, 'retain-only feature')}, "
        f"{spec.d_overlap:,} shared, {spec.d_forget:,} forget-only. "
        f"Length of the forget-only part: {parts}."
    )


def describe_overlap_curve(
    curve: LossCurve,
    records: Sequence[Metrics],
    spec: Spec,
    labels: Mapping[str, str],
    hidden: frozenset[str] = frozenset(),
) -> str:
    """Return the overlap curve as a sentence: its two ends for every model, and the current draw."""
    ends = "; ".join(
        f"{labels[key]} from {loss_text(mean[0])} to {loss_text(mean[-1])}"
        for (key, loss), mean in curve.mean.items()
        if loss == "unlearning_loss" and key not in hidden
    )
    now = ", ".join(f"{labels[r.key]} {loss_text(r.unlearning_loss)}" for r in records if r.key not in hidden)
    return (
        f"Mean unlearning loss over {plural(curve.draws, 'draw')}, "
        f"from {curve.overlaps[0]:.0%} to {curve.overlaps[-1]:.0%} overlap: "
        f"{ends}. This draw, at {100 * spec.overlap:.4g}%: {now}."
    )


def describe_tuning_curve(
    rows: Sequence[int], losses: Array, golden: Metrics, hidden: frozenset[str] = frozenset()
) -> str:
    """Return the tuning curve as a sentence: its two ends under golden's level."""
    if hidden:
        return (
            f"Golden's unlearning loss as a level: {loss_text(golden.unlearning_loss)}. The answer follows the guess."
        )
    first, last = loss_text(float(losses[0])), loss_text(float(losses[-1]))
    return (
        f"Unlearning loss of the fine-tuned model: {first} after fine-tuning on {plural(rows[0], 'retain row')}, "
        f"{last} on {plural(rows[-1], 'retain row')}; golden's level is {loss_text(golden.unlearning_loss)}."
    )
