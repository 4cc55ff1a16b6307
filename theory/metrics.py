"""How well a model has forgotten: `Metrics`, the record of one model, and `compare`, the table of several."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from theory.attack import AttackVerdict, attack_verdict, blind_reach, membership_auc
from theory.draws import draw
from theory.linalg import Array, nested_row_spaces
from theory.losses import losses
from theory.methods import METHODS
from theory.problem import ROUNDING, Problem
from theory.spec import Spec


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """One model, measured on one problem.

    Definition: a model has forgotten when it behaves like golden, so every loss is read next to golden's.
    Shapes: one number each; losses in squared units of y, distances in units of the weights.
    Errors: none.
    Source: theory section 1.

    Attributes
    ----------
    key : the method, a key of METHODS.
    remaining_loss : RL, mean squared error on the retain rows.
    unlearning_loss : UL, mean squared error on the forget rows.
    unlearning_gap : UL minus golden's UL; negative still remembers, positive over-forgot.
    distance : |w - w_g|.
    leftover : |(I - P_r) w|, the part of the model the retain rows cannot see.
    gap_retain, gap_forget : mean squared difference to golden's predictions on fresh rows of each type.
    test_remaining_loss, test_unlearning_loss : mean squared error on fresh rows of each type.
    membership_auc : chance that a forget row looks more familiar (smaller squared residual) than a fresh row of the
        same type; 0.5 is no trace.
    membership_reach : how far from 0.5 the AUC of blind guessing reaches with as many rows, in 19 draws of 20.
    seconds : time of the fit itself, after the factorisation all methods share.
    """

    key: str
    remaining_loss: float
    unlearning_loss: float
    unlearning_gap: float
    distance: float
    leftover: float
    gap_retain: float
    gap_forget: float
    test_remaining_loss: float
    test_unlearning_loss: float
    membership_auc: float
    membership_reach: float
    seconds: float

    @property
    def attack(self) -> AttackVerdict:
        """What can be told from the attack: `attack_verdict`."""
        return attack_verdict(self.membership_auc, self.membership_reach)


def measure(
    problem: Problem,
    weights: Mapping[str, Array],
    seconds: Mapping[str, float] | None = None,
    golden: Array | None = None,
) -> tuple[Metrics, ...]:
    """Measure weight vectors by name on one problem, in the order given.

    Definition: see `Metrics`; `golden` stands in for w_g where models are to be read next to another retrained one.
    Shapes: every weight vector (d,).
    Errors: Refusal where the problem has no fresh rows; `losses` needs none.
    Source: theory section 1.
    """
    fresh, n_r, w_g = problem.fresh(), problem.n_retain, problem.w_g if golden is None else golden
    W = np.stack([w_g, *weights.values()], axis=1)
    residuals = problem.X @ W - problem.y[:, None]
    fresh_retain, fresh_forget = fresh.predict(W)
    leftovers = W - problem.retain_space.project(W)
    forget_residuals = residuals[n_r:]
    fresh_residuals = fresh_forget - fresh.y_f[:, None]
    # The attacker reads the same scale for members and strangers.
    resolution = ROUNDING * float(np.sqrt(np.mean(np.concatenate([problem.y_f, fresh.y_f]) ** 2)))

    remaining = (residuals[:n_r] ** 2).mean(axis=0)
    unlearning = (forget_residuals**2).mean(axis=0)
    distance = np.linalg.norm(W - w_g[:, None], axis=0)
    leftover = np.linalg.norm(leftovers, axis=0)
    gap_retain = ((fresh_retain - fresh_retain[:, :1]) ** 2).mean(axis=0)
    gap_forget = ((fresh_forget - fresh_forget[:, :1]) ** 2).mean(axis=0)
    test_remaining = ((fresh_retain - fresh.y_r[:, None]) ** 2).mean(axis=0)
    test_unlearning = (fresh_residuals**2).mean(axis=0)
    reach = blind_reach(len(forget_residuals), len(fresh_residuals))
    return tuple(
        Metrics(
            key=key,
            remaining_loss=float(remaining[i]),
            unlearning_loss=float(unlearning[i]),
            unlearning_gap=float(unlearning[i] - unlearning[0]),
            distance=float(distance[i]),
            leftover=float(leftover[i]),
            gap_retain=float(gap_retain[i]),
            gap_forget=float(gap_forget[i]),
            test_remaining_loss=float(test_remaining[i]),
            test_unlearning_loss=float(test_unlearning[i]),
            membership_auc=membership_auc(forget_residuals[:, i], fresh_residuals[:, i], resolution),
            membership_reach=reach,
            seconds=(seconds or {}).get(key, 0.0),
        )
        for i, key in enumerate(weights, start=1)
    )


def tuning_curve(problem: Problem, rows: Sequence[int]) -> Array:
    """Return UL of the pretrained model fine-tuned on the first rows[i] retain rows, for every i.

    Definition: UL(N(X_t, y_t; w_o)) with n_t = rows[i]; all of them share one factorisation.
    Shapes: rows (k,) whole numbers between 1 and n_retain -> (k,).
    Errors: ValueError if a count of rows is outside 1 to n_retain.
    Source: theory section 1.
    """
    W = np.stack([tuned[:, 0] for tuned in tuned_on(problem, rows, problem.w_o[:, None])], axis=1)
    return losses(problem, W)[1]


def tuned_on(problem: Problem, rows: Sequence[int], starts: Array) -> list[Array]:
    """Return weights (d, k) fine-tuned on the first rows[i] retain rows, from every start (d, k), for every i."""
    for count in rows:
        if not 1 <= count <= problem.n_retain:
            raise ValueError(
                f"rows must be between 1 and n_retain ({problem.n_retain}), got {count!r}: fine-tune on rows there are"
            )
    spaces = nested_row_spaces(problem.X_r, rows)
    return [space.nearest(problem.y_r[: len(space.X), None], starts) for space in spaces]


def fit_all(
    problem: Problem, keys: Iterable[str], **parameters: float | str
) -> tuple[dict[str, Array], dict[str, float]]:
    """Fit several methods on one problem: weights and seconds by key, in the order given.

    Definition: each method gets those of `parameters` it declares.
    Shapes: weights (d,), seconds one number, for every key.
    Errors: ValueError for a key that is not in METHODS, a parameter no chosen method has, or a value out of its range;
    Refusal for rows that a method cannot take (`Method.applies`).
    Source: `METHODS`.
    """
    keys = tuple(keys)
    for key in keys:
        if key not in METHODS:
            raise ValueError(f"keys must name methods, got {key!r}: choose from {', '.join(METHODS)}")
    known = {p.name for key in keys for p in METHODS[key].parameters}
    for name in parameters:
        if name not in known:
            raise ValueError(
                f"{name} is not a parameter of {', '.join(keys) or 'no method'}: "
                + (f"choose from {', '.join(sorted(known))}" if known else "leave it out, these methods have none")
            )
    own = {key: METHODS[key].own(**parameters) for key in keys}
    problem.w_o, problem.w_g, problem.tune_space  # noqa: B018 - the shared part, outside every method's time
    weights, seconds = {}, {}
    for key in keys:
        start = time.perf_counter()
        weights[key] = METHODS[key].fit(problem, **own[key])
        seconds[key] = time.perf_counter() - start
    return weights, seconds


def compare(spec: Spec, keys: Iterable[str], **parameters: float | str) -> tuple[Metrics, ...]:
    """Draw the data of a Spec, fit the methods and measure them, one record per key in the order given.

    Definition: `measure` of every method's weights; parameters go to the methods that declare them.
    Shapes: one Metrics a key.
    Errors: ValueError for unknown keys or parameters, or values out of range.
    Source: theory section 1.
    """
    problem = draw(spec)
    weights, seconds = fit_all(problem, keys, **parameters)
    return measure(problem, weights, seconds)
