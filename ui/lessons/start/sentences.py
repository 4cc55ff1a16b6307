"""What the page start says of its numbers."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics, Spec
from ui.figures.models import at_golden
from ui.language import say
from ui.language.words import (
    awaited,
    in_turn,
    is_zero,
    look_same,
    loss_likeness,
    loss_text,
    losses_same,
    number,
    plural,
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
    if moved and everywhere:
        return in_turn(every, say("Here these rows use every direction, so they settle the whole model."))
    if moved:
        return in_turn(every, say("So what these rows do not use stays as it was."))
    return in_turn(
        every,
        say("Here these errors are zero, so every step is zero.")
        if fitted
        else say("Here the sum is zero: no weights fit these rows better."),
        "" if everywhere else say("What these rows do not use, no step can move."),
    )


# An attacker who misses a label by no more than this has read it: rounding stands in the way of anything closer.
READS = 1e-8


def attack(labels: Array, readings: Mapping[str, Array], row: int, names: Mapping[str, str]) -> str:
    """Return what an attacker who reads one forgotten label off each model gets, against the true label."""
    truth = float(labels[row])
    lines = [say("| model | reads | off by |\n|---|---|---|")]
    for key, reading in readings.items():
        off = abs(float(reading[row]) - truth)
        lines.append(
            f"| {names[key]} | {float(reading[row]):.12f} | {loss_text(off) if off <= READS else number(off)} |"
        )
    return "\n".join([*lines, say("| *the deleted label* | {truth:.12f} | |", truth=truth)])


def attack_score(labels: Array, readings: Mapping[str, Array]) -> str:
    """Return the attack's typical error over all forgotten rows, on the fine-tuned model and on golden."""
    tuned, golden = (float(np.mean(np.abs(readings[key] - labels))) for key in ("fine_tune", "golden"))
    shown = {"n": len(labels), "tuned": number(tuned), "golden": number(golden)}
    if tuned <= READS:
        read = say(
            "Whoever asks the fine-tuned model reads the label to the last digit.",
            "Whoever asks the fine-tuned model reads the {n:,} labels to the last digit.",
            **shown,
        )
    else:
        read = say(
            "Whoever asks the fine-tuned model misses the label by {tuned}.",
            "Whoever asks the fine-tuned model misses the {n:,} labels by {tuned} on average.",
            **shown,
        )
    if golden <= READS < tuned:
        versus = say(
            "Golden reads it: this label follows from the rows to keep.",
            "Golden reads them: these labels follow from the rows to keep.",
            **shown,
        )
    elif golden <= READS:
        versus = say(
            "So does golden: this label follows from the rows to keep.",
            "So does golden: these labels follow from the rows to keep.",
            **shown,
        )
    else:
        versus = say(
            "Golden, which never saw the row, misses it by {golden}.",
            "Golden, which never saw the rows, misses by {golden} on average.",
            **shown,
        )
    return in_turn(read, versus)


def intro(count: int) -> str:
    """Return what the attacker is to do with that many forgotten rows."""
    return say(
        "The label of the row to forget has been deleted. Ask each model for it.",
        "The labels of the rows to forget have been deleted. Pick a row, and ask each model for its label.",
        n=count,
    )


def tuning_run(steps: Sequence[int], errors: Array, golden: Array, tuned: Metrics) -> str:
    """Return what the steps of gradient descent did to the mean squared error on the forgotten rows.

    `tuned` is the fine-tuned model, where the steps lead if they never end.
    """
    first, last = (float(np.mean(errors[i] ** 2)) for i in (0, -1))
    shown = {
        "rows": rows_to_forget(len(golden)),
        "steps": f"{steps[-1]:,}",
        "first": loss_text(first, short=True),
        "last": loss_text(last, short=True),
        "golden": loss_text(float(np.mean(golden**2))),
    }
    if losses_same(first, last):
        went = say(
            "After {steps} steps the mean squared error on {rows} is what it was: {last}; golden's is **{golden}**.",
            **shown,
        )
    elif shown["first"] == shown["last"]:
        went = say(
            "After {steps} steps the mean squared error on {rows} has hardly changed: {last}; golden's is "
            "**{golden}**.",
            **shown,
        )
    else:
        went = say(
            "{steps} steps took the mean squared error on {rows} from {first} to {last}; golden's is **{golden}**.",
            **shown,
        )
    further = not look_same(last, tuned.unlearning_loss)
    return in_turn(went, say("That is not the end of the road: more steps would change it further.") if further else "")


def step_texts(steps: Sequence[int]) -> list[str]:
    """Return what the scrubber of the dead button says at every number of steps."""
    return [say("after {steps}", steps=plural(k, "step")) for k in steps]


def describe_tuning_run(steps: Sequence[int], errors: Array, gradient: Array, golden: Array, told: bool = False) -> str:
    """Return the dead button as a sentence: error and gradient before the first step and after the last.

    Of one step alone it says what the answer waits for, whether it is `told` or not.
    """
    last = len(steps) - 1
    before, after, level = (loss_text(float(np.mean(e**2))) for e in (errors[0], errors[last], golden))
    shown = {
        "n": len(golden),
        "before": before,
        "after": after,
        "steps": f"{steps[-1]:,}",
        "level": level,
        "pull": number(float(gradient[0])),
        "rest": number(float(gradient[last])),
    }
    rows = say("Error on the row to forget.", "Error on each of {n:,} rows to forget.", **shown)
    if last == 0:
        return in_turn(
            rows,
            say(
                "Mean squared error: {before} before the first step of fine-tuning; golden's is {level}. The "
                "gradient's length is {pull}.",
                **shown,
            ),
            awaited(told),
        )
    return in_turn(
        rows,
        say(
            "With steps of fine-tuning as a slider. Mean squared error: {before} before the first step, {after} after "
            "{steps}; golden's is {level}. The gradient's length goes from {pull} to {rest}.",
            **shown,
        ),
    )
