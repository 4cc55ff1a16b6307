"""The data of one question, drawn or real: `Problem`, with its facts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory.linalg import Array, RowSpace, checked, read_only
from theory.rows import Rows
from theory.spec import Blocks, Refusal, Spec, whole
from theory.streams import SHUFFLE, stream

# Residuals below this share of the labels' root mean square are rounding: the rows are fitted, and no attack may use
# them. Rounding through a factorisation stays far below, and noise that cannot be fitted far above.
ROUNDING = 1e-10

# What not every problem has, each with what to do where it is missing.
WAYS_OUT = {
    "blocks": "say which features only one of the sets uses, with blocks=... in Problem.of_rows",
    "truth": "ask for it on drawn data, where the true weights and the noise are known",
    "fresh rows": "hold some rows back and pass them as fresh=... to Problem.of_rows",
}


@dataclass(frozen=True, eq=False)
class Truth:
    """What made the labels: y = X w* + label_noise.

    Definition: true weights, and what was added to their predictions.
    Shapes: w_star (d,), label_noise (n_retain + n_forget,).
    Errors: none.
    Source: theory section 1.
    """

    w_star: Array
    label_noise: Array


@dataclass(frozen=True, eq=False)
class FreshRows:
    """Held-out rows of both types, that come about like the training rows but that no model has seen.

    Definition: only the columns each type can be non-zero on are stored; `X_r` and `X_f` are the full matrices.
    Shapes: seen_r (n, d_retain + d_overlap), y_r (n,), seen_f (m, d_overlap + d_forget), y_f (m,), where a draw has
    n = n_retain and m = n_forget; seen_r are the first of the d columns, seen_f the last.
    Errors: none.
    Source: theory section 1.
    """

    seen_r: Array
    y_r: Array
    seen_f: Array
    y_f: Array
    d: int

    @property
    def X_r(self) -> Array:
        """Fresh retain-type rows, (n, d)."""
        return np.pad(self.seen_r, ((0, 0), (0, self.d - self.seen_r.shape[1])))

    @property
    def X_f(self) -> Array:
        """Fresh forget-type rows, (m, d)."""
        return np.pad(self.seen_f, ((0, 0), (self.d - self.seen_f.shape[1], 0)))

    def predict(self, weights: Array) -> tuple[Array, Array]:
        """Return the predictions X_r w and X_f w: (d,) -> (n,), (m,); (d, k) -> (n, k), (m, k)."""
        d_r, d_f = self.seen_r.shape[1], self.seen_f.shape[1]
        return self.seen_r @ weights[:d_r], self.seen_f @ weights[self.d - d_f :]


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows to keep and rows to forget, read-only, with the factorisations every method shares.

    Definition: X = [X_r; X_f] and y. Facts (`rank`, `interpolates_retain` and so on) are the laws of the Gaussian draw
    where `spec` names one, true with probability 1; else they are measured on the rows. What made the labels, which
    features a set has to itself, and fresh rows are known of a draw and may be missing of real rows.
    Shapes: y (n_retain + n_forget,).
    Errors: Refusal from `w_star`, `label_noise`, `blocks` and `fresh` where the problem does not have them.
    Source: theory section 1.

    Attributes
    ----------
    rows : the rows without their labels, with all that is factored of them; problems with other labels share them.
    seed : picks what is drawn for the problem beside its rows, such as shuffled labels.
    spec : the law of the draw, up to a rotation of the features; None for real rows.
    truth : what made the labels; None where nobody knows.
    held_out : makes the fresh rows, if there are any.
    """

    rows: Rows
    y: Array
    seed: int = 0
    spec: Spec | None = None
    truth: Truth | None = None
    held_out: Callable[[], FreshRows] | None = None

    @classmethod
    def of_rows(
        cls,
        X_r: ArrayLike,
        y_r: ArrayLike,
        X_f: ArrayLike,
        y_f: ArrayLike,
        *,
        tune_rows: int | None = None,
        blocks: Blocks | None = None,
        fresh: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike] | None = None,
        seed: int = 0,
    ) -> Self:
        """Return the problem of rows as they are: X_r (n_retain, d), y_r (n_retain,), X_f (n_forget, d), y_f.

        `tune_rows` defaults to all retain rows; `fresh` are held-out rows and labels of both types, in the same order;
        `blocks` are three slices, and the rows must be zero where they say. ValueError names what does not fit.
        """
        per_row, per_column = "pass one label per row", "pass one row per sample, with the columns of X_r"
        X_r = checked("X_r", X_r, (None, None), "pass a matrix with one row per sample")
        n, d = X_r.shape
        y_r = checked("y_r", y_r, (n,), per_row)
        X_f = checked("X_f", X_f, (None, d), per_column)
        y_f = checked("y_f", y_f, (len(X_f),), per_row)
        if blocks is not None:
            _check_blocks(blocks, X_r, X_f)
        held_out = None
        if fresh is not None:
            new_r = checked("fresh X_r", fresh[0], (None, d), per_column)
            new_f = checked("fresh X_f", fresh[2], (None, d), per_column)
            to_r = checked("fresh y_r", fresh[1], (len(new_r),), per_row)
            to_f = checked("fresh y_f", fresh[3], (len(new_f),), per_row)
            new_r, to_r, new_f, to_f = (read_only(part.copy()) for part in (new_r, to_r, new_f, to_f))
            held_out = partial(FreshRows, new_r, to_r, new_f, to_f, d)
        tuned = n if tune_rows is None else tune_rows
        tuned = whole("tune_rows", tuned, 1, n, "leave it out to fine-tune on every row to keep")
        return cls(
            rows=Rows(read_only(np.vstack([X_r, X_f])), n, tuned, blocks),
            y=read_only(np.concatenate([y_r, y_f])),
            seed=whole("seed", seed, 0, np.inf, "use 0, 1, 2, ..."),
            held_out=held_out,
        )

    @property
    def X(self) -> Array:
        """All rows, the retain rows first, (n_retain + n_forget, d)."""
        return self.rows.X

    @property
    def n_retain(self) -> int:
        """Retain rows."""
        return self.rows.n_retain

    @property
    def tune_rows(self) -> int:
        """Retain rows that fine-tuning sees, the first of them."""
        return self.rows.tune_rows

    @property
    def layout(self) -> Blocks | None:
        """Which features each set uses; None where nobody knows."""
        return self.rows.layout

    @property
    def d(self) -> int:
        """Features."""
        return int(self.X.shape[1])

    @property
    def n_forget(self) -> int:
        """Forget rows."""
        return len(self.y) - self.n_retain

    @property
    def X_r(self) -> Array:
        """Retain rows, (n_retain, d)."""
        return self.X[: self.n_retain]

    @property
    def y_r(self) -> Array:
        """Retain labels, (n_retain,)."""
        return self.y[: self.n_retain]

    @property
    def X_f(self) -> Array:
        """Forget rows, (n_forget, d)."""
        return self.X[self.n_retain :]

    @property
    def y_f(self) -> Array:
        """Forget labels, (n_forget,)."""
        return self.y[self.n_retain :]

    @property
    def X_t(self) -> Array:
        """The retain rows fine-tuning sees: the first of them, (tune_rows, d)."""
        return self.X[: self.tune_rows]

    @property
    def y_t(self) -> Array:
        """Their labels, (tune_rows,)."""
        return self.y[: self.tune_rows]

    # What not every problem has.

    @cached_property
    def known(self) -> frozenset[str]:
        """Which of "blocks", "truth" and "fresh rows" the problem has."""
        parts = {"blocks": self.layout, "truth": self.truth, "fresh rows": self.held_out}
        return frozenset(name for name, part in parts.items() if part is not None)

    @property
    def w_star(self) -> Array:
        """True weights, (d,)."""
        if self.truth is None:
            raise missing("truth", "the true weights")
        return self.truth.w_star

    @property
    def label_noise(self) -> Array:
        """What was added to the true weights' predictions, (n_retain + n_forget,)."""
        if self.truth is None:
            raise missing("truth", "the label noise")
        return self.truth.label_noise

    @property
    def blocks(self) -> Blocks:
        """Features of the retain rows alone, of both sets, and of the forget rows alone."""
        if self.layout is None:
            raise missing("blocks", "a mask of features")
        return self.layout

    def fresh(self) -> FreshRows:
        """Return held-out rows of both types; the same for the same problem."""
        return self._fresh

    @cached_property
    def _fresh(self) -> FreshRows:
        if self.held_out is None:
            raise missing("fresh rows", "a test or an attack on rows no model has seen")
        return self.held_out()

    @cached_property
    def shuffled(self) -> NDArray[np.intp]:
        """Which forget row every forget row gets its label of when they are shuffled, (n_forget,).

        Along a random cycle every row gets the label of the next: none keeps its own, except where there is one alone.
        """
        order = stream(self.seed, SHUFFLE).permutation(self.n_forget)
        taken = np.empty_like(order)
        taken[order] = np.roll(order, -1)
        taken.flags.writeable = False
        return taken

    # Facts: the laws of the draw, or measured.

    @property
    def rank(self) -> int:
        """Rank of X."""
        return self.all_space.rank if self.spec is None else self.spec.rank

    @property
    def retain_rank(self) -> int:
        """Rank of X_r."""
        return self.retain_space.rank if self.spec is None else self.spec.retain_rank

    @property
    def fits_any_labels(self) -> bool:
        """Whether weights can fit all rows whatever their labels: X has full row rank."""
        return self.rank == len(self.X) if self.spec is None else self.spec.fits_any_labels

    @cached_property
    def interpolates_retain(self) -> bool:
        """Whether the pretrained model fits every retain row exactly."""
        return self._fits(self.X_r, self.y_r, self.w_o) if self.spec is None else self.spec.interpolates_retain

    @cached_property
    def interpolates_forget(self) -> bool:
        """Whether the pretrained model fits every forget row exactly."""
        return self._fits(self.X_f, self.y_f, self.w_o) if self.spec is None else self.spec.interpolates_forget

    @cached_property
    def golden_interpolates(self) -> bool:
        """Whether golden fits every retain row exactly."""
        return self._fits(self.X_r, self.y_r, self.w_g) if self.spec is None else self.spec.golden_interpolates

    @cached_property
    def distinct(self) -> bool:
        """Whether no feature is used by both sets."""
        if self.layout is not None and self.layout.overlap.start == self.layout.overlap.stop:
            return True
        return self.spec is None and not (self.X_r.any(axis=0) & self.X_f.any(axis=0)).any()

    @property
    def noiseless(self) -> bool:
        """Whether the labels are known to be the true weights' own predictions."""
        return self.truth is not None and not self.truth.label_noise.any()

    def _fits(self, X: Array, y: Array, w: Array) -> bool:
        """Whether w fits rows up to rounding beside their labels; where these are all zero, beside all labels."""
        size = float(np.linalg.norm(y)) or float(np.linalg.norm(self.y))
        return bool(np.linalg.norm(X @ w - y) <= ROUNDING * size)

    # What is factored once.

    @property
    def tune_space(self) -> RowSpace:
        """Row space of X_t; it shares one factorisation with the other two."""
        return self.rows.spaces[0]

    @property
    def retain_space(self) -> RowSpace:
        """Row space of X_r: its projection is P_r."""
        return self.rows.spaces[1]

    @property
    def all_space(self) -> RowSpace:
        """Row space of X = [X_r; X_f]."""
        return self.rows.spaces[2]

    @cached_property
    def w_o(self) -> Array:
        """Pretrained weights, the minimum-norm fit to all rows, (d,)."""
        return read_only(self.all_space.solve(self.y))

    @cached_property
    def w_g(self) -> Array:
        """Golden weights, the minimum-norm fit to the retain rows alone, (d,)."""
        return read_only(self.retain_space.solve(self.y_r))


def missing(name: str, what: str) -> Refusal:
    """Return the refusal of `what`, which speaks of something that the problem does not have: a key of `WAYS_OUT`."""
    return Refusal(
        f"{{name}} must be known for {{what}}, got none with these rows: {WAYS_OUT[name]}", {"name": name, "what": what}
    )


def _check_blocks(blocks: Blocks, X_r: Array, X_f: Array) -> None:
    d = X_r.shape[1]
    first, second = blocks.retain.stop, blocks.forget.start
    tiling = (slice(0, first), slice(first, second), slice(second, d))
    whole_numbers = isinstance(first, int) and isinstance(second, int)
    if tuple(blocks) != tiling or not whole_numbers or not 0 <= first <= second <= d:
        raise ValueError(
            f"blocks must be three slices that share out the {d} features in order, got {blocks}: begin each where the "
            f"one before ends, the first at 0, and end the last at {d}"
        )
    for name, rows, hidden in (("X_r", X_r, blocks.forget), ("X_f", X_f, blocks.retain)):
        if rows[:, hidden].any():
            raise ValueError(
                f"{name} must be zero in the features of the other set alone, got blocks {blocks}: "
                "count the features that both sets use as overlap"
            )
