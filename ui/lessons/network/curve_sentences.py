"""What is said of the two curves: the weight of a push, and weight decay epoch by epoch."""

import math
from collections.abc import Mapping

import numpy as np

from theory.networks.pieces import ALPHAS, DECAY_EPOCHS, DECAYS, PUSHES, decayed, label, pushed
from ui.language import say
from ui.lessons.network.measures import BY_KEY
from ui.lessons.network.results import Results
from ui.lessons.network.sentences import ALIKE, mean, over, waiting

# What is left when the answers have changed: for memorised mistakes the attack says it.
TRACE: Mapping[str, str] = {"class": "gap_forget", "random": "gap_forget", "wrong": "attack_auc"}


def alpha(found: Results) -> str:
    """Return the caption of the alpha curve: where each push comes nearest, and where it ends."""
    parts = []
    for name, target in PUSHES:
        row = [pushed(found.asked.seed, name, target, alpha) for alpha in ALPHAS]
        there = found.even(*row)
        gaps = [mean(there, piece, "gap_forget") for piece in row]
        if any(map(math.isnan, gaps)):
            continue
        best = int(np.argmin(gaps))
        parts.append(
            say(
                "**{method}**: of the {count} weights tried, alpha {alpha:g} comes nearest, with a gap of {gap}; at "
                "{last:g} the gap is {last_gap}.",
                method=say(label(row[ALPHAS.index(0.1)])),
                count=len(ALPHAS),
                alpha=ALPHAS[best],
                gap=over(there, row[best], "gap_forget"),
                last=ALPHAS[-1],
                last_gap=over(there, row[-1], "gap_forget"),
            )
        )
    return " ".join(parts) or waiting()


def describe_alpha(found: Results) -> str:
    """Return the accessible name of the alpha curve."""
    text = say(
        "Two panels against alpha from {low:g} to {high:g}: the gap to golden, and the share of images to keep "
        "answered right.",
        low=ALPHAS[0],
        high=ALPHAS[-1],
    )
    return f"{text} {alpha(found)}"


def decay(found: Results) -> str:
    """Return the caption of the decay curve: when golden's UA is reached, and what trace is left."""
    golden = found.first("golden")
    trace = TRACE[found.asked.kind]
    column = BY_KEY[trace]
    parts = []
    for strength in DECAYS:
        piece = decayed(found.asked.seed, strength)
        path = found.path(piece.name, piece.given)
        if golden is None or DECAY_EPOCHS not in path:
            continue
        reached = [epoch for epoch in sorted(path) if abs(path[epoch].UA - golden.end.UA) <= ALIKE]
        end = path[DECAY_EPOCHS]
        values = {
            "decay": strength,
            "alike": ALIKE,
            "epochs": DECAY_EPOCHS,
            "name": say(column.short),
            "value": column.text(getattr(end, trace)),
            "right": BY_KEY["RA"].text(end.RA),
        }
        parts.append(
            say(
                "Weight decay {decay:g}: golden’s UA, within {alike:g} points, after {n} epoch; after {epochs} "
                "epochs, {name} {value}, and {right}% of the images to keep are answered right.",
                "Weight decay {decay:g}: golden’s UA, within {alike:g} points, after {n} epochs; after {epochs} "
                "epochs, {name} {value}, and {right}% of the images to keep are answered right.",
                n=reached[0],
                **values,
            )
            if reached
            else say(
                "Weight decay {decay:g}: golden’s UA, within {alike:g} points, at no epoch measured; after {epochs} "
                "epochs, UA {ua}%, {name} {value}, and {right}% of the images to keep are answered right.",
                ua=BY_KEY["UA"].text(end.UA),
                **values,
            )
        )
    return " ".join(parts) or waiting()


def describe_decay(found: Results) -> str:
    """Return the accessible name of the decay curve."""
    text = say("Two panels against up to 80 epochs of fine-tuning with weight decay.")
    return f"{text} {decay(found)}"
