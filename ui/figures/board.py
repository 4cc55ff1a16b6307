"""A board: one row for each model, one column for each measure, coloured by how far a number is from golden's."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui.figures.figure import Figure
from ui.figures.style import INK, PAPER, REMEMBERS, TEMPLATE, Theme
from ui.language import say

# An attack is wholly off golden's at so much AUC.
AUC_WHOLE = 0.5
# How large the names of its columns are.
SIZE = 12
# The ink of a cell: dark on what is near golden's colour, light on what is far, in both themes.
_DARK, _LIGHT, _DARK_BELOW = INK["light"], PAPER["light"], 0.7


@dataclass(frozen=True)
class Cell:
    """A number (NaN: none), its text, and how far it is from golden's, 0 to 1 (NaN: that says nothing)."""

    value: float
    text: str
    far: float

    def ink(self, theme: Theme) -> str:
        """Return the colour of the text."""
        return INK[theme] if math.isnan(self.far) else _DARK if self.far < _DARK_BELOW else _LIGHT


def _known(values: Sequence[float]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]


def board(
    rows: Mapping[str, Sequence[Cell]],
    labels: Mapping[str, str],
    ticks: Sequence[str],
    heads: Sequence[str],
    readings: Sequence[str],
    theme: Theme,
    *,
    size: int = SIZE,
    clicked: bool = False,
    **layout: Any,
) -> Figure:
    """Draw one row for each model, with `ticks` beside and `heads` above: golden's colour where a number is golden's.

    Shapes: one cell for each model and measure.
    """
    cells = [cell for row in rows.values() for cell in row]
    columns, places = list(range(len(heads))), list(range(len(rows)))
    axis = {"showgrid": False, "zeroline": False}
    return Figure(
        data=[
            {
                "type": "heatmap",
                "z": [_known([cell.far for cell in row]) for row in rows.values()],
                "x": columns,
                "y": places,
                "zmin": 0,
                "zmax": 1,
                "colorscale": [list(stop) for stop in REMEMBERS],
                "showscale": False,
                "xgap": 2,
                "ygap": 2,
                "hoverinfo": "none" if clicked else "skip",  # "none" has no label, and yet a click is heard
                "name": say("difference from golden, 0 to 1"),
                "meta": {"guide": True, "rows": list(rows)},
            },
            {
                "type": "scatter",
                "mode": "text",
                "x": columns * len(rows),
                "y": [place for place in places for _ in heads],
                "text": [cell.text for cell in cells],
                "textfont": {"size": size, "color": [cell.ink(theme) for cell in cells]},
                "name": say("measures"),
                "hoverinfo": "skip",
                "showlegend": False,
                "meta": {
                    "models": [key for key in rows for _ in heads],
                    "names": [labels[key] for key in rows for _ in heads],
                    "readings": [*readings] * len(rows),
                },
                "customdata": _known([cell.value for cell in cells]),
            },
        ],
        layout={
            "template": TEMPLATE[theme],
            "margin": {"t": 56, "b": 8, "l": 8, "r": 8},  # the camera stands above the names of the columns
            "xaxis": {
                **axis,
                "side": "top",
                "tickvals": columns,
                "ticktext": list(heads),
                "tickangle": 0,
                "tickfont": {"size": SIZE},
                "range": [-0.5, len(heads) - 0.5],
            },
            "yaxis": {
                **axis,
                "tickvals": places,
                "ticktext": list(ticks),
                "tickfont": {"size": size},
                **({"range": [len(rows) - 0.5, -0.5]} if clicked else {"autorange": "reversed"}),
            },
            **layout,
        },
    )
