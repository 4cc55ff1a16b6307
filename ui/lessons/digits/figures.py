"""The pictures of the page digits: images with answers, the table of methods, the phases, and what can be seen."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array
from theory.data import CLASS_METHODS, ClassMetrics, Phase, Sight
from ui.figures.board import AUC_WHOLE, Cell, board
from ui.figures.curves import LOWER, UPPER, Panel, panels, upright
from ui.figures.figure import Figure
from ui.figures.style import DASH, INK, MARKER, MUTED, PAPER, TEMPLATE, Theme, colour, text_colour, unknown
from ui.language import say
from ui.language.words import is_zero, number
from ui.lessons.digits.results import CAST, Models, all_phases, asked, models, phase_here, records, sight, split_of
from ui.lessons.digits.sentences import (
    LABELS,
    ROUNDED,
    answered,
    describe_answers,
    describe_phases,
    describe_scores,
    describe_sight,
    phase_of,
    scored,
    seen,
)
from ui.lessons.digits.text import COUNTS
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

# Numbers of features that stand on the axis of the phases.
TICKS = (100, 500, 900, 1000, 4000)
# Pixels on a side, and with the gap to the next image.
SIDE, PITCH = 8, 9
ANSWERS_HEIGHT, SIGHT_HEIGHT = 310, 360
# What the table has above and below its rows, and what each of them takes; what is kept free for all of them.
TABLE_EDGES, TABLE_ROW = 68, 33
TABLE_HEIGHT = TABLE_EDGES + TABLE_ROW * len(CLASS_METHODS)
# A difference from golden counts as whole at so many points.
POINTS_WHOLE = 100.0


def answers(found: Models, theme: Theme, hidden: frozenset[str] = frozenset()) -> Figure:
    """Draw forgotten images in a row, and below each the label of the training and what every model answers.

    Shapes: images (k, 64), answers (k,).
    """
    count = len(found.taught)
    pixels = np.full((SIDE, PITCH * count), np.nan)
    for k, image in enumerate(found.images):
        pixels[:, PITCH * k : PITCH * k + SIDE] = image.reshape(SIDE, SIDE)
    middles = PITCH * np.arange(count) + (SIDE - 1) / 2
    traces: list[dict[str, object]] = [
        {
            "type": "heatmap",
            "z": pixels,
            "x": np.arange(pixels.shape[1]),
            "y": np.arange(SIDE),
            "yaxis": "y2",
            "zmin": 0,
            "zmax": 1,
            "colorscale": [[0, PAPER[theme]], [1, INK[theme]]],
            "showscale": False,
            "hoverinfo": "skip",
            "name": say("images"),
            "meta": {"rows": list(range(SIDE)), "columns": list(range(pixels.shape[1])), "up": "pixel"},
        }
    ]
    lanes = [("taught", say("Was taught"), found.taught)]
    lanes += [(key, LABELS[key], found.said[key]) for key in CAST]
    notes = []
    for lane, (key, name, said) in enumerate(lanes):
        if key in hidden:
            notes.append(unknown(theme) | {"x": float(middles.mean()), "y": -lane, "font": {"size": 22}})
            continue
        same = said == found.taught
        inks = [INK[theme] if is_same else text_colour("golden", theme) for is_same in same]
        traces.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": middles,
                "y": [-lane] * count,
                "text": [f"{v}" if is_same else f"<b>{v}</b>" for v, is_same in zip(said, same, strict=True)],
                "textfont": {"size": 18, "color": inks},
                "name": name,
                "meta": {"model": key},
                "customdata": np.stack([np.arange(1, count + 1), said], axis=1),
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": ANSWERS_HEIGHT,
            "margin": {"t": 8, "b": 8, "l": 104, "r": 40},  # the camera stands beside the images
            "xaxis": {"visible": False, "range": [-1, PITCH * count], "constrain": "domain"},
            "yaxis": {
                "domain": [0, 0.74],
                "range": [-3.6, 0.6],
                "tickvals": [0, -1, -2, -3],
                "ticktext": [name for _, name, _ in lanes],
                "showgrid": False,
                "zeroline": False,
            },
            "yaxis2": {
                "domain": [0.78, 1],
                "range": [SIDE - 0.5, -0.5],
                "scaleanchor": "x",
                "constrain": "domain",
                "visible": False,
            },
            "annotations": notes,
        },
    )


def _cells(record: ClassMetrics, golden: ClassMetrics) -> list[Cell]:
    """Return the cells of a method."""

    def points(value: float, wanted: float, digits: int = 0) -> Cell:
        return Cell(value, f"{value:.{digits}f}", min(abs(value - wanted) / POINTS_WHOLE, 1.0))

    loss = abs(record.unlearning_loss - golden.unlearning_loss) / max(golden.unlearning_loss, 1e-12)
    auc = abs(record.attack_auc - golden.attack_auc) / AUC_WHOLE
    away = record.distance
    said = "-" if math.isnan(away) else number(away if away > ROUNDED else 0.0, 2)
    return [
        points(record.unlearning_accuracy, golden.unlearning_accuracy),
        points(record.remaining_accuracy, golden.remaining_accuracy),
        points(record.test_accuracy, golden.test_accuracy, 1),
        Cell(record.unlearning_loss, _short(record.unlearning_loss), min(loss, 1.0)),
        Cell(record.attack_auc, f"{record.attack_auc:.2f}", min(auc, 1.0)),
        Cell(away, said, away if math.isnan(away) else min(away, 1.0)),
    ]


def _short(loss: float) -> str:
    """Return a loss in the width of a cell on a phone."""
    if is_zero(loss):
        return "0"
    return "<0.01" if loss < 0.005 else f"{loss:.2f}"


def table(found: Mapping[str, ClassMetrics], theme: Theme, hidden: frozenset[str] = frozenset()) -> Figure:
    """Draw one row for each method, golden first: a cell has golden's colour where its number is golden's.

    Shapes: one cell for each method and measure.
    """
    order = ["golden", *(key for key in found if key != "golden" and key not in hidden)]
    rows = {key: _cells(found[key], found["golden"]) for key in order}
    ticks = [f"<b>{LABELS[key]}</b>" if key == "golden" else LABELS[key] for key in order]
    heads = [say("UA %"), say("RA %"), say("TA %"), say("UL"), say("Attack"), say("Away")]
    height = TABLE_EDGES + TABLE_ROW * len(order)
    return board(
        rows, LABELS, ticks, heads, heads, theme, size=14, height=height, margin={"t": 60, "b": 8, "l": 8, "r": 8}
    )


def _place(features: Array | float) -> Array:
    """Return where numbers of features stand on the slider: 0, 1, ... for those that it has."""
    return np.asarray(np.interp(np.asarray(features, dtype=np.float64), COUNTS, np.arange(len(COUNTS))))


def phase_diagram(
    found: Sequence[Phase], at: float, n_retain: int, n: int, theme: Theme, hidden: frozenset[str] = frozenset()
) -> Figure:
    """Draw how far fine-tuning stays from golden (above) and both models' UA (below) against the features.

    Shapes: one point for each number of features, spaced as on the slider, for all of the middle phase lies between 850
    and 1,000; lines where the images to keep, and all, are as many.
    """
    features = np.array([phase.features for phase in found], dtype=float)
    shown: list[tuple[str, str, list[float], Mapping[str, object]]] = []
    if "fine_tune" not in hidden:
        shown.append(
            ("fine_tune", say("Fine-tuned"), [phase.left if phase.left > ROUNDED else 0.0 for phase in found], UPPER)
        )
        shown.append(("fine_tune", say("Fine-tuned, UA"), [phase.tuned_accuracy for phase in found], LOWER))
    shown.append(("golden", say("Golden, UA"), [phase.golden_accuracy for phase in found], LOWER))
    traces: list[dict[str, object]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": _place(features),
            "y": y,
            "customdata": np.stack([features, y], axis=1),
            "name": name,
            "meta": {"model": key},
            "line": {"color": colour(key, theme), "width": 3, "dash": DASH[key]},
            "marker": {"symbol": MARKER[key], "size": 9, "color": colour(key, theme)},
            "hovertemplate": f"p = %{{customdata[0]:,}}<br>{name}: %{{y:.3g}}<extra></extra>",
            "showlegend": axes is LOWER,
            "cliponaxis": False,
            **axes,
        }
        for key, name, y, axes in shown
    ]
    layout = panels(
        Panel(say("<b>Away</b> from golden; pretrained is at 1"), 0.5, 1, (-0.08, 1.12), 3),
        Panel(say("<b>UA</b>: not answered as taught, %"), 0, 0.34, (-8, 108), 3),
        {
            "range": [-0.4, len(COUNTS) - 0.6],
            "tickvals": _place(np.array(TICKS)),
            "ticktext": [f"{count:,}" for count in TICKS],
            "showgrid": False,
            "zeroline": False,
        },
        say("features p (spaced as on the slider)"),
        float(_place(at)),
        theme,
    )
    layout["hovermode"] = "closest"
    low, high = float(_place(n_retain)), float(_place(n))
    layout["shapes"] = [
        *layout["shapes"],
        *(upright(place, MUTED[theme], 1.5, dash="dot") for place in (low, high)),
    ]
    words = {"yref": "paper", "y": 0.46, "font": {"size": 13, "color": MUTED[theme]}}
    layout["annotations"] = [
        *layout["annotations"],
        {**words, "x": low, "xanchor": "right", "xshift": -4, "text": say("{n:,} to keep", n=n_retain)},
        {**words, "x": high, "xanchor": "left", "xshift": 4, "text": say("{n:,} in all", n=n)},
    ]
    if "fine_tune" not in hidden:
        few = [phase for phase in found if phase.features <= n_retain]
        many = [phase for phase in found if phase.features >= n]
        inside = {**words, "yref": "y", "y": 0.5, "bgcolor": PAPER[theme]}  # the line of the setting ends at the words
        if few and all(phase.left <= ROUNDED for phase in few):
            layout["annotations"].append({**inside, "x": low / 2, "text": say("ends at<br>golden")})
        if many and all(phase.moved <= ROUNDED for phase in many):
            middle = (high + len(COUNTS) - 1) / 2
            layout["annotations"].append({**inside, "x": middle, "text": say("changes<br>nothing")})
    else:
        middle = (len(COUNTS) - 1) / 2
        layout["annotations"] += [
            unknown(theme) | {"x": middle, "y": y, "yref": axis} for y, axis in ((0.5, "y"), (50, "y2"))
        ]
    return Figure(data=traces, layout=layout)


def sights(found: Sight, theme: Theme) -> Figure:
    """Draw which share of every forgotten image, of every direction and of the model the images to keep can see.

    Shapes: inside (n_forget,), angles (k,), each in falling order over its own share of 0 to 100%.
    """
    directions_seen = 100 * np.cos(np.radians(found.angles)) ** 2
    rows_seen = 100 * np.sort(found.inside)[::-1]
    model = 100 * (1 - found.leftover**2)

    def curve(y: np.ndarray, name: str, role: str, dash: str) -> dict[str, object]:
        return {
            "type": "scatter",
            "mode": "lines",
            "x": np.linspace(0, 100, len(y)) if len(y) > 1 else np.array([0.0]),
            "y": y,
            "name": name,
            "meta": {"share": role},
            "line": {"color": colour(role, theme), "width": 3, "dash": dash},
            "hovertemplate": f"{name}: %{{y:.4g}}%<extra></extra>",
        }

    return Figure(
        data=[
            curve(rows_seen, say("Forgotten images"), "forget", "solid"),
            curve(directions_seen, say("Directions they span"), "overlap", "dash"),
            curve(np.array([model, model]), say("The pretrained model"), "ink", "dot"),
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": SIGHT_HEIGHT,
            "margin": {"t": 34, "b": 44},
            "hovermode": "x",
            "xaxis": {
                "title": {"text": say("images and directions, most visible first, %")},
                "range": [-1, 101],
            },
            "yaxis": {
                "title": {"text": say("seen of the squared length, %")},
                "range": [0, 104],
            },
        },
    )


def _answers(view: View) -> Picture:
    found = models(view)
    return Picture(
        answers(found, view.theme, view.hidden),
        describe_answers(found, view.told),
        answered(found, view["kind"], view.told),
    )


def _scores(view: View) -> Picture:
    found = records(view)
    if not view.told:  # the other methods would give the answer away
        found = {key: found[key] for key in ("pretrained", "golden")}
    return Picture(
        table(found, view.theme, view.hidden),
        describe_scores(found, view.hidden),
        scored(found) if view.told else "",
    )


def _phases(view: View) -> Picture:
    what = asked(view)
    # While another split is under the hand, the numbers at hand: those of this many features.
    found = (phase_here(view),) if view.moving else all_phases(view)
    here = next(phase for phase in found if phase.features == what.waves)
    parts = split_of(what)
    n_retain, n = len(parts.keep), len(parts.trained)
    return Picture(
        phase_diagram(found, what.waves, n_retain, n, view.theme, view.hidden),
        describe_phases(found, view.told),
        phase_of(here, n_retain, n) if view.told else "",
    )


def _sight(view: View) -> Picture:
    found = sight(asked(view))
    return Picture(sights(found, view.theme), describe_sight(found), seen(found))


DATA = ("kind", "digit", "split")
FIGURES = {
    "answers": Drawing(draw=_answers, name="Images and answers", height=ANSWERS_HEIGHT, follows=(*DATA, "waves")),
    "phases": Drawing(draw=_phases, name="Phases", follows=(*DATA, "waves"), drafts=("split",)),
    "scores": Drawing(draw=_scores, name="Every method", height=TABLE_HEIGHT),
    "sight": Drawing(draw=_sight, name="What can be seen", height=SIGHT_HEIGHT, follows=(*DATA, "waves")),
}
