"""The pictures of the page your_table: errors of the models, and what is left by column."""

from collections.abc import Mapping

from theory import Refusal
from ui.figures.figure import Figure
from ui.figures.models import LABELS
from ui.figures.style import INK, MUTED, TEMPLATE, Theme, colour, unknown
from ui.figures.weights import BLOCK_LABEL
from ui.language import say
from ui.lessons.your_table.results import CAST, Answer, answer
from ui.lessons.your_table.sentences import (
    caption,
    columns,
    describe,
    describe_columns,
    error_text,
    on_chart,
)
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

HEIGHT, LINE, EDGES = 340, 26, 164
# Room right of a bar for its number, as a share of the longest.
ROOM = 1.25


def _panel(
    found: Answer, values: Mapping[str, float], which: str, theme: Theme, hidden: frozenset[str]
) -> list[dict[str, object]]:
    shown = [key for key in CAST if key not in hidden]
    return [
        {
            "type": "bar",
            "orientation": "h",
            "x": [values[key] for key in shown],
            "y": [-CAST.index(key) for key in shown],
            "customdata": [[values[key], LABELS[key]] for key in shown],
            "name": which,
            "meta": {"panel": which},
            "width": 0.6,
            "marker": {"color": [colour(key, theme) for key in shown]},
            "text": [error_text(found, values[key]) for key in shown],
            "textposition": "outside",
            "textfont": {"color": INK[theme]},
            "cliponaxis": False,
            "showlegend": False,
            "hoverinfo": "skip",
        }
    ]


def errors(found: Answer, theme: Theme, hidden: frozenset[str] = frozenset()) -> Figure:
    """Draw the models' errors on the rows to forget and on the rows to keep as bars on one scale; unseen ones as "?".

    Shapes: one bar for each model and panel.
    """
    top = max(1e-12, *found.forget.values(), *found.keep.values()) * ROOM
    forget = _panel(found, found.forget, say("Rows to forget"), theme, hidden)
    keep = _panel(found, found.keep, say("Rows to keep"), theme, hidden)
    for trace in keep:
        trace |= {"xaxis": "x2", "yaxis": "y2"}
    axis = {"range": [0, top], "showgrid": False, "showticklabels": False, "zeroline": True}
    lanes = {"range": [-2.6, 0.6], "showgrid": False, "zeroline": False}
    heads = [
        {"text": f"<b>{text}</b>", "xref": "paper", "x": x, "yref": "paper", "y": 1, "xanchor": "left"}
        | {"yanchor": "bottom"}
        for text, x in ((say("Rows to forget"), 0), (say("Rows to keep"), 0.57))
    ]
    marks = [
        unknown(theme) | {"x": 0.06 * top, "y": -CAST.index(key), "xref": f"x{panel}", "yref": f"y{panel}"}
        for key in CAST
        if key in hidden
        for panel in ("", "2")
    ]
    unit = (
        say("answered wrong, %")
        if found.classes
        else say("typical error, in units of {target}", target=on_chart(found.target))
    )
    return Figure(
        data=[*forget, *keep],
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 40, "b": 50, "l": 96, "r": 16},
            "annotations": [*heads, *marks],
            "xaxis": {**axis, "domain": [0, 0.45], "title": {"text": unit}},
            "xaxis2": {**axis, "domain": [0.57, 1], "anchor": "y2"},
            "yaxis": {**lanes, "tickvals": [0, -1, -2], "ticktext": [LABELS[key] for key in CAST]},
            "yaxis2": {**lanes, "anchor": "x2", "showticklabels": False},
        },
    )


def left(found: Answer, theme: Theme) -> Figure:
    """Draw what is left in each column as a bar, longest first; columns of the rows to forget alone in their colour.

    Shapes: one bar for each column shown.
    """
    count = len(found.held)
    own = set(found.own)
    blocks = {
        block: [(-k, name, length) for k, (name, length) in enumerate(found.held) if (name in own) == alone]
        for block, alone in (("forget", True), ("overlap", False))
    }
    return Figure(
        data=[
            {
                "type": "bar",
                "orientation": "h",
                "x": [length for _, _, length in bars],
                "y": [place for place, _, _ in bars],
                "customdata": [[length, on_chart(name)] for _, name, length in bars],
                "name": BLOCK_LABEL[block],
                "meta": {"block": block},
                "width": 0.7,
                "marker": {"color": colour(block, theme)},
                "showlegend": bool(own),
                "hoverinfo": "skip",
            }
            for block, bars in blocks.items()
            if bars
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": LINE * count + EDGES,
            "margin": {"t": 44, "b": 80, "l": 220, "r": 16},
            "legend": {"x": 0, "xref": "container", "y": 1, "yref": "container", "yanchor": "top"}
            | {"itemclick": False, "itemdoubleclick": False},
            "xaxis": {
                "title": {"text": say("fine-tuned minus<br>golden, length")},
                "rangemode": "tozero",
                "nticks": 5,
            },
            "yaxis": {
                "range": [-count + 0.4, 0.6],
                "tickvals": [-k for k in range(count)],
                "ticktext": [on_chart(name) for name, _ in found.held],
                "tickfont": {"size": 13, "color": MUTED[theme]},
                "showgrid": False,
                "zeroline": False,
            },
        },
    )


def _errors(view: View) -> Picture:
    found = answer(view)
    figure = errors(found, view.theme, view.hidden)
    return Picture(figure, describe(found, view.told), caption(found) if view.told else "")


def _left(view: View) -> Picture:
    found = answer(view)
    return Picture(left(found, view.theme), describe_columns(found), columns(found))


def _has_columns(view: View) -> bool:
    try:
        return view.told and bool(answer(view).held)
    except Refusal:  # it is said in the pictures' place
        return False


FIGURES = {
    "errors": Drawing(draw=_errors, name="Errors", private=True, height=HEIGHT),
    "left": Drawing(draw=_left, name="Left by column", private=True, shown=_has_columns, height=12 * LINE + EDGES),
}
