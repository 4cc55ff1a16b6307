"""The pictures of the page remedy as sentences, for readers who hear them."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Blocks, Metrics, OverlapCurve
from ui.figures.style import REMEDIES
from ui.language import say
from ui.language.words import loss_text, plural, rows_kept
from ui.lessons.remedy.sentences import SHORT, distance_text, size


def describe_weights(
    drawn: Mapping[str, Array], blocks: Blocks, labels: Mapping[str, str], unseen: frozenset[str] = frozenset()
) -> str:
    """Return the weights on the way as a sentence: how long each model is, and how many weights are zero."""
    scale = max(float(np.linalg.norm(w)) for w in drawn.values())
    d = blocks.forget.stop
    parts = ", ".join(
        say(
            "{labels} {norm} ({count_nonzero:,} at zero)",
            labels=labels[key],
            norm=distance_text(float(np.linalg.norm(w)), scale),
            count_nonzero=int(np.count_nonzero(w == 0)),
        )
        for key, w in drawn.items()
        if key not in unseen
    )
    return say(
        "Bars of all {d:,} weights of a model, before and after erasing. Length of the weights: {parts}.",
        d=d,
        parts=parts,
    )


def describe_bars(
    records: Mapping[str, Metrics], weights: Mapping[str, Array], unseen: frozenset[str] = frozenset()
) -> str:
    """Return the bars as a sentence: distance, UL and RL of every model shown."""
    scale = size(weights)
    parts = "; ".join(
        say(
            "{name}: distance {distance}, unlearning loss {unlearning_loss}, remaining loss {remaining_loss}",
            name=name,
            distance=distance_text(records[key].distance, scale),
            unlearning_loss=loss_text(records[key].unlearning_loss),
            remaining_loss=loss_text(records[key].remaining_loss),
        )
        for key, name in SHORT.items()
        if key not in unseen
    )
    return say("Bars of the distance to golden and both losses. {parts}.", parts=parts)


def describe_overlap(curve: OverlapCurve, scale: float) -> str:
    """Return the curves against overlap as a sentence: both ends for every remedy."""
    parts = "; ".join(
        say(
            "{model} from {ends} to {ends2}",
            model=SHORT[key],
            ends=distance_text(float(ends[0]), scale),
            ends2=distance_text(float(ends[-1]), scale),
        )
        for key in REMEDIES
        for ends in (curve.mean[key, "distance"],)
    )
    return say(
        "Mean distance to golden over {draws}, from {overlaps:.0%} to {overlaps2:.0%} overlap: {parts}.",
        draws=plural(curve.draws, "draw"),
        overlaps=curve.overlaps[0],
        overlaps2=curve.overlaps[-1],
        parts=parts,
    )


def describe_rows(rows: Sequence[int], found: Mapping[tuple[str, str], Array]) -> str:
    """Return the curves against fine-tuning rows as a sentence: both ends for every remedy."""
    parts = "; ".join(
        say(
            "{model} from {losses} to {losses2}",
            model=SHORT[key],
            losses=loss_text(float(losses[0])),
            losses2=loss_text(float(losses[-1])),
        )
        for key in REMEDIES
        for losses in (found[key, "remaining_loss"],)
    )
    return say(
        "Remaining loss after fine-tuning on {rows:,} to {retain_rows}: {parts}.",
        rows=rows[0],
        retain_rows=rows_kept(rows[-1]),
        parts=parts,
    )
