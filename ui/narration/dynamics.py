"""What the page dynamics says of a run of gradient descent: which clocks run, how fast, and which stand still."""

from collections.abc import Mapping

import numpy as np

from theory import Array, Modes
from ui.narration.words import SAME, loss_text, number, plural, same

# At most this many directions of a kind have a bar: more would neither be told apart nor be quick to move.
MOST_BARS = 50
# A leftover is called gone when it has lost three digits, as the bars are, and called the same when nothing but
# rounding has changed it.
GONE, KEPT = 1e-3, 1e-6
# A diverging run is followed up to about 1e100: a number beyond this is no longer one of the run's.
UNBOUNDED = 1e50
# The closest point of a run is worth a word when it is this much closer than both ends.
CLOSER = 0.99
_START = {
    "ridge": "the ridge-pretrained model",
    "pretrained": "the pretrained model",
    "zero": "zero",
}


def bars(count: int) -> list[int]:
    """Return which of `count` directions have a bar: all of them, or evenly chosen ones, first and last included."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_BARS)).round().astype(int)).tolist() if count else []


def arrived(modes: Modes) -> float:
    """Return the length below which a part of a model is rounding."""
    return SAME * modes.size


def holds(modes: Modes, step: int) -> float:
    """Return the leftover at the i-th step, 0 where it is rounding."""
    value = float(modes.leftover[step])
    return 0.0 if value <= arrived(modes) else value


def _share(modes: Modes) -> float:
    return modes.step_size / modes.stable_step if np.isfinite(modes.stable_step) else 0.0


def _loudest(modes: Modes) -> float:
    """Return the factor, largest in size, by which something that is not at its end changes with every step."""
    moving = [float(f) for f, a in zip(modes.factors, modes.distances[0], strict=True) if a]
    if holds(modes, 0):
        moving.append(modes.idle)
    return max(moving, key=abs, default=0.0)


def frame_texts(modes: Modes) -> list[str]:
    """Return what the scrubber says at every step: how many directions have lost three digits, or that they grow."""
    total = modes.distances.shape[1]
    done = modes.done.sum(axis=1).tolist()
    return [
        f"step {k:,}: " + ("diverging" if modes.grows and k else f"{n} of {total} arrived")
        for k, n in zip(modes.steps.tolist(), done, strict=True)
    ]


def _used(modes: Modes) -> str:
    rows = "the training rows use"
    total, alive = modes.distances.shape[1], int(np.count_nonzero(modes.distances[0]))
    if total == 0:
        return f"There is no direction that {rows}, so nothing moves."
    one = total == 1
    the = f"The one direction {rows}" if one else f"All {total:,} directions {rows}"
    if alive == 0:
        return (
            f"{the} {'is' if one else 'are'} already at {'its' if one else 'their'} end: "
            f"**{'nothing moves' if modes.decay == 0 or not holds(modes, 0) else 'none of this moves'}**, "
            "whatever the step."
        )
    if modes.grows:
        flips = ", and changes its sign" if _loudest(modes) < 0 else ""
        return (
            f"The step is {number(_share(modes))} times the largest stable one: what should shrink is multiplied by "
            f"{number(abs(_loudest(modes)))}{flips} with every step, and the run **diverges**."
        )
    done = modes.done.sum(axis=1)
    total_steps, so_far = int(modes.steps[-1]), f"{int(done[-1]):,} of the {plural(total, 'direction')} {rows}"
    if same(abs(_loudest(modes)), 1.0) and _loudest(modes) < 0:
        return (
            "At the largest stable step itself the strongest direction jumps from one side of its end to the other for "
            f"ever; {so_far} {_have(int(done[-1]))} lost three digits of the way to go after {total_steps:,} steps."
        )
    if done[-1] == total:
        step = int(modes.steps[int(np.argmax(done == total))])
        return f"{the} {'has' if one else 'have'} lost three digits of the way to go by step {step:,}."
    left = float(np.abs(modes.distances[-1] / np.where(modes.distances[0] == 0, 1.0, modes.distances[0])).max())
    return (
        f"After {total_steps:,} steps {so_far} {_have(int(done[-1]))} lost three digits of the way to go; "
        f"the slowest still has {number(100 * left)} % of it."
    )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _orphans(modes: Modes, objective: str) -> str:
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    count = modes.orphans.shape[1]
    if count == 0 and max(first, last) == 0:
        return "No direction is used by the rows to forget alone, so there is no leftover that could stay."
    which = "The direction" if count == 1 else f"The {count:,} directions"
    only = f"{which} that only the rows to forget use"
    if max(first, last) == 0:
        return f"{only} {'holds' if count == 1 else 'hold'} nothing at the start, and nothing later: the leftover is 0."
    ends = f"the leftover goes from {number(first)} to {_ending(last)}"
    if objective == "shuffled":
        if same(first, last, modes.size):
            return f"The leftover ends at {number(last)}, where it began; golden's is 0."
        return f"The rows to forget are trained on as well, with shuffled labels, so {ends}; golden's is 0."
    if modes.decay == 0:
        return (
            f"{only} **never move{'s' if count == 1 else ''}**: no gradient points along "
            f"{'it' if count == 1 else 'them'}, and the leftover is {number(first)} at every step."
        )
    return (
        f"Weight decay pulls on everything, asked for or not: {ends}, by the factor "
        f"{_factor(modes.idle)} a step, the same for all of it and whatever the data say."
    )


def _ending(value: float, text: str | None = None) -> str:
    """Return a number at the end of a run, or its text; what diverged is beyond counting."""
    return "beyond all bounds" if value > UNBOUNDED else text or number(value)


def _factor(value: float) -> str:
    """Return a factor close to 1 with the digits that tell it from 1."""
    return number(value) if abs(1 - value) > 0.1 else f"1 − {number(1 - value)}"


def _forgotten(modes: Modes) -> str:
    first, last = float(modes.unlearning_loss[0]), float(modes.unlearning_loss[-1])
    golden = f"golden's is **{loss_text(modes.golden_loss)}**"
    if modes.grows:
        return f"The unlearning loss starts at {loss_text(first)}; {golden}."
    begin, end = loss_text(first, short=True), loss_text(last, short=True)
    moved = f"stays {begin}" if begin == end else f"goes from {begin} to {end}"
    return f"The unlearning loss {moved}; {golden}."


def _closest(modes: Modes) -> str:
    if modes.grows:
        return ""
    best = int(np.argmin(modes.distance))
    ends = min(float(modes.distance[0]), float(modes.distance[-1]))
    if not float(modes.distance[best]) < CLOSER * ends or ends <= arrived(modes):
        return ""
    return (
        f" The model is closest to golden after {plural(int(modes.steps[best]), 'step')} "
        f"({number(float(modes.distance[best]))} away) and ends {number(float(modes.distance[-1]))} away: "
        "by this measure stopping early is better than training on."
    )


def run(modes: Modes, objective: str) -> str:
    """Return what the run did, in sentences true at every setting."""
    return f"{_used(modes)} {_orphans(modes, objective)} {_forgotten(modes)}"


def lengths(modes: Modes, objective: str) -> str:
    """Return what the distance to golden and the leftover say of the run."""
    if modes.grows:
        law = " The leftover follows the law (1 − 2ηλ)ᵏ all the same." if objective == "retain" else ""
        return f"The distance to golden starts at {_length(modes, modes.distance[0])} and grows without end.{law}"
    first, last = (_length(modes, modes.distance[i]) for i in (0, -1))
    moved = f"stays {first}" if first == last else f"goes from {first} to {last}"
    law = (
        "The leftover keeps to the law (1 − 2ηλ)ᵏ at every step, and the distance never falls below it. "
        if objective == "retain"
        else ""
    )
    return f"The distance to golden {moved}. {law}{_held(modes)}{_closest(modes)}"


def _held(modes: Modes) -> str:
    apart = float(np.abs(modes.distance - modes.held_distance).max())
    return (
        "The dotted line trains to the end, but is held to the start by a penalty μ = 1/(2ηk), in place of stopping "
        f"after k steps: the two are at most {_length(modes, apart)} apart."
    )


def _length(modes: Modes, value: float) -> str:
    return "0" if value <= arrived(modes) else number(float(value))


def pace(modes: Modes) -> str:
    """Return what the step size does, in numbers."""
    if not np.isfinite(modes.stable_step):
        return "Nothing pulls on the weights, so every step size is stable."
    idle = (
        "What no training row uses keeps all of it, at every step size: this clock stands still."
        if modes.idle == 1
        else f"What no training row uses keeps {_factor(modes.idle)} of it, by weight decay alone."
    )
    return (
        f"The step here is η = {number(modes.step_size)}, {number(_share(modes))} times the largest stable one. {idle}"
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


def verdict(options: Mapping[str, str], guess: str | int, modes: Modes, objective: str) -> str:
    """Return how a guess compares with the answer, and why the answer is what it is."""
    right = outcomes(modes)
    answer = " and ".join(f"“{text}”" for key, text in options.items() if key in right)
    compared = (
        f"You guessed “{options[str(guess)]}”, and so it is."
        if guess in right
        else f"You guessed “{options[str(guess)]}”; the answer is {answer}."
    )
    return f"{compared} {_reason(modes, objective)}"


def _reason(modes: Modes, objective: str) -> str:
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    if max(first, last) == 0:
        return "There is no leftover at the start, and training does not make one."
    if objective == "shuffled":
        return "The rows to forget are trained on too, with shuffled labels, so their directions have a gradient."
    if modes.decay == 0:
        return (
            "The training rows do not use these directions, so the gradient has no part along them: no number of steps "
            "and no step size moves them."
        )
    if abs(modes.idle) > 1:
        return (
            "The gradient has no part along these directions, but the step is too large for weight decay alone: it "
            f"multiplies everything by {number(modes.idle)} a step."
        )
    return (
        "The gradient has no part along these directions, but weight decay multiplies everything by "
        f"{_factor(modes.idle)} a step: {number(last / first)} of the leftover is left."
    )


def _journey(losses: Array) -> str:
    first, last = (loss_text(float(losses[i]), short=True) for i in (0, -1))
    return f"from {first} to {_ending(float(losses[-1]), last)}"


def describe_clocks(modes: Modes, told: bool = True) -> str:
    """Return the main picture as a sentence: what is still to go, what is held, and both losses."""
    total, count = modes.distances.shape[1], modes.orphans.shape[1]
    last = len(modes.steps) - 1
    cut = f" (at most {MOST_BARS} of a kind are drawn)" if max(total, count) > MOST_BARS else ""
    begin = (
        f"Bars for {plural(total, 'direction')} the training rows use and {count:,} only the rows to forget use{cut}. "
        f"Leftover at the start: {_length(modes, modes.leftover[0])}. "
    )
    golden = f"golden's unlearning loss is {loss_text(modes.golden_loss)}"
    both = {"Remaining": modes.remaining_loss, "unlearning": modes.unlearning_loss}
    if not told:
        said = ", ".join(f"{name} loss {loss_text(float(y[0]), short=True)}" for name, y in both.items())
        return f"{begin}{said} before the first step; {golden}. The answer follows the guess."
    said = ", ".join(f"{name} loss {_journey(y)}" for name, y in both.items())
    how = "The run diverges. " if modes.grows else ""
    left = _ending(modes.leftover[last], _length(modes, modes.leftover[last]))
    ends = f"After {int(modes.steps[last]):,} steps: leftover {left}"
    done = f"{int(modes.done[last].sum()):,} of {total:,} directions arrived"
    return f"{begin}{how}{ends}, {done}. {said}; {golden}."


def describe_lengths(modes: Modes, told: bool = True) -> str:
    """Return the picture of the lengths as a sentence."""
    first = f"distance to golden {_length(modes, modes.distance[0])}, leftover {_length(modes, modes.leftover[0])}"
    if not told:
        return f"Lengths before the first step: {first}. The answer follows the guess."
    far, left = (_ending(y[-1], _length(modes, y[-1])) for y in (modes.distance, modes.leftover))
    last = f"distance to golden {far}, leftover {left}"
    return f"Lengths against steps, from 0 to {int(modes.steps[-1]):,}. At first: {first}; at last: {last}."


def describe_pace(modes: Modes, told: bool = True) -> str:
    """Return the picture of the step sizes as a sentence."""
    sizes = [abs(float(f)) for f in modes.factors]
    used = f"strongest direction {number(sizes[0])}, weakest {number(sizes[-1])}" if sizes else "no direction is used"
    unused = f", what no training row uses {_factor(abs(modes.idle))}" if told else ""
    return (
        "What one step leaves of a distance, against the step size in units of the largest stable one. "
        f"In this run, at {number(_share(modes))}: {used}{unused}."
    )
