"""What the pages about the push, the clocks, the map and the statements say, and what has to be so where it is said."""

from types import SimpleNamespace

import numpy as np

from tests.audit.facts import LEVEL, Facts, compared
from tests.audit.judging import Rule, both, length, loss, opposite
from tests.audit.reading import LOSS, NUMBER, value
from ui.lessons import LESSONS
from ui.lessons.boundary.grids import chosen

# Alphas at which the whole path of a push is looked at, beside those on the page's scale.
PATH = (0.0, *np.geomspace(1e-6, 1e6, 145))


def _cells(f, m, pick):
    """Whether so many cells of the map are of a kind, each cell's models being fitted."""
    if not f.deep:
        return None
    if "_map" not in vars(f):
        grid, _ = chosen(f.view)
        f._map = np.array([_cell(cell) for row in grid.settings for cell in row], dtype=float).T
    if np.isnan(f._map).any():
        return None
    found = pick(*(kind.astype(bool) for kind in f._map))
    counts = [0.0 if text == "none" else value(text) for text in m.groups()]
    return counts == [found.sum(), found.size][: len(counts)]


def _cell(cell):
    """Whether fine-tuning moves the model, whether it ends at golden, and whether pretrained is golden."""
    f = Facts(cell.spec)
    w = f.w_t
    if cell.decay:
        w = np.linalg.solve(f.X_t.T @ f.X_t + f.n_t * cell.decay * np.eye(f.d), f.X_t.T @ f.y_t)
    found = (opposite(f.one(w, f.w_o)), f.one(w, f.w_g), f.one(f.w_o, f.w_g))
    return [np.nan if truth is None else float(truth) for truth in found]


def _pushed(f, alpha=None):
    alpha = f.view["alpha"] if alpha is None else alpha
    kept = f.__dict__.setdefault("_pushes", {})
    if alpha not in kept:
        kept[alpha] = f.pushed(alpha, f.view["target"], f.view["mu"])
    return kept[alpha]


def _pushed_is(f, *allowed):
    if f.zero(f.unlearning(_pushed(f))) and f.zero(f.unlearning(f.w_g)):
        return "same" in allowed
    found = compared(f.unlearning(_pushed(f)), f.unlearning(f.w_g))
    return None if found is None else found in allowed


def _target_loss(f, w):
    return float(np.mean((f.X_f @ w - f.target(f.view["target"])) ** 2))


def _meets(f, alpha, digits):
    """Whether the error passes golden's, or is golden's, at an alpha known to some digits."""
    low, here, high = (f.unlearning(_pushed(f, alpha * (1 + s * digits))) for s in (-1, 0, 1))
    level = f.unlearning(f.w_g)
    return min(low, here, high) <= level * (1 + 1e-6) + 1e-14 and max(low, here, high) >= level * (1 - 1e-6) - 1e-14


def _crossed(f, most=np.inf):
    """Whether golden's error is met for some alpha; None where the two are closer than rounding tells."""
    level = f.unlearning(f.w_g)
    errors = np.array([f.unlearning(_pushed(f, alpha)) for alpha in PATH if alpha <= most]) - level
    if (np.abs(errors) <= 1e-6 * level + 1e-14).any():
        return None
    on = errors[1:]
    return bool((on[:-1] * on[1:] < 0).any() or (f.view["mu"] > 0 and errors[0] * errors[1] < 0))


def _jumps(f):
    """Whether the error passes golden's between no push and pushes as weak as one likes."""
    if f.view["mu"] > 0:
        return False
    level = f.unlearning(f.w_g)
    before, after = (f.unlearning(_pushed(f, alpha)) - level for alpha in (0.0, 1e-7))
    return None if min(abs(before), abs(after)) <= 1e-4 * level else before * after < 0


def _hurts(f, alpha):
    """Whether just the pushes of the scale from an alpha on end farther from golden than the pretrained model."""
    scale = next(c.values for c in LESSONS["regularize"].page.controls if c.key == "alpha")
    more = {a: f.away(_pushed(f, a)) - f.away(f.w_o) for a in scale if a > 0}
    if min(map(abs, more.values())) <= 1e-6 * f.size:
        return None
    return all((more[a] > 0) == (a >= alpha) for a in more)


def _scale(f):
    """The models of all alphas on the page's scale."""
    return [_pushed(f, a) for a in next(c.values for c in LESSONS["regularize"].page.controls if c.key == "alpha")]


def _nearest_on_scale(f, alpha):
    return f.away(_pushed(f, alpha)) <= min(map(f.away, _scale(f))) + 1e-6 * f.size


def _told(f, truth):
    """What an exact test by scipy finds; ties, where it is not exact, are left out."""
    if f.spec.n_forget == 1:
        return None
    auc, p = f.attack(_pushed(f))
    if len(set(np.round(np.abs(f.X_f @ _pushed(f) - f.y_f), 12))) < f.spec.n_forget or abs(p - LEVEL) < 1e-9:
        return None
    return bool(truth(auc, p))


def run_of(f):
    """The run of gradient descent of the page dynamics: rows and labels as a mean, start, step and decay."""
    if "_run" not in vars(f):
        X, y = f.X_t, f.y_t
        if f.view["objective"] == "shuffled":
            scale = np.sqrt(len(y) / len(f.y_f))
            X, y = np.vstack([X, scale * f.X_f]), np.concatenate([y, scale * f.target("shuffled")])
            X, y = X * np.sqrt(len(y) / len(f.y_t)), y * np.sqrt(len(y) / len(f.y_t))
        ridge = 0.5 * np.sum(f.X**2) / len(f.X)
        starts = {
            "ridge": lambda: np.linalg.solve(f.X.T @ f.X + ridge * np.eye(f.d), f.X.T @ f.y),
            "pretrained": lambda: f.w_o,
            "zero": lambda: np.zeros(f.d),
        }
        decay = f.view["decay"]
        f._run = SimpleNamespace(
            X=X,
            y=y,
            start=starts[f.view["start"]](),
            decay=decay,
            share=f.view["step_size"],
            eta=f.view["step_size"] * f.stable_step(X, decay),
        )
    return f._run


def _walked(f):
    """The weights after the last step of the slider."""
    run = run_of(f)
    return f.descended(run.start, run.X, run.y, run.eta, run.decay, (100_000,))[0]


def nearest_step(f, step):
    """Whether of the steps of the slider none is nearer to golden."""
    run, steps = run_of(f), next(c.values for c in LESSONS["dynamics"].page.controls if c.key == "step")
    steps = np.array(steps, dtype=int)
    away = np.linalg.norm(f.descended(run.start, run.X, run.y, run.eta, run.decay, steps) - f.w_g, axis=1)
    return float(away[np.flatnonzero(steps == int(step))[0]]) <= float(away.min()) * (1 + 1e-9)


def _pulled(f):
    """Whether the gradient of the run has a part along what only the rows to forget use."""
    run = run_of(f)
    gradient = run.X.T @ (run.X @ run.start - run.y) / len(run.y)
    unseen = gradient - f.P_r @ gradient
    return opposite(f.nothing(np.linalg.norm(unseen)))


def _leftover_still(f):
    run = run_of(f)
    found = f.descended(run.start, run.X, run.y, run.eta, run.decay, (0, 100, 100_000))
    first = found[0] - f.P_r @ found[0]
    return [f.nothing(np.linalg.norm((w - f.P_r @ w) - first)) for w in found[1:]]


def _no_leftover(f):
    return f.nothing(f.leftover(run_of(f).start))


RULES = [
    # A push.
    Rule(
        ("regularize",),
        rf"error on the (?:row|[0-9,]+ rows) to forget is ({LOSS}),",
        lambda f, m: loss(f, m[1], f.unlearning(_pushed(f))),
    ),
    Rule(("regularize",), r"the same as golden's", lambda f, m: _pushed_is(f, "same")),
    Rule(("regularize",), rf"less than golden's ({LOSS})", lambda f, m: _pushed_is(f, "less", "near")),
    Rule(("regularize",), rf"more than golden's ({LOSS})", lambda f, m: _pushed_is(f, "more", "near")),
    Rule(
        ("regularize",),
        rf"At alpha = ({NUMBER}) the .{{,60}}golden's, ({LOSS})",
        lambda f, m: loss(f, m[2], f.unlearning(f.w_g)) and _meets(f, value(m[1]), 0.06 if "×" in m[1] else 0.006),
    ),
    Rule(
        ("regularize",),
        r"every alpha above 0 gives the same (?:model|errors)|alpha weighs nothing here",
        lambda f, m: f.one(_pushed(f, 1e-3), _pushed(f, 100.0)) if f.view["mu"] == 0 else None,
    ),
    Rule(
        ("regularize",),
        r"no weights come closer to the targets",
        lambda f, m: compared(_target_loss(f, _pushed(f, 0.0)), _target_loss(f, _pushed(f, 100.0))) in ("same", None),
    ),
    Rule(
        ("regularize",),
        r"jumps? (?:over|past) golden's",
        lambda f, m: _jumps(f),
    ),
    Rule(
        ("regularize",),
        r"errors never become equal(?! on)|No push, however strong, makes the errors equal",
        lambda f, m: None if _crossed(f) is None else not _crossed(f),
    ),
    Rule(
        ("regularize",),
        rf"alpha = ({NUMBER}) comes (?:closest to golden|nearest)",
        lambda f, m: _nearest_on_scale(f, value(m[1])),
    ),
    Rule(
        ("regularize",),
        r"gives? .{,40}away|are told apart by smaller errors",
        lambda f, m: _told(f, lambda auc, p: auc > 0.5 and p <= LEVEL),
    ),
    Rule(
        ("regularize",),
        r"cannot be told from blind guessing|nothing can be told",
        lambda f, m: _told(f, lambda auc, p: p > LEVEL),
    ),
    Rule(
        ("regularize",),
        r"wrong more often than right",
        lambda f, m: _told(f, lambda auc, p: auc < 0.5 and p <= LEVEL),
    ),
    Rule(
        ("regularize",),
        rf"weights are ({NUMBER}) away from golden's; .{{,40}} are ({NUMBER}) away",
        lambda f, m: both(length(f, m[1], f.away(_pushed(f))), length(f, m[2], f.away(f.w_o))),
    ),
    Rule(("regularize",), r"close to golden's", lambda f, m: _pushed_is(f, "near")),
    Rule(
        ("regularize",),
        rf"weights lie ({NUMBER}) from golden's \(pretrained: ({NUMBER})\)",
        lambda f, m: both(length(f, m[1], f.away(_pushed(f))), length(f, m[2], f.away(f.w_o))),
    ),
    Rule(("regularize",), r"alpha does not matter", lambda f, m: f.one(_pushed(f, 1e-3), _pushed(f, 100.0))),
    Rule(
        ("regularize",),
        r"It fits every row it trains on and every target",
        lambda f, m: both(
            f.zero(np.mean((f.X_t @ _pushed(f, 1.0) - f.y_t) ** 2)), f.zero(_target_loss(f, _pushed(f, 1.0)))
        ),
    ),
    Rule(("regularize",), rf"From alpha = ({NUMBER}) on it hurts", lambda f, m: _hurts(f, value(m[1]))),
    Rule(
        ("regularize",),
        r"No push on the scale comes nearer",
        lambda f, m: min(map(f.away, _scale(f)[1:])) >= f.away(_scale(f)[0]) - 1e-6 * f.size,
    ),
    Rule(
        ("regularize",),
        r"alpha matters",
        lambda f, m: opposite(f.one(_pushed(f, 1e-3), _pushed(f, 100.0))),
    ),
    Rule(
        ("regularize",),
        r"No push on the scale ends farther",
        lambda f, m: max(map(f.away, _scale(f)[1:])) <= f.away(f.w_o) * (1 + 1e-7) + 1e-7 * f.size,
    ),
    Rule(
        ("regularize",),
        r"every push on the scale ends farther",
        lambda f, m: min(map(f.away, _scale(f)[1:])) > f.away(f.w_o) * (1 - 1e-7) - 1e-7 * f.size,
    ),
    Rule(
        ("regularize",),
        r"Up to alpha = 100 the errors are never equal",
        lambda f, m: None if _crossed(f, 100.0) is None else not _crossed(f, 100.0),
    ),
    Rule(("regularize",), rf"They would be at alpha = ({NUMBER})", lambda f, m: _meets(f, value(m[1]), 0.06)),
    # The map.
    Rule(
        ("boundary",),
        rf"changes nothing in ({NUMBER}) of ({NUMBER}) cells",
        lambda f, m: _cells(f, m, lambda moves, forgets, nothing: ~moves),
    ),
    Rule(
        ("boundary",),
        rf"brings the model to golden in ({NUMBER}|none)",
        lambda f, m: _cells(f, m, lambda moves, forgets, nothing: forgets & ~nothing),
    ),
    Rule(
        ("boundary",),
        rf"In ({NUMBER}) cells? \(×\) pretrained is golden",
        lambda f, m: _cells(f, m, lambda moves, forgets, nothing: nothing),
    ),
    # Statements.
    Rule(
        ("claims",),
        r"Outside .{,80}\bR3\b.{,60} (?:is|are) off",
        lambda f, m: opposite(f.zero(f.remaining(f.options["Option B"]))),
    ),
    # Clocks.
    Rule(
        ("dynamics",),
        r"Of the steps on the slider, ([0-9,]+) comes nearest to golden",
        lambda f, m: nearest_step(f, value(m[1])),
    ),
    Rule(("dynamics",), r"(?:directions have|direction has) a gradient", lambda f, m: _pulled(f)),
    Rule(("dynamics",), r"nothing moves", lambda f, m: f.nothing(np.linalg.norm(_walked(f) - run_of(f).start))),
    Rule(("dynamics",), r"so nothing can be left over", lambda f, m: _no_leftover(f)),
    Rule(
        ("dynamics",),
        rf"rows to forget ends at ({LOSS}) \(golden's: ({LOSS})\), the one on the rows to keep at ({LOSS})",
        lambda f, m: both(
            loss(f, m[1], f.unlearning(_walked(f))),
            loss(f, m[2], f.unlearning(f.w_g)),
            loss(f, m[3], f.remaining(_walked(f))),
        ),
    ),
    Rule(
        ("dynamics",),
        rf"leftover goes from ({NUMBER}) to ({NUMBER})\.",
        lambda f, m: (
            None
            if run_of(f).share > 1
            else both(length(f, m[1], f.leftover(run_of(f).start)), length(f, m[2], f.leftover(_walked(f))))
        ),
    ),
    Rule(("dynamics",), r"never moves?\b", lambda f, m: both(*_leftover_still(f))),
    Rule(("dynamics",), r"no leftover that could stay|is no leftover at the start", lambda f, m: _no_leftover(f)),
    # Anywhere.
    Rule(("*",), rf"from ({NUMBER}) to ({NUMBER})(?!%)", lambda f, m: m[1] != m[2]),
    Rule(("*",), rf"keeps −{NUMBER} of it", lambda f, m: False),
    Rule(("*",), r"\bnan\b|\binf\b|\{[a-z_]+\}", lambda f, m: False),
    Rule(("*",), r"\b1 (?:agree|apply|hold|are|rows|features|weights|statements)\b", lambda f, m: False),
]
