"""What the page digits computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from theory.data import (
    CLASS_METHODS,
    ClassMetrics,
    ClassProblem,
    Phase,
    Sight,
    Split,
    Waves,
    directions,
    fit_classes,
    load,
    measure_classes,
    phases,
    split,
)
from theory.linalg import Array
from ui.lessons.digits.text import COUNTS, LENGTH
from ui.plot.view import View
from ui.server.cache import kept

CAST = ("pretrained", "fine_tune", "golden")
PUSHES = tuple(key for key, method in CLASS_METHODS.items() if method.pushes)
OTHERS = tuple(key for key in CLASS_METHODS if key not in (*PUSHES, *CAST))
# Images that are shown.
SHOWN = 8


@dataclass(frozen=True)
class Asked:
    """Which images are forgotten, and what the model sees of them."""

    kind: str
    digit: int | None
    seed: int
    waves: int


def asked(view: View) -> Asked:
    """Return what a View asks for; which digit counts for a class alone."""
    kind = view["kind"]
    return Asked(kind, view["digit"] if kind == "class" else None, view["split"], int(view["waves"]))


@dataclass(frozen=True, eq=False)
class Models:
    """What the models do with the images to forget.

    Attributes
    ----------
    records : of the cast, by key.
    moved : |W_t - W_o| / |W_o|.
    images, taught, true : of the images shown: pixels, the label of the training, what they show.
    said : what each model of the cast answers on them.
    right : how many of all images to forget golden answers with what they show.
    n_retain, n_forget : images to keep and to forget.
    """

    records: Mapping[str, ClassMetrics]
    images: Array
    taught: NDArray[np.intp]
    true: NDArray[np.intp]
    said: Mapping[str, NDArray[np.intp]]
    right: int
    moved: float
    n_retain: int
    n_forget: int


def split_of(what: Asked) -> Split:
    """Return the rows to keep, to forget and held out."""
    return split(load("digits"), what.kind, of=what.digit, seed=what.seed)


@kept(2)
def _features(seed: int, waves: int) -> tuple[Array, Array, NDArray[np.intp]]:
    """Return the features of all images, their products among the training rows, and where each of these stands there.

    At most 2 kept, below 70 MB each; another class or kind only puts the rows in another order.
    """
    table = load("digits")
    X = Waves.draw(table.X.shape[1], waves, LENGTH, seed)(table.X)
    trained = split(table, "random", seed=seed).trained
    places = np.zeros(len(X), dtype=np.intp)
    places[trained] = np.arange(len(trained))
    rows = X[trained]
    return X, rows @ rows.T, places


@kept(2)
def _problem(what: Asked) -> ClassProblem:
    """Return the problem with all that is factored of it; at most 2 kept, below 90 MB each."""
    X, products, places = _features(what.seed, what.waves)
    found = split_of(what)
    order = places[found.trained]
    return ClassProblem.of_split(found, X, products[np.ix_(order, order)])


@kept(64)
def _cast(what: Asked) -> Models:
    problem = _problem(what)
    weights = {"pretrained": problem.w_o, "fine_tune": problem.w_t, "golden": problem.w_g}
    found, n = problem.split, problem.n_retain
    table = found.table
    shown = problem.X_f[:SHOWN]
    golden = (problem.X_f @ weights["golden"]).argmax(axis=1)
    return Models(
        {record.key: record for record in measure_classes(problem, weights)},
        table.X[found.forget[:SHOWN]],
        found.labels[n : n + SHOWN].astype(np.intp),
        table.y[found.forget[:SHOWN]].astype(np.intp),
        {key: (shown @ weights[key]).argmax(axis=1) for key in CAST},
        int((golden == table.y[found.forget]).sum()),
        float(np.linalg.norm(problem.w_t - problem.w_o) / np.linalg.norm(problem.w_o)),
        n,
        problem.n_forget,
    )


@kept(64)
def _others(what: Asked) -> Mapping[str, ClassMetrics]:
    problem = _problem(what)
    return {record.key: record for record in measure_classes(problem, fit_classes(problem, OTHERS, 1.0))}


@kept(64)
def _pushed(what: Asked, alpha: float) -> Mapping[str, ClassMetrics]:
    problem = _problem(what)
    return {record.key: record for record in measure_classes(problem, fit_classes(problem, PUSHES, alpha))}


def models(view: View) -> Models:
    """Return what the cast does."""
    return _cast(asked(view))


def records(view: View) -> dict[str, ClassMetrics]:
    """Return every method's record by key, in the order of the methods."""
    what = asked(view)
    found = {**_cast(what).records, **_others(what), **_pushed(what, view["push"])}
    return {key: found[key] for key in CLASS_METHODS}


@kept(32)
def sight(what: Asked) -> Sight:
    """Return how the row space of the images to forget lies to that of the images to keep."""
    return directions(_problem(what))


def phase_here(view: View) -> Phase:
    """Return what fine-tuning does with this many features, from the models at hand."""
    found = models(view)
    tuned, golden = found.records["fine_tune"], found.records["golden"]
    return Phase(
        features=int(view["waves"]),
        moved=found.moved,
        left=tuned.distance,
        tuned_accuracy=tuned.unlearning_accuracy,
        golden_accuracy=golden.unlearning_accuracy,
    )


def all_phases(view: View) -> tuple[Phase, ...]:
    """Return what fine-tuning does with each number of features."""
    what = asked(view)
    return _phases(Asked(what.kind, what.digit, what.seed, COUNTS[-1]))


@kept(32)
def _phases(what: Asked) -> tuple[Phase, ...]:
    waves = Waves.draw(load("digits").X.shape[1], what.waves, LENGTH, what.seed)
    return phases(split_of(what), np.cos(load("digits").X @ waves.A + waves.b), COUNTS)
