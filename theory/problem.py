"""What is asked and what is drawn: `Spec`, the frozen request, and `Problem`, the data it stands for."""

import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory.linalg import Array, RowSpace, block_row_spaces, row_space

MAX_FEATURES = 1_000_000
# Rows of either set. What fits in memory depends on the machine; what is far beyond every machine is refused at once.
MAX_ROWS = 1_000_000
# Labels without noise are of size 1: a noise far above that is a slip, and near 1e154 its square is no longer a number.
MAX_NOISE = 1_000_000.0


class Blocks(NamedTuple):
    """The three groups of coordinates.

    Definition: retain-only, overlap and forget-only, in this order.
    Shapes: three slices that cover 0 to d; any of them may be empty.
    Errors: none.
    Source: theory section 1; Assumptions 3.1 and 3.3 of arXiv 2410.03833v1.
    """

    retain: slice
    overlap: slice
    forget: slice


class Refusal(ValueError):
    """A value that is refused, with its reason in English and what another language needs to say it.

    Definition: the reason is the template with its values put in.
    Shapes: none.
    Errors: none.
    Source: the definition itself.

    Attributes
    ----------
    template : the reason, with places for the values.
    values : what stands in the places, by name.
    """

    def __init__(self, template: str, values: Mapping[str, object]) -> None:
        super().__init__(template, values)
        self.template, self.values = template, values

    def __str__(self) -> str:
        """Return the reason in English."""
        return self.template.format(**self.values)


def _whole(name: str, value: object, low: int, high: float, way_out: str, **values: object) -> int:
    """Return `value` as an int in [low, high], or raise the ValueError that names all four parts."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or isinstance(value, bool | np.bool_) or not low <= number <= high:
        rule = "between {low} and {high:,}" if math.isfinite(high) else "at least {low}"
        raise Refusal(
            f"{{name}} must be a whole number {rule}, got {{value!r}}: {way_out}",
            {"name": name, "low": low, "high": high, "value": value, **values},
        )
    return number


def _real(name: str, value: object, low: float, high: float, way_out: str) -> float:
    """Return `value` as a finite float in [low, high], or raise the ValueError that names all four parts."""
    number = math.nan
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.nan
    if not low <= number <= high:
        raise Refusal(
            f"{{name}} must be a number between {{low:g}} and {{high:,g}}, got {{value!r}}: {way_out}",
            {"name": name, "low": low, "high": high, "value": value},
        )
    return number


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One experiment, completely: equal Specs give equal data, so a Spec is also a cache key and a link.

    Definition: d features in three blocks (retain-only, overlap, forget-only), two data sets, Gaussian noise.
    Shapes: none; every field is one number.
    Errors: ValueError naming the argument, the rule, the value and the way out; an invalid Spec cannot exist.
    Source: theory section 1; arXiv 2410.03833v1, section 3.

    Attributes
    ----------
    d : features, 1 to 1,000,000.
    overlap : share of the d features that both data sets use, 0 (distinct) to 1 (full overlap).
    n_retain : rows of the data to keep, 1 to 1,000,000.
    n_forget : rows of the data to forget, 1 to 1,000,000.
    n_tune : retain rows that fine-tuning sees, 1 to n_retain; None means all of them.
    noise : standard deviation of the label noise, in the units of y, 0 to 1,000,000.
    seed : whole number, at least 0; picks the draw.
    """

    d: int = 200
    overlap: float = 0.4
    n_retain: int = 50
    n_forget: int = 50
    n_tune: int | None = None
    noise: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("d", _whole("d", self.d, 1, MAX_FEATURES, "choose a number of features in that range"))
        put("overlap", _real("overlap", self.overlap, 0, 1, "give the shared share of the features, such as 0.4"))
        put("n_retain", _whole("n_retain", self.n_retain, 1, MAX_ROWS, "keep at least one row"))
        put("n_forget", _whole("n_forget", self.n_forget, 1, MAX_ROWS, "ask to forget at least one row"))
        if self.n_tune is not None:
            way_out = "lower n_tune, raise n_retain (now {n_retain}), or leave it out to use every retain row"
            put("n_tune", _whole("n_tune", self.n_tune, 1, self.n_retain, way_out, n_retain=self.n_retain))
        put("noise", _real("noise", self.noise, 0, MAX_NOISE, "use 0 for noiseless labels"))
        put("seed", _whole("seed", self.seed, 0, math.inf, "use 0, 1, 2, ..."))

    @property
    def d_overlap(self) -> int:
        """Features both data sets use: round(overlap * d)."""
        return round(self.overlap * self.d)

    @property
    def d_forget(self) -> int:
        """Features only the forget data use: half of the rest, rounded down."""
        return (self.d - self.d_overlap) // 2

    @property
    def d_retain(self) -> int:
        """Features only the retain data use: half of the rest, the odd one included."""
        return self.d - self.d_overlap - self.d_forget

    @property
    def tune_rows(self) -> int:
        """Retain rows fine-tuning really sees: n_tune, or n_retain when n_tune is None."""
        return self.n_retain if self.n_tune is None else self.n_tune

    @property
    def _crowding(self) -> tuple[int, int]:
        """Rows of each set beyond what its own block can fit: they compete for the overlap block."""
        return max(0, self.n_retain - self.d_retain), max(0, self.n_forget - self.d_forget)

    @property
    def rank(self) -> int:
        """Rank of X with probability 1 over the draw: what its rows and columns, and those of its two sets, allow."""
        d, n_r, n_f = self.d, self.n_retain, self.n_forget
        return min(n_r + n_f, d, n_r + d - self.d_retain, n_f + d - self.d_forget)

    @property
    def fits_any_labels(self) -> bool:
        """Whether weights can fit all rows whatever their labels (with probability 1): X has full row rank."""
        return sum(self._crowding) <= self.d_overlap

    @property
    def interpolates_retain(self) -> bool:
        """Whether the pretrained model fits every retain row exactly (with probability 1 over the draw).

        True without noise (w* fits everything) and whenever no left null vector of X touches the retain rows:
        the retain block alone holds the retain rows, or the overlap block has room for what both sets have too much.
        """
        retain, forget = self._crowding
        return self.noise == 0 or retain == 0 or retain + forget <= self.d_overlap

    @property
    def interpolates_forget(self) -> bool:
        """Whether the pretrained model fits every forget row exactly (with probability 1 over the draw)."""
        retain, forget = self._crowding
        return self.noise == 0 or forget == 0 or retain + forget <= self.d_overlap


@dataclass(frozen=True, eq=False)
class FreshRows:
    """Held-out rows of both types, drawn by the same rules as the training rows but seen by no model.

    Definition: only the columns each type can be non-zero on are stored; `X_r` and `X_f` are the full matrices.
    Shapes: seen_r (n_retain, d_retain + d_overlap), y_r (n_retain,), seen_f (n_forget, d_overlap + d_forget),
    y_f (n_forget,).
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
        """Fresh retain-type rows, (n_retain, d)."""
        return np.pad(self.seen_r, ((0, 0), (0, self.d - self.seen_r.shape[1])))

    @property
    def X_f(self) -> Array:
        """Fresh forget-type rows, (n_forget, d)."""
        return np.pad(self.seen_f, ((0, 0), (self.d - self.seen_f.shape[1], 0)))

    def predict(self, weights: Array) -> tuple[Array, Array]:
        """Return the predictions X_r w and X_f w: (d,) -> (n_retain,), (n_forget,); (d, k) -> (n, k) each."""
        d_r, d_f = self.seen_r.shape[1], self.seen_f.shape[1]
        return self.seen_r @ weights[:d_r], self.seen_f @ weights[self.d - d_f :]


@dataclass(frozen=True, eq=False)
class Problem:
    """One draw of the data, read-only, with the factorisations every method shares.

    Definition: X = [X_r; X_f] with X_r = [R | L1 | 0] and X_f = [0 | L2 | F]; y = X w* + noise.
    Shapes: X (n_retain + n_forget, d) with the retain rows first, y and label_noise (n_retain + n_forget,),
    w_star (d,).
    Errors: none of its own; `draw` makes Problems from valid Specs.
    Source: theory section 1.
    """

    spec: Spec
    X: Array
    y: Array
    w_star: Array
    label_noise: Array
    blocks: Blocks
    _fresh_streams: tuple[np.random.SeedSequence, ...] = field(repr=False, default=())
    _held_out: FreshRows | None = field(repr=False, default=None)
    # What other files have factored of these data for one of their own settings, the latest, by their own name.
    kept: dict[str, Any] = field(repr=False, init=False, default_factory=dict)

    @cached_property
    def shuffled(self) -> NDArray[np.intp]:
        """Which forget row every forget row gets its label of when they are shuffled, (n_forget,).

        Along a random cycle every row gets the label of the next: none keeps its own, except where there is one alone.
        """
        order = np.random.default_rng(self._fresh_streams[4]).permutation(self.spec.n_forget)
        taken = np.empty_like(order)
        taken[order] = np.roll(order, -1)
        taken.flags.writeable = False
        return taken

    @property
    def X_r(self) -> Array:
        """Retain rows, (n_retain, d)."""
        return self.X[: self.spec.n_retain]

    @property
    def y_r(self) -> Array:
        """Retain labels, (n_retain,)."""
        return self.y[: self.spec.n_retain]

    @property
    def X_f(self) -> Array:
        """Forget rows, (n_forget, d)."""
        return self.X[self.spec.n_retain :]

    @property
    def y_f(self) -> Array:
        """Forget labels, (n_forget,)."""
        return self.y[self.spec.n_retain :]

    @property
    def X_t(self) -> Array:
        """The retain rows fine-tuning sees: the first n_tune, (n_tune, d)."""
        return self.X[: self.spec.tune_rows]

    @property
    def y_t(self) -> Array:
        """Their labels, (n_tune,)."""
        return self.y[: self.spec.tune_rows]

    @cached_property
    def _spaces(self) -> tuple[RowSpace, ...]:
        counts = (self.spec.tune_rows, self.spec.n_retain, len(self.y))
        own = (slice(0, self.blocks.overlap.stop), slice(self.blocks.overlap.start, self.spec.d))
        return block_row_spaces(self.X, counts, self.spec.n_retain, own)

    @cached_property
    def X_seen(self) -> Array:
        """What a method may see that is given both sets: X_t over X_f, (n_tune + n_forget, d)."""
        return self.X if self.spec.tune_rows == self.spec.n_retain else _read_only(np.vstack([self.X_t, self.X_f]))

    @cached_property
    def gram_seen(self) -> Array:
        """The products of these rows, X_seen X_seen'."""
        return _read_only(self.X_seen @ self.X_seen.T)

    @cached_property
    def seen_space(self) -> RowSpace:
        """Row space of X_seen."""
        return self.all_space if self.X_seen is self.X else row_space(self.X_seen)

    @property
    def tune_space(self) -> RowSpace:
        """Row space of X_t; it shares one factorisation with the other two."""
        return self._spaces[0]

    @property
    def retain_space(self) -> RowSpace:
        """Row space of X_r: its projection is P_r."""
        return self._spaces[1]

    @property
    def all_space(self) -> RowSpace:
        """Row space of X = [X_r; X_f]."""
        return self._spaces[2]

    @cached_property
    def w_o(self) -> Array:
        """Pretrained weights, the minimum-norm fit to all rows, (d,)."""
        return _read_only(self.all_space.solve(self.y))

    @cached_property
    def w_g(self) -> Array:
        """Golden weights, the minimum-norm fit to the retain rows alone, (d,)."""
        return _read_only(self.retain_space.solve(self.y_r))

    @cached_property
    def _fresh(self) -> FreshRows:
        if self._held_out is not None:
            return self._held_out
        spec = self.spec
        retain, forget, retain_noise, forget_noise = (np.random.default_rng(s) for s in self._fresh_streams[:4])
        seen_r = retain.standard_normal((spec.n_retain, spec.d - spec.d_forget))
        seen_f = forget.standard_normal((spec.n_forget, spec.d - spec.d_retain))
        y_r = seen_r @ self.w_star[: spec.d - spec.d_forget] + spec.noise * retain_noise.standard_normal(spec.n_retain)
        y_f = seen_f @ self.w_star[spec.d_retain :] + spec.noise * forget_noise.standard_normal(spec.n_forget)
        return FreshRows(_read_only(seen_r), _read_only(y_r), _read_only(seen_f), _read_only(y_f), spec.d)

    def fresh(self) -> FreshRows:
        """Return held-out rows of both types, as many as in training; the same for the same Spec."""
        return self._fresh


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array


def draw(spec: Spec) -> Problem:
    """Draw the data a Spec stands for.

    Definition: full Gaussian matrices of which each set sees only its own two blocks, so that moving the overlap
    uncovers more of the same numbers and adding rows keeps the earlier ones; w* ~ N(0, I/d).
    Shapes: see `Problem`.
    Errors: none for a valid Spec, up to the memory it needs: (n_retain + n_forget) * d * 8 bytes.
    Source: theory section 1.
    """
    streams = np.random.SeedSequence(spec.seed).spawn(10)
    weights, retain, forget, retain_noise, forget_noise = (np.random.default_rng(s) for s in streams[:5])
    w_star = weights.standard_normal(spec.d) / math.sqrt(spec.d)
    X = np.empty((spec.n_retain + spec.n_forget, spec.d))
    retain.standard_normal(out=X[: spec.n_retain])
    forget.standard_normal(out=X[spec.n_retain :])
    units = np.concatenate([retain_noise.standard_normal(spec.n_retain), forget_noise.standard_normal(spec.n_forget)])
    return _uncover(spec, X, w_star, spec.noise * units, tuple(streams[5:]))


def _uncover(
    spec: Spec, X: Array, w_star: Array, label_noise: Array, streams: tuple[np.random.SeedSequence, ...]
) -> Problem:
    """Return the Problem that sees of the full Gaussian matrix `X` what the Spec's blocks allow; `X` is taken over."""
    d = spec.d
    blocks = Blocks(slice(0, spec.d_retain), slice(spec.d_retain, d - spec.d_forget), slice(d - spec.d_forget, d))
    X[: spec.n_retain, blocks.forget] = 0.0
    X[spec.n_retain :, blocks.retain] = 0.0
    y = X @ w_star + label_noise
    for array in (X, y, w_star, label_noise):
        array.flags.writeable = False
    return Problem(spec, X, y, w_star, label_noise, blocks, streams)


def draw_overlaps(spec: Spec, overlaps: Sequence[float]) -> Iterator[Problem]:
    """Draw the data of a Spec at several overlaps from one set of random numbers.

    Definition: the same Problems as `draw(replace(spec, overlap=o))` gives, one at a time.
    Shapes: see `Problem`.
    Errors: ValueError for an overlap outside 0 to 1.
    Source: theory section 1.
    """
    full = draw(replace(spec, overlap=1.0))
    for overlap in overlaps:
        yield _uncover(
            replace(spec, overlap=overlap), full.X.copy(), full.w_star, full.label_noise, full._fresh_streams
        )


def _reflected(rows: Array, mirrors: Array) -> Array:
    """Return rows (n, d) or (d,) times the reflections I - 2 v v' / |v|^2, one after the other; never d x d."""
    for v in mirrors:
        rows = rows - np.multiply.outer(rows @ v, 2.0 / (v @ v) * v)
    return rows


def rotated(problem: Problem) -> Problem:
    """Return the same question with its features mixed: every row now uses every coordinate.

    Definition: X -> X Q, w* -> Q' w*, with Q = H1 H2 a product of two Householder reflections whose directions are
    Gaussian and drawn from the Spec's seed. Labels, and so every loss and distance of a method that does not look at
    single coordinates, stay what they are; all coordinates count as overlap.
    Shapes: see `Problem`; blocks are (0, d, 0) wide.
    Errors: none.
    Source: derived here (theory section 3): masks depend on the coordinates, projections do not.
    """
    spec, fresh, d = problem.spec, problem.fresh(), problem.spec.d
    # A stream of its own, beside the ten of `draw`.
    directions = np.random.default_rng(np.random.SeedSequence(spec.seed, spawn_key=(10,)))
    mirrors = directions.standard_normal((2, d))
    held_out = FreshRows(
        _read_only(_reflected(fresh.X_r, mirrors)),
        fresh.y_r,
        _read_only(_reflected(fresh.X_f, mirrors)),
        fresh.y_f,
        d,
    )
    return replace(
        problem,
        X=_read_only(_reflected(problem.X, mirrors)),
        w_star=_read_only(_reflected(problem.w_star, mirrors)),
        blocks=Blocks(slice(0, 0), slice(0, d), slice(d, d)),
        _held_out=held_out,
    )
