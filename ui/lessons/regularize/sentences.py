"""What a push on the forget rows did, and what an equal error proves: sentences true at every setting."""

from collections.abc import Callable, Mapping, Sequence

from theory import METHODS, Check, Meeting, Metrics, TradeOff, Weighing
from theory.data import Data
from theory.sameness import SAME, loss_likeness, same
from ui.figures.formulas import set_number
from ui.language import Texts, say
from ui.language.words import distance_text, in_turn, loss_pair, loss_text, number, right_answer, rows_to_forget
from ui.lessons.lesson import Formula

PUSHED = "discriminative"
# The models of the page, and their names on screen.
KEYS = ("pretrained", "fine_tune", "golden", PUSHED)
LABELS = Texts({**{key: method.label for key, method in METHODS.items()}, PUSHED: "Pushed"})


# The first part: is an equal error enough?


def outcome(meeting: Meeting) -> str:
    """Return which answer to "when the error equals golden's, is the model golden?" is right."""
    if meeting.crossing is None:
        return "never"
    return "golden" if meeting.crossing.golden else "apart"


def _apart(meeting: Meeting, size: float, pretrained: float) -> str:
    crossing = meeting.crossing
    assert crossing is not None
    same_rows = crossing.row_gap <= SAME * max(crossing.distance, crossing.unlearning_loss**0.5)
    values = {
        "alpha": number(crossing.alpha),
        "loss": loss_text(crossing.unlearning_loss),
        "gap": number(crossing.row_gap),
        "away": distance_text(crossing.distance, size),
        "before": distance_text(pretrained, size),
    }
    if same_rows:
        return say(
            "At alpha = {alpha} the error on the rows to forget is golden's, {loss}. Even row by row it predicts what "
            "golden predicts, and still its weights are {away} away from golden's (pretrained: {before}).",
            **values,
        )
    return say(
        "At alpha = {alpha} the error on the rows to forget is golden's, {loss}. But row by row the predictions differ "
        "by a typical {gap}, and the weights lie {away} away from golden's (pretrained: {before}).",
        **values,
    )


def _no_meeting(meeting: Meeting, curve: TradeOff) -> str:
    first, last = loss_pair(float(curve.unlearning_loss[0]), float(curve.unlearning_loss[-1]))
    shown = {"level": loss_text(meeting.level), "most": f"{curve.alphas[-1]:g}", "first": first, "last": last}
    jump = say("The smallest push makes the error jump past golden's, {level}.", **shown) if meeting.jumps_over else ""
    if meeting.nowhere:
        return in_turn(
            jump,
            say(
                "**No push, however strong, makes the errors equal**: golden's is {level}, the model's {first} without "
                "a push and {last} at alpha = {most}.",
                **shown,
            ),
        )
    if meeting.beyond is not None:
        beyond = say("They would be at alpha = {beyond}.", beyond=number(meeting.beyond))
    elif meeting.approaches:
        beyond = say("Stronger pushes bring them as close as one likes.")
    else:
        beyond = say("Beyond, nothing is known.")
    never = say("Up to alpha = {most} the errors are never equal: golden's is {level}.", **shown)
    return in_turn(jump, never, beyond)


def equal_error(meeting: Meeting, curve: TradeOff, pretrained: Metrics) -> str:
    """Return what an error equal to golden's proves at this setting, in numbers."""
    crossing = meeting.crossing
    if crossing is None:
        return _no_meeting(meeting, curve)
    if not crossing.golden:
        return _apart(meeting, curve.size, pretrained.distance)
    loss = loss_text(crossing.unlearning_loss)
    if crossing.alpha == 0:
        return say("Without any push the error is golden's, {loss}, and so is every weight: the exception.", loss=loss)
    return say(
        "At alpha = {alpha} the error is golden's, {loss}, and so is every weight: the exception. The error alone "
        "does not show it.",
        alpha=number(crossing.alpha),
        loss=loss,
    )


def verdict(
    options: Mapping[str, str],
    guess: str | int | None,
    find_meeting: Callable[[], Meeting],
    curve: TradeOff,
    pretrained: Metrics,
) -> str:
    """Return how a guess compares with the answer at this setting; without one, the answer and its numbers.

    The meeting is looked for here: the first picture does not wait for it.
    """
    meeting = find_meeting()
    right = outcome(meeting)
    if guess is None:
        return in_turn(right_answer(options, {right}), equal_error(meeting, curve, pretrained))
    if guess == right:
        return say("You guessed “{option}”, and so it is here.", option=say(options[right]))
    return say(
        "You guessed “{option}”; here the answer is “{answer}”.",
        option=say(options[str(guess)]),
        answer=say(options[right]),
    )


# The main picture.


def _error(spec: Data, alpha: float, pushed: Metrics, golden: Metrics) -> str:
    """Return the pushed model's error on the rows to forget, and how it stands to golden's."""
    how = loss_likeness(pushed.unlearning_loss, golden.unlearning_loss)
    loss, level = loss_pair(pushed.unlearning_loss, golden.unlearning_loss)
    if how == "same":
        loss = loss_text(pushed.unlearning_loss)
    shown = {"alpha": f"{alpha:g}", "rows": rows_to_forget(spec.n_forget), "loss": loss, "level": level}
    if how == "same":
        return say("With alpha = {alpha} the error on {rows} is **{loss}**, the same as golden's.", **shown)
    if how == "near":
        return say("With alpha = {alpha} the error on {rows} is **{loss}**, close to golden's {level}.", **shown)
    if how == "less":
        return say("With alpha = {alpha} the error on {rows} is **{loss}**, less than golden's {level}.", **shown)
    return say(
        "With alpha = {alpha} the error on {rows} is **{loss}**, more than golden's {level}: **over-forgetting**.",
        **shown,
    )


def _closest(curve: TradeOff) -> str:
    best = float(curve.distance.min())
    at = [float(a) for a, d in zip(curve.alphas, curve.distance, strict=True) if same(d, best, curve.size)]
    if len(at) == len(curve.alphas):
        return say("So they do at every alpha on the scale.")
    if at[0] == 0:
        return say("No push on the scale comes nearer than none.")
    if len(at) == len(curve.alphas) - 1:
        return say("So they do with every push on the scale.")
    return say("On this scale alpha = {at:g} comes nearest: {away}.", at=at[0], away=distance_text(best, curve.size))


def push(spec: Data, alpha: float, curve: TradeOff, records: Mapping[str, Metrics], unshuffled: bool) -> str:
    """Return what the push did to both errors and to the distance to golden.

    One sentence says that a single label cannot be shuffled: `unshuffled`, the push is to the true labels.
    """
    pushed, golden, before = records[PUSHED], records["golden"], records["pretrained"]
    own = ""
    if unshuffled and spec.n_forget == 1:
        own = say("One label cannot be shuffled: **this push teaches the true label**.")
    elif unshuffled:
        own = say(
            "All rows to forget have the same label, so shuffling changes none: **this push teaches the true labels**."
        )
    return in_turn(
        own,
        _error(spec, alpha, pushed, golden),
        say("On the rows to keep it is {remaining}.", remaining=loss_text(pushed.remaining_loss)),
        say(
            "The weights lie {away} from golden's (pretrained: {before}).",
            away=distance_text(pushed.distance, curve.size),
            before=distance_text(before.distance, curve.size),
        ),
        _closest(curve),
    )


# The third part: when alpha does not matter, and when it hurts.


def weight(mu: float, curve: TradeOff, free: Weighing, held: Weighing) -> str:
    """Return whether the weight alpha matters, and why; `free` is asked at mu = 0, `held` at this mu."""
    losses = [loss_text(float(loss)) for loss in curve.unlearning_loss[[1, -1]]]
    if held.idle:
        one = say("Here **alpha does not matter**: every push leads to one model, with error {loss}.", loss=losses[0])
        if mu > 0:
            return in_turn(one, say("It is as near to the targets as weights can be, so nothing pulls at it."))
        if held.fits_rows and held.meets_targets:
            return in_turn(one, say("It fits every row it trains on and every target: there is nothing to weigh."))
        return in_turn(one, say("No other is better on the rows it trains on, and none on the targets."))
    if losses[0] == losses[1]:
        ends = say(
            "Here **alpha matters**, though the error on the rows to forget hardly shows it: {loss}.", loss=losses[0]
        )
    else:
        ends = say(
            "Here **alpha matters**: from {least:g} to {most:g} the error on the rows to forget goes from {first} to "
            "{last}.",
            least=curve.alphas[1],
            most=curve.alphas[-1],
            first=losses[0],
            last=losses[1],
        )
    if free.idle:
        why = say("The rows and the targets agree on a model; only mu = {mu:g} holds it back.", mu=mu)
    elif mu > 0:
        why = say(
            "What is best for the rows it trains on is not best for the targets, and mu = {mu:g} holds it back, too.",
            mu=mu,
        )
    else:
        why = say("What is best for the rows it trains on is not best for the targets.")
    return in_turn(ends, why)


def hurts(curve: TradeOff, pretrained: Metrics) -> str:
    """Return which pushes of the scale end farther from golden than the pretrained model."""
    before = pretrained.distance
    far = [bool(d > before and not same(d, before, curve.size)) for d in curve.distance[1:]]
    if not any(far):
        return say("No push on the scale ends farther from golden than the pretrained model.")
    if all(far):
        return say("**It hurts**: every push on the scale ends farther from golden than the pretrained model.")
    first = far.index(True)
    if all(far[first:]):
        return say(
            "**From alpha = {alpha:g} on it hurts**: on this scale all such pushes end farther from golden than the "
            "pretrained model.",
            alpha=curve.alphas[1 + first],
        )
    return say(
        "**It can hurt**: {count} of the {all} pushes on the scale end farther from golden than the pretrained model.",
        count=sum(far),
        all=len(far),
    )


def objective(terms: tuple[float, float, float], alpha: float, mu: float) -> Formula:
    """Return what the push minimises, at the alpha and mu chosen, with the pushed model's numbers below its terms."""
    total = terms[0] + alpha * terms[1] + mu * terms[2]
    parts = (
        r"\tfrac{1}{n_t}\lvert X_t w - y_t\rvert^2",
        r"\tfrac{1}{n_f}\lvert X_f w - t\rvert^2",
        r"\lvert w - w_o\rvert^2",
    )
    rows, targets, moved = (
        rf"\underbrace{{{part}}}_{{{set_number(number(value))}}}" for part, value in zip(parts, terms, strict=True)
    )
    whose = say(
        "What the push minimises; the numbers are the pushed model's, at α = {alpha:g} and μ = {mu:g}.",
        alpha=alpha,
        mu=mu,
    )
    return Formula(
        check=Check(total, total, 0.0),
        whose=whose,
        # In two lines, which fit a phone.
        sides=("J(w)", rf"\begin{{aligned}}&{rows}\\&+ \alpha\,{targets} + \mu\,{moved}\end{{aligned}}"),
    )


# What is heard in place of the pictures.


def _at(curve: TradeOff, i: int) -> str:
    return say(
        "at alpha {alpha:g} remaining loss {remaining} and unlearning loss {unlearning}",
        alpha=curve.alphas[i],
        remaining=loss_text(float(curve.remaining_loss[i])),
        unlearning=loss_text(float(curve.unlearning_loss[i])),
    )


def describe_push(curve: TradeOff, alpha: float, records: Mapping[str, Metrics], told: bool) -> str:
    """Return the curves against alpha as a sentence: ends, golden's level, and the distances once they are told."""
    text = say(
        "Losses against the weight of the push: {first}; {last}. Golden's unlearning loss is {level}.",
        first=_at(curve, 0),
        last=_at(curve, -1),
        level=loss_text(records["golden"].unlearning_loss),
    )
    if not told:
        return in_turn(text, say("How far the model is from golden follows the guess."))
    return in_turn(
        text,
        say(
            "Distance to golden: {now} at the current alpha, {alpha:g}; between {least} and {most} over all; the "
            "pretrained model's is {before}.",
            alpha=alpha,
            now=distance_text(records[PUSHED].distance, curve.size),
            least=distance_text(float(curve.distance.min()), curve.size),
            most=distance_text(float(curve.distance.max()), curve.size),
            before=distance_text(records["pretrained"].distance, curve.size),
        ),
    )


def push_texts(curve: TradeOff) -> list[str]:
    """Return what the scrubber of the trade-off says at every weight."""
    return [say("no push") if a == 0 else say("alpha = {a:g}", a=a) for a in curve.alphas.tolist()]


def describe_trade_off(curve: TradeOff, records: Mapping[str, Metrics], keys: Sequence[str]) -> str:
    """Return the trade-off as a sentence: its two ends, and the models marked."""
    marked = (
        say(
            "{model} {remaining} and {unlearning}",
            model=LABELS[key],
            remaining=loss_text(records[key].remaining_loss),
            unlearning=loss_text(records[key].unlearning_loss),
        )
        for key in keys
    )
    return say(
        "Unlearning loss against remaining loss, with alpha as a slider: {first}; {last}. Marked, remaining and "
        "unlearning loss: {marks}.",
        first=_at(curve, 0),
        last=_at(curve, -1),
        marks="; ".join(marked),
    )
