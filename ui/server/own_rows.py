"""A visitor's own table in place of drawn rows: `OwnRows`, a request that belongs to the table and goes with it."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from theory.data import Prepared, TableRows, prepare
from theory.data.preparing import Ready, ready
from theory.data.split import Split
from theory.data.tables import Scaled
from theory.streams import stream
from ui.server.table_store import Entry, example, find

# The stream of a seed that draws rows to forget.
ROWS = 108


def rows_to_forget(entry: Entry, leaves: str, seed: int) -> NDArray[np.bool_]:
    """Return which rows leave: the "group" that was chosen, a "tenth", or "one"; the last two are drawn."""
    if leaves == "group":
        return entry.forget
    known = np.flatnonzero(~np.isnan(entry.sheet.column(entry.target).values))
    count = 1 if leaves == "one" else max(1, round(len(known) / 10))
    found = np.zeros(entry.sheet.rows, dtype=bool)
    found[stream(seed, ROWS).permutation(known)[:count]] = True
    return found


@dataclass(frozen=True, kw_only=True)
class OwnRows(TableRows):
    """A request for rows of a visitor's own table; of several classes it asks whether a row is of the first.

    Attributes
    ----------
    table : the name it is kept under: a request must not keep what its owner has forgotten.
    version : which of its choices of target and rows.
    """

    table: str = field(repr=False)
    version: int

    def __post_init__(self) -> None:
        self._check()

    @property
    def owner(self) -> Entry:
        """The table, where what is computed of it is kept."""
        return find(self.table) or example()

    @property
    def made(self) -> Ready:
        """The table made ready; Refusal where no model can be made of it."""
        entry = self.owner

        def make() -> Ready:
            goes = rows_to_forget(entry, self.leaves, self.seed)
            return ready(entry.sheet, entry.target, goes, waves=self.waves, seed=self.seed)

        return entry.once(("ready", "", self.leaves, self.waves, self.seed, self.version), make)

    @property
    def split(self) -> Split:
        """The rows to keep, to forget and held out."""
        return self.made.split

    @property
    def scaled(self) -> Scaled:
        """Their columns in units of the rows to keep."""
        return self.made.scaled

    def prepared(self) -> Prepared:
        """Return the problem these rows make, in units of the rows to keep, and the way back to the table's own."""
        found = self.made.split
        if len(self.made.classes) > 2:
            found = replace(found, table=replace(found.table, y=(found.table.y == 0).astype(np.float64)))
        return prepare(found, self.waves, seed=self.seed, even=True)
