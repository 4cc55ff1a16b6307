"""The pictures of the page relatives: rewards, the grid, the rounds of a federation, the risk of rows with gaps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from theory import Array
from theory.relatives import Bootstrapped, Demonstrations, Federation, Missing, Reach, imitated, rewarded
from theory.relatives.reach import GOAL, RECORDED, SIDE
from ui.figures.figure import Figure
from ui.figures.style import DIFFERENCE, INK, MUTED, ON_DIFFERENCE, RULE, TEMPLATE, Theme, colour
from ui.language import say
from ui.lessons.relatives import sentences
from ui.lessons.relatives.results import (
    SHARES,
    demonstrated,
    earnings,
    left,
    reward_curves,
    tried,
    walked,
    weighed,
)
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

HEIGHT = 420
REFERENCE = np.array([0.5, 0.3, 0.2])
ARROWS = ("↑", "→", "↓", "←")


def _layout(theme: Theme, x: str, y: str, **more: Any) -> dict[str, Any]:
    axis = {"fixedrange": True}
    return {
        "template": TEMPLATE[theme],
        "height": HEIGHT,
        "margin": {"t": 60},
        "hovermode": "x",
        "legend": {"itemclick": False, "itemdoubleclick": False},
        "xaxis": {**axis, "title": {"text": x}, "showgrid": False, **more.pop("xaxis", {})},
        "yaxis": {**axis, "title": {"text": y}, **more.pop("yaxis", {})},
        **more,
    }


def _line(x: Array, y: Array, name: str, ink: str, dash: str = "solid", **more: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "name": name,
        "line": {"color": ink, "width": 3, "dash": dash},
        "hovertemplate": f"{name}: %{{y:.3g}}<extra></extra>",
        **more,
    }


def _cursor(at: float, theme: Theme, text: str = "") -> dict[str, Any]:
    """Return the part of a layout that stands a line at `at`."""
    shape = {
        "type": "line",
        **{"x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1},
        "line": {"color": MUTED[theme], "width": 1},
        "layer": "below",
    }
    note = {"x": at, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "top", "showarrow": False, "text": text}
    return {"shapes": [shape], "annotations": [{**note, "font": {"color": MUTED[theme]}}] if text else []}


# Reward learning


def _rewards(view: View) -> Picture:
    spec = Demonstrations(bad=view["bad"], seed=view["draw"])
    found, curves, theme = demonstrated(spec), reward_curves(view["draw"]), view.theme
    x = 100 * np.array(SHARES)
    drawn = {
        ("best", "seen"): (say("best possible"), colour("golden", theme), "solid"),
        ("imitate_best", "seen"): (say("imitation, shown situations"), INK[theme], "solid"),
    }
    if view.told:
        drawn |= {
            ("reward_best", "seen"): (say("learned reward, shown"), colour("remedy", theme), "solid"),
            ("reward_best", "unseen"): (say("learned reward, never shown"), colour("remedy", theme), "dash"),
            ("imitate_best", "unseen"): (say("imitation, never shown"), colour("forget", theme), "dash"),
        }
    lines = {name: curves[key] for key, (name, _, _) in drawn.items()}
    now = {key: value for key, value in found.rewards.items() if key in drawn}
    figure = Figure(
        data=[
            *(_line(x, curves[key], name, ink, dash) for key, (name, ink, dash) in drawn.items()),
            {
                "type": "scatter",
                "mode": "markers",
                "x": [100 * view["bad"]] * len(now),
                "y": list(now.values()),
                "showlegend": False,
                "name": say("this draw"),
                "marker": {"size": 11, "color": [drawn[key][1] for key in now], "symbol": "diamond"},
                "hovertemplate": say("this draw: {y}<extra></extra>", y="%{y:.3g}"),
            },
        ],
        layout=_layout(
            theme,
            say("bad demonstrations"),
            say("mean true reward of a choice"),
            xaxis={"ticksuffix": " %", "range": [-2, 102]},
            yaxis={"range": [-0.4, 1.1 * float(curves["best", "seen"].max())]},
            **_cursor(100 * view["bad"], theme),
        ),
    )
    caption = f"{sentences.rewards(found, view['bad'])} {sentences.means()}" if view.told else ""
    return Picture(
        figure, sentences.describe(lines, x, say("Mean true reward against bad demonstrations in percent")), caption
    )


def _simplex(view: View) -> Picture:
    theme, policy = view.theme, rewarded(REFERENCE, view["strength"])
    policies = {
        say("before"): (REFERENCE, colour("pretrained", theme)),
        say("imitation"): (imitated(REFERENCE), INK[theme]),
        say("bounded reward"): (policy, colour("remedy", theme)),
    }
    names = [say("shown"), say("never shown, a"), say("never shown, b")]
    figure = Figure(
        data=[
            {
                "type": "bar",
                "x": names,
                "y": 100 * shares,
                "name": name,
                "marker": {"color": ink},
                "text": [f"{share:.0%}" if share > 0.005 or share == 0 else f"{share:.1%}" for share in shares],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": f"{name}: %{{y:.3g}} %<extra></extra>",
            }
            for name, (shares, ink) in policies.items()
        ],
        layout=_layout(
            theme,
            say("choice"),
            say("share of the policy"),
            yaxis={"range": [0, 112], "ticksuffix": " %"},
            barmode="group",
        ),
    )
    parts = [f"{name}: " + ", ".join(f"{share:.1%}" for share in shares) for name, (shares, _) in policies.items()]
    return Picture(figure, "; ".join(parts) + ".", sentences.simplex(REFERENCE, policy, view["strength"]))


# Edge of reach


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


def _grid(view: View) -> Picture:
    theme, spec = view.theme, Reach(steps=view["steps"], critics=view["critics"], seed=view["draw"])
    found = walked(spec)
    reached = found.updated | found.edge if view.told else found.updated & False
    shown = np.where(reached, found.value - found.true, np.nan)
    arrows = np.where(found.updated & view.told, np.array(ARROWS)[found.moves], "").astype(object)
    arrows[GOAL] = "★"
    inks = np.where(arrows == "★", colour("golden", theme), ON_DIFFERENCE)  # arrows stand on light cells in both themes
    plain = {"fixedrange": True, "showgrid": False, "zeroline": False, "dtick": 1}
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
            "xaxis": {
                **plain,
                "range": [-0.6, SIDE - 0.4],
                "title": {"text": say("recorded states are dotted, the edge is outlined, ★ is the reward")},
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


def _earned(view: View) -> Picture:
    theme, curves = view.theme, earnings(view["critics"], view["draw"])
    x, names = np.arange(1.0, 9.0), _names(view["critics"])
    inks = {"one": INK[theme], "several": colour("remedy", theme), "patched": colour("golden", theme)}
    lines = {name: curves[key] for key, name in names.items()}
    figure = Figure(
        data=[
            _line(x, curves[key], name, inks[key], mode="lines+markers", marker={"size": 8})
            for key, name in names.items()
        ],
        layout=_layout(
            theme,
            say("moves imagined k"),
            say("what the walker earns"),
            xaxis={"range": [0.8, 8.2], "dtick": 1},
            yaxis={"range": [-0.03, 0.9]},
            **_cursor(view["steps"], theme),
        ),
    )
    return Picture(
        figure,
        sentences.describe(lines, x, say("What the walker earns against the moves imagined")),
        sentences.earned(curves, view["steps"], view["critics"]),
    )


def _names(critics: int) -> dict[str, str]:
    several = {"several": say("the smallest of {count} critics", count=critics)} if critics > 1 else {}
    return {"patched": say("edge patched with true values"), **several, "one": say("one critic")}


# Federated learning


def _federation(view: View) -> Federation:
    return Federation(shared=view["common"], memory=view["memory"], rounds=view["rounds"], seed=view["draw"])


def _rounds(view: View) -> Picture:
    theme, found, count = view.theme, left(_federation(view)), view["rounds"]
    before, after = np.arange(count + 1.0), np.arange(count, 2 * count + 1.0)
    others = found.before[:, :-1].mean(axis=1)
    traces = [
        _line(before, others, say("the others' rows, mean"), colour("retain", theme), "dash"),
        _line(before, found.before[:, -1], say("rows of the client that leaves"), INK[theme]),
    ]
    lines = {say("rows of the client that leaves"): found.before[:, -1]}
    if view.told:
        traces += [
            _line(after, found.kept[:, -1], say("after it has left"), colour("forget", theme)),
            _line(after, found.cleaned[:, -1], say("projected first"), colour("golden", theme)),
        ]
        lines |= {say("after it has left"): found.kept[:, -1], say("projected first"): found.cleaned[:, -1]}
    top = float(max(found.before[0].max(), found.kept.max(), found.cleaned[:, -1].max()))
    figure = Figure(
        data=traces,
        layout=_layout(
            theme,
            say("rounds"),
            say("error on a client's rows"),
            xaxis={"range": [-0.02 * count, 2.02 * count]},
            yaxis={"range": [-0.04 * top, 1.08 * top]},
            **_cursor(count, theme, say("one client leaves")),
        ),
    )
    caption = sentences.rounds(found) if view.told else ""
    return Picture(figure, sentences.describe(lines, before, say("Error on a client's rows against rounds")), caption)


def _distance(view: View) -> Picture:
    theme, found = view.theme, left(_federation(view))
    x = np.arange(view["rounds"] + 1.0)
    lines = {say("trained on"): found.distance_kept, say("projected first"): found.distance_cleaned}
    inks = (colour("forget", theme), colour("golden", theme))
    top = float(max(found.distance_kept.max(), found.distance_cleaned.max()))
    figure = Figure(
        data=[_line(x, y, name, ink) for (name, y), ink in zip(lines.items(), inks, strict=True)],
        layout=_layout(
            theme,
            say("rounds after the client has left"),
            say("distance to golden"),
            yaxis={"range": [-0.04 * top, 1.1 * top]},
        ),
    )
    alt = sentences.describe(lines, x, say("Distance to golden against rounds"))
    return Picture(figure, alt, sentences.distance(found, view["memory"]))


# Missing entries


def _missing(view: View) -> Missing:
    return Missing(rows=view["gap_rows"], observed=view["observed"], seed=view["draw"])


def _risk(view: View) -> Picture:
    theme, spec = view.theme, _missing(view)
    found = weighed(spec)
    shown = slice(None) if view.told else slice(None, None, len(found.weights) - 1)
    name = say("excess risk on complete rows")
    data: list[Mapping[str, Any]] = [
        _line(
            found.weights[shown],
            found.risk[shown],
            name,
            INK[theme],
            mode="lines+markers" if view.told else "markers",
            error_y={"type": "data", "array": found.error[shown], "color": MUTED[theme]},
            marker={"size": 8},
        )
    ]
    high = float(np.log10(1.3 * (found.risk + found.error).max()))
    low = float(np.log10(0.7 * found.risk.min()))
    figure = Figure(
        data=data,
        layout=_layout(
            theme,
            say("how much a row with gaps counts"),
            say("{name}, log scale", name=name),
            xaxis={"range": [-0.03, 1.03]},
            yaxis={"type": "log", "range": [low, high], "dtick": "D2"},
        ),
    )
    caption = (sentences.complete() if spec.observed == 1 else sentences.risk(found)) if view.told else ""
    return Picture(
        figure,
        sentences.describe({name: found.risk[shown]}, found.weights[shown], say("Risk against the weight")),
        caption,
    )


def _bandit(view: View) -> Picture:
    theme, path = view.theme, tried(_missing(view))
    x, name = np.arange(float(len(path))), say("weight it settles on")
    figure = Figure(
        data=[_line(x, path, name, colour("remedy", theme))],
        layout=_layout(theme, say("pulls"), say("how much a row with gaps counts"), yaxis={"range": [-0.03, 1.03]}),
    )
    return Picture(
        figure, sentences.describe({name: path}, x, say("The bandit's weight against pulls")), sentences.bandit(path)
    )


def _of(part: str, draw: Any, name: str, keys: Sequence[str], *, waits: bool = False) -> Drawing:
    """Return a picture of one part, drawn anew for the controls `keys`; it may wait for the guess."""
    return Drawing(
        draw=draw,
        name=name,
        shown=lambda view: view["relative"] == part and (view.told or not waits),
        height=HEIGHT,
        follows=("relative", *keys, "draw"),
    )


FIGURES = {
    "rewards": _of("demonstrations", _rewards, "Rewards", ("bad",)),
    "simplex": _of("demonstrations", _simplex, "One situation", ("strength",), waits=True),
    "grid": _of("reach", _grid, "Grid", ("steps", "critics")),
    "earned": _of("reach", _earned, "What is earned", ("steps", "critics"), waits=True),
    "training": _of("federated", _rounds, "Rounds", ("memory", "common", "rounds")),
    "distance": _of("federated", _distance, "Distance to golden", ("memory", "common", "rounds"), waits=True),
    "risk": _of("missing", _risk, "Risk", ("gap_rows", "observed")),
    "bandit": _of("missing", _bandit, "Bandit", ("gap_rows", "observed"), waits=True),
}
