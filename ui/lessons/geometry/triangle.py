"""The right triangle of 0, golden and the pretrained model, for any number of features, with fine-tuning in it."""

from collections.abc import Mapping

import numpy as np

from theory import Triangle
from ui.figures.figure import Figure
from ui.figures.style import COLOUR, INK, MUTED, Theme, colour
from ui.language import say
from ui.language.words import number
from ui.lessons.geometry.plane import (
    POINT,
    Trace,
    end_mark,
    line,
    model_mark,
    plane_layout,
    run_trace,
    scrubbed,
    start_mark,
    zero_mark,
)
from ui.lessons.geometry.sentences import is_flat, is_off, is_right

# Room around what is drawn, as shares of its size; to the right for the name of the fine-tuned model.
ROOM, RIGHT = 0.16, 0.42


def exact_triangle(
    found: Triangle, index: int, labels: Mapping[str, str], theme: Theme, hidden: frozenset[str] = frozenset()
) -> Figure:
    """Draw 0, w_g and w_o in their plane at true lengths, and fine-tuning from every start: one frame a start.

    Where w_o does not lie in the plane, its shadow is drawn, and the foot P_r w_o beside w_g.
    Shapes: index 0 to k - 1 of the k starts. Before the answer is told, the start stands alone.
    """
    told, flat, right = "fine_tune" not in hidden, is_flat(found), is_right(found)
    reach = max(found.starts)
    golden, top = np.array([found.golden, 0.0]), np.array([found.foot, found.leftover])
    corners = np.array([[0, 0], golden, reach * top, [found.golden, reach * found.leftover]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = float((high - low).max()) or 1.0
    shadow = say(" (shadow)") if is_off(found) else ""
    still: list[Trace] = []
    if not found.pinned:
        ends = np.array([[found.golden, -20 * size], [found.golden, 20 * size]])
        still.append(
            line(
                ends, say("Models that fit the rows to keep best"), colour("retain", theme), 2, meta={"fits": "retain"}
            )
        )
    still += [
        line(
            np.stack([np.zeros(2), top]),
            say(
                "{pretrained}: length {pretrained2}",
                pretrained=labels["pretrained"],
                pretrained2=number(found.pretrained),
            ),
            colour("pretrained", theme),
            3,
            meta={"side": "pretrained"},
        ),
        line(
            np.stack([np.zeros(2), golden]),
            say("{golden}: length {golden2}", golden=labels["golden"], golden2=number(found.golden)),
            COLOUR["golden"],
            5,
            meta={"side": "golden"},
        ),
    ]
    if not flat:
        foot = np.array([found.foot, 0.0])
        length = say("Leftover: length {leftover}", leftover=number(found.leftover))
        still.append(line(np.stack([foot, top]), length, COLOUR["forget"], 5, meta={"side": "leftover"}))
        mark = 0.045 * size * (1 if found.foot <= 0 else -1)
        square = np.array([[mark, 0], [mark, abs(mark)], [0, abs(mark)]]) + foot
        still.append(line(square, say("Right angle"), MUTED[theme], 1.5, showlegend=False, meta={"angle": 90}))
    if not right:
        seen = "<i>P<sub>r</sub>w<sub>o</sub></i>"
        still.append(
            model_mark(
                np.array([found.foot, 0.0]),
                seen,
                "ink",
                theme,
                name=say("Part of the pretrained model that the rows to keep see"),
                meta={"point": "foot"},
                marker={"symbol": "x-thin", "size": 11, "line": {"color": INK[theme], "width": 2}},
            )
        )
    still += [
        zero_mark(np.zeros(2), theme),
        model_mark(golden, POINT["golden"], "golden", theme),
        model_mark(top, POINT["pretrained"] + shadow, "pretrained", theme),
    ]
    moving = [start_mark(found.begins[index], theme)]
    if told:
        moving += [
            run_trace(found.begins[index], found.ends[index], theme),
            end_mark(found.ends[index], labels, theme),
        ]
    room = ROOM * size
    bottom, above = low - room, high + np.array([RIGHT * size, room])
    titles = (say("what the rows to keep ask for"), say("what only the rows to forget ask for"))
    begins, ends = found.begins.T, found.ends.T
    places = np.stack([begins, begins, (begins + ends) / 2, ends, ends], axis=2).swapaxes(0, 1)
    # What no name is to stand on: two sides, and the axis along the third.
    ways = (np.zeros(2), top), (golden, top), (bottom * [1, 0], above * [1, 0])
    sides = np.concatenate([np.linspace(begin, end, 20) for begin, end in ways])
    return scrubbed(
        still, moving, places[:, :, : 5 if told else 1], plane_layout(bottom, above, theme, titles), told, index, sides
    )
