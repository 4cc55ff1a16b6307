"""What the page distinct says of its numbers."""

from collections.abc import Sequence

from theory import Array, Metrics
from ui.language import say
from ui.language.words import (
    loss_text,
    losses_same,
    rows_kept,
)


def tuning_rows(rows: Sequence[int], losses: Array, golden: Metrics) -> str:
    """Return what the number of fine-tuning rows does to the unlearning loss, against golden's."""
    low, high = float(losses.min()), float(losses.max())
    level = say("golden's unlearning loss is **{unlearning_loss}**.", unlearning_loss=loss_text(golden.unlearning_loss))
    counts = (
        say("After fine-tuning on the one row to keep that there is, the unlearning loss is")
        if len(rows) == 1
        else say(
            "Whether fine-tuning sees {retain_rows} or {rows:,}, the unlearning loss stays",
            retain_rows=rows_kept(rows[0]),
            rows=rows[-1],
        )
    )
    if losses_same(low, high):
        return f"{counts} {loss_text(high)}; {level}"
    return say(
        "With {retain_rows} to fine-tune on, the unlearning loss is {losses}, with {rows:,} it is {losses2}; {level}",
        retain_rows=rows_kept(rows[0]),
        losses=loss_text(float(losses[0])),
        rows=rows[-1],
        losses2=loss_text(float(losses[-1])),
        level=level,
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
