"""The pictures of the page patient: what each model says, the row that left, and the weights of penguins."""

import numpy as np

from theory.data import SOURCES, load
from ui.figures.curves import upright
from ui.figures.figure import Figure
from ui.figures.models import LABELS
from ui.figures.style import MARKER, MUTED, TEMPLATE, Theme, colour, faint, halo, unknown
from ui.language import say
from ui.lessons.patient.results import CAST, Island, Known, asked, island, known
from ui.lessons.patient.sentences import (
    cell,
    column,
    describe_island,
    describe_row,
    describe_values,
    left_of,
    stated,
    who,
)
from ui.lessons.patient.text import TARGETS
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

VALUES_HEIGHT, ROW_HEIGHT, ISLAND_HEIGHT = 330, 330, 440


def values(found: Known, theme: Theme, hidden: frozenset[str] = frozenset()) -> Figure:
    """Draw the true value as a line and what each model says as a mark, over the values of all rows.

    Shapes: one mark for each model, golden's with its usual error on strangers; one tick for each row of the table.
    """
    table = load(found.what.table)
    traces: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": table.y,
            "y": np.full(len(table.y), -3.0),
            "name": say("all rows of the table"),
            "meta": {"rows": True},
            "marker": {"symbol": "line-ns-open", "size": 14, "color": faint("ink", theme, 0.35)},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
    notes = []
    for lane, key in enumerate(CAST):
        if key in hidden:
            notes.append(unknown(theme) | {"x": found.true, "y": -lane})
            continue
        ink = colour(key, theme)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [found.said[key]],
                "y": [-lane],
                "name": LABELS[key],
                "meta": {"model": key},
                "marker": {"symbol": MARKER[key], "size": 16, "color": ink, "line": {"color": ink, "width": 2.5}},
                "hovertemplate": f"{LABELS[key]}: %{{x:.5g}}<extra></extra>",
                "showlegend": False,
                "cliponaxis": False,
                **({"error_x": {"array": [found.usual], "thickness": 2, "color": ink}} if key == "golden" else {}),
            }
        )
        notes.append(
            {
                "x": found.said[key],
                "y": -lane,
                "text": cell(found.said[key]),
                "yshift": 20,
                "font": {"shadow": halo(theme)},  # the line of the truth runs through it
            }
        )
    reach = [found.said["golden"] - found.usual, found.said["golden"] + found.usual, *found.said.values()]
    low, high = min(table.y.min(), *reach), max(table.y.max(), *reach)
    edge = 0.05 * (high - low)
    source = SOURCES[found.what.table]
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": VALUES_HEIGHT,
            "margin": {"t": 34, "b": 44, "l": 92},
            "shapes": [upright(found.true, colour("forget", theme), 2, dash="dot")],
            "annotations": [
                {
                    **{"x": found.true, "yref": "paper", "y": 1, "yanchor": "bottom"},
                    "text": say("truth: {true}", true=cell(found.true)),
                    "font": {"color": MUTED[theme]},
                },
                *notes,
            ],
            "xaxis": {
                "title": {"text": TARGETS[source.target] if source.target in TARGETS else source.target},
                "range": [low - edge, high + edge],
                "zeroline": False,
            },
            "yaxis": {
                "range": [-3.6, 0.8],
                "tickvals": [0, -1, -2, -3],
                "ticktext": [*(LABELS[key] for key in CAST), say("All rows")],
                "showgrid": False,
                "zeroline": False,
            },
        },
    )


def row(found: Known, theme: Theme) -> Figure:
    """Draw where the row stands in each of its columns among all rows, with its numbers.

    Shapes: one mark for each column of numbers.
    """
    names = [column(name) for name in found.columns]
    places = np.arange(len(names))
    ink = colour("forget", theme)
    return Figure(
        data=[
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": found.percent,
                "y": -places,
                "text": [cell(float(value)) for value in found.row],
                "textposition": ["middle left" if share > 70 else "middle right" for share in found.percent],
                "name": who(found),
                "meta": {"row": True},
                "marker": {"size": 11, "color": ink},
                "customdata": np.stack([places + 1, found.row], axis=1),
                "hoverinfo": "skip",
                "showlegend": False,
            }
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": ROW_HEIGHT,
            "margin": {"t": 8, "b": 62, "l": 128, "r": 12},
            "xaxis": {
                "title": {"text": say("rows with this value<br>or a smaller one, %")},
                "range": [-4, 104],
                "zeroline": False,
            },
            "yaxis": {
                "range": [-len(names) + 0.4, 0.6],
                "tickvals": (-places).tolist(),
                "ticktext": names,
                "zeroline": False,
            },
        },
    )


def weights(found: Island, theme: Theme, hidden: frozenset[str] = frozenset()) -> Figure:
    """Draw each model's weight for every feature; those that only the rows to forget use are bold.

    Shapes: one mark for each model and feature.
    """
    places = -np.arange(len(found.features), dtype=float)
    return Figure(
        data=[
            {
                "type": "scatter",
                "mode": "markers",
                "x": found.weights[key],
                "y": places,
                "name": LABELS[key],
                "meta": {"model": key},
                "marker": {
                    "symbol": MARKER[key],
                    "size": {"pretrained": 15, "golden": 12, "fine_tune": 8}[key],
                    "color": colour(key, theme),
                    "line": {"color": colour(key, theme), "width": 2},
                },
                "hovertemplate": f"{LABELS[key]}: %{{x:.3g}}<extra></extra>",
                "cliponaxis": False,
            }
            for key in ("pretrained", "golden", "fine_tune")
            if key not in hidden
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": ISLAND_HEIGHT,
            "margin": {"t": 34, "b": 44, "l": 150, "r": 12},
            "xaxis": {"title": {"text": say("weight")}},
            "yaxis": {
                "range": [places[-1] - 0.6, 0.6],
                "tickvals": places.tolist(),
                "ticktext": [
                    f"<b>{column(name)}</b>" if name in found.own else column(name) for name in found.features
                ],
                "zeroline": False,
            },
        },
    )


def _values(view: View) -> Picture:
    found = known(asked(view))
    return Picture(values(found, view.theme, view.hidden), describe_values(found, view.told), stated(found, view.told))


def _row(view: View) -> Picture:
    found = known(asked(view))
    return Picture(row(found, view.theme), describe_row(found))


def _island(view: View) -> Picture:
    found = island(view["island"], view["split"])
    return Picture(
        weights(found, view.theme, view.hidden),
        describe_island(found, view.told),
        left_of(found) if view.told else "",
    )


FIGURES = {
    "values": Drawing(
        draw=_values, name="What each model says", height=VALUES_HEIGHT, follows=("table", "who", "split", "plain")
    ),
    "row": Drawing(draw=_row, name="The row that left", height=ROW_HEIGHT, follows=("table", "who", "split", "plain")),
    "penguins": Drawing(draw=_island, name="An island's penguins", height=ISLAND_HEIGHT, follows=("split", "island")),
}
