"""What the page patient says of its numbers."""

from collections.abc import Mapping

from theory.data import SOURCES
from ui.figures.models import LABELS
from ui.language import say
from ui.language.words import loss_text, number, right_answer
from ui.lessons.patient.results import Island, Known
from ui.lessons.patient.text import COLUMNS

# An error below this share of the values' spread is rounding: the model states the value.
EXACT = 1e-6


def column(name: str) -> str:
    """Return what a column is called on screen."""
    return COLUMNS[name] if name in COLUMNS else name


def cell(value: float) -> str:
    """Return a number of a table as it stands there."""
    return f"{value:.5g}"


def who(found: Known) -> str:
    """Return who left: "patient 6"."""
    return say("{row} {place}", row=say(SOURCES[found.what.table].row), place=found.what.place + 1)


def error(found: Known, key: str) -> float:
    """Return how far a model is off, in the target's own unit."""
    return abs(found.said[key] - found.true)


def is_exact(found: Known, key: str) -> bool:
    """Whether a model states the value, to rounding."""
    return error(found, key) <= EXACT * found.spread


def _off(found: Known, key: str) -> str:
    name = LABELS[key]
    if is_exact(found, key):
        return say("**{name}** states it, to rounding", name=name)
    return say(
        "**{name}** says {said}, off by {error}",
        name=name,
        said=cell(found.said[key]),
        error=number(error(found, key)),
    )


def stated(found: Known, told: bool) -> str:
    """Return what each model says of the row that left, beside golden's usual error on strangers."""
    parts = [_off(found, key) for key in ("pretrained", *(("fine_tune",) if told else ()), "golden")]
    return say(
        "The value of {who} is **{true}** {unit}. {parts}. On {count} rows that nobody trained on golden is off by "
        "{usual} in the middle.",
        unit=say(SOURCES[found.what.table].unit),
        who=who(found),
        true=cell(found.true),
        parts="; ".join(parts),
        count=found.strangers,
        usual=number(found.usual),
    ) + (f" {_why(found)}" if told else "")


def _why(found: Known) -> str:
    if found.same:
        return say(
            "Fine-tuning ended at golden: nothing of the model lies where the {n} rows to keep cannot see.",
            n=found.n_retain,
        )
    if found.unmoved:
        return say(
            "With {d:,} features the model fits the {n} rows to keep already, so fine-tuning has nothing to correct.",
            d=found.features,
            n=found.n_retain,
        )
    return say("Fine-tuning moved the model, and did not end at golden.")


def outcome(found: Known) -> str:
    """Return which answer to what the fine-tuned model says of the one who left is right."""
    if is_exact(found, "fine_tune"):
        return "exact"
    return "like" if error(found, "fine_tune") <= found.usual else "worse"


def verdict(options: Mapping[str, str], guess: str | int | None, found: Known) -> str:
    """Return how a guess about the fine-tuned model compares with what it says; of None, the answer."""
    off, right = error(found, "fine_tune"), outcome(found)
    said = say(
        "It is off by {error}; golden's error on a stranger is {usual} in the middle.",
        error=number(off) if not is_exact(found, "fine_tune") else say("nothing but rounding"),
        usual=number(found.usual),
    )
    if guess is None:
        return f"{right_answer(options, {right})} {said}"
    own = say(options[str(guess)])
    compared = (
        say("You guessed “{said}”, and so it is.", said=own)
        if guess == right
        else say("You guessed “{said}”; it is {answer}.", said=own, answer=f"“{say(options[right])}”")
    )
    return f"{compared} {said}"


def left_of(found: Island) -> str:
    """Return what fine-tuning keeps of an island's penguins, and why."""
    counts = say(
        "{n_f} penguins of {island} leave and {n_r} stay, for only {d} features. Error on those who left: pretrained "
        "**{before}**, fine-tuned **{after}**, golden **{golden}**.",
        n_f=found.n_forget,
        island=column(f"island = {found.name}"),
        n_r=found.n_retain,
        d=len(found.features),
        before=loss_text(found.forgotten["pretrained"]),
        after=loss_text(found.forgotten["fine_tune"]),
        golden=loss_text(found.forgotten["golden"]),
    )
    if found.own:
        why = say(
            "Only they use {own}: no row to keep ever touches these weights, so fine-tuning leaves them as they were.",
            own=say(" and ").join(column(name) for name in found.own),
        )
    elif found.same:
        why = say("No feature is theirs alone, and fine-tuning ends at golden.")
    else:
        why = say("No feature is theirs alone, and yet fine-tuning does not end at golden.")
    return f"{counts} {why}"


def describe_values(found: Known, told: bool) -> str:
    """Return the values as a sentence for those who hear it."""
    said = "; ".join(
        say("{name} {value}", name=LABELS[key], value=cell(found.said[key]))
        for key in ("pretrained", *(("fine_tune",) if told else ()), "golden")
    )
    return say("The value of {who} is {true}; {said}.", who=who(found), true=cell(found.true), said=said)


def describe_row(found: Known) -> str:
    """Return the row as a sentence."""
    cells = "; ".join(
        say("{name} {value}", name=column(name), value=cell(float(value)))
        for name, value in zip(found.columns, found.row, strict=True)
    )
    return say("The row of {who}: {cells}.", who=who(found), cells=cells)


def describe_island(found: Island, told: bool) -> str:
    """Return the weights of the features as a sentence."""
    keys = ("pretrained", *(("fine_tune",) if told else ()), "golden")
    cells = "; ".join(
        say(
            "{name}: {weights}",
            name=column(name),
            weights=", ".join(f"{LABELS[key]} {number(float(found.weights[key][k]), 2)}" for key in keys),
        )
        for k, name in enumerate(found.features)
    )
    return say("Weights by feature. {cells}.", cells=cells)
