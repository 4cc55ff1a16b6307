"""The membership attack: how often it is right, how far blind guessing reaches, and what can be told from it."""

import math
from functools import lru_cache
from typing import Literal

import numpy as np

from theory.linalg import Array
from theory.sameness import SAME

# Blind guessing is called so unless it would reach as far as the attack in fewer cases than this share.
LEVEL = 0.05
# Up to so many pairs of rows the chances are counted exactly; beyond, they are those of the normal distribution.
COUNTED = 2500
# So many standard deviations leave `LEVEL` outside.
_DEVIATIONS = 1.959963984540054

AttackVerdict = Literal["too few rows", "not told apart", "given away", "standing out"]


def sizes(residuals: Array, resolution: float) -> Array:
    """Return how large residuals are, those up to `resolution` being zero."""
    found = np.abs(residuals)
    return np.where(found <= resolution, 0.0, found)


def membership_auc(members: Array, strangers: Array, resolution: float = 0.0) -> float:
    """Return the area under the ROC curve of the attack "a small squared residual means: was trained on".

    Definition: P(|member| < |stranger|) + P(equal) / 2 over all pairs; magnitudes up to `resolution` count as equal.
    Shapes: members (n,), strangers (m,) residuals -> one number in [0, 1].
    Errors: none.
    Source: theory section 1 (Mann-Whitney form of the AUC).
    """
    inside, ordered = sizes(members, resolution), np.sort(sizes(strangers, resolution))
    smaller_or_equal = ordered.searchsorted(inside, side="right")
    smaller = ordered.searchsorted(inside, side="left")
    return float(np.mean(1.0 - (smaller + smaller_or_equal) / (2.0 * ordered.size)))


def _chances(members: int, strangers: int) -> Array:
    """Return how likely every number of pairs won is, (members * strangers + 1,), where rows are in random order."""
    row = [np.ones(1) for _ in range(strangers + 1)]
    for n in range(1, members + 1):
        row[0] = np.ones(1)
        for m in range(1, strangers + 1):
            # The row with the largest residual is a member, who wins nothing, or a stranger, who loses to all members.
            chances = np.zeros(n * m + 1)
            chances[: (n - 1) * m + 1] += n / (n + m) * row[m]
            chances[n:] += m / (n + m) * row[m - 1]
            row[m] = chances
    return row[strangers]


@lru_cache(maxsize=256)
def blind_reach(members: int, strangers: int) -> float:
    """Return how far from 1/2 the AUC of blind guessing reaches, in all but `LEVEL` of cases.

    Definition: the smallest r that |AUC - 1/2| exceeds with a chance of at most `LEVEL` where members and strangers
    come in random order; 1/2, which nothing exceeds, where the rows are too few to tell anything. Exact up to `COUNTED`
    pairs and without ties, which make the AUC vary less; beyond, of the normal distribution, half a pair wider.
    Shapes: numbers of rows -> one number in (0, 1/2].
    Errors: none.
    Source: Mann and Whitney, Annals of Mathematical Statistics 18 (1947).
    """
    pairs = members * strangers
    if pairs > COUNTED:
        spread = math.sqrt((members + strangers + 1) / (12 * pairs))
        return min(0.5, _DEVIATIONS * spread + 0.5 / pairs)
    chances = _chances(members, strangers)
    deviations = np.abs(2 * np.arange(pairs + 1) - pairs)  # whole numbers: no chance falls between by rounding
    reach = next(r for r in np.unique(deviations).tolist() if chances[deviations > r].sum() <= LEVEL)
    return float(reach) / (2 * pairs)


def attack_verdict(auc: float, reach: float) -> AttackVerdict:
    """Return what can be told from an attack that is right with a share `auc`, where blind guessing has `reach`.

    Definition: "too few rows" where even an attack that is always right lies within the reach; "not told apart" within
    it; else "given away" where the attack is right more often than blind guessing, "standing out" where less often.
    Rows that no model has seen are told apart from others of their kind in at most `LEVEL` of draws, however few.
    Shapes: one number each.
    Errors: none.
    Source: `blind_reach`.
    """
    if reach >= 0.5:
        return "too few rows"
    if abs(auc - 0.5) <= reach * (1 + SAME):
        return "not told apart"
    return "given away" if auc > 0.5 else "standing out"
