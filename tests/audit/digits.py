"""What the page digits says, and what has to be so where it is said: classes fitted by numpy alone to the images."""

import re
from functools import cached_property

import numpy as np

from tests.audit.facts import RANK
from tests.audit.judging import Rule, both
from tests.audit.reading import NUMBER, shows, value
from theory.data import CLASS_METHODS, ClassProblem, fit_classes, load, split
from ui.lessons.digits.text import COUNTS

PAGES = ("digits",)
# Where rows and features are nearly as many, fits agree to fewer digits.
AGREE, CLEAR = 1e-7, 1e-5
NAMES = {method.label: key for key, method in CLASS_METHODS.items()}
QUIET = ()


def _below(value, limit):
    """Whether a number is rounding; None between that and what is clearly more."""
    return True if value <= limit else False if value > CLEAR else None


class Facts:
    """The models of the images; W is (p, 10)."""

    def __init__(self, view):
        table = load("digits")
        kind = view["kind"]
        self.parts = split(table, kind, of=view["digit"] if kind == "class" else None, seed=view["split"])
        self.kind, self.p, self.table = kind, int(view["waves"]), table
        self.keep, self.gone, self.n_r = self.parts.keep, self.parts.forget, len(self.parts.keep)
        self.labels = self.parts.labels.astype(int)
        rng = {k: np.random.default_rng(np.random.SeedSequence(view["split"], spawn_key=(k,))) for k in (102, 103)}
        A = rng[102].normal(size=(COUNTS[-1], 64)).T / 2.5
        self._phases = table.X @ A + rng[103].uniform(0, 2 * np.pi, COUNTS[-1])

    def features(self, p):
        return np.sqrt(2 / p) * np.cos(self._phases[:, :p])

    @cached_property
    def X(self):
        return self.features(self.p)[np.concatenate([self.keep, self.gone])]

    @cached_property
    def E(self):
        return np.eye(10)[self.labels]

    def models(self, X):
        """Pretrained, fine-tuned and golden for these features of the training rows."""
        X_r, E_r = X[: self.n_r], self.E[: self.n_r]
        w_o, w_g = _fit(X, self.E), _fit(X_r, E_r)
        return {"pretrained": w_o, "fine_tune": w_o + _fit(X_r, E_r - X_r @ w_o), "golden": w_g}

    @cached_property
    def cast(self):
        return self.models(self.X)

    @cached_property
    def others(self):
        """Every method's weights, as it ends."""
        X = self.features(self.p)
        return fit_classes(ClassProblem.of_split(self.parts, X), tuple(CLASS_METHODS), self.view["push"])

    def said(self, key):
        return (self.X[self.n_r :] @ self.cast[key]).argmax(axis=1)

    def taught(self, key):
        return int((self.said(key) == self.labels[self.n_r :]).sum())

    def loss(self, W):
        return float(((self.X[self.n_r :] @ W - self.E[self.n_r :]) ** 2).sum(axis=1).mean())

    def wrong(self, W):
        """UA and 100 - RA, in percent."""
        wrong = (self.X @ W).argmax(axis=1) != self.labels
        return 100 * wrong[self.n_r :].mean(), 100 * wrong[: self.n_r].mean()

    def share(self, W):
        away = np.linalg.norm(self.cast["pretrained"] - self.cast["golden"])
        return float(np.linalg.norm(W - self.cast["golden"]) / away)

    @cached_property
    def seen(self):
        """P_r of the rows to forget, of the directions they span and of the pretrained model."""
        X_f = self.X[self.n_r :]
        q, _ = np.linalg.qr(X_f.T)
        return [_inside(self.X[: self.n_r], part) for part in (X_f.T, q, self.cast["pretrained"])]


def _fit(X, E):
    """The minimum-norm fit, by the smaller of the two Gram matrices where that is well-conditioned."""
    n, p = X.shape
    if p > 1.15 * n:
        return X.T @ np.linalg.solve(X @ X.T, E)
    return np.linalg.lstsq(X, E, rcond=RANK)[0]


def _inside(X_r, columns):
    """The projection of columns into the row space of X_r."""
    return X_r.T @ _fit(X_r.T, columns) if len(X_r) < X_r.shape[1] else columns


def facts(view):
    return Facts(view)


def _counts(f, m):
    keys = ("pretrained", "fine_tune", "golden")
    told = m.groups()[1:]
    return int(m[1]) == len(f.gone) and all(
        int(text) == f.taught(key) for text, key in zip(told, keys, strict=True) if text
    )


def _otherwise(f, m):
    count = len(f.gone)
    return [int(text) for text in m.groups()] == [count - f.taught("fine_tune"), count, count - f.taught("golden")]


def _frequent(f, m):
    counts = np.bincount(f.said("golden"), minlength=10)
    return counts[int(m[2])] == int(m[1]) == counts.max()


def _shown(f, few):
    """How many of the images golden answers with what they show."""
    return int((f.said("golden") == f.table.y[f.gone]).sum()) == few


def _heard(f, m):
    """Whether the answers read out are the models'."""
    rows = re.findall(r"image (\d+) shows (\d), was taught as (\d), golden says (\d)(?:, fine-tuned says (\d))?", m[2])
    true, taught = f.table.y[f.gone], f.labels[f.n_r :]
    return len(rows) == int(m[1]) and all(
        (true[k], taught[k], f.said("golden")[k]) == tuple(map(int, row[1:4]))
        and (not row[4] or f.said("fine_tune")[k] == int(row[4]))
        for row in rows
        for k in [int(row[0]) - 1]
    )


def _settings(f, m):
    return [value(text) for text in m.groups()[:3]] == [f.p, f.n_r, len(f.labels)]


def _left(f, p):
    found = f.models(f.features(p)[np.concatenate([f.keep, f.gone])])
    w_o, w_t, w_g = found.values()
    return np.linalg.norm(w_t - w_g) / np.linalg.norm(w_o - w_g), np.linalg.norm(w_t - w_o) / np.linalg.norm(w_o)


def _at_golden(f, m):
    rank = np.linalg.matrix_rank(f.X[: f.n_r], RANK * np.linalg.norm(f.X, 2))
    return both(_below(f.share(f.cast["fine_tune"]), AGREE), rank == f.p)


def _moved(f):
    w_o, w_t = f.cast["pretrained"], f.cast["fine_tune"]
    return float(np.linalg.norm(w_t - w_o) / np.linalg.norm(w_o))


def _fits(f):
    return _below(float(np.abs(f.X @ f.cast["pretrained"] - f.E)[: f.n_r].max()), AGREE)


def _names(text):
    return {NAMES[name] for name in text.split(", ")}


def _those(f, m, wanted):
    """Whether the methods named are those at such a share of the start's distance."""
    others = {key: W for key, W in f.others.items() if key not in ("golden", "pretrained")}
    off = {key: _below(abs(f.share(W) - wanted), 1e-8) for key, W in others.items()}
    if None in off.values():
        return None
    return (_names(m[1]) if m.groups() else set()) == {key for key, near in off.items() if near}


def _trap(f, m):
    W = f.others[NAMES[m[1]]]
    golden = f.cast["golden"]
    near = all(abs(a - b) <= 2 + 1e-9 for a, b in zip(f.wrong(W), f.wrong(golden), strict=True))
    own, whole = f.loss(W), f.loss(golden)
    return (
        near
        and abs(own - whole) <= 0.1 * whole * (1 + 1e-6)
        and f.share(W) > 1
        and shows(m[2], own)
        and shows(m[3], whole)
        and shows(m[4], f.share(W))
    )


def _scores(f, m):
    """Whether the measures read out are the models'."""
    rows = re.findall(r"(?:^|; )([^;]+?) UA ([0-9]+)%, RA ([0-9]+)%, TA ([0-9.]+)%, attack ([0-9.]+)", m[1])
    held = f.parts.remaining
    X = f.features(f.p)[held]
    for name, ua, ra, ta, _ in rows:
        W = f.others[NAMES[name]]
        wrong = f.wrong(W)
        tested = 100 * np.mean((X @ W).argmax(axis=1) == f.table.y[held])
        if abs(float(ua) - wrong[0]) > 0.51 or abs(float(ra) - 100 + wrong[1]) > 0.51 or abs(float(ta) - tested) > 0.06:
            return False
    return len(rows) >= 2


def _shares(f):
    """Shares of squared lengths that the images to keep can see: of each image, and of the model."""
    of_rows, _, of_model = f.seen
    rows = (of_rows**2).sum(axis=0) / (f.X[f.n_r :] ** 2).sum(axis=1)
    return rows, float((of_model**2).sum() / (f.cast["pretrained"] ** 2).sum())


def _seen(f, m, only):
    rows, model = _shares(f)
    if abs(rows.mean() - model) < 1e-6:
        return None
    return both(
        abs(float(m[1]) - 100 * rows.mean()) <= 0.051,
        abs(float(m[2]) - 100 * model) <= 0.051,
        (model < rows.mean()) == only,
    )


def _sight(f, m):
    rows, model = _shares(f)
    middle = np.median(np.linalg.svd(f.seen[1], compute_uv=False)[: min(f.n_r, f.p)] ** 2)
    true = (rows.min(), rows.max(), middle, np.sqrt(max(0.0, 1 - model)))
    return all(
        abs(float(text) - 100 * x) <= room
        for text, x, room in zip(m.groups(), true, (0.051, 0.051, 0.51, 0.51), strict=True)
    )


def _points(f, m):
    """Whether some of the points read out are where fine-tuning ends: three, and those beside as many rows as waves."""
    found = {int(p.replace(",", "")): text for p, text in re.findall(rf"([0-9,]+) features ({NUMBER})", m[1])}
    return set(found) == set(COUNTS) and all(
        shows(found[p], _left(f, p)[0], CLEAR) for p in (COUNTS[0], f.p, COUNTS[-1]) if abs(p - f.n_r) > 5
    )


def right(f):
    taught = f.taught("fine_tune")
    return {"none" if taught == len(f.gone) else "all" if taught == 0 else "some"}


RULES = [
    Rule(
        PAGES,
        r"Of the (\d+) images to forget, the pretrained model answers (\d+) as it was taught, "
        r"(?:the fine-tuned one (\d+), )?golden (\d+)\.",
        _counts,
    ),
    Rule(
        PAGES,
        r"The fine-tuned model answers (\d+) of the (\d+) forgotten images otherwise than it was taught; golden does "
        r"so with (\d+)\.",
        _otherwise,
    ),
    Rule(PAGES, r"it answers (\d+) of them with a (\d), and with no digit more often", _frequent),
    Rule(PAGES, r"Golden never saw this digit", lambda f, m: f.kind == "class"),
    Rule(PAGES, r"says what (\d+) of them (?:really )?show", lambda f, m: _shown(f, int(m[1]))),
    Rule(PAGES, r"forgetting is not misclassifying", lambda f, m: 2 * f.taught("golden") > len(f.gone)),
    Rule(PAGES, r"Their labels were wrong", lambda f, m: bool((f.labels[f.n_r :] != f.table.y[f.gone]).all())),
    Rule(PAGES, r"^(\d+) of the images to forget: (.*)\.$", _heard),
    # Phases.
    Rule(PAGES, r"With ([0-9,]+) features, (\d+) images to keep and ([0-9,]+) in all", _settings),
    Rule(PAGES, r"fine-tuning ends at golden\. The images to keep settle every weight", _at_golden),
    Rule(
        PAGES,
        r"fine-tuning changes nothing\. The pretrained model fits every image to keep already",
        lambda f, m: both(_below(_moved(f), AGREE), _fits(f)),
    ),
    Rule(
        PAGES,
        rf"fine-tuning ends at ({NUMBER}) times the pretrained model's distance from golden\. It moves, but the images "
        "to keep do not settle every weight",
        lambda f, m: both(shows(m[1], f.share(f.cast["fine_tune"]), CLEAR), _moved(f) > AGREE, f.n_r < f.p),
    ),
    Rule(
        PAGES,
        r"From ([0-9,]+) to ([0-9,]+) features; what fine-tuning does",
        lambda f, m: (value(m[1]), value(m[2])) == (COUNTS[0], COUNTS[-1]),
    ),
    Rule(PAGES, r"How far fine-tuning stays from golden, 0 there and 1 unmoved: (.*)\.$", _points),
    # The table.
    Rule(PAGES, r"Golden itself, to rounding: (.*?)\.", lambda f, m: _those(f, m, 0.0)),
    Rule(PAGES, r"No method ends at golden itself", lambda f, m: _those(f, m, 0.0)),
    Rule(PAGES, r"As far from golden as the pretrained model: (.*?)\.", lambda f, m: _those(f, m, 1.0)),
    Rule(
        PAGES,
        rf"The trap: “(.*?)” has golden's UA and RA, or nearly, and nearly its unlearning loss \(({NUMBER}), golden "
        rf"({NUMBER})\), and lies farther from golden than before: at ({NUMBER}) times",
        _trap,
    ),
    Rule(PAGES, r"Every method beside golden: (.*)\.$", _scores),
    # What can be seen.
    Rule(
        PAGES,
        r"can see all of every forgotten image, and all of the pretrained model",
        lambda f, m: both(*(_below(1 - share, 1e-9) for share in (_shares(f)[0].min(), _shares(f)[1]))),
    ),
    Rule(
        PAGES,
        r"can see ([0-9.]+)% of a forgotten image, but only ([0-9.]+)% of the pretrained model",
        lambda f, m: _seen(f, m, True),
    ),
    Rule(
        PAGES,
        r"can see ([0-9.]+)% of a forgotten image, and ([0-9.]+)% of the pretrained model",
        lambda f, m: _seen(f, m, False),
    ),
    Rule(
        PAGES,
        r"see ([0-9.]+)% to ([0-9.]+)% of each forgotten image, ([0-9.]+)% of the middle direction, and ([0-9.]+)% of",
        _sight,
    ),
]
