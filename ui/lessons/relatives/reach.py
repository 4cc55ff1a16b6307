"""The pictures of the part on the edge of reach: the grid, what is earned, and a value that grows without end."""

from typing import Any

import numpy as np

from theory.relatives import Bootstrapped, Reach, doubled, tabled
from theory.relatives.reach import GOAL, RECORDED, SIDE
from ui.figures.curves import stroke
from ui.figures.figure import Figure
from ui.figures.style import DIFFERENCE, INK, ON_DIFFERENCE, RULE, TEMPLATE, Theme, colour
from ui.language import say
from ui.lessons.relatives import sentences
from ui.lessons.relatives.lines import HEIGHT, cursor, layout, ticks, waits
from ui.lessons.relatives.results import earnings, walked, walks
from ui.plot.picture import Picture
from ui.plot.view import View

ARROWS = ("↑", "→", "↓", "←")
# The picture of a value that grows: how far one update goes, and how many there are.
RATE, UPDATES = 0.1, 100


def walk(view: View) -> Reach:
    """Return the walks of a View."""
    return Reach(steps=view["steps"], critics=view["critics"], discount=view["discount"], seed=view["draw"])


def _outline(found: Bootstrapped, theme: Theme) -> list[dict[str, Any]]:
    """Return the ground, a frame around every edge state, and one around the recorded ones."""
    world = {"x0": -0.5, "x1": SIDE - 0.5, "y0": -0.5, "y1": SIDE - 0.5}
    frames = [
        {"type": "rect", **world, "fillcolor": RULE[theme], "line": {"width": 0}, "layer": "below", "opacity": 0.5}
    ]
    frames += [
        {
            "type": "rect",
            **{"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5},
            "line": {"color": colour("forget", theme), "width": 3},
        }
        for row, column in np.argwhere(found.edge).tolist()
    ]
    recorded = {"x0": -0.5, "x1": RECORDED - 0.5, "y0": -0.5, "y1": SIDE - 0.5}
    return [*frames, {"type": "rect", **recorded, "line": {"color": INK[theme], "width": 2, "dash": "dot"}}]


def grid(view: View) -> Picture:
    """Draw how far every value is from the best possible, and where the policy goes."""
    theme, found = view.theme, walked(walk(view))
    reached = found.updated | found.edge if view.told else found.updated & False
    shown = np.where(reached, found.value - found.true, np.nan)
    arrows = np.where(found.updated & view.told, np.array(ARROWS)[found.moves], "").astype(object)
    arrows[GOAL] = "★"
    inks = np.where(arrows == "★", colour("golden", theme), ON_DIFFERENCE)  # arrows stand on light cells in both themes
    plain = {"showgrid": False, "zeroline": False, "dtick": 1}
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    figure = Figure(
        data=[
            {
                "type": "heatmap",
                "z": shown,
                "zmin": -1.5,
                "zmax": 1.5,
                "colorscale": DIFFERENCE,
                "name": say("value minus the best possible"),
                "meta": {"rows": list(range(SIDE)), "columns": list(range(SIDE)), "up": "row"},
                "colorbar": {
                    "title": {"text": say("value too high (+)<br>or too low (−)"), "font": {"size": 13}},
                    "thickness": 12,
                },
                "hovertemplate": say("row {y}, column {x}: {z}<extra></extra>", y="%{y}", x="%{x}", z="%{z:.3g}"),
                "xgap": 2,
                "ygap": 2,
            },
            {
                "type": "scatter",
                "mode": "text",
                "meta": {"guide": True},
                "x": columns,
                "y": rows,
                "text": arrows.ravel().tolist(),
                "textfont": {"size": 16, "color": inks.ravel().tolist()},
                "hoverinfo": "skip",
                "showlegend": False,
            },
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 16},
            "shapes": _outline(found, theme),
            "annotations": waits(theme, view.told, 0.5, 0.5),
            "xaxis": {
                **plain,
                "range": [-0.6, SIDE - 0.4],
                "title": {"text": say("recorded states are dotted,<br>the edge is outlined, ★ is the reward")},
            },
            "yaxis": {**plain, "range": [SIDE - 0.4, -0.6]},
        },
    )
    alt = say(
        "A grid of 9 by 9 states: {updated} updated, {edge} at the edge.",
        updated=int(found.updated.sum()),
        edge=int(found.edge.sum()),
    )
    caption = sentences.grid(found, view["steps"], view["critics"]) if view.told else ""
    return Picture(figure, f"{alt} {caption}".strip(), caption)


def earned(view: View) -> Picture:
    """Draw what the walker earns against the length of the walks."""
    theme, spec = view.theme, walk(view)
    curves = earnings(spec)
    x, names = np.arange(1.0, 9.0), _names(view["critics"])
    inks = {"one": INK[theme], "several": colour("remedy", theme), "patched": colour("golden", theme)}
    lines = {name: curves[key] for key, name in names.items()}
    top = float(max(y.max() for y in curves.values()))
    figure = Figure(
        data=[
            stroke(x, curves[key], name, inks[key], mode="lines+markers", marker={"size": 8})
            for key, name in names.items()
        ],
        layout=layout(
            theme,
            say("moves imagined k"),
            say("what the walker earns"),
            xaxis={"range": [0.8, 8.2], "dtick": 1},
            yaxis={"range": [-0.04 * top, 1.1 * top]},
            **cursor(view["steps"], theme),
        ),
    )
    return Picture(
        figure,
        sentences.describe(lines, x, say("What the walker earns against the moves imagined")),
        f"{sentences.earned(curves, spec.steps, spec.critics)} {sentences.walks(*walks(spec))}",
    )


def _names(critics: int) -> dict[str, str]:
    several = {"several": say("the smallest of {count} critics", count=critics)} if critics > 1 else {}
    return {"patched": say("edge patched with true values"), **several, "one": say("one critic")}


def growth(view: View) -> Picture:
    """Draw a value that is read through a shared weight, update by update, beside one in a table."""
    theme, discount = view.theme, view["discount"]
    x = np.arange(UPDATES + 1.0)
    shared, table = doubled(RATE, discount, UPDATES), tabled(RATE, discount, UPDATES)
    lines = {say("one weight for both states"): shared, say("a table: a value for each"): table}
    inks = (colour("forget", theme), INK[theme])
    both = np.concatenate([shared, table])
    low, high = float(np.log10(both.min())), float(np.log10(both.max()))
    room = 0.08 * (high - low) + 0.05
    figure = Figure(
        data=[stroke(x, y, name, ink) for (name, y), ink in zip(lines.items(), inks, strict=True)],
        layout=layout(
            theme,
            say("updates"),
            say("value of the updated state, log scale"),
            yaxis=ticks(low - room, high + room),
        ),
    )
    alt = sentences.describe(lines, x, say("Value of an updated state against updates"))
    return Picture(figure, alt, sentences.growth(shared, table, discount))
