"""The pictures of the part on a federation: errors against rounds, and the distance to golden."""

import numpy as np

from theory.relatives import Federation
from ui.figures.curves import stroke
from ui.figures.figure import Figure
from ui.figures.style import INK, MUTED, colour
from ui.language import say
from ui.lessons.relatives import sentences
from ui.lessons.relatives.lines import cursor, layout, waits
from ui.lessons.relatives.results import left
from ui.plot.picture import Picture
from ui.plot.view import View


def federation(view: View) -> Federation:
    """Return the federation of a View."""
    return Federation(shared=view["common"], memory=view["memory"], rounds=view["rounds"], seed=view["draw"])


def rounds(view: View) -> Picture:
    """Draw the error on a client's rows before and after it leaves."""
    theme, found, count = view.theme, left(federation(view)), view["rounds"]
    before, after = np.arange(count + 1.0), np.arange(count, 2 * count + 1.0)
    others = found.before[:, :-1].mean(axis=1)
    traces = [
        stroke(before, others, say("the others' rows, mean"), colour("retain", theme), dash="dash"),
        stroke(before, found.before[:, -1], say("rows of the client that leaves"), INK[theme]),
    ]
    lines = {say("rows of the client that leaves"): found.before[:, -1]}
    if view.told:
        traces += [
            stroke(after, found.kept[:, -1], say("after it has left"), colour("forget", theme)),
            stroke(after, found.cleaned[:, -1], say("projected first"), colour("golden", theme)),
        ]
        lines |= {say("after it has left"): found.kept[:, -1], say("projected first"): found.cleaned[:, -1]}
    top = float(max(found.before[0].max(), found.kept.max(), found.cleaned[:, -1].max()))
    figure = Figure(
        data=traces,
        layout=layout(
            theme,
            say("rounds"),
            say("error on a client's rows"),
            xaxis={"range": [-0.02 * count, 2.02 * count]},
            yaxis={"range": [-0.04 * top, 1.08 * top]},
            **cursor(count, theme, say("one client leaves"), waits(theme, view.told, 0.75, 0.5)),
        ),
    )
    caption = sentences.rounds(found) if view.told else ""
    return Picture(figure, sentences.describe(lines, before, say("Error on a client's rows against rounds")), caption)


def distance(view: View) -> Picture:
    """Draw the distance to golden after a client has left."""
    theme, found = view.theme, left(federation(view))
    x = np.arange(view["rounds"] + 1.0)
    limit = np.full(len(x), np.linalg.norm(found.limit - found.w_golden))
    lines = {
        say("trained further"): found.distance_kept,
        say("projected first"): found.distance_cleaned,
        say("where further training leads"): limit,
    }
    looks = ((colour("forget", theme), "solid"), (colour("golden", theme), "solid"), (MUTED[theme], "dot"))
    top = float(max(y.max() for y in lines.values()))
    figure = Figure(
        data=[stroke(x, y, name, ink, dash=dash) for (name, y), (ink, dash) in zip(lines.items(), looks, strict=True)],
        layout=layout(
            theme,
            say("rounds after the client has left"),
            say("distance to golden"),
            yaxis={"range": [-0.04 * top, 1.1 * top]},
        ),
    )
    alt = sentences.describe(lines, x, say("Distance to golden against rounds"))
    return Picture(figure, alt, sentences.distance(found, view["memory"]))
