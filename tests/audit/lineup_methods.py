"""What the page lineup says of every method: its idea, what it does at interpolation, its rows; and the timing."""

import re

import numpy as np

from tests.audit.facts import RANK
from tests.audit.judging import Rule, both
from tests.audit.reading import NUMBER, plain, shows, value
from theory import METHODS
from ui.lessons.lineup.results import board
from ui.lessons.lineup.sentences import told
from ui.server.results import problem_of

PAGES = ("lineup",)
# Methods that invert the products of all rows.
INVERTED = ("exact_deletion", "datamodel")
# Singular values within this factor of `RANK` are neither rounding nor none.
ROOM = 1e3
# What a method is told to do: what it does is measured beside it.
IDEAS = (
    "Train the pretrained model further, on the rows to keep alone",
    "Zero the weights that only the rows to forget use",
    "Zero every weight the rows to forget use",
    "Keep only what the rows to keep can see of the pretrained model",
    "Stay right on the rows to keep while pushing",
    "Fine-tune while all weights shrink",
    "Push the rows to forget to a wrong target",
    "Take out of the pretrained model everything that only the labels",
    "Divide the evidence of the rows to forget out of a posterior",
    "One step that divides the change of the gradient",
    "The same step with the curvature of all rows",
    "One plain gradient step in place of the curvature",
    "A Newton step on a model trained with a random pull",
    "Predict what the model would say without each row to forget alone",
    "Train on many random subsets of the rows",
    "Match golden's own answers on some rows",
    "Answer the rows to forget as a teacher who never saw them",
    "Disagree with the old model on the rows to forget",
    "Make the errors on the rows to forget larger",
    "Climb the loss on the rows to forget while descending",
    "Fine-tune while all weights shrink by the same amount",
    "Zero the weights on which the error of the rows to forget hangs most",
    "Train on separate shards from the start and average",
    "Flatten the model around the rows to forget",
    "The model before anyone asked it to forget",
    "Retrained from scratch without the rows to forget",
)


def texts(view):
    """What is told of every method, without its formula and its name."""
    problem, found = problem_of(view.data), board(view)
    said = {}
    for key, method in METHODS.items():
        text = re.sub(r"\$\$.*?\$\$|:small\[|\]$", "", told(method, problem, found[key]), flags=re.DOTALL)
        said[f"told of {key}"] = plain(text).strip().removeprefix(f"{method.label}. ")
    return said


def _key(f):
    return f.where.removeprefix("told of ")


def _where_it_fits(truth):
    """The truth of what a method does where the model fits every row; elsewhere nothing is asserted."""

    def judged(f, m):
        fits = both(f.zero(f.remaining(f.w_o)), f.zero(f.unlearning(f.w_o)))
        w = f.weights.get(_key(f))
        return truth(f, w) if fits is True and w is not None else None

    return judged


def _at_ridge_golden(f, w):
    return f.one(w, f.beside(_key(f))[1])


def _hardly_moves(f, w):
    """With next to no ridge: neither errors on the rows to forget, nor a step that follows them."""
    made = METHODS[_key(f)].fit(f.problem, **{**f.own[_key(f)], "ridge": 1e-3})
    X, y = f.X, f.y
    start = X.T @ np.linalg.solve(X @ X.T + 1e-3 * np.eye(len(X)), y)
    if f.unlearning(start) > 1e-4 * np.mean(y**2):
        return None  # rows so alike that this ridge is none that fits them
    return bool(np.linalg.norm(made - start) <= 0.1 * f.size)


def _stands_still(f, w):
    return f.one(METHODS[_key(f)].fit(f.problem, **{**f.own[_key(f)], "ridge": 0.0}), f.w_o)


def _target_alone(f, w):
    """With the labels themselves for a target there is nothing to move for."""
    target = f.target(f.own[_key(f)]["target"])
    return f.one(w, f.w_o) if np.allclose(target, f.y_f, rtol=1e-12, atol=1e-12) else True


def _option_a(f, w):
    lost, kept = np.split(np.arange(f.d), [f.d - f.forget_only])[::-1]
    return both(not w[lost].any(), f.nothing(np.linalg.norm((w - f.w_o)[kept])))


def _oracle(f, w):
    probe = f.own["oracle_matching"]["probe"]
    return f.one(w, f.w_o) if probe == "retain" else f.one(w, f.w_g) if probe == "both" else None


def _teacher(f, w):
    zero = f.own["stochastic_teacher"]["teacher"] == "zero" and f.shared == 0 and f.n_t == len(f.y_r)
    return both(f.zero(_seen(f, w)), f.one(w, f.w_g) if zero else True)


def _seen(f, w):
    return float(np.mean((f.X_t @ w - f.y_t) ** 2))


def _shrunk(f, w):
    factor = float(w @ f.w_o) / max(float(f.w_o @ f.w_o), 1e-300)
    return both(f.nothing(np.linalg.norm(w - factor * f.w_o)), 0 <= factor <= 1 + 1e-9)


def _sparse(f, w):
    alone = slice(f.d - f.forget_only, f.d)
    return bool((np.abs(w[alone]) <= np.abs(f.w_o[alone]) + 1e-9 * f.size).all())


def _datamodel(f, w):
    return both(f.zero(f.remaining(w)), f.one(w, f.w_g) if len(f.y_f) == 1 else True)


AT_INTERPOLATION = {
    "It is the model that interpolates": lambda f, w: f.one(w, f.w_o),
    "It fits the rows to keep exactly and knows nothing of the others": lambda f, w: both(
        f.zero(f.remaining(w)), f.nothing(f.leftover(w))
    ),
    "It stands still: the loss on the rows to keep is zero already": lambda f, w: f.one(w, f.w_o),
    "It loses what only the rows to forget use; shared weights keep": _option_a,
    "It starts the shared weights again, and fits the rows that fine-tuning sees": lambda f, w: f.zero(_seen(f, w)),
    "It ends at golden if fine-tuning sees all rows to keep": lambda f, w: (
        f.one(w, f.w_g) if f.n_t == len(f.y_r) else None
    ),
    "It moves because of its target alone": _target_alone,
    "It moves because of the decay alone": lambda f, w: (
        f.one(w, f.w_o) if f.own["weight_decay"]["decay"] == 0 else True
    ),
    "It moves towards its target, and stops on the way": _target_alone,
    "It ends at golden: what it subtracts": lambda f, w: f.one(w, f.w_g),
    "It ends at the ridge golden model: where nothing is known": _at_ridge_golden,
    "It ends at the ridge golden model; the less ridge": _at_ridge_golden,
    "It hardly moves: the errors on the rows to forget": _hardly_moves,
    "It ends at the ridge golden model plus what the random pull adds": lambda f, w: (
        _at_ridge_golden(f, w) if f.own["certified_removal"]["noise"] == 0 else True
    ),
    "It fits the rows to keep exactly, and is golden only where": _datamodel,
    "It moves as far as the subsets tell it to": lambda f, w: True,
    "Matched on all rows it ends at golden; on the rows to keep alone": _oracle,
    "What the rows to forget taught is overwritten with the teacher's answers": _teacher,
    "A teacher who answers 0 brings it to golden": _teacher,
    "It stands still: the student is the teacher": _stands_still,
    "It stands still: where the rows to forget are fitted": _stands_still,
    "It stands still: both losses are at their bottom": _stands_still,
    "Weights that only the rows to forget use go to zero": _sparse,
    "It cannot choose there: the gradient is zero": lambda f, w: f.zero(f.unlearning(f.w_o)),
    "It has forgotten by design, but the average of several shards need not": lambda f, w: f.nothing(f.leftover(w)),
    "It shrinks all weights alike": _shrunk,
}


def _visited(f, m):
    """Rows that a method visits, from what it does; where that is its own affair, no more than it says it needs."""
    key, rows, own = _key(f), value(m[2]), f.own.get(_key(f), {})
    if key not in f.took:
        return rows == 0
    tuned, kept, gone = f.n_t, len(f.y_r), len(f.y_f)
    closed = {
        "pretrained": 0,
        "golden": kept,
        **dict.fromkeys(("fine_tune", "keep_overlap"), tuned),
        "project": kept + tuned,
        "weight_decay": own.get("steps", 0) * tuned,
        "early_stopping": own.get("steps", 0) * (tuned + gone),
        "gradient_ascent": own.get("steps", 0) * gone,
        **dict.fromkeys(("first_order", "shrinking"), gone),
        **dict.fromkeys(("exact_deletion", "posterior_mean", "newton", "influence", "certified_removal"), kept + gone),
    }
    if key == "sisa":
        return rows <= kept
    return rows == closed[key] if key in closed else rows > 0 or own.get("steps") == 0 or own.get("rounds") == 0


def _beside(f, m):
    start = f.beside(_key(f))[0]
    return (m[1] == "golden with the same ridge") == (start is not f.w_o)


def _refused(f, m):
    """Why a method cannot take the rows: some depend on others. No other reason is true of the page's rows."""
    dependent = re.match(
        rf"rows must be linearly independent to be deleted in closed form, got ({NUMBER}) rows of rank ({NUMBER}): use "
        r"the projection, which needs no inverse, or the Newton step, which has a ridge$",
        m[1],
    )
    if dependent:
        rows, rank = map(value, dependent.groups())
        if ((f.spread > RANK / ROOM) & (f.spread < RANK * ROOM)).any():
            return None  # rounding decides the rank
        asked = _key(f) in INVERTED
        return both(asked, rows == len(f.X), rank == int((f.spread > RANK).sum()), rank < rows)
    return False


def timing_true(found, text):
    """Whether the sentence about a measured deletion says what was measured, to the digits it gives."""
    n = rf"({NUMBER})"
    m = re.match(
        rf"{n} features, {n} rows, {n} of them deleted, measured on this server just now: deletion in closed form {n} "
        rf"ms, retraining {n} ms(?:, {n} times as long)?\. Deletion had to keep an inverse ready, which took {n} ms "
        rf"once\. The two models differ by {n} of their length\.$",
        text,
    )
    features, rows, gone, quick, slow, times, once, off = m.groups()
    told = ((quick, found.deletion), (slow, found.retraining), (once, found.preparing))
    return both(
        [value(t) for t in (features, rows, gone)] == [found.features, found.n_retain + found.n_forget, found.n_forget],
        all(shows(text, 1000 * true) for text, true in told),
        shows(off, found.difference),
        (times is None) == (found.retraining < found.deletion or found.deletion == 0),
        times is None or shows(times, found.retraining / found.deletion),
    )


RULES = [
    *(Rule(PAGES, re.escape(words), _where_it_fits(truth)) for words, truth in AT_INTERPOLATION.items()),
    Rule(PAGES, rf"Needs: (.*?)\. Rows touched: ({NUMBER})", _visited),
    Rule(PAGES, r"Read beside: (golden with the same ridge|golden)\.", _beside),
    Rule(PAGES, r"Cannot be asked here: (.*?)\.(?:\n|$)", _refused),
    Rule(PAGES, r"Source: .*", lambda f, m: True),
]
