"""What the page your_table says of a visitor's rows: sentences true of every table."""

import html
from collections.abc import Mapping

from ui.language import say
from ui.language.words import is_zero, judged, number, rows_to_forget
from ui.lessons.your_table.results import Answer

# A name from a visitor's file is shown up to so many letters.
LONGEST = 32
# Names of columns that a sentence lists.
LISTED = 4


def named(name: str) -> str:
    """Return a name from a file for a sentence of a picture: short, and without a star, which would mean emphasis."""
    short = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    return short.replace("*", "\u2217")


def on_chart(name: str) -> str:
    """Return a name from a file for a chart, which reads a little HTML."""
    return html.escape(named(name), quote=False)


def outcome(found: Answer) -> str:
    """Return which answer to "has it forgotten?" is right."""
    return "yes" if found.same else "no" if found.unmoved else "part"


def error_text(found: Answer, value: float) -> str:
    """Return an error in the target's unit, or a share of wrong answers."""
    if found.classes:
        return say("{share:.0f}% wrong", share=value)
    return "0" if is_zero(value * value) else number(value)


def _models(found: Answer) -> str:
    said = {key: error_text(found, value) for key, value in found.forget.items()}
    return say(
        "Typical error on {rows}: fine-tuned {tuned}, golden {golden}, in units of {target}.",
        rows=rows_to_forget(found.n_forget),
        tuned=said["fine_tune"],
        golden=said["golden"],
        target=named(found.target),
    )


def _shares(found: Answer) -> str:
    if found.n_forget == 1:
        tuned, golden = (say("wrong" if found.forget[key] else "right") for key in ("fine_tune", "golden"))
        return say(
            "About the row to forget the fine-tuned model is {tuned}, golden {golden}.", tuned=tuned, golden=golden
        )
    return say(
        "Of {rows} the fine-tuned model answers {tuned:.0f}% wrong, golden {golden:.0f}%.",
        rows=rows_to_forget(found.n_forget),
        tuned=found.forget["fine_tune"],
        golden=found.forget["golden"],
    )


def numbers(found: Answer) -> str:
    """Return what both models make of the rows to forget."""
    return _shares(found) if found.classes else _models(found)


def reason(found: Answer) -> str:
    """Return why fine-tuning does what it does here, from facts of the rows."""
    if found.same:
        return say("The rows to keep can see all of the model, so fine-tuning ends at **golden itself**.")
    if found.unmoved and found.fits_any:
        return say(
            "With {features} features for {rows} rows the model fits every row: nothing is left to learn, and "
            "**fine-tuning changes nothing**.",
            features=f"{found.features:,}",
            rows=f"{found.n_keep + found.n_forget:,}",
        )
    if found.unmoved:
        return say("No weights fit the rows to keep better than the model's: **fine-tuning changes nothing**.")
    return say(
        "Fine-tuning changes the model, but a part stays that golden does not have: its length is **{left}%** of the "
        "model's.",
        left=number(100 * found.left, 2),
    )


def own_columns(found: Answer) -> str:
    """Return which columns only the rows to forget use; nothing where there are none."""
    if not found.own:
        return ""
    names = ", ".join(map(named, found.own[:LISTED]))
    if len(found.own) == 1:
        return say("Only rows to forget use {name}: no training on the others can reach its weight.", name=names)
    if len(found.own) > LISTED:
        return say(
            "Only rows to forget use {n} columns, such as {names}: no training on the others can reach their weights.",
            n=len(found.own),
            names=names,
        )
    return say("Only rows to forget use {names}: no training on the others can reach their weights.", names=names)


def twins(found: Answer) -> str:
    """Return how many rows to forget stay known because a row to keep equals them; nothing where none does."""
    if not found.twins:
        return ""
    if found.twins == 1:
        return say("One row to forget equals a row to keep: what it says stays known whatever is done.")
    return say("{n} rows to forget equal a row to keep: what they say stays known whatever is done.", n=found.twins)


def advice(found: Answer) -> str:
    """Return what someone who has to answer for the data can do."""
    if found.same:
        return say(
            "**What to do**: for this model and these rows, fine-tuning is as good as training from scratch. Keep this "
            "page's settings as a record."
        )
    return say(
        "**What to do**: do not call it erased. Train from scratch without these rows, or take out what the rows to "
        "keep cannot see (projection), and check the errors again."
    )


def caption(found: Answer) -> str:
    """Return what stands under the picture."""
    parts = (reason(found), numbers(found), own_columns(found), twins(found))
    return " ".join(part for part in parts if part) + "\n\n" + advice(found)


def verdict(options: Mapping[str, str], guess: str | int | None, found: Answer) -> str:
    """Return how a guess compares with the answer, and why; of None, the answer."""
    return f"{judged(options, guess, {outcome(found)})} {reason(found)} {numbers(found)}"


def describe(found: Answer, told: bool) -> str:
    """Return the picture of errors as a sentence, for those who hear it."""
    parts = "; ".join(
        say(
            "{model}: {forget} on the rows to forget, {keep} on the rows to keep",
            model=say(model),
            forget=error_text(found, found.forget[key]),
            keep=error_text(found, found.keep[key]),
        )
        for key, model in (("pretrained", "Pretrained"), ("fine_tune", "Fine-tuned"), ("golden", "Golden"))
        if told or key != "fine_tune"
    )
    return say("Bars of the errors of each model. {parts}.", parts=parts)


def describe_columns(found: Answer) -> str:
    """Return the picture of what is left by column as a sentence."""
    parts = ", ".join(f"{named(name)} {number(length)}" for name, length in found.held[:LISTED])
    return say("Bars of what is left by column, longest first: {parts}.", parts=parts)


def columns(found: Answer) -> str:
    """Return what stands under the picture of columns; nothing where its legend says it."""
    if found.own:
        return ""
    return say("No column is used by the rows to forget alone: what is left lies in columns that all rows share.")
