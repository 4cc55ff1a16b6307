"""Which rows of a table are kept, forgotten and held out: `split`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.data.sources import Table
from theory.linalg import Array
from theory.spec import Refusal, whole
from theory.streams import stream

Places = NDArray[np.intp]
# Streams of a seed: the order of the rows, and the false labels; `theory.data` has others from 102 on.
ORDER, MISTAKES = 100, 101
# Share of the training rows that are forgotten at random, and whose labels are falsified.
SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Split:
    """The rows of a table in three parts, by their places in it, with the labels that models are trained on.

    Definition: models see `keep` and `forget`, golden sees `keep` alone, `held` nobody; `strangers` are those of the
    held-out rows that are like the rows to forget: of the same class, level or kind of label.
    Shapes: places; labels (n_keep + n_forget,), stranger_labels (n_strangers,).
    Errors: none after construction by `split`.
    Source: derived here; the kinds of forgetting are those that reports on classifiers use.

    Attributes
    ----------
    labels : of the rows to keep, then of those to forget: the target, or a false one.
    seed : what its order was drawn from.
    remaining : those of the held-out rows whose class golden has seen: test accuracy is over them.
    """

    table: Table
    keep: Places
    forget: Places
    held: Places
    strangers: Places
    remaining: Places
    labels: Array
    stranger_labels: Array
    seed: int

    @property
    def trained(self) -> Places:
        """The rows to keep, then those to forget."""
        return np.concatenate([self.keep, self.forget])


def _by_class(table: Table, train: Places, of: Any, seed: int) -> NDArray[np.bool_]:
    target = table.y
    if not isinstance(of, int | np.integer) or not (target[train] == of).any():
        known = ", ".join(f"{value:g}" for value in np.unique(target)[:12])
        raise Refusal(
            "of must be a class that training rows have, such as {known}, got {value!r}: choose one of these",
            {"known": known, "value": of},
        )
    return np.asarray(target == of)


def _at_random(table: Table, train: Places, of: Any, seed: int) -> NDArray[np.bool_]:
    chosen = np.zeros(len(table.y), dtype=bool)
    chosen[train[: max(1, round(SHARE * len(train)))]] = True
    return chosen


def _by_place(table: Table, train: Places, of: Any, seed: int) -> NDArray[np.bool_]:
    places: list[int] = [int(of)] if isinstance(of, int | np.integer) else list(of or ())
    if not places or not set(places) <= set(range(len(train))):
        raise Refusal(
            "of must be places of training rows, 0 to {last}, got {value!r}: choose among these",
            {"last": len(train) - 1, "value": of},
        )
    chosen = np.zeros(len(table.y), dtype=bool)
    chosen[train[places]] = True
    return chosen


def _by_level(table: Table, train: Places, of: Any, seed: int) -> NDArray[np.bool_]:
    column, level = of if isinstance(of, Sequence) and len(of) == 2 else (of, None)
    found = np.zeros(len(table.y), dtype=bool)
    if column in table.words:
        found = table.words[column] == level
    elif column in table.columns:
        found = np.char.mod("%g", table.X[:, table.columns.index(column)]) == level
    if not found[train].any():
        levels = [f"{name}: {', '.join(sorted(set(words)))}" for name, words in table.words.items()]
        raise Refusal(
            "of must be a column and what stands in it in a training row, got {value!r}: choose among {levels}",
            {"value": of, "levels": "; ".join(levels) or f"the numbers of {', '.join(table.columns[:12])}"},
        )
    return np.asarray(found)


KINDS: Mapping[str, Callable[[Table, Places, Any, int], NDArray[np.bool_]]] = MappingProxyType(
    {"class": _by_class, "random": _at_random, "wrong": _at_random, "rows": _by_place, "level": _by_level}
)


def split(table: Table, forget: str, *, of: object = None, seed: int = 0) -> Split:
    """Return a table's rows to keep, to forget and held out.

    Definition: in an order drawn from the seed the first `table.source.train` rows are trained on. Of these are
    forgotten, by `forget`: "class", all of the class `of`; "random", a tenth; "wrong", the same tenth, whose labels
    were replaced by another class, drawn evenly; "rows", those at the places `of`; "level", all with a word or number
    in a column, `of` being ("island", "Dream") or ("sex", "2").
    Shapes: see `Split`.
    Errors: Refusal naming the argument, the rule, the value and the way out.
    Source: derived here.
    """
    if forget not in KINDS:
        raise Refusal(
            "forget must be one of {kinds}, got {value!r}: choose one of these",
            {"kinds": ", ".join(KINDS), "value": forget},
        )
    if table.source.unit and forget in ("class", "wrong"):
        raise Refusal(
            "forget must be random, rows or level where the target is a number, got {value!r}: use one of these",
            {"value": forget},
        )
    seed = whole("seed", seed, 0, np.inf, "use 0, 1, 2, ...")
    order = stream(seed, ORDER).permutation(len(table.y))
    train, held = order[: table.source.train], order[table.source.train :]
    like = KINDS[forget](table, train, of, seed)
    goes = like[train]
    if goes.all():
        raise Refusal(
            "forget must leave a row to keep, got {value!r}, which all training rows have: choose other rows",
            {"value": of},
        )
    kept, gone = train[~goes], train[goes]
    labels = table.y[np.concatenate([kept, gone])].copy()
    strangers = held[like[held]] if forget in ("class", "level") else held
    stranger_labels = table.y[strangers].copy()
    if forget == "wrong":
        drawn, classes = stream(seed, MISTAKES), table.classes
        for part in (labels[len(kept) :], stranger_labels):
            part[:] = (part + drawn.integers(1, classes, len(part))) % classes
    remaining = held[~like[held]] if forget == "class" else held
    for part in (kept, gone, held, strangers, remaining, labels, stranger_labels):
        part.flags.writeable = False
    return Split(table, kept, gone, held, strangers, remaining, labels, stranger_labels, seed)
