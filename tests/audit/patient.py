"""What the page patient says, and what has to be so where it is said: fits by numpy alone to the rows of the table."""

import re
from types import SimpleNamespace

import numpy as np

from tests.audit.facts import Facts, Rows, verdict
from tests.audit.judging import Rule, both, loss, opposite
from tests.audit.reading import LOSS, NUMBER, shows, value
from theory.data import SOURCES, load, prepare, split
from ui.lessons.patient.text import COLUMNS, WAVES

PAGES = ("patient",)
# A number of a table, and one that may be zero by rounding.
CELL, OFF = r"-?[0-9.]+(?:e[-+][0-9]+)?", rf"0 \(rounding\)|{NUMBER}"
MODELS = {"pretrained": "w_o", "fine-tuned": "w_t", "golden": "w_g"}
# Two fits to 2,000 waves agree to this share of the spread; what is off by less states the value.
AGREE, EXACT = 1e-7, 1e-6
QUIET = ()


def facts(view):
    """The models of the row that left, and those of the island's penguins."""
    table = load(view["table"])
    parts = split(table, "rows", of=view["who"] - 1, seed=view["split"])
    f = Facts(Rows(prepare(parts, 0 if view["plain"] else WAVES, seed=view["split"]).problem))
    order = np.random.default_rng(np.random.SeedSequence(view["split"], spawn_key=(100,))).permutation(len(table.y))
    count = SOURCES[view["table"]].train
    train, strangers = order[:count], order[count:]
    f.place = train[view["who"] - 1]
    keep = np.setdiff1d(train, f.place)
    f.table, f.true, f.mean, f.spread = table, table.y[f.place], table.y[keep].mean(), table.y[keep].std()
    f.strangers = len(strangers)
    f.usual = np.median(np.abs(f.mean + f.spread * f._fresh().X_f @ f.w_g - table.y[strangers]))
    f.island = _island(view)
    return f


def _island(view):
    table = load("penguins")
    ready = prepare(split(table, "level", of=("island", view["island"]), seed=view["split"]), seed=view["split"])
    order = np.random.default_rng(np.random.SeedSequence(view["split"], spawn_key=(100,))).permutation(len(table.y))
    train = order[: SOURCES["penguins"].train]
    gone = table.words["island"][train] == view["island"]
    rows, found = table.X[train], Facts(Rows(ready.problem))
    # A word of the table that no row to keep has, and one to forget does.
    own = {name for k, name in enumerate(table.columns) if rows[gone][:, k].any() and not rows[~gone][:, k].any()}
    # Columns that are the same in all rows are one, whichever of their names it has.
    alike = {
        name: frozenset(other for j, other in enumerate(table.columns) if (rows[:, j] == rows[:, k]).all())
        for k, name in enumerate(table.columns)
    }
    return SimpleNamespace(f=found, own={alike[name] for name in own}, names=ready.features, gone=int(gone.sum()))


def _said(f, name):
    return f.mean + f.spread * float(f.X_f[0] @ getattr(f, MODELS[name.lower()]))


def _states(f, name, said, off):
    true = _said(f, name)
    return both(shows(said, true, AGREE * f.spread), _off(f, off, abs(true - f.true)))


def _off(f, text, true):
    if value(text.split(" (")[0]) == 0:
        return verdict(true / f.spread, EXACT)
    return abs(value(text) - true) <= AGREE * f.spread or shows(text, true)


def value_of(text):
    return float(text.replace("−", "-").replace(",", ""))


def _name(column):
    return COLUMNS[column] if column in COLUMNS else column


def _row(f, m):
    """Whether the cells read out are those of the row."""
    cells = dict(re.findall(rf"([^;:]+?) ({CELL})(?:;|\.$|$)", m[1]))
    names = {_name(name): k for k, name in enumerate(f.table.columns)}
    columns = {name.strip(): float(text) for name, text in cells.items()}
    return len(columns) >= 3 and all(
        abs(number - f.table.X[f.place, names[name]]) <= 1e-4 * max(1, abs(number)) for name, number in columns.items()
    )


def _weights(f, m):
    """Whether the weights read out are the models'."""
    found = re.findall(rf"(?:^|; )([^;]+?): ((?:[A-Z][a-z-]+ {NUMBER}(?:, )?)+)", m[1])
    names = [_name(name) for name in f.island.names]
    return [name for name, _ in found] == names and all(
        shows(text, getattr(f.island.f, MODELS[model.lower()])[k], 1e-8)
        for k, (_, cells) in enumerate(found)
        for model, text in re.findall(rf"([A-Z][a-z-]+) ({NUMBER})", cells)
    )


def _own(f, m):
    named = {name for name in f.table.columns} | set(load("penguins").columns)
    said = [next(name for name in named if _name(name) == text) for text in m[1].split(", ")]
    return len(said) == len(f.island.own) and all(any(name in alike for alike in f.island.own) for name in said)


def _untouched(f, m):
    """Whether fine-tuning leaves the weights that no row to keep touches."""
    g = f.island.f
    free = ~g.X_r.any(axis=0)
    return g.nothing(np.linalg.norm((g.w_t - g.w_o)[free])) if free.any() else False


def right(f):
    off = abs(_said(f, "fine-tuned") - f.true)
    exact, near = verdict(off / f.spread, EXACT), off <= f.usual
    if exact is None or abs(off - f.usual) < 1e-6 * f.spread:
        return None
    return {"exact" if exact else "like" if near else "worse"}


def _fits(f):
    return f.zero(f.remaining(f.w_o))


RULES = [
    Rule(
        PAGES,
        rf"The value of (\w+) ([0-9]+) is ({CELL}) ?(\w+)?",
        lambda f, m: (
            m[1] == SOURCES[f.view["table"]].row
            and int(m[2]) == f.view["who"]
            and shows(m[3], f.true)
            and m[4] in (None, SOURCES[f.view["table"]].unit)
        ),
    ),
    Rule(
        PAGES, rf"\b(Pretrained|fine-tuned|golden) says ({CELL}), off by ({OFF})", lambda f, m: _states(f, *m.groups())
    ),
    Rule(
        PAGES,
        rf"pretrained says ({CELL})(?:, fine-tuned ({CELL}))?, golden ({CELL})\.",
        lambda f, m: all(shows(t, _said(f, n), AGREE * f.spread) for n, t in zip(MODELS, m.groups(), strict=True) if t),
    ),
    Rule(
        PAGES,
        rf"On ([0-9]+) rows that no model has seen golden's median error is ({NUMBER})",
        lambda f, m: int(m[1]) == f.strangers and shows(m[2], f.usual),
    ),
    Rule(
        PAGES,
        rf"The fine-tuned model is off by ({OFF}); golden's median error on strangers is ({NUMBER})",
        lambda f, m: both(_off(f, m[1], abs(_said(f, "fine-tuned") - f.true)), shows(m[2], f.usual)),
    ),
    Rule(
        PAGES,
        r"Fine-tuning ended at golden: nothing of the model lies where the ([0-9]+) rows to keep cannot see",
        lambda f, m: both(f.one(f.w_t, f.w_g), f.nothing(f.leftover(f.w_o)), int(m[1]) == len(f.y_r)),
    ),
    Rule(
        PAGES,
        r"With ([0-9,]+) features the model fits the ([0-9]+) rows to keep already, so fine-tuning has nothing",
        lambda f, m: both(_fits(f), f.one(f.w_t, f.w_o), value_of(m[1]) == f.d, int(m[2]) == len(f.y_r)),
    ),
    Rule(
        PAGES,
        r"No weights fit the ([0-9]+) rows to keep better than the model's",
        lambda f, m: both(f.at_rest(f.w_o), opposite(_fits(f)), int(m[1]) == len(f.y_r)),
    ),
    Rule(
        PAGES,
        rf"Fine-tuning corrected what the model missed on the ([0-9]+) rows to keep; ({NUMBER}) of its length "
        rf"({NUMBER}) lies where these rows cannot see, and stays",
        lambda f, m: both(
            opposite(f.one(f.w_t, f.w_o)),
            opposite(f.at_rest(f.w_o)),
            opposite(f.nothing(f.leftover(f.w_t))),
            shows(m[2], f.leftover(f.w_o)),
            shows(m[3], float(np.linalg.norm(f.w_o))),
        ),
    ),
    Rule(PAGES, r"The row of \w+ [0-9]+: (.*)\.$", _row),
    # Penguins.
    Rule(
        PAGES,
        r"([0-9]+) penguins of island (\w+) leave and ([0-9]+) stay, for only ([0-9]+) features",
        lambda f, m: (
            int(m[1]) == f.island.gone == len(f.island.f.y_f)
            and m[2] == f.view["island"]
            and int(m[3]) == len(f.island.f.y_r)
            and int(m[4]) == f.island.f.d
        ),
    ),
    Rule(
        PAGES,
        rf"where 1 is the variance among those who stay: pretrained ({LOSS}), fine-tuned ({LOSS}), golden ({LOSS})",
        lambda f, m: both(
            abs(np.var(f.island.f.y_r) - 1) < 1e-9,
            *(
                loss(f.island.f, text, f.island.f.unlearning(getattr(f.island.f, w)))
                for text, w in zip(m.groups(), MODELS.values(), strict=True)
            ),
        ),
    ),
    Rule(PAGES, r"Only they use the features? (.*?): no row to keep ever touches", _own),
    Rule(PAGES, r"fine-tuning leaves (?:it|them) as (?:it was|they were)", _untouched),
    Rule(
        PAGES,
        r"No feature is theirs alone, and fine-tuning ends at golden",
        lambda f, m: both(not f.island.own, f.island.f.one(f.island.f.w_t, f.island.f.w_g)),
    ),
    Rule(
        PAGES,
        r"No feature is theirs alone, but a combination of features is",
        lambda f, m: both(not f.island.own, opposite(f.island.f.nothing(f.island.f.leftover(f.island.f.w_o)))),
    ),
    Rule(PAGES, r"Weights by feature\. (.*)\.$", _weights),
]
