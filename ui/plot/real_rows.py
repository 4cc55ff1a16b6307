"""The controls that open a page on real rows in place of drawn ones, and the request they make."""

from collections.abc import Mapping
from typing import Any

from theory.data import MOST_TRAINED, SOURCES, RealRows, TableRows
from ui.language import Texts, say
from ui.plot.controls import Choice, Control, Scale
from ui.server import table_store
from ui.server.own_rows import OwnRows

DRAWN, OWN = "", "own"
ROWS = Choice(
    key="rows",
    label="Rows",
    options={"Drawn at random": DRAWN, **{source.title: key for key, source in SOURCES.items()}, "Your own table": OWN},
    help="Rows that the settings below draw, or real ones, which bring their own overlap and noise.",
    menu=True,
)
LEAVES = Choice(
    key="leaves",
    label="Who leaves",
    options={"One row in ten": "tenth", "One row": "one", "A group": "group"},
    help="A group: all images of a 3, all patients of one sex, all penguins of the island Dream, or the rows you chose "
    "of your table. "
    f"At most {MOST_TRAINED} rows are trained on.",
    menu=True,
)
FEATURES = Scale(
    key="features",
    label="Features (0: the columns)",
    values=(0.0, 50.0, 100.0, 200.0, 300.0, 400.0, 600.0, 1000.0, 2000.0),
    usual=1000.0,
    help="Random waves of the columns, in their place: so many features as are asked for. 0: the columns as they are.",
)
# What is predicted, where the name of its column is no plain word.
TARGETS = Texts(
    {
        "progression": "progression of the disease in one year",
        "body_mass_g": "body mass",
        "shows": "whether the number is odd",
    }
)
# A page that takes real rows has these among its controls, at the side.
CONTROLS: tuple[Control, ...] = (ROWS, LEAVES, FEATURES)
KEYS = tuple(control.key for control in CONTROLS)
# The shared controls that real rows have a use for, too.
SHARED = ("n_tune", "seed")


def request(own: Mapping[str, Any], n_tune: int, seed: int) -> TableRows | None:
    """Return the real rows that a page's controls ask for; None where they are drawn. Refusal where nothing fits."""
    if not own.get(ROWS.key):
        return None
    how: dict[str, Any] = {
        "leaves": own[LEAVES.key],
        "waves": int(own[FEATURES.key]),
        "n_tune": n_tune or None,
        "seed": seed,
    }
    if own[ROWS.key] == OWN:
        return OwnRows(table=table_store.name(), version=table_store.entry().version, **how)
    return RealRows(source=own[ROWS.key], **how)


def described(rows: TableRows) -> str:
    """Return how many of the rows leave, which ones where they are a group, and what a model learns of each."""
    if not isinstance(rows, RealRows):
        return say("Your own table: {keep:,} rows to keep, {gone:,} to forget.", keep=rows.n_retain, gone=rows.n_forget)
    source = SOURCES[rows.source]
    column, word = source.group if rows.leaves == "group" else ("", "")
    return say(
        "{title}: {keep:,} rows to keep, {gone:,} to forget{which}. Predicted: {target}, in standard deviations over "
        "the rows to keep.",
        title=say(source.title),
        keep=rows.n_retain,
        gone=rows.n_forget,
        which=f" ({column}: {word})" if column else "",
        target=TARGETS[source.target] if source.target in TARGETS else source.target,
    )
