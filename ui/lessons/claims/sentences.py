"""What the statements come to on the data at hand and on many others: how many apply, and how far the rest is off."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from theory import EXACT, Array, Check, Claim, Spec
from ui.figures.models import RUNS
from ui.language import Texts, say
from ui.language.words import number, plural, right_answer, sides

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


def _outside(checks: Mapping[str, Check], applies: Mapping[str, bool]) -> dict[str, float]:
    return {key: check.error for key, check in checks.items() if not applies[key]}


def verdict(
    options: Mapping[str, str], guess: str | int | None, checks: Mapping[str, Check], applies: Mapping[str, bool]
) -> str:
    """Return how a guess of what most statements outside their condition do compares with what they do, and why.

    Without a guess, what they do.
    """
    said = say("You guessed “{options}”", options=say(options[str(guess)])) if guess is not None else ""
    errors = list(_outside(checks, applies).values())
    if not errors:
        if guess is None:
            return say("**Here every statement applies**, so none of them stands outside its condition.")
        return say("{said}; here every statement applies, so there is none to be wrong about.", said=said)
    count = _count(errors)
    most = max(count.values())
    right = [key for key, many in count.items() if many == most]
    answer = say(" and ").join(f"“{say(options[key])}”" for key in right)
    if guess is None:
        compared = right_answer(options, right)
    elif guess in right:
        compared = say("{said}, and so it is.", said=said)
    else:
        compared = say("{said}; the answer is {answer}.", said=said, answer=answer)
    tally = (
        say("Of the {statements} outside of its condition", statements=plural(len(errors), "statement"))
        if len(errors) == 1
        else say("Of the {errors} statements outside their conditions", errors=len(errors))
    )
    why = []
    if count["rounding"] < len(errors):
        why.append(
            say("Where its reason is gone, nothing holds two sides together: a statement is exact, or it is wrong.")
        )
    if count["rounding"]:
        why.append(say("A condition is enough for its statement, but not always needed."))
    return say(
        "{compared} {tally}, {rounding} agree to rounding, {little} are off by less than 1 %, {much} by more. {why}",
        compared=compared,
        tally=tally,
        rounding=count["rounding"],
        little=count["little"],
        much=count["much"],
        why=" ".join(why),
    )


def _listed(keys: Sequence[str]) -> str:
    if len(keys) > MOST_NAMED:
        return plural(len(keys), "statement")
    return keys[0] if len(keys) == 1 else say("{first} and {last}", first=", ".join(keys[:-1]), last=keys[-1])


def summary(checks: Mapping[str, Check], applies: Mapping[str, bool]) -> str:
    """Return how many statements apply, whether they hold, and how far the others are off."""
    apply = [key for key in checks if applies[key]]
    fail = [key for key in apply if not checks[key].holds]
    outside = _outside(checks, applies)
    off = {key: error for key, error in outside.items() if error > EXACT}
    agree = [key for key in outside if key not in off]
    text = say(
        "Of {statements}, **{count} {apply}** here",
        statements=plural(len(checks), "statement"),
        count=len(apply),
        apply=say("applies") if len(apply) == 1 else say("apply"),
    )
    if not apply:
        text += "."
    elif fail:
        text += say(
            ", and **{listed} {fail}**.", listed=_listed(fail), fail=say("fails") if len(fail) == 1 else say("fail")
        )
    else:
        worst = difference(max(checks[key].error for key in apply))
        whose = say("it holds: its two sides") if len(apply) == 1 else say("every one holds: their two sides")
        text += say(", and {whose} differ by at most {worst} of their size.", whose=whose, worst=worst)
    if off:
        least, most = min(off.values()), max(off.values())
        who = _listed(list(off))
        text += say(
            " Outside {condition}, {who} {are} off: {span}.",
            condition=say("its condition") if len(off) == 1 else say("their conditions"),
            who=who,
            are=say("is") if len(off) == 1 else say("are"),
            span=_span(least, most),
        )
    if agree:
        text += say(
            " {listed} {hold} here without {condition}.",
            listed=_listed(agree),
            hold=say("holds") if len(agree) == 1 else say("hold"),
            condition=say("its condition") if len(agree) == 1 else say("their conditions"),
        )
    return text


def _span(least: float, most: float) -> str:
    if difference(least) == difference(most):
        return (
            say("a relative difference of {least}", least=difference(least))
            if math.isfinite(least)
            else say("beside zero no relative difference can measure how far")
        )
    if math.isinf(most):
        return say("relative differences from {least} up", least=difference(least))
    return say("relative differences from {least} to {most}", least=difference(least), most=difference(most))


def describe_checks(checks: Mapping[str, Check], applies: Mapping[str, bool], hidden: bool = False) -> str:
    """Return the picture of all statements as a sentence: the relative difference of each."""
    apply, outside = (
        ", ".join(f"{key} {difference(checks[key].error)}" for key in checks if applies[key] == wanted)
        for wanted in (True, False)
    )
    rest = (
        say("Those that do not apply follow the guess")
        if hidden
        else say("Do not apply: {outside}", outside=outside or say("none"))
    )
    return say(
        "Relative difference of both sides of {statements} on a log axis; up to {line} counts as "
        "equal. Apply: {apply}. {rest}.",
        statements=plural(len(checks), "statement"),
        line=LINE,
        apply=apply or say("none"),
        rest=rest,
    )


def statement(claim: Claim, check: Check, applies: bool) -> str:
    """Return all that is known of one statement on these data: both sides, condition and source."""
    always = claim.condition == "always"
    when = say("Holds always.") if always else say("Holds when {condition}", condition=say(claim.condition))
    if not always:
        when += "." if applies else say("; that is not so here.")
    run = f"{RUNS[claim.key]} " if claim.key in RUNS else ""
    return say(
        "{sides} {run}{when} Source: {source}.", sides=sides(check), run=run, when=when, source=say(claim.source)
    )


def _applied(errors: Array) -> Array:
    return errors[~np.isnan(errors)]


def survey(errors: Mapping[str, Array], specs: Sequence[Spec]) -> str:
    """Return what checking every statement on many settings showed; `specs` are the settings, one an entry."""
    met = {key: _applied(values) for key, values in errors.items()}
    total = sum(len(values) for values in met.values())
    failing = [(key, i) for key, values in errors.items() for i in np.flatnonzero(values > EXACT).tolist()]
    text = say(
        "{random_settings}, {checks} where a statement applies: ",
        random_settings=plural(len(specs), "random setting"),
        checks=plural(total, "check"),
    )
    if failing:
        key, i = failing[0]
        return say(
            "{begin}**{checks} failed**, the first of {key} at `{specs}`.",
            begin=text,
            checks=plural(len(failing), "check"),
            key=key,
            specs=specs[i],
        )
    if not total:
        return say("{begin}none to judge by.", begin=text)
    worst, key = max((float(values.max()), key) for key, values in met.items() if len(values))
    return say(
        "{begin}**every one holds**. A stroke is one setting, the dot the worst of them. The "
        "largest relative difference of all is {worst}, of {key}.",
        begin=text,
        worst=difference(worst),
        key=key,
    )


def applied(errors: Array) -> str:
    """Return to how many settings a statement applied."""
    return say("{applied} of {errors}", applied=len(_applied(errors)), errors=len(errors))


def describe_survey(errors: Mapping[str, Array]) -> str:
    """Return the picture of many settings as a sentence: how often each statement applied, and its worst difference."""
    parts = (
        say("{key} in {applied}", key=key, applied=applied(values))
        + (
            say(", at most {applied}", applied=difference(float(_applied(values).max())))
            if len(_applied(values))
            else ""
        )
        for key, values in errors.items()
    )
    return say(
        "Relative differences wherever a statement applies, up to {line} counts as equal: {parts}.",
        line=LINE,
        parts="; ".join(parts),
    )
