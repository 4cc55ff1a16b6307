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
        gaps = [mean(found, piece, "gap_forget") for piece in row]
        if any(map(math.isnan, gaps)):
            continue
        best = int(np.argmin(gaps))
        parts.append(
            say(
                "{method}: nearest at alpha {alpha:g} (gap {gap}), {last_gap} at {last:g}.",
                method=say(label(row[ALPHAS.index(0.1)])),
                alpha=ALPHAS[best],
                gap=over(found, row[best], "gap_forget"),
                last=ALPHAS[-1],
                last_gap=over(found, row[-1], "gap_forget"),
            )
        )
    if not parts:
        return waiting()
    return say("**Of the {count} weights tried.**", count=len(ALPHAS)) + " " + " ".join(parts)


def describe_alpha(found: Results) -> str:
    """Return the accessible name of the alpha curve."""
    text = say(
        "Two panels against alpha from 0.003 to 3: the gap to golden, and the share of images to keep answered right."
    )
    return text + " " + alpha(found)


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
        reached = [epoch for epoch in sorted(path) if path[epoch].UA >= golden.end.UA - ALIKE]
        end = path[DECAY_EPOCHS]
        when = (
            say("golden’s UA, up to {alike:g} points, after {epochs} epochs", alike=ALIKE, epochs=reached[0])
            if reached
            else say("a UA of {ua} % after {epochs} epochs", ua=BY_KEY["UA"].text(end.UA), epochs=DECAY_EPOCHS)
        )
        parts.append(
            say(
                "Weight decay {decay:g}: {when}; after {epochs}: {name} {value}, {right} % right of those to keep.",
                decay=strength,
                when=when,
                epochs=DECAY_EPOCHS,
                name=say(column.short),
                value=column.text(getattr(end, trace)),
                right=BY_KEY["RA"].text(end.RA),
            )
        )
    return " ".join(parts) if parts else waiting()


def describe_decay(found: Results) -> str:
    """Return the accessible name of the decay curve."""
    text = say("Two panels against up to 80 epochs of fine-tuning with weight decay.")
    return text + " " + decay(found)
