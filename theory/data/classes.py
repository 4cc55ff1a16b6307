"""Rows with classes: models that answer with one of several, and how well they have forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theory.attack import blind_reach, membership_auc
from theory.data.features import one_hot
from theory.data.split import Places, Split
from theory.linalg import Array, checked, read_only
from theory.problem import Problem
from theory.rows import Rows

# Losses of rows that are fitted are rounding: below this they are zero, and no attack may order them.
ROUNDED = 1e-18


@dataclass(frozen=True, eq=False)
class ClassProblem:
    """Rows to keep and rows to forget with classes for labels: least squares with one column of targets for each class.

    Definition: E = one_hot(labels); every model is a matrix W, column k of which answers "is it class k?" as a model of
    `Problem` does, and what it answers is the class whose column says most.
    Shapes: rows.X (n, p), labels (n,), held (m, p); W (p, classes).
    Errors: none after construction by `of_split`.
    Source: the definition itself; the identities I1 to I7 hold column by column.

    Attributes
    ----------
    rows : the training rows, those to keep first; problems of other labels share them.
    held : features of the held-out rows, in the order of split.held.
    """

    split: Split
    rows: Rows
    held: Array

    @classmethod
    def of_split(cls, split: Split, X: Array, products: Array | None = None) -> "ClassProblem":
        """Return the problem of a split: X (rows of the table, p), products of the training rows.

        ValueError names what does not fit.
        """
        X = checked("X", X, (len(split.table.y), None), "pass the features of every row of the table")
        return cls.of_trained(split, X[split.trained], products, X[split.held])

    @classmethod
    def of_trained(
        cls, split: Split, X: Array, products: Array | None = None, held: Array | None = None
    ) -> "ClassProblem":
        """Return the problem of a split whose training rows have features X, and its held-out rows these, if any."""
        n = len(split.keep)
        held = np.empty((0, X.shape[1])) if held is None else held
        return cls(split, Rows(read_only(X), n, n, None, products), read_only(held))

    @property
    def classes(self) -> int:
        """Classes."""
        return self.split.table.classes

    @property
    def n_retain(self) -> int:
        """Rows to keep."""
        return self.rows.n_retain

    @property
    def n_forget(self) -> int:
        """Rows to forget."""
        return len(self.split.forget)

    @cached_property
    def targets(self) -> Array:
        """One-hot labels, (n, classes)."""
        return read_only(one_hot(self.split.labels, self.classes))

    @property
    def E_r(self) -> Array:
        """Targets of the rows to keep."""
        return self.targets[: self.n_retain]

    @property
    def E_f(self) -> Array:
        """Targets of the rows to forget."""
        return self.targets[self.n_retain :]

    @property
    def X_r(self) -> Array:
        """Rows to keep, (n_retain, p)."""
        return self.rows.X[: self.n_retain]

    @property
    def X_f(self) -> Array:
        """Rows to forget, (n_forget, p)."""
        return self.rows.X[self.n_retain :]

    @cached_property
    def strangers(self) -> Places:
        """Which of the held-out rows are like the rows to forget."""
        places = {place: k for k, place in enumerate(self.split.held.tolist())}
        return np.array([places[place] for place in self.split.strangers.tolist()], dtype=np.intp)

    @cached_property
    def w_o(self) -> Array:
        """Pretrained weights, the minimum-norm fit to all rows, (p, classes)."""
        return read_only(self.rows.spaces[2].solve(self.targets))

    @cached_property
    def _retained(self) -> tuple[Array, Array, Array]:
        """Golden, fine-tuned, and what the rows to keep see of the pretrained weights: passes over the rows are shared.

        X_r^+ E_r, W_o + X_r^+ (E_r - X_r W_o) and X_r^+ X_r W_o.
        """
        said = self.X_r @ self.w_o
        ends = self.rows.spaces[1].solve(np.concatenate([self.E_r, self.E_r - said, said], axis=1))
        golden, change, seen = np.split(ends, 3, axis=1)
        return read_only(golden.copy()), read_only(self.w_o + change), read_only(seen.copy())

    @property
    def w_g(self) -> Array:
        """Golden weights, the minimum-norm fit to the rows to keep alone, (p, classes)."""
        return self._retained[0]

    @cached_property
    def of_keep(self) -> Array:
        """For every feature its mean square over the rows to keep, as a share of that over both sets, (p,)."""
        kept, gone = (np.einsum("ij,ij->j", X, X) / len(X) for X in (self.X_r, self.X_f))
        return read_only(kept / np.maximum(kept + gone, np.finfo(float).tiny))

    @property
    def w_t(self) -> Array:
        """Fine-tuned weights, (p, classes)."""
        return self._retained[1]

    @property
    def seen(self) -> Array:
        """What the rows to keep see of the pretrained weights, P_r W_o, (p, classes)."""
        return self._retained[2]

    def column(self, k: int) -> Problem:
        """Return the problem of one class, "is it class k?", which shares the rows and all that is factored of them."""
        return Problem(rows=self.rows, y=read_only(self.targets[:, k].copy()))


@dataclass(frozen=True, kw_only=True)
class ClassMetrics:
    """One model of a `ClassProblem`, measured as experiments on classifiers are; accuracies in percent.

    Definition: a model has forgotten when it behaves like golden, so every number is read next to golden's.
    Shapes: one number each.
    Errors: none.
    Source: standard names of the literature on unlearning.

    Attributes
    ----------
    unlearning_accuracy : UA, the share of the rows to forget that are not answered with the label of the training.
    remaining_accuracy, test_accuracy : RA, TA, on the rows to keep and on held-out rows of the classes that remain.
    unlearning_loss, stranger_loss : mean |one-hot - x'W|^2 on the rows to forget and on strangers.
    attack_auc : chance that a row to forget has a smaller loss than a stranger.
    attack_reach : how far from 0.5 blind guessing reaches among as many rows, in 19 draws of 20.
    mia_efficacy : share of the rows to forget that the threshold which best tells kept from held-out rows by their loss
        calls never seen, in percent.
    distance : |W - W_g| as a share of |W_o - W_g|; nan where fine-tuning has nothing to leave.
    gap : mean |x'(W - W_g)|^2 over strangers.
    """

    key: str
    unlearning_accuracy: float
    remaining_accuracy: float
    test_accuracy: float
    unlearning_loss: float
    stranger_loss: float
    attack_auc: float
    attack_reach: float
    mia_efficacy: float
    distance: float
    gap: float


def row_losses(said: Array, targets: Array) -> Array:
    """Return |said - target|^2 for every row, what is rounding as zero: (n, classes) -> (n,)."""
    found = np.asarray(((said - targets) ** 2).sum(axis=1))
    return np.where(found < ROUNDED, 0.0, found)


def measure_classes(problem: ClassProblem, models: Mapping[str, Array]) -> tuple[ClassMetrics, ...]:
    """Measure models by name, in the order given.

    Definition: see `ClassMetrics`.
    Shapes: every model (p, classes).
    Errors: none.
    Source: realised on the split's own rows; the attack is that of `membership_auc`.
    """
    split, table = problem.split, problem.split.table
    away = float(np.linalg.norm(problem.w_o - problem.w_g))
    nothing = away <= 1e-9 * max(float(np.linalg.norm(problem.w_o)), 1.0)
    held = table.y[split.held]
    remains = np.isin(split.held, split.remaining)
    held_targets = one_hot(held, problem.classes)
    stranger_targets = one_hot(split.stranger_labels, problem.classes)
    n, classes, count = problem.n_retain, problem.classes, len(models)
    every = np.concatenate([problem.w_g, *models.values()], axis=1)

    def said(X: Array) -> Array:
        return np.asarray((X @ every).reshape(len(X), count + 1, classes).transpose(1, 0, 2))

    trained, tested = said(problem.rows.X), said(problem.held)
    strange = tested[:, problem.strangers]
    found = []
    for k, (key, W) in enumerate(models.items(), 1):
        fitted = row_losses(trained[k], problem.targets)
        kept, gone = fitted[:n], fitted[n:]
        unknown = row_losses(strange[k], stranger_targets)
        unseen = row_losses(tested[k], held_targets)[remains]
        wrong = trained[k].argmax(axis=1) != split.labels
        found.append(
            ClassMetrics(
                key=key,
                unlearning_accuracy=100 * float(wrong[n:].mean()),
                remaining_accuracy=100 * float(1 - wrong[:n].mean()),
                test_accuracy=100 * float(np.mean(tested[k].argmax(axis=1)[remains] == held[remains])),
                unlearning_loss=float(gone.mean()),
                stranger_loss=float(unknown.mean()) if len(unknown) else float("nan"),
                attack_auc=membership_auc(np.sqrt(gone), np.sqrt(unknown)),
                attack_reach=blind_reach(len(gone), len(unknown)),
                mia_efficacy=100 * float(np.mean(gone > best_threshold(kept, unseen))),
                distance=float("nan") if nothing else float(np.linalg.norm(W - problem.w_g)) / away,
                gap=float(((strange[k] - strange[0]) ** 2).sum(axis=1).mean()),
            )
        )
    return tuple(found)


def best_threshold(inside: Array, outside: Array) -> float:
    """Return the loss up to which rows are called seen, so that most of both sets are called right; the smallest such.

    Both sets count alike, whatever their sizes.
    """
    values = np.unique(np.concatenate([inside, outside]))
    seen = np.searchsorted(np.sort(inside), values, side="right") / len(inside)
    strange = 1 - np.searchsorted(np.sort(outside), values, side="right") / len(outside)
    return float(values[int(np.argmax(seen + strange))])
