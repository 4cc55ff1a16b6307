"""What a network is to forget: labelled rows, split into those to keep, those to forget, and those it never sees."""

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory.networks.network import Floats, Shape
from theory.spec import Refusal

Labels = NDArray[np.integer[Any]]
# Rows trained on, and the share of them that is forgotten where that is no class.
TRAINED, SHARE = 1000, 0.1
KINDS = MappingProxyType(
    {
        "class": "every row of one class",
        "random": "a tenth of the rows",
        "wrong": "a tenth of the rows, which were given a wrong label: memorised mistakes",
    }
)


@dataclass(frozen=True, eq=False)
class Forgetting:
    """Labelled rows and which of them are to be forgotten.

    Definition: retain rows r and forget rows f were trained on; test rows t and strangers s were not. Strangers are
    what forget rows would be if nobody had trained on them: of the same class, or with labels falsified by one rule.
    Shapes: X_k (n_k, inputs) float32, y_k (n_k,) whole numbers below `classes`.
    Errors: Refusal where the arrays do not fit together or a set is empty.
    Source: the split that experiments on unlearning use; `split` makes one.

    Attributes
    ----------
    y_t : true labels of the test rows, of the classes that remain.
    true_f : true labels of the forget rows: others than y_f where mistakes are to be forgotten.
    """

    classes: int
    X_r: Floats
    y_r: Labels
    X_f: Floats
    y_f: Labels
    X_t: Floats
    y_t: Labels
    X_s: Floats
    y_s: Labels
    true_f: Labels

    def __post_init__(self) -> None:
        for part in "rfts":
            X, y = getattr(self, f"X_{part}"), getattr(self, f"y_{part}")
            if not len(X) == len(y) > 0 or X.shape[1:] != self.X_r.shape[1:]:
                raise Refusal(
                    "X_{part} and y_{part} must have equally many rows, at least one, got {value!r}: "
                    "forget fewer rows, or train on fewer",
                    {"part": part, "value": (X.shape, y.shape)},
                )

    @property
    def shape(self) -> Shape:
        """The size of the network that learns these rows."""
        return Shape(self.X_r.shape[1], self.classes)

    @cached_property
    def X(self) -> Floats:
        """All rows trained on: those to keep, then those to forget."""
        return np.concatenate([self.X_r, self.X_f])

    @cached_property
    def y(self) -> Labels:
        """Their labels, as trained on."""
        return np.concatenate([self.y_r, self.y_f])


def wrong_labels(labels: Labels, classes: int, rng: np.random.Generator) -> Labels:
    """Return a label other than the given one for every row, each with the same chance, (n,) -> (n,)."""
    return (labels + rng.integers(1, classes, size=len(labels))) % classes


def one_hot(labels: Labels, classes: int) -> Floats:
    """Return each label as a distribution, (n,) -> (n, classes) float32."""
    return np.eye(classes, dtype=np.float32)[labels]


def split(
    X: ArrayLike, labels: ArrayLike, kind: str, forgotten: int = 0, seed: int = 0, trained: int = TRAINED
) -> Forgetting:
    """Return labelled rows with what is to be forgotten of them.

    Definition: the seed shuffles all rows; the first `trained` are trained on, the others are test rows. "class"
    forgets the trained rows of class `forgotten`; "random" a tenth of them; "wrong" the same tenth, whose labels were
    replaced by a wrong one, (y + u) mod classes with u uniform on 1..classes - 1.
    Shapes: X (n, inputs), labels (n,) whole numbers from 0.
    Errors: Refusal for a kind that is none, too many trained rows, or a class without rows.
    Source: class-wise and random forgetting as experiments on unlearning report them; memorised mistakes: derived here.
    """
    rows, given = np.asarray(X, dtype=np.float32), np.asarray(labels, dtype=np.intp)
    if kind not in KINDS:
        raise Refusal(
            "kind must be one of {kinds}, got {value!r}: choose one of them", {"kinds": ", ".join(KINDS), "value": kind}
        )
    if rows.ndim != 2 or given.shape != rows.shape[:1] or not 10 <= trained < len(rows):
        raise Refusal(
            "trained must be between 10 and one less than the rows, got {value!r} of {rows!r}: train on fewer",
            {"value": trained, "rows": rows.shape},
        )
    classes = int(given.max()) + 1
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(rows))
    inside, outside = order[:trained], order[trained:]
    tenth = np.zeros(trained, dtype=bool)
    tenth[rng.permutation(trained)[: round(SHARE * trained)]] = True
    forget = given[inside] == forgotten if kind == "class" else tenth
    labelled = given.copy()
    if kind == "wrong":
        falsified = np.concatenate([inside[forget], outside])
        labelled[falsified] = wrong_labels(given[falsified], classes, rng)
    f, r = inside[forget], inside[~forget]
    of_class = given[outside] == forgotten
    t, s = (outside[~of_class], outside[of_class]) if kind == "class" else (outside, outside)
    return Forgetting(
        classes=classes,
        X_r=rows[r],
        y_r=given[r],
        X_f=rows[f],
        y_f=labelled[f],
        X_t=rows[t],
        y_t=given[t],
        X_s=rows[s],
        y_s=labelled[s],
        true_f=given[f],
    )
