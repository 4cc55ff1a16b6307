"""What the page digits computes and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from theory.data import (
    CLASS_METHODS,
    ClassMetrics,
    ClassProblem,
    Growth,
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
    frequent, times : what golden answers most often on them, and how often.
    n_retain, n_forget : images to keep and to forget.
    """

    records: Mapping[str, ClassMetrics]
    images: Array
    taught: NDArray[np.intp]
    true: NDArray[np.intp]
    said: Mapping[str, NDArray[np.intp]]
    right: int
    frequent: int
    times: int
    moved: float
    n_retain: int
    n_forget: int


def split_of(what: Asked) -> Split:
    """Return the rows to keep, to forget and held out."""
    return split(load("digits"), what.kind, of=what.digit, seed=what.seed)


@kept(2)
def _features(seed: int, waves: int) -> tuple[Array, Array, Array, NDArray[np.intp]]:
    """Return the features of the training images and of the others, the products of the first, and their places there.

    At most 2 kept, below 70 MB each; another class or kind only puts the training images in another order.
    """
    table = load("digits")
    found = split(table, "random", seed=seed)
    features = Waves.draw(table.X.shape[1], waves, LENGTH, seed)
    X = features(table.X[found.trained])
    places = np.zeros(len(table.X), dtype=np.intp)
    places[found.trained] = np.arange(len(X))
    return X, features(table.X[found.held]), X @ X.T, places


@kept(2)
def _problem(what: Asked) -> ClassProblem:
    """Return the problem with all that is factored of it; at most 2 kept, below 90 MB each."""
    X, held, products, places = _features(what.seed, what.waves)
    found = split_of(what)
    order = places[found.trained]
    return ClassProblem.of_trained(found, X[order], products[np.ix_(order, order)], held)


@kept(64)
def _cast(what: Asked) -> Models:
    problem = _problem(what)
    sight(what)  # takes little while the problem is at hand, and a new split's may be gone when its picture asks
    weights = {"pretrained": problem.w_o, "fine_tune": problem.w_t, "golden": problem.w_g}
    found, n = problem.split, problem.n_retain
    table = found.table
    shown = problem.X_f[:SHOWN]
    golden = (problem.X_f @ weights["golden"]).argmax(axis=1)
    counts = np.bincount(golden)
    return Models(
        {record.key: record for record in measure_classes(problem, weights)},
        table.X[found.forget[:SHOWN]],
        found.labels[n : n + SHOWN].astype(np.intp),
        table.y[found.forget[:SHOWN]].astype(np.intp),
        {key: (shown @ weights[key]).argmax(axis=1) for key in CAST},
        int((golden == table.y[found.forget]).sum()),
        int(counts.argmax()),
        int(counts.max()),
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
    return _phases(replace(asked(view), waves=COUNTS[-1]))


@kept(1)
def _growth(seed: int) -> Growth:
    """Return what the phases of every class and kind have in common; 1 kept, below 50 MB."""
    table = load("digits")
    trained = split(table, "random", seed=seed).trained
    waves = Waves.draw(table.X.shape[1], COUNTS[-1], LENGTH, seed)
    return Growth.of_waves(trained, np.cos(table.X[trained] @ waves.A + waves.b), COUNTS)


@kept(32)
def _phases(what: Asked) -> tuple[Phase, ...]:
    return phases(split_of(what), _growth(what.seed))
