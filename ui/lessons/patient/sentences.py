"""What the page patient says of its numbers."""

from collections.abc import Mapping

import numpy as np

from theory.data import SOURCES
from ui.figures.models import LABELS
from ui.language import say
from ui.language.words import is_nothing, judged, loss_text, number
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
    """Return how far a model is off, as a number; 0 where that is rounding."""
    return say("0 (rounding)") if is_exact(found, key) else number(error(found, key))


def stated(found: Known, told: bool) -> str:
    """Return what each model says of the row that left, beside golden's usual error on strangers."""
    values = {
        "who": who(found),
        "true": cell(found.true),
        "unit": say(SOURCES[found.what.table].unit),
        "pretrained": cell(found.said["pretrained"]),
        "off": _off(found, "pretrained"),
        "golden": cell(found.said["golden"]),
        "golden_off": _off(found, "golden"),
        "count": found.strangers,
        "usual": number(found.usual),
    }
    if not told:
        return say(
            "The value of {who} is **{true}** {unit}. Pretrained says {pretrained}, off by **{off}**; golden says "
            "{golden}, off by **{golden_off}**. On {count} rows that no model has seen golden's median error is "
            "{usual}.",
            **values,
        )
    numbers = say(
        "The value of {who} is **{true}** {unit}. Pretrained says {pretrained}, off by **{off}**; fine-tuned says "
        "{tuned}, off by **{tuned_off}**; golden says {golden}, off by **{golden_off}**. On {count} rows that no model "
        "has seen golden's median error is {usual}.",
        tuned=cell(found.said["fine_tune"]),
        tuned_off=_off(found, "fine_tune"),
        **values,
    )
    return f"{numbers} {_why(found)}"


def _why(found: Known) -> str:
    if found.same:
        return say(
            "Fine-tuning ended at golden: nothing of the model lies where the {n} rows to keep cannot see.",
            n=found.n_retain,
        )
    if found.unmoved and found.fits:
        return say(
            "With {d:,} features the model fits the {n} rows to keep already, so fine-tuning has nothing to correct.",
            d=found.features,
            n=found.n_retain,
        )
    if found.unmoved:
        return say(
            "No weights fit the {n} rows to keep better than the model's, so fine-tuning has nothing to correct.",
            n=found.n_retain,
        )
    return say(
        "Fine-tuning corrected what the model missed on the {n} rows to keep; {unseen} of its length {length} lies "
        "where these rows cannot see, and stays.",
        n=found.n_retain,
        unseen=number(found.unseen),
        length=number(found.length),
    )


def outcome(found: Known) -> str:
    """Return which answer to what the fine-tuned model says of the one who left is right."""
    if is_exact(found, "fine_tune"):
        return "exact"
    return "like" if error(found, "fine_tune") <= found.usual else "worse"


def verdict(options: Mapping[str, str], guess: str | int | None, found: Known) -> str:
    """Return how a guess about the fine-tuned model compares with what it says; of None, the answer."""
    said = say(
        "The fine-tuned model is off by {error}; golden's median error on strangers is {usual}.",
        error=_off(found, "fine_tune"),
        usual=number(found.usual),
    )
    return f"{judged(options, guess, {outcome(found)})} {said}"


def left_of(found: Island) -> str:
    """Return what fine-tuning keeps of an island's penguins, and why."""
    counts = say(
        "{n_f} penguins of {island} leave and {n_r} stay, for only {d} features. Mean squared error on the body mass "
        "of those who left, where 1 is the variance among those who stay: pretrained **{before}**, fine-tuned "
        "**{after}**, golden **{golden}**.",
        n_f=found.n_forget,
        island=column(f"island = {found.name}"),
        n_r=found.n_retain,
        d=len(found.features),
        before=loss_text(found.forgotten["pretrained"]),
        after=loss_text(found.forgotten["fine_tune"]),
        golden=loss_text(found.forgotten["golden"]),
    )
    return f"{counts} {_left_because(found)}"


def _left_because(found: Island) -> str:
    if found.own:
        return say(
            "Only they use the feature {own}: no row to keep ever touches its weight, so fine-tuning leaves it as it "
            "was.",
            "Only they use the features {own}: no row to keep ever touches their weights, so fine-tuning leaves them "
            "as they were.",
            n=len(found.own),
            own=", ".join(column(name) for name in found.own),
        )
    if found.same:
        return say("No feature is theirs alone, and fine-tuning ends at golden.")
    return say(
        "No feature is theirs alone, but a combination of features is: no row to keep has it, so fine-tuning leaves "
        "what was learned of it."
    )


def describe_values(found: Known, told: bool) -> str:
    """Return the values as a sentence for those who hear it."""
    values = {"who": who(found), "true": cell(found.true)} | {key: cell(value) for key, value in found.said.items()}
    if not told:
        return say("The value of {who} is {true}; pretrained says {pretrained}, golden {golden}.", **values)
    return say(
        "The value of {who} is {true}; pretrained says {pretrained}, fine-tuned {fine_tune}, golden {golden}.", **values
    )


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
    largest = max(float(np.abs(found.weights[key]).max()) for key in keys)

    def weight(key: str, k: int) -> str:
        value = float(found.weights[key][k])
        return "0" if is_nothing(value, largest) else number(value, 2)

    cells = "; ".join(
        say(
            "{name}: {weights}",
            name=column(name),
            weights=", ".join(f"{LABELS[key]} {weight(key, k)}" for key in keys),
        )
        for k, name in enumerate(found.features)
    )
    return say("Weights by feature. {cells}.", cells=cells)
