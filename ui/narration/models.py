"""What fine-tuning did and what the models still know: sentences true at every setting."""

from collections.abc import Mapping, Sequence

from theory import METHODS, Array, Check, Claim, LossCurve, Metrics, Spec
from ui.narration.words import agree, is_zero, look_same, loss_text, losses_same, number, plural, side, tiny

CAST_KEYS = ("pretrained", "fine_tune", "golden")
# What every model is called on screen.
LABELS: Mapping[str, str] = {key: method.label for key, method in METHODS.items()}


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
    if losses_same(loss_t, loss_g):
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
    if losses_same(low, high):
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


def outcomes(records: Mapping[str, Metrics]) -> frozenset[str]:
    """Return which answers to "how large is the fine-tuned model's error on the rows to forget?" are right.

    "nothing": zero; "all": golden's, to the digits on screen; "part": in between; "more": above golden's.
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
    sides = f"Left side {side(found.left)}, right side {side(found.right)}, relative difference {tiny(found.error)}."
    if applies:
        return f"{sides} {claim.source[0].upper()}{claim.source[1:]}."
    return f"{sides} They need not agree here; the claim holds when {claim.condition}. Source: {claim.source}."
