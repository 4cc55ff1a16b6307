"""What is asked: `Spec`, the frozen request for one Gaussian draw, and the laws that its data obey."""

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

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
    Source: theory section 1; our reading of arXiv 2410.03833v1, whose reviews report Assumptions 3.1 and 3.3.
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


def whole(name: str, value: object, low: int, high: float, way_out: str, **values: object) -> int:
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


def real(name: str, value: object, low: float, high: float, way_out: str) -> float:
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
    Source: theory section 1; our reading of arXiv 2410.03833v1, section 3.

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

        put("d", whole("d", self.d, 1, MAX_FEATURES, "choose a number of features in that range"))
        put("overlap", real("overlap", self.overlap, 0, 1, "give the shared share of the features, such as 0.4"))
        put("n_retain", whole("n_retain", self.n_retain, 1, MAX_ROWS, "keep at least one row"))
        put("n_forget", whole("n_forget", self.n_forget, 1, MAX_ROWS, "ask to forget at least one row"))
        if self.n_tune is not None:
            way_out = "lower n_tune, raise n_retain (now {n_retain}), or leave it out to use every row to keep"
            put("n_tune", whole("n_tune", self.n_tune, 1, self.n_retain, way_out, n_retain=self.n_retain))
        put("noise", real("noise", self.noise, 0, MAX_NOISE, "use 0 for noiseless labels"))
        put("seed", whole("seed", self.seed, 0, math.inf, "use 0, 1, 2, ..."))

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
    def blocks(self) -> Blocks:
        """The three groups of features."""
        shared = self.d - self.d_forget
        return Blocks(slice(0, self.d_retain), slice(self.d_retain, shared), slice(shared, self.d))

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
    def retain_rank(self) -> int:
        """Rank of X_r with probability 1: the retain rows, or the features they use where these are fewer."""
        return min(self.n_retain, self.d - self.d_forget)

    @property
    def golden_interpolates(self) -> bool:
        """Whether golden fits every retain row exactly (with probability 1)."""
        return self.noise == 0 or self.n_retain <= self.d - self.d_forget

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
