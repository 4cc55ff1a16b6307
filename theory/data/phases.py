"""What fine-tuning forgets as the features become more: `phases`, from the same rows with more and more waves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory.data.classes import ClassProblem
from theory.data.split import Split
from theory.linalg import Array


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


def phases(split: Split, waves: Array, counts: Sequence[int]) -> tuple[Phase, ...]:
    """Return what fine-tuning does with the first counts[i] waves, for every i.

    Definition: see `Phase`; X X' of more waves is that of fewer and what the new ones add.
    Shapes: waves (rows of the table, p), not scaled: cos(A' x + b); counts rise, up to p.
    Errors: none.
    Source: see `Phase`.
    """
    trained = waves[split.trained]
    products, done, found = np.zeros((len(trained), len(trained))), 0, []
    labels = split.labels[len(split.keep) :]
    for count in counts:
        new = trained[:, done:count]
        products += new @ new.T
        done = count
        scale = np.sqrt(2 / count)
        problem = ClassProblem.of_trained(split, trained[:, :count] * scale, products * scale**2)
        w_o, w_g, w_t = problem.w_o, problem.w_g, problem.w_t
        tuned, golden = ((problem.X_f @ w).argmax(axis=1) != labels for w in (w_t, w_g))
        found.append(
            Phase(
                features=count,
                moved=float(np.linalg.norm(w_t - w_o) / np.linalg.norm(w_o)),
                left=float(np.linalg.norm(w_t - w_g) / np.linalg.norm(w_o - w_g)),
                tuned_accuracy=100 * float(tuned.mean()),
                golden_accuracy=100 * float(golden.mean()),
            )
        )
    return tuple(found)
