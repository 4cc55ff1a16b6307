"""What the page posterior computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from theory.linalg import Array
from theory.posterior import Belief, Evidence, Posterior, divergence, learned, spread, unlearned_at, widest
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


@dataclass(frozen=True)
class _Answers:
    """What does not depend on the threshold and the trick of the moment; the answers of each trick along the scale."""

    exact: Belief
    stored: Belief
    retrained: Belief
    evidence: Evidence
    along: Mapping[str, tuple[Belief | None, ...]]


@kept(256)
def _answers(width: float, n_kept: int, n_gone: int, apart: float, noise: float) -> _Answers:
    retrained = learned(PRIOR, _evidence(n_kept, PLACE, noise))
    evidence = _evidence(n_gone, PLACE - apart, noise)
    exact = learned(retrained, evidence)
    stored = exact.wider(width)
    along = {trick: unlearned_at(stored, evidence, THRESHOLDS, trick) for trick in TRICKS.values()}
    return _Answers(exact, stored, retrained, evidence, along)


def _at(view: View, threshold: float, trick: str) -> Beliefs:
    width = view["factor"]
    found = _answers(width, *_rows(view))
    answer = found.along[trick][THRESHOLDS.index(threshold)]
    limit = widest(found.exact, found.evidence)
    return Beliefs(found.exact, found.stored, found.retrained, answer, found.evidence, width, threshold, trick, limit)


def beliefs(view: View) -> Beliefs:
    """Return the beliefs of a View."""
    return _at(view, view["threshold"], view["trick"])


def thresholds(view: View) -> dict[str, list[float | None]]:
    """Return, for each trick, KL(unlearned || retrained) at every threshold of the scale."""
    return {trick: [_at(view, threshold, trick).after for threshold in THRESHOLDS] for trick in TRICKS.values()}


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
