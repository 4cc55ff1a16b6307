"""What the desk says of a table that a visitor brought, and what has to be so of it: read from its cells alone."""

import csv
import io
import random
import re
from collections import Counter

import numpy as np

from tests.audit.judging import Rule, both
from tests.audit.reading import NUMBER, value
from theory.data.preparing import ready
from ui.server.own_rows import rows_to_forget

PAGES = ("desk",)
NOTHING = ("", "NA", "?")
# A column is of numbers where this share of what is given are; of levels where it has at most so many of them. Rows
# that models are made of at most, and that a table has at least; letters of a level.
SHARE, LEVELS, ROWS, FEWEST, LONGEST = 0.95, 20, 500, 8, 60
RUNNING = ("", "id", "column 1")
# What is written over a table, which is none.
ABOVE = "made by hand\n"


def cells_of(rng, kind, n, sign, group):
    """The cells of a column, of one kind, with this decimal sign and this one between thousands."""
    plain = [f"{rng.gauss(0, 1):.3f}".replace(".", sign) for _ in range(n)]
    return {
        "numbers": lambda: plain,
        "holes": lambda: [rng.choice(NOTHING) if rng.random() < 0.2 else cell for cell in plain],
        "percent": lambda: [f"{cell}%" if rng.random() < 0.5 else cell for cell in plain],
        "minus": lambda: [cell.replace("-", "\N{MINUS SIGN}") for cell in plain],
        "thousands": lambda: [f"{rng.randrange(1, 99)}{group}{rng.randrange(1000):03d}{sign}5" for _ in range(n)],
        "words": lambda: [rng.choice(("red", "blue", "")) for _ in range(n)],
        "names": lambda: [f"{'x' * rng.choice((1, 70))} of {k // 2}" for k in range(n)],
        "spoilt": lambda: [*plain[:-1], "unknown"],
        "same": lambda: ["7"] * n,
        "empty": lambda: [""] * n,
        "early": lambda: ["2" if k < max(1, n // 10) else "0" for k in range(n)],
        "running": lambda: [str(k + 1) for k in range(n)],
        "twin": lambda: [str(3 * k % 7) for k in range(n)],
    }[kind]()


KINDS = ("holes", "percent", "minus", "thousands", "words", "names", "spoilt", "same", "empty", "early", "twin", "twin")


def plainly(cell):
    return bool(re.fullmatch(r"-?[0-9]+(?:[.,][0-9]+)?", cell))


class Table:
    """A table as it was written, and what is true of it."""

    def __init__(self, seed):
        rng = random.Random(seed)
        self.commas = rng.random() < 0.4
        self.delimiter = rng.choice(";\t" if self.commas else ";\t,|")
        n = rng.choice((7, 9, 13, 21, 40, 60, 700))
        kinds = rng.choice((["numbers"] * 2, ["numbers"] * 2, ["numbers", "names"])) + rng.sample(
            KINDS, rng.randrange(7)
        )
        rng.shuffle(kinds)
        if rng.random() < 0.4:
            kinds = ["running", *kinds]
        if rng.random() < 0.1:
            kinds = ["same"] * len(kinds)
        group = rng.choice((" ", "." if self.commas else " " if self.delimiter in ",|" else ","))
        columns = [cells_of(rng, kind, n, "," if self.commas else ".", group) for kind in kinds]
        rows = list(zip(*columns, strict=True))
        self.given = [rng.choice((f"c{k}", f"c{k}", "", "c")) for k in range(len(kinds))]
        if kinds[0] == "running":
            self.given[0] = rng.choice(("id", ""))
        self.given[-1] = "last"  # a header needs a word
        self.header = rng.random() < 0.7 or 2 * sum(map(plainly, rows[0])) <= len(kinds)
        self.short = (
            sorted(rng.sample(range(2, n), 2)) if rng.random() < 0.5 and len(kinds) > 2 and not self.commas else []
        )
        self.above = rng.choice((0, 0, 2))
        self.cells = [row for k, row in enumerate(rows) if k not in self.short]
        out = io.StringIO()
        out.write(ABOVE * self.above)
        write = csv.writer(out, delimiter=self.delimiter, lineterminator="\n")
        write.writerows([self.given] if self.header else [])
        write.writerows(row[:-1] if k in self.short else row for k, row in enumerate(rows))
        self.text, self.width, self.rows = out.getvalue(), len(kinds), len(self.cells)
        self.columns = dict(zip(self.names(), zip(*self.cells, strict=True), strict=True))

    def number(self, cell):
        """A cell as a number, None where it is none."""
        text = cell.replace("\N{MINUS SIGN}", "-").removesuffix("%").replace(" ", "")
        text = text.replace(".", "").replace(",", ".") if self.commas else text.replace(",", "")
        try:
            return float(text)
        except ValueError:
            return None

    def names(self):
        if not self.header:
            return [f"column {k + 1}" for k in range(self.width)]
        found = []
        for k, name in enumerate(self.given, 1):
            name = name or f"column {k}"
            found.append(name if name not in found else f"{name} ({1 + sum(n.split(' (')[0] == name for n in found)})")
        return found

    def kind(self, name):
        """What a column is taken for: running, empty, number, category or text."""
        cells = self.columns.get(name, ())
        given = [cell for cell in cells if cell not in NOTHING]
        numbers = [self.number(cell) for cell in given]
        called = name in RUNNING[1:] and (name != "column 1" or next(iter(self.columns)) == name)
        if not given:
            return "empty" if cells else "none"
        if called and [self.number(cell) for cell in cells] == [*range(1, len(cells) + 1)]:
            return "running"
        if sum(x is not None for x in numbers) >= SHARE * len(given):
            return "number"
        return "category" if len(self.levels(name)) <= min(LEVELS, len(cells) / 2) else "text"

    def of(self, *kinds):
        return [name for name in self.columns if self.kind(name) in kinds]

    def telling(self):
        """Columns that can be used in which rows differ; all that can be used where there are none."""
        names = self.of("number", "category")
        return [name for name in names if len(set(self.known(name))) > 1] or names

    def known(self, name):
        """The values of a column that are given."""
        return self.values(name)[~np.isnan(self.values(name))]

    @property
    def predicted(self):
        """What is predicted before anybody chooses: the last column in which rows differ, of numbers where one is."""
        names = self.telling()
        return ([name for name in names if self.kind(name) == "number"] or names)[-1]

    def values(self, name):
        """A column as numbers: of levels 0, 1, ... in the order of the alphabet; nan where nothing is given."""
        cells = self.columns[name]
        if self.kind(name) == "number":
            return np.array([np.nan if self.number(c) is None else self.number(c) for c in cells])
        levels = self.levels(name)
        return np.array([np.nan if c in NOTHING else levels.index(c[:LONGEST]) for c in cells])

    def levels(self, name):
        return sorted({c[:LONGEST] for c in self.columns[name] if c not in NOTHING})

    def marked(self, test):
        """Cells of columns of numbers of which a test is true."""
        return sum(
            bool(test(c)) for name in self.of("number") for c in self.columns[name] if self.number(c) is not None
        )


class Facts:
    """A table with the rows that models are trained on; which of them are drawn is asked, what they hold is not."""

    page = "desk"

    def __init__(self, table, entry, view):
        self.table, self.entry, self.gone = table, entry, view["gone"]
        if entry is None:
            return  # it was refused
        self.known = len(table.known(entry.target))
        if len(set(table.known(entry.target))) == 1:
            return  # nothing to predict
        self.goes = rows_to_forget(entry, view["gone"], view["shuffle"])
        made = ready(entry.sheet, entry.target, self.goes, lift=view["lift"], seed=view["shuffle"])
        self.keep, self.forget = made.rows[made.split.keep], made.rows[made.split.forget]
        self.used, self.held = made.rows, made.rows[made.split.held]
        # What a model is given, by name: numbers with the mean where none is, a column for each level, and for gaps.
        self.seen, gaps = {}, {}
        for name in table.of("number", "category"):
            if name == entry.target:
                continue
            x = table.values(name)
            if table.kind(name) == "category":
                told = enumerate(table.levels(name))
                self.seen |= {f"{name} = {level}": (x == k).astype(float) for k, level in told}
                continue
            hole, known = np.isnan(x), x[self.keep][~np.isnan(x[self.keep])]
            if hole[self.used].any():
                gaps[f"{name} is missing"] = hole.astype(float)
            self.seen[name] = np.where(hole, known.mean() if len(known) else 0.0, x)
        self.gaps = [name.removesuffix(" is missing") for name in gaps]
        self.seen |= gaps
        trained = np.concatenate([self.keep, self.forget])
        self.constant = [n for n, x in self.seen.items() if np.ptp(x[trained]) < 1e-12]
        self.own = [n for n, x in self.seen.items() if np.ptp(x[self.keep]) < 1e-12 and n not in self.constant]

    @property
    def chosen(self):
        """Rows the desk has chosen when nobody has: the top tenth of a column, its first level, the first."""
        first = self.table.telling()[0]
        x, known = self.table.values(first), self.table.known(first)
        if self.table.kind(first) == "category":
            return int((x == 0).sum())
        if known.min() == known.max():
            return max(1, self.table.rows // 10)
        return int((x >= np.quantile(known, 0.9)).sum())

    @property
    def own_count(self):
        """How many different columns only rows to forget use: what is the same in all of these is one."""
        away = [self.seen[n][self.forget] - self.seen[n][self.keep].mean() for n in self.own]
        return len({tuple((x / max(1.0, np.abs(x).max())).round(9)) for x in away})

    def same(self, a, b):
        """Whether two columns say the same of all rows trained on: a rising line."""
        x, y = (self.seen[n][np.concatenate([self.keep, self.forget])] for n in (a, b))
        lines = np.polyfit(x, y, 1)
        return bool(lines[0] > 0 and np.abs(np.polyval(lines, x) - y).max() < 1e-8 * max(1.0, np.abs(y).max()))


def _some(text, names):
    """Whether a list names these, six at most and then an ellipsis."""
    return text.replace("\u2060", "") == ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")


def rule(text, truth):
    return Rule(PAGES, text.replace("#", f"({NUMBER})"), truth)


def _twice(t):
    return sum(count > 1 for name, count in Counter(t.given).items() if name)


def _grouped(f, m):
    t = f.table
    other = "." if t.commas else ","
    return both(
        m[1] == f"1{other}234",
        value(m[2]) == t.marked(lambda c: re.fullmatch(rf"[0-9]{{1,3}}[ {other}][0-9]{{3}}[,.]5", c)),
    )


def _twins(f, m):
    listed = [_pair(f, pair) for pair in m[2].removesuffix(", ...").split(", ")]
    return all(a is not None and f.same(a, b) for a, b in listed) and min(int(m[1]), 6) == len(listed)


def _pair(f, text):
    for a in f.seen:
        if text.startswith(f"{a} = ") and text.removeprefix(f"{a} = ") in f.seen:
            return a, text.removeprefix(f"{a} = ")
    return None, None


RULES = [
    rule(r"^Commas inside numbers are read as decimal commas: 1,5 is one and a half\.$", lambda f, m: f.table.commas),
    rule(
        r"^The first row holds numbers, so it is a row like the others: columns are numbered\.$",
        lambda f, m: not f.table.header and 2 * sum(map(plainly, f.table.cells[0])) > f.table.width,
    ),
    rule(
        r"^Columns without a name, which are called by their place: #\.$",
        lambda f, m: f.table.header and value(m[1]) == f.table.given.count(""),
    ),
    rule(
        r"^Names that several columns have, and which got a number behind them: #\.$",
        lambda f, m: f.table.header and value(m[1]) == _twice(f.table),
    ),
    rule(r"^Lines above the table that are no row of it: #\.$", lambda f, m: value(m[1]) == f.table.above),
    rule(
        r"^Rows with more or fewer cells than the # of the others: #, the first of them row #\.$",
        lambda f, m: (
            [value(x) for x in m.groups()] == [f.table.width, len(f.table.short), (f.table.short or [-1])[0] + 1]
        ),
    ),
    rule(r"^Cells with signs between thousands, such as (\S+) or 1 234: #\.$", _grouped),
    rule(
        r"^Cells with a percent sign, which is dropped: #\.$",
        lambda f, m: value(m[1]) == f.table.marked(lambda c: c.endswith("%")),
    ),
    rule(
        r"^Cells with a typographic minus sign: #\.$",
        lambda f, m: value(m[1]) == f.table.marked(lambda c: c.startswith("\N{MINUS SIGN}")),
    ),
    rule(
        r"^Cells in columns of numbers that are none, and count as missing: #\.$",
        lambda f, m: (
            value(m[1])
            == sum(
                c not in NOTHING and f.table.number(c) is None
                for name in f.table.of("number")
                for c in f.table.columns[name]
            )
        ),
    ),
    rule(r"^(.*): it is empty\.$", lambda f, m: f.table.kind(m[1]) == "empty"),
    rule(r"^(.*): it numbers the rows\.$", lambda f, m: f.table.kind(m[1]) == "running"),
    rule(
        r"^(.*): it has # different texts, such as names, numbers of files or dates; no model uses it\.$",
        lambda f, m: (
            f.table.kind(m[1]) == "text" and value(m[2]) == len({c for c in f.table.columns[m[1]] if c not in NOTHING})
        ),
    ),
    rule(
        r"^Rows without a value of (.*): #\.$",
        lambda f, m: (
            m[1] == f.entry.target and value(m[2]) == np.isnan(f.table.values(m[1])).sum() == f.table.rows - f.known
        ),
    ),
    rule(
        r"^Of # rows, # drawn at random stand for all: # of them are to be forgotten\.$",
        lambda f, m: (
            [value(x) for x in m.groups()] == [f.known, ROWS, f.goes[f.used].sum()] and len(f.used) == ROWS < f.known
        ),
    ),
    rule(
        r"^Rows held out, on which no model is trained: #, # of them like the rows to forget\.$",
        lambda f, m: (
            [value(x) for x in m.groups()] == [len(f.held), f.goes[f.held].sum()]
            and not set(f.held) & {*f.keep, *f.forget}
            and len(f.held) == len(f.used) - len(f.keep) - len(f.forget)
        ),
    ),
    rule(
        r"^Columns in which a number is missing: #\. The mean of the rows to keep stands in its place \(0 where none "
        r"of them has a number\), and a column of its own says where: (.*)\.$",
        lambda f, m: value(m[1]) == len(f.gaps) and _some(m[2], f.gaps),
    ),
    rule(
        r"^Columns left out because every row that models are trained on has the same in them: # \((.*)\)\.$",
        lambda f, m: value(m[1]) == len(f.constant) and _some(m[2], f.constant),
    ),
    rule(
        r"^Columns left out because another says the same of every row that models are trained on: # \((.*)\)\.$",
        _twins,
    ),
    rule(
        r"^Columns that only rows to forget use, the same in all rows to keep: #\. They stay: (.*)\.$",
        lambda f, m: set(m[2].removesuffix(", ...").split(", ")) <= set(f.own) and value(m[1]) == f.own_count,
    ),
    rule(
        r"^Your table: # rows, # columns\. Predicted: (.*)\.$",
        lambda f, m: (
            [value(m[1]), value(m[2])] == [f.table.rows, len(f.table.of("number", "category", "text"))]
            and m[3] == f.table.predicted
        ),
    ),
    rule(
        r"^Your table: # rows, (.*) is predicted\. Chosen to leave: #\.$",
        lambda f, m: [value(m[1]), m[2], value(m[3])] == [f.table.rows, f.table.predicted, f.chosen],
    ),
    rule(
        r"^Rows that leave: # of #\.$",
        lambda f, m: [value(x) for x in m.groups()] == [f.chosen, f.table.rows],
    ),
    rule(
        r"^the table must have at least # rows of one width, got #: choose a larger one$",
        lambda f, m: f.entry is None and value(m[2]) == f.table.rows < value(m[1]) == FEWEST,
    ),
    rule(
        r"^the table must have at least 2 columns of numbers or of at most # levels, got #: add one that is to be "
        r"predicted and one that tells of it$",
        lambda f, m: (
            f.entry is None
            and [value(x) for x in m.groups()]
            == [min(LEVELS, f.table.rows // 2), len(f.table.of("number", "category"))]
        ),
    ),
    rule(
        r"^what is predicted must have two different values or more, got (.*), which has one: choose another column$",
        lambda f, m: m[1] == f.entry.target and len(set(f.table.known(m[1]))) == 1,
    ),
    rule(
        r"^All rows say the same in this column: choose another one\.$",
        lambda f, m: f.entry is not None and len(set(f.table.known(f.table.telling()[0]))) == 1,
    ),
    rule(
        r"^Above, “Rows to forget” draws the rows\. Choose “As chosen” to see these\.$",
        lambda f, m: f.gone != "group",
    ),
]
