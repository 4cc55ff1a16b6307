"""What an attacker reads off the models, and what the steps of fine-tuning did to it."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics
from ui.language import say
from ui.narration.words import look_same, loss_text, losses_same, number, plural

# An attacker who misses a label by no more than this has read it: rounding stands in the way of anything closer.
READS = 1e-8


def attack(labels: Array, readings: Mapping[str, Array], row: int, names: Mapping[str, str]) -> str:
    """Return what an attacker who reads one forgotten label off each model gets, against the true label."""
    truth = float(labels[row])
    lines = [say("| model | reads | misses the label by |\n|---|---|---|")]
    for key, reading in readings.items():
        off = abs(float(reading[row]) - truth)
        lines.append(
            f"| {names[key]} | {float(reading[row]):.12f} | {loss_text(off) if off <= READS else number(off)} |"
        )
    return "\n".join([*lines, say("| *the label that was deleted* | {truth:.12f} | |", truth=truth)])


def attack_score(labels: Array, readings: Mapping[str, Array]) -> str:
    """Return the attack's typical error over all forgotten rows, on the fine-tuned model and on golden."""
    tuned, golden = (float(np.mean(np.abs(readings[key] - labels))) for key in ("fine_tune", "golden"))
    rows = plural(len(labels), "forgotten row")
    if tuned <= READS:
        read = say("reads the label to the last digit the computer keeps")
    else:
        read = say("misses the label by {tuned} on average", tuned=number(tuned))
    if golden <= READS:
        versus = say("So does golden: these labels follow from the rows to keep.")
    else:
        versus = say("Golden, which never saw them, misses by {golden} on average.", golden=number(golden))
    return say(
        "Over the {rows}, whoever asks the fine-tuned model {read}. {versus}", rows=rows, read=read, versus=versus
    )


def tuning_run(steps: Sequence[int], errors: Array, golden: Array, tuned: Metrics) -> str:
    """Return what the steps of gradient descent did to the mean squared error on the forgotten rows.

    `tuned` is the fine-tuned model, where the steps lead if they never end.
    """
    first, last = (float(np.mean(errors[i] ** 2)) for i in (0, -1))
    level = say("golden's is **{mean}**.", mean=loss_text(float(np.mean(golden**2))))
    if not look_same(last, tuned.unlearning_loss):
        level += say(" That is not the end of the road: what follows holds once nothing changes any more.")
    if losses_same(first, last):
        return say(
            "After {steps:,} steps the mean squared error on them is what it was: {last}; {level}",
            steps=steps[-1],
            last=loss_text(last),
            level=level,
        )
    return say(
        "{steps:,} steps took the mean squared error on them from {first} to {last}; {level}",
        steps=steps[-1],
        first=loss_text(first),
        last=loss_text(last),
        level=level,
    )
