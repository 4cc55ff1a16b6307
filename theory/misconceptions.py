"""What people believe about forgetting, and the numbers on a drawn problem that disagree: `Misconception`, `pose`."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from theory.draws import draw
from theory.dynamics import gradient_length, gradient_path, largest_stable_step
from theory.linalg import Array
from theory.losses import remaining_loss, unlearning_loss
from theory.methods import METHODS
from theory.problem import Problem
from theory.sameness import SAME
from theory.spec import Spec
from theory.trade_off import trade_off

# Two answers differ by at least this share of the larger one, so that nobody is right by a digit; and two numbers that
# should be one agree to this share of the largest number beside them.
MARGIN, ROUNDING = 0.1, SAME
# Steps of gradient descent after which a model is read, and a thousand times as many, at half the largest stable step.
FEW, MANY = 10, 10_000
# Two step sizes, as shares of the largest stable one, and how many steps are taken with each.
SMALL, LARGE, STRIDES = 0.2, 0.8, 100
# The push that errs too much: its target, weight and closeness.
WRONG, PUSH, CLOSE = "opposite", 1.0, 0.1
# Weights alpha of a push to shuffled labels, from none to the most.
PUSHES = (0.0, 0.05, 1.0, 100.0)
# Draws a problem may take until its numbers are clear: they are in at least two draws out of three.
TRIES = 200
# Seeds a drawn Spec may have: those of the dashboard.
SEEDS = 1000


@dataclass(frozen=True)
class Evidence:
    """The numbers on one problem that a belief has to face.

    Definition: see the misconception that found them.
    Shapes: one number each.
    Errors: KeyError for a name it does not hold.
    Source: `Misconception.find`.

    Attributes
    ----------
    numbers : every number by its name.
    """

    numbers: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """Return a number by its name."""
        return self.numbers[name]


@dataclass(frozen=True, kw_only=True)
class Misconception:
    """One belief, what contradicts it, and the problems on which it does so clearly.

    Definition: a question whose answer is the number `truth`, next to the numbers other ideas lead to; `is_clear` is
    the rule that every posed problem keeps.
    Shapes: one number each.
    Errors: none.
    Source: derived here from theory sections 1 to 5; each row of MISCONCEPTIONS names its own section.

    Attributes
    ----------
    key : its name in code and data.
    belief : what people say.
    rule : what is the case on every posed problem, in words.
    source : where the truth is stated.
    ranges : values of the Spec's fields that a problem is drawn from.
    truth, rivals : names of the right answer and of the wrong ones.
    less : pairs of names; the first number is smaller than the second, by `MARGIN`.
    alike : pairs of names; the two numbers are one, up to rounding.
    find : Problem -> Evidence.
    """

    key: str
    belief: str
    rule: str
    source: str
    ranges: Mapping[str, tuple[float, ...]]
    truth: str
    rivals: tuple[str, ...]
    less: tuple[tuple[str, str], ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    find: Callable[[Problem], Evidence]

    def is_clear(self, found: Evidence) -> bool:
        """Whether the numbers contradict the belief so that nobody has to look twice: the rule."""
        scale = max(abs(value) for value in found.numbers.values())
        answers = (self.truth, *self.rivals)
        return (
            all(_apart(found[a], found[b]) for a, b in itertools.combinations(answers, 2))
            and all(found[a] < found[b] and _apart(found[a], found[b]) for a, b in self.less)
            and all(abs(found[a] - found[b]) <= ROUNDING * scale for a, b in self.alike)
        )


@dataclass(frozen=True)
class Posed:
    """A misconception's question on a problem drawn for one seed.

    Definition: the first Spec of the seed's stream whose evidence is clear.
    Shapes: see `Spec` and `Evidence`.
    Errors: none.
    Source: `pose`.

    Attributes
    ----------
    spec : the problem.
    evidence : its numbers.
    """

    spec: Spec
    evidence: Evidence


def _apart(a: float, b: float) -> bool:
    return abs(a - b) >= MARGIN * max(abs(a), abs(b)) and a != b


def _length(v: Array) -> float:
    return float(np.linalg.norm(v))


def _leftover(problem: Problem, w: Array) -> float:
    return _length(w - problem.retain_space.project(w))


def _more_steps(problem: Problem) -> Evidence:
    X, y = problem.X_t, problem.y_t
    path = gradient_path(X, y, problem.w_o, (FEW, MANY), largest_stable_step(X) / 2)
    few, many = (unlearning_loss(problem, w) for w in path.weights)
    golden = unlearning_loss(problem, problem.w_g)
    return Evidence(
        {
            "few": few,
            "many": many,
            "golden": golden,
            "halfway": golden / 2,
            "beyond": 2 * golden,
            "nothing": 0.0,
            "gradient": float(gradient_length(X, y, path.weights)[0]),
        }
    )


def _larger_step(problem: Problem) -> Evidence:
    limit, start = largest_stable_step(problem.X_t), problem.w_o
    small, large = (
        gradient_path(problem.X_t, problem.y_t, start, (STRIDES,), share * limit).weights[0] for share in (SMALL, LARGE)
    )
    leftover = _leftover(problem, small)
    return Evidence(
        {
            "before": _leftover(problem, start),
            "small": leftover,
            "large": _leftover(problem, large),
            "quarter": leftover * SMALL / LARGE,
            "nothing": 0.0,
            "fourfold": leftover * LARGE / SMALL,
            "remaining_small": remaining_loss(problem, small),
            "remaining_large": remaining_loss(problem, large),
        }
    )


def _zero_loss(problem: Problem) -> Evidence:
    tuned = METHODS["fine_tune"].fit(problem)
    share = (_leftover(problem, tuned) / _length(tuned)) ** 2
    return Evidence(
        {
            "remaining": remaining_loss(problem, tuned),
            "tuned": unlearning_loss(problem, tuned),
            "golden": unlearning_loss(problem, problem.w_g),
            "share": share,
            "seen": 1 - share,
            "nothing": 0.0,
            "everything": 1.0,
        }
    )


def _high_error(problem: Problem) -> Evidence:
    pushed = METHODS["discriminative"].fit(problem, alpha=PUSH, target=WRONG, mu=CLOSE)
    before = _length(problem.w_o - problem.w_g)
    return Evidence(
        {
            "pushed_loss": unlearning_loss(problem, pushed),
            "golden_loss": unlearning_loss(problem, problem.w_g),
            "pushed": _length(pushed - problem.w_g),
            "pretrained": before,
            "halfway": before / 2,
            "nothing": 0.0,
        }
    )


def _same_end(problem: Problem) -> Evidence:
    tuned = METHODS["fine_tune"].fit(problem)
    return Evidence(
        {
            "tuned": _length(tuned - problem.w_g),
            "pretrained": _length(problem.w_o - problem.w_g),
            "nothing": 0.0,
            "remaining_tuned": remaining_loss(problem, tuned),
            "remaining_golden": remaining_loss(problem, problem.w_g),
            "tuned_loss": unlearning_loss(problem, tuned),
            "golden_loss": unlearning_loss(problem, problem.w_g),
        }
    )


def _deleted_row(problem: Problem) -> Evidence:
    """Read the deleted label off the model, for the row whose four candidate answers are most clearly different."""
    X_r, X_f = problem.X_r, problem.X_f
    cosines = X_f @ X_r.T / np.linalg.norm(X_r, axis=1)  # a row's own length does not change which one is nearest
    readings = np.stack(
        [X_f @ problem.w_o, X_f @ problem.w_g, problem.y_r[np.argmax(cosines, axis=1)], np.zeros(len(X_f))]
    )
    gaps = np.min([np.abs(a - b) for a, b in itertools.combinations(readings, 2)], axis=0)
    row = int(np.argmax(gaps / np.abs(readings).max(axis=0)))
    pretrained, golden, neighbour, nothing = readings[:, row].tolist()
    return Evidence(
        {
            "row": row + 1.0,
            "label": float(problem.y_f[row]),
            "pretrained": pretrained,
            "golden": golden,
            "neighbour": neighbour,
            "nothing": nothing,
            "golden_loss": unlearning_loss(problem, problem.w_g),
            "pretrained_loss": unlearning_loss(problem, problem.w_o),
        }
    )


def _larger_alpha(problem: Problem) -> Evidence:
    none, modest, strong, most = trade_off(problem, PUSHES, "shuffled", CLOSE).distance.tolist()
    names = ("none", "modest", "strong", "most")
    distances = {"none_distance": none, "modest_distance": modest, "strong_distance": strong, "most_distance": most}
    return Evidence({**dict(zip(names, PUSHES, strict=True)), **distances})


def _masked(problem: Problem) -> Evidence:
    masked = METHODS["keep_overlap"].fit(problem)
    return Evidence(
        {
            "masked": unlearning_loss(problem, masked),
            "golden": unlearning_loss(problem, problem.w_g),
            "nothing": 0.0,
            "ignorant": float(np.mean(problem.y_f**2)),
            "remaining": remaining_loss(problem, masked),
        }
    )


# Far more features than rows: the pretrained model fits every row.
_ROOMY: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "d": (160, 180, 200, 220, 240),
        "overlap": (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5),
        "n_retain": (30, 40, 50),
        "n_forget": (30, 40, 50),
        "noise": (0.0, 0.25, 0.5),
    }
)
# Noisy rows that compete for the shared features: the pretrained model fits neither set, and training moves it.
_CROWDED: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "d": (100, 105, 110),
        "overlap": (0.3, 0.35, 0.4),
        "n_retain": (56, 58, 60),
        "n_forget": (120, 135, 150),
        "noise": (0.75, 1.0, 1.25),
    }
)
# Rows to forget that take up most of the features they use: a push bends the weights far.
_PUSHED: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "d": (120, 130, 140),
        "overlap": (0.3, 0.35, 0.4, 0.45, 0.5),
        "n_retain": (20, 25, 30),
        "n_forget": (50, 55, 60),
        "noise": (0.0, 0.05, 0.1),
    }
)

_ROWS = (
    Misconception(
        key="more_steps",
        belief="More epochs will make it forget.",
        rule="The unlearning loss after a thousand times as many steps is the same number, far from golden's.",
        source="theory section 2 (I2)",
        ranges=_ROOMY,
        truth="many",
        rivals=("halfway", "golden", "beyond"),
        less=(("many", "golden"),),
        alike=(("few", "many"), ("many", "nothing"), ("gradient", "nothing")),
        find=_more_steps,
    ),
    Misconception(
        key="larger_step",
        belief="A larger step will make it forget.",
        rule="The leftover is the same after small and after large steps, and as long as before the first; the "
        "remaining loss falls lower with large ones.",
        source="theory section 5",
        ranges=_CROWDED,
        truth="large",
        rivals=("quarter", "nothing", "fourfold"),
        less=(("remaining_large", "remaining_small"),),
        alike=(("before", "small"), ("before", "large")),
        find=_larger_step,
    ),
    Misconception(
        key="zero_loss",
        belief="Zero remaining loss means that nothing else is left in the model.",
        rule="The fine-tuned model has no remaining loss, errs less than golden on the rows to forget, and more than "
        "half of its squared length is invisible to the rows to keep.",
        source="theory section 2 (I1, I3)",
        ranges={**_ROOMY, "n_retain": (25, 30, 35), "n_forget": (60, 65, 70), "overlap": (0.3, 0.35, 0.4, 0.45, 0.5)},
        truth="share",
        rivals=("nothing", "seen", "everything"),
        less=(("tuned", "golden"), ("seen", "share")),
        alike=(("remaining", "nothing"), ("tuned", "nothing")),
        find=_zero_loss,
    ),
    Misconception(
        key="high_error",
        belief="A high error on the rows to forget means that they are forgotten.",
        rule="The pushed model errs more than golden on the rows to forget, and is farther from golden than the "
        "pretrained model.",
        source="theory section 4 (D5)",
        ranges={**_PUSHED, "overlap": (0.5, 0.55, 0.6, 0.65), "n_retain": (45, 50, 55), "n_forget": (25, 30, 35)},
        truth="pushed",
        rivals=("nothing", "halfway", "pretrained"),
        less=(("golden_loss", "pushed_loss"), ("pretrained", "pushed")),
        find=_high_error,
    ),
    Misconception(
        key="same_end",
        belief="Retraining and fine-tuning end at the same point.",
        rule="Both end without remaining loss, at different weights; fine-tuning has come nearer to golden on the way.",
        source="theory section 2 (I1, I6)",
        ranges=_CROWDED,
        truth="tuned",
        rivals=("nothing", "pretrained"),
        less=(("tuned", "pretrained"),),
        alike=(("remaining_tuned", "nothing"), ("remaining_golden", "nothing")),
        find=_same_end,
    ),
    Misconception(
        key="deleted_rows",
        belief="Deleting the rows from the table removes them from the model.",
        rule="The pretrained model gives the deleted label to the last digit; golden, its nearest row to keep and zero "
        "are other numbers.",
        source="theory section 1",
        ranges={**_ROOMY, "overlap": (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)},
        truth="pretrained",
        rivals=("golden", "neighbour", "nothing"),
        less=(("pretrained_loss", "golden_loss"),),
        alike=(("pretrained", "label"),),
        find=_deleted_row,
    ),
    Misconception(
        key="larger_alpha",
        belief="The larger alpha, the better it forgets.",
        rule="Of four weights of the push, the modest one ends nearest to golden; the largest ends farther away than "
        "no push at all.",
        source="theory section 4 (D5)",
        ranges=_PUSHED,
        truth="modest",
        rivals=("none", "strong", "most"),
        less=(
            ("modest_distance", "none_distance"),
            ("modest_distance", "strong_distance"),
            ("none_distance", "most_distance"),
        ),
        find=_larger_alpha,
    ),
    Misconception(
        key="masked",
        belief="A mask, which drops features, always forgets.",
        rule="After Option A and fine-tuning the unlearning loss is above zero and well below golden's.",
        source="theory section 3 (R2)",
        ranges={**_ROOMY, "overlap": (0.55, 0.6, 0.65, 0.7, 0.75), "n_retain": (50, 55, 60), "noise": (0.0, 0.1)},
        truth="masked",
        rivals=("nothing", "golden", "ignorant"),
        less=(("masked", "golden"),),
        alike=(("remaining", "nothing"),),
        find=_masked,
    ),
)

MISCONCEPTIONS: Mapping[str, Misconception] = MappingProxyType({row.key: row for row in _ROWS})


def _specs(misconception: Misconception, seed: int) -> Callable[[], Spec]:
    """Return what draws the next Spec of a seed's stream, which is the misconception's own."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, *misconception.key.encode()]))

    def following() -> Spec:
        fields = {name: values[rng.integers(len(values))] for name, values in misconception.ranges.items()}
        return Spec(**fields, seed=int(rng.integers(SEEDS)))  # type: ignore[arg-type]

    return following


def pose(misconception: Misconception, seed: int) -> Posed:
    """Draw a problem on which the numbers contradict a belief clearly.

    Definition: Specs drawn evenly from the misconception's ranges, from a stream of the seed and its key, until
    `is_clear`.
    Shapes: seed a whole number, at least 0.
    Errors: RuntimeError if none of `TRIES` draws is clear: the ranges do not fit the rule.
    Source: derived here.
    """
    following = _specs(misconception, seed)
    for _ in range(TRIES):
        spec = following()
        found = misconception.find(draw(spec))
        if misconception.is_clear(found):
            return Posed(spec, found)
    raise RuntimeError(f"none of {TRIES} problems is clear for {misconception.key}: choose ranges that fit its rule")
