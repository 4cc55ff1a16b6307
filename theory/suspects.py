"""Three models with golden's own unlearning loss, one of which is golden: `suspects`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from theory.discriminative import discriminative_path
from theory.linalg import Array
from theory.methods import METHODS
from theory.metrics import Metrics, measure
from theory.problem import ROUNDING, Problem
from theory.streams import SUSPECTS, stream

HONEST = "golden"
# What is told of one measure: losses that differ by less than this share of golden's unlearning loss pass for one.
APART = 0.05
# Measures that anyone can read off a model without knowing golden.
EVIDENCE = ("unlearning_loss", "remaining_loss", "membership_auc", "new_rows")


@dataclass(frozen=True, eq=False)
class Suspects:
    """Models in the order of the line-up.

    Definition: golden, and traps that were moved along their way from the pretrained model until their unlearning loss
    is golden's.
    Shapes: weights (d,) by key, in the order of the line-up.
    Errors: none.
    Source: derived here.

    Attributes
    ----------
    weights, records : by key; "golden" is the honest one, the others are keys of METHODS.
    new_rows : mean squared error on new rows like those to forget: on all that the draw could bring, where the truth is
        known, else on those held out.
    """

    weights: Mapping[str, Array]
    records: Mapping[str, Metrics]
    new_rows: Mapping[str, float]

    @property
    def traps(self) -> tuple[str, ...]:
        """The models that are not golden."""
        return tuple(key for key in self.weights if key != HONEST)

    def reading(self, key: str, measure: str) -> float:
        """Return what a measure of EVIDENCE says of a model."""
        return self.new_rows[key] if measure == "new_rows" else float(getattr(self.records[key], measure))

    def tells(self, measure: str) -> bool:
        """Whether a measure sets golden apart from every trap.

        Losses do by more than APART of golden's unlearning loss, the attack by more than blind guessing reaches.
        """
        honest = self.records[HONEST]
        own = self.reading(HONEST, measure)
        room = honest.membership_reach if measure == "membership_auc" else APART * honest.unlearning_loss
        return bool(self.traps) and all(abs(self.reading(key, measure) - own) > room for key in self.traps)


def new_rows_loss(problem: Problem, w: Array) -> float:
    """Return the expected squared error on new rows like those to forget.

    Definition: where the rows are drawn, |w - w*|^2 over the features that the forget rows use, plus the noise's
    square; else the mean over the rows held out.
    Source: derived here; theory section 6.
    """
    if problem.truth is None or problem.spec is None or problem.layout is None:
        fresh = problem.fresh()
        return float(np.mean((fresh.predict(w)[1] - fresh.y_f) ** 2))
    used = slice(problem.blocks.overlap.start, problem.d)
    return float(np.sum((w[used] - problem.w_star[used]) ** 2)) + problem.spec.noise**2


def moved_to(problem: Problem, end: Array, loss: float) -> Array | None:
    """Return the last model on the way from w_o through `end` with this unlearning loss, (d,), or None.

    Definition: w_o + s (end - w_o) with the largest s > 0 that solves the quadratic.
    Source: derived here.
    """
    residual, turn = problem.X_f @ problem.w_o - problem.y_f, problem.X_f @ (end - problem.w_o)
    a, b, c = float(turn @ turn), 2.0 * float(residual @ turn), float(residual @ residual) - loss * problem.n_forget
    inside = b * b - 4.0 * a * c
    if a <= ROUNDING**2 * float(problem.y_f @ problem.y_f) or inside < 0:
        return None
    share = (-b + np.sqrt(inside)) / (2.0 * a)
    return problem.w_o + share * (end - problem.w_o) if share > 0 else None


def _trap(problem: Problem, key: str) -> Array:
    if key == "discriminative":
        weights: Array = discriminative_path(problem, (1.0,), "shuffled", 0.0)[0]
        return weights
    return METHODS[key].fit(problem)


def suspects(problem: Problem) -> Suspects:
    """Return golden and two traps, or as many as reach golden's unlearning loss, in an order drawn from the seed.

    Definition: the traps are the additive datamodel, a random teacher and the push to shuffled labels at mu = 0.
    Shapes: one model each.
    Errors: Refusal where the problem has no fresh rows.
    Source: derived here; `METHODS`.
    """
    rng = stream(problem.seed, SUSPECTS)
    loss = float(np.mean((problem.X_f @ problem.w_g - problem.y_f) ** 2))
    traps: dict[str, Array] = {}
    for key in rng.permutation(["datamodel", "stochastic_teacher", "discriminative"]).tolist():
        if METHODS[key].applies(problem) and len(traps) < 2:
            found = moved_to(problem, _trap(problem, key), loss)
            if found is not None and np.linalg.norm(found - problem.w_g) > ROUNDING * np.linalg.norm(problem.w_o):
                traps[key] = found
    every = {HONEST: problem.w_g, **traps}
    order = rng.permutation(list(every)).tolist()
    weights = {key: every[key] for key in order}
    new = {key: new_rows_loss(problem, w) for key, w in weights.items()}
    return Suspects(weights, {record.key: record for record in measure(problem, weights)}, new)
