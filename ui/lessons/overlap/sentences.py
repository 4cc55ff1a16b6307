"""What the page overlap says of its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from theory import Metrics, OverlapCurve, Spec
from ui.language import say
from ui.language.words import (
    is_zero,
    loss_text,
    plural,
)


def overlap_trend(curve: OverlapCurve) -> str:
    """Return what overlap does on average to the fine-tuned model's and golden's unlearning loss."""
    tuned, golden = (curve.mean[key, "unlearning_loss"] for key in ("fine_tune", "golden"))
    shown = {
        "draws": plural(curve.draws, "draw"),
        "most": loss_text(float(tuned.max())),
        "count": len(tuned),
        "none": loss_text(float(tuned[0])),
        "full": loss_text(float(tuned[-1])),
        "first": loss_text(float(golden[0])),
        "last": loss_text(float(golden[-1])),
    }
    if is_zero(float(tuned.max())):
        return say(
            "On average over {draws}, the fine-tuned model's unlearning loss is {most} at each of the {count} overlaps "
            "computed; golden's goes from {first} to {last}.",
            **shown,
        )
    return say(
        "On average over {draws}, the fine-tuned model's unlearning loss goes from {none} with no overlap to {full} "
        "with full overlap; golden's goes from {first} to {last}.",
        **shown,
    )


def overlap_peak(spec: Spec) -> str:
    """Return where along the overlaps golden's mean error is infinite, and why; nothing where it is nowhere."""
    shared = 2 * spec.n_retain - spec.d
    places = (replace(spec, overlap=k / spec.d) for k in range(max(shared - 1, 1), min(shared + 1, spec.d) + 1))
    at = [s for s in places if s.d_retain + s.d_overlap == spec.n_retain]
    if not at or spec.noise == 0:
        return ""
    return say(
        "Near {overlap:.0%} overlap the {rows:,} rows to keep are as many as the features they use: golden fits the "
        "noise in their labels, too, and its mean error on the rows to forget is infinite (double descent).",
        overlap=at[-1].d_overlap / spec.d,
        rows=spec.n_retain,
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
        part=100 * spec.d_overlap / spec.d,
        now=now,
    )
