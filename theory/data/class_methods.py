"""The methods that can be tried on rows with classes, each in closed form: `CLASS_METHODS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import scipy.linalg
from scipy.linalg.lapack import dtrtri

from theory.data.classes import ClassProblem
from theory.data.features import one_hot
from theory.linalg import Array
from theory.streams import stream

# How closely discriminative regularization keeps to the pretrained model, and the strength of decay per row to keep;
# while they are the same, what is factored for one serves the other.
MU, DECAY = 1e-4, 1e-4
# A ridge that changes no answer, as a share of the mean square of a row.
SLIGHT = 1e-8
# The stream of a seed for wrong targets.
TARGETS = 104


@dataclass(frozen=True, kw_only=True)
class ClassMethod:
    """One way to forget rows with classes.

    Definition: a function of the problem and of the weight alpha of a push, which most have no use for.
    Shapes: fit returns weights (p, classes).
    Errors: none.
    Source: each names its own.

    Attributes
    ----------
    label : what it is called on screen.
    idea : what it does, in one sentence.
    fit : problem, alpha -> weights.
    pushes : whether it is a push of weight alpha; `fit` then gives the targets of the rows to forget.
    tuned : whether it ends with fine-tuning on the rows to keep; `fit` then gives where that starts.
    """

    key: str
    label: str
    idea: str
    source: str
    fit: Callable[[ClassProblem, float], Array]
    pushes: bool = False
    tuned: bool = False


def _masked(keep: Callable[[ClassProblem], Array]) -> Callable[[ClassProblem, float], Array]:
    def masked(problem: ClassProblem, alpha: float) -> Array:
        stays = keep(problem)
        return problem.w_o if stays.all() else problem.w_o * stays[:, None]

    return masked


def _retain_uses(problem: ClassProblem) -> Array:
    return np.asarray(problem.X_r.any(axis=0), dtype=np.float64)


def _forget_does_not(problem: ClassProblem) -> Array:
    return np.asarray(~problem.X_f.any(axis=0), dtype=np.float64)


def lightest(problem: ClassProblem, share: float) -> Array:
    """Return 1 for the columns that stay, else 0, when a share of them goes, the most forget-heavy first.

    Heavy is the mean square over the rows to forget beside that over the rows to keep.
    """
    stays = np.ones(len(problem.of_keep))
    stays[np.argsort(problem.of_keep, kind="stable")[: round(share * len(stays))]] = 0.0
    return stays


def _blank(problem: ClassProblem, alpha: float) -> Array:
    """Return the model taught by a blank teacher to say nothing on the rows to forget: (I - P_f) W_o."""
    return problem.w_o - problem.rows.forget_space.project(problem.w_o)


def _projected(problem: ClassProblem, alpha: float) -> Array:
    return problem.seen


def wrong_targets(problem: ClassProblem) -> Array:
    """Return one-hot targets of the rows to forget, drawn evenly among the other classes: (n_forget, classes)."""
    moved = stream(problem.split.seed, TARGETS).integers(1, problem.classes, problem.n_forget)
    return one_hot((problem.split.labels[problem.n_retain :] + moved) % problem.classes, problem.classes)


def even_targets(problem: ClassProblem) -> Array:
    """Return targets of the rows to forget that prefer no class: (n_forget, classes)."""
    return np.full((problem.n_forget, problem.classes), 1 / problem.classes)


def second_guesses(problem: ClassProblem) -> Array:
    """Return one-hot targets of the rows to forget, the best other class of the model trained without that one row.

    It says E_i - (G E)_i / G_ii on row i, with G = (X X' + e I)^-1 and an e that only makes it invertible: 0 where X X'
    is. With L L' = 1 / G the last rows of G need L's last block alone.
    """
    n, lower = problem.n_retain, problem.rows.spaces[2].triangle
    if lower is None:
        products = problem.rows.gram_seen.copy()
        products.flat[:: len(products) + 1] += SLIGHT * float(np.trace(products)) / len(products)
        lower = scipy.linalg.cholesky(products.T, lower=True, overwrite_a=True, check_finite=False)
    half = scipy.linalg.solve_triangular(lower, problem.targets, lower=True, check_finite=False)
    corner = dtrtri(lower[n:, n:], lower=1)[0]
    said = problem.E_f - (corner.T @ half[n:]) / (corner**2).sum(axis=0)[:, None]
    return one_hot(np.where(problem.E_f > 0, -np.inf, said).argmax(axis=1).astype(np.float64), problem.classes)


def pushed(problem: ClassProblem, targets: Array, alpha: float, mu: float = MU) -> Array:
    """Return the minimiser of |X_r W - E_r|^2 / n_r + alpha |X_f W - T|^2 / n_f + mu |W - W_o|^2.

    Definition: W_o + X' (X X' + mu diag(n_r, n_f / alpha))^-1 ([E_r; T] - X W_o), all columns at once; alpha 0 leaves
    the rows to forget out.
    Shapes: targets (n_forget, classes) -> (p, classes); k times as many columns for k targets side by side.
    Errors: none; mu and alpha are positive.
    Source: derived here from section 5 of arXiv 2410.03833v1.
    """
    several, said = targets.shape[1] // problem.classes, problem.rows.X @ problem.w_o
    kept = np.tile(problem.E_r - said[: problem.n_retain], several)
    gone = targets - np.tile(said[problem.n_retain :], several)
    ends = np.concatenate(problem.rows.elimination(mu).solve(kept, gone, np.array([alpha])))
    return np.asarray(np.tile(problem.w_o, several) + problem.rows.X.T @ ends)


def _towards(targets: Callable[[ClassProblem], Array]) -> Callable[[ClassProblem, float], Array]:
    return lambda problem, alpha: targets(problem)


def _decayed(problem: ClassProblem, alpha: float) -> Array:
    """Return fine-tuning with weight decay at its end, X_r' (X_r X_r' + n_r lambda I)^-1 E_r."""
    return np.asarray(problem.X_r.T @ problem.rows.elimination(DECAY).retain(problem.E_r))


_MASKS = "our reading of arXiv 2410.03833v1, section 4"
_PUSH = "our reading of arXiv 2410.03833v1, section 5"
_ROWS = (
    ClassMethod(
        key="pretrained",
        label="Pretrained",
        idea="Trained on all rows, before anyone asked it to forget.",
        source="standard: the minimum-norm least-squares fit",
        fit=lambda problem, alpha: problem.w_o,
    ),
    ClassMethod(
        key="fine_tune",
        label="Fine-tuned",
        idea="Trained on with the rows to keep until nothing changes.",
        source="arXiv 2410.03833v1, the abstract; Theorems 3.2 and 3.4 as reviews report them",
        fit=lambda problem, alpha: problem.w_o,
        tuned=True,
    ),
    ClassMethod(
        key="golden",
        label="Golden",
        idea="Trained from scratch without the rows to forget.",
        source="standard: the minimum-norm least-squares fit",
        fit=lambda problem, alpha: problem.w_g,
    ),
    ClassMethod(
        key="project",
        label="Projection + tuning",
        idea="Keep what the rows to keep can see of the model, then fine-tune.",
        source="derived here",
        fit=_projected,
        tuned=True,
    ),
    ClassMethod(
        key="keep_overlap",
        label="Option A + tuning",
        idea="Zero the features that only the rows to forget use, then fine-tune.",
        source=_MASKS,
        fit=_masked(_retain_uses),
        tuned=True,
    ),
    ClassMethod(
        key="drop_overlap",
        label="Option B + tuning",
        idea="Zero every feature that the rows to forget use, then fine-tune.",
        source=_MASKS,
        fit=_masked(_forget_does_not),
        tuned=True,
    ),
    ClassMethod(
        key="soft_half",
        label="Soft mask 50% + tuning",
        idea="Zero the half of the features that is heaviest on the rows to forget, then fine-tune.",
        source="derived here",
        fit=_masked(lambda problem: lightest(problem, 0.5)),
        tuned=True,
    ),
    ClassMethod(
        key="soft_most",
        label="Soft mask 90% + tuning",
        idea="Zero the nine tenths of the features that are heaviest on the rows to forget, then fine-tune.",
        source="derived here",
        fit=_masked(lambda problem: lightest(problem, 0.9)),
        tuned=True,
    ),
    ClassMethod(
        key="blank",
        label="Blank teacher + tuning",
        idea="Train it to say nothing on the rows to forget, then fine-tune.",
        source="after arXiv 2308.14322, with a teacher of zeros",
        fit=_blank,
        tuned=True,
    ),
    ClassMethod(
        key="push_wrong",
        label="Push to a wrong class",
        idea="Keep the rows to keep right and push each row to forget to another class, drawn at random.",
        source=_PUSH,
        fit=_towards(wrong_targets),
        pushes=True,
    ),
    ClassMethod(
        key="push_second",
        label="Push to the second guess",
        idea="Keep the rows to keep right and push the rows to forget to what the model would say second.",
        source=_PUSH,
        fit=_towards(second_guesses),
        pushes=True,
    ),
    ClassMethod(
        key="push_even",
        label="Push to no class",
        idea="Keep the rows to keep right and push the rows to forget to all classes alike.",
        source=_PUSH,
        fit=_towards(even_targets),
        pushes=True,
    ),
    ClassMethod(
        key="decay",
        label="Weight decay to the end",
        idea="Fine-tune while all weights shrink, until nothing changes.",
        source="standard; its law (I7) is derived here",
        fit=_decayed,
    ),
)
CLASS_METHODS: Mapping[str, ClassMethod] = MappingProxyType({row.key: row for row in _ROWS})


def _ends(problem: ClassProblem, start: Array) -> tuple[Array, ...]:
    """Return where fine-tuning from a start ends, if a model of the problem is defined as that."""
    return (problem.w_t,) if start is problem.w_o else () if start.any() else (problem.w_g,)


def fit_classes(problem: ClassProblem, keys: tuple[str, ...], alpha: float) -> dict[str, Array]:
    """Return the weights of methods by key; those that end alike, with fine-tuning or a push, end at once.

    Definition: see `CLASS_METHODS`.
    Shapes: weights (p, classes).
    Errors: KeyError for a key that is no method's.
    Source: each method's own.
    """
    found = {key: CLASS_METHODS[key].fit(problem, alpha) for key in keys}
    tuned = [key for key in keys if CLASS_METHODS[key].tuned]
    # From the pretrained model, and from nothing, the ends are at hand.
    known = {key: end for key in tuned for end in _ends(problem, found[key])}
    tuned = [key for key in tuned if key not in known]
    found |= known
    if tuned:
        starts = np.concatenate([found[key] for key in tuned], axis=1)
        ends = problem.rows.spaces[1].nearest(np.tile(problem.E_r, len(tuned)), starts)
        found.update(zip(tuned, np.split(ends, len(tuned), axis=1), strict=True))
    pushes = [key for key in keys if CLASS_METHODS[key].pushes]
    if pushes:
        ends = pushed(problem, np.concatenate([found[key] for key in pushes], axis=1), alpha)
        found.update(zip(pushes, np.split(ends, len(pushes), axis=1), strict=True))
    return found
