"""What is true of a setting, recomputed with numpy.linalg alone from the rows and labels of its draw."""

import math
from functools import cached_property

import numpy as np
from scipy.stats import mannwhitneyu

from theory import Spec, draw

# Singular values below this share of the largest are rounding. Square Gaussian rows of these sizes stay above it.
RANK = 1e-11
# Models and losses are one up to rounding below these, and differ beyond doubt above ten times them; what lies between
# no sentence is judged by. The first is relative to the models' lengths, the second to squared labels.
ROUNDING, LOSS_ROUNDING = 1e-8, 1e-16
NEAR = 0.01
LEVEL = 0.05


def fit(X, y, start=None):
    """The least-squares solution nearest to a start."""
    start = np.zeros(X.shape[1]) if start is None else start
    return start + np.linalg.lstsq(X, y - X @ start, rcond=RANK)[0]


def mean_square(X, y, w):
    return float(np.mean((X @ w - y) ** 2))


class Rows:
    """A problem as a request for its rows, such as `Facts` takes."""

    def __init__(self, problem):
        self.problem, self.d, self.n_tune = lambda: problem, problem.d, None


class Facts:
    """Models, losses and distances of drawn or real rows; truths are True, False, or None where rounding decides."""

    def __init__(self, data):
        problem = draw(data) if isinstance(data, Spec) else data.problem()
        self.spec, self.d = data, data.d
        self.X_r, self.y_r, self.X_f, self.y_f = problem.X_r, problem.y_r, problem.X_f, problem.y_f
        self.n_t = len(self.y_r) if data.n_tune is None else data.n_tune
        self.X_t, self.y_t = self.X_r[: self.n_t], self.y_r[: self.n_t]
        self.X, self.y = np.vstack([self.X_r, self.X_f]), np.concatenate([self.y_r, self.y_f])
        self.shuffle, self._fresh = problem.shuffled, problem.fresh
        if isinstance(data, Spec):
            self.shared = round(data.overlap * data.d)
            self.forget_only = (data.d - self.shared) // 2
            self.retain_only = data.d - self.shared - self.forget_only
        else:  # as the rows are
            kept, gone = self.X_r.any(axis=0), self.X_f.any(axis=0)
            self.retain_only, self.forget_only = 0, int((gone & ~kept).sum())
            self.shared = self.d - self.forget_only

    @cached_property
    def w_o(self):
        return fit(self.X, self.y)

    @cached_property
    def w_g(self):
        return fit(self.X_r, self.y_r)

    @cached_property
    def w_t(self):
        return fit(self.X_t, self.y_t, self.w_o)

    @cached_property
    def P_r(self):
        return np.linalg.pinv(self.X_r, rcond=RANK) @ self.X_r

    @cached_property
    def size(self):
        return max(np.linalg.norm(self.w_o), np.linalg.norm(self.w_g))

    @cached_property
    def options(self):
        """Options A and B and the projection, by name: erased, then fine-tuned."""
        keep_a, keep_b = np.ones(self.d), np.zeros(self.d)
        keep_a[self.d - self.forget_only :] = 0
        keep_b[: self.retain_only] = 1
        erased = {"Option A": keep_a * self.w_o, "Option B": keep_b * self.w_o, "Projection": self.P_r @ self.w_o}
        return {name: fit(self.X_t, self.y_t, w) for name, w in erased.items()}

    def remaining(self, w):
        return mean_square(self.X_r, self.y_r, w)

    def unlearning(self, w):
        return mean_square(self.X_f, self.y_f, w)

    def away(self, w):
        return float(np.linalg.norm(w - self.w_g))

    def leftover(self, w):
        return float(np.linalg.norm(w - self.P_r @ w))

    # Truths.

    def zero(self, loss):
        return verdict(loss, LOSS_ROUNDING * max(1.0, float(np.mean(self.y**2))))

    def one(self, a, b):
        return verdict(np.linalg.norm(a - b), ROUNDING * max(np.linalg.norm(a), np.linalg.norm(b)))

    def nothing(self, length):
        return verdict(length, ROUNDING * self.size)

    def at_rest(self, w):
        """Whether no change of w lowers the error on the rows that fine-tuning sees."""
        return self.one(fit(self.X_t, self.y_t, w), w)

    # A push.

    def target(self, name):
        return {
            "shuffled": self.y_f[self.shuffle],
            "zero": np.zeros(len(self.y_f)),
            "opposite": -self.y_f,
            "oracle": self.X_f @ self.w_g,
        }[name]

    def pushed(self, alpha, target, mu):
        """The minimiser of RL_t + alpha |X_f w - t|^2 / n_f + mu |w - w_o|^2, nearest to w_o at mu = 0."""
        if alpha == 0:
            return self.w_t if mu == 0 else self._held([self.X_t], [self.y_t], mu)
        scale = math.sqrt(alpha * self.n_t / len(self.y_f))
        rows, labels = [self.X_t, scale * self.X_f], [self.y_t, scale * self.target(target)]
        return fit(np.vstack(rows), np.concatenate(labels), self.w_o) if mu == 0 else self._held(rows, labels, mu)

    def _held(self, rows, labels, mu):
        pull = math.sqrt(mu * self.n_t) * np.eye(self.d)
        return fit(np.vstack([*rows, pull]), np.concatenate([*labels, pull @ self.w_o]))

    # An attack.

    def attack(self, w):
        """AUC and exact two-sided p-value of the attack by residuals; rounding is no residual."""
        fresh = self._fresh()
        sizes = [np.abs(self.X_f @ w - self.y_f), np.abs(fresh.X_f @ w - fresh.y_f)]
        cut = 1e-10 * math.sqrt(np.mean(np.concatenate([self.y_f, fresh.y_f]) ** 2))
        members, strangers = (np.where(s <= cut, 0.0, s) for s in sizes)
        found = mannwhitneyu(strangers, members, method="exact")
        return found.statistic / (len(members) * len(strangers)), found.pvalue

    # Gradient descent.

    def descended(self, start, X, y, eta, decay, steps):
        """Weights after so many steps on |X w - y|^2 / n + decay |w|^2, (k, d), in closed form."""
        n = len(y)
        values, vectors = np.linalg.eigh(X.T @ X / n)
        values = np.maximum(values, 0.0)
        values[values < 1e-13 * values.max(initial=0.0)] = 0.0
        rate, pull, begin = values + decay, vectors.T @ (X.T @ y / n), vectors.T @ start
        still = rate <= 0
        ends = np.where(still, begin, pull / np.where(still, 1.0, rate))
        with np.errstate(over="ignore", invalid="ignore"):
            factors = (1 - 2 * eta * rate)[None, :] ** np.asarray(steps, float)[:, None]
            return (ends + factors * (begin - ends)) @ vectors.T

    def stable_step(self, X, decay=0.0):
        return 1 / (np.linalg.norm(X, 2) ** 2 / len(X) + decay)


def verdict(value, limit):
    """True at or below a limit, False clearly above it, None between."""
    return True if value <= limit else False if value > 10 * limit else None


def compared(a, b):
    """How a stands to b: "same", "near", "less" or "more"; None within rounding of a border."""
    off, size = abs(a - b), max(abs(a), abs(b))
    if off <= ROUNDING * size / 10:
        return "same"
    if off < 10 * ROUNDING * size or abs(off / size - NEAR) < 1e-6:
        return None
    return "near" if off < NEAR * size else "less" if a < b else "more"
