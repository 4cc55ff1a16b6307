"""What the statements come to on the data at hand and on many others: how many apply, and how far the rest is off."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from theory import CLAIMS, EXACT, Array, Check, Claim, Spec
from ui.narration.words import number, plural, side

# The families of statements, by the letter of their keys.
GROUPS: Mapping[str, str] = {"I": "The identity", "R": "Removing the influence", "D": "Regularization"}
# What a statement is called where there is no room for its words.
NAMES: Mapping[str, str] = {
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
        title = GROUPS.get(key[0], "Other statements")
        found[title] = (*found.get(title, ()), key)
    return found


def applying(spec: Spec, keys: Iterable[str]) -> dict[str, bool]:
    """Return which statements apply to the data of a Spec."""
    return {key: CLAIMS[key].when(spec) for key in keys}


def standing(check: Check, applies: bool) -> str:
    """Return how a statement stands: "holds", "fails", or "outside" of its condition."""
    if not applies:
        return "outside"
    return "holds" if check.holds else "fails"


def difference(value: float) -> str:
    """Return a relative difference as text."""
    return "infinite" if math.isinf(value) else number(value)


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
    options: Mapping[str, str], guess: str | int, checks: Mapping[str, Check], applies: Mapping[str, bool]
) -> str:
    """Return how a guess of what most statements outside their condition do compares with what they do, and why."""
    said = f"You guessed “{options[str(guess)]}”"
    errors = list(_outside(checks, applies).values())
    if not errors:
        return f"{said}; here every statement applies, so there is none to be wrong about."
    count = _count(errors)
    most = max(count.values())
    right = [key for key, many in count.items() if many == most]
    answer = " and ".join(f"“{options[key]}”" for key in right)
    compared = f"{said}, and so it is." if guess in right else f"{said}; the answer is {answer}."
    tally = (
        f"Of the {plural(len(errors), 'statement')} outside of its condition"
        if len(errors) == 1
        else f"Of the {len(errors)} statements outside their conditions"
    )
    why = []
    if count["rounding"] < len(errors):
        why.append("Where its reason is gone, nothing holds two sides together: a statement is exact, or it is wrong.")
    if count["rounding"]:
        why.append("A condition is enough for its statement, but not always needed.")
    return (
        f"{compared} {tally}, {count['rounding']} agree to rounding, {count['little']} are off by less "
        f"than 1 %, {count['much']} by more. {' '.join(why)}"
    )


def _listed(keys: Sequence[str]) -> str:
    if len(keys) > MOST_NAMED:
        return f"{len(keys)} statements"
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} and {keys[-1]}"


def summary(checks: Mapping[str, Check], applies: Mapping[str, bool]) -> str:
    """Return how many statements apply, whether they hold, and how far the others are off."""
    apply = [key for key in checks if applies[key]]
    fail = [key for key in apply if not checks[key].holds]
    outside = _outside(checks, applies)
    off = {key: error for key, error in outside.items() if error > EXACT}
    agree = [key for key in outside if key not in off]
    text = f"Of {plural(len(checks), 'statement')}, **{len(apply)} {'applies' if len(apply) == 1 else 'apply'}** here"
    if not apply:
        text += "."
    elif fail:
        text += f", and **{_listed(fail)} {'fails' if len(fail) == 1 else 'fail'}**."
    else:
        worst = difference(max(checks[key].error for key in apply))
        whose = "it holds: its two sides" if len(apply) == 1 else "every one holds: their two sides"
        text += f", and {whose} differ by at most {worst} of their size."
    if off:
        least, most = min(off.values()), max(off.values())
        who = _listed(list(off))
        text += (
            f" Outside {'its condition' if len(off) == 1 else 'their conditions'}, {who} "
            f"{'is' if len(off) == 1 else 'are'} off: {_span(least, most)}."
        )
    if agree:
        text += (
            f" {_listed(agree)} {'holds' if len(agree) == 1 else 'hold'} here without "
            f"{'its condition' if len(agree) == 1 else 'their conditions'}."
        )
    return text


def _span(least: float, most: float) -> str:
    if difference(least) == difference(most):
        return f"a relative difference of {difference(least)}" if math.isfinite(least) else "infinitely far"
    if math.isinf(most):
        return f"relative differences from {difference(least)} up"
    return f"relative differences from {difference(least)} to {difference(most)}"


def describe_checks(checks: Mapping[str, Check], applies: Mapping[str, bool], hidden: bool = False) -> str:
    """Return the picture of all statements as a sentence: the relative difference of each."""
    apply, outside = (
        ", ".join(f"{key} {difference(checks[key].error)}" for key in checks if applies[key] == wanted)
        for wanted in (True, False)
    )
    rest = "Those that do not apply follow the guess" if hidden else f"Do not apply: {outside or 'none'}"
    return (
        f"Relative difference of both sides of {plural(len(checks), 'statement')} on a log axis; up to {LINE} counts "
        f"as equal. Apply: {apply or 'none'}. {rest}."
    )


def statement(claim: Claim, check: Check, applies: bool) -> str:
    """Return all that is known of one statement on these data: both sides, condition and source."""
    always = claim.condition == "always"
    when = "Holds always." if always else f"Holds when {claim.condition}"
    if not always:
        when += "." if applies else "; that is not so here."
    return (
        f"Left side {side(check.left)}, right side {side(check.right)}, relative difference "
        f"{difference(check.error)}. {when} Source: {claim.source}."
    )


def _applied(errors: Array) -> Array:
    return errors[~np.isnan(errors)]


def survey(errors: Mapping[str, Array], specs: Sequence[Spec]) -> str:
    """Return what checking every statement on many settings showed; `specs` are the settings, one an entry."""
    met = {key: _applied(values) for key, values in errors.items()}
    total = sum(len(values) for values in met.values())
    failing = [(key, i) for key, values in errors.items() for i in np.flatnonzero(values > EXACT).tolist()]
    text = f"{plural(len(specs), 'random setting')}, {plural(total, 'check')} where a statement applies: "
    if failing:
        key, i = failing[0]
        return f"{text}**{plural(len(failing), 'check')} failed**, the first of {key} at `{specs[i]}`."
    if not total:
        return f"{text}none to judge by."
    worst, key = max((float(values.max()), key) for key, values in met.items() if len(values))
    return (
        f"{text}**every one holds**. A stroke is one setting, the dot the worst of them. "
        f"The largest relative difference of all is {difference(worst)}, of {key}."
    )


def applied(errors: Array) -> str:
    """Return to how many settings a statement applied."""
    return f"{len(_applied(errors))} of {len(errors)}"


def describe_survey(errors: Mapping[str, Array]) -> str:
    """Return the picture of many settings as a sentence: how often each statement applied, and its worst difference."""
    parts = (
        f"{key} in {applied(values)}"
        + (f", at most {difference(float(_applied(values).max()))}" if len(_applied(values)) else "")
        for key, values in errors.items()
    )
    return f"Relative differences wherever a statement applies, up to {LINE} counts as equal: {'; '.join(parts)}."
