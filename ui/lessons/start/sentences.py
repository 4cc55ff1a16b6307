"""What the page start says of its numbers."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics, Spec
from ui.figures.models import at_golden
from ui.language import say
from ui.language.words import (
    is_zero,
    look_same,
    loss_likeness,
    loss_text,
    losses_same,
    number,
    plural,
    rows_forgotten,
    rows_to_forget,
)


def enough(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    """Return whether it is enough to go on training on the rows to keep: the answer, to begin with."""
    rows = rows_to_forget(spec.n_forget)
    if at_golden(weights):
        return say("**Here it is enough**: where training ends, the model is golden.")
    tuned, golden = records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss
    if is_zero(tuned) and is_zero(golden):
        return say("**Not to become golden**, though the error on {rows} cannot show it here.", rows=rows)
    if is_zero(tuned):
        return say("**No**: the model still knows {rows} exactly.", rows=rows)
    how = loss_likeness(tuned, golden)
    if how == "same":
        return say("**No**: the error on {rows} is golden's, but the weights are not.", rows=rows)
    if how == "near":
        return say("**No**: the error on {rows} is nearly golden's, but the weights are not.", rows=rows)
    if tuned < golden:
        return say("**No**: the model errs less on {rows} than golden, which never saw them.", rows=rows)
    return say("**No**: the model errs more on {rows} than golden, and is another one.", rows=rows)


def mechanism(moved: bool, fitted: bool, everywhere: bool) -> str:
    """Return why training moves what it moves.

    `moved` says whether fine-tuning changed a weight, `fitted` whether the pretrained model fits the rows it trains on,
    `everywhere` whether these rows use every direction there is.
    """
    every = say("**Every step is a weighted sum of the rows it trains on**, each weighted by its error.")
    if not moved and fitted:
        here = say("Here these errors are zero, so every step is zero.")
    elif not moved:
        here = say("Here the sum is zero: no weights fit these rows better.")
    elif everywhere:
        return say("{every} Here these rows use every direction, so they settle the whole model.", every=every)
    else:
        return say("{every} So what these rows do not use stays as it was.", every=every)
    if everywhere:
        return f"{every} {here}"
    return say("{every} {here} And what these rows do not use, no step can move.", every=every, here=here)


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
    rows = rows_forgotten(len(labels))
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
            "The label of the row to forget has been deleted. Ask each model for it."
            " The last line is what was deleted, to check against."
        )
    return say(
        "The labels of the rows to forget have been deleted. Pick a row, and ask each model for its label."
        " The last line is what was deleted, to check against."
    )


def tuning_run(steps: Sequence[int], errors: Array, golden: Array, tuned: Metrics) -> str:
    """Return what the steps of gradient descent did to the mean squared error on the forgotten rows.

    `tuned` is the fine-tuned model, where the steps lead if they never end.
    """
    first, last = (float(np.mean(errors[i] ** 2)) for i in (0, -1))
    level = say("golden's is **{mean}**.", mean=loss_text(float(np.mean(golden**2))))
    if not look_same(last, tuned.unlearning_loss):
        level += say(" That is not the end of the road: more steps would change it further.")
    if losses_same(first, last):
        return say(
            "After {steps:,} steps the mean squared error on {rows} is what it was: {last}; {level}",
            steps=steps[-1],
            rows=rows_to_forget(len(golden)),
            last=loss_text(last),
            level=level,
        )
    if loss_text(first) == loss_text(last):
        return say(
            "After {steps:,} steps the mean squared error on {rows} has hardly changed: {last}; {level}",
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
