"""What the page dynamics says of a run of gradient descent: what moves, what stands still, and what decay costs."""

from collections.abc import Mapping

import numpy as np

from theory import Array, Check, Modes
from theory.data import Data
from theory.sameness import SAME, same
from ui.language import say
from ui.language.words import awaited, distance_pair, in_turn, is_zero, judged, loss_text, number, plural
from ui.lessons.dynamics.results import Cost
from ui.lessons.dynamics.text import MOST_BARS

# A leftover is called gone when it has lost three digits, and called the same when nothing but rounding changed it.
GONE, KEPT = 1e-3, 1e-6
# A diverging run is followed up to about 1e100: a number beyond this is no longer one of the run's.
UNBOUNDED = 1e50
# The step of the run whose numbers stand under the formula: late enough for weight decay to show.
AT = 100
# The closest point of a run is worth a word when it is this much closer than both ends.
CLOSER = 0.99


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


def _text(value: float) -> str:
    """Return a number of the run; what diverged is beyond counting."""
    return say("beyond all bounds") if value > UNBOUNDED else number(value)


def _error(value: float) -> str:
    return say("beyond all bounds") if value > UNBOUNDED else loss_text(value, short=True)


def _factor(value: float) -> str:
    """Return a factor close to 1 with the digits that tell it from 1."""
    return number(value) if abs(1 - value) > 0.1 else f"1 − {number(1 - value)}"


def _moving(modes: Modes) -> bool:
    """Whether what the model holds in the directions of the rows to forget alone changes at any step of the slider."""
    return bool((np.abs(modes.orphans - modes.orphans[0]) > arrived(modes)).any())


def frame_texts(modes: Modes) -> list[str]:
    """Return what the scrubber says at every step: the leftover, and RL, the error on the rows to keep."""
    return [
        say(
            "step {step:,}: leftover {left}, RL {error}",
            step=step,
            left=_text(holds(modes, i)),
            error=_error(float(modes.remaining_loss[i])),
        )
        for i, step in enumerate(modes.steps.tolist())
    ]


# The main picture.


def _reason(modes: Modes, objective: str, one: bool) -> str:
    """Return why the leftover ends as it does, asked of the run itself; `one` row to forget keeps its own label."""
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    if not modes.orphans.shape[1]:
        return say("No direction is used by the rows to forget alone, so nothing can be left over.")
    if max(first, last) == 0:
        return say("There is no leftover at the start, and none at the end.")
    if modes.decay == 0 and not modes.distances[0].any():
        return say("The model fits what it trains on as well as it can: the gradient is 0, and **nothing moves**.")
    if objective == "shuffled":
        if not _moving(modes):
            return say("Training leaves what these directions hold as it is.")
        if modes.decay > 0:
            return say("The rows to forget are trained on too, and weight decay pulls as well.")
        if one:
            return say("The row to forget is trained on too, with its own label: its direction has a gradient.")
        return say("The rows to forget are trained on too, with other labels: their directions have a gradient.")
    if modes.decay == 0:
        return say(
            "The rows it trains on use none of these directions: no gradient points there, and they **never move**."
        )
    if abs(modes.idle) > 1:
        return say(
            "No gradient points there, but the step is too large for weight decay: it multiplies all of it by "
            "{idle} a step.",
            idle=number(modes.idle),
        )
    return say(
        "No gradient points there, but **weight decay** multiplies all of it by {idle} a step.",
        idle=_factor(modes.idle),
    )


def _leftover(modes: Modes) -> str:
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    if same(first, last, modes.size):
        return say(
            "After {steps:,} steps the leftover is {last}, as at the start.", steps=_end(modes), last=_text(last)
        )
    before, after = (number(first), _text(last)) if last > UNBOUNDED else distance_pair(first, last, modes.size)
    return say(
        "In {steps:,} steps the leftover goes from {first} to {last}.", steps=_end(modes), first=before, last=after
    )


def _end(modes: Modes) -> int:
    return int(modes.steps[-1])


def _errors(modes: Modes) -> str:
    if modes.grows:
        return say(
            "The step is {share} times the largest stable one, and the run **diverges**.", share=number(_share(modes))
        )
    return say(
        "The error on the rows to forget ends at **{forget}** (golden's: {golden}), the one on the rows to keep at "
        "**{keep}** (at the start: {before}).",
        forget=_error(float(modes.unlearning_loss[-1])),
        golden=loss_text(modes.golden_loss, short=True),
        keep=_error(float(modes.remaining_loss[-1])),
        before=_error(float(modes.remaining_loss[0])),
    )


def _unseen(modes: Modes, spec: Data) -> str:
    """Return what becomes of what the rows to keep taught that training does not see."""
    count = spec.n_retain - spec.tune_rows
    first, last = (_rounded(modes, float(np.linalg.norm(modes.unseen[i]))) for i in (0, -1))
    if not count or modes.grows or max(first, last) == 0:
        return ""
    if same(first, last, modes.size):
        return say(
            "What the row to keep that it does not see taught stays.",
            "What the {n:,} rows to keep that it does not see taught stays.",
            n=count,
        )
    if last < first:
        before, after = distance_pair(first, last, modes.size)
        return say(
            "**The cost**: what the row to keep that it does not see taught shrinks, too, from {first} to {last}.",
            "**The cost**: what the {n:,} rows to keep that it does not see taught shrinks, too, from {first} to "
            "{last}.",
            n=count,
            first=before,
            last=after,
        )
    return ""


def _closest(modes: Modes) -> str:
    if modes.grows:
        return ""
    best = int(np.argmin(modes.distance))
    ends = min(float(modes.distance[0]), float(modes.distance[-1]))
    if not float(modes.distance[best]) < CLOSER * ends or ends <= arrived(modes):
        return ""
    return say(
        "Of the steps on the slider, {step:,} comes nearest to golden: {best} away, at the end {last}.",
        step=int(modes.steps[best]),
        best=number(float(modes.distance[best])),
        last=number(float(modes.distance[-1])),
    )


def run(modes: Modes, spec: Data, start: str, objective: str) -> str:
    """Return what the run did, in sentences true at every setting."""
    return in_turn(
        say("Ridge is pretraining with a penalty on large weights.") if start == "ridge" else "",
        _leftover(modes),
        _reason(modes, objective, spec.n_forget == 1),
        _errors(modes),
        _unseen(modes, spec),
        _closest(modes),
    )


def outcomes(modes: Modes) -> frozenset[str]:
    """Return which answers to "what happens to the leftover?" are right after the last step."""
    first, last = holds(modes, 0), holds(modes, len(modes.steps) - 1)
    if abs(last - first) <= KEPT * max(first, last):
        return frozenset({"same"})
    if last > first:
        return frozenset({"larger"})
    return frozenset({"gone" if last <= GONE * first else "smaller"})


def verdict(
    options: Mapping[str, str], guess: str | int | None, modes: Modes, objective: str, one: bool = False
) -> str:
    """Return how a guess compares with the answer, whose reason stands below the picture; without one, both."""
    told = judged(options, guess, outcomes(modes))
    return told if guess is not None else in_turn(told, _leftover(modes), _reason(modes, objective, one))


# What weight decay costs, and what a step leaves.


def cost(found: Cost, spec: Data, decay: float) -> str:
    """Return what training on so many rows costs on all rows to keep, and which number of rows costs most."""
    i, most = int(np.flatnonzero(found.rows == spec.tune_rows)[0]), int(np.argmax(found.remaining_loss))
    losses = found.remaining_loss
    shown = {
        "rows": plural(spec.tune_rows, "row"),
        "keep": _error(float(losses[i])),
        "worst": f"{found.rows[most]:,.0f}",
        "most": _error(float(losses[most])),
    }
    if decay == 0:
        return say(
            "Without weight decay nothing is erased; seeing {rows}, it ends with error **{keep}** on the rows to keep.",
            **shown,
        )
    if same(float(losses.min()), float(losses[most])) or is_zero(float(losses[most])):
        return say("With every number of rows shown, the error on the rows to keep ends at **{keep}**.", **shown)
    if most == i:
        return say(
            "Seeing {rows}, it ends with error **{keep}** on the rows to keep: of the numbers shown, this costs most.",
            **shown,
        )
    return say(
        "Seeing {rows}, it ends with error **{keep}** on the rows to keep. Of the numbers shown, {worst} costs most: "
        "{most}.",
        **shown,
    )


def pace(modes: Modes) -> str:
    """Return what one step leaves of what no training row uses, and what no step size changes."""
    if not idles(modes):
        return say("Training rows use every direction: none stands still.")
    if modes.decay == 0:
        return say("What no training row uses keeps all of it, at every step size: it **stands still**.")
    if modes.idle < 0:
        return say("A step multiplies what no training row uses by {idle}.", idle=number(modes.idle))
    return say("What no training row uses keeps {idle} of it.", idle=_factor(modes.idle))


# What is heard in place of the pictures.


def _journey(losses: Array) -> str:
    first, last = _error(float(losses[0])), _error(float(losses[-1]))
    return last if first == last else say("from {first} to {last}", first=first, last=last)


def describe_clocks(modes: Modes, told: bool = True, begun: bool = True) -> str:
    """Return the main picture as a sentence: what is held, and both errors; how they end once the motion has begun."""
    begin = say(
        "Bars of what the model holds in {seen} of the rows to keep that training sees, {unseen} of the others, and "
        "{orphans} of the rows to forget alone. Leftover at the start: {left}.",
        seen=plural(modes.seen.shape[1], "direction"),
        unseen=modes.unseen.shape[1],
        orphans=modes.orphans.shape[1],
        left=number(holds(modes, 0)),
    )
    golden = loss_text(modes.golden_loss, short=True)
    if not (told and begun):
        return in_turn(
            begin,
            say(
                "Before the first step the error on the rows to keep is {keep}, on the rows to forget {forget}; "
                "golden's error on the rows to forget is {golden}.",
                keep=_error(float(modes.remaining_loss[0])),
                forget=_error(float(modes.unlearning_loss[0])),
                golden=golden,
            ),
            awaited(told),
        )
    return in_turn(
        begin,
        say(
            "After {steps:,} steps: {left}. Error on the rows to keep: {keep}; on the rows to forget: {forget}; "
            "golden's error on the rows to forget is {golden}.",
            steps=_end(modes),
            left=_text(holds(modes, len(modes.steps) - 1)),
            keep=_journey(modes.remaining_loss),
            forget=_journey(modes.unlearning_loss),
            golden=golden,
        ),
    )


def describe_cost(found: Cost) -> str:
    """Return the picture of what decay costs as a sentence."""
    return say(
        "Errors after training against the rows to keep it sees, {least:.0f} to {most:.0f}: on the rows to keep "
        "{keep}, on the rows to forget {forget}; golden's is {golden}.",
        least=found.rows[0],
        most=found.rows[-1],
        keep=_journey(found.remaining_loss),
        forget=_journey(found.unlearning_loss),
        golden=loss_text(found.golden_loss, short=True),
    )


def describe_pace(modes: Modes, told: bool = True) -> str:
    """Return the picture of the step sizes as a sentence."""
    sizes = [abs(float(f)) for f in modes.factors]
    return in_turn(
        say(
            "What one step leaves of a distance, against the step size in units of the largest stable one. This run is "
            "at {share}.",
            share=number(_share(modes)),
        ),
        say(
            "Strongest direction: {strongest}; weakest: {weakest}.",
            strongest=number(sizes[0]),
            weakest=number(sizes[-1]),
        )
        if sizes
        else say("No direction is used."),
        say("What no training row uses: {idle}.", idle=_factor(abs(modes.idle))) if told and idles(modes) else "",
    )


def formula(modes: Modes, objective: str) -> tuple[Check, str]:
    """Return the leftover at step `AT` of the run, what the law makes of the one at the start, and whose they are."""
    i = int(np.flatnonzero(modes.steps == AT)[0])
    left, right = holds(modes, i), _rounded(modes, float(modes.law[i]))
    whose = say("The run above at step k = {k}.", k=AT)
    alone = say("The law speaks of training on the rows to keep alone.") if objective == "shuffled" else ""
    return Check(left, right, abs(left - right) / max(modes.size, left, right)), in_turn(whose, alone)
