"""The map of a sweep over two settings, with theory's lines in it, and one row of it as a profile."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from theory import AXES, MEASURES, Array, Grid, Sweep
from ui.figures.curves import upright
from ui.figures.figure import Figure
from ui.figures.models import LABELS
from ui.figures.style import (
    FONT_SIZE,
    INK,
    MARKER,
    MUTED,
    OVER_FORGOT,
    PAPER,
    REMEMBERS,
    RULE,
    TEMPLATE,
    Theme,
    colour,
    unknown,
)
from ui.language import say
from ui.lessons.boundary.grids import chosen, realised
from ui.lessons.boundary.results import RATIO, foreseen, known, map_lines, row_losses
from ui.lessons.boundary.sentences import describe_map, describe_profile, peak, profile, summary, value_text
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

HEIGHT = 424
# The profile's axis ends at this multiple of a typical loss: a peak leaves the picture, and is marked at its edge.
HEADROOM = 3.0
MOST_TICKS = 6


def _scale(measure: str, means: Array) -> tuple[list[list[object]], float, float]:
    """Return the colour scale of a measure with the values at its two ends."""
    if measure == "unlearning_gap":
        known = means[np.isfinite(means)]
        # A peak must not bleach the rest.
        reach = min(float(np.abs(known).max()), 3 * float(np.median(np.abs(known)))) if known.size else 1.0
        reach = max(reach, 1e-6)
        below = [[0.5 - 0.5 * at, ink] for at, ink in reversed(REMEMBERS)]
        above = [[0.5 + 0.5 * at, ink] for at, ink in OVER_FORGOT[1:]]
        return [*below, *above], -reach, reach
    return [[at, ink] for at, ink in REMEMBERS], 0.5 if measure == "membership_auc" else 0.0, 1.0


def _ticks(key: str, values: Sequence[float]) -> dict[str, object]:
    stride = max(1, math.ceil((len(values) - 1) / (MOST_TICKS - 1)))
    places = list(range(0, len(values), stride))
    return {"tickvals": places, "ticktext": [value_text(key, values[k]) for k in places], "tickangle": 0}


def edge(inside: NDArray[np.bool_]) -> tuple[list[float | None], list[float | None]]:
    """Return the line between the cells that are inside and those that are not, in cells; None lifts the pen."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    rows, columns = inside.shape
    for i in range(rows):
        for j in range(columns):
            if j + 1 < columns and inside[i, j] != inside[i, j + 1]:
                xs += [j + 0.5, j + 0.5, None]
                ys += [i - 0.5, i + 0.5, None]
            if i + 1 < rows and inside[i, j] != inside[i + 1, j]:
                xs += [j - 0.5, j + 0.5, None]
                ys += [i + 0.5, i + 0.5, None]
    return xs, ys


def _axis(key: str, values: Sequence[float], **more: object) -> dict[str, object]:
    return {
        "title": {"text": say(AXES[key].label)},
        "range": [-0.5, len(values) - 0.5],
        "showgrid": False,
        "zeroline": False,
        **_ticks(key, values),
        **more,
    }


def forget_map(
    sweep: Sweep,
    measure: str,
    cell: tuple[int, int],
    lines: Mapping[str, NDArray[np.bool_]],
    means_by_theory: Array,
    theme: Theme,
    told: bool = True,
) -> Figure:
    """Draw a measure's mean in every cell, theory's lines between cells, and the chosen cell.

    Shapes: those of `Sweep`; a cell not yet drawn has the colour of the mean theory foresees, where it does, else none.
    `lines` say of every cell, (rows, columns), whether theory has fine-tuning "moves" or "forgets" there, and whether a
    ratio of distances is "undefined": that cell has a cross and no colour.
    """
    grid, spec = sweep.grid, sweep.grid.setting.spec
    rows, columns = len(grid.ys), len(grid.xs)
    across, up = realised(spec, grid.x, grid.xs), realised(spec, grid.y, grid.ys)
    undefined = lines["undefined"] if measure == RATIO else np.zeros((rows, columns), dtype=bool)
    means = np.where(undefined, np.nan, sweep.mean(measure)) if told else np.full((rows, columns), np.nan)
    scale, low, high = _scale(measure, np.where(np.isnan(means), means_by_theory, means) if told else means)
    label = say(MEASURES[measure].label)
    traces: list[dict[str, object]] = [
        {
            "type": "heatmap",
            "z": means,
            "name": label,
            "meta": {"measure": measure, "up": grid.y, "rows": list(up), "columns": list(across)},
            "colorscale": scale,
            "zmin": low,
            "zmax": high,
            "xgap": 1,
            "ygap": 1,
            "hoverinfo": "skip",
            "showscale": told,
            "colorbar": {
                "title": {"text": label, "side": "right", "font": {"size": FONT_SIZE, "color": MUTED[theme]}},
                "thickness": 12,
                "outlinewidth": 0,
                "x": 1.01,
                "xpad": 4,
                "ypad": 0,
                "tickvals": [low, (low + high) / 2, high],
                "ticktext": [f"{v:.2g}" for v in (low, (low + high) / 2, high)],
            },
        }
    ]
    if told:
        waiting = np.isnan(means) & np.isfinite(means_by_theory)
        if waiting.any():
            traces.append(
                {
                    **{
                        key: traces[0][key]
                        for key in ("type", "colorscale", "zmin", "zmax", "xgap", "ygap", "hoverinfo")
                    },
                    "z": np.where(waiting, means_by_theory, np.nan),
                    "name": say("by theory"),
                    "meta": {"guide": True, "foreseen": True},
                    "showscale": False,
                }
            )
        if undefined.any():
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": np.argwhere(undefined)[:, 1],
                    "y": np.argwhere(undefined)[:, 0],
                    "name": say("undefined: pretrained is golden"),
                    "meta": {"guide": True, "undefined": True},
                    "marker": {"symbol": "x-thin", "size": 10, "line": {"color": MUTED[theme], "width": 2}},
                    "hoverinfo": "skip",
                }
            )
        looks = {
            "moves": (say("fine-tuning moves from here"), "dash", 2),
            "forgets": (say("ends at golden from here"), "solid", 4),
        }
        for kind, (name, dash, width) in looks.items():
            x, y = edge(lines[kind])
            if x:
                # A rim in the paper's colour keeps the line visible on every colour of the map.
                for ink, extra in ((PAPER[theme], 3), (INK[theme], 0)):
                    traces.append(
                        {
                            "type": "scatter",
                            "mode": "lines",
                            "x": x,
                            "y": y,
                            "name": name,
                            "meta": {"guide": True, "edge": kind, **({"rim": True} if extra else {})},
                            "line": {"color": ink, "width": width + extra, "dash": "solid" if extra else dash},
                            "hoverinfo": "skip",
                            "showlegend": not extra,
                        }
                    )
    counts, errors = sweep.counts, sweep.error(measure)

    def hover(i: int, j: int) -> str:
        place = f"{value_text(grid.x, across[j])} · {value_text(grid.y, up[i])}"
        if not told or not counts[i, j]:
            return place
        if undefined[i, j]:
            return say("{place}<br>undefined: pretrained is golden", place=place)
        error = "" if np.isnan(errors[i, j]) else f" ± {errors[i, j]:.2g}"
        return f"{place}<br>{label}: {means[i, j]:.3g}{error}"

    places = [(i, j) for i in range(rows) for j in range(columns)]
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": [j for _, j in places],
            "y": [i for i, _ in places],
            "text": [hover(i, j) for i, j in places],
            "name": say("cells"),
            "meta": {"guide": True, "cells": True},
            "marker": {"symbol": "square", "size": 24 if columns <= 11 else 14, "opacity": 0, "color": INK[theme]},
            "selected": {"marker": {"opacity": 0}},
            "unselected": {"marker": {"opacity": 0}},
            "hovertemplate": "%{text}<extra></extra>",
            "showlegend": False,
        }
    )
    i, j = cell
    for ink, width in ((PAPER[theme], 5), (INK[theme], 2)) if told else ():
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [j - 0.5, j + 0.5, j + 0.5, j - 0.5, j - 0.5],
                "y": [i - 0.5, i - 0.5, i + 0.5, i + 0.5, i - 0.5],
                "name": say("chosen cell"),
                "meta": {"guide": True, "chosen": True},
                "line": {"color": ink, "width": width},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )

    def between(count: int) -> dict[str, object]:
        # Cells without a colour are told apart by the lines between them.
        lines = {"tickvals": [k + 0.5 for k in range(count - 1)], "showgrid": True, "gridcolor": PAPER[theme]}
        return {} if told else {"minor": lines}

    waits = {**unknown(theme), "x": (columns - 1) / 2, "y": (rows - 1) / 2}
    return Figure(
        traces,
        {
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"l": 8, "r": 8, "t": 60, "b": 8},
            "xaxis": _axis(grid.x, across, **between(columns)),
            "yaxis": _axis(grid.y, up, **between(rows)),
            **({} if told else {"annotations": [waits], "plot_bgcolor": RULE[theme]}),
            "clickmode": "event+select",
        },
    )


def _row_places(grid: Grid, values: Sequence[float] | Array) -> Array:
    """Return where values of the axis stand: cells apart on a logarithmic axis with 0, else what they come to."""
    if AXES[grid.x].log:
        return np.arange(len(values), dtype=float)
    return np.array(realised(grid.setting.spec, grid.x, values), dtype=float)


def loss_profile(
    sweep: Sweep,
    i: int,
    j: int,
    at: Array,
    expected: Mapping[str, Array],
    labels: Mapping[str, str],
    theme: Theme,
    told: bool = True,
) -> Figure:
    """Draw the unlearning losses of golden and fine-tuned along row i: means with standard errors over theory.

    Shapes: `at` (k,) are values of the axis, `expected` theory's losses there, not a number where there is none.
    """
    grid = sweep.grid
    places, known = _row_places(grid, grid.xs), sweep.counts[i] > 0
    row = {key: sweep.mean(key)[i] for key in ("golden_loss", "tuned_loss")}
    shown = {"golden_loss": "golden", **({"tuned_loss": "fine_tune"} if told else {})}
    curves = {key: expected[key] for key in shown}
    seen = np.concatenate([*curves.values(), *(row[key][known] for key in shown)])
    seen = seen[np.isfinite(seen)]
    golden = np.concatenate([curves["golden_loss"], row["golden_loss"][known]])
    typical = float(np.median(golden[np.isfinite(golden)])) if np.isfinite(golden).any() else 1.0
    top = max(1.15 * min(float(seen.max(initial=0.0)), HEADROOM * typical), 1e-3)
    traces: list[dict[str, object]] = []
    for key, model in shown.items():
        ink = colour(model, theme)
        if np.isfinite(curves[key]).any():
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": _row_places(grid, at),
                    "y": curves[key],
                    "name": say("by theory"),
                    "showlegend": key == "golden_loss",
                    "meta": {"model": model, "theory": True},
                    "line": {"color": ink, "width": 2.5, "dash": "dot"},
                    "hovertemplate": say("theory: %{y:.3g}<extra></extra>"),
                }
            )
        means, errors = row[key][known], np.nan_to_num(sweep.error(key)[i][known])
        beyond = means > top
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": places[known],
                "y": np.minimum(means, 0.98 * top),
                "customdata": np.stack([places[known], means], axis=1).tolist(),
                "name": labels[model],
                "meta": {"model": model, "loss": key},
                "marker": {
                    "color": ink,
                    "size": 9,
                    "symbol": np.where(beyond, "triangle-up", MARKER[model]).tolist(),
                },
                "error_y": {"array": np.where(beyond, 0.0, errors), "thickness": 2, "color": ink},
                "cliponaxis": False,
                "hovertemplate": f"{labels[model]}: %{{customdata[1]:.3g}}<extra></extra>",
            }
        )
    shapes = [upright(places[j], MUTED[theme], dash="dot")]
    place = peak(grid, i)
    if place is not None and places[0] <= place <= places[-1]:
        shapes.append(
            {
                **shapes[0],
                "x0": place,
                "x1": place,
                "line": {"color": MUTED[theme], "width": 1.5},
                "name": say("rows = features they use"),
                "showlegend": True,
            }
        )
    span = places[-1] - places[0] or 1.0
    ticks = _ticks(grid.x, grid.xs)
    return Figure(
        traces,
        {
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"l": 8, "r": 16, "t": 60, "b": 8},
            "xaxis": {
                "title": {"text": say(AXES[grid.x].label)},
                "range": [places[0] - 0.04 * span, places[-1] + 0.04 * span],
                "zeroline": False,
                **(ticks if AXES[grid.x].log else {"tickformat": ".0%" if grid.x in ("overlap", "tune_share") else ""}),
            },
            "yaxis": {
                "title": {"text": say("unlearning loss UL")},
                "range": [-0.04 * top, 1.03 * top],
                "zeroline": True,
                "zerolinecolor": RULE[theme],
            },
            "shapes": shapes,
        },
    )


def _map(view: View) -> Picture:
    (grid, cell), measure = chosen(view), view["measure"]
    sweep, lines = known(grid), map_lines(grid)
    figure = forget_map(sweep, measure, cell, lines, foreseen(grid, measure), view.theme, view.told)
    alt = describe_map(sweep, measure, lines["undefined"], not view.told)
    return Picture(figure, alt, summary(sweep, measure, lines) if view.told else "")


def _profile(view: View) -> Picture:
    grid, (row, column) = chosen(view)
    sweep = known(grid)
    figure = loss_profile(sweep, row, column, *row_losses(grid, row), LABELS, view.theme, view.told)
    return Picture(figure, describe_profile(sweep, row, not view.told), profile(grid, row))


FIGURES = {
    "map": Drawing(draw=_map, name="Map", grows=True, height=HEIGHT),
    "profile": Drawing(draw=_profile, name="Profile", grows=True, height=HEIGHT),
}
