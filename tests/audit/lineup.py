"""What the page lineup says, and what has to be so where it is said: weights of methods, measured by numpy alone."""

import re
from functools import cached_property, partial

import numpy as np

from tests.audit import lineup_methods
from tests.audit.facts import Facts as Models
from tests.audit.judging import both, form
from tests.audit.reading import LOSS, NUMBER, plain, shows, value
from tests.audit.reading import texts as captions
from theory import METHODS, Spec, draw, suspects
from theory.ascent import STEPS, ascent_path
from ui.lessons.lineup.figures import FARTHEST, WIDEST
from ui.lessons.lineup.results import lined_up, settings
from ui.lessons.lineup.sentences import suspected
from ui.lessons.lineup.text import MEASURES, NAMES, TELLING, YARDSTICKS

rule = partial(form, "lineup")
LABELS = {method.label: key for key, method in METHODS.items()}
# Shares of the start's distance that are rounding, and those that are not; a share is printed to two digits.
SAME, OTHER = 1e-9, 1e-6
NEARLY, FAR = 0.1, 0.3
QUIET = (
    "Left of the line a model still remembers",
    "Who does not know golden does not know where to stop",
    "Say which is golden, or ask for another number",
    "Ask for another number, then say which is golden",
    "Golden has nothing there",
    *lineup_methods.IDEAS,
)


def texts(view):
    found = lined_up(view.data)
    asked = {
        f"asked for {measure}, {name} accused": plain(suspected(found, measure, name))
        for measure in MEASURES
        for name in (None, *NAMES)
    }
    return captions("lineup", view, aloud=True) | asked | lineup_methods.texts(view)


class Facts(Models):
    """The models of the page, and every method's place beside its own golden."""

    def __init__(self, view):
        super().__init__(view.data)
        self.view = view
        self.problem = draw(view.data) if isinstance(view.data, Spec) else view.data.problem()
        self.own = {key: dict(values) for key, values in settings(view)}
        self.took = [key for key, method in METHODS.items() if method.applies(self.problem)]

    def ridge(self, X, y):
        """The ridge fit of the board's strength."""
        strength = self.view["board_ridge"]
        return X.T @ np.linalg.solve(X @ X.T + strength * np.eye(len(X)), y)

    def beside(self, key):
        """The start and the golden model that a method is read beside."""
        if METHODS[key].reference == "golden":
            return self.w_o, self.w_g
        return self.ridge(self.X, self.y), self.ridge(self.X_r, self.y_r)

    @cached_property
    def spread(self):
        """The singular values of all rows, as shares of the largest."""
        sizes = np.linalg.svd(self.X, compute_uv=False)
        return sizes / (sizes[0] or 1.0)

    @cached_property
    def weights(self):
        return {key: METHODS[key].fit(self.problem, **self.own.get(key, {})) for key in self.took}

    @cached_property
    def places(self):
        """UL gap, distance as a share of the start's (NaN where the start is golden) and as it is, by method."""
        found = {}
        for key, w in self.weights.items():
            start, golden = self.beside(key)
            whole, away = np.linalg.norm(start - golden), np.linalg.norm(w - golden)
            share = away / whole if whole > 1e-12 * np.linalg.norm(start) else np.nan
            found[key] = (self.unlearning(w) - self.unlearning(golden), share, away, self.unlearning(golden))
        return found

    @cached_property
    def trio(self):
        return suspects(self.problem)

    def reading(self, key, measure):
        w = self.trio.weights[key]
        if measure == "unlearning_loss":
            return self.unlearning(w)
        if measure == "remaining_loss":
            return self.remaining(w)
        return self.attack_share(w) if measure == "membership_auc" else self.trio.new_rows[key]

    def attack_share(self, w):
        """How often a row to forget has a smaller error than a fresh one; rounding is no error."""
        fresh = self._fresh()
        cut = 1e-10 * np.sqrt(np.mean(np.concatenate([self.y_f, fresh.y_f]) ** 2))
        inside, outside = (np.abs(X @ w - y) for X, y in ((self.X_f, self.y_f), (fresh.X_f, fresh.y_f)))
        inside, outside = np.where(inside <= cut, 0, inside)[:, None], np.where(outside <= cut, 0, outside)
        return float(np.mean((inside < outside) + (inside == outside) / 2))

    @cached_property
    def path(self):
        golden = self.ridge(self.X_r, self.y_r)
        ridge = self.own["gradient_ascent"]["ridge"]
        made = ascent_path(self.problem, range(STEPS + 1), ridge)
        away = np.linalg.norm(made - golden, axis=1)
        return away / away[0] if away[0] > 0 else away, ((made @ self.X_f.T - self.y_f) ** 2).mean(axis=1), golden


def facts(view):
    return Facts(view)


def _near(text, true, room=1e-6):
    return shows(text, true, 1e-8) or abs(value(text) - true) <= room * max(1.0, abs(true))


def _keys(text):
    """Methods by their names, some of which have a comma in them."""
    found = set()
    for label in sorted(LABELS, key=len, reverse=True):
        if re.search(rf"(?:^|, ){re.escape(label)}(?:, |$)", text):
            found.add(LABELS[label])
            text = text.replace(label, "…", 1)
    return found


def _those(f, named, wanted):
    """Whether just these methods are so far from golden, as a share of the start's distance."""
    told = {key: place for key, place in f.places.items() if key not in YARDSTICKS}
    off = {
        key: abs(share - wanted) if share == share else (away if wanted == 0 else 1.0)
        for key, (_, share, away, _) in told.items()
    }
    if any(SAME / 10 < size < OTHER for size in off.values()):
        return None
    return named == {key for key, size in off.items() if size <= SAME / 10}


def _nothing_to_do(f, m):
    return both(f.one(f.w_o, f.w_g), *(np.isnan(share) for key, (_, share, *_) in f.places.items()))


def _trap(f, m):
    gap, share, _, whole = f.places[LABELS[m[1]]]
    traps = [s for key, (g, s, _, w) in f.places.items() if key not in YARDSTICKS and abs(g) <= NEARLY * w and s > FAR]
    return both(
        abs(gap) <= NEARLY * whole * (1 + 1e-6), share >= max(traps) - 1e-6, _near(m[2], abs(gap)), _near(m[3], share)
    )


def _board(f, m):
    rows = re.findall(rf"(?:^|; )([^;]*?): UL gap ({NUMBER}), away (-|{NUMBER})", m[1])
    for name, gap, away in rows:
        true_gap, share, *_ = f.places[LABELS[name]]
        if not _near(gap, true_gap) or (away == "-") != np.isnan(share) or (away != "-" and not _near(away, share)):
            return None if np.isnan(share) or f.one(*f.beside(LABELS[name])) is not False else False
    return len(rows) >= 2


def _picked(f, m, alike):
    gap, share, _, whole = f.places[LABELS[m[1]]]
    near = abs(gap) <= NEARLY * whole and share > FAR
    if min(abs(abs(gap) - NEARLY * whole), abs(share - FAR)) < 1e-6:
        return _near(m[2], share)
    return near == alike and _near(m[2], share)


def _outside(f, m):
    named = _keys(m[1])
    return all(
        (share > FARTHEST or abs(gap) > WIDEST * max(whole, 1e-12)) == (key in named)
        for key, (gap, share, _, whole) in f.places.items()
        if key not in YARDSTICKS and min(abs(share - FARTHEST), abs(abs(gap) / max(whole, 1e-12) - WIDEST)) > 1e-6
    )


def _out_of_sight(f, m):
    w = f.weights[LABELS[m[1]]]
    return _near(m[2], np.linalg.norm(w)) and _near(m[3], f.leftover(w))


def _climb(f, m):
    share = f.path[0]
    best, at = int(m[1]), int(m[4])
    return both(
        share[best] <= share.min() + 1e-9,
        best > 0,
        int(m[2]) == len(share) - 1,
        at == int(f.view["gradient_ascent_steps"]),
        _near(m[3], share[best]),
        _near(m[5], share[at]),
    )


def _reaches(f, m):
    share, error, golden = f.path
    step, level = int(m[1]), f.unlearning(golden)
    return error[step] >= level * (1 - 1e-9) and error[step - 1] <= level * (1 + 1e-9) and _near(m[2], share[step])


def _named(f, name):
    return [*f.trio.weights][NAMES.index(name)]


def _tells(f, measure):
    """Whether a number sets golden apart from both others; None near the border."""
    own = f.reading("golden", measure)
    room = f.trio.records["golden"].membership_reach
    room = room if measure == "membership_auc" else 0.05 * f.unlearning(f.w_g)
    off = [abs(f.reading(key, measure) - own) for key in f.trio.traps]
    return None if any(abs(x - room) < 1e-9 for x in off) else all(x > room for x in off)


def _told(f, m):
    measure = next(key for key, text in MEASURES.items() if text == m[1])
    found = _tells(f, measure)
    return None if found is None else found == (m[2] == "sets")


def _farthest(f, m):
    away = {key: f.away(f.trio.weights[key]) for key in f.trio.traps}
    key = LABELS[m[1]]
    return both(
        away[key] >= max(away.values()) * (1 - 1e-9),
        _near(m[2], away[key]),
        _near(m[3], np.linalg.norm(f.w_g)),
        abs(f.reading(key, "unlearning_loss") - f.unlearning(f.w_g)) <= 1e-6 * max(f.unlearning(f.w_g), 1e-6),
    )


def _readings(f, m):
    measure = next(key for key, text in MEASURES.items() if text == m[1])
    texts_, keys = (m[2], m[3], m[4]), ("golden", *f.trio.traps)
    return all(_near(text, f.reading(key, measure)) for text, key in zip(texts_, keys, strict=True))


def right(f):
    if len(f.trio.weights) < len(NAMES):
        return None
    found = {key: _tells(f, key) for key in TELLING if key != "none"}
    return None if None in found.values() else {key for key, tells in found.items() if tells} or {"none"}


RULES = [
    rule(r"The pretrained model is golden already", _nothing_to_do),
    rule(r"Golden itself, to rounding: (.*?)\.(?= |$)", lambda f, m: _those(f, _keys(m[1]), 0.0)),
    rule(r"No method ends at golden itself", lambda f, m: _those(f, set(), 0.0)),
    rule(r"As far from golden as before: (.*?)\.(?= |$)", lambda f, m: _those(f, _keys(m[1]), 1.0)),
    rule(r"The best trap: “(.*?)” misses golden's UL by only #, and ends at # times the start's distance", _trap),
    rule(
        r"Cannot take these rows: (.*?)\.(?= |$)",
        lambda f, m: _keys(m[1]) == set(METHODS) - set(f.took) - set(YARDSTICKS),
    ),
    rule(r"Every method beside golden\. (.*)\.$", _board),
    rule(
        r"“(.*?)” stands where golden does",
        lambda f, m: f.places[LABELS[m[1]]][1] <= OTHER,
    ),
    rule(r"“(.*?)” has golden's error, or nearly, and is at # of the start's", lambda f, m: _picked(f, m, True)),
    rule(r"“([^”]*?)” is at # of the start's distance", lambda f, m: _picked(f, m, False)),
    rule(r"Outside the picture: (.*?)\.(?= |$)", _outside),
    rule(r"Marks of ([0-9]+) methods", lambda f, m: int(m[1]) == len(f.took)),
    rule(
        r"“(.*?)” cannot take rows of ([0-9]+) features",
        lambda f, m: LABELS[m[1]] not in f.took and int(m[2]) == f.d,
    ),
    rule(r"“(.*?)” cannot take these rows", lambda f, m: LABELS[m[1]] not in f.took),
    rule(
        r"The rows to keep can see all of “(.*?)”",
        lambda f, m: f.leftover(f.weights[LABELS[m[1]]]) <= 1e-6 * f.size,
    ),
    rule(r"Of “(.*?)”, of length #, a part of length # lies where the rows to keep cannot see", _out_of_sight),
    rule(
        r"Bars of all ([0-9,]+) weights before and after “(.*?)”, of golden, and of the part that the rows to keep "
        r"cannot see, of length #",
        lambda f, m: value(m[1]) == f.d and _near(m[3], f.leftover(f.weights[LABELS[m[2]]])),
    ),
    rule(r"No step comes nearer to golden", lambda f, m: f.path[0].min() >= f.path[0][0] - 1e-9),
    rule(
        r"The nearest to golden is after # of # steps, at # of the start's distance; after # steps?, as asked for, it "
        r"is at #\.",
        _climb,
    ),
    rule(r"Its UL reaches golden's at step ([0-9]+), at # of the start's distance", _reaches),
    rule(
        r"Distance to golden over ([0-9]+) steps: 1 at first, # after ([0-9]+), # at the end",
        lambda f, m: _near(m[2], f.path[0][int(m[3])]) and _near(m[4], f.path[0][-1]),
    ),
    rule(
        r"fewer than two traps reach golden's unlearning loss: there is no line-up here",
        lambda f, m: len(f.trio.traps) < 2,
    ),
    rule(
        rf"All three err on the rows to forget by ({LOSS}), as golden does",
        lambda f, m: all(_near(m[1], f.reading(key, "unlearning_loss")) for key in f.trio.weights),
    ),
    rule(r"(.*?) of the three\. Say which", lambda f, m: m[1] in MEASURES.values()),
    rule(r"Right: ([ABC]) is golden", lambda f, m: _named(f, m[1]) == "golden"),
    rule(
        r"No: ([ABC]) is “(.*?)”\. Golden is ([ABC])",
        lambda f, m: _named(f, m[1]) == LABELS[m[2]] and _named(f, m[3]) == "golden",
    ),
    rule(r"([A-Z][a-z ]+?) (sets|does not set) golden apart from both", _told),
    rule(r"With the same unlearning loss, “(.*?)” is # away from golden; golden's own length is #", _farthest),
    rule(r"([A-Z][a-z ]+?): golden #, the others # / #\.", _readings),
    rule(r"of the models in the line-up: .*", lambda f, m: True),
    *lineup_methods.RULES,
]
