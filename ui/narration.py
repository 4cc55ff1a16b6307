"""The sentences: pure functions of a Spec and its Metrics that say only what the numbers show."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import METHODS, Array, Check, Claim, LossCurve, Metrics, Spec
from ui.style import FLOOR

# Two numbers this close, relative to the larger, are the same number twice computed.
SAME = 1e-9
# An attacker who misses a label by no more than this has read it: rounding stands in the way of anything closer.
READS = 1e-8
# Who the three models of the first pages are, before anything is said about them.
CAST = (
    "**Pretrained**: trained on all rows. **Fine-tuned**: the pretrained model, trained on with the rows to keep until "
    "nothing changes. **Golden**: trained from scratch without the rows to forget: how a model that "
    "never saw them behaves."
)
CAST_KEYS = ("pretrained", "fine_tune", "golden")
# What every model is called on screen.
LABELS: Mapping[str, str] = {key: method.label for key, method in METHODS.items()}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float) -> str:
    """Return a number with three significant digits, in plain notation where that is readable."""
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        digits = f"{value:#.3g}" if abs(value) < 100 else f"{value:,.0f}"
        return digits.rstrip(".")
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def loss_text(value: float, *, short: bool = False) -> str:
    """Return a loss in words: exact zero is called so, with the rounding that stands in its place."""
    if value > FLOOR:
        return number(value)
    if short or value == 0:
        return "0" if short else "exactly 0"
    return f"exactly 0 (rounding: {value:.0e})"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: "1 row", "50 rows"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def is_zero(loss: float) -> bool:
    """Whether a loss is zero up to rounding."""
    return loss <= FLOOR


def same(a: float, b: float, scale: float = 0.0) -> bool:
    """Whether two numbers agree up to rounding, relative to the larger of them and `scale`."""
    return abs(a - b) <= SAME * max(abs(a), abs(b), scale)


def _losses_same(a: float, b: float) -> bool:
    return same(a, b) or (is_zero(a) and is_zero(b))


def agree(a: Array, b: Array) -> bool:
    """Whether two models, as weights (d,), are one up to rounding: what counts is their own size, not their losses."""
    return float(np.linalg.norm(a - b)) <= SAME * max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))


def moved(weights: Mapping[str, Array]) -> bool:
    """Whether fine-tuning changed the pretrained model at all."""
    return not agree(weights["pretrained"], weights["fine_tune"])


def at_golden(weights: Mapping[str, Array], key: str = "fine_tune") -> bool:
    """Whether a model is golden up to rounding."""
    return agree(weights[key], weights["golden"])


def _starts_afresh(spec: Spec) -> bool:
    """Whether the rows fine-tuning sees settle every weight, so that the start it had leaves no trace."""
    return spec.d_forget == 0 and spec.tune_rows >= spec.d


def _share(spec: Spec) -> str:
    if spec.d_overlap == 0:
        return "With no shared features"
    if spec.d_overlap == spec.d:
        return "With all features shared"
    return f"With {plural(spec.d_overlap, 'shared feature')} out of {spec.d:,}"


def _what_it_did(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    rows = "the retain rows" if spec.tune_rows == spec.n_retain else "the rows it sees"
    if moved(weights):
        before, after = (
            "0" if at_golden(weights, key) else number(records[key].distance) for key in ("pretrained", "fine_tune")
        )
        change = f"went from {before} to {after}" if before != after else f"stays about {after}"
        return (
            f"{_share(spec)}, fine-tuning on {plural(spec.tune_rows, 'retain row')} moved the weights: "
            f"their distance to golden {change}."
        )
    if is_zero(records["pretrained"].remaining_loss):
        return (
            f"{_share(spec)}, the pretrained model already fits every retain row, "
            "so there is nothing to learn and **fine-tuning changes no weight**."
        )
    return (
        f"{_share(spec)}, no weights fit {rows} better than the pretrained ones, so **fine-tuning changes no weight**."
    )


def _what_it_knows(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    tuned, golden = records["fine_tune"], records["golden"]
    rows = plural(spec.n_forget, "forgotten row")
    them, labels = ("it", "its label follows") if spec.n_forget == 1 else ("them", "their labels follow")
    loss_t, loss_g = tuned.unlearning_loss, golden.unlearning_loss
    if is_zero(loss_t) and is_zero(loss_g):
        return (
            f"But golden, retrained without {them}, predicts the {rows} exactly too: "
            f"{labels} from the retain rows, so an error on {them} cannot show what is forgotten."
        )
    if is_zero(loss_t):
        return (
            f"It still predicts the {rows} exactly; "
            f"golden, retrained without {them}, misses by a mean squared error of **{number(loss_g)}**."
        )
    against = f"on the {rows}: a mean squared error of {number(loss_t)}, golden's is **{loss_text(loss_g)}**."
    if at_golden(weights):
        return f"It ends at golden itself, and errs like it {against}"
    if _losses_same(loss_t, loss_g):
        away = f"Yet its weights are {number(tuned.distance)} away from golden's."
        return f"It errs exactly as much as golden {against} {away}"
    if loss_t > loss_g:
        return f"It errs more than golden {against}"
    if _starts_afresh(spec):
        return f"Nothing of the pretrained model is left in it, yet it happens to err less than golden {against}"
    return f"It still remembers, and errs less than golden {against}"


def fine_tuning(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    """Return what fine-tuning did and what the model still knows, in two sentences true at every setting.

    The records and weights must hold "pretrained", "fine_tune" and "golden" of that Spec.
    """
    return f"{_what_it_did(spec, records, weights)} {_what_it_knows(spec, records, weights)}"


def tuning_rows(rows: Sequence[int], losses: Array, golden: Metrics) -> str:
    """Return what the number of fine-tuning rows does to the unlearning loss, against golden's."""
    low, high = float(losses.min()), float(losses.max())
    level = f"golden's unlearning loss is **{loss_text(golden.unlearning_loss)}**."
    counts = (
        "After fine-tuning on the one retain row there is, the unlearning loss is"
        if len(rows) == 1
        else f"Whether fine-tuning sees {plural(rows[0], 'retain row')} or {rows[-1]:,}, the unlearning loss stays"
    )
    if _losses_same(low, high):
        return f"{counts} {loss_text(high)}; {level}"
    return (
        f"With {plural(rows[0], 'retain row')} to fine-tune on, the unlearning loss is {loss_text(float(losses[0]))}, "
        f"with {rows[-1]:,} it is {loss_text(float(losses[-1]))}; {level}"
    )


def overlap_trend(curve: LossCurve) -> str:
    """Return what overlap does on average to the fine-tuned model's and golden's unlearning loss."""
    tuned, golden = (curve.mean[key, "unlearning_loss"] for key in ("fine_tune", "golden"))
    draws = f"On average over {plural(curve.draws, 'draw')} of the data"
    if is_zero(float(tuned.max())):
        fine_tuned = f"is {loss_text(float(tuned.max()))} at each of the {len(tuned)} overlaps computed"
    else:
        fine_tuned = f"goes {_ends(tuned)}"
    return f"{draws}, the fine-tuned model's unlearning loss {fine_tuned}; golden's goes {_ends(golden)}."


def _ends(losses: Array) -> str:
    return f"from {loss_text(float(losses[0]))} with no overlap to {loss_text(float(losses[-1]))} with full overlap"


def _look_same(a: float, b: float) -> bool:
    """Whether two losses are one number on screen."""
    return loss_text(a, short=True) == loss_text(b, short=True)


def outcomes(records: Mapping[str, Metrics]) -> frozenset[str]:
    """Return which answers to "how large is the fine-tuned model's error on the rows to forget?" are right.

    "nothing": zero; "all": golden's, to the digits on screen; "part": in between; "more": above golden's.
    Two are right where golden's is zero.
    """
    tuned, golden = records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss
    right = set()
    if is_zero(tuned):
        right.add("nothing")
    if _look_same(tuned, golden):
        right.add("all")
    if not right:
        right.add("part" if tuned < golden else "more")
    return frozenset(right)


def _reason(records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    if moved(weights):
        return (
            "The pretrained model does not fit the rows that fine-tuning sees, so training moves it; "
            "but only in the directions those rows can see."
        )
    if is_zero(records["pretrained"].remaining_loss):
        return (
            "There is no error left on the rows to keep, so there is nothing for training to follow: "
            "it cannot change a single weight."
        )
    return (
        "No direction lowers the error on the rows that fine-tuning sees, so there is nothing for training to follow: "
        "it cannot change a single weight."
    )


def verdict(
    options: Mapping[str, str], guess: str | int, records: Mapping[str, Metrics], weights: Mapping[str, Array]
) -> str:
    """Return how a guess compares with the answer, and why the answer is what it is.

    `guess` is one of the options' keys, or a share of golden's unlearning loss in percent where there are no options.
    """
    reason = _reason(records, weights)
    if options:
        right = outcomes(records)
        answer = " and ".join(f"“{text}”" for key, text in options.items() if key in right)
        compared = (
            f"You guessed “{options[str(guess)]}”, and so it is."
            if guess in right
            else f"You guessed “{options[str(guess)]}”; the answer is {answer}."
        )
        return f"{compared} {reason}"
    tuned, golden = records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss
    if is_zero(golden):
        return f"You guessed {guess} %; golden's own error is zero here, so there is no share of it. {reason}"
    share = 0.0 if is_zero(tuned) else 100 * tuned / golden
    off = abs(share - int(guess))
    close = "right on it" if off < 0.5 else f"{number(off)} points off"
    return f"You guessed {guess} %; it is {number(share)} %: {close}. {reason}"


def check(claim: Claim, found: Check, applies: bool) -> str:
    """Return both sides of a claim on the current data, their difference, and whether they have to agree here."""
    sides = f"Left side {_side(found.left)}, right side {_side(found.right)}, relative difference {_tiny(found.error)}."
    if applies:
        return f"{sides} {claim.source[0].upper()}{claim.source[1:]}."
    return f"{sides} They need not agree here; the claim holds when {claim.condition}. Source: {claim.source}."


def _tiny(value: float) -> str:
    return "0" if value == 0 else f"{value:.0e}"


def _side(value: float) -> str:
    return number(value) if abs(value) > FLOOR**0.5 or value == 0 else f"0 (rounding: {value:.0e})"


def attack(labels: Array, readings: Mapping[str, Array], row: int, names: Mapping[str, str]) -> str:
    """Return what an attacker who reads one forgotten label off each model gets, against the true label."""
    truth = float(labels[row])
    lines = ["| model | reads | misses the label by |\n|---|---|---|"]
    for key, reading in readings.items():
        off = abs(float(reading[row]) - truth)
        lines.append(
            f"| {names[key]} | {float(reading[row]):.12f} | {loss_text(off) if off <= READS else number(off)} |"
        )
    return "\n".join([*lines, f"| *the label that was deleted* | {truth:.12f} | |"])


def attack_score(labels: Array, readings: Mapping[str, Array]) -> str:
    """Return the attack's typical error over all forgotten rows, on the fine-tuned model and on golden."""
    tuned, golden = (float(np.mean(np.abs(readings[key] - labels))) for key in ("fine_tune", "golden"))
    rows = plural(len(labels), "forgotten row")
    if tuned <= READS:
        read = "reads the label to the last digit the computer keeps"
    else:
        read = f"misses the label by {number(tuned)} on average"
    if golden <= READS:
        versus = "So does golden: these labels follow from the rows to keep."
    else:
        versus = f"Golden, which never saw them, misses by {number(golden)} on average."
    return f"Over the {rows}, whoever asks the fine-tuned model {read}. {versus}"


def tuning_run(steps: Sequence[int], errors: Array, golden: Array, tuned: Metrics) -> str:
    """Return what the steps of gradient descent did to the mean squared error on the forgotten rows.

    `tuned` is the fine-tuned model, where the steps lead if they never end.
    """
    first, last = (float(np.mean(errors[i] ** 2)) for i in (0, -1))
    level = f"golden's is **{loss_text(float(np.mean(golden**2)))}**."
    if not _look_same(last, tuned.unlearning_loss):
        level += " That is not the end of the road: what follows holds once nothing changes any more."
    if _losses_same(first, last):
        return f"After {steps[-1]:,} steps the mean squared error on them is what it was: {loss_text(last)}; {level}"
    return (
        f"{steps[-1]:,} steps took the mean squared error on them from {loss_text(first)} to {loss_text(last)}; {level}"
    )


def describe_tuning_run(steps: Sequence[int], errors: Array, gradient: Array, golden: Array) -> str:
    """Return the dead button as a sentence: error and gradient before the first step and after the last."""
    last = len(steps) - 1
    before, after, level = (loss_text(float(np.mean(e**2))) for e in (errors[0], errors[last], golden))
    rows = "Error on " + ("the row" if len(golden) == 1 else f"each of {len(golden):,} rows") + " to forget"
    if last == 0:
        return (
            f"{rows}. Mean squared error: {before} before the first step of fine-tuning; golden's is {level}. "
            f"The gradient's length is {gradient[0]:.0e}. The answer follows the guess."
        )
    return (
        f"{rows}, with steps of fine-tuning as a slider. "
        f"Mean squared error: {before} before the first step, {after} after {steps[-1]:,}; golden's is {level}. "
        f"The gradient's length goes from {gradient[0]:.0e} to {gradient[last]:.0e}."
    )


def describe_losses(records: Sequence[Metrics], labels: Mapping[str, str], hidden: frozenset[str] = frozenset()) -> str:
    """Return the loss lanes as a sentence, for readers who hear the chart."""
    parts = (
        f"{labels[r.key]}: remaining loss {loss_text(r.remaining_loss)}, unlearning loss {loss_text(r.unlearning_loss)}"
        for r in records
        if r.key not in hidden
    )
    return "Losses on a log axis. " + "; ".join(parts) + "."


def describe_anatomy(
    weights: Mapping[str, Array], spec: Spec, labels: Mapping[str, str], hidden: frozenset[str] = frozenset()
) -> str:
    """Return the weight anatomy as a sentence: how large every model's forget-only weights are."""
    tail = slice(spec.d - spec.d_forget, spec.d)
    sizes = ((key, float(np.linalg.norm(w[tail])), float(np.linalg.norm(w))) for key, w in weights.items())
    parts = ", ".join(
        f"{labels[key]} {'0' if size <= SAME * whole else number(size)}"
        for key, size, whole in sizes
        if key not in hidden
    )
    return (
        f"Bars of all {spec.d:,} weights: {plural(spec.d_retain, 'retain-only feature')}, "
        f"{spec.d_overlap:,} shared, {spec.d_forget:,} forget-only. "
        f"Length of the forget-only part: {parts}."
    )


def describe_overlap_curve(
    curve: LossCurve,
    records: Sequence[Metrics],
    spec: Spec,
    labels: Mapping[str, str],
    hidden: frozenset[str] = frozenset(),
) -> str:
    """Return the overlap curve as a sentence: its two ends for every model, and the current draw."""
    ends = "; ".join(
        f"{labels[key]} from {loss_text(mean[0])} to {loss_text(mean[-1])}"
        for (key, loss), mean in curve.mean.items()
        if loss == "unlearning_loss" and key not in hidden
    )
    now = ", ".join(f"{labels[r.key]} {loss_text(r.unlearning_loss)}" for r in records if r.key not in hidden)
    return (
        f"Mean unlearning loss over {plural(curve.draws, 'draw')}, "
        f"from {curve.overlaps[0]:.0%} to {curve.overlaps[-1]:.0%} overlap: "
        f"{ends}. This draw, at {100 * spec.overlap:.4g}%: {now}."
    )


def describe_tuning_curve(
    rows: Sequence[int], losses: Array, golden: Metrics, hidden: frozenset[str] = frozenset()
) -> str:
    """Return the tuning curve as a sentence: its two ends under golden's level."""
    if hidden:
        return (
            f"Golden's unlearning loss as a level: {loss_text(golden.unlearning_loss)}. The answer follows the guess."
        )
    first, last = loss_text(float(losses[0])), loss_text(float(losses[-1]))
    return (
        f"Unlearning loss of the fine-tuned model: {first} after fine-tuning on {plural(rows[0], 'retain row')}, "
        f"{last} on {plural(rows[-1], 'retain row')}; golden's level is {loss_text(golden.unlearning_loss)}."
    )
