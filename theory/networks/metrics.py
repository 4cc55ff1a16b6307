"""What is measured of a network that should have forgotten, beside golden."""

from dataclasses import dataclass, fields

import numpy as np

from theory.attack import membership_auc
from theory.linalg import Array
from theory.networks.network import Floats, Network, cross_entropy, softmax
from theory.networks.rows import Forgetting, Labels


@dataclass(frozen=True, kw_only=True)
class NetworkMetrics:
    """What one network does on the rows to forget, on those to keep, and on rows it never saw.

    Definition: see the attributes; shares in percent, labels as trained on, test rows with their true labels.
    Shapes: one number each.
    Errors: none.
    Source: UA, RA, TA and MIA-efficacy as experiments on unlearning report them; the gaps to golden: derived here.

    Attributes
    ----------
    UA, RA, TA : forget rows answered otherwise than labelled; retain rows, and test rows, answered right.
    UL : mean cross-entropy on the forget rows.
    attack_auc : chance that a forget row has a smaller loss than a stranger; 0.5 is no trace, above and below it are.
    mia_efficacy : forget rows that the threshold on the loss which best separates retain from test rows calls unseen.
    gap_forget, gap_test : mean total variation between the network's answers and golden's.
    agree : forget rows whose most probable class is golden's.
    seconds : processor time it took to make it, the pretrained network being there.
    """

    UA: float
    RA: float
    TA: float
    UL: float
    attack_auc: float
    mia_efficacy: float
    gap_forget: float
    gap_test: float
    agree: float
    seconds: float = 0.0


# What is compared with golden's own value, each with its unit: percent, or a share from 0 to 1.
MEASURED = tuple(field.name for field in fields(NetworkMetrics))


def called_unseen(retain: Array, test: Array, forget: Array) -> float:
    """Return the percentage of forget losses beyond the threshold that best separates retain from test losses.

    Definition: the threshold maximises (share of retain at or below it) + (share of test above it); the smallest such.
    Shapes: (n_r,), (n_t,), (n_f,) losses.
    Errors: none.
    Source: standard: the membership attack that experiments on unlearning report as MIA-efficacy.
    """
    at = np.unique(np.concatenate([retain, test]))
    inside = np.searchsorted(np.sort(retain), at, side="right")
    outside = len(test) - np.searchsorted(np.sort(test), at, side="right")
    threshold = at[np.argmax(inside * len(test) + outside * len(retain))]  # whole numbers: ties are ties
    return 100.0 * float(np.mean(forget > threshold))


def total_variation(p: Floats, q: Floats) -> float:
    """Return the mean over rows of half the sum of differences between two answers, (n, classes) each."""
    return float(np.abs(p.astype(np.float64) - q).sum(axis=1).mean() / 2)


def _right(answers: Floats, labels: Labels) -> float:
    return 100.0 * float(np.mean(answers.argmax(axis=1) == labels))


def measure_network(
    rows: Forgetting, weights: Floats, golden: Floats | None = None, seconds: float = 0.0
) -> NetworkMetrics:
    """Measure a network beside golden.

    Definition: `NetworkMetrics`; without golden the gaps and the agreement are not a number.
    Shapes: weights, golden (count,).
    Errors: Refusal for a vector of another length.
    Source: `NetworkMetrics`.
    """
    network = Network(rows.shape, weights)
    logits = {part: network.logits(getattr(rows, f"X_{part}")) for part in "rfts"}
    losses = {part: cross_entropy(logits[part], getattr(rows, f"y_{part}")) for part in "rfts"}
    beside = (np.nan, np.nan, np.nan)
    if golden is not None:
        ideal = Network(rows.shape, golden)
        beside = (
            total_variation(softmax(logits["f"]), ideal.probabilities(rows.X_f)),
            total_variation(softmax(logits["t"]), ideal.probabilities(rows.X_t)),
            _right(logits["f"], ideal.logits(rows.X_f).argmax(axis=1)),
        )
    return NetworkMetrics(
        UA=100.0 - _right(logits["f"], rows.y_f),
        RA=_right(logits["r"], rows.y_r),
        TA=_right(logits["t"], rows.y_t),
        UL=float(losses["f"].mean()),
        attack_auc=membership_auc(losses["f"], losses["s"]),
        mia_efficacy=called_unseen(losses["r"], losses["t"], losses["f"]),
        gap_forget=beside[0],
        gap_test=beside[1],
        agree=beside[2],
        seconds=seconds,
    )
