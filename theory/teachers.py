"""Teachers that the rows to forget are handed to: one that knows nothing, one drawn at random, one to disobey."""

import math

import numpy as np

from theory.ascent import climbing_step
from theory.damped import START, ridge_pretrained
from theory.linalg import Array
from theory.method import RIDGE_GOLDEN, Method, Option, Parameter
from theory.problem import Problem
from theory.streams import TEACHER, stream
from theory.tuning import fine_tune_from

TEACHERS = {
    "random": "Weights drawn at random, in length like the pretrained model's.",
    "zero": "A teacher that answers 0 to everything.",
}
# How SCRUB weighs staying near the teacher against the loss on the rows to keep.
CLOSE, LOSS = 0.1, 0.99


def teacher_weights(problem: Problem, teacher: str, scale: float) -> Array:
    """Return the weights of the teacher, (d,): zero, or normal with standard deviation scale |w_o| / sqrt(d).

    (8) They come from the problem's own stream, so another draw of the data brings another teacher.
    """
    if teacher == "zero":
        return np.zeros(problem.d)
    size = scale * float(np.linalg.norm(problem.w_o)) / math.sqrt(problem.d)
    return size * stream(problem.seed, TEACHER).standard_normal(problem.d)


def stochastic_teacher(problem: Problem, teacher: str = "random", scale: float = 1.0) -> Array:
    """Answer the forget rows as a teacher does that never saw them, then fine-tune, (d,).

    Definition: w_e = N(X_f, X_f w_s; w_o) = (I - P_f) w_o + P_f w_s, then N(X_t, y_t; w_e).
    Source: our reading of arXiv 2308.14322 (erasure by a random teacher, then reconstruction).
    """
    w_s = teacher_weights(problem, teacher, scale)
    erased = problem.w_o + problem.rows.forget_space.project(w_s - problem.w_o)
    return fine_tune_from(problem, erased)


def scrub(problem: Problem, rounds: float = 50, ridge: float = 1.0) -> Array:
    """Disobey the teacher on the forget rows and follow the retain rows, in turns, (d,).

    Definition: u = w - w_0. A round adds c X_f'X_f u, which raises |X_f u|^2, and takes one gradient step on
    CLOSE |X_r u|^2 / n_r + LOSS |X_r w - y_r|^2 / n_r. So (I - P_r) w is (I - P_r) w_0 plus what the first part added.
    Source: our reading of Kurmanji et al. 2023 (arXiv 2302.09880) as others report it; the softmax is lost.
    """
    start = ridge_pretrained(problem, ridge)
    X_r, X_f, (_, steepest, _) = problem.X_r, problem.X_f, problem.rows.steepest
    up, down = climbing_step(problem.rows), 1 / ((CLOSE + LOSS) * steepest) if steepest > 0 else 0.0
    w = start.copy()
    for _ in range(round(rounds)):
        w = w + up * (X_f.T @ (X_f @ (w - start)))
        w = w - down * (X_r.T @ (CLOSE * (X_r @ (w - start)) + LOSS * (X_r @ w - problem.y_r)))
    return w


def _seen_rows(problem: Problem, **_: object) -> int:
    return problem.tune_rows + problem.n_forget


def _round_rows(problem: Problem, rounds: float, **_: object) -> int:
    return round(rounds) * len(problem.X)


_BOTH = frozenset({"retain", "forget", "pretrained"})
ROWS = (
    Method(
        key="stochastic_teacher",
        label="Stochastic teacher",
        formula=r"N(X_t, y_t;\ w_o + P_f(w_s - w_o))",
        idea="Answer the rows to forget as a teacher who never saw them, then fine-tune on the rows to keep.",
        source="our reading of arXiv 2308.14322",
        needs=_BOTH,
        parameters=(
            Option(name="teacher", default="random", options=TEACHERS, help="Who answers for the rows to forget."),
            Parameter(
                name="scale",
                default=1.0,
                low=0.0,
                high=2.0,
                log=False,
                help="Length of a random teacher, as a share of the pretrained model's.",
            ),
        ),
        fit=stochastic_teacher,
        touches=_seen_rows,
        at_interpolation="What the rows to forget taught is overwritten with the teacher's answers, as far as the "
        "rows to keep leave it open. A teacher who answers 0 brings it to golden where the two "
        "sets share no feature.",
        seeds_paper="2308.14322",
    ),
    Method(
        key="scrub",
        label="SCRUB",
        formula=r"u \leftarrow u + c\,X_f'X_f u,\quad w \leftarrow w - \eta\,\nabla(\gamma L_r"
        r" + \tfrac{a}{n_r}|X_r u|^2),\quad u = w - w_0",
        idea="Disagree with the old model on the rows to forget and agree with it on the others, in turns.",
        source="our reading of Kurmanji et al. 2023 (arXiv 2302.09880)",
        needs=_BOTH,
        parameters=(
            Parameter(
                name="rounds",
                default=50,
                low=0,
                high=200,
                log=False,
                help="Rounds: one step away from the old model, one step back to the rows to keep.",
                whole=True,
            ),
            START,
        ),
        fit=scrub,
        reference=RIDGE_GOLDEN,
        touches=_round_rows,
        iterated=True,
        at_interpolation="It stands still: the student is the teacher, and to disagree has no direction yet.",
    ),
)
