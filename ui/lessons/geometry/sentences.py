"""What the exact pictures show: the triangle and its exceptions, the parabola, and weight space seen whole."""

from collections.abc import Sequence

import numpy as np

from theory import Array, Check, Scene, Spec, Triangle, TwoRows
from ui.language import say
from ui.language.words import SAME, is_zero, loss_text, number, plural, same

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
        say("s = {s:.2f}, UL {loss}", s=s, loss=loss_text(float(loss), short=True))
        for s, loss in zip(found.starts, found.losses, strict=True)
    )


def shape(found: Triangle, spec: Spec) -> str:
    """Return what the triangle is: right, flat or neither, with its lengths."""
    rows = (
        say("The row to keep sees")
        if spec.n_retain == 1
        else say("The {n_retain:,} rows to keep see", n_retain=spec.n_retain)
    )
    if is_flat(found):
        return say(
            "{rows} all of the pretrained model, so nothing is left over and **the triangle is "
            "flat**: wherever fine-tuning starts, it ends at golden itself.",
            rows=rows,
        )
    if is_right(found):
        return say(
            "**A right triangle, at its true lengths** although every model has {weights}: golden "
            "({golden}) is what the rows to keep see of the pretrained model ({pretrained}), the "
            "leftover ({leftover}) is what they cannot see.",
            weights=plural(spec.d, "weight"),
            golden=number(found.golden),
            pretrained=number(found.pretrained),
            leftover=number(found.leftover),
        )
    shadow = (
        say(" The pretrained model lies {off} away from this plane; you see its shadow.", off=number(found.off))
        if is_off(found)
        else ""
    )
    return say(
        "The pretrained model does not fit the rows to keep as well as they can be fitted. What "
        "they see of it, the foot of its perpendicular, is therefore {gap} away from golden, and "
        "**0, golden and pretrained form no right triangle**.{shadow} The leftover is exact all "
        "the same: {leftover}.",
        gap=number(found.gap),
        shadow=shadow,
        leftover=number(found.leftover),
    )


def curve(found: Triangle) -> str:
    """Return what the parabola says, true wherever the slider stands."""
    half, golden = at_half(found), found.golden_loss
    level = loss_text(golden)
    if is_flat(found):
        return say("The unlearning loss is golden's from every start: {level}.", level=level)
    ends = say(
        "From half the pretrained model, fine-tuning ends {HALF} away from golden", HALF=number(HALF * found.leftover)
    )
    if is_zero(golden) and is_pure(found):
        return say(
            "{ends}. Golden predicts the forgotten rows exactly, too, so the unlearning loss is zero from every start.",
            ends=ends,
        )
    if is_pure(found):
        return say(
            "{ends} with an unlearning loss of {half}: (1 − ½)² = **25 %** of golden's {level}. From "
            "the whole pretrained model it goes nowhere, from nothing it ends at golden.",
            ends=ends,
            half=loss_text(half),
            level=level,
        )
    if is_right(found):
        return say(
            "{ends} with an unlearning loss of {half}; golden's is {level}. The pretrained model "
            "itself misses the forgotten rows by {pretrained_loss}, and that lifts the bottom of the "
            "parabola off zero.",
            ends=ends,
            half=loss_text(half),
            level=level,
            pretrained_loss=loss_text(found.pretrained_loss),
        )
    return say(
        "{ends} with an unlearning loss of {half}; golden's is {level}. The curve is computed "
        "from the data at every start: it is not (1 − s)² times golden's here.",
        ends=ends,
        half=loss_text(half),
        level=level,
    )


def verdict(guess: str | int | None, found: Triangle) -> str:
    """Return how a guessed share, in percent, compares with UL from half the pretrained model over golden's.

    Without a guess, what that share is.
    """
    golden, half = found.golden_loss, at_half(found)
    if is_flat(found):
        reason = say("The rows to keep see all of the model, so that the start leaves no trace.")
    elif is_pure(found):
        reason = say(
            "Half of the leftover stays, so that the error on every row is half of golden's; squared, a quarter."
        )
    else:
        reason = say(
            "Half of the leftover stays; but the pretrained model does not fit every row exactly, which adds to it."
        )
    losses = say(
        "from half of the pretrained model, the unlearning loss is {half}, golden's is {golden}.",
        half=loss_text(half, short=True),
        golden=loss_text(golden, short=True),
    )
    if is_zero(golden):
        if guess is None:
            return say("**Golden's own error is zero here**, so there is no share of it: {losses}", losses=losses)
        return say(
            "You guessed {guess} %; golden's own error is zero here, so there is no share of it. {reason}",
            guess=guess,
            reason=reason,
        )
    share = 0.0 if is_zero(half) else 100 * half / golden
    if guess is None:
        return say("**It is {share} %**: {losses} {reason}", share=number(share), losses=losses, reason=reason)
    off = abs(share - int(guess))
    close = say("right on it") if off < 0.5 else say("{off} points off", off=number(off))
    return say(
        "You guessed {guess} %; it is {share} %: {close}. {reason}",
        guess=guess,
        share=number(share),
        close=close,
        reason=reason,
    )


def describe_triangle(found: Triangle, hidden: frozenset[str] = frozenset()) -> str:
    """Return the triangle as a sentence: its lengths, and where fine-tuning from half way ends."""
    kind = say("Flat triangle") if is_flat(found) else say("Right triangle") if is_right(found) else say("Points")
    sizes = say(
        "{kind} of 0, golden (length {golden}) and pretrained (length {pretrained}), leftover {leftover}",
        kind=kind,
        golden=number(found.golden),
        pretrained=number(found.pretrained),
        leftover=number(0.0 if is_flat(found) else found.leftover),
    )
    if hidden:
        return say("{sizes}, and a start point on the way to pretrained. The answer follows the guess.", sizes=sizes)
    away = number(0.0 if is_flat(found) else HALF * found.leftover)
    return say(
        "{sizes}. From a start point that a slider moves, fine-tuning runs level: from half way "
        "it ends {away} from golden.",
        sizes=sizes,
        away=away,
    )


def describe_start_losses(found: Triangle, hidden: frozenset[str] = frozenset()) -> str:
    """Return the parabola as a sentence: UL from nothing, from half and from the whole pretrained model."""
    level = say("golden's is {golden_loss}", golden_loss=loss_text(found.golden_loss))
    if hidden:
        return say(
            "Unlearning loss against the start point s from 0 to {starts:g}: {level}. The answer follows the guess.",
            starts=max(found.starts),
            level=level,
        )
    first, last = (loss_text(float(found.losses[found.starts.index(s)])) for s in (0.0, 1.0))
    return say(
        "Unlearning loss against the start point s: {first} at 0, {at_half} at one half, {last} at 1; {level}.",
        first=first,
        at_half=loss_text(at_half(found)),
        last=last,
        level=level,
    )


# Two features.


def angle_texts(rows: Sequence[TwoRows]) -> tuple[str, ...]:
    """Return what every angle shows: how far the rows stand apart, and golden's UL."""
    return tuple(
        say(
            "{degrees:g}°, golden's UL {golden_loss}",
            degrees=r.degrees,
            golden_loss=loss_text(r.golden_loss, short=True),
        )
        for r in rows
    )


def two_lines(rows: Sequence[TwoRows], start: float) -> str:
    """Return what two features show: the lines, their crossing, and what the angle changes."""
    apart = rows[-1]
    leftover = float(np.linalg.norm(apart.w_o - apart.w_g))
    return say(
        "Each line holds the models that fit one row exactly; they cross at the pretrained "
        "model, and golden is the point of the retain line nearest to 0. Whatever the angle, the "
        "leftover stays {leftover}; what shrinks with it is how much of the leftover the row to "
        "forget can see: golden's unlearning loss is (leftover × sin angle)², **{golden_loss}** "
        "at {degrees:g}°. Fine-tuning from {start:g} of the pretrained model leaves (1 − "
        "{start:g})² = {percent} % of it at every angle. Only when the rows are one and the same do "
        "the lines fall together: then the pretrained model is golden, and there is nothing to "
        "forget.",
        leftover=number(leftover),
        golden_loss=loss_text(apart.golden_loss),
        degrees=apart.degrees,
        start=start,
        percent=number(100 * (1 - start) ** 2),
    )


def describe_two_lines(rows: Sequence[TwoRows], index: int, hidden: frozenset[str] = frozenset()) -> str:
    """Return the two lines as a sentence: the models' places and the angle drawn at first."""
    here = rows[index]
    models = ", ".join(
        say("{name} at ({w}, {w2})", name=name, w=number(float(w[0])), w2=number(float(w[1])))
        for name, w in ((say("golden"), here.w_g), (say("pretrained"), here.w_o))
    )
    end = (
        say("The answer follows the guess.")
        if hidden
        else say("A slider turns the row to forget; fine-tuning runs level.")
    )
    return say(
        "Weight space of two features, the rows {degrees:g} degrees apart: {models}. {end}",
        degrees=here.degrees,
        models=models,
        end=end,
    )


def describe_angle_losses(rows: Sequence[TwoRows], start: float, hidden: frozenset[str] = frozenset()) -> str:
    """Return UL against the angle as a sentence: golden's at both ends, and the fine-tuned model's."""
    first, last = rows[0], rows[-1]
    golden = say(
        "Unlearning loss against the angle between the rows: golden's {golden_loss} at "
        "{degrees:g} degrees, {golden_loss2} at {degrees2:g}",
        golden_loss=loss_text(first.golden_loss),
        degrees=first.degrees,
        golden_loss2=loss_text(last.golden_loss),
        degrees2=last.degrees,
    )
    if hidden:
        return say("{golden}. The answer follows the guess.", golden=golden)
    return say(
        "{golden}; after fine-tuning from {start:g} of the pretrained model {loss} there.",
        golden=golden,
        start=start,
        loss=loss_text(last.loss(start)),
    )


# Three features.


def turn_texts(turns: Sequence[float]) -> tuple[str, ...]:
    """Return what every turn shows."""
    return tuple(f"{degrees:g}°" for degrees in turns)


def two_planes(seen: Scene, start: float) -> str:
    """Return what three features show: two planes, their line, and the same triangle in them."""
    w_o, w_g, leftover = (float(np.linalg.norm(v)) for v in (seen.w_o, seen.w_g, seen.w_o - seen.w_g))
    away = float(np.linalg.norm(seen.end - seen.w_g))
    return say(
        "Each plane holds the models that fit one row exactly, their crossing line the models "
        "that fit both. Pretrained (length {w_o}) is the point of that line nearest to 0, golden "
        "(length {w_g}) the point of the retain plane nearest to 0, and between them lies the "
        "leftover ({leftover}). Fine-tuning meets the retain plane at right angles and stops: "
        "from {start:g} of the pretrained model it ends {away} away from golden. At 0° you look "
        "along the line, the planes are edges, and this is the flat picture of two features.",
        w_o=number(w_o),
        w_g=number(w_g),
        leftover=number(leftover),
        start=start,
        away=number(away),
    )


def describe_two_planes(seen: Scene, hidden: frozenset[str] = frozenset()) -> str:
    """Return the planes as a sentence: the models' lengths."""
    w_o, w_g = (float(np.linalg.norm(v)) for v in (seen.w_o, seen.w_g))
    end = (
        say("The answer follows the guess.")
        if hidden
        else say("A slider turns the view; fine-tuning meets the retain plane.")
    )
    return say(
        "Weight space of three features, a plane of models for either row: golden at distance "
        "{w_g} from 0, pretrained at {w_o}. {end}",
        w_g=number(w_g),
        w_o=number(w_o),
        end=end,
    )


# The formula.


def _sides(w_o: Array, w_g: Array) -> Check:
    left, right = float(w_o @ w_o), float(w_g @ w_g + (w_o - w_g) @ (w_o - w_g))
    return Check(left, right, abs(left - right) / (max(left, right) or 1.0))


def formula_two(rows: Sequence[TwoRows]) -> tuple[Check, str]:
    """Return both sides of the right triangle for two features, the same at every angle but 0."""
    return _sides(rows[-1].w_o, rows[-1].w_g), say("The two features above, at every angle but 0°.")


def formula_three(seen: Scene) -> tuple[Check, str]:
    """Return both sides of the right triangle for three features."""
    return _sides(seen.w_o, seen.w_g), say("The three features above.")
