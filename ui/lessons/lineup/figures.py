"""The pictures of the page lineup: the board, UL beside distance, weights of one method, its U-curve, the suspects."""

import math
from collections.abc import Mapping

import numpy as np

from theory import METHODS, Standing, Suspects
from ui.figures.curves import LOWER, UPPER, Panel, axis_top, panels, stroke, upright
from ui.figures.figure import Figure
from ui.figures.style import DASH, MARKER, MUTED, PAPER, TEMPLATE, Theme, colour, halo, text_colour
from ui.figures.weights import weight_anatomy
from ui.language import say
from ui.language.words import is_zero
from ui.lessons.lineup.board import HEAD, ROW, apart, table
from ui.lessons.lineup.results import Chosen, Climb, board, chosen, climb, compared, lined_up, order
from ui.lessons.lineup.sentences import (
    ASKED,
    LABELS,
    boarded,
    climbed,
    describe_board,
    describe_climb,
    describe_places,
    describe_suspects,
    describe_weights,
    left_in,
    places_said,
    suspected,
    weight_labels,
)
from ui.lessons.lineup.text import NAMES, YARDSTICKS
from ui.plot.controls import CONTROLS
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View
from ui.server.results import problem_of

PLACES_HEIGHT, SUSPECTS_HEIGHT, PANEL = 470, 250, 84
# A model farther than this many times the start's distance is beyond the picture of places.
FARTHEST = 1.6
# Golden's loss is 1: a gap wider than this is beyond it, too.
WIDEST = 1.25
# What a letter takes of the picture's width, and a line of its height, in the units of the axes, on a narrow screen.
LETTER, LINE = 0.075, 0.09


def named(where: Mapping[str, tuple[float, float]], picked: str) -> dict[str, int]:
    """Return which marks have room for their name, and on which side: 1 right, -1 left.

    The chosen one first, then the yardsticks, then who is nearest to golden's loss; no name hides a mark or a name.
    """
    first = [key for key in (picked, *YARDSTICKS) if key in where]
    rest = sorted(where.keys() - first, key=lambda key: (abs(where[key][0]), key))
    taken: list[tuple[float, float, float]] = []
    sides: dict[str, int] = {}
    for key in (*first, *rest):
        x, y = where[key]
        length = LETTER * (len(LABELS[key]) + 2)
        for side in (1, -1):
            low, high = sorted((x + side * LETTER, x + side * length))
            crowd = [
                (low_, high_, y_) for low_, high_, y_ in taken if abs(y_ - y) < LINE and low_ < high and low < high_
            ]
            marks = [k for k, (x_, y_) in where.items() if k != key and abs(y_ - y) < LINE / 2 and low < x_ < high]
            if -WIDEST < low and high < WIDEST and not crowd and (not marks or key == picked):
                taken.append((low, high, y))
                sides[key] = side
                break
    return sides


def places(found: Mapping[str, Standing], picked: str, theme: Theme) -> Figure:
    """Draw every method by its UL gap and its distance to golden; the larger its mark, the larger RL.

    Shapes: one mark for each method that could take the rows.
    """
    shown = {key: s for key, s in {**compared(found), **{k: found[k] for k in YARDSTICKS}}.items()}
    keys = [*(k for k in shown if k != picked), *((picked,) if picked in shown else ())]  # the chosen one on top
    shares = [0.0 if math.isnan(shown[k].share) else shown[k].share for k in keys]
    gaps = [shown[k].gap for k in keys]

    def ink(key: str) -> str:
        return colour("remedy" if key == picked else key if key in YARDSTICKS else "retain", theme)

    where = {key: (gap, share) for key, gap, share in zip(keys, gaps, shares, strict=True)}
    where = {key: place for key, place in where.items() if abs(place[0]) <= WIDEST and place[1] <= FARTHEST}
    notes = [
        {
            "x": where[key][0],
            "y": where[key][1],
            "text": f"<b>{LABELS[key]}</b>" if key == picked else LABELS[key],
            "xanchor": "left" if side > 0 else "right",
            "xshift": 9 * side,
            "font": {
                "size": 12,
                "color": text_colour("remedy" if key == picked else key, theme),
                "shadow": halo(theme),
            },
        }
        for key, side in named(where, picked).items()
    ]
    return Figure(
        data=[
            {
                "type": "scatter",
                "mode": "markers",
                "x": gaps,
                "y": shares,
                "name": say("methods"),
                "meta": {"marks": keys, "names": [LABELS[key] for key in keys]},
                "marker": {
                    "symbol": [MARKER.get(key, "circle") for key in keys],
                    "size": [9 + 14 * math.sqrt(min(shown[k].missed, 1)) for k in keys],
                    "color": [ink(key) for key in keys],
                    "opacity": [1.0 if key in (picked, *YARDSTICKS) else 0.6 for key in keys],
                    "line": {"color": PAPER[theme], "width": 1},
                },
                "hovertext": [LABELS[key] for key in keys],
                "hovertemplate": "%{hovertext}<br>%{x:.2f}, %{y:.2f}<extra></extra>",
                "showlegend": False,
                "cliponaxis": True,
            }
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": PLACES_HEIGHT,
            "margin": {"t": 16, "b": 48, "l": 56, "r": 12},
            "annotations": notes,
            "shapes": [upright(0, MUTED[theme], dash="dot")],
            "xaxis": {
                "title": {"text": say("UL gap, in units of golden's UL")},
                "range": [-WIDEST, WIDEST],
                "zeroline": False,
            },
            "yaxis": {
                "title": {"text": say("away from golden; pretrained is at 1")},
                "range": [-0.08, FARTHEST],
            },
        },
    )


def u_curve(found: Climb, at: int, theme: Theme) -> Figure:
    """Draw gradient ascent against its steps: distance to golden (above), UL and golden's (below).

    Shapes: share and unlearning (k,), one for each step from 0 on.
    """
    x = np.arange(len(found.share), dtype=float)
    above, below = axis_top([found.share], [1.0]), axis_top([], [2 * found.golden])
    above = min(above, 2.0)

    def line(y: np.ndarray, role: str, name: str, axes: Mapping[str, object]) -> dict[str, object]:
        traced = stroke(x, y, name, colour(role, theme), dash=DASH[role])
        return {**traced, "meta": {"model": role}, "showlegend": axes is LOWER, **axes}

    return Figure(
        data=[
            line(found.share, "keep_overlap", LABELS["gradient_ascent"], UPPER),
            line(found.unlearning, "keep_overlap", say("Gradient ascent, UL"), LOWER),
            line(np.full(len(x), found.golden), "golden", say("Golden with the same ridge, UL"), LOWER),
        ],
        layout=panels(
            Panel(say("<b>Away</b>: 0 is golden, 1 as far as before"), 0.5, 1, (-0.05 * above, above), 4),
            Panel(say("<b>UL</b>: error on the rows to forget"), 0, 0.34, (-0.05 * below, below), 3),
            {"range": [-3, x[-1] + 3]},
            say("steps of gradient ascent"),
            at,
            theme,
        ),
    )


def suspects_bars(found: Suspects, measure: str, revealed: bool, theme: Theme) -> Figure:
    """Draw one measure of the three models as bars; who they are only once one was accused.

    Shapes: one bar for each model.
    """
    keys = list(found.weights)
    values = [found.reading(key, measure) for key in keys]
    labels = [
        f"<b>{NAMES[i]}</b>" + ("<br>" + LABELS[key].replace(" ", "<br>") if revealed else "")
        for i, key in enumerate(keys)
    ]
    inks = [colour("golden" if key == "golden" else "forget", theme) if revealed else MUTED[theme] for key in keys]
    return Figure(
        data=[
            {
                "type": "bar",
                "x": list(range(len(keys))),
                "y": values,
                "customdata": values,
                "width": 0.5,
                "marker": {"color": inks},
                "text": ["0" if is_zero(value) else f"{value:.3g}" for value in values],
                "textposition": "outside",
                "cliponaxis": False,
                "name": ASKED[measure],
                "hoverinfo": "skip",
                "showlegend": False,
                "meta": {"models": keys, "names": list(NAMES[: len(keys)]), "readings": [measure] * len(keys)},
            }
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": SUSPECTS_HEIGHT,
            "margin": {"t": 30, "b": 64, "l": 56, "r": 12},
            "xaxis": {
                "tickangle": 0,
                "tickvals": list(range(len(keys))),
                "ticktext": labels,
                "range": [-0.6, 2.6],
                "showgrid": False,
                "zeroline": False,
            },
            "yaxis": {
                "title": {"text": ASKED[measure]},
                "range": [0, 1.15 * max([*values, 1e-3])],
                "nticks": 4,
            },
        },
    )


def _board(view: View) -> Picture:
    found = board(view)
    keys = order(found, view["sort"], view["lacks"])
    shown = apart(found, keys, view["method"]) if view.lecture else keys
    figure = table(found, shown, view["method"], view.theme)
    return Picture(figure, describe_board(found, keys), boarded(found))


def _places(view: View) -> Picture:
    found, picked = board(view), view["method"]
    said = places_said(found, picked, WIDEST, FARTHEST)
    return Picture(places(found, picked, view.theme), describe_places(found), said)


def anatomy(found: Chosen, view: View) -> Figure:
    """Draw the weights of the chosen method's start, of where it ends, of its golden model and of what stays unseen."""
    drawn = {"start": found.start, "method": found.weights, "golden": found.golden, "unseen": found.unseen}
    return weight_anatomy(drawn, problem_of(view.data).blocks, weight_labels(view["method"]), view.theme, panel=PANEL)


def _weights(view: View) -> Picture:
    found = chosen(view)
    if found is None:
        none = {"visible": False}
        # As high as with weights: what stands below it does not jump.
        nothing = {"template": TEMPLATE[view.theme], "height": 4 * PANEL + 100, "xaxis": none, "yaxis": none}
        nothing["annotations"] = [{"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "text": say("no weights")}]
        alt = say(
            "No weights: “{name}” cannot take rows of {d:,} features.", name=LABELS[view["method"]], d=view.data.d
        )
        return Picture(Figure([], nothing), alt, left_in(view["method"], None))
    return Picture(anatomy(found, view), describe_weights(view["method"], found), left_in(view["method"], found))


def _climb(view: View) -> Picture:
    found, at = climb(view.data, view["board_ridge"]), view["gradient_ascent_steps"]
    return Picture(u_curve(found, at, view.theme), describe_climb(found, at), climbed(found, at))


def _suspects(view: View) -> Picture:
    found, accused = lined_up(view.data), view["accused"]
    measure = tuple(ASKED)[view["evidence"] or 0]
    return Picture(
        suspects_bars(found, measure, accused is not None, view.theme),
        describe_suspects(found, measure, accused is not None),
        suspected(found, measure, None if accused is None else NAMES[accused]),
    )


def _told(view: View) -> bool:
    return view.told


def _climbs(view: View) -> bool:
    return bool(view["method"] == "gradient_ascent")


# While the data are under the hand, methods of many steps wait until it rests.
DATA = tuple(c.key for c in CONTROLS)
FIGURES = {
    "board": Drawing(draw=_board, name="The board", height=HEAD + ROW * len(METHODS), drafts=DATA),
    "places": Drawing(draw=_places, name="UL beside distance", height=PLACES_HEIGHT, drafts=DATA),
    "weights": Drawing(draw=_weights, name="The method's weights", height=4 * PANEL + 100),
    "climb": Drawing(draw=_climb, name="Too many steps", shown=_climbs),
    "suspects": Drawing(draw=_suspects, name="Find the honest one", height=SUSPECTS_HEIGHT, shown=_told),
}
