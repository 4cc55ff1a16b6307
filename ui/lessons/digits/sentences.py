"""What the page digits says of its numbers."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory.data import CLASS_METHODS, ClassMetrics, Phase, Sight
from ui.language import Texts, say
from ui.language.words import judged, loss_text, number
from ui.lessons.digits.results import Models

LABELS = Texts({key: method.label for key, method in CLASS_METHODS.items()})
# Distances beside |W_o - W_g| and moves beside |W_o| below this are rounding: near the peaks identities lose digits.
ROUNDED = 1e-9
# A model passes for golden where its accuracies are within so many points and its loss within this share of golden's.
POINTS, SHARE = 2.0, 0.1


def count_taught(record: ClassMetrics, images: int) -> int:
    """Return how many of the images to forget a model answers as it was taught."""
    return images - round(images * record.unlearning_accuracy / 100)


def answered(found: Models, kind: str, told: bool) -> str:
    """Return how many forgotten images each model answers as it was taught, and what that means for this kind."""
    taught = {key: count_taught(record, found.n_forget) for key, record in found.records.items()}
    if not told:
        return say(
            "Of the {count} images to forget, the pretrained model answers **{pretrained}** as it was taught, golden "
            "**{golden}**.",
            count=found.n_forget,
            **taught,
        )
    counted = say(
        "Of the {count} images to forget, the pretrained model answers **{pretrained}** as it was taught, the "
        "fine-tuned one **{fine_tune}**, golden **{golden}**.",
        count=found.n_forget,
        **taught,
    )
    return f"{counted} {_meant(found, kind)}"


def _meant(found: Models, kind: str) -> str:
    if kind == "class":
        return say(
            "Golden never saw this digit: it answers {times} of them with a {answer}, and with no digit more often.",
            answer=found.frequent,
            times=found.times,
        )
    if kind == "wrong":
        return say(
            "Their labels were wrong. Golden, which never saw them, says what {right} of them really show.",
            right=found.right,
        )
    if 2 * found.right > found.n_forget:
        return say(
            "Golden has never seen them and still says what {right} of them show: "
            "**forgetting is not misclassifying.**",
            right=found.right,
        )
    return say("Golden, which never saw them, says what {right} of them show.", right=found.right)


def outcome(found: Models) -> str:
    """Return of how many forgotten images the fine-tuned model gives another answer: "none", "some" or "all"."""
    taught = count_taught(found.records["fine_tune"], found.n_forget)
    return "none" if taught == found.n_forget else "all" if taught == 0 else "some"


def verdict(options: Mapping[str, str], guess: str | int | None, found: Models) -> str:
    """Return how a guess about the fine-tuned model's answers compares with them; of None, the answer."""
    taught, right = count_taught(found.records["fine_tune"], found.n_forget), outcome(found)
    counted = say(
        "The fine-tuned model answers {others} of the {count} forgotten images otherwise than it was taught; golden "
        "does so with {golden}.",
        others=found.n_forget - taught,
        count=found.n_forget,
        golden=found.n_forget - count_taught(found.records["golden"], found.n_forget),
    )
    return f"{judged(options, guess, {right})} {counted}"


def passes_for_golden(record: ClassMetrics, golden: ClassMetrics) -> bool:
    """Whether UA, RA and UL are golden's, or nearly."""
    near = all(
        abs(a - b) <= POINTS
        for a, b in (
            (record.unlearning_accuracy, golden.unlearning_accuracy),
            (record.remaining_accuracy, golden.remaining_accuracy),
        )
    )
    return near and abs(record.unlearning_loss - golden.unlearning_loss) <= SHARE * golden.unlearning_loss


def scored(records: Mapping[str, ClassMetrics]) -> str:
    """Return which methods end at golden itself, and which only pass for it."""
    golden = records["golden"]
    others = {key: record for key, record in records.items() if key not in ("golden", "pretrained")}
    at = [key for key, record in others.items() if record.distance <= ROUNDED]
    inert = [key for key, record in others.items() if abs(record.distance - 1) <= ROUNDED]
    traps = [key for key, r in others.items() if r.distance > 1 + ROUNDED and passes_for_golden(r, golden)]
    parts = [
        say("Golden itself, to rounding: **{names}**.", names=", ".join(LABELS[key] for key in at))
        if at
        else say("No method ends at golden itself.")
    ]
    if inert:
        parts.append(
            say("As far from golden as the pretrained model: {names}.", names=", ".join(LABELS[key] for key in inert))
        )
    for key in traps[:1]:
        parts.append(
            say(
                "**The trap:** “{name}” has golden's UA and RA, or nearly, and nearly its unlearning loss ({own}, "
                "golden {golden}), and lies farther from golden than before: at {distance} times the pretrained "
                "model's distance.",
                name=LABELS[key],
                own=loss_text(records[key].unlearning_loss),
                golden=loss_text(golden.unlearning_loss),
                distance=number(records[key].distance),
            )
        )
    return " ".join(parts)


def phase_of(here: Phase, n_retain: int, n: int) -> str:
    """Return what fine-tuning does with this many features, and why, asked of the numbers."""
    counts = {"features": here.features, "n_retain": n_retain, "n": n}
    if here.left <= ROUNDED and here.features <= n_retain:
        return say(
            "With {features:,} features, {n_retain} images to keep and {n:,} in all, fine-tuning **ends at golden**. "
            "The images to keep settle every weight, so the start leaves no trace.",
            **counts,
        )
    if here.moved <= ROUNDED:
        return say(
            "With {features:,} features, {n_retain} images to keep and {n:,} in all, fine-tuning **changes nothing**. "
            "The pretrained model fits every image to keep already, so there is nothing to follow.",
            **counts,
        )
    return say(
        "With {features:,} features, {n_retain} images to keep and {n:,} in all, fine-tuning ends at {left} times the "
        "pretrained model's distance from golden. It moves, but the images to keep do not settle every weight.",
        left=number(here.left),
        **counts,
    )


def seen(found: Sight) -> str:
    """Return how much of the images and of the model the images to keep can see, as shares of squared lengths."""
    if found.leftover <= ROUNDED:
        return say(
            "The images to keep can see all of every forgotten image, and all of the pretrained model: nothing is left "
            "over."
        )
    image, model = float(found.inside.mean()), 1 - found.leftover**2
    if model < image:
        return say(
            "On average the images to keep can see **{image:.1%}** of a forgotten image, but only **{model:.1%}** of "
            "the pretrained model, by squared length: where they cannot see, images are short and weights are long.",
            image=image,
            model=model,
        )
    return say(
        "On average the images to keep can see **{image:.1%}** of a forgotten image, and **{model:.1%}** of the "
        "pretrained model, by squared length.",
        image=image,
        model=model,
    )


def describe_answers(found: Models, told: bool) -> str:
    """Return the images and the answers as a sentence for those who hear it."""
    rows = "; ".join(_image(found, k, told) for k in range(len(found.taught)))
    return say("{count} of the images to forget: {rows}.", count=len(found.taught), rows=rows)


def _image(found: Models, place: int, told: bool) -> str:
    values = {"place": place + 1, "true": int(found.true[place]), "taught": int(found.taught[place])}
    values |= {key: int(said[place]) for key, said in found.said.items()}
    if not told:
        return say("image {place} shows {true}, was taught as {taught}, golden says {golden}", **values)
    return say(
        "image {place} shows {true}, was taught as {taught}, golden says {golden}, fine-tuned says {fine_tune}",
        **values,
    )


def describe_scores(records: Mapping[str, ClassMetrics], hidden: frozenset[str]) -> str:
    """Return the table as a sentence."""
    rows = [
        say(
            "{name} UA {ua:.0f}%, RA {ra:.0f}%, TA {ta:.1f}%, attack {auc:.2f}",
            name=LABELS[key],
            ua=r.unlearning_accuracy,
            ra=r.remaining_accuracy,
            ta=r.test_accuracy,
            auc=r.attack_auc,
        )
        for key, r in records.items()
        if key not in hidden
    ]
    return say("Every method beside golden: {rows}.", rows="; ".join(rows))


def describe_phases(found: Sequence[Phase], told: bool) -> str:
    """Return the phase diagram as a sentence."""
    first, last = found[0], found[-1]
    if not told:
        return say(
            "From {first:,} to {last:,} features; what fine-tuning does waits for the guess.",
            first=first.features,
            last=last.features,
        )
    points = "; ".join(
        say(
            "{features:,} features {left}",
            features=phase.features,
            left=number(phase.left if phase.left > ROUNDED else 0.0, 2),
        )
        for phase in found
    )
    return say("How far fine-tuning stays from golden, 0 there and 1 unmoved: {points}.", points=points)


def describe_sight(found: Sight) -> str:
    """Return the shares that are seen as a sentence."""
    return say(
        "The images to keep see {low:.1%} to {high:.1%} of each forgotten image, {middle:.0%} of the middle direction, "
        "and {model:.0%} of the pretrained model's length is out of their sight.",
        low=float(found.inside.min()),
        high=float(found.inside.max()),
        middle=float(np.median(np.cos(np.radians(found.angles)) ** 2)),
        model=found.leftover,
    )
