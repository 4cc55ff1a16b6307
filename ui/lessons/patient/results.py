"""What the page patient computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from theory import nearest, remaining_loss, unlearning_loss
from theory.data import load, prepare, split
from theory.linalg import Array
from theory.problem import Problem
from theory.sameness import is_zero
from ui.figures.models import at_golden, moved
from ui.lessons.patient.text import WAVES
from ui.plot.view import View
from ui.server.cache import kept

CAST = ("pretrained", "fine_tune", "golden")


@dataclass(frozen=True)
class Asked:
    """Whose row leaves which table, and what the models see."""

    table: str
    place: int
    seed: int
    waves: int


def asked(view: View) -> Asked:
    """Return what a View asks for."""
    return Asked(view["table"], view["who"] - 1, view["split"], 0 if view["plain"] else WAVES)


@dataclass(frozen=True, eq=False)
class Known:
    """What the models say of the row that left, in the target's own unit.

    Attributes
    ----------
    row : its columns.
    percent : the share of all rows whose column is at most as large.
    true : its value; spread : the standard deviation of the values of the rows to keep.
    said : what each model says.
    usual : golden's median error on rows that no model has seen, of which there are `strangers`.
    same, unmoved, fits : whether fine-tuning ended at golden, whether it changed nothing, and whether the pretrained
        model fits every row to keep, to rounding.
    length, unseen : of the pretrained model, and of its part that the rows to keep cannot see.
    """

    what: Asked
    columns: tuple[str, ...]
    row: Array
    percent: Array
    true: float
    spread: float
    said: Mapping[str, float]
    usual: float
    strangers: int
    n_retain: int
    features: int
    same: bool
    unmoved: bool
    fits: bool
    length: float
    unseen: float


def _cast(problem: Problem) -> dict[str, Array]:
    w_o = problem.w_o
    return {"pretrained": w_o, "fine_tune": nearest(problem.X_r, problem.y_r, w_o), "golden": problem.w_g}


@kept(256)
def known(what: Asked) -> Known:
    """Return what the models say of the row that left."""
    table = load(what.table)
    found = split(table, "rows", of=what.place, seed=what.seed)
    ready = prepare(found, what.waves, seed=what.seed)
    problem, models = ready.problem, _cast(ready.problem)
    (place,) = found.forget
    numbers = [k for k in range(len(table.columns)) if len(np.unique(table.X[:, k])) > 2]
    strangers = ready.answers(problem.fresh().X_f, models["golden"])
    return Known(
        what,
        tuple(table.columns[k] for k in numbers),
        table.X[place, numbers],
        100 * (table.X[:, numbers] <= table.X[place, numbers]).mean(axis=0),
        float(table.y[place]),
        ready.sd,
        {key: float(ready.answers(problem.X_f, w)[0]) for key, w in models.items()},
        float(np.median(np.abs(strangers - table.y[found.strangers]))),
        len(found.strangers),
        problem.n_retain,
        problem.d,
        at_golden(models),
        not moved(models),
        is_zero(remaining_loss(problem, models["pretrained"])),
        float(np.linalg.norm(models["pretrained"])),
        float(np.linalg.norm(models["pretrained"] - problem.retain_space.project(models["pretrained"]))),
    )


@dataclass(frozen=True, eq=False)
class Island:
    """All penguins of an island leave: the models' weights by feature, and their losses in units of the spread.

    Attributes
    ----------
    own : the features that only these penguins use.
    """

    name: str
    features: tuple[str, ...]
    own: tuple[str, ...]
    weights: Mapping[str, Array]
    forgotten: Mapping[str, float]
    kept: Mapping[str, float]
    n_retain: int
    n_forget: int
    same: bool


@kept(32)
def island(name: str, seed: int) -> Island:
    """Return what the models keep of an island's penguins, from the plain columns."""
    ready = prepare(split(load("penguins"), "level", of=("island", name), seed=seed), seed=seed)
    problem, models = ready.problem, _cast(ready.problem)
    return Island(
        name,
        ready.features,
        tuple(ready.features[k] for k in ready.own),
        models,
        {key: unlearning_loss(problem, w) for key, w in models.items()},
        {key: remaining_loss(problem, w) for key, w in models.items()},
        problem.n_retain,
        problem.n_forget,
        at_golden(models),
    )
