"""What the page dynamics says of a run of gradient descent: which clocks run, how fast, and which stand still."""

from collections.abc import Mapping

import numpy as np

from theory import Array, Check, Modes
from ui.language import Texts, say
from ui.language.words import SAME, loss_text, number, plural, right_answer, same
from ui.lessons.dynamics.text import MOST_BARS

# A leftover is called gone when it has lost three digits, as the bars are, and called the same when nothing but
# rounding has changed it.
GONE, KEPT = 1e-3, 1e-6
# A diverging run is followed up to about 1e100: a number beyond this is no longer one of the run's.
UNBOUNDED = 1e50
# The step of the run whose numbers stand under the formula: late enough for weight decay to show.
AT = 100
# The closest point of a run is worth a word when it is this much closer than both ends.
CLOSER = 0.99
_START = Texts(
    {
        "ridge": "the ridge-pretrained model",
        "pretrained": "the pretrained model",
        "zero": "zero",
    }
)


def bars(count: int) -> list[int]:
    """Return which of `count` directions have a bar: all of them, or evenly chosen ones, first and last included."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_BARS)).round().astype(int)).tolist() if count else []


def arrived(modes: Modes) -> float:
    """Return the length below which a part of a model is rounding."""
    return SAME * modes.size


def idles(modes: Modes) -> bool:
    """Whether there is a direction that no training row uses."""
    return len(modes.values) < len(modes.limit)


def holds(modes: Modes, step: int) -> float:
    """Return the leftover at the i-th step, 0 where it is rounding."""
    return _rounded(modes, float(modes.leftover[step]))


def _rounded(modes: Modes, value: float) -> float:
    return 0.0 if abs(value) <= arrived(modes) else value


def _share(modes: Modes) -> float:
    return modes.step_size / modes.stable_step if np.isfinite(modes.stable_step) else 0.0


def _loudest(modes: Modes) -> float:
    """Return the factor, largest in size, by which something that is not at its end changes with every step.

    Of two of one size the negative one: what jumps is said before what stands still.
    """
    moving = [float(f) for f, a in zip(modes.factors, modes.distances[0], strict=True) if a]
    if holds(modes, 0):
        moving.append(modes.idle)
    size = max(map(abs, moving), default=0.0)
    return min((f for f in moving if same(abs(f), size)), default=0.0)


def frame_texts(modes: Modes) -> list[str]:
    """Return what the scrubber says at every step: how many directions have lost three digits, or that they grow."""
    total = modes.distances.shape[1]
    done = modes.done.sum(axis=1).tolist()
    return [
        say("step {k:,}: ", k=k)
        + (say("diverging") if modes.grows and k else say("{n} of {total} arrived", n=n, total=total))
        for k, n in zip(modes.steps.tolist(), done, strict=True)
    ]


def _used(modes: Modes) -> str:
    rows = say("the training rows use")
    total, alive = modes.distances.shape[1], int(np.count_nonzero(modes.distances[0]))
    if total == 0:
        return say("There is no direction that {rows}, so nothing moves.", rows=rows)
    one = total == 1
    the = (
        say("The one direction {rows}", rows=rows)
        if one
        else say("Both directions {rows}", rows=rows)
        if total == 2
        else say("All {total:,} directions {rows}", total=total, rows=rows)
    )
    if alive == 0:
        return say(
            "{the} {are} already at {their} end: **{nothing}**, whatever the step.",
            the=the,
            are=say("is") if one else say("are"),
            their=say("its") if one else say("their"),
            nothing=say("nothing moves") if modes.decay == 0 or not holds(modes, 0) else say("none of this moves"),
        )
    if modes.grows:
        flips = say(", and changes its sign") if _loudest(modes) < 0 else ""
        return say(
            "The step is {share} times the largest stable one: what should shrink is multiplied by "
            "{loudest}{flips} with every step, and the run **diverges**.",
            share=number(_share(modes)),
            loudest=number(abs(_loudest(modes))),
            flips=flips,
        )
    done = modes.done.sum(axis=1)
    total_steps, so_far = (
        int(modes.steps[-1]),
        say(
            "{done:,} of the {directions} {rows}", done=int(done[-1]), directions=plural(total, "direction"), rows=rows
        ),
    )
    if same(abs(_loudest(modes)), 1.0) and _loudest(modes) < 0:
        return say(
            "At the largest stable step itself the strongest direction jumps from one side of its "
            "end to the other for ever; {so_far} {have} lost three digits of the way to go after "
            "{total_steps:,} steps.",
            so_far=so_far,
            have=_have(int(done[-1])),
            total_steps=total_steps,
        )
    if done[-1] == total:
        step = int(modes.steps[int(np.argmax(done == total))])
        return say(
            "{the} {have} lost three digits of the way to go by step {step:,}.",
            the=the,
            have=_have(total),
            step=step,
        )
    left = float(np.abs(modes.distances[-1] / np.where(modes.distances[0] == 0, 1.0, modes.distances[0])).max())
    return say(
        "After {total_steps:,} steps {so_far} {have} lost three digits of the way to go; the "
        "slowest still has {percent} % of it.",
        total_steps=total_steps,
        so_far=so_far,
        have=_have(int(done[-1])),
        percent=number(100 * left),
    )


def _have(count: int) -> str:
    return say("has") if count == 1 else say("have")


def _orphans(modes: Modes, objective: str) -> str:
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    count = modes.orphans.shape[1]
    if count == 0 and max(first, last) == 0:
        return say("No direction is used by the rows to forget alone, so there is no leftover that could stay.")
    which = say("The direction") if count == 1 else say("The {count:,} directions", count=count)
    only = say("{which} that only the rows to forget use", which=which)
    if max(first, last) == 0:
        return say(
            "{only} {hold} nothing at the start, and nothing later: the leftover is 0.",
            only=only,
            hold=say("holds") if count == 1 else say("hold"),
        )
    ends = say("the leftover goes from {first} to {ending}", first=number(first), ending=_ending(last))
    if objective == "shuffled":
        if same(first, last, modes.size):
            return say("The leftover ends at {last}, where it began; golden's is 0.", last=number(last))
        return say(
            "The rows to forget are trained on as well, with shuffled labels, so {ends}; golden's is 0.", ends=ends
        )
    if modes.decay == 0:
        return say(
            "{only} **never {move}**: no gradient points along {them}, and the leftover is {first} at every step.",
            only=only,
            move=say("moves") if count == 1 else say("move"),
            them=say("it") if count == 1 else say("them"),
            first=number(first),
        )
    return say(
        "Weight decay pulls on everything, asked for or not: {ends}, by the factor {idle} a "
        "step, the same for all of it and whatever the data say.",
        ends=ends,
        idle=_factor(modes.idle),
    )


def _ending(value: float, text: str | None = None) -> str:
    """Return a number at the end of a run, or its text; what diverged is beyond counting."""
    return say("beyond all bounds") if value > UNBOUNDED else text or number(value)


def _factor(value: float) -> str:
    """Return a factor close to 1 with the digits that tell it from 1."""
    return number(value) if abs(1 - value) > 0.1 else f"1 − {number(1 - value)}"


def _forgotten(modes: Modes) -> str:
    first, last = float(modes.unlearning_loss[0]), float(modes.unlearning_loss[-1])
    golden = say("golden's is **{golden_loss}**", golden_loss=loss_text(modes.golden_loss))
    if modes.grows:
        return say("The unlearning loss starts at {first}; {golden}.", first=loss_text(first), golden=golden)
    begin, end = loss_text(first, short=True), loss_text(last, short=True)
    moved = (
        say("stays {begin}", begin=begin) if begin == end else say("goes from {begin} to {end}", begin=begin, end=end)
    )
    return say("The unlearning loss {moved}; {golden}.", moved=moved, golden=golden)


def _closest(modes: Modes) -> str:
    if modes.grows:
        return ""
    best = int(np.argmin(modes.distance))
    ends = min(float(modes.distance[0]), float(modes.distance[-1]))
    if not float(modes.distance[best]) < CLOSER * ends or ends <= arrived(modes):
        return ""
    return say(
        " The model is closest to golden after {steps} ({distance} away) and ends {distance2} "
        "away: by this measure stopping early is better than going on.",
        steps=plural(int(modes.steps[best]), "step"),
        distance=number(float(modes.distance[best])),
        distance2=number(float(modes.distance[-1])),
    )


def run(modes: Modes, objective: str) -> str:
    """Return what the run did, in sentences true at every setting."""
    return f"{_used(modes)} {_orphans(modes, objective)} {_forgotten(modes)}"


def lengths(modes: Modes, objective: str) -> str:
    """Return what the distance to golden and the leftover say of the run."""
    if modes.grows:
        law = say(" The leftover follows the law (1 − 2ηλ)ᵏ all the same.") if objective == "retain" else ""
        return say(
            "The distance to golden starts at {modes} and grows without end.{law}",
            modes=_length(modes, modes.distance[0]),
            law=law,
        )
    first, last = (_length(modes, modes.distance[i]) for i in (0, -1))
    moved = (
        say("stays {first}", first=first)
        if first == last
        else say("goes from {first} to {last}", first=first, last=last)
    )
    law = (
        say("The leftover keeps to the law (1 − 2ηλ)ᵏ at every step, and the distance never falls below it. ")
        if objective == "retain"
        else ""
    )
    return say(
        "The distance to golden {moved}. {law}{held}{closest}",
        moved=moved,
        law=law,
        held=_held(modes),
        closest=_closest(modes),
    )


def _held(modes: Modes) -> str:
    apart = float(np.abs(modes.distance - modes.held_distance).max())
    return say(
        "The dotted line trains to the end, but is held to the start by a penalty μ = 1/(2ηk), "
        "in place of stopping after k steps: the two are at most {modes} apart.",
        modes=_length(modes, apart),
    )


def _length(modes: Modes, value: float) -> str:
    return "0" if value <= arrived(modes) else number(float(value))


def pace(modes: Modes) -> str:
    """Return what the step size does, in numbers."""
    if not np.isfinite(modes.stable_step):
        return say("Nothing pulls on the weights, so every step size is stable.")
    idle = (
        say("The training rows use every direction, so that no clock stands still.")
        if not idles(modes)
        else say("What no training row uses keeps all of it, at every step size: this clock stands still.")
        if modes.idle == 1
        else say("What no training row uses keeps {idle} of it, by weight decay alone.", idle=_factor(modes.idle))
    )
    return say(
        "The step here is η = {step_size}, {share} times the largest stable one. {idle}",
        step_size=number(modes.step_size),
        share=number(_share(modes)),
        idle=idle,
    )


def outcomes(modes: Modes) -> frozenset[str]:
    """Return which answers to "what happens to the leftover?" are right; none at all stays none."""
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    if first == 0:
        return frozenset({"same"}) if last == 0 else frozenset({"larger"})
    if abs(last - first) <= KEPT * first:
        return frozenset({"same"})
    if last <= GONE * first:
        return frozenset({"gone"})
    return frozenset({"smaller" if last < first else "larger"})


def verdict(options: Mapping[str, str], guess: str | int | None, modes: Modes, objective: str) -> str:
    """Return how a guess compares with the answer, or the answer alone, and why the answer is what it is."""
    right = outcomes(modes)
    if guess is None:
        return f"{right_answer(options, right)} {_orphans(modes, objective)}"
    answer = say(" and ").join(f"“{say(text)}”" for key, text in options.items() if key in right)
    compared = (
        say("You guessed “{options}”, and so it is.", options=say(options[str(guess)]))
        if guess in right
        else say("You guessed “{options}”; the answer is {answer}.", options=say(options[str(guess)]), answer=answer)
    )
    return f"{compared} {_reason(modes, objective)}"


def _reason(modes: Modes, objective: str) -> str:
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    if max(first, last) == 0:
        return say("There is no leftover at the start, and training does not make one.")
    if objective == "shuffled":
        return say("The rows to forget are trained on too, with shuffled labels, so their directions have a gradient.")
    if modes.decay == 0:
        return say(
            "The training rows do not use these directions, so the gradient has no part along them: "
            "no number of steps and no step size moves them."
        )
    if abs(modes.idle) > 1:
        return say(
            "The gradient has no part along these directions, but the step is too large for weight "
            "decay alone: it multiplies everything by {idle} a step.",
            idle=number(modes.idle),
        )
    return say(
        "The gradient has no part along these directions, but weight decay multiplies everything "
        "by {idle} a step: {last} of the leftover is left.",
        idle=_factor(modes.idle),
        last=number(last / first),
    )


def _journey(losses: Array) -> str:
    first, last = (loss_text(float(losses[i]), short=True) for i in (0, -1))
    return say("from {first} to {ending}", first=first, ending=_ending(float(losses[-1]), last))


def describe_clocks(modes: Modes, told: bool = True) -> str:
    """Return the main picture as a sentence: what is still to go, what is held, and both losses."""
    total, count = modes.distances.shape[1], modes.orphans.shape[1]
    last = len(modes.steps) - 1
    cut = (
        say(" (at most {MOST_BARS} of a kind are drawn)", MOST_BARS=MOST_BARS) if max(total, count) > MOST_BARS else ""
    )
    begin = say(
        "Bars for {directions} the training rows use and {count:,} only the rows to forget "
        "use{cut}. Leftover at the start: {modes}. ",
        directions=plural(total, "direction"),
        count=count,
        cut=cut,
        modes=_length(modes, modes.leftover[0]),
    )
    golden = say("golden's unlearning loss is {golden_loss}", golden_loss=loss_text(modes.golden_loss))
    both = {say("Remaining"): modes.remaining_loss, say("unlearning"): modes.unlearning_loss}
    if not told:
        said = ", ".join(
            say("{name} loss {y}", name=name, y=loss_text(float(y[0]), short=True)) for name, y in both.items()
        )
        return say(
            "{begin}{said} before the first step; {golden}. The answer follows the guess.",
            begin=begin,
            said=said,
            golden=golden,
        )
    said = ", ".join(say("{name} loss {journey}", name=name, journey=_journey(y)) for name, y in both.items())
    how = say("The run diverges. ") if modes.grows else ""
    left = _ending(modes.leftover[last], _length(modes, modes.leftover[last]))
    ends = say("After {steps:,} steps: leftover {left}", steps=int(modes.steps[last]), left=left)
    done = say("{sum:,} of {total:,} directions arrived", sum=int(modes.done[last].sum()), total=total)
    return f"{begin}{how}{ends}, {done}. {said}; {golden}."


def describe_lengths(modes: Modes, told: bool = True) -> str:
    """Return the picture of the lengths as a sentence."""
    first = say(
        "distance to golden {modes}, leftover {modes2}",
        modes=_length(modes, modes.distance[0]),
        modes2=_length(modes, modes.leftover[0]),
    )
    if not told:
        return say("Lengths before the first step: {first}. The answer follows the guess.", first=first)
    far, left = (_ending(y[-1], _length(modes, y[-1])) for y in (modes.distance, modes.leftover))
    last = say("distance to golden {far}, leftover {left}", far=far, left=left)
    return say(
        "Lengths against steps, from 0 to {steps:,}. At first: {first}; at last: {last}.",
        steps=int(modes.steps[-1]),
        first=first,
        last=last,
    )


def describe_pace(modes: Modes, told: bool = True) -> str:
    """Return the picture of the step sizes as a sentence."""
    sizes = [abs(float(f)) for f in modes.factors]
    used = (
        say("strongest direction {sizes}, weakest {sizes2}", sizes=number(sizes[0]), sizes2=number(sizes[-1]))
        if sizes
        else say("no direction is used")
    )
    unused = say(", what no training row uses {idle}", idle=_factor(abs(modes.idle))) if told and idles(modes) else ""
    return say(
        "What one step leaves of a distance, against the step size in units of the largest "
        "stable one. In this run, at {share}: {used}{unused}.",
        share=number(_share(modes)),
        used=used,
        unused=unused,
    )


def formula(modes: Modes, objective: str) -> tuple[Check, str]:
    """Return the leftover at step `AT` of the run, what the law makes of the one at the start, and whose they are."""
    i = int(np.flatnonzero(modes.steps == AT)[0])
    left, right = holds(modes, i), _rounded(modes, float(modes.law[i]))
    whose = say(
        "The run above at step k = {k}, with η = {step_size} and λ = {decay:g}.",
        k=AT,
        step_size=number(modes.step_size),
        decay=modes.decay,
    )
    if objective == "shuffled":
        whose += " " + say("The law speaks of training on the rows to keep alone.")
    return Check(left, right, abs(left - right) / max(modes.size, left, right)), whose
