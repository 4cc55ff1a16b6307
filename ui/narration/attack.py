"""What an attacker reads off the models, and what the steps of fine-tuning did to it."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics
from ui.language import say
from ui.narration.words import look_same, loss_text, losses_same, number, plural, rows_to_forget

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
    if len(labels) == 1:
        return _single_score(tuned, golden)
    rows = plural(len(labels), "forgotten row")
    if tuned <= READS:
        read = say("reads the label to the last digit the computer keeps")
    else:
        read = say("misses the label by {tuned} on average", tuned=number(tuned))
    if golden <= READS < tuned:
        versus = say("Golden reads them: these labels follow from the rows to keep.")
    elif golden <= READS:
        versus = say("So does golden: these labels follow from the rows to keep.")
    else:
        versus = say("Golden, which never saw them, misses by {golden} on average.", golden=number(golden))
    return say(
        "Over the {rows}, whoever asks the fine-tuned model {read}. {versus}", rows=rows, read=read, versus=versus
    )


def _single_score(tuned: float, golden: float) -> str:
    if tuned <= READS:
        read = say("Whoever asks the fine-tuned model reads the label to the last digit the computer keeps.")
    else:
        read = say("Whoever asks the fine-tuned model misses the label by {tuned}.", tuned=number(tuned))
    if golden <= READS < tuned:
        versus = say("Golden reads it: this label follows from the rows to keep.")
    elif golden <= READS:
        versus = say("So does golden: this label follows from the rows to keep.")
    else:
        versus = say("Golden, which never saw the row, misses it by {golden}.", golden=number(golden))
    return f"{read} {versus}"


def intro(count: int) -> str:
    """Return what the attacker is to do with that many forgotten rows."""
    if count == 1:
        return say(
            "The label of the forgotten row has been deleted. Ask each model for it."
            " The last line is what was deleted, to check against."
        )
    return say(
        "The labels of the forgotten rows have been deleted. Pick a row, and ask each model for its label."
        " The last line is what was deleted, to check against."
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
            "After {steps:,} steps the mean squared error on {rows} is what it was: {last}; {level}",
            steps=steps[-1],
            rows=rows_to_forget(len(golden)),
            last=loss_text(last),
            level=level,
        )
    return say(
        "{steps:,} steps took the mean squared error on {rows} from {first} to {last}; {level}",
        steps=steps[-1],
        rows=rows_to_forget(len(golden)),
        first=loss_text(first),
        last=loss_text(last),
        level=level,
    )
