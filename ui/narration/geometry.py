"""What the exact pictures show: the triangle and its exceptions, the parabola, and weight space seen whole."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Scene, Spec, Triangle, TwoRows
from ui.narration.words import SAME, is_zero, loss_text, number, plural, same

# The start the guess is about, and the sentences give numbers for.
HALF = 0.5


def is_right(found: Triangle) -> bool:
    """Whether golden is what the retain rows see of the pretrained model, so that the triangle is right."""
    return found.gap <= SAME * max(found.pretrained, found.golden)


def is_flat(found: Triangle) -> bool:
    """Whether the retain rows see all of the pretrained model, so that nothing is left over."""
    return found.leftover <= SAME * max(found.pretrained, found.golden)


def is_off(found: Triangle) -> bool:
    """Whether the pretrained model lies outside the plane of the picture."""
    return found.off > SAME * max(found.pretrained, found.golden)


def is_pure(found: Triangle) -> bool:
    """Whether UL is (1 - s)^2 UL(w_g) at every start."""
    return all(
        same(float(loss), (1 - s) ** 2 * found.golden_loss, found.loss_scale)
        for s, loss in zip(found.starts, found.losses, strict=True)
    )


def at_half(found: Triangle) -> float:
    """Return UL after fine-tuning from half the pretrained model."""
    return float(found.losses[found.starts.index(HALF)])


def start_texts(found: Triangle) -> tuple[str, ...]:
    """Return what every start shows: where it is, and UL after fine-tuning from it."""
    return tuple(
        f"s = {s:.2f}, UL {loss_text(float(loss), short=True)}"
        for s, loss in zip(found.starts, found.losses, strict=True)
    )


def _shape(found: Triangle, spec: Spec) -> str:
    rows = "The row to keep sees" if spec.n_retain == 1 else f"The {spec.n_retain:,} rows to keep see"
    if is_flat(found):
        return (
            f"{rows} all of the pretrained model, so nothing is left over and **the triangle is flat**: "
            "wherever fine-tuning starts, it ends at golden itself."
        )
    if is_right(found):
        return (
            f"**A right triangle, at its true lengths** although every model has {plural(spec.d, 'weight')}: "
            f"golden ({number(found.golden)}) is what the rows to keep see of the pretrained model "
            f"({number(found.pretrained)}), the leftover ({number(found.leftover)}) is what they cannot see."
        )
    shadow = (
        f" The pretrained model lies {number(found.off)} away from this plane; you see its shadow."
        if is_off(found)
        else ""
    )
    return (
        "The pretrained model does not fit the rows to keep as well as they can be fitted. "
        f"What they see of it, the foot of its perpendicular, is therefore {number(found.gap)} away from golden, and "
        f"**0, golden and pretrained form no right triangle**.{shadow} The leftover is exact all the same: "
        f"{number(found.leftover)}."
    )


def _curve(found: Triangle) -> str:
    half, golden = at_half(found), found.golden_loss
    level = loss_text(golden)
    if is_flat(found):
        return f"The unlearning loss is golden's from every start: {level}."
    ends = f"From half the pretrained model, fine-tuning ends {number(HALF * found.leftover)} away from golden"
    if is_zero(golden) and is_pure(found):
        return (
            f"{ends}. Golden predicts the forgotten rows exactly, too, so the unlearning loss is zero from every start."
        )
    if is_pure(found):
        return (
            f"{ends} with an unlearning loss of {loss_text(half)}: (1 − ½)² = **25 %** of golden's {level}. "
            "From the whole pretrained model it goes nowhere, from nothing it ends at golden."
        )
    if is_right(found):
        return (
            f"{ends} with an unlearning loss of {loss_text(half)}; golden's is {level}. The pretrained model itself "
            f"misses the forgotten rows by {loss_text(found.pretrained_loss)}, and that lifts the bottom of the "
            "parabola off zero."
        )
    return (
        f"{ends} with an unlearning loss of {loss_text(half)}; golden's is {level}. The curve is computed from the "
        "data at every start: it is not (1 − s)² times golden's here."
    )


def triangle(found: Triangle, spec: Spec) -> str:
    """Return what the triangle is and what the parabola says, true wherever the slider stands."""
    return f"{_shape(found, spec)} {_curve(found)}"


def verdict(options: Mapping[str, str], guess: str | int, found: Triangle) -> str:
    """Return how a guessed share, in percent, compares with UL from half the pretrained model over golden's."""
    del options  # a share is asked for
    golden, half = found.golden_loss, at_half(found)
    if is_flat(found):
        reason = "The rows to keep see all of the model, so that the start leaves no trace."
    elif is_pure(found):
        reason = "Half of the leftover stays, so that the error on every row is half of golden's; squared, a quarter."
    else:
        reason = (
            "Half of the leftover stays; but the pretrained model does not fit every row exactly, which adds to it."
        )
    if is_zero(golden):
        return f"You guessed {guess} %; golden's own error is zero here, so there is no share of it. {reason}"
    share = 0.0 if is_zero(half) else 100 * half / golden
    off = abs(share - int(guess))
    close = "right on it" if off < 0.5 else f"{number(off)} points off"
    return f"You guessed {guess} %; it is {number(share)} %: {close}. {reason}"


def describe_triangle(found: Triangle, hidden: frozenset[str] = frozenset()) -> str:
    """Return the triangle as a sentence: its lengths, and where fine-tuning from half way ends."""
    kind = "Flat triangle" if is_flat(found) else "Right triangle" if is_right(found) else "Points"
    sizes = (
        f"{kind} of 0, golden (length {number(found.golden)}) and pretrained (length {number(found.pretrained)}), "
        f"leftover {number(0.0 if is_flat(found) else found.leftover)}"
    )
    if hidden:
        return f"{sizes}, and a start point on the way to pretrained. The answer follows the guess."
    away = number(0.0 if is_flat(found) else HALF * found.leftover)
    return (
        f"{sizes}. From a start point that a slider moves, fine-tuning runs level: from half way it ends {away} "
        "from golden."
    )


def describe_start_losses(found: Triangle, hidden: frozenset[str] = frozenset()) -> str:
    """Return the parabola as a sentence: UL from nothing, from half and from the whole pretrained model."""
    level = f"golden's is {loss_text(found.golden_loss)}"
    if hidden:
        return (
            f"Unlearning loss against the start point s from 0 to {max(found.starts):g}: {level}. The answer "
            "follows the guess."
        )
    first, last = (loss_text(float(found.losses[found.starts.index(s)])) for s in (0.0, 1.0))
    return (
        f"Unlearning loss against the start point s: {first} at 0, {loss_text(at_half(found))} at one half, {last} at "
        f"1; {level}."
    )


# Two features.


def angle_texts(rows: Sequence[TwoRows]) -> tuple[str, ...]:
    """Return what every angle shows: how far the rows stand apart, and golden's UL."""
    return tuple(f"{r.degrees:g}°, golden's UL {loss_text(r.golden_loss, short=True)}" for r in rows)


def two_lines(rows: Sequence[TwoRows], start: float) -> str:
    """Return what two features show: the lines, their crossing, and what the angle changes."""
    apart = rows[-1]
    leftover = float(np.linalg.norm(apart.w_o - apart.w_g))
    return (
        "Each line holds the models that fit one row exactly; they cross at the pretrained model, and golden is the "
        f"point of the retain line nearest to 0. Whatever the angle, the leftover stays {number(leftover)}; what "
        f"shrinks with it is how much of the leftover the row to forget can see: golden's unlearning loss is "
        f"(leftover × sin angle)², **{loss_text(apart.golden_loss)}** at {apart.degrees:g}°. Fine-tuning from "
        f"{start:g} of the pretrained model leaves (1 − {start:g})² = {number(100 * (1 - start) ** 2)} % of it at "
        "every angle. Only when the rows are one and the same do the lines fall together: then the pretrained model "
        "is golden, and there is nothing to forget."
    )


def describe_two_lines(rows: Sequence[TwoRows], index: int, hidden: frozenset[str] = frozenset()) -> str:
    """Return the two lines as a sentence: the models' places and the angle drawn at first."""
    here = rows[index]
    models = ", ".join(
        f"{name} at ({number(float(w[0]))}, {number(float(w[1]))})"
        for name, w in (("golden", here.w_g), ("pretrained", here.w_o))
    )
    end = "The answer follows the guess." if hidden else "A slider turns the row to forget; fine-tuning runs level."
    return f"Weight space of two features, the rows {here.degrees:g} degrees apart: {models}. {end}"


def describe_angle_losses(rows: Sequence[TwoRows], start: float, hidden: frozenset[str] = frozenset()) -> str:
    """Return UL against the angle as a sentence: golden's at both ends, and the fine-tuned model's."""
    first, last = rows[0], rows[-1]
    golden = (
        f"Unlearning loss against the angle between the rows: golden's {loss_text(first.golden_loss)} at "
        f"{first.degrees:g} degrees, {loss_text(last.golden_loss)} at {last.degrees:g}"
    )
    if hidden:
        return f"{golden}. The answer follows the guess."
    return f"{golden}; after fine-tuning from {start:g} of the pretrained model {loss_text(last.loss(start))} there."


# Three features.


def turn_texts(turns: Sequence[float]) -> tuple[str, ...]:
    """Return what every turn shows."""
    return tuple(f"{degrees:g}°" for degrees in turns)


def two_planes(seen: Scene, start: float) -> str:
    """Return what three features show: two planes, their line, and the same triangle in them."""
    w_o, w_g, leftover = (float(np.linalg.norm(v)) for v in (seen.w_o, seen.w_g, seen.w_o - seen.w_g))
    away = float(np.linalg.norm(seen.end - seen.w_g))
    return (
        "Each plane holds the models that fit one row exactly, their crossing line the models that fit both. "
        f"Pretrained (length {number(w_o)}) is the point of that line nearest to 0, golden (length {number(w_g)}) the "
        f"point of the retain plane nearest to 0, and between them lies the leftover ({number(leftover)}). "
        f"Fine-tuning meets the retain plane at right angles and stops: from {start:g} of the pretrained model it "
        f"ends {number(away)} away from golden. At 0° you look along the line, the planes are edges, and this is the "
        "flat picture of two features."
    )


def describe_two_planes(seen: Scene, hidden: frozenset[str] = frozenset()) -> str:
    """Return the planes as a sentence: the models' lengths."""
    w_o, w_g = (float(np.linalg.norm(v)) for v in (seen.w_o, seen.w_g))
    end = "The answer follows the guess." if hidden else "A slider turns the view; fine-tuning meets the retain plane."
    return (
        f"Weight space of three features, a plane of models for either row: golden at distance {number(w_g)} from 0, "
        f"pretrained at {number(w_o)}. {end}"
    )
