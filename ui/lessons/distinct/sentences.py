"""What the page distinct says of its numbers."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Blocks, Metrics, Spec
from ui.figures.models import fine_tuning
from ui.language import say
from ui.language.words import (
    in_turn,
    is_nothing,
    judged,
    loss_text,
    losses_same,
    number,
    one_model,
    rows_kept,
)
from ui.server.results import Experiment


def differing(weights: Mapping[str, Array], blocks: Blocks) -> str:
    """Return in which weights fine-tuned and golden differ: "none", those of "keep" or of "forget", or "both"."""
    tuned, golden = weights["fine_tune"], weights["golden"]
    size = max(float(np.linalg.norm(tuned)), float(np.linalg.norm(golden)))
    keep, forget = (
        not is_nothing(float(np.linalg.norm(tuned[block] - golden[block])), size)
        for block in (blocks.retain, blocks.forget)
    )
    return {(0, 0): "none", (1, 0): "keep", (0, 1): "forget", (1, 1): "both"}[keep, forget]


def verdict(options: Mapping[str, str], guess: str | int | None, found: Experiment, spec: Spec) -> str:
    """Return how a guess about the bars that differ compares with those that do; without one, which do, and why."""
    told = judged(options, guess, {differing(found.weights, found.blocks)})
    return told if guess is not None else in_turn(told, why(found, spec))


def why(found: Experiment, spec: Spec) -> str:
    """Return why the bars of fine-tuned and golden differ where they do; "" where they do not."""
    weights, blocks = found.weights, found.blocks
    right = differing(weights, blocks)
    told = []
    if right in ("forget", "both"):
        held = number(float(np.linalg.norm(weights["fine_tune"][blocks.forget])))
        told.append(
            say(
                "Training on the rows to keep cannot reach the weights of features that they do not use: a length of "
                "{held} stays there, where golden has 0.",
                held=held,
            )
        )
    elif blocks.forget.start == blocks.forget.stop:
        told.append(say("No feature is left for the rows to forget alone."))
    seen = {"seen": f"{spec.tune_rows:,}", "rows": rows_kept(spec.n_retain)}
    if right == "both":
        told.append(say("On the others it has learned other weights than golden: it sees {seen} of {rows}.", **seen))
    elif right == "keep":
        told.append(say("It has learned other weights than golden: it sees {seen} of {rows}.", **seen))
    cut = weights["pretrained"].copy()
    cut[blocks.forget] = 0.0
    if right == "forget" and one_model(cut, weights["golden"]):
        told.append(say("Set these weights of the pretrained model to zero, and it is golden."))
    return in_turn(*told)


def bars(found: Experiment, spec: Spec) -> str:
    """Return what the picture of the weights shows: why they differ, or, where they do not, what fine-tuning did."""
    return why(found, spec) or fine_tuning(spec, found.records, found.weights)


def tuning_rows(rows: Sequence[int], losses: Array, golden: Metrics) -> str:
    """Return what the number of fine-tuning rows does to the unlearning loss, against golden's."""
    low, high = float(losses.min()), float(losses.max())
    shown = {
        "few": rows_kept(rows[0]),
        "all": f"{rows[-1]:,}",
        "first": loss_text(float(losses[0])),
        "last": loss_text(float(losses[-1])),
        "loss": loss_text(high),
        "golden": loss_text(golden.unlearning_loss),
    }
    if len(rows) == 1:
        return say(
            "After fine-tuning on the one row to keep that there is, the unlearning loss is {loss}; golden's is "
            "**{golden}**.",
            **shown,
        )
    if losses_same(low, high):
        return say(
            "Whether fine-tuning sees {few} or {all}, the unlearning loss stays {loss}; golden's is **{golden}**.",
            **shown,
        )
    return say(
        "With {few} to fine-tune on, the unlearning loss is {first}, with {all} it is {last}; golden's is "
        "**{golden}**.",
        **shown,
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
        retain_rows=rows_kept(rows[0]),
        last=last,
        retain_rows2=rows_kept(rows[-1]),
        unlearning_loss=loss_text(golden.unlearning_loss),
    )
