"""What a network is to forget: the rows of a split, as arrays for a network."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.data.split import Split
from theory.networks.network import Floats, Shape
from theory.spec import Refusal

Labels = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Forgetting:
    """Labelled rows and which of them are to be forgotten.

    Definition: retain rows r and forget rows f were trained on; test rows t and strangers s were not. Strangers are
    what forget rows would be if nobody had trained on them: of the same class, or with labels falsified by one rule.
    Shapes: X_k (n_k, inputs) float32, y_k (n_k,) whole numbers below `classes`.
    Errors: Refusal where the arrays do not fit together or a set is empty.
    Source: the split that experiments on unlearning use; `of` makes one.

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

    @classmethod
    def of(cls, split: Split) -> "Forgetting":
        """Return the rows of a split: every row of a class, a tenth at random, or the same tenth with false labels.

        Raises Refusal where the split leaves a set empty.
        """
        X, true = split.table.X.astype(np.float32), split.table.y.astype(np.intp)
        given, kept = split.labels.astype(np.intp), len(split.keep)
        return cls(
            classes=split.table.classes,
            X_r=X[split.keep],
            y_r=given[:kept],
            X_f=X[split.forget],
            y_f=given[kept:],
            X_t=X[split.remaining],
            y_t=true[split.remaining],
            X_s=X[split.strangers],
            y_s=split.stranger_labels.astype(np.intp),
            true_f=true[split.forget],
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
