"""What the page your_table computes: the models on a visitor's rows. It is kept with the table and goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from theory import Array, nearest
from theory.data import fit_classes
from theory.data.preparing import Ready, ready
from theory.data.sheet import Note
from theory.linalg import row_space
from theory.sameness import SAME
from ui.figures.models import at_golden, moved
from ui.plot.view import View
from ui.server import table_store
from ui.server.own_rows import rows_to_forget

CAST = ("pretrained", "fine_tune", "golden")


@dataclass(frozen=True, eq=False)
class Answer:
    """What the models do on the rows to forget and on those to keep.

    Attributes
    ----------
    target, classes : the column that is predicted, and its classes where it is no number.
    forget, keep : by model: typical error in the target's own unit, or of classes percent answered wrong.
    n_keep, n_forget, features, waves : counts; waves are 0 where the columns are used as they are.
    fits_any : whether weights can fit all rows whatever their labels: more features than rows.
    same, unmoved : whether fine-tuning ended at golden, and whether it changed nothing, to rounding.
    left : the share of the model's length that golden does not have and fine-tuning leaves.
    own : names of the columns that only rows to forget use.
    held : what is left by column: names and lengths, longest first; none where waves are in their place.
    twins : rows to forget that equal a row to keep.
    notes : what was done to the table.
    """

    target: str
    classes: tuple[str, ...]
    forget: Mapping[str, float]
    keep: Mapping[str, float]
    n_keep: int
    n_forget: int
    features: int
    waves: int
    fits_any: bool
    same: bool
    unmoved: bool
    left: float
    own: tuple[str, ...]
    held: tuple[tuple[str, float], ...]
    twins: int
    notes: tuple[Note, ...]


def answer(view: View) -> Answer:
    """Return what the models do at the settings of a View, for the table that is asked for."""
    entry, asked = table_store.entry(), (view["gone"], view["lift"], view["shuffle"])
    return entry.once(("answer", "", *asked), lambda: _answer(entry, *asked))


def _answer(entry: table_store.Entry, how: str, lift: bool, seed: int) -> Answer:
    made = ready(entry.sheet, entry.target, rows_to_forget(entry, how, seed), lift=lift, seed=seed)
    return _of_classes(made) if made.classes else _of_numbers(made)


def _of_numbers(made: Ready) -> Answer:
    problem = made.numbers().problem
    weights = {
        "pretrained": problem.w_o,
        "fine_tune": nearest(problem.X_r, problem.y_r, problem.w_o),
        "golden": problem.w_g,
    }
    spread = made.numbers().sd

    def typical(X: Array, y: Array) -> dict[str, float]:
        return {key: spread * float(np.sqrt(np.mean((X @ w - y) ** 2))) for key, w in weights.items()}

    forget, keep = typical(problem.X_f, problem.y_f), typical(problem.X_r, problem.y_r)
    return _told(made, weights, problem.X_r, problem.fits_any_labels, forget, keep)


def _of_classes(made: Ready) -> Answer:
    problem = made.labels()
    weights = fit_classes(problem, CAST, 1.0)
    n = problem.n_retain

    def wrong(X: Array, labels: Array) -> dict[str, float]:
        return {key: 100 * float(np.mean((X @ W).argmax(axis=1) != labels)) for key, W in weights.items()}

    forget, keep = wrong(problem.X_f, made.split.labels[n:]), wrong(problem.X_r, made.split.labels[:n])
    full = row_space(problem.rows.X).rank == len(problem.rows.X)
    return _told(made, weights, problem.X_r, full, forget, keep)


def _told(
    made: Ready,
    weights: Mapping[str, Array],
    X_r: Array,
    full: bool,
    forget: Mapping[str, float],
    keep: Mapping[str, float],
) -> Answer:
    gap = weights["fine_tune"] - weights["golden"]
    lengths = np.linalg.norm(gap.reshape(len(gap), -1), axis=1)
    same = at_golden(weights)
    size = max(float(np.linalg.norm(weights["pretrained"])), 1e-300)
    order = [k for k in np.argsort(-lengths, kind="stable") if lengths[k] > SAME * size][:MOST_SHOWN]
    names = (*made.scaled.names, "")
    held = () if made.waves or same else tuple((names[k], float(lengths[k])) for k in order if names[k])
    return Answer(
        target=made.target.name,
        classes=made.classes,
        forget=forget,
        keep=keep,
        n_keep=len(made.split.keep),
        n_forget=len(made.split.forget),
        features=X_r.shape[1],
        waves=made.waves,
        fits_any=full,
        same=same,
        unmoved=not moved(weights),
        left=0.0 if same else float(np.linalg.norm(gap)) / size,
        own=() if made.waves else tuple(made.scaled.names[k] for k in made.scaled.own),
        held=held,
        twins=made.twins,
        notes=made.notes,
    )


# Columns that are shown with what is left in them.
MOST_SHOWN = 12
