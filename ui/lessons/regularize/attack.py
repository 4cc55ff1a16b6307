"""What an attacker sees of the models: how errors spread on the rows to forget, and how often a guess is right."""

from collections.abc import Mapping, Sequence

import numpy as np

from theory import Array, Metrics
from ui.figures.figure import Figure
from ui.figures.style import MUTED, PAPER, TEMPLATE, Theme, colour
from ui.language import say
from ui.language.words import in_turn, loss_text
from ui.lessons.regularize.sentences import LABELS, PUSHED

HEIGHT = 420
# Whose errors the attacker reads.
ATTACKED = ("pretrained", PUSHED, "golden")
# An odd number of bins, so that an error of exactly zero lies in the middle of one.
BINS = 25

_TITLE = {
    "xref": "paper",
    "yref": "paper",
    "x": 0,
    "xanchor": "left",
    "yanchor": "bottom",
    "align": "left",
}


def _ticks(most: float) -> list[float]:
    """Return zero and the largest round number up to `most`: a panel is as high as three lines of text."""
    power = 10.0 ** np.floor(np.log10(most))
    return [0.0, power * max(m for m in (1, 2, 5) if m * power <= most)]


def residual_lanes(
    residuals: Mapping[str, tuple[Array, Array]], names: Mapping[str, str], keys: Sequence[str], theme: Theme
) -> Figure:
    """Draw, model under model, how errors spread on the rows to forget (bars) and on fresh rows of their kind (line).

    The panels stand on one axis from 0 to 1, so that bars and outlines are one trace each for all models.
    Shapes: residuals by key, (n,) and (m,); names, what stands over each, by key. Heights are percent of the rows.
    """
    limit = 1.02 * max(1e-3, *(float(np.abs(r).max()) for k in keys for r in residuals[k]))
    edges = np.linspace(-limit, limit, BINS + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    gap = 0.1
    height = (1 - gap * (len(keys) - 1)) / len(keys)
    floors = [1 - i * (height + gap) - height for i in range(len(keys))]
    shares = {key: [100 * np.histogram(r, edges)[0] / len(r) for r in residuals[key]] for key in keys}
    most = {key: 1.1 * max(float(share.max()) for share in shares[key]) for key in keys}
    lanes = list(zip(keys, floors, strict=True))
    there = {"lanes": list(keys), "names": [LABELS[key] for key in keys]}
    bars = {
        "type": "bar",
        "x": np.tile(centres, len(keys)),
        "y": np.concatenate([height * shares[key][0] / most[key] for key in keys]),
        "base": np.repeat(floors, BINS),
        "customdata": np.concatenate([shares[key][0] for key in keys]),
        "name": say("Rows to forget"),
        "meta": {"rows": "forget", **there},
        "marker": {"color": colour("forget", theme), "line": {"width": 0}},
        "hovertemplate": say("error %{x:.2g}: %{customdata:.3g}% of the rows to forget<extra></extra>"),
    }
    outlines = {
        "type": "scatter",
        "mode": "lines",
        "x": np.tile(np.append(centres, np.nan), len(keys)),
        "y": np.concatenate([[*(floor + height * shares[key][1] / most[key]), np.nan] for key, floor in lanes]),
        "customdata": np.concatenate([[*shares[key][1], np.nan] for key in keys]),
        "name": say("Fresh rows of their kind"),
        "meta": {"rows": "fresh", **there},
        "line": {"color": MUTED[theme], "width": 2, "shape": "hvh"},
        "hovertemplate": say("error %{x:.2g}: %{customdata:.3g}% of the fresh rows<extra></extra>"),
    }
    marks = {floor + height * at / most[key]: f"{at:g}%" for key, floor in lanes for at in _ticks(most[key])}
    zero = {"type": "line", "layer": "between", "xref": "paper", "x0": 0, "x1": 1}
    return Figure(
        data=[bars, outlines],
        layout={
            "template": TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"t": 30},
            "bargap": 0,
            "barmode": "overlay",
            "annotations": [
                _TITLE | {"y": floor + height, "text": names[key], "bgcolor": PAPER[theme]} for key, floor in lanes
            ],
            "shapes": [
                {**zero, "y0": floor, "y1": floor, "line": {"color": MUTED[theme], "width": 1}} for floor in floors
            ],
            "legend": {"yref": "container", "y": 0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
            "xaxis": {
                "range": [-limit, limit],
                "nticks": 7,
                "ticklabelstandoff": 10,
                "title": {"text": say("error: prediction minus label")},
            },
            "yaxis": {
                "range": [0, 1],
                "tickvals": list(marks),
                "ticktext": list(marks.values()),
                "zeroline": False,
            },
        },
    )


def auc(record: Metrics) -> str:
    """Return how often the attacker is right, in percent."""
    return f"{100 * record.membership_auc:.3g}%"


def titles(records: Mapping[str, Metrics], rows: int) -> dict[str, str]:
    """Return what stands over every model's histogram: its name and how often the attacker is right, if that counts."""
    if rows == 1:
        return {key: f"<b>{LABELS[key]}</b>" for key in ATTACKED}
    return {
        key: say("<b>{model}</b>: attacker right in {auc}", model=LABELS[key], auc=auc(records[key]))
        for key in ATTACKED
    }


def attack(records: Mapping[str, Metrics], rows: int) -> str:
    """Return how well the attacker does on the pushed model, and what can be told from it; not from one row."""
    if rows == 1:
        return say("With one row to forget there is one such pair: too few to say how often the attacker is right.")
    r = records[PUSHED]
    low, high = (100 * (0.5 + side * r.membership_reach) for side in (-1, 1))
    found = {
        "too few rows": say("With so few rows even an attacker who is always right may be lucky: nothing can be told."),
        "not told apart": say("On the pushed model the attack cannot be told from blind guessing."),
        "given away": say("**The pushed model still gives the rows to forget away.**"),
        "standing out": say(
            "On the pushed model it is wrong more often than right: the rows to forget **stand out by errors that are "
            "too large**, and whoever turns the rule round finds them."
        ),
    }[r.attack]
    return in_turn(
        found,
        say(
            "The attacker is right in {auc} of pairs. Blind guessing, with as many rows, is right in {low:.3g} to "
            "{high:.3g}% of them, 19 times out of 20.",
            auc=auc(r),
            low=low,
            high=high,
        ),
    )


def describe_residuals(records: Mapping[str, Metrics], rows: int, keys: Sequence[str] = ATTACKED) -> str:
    """Return the histograms as a sentence: both mean squared errors and the AUC of every model."""
    return in_turn(
        say(
            "Histograms of the errors on the row to forget and on a fresh one.",
            "Histograms of the errors on {n:,} rows to forget and as many fresh ones.",
            n=rows,
        ),
        *(_described(LABELS[key], records[key], rows) for key in keys),
    )


def _described(model: str, record: Metrics, rows: int) -> str:
    squares = {"gone": loss_text(record.unlearning_loss), "fresh": loss_text(record.test_unlearning_loss)}
    if rows == 1:
        return say(
            "{model}: mean square {gone} on the row to forget, {fresh} on the fresh one.", model=model, **squares
        )
    return say(
        "{model}: mean square {gone} on the rows to forget, {fresh} on fresh ones; attack right in {auc}.",
        model=model,
        auc=auc(record),
        **squares,
    )
