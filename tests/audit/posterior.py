"""What the page posterior says, and what has to be so where it is said: Gaussians added and divided out anew."""

import math
from functools import partial
from statistics import NormalDist

import numpy as np
from scipy.special import ndtr

from tests.audit.judging import both, form
from tests.audit.reading import NUMBER, shows, value
from ui.lessons.posterior.text import THRESHOLDS

rule = partial(form, "posterior")
PLACE = 0.5
# A belief as it is printed; what an optimiser finds of it; and what is rounding in a divergence.
BELIEF, FOUND, SAME = rf"({NUMBER}) give or take ({NUMBER})", 1e-5, 1e-9
# Of a quadrature over where what is said counts.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(500)
QUIET = ("An exact belief needs no threshold.", "Two weights, stored exactly.", "no row to keep says so")


class Facts:
    """The beliefs in one weight, as pairs of a mean and a standard deviation, and those in two."""

    def __init__(self, view):
        count, gone, noise = view["rows_kept"], view["rows_gone"], view["scatter"]
        y_r, y_f = _labels(count, PLACE, noise), _labels(gone, PLACE - view["apart"], noise)
        self.width, self.threshold, self.trick = view["factor"], view["threshold"], view["trick"]
        # Precision, and precision times mean, of what rows say.
        self.said = np.array([gone, y_f.sum()]) / noise**2
        golden = np.array([1 + count / noise**2, y_r.sum() / noise**2])
        self.retrained, self.exact = _belief(golden), _belief(golden + self.said)
        self.stored = self.exact[0], self.width * self.exact[1]
        self.before = _divergence(self.stored, self.retrained)
        turn = np.radians(view["angle"])
        rows = np.vstack([np.tile([1.0, 0.0], (count, 1)), np.tile([np.cos(turn), np.sin(turn)], (gone, 1))])
        self.plane = {}
        for name, X, y in (("after all rows", rows, np.append(y_r, y_f)), ("retrained", rows[:count], y_r)):
            covariance = np.linalg.inv(np.eye(2) + X.T @ X / noise**2)
            mean = covariance @ X.T @ y / noise**2
            self.plane[name] = [(mean[k], math.sqrt(covariance[k, k])) for k in (0, 1)]
        self.plane["unlearned"] = self.plane["retrained"]
        self.tuned = y_r.mean(), self.plane["after all rows"][1][0]
        self.peak = -gone * math.log(2 * math.pi * noise**2) / 2 - ((y_f - y_f.mean()) ** 2).sum() / noise**2 / 2
        self.kept = {}

    def answer(self, threshold, trick):
        """The stored belief without what the rows to forget say; None where there is none."""
        key = threshold, trick
        if key not in self.kept:
            self.kept[key] = self._answer(threshold, trick)
        return self.kept[key]

    def _answer(self, threshold, trick):
        precision = self.stored[1] ** -2
        if threshold == 1:
            return self.stored
        if threshold == 0:
            left = np.array([precision, precision * self.stored[0]]) - self.said
            return _belief(left) if left[0] > 1e-12 * precision else None
        far = math.sqrt(-2 * math.log(threshold))
        return self._lowest(far) if trick == "eubo" else self._moments(far)

    def _lowest(self, far):
        """The q of least E_q[what counts] + KL(q || stored), on ever finer grids; in widths of the stored belief."""
        at, steep = (self.said[1] / self.said[0] - self.stored[0]) / self.stored[1], self.said[0] * self.stored[1] ** 2
        middle, room = np.array([0.0, 0.0]), np.array([far + 2, 9.0])
        for level in range(32):
            fine = np.linspace(-1, 1, 21 if level else 121)
            m, s = np.meshgrid(*(c + r * fine for c, r in zip(middle, room, strict=True)))
            q = np.exp(s)
            a, b = (-far - m) / q, (far - m) / q
            inside, edge_a, edge_b = ndtr(b) - ndtr(a), _height(a), _height(b)
            square = (m - at) ** 2 * inside + 2 * (m - at) * q * (edge_a - edge_b)
            square += q**2 * (inside + a * edge_a - b * edge_b)
            bound = self.peak * inside - steep * square / 2 + (q**2 + m**2 - 1) / 2 - s
            best = np.unravel_index(bound.argmin(), bound.shape)
            middle, room = np.array([m[best], s[best]]), room / (3 if level == 0 else 2)
        return self.stored[0] + self.stored[1] * middle[0], self.stored[1] * math.exp(middle[1])

    def _moments(self, far):
        """Mean and width of the stored belief where nothing counts, and divided by what counts near its middle."""
        z = far * NODES
        w = self.stored[0] + self.stored[1] * z
        log = -z * z / 2 - self.peak + self.said[0] * (w - self.said[1] / self.said[0]) ** 2 / 2
        top = max(log.max(), 0.0)
        near = far * WEIGHTS * np.exp(log - top) / math.sqrt(2 * math.pi)
        tails = 2 * float(ndtr(-far)) * math.exp(-top)
        squares = tails + 2 * far * float(_height(far)) * math.exp(-top)
        mass = near.sum() + tails
        mean = near @ z / mass
        sd = math.sqrt((near @ z**2 + squares) / mass - mean**2)
        return self.stored[0] + self.stored[1] * mean, self.stored[1] * sd

    def after(self, threshold=None, trick=None):
        found = self.answer(self.threshold if threshold is None else threshold, trick or self.trick)
        return None if found is None else _divergence(found, self.retrained)


def _labels(count, place, noise):
    return place + noise * np.array([NormalDist().inv_cdf((k + 0.5) / count) for k in range(count)])


def _belief(natural):
    return natural[1] / natural[0], natural[0] ** -0.5


def _height(z):
    return np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _divergence(q, p):
    ratio = (q[1] / p[1]) ** 2
    return (ratio - 1 - math.log(ratio) + ((q[0] - p[0]) / p[1]) ** 2) / 2


def facts(view):
    return Facts(view)


def _is(m, belief, room=FOUND):
    """Whether a printed belief is one, as well as an optimiser finds it."""
    return shows(m[0], belief[0], room * belief[1]) and shows(m[1], belief[1], room * belief[1])


def _apart(text, true):
    return shows(text, true, SAME) or abs(value(text) - true) <= FOUND * max(true, 1e-3)


def _now(f, m, *outcomes):
    """Whether the unlearned belief is as printed, and lies so to the retrained one."""
    answer = f.answer(f.threshold, f.trick)
    found = right(f)
    return both(None if found is None else bool(found & set(outcomes)), answer is not None and _is(m.groups(), answer))


def _no_answer(f, m):
    has = f.stored[1] ** -2
    limit = math.sqrt(f.exact[1] ** -2 / f.said[0])
    true = zip(m.groups(), (f.said[0], has, has - f.said[0], limit), strict=True)
    return f.answer(f.threshold, f.trick) is None and all(shows(text, number, 1e-9 * has) for text, number in true)


def _on_scale(f, m):
    found = []
    for trick, at, apart in (("eubo", m[1], m[2]), ("reverse", m[3], m[4])):
        values = {t: f.after(t, trick) for t in THRESHOLDS}
        least = min(v for v in values.values() if v is not None)
        here = values[float(at)]
        found += [here is not None and here <= least + FOUND * max(least, 1e-3), _apart(apart, here)]
    return both(*found)


def _upright(f, m):
    before, after = f.plane["after all rows"][1], f.plane["unlearned"][1]
    return _is(m.groups()[:2], before) and _is(m.groups()[2:], after) and _is(("0", "1"), after)


def _read_out(f, m):
    beliefs = {"prior": (0, 1), "stored": f.stored, "retrained": f.retrained}
    beliefs["unlearned"] = f.answer(f.threshold, f.trick)
    return _is(m.groups()[1:], beliefs[m[1]])


def _curve(f, m):
    """Whether a curve read out goes through the answers."""
    points = [point.rpartition(" at ") for point in m[2].split(", ")]
    trick = {"EUBO": "eubo", "Reverse KL": "reverse"}[m[1]]
    return [float(at) for *_, at in points] == list(THRESHOLDS) and all(
        f.after(float(at), trick) is None if said == "no answer" else _apart(said, f.after(float(at), trick))
        for said, _, at in points
    )


def right(f):
    after = f.after()
    if after is None:
        return {"none"}
    if after < 1e-13:
        return {"same"}
    # What an optimiser ends at is no nearer or farther than its tolerance.
    if after < 1e-10 or abs(after - f.before) < FOUND * f.before:
        return {"farther"} if f.threshold == 1 else None
    return {"closer" if after < f.before else "farther"}


RULES = [
    rule(
        rf"Stored is {BELIEF}, retrained {BELIEF}: # apart",
        lambda f, m: _is(m.groups()[:2], f.stored) and _is(m.groups()[2:4], f.retrained) and _apart(m[5], f.before),
    ),
    rule(
        r"There is no answer\. The rows to forget hold a precision of #, the stored belief has # in all: "
        r"taking one from the other leaves #, and no belief has a precision that is not above 0\. From a "
        r"width of # on it is so",
        _no_answer,
    ),
    rule(r"nothing is divided: unlearned is stored", lambda f, m: f.threshold == 1),
    rule(rf"Divided, it is {BELIEF}: exactly the retrained belief", lambda f, m: _now(f, m, "same")),
    rule(r"for the stored one was exact|The stored belief is exact", lambda f, m: f.stored == f.exact),
    rule(rf"Unlearned is {BELIEF}: closer", lambda f, m: _now(f, m, "closer")),
    rule(rf"Unlearned is {BELIEF}: no closer", lambda f, m: _now(f, m, "farther")),
    rule(r"closer, # apart", lambda f, m: _apart(m[1], f.after())),
    rule(
        r"dividing everywhere \(λ = 0\) would end at the retrained one",
        lambda f, m: f.after(0.0) is not None and f.after(0.0) < SAME,
    ),
    rule(
        r"Too much was taken out: the stored belief is too unsure",
        lambda f, m: f.threshold == 0 and f.stored[1] > f.exact[1],
    ),
    rule(
        r"Too little was taken out: the stored belief is surer",
        lambda f, m: f.threshold == 0 and f.stored[1] < f.exact[1],
    ),
    rule(
        r"The stored belief is not exact, and what the rows to forget say is divided out within # of its",
        lambda f, m: f.stored != f.exact and shows(m[1], f.stored[1] * math.sqrt(-2 * math.log(f.threshold))),
    ),
    rule(
        r"The stored belief is # from the retrained one, the unlearned one # \(KL",
        lambda f, m: _apart(m[1], f.before) and _apart(m[2], f.after()),
    ),
    rule(
        r"What the rows to forget say is at least as precise as the whole stored belief",
        lambda f, m: f.said[0] >= f.stored[1] ** -2 * (1 - 1e-9),
    ),
    rule(
        r"Nearest to retrained on this scale: with EUBO at λ = (\S+), # apart; with reverse KL at λ = (\S+), "
        r"# apart",
        _on_scale,
    ),
    rule(r"λ = 0 has no answer here", lambda f, m: f.after(0.0, "eubo") is None),
    rule(
        rf"After all rows it was {BELIEF}; divided, it is {BELIEF}: back to the prior",
        _upright,
    ),
    rule(r"The rows to keep never use the upright weight", lambda f, m: f.view["angle"] > 0),
    rule(
        rf"No row uses the upright weight: it is {BELIEF}, as the prior says, before dividing and after",
        lambda f, m: f.view["angle"] == 0 and _is(m.groups(), (0.0, 1.0)),
    ),
    rule(r"Fine-tuning leaves it at 0, where", lambda f, m: abs(f.tuned[1]) <= 1e-9),
    rule(r"Fine-tuning leaves it at #, and no row to keep", lambda f, m: shows(m[1], f.tuned[1])),
    rule(rf"(prior|stored|retrained|unlearned) {BELIEF}", _read_out),
    rule(r"no unlearned one", lambda f, m: f.after() is None),
    rule(
        rf"(after all rows|unlearned|retrained): level {BELIEF}, upright {BELIEF}",
        lambda f, m: _is(m.groups()[1:3], f.plane[m[1]][0]) and _is(m.groups()[3:], f.plane[m[1]][1]),
    ),
    rule(
        r"fine-tuned at # and #\.",
        lambda f, m: all(shows(text, true, 1e-8) for text, true in zip(m.groups(), f.tuned, strict=True)),
    ),
    rule(r"(EUBO|Reverse KL) ([^;]*? at [^;]*?)(?=;|\.$)", _curve),
]
