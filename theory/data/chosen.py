"""Which real rows a page is opened on: `RealRows`, a request beside `Spec`, and the problem it asks for."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from theory.data.sources import SOURCES, load
from theory.data.split import ORDER, Places, Split, split
from theory.data.tables import Prepared, Scaled, prepare, scale
from theory.problem import Problem
from theory.spec import Blocks, Refusal, Spec, whole
from theory.streams import stream

# More rows than this are not trained on: pages that draw them anew under a hand would come late.
MOST_TRAINED = 400
# Who may leave: one row in ten, one row, or all rows of the source's group.
LEAVES: Mapping[str, str] = MappingProxyType({"tenth": "random", "one": "rows", "group": "level"})


@dataclass(frozen=True, kw_only=True)
class TableRows(ABC):
    """A request for the rows of a table, real or one's own, in place of drawn ones.

    Definition: features are so many random waves, or the columns where that is 0, and an intercept. What a Spec says of
    its draw, this says of the rows as they are.
    Shapes: counts.
    Errors: Refusal naming the argument, the rule, the value and the way out.
    Source: derived here.

    Attributes
    ----------
    n_tune : how many of the rows to keep fine-tuning sees, the first; None for all.
    """

    leaves: str = "tenth"
    waves: int = 0
    n_tune: int | None = None
    seed: int = 0

    def _check(self) -> None:
        whole("waves", self.waves, 0, np.inf, "use 0 for the columns as they are")
        whole("seed", self.seed, 0, np.inf, "use 0, 1, 2, ...")
        if self.n_tune is not None:
            whole("n_tune", self.n_tune, 1, self.n_retain, "leave it out to fine-tune on every row to keep")

    @property
    @abstractmethod
    def split(self) -> Split:
        """The rows to keep, to forget and held out."""

    @property
    @abstractmethod
    def scaled(self) -> Scaled:
        """Their columns in units of the rows to keep."""

    @abstractmethod
    def prepared(self) -> Prepared:
        """Return the problem these rows make, in units of the rows to keep, and the way back to the table's own."""

    @property
    def told(self) -> dict[str, object]:
        """What is asked for, by name, as a file may say it."""
        return {"leaves": self.leaves, "waves": self.waves, "n_tune": self.tune_rows, "seed": self.seed}

    @property
    def n_retain(self) -> int:
        """Rows to keep."""
        return len(self.split.keep)

    @property
    def n_forget(self) -> int:
        """Rows to forget."""
        return len(self.split.forget)

    @property
    def tune_rows(self) -> int:
        """Rows to keep that fine-tuning sees."""
        return self.n_retain if self.n_tune is None else self.n_tune

    @property
    def d(self) -> int:
        """Features."""
        return (self.waves or len(self.scaled.names)) + 1

    @property
    def d_retain(self) -> int:
        """Features that only rows to keep use: none is looked for."""
        return 0

    @property
    def d_forget(self) -> int:
        """Features that only rows to forget use; a wave is used by every row."""
        return 0 if self.waves else len(self.scaled.own)

    @property
    def d_overlap(self) -> int:
        """Features that both use."""
        return self.d - self.d_forget

    @property
    def overlap(self) -> float:
        """Share of the features that both use."""
        return self.d_overlap / self.d

    def problem(self) -> Problem:
        """Return the problem these rows make; columns that the rows to forget alone use come last, and are blocks."""
        ready = self.prepared()
        known, own, shared = ready.problem, ready.own, self.d_overlap
        order = np.array([*(k for k in range(known.d) if k not in own), *own])
        fresh = known.fresh() if "fresh rows" in known.known else None
        return Problem.of_rows(
            known.X_r[:, order],
            known.y_r,
            known.X_f[:, order],
            known.y_f,
            tune_rows=self.tune_rows,
            blocks=Blocks(slice(0, 0), slice(0, shared), slice(shared, known.d)),
            fresh=(fresh.X_r[:, order], fresh.y_r, fresh.X_f[:, order], fresh.y_f) if fresh else None,
            seed=self.seed,
        )


@dataclass(frozen=True, kw_only=True)
class RealRows(TableRows):
    """A request for real rows: which source, who leaves, which features.

    Definition: the first rows of an order drawn from the seed are trained on, at most `MOST_TRAINED`; of these "tenth",
    "one" or the source's "group" leave. Features are so many random waves, or the columns where that is 0, and an
    intercept. The target is the source's number; of images, whether what they show is odd.
    Shapes: counts.
    Errors: Refusal naming the argument, the rule, the value and the way out.
    Source: derived here.

    Attributes
    ----------
    n_tune : how many of the rows to keep fine-tuning sees, the first; None for all.
    """

    source: str

    def __post_init__(self) -> None:
        if self.source not in SOURCES:
            raise Refusal(
                "source must be one of {names}, got {value!r}: choose one of these",
                {"names": ", ".join(SOURCES), "value": self.source},
            )
        if self.leaves not in LEAVES:
            raise Refusal(
                "leaves must be one of {names}, got {value!r}: choose one of these",
                {"names": ", ".join(LEAVES), "value": self.leaves},
            )
        self._check()

    @property
    def split(self) -> Split:
        """The rows to keep, to forget and held out."""
        return _split(self.source, self.leaves, self.seed)

    @property
    def scaled(self) -> Scaled:
        """Their columns in units of the rows to keep."""
        return _scaled(self.source, self.leaves, self.seed)

    @property
    def told(self) -> dict[str, object]:
        """What is asked for, by name, as a file may say it."""
        return {"source": self.source, **super().told}

    @property
    def places(self) -> Places:
        """Which of the trained rows, in their order, leave."""
        table, order = self.split.table, stream(self.seed, ORDER).permutation(len(self.split.table.y))
        return np.flatnonzero(np.isin(order[: table.source.train], self.split.forget))

    def prepared(self) -> Prepared:
        """Return the problem these rows make, in units of the rows to keep, and the way back to the table's own."""
        found = self.split
        if not found.table.source.unit:  # what an image shows is a class: is it odd?
            found = replace(found, table=replace(found.table, y=found.table.y % 2))
        return prepare(found, self.waves, seed=self.seed)


# What rows a question is about: the law they are drawn by, or real ones.
Data = Spec | TableRows


@lru_cache(maxsize=64)
def _split(source: str, leaves: str, seed: int) -> Split:
    table = load(source)
    table = replace(table, source=replace(table.source, train=min(table.source.train, MOST_TRAINED)))
    if leaves != "group":
        return split(table, LEAVES[leaves], of=0 if leaves == "one" else None, seed=seed)
    column, word = table.source.group
    if column == table.source.target:
        return split(table, "class", of=int(word), seed=seed)
    return split(table, "level", of=(column, word), seed=seed)


@lru_cache(maxsize=64)
def _scaled(source: str, leaves: str, seed: int) -> Scaled:
    return scale(_split(source, leaves, seed))
