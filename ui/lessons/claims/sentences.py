"""What the statements come to on the data at hand and on many others: how many apply, and how far the rest is off."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from theory import EXACT, Array, Check, Claim, Spec
from ui.figures.models import RUNS
from ui.language import Texts, say
from ui.language.words import in_turn, judged, number, plural, says_nothing, sides

# The families of statements, by the letter of their keys.
GROUPS = Texts({"I": "The identity", "R": "Removing the influence", "D": "Regularization"})
# What a statement is called where there is no room for its words.
NAMES = Texts(
    {
        "I1": "What stays",
        "I2": "Nothing to learn",
        "I3": "Right triangle",
        "I4": "The parabola",
        "I5": "Golden’s error",
        "I6": "Nowhere to hide",
        "I7": "Weight decay",
        "R1": "Nothing shared",
        "R2": "Keep the overlap",
        "R3": "Drop the overlap",
        "R4": "All shared",
        "R5": "Projection",
        "D1": "CE or KL",
        "D2": "CE or inverse CE",
        "D3": "Any weight alpha",
        "D4": "The two ends",
        "D5": "Over-forgetting",
    }
)
# Why a reader should care about a statement.
WHY = Texts(
    {
        "I1": "You know beforehand what fine-tuning cannot remove.",
        "I2": "Where it holds, neither more steps nor larger ones help.",
        "I3": "Golden is what the rows to keep see of the old model.",
        "I4": "Where training starts decides what is left, not how long it runs.",
        "I5": "It is the error of a model that has forgotten.",
        "I6": "It says when plain fine-tuning is enough.",
        "I7": "You can compute how long weight decay has to run.",
        "R1": "Where nothing is shared, a model can forget exactly, and nothing has to be retrained.",
        "R2": "The rows to keep cannot show whether it has forgotten: ask the rows to forget.",
        "R3": "Erase too much, and rows that fine-tuning does not see pay for it.",
        "R4": "Where everything is shared, a mask of features has nothing to erase.",
        "R5": "It is an exact way to golden that needs no mask and no invented label.",
        "D1": "Choosing between the two decides nothing here.",
        "D2": "Whoever has tried one of them has tried both.",
        "D3": "There, turning alpha up or down changes neither error.",
        "D4": "To push to golden's answers, one must have golden already.",
        "D5": "Golden's error on the rows to forget is no proof of being golden.",
    }
)
# The most that two equal numbers may differ, as it is written on screen.
LINE = number(EXACT).removeprefix("1.0 × ")
# A difference below this share is a small one.
LITTLE = 0.01
# More statements than these are counted in a sentence, not named.
MOST_NAMED = 5


def groups(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of statements by the title of their family, in their own order."""
    found: dict[str, tuple[str, ...]] = {}
    for key in keys:
        title = GROUPS.get(key[0], say("Other statements"))
        found[title] = (*found.get(title, ()), key)
    return found


def standing(check: Check, applies: bool) -> str:
    """Return how a statement stands: "holds", "fails", or "outside" of its condition."""
    if not applies:
        return "outside"
    return "holds" if check.holds else "fails"


def difference(value: float) -> str:
    """Return a relative difference as text; beside zero there is none."""
    return say("without measure") if math.isinf(value) else number(value)


def outcome(error: float) -> str:
    """Return which answer to "how far apart are the two sides?" is right: "rounding", "little" or "much"."""
    if error <= EXACT:
        return "rounding"
    return "little" if error < LITTLE else "much"


def _count(errors: Sequence[float]) -> dict[str, int]:
    found = [outcome(error) for error in errors]
    return {key: found.count(key) for key in ("rounding", "little", "much")}


def _outside(checks: Mapping[str, Check], applies: Mapping[str, bool]) -> tuple[dict[str, float], list[str]]:
    """Return how far the statements outside their conditions are off, and those of which two zeros say nothing."""
    outside = {key: check for key, check in checks.items() if not applies[key]}
    silent = [key for key, check in outside.items() if says_nothing(check)]
    return {key: check.error for key, check in outside.items() if key not in silent}, silent


def right(checks: Mapping[str, Check], applies: Mapping[str, bool]) -> list[str]:
    """Return which answers hold for the most statements outside their condition; none where there is no such one."""
    count = _count([*_outside(checks, applies)[0].values()])
    most = max(count.values())
    return [key for key, many in count.items() if many == most and most]


def verdict(
    options: Mapping[str, str], guess: str | int | None, checks: Mapping[str, Check], applies: Mapping[str, bool]
) -> str:
    """Return how a guess of what most statements outside their condition do compares with what they do.

    Without a guess, what they do, and how many do each.
    """
    found, silent = _outside(checks, applies)
    if not found:
        if guess is None:
            return say("Here there is no statement outside its condition to compare.")
        return say(
            "You guessed “{guess}”; here there is no statement outside its condition to compare.",
            guess=say(options[str(guess)]),
        )
    count = _count(list(found.values()))
    told = judged(options, guess, right(checks, applies))
    if guess is not None:
        return told
    return in_turn(
        told,
        say(
            "Outside their conditions: {rounding} off by rounding only, {little} by less than 1%, {much} by more.",
            **count,
        ),
        say("Zero beside zero, which says nothing: {count}.", count=len(silent)) if silent else "",
    )


def _listed(keys: Sequence[str]) -> str:
    if len(keys) > MOST_NAMED:
        return plural(len(keys), "statement")
    return keys[0] if len(keys) == 1 else say("{first} and {last}", first=", ".join(keys[:-1]), last=keys[-1])


def summary(checks: Mapping[str, Check], applies: Mapping[str, bool]) -> str:
    """Return how many statements apply, whether they hold, and how far the others are off."""
    apply = [key for key in checks if applies[key]]
    fail = [key for key in apply if not checks[key].holds]
    outside, silent = _outside(checks, applies)
    off = {key: error for key, error in outside.items() if error > EXACT}
    agree = [key for key in outside if key not in off]
    parts = [say("**Conditions met here: {count} of {total}.**", count=len(apply), total=len(checks))]
    if fail:
        parts.append(say("**Not true all the same: {listed}.**", listed=_listed(fail)))
    elif apply:
        worst = difference(max(checks[key].error for key in apply))
        parts.append(say("There both sides differ by at most {worst} of their size.", worst=worst))
    if off:
        parts.append(_off(_listed(list(off)), min(off.values()), max(off.values())))
    if agree:
        parts.append(say("Not met, and true all the same: {who}.", who=_listed(agree)))
    if silent:
        parts.append(say("Not met, and zero beside zero, which says nothing: {who}.", who=_listed(silent)))
    return in_turn(*parts)


def _off(who: str, least: float, most: float) -> str:
    """Return which statements are off, and how far."""
    ends = {"who": who, "least": difference(least), "most": difference(most)}
    if math.isinf(least):
        return say("Not met, and off: {who} (beside zero no relative difference can measure how far).", **ends)
    if math.isinf(most):
        return say("Not met, and off: {who} (relative differences from {least} up).", **ends)
    if ends["least"] == ends["most"]:
        return say("Not met, and off: {who} (a relative difference of {least}).", **ends)
    return say("Not met, and off: {who} (relative differences from {least} to {most}).", **ends)


def describe_checks(checks: Mapping[str, Check], applies: Mapping[str, bool], hidden: bool = False) -> str:
    """Return the picture of all statements as a sentence: the relative difference of each."""
    apply, outside = (
        ", ".join(f"{key} {difference(checks[key].error)}" for key in checks if applies[key] == wanted)
        for wanted in (True, False)
    )
    return in_turn(
        say(
            "Relative difference of both sides of {statements} on a log axis; up to {line} counts as equal. Apply: "
            "{apply}.",
            statements=plural(len(checks), "statement"),
            line=LINE,
            apply=apply or say("none"),
        ),
        say("Those that do not apply follow the guess.")
        if hidden
        else say("Do not apply: {outside}.", outside=outside or say("none")),
    )


def statement(claim: Claim, check: Check, applies: bool) -> str:
    """Return all that is known of one statement on these data: both sides, condition and source."""
    condition = say(claim.condition)
    if claim.condition == "always":
        when = say("Holds always.")
    elif applies:
        when = say("Holds when {condition}.", condition=condition)
    else:
        when = say("Holds when {condition}; that is not so here.", condition=condition)
    return in_turn(sides(check), RUNS.get(claim.key, ""), when, say("Source: {source}.", source=say(claim.source)))


def _applied(errors: Array) -> Array:
    return errors[~np.isnan(errors)]


def survey(errors: Mapping[str, Array], specs: Sequence[Spec]) -> str:
    """Return what checking every statement on many settings showed; `specs` are the settings, one an entry."""
    met = {key: _applied(values) for key, values in errors.items()}
    total = sum(len(values) for values in met.values())
    failing = [(key, i) for key, values in errors.items() for i in np.flatnonzero(values > EXACT).tolist()]
    shown = {"settings": plural(len(specs), "random setting"), "checks": plural(total, "check")}
    if failing:
        key, i = failing[0]
        return say(
            "{settings}, {checks} where a statement applies: **{failed} failed**, the first of {key} at `{where}`.",
            **shown,
            failed=plural(len(failing), "check"),
            key=key,
            where=specs[i],
        )
    if not total:
        return say("{settings}, {checks} where a statement applies: none to judge by.", **shown)
    worst, key = max((float(values.max()), key) for key, values in met.items() if len(values))
    return say(
        "{settings}, {checks} where a statement applies: **every one holds**. A stroke is one setting, the dot the "
        "worst of them. The largest relative difference of all is {worst}, of {key}.",
        **shown,
        worst=difference(worst),
        key=key,
    )


def applied(errors: Array) -> str:
    """Return to how many settings a statement applied."""
    return say("{applied} of {errors}", applied=len(_applied(errors)), errors=len(errors))


def describe_survey(errors: Mapping[str, Array]) -> str:
    """Return the picture of many settings as a sentence: how often each statement applied, and its worst difference."""
    parts = (
        say(
            "{key} in {applied}, at most {worst}",
            key=key,
            applied=applied(values),
            worst=difference(float(_applied(values).max())),
        )
        if len(_applied(values))
        else say("{key} in {applied}", key=key, applied=applied(values))
        for key, values in errors.items()
    )
    return say(
        "Relative differences wherever a statement applies, up to {line} counts as equal: {parts}.",
        line=LINE,
        parts="; ".join(parts),
    )
