"""What the exact pictures show: the triangle and its exceptions, the parabola, and weight space seen whole."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Check, Scene, Triangle, Valley
from theory.data import Data
from ui.language import say
from ui.language.words import SAME, awaited, in_turn, is_zero, judged, loss_text, number, plural, same

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


def shape(found: Triangle, data: Data) -> str:
    """Return what the triangle is: right, flat or neither, with its lengths."""
    if is_flat(found):
        return say(
            "The row to keep sees all of the pretrained model, so nothing is left over and **the triangle is flat**: "
            "wherever fine-tuning starts, it ends at golden itself.",
            "The {n:,} rows to keep see all of the pretrained model, so nothing is left over and **the triangle is "
            "flat**: wherever fine-tuning starts, it ends at golden itself.",
            n=data.n_retain,
        )
    if is_right(found):
        return say(
            "**A right triangle, at its true lengths** although every model has {weights}: golden "
            "({golden}) is what the rows to keep see of the pretrained model ({pretrained}), the "
            "leftover ({leftover}) is what they cannot see.",
            weights=plural(data.d, "weight"),
            golden=number(found.golden),
            pretrained=number(found.pretrained),
            leftover=number(found.leftover),
        )
    return in_turn(
        say(
            "Pretrained does not fit the rows to keep as well as they can be fitted: what they see of it lies {gap} "
            "away from golden, so **0, golden and pretrained form no right triangle**.",
            gap=number(found.gap),
        ),
        say("The pretrained model lies {off} away from this plane; you see its shadow.", off=number(found.off))
        if is_off(found)
        else "",
        say("The leftover is exact all the same: {leftover}.", leftover=number(found.leftover)),
    )


def curve(found: Triangle) -> str:
    """Return what the parabola says, true wherever the slider stands."""
    half, golden = at_half(found), found.golden_loss
    shown = {"half": loss_text(half), "golden": loss_text(golden), "pretrained": loss_text(found.pretrained_loss)}
    what = say("**UL**, the unlearning loss, is the mean squared error on the rows to forget.")
    if is_flat(found):
        return in_turn(what, say("It is golden's from every start: {golden}.", **shown))
    if is_zero(golden) and is_pure(found):
        return in_turn(what, say("Golden predicts these rows exactly, so UL is zero from every start."))
    if is_pure(found):
        return in_turn(
            what,
            say("From half of pretrained it ends at {half}: (1 − ½)² = **25%** of golden's {golden}.", **shown),
            say("From all of it, fine-tuning goes nowhere; from nothing, to golden.") if is_right(found) else "",
        )
    return in_turn(
        what,
        say("From half of pretrained it ends at {half}; golden's is {golden}.", **shown),
        say("Pretrained itself misses these rows by {pretrained}: there the curve ends, at s = 1.", **shown)
        if is_right(found)
        else say("Here it is not (1 − s)² times golden's: the curve is computed at every start."),
    )


def outcomes(places: Mapping[str, Array]) -> set[str]:
    """Return which answers to "where does fine-tuning end?" are right.

    `places` are "start", "end", "golden" and "pretrained" in the picture that was guessed about.
    """
    end = places["end"]
    size = max(float(np.linalg.norm(w)) for w in places.values())
    near = {key for key, w in places.items() if float(np.linalg.norm(end - w)) <= ONE_POINT * size}
    return {"across"} | (near & {"golden", "pretrained"}) | ({"still"} if "start" in near else set())


def verdict(options: Mapping[str, str], guess: str | int | None, places: Mapping[str, Array]) -> str:
    """Return how a guessed end of fine-tuning compares with where it ends, and why; without a guess, the answer.

    `places` are those of `outcomes`.
    """
    right = outcomes(places)
    reason = (
        say("The start already fits the rows to keep as well as can be, so nothing pulls at it.")
        if "still" in right
        else say("Every step moves it only where the rows to keep point, so it takes the shortest way.")
    )
    told = judged(options, guess, right)
    return told if guess is not None else in_turn(told, reason)


def describe_triangle(found: Triangle, hidden: frozenset[str] = frozenset()) -> str:
    """Return the triangle as a sentence: its lengths, and where fine-tuning from half way ends."""
    kind = say("Flat triangle") if is_flat(found) else say("Right triangle") if is_right(found) else say("Points")
    sizes = say(
        "{kind} of 0, golden (length {golden}) and pretrained (length {pretrained}), leftover {leftover}.",
        kind=kind,
        golden=number(found.golden),
        pretrained=number(found.pretrained),
        leftover=number(0.0 if is_flat(found) else found.leftover),
    )
    if hidden:
        return in_turn(sizes, say("There is a start point on the way to pretrained. The answer follows the guess."))
    return in_turn(
        sizes,
        say(
            "From a start point that a slider moves, fine-tuning runs level: from half way it ends {away} from golden.",
            away=number(0.0 if is_flat(found) else HALF * found.leftover),
        ),
    )


def describe_start_losses(found: Triangle, hidden: frozenset[str] = frozenset()) -> str:
    """Return the parabola as a sentence: UL from nothing, from half and from the whole pretrained model."""
    golden = loss_text(found.golden_loss)
    if hidden:
        return say(
            "Unlearning loss against the start point s from 0 to {starts:g}: golden's is {golden}. The answer follows "
            "the guess.",
            starts=max(found.starts),
            golden=golden,
        )
    first, last = (loss_text(float(found.losses[found.starts.index(s)])) for s in (0.0, 1.0))
    return say(
        "Unlearning loss against the start point s: {first} at 0, {half} at one half, {last} at 1; golden's is "
        "{golden}.",
        first=first,
        half=loss_text(at_half(found)),
        last=last,
        golden=golden,
    )


# The valley.

# Two points this near, in weights, are one: a step of a hand is a hundred thousand times as long.
ONE_POINT = 1e-7


def _one(a: Array, b: Array) -> bool:
    return float(np.linalg.norm(a - b)) <= ONE_POINT


def roll_texts(seen: Valley, steps: Sequence[int], shares: Sequence[float]) -> tuple[str, ...]:
    """Return what the valley shows after every step: the height of the ball."""
    return tuple(
        say(
            "{steps}: height {error}",
            steps=plural(k, "step"),
            error=number(float(np.sqrt(seen.remaining_loss(w)))) if seen.remaining_loss(w) > ONE_POINT**2 else "0",
        )
        for k, w in zip(steps, seen.way(shares), strict=True)
    )


def hills(seen: Valley) -> str:
    """Return where the ball rolls, and why."""
    if not seen.says:
        return say(
            "**The ball does not roll.** A row of zeros asks for nothing: every model fits it, and all of the plane "
            "is floor."
        )
    why = say("Every step is a multiple of the row to keep, so it leads across the valley and never along it.")
    shown = {
        "away": number(float(np.linalg.norm(seen.end - seen.w_g))),
        "tuned": loss_text(seen.unlearning_loss(seen.end), short=True),
        "golden": loss_text(seen.unlearning_loss(seen.w_g), short=True),
    }
    one_way = "" if seen.crossing else _one_way(seen)
    if _one(seen.start, seen.end):
        return in_turn(
            say("**The ball does not roll**: pretrained already lies on the floor.")
            if _one(seen.start, seen.w_o)
            else say("**The ball does not roll**: the start already lies on the floor."),
            why,
            say("Its squared error on the row to forget stays {tuned}; golden's is {golden}.", **shown),
            one_way,
        )
    if _one(seen.end, seen.w_g):
        return in_turn(
            say("**Straight across, and this time to golden.**"),
            why,
            say("The start lay at golden's height along it."),
            one_way,
        )
    return in_turn(
        say("**Straight across, {away} away from golden.**", **shown),
        why,
        say(
            "What the start holds along the floor is left over: the squared error on the row to forget ends at "
            "{tuned}; golden's is {golden}.",
            **shown,
        ),
        one_way,
    )


def _one_way(seen: Valley) -> str:
    """Return what it means that the row to forget asks for nothing that the row to keep does not ask for."""
    if not seen.forget.any():
        return say("The row to forget is all zeros: every model fits it.")
    return say("Both rows ask for the same, so pretrained is golden: there is nothing to forget.")


def describe_hills(seen: Valley, hidden: frozenset[str] = frozenset(), begun: bool = True) -> str:
    """Return the valley as a sentence: where its models lie, and where the ball goes once it has begun to roll."""
    places = (
        (say("golden"), seen.w_g),
        (say("pretrained"), seen.w_o),
        (say("the start"), seen.start),
        (say("the row to keep"), seen.retain),
        (say("the row to forget"), seen.forget),
    )
    return in_turn(
        say(
            "The valley of the error on the row to keep, over two weights: {models}.",
            models=", ".join(_at(name, w) for name, w in places),
        ),
        say("{end}.", end=_at(say("Fine-tuning ends"), seen.end)) if begun and not hidden else awaited(not hidden),
    )


def _at(name: str, w: Array) -> str:
    one, two = (number(0.0 if abs(v) <= ONE_POINT else float(v)) for v in w)
    return say("{name} at ({w}, {w2})", name=name, w=one, w2=two)


def errors() -> str:
    """Return what the bars beside the valley are, by the name that the other pages call it."""
    return say(
        "The mean of this error over all rows to forget is the **unlearning loss, UL**. A model that has forgotten has "
        "golden's."
    )


def describe_errors(seen: Valley, hidden: frozenset[str] = frozenset(), begun: bool = True) -> str:
    """Return the errors on the row to forget as a sentence; where fine-tuning ends once it has begun."""
    level, before, start, tuned = (
        loss_text(seen.unlearning_loss(w), short=True) for w in (seen.w_g, seen.w_o, seen.start, seen.end)
    )
    shown = {"golden": level, "pretrained": before, "start": start, "tuned": tuned}
    if hidden or not begun:
        return in_turn(
            say(
                "Squared error on the row to forget: golden {golden}, pretrained {pretrained}, start {start}.", **shown
            ),
            awaited(not hidden),
        )
    return say(
        "Squared error on the row to forget: golden {golden}, pretrained {pretrained}, start {start}, fine-tuned "
        "{tuned}.",
        **shown,
    )


# Three features.


def turn_texts(turns: Sequence[float]) -> tuple[str, ...]:
    """Return what every turn shows."""
    return tuple(f"{degrees:g}°" for degrees in turns)


def two_planes(seen: Scene) -> str:
    """Return what three features show: two planes, their line, and the same triangle in them."""
    w_o, w_g, leftover = (float(np.linalg.norm(v)) for v in (seen.w_o, seen.w_g, seen.w_o - seen.w_g))
    away = float(np.linalg.norm(seen.end - seen.w_g))
    return say(
        "Each plane holds the models that fit one row; both are fitted where they cross. Golden (length {w_g}) and "
        "pretrained ({w_o}) are the points of plane and line nearest to 0, the leftover ({leftover}) lies between "
        "them. From half of pretrained, fine-tuning meets the plane at right angles, {away} away from golden.",
        w_o=number(w_o),
        w_g=number(w_g),
        leftover=number(leftover),
        away=number(away),
    )


def describe_two_planes(seen: Scene, hidden: frozenset[str] = frozenset()) -> str:
    """Return the planes as a sentence: the models' lengths."""
    w_o, w_g = (float(np.linalg.norm(v)) for v in (seen.w_o, seen.w_g))
    return in_turn(
        say(
            "Weight space of three features, a plane of models for either row: golden at distance {w_g} from 0, "
            "pretrained at {w_o}.",
            w_g=number(w_g),
            w_o=number(w_o),
        ),
        say("The answer follows the guess.")
        if hidden
        else say("A slider turns the view; fine-tuning meets the plane of the row to keep."),
    )


# The formula.


def _right_angle(w_o: Array, w_g: Array) -> Check:
    """Return both sides of the right triangle of these models, (d,)."""
    left, right = float(w_o @ w_o), float(w_g @ w_g + (w_o - w_g) @ (w_o - w_g))
    return Check(left, right, abs(left - right) / (max(left, right) or 1.0))


def formula_two(seen: Valley) -> tuple[Check, str]:
    """Return both sides of the right triangle for the two rows of the valley."""
    return _right_angle(seen.w_o, seen.w_g), say("The valley above.")


def formula_three(seen: Scene) -> tuple[Check, str]:
    """Return both sides of the right triangle for three features."""
    return _right_angle(seen.w_o, seen.w_g), say("The three features above.")
