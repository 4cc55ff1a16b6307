"""What the remedies erase, how near golden they end, and why: sentences true at every setting."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from theory import METHODS, Array, Metrics, OverlapCurve, Spec
from theory.data import Data
from ui.figures.models import LABELS, at_golden, outcomes
from ui.figures.style import REMEDIES
from ui.language import Texts, say
from ui.language.words import (
    SAME,
    in_turn,
    is_zero,
    judged,
    loss_text,
    losses_same,
    number,
    plural,
    rows_kept,
    rows_to_forget,
    same,
)

CAST_KEYS = ("pretrained", "fine_tune", *REMEDIES, "golden")
# What every model is called on this page.
SHORT = Texts(
    {
        "fine_tune": METHODS["fine_tune"].label,
        "keep_overlap": "Option A",
        "drop_overlap": "Option B",
        "project": "Projection",
        "golden": METHODS["golden"].label,
    }
)
# Height of one panel of weights: four of them stand beside the bars.
PANEL = 88
UNMIXED = "On the data before the features were mixed: mixing leaves no blocks of features to speak of."


def on_mixed(spec: Data) -> str:
    """Return what mixing the features does to each remedy."""
    shown = {"tune_rows": f"{spec.tune_rows:,}", "rows": rows_kept(spec.n_retain)}
    return in_turn(
        say("With mixed features every row uses every feature. A mask that goes by features then fails."),
        say(
            "Option A erases nothing, Option B everything: as fine-tuning sees every row to keep, it retrains from "
            "scratch."
        )
        if spec.tune_rows == spec.n_retain
        else say(
            "Option A erases nothing, Option B everything: it trains from scratch on {tune_rows} of {rows}.", **shown
        ),
        say("The projection does not look at single features: its distance to golden is what it was."),
    )


class Found(Protocol):
    """What is known of the remedies on one problem (`results.Remedied`)."""

    @property
    def weights(self) -> Mapping[str, Array]:
        """Weights (d,) by model."""

    @property
    def records(self) -> Mapping[str, Metrics]:
        """Metrics by model."""

    @property
    def masked_loss(self) -> float:
        """UL of Option A's erased model, before fine-tuning."""


def hidden(told: bool) -> frozenset[str]:
    """Return the models whose part of a picture waits for the guess."""
    return frozenset() if told else frozenset({"fine_tune", *REMEDIES})


def size(weights: Mapping[str, Array]) -> float:
    """Return the length beside which a distance is rounding or not."""
    return max(float(np.linalg.norm(weights[key])) for key in ("pretrained", "golden"))


def distance_text(distance: float, scale: float) -> str:
    """Return a distance between models of length `scale`; rounding is 0."""
    return "0" if distance <= SAME * scale else number(distance)


def stages(weights: Mapping[str, Array], erased: Array, chosen: str) -> dict[str, Array]:
    """Return the models on the way: pretrained, erased, fine-tuned after that, and golden as the aim."""
    return {
        "pretrained": weights["pretrained"],
        "erased": erased,
        chosen: weights[chosen],
        "golden": weights["golden"],
    }


def stage_labels(chosen: str) -> dict[str, str]:
    """Return what the stages are called on screen."""
    return {
        "pretrained": LABELS["pretrained"],
        "erased": say("{model}: erased (hollow: as it was)", model=SHORT[chosen]),
        chosen: say("{model}: erased, then fine-tuned", model=SHORT[chosen]),
        "golden": LABELS["golden"],
    }


def _what_it_erases(spec: Data, chosen: str, mixed: bool) -> str:
    if chosen == "project":
        return say(
            "Projection kept the part of the pretrained model that the rows to keep can see, and erased the rest."
        )
    name = SHORT[chosen]
    if chosen == "keep_overlap":
        count = 0 if mixed else spec.d_forget
        if count == 0:
            return say(
                "No feature belongs to the rows to forget alone, so **Option A has nothing to erase**: it "
                "ends where plain fine-tuning ends."
            )
        return say(
            "{name} erased {weights} out of {d:,}: those that only the rows to forget use.",
            name=name,
            weights=plural(count, "weight"),
            d=spec.d,
        )
    count = spec.d if mixed else spec.d_overlap + spec.d_forget
    if count < spec.d:
        return say(
            "{name} erased {weights} out of {d:,}: all that the rows to forget use.",
            name=name,
            weights=plural(count, "weight"),
            d=spec.d,
        )
    shown = {"rows": rows_kept(spec.tune_rows), "n_retain": f"{spec.n_retain:,}"}
    if spec.tune_rows == spec.n_retain:
        return say(
            "The rows to forget use every feature, so Option B erased every weight: what follows is training from "
            "scratch on {rows}, **retraining in disguise**.",
            **shown,
        )
    return say(
        "The rows to forget use every feature, so Option B erased every weight: what follows is training from scratch "
        "on {rows} out of {n_retain}.",
        **shown,
    )


def outcome(spec: Data, records: Mapping[str, Metrics], weights: Mapping[str, Array], chosen: str, mixed: bool) -> str:
    """Return what the chosen remedy erased and where it ended, against plain fine-tuning and golden."""
    scale = size(weights)
    shown = {
        "distance": distance_text(records[chosen].distance, scale),
        "plain": distance_text(records["fine_tune"].distance, scale),
    }
    if at_golden(weights, chosen):
        ends = say("After fine-tuning it **is golden**: the weights agree up to rounding.")
    elif at_golden(weights, "fine_tune"):
        ends = say(
            "After fine-tuning it is **{distance}** away from golden; plain fine-tuning ends at golden.", **shown
        )
    else:
        ends = say(
            "After fine-tuning it is **{distance}** away from golden; plain fine-tuning ends {plain} away.", **shown
        )
    return in_turn(_what_it_erases(spec, chosen, mixed), ends)


def _hardly(record: Metrics, weights: Mapping[str, Array]) -> bool:
    """Whether the retain rows see all of a model, up to rounding."""
    return record.leftover <= SAME * size(weights)


def why_not_golden(spec: Data, found: Found) -> str:
    """Return why Option A is not golden, or that it is, from what the retain rows cannot see of it."""
    kept, golden = found.records["keep_overlap"], found.records["golden"]
    if at_golden(found.weights, "keep_overlap"):
        return say("**Why is Option A golden here?** The rows to keep can see all of what it keeps.")
    if _hardly(kept, found.weights):
        return say(
            "**Why is Option A not golden here?** Fine-tuning sees {seen:,} of {rows}, and Option A fits all of them "
            "less well: its remaining loss is {loss}, golden's is {aim}. Fine-tuned on all of them, it would be "
            "golden.",
            seen=spec.tune_rows,
            rows=rows_kept(spec.n_retain),
            loss=loss_text(kept.remaining_loss, short=True),
            aim=loss_text(golden.remaining_loss, short=True),
        )
    because = say(
        "**Why is Option A not golden here?** The shared weights it keeps were trained on the rows to forget too. A "
        "part of length {leftover} is invisible to the rows to keep and stays.",
        leftover=number(kept.leftover),
    )
    loss, aim = found.masked_loss, golden.unlearning_loss
    shown = {"loss": loss_text(loss), "aim": loss_text(aim)}
    if losses_same(loss, found.records["pretrained"].unlearning_loss):
        return in_turn(
            because,
            say(
                "Erasing alone leaves the unlearning loss at {before}; golden's is {after}.",
                before=loss_text(loss, short=True),
                after=loss_text(aim, short=True),
            ),
        )
    if losses_same(loss, aim):
        against = say("Golden's is the same.")
    elif loss < aim:
        against = say("Golden's is {aim}: what is missing, the shared weights still remember.", **shown)
    else:
        against = say("Golden's is {aim}: a larger loss than golden's is not golden either.", **shown)
    return in_turn(
        because,
        say(
            "Erasing alone brings the unlearning loss from 0 to {loss}, exactly what the erased weights contributed.",
            **shown,
        )
        if is_zero(found.records["pretrained"].unlearning_loss)
        else say("Erasing alone brings the unlearning loss to {loss}.", **shown),
        against,
    )


def right(found: Found) -> frozenset[str]:
    """Return which guesses of Option A's error on the rows to forget are right."""
    return outcomes({"fine_tune": found.records["keep_overlap"], "golden": found.records["golden"]})


def verdict(options: Mapping[str, str], guess: str | int | None, found: Found, spec: Data) -> str:
    """Return how a guess about Option A's error on the rows to forget compares with it.

    Without a guess, what that error is, and golden's.
    """
    told = judged(options, guess, right(found))
    if guess is not None:
        return told
    losses = say(
        "Option A's mean squared error on {rows} is {loss}, golden's is {golden}.",
        rows=rows_to_forget(spec.n_forget),
        loss=loss_text(found.records["keep_overlap"].unlearning_loss),
        golden=loss_text(found.records["golden"].unlearning_loss),
    )
    return in_turn(told, losses)


def _on_this_draw(a: float, b: float, scale: float) -> str:
    """Return which option ends nearer to golden on the draw at hand, from both distances."""
    shown = {"letter": "A" if a < b else "B", "a": distance_text(a, scale), "b": distance_text(b, scale)}
    if max(a, b) <= SAME * scale:
        return say("On this draw, both options end at golden.")
    if same(a, b, scale):
        return say("On this draw, both options end equally far from golden (A {a}, B {b} away).", **shown)
    return say("On this draw, **Option {letter} is nearer to golden** (A {a}, B {b} away).", **shown)


def _on_average(a: float, b: float, scale: float, **where: object) -> str:
    """Return which option ends nearer to golden on average; `where` says over how many draws, and at which overlap."""
    shown = {"letter": "A" if a < b else "B", "a": distance_text(a, scale), "b": distance_text(b, scale), **where}
    if max(a, b) <= SAME * scale:
        return say(
            "On average over {draws} at {part:.4g}% overlap, the computed one next to yours, both end at golden.",
            **shown,
        )
    if same(a, b, scale):
        return say(
            "On average over {draws} at {part:.4g}% overlap, the computed one next to yours, both end equally far "
            "from golden (A {a}, B {b} away).",
            **shown,
        )
    return say(
        "On average over {draws} at {part:.4g}% overlap, the computed one next to yours, **Option {letter}** is "
        "nearer (A {a}, B {b} away).",
        **shown,
    )


def _all_one(curve: OverlapCurve, scale: float) -> bool:
    """Whether the remedies' curves are one line in both pictures, up to rounding."""
    return all(
        float(np.ptp([curve.mean[key, what] for key in REMEDIES], axis=0).max()) <= SAME * size
        for what, size in (("distance", scale), ("unlearning_gap", scale**2))
    )


def nearer(curve: OverlapCurve, spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    """Return which mask is nearer to golden: on this draw, and on average at the computed overlap next to it."""
    scale = size(weights)
    at = int(np.abs(curve.overlaps - spec.overlap).argmin())
    a, b = (float(curve.mean[key, "distance"][at]) for key in ("keep_overlap", "drop_overlap"))
    part = 100 * replace(spec, overlap=float(curve.overlaps[at])).d_overlap / spec.d
    return in_turn(
        _on_this_draw(records["keep_overlap"].distance, records["drop_overlap"].distance, scale),
        _on_average(a, b, scale, draws=plural(curve.draws, "draw"), part=part),
        say("The projection is golden.") if at_golden(weights, "project") else "",
        say("The three curves lie on one another.") if _all_one(curve, scale) else "",
        say(
            "Neither always wins: A keeps what the rows to forget taught the shared weights, B loses what the rows to "
            "keep taught them."
        ),
    )


def _first_kept(rows: Sequence[int], losses: Array) -> int | None:
    """Return the first number of rows from which on a remaining loss stays zero."""
    broken = [i for i, loss in enumerate(losses) if not is_zero(float(loss))]
    after = broken[-1] + 1 if broken else 0
    return rows[after] if after < len(rows) else None


def rows_needed(rows: Sequence[int], found: Mapping[tuple[str, str], Array], before: float) -> str:
    """Return what the number of fine-tuning rows does to the remaining loss of every remedy.

    `before` is the pretrained model's: only what it fits exactly can be broken.
    """
    return in_turn(
        say("The pretrained model's remaining loss is {before}.", before=loss_text(before)),
        *(_kept_by(SHORT[key], rows, found[key, "remaining_loss"], is_zero(before)) for key in REMEDIES),
    )


def _kept_by(model: str, rows: Sequence[int], losses: Array, intact: bool) -> str:
    whole = _first_kept(rows, losses)
    told = {"model": model, "first": loss_text(float(losses[0])), "last": loss_text(float(losses[-1]))}
    if whole == rows[0]:
        return say("{model} has 0 at every number of rows shown.", **told)
    if whole is not None and intact:
        return say(
            "**{model} breaks it**: {first} after {n:,} row, 0 from {whole:,} on.",
            "**{model} breaks it**: {first} after {n:,} rows, 0 from {whole:,} on.",
            n=rows[0],
            whole=whole,
            **told,
        )
    if whole is not None:
        return say(
            "{model} has {first} after {n:,} row, 0 from {whole:,} on.",
            "{model} has {first} after {n:,} rows, 0 from {whole:,} on.",
            n=rows[0],
            whole=whole,
            **told,
        )
    if len(rows) == 1:
        return say("{model} has {first} after {n:,} row.", "{model} has {first} after {n:,} rows.", n=rows[0], **told)
    return say(
        "{model} has {first} after {n:,} row, {last} after {more:,}.",
        "{model} has {first} after {n:,} rows, {last} after {more:,}.",
        n=rows[0],
        more=rows[-1],
        **told,
    )
