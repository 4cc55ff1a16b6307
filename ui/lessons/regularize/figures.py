"""The pictures of a push on the rows to forget: errors and distance against its weight, and their trade-off."""

from collections.abc import Mapping

import numpy as np

from theory import Array, Metrics, TradeOff
from ui.figures.curves import LOWER, UPPER, Panel, panels
from ui.figures.figure import Figure
from ui.figures.style import MARKER, MUTED, PAPER, TEMPLATE, Theme, colour, faint, unknown
from ui.language import say
from ui.language.words import loss_text, number
from ui.lessons.regularize import attack
from ui.lessons.regularize.results import Pushed, met, push_curve, pushed
from ui.lessons.regularize.sentences import (
    KEYS,
    LABELS,
    PUSHED,
    describe_push,
    describe_trade_off,
    equal_error,
    push,
    push_texts,
)
from ui.lessons.regularize.text import ALPHAS
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View

HEIGHT, TRADE_HEIGHT = 440, 380
PUSHED_MARK = "triangle-up"
# The models marked on the trade-off.
MARKED = ("pretrained", "golden", "fine_tune")
# No push at all has a place of its own at the left end of the log axis, behind a dotted line.
NONE, BREAK, LEFT, RIGHT = 10**-3.6, 10**-3.3, 10**-3.75, 10**2.1
TICKS = {NONE: "0", 1e-3: "0.001", 1e-2: "0.01", 1e-1: "0.1", 1.0: "1<br>▲", 10.0: "10", 100.0: "100"}

_TITLE = {
    "xref": "paper",
    "yref": "paper",
    "x": 0,
    "xanchor": "left",
    "yanchor": "bottom",
    "align": "left",
}


def _place(alpha: float) -> float:
    """Return where a weight stands on the axis."""
    return alpha if alpha > 0 else NONE


def _curve(
    alphas: Array, y: Array, alpha: float, role: str, name: str, dash: str, mark: str, theme: Theme, **more: object
) -> list[dict[str, object]]:
    """Return one quantity against alpha: its line, and its marks without a push and, the last, at the current alpha."""
    meta = more.pop("meta")
    assert isinstance(meta, dict)
    ink, on = colour(role, theme), alphas > 0
    common = {
        "type": "scatter",
        "name": name,
        "cliponaxis": False,
        "hovertemplate": f"{name}: %{{y:.3g}}<extra></extra>",
    }
    parts: list[dict[str, object]] = [
        {
            "mode": "lines",
            "x": alphas[on],
            "y": y[on],
            "line": {"color": ink, "width": 3, "dash": dash},
            "meta": meta,
        },
        {
            "mode": "markers",
            "x": np.append(np.full(int((~on).sum()), NONE), _place(alpha)),
            "y": np.append(y[~on], y[alphas == alpha]),
            # Marks of several sizes are bubbles to Plotly, pale and with a rim, unless told otherwise.
            "marker": {
                "symbol": mark,
                "size": [8] * int((~on).sum()) + [14],
                "color": ink,
                "opacity": 1,
                "line": {"width": 0},
            },
            "meta": {**meta, "at": "no push, current alpha"},
            "showlegend": False,
        },
    ]
    parts[0]["showlegend"] = more.pop("showlegend", True)
    return [{**common, **part, **more} for part in parts]


def _level(value: float, role: str, name: str, width: float, theme: Theme, **more: object) -> dict[str, object]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [LEFT, RIGHT],
        "y": [value, value],
        "name": name,
        "line": {"color": colour(role, theme), "width": width},
        "hovertemplate": f"{name}: {loss_text(value)}<extra></extra>",
        **more,
    }


def push_picture(
    curve: TradeOff, records: Mapping[str, Metrics], alpha: float, theme: Theme, told: bool = True
) -> Figure:
    """Draw UL and RL (above) and the distance to golden (below) against alpha, the zone above golden's UL shaded.

    Shapes: one point per weight of the curve; alpha is one of them. Untold, the distance is a question mark.
    """
    golden, pretrained = records["golden"].unlearning_loss, records["pretrained"].distance
    top = 1.12 * max(float(curve.unlearning_loss.max()), float(curve.remaining_loss.max()), golden, 1e-3)
    far = 1.2 * max(float(curve.distance.max()), pretrained, 1e-3)
    ul, rl = ({"model": PUSHED, "loss": loss} for loss in ("unlearning_loss", "remaining_loss"))
    traces = [
        _level(
            golden, "golden", say("Golden's UL"), 5, theme, meta={"model": "golden", "loss": "unlearning_loss"}, **UPPER
        ),
        *_curve(
            curve.alphas,
            curve.remaining_loss,
            alpha,
            "retain",
            say("Remaining loss RL: rows to keep"),
            "dash",
            "circle",
            theme,
            meta=rl,
            **UPPER,
        ),
        *_curve(
            curve.alphas,
            curve.unlearning_loss,
            alpha,
            "forget",
            say("Unlearning loss UL: rows to forget"),
            "solid",
            PUSHED_MARK,
            theme,
            meta=ul,
            **UPPER,
        ),
    ]
    away, before = {"model": PUSHED, "distance": "distance"}, {"model": "pretrained", "distance": "distance"}
    traces.append(
        _level(pretrained, "pretrained", say("Pretrained's distance"), 5, theme, meta=before, showlegend=False, **LOWER)
    )
    if told:
        traces += _curve(
            curve.alphas,
            curve.distance,
            alpha,
            "remedy",
            say("Distance to golden"),
            "solid",
            PUSHED_MARK,
            theme,
            meta=away,
            **LOWER,
        )
    layout = panels(
        Panel(say("<b>Errors</b>; shaded: larger than golden's"), 0.48, 1, (-0.06 * top, top)),
        Panel(say("<b>Distance to golden</b>; grey: pretrained's"), 0, 0.35, (-0.1 * far, far), 4),
        {
            "type": "log",
            "range": [np.log10(LEFT), np.log10(RIGHT)],
            "tickvals": list(TICKS),
            "ticktext": list(TICKS.values()),
            "tickangle": 0,
        },
        say("weight of the push, alpha (dotted line: a gap)<br>▲ the paper's first version goes to 1, say reviews"),
        _place(alpha),
        theme,
    )
    zone = {"type": "rect", "x0": LEFT, "x1": RIGHT, "y0": golden, "y1": top, "line": {"width": 0}, "layer": "below"}
    dotted = {"line": {"color": MUTED[theme], "width": 1, "dash": "dot"}, "x0": BREAK, "x1": BREAK}
    layout["shapes"] += [zone | {"fillcolor": faint("forget", theme, 0.1)}, layout["shapes"][0] | dotted]
    if not told:
        middle = {"xref": "paper", "x": 0.5, "yref": "paper", "y": 0.17, "bgcolor": PAPER[theme]}
        layout["annotations"].append(unknown(theme) | middle)
    return Figure(data=traces, layout={**layout, "height": HEIGHT})


def _caption(curve: TradeOff, i: int) -> str:
    alpha = curve.alphas[i]
    at = say("no push") if alpha == 0 else say("alpha = <b>{alpha:g}</b>", alpha=alpha)
    return say(
        "{push}: RL <b>{remaining_loss}</b>, UL <b>{unlearning_loss}</b><br>distance to golden: <b>{distance}</b>",
        push=at,
        remaining_loss=loss_text(float(curve.remaining_loss[i]), short=True),
        unlearning_loss=loss_text(float(curve.unlearning_loss[i]), short=True),
        distance=number(float(curve.distance[i])),
    )


def push_trade_off(
    curve: TradeOff, records: Mapping[str, Metrics], alpha: float, labels: Mapping[str, str], theme: Theme
) -> Figure:
    """Draw UL against RL along the weights alpha, one frame a weight; golden, pretrained and fine-tuned as marks.

    Shapes: one point and one frame per weight of the curve; alpha is one of them.
    """
    keys = MARKED
    x, y = curve.remaining_loss, curve.unlearning_loss
    right = 1.12 * max(float(x.max()), *(records[k].remaining_loss for k in keys), 1e-3)
    top = 1.12 * max(float(y.max()), *(records[k].unlearning_loss for k in keys), 1e-3)
    now = int(np.flatnonzero(curve.alphas == alpha)[0])
    caption = _TITLE | {"y": 1.02, "font": {"size": 15}}
    ink = colour("remedy", theme)
    marks = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [records[k].remaining_loss],
            "y": [records[k].unlearning_loss],
            "name": labels[k],
            "meta": {"model": k},
            "cliponaxis": False,
            "marker": {
                "symbol": MARKER[k],
                "size": size,
                "color": colour(k, theme),
                "line": {"color": colour(k, theme), "width": 3 if k == "pretrained" else 0},
            },
            "hovertemplate": say("{labels}: RL %{{x:.3g}}, UL %{{y:.3g}}<extra></extra>", labels=labels[k]),
        }
        for k, size in zip(keys, (18, 14, 10), strict=True)
    ]
    return Figure(
        data=[
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": x,
                "y": y,
                "name": say("Every alpha"),
                "meta": {"model": PUSHED, "path": True},
                "line": {"color": ink, "width": 2},
                "marker": {"size": 5, "color": ink},
                "cliponaxis": False,
                "hoverinfo": "skip",
                "showlegend": False,
            },
            *marks,
            {
                "type": "scatter",
                "mode": "markers",
                "x": x[now : now + 1],
                "y": y[now : now + 1],
                "name": labels[PUSHED],
                "meta": {"model": PUSHED},
                "marker": {"symbol": PUSHED_MARK, "size": 17, "color": ink},
                "cliponaxis": False,
                "hovertemplate": say("RL %{x:.3g}, UL %{y:.3g}<extra></extra>"),
            },
        ],
        layout={
            "template": TEMPLATE[theme],
            "height": TRADE_HEIGHT,
            "margin": {"t": 112, "b": 50},
            "annotations": [{**caption, "text": _caption(curve, now)}],
            "legend": {"yref": "container", "y": 1, "yanchor": "top", "itemclick": False, "itemdoubleclick": False},
            "xaxis": {
                "title": {"text": say("remaining loss RL")},
                "range": [-0.04 * right, right],
                "nticks": 5,
            },
            "yaxis": {
                "title": {"text": say("unlearning loss UL")},
                "range": [-0.06 * top, top],
                "nticks": 5,
            },
        },
        frames=[
            {
                "name": f"{a:g}",
                "data": [{"x": x[i : i + 1], "y": y[i : i + 1]}],
                "traces": [1 + len(keys)],
                "layout": {"annotations": [{**caption, "text": _caption(curve, i)}]},
            }
            for i, a in enumerate(curve.alphas)
        ],
    )


def _models(view: View) -> Pushed:
    return pushed(view.data, KEYS, view["alpha"], view["target"], view["mu"])


def _push(view: View) -> Picture:
    spec, alpha, target, mu = view.data, view["alpha"], view["target"], view["mu"]
    curve, found = push_curve(spec, target, mu), _models(view)
    records = found.records
    figure = push_picture(curve, records, alpha, view.theme, view.told)
    caption = push(spec, alpha, curve, records, found.unshuffled) if view.told else ""
    return Picture(figure, describe_push(curve, alpha, records, view.told), caption)


def _trade(view: View) -> Picture:
    spec, alpha, target, mu = view.data, view["alpha"], view["target"], view["mu"]
    curve, records = push_curve(spec, target, mu), _models(view).records
    figure = push_trade_off(curve, records, alpha, LABELS, view.theme)
    caption = equal_error(met(spec, target, mu), curve, records["pretrained"])
    here = ALPHAS.index(alpha)
    return Picture(figure, describe_trade_off(curve, records, MARKED), caption, push_texts(curve), here)


def _errors(view: View) -> Picture:
    found, rows = _models(view), view.data.n_forget
    figure = attack.residual_lanes(found.residuals, attack.titles(found.records, rows), attack.ATTACKED, view.theme)
    return Picture(figure, attack.describe_residuals(found.records, rows), attack.attack(found.records, rows))


def _told(view: View) -> bool:
    return view.told


FIGURES = {
    "push": Drawing(draw=_push, name="Push", height=HEIGHT),
    "trade": Drawing(draw=_trade, name="Trade-off", scrub="alpha", shown=_told, height=TRADE_HEIGHT),
    "errors": Drawing(draw=_errors, name="Errors", shown=_told, height=attack.HEIGHT),
}
