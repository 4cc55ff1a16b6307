"""All methods on one problem: `standings`, each measured against the golden model it is meant for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from theory.damped import ridge_golden, ridge_pretrained
from theory.linalg import Array
from theory.method import RIDGE_GOLDEN, Method
from theory.methods import METHODS
from theory.metrics import Metrics, fit_all, measure
from theory.problem import Problem, missing
from theory.spec import Refusal

# Two models nearer than this share of their length are one: no distance is a share of theirs.
ONE_MODEL = 1e-12
# No loss is counted in units of less: where golden errs by rounding there is nothing to be a share of.
SMALLEST = 1e-12


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One method on the board.

    Definition: see `Metrics`; the losses' gaps and distances are to the method's own reference. (5) Gaps of answers are
    means over the problem's own fresh rows, as many as it trains on, and so vary with the draw.
    Shapes: one number each.
    Errors: none.
    Source: theory section 1.

    Attributes
    ----------
    key : the method, a key of METHODS.
    metrics, golden : its record and its reference's; None where the method cannot take the rows.
    share : |w - reference| as a share of the start's own distance: 0 is golden, 1 as far as before; NaN where the start
        is golden already.
    rows : rows it visits.
    refusal : why it cannot take these rows.
    """

    key: str
    metrics: Metrics | None = None
    golden: Metrics | None = None
    share: float = float("nan")
    rows: int = 0
    refusal: Refusal | None = None

    @property
    def gap(self) -> float:
        """UL minus the reference's, as a share of the reference's; NaN without a record."""
        return self._beside("unlearning_loss")

    @property
    def missed(self) -> float:
        """How far RL is from the reference's, as a share of the reference's UL; NaN without a record."""
        return abs(self._beside("remaining_loss"))

    def _beside(self, loss: str) -> float:
        if self.metrics is None or self.golden is None:
            return float("nan")
        difference = float(getattr(self.metrics, loss)) - float(getattr(self.golden, loss))
        return difference / max(self.golden.unlearning_loss, SMALLEST)

    @property
    def method(self) -> Method:
        """The row of METHODS."""
        return METHODS[self.key]


def reference(problem: Problem, method: Method, **parameters: float | str) -> tuple[Array, Array]:
    """Return the golden model that a method is measured against, and the model it starts from: (d,) each.

    Definition: (1) golden and pretrained; for methods of ridge models the ridge fits of the same strength, to the rows
    to keep and to all rows. One distance never mixes the two.
    Shapes: (d,) each.
    Errors: ValueError for a parameter out of range.
    Source: theory sections 1 and 2.
    """
    if method.reference != RIDGE_GOLDEN:
        return problem.w_g, problem.w_o
    strength = float(method.own(**parameters)["ridge"])
    return ridge_golden(problem, strength), ridge_pretrained(problem, strength)


def lacking(problem: Problem, method: Method) -> Refusal | None:
    """Return why a method cannot take these rows, or None."""
    for name in sorted(method.requires - problem.known):
        return missing(name, "a mask of features")
    return method.lacks(problem) if method.lacks else None


def standings(
    problem: Problem, keys: Iterable[str], parameters: Mapping[str, Mapping[str, float | str]] | None = None
) -> tuple[Standing, ...]:
    """Fit and measure methods, each with its own parameters, one Standing a key in the order given.

    Definition: see `Standing`; `parameters` by the method's key.
    Shapes: one Standing a key.
    Errors: ValueError for a value out of range; Refusal where the problem has no fresh rows.
    Source: `METHODS`.
    """
    keys, given = tuple(keys), parameters or {}
    weights: dict[str, Array] = {}
    seconds: dict[str, float] = {}
    refusals: dict[str, Refusal] = {}
    groups: dict[float, list[str]] = {}
    for key in keys:
        refused = lacking(problem, METHODS[key])
        if refused is not None:
            refusals[key] = refused
            continue
        own = METHODS[key].own(**given.get(key, {}))
        fitted, took = fit_all(problem, (key,), **own)
        weights |= fitted
        seconds |= took
        strength = float(own["ridge"]) if METHODS[key].reference == RIDGE_GOLDEN else 0.0
        groups.setdefault(strength, []).append(key)
    found: dict[str, Standing] = {}
    for members in groups.values():
        golden, start = reference(problem, METHODS[members[0]], **given.get(members[0], {}))
        whole, size = float(np.linalg.norm(start - golden)), float(np.linalg.norm(start))
        drawn = [golden, *(weights[key] for key in members)]
        base, *records = measure(problem, dict(zip(("", *members), drawn, strict=True)), seconds, golden)
        for record in records:
            found[record.key] = Standing(
                key=record.key,
                metrics=record,
                golden=base,
                share=record.distance / whole if whole > ONE_MODEL * size else float("nan"),
                rows=METHODS[record.key].rows_touched(problem, **given.get(record.key, {})),
            )
    return tuple(found.get(key) or Standing(key=key, refusal=refusals[key]) for key in keys)
