"""What the page posterior computes and remembers."""

from dataclasses import dataclass

import numpy as np

from theory.linalg import Array
from theory.posterior import Belief, Evidence, Posterior, divergence, learned, spread, unlearned, widest
from ui.lessons.posterior.text import THRESHOLDS, TRICKS
from ui.plot.view import View
from ui.server.cache import kept

PRIOR = Belief(0.0, 1.0)
# Where the rows to keep place the weight.
PLACE = 0.5
# A divergence this small is rounding: a belief's numbers have 16 digits, and it is second order in them.
SAME = 1e-12


@dataclass(frozen=True)
class Beliefs:
    """The beliefs in one weight.

    Attributes
    ----------
    exact, stored, retrained : after all rows, as it is stored, and after the rows to keep.
    answer : what is left when the rows to forget are divided out; None where nothing is.
    evidence : what the rows to forget say.
    limit : the width from which on dividing everywhere leaves nothing.
    """

    exact: Belief
    stored: Belief
    retrained: Belief
    answer: Belief | None
    evidence: Evidence
    width: float
    threshold: float
    trick: str
    limit: float

    @property
    def is_exact(self) -> bool:
        """Whether the belief is stored as it is."""
        return abs(self.width - 1.0) < 1e-9

    @property
    def before(self) -> float:
        """KL(stored || retrained)."""
        return _rounded(divergence(self.stored, self.retrained))

    @property
    def after(self) -> float | None:
        """KL(unlearned || retrained)."""
        return None if self.answer is None else _rounded(divergence(self.answer, self.retrained))

    @property
    def outcome(self) -> str:
        """How the answer lies to the retrained belief: a key of the page's guess."""
        if self.after is None:
            return "none"
        if self.after == 0:
            return "same"
        return "closer" if self.after < self.before * (1 - 1e-9) else "farther"


def _rounded(value: float) -> float:
    return value if value > SAME else 0.0


def _evidence(count: int, place: float, noise: float) -> Evidence:
    return Evidence.of(np.ones(count), spread(count, place, noise), noise)


@kept(512)
def _beliefs(
    width: float, threshold: float, trick: str, n_kept: int, n_gone: int, apart: float, noise: float
) -> Beliefs:
    retrained = learned(PRIOR, _evidence(n_kept, PLACE, noise))
    evidence = _evidence(n_gone, PLACE - apart, noise)
    exact = learned(retrained, evidence)
    stored = exact.wider(width)
    answer = unlearned(stored, evidence, threshold, trick)
    return Beliefs(exact, stored, retrained, answer, evidence, width, threshold, trick, widest(exact, evidence))


def beliefs(view: View) -> Beliefs:
    """Return the beliefs of a View."""
    return _beliefs(view["factor"], view["threshold"], view["trick"], *_rows(view))


def thresholds(view: View) -> dict[str, list[float | None]]:
    """Return, for each trick, KL(unlearned || retrained) at every threshold of the scale."""
    return {
        trick: [_beliefs(view["factor"], threshold, trick, *_rows(view)).after for threshold in THRESHOLDS]
        for trick in TRICKS.values()
    }


def _rows(view: View) -> tuple[int, int, float, float]:
    return view["rows_kept"], view["rows_gone"], view["apart"], view["scatter"]


@dataclass(frozen=True, eq=False)
class Plane:
    """The beliefs in two weights: the rows to keep see the first and not the second.

    Attributes
    ----------
    means, covariances : of the belief after all rows, of that without the rows to forget, and of the retrained one.
    tuned : where fine-tuning on the rows to keep goes from the mean after all rows.
    """

    means: dict[str, Array]
    covariances: dict[str, Array]
    tuned: Array


@kept(256)
def _plane(n_kept: int, n_gone: int, apart: float, noise: float, angle: int) -> Plane:
    seen = np.array([1.0, 0.0])
    turned = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    X_r, X_f = np.tile(seen, (n_kept, 1)), np.tile(turned, (n_gone, 1))
    y_r, y_f = spread(n_kept, PLACE, noise), spread(n_gone, PLACE - apart, noise)
    full = Posterior.of(np.vstack([X_r, X_f]), np.concatenate([y_r, y_f]), noise, PRIOR.sd)
    found = {
        "pretrained": full,
        "unlearned": full.without(X_f, y_f, noise),
        "golden": Posterior.of(X_r, y_r, noise, PRIOR.sd),
    }
    means = {key: one.mean for key, one in found.items()}
    return Plane(
        means,
        {key: one.covariance_times(np.eye(2)) for key, one in found.items()},
        np.array([y_r.mean(), means["pretrained"][1]]),
    )


def plane(view: View) -> Plane:
    """Return the beliefs in two weights of a View."""
    return _plane(*_rows(view), view["angle"])
