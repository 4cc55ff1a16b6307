"""What fine-tuning did and what the models still know: sentences true at every setting."""

from collections.abc import Mapping

import numpy as np

from theory import METHODS, Array, Check, Claim, Metrics, Spec
from ui.language import Texts, say
from ui.language.words import (
    distance_pair,
    in_turn,
    is_zero,
    judged,
    likeness,
    look_same,
    loss_likeness,
    loss_pair,
    number,
    one_model,
    right_answer,
    rows_kept,
    rows_to_forget,
    sides,
    sides_same,
)

CAST_KEYS = ("pretrained", "fine_tune", "golden")
# What every model is called on screen.
LABELS = Texts({key: method.label for key, method in METHODS.items()})
# Where the sides of a claim come from a run of its own, and not from the models of the pages.
RUNS = Texts(
    {
        "I4": "From half the pretrained model.",
        "I7": "In a run of its own, with weight decay, from the pretrained model.",
        "D1": "To shuffled labels.",
        "D2": "Lengths of the weights, pushed to shuffled labels.",
        "D3": "Pushed to shuffled labels with little weight.",
        "D4": "Pushed with next to no weight.",
        "D5": "Pushed to opposite labels.",
    }
)


def moved(weights: Mapping[str, Array]) -> bool:
    """Whether fine-tuning changed the pretrained model at all."""
    return not one_model(weights["pretrained"], weights["fine_tune"])


def at_golden(weights: Mapping[str, Array], key: str = "fine_tune") -> bool:
    """Whether a model is golden up to rounding."""
    return one_model(weights[key], weights["golden"])


def _starts_afresh(spec: Spec) -> bool:
    """Whether the rows fine-tuning sees settle every weight, so that the start it had leaves no trace."""
    return spec.d_forget == 0 and spec.tune_rows >= spec.d


def _shared(spec: Spec) -> str:
    if spec.d_overlap == 0:
        return say("No feature is shared.")
    if spec.d_overlap == spec.d:
        return say("All features are shared.")
    return say("{n:,} of {d:,} features is shared.", "{n:,} of {d:,} features are shared.", n=spec.d_overlap, d=spec.d)


def _size(weights: Mapping[str, Array]) -> float:
    """Return the length beside which a distance is rounding or not."""
    return max(float(np.linalg.norm(weights[key])) for key in ("pretrained", "golden"))


def _what_it_did(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    if moved(weights):
        first, last, size = records["pretrained"].distance, records["fine_tune"].distance, _size(weights)
        before, after = distance_pair(first, last, size)
        told = {"rows": rows_kept(spec.tune_rows), "before": before, "after": after}
        how = likeness(last, first, size)
        if how == "same":
            return say("Fine-tuning on {rows} moved the weights: their distance to golden stays {after}.", **told)
        if how == "near":
            return say(
                "Fine-tuning on {rows} moved the weights: their distance to golden hardly changed, from {before} to "
                "{after}.",
                **told,
            )
        return say(
            "Fine-tuning on {rows} moved the weights: their distance to golden went from {before} to {after}.", **told
        )
    if is_zero(records["pretrained"].remaining_loss):
        return say("The pretrained model already fits every row to keep, so **fine-tuning changes no weight**.")
    if spec.tune_rows == spec.n_retain:
        return say(
            "No weights fit the rows to keep better than the pretrained ones, so **fine-tuning changes no weight**."
        )
    return say("No weights fit the rows it sees better than the pretrained ones, so **fine-tuning changes no weight**.")


def _what_it_knows(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    tuned, golden = records["fine_tune"], records["golden"]
    loss_t, loss_g = tuned.unlearning_loss, golden.unlearning_loss
    if is_zero(loss_t) and is_zero(loss_g):
        return say(
            "But golden, retrained without it, predicts the row to forget exactly too: its label follows from the rows "
            "to keep, so an error on it cannot show what is forgotten.",
            "But golden, retrained without them, predicts the {n:,} rows to forget exactly too: their labels follow "
            "from the rows to keep, so an error on them cannot show what is forgotten.",
            n=spec.n_forget,
        )
    if is_zero(loss_t):
        return say(
            "It still predicts the row to forget exactly; golden, retrained without it, misses by a mean squared error "
            "of **{loss_g}**.",
            "It still predicts the {n:,} rows to forget exactly; golden, retrained without them, misses by a mean "
            "squared error of **{loss_g}**.",
            n=spec.n_forget,
            loss_g=number(loss_g),
        )
    text_t, text_g = loss_pair(loss_t, loss_g)
    numbers = say(
        "Its mean squared error on the row to forget is {loss_t}, golden's is **{loss_g}**.",
        "Its mean squared error on the {n:,} rows to forget is {loss_t}, golden's is **{loss_g}**.",
        n=spec.n_forget,
        loss_t=text_t,
        loss_g=text_g,
    )
    how = loss_likeness(loss_t, loss_g)
    if at_golden(weights):
        return in_turn(say("It ends at golden itself, and errs like it."), numbers)
    if how in ("same", "near"):
        return in_turn(
            say("It errs exactly as much as golden.") if how == "same" else say("It errs nearly as much as golden."),
            numbers,
            say("Yet its weights are {distance} away from golden's.", distance=number(tuned.distance)),
        )
    if how == "more":
        return in_turn(say("It errs more than golden."), numbers)
    if _starts_afresh(spec):
        return in_turn(
            say("Nothing of the pretrained model is left in it, yet it happens to err less than golden."), numbers
        )
    return in_turn(say("It still remembers, and errs less than golden."), numbers)


def fine_tuning(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    """Return what fine-tuning did and what the model still knows, in sentences true at every setting.

    The records and weights must hold "pretrained", "fine_tune" and "golden" of that Spec.
    """
    return in_turn(_shared(spec), _what_it_did(spec, records, weights), _what_it_knows(spec, records, weights))


def outcomes(records: Mapping[str, Metrics]) -> frozenset[str]:
    """Return which answers to "how large is the fine-tuned model's error on the rows to forget?" are right.

    "nothing": zero; "all": golden's or near it; "part": in between; "more": above golden's.
    Two are right where golden's is zero.
    """
    tuned, golden = records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss
    right = set()
    if is_zero(tuned):
        right.add("nothing")
    if look_same(tuned, golden):
        right.add("all")
    if not right:
        right.add("part" if tuned < golden else "more")
    return frozenset(right)


def share_of_golden(records: Mapping[str, Metrics]) -> float | None:
    """Return the fine-tuned model's unlearning loss in percent of golden's; None where golden's is zero."""
    tuned, golden = records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss
    if is_zero(golden):
        return None
    return 0.0 if is_zero(tuned) else 100 * tuned / golden


def _reason(records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    if moved(weights):
        return say(
            "The pretrained model does not fit the rows that fine-tuning sees, so training moves it; "
            "but only in the directions those rows can see."
        )
    if is_zero(records["pretrained"].remaining_loss):
        return say(
            "There is no error left on the rows to keep, so there is nothing for training to follow: "
            "it cannot change a single weight."
        )
    return say(
        "No direction lowers the error on the rows that fine-tuning sees, so there is nothing "
        "for training to follow: it cannot change a single weight."
    )


def _answer(options: Mapping[str, str], records: Mapping[str, Metrics], spec: Spec) -> str:
    tuned, golden = records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss
    shown = loss_pair(tuned, golden)
    losses = say(
        "The fine-tuned model's mean squared error on {rows} is {tuned}, golden's is {golden}.",
        rows=rows_to_forget(spec.n_forget),
        tuned=shown[0],
        golden=shown[1],
    )
    if options:
        return in_turn(right_answer(options, outcomes(records)), losses)
    share = share_of_golden(records)
    if share is None:
        return in_turn(say("**Golden's own error is zero here**, so there is no share of it."), losses)
    return in_turn(say("**It is {share}%.**", share=number(share)), losses)


def verdict(
    options: Mapping[str, str],
    guess: str | int | None,
    spec: Spec,
    records: Mapping[str, Metrics],
    weights: Mapping[str, Array],
) -> str:
    """Return how a guess compares with the answer; the caption of the picture below says why.

    `guess` is one of the options' keys, or a share of golden's unlearning loss in percent where there are no options;
    None where there is none to compare, and the answer is said with its numbers and its reason.
    """
    if guess is None:
        reason = _reason(records, weights)
        if at_golden(weights) and look_same(records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss):
            reason = say("Fine-tuning ends at golden itself.")
        return f"{_answer(options, records, spec)} {reason}"
    if options:
        return judged(options, guess, outcomes(records))
    share = share_of_golden(records)
    if share is None:
        return say("You guessed {guess}%; golden's own error is zero here, so there is no share of it.", guess=guess)
    off = abs(share - int(guess))
    if off < 0.5:
        return say("You guessed {guess}%; it is {share}%: right on it.", guess=guess, share=number(share))
    return say(
        "You guessed {guess}%; it is {share}%: {off} points off.", guess=guess, share=number(share), off=number(off)
    )


def check(claim: Claim, found: Check, applies: bool) -> str:
    """Return both sides of a claim on the current data, their difference, and whether they have to agree here."""
    both, source = " ".join(filter(None, (sides(found), RUNS.get(claim.key, "")))), say(claim.source)
    if applies:
        return f"{both} {source[0].upper()}{source[1:]}."
    condition = say(claim.condition)
    if found.holds:
        return say(
            "{sides} Its condition is not met: {condition}. The sides agree all the same. Source: {source}.",
            sides=both,
            condition=condition,
            source=source,
        )
    if sides_same(found):
        return say(
            "{sides} The claim holds when {condition}. Source: {source}.",
            sides=both,
            condition=condition,
            source=source,
        )
    return say(
        "{sides} They need not agree here; the claim holds when {condition}. Source: {source}.",
        sides=both,
        condition=condition,
        source=source,
    )
