"""What the page your_table says, and what has to be so where it is said: of three tables."""

import re
from functools import cache, partial
from itertools import pairwise

import numpy as np

from tests.audit.facts import Facts as Models
from tests.audit.facts import Rows, fit
from tests.audit.judging import Rule, both, form, opposite
from tests.audit.reading import NUMBER, shows, value
from tests.audit.reading import texts as captions
from theory.data.preparing import ready
from theory.data.reading import read_table
from ui.server.own_rows import rows_to_forget
from ui.server.table_store import Entry, asking, keep, penguins

rule = partial(form, "your_table")
# What is left by column is told where it is longer than this share of the model; errors are told to so many digits.
AGREE = 1e-6
MODELS = {"Pretrained": "w_o", "Fine-tuned": "w_t", "Golden": "w_g"}
QUIET = (
    "What to do",
    "Train from scratch without these rows",
    "Keep this page's settings as a record",
    "Bars of the errors of each model",
    "The others are shared",
)


def _small():
    """Forty rows of two numbers and a word; six leave, three of them with a word of their own, one with a twin."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 2)).round(3)
    words = ["rare"] * 3 + ["ab"[k % 2] for k in range(37)]
    X[5], words[5] = X[20], words[20]
    y = (X @ [2, -1] + 0.1 * rng.normal(size=40)).round(3)
    y[5] = y[20]
    lines = ["x,z,word,y", *(f"{a},{b},{w},{t}" for (a, b), w, t in zip(X, words, y, strict=True))]
    return Entry(read_table("\n".join(lines).encode()), "y", np.arange(40) < 6)


@cache
def _tables():
    """The tables that are read: the example, one of classes, a small one."""
    classes = penguins()
    classes.choose("species", classes.forget)
    return penguins(), classes, _small()


def _table(view):
    return _tables()[view["shuffle"] % 3]


def texts(view):
    ticket = keep(_table(view))
    with asking(ticket.name):
        return captions("your_table", view, aloud=True)


class Facts:
    """The models of a table: of a number, or one column of weights for each class."""

    def __init__(self, view):
        entry = _table(view)
        goes = rows_to_forget(entry, view["gone"], view["shuffle"])
        self.made = ready(entry.sheet, entry.target, goes, lift=view["lift"], seed=view["shuffle"])
        self.classes, split = self.made.classes, self.made.split
        self.target, n = self.made.target.name, len(split.keep)
        if self.classes:
            problem = self.made.labels()
            X, self.labels, self.n = problem.rows.X, split.labels.astype(int), n
            E = np.eye(len(self.classes))[self.labels]
            zero = np.zeros((X.shape[1], E.shape[1]))
            self.X, self.w_o, self.w_g = X, fit(X, E, zero), fit(X[:n], E[:n], zero)
            self.w_t = fit(X[:n], E[:n], self.w_o)
            self.rest = E[:n] - X[:n] @ self.w_o
        else:
            f = Models(Rows(self.made.numbers().problem))
            self.X, self.n, self.y = f.X, n, f.y
            self.spread = float(np.std(split.table.y[split.keep]))
            self.w_o, self.w_t, self.w_g = f.w_o, f.w_t, f.w_g
            self.rest = f.y_r - f.X_r @ f.w_o
        self.size = np.linalg.norm(self.w_o)

    def error(self, name, part):
        """Percent answered wrong, or the typical error in the target's unit, on the rows to keep or to forget."""
        rows = slice(self.n) if part == "keep" else slice(self.n, None)
        said = self.X[rows] @ getattr(self, MODELS[name])
        if self.classes:
            return 100 * np.mean(said.argmax(axis=1) != self.labels[rows])
        return self.spread * float(np.sqrt(np.mean((said - self.y[rows]) ** 2)))

    def near(self, a, b):
        off = np.linalg.norm(getattr(self, a) - getattr(self, b)) / self.size
        return True if off <= 1e-8 else False if off > 1e-6 else None

    @property
    def gap(self):
        return self.w_t - self.w_g


def facts(view):
    return Facts(view)


def _error(f, text, true):
    if f.classes or "%" in text:
        return bool(f.classes) and abs(value(text.split("%")[0]) - true) <= 0.51
    return shows(text, true, AGREE * f.spread) or abs(value(text) - true) <= AGREE * f.spread


def _typical(f, m):
    return both(
        _rows(f, m[1]),
        *(_error(f, text, f.error(name, "forget")) for text, name in ((m[2], "Fine-tuned"), (m[3], "Golden"))),
        f.classes or m[4] == f.target,
    )


def _rows(f, text):
    gone = len(f.X) - f.n
    return text == ("the row" if gone == 1 else f"the {gone:,} rows")


def _bar(f, m):
    return _error(f, m[2], f.error(m[1], "forget")) and _error(f, m[3], f.error(m[1], "keep"))


def _own(f, names, count=None):
    """Whether these columns, and no others, are used by rows to forget alone."""
    split, table = f.made.split, f.made.split.table
    kept, gone = table.X[split.keep], table.X[split.forget]
    found = {
        name
        for k, name in enumerate(table.columns)
        if len(np.unique(kept[:, k])) == 1 and (gone[:, k] != kept[0, k]).any()
    }
    return not f.made.waves and set(names) <= found and (count or len(names)) <= len(found)


def _twins(f, count):
    split, table = f.made.split, f.made.split.table
    rows = np.column_stack([table.X, table.y])
    kept = {row.tobytes() for row in rows[split.keep]}
    return count == sum(row.tobytes() in kept for row in rows[split.forget])


def _left(f, m):
    """Whether what is left by column is the length of fine-tuned minus golden there, longest first."""
    told = re.findall(rf"([^,:]+?) ({NUMBER})(?:, |\.$)", m[1])
    lengths = np.linalg.norm(f.gap.reshape(len(f.gap), -1), axis=1)
    named = dict(zip(f.made.scaled.names, lengths, strict=False))
    numbers = [named[name] for name, _ in told]
    falling = all(a >= b * (1 - 1e-9) for a, b in pairwise(numbers))
    return falling and all(shows(text, named[name], 1e-8) for name, text in told)


def right(f):
    same, still = f.near("w_t", "w_g"), f.near("w_t", "w_o")
    return None if None in (same, still) else {"yes" if same else "no" if still else "part"}


RULES = [
    rule(
        r"Typical error on (the row|the [0-9,]+ rows) to forget: fine-tuned #, golden #, in units of (\S+?)\.",
        _typical,
    ),
    rule(
        r"Of (the row|the [0-9,]+ rows) to forget the fine-tuned model answers #% wrong, golden #%",
        lambda f, m: both(
            _rows(f, m[1]), *(_error(f, m[k], f.error(n, "forget")) for k, n in ((2, "Fine-tuned"), (3, "Golden")))
        ),
    ),
    rule(
        r"About the row to forget the fine-tuned model is (right|wrong), golden (right|wrong)\.",
        lambda f, m: both(
            _rows(f, "the row"),
            *((f.error(n, "forget") > 0) == (m[k] == "wrong") for k, n in ((1, "Fine-tuned"), (2, "Golden"))),
        ),
    ),
    rule(r"rows to keep can see all of the model, so fine-tuning ends at golden", lambda f, m: f.near("w_t", "w_g")),
    rule(
        r"With # features for # rows the model fits every row: nothing is left to learn, and fine-tuning changes no",
        lambda f, m: both(
            f.near("w_t", "w_o"),
            (value(m[1]), value(m[2])) == (f.X.shape[1], len(f.X)),
            bool(np.abs(f.rest).max() <= 1e-6),
        ),
    ),
    rule(
        r"No weights fit the rows to keep better than the model's: fine-tuning changes nothing",
        lambda f, m: both(f.near("w_t", "w_o"), bool(np.linalg.norm(f.X[: f.n].T @ f.rest) <= 1e-6)),
    ),
    rule(
        r"changes the model, but a part stays that golden does not have: its length is #% of the model's",
        lambda f, m: both(
            opposite(f.near("w_t", "w_o")),
            opposite(f.near("w_t", "w_g")),
            shows(m[1], 100 * np.linalg.norm(f.gap) / f.size),
        ),
    ),
    rule(r"Only rows to forget use ([^:]*?): no training on the others can reach its", lambda f, m: _own(f, [m[1]])),
    rule(
        r"Only rows to forget use ((?:[^:,]*, )+[^:,]*): no training on the others can reach their",
        lambda f, m: _own(f, m[1].split(", ")),
    ),
    rule(r"One row to forget equals a row to keep", lambda f, m: _twins(f, 1)),
    rule(r"([0-9]+) rows to forget equal a row to keep", lambda f, m: _twins(f, int(m[1]))),
    rule(r"fine-tuning is as good as training from scratch", lambda f, m: f.near("w_t", "w_g")),
    rule(r"do not call it erased", lambda f, m: opposite(f.near("w_t", "w_g"))),
    rule(
        rf"(Pretrained|Fine-tuned|Golden): ({NUMBER}(?:% wrong)?) on the rows to forget, ({NUMBER}(?:% wrong)?) on",
        _bar,
    ),
    rule(r"No column is used by the rows to forget alone", lambda f, m: not f.made.scaled.own),
    Rule(("your_table",), r"Bars of what is left by column, longest first: (.*\.)$", _left),
]
