"""Mean losses against overlap: Monte Carlo over draws, and the part of it that a change of the noise leaves alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from theory.curves import OverlapCurve, at_noise, curve_of, moments, need_draws, need_linear, over_draws
from theory.draws import Numbers, numbers
from theory.linalg import Array, RowSpace, block_row_spaces, nested_row_spaces, row_space_with
from theory.losses import losses, mean_square
from theory.metrics import fit_all
from theory.problem import Problem
from theory.spec import Spec

READINGS = ("remaining_loss", "unlearning_loss")
# Methods whose weights `loss_moments` knows as functions of the labels.
LINEAR = ("pretrained", "golden", "fine_tune")


@dataclass(frozen=True, eq=False)
class LossMoments:
    """Losses of several draws and overlaps as functions of the noise.

    Definition: rows, true weights and unit noise given, weights are linear in the labels, and so every residual is
    A + noise B; its mean square is a + b noise + c noise^2.
    Shapes: coefficients (draws, overlaps, keys, 2, 3), the losses in the order RL, UL and the coefficients a, b, c.
    Errors: see `at`.
    Source: derived here; `loss_moments` makes it.
    """

    overlaps: tuple[float, ...]
    keys: tuple[str, ...]
    coefficients: Array

    def at(self, noise: float) -> OverlapCurve:
        """Return the curve for one noise, or raise ValueError for a noise that no Spec can have."""
        return curve_of(self.overlaps, self.keys, READINGS, at_noise(self.coefficients, noise))


def loss_curve(spec: Spec, overlaps: Sequence[float], keys: Sequence[str], draws: int) -> OverlapCurve:
    """Return the mean RL and UL of the methods at every overlap, over `draws` seeds counted up from the Spec's own.

    Definition: sample mean, and sample standard deviation over the square root of the number of draws.
    Shapes: see `OverlapCurve`; its readings are "remaining_loss" and "unlearning_loss".
    Errors: ValueError if draws is below 1, an overlap is outside 0 to 1 or a key is not in METHODS.
    Source: Monte Carlo over `draw`; expected_unlearning_loss is what golden's mean converges to.
    """
    if set(keys) <= set(LINEAR):
        return loss_moments(spec, overlaps, keys, draws).at(spec.noise)

    def read(problem: Problem) -> Array:
        weights, _ = fit_all(problem, keys)
        return np.stack(losses(problem, np.stack([weights[key] for key in keys], axis=1)), axis=1)

    return curve_of(overlaps, keys, READINGS, over_draws(spec, overlaps, draws, read))


def loss_moments(spec: Spec, overlaps: Sequence[float], keys: Sequence[str], draws: int) -> LossMoments:
    """Return the losses of `loss_curve` as functions of the noise, which the Spec's own noise does not touch.

    Definition: see `LossMoments`. All overlaps of a draw share one set of numbers and, column by column, one Gram
    matrix. Labels without noise are fitted by every model that sees them, so that the pretrained and the fine-tuned
    model miss nothing but noise; where the law of the draw says that they fit any noise too, nothing is solved.
    Shapes: k overlaps -> see `LossMoments`.
    Errors: ValueError if draws is below 1, an overlap is outside 0 to 1 or a key is not among `LINEAR`.
    Source: derived here (theory section 2).
    """
    need_draws(draws)
    need_linear(keys, LINEAR)
    specs = [replace(spec, overlap=overlap, noise=1.0) for overlap in overlaps]
    found = np.zeros((draws, len(specs), len(keys), len(READINGS), 3))
    order = sorted(range(len(specs)), key=lambda j: specs[j].d_overlap)
    for i in range(draws):
        drawn = _Drawn(numbers(spec.seed + i, spec.d, spec.n_retain, spec.n_forget))
        for j in order:
            shown = _Shown(drawn, specs[j])
            for k, key in enumerate(keys):
                found[i, j, k] = shown.moments(key)
    return LossMoments(tuple(float(o) for o in overlaps), tuple(keys), found)


class _Drawn:
    """The numbers of one seed, and the Gram matrices that its overlaps share."""

    def __init__(self, shown: Numbers) -> None:
        self.numbers = shown
        self._columns, self._gram = 0, np.zeros((shown.n_retain,) * 2)

    def of_rows(self, m: int) -> Array:
        """Return the products of the retain rows on their first m columns; m never falls from one call to the next."""
        more = self.numbers.X_r[:, self._columns : m]
        self._columns = m
        self._gram += more @ more.T
        return self._gram

    @cached_property
    def retain_columns(self) -> Array:
        """The products of the columns on the retain rows: of all columns where X has as many rows, else of the first.

        Asked for where rows are at least as many as the columns they use, so that it is no larger than X.
        """
        X_r, rows = self.numbers.X_r, len(self.numbers.X)
        few = X_r if rows >= X_r.shape[1] else X_r[:, : len(X_r)]
        return few.T @ few

    @cached_property
    def forget_columns(self) -> Array:
        """The products of all columns on the forget rows; asked for where X has as many rows as columns."""
        return self.numbers.X_f.T @ self.numbers.X_f


class _Shown:
    """What one overlap shows of one seed's numbers, with unit noise: S the retain rows on the m columns they use."""

    def __init__(self, drawn: _Drawn, spec: Spec) -> None:
        self.drawn, self.spec, self.m = drawn, spec, spec.d - spec.d_forget
        self.X_r, self.X_f = drawn.numbers.X_r, drawn.numbers.X_f
        self.noise_r, self.noise_f = drawn.numbers.noise_r, drawn.numbers.noise_f
        self.S = self.X_r[:, : self.m]
        self.retain_space = row_space_with(self.S, self._retain_gram())

    def moments(self, key: str) -> Array:
        """Return the coefficients a, b, c of RL and UL, (2, 3)."""
        if key == "golden":
            return self._golden()
        missed = self._missed_by_tuned if key == "fine_tune" else self._missed_by_pretrained
        return np.array([[0.0, 0.0, mean_square(part)] for part in missed])

    def _golden(self) -> Array:
        w_star, d_r, m = self.drawn.numbers.w_star, self.spec.d_retain, self.m
        W = self.retain_space.solve(np.column_stack([self.S @ w_star[:m], self.noise_r]))
        quiet = self.X_f[:, d_r:m] @ (W[d_r:, 0] - w_star[d_r:m]) - self.X_f[:, m:] @ w_star[m:]
        noisy = self.X_f[:, d_r:m] @ W[d_r:, 1] - self.noise_f
        remaining = 0.0 if self.spec.golden_interpolates else mean_square(self.S @ W[:, 1] - self.noise_r)
        return np.array([[0.0, 0.0, remaining], moments(quiet, noisy)])

    @cached_property
    def _pretrained(self) -> Array:
        """Pretrained weights for labels of noise alone, (d,)."""
        return self._all_space().solve(np.concatenate([self.noise_r, self.noise_f]))

    @cached_property
    def _missed_by_pretrained(self) -> tuple[Array, Array]:
        if self.spec.interpolates_retain and self.spec.interpolates_forget:
            return np.zeros(self.spec.n_retain), np.zeros(self.spec.n_forget)
        return self._missed(self._pretrained)

    @property
    def _missed_by_tuned(self) -> tuple[Array, Array]:
        if self.spec.interpolates_retain:  # nothing to follow: fine-tuning stays
            return self._missed_by_pretrained
        count, w = self.spec.tune_rows, self._pretrained.copy()
        rows = self.S[:count]
        space = self.retain_space if count == self.spec.n_retain else nested_row_spaces(rows, (count,))[0]
        w[: self.m] += space.solve(self.noise_r[:count] - rows @ w[: self.m])
        return self._missed(w)

    def _missed(self, w: Array) -> tuple[Array, Array]:
        d_r = self.spec.d_retain
        return self.S @ w[: self.m] - self.noise_r, self.X_f[:, d_r:] @ w[d_r:] - self.noise_f

    def _retain_gram(self) -> Array:
        if self.spec.n_retain <= self.m:
            return self.drawn.of_rows(self.m)
        return self.drawn.retain_columns[: self.m, : self.m]

    def _all_space(self) -> RowSpace:
        spec, m, d_r = self.spec, self.m, self.spec.d_retain
        X = np.zeros((spec.n_retain + spec.n_forget, spec.d))
        X[: spec.n_retain, :m] = self.S
        X[spec.n_retain :, d_r:] = self.X_f[:, d_r:]
        if spec.rank < spec.d:
            return block_row_spaces(X, (len(X),), spec.n_retain, (slice(0, m), slice(d_r, spec.d)))[0]
        gram = np.zeros((spec.d, spec.d))
        gram[:m, :m] = self.drawn.retain_columns[:m, :m]
        gram[d_r:, d_r:] += self.drawn.forget_columns[d_r:, d_r:]
        return row_space_with(X, gram)
