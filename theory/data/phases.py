"""What fine-tuning forgets as the features become more: `phases`, from the same rows with more and more waves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from scipy.linalg.lapack import dtrtri

from theory.data.features import one_hot
from theory.data.split import Places, Split
from theory.linalg import Array, directions, read_only, row_space


@dataclass(frozen=True, kw_only=True)
class Phase:
    """Fine-tuning and golden with so many features.

    Definition: moved = |W_t - W_o| / |W_o|; left = |W_t - W_g| / |W_o - W_g|, the share of the way to golden that
    fine-tuning does not go; UA of both models in percent.
    Shapes: one number each.
    Errors: none.
    Source: derived here: I6 up to n_r features, I2 from n on, as long as the rows are in general position.
    """

    features: int
    moved: float
    left: float
    tuned_accuracy: float
    golden_accuracy: float


@dataclass(frozen=True, eq=False)
class Growth:
    """The same rows with more and more waves, and what is factored of them whoever leaves.

    Definition: the first waves, up to n of them, are X = basis R, and the first p of these are the first p columns of
    the basis with a corner of R: one factorisation serves all p. With more waves than rows only X X' counts, so its
    triangle L stands for X.
    Shapes: places (n,), basis (n, n), inverse (m, m) with m = min(n, counts[-1]), wider (n, n) each.
    Errors: none after construction by `of_waves`.
    Source: derived here; standard linear algebra.

    Attributes
    ----------
    places : which rows of the table these are.
    inverse : R^-1; wider : L^-1 for each count above n.
    """

    places: Places
    counts: tuple[int, ...]
    basis: Array
    inverse: Array
    wider: tuple[Array, ...]

    @classmethod
    def of_waves(cls, places: Places, waves: Array, counts: Sequence[int]) -> "Growth":
        """Return what is shared of rows with waves (n, p), not scaled: cos(A'x + b); counts rise, up to p.

        LinAlgError where waves, or rows, depend on one another.
        """
        n = len(waves)
        head = waves[:, : min(n, counts[-1])]
        basis, triangle = scipy.linalg.qr(head, check_finite=False)
        inverse = _inverted(np.asarray(triangle[: head.shape[1]]), lower=False)
        products, done, wider = head @ head.T, n, []
        for count in (count for count in counts if count > n):
            products += waves[:, done:count] @ waves[:, done:count].T
            wider.append(_inverted(scipy.linalg.cholesky(products, lower=True, check_finite=False), lower=True))
            done = count
        return cls(places, tuple(counts), read_only(np.asarray(basis)), inverse, tuple(wider))


def _inverted(triangle: Array, lower: bool) -> Array:
    inverse, info = dtrtri(triangle, lower=int(lower))
    if info:
        raise np.linalg.LinAlgError("waves and rows must be independent, got some that depend on others: draw others")
    return read_only(np.asarray(np.tril(inverse) if lower else np.triu(inverse)))


def phases(split: Split, growth: Growth) -> tuple[Phase, ...]:
    """Return what fine-tuning does with the first growth.counts[i] waves, for every i.

    Definition: see `Phase`. All models differ from the pretrained one within the columns of X^+ of the rows to forget.
    With H = X X^+, a direction u with H_ff u = u is one that the rows to keep cannot see: golden has nothing there, and
    fine-tuning leaves it as it is. On the others fine-tuning ends where (I - H_ff) z = e_f, with z and e_f what it and
    the pretrained model miss on the rows to forget.
    Shapes: see `Phase`; the growth is of the rows that the split trains on, in any order.
    Errors: none.
    Source: derived here; leaving rows out in closed form is standard.
    """
    places = np.zeros(len(split.table.y), dtype=np.intp)
    places[growth.places] = np.arange(len(growth.places))
    E = np.empty((len(growth.places), split.table.classes))
    E[places[split.trained]] = one_hot(split.labels, split.table.classes)
    gone, classes = places[split.forget], E.shape[1]
    answers, rows = growth.basis.T @ E, growth.basis[gone]
    # R^-1 is a triangle: what the first waves come to is the beginning of what more of them come to.
    sides, done = np.concatenate([answers, rows.T], axis=1), 0
    summed = np.zeros((len(growth.inverse), sides.shape[1]))
    wider = iter(growth.wider)
    found = []
    for p in growth.counts:
        if p <= len(E):
            summed[:p] += growth.inverse[:p, done:p] @ sides[done:p]
            pretrained, columns, done = summed[:p, :classes], summed[:p, classes:], p
            missed, outside = E[gone] - rows[:, :p] @ answers[:p], rows[:, p:]
        else:
            inverse = next(wider)
            pretrained, columns = inverse @ E, inverse[:, gone]
            missed, outside = np.zeros((len(gone), E.shape[1])), np.empty((len(gone), 0))
        found.append(_phase(p, E[gone], pretrained, columns, missed, outside))
    return tuple(found)


def _phase(count: int, E_f: Array, w_o: Array, columns: Array, missed: Array, outside: Array) -> Phase:
    """Return one phase.

    w_o (p, k); columns (p, n_forget), those of X^+ of the rows to forget; missed (n_forget, k), what w_o misses of
    them; outside outside' = I - H_ff.
    """
    sides = np.zeros((len(E_f), 0))
    unseen = np.eye(len(E_f))
    if outside.shape[1]:
        seen = directions(outside)
        sides = seen.left / seen.values
        unseen = np.zeros((len(E_f), 0))  # none, as long as the rows to keep see every direction
        if seen.left.shape[1] < len(E_f):
            every = np.asarray(scipy.linalg.qr(seen.left, check_finite=False)[0], dtype=np.float64)
            unseen = every[:, seen.left.shape[1] :]
    misses = sides @ (sides.T @ missed)
    change, leftover, taken = -columns @ misses, np.zeros_like(w_o), np.zeros_like(missed)
    if unseen.shape[1]:
        alone = columns @ unseen
        space = row_space(alone)
        back, own = np.split(space.solve(np.concatenate([change, w_o], axis=1)), 2, axis=1)
        taken = unseen @ own
        misses = misses + unseen @ back
        change, leftover = change - alone @ back, columns @ taken
    taught = E_f.argmax(axis=1)
    tuned = (E_f - misses).argmax(axis=1) != taught
    golden = (E_f - misses - taken).argmax(axis=1) != taught
    return Phase(
        features=count,
        moved=float(np.linalg.norm(change) / np.linalg.norm(w_o)),
        left=float(np.linalg.norm(leftover) / np.linalg.norm(leftover - change)),
        tuned_accuracy=100 * float(tuned.mean()),
        golden_accuracy=100 * float(golden.mean()),
    )
