"""What the remedies erase, how near golden they end, and why: sentences true at every setting."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from theory import Array, Blocks, Metrics, RemedyCurve, Spec
from ui.narration.models import LABELS, at_golden, outcomes
from ui.narration.words import SAME, is_zero, loss_text, losses_same, number, plural, same
from ui.style import REMEDIES

CAST_KEYS = ("pretrained", "fine_tune", *REMEDIES, "golden")
# What every model is called on this page.
SHORT: Mapping[str, str] = {
    "fine_tune": LABELS["fine_tune"],
    "keep_overlap": "Option A",
    "drop_overlap": "Option B",
    "project": "Projection",
    "golden": LABELS["golden"],
}
# Height of one panel of weights: four of them stand beside the bars.
PANEL = 88
ON_UNMIXED = (
    "The statements below are checked on the same data **before** the features were mixed: R1 to R4 speak of blocks of "
    "features, and mixing leaves no blocks."
)


def on_mixed(spec: Spec) -> str:
    """Return what mixing the features does to each remedy."""
    scratch = (
        "and, as fine-tuning sees every retain row, is retraining in disguise: golden, but no remedy"
        if spec.tune_rows == spec.n_retain
        else f"and trains from scratch on {spec.tune_rows:,} of {plural(spec.n_retain, 'retain row')}"
    )
    return (
        "With mixed features every row uses every feature. A mask that goes by features then fails: Option A erases "
        f"nothing, Option B erases everything {scratch}. The projection does not look at single features: its distance "
        "to golden is what it was."
    )


class Found(Protocol):
    """What is known of the remedies on one problem (ui.cached.Remedied)."""

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
        "erased": f"{SHORT[chosen]}: erased",
        chosen: f"{SHORT[chosen]}: erased, then fine-tuned",
        "golden": LABELS["golden"],
    }


def _what_it_erases(spec: Spec, chosen: str, mixed: bool) -> str:
    if chosen == "project":
        return "Projection kept the part of the pretrained model that the retain rows can see, and erased the rest."
    name = SHORT[chosen]
    if chosen == "keep_overlap":
        count = 0 if mixed else spec.d_forget
        if count == 0:
            return (
                "No feature belongs to the forget rows alone, so **Option A has nothing to erase**: "
                "it ends where plain fine-tuning ends."
            )
        return f"{name} erased {plural(count, 'forget-only weight')} out of {spec.d:,}."
    count = spec.d if mixed else spec.d_overlap + spec.d_forget
    if count < spec.d:
        return f"{name} erased {plural(count, 'weight')} out of {spec.d:,}: all that the forget rows use."
    scratch = (
        "The forget rows use every feature, so Option B erased every weight: what follows is "
        f"training from scratch on {plural(spec.tune_rows, 'retain row')}"
    )
    if spec.tune_rows == spec.n_retain:
        return f"{scratch}, **retraining in disguise**."
    return f"{scratch} out of {spec.n_retain:,}."


def outcome(spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array], chosen: str, mixed: bool) -> str:
    """Return what the chosen remedy erased and where it ended, against plain fine-tuning and golden."""
    record, golden, scale = records[chosen], records["golden"], size(weights)
    if at_golden(weights, chosen):
        ends = "After fine-tuning it **is golden**: the weights agree up to rounding."
    else:
        plain = (
            "plain fine-tuning ends at golden"
            if at_golden(weights, "fine_tune")
            else f"plain fine-tuning ends {distance_text(records['fine_tune'].distance, scale)} away"
        )
        ends = f"After fine-tuning it is **{distance_text(record.distance, scale)}** away from golden; {plain}."
    unlearning, remaining = (
        tuple(loss_text(getattr(r, what), short=True) for r in (record, golden))
        for what in ("unlearning_loss", "remaining_loss")
    )
    losses = (
        f"Its unlearning loss is {unlearning[0]}, golden's {unlearning[1]}; "
        f"its remaining loss is {remaining[0]}, golden's {remaining[1]}."
    )
    return f"{_what_it_erases(spec, chosen, mixed)} {ends} {losses}"


def _hardly(record: Metrics, weights: Mapping[str, Array]) -> bool:
    """Whether the retain rows see all of a model, up to rounding."""
    return record.leftover <= SAME * size(weights)


def why_not_golden(spec: Spec, found: Found) -> str:
    """Return why Option A is not golden, or that it is, from what the retain rows cannot see of it."""
    kept, golden = found.records["keep_overlap"], found.records["golden"]
    if at_golden(found.weights, "keep_overlap"):
        return "**Why is Option A golden here?** The retain rows can see all of what it keeps."
    if _hardly(kept, found.weights):
        return (
            "**Why is Option A not golden here?** Fine-tuning sees "
            f"{spec.tune_rows:,} of {plural(spec.n_retain, 'retain row')}, which golden does not fit exactly; "
            "fine-tuned on all of them, Option A would be golden."
        )
    because = (
        "**Why is Option A not golden here?** The shared weights it keeps were trained on the forget rows too. "
        f"Of Option A, a part of length {number(kept.leftover)} is invisible to the retain rows and stays."
    )
    loss, aim = found.masked_loss, golden.unlearning_loss
    if losses_same(loss, found.records["pretrained"].unlearning_loss):
        before, after = loss_text(loss, short=True), loss_text(aim, short=True)
        return f"{because} Erasing alone leaves the unlearning loss at {before}; golden's is {after}."
    if is_zero(found.records["pretrained"].unlearning_loss):
        how = (
            f"Erasing alone brings the unlearning loss from 0 to {loss_text(loss)}, exactly what the erased weights "
            "contributed"
        )
    else:
        how = f"Erasing alone brings the unlearning loss to {loss_text(loss)}"
    if losses_same(loss, aim):
        return f"{because} {how}; golden's is the same."
    if loss < aim:
        return f"{because} {how}. Golden's is {loss_text(aim)}: what is missing, the shared weights still remember."
    return f"{because} {how}. Golden's is {loss_text(aim)}: a larger loss than golden's is not golden either."


def verdict(options: Mapping[str, str], guess: str | int, found: Found, spec: Spec) -> str:
    """Return how a guess about Option A's error on the rows to forget compares with it, and why."""
    right = outcomes({"fine_tune": found.records["keep_overlap"], "golden": found.records["golden"]})
    answer = " and ".join(f"“{text}”" for key, text in options.items() if key in right)
    said = options[str(guess)]
    compared = f"You guessed “{said}”, and so it is." if guess in right else f"You guessed “{said}”; it is {answer}."
    losses = (
        f"Option A's unlearning loss is {loss_text(found.records['keep_overlap'].unlearning_loss)}, "
        f"golden's {loss_text(found.records['golden'].unlearning_loss)}."
    )
    return f"{compared} {losses} {why_not_golden(spec, found)}"


def _compare_masks(a: float, b: float, scale: float) -> str:
    if max(a, b) <= SAME * scale:
        return "both options end at golden"
    numbers = f"(A {distance_text(a, scale)}, B {distance_text(b, scale)} away)"
    if same(a, b, scale):
        return f"both options end equally far from golden {numbers}"
    return f"**Option {'A' if a < b else 'B'} is nearer to golden** {numbers}"


def nearer(curve: RemedyCurve, spec: Spec, records: Mapping[str, Metrics], weights: Mapping[str, Array]) -> str:
    """Return which mask is nearer to golden: on this draw, and on average at the computed overlap next to it."""
    scale = size(weights)
    here = _compare_masks(records["keep_overlap"].distance, records["drop_overlap"].distance, scale)
    at = int(np.abs(curve.overlaps - spec.overlap).argmin())
    a, b = (float(curve.mean[key, "distance"][at]) for key in ("keep_overlap", "drop_overlap"))
    mean = _compare_masks(a, b, scale)
    return (
        f"On this draw, {here}. On average over {plural(curve.draws, 'draw')} at {100 * curve.overlaps[at]:.4g} % "
        f"overlap, the computed one next to yours, {mean}. Neither option always wins: A keeps what the forget rows "
        "taught the shared weights, B loses what the retain rows taught them."
    )


def _first_kept(rows: Sequence[int], losses: Array) -> int | None:
    """Return the first number of rows from which on a remaining loss stays zero."""
    broken = [i for i, loss in enumerate(losses) if not is_zero(float(loss))]
    after = broken[-1] + 1 if broken else 0
    return rows[after] if after < len(rows) else None


def rows_needed(rows: Sequence[int], found: Mapping[tuple[str, str], Array]) -> str:
    """Return what the number of fine-tuning rows does to the remaining loss of every remedy."""
    parts = []
    for key in REMEDIES:
        losses = found[key, "remaining_loss"]
        whole = _first_kept(rows, losses)
        if whole == rows[0]:
            parts.append(f"{SHORT[key]} keeps it at 0 throughout")
        elif whole is not None:
            parts.append(
                f"**{SHORT[key]} breaks it**: {loss_text(float(losses[0]))} after {plural(rows[0], 'row')}, "
                f"0 from {whole:,} on"
            )
        elif len(rows) == 1:
            parts.append(f"{SHORT[key]} has {loss_text(float(losses[0]))}")
        else:
            parts.append(
                f"{SHORT[key]} has {loss_text(float(losses[0]))} after {plural(rows[0], 'row')}, "
                f"{loss_text(float(losses[-1]))} after {rows[-1]:,}"
            )
    return "The remaining loss at the numbers of rows drawn: " + "; ".join(parts) + "."


def describe_weights(
    drawn: Mapping[str, Array], blocks: Blocks, labels: Mapping[str, str], unseen: frozenset[str] = frozenset()
) -> str:
    """Return the weights on the way as a sentence: how long each model is, and how many weights are zero."""
    scale = max(float(np.linalg.norm(w)) for w in drawn.values())
    d = blocks.forget.stop
    parts = ", ".join(
        f"{labels[key]} {distance_text(float(np.linalg.norm(w)), scale)} ({int(np.count_nonzero(w == 0)):,} at zero)"
        for key, w in drawn.items()
        if key not in unseen
    )
    return f"Bars of all {d:,} weights of a model, before and after erasing. Length of the weights: {parts}."


def describe_bars(
    records: Mapping[str, Metrics], weights: Mapping[str, Array], unseen: frozenset[str] = frozenset()
) -> str:
    """Return the bars as a sentence: distance, UL and RL of every model shown."""
    scale = size(weights)
    parts = "; ".join(
        f"{name}: distance {distance_text(records[key].distance, scale)}, unlearning loss "
        f"{loss_text(records[key].unlearning_loss)}, remaining loss {loss_text(records[key].remaining_loss)}"
        for key, name in SHORT.items()
        if key not in unseen
    )
    return f"Bars of the distance to golden and both losses. {parts}."


def describe_overlap(curve: RemedyCurve, scale: float) -> str:
    """Return the curves against overlap as a sentence: both ends for every remedy."""
    parts = "; ".join(
        f"{SHORT[key]} from {distance_text(float(ends[0]), scale)} to {distance_text(float(ends[-1]), scale)}"
        for key in REMEDIES
        for ends in (curve.mean[key, "distance"],)
    )
    return (
        f"Mean distance to golden over {plural(curve.draws, 'draw')}, from {curve.overlaps[0]:.0%} to "
        f"{curve.overlaps[-1]:.0%} overlap: {parts}."
    )


def describe_rows(rows: Sequence[int], found: Mapping[tuple[str, str], Array]) -> str:
    """Return the curves against fine-tuning rows as a sentence: both ends for every remedy."""
    parts = "; ".join(
        f"{SHORT[key]} from {loss_text(float(losses[0]))} to {loss_text(float(losses[-1]))}"
        for key in REMEDIES
        for losses in (found[key, "remaining_loss"],)
    )
    return f"Remaining loss after fine-tuning on {rows[0]:,} to {plural(rows[-1], 'retain row')}: {parts}."
