"""What the page flatten says, and what has to be so where it is said: curves fitted and flattened anew."""

from functools import cached_property, partial

import numpy as np

from tests.audit.judging import both, form
from tests.audit.reading import NUMBER, shows, value
from theory import Spec, draw
from ui.lessons.flatten.text import STEPS, WAYS

rule = partial(form, "flatten")
PLACE, CENTRES, STEP = 1.5, np.linspace(-3, 3, 61), 0.002
# Two computations of 300 steps agree to this.
AGREE = 1e-6
QUIET = ("Curves of one input.", "Golden would be 0")


class Facts:
    """The curve after 0, 1, ... steps by each way, and a linear model that shrinks."""

    def __init__(self, view):
        self.width, self.move, self.way = view["feature"], view["moved"], view["way"]
        self.steps, self.share = int(view["pressed"]), view["share"]
        grid = np.linspace(-3, 3, 31)
        self.x = grid[np.abs(grid - PLACE) > 0.25]
        self.label = np.sin(1.2 * PLACE) - view["depth"]
        y = np.sin(1.2 * self.x)
        self.golden, self.start = self._fit(self.x, y), self._fit(np.append(self.x, PLACE), np.append(y, self.label))
        near = np.linspace(-3, 3, 601)
        self.near = self.features(near[np.abs(near - PLACE) <= 0.3 + 1e-9])
        self.far = self.features(near[np.abs(near - PLACE) > 1.5])
        self.kept = {}

    def features(self, x):
        return np.exp(-((np.atleast_1d(x)[:, None] - CENTRES) ** 2) / (2 * self.width**2))

    def _fit(self, x, y):
        F = self.features(x)
        return np.linalg.solve(F.T @ F + 0.01 * np.eye(len(CENTRES)), F.T @ y)

    def path(self, way):
        if way not in self.kept:
            here, low, high = self.features(PLACE + self.move * np.array([0.0, -1.0, 1.0]))
            rows = [here - low, here - high]
            if way == "smooth":
                M = sum(np.outer(r, r) for r in rows) / (2 * self.move**2)
                eye = np.eye(len(CENTRES))
                made = [np.linalg.solve(eye + STEP * k * M, self.start) for k in range(STEPS + 1)]
            else:
                made = [self.start]
                for _ in range(STEPS):
                    w = made[-1]
                    pull = sum(np.sign(r @ w) * (here if way == "published" else r) for r in rows)
                    made.append(w - STEP / 2 / self.move * pull)
            self.kept[way] = np.array(made)
        return self.kept[way]

    def at_row(self, w):
        return float(self.features(PLACE)[0] @ w)

    def gaps(self, way=None):
        return np.sqrt((((self.path(way or self.way) - self.golden) @ self.near.T) ** 2).mean(axis=1))

    @cached_property
    def line(self):
        """Distance to golden and error on the rows to keep of a linear model times a factor; the best factor."""
        rows = draw(Spec(n_forget=self.view["forgotten"]))
        X, y = np.vstack([rows.X_r, rows.X_f]), np.concatenate([rows.y_r, rows.y_f])
        w_o, w_g = np.linalg.lstsq(X, y, rcond=None)[0], np.linalg.lstsq(rows.X_r, rows.y_r, rcond=None)[0]
        whole, size = np.linalg.norm(w_o - w_g), np.linalg.norm(rows.y_r)
        return (
            lambda share: np.linalg.norm(share * w_o - w_g) / whole,
            lambda share: np.linalg.norm(rows.X_r @ w_o * share - rows.y_r) / size,
            float(w_o @ w_g / (w_o @ w_o)),
        )


def facts(view):
    return Facts(view)


def _value(text, true):
    return shows(text, true, 1e-9) or abs(value(text) - true) <= AGREE


def _told(f, m):
    path, gaps = f.path(f.way), f.gaps()
    true = (f.at_row(path[f.steps]), f.at_row(path[0]), f.at_row(f.golden), gaps[f.steps], gaps[0])
    return int(m[1]) == f.steps and all(_value(text, x) for text, x in zip(m.groups()[1:], true, strict=True))


def _pretrained(f, m):
    return _value(m[1], f.at_row(f.start)) and _value(m[2], f.at_row(f.golden))


def _cancels(f, m):
    low, here, high = f.features(PLACE + f.move * np.array([-1.0, 0.0, 1.0])) @ f.start
    still = np.abs(f.path(f.way) - f.start).max() <= 1e-9
    return still and (here - low) * (here - high) < 0


def _step(f, m, later):
    """Whether some step is nearer than the one shown by more than one in a hundred, and lies where it is said."""
    gaps, step = f.gaps(), int(m["step"])
    return both(
        gaps[f.steps] > 1.009 * gaps.min(),
        abs(gaps[step] - gaps.min()) <= AGREE,
        _value(m["low"], gaps.min()),
        step > f.steps if later else step < f.steps,
    )


def _best(f, m, turns):
    gaps = f.gaps()
    numbers, true = [m["a"], m["b"], m["c"]], [gaps[0], gaps.min(), gaps[-1]]
    return both(
        all(_value(text, x) for text, x in zip(numbers, true, strict=True)),
        gaps.min() < gaps[0],
        abs(gaps[int(m["step"])] - gaps.min()) <= AGREE,
        (gaps[-1] > 1.0099 * gaps.min()) if turns else (gaps[-1] < 1.0101 * gaps.min()),
    )


def _ends(f, m):
    gaps = f.gaps()
    return _value(m[1], gaps[0]) and _value(m[2], gaps[-1])


def _verdict(f, m):
    gaps = f.gaps()
    return both(
        _value(m[1], gaps[0]),
        _value(m[2], gaps.min()),
        abs(gaps[int(m[3])] - gaps.min()) <= AGREE,
        _value(m[4], gaps[-1]),
    )


def _way(f, m):
    gaps = f.gaps(WAYS[m[1].capitalize()])
    return both(
        _value(m[2], gaps[0]),
        abs(gaps[int(m[3])] - gaps.min()) <= AGREE,
        _value(m[4], gaps.min()),
        _value(m[5], gaps[-1]),
    )


def _shrunk(f, m):
    away, error, _ = f.line
    true = (f.share, away(f.share), error(f.share))
    return all(abs(float(text) - 100 * x) <= 0.51 for text, x in zip(m.groups(), true, strict=True))


def _factor(f, m):
    away, _, best = f.line
    return shows(m[1], best) and abs(float(m[2]) - 100 * away(best)) <= 0.51


def right(f):
    gaps = f.gaps()
    start, low, end = gaps[0], gaps.min(), gaps[-1]
    if min(abs(low - 0.99 * start), abs(end - 1.01 * low), abs(gaps.max() - 1.01 * start)) < 10 * AGREE:
        return None
    if low < 0.99 * start:
        return {"turns" if end > 1.01 * low else "falls"}
    return {"rises" if gaps.max() > 1.01 * start else "still"}


RULES = [
    rule(
        r"After ([0-9]+) steps? the curve says # at the row; it said #, and golden says #\. Near the row it "
        r"is # from golden, # before\.",
        _told,
    ),
    rule(r"[tT]he pretrained curve says #, golden #(?=[.,])", _pretrained),
    rule(r"The row to forget says #;", lambda f, m: _value(m[1], f.label)),
    rule(r"the flattened one #\.", lambda f, m: _value(m[1], f.at_row(f.path(f.way)[f.steps]))),
    rule(r"runs one way across the row, so the pulls of its two sides cancel: nothing moves", _cancels),
    rule(
        r"No step has been made: near the row it is # from golden",
        lambda f, m: f.steps == 0 and _value(m[1], f.gaps()[0]),
    ),
    rule(r"That is farther than before", lambda f, m: f.gaps()[f.steps] > 1.0099 * f.gaps()[0]),
    rule(
        rf"Step (?P<step>[0-9]+) was nearer, at (?P<low>{NUMBER})",
        lambda f, m: _step(f, m, later=False),
    ),
    rule(
        rf"More steps get nearer: (?P<low>{NUMBER}) at step (?P<step>[0-9]+)",
        lambda f, m: _step(f, m, later=True),
    ),
    rule(
        rf"None of the {STEPS} steps is clearly nearer\. Farther than 1\.5 from the row the curve has moved by "
        rf"at most #",
        lambda f, m: both(
            f.gaps()[f.steps] <= 1.0101 * f.gaps().min() + 1e-8,
            _value(m[1], np.abs(f.far @ (f.path(f.way)[f.steps] - f.start)).max()),
        ),
    ),
    rule(
        rf"The gap falls from (?P<a>{NUMBER}) to (?P<b>{NUMBER}) at step (?P<step>[0-9]+), and is "
        rf"(?P<c>{NUMBER}) at step {STEPS}\. The number of steps decides",
        lambda f, m: _best(f, m, turns=True),
    ),
    rule(
        rf"The gap falls from (?P<a>{NUMBER}) to (?P<b>{NUMBER}) at step (?P<step>[0-9]+), and ends as low or nearly: "
        rf"(?P<c>{NUMBER}) at step {STEPS}",
        lambda f, m: _best(f, m, turns=False),
    ),
    rule(rf"The gap is # at first and # at step {STEPS}", _ends),
    rule(r"no step clearly helps", lambda f, m: f.gaps().min() >= 0.9899 * f.gaps()[0]),
    rule(r"it hardly changes", lambda f, m: np.abs(f.gaps() / f.gaps()[0] - 1).max() <= 0.0101),
    rule(
        rf"It is # before, never lower, and # after {STEPS}\.",
        lambda f, m: both(_ends(f, m), f.gaps().min() >= f.gaps()[0] - AGREE),
    ),
    rule(
        rf"It is # before, # at step ([0-9]+), and # after {STEPS}\.",
        _verdict,
    ),
    rule(
        r"(as in their code|full gradient|closed form): # at first, lowest at step ([0-9]+) with #, # at the "
        r"end",
        _way,
    ),
    rule(
        r"With ([0-9]+)% of the weights left, the linear model is ([0-9]+)% as far from golden as before, and "
        r"errs on the rows to keep by ([0-9]+)% of their size",
        _shrunk,
    ),
    rule(r"The best factor, #, ends at ([0-9]+)%", _factor),
    rule(
        r"at ([0-9]+)% its distance to golden is ([0-9]+)% of what it was and its error on the rows to keep "
        r"([0-9]+)%",
        _shrunk,
    ),
    rule(r"nearest at #, with ([0-9]+)%\.", _factor),
]
