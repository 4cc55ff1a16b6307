"""The charts as sentences, for readers who hear them: their accessible names, with the numbers they draw."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics, OverlapCurve, Spec
from ui.language import say
from ui.narration.words import SAME, loss_text, number, plural


def step_texts(steps: Sequence[int]) -> list[str]:
    """Return what the scrubber of the dead button says at every number of steps."""
    return [say("after {steps}", steps=plural(k, "step")) for k in steps]


def describe_tuning_run(steps: Sequence[int], errors: Array, gradient: Array, golden: Array) -> str:
    """Return the dead button as a sentence: error and gradient before the first step and after the last."""
    last = len(steps) - 1
    before, after, level = (loss_text(float(np.mean(e**2))) for e in (errors[0], errors[last], golden))
    rows = (
        say("Error on ")
        + (say("the row") if len(golden) == 1 else say("each of {golden:,} rows", golden=len(golden)))
        + say(" to forget")
    )
    if last == 0:
        return say(
            "{rows}. Mean squared error: {before} before the first step of fine-tuning; golden's is "
            "{level}. The gradient's length is {gradient}. The answer follows the guess.",
            rows=rows,
            before=before,
            level=level,
            gradient=number(float(gradient[0])),
        )
    return say(
        "{rows}, with steps of fine-tuning as a slider. Mean squared error: {before} before the "
        "first step, {after} after {steps:,}; golden's is {level}. The gradient's length goes "
        "from {gradient} to {gradient2}.",
        rows=rows,
        before=before,
        after=after,
        steps=steps[-1],
        level=level,
        gradient=number(float(gradient[0])),
        gradient2=number(float(gradient[last])),
    )


def describe_losses(records: Sequence[Metrics], labels: Mapping[str, str], hidden: frozenset[str] = frozenset()) -> str:
    """Return the loss lanes as a sentence, for readers who hear the chart."""
    parts = (
        say(
            "{labels}: remaining loss {remaining_loss}, unlearning loss {unlearning_loss}",
            labels=labels[r.key],
            remaining_loss=loss_text(r.remaining_loss),
            unlearning_loss=loss_text(r.unlearning_loss),
        )
        for r in records
        if r.key not in hidden
    )
    return say("Losses on a log axis. ") + "; ".join(parts) + "."


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
    return say(
        "Bars of all {d:,} weights: {retain_only_features}, {d_overlap:,} shared, {d_forget:,} "
        "forget-only. Length of the forget-only part: {parts}.",
        d=spec.d,
        retain_only_features=plural(spec.d_retain, "retain-only feature"),
        d_overlap=spec.d_overlap,
        d_forget=spec.d_forget,
        parts=parts,
    )


def describe_overlap_curve(
    curve: OverlapCurve,
    records: Sequence[Metrics],
    spec: Spec,
    labels: Mapping[str, str],
    hidden: frozenset[str] = frozenset(),
) -> str:
    """Return the overlap curve as a sentence: its two ends for every model, and the current draw."""
    ends = "; ".join(
        say("{labels} from {mean} to {mean2}", labels=labels[key], mean=loss_text(mean[0]), mean2=loss_text(mean[-1]))
        for (key, loss), mean in curve.mean.items()
        if loss == "unlearning_loss" and key not in hidden
    )
    now = ", ".join(f"{labels[r.key]} {loss_text(r.unlearning_loss)}" for r in records if r.key not in hidden)
    return say(
        "Mean unlearning loss over {draws}, from {overlaps:.0%} to {overlaps2:.0%} overlap: "
        "{ends}. This draw, at {part:.4g}%: {now}.",
        draws=plural(curve.draws, "draw"),
        overlaps=curve.overlaps[0],
        overlaps2=curve.overlaps[-1],
        ends=ends,
        part=100 * spec.overlap,
        now=now,
    )


def describe_tuning_curve(
    rows: Sequence[int], losses: Array, golden: Metrics, hidden: frozenset[str] = frozenset()
) -> str:
    """Return the tuning curve as a sentence: its two ends under golden's level."""
    if hidden:
        return say(
            "Golden's unlearning loss as a level: {unlearning_loss}. The answer follows the guess.",
            unlearning_loss=loss_text(golden.unlearning_loss),
        )
    first, last = loss_text(float(losses[0])), loss_text(float(losses[-1]))
    return say(
        "Unlearning loss of the fine-tuned model: {first} after fine-tuning on {retain_rows}, "
        "{last} on {retain_rows2}; golden's level is {unlearning_loss}.",
        first=first,
        retain_rows=plural(rows[0], "retain row"),
        last=last,
        retain_rows2=plural(rows[-1], "retain row"),
        unlearning_loss=loss_text(golden.unlearning_loss),
    )
