"""The pictures of the page network: how it learns, what it answers, all methods on one board, and two curves."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from theory import Array
from theory.networks.pieces import ALPHAS, DECAY_EPOCHS, DECAYS, MARKS, PUSHES, Piece, decayed, entries, label, pushed
from theory.networks.training import ON, TRAINING
from ui.figures.figure import Figure
from ui.figures.style import (
    DASH,
    FONT_SIZE,
    INK,
    MARKER,
    PAPER,
    REMEMBERS,
    TEMPLATE,
    Theme,
    colour,
    unknown,
)
from ui.language import say
from ui.lessons.network import curve_sentences, sentences
from ui.lessons.network.measures import COLUMNS, Column
from ui.lessons.network.results import Results, so_far
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

TRAINING_HEIGHT, ANSWERS_HEIGHT, CURVES_HEIGHT = 340, 430, 460
ROW, HEAD = 24, 96
# The methods whose answers stand under the images, by key and choice.
ANSWERING: tuple[tuple[str, Any], ...] = (
    ("pretrained", ()),
    ("fine_tune", ()),
    ("golden", ()),
    ("golden_again", ()),
    ("fine_tune_decay", ()),
    ("ce_ft", (("target", "wrong"),)),
    ("ce_ft", (("target", "second"),)),
    ("kl_ft", (("target", "uniform"),)),
)
# So many images; each has a side of so many pixels.
IMAGES, SIDE = 8, 8
_ROLES = {"wrong": "forget", "second": "remedy", "uniform": "overlap"}


def _line(
    x: Sequence[float],
    y: Sequence[float] | Array,
    name: str,
    role: str,
    theme: Theme,
    meta: Mapping[str, Any],
    **more: Any,
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(x),
        "y": np.asarray(y, dtype=float),
        "name": name,
        "meta": dict(meta),
        "line": {"color": colour(role, theme), "width": 2.5, "dash": DASH.get(role, "solid")},
        "marker": {"color": colour(role, theme), "size": 7, "symbol": MARKER.get(role, "circle")},
        "connectgaps": True,
        "cliponaxis": False,
        **more,
    }


def _level(y: float, name: str, theme: Theme, shown: bool, **more: Any) -> dict[str, Any]:
    """Return a dashed line across a panel: golden's own value there."""
    ink = {"color": colour("golden", theme), "width": 2, "dash": "dash"}
    return {"type": "line", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": ink, "name": name, "showlegend": shown, **more}


def _axis(title: str, **more: Any) -> dict[str, Any]:
    return {"title": {"text": title}, "zeroline": False, "ticklabelstandoff": 6, **more}


def _at(path: Mapping[int, Any], epochs: Sequence[int], measure: str) -> Array:
    """Return a measure after these epochs; not a number where it is not there."""
    return np.array([getattr(path[e], measure) if e in path else np.nan for e in epochs])


def training(found: Results, theme: Theme, told: bool) -> Figure:
    """Draw the share of images to forget that are answered as labelled: while two networks learn, then fine-tuning."""
    traces = []
    for name in ("pretrained", "golden"):
        kept = 100 - _at(found.path(name), MARKS, "UA")
        traces.append(
            _line(MARKS, kept, say(sentences.NAMES[name]), name, theme, {"model": name}, hovertemplate=_HOVER)
        )
    if told:
        end, on = found.first("pretrained"), found.path("fine_tune")
        epochs = [0, *(e for e in MARKS if e <= ON.epochs)]
        kept = 100 - np.array([end.end.UA if end else np.nan, *_at(on, epochs[1:], "UA")])
        more = {"xaxis": "x2", "hovertemplate": _HOVER}
        traces.append(_line(epochs, kept, say("Fine-tuned"), "fine_tune", theme, {"model": "fine_tune"}, **more))
    else:  # keeps the panel of fine-tuning in its place
        empty = {"x": [0], "y": [None], "mode": "lines", "hoverinfo": "skip", "showlegend": False}
        traces.append({"type": "scatter", "xaxis": "x2", "meta": {"guide": True}, **empty})
    golden = found.first("golden")
    level = golden and _level(100 - golden.end.UA, "", theme, False, xref="x2 domain", yref="y")
    waits = {**unknown(theme), "x": 0.5, "xref": "x2 domain", "y": 50}
    return Figure(
        traces,
        {
            "template": TEMPLATE[theme],
            "height": TRAINING_HEIGHT,
            "margin": {"l": 8, "r": 16, "t": 40, "b": 8},
            "xaxis": _axis(say("epochs of training"), domain=[0, 0.6], range=[0, TRAINING.epochs + 2]),
            "xaxis2": _axis(say("epochs of fine-tuning"), domain=[0.66, 1], range=[-0.3, ON.epochs + 0.3], anchor="y"),
            "yaxis": _axis(
                say("images to forget<br>answered as labelled, %"), range=[-3, 103], tickvals=[0, 25, 50, 75, 100]
            ),
            "shapes": [level] if level else [],
            **({} if told else {"annotations": [waits]}),
        },
    )


_HOVER = "%{x}: %{y:.1f}%<extra>%{fullData.name}</extra>"


def _chosen(found: Results) -> Array:
    """Return the places of the images that are shown: among those to forget, evenly spread."""
    count = len(found.rows.y_f)
    return np.unique(np.linspace(0, count - 1, min(IMAGES, count)).round().astype(int))


def answers(found: Results, theme: Theme) -> Figure:
    """Draw some of the images to forget, and below each what every model answers."""
    places, rows = _chosen(found), found.rows
    wide = SIDE + 1
    mosaic = np.full((SIDE, wide * len(places)), np.nan)
    for k, place in enumerate(places):
        mosaic[:, k * wide : k * wide + SIDE] = rows.X_f[place].reshape(SIDE, SIDE)
    greys = [[0, PAPER[theme]], [1, INK[theme]]]
    pieces = [found.piece(name, given) for name, given in ANSWERING]
    golden = found.first("golden")
    z, text, hover = [], [], []
    for piece in pieces:
        made = found.found.get(piece)
        said = made.answers[places].argmax(axis=1) if made else None
        ideal = golden.answers[places].argmax(axis=1) if golden else None
        z.append([_standing(said, ideal, rows.y_f[places], k) for k in range(len(places))])
        text.append(["" if said is None else f"{said[k]}" for k in range(len(places))])
        hover.append(
            ["" if made is None else sentences.answer(made.answers[place], int(rows.y_f[place])) for place in places]
        )
    names = [say(label(piece)) for piece in pieces]
    low, high = REMEMBERS[0][1], REMEMBERS[3][1]
    return Figure(
        [
            {
                "type": "heatmap",
                "z": mosaic,
                "xaxis": "x2",
                "yaxis": "y2",
                "name": say("images"),
                "meta": {"guide": True},
                "colorscale": greys,
                "showscale": False,
                "hoverinfo": "skip",
            },
            {
                "type": "heatmap",
                "z": np.array(z, dtype=float),
                "x": list(range(len(places))),
                "y": names,
                "text": text,
                "texttemplate": "%{text}",
                "textfont": {"size": FONT_SIZE + 1},
                "hovertext": hover,
                "hovertemplate": "%{y}<br>%{hovertext}<extra></extra>",
                "customdata": [[float(t) if t else np.nan for t in line] for line in text],
                "name": say("answer"),
                "meta": {"up": "model", "rows": names, "columns": places.tolist()},
                "colorscale": [[0, low], [0.5, REMEMBERS[2][1]], [1, high]],
                "zmin": 0,
                "zmax": 1,
                "xgap": 2,
                "ygap": 2,
                "showscale": False,
            },
        ],
        {
            "template": TEMPLATE[theme],
            "height": ANSWERS_HEIGHT,
            "margin": {"l": 8, "r": 40, "t": 8, "b": 8},  # the camera stands beside the images
            "xaxis": _axis(
                say("label it was taught"),
                tickvals=list(range(len(places))),
                ticktext=[f"{k}" for k in rows.y_f[places]],
                showgrid=False,
            ),
            "yaxis": {"autorange": "reversed", "domain": [0, 0.72], "showgrid": False},
            "xaxis2": {"visible": False, "anchor": "y2", "range": [-1, wide * len(places) - 1]},
            "yaxis2": {
                "visible": False,
                "domain": [0.75, 1],
                "autorange": "reversed",
                "scaleanchor": "x2",
            },
        },
    )


def _standing(said: Any, ideal: Any, taught: Any, k: int) -> float:
    """Return 0 for golden's answer, 1 for the label to forget, between them for another; not a number for none."""
    if said is None or ideal is None:
        return np.nan
    return 0.0 if said[k] == ideal[k] else 1.0 if said[k] == taught[k] else 0.5


def board(found: Results, theme: Theme) -> Figure:
    """Draw every method's measures, coloured by their distance to golden's."""
    pieces = entries(found.asked.seed)
    names = [say(label(piece)) for piece in pieces]
    means = {piece: [_mean(found, piece, column) for column in COLUMNS] for piece in pieces}
    ideal = means[found.piece("golden")]
    z = [[_far(column, v, g) for column, v, g in zip(COLUMNS, means[piece], ideal, strict=True)] for piece in pieces]
    return Figure(
        [
            {
                "type": "heatmap",
                "z": np.array(z),
                "x": [say(column.short) for column in COLUMNS],
                "y": names,
                "text": [[_shown(c, v) for c, v in zip(COLUMNS, means[p], strict=True)] for p in pieces],
                "texttemplate": "%{text}",
                "textfont": {"size": 12},
                "hovertext": [[sentences.cell(found, piece, column) for column in COLUMNS] for piece in pieces],
                "hovertemplate": "%{y}<br>%{hovertext}<extra></extra>",
                "customdata": [means[piece] for piece in pieces],
                "name": say("measure"),
                "meta": {"up": "method", "rows": names, "columns": [column.key for column in COLUMNS]},
                "colorscale": [[at, ink] for at, ink in REMEMBERS],
                "zmin": 0,
                "zmax": 1,
                "xgap": 1,
                "ygap": 1,
                "showscale": False,
            }
        ],
        {
            "template": TEMPLATE[theme],
            "height": HEAD + ROW * len(names),
            "margin": {"l": 8, "r": 8, "t": 60, "b": 8},  # the camera stands above the names of the columns
            "xaxis": {"side": "top", "showgrid": False, "tickangle": 0, "tickfont": {"size": 12}},
            "yaxis": {"autorange": "reversed", "showgrid": False, "tickfont": {"size": 12}},
        },
    )


def _mean(found: Results, piece: Piece, column: Column) -> float:
    values = found.values(piece, column.key)
    return float(values.mean()) if len(values) else np.nan


def _shown(column: Column, value: float) -> str:
    return "" if np.isnan(value) else column.text(value)


def _far(column: Column, value: float, golden: float) -> float:
    """Return how far a value is from golden's, as a share of what counts as far."""
    if not column.far:  # no colour: the grey between
        return np.nan if np.isnan(value) else 0.5
    return min(abs(value - golden) / column.far, 1.0)


def _panels(top: str, low: str, x: dict[str, Any], theme: Theme, **more: Any) -> dict[str, Any]:
    return {
        "template": TEMPLATE[theme],
        "height": CURVES_HEIGHT,
        "margin": {"l": 8, "r": 16, "t": 64, "b": 8},
        "xaxis": {**x, "anchor": "y2"},
        "yaxis": _axis(top, domain=[0.42, 1], **more.pop("above", {})),
        "yaxis2": _axis(low, domain=[0, 0.34], **more.pop("below", {})),
        **more,
    }


def alpha_curve(found: Results, theme: Theme) -> Figure:
    """Draw the gap to golden, and what is still right on the images to keep, against the weight of the push."""
    traces = []
    for name, target in PUSHES:
        row = [pushed(found.asked.seed, name, target, alpha) for alpha in ALPHAS]
        for measure, axis in (("gap_forget", "y"), ("RA", "y2")):
            values = [found.values(piece, measure) for piece in row]
            y = [float(v.mean()) if len(v) else np.nan for v in values]
            title = say(label(row[ALPHAS.index(0.1)]))
            line = _line(ALPHAS, y, title, _ROLES[target], theme, {"target": target, "measure": measure}, yaxis=axis)
            line |= {"showlegend": axis == "y", "hovertemplate": "%{x}: %{y:.3g}<extra>%{fullData.name}</extra>"}
            traces.append(line)
    floor = found.values(found.piece("golden_again"), "gap_forget")
    name = say("two goldens apart")
    shapes = [_level(float(floor.mean()), name, theme, True, xref="paper", yref="y")] if len(floor) else []
    x = _axis(
        say("alpha, weight of the push"), type="log", tickvals=list(ALPHAS), ticktext=[f"{alpha:g}" for alpha in ALPHAS]
    )
    low = {"range": [-4, 104], "tickvals": [0, 50, 100]}
    return Figure(
        traces,
        _panels(
            say("gap to golden"),
            say("right, to keep, %"),
            x,
            theme,
            above={"range": [0, 1.02]},
            below=low,
            shapes=shapes,
        ),
    )


def decay_curve(found: Results, theme: Theme) -> Figure:
    """Draw what fine-tuning with weight decay forgets, epoch by epoch: the labels, and the trace that is left."""
    epochs = [e for e in MARKS if e <= DECAY_EPOCHS]
    last = curve_sentences.TRACE[found.asked.kind]
    traces = []
    for decay, role in zip(DECAYS, ("remedy", "overlap"), strict=True):
        piece = decayed(found.asked.seed, decay)
        path = found.path(piece.name, piece.given)
        for measure, axis in (("UA", "y"), (last, "y2")):
            name = say("weight decay {decay:g}", decay=decay)
            meta = {"decay": decay, "measure": measure}
            line = _line(epochs, _at(path, epochs, measure), name, role, theme, meta, yaxis=axis)
            line |= {"showlegend": axis == "y", "hovertemplate": "%{x}: %{y:.3g}<extra>%{fullData.name}</extra>"}
            traces.append(line)
    shapes = []
    if golden := found.first("golden"):
        shapes.append(_level(golden.end.UA, say("golden"), theme, True, xref="paper", yref="y"))
    level = found.values(found.piece("golden" if last == "attack_auc" else "golden_again"), last)
    if len(level):
        shapes.append(_level(float(level.mean()), "", theme, False, xref="paper", yref="y2"))
    titles = {"attack_auc": say("attack"), "gap_forget": say("gap to golden")}
    below = {"range": [0.4, 1.02] if last == "attack_auc" else [-0.14, 1.02]}
    x = _axis(say("epochs of fine-tuning"), range=[0, DECAY_EPOCHS + 2])
    above = {"range": [-3, 103], "tickvals": [0, 25, 50, 75, 100]}
    return Figure(
        traces, _panels(say("answered otherwise, %"), titles[last], x, theme, above=above, below=below, shapes=shapes)
    )


def _training(view: View) -> Picture:
    found = so_far(view)
    return Picture(
        training(found, view.theme, view.told),
        sentences.describe_training(found, view.told),
        sentences.training(found) if view.told else "",
    )


def _answers(view: View) -> Picture:
    found = so_far(view)
    return Picture(answers(found, view.theme), sentences.describe_answers(found), sentences.answers(found))


def _board(view: View) -> Picture:
    found = so_far(view)
    return Picture(board(found, view.theme), sentences.describe_board(found), sentences.board(found))


def _alpha(view: View) -> Picture:
    found = so_far(view)
    return Picture(alpha_curve(found, view.theme), curve_sentences.describe_alpha(found), curve_sentences.alpha(found))


def _decay(view: View) -> Picture:
    found = so_far(view)
    return Picture(decay_curve(found, view.theme), curve_sentences.describe_decay(found), curve_sentences.decay(found))


def _told(view: View) -> bool:
    return view.told


FIGURES = {
    "training": Drawing(draw=_training, name="Training", grows=True, height=TRAINING_HEIGHT),
    "answers": Drawing(draw=_answers, name="Answers", grows=True, height=ANSWERS_HEIGHT, shown=_told),
    "board": Drawing(draw=_board, name="All methods", grows=True, height=HEAD + ROW * 21, shown=_told),
    "alpha": Drawing(draw=_alpha, name="Weight of the push", grows=True, height=CURVES_HEIGHT, shown=_told),
    "decay": Drawing(draw=_decay, name="Weight decay", grows=True, height=CURVES_HEIGHT, shown=_told),
}
