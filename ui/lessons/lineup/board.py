"""The board: one row for each method, coloured by how far its numbers are from golden's."""

import math
from collections.abc import Mapping, Sequence

from theory import METHODS, Standing
from theory.method import GOLDEN
from ui.figures.board import AUC_WHOLE, Cell, board
from ui.figures.figure import Figure
from ui.figures.style import INK, Theme
from ui.language import say
from ui.lessons.lineup.results import ROUNDED
from ui.lessons.lineup.sentences import LABELS
from ui.lessons.lineup.text import YARDSTICKS

# The columns, as the table of numbers calls them.
COLUMNS = ("unlearning_gap", "share", "remaining_loss", "gap_forget", "membership_auc", "rows")
# What marks a method that is read beside golden with the same ridge.
RIDGE_MARK = "\N{DAGGER}"
# Pixels of a row, and of the names of the columns.
ROW, HEAD = 22, 68
# In a lecture methods nearer to each other than this, in gap and distance, share a row.
ALIKE = 0.03


def cell(value: float, signed: bool = False) -> str:
    """Return a number in the width of a cell."""
    if math.isnan(value):
        return "-"
    size = abs(value)
    if size <= ROUNDED:
        return "0"
    sign = "\N{MINUS SIGN}" if value < 0 else "+" if signed else ""
    if size < 0.005:
        return f"{sign}<.01"
    if size < 1e4:
        return f"{sign}{size:.2f}" if size < 10 else f"{sign}{size:,.0f}"
    mantissa, power = f"{size:.0e}".split("e")
    return f"{sign}{mantissa}e{int(power)}"


def rows_text(rows: int) -> str:
    """Return a number of rows in the width of a cell."""
    return f"{rows:,}" if rows < 1000 else f"{rows / 1000:,.0f}k"


def heads() -> list[str]:
    """Return the names of the columns."""
    return [say("Gap"), say("Away"), say("RL"), say("New"), say("AUC"), say("Rows")]


def _cells(standing: Standing) -> list[Cell]:
    """Return the cells of a method."""
    nothing = math.nan
    golden = standing.golden
    if standing.metrics is None or golden is None:
        waits = "\N{EN DASH}" if standing.refusal else "\N{HORIZONTAL ELLIPSIS}"
        return [Cell(nothing, waits, nothing)] * len(COLUMNS)
    found, whole = standing.metrics, max(golden.unlearning_loss, 1e-12)

    def against(value: float, far: float, signed: bool = False) -> Cell:
        return Cell(value, cell(value, signed), min(abs(far) / whole, 1.0))

    return [
        against(found.unlearning_gap, found.unlearning_gap, signed=True),
        Cell(standing.share, cell(standing.share), nothing if math.isnan(standing.share) else min(standing.share, 1.0)),
        against(found.remaining_loss, found.remaining_loss - golden.remaining_loss),
        against(found.gap_forget, found.gap_forget),
        Cell(
            found.membership_auc,
            f"{found.membership_auc:.2f}",
            min(abs(found.membership_auc - golden.membership_auc) / AUC_WHOLE, 1.0),
        ),
        Cell(float(standing.rows), rows_text(standing.rows), nothing),
    ]


def apart(found: Mapping[str, Standing], keys: Sequence[str], picked: str) -> list[str]:
    """Return fewer methods, for the back of a room: of those that stand at one place the first, and the chosen one."""
    kept: list[str] = []
    for key in keys:
        others = [found[k] for k in kept if k not in YARDSTICKS and k != picked]
        here = found[key]
        if key in (*YARDSTICKS, picked) or not any(
            abs(here.gap - other.gap) < ALIKE and abs(here.share - other.share) < ALIKE for other in others
        ):
            kept.append(key)
    return kept


def table(found: Mapping[str, Standing], keys: Sequence[str], picked: str, theme: Theme) -> Figure:
    """Draw one row for each method: a cell has golden's colour where its number is golden's.

    Shapes: one cell for each method and measure.
    """

    def label(key: str) -> str:
        name = LABELS[key] if METHODS[key].reference == GOLDEN else f"{LABELS[key]} {RIDGE_MARK}"
        return f"<b>{name}</b>" if key in ("golden", picked) else name

    outline = [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": place - 0.5,
            "y1": place + 0.5,
            "line": {"color": INK[theme], "width": 2},
        }
        for place, key in enumerate(keys)
        if key == picked
    ]
    rows = {key: _cells(found[key]) for key in keys}
    ticks = [label(key) for key in keys]
    height = HEAD + ROW * len(keys)
    return board(rows, LABELS, ticks, heads(), COLUMNS, theme, clicked=True, height=height, shapes=outline)
