"""What the page digits says of its numbers."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory.data import CLASS_METHODS, ClassMetrics, Phase, Sight
from ui.language import Texts, say
from ui.language.words import loss_text, number, right_answer
from ui.lessons.digits.results import Asked, Models

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
    pretrained, tuned, golden = (
        count_taught(found.records[key], found.n_forget) for key in ("pretrained", "fine_tune", "golden")
    )
    if not told:
        return say(
            "Of the {count} images to forget, the pretrained model answers **{pretrained}** as it was taught, golden "
            "**{golden}**.",
            count=found.n_forget,
            pretrained=pretrained,
            golden=golden,
        )
    counted = say(
        "Of the {count} images to forget, the pretrained model answers **{pretrained}** as it was taught, the "
        "fine-tuned one **{tuned}**, golden **{golden}**.",
        count=found.n_forget,
        pretrained=pretrained,
        tuned=tuned,
        golden=golden,
    )
    if kind == "random":
        meant = say(
            "Golden has never seen them and still says what {right} of them show: "
            "**forgetting is not misclassifying.**",
            right=found.right,
        )
    elif kind == "wrong":
        meant = say(
            "Their labels were wrong. Golden, which never saw them, says what {right} of them really show.",
            right=found.right,
        )
    else:
        meant = say("Golden has no answer for a class that it never saw: it says what looks most alike.")
    return f"{counted} {meant}"


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
    if guess is None:
        return f"{right_answer(options, {right})} {counted}"
    said = say(options[str(guess)])
    compared = (
        say("You guessed “{said}”, and so it is.", said=said)
        if guess == right
        else say("You guessed “{said}”; it is {answer}.", said=said, answer=f"“{say(options[right])}”")
    )
    return f"{compared} {counted}"


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
    inert = [key for key, record in others.items() if abs(record.distance - 1) <= ROUNDED and key != "fine_tune"]
    traps = [key for key, r in others.items() if r.distance > 1 and passes_for_golden(r, golden)]
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
    start = say(
        "With {features:,} features, {n_retain} images to keep and {n:,} in all:",
        features=here.features,
        n_retain=n_retain,
        n=n,
    )
    if here.left <= ROUNDED and here.features <= n_retain:
        what = say(
            "fine-tuning **ends at golden**. The images to keep settle every weight, so the start leaves no trace."
        )
    elif here.moved <= ROUNDED:
        what = say(
            "fine-tuning **changes nothing**. The pretrained model fits every image to keep already, so there is "
            "nothing to follow."
        )
    else:
        what = say(
            "fine-tuning ends at {left} times the pretrained model's distance from golden. It moves, but the images to "
            "keep do not settle every weight.",
            left=number(here.left),
        )
    return f"{start} {what}"


def seen(found: Sight) -> str:
    """Return how much of the images and of the model the images to keep can see."""
    if found.leftover <= ROUNDED:
        return say(
            "The images to keep can see all of every forgotten image, and all of the pretrained model: nothing is left "
            "over."
        )
    return say(
        "On average the images to keep can see **{inside:.1%}** of a forgotten image, and yet **{leftover:.0%}** of "
        "the pretrained model lies where they cannot see: small directions need large weights.",
        inside=float(found.inside.mean()),
        leftover=found.leftover,
    )


def describe_answers(found: Models, told: bool) -> str:
    """Return the images and the answers as a sentence for those who hear it."""
    rows = [
        say(
            "image {place} shows {true}, was taught as {taught}, golden says {golden}{tuned}",
            place=k + 1,
            true=int(found.true[k]),
            taught=int(found.taught[k]),
            golden=int(found.said["golden"][k]),
            tuned=say(", fine-tuned says {tuned}", tuned=int(found.said["fine_tune"][k])) if told else "",
        )
        for k in range(len(found.taught))
    ]
    return say("{count} of the images to forget: {rows}.", count=len(rows), rows="; ".join(rows))


def describe_scores(records: Mapping[str, ClassMetrics], hidden: frozenset[str]) -> str:
    """Return the table as a sentence."""
    rows = [
        say(
            "{name} UA {ua:.0f} %, RA {ra:.0f} %, TA {ta:.1f} %, attack {auc:.2f}",
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


def forgotten(what: Asked) -> str:
    """Return what is forgotten, in words."""
    if what.kind == "class":
        return say("all images of the digit {digit}", digit=what.digit)
    return say("a tenth of the images") if what.kind == "random" else say("a tenth of the images, taught wrongly")
