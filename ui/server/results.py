"""What several pages compute on drawn or real rows, remembered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from theory import (
    CLAIMS,
    Array,
    Blocks,
    Check,
    Metrics,
    Problem,
    Spec,
    check_all,
    draw,
    fit_all,
    measure,
    with_noise,
)
from theory.data import Data, TableRows
from ui.server.cache import kept

# Numbers in all rows up to which a draw is small: those of a class at the usual settings are all kept, so that each
# visitor's pictures and run meet their own.
SMALL = 40_000


@kept(4)
def _drawn(spec: Spec) -> Problem:
    """Draw the data of a Spec; at most 4 kept, below 90 MB each on the dashboard with all that is factored of them."""
    return draw(spec)


@kept(64)
def _small_drawn(spec: Spec) -> Problem:
    """Draw the data of a small Spec; at most 64 kept, below 2 MB each with all that is factored of them."""
    return draw(spec)


@kept(4)
def _real(rows: TableRows) -> Problem:
    """Return the problem that real rows make; at most 4 kept, below 30 MB each with all that is factored of them."""
    return rows.problem()


@kept(8)
def _problem(spec: Spec) -> Problem:
    return with_noise(_drawn(replace(spec, noise=1.0)), spec.noise)


@kept(64)
def _small_problem(spec: Spec) -> Problem:
    return with_noise(_small_drawn(replace(spec, noise=1.0)), spec.noise)


def problem_of(data: Data) -> Problem:
    """Return the problem: another noise leaves drawn rows, and all that is factored of them, as they are."""
    if isinstance(data, TableRows):
        return _real(data)
    small = (data.n_retain + data.n_forget) * data.d <= SMALL
    return _small_problem(data) if small else _problem(data)


@dataclass(frozen=True, eq=False)
class Experiment:
    """Several models on one problem: weights (d,) and Metrics by key, in the order asked for."""

    weights: Mapping[str, Array]
    records: Mapping[str, Metrics]
    blocks: Blocks


@kept(128)
def experiment(spec: Data, keys: tuple[str, ...]) -> Experiment:
    """Draw, fit and measure the methods on one Spec. At most 128 kept, below 0.2 MB each on the dashboard."""
    problem = problem_of(spec)
    weights, seconds = fit_all(problem, keys)
    records = {record.key: record for record in measure(problem, weights, seconds)}
    return Experiment(weights, records, problem.blocks)


@kept(128)
def checks(spec: Data, keys: tuple[str, ...]) -> dict[str, Check]:
    """Return both sides of the claims on the rows, by key."""
    return check_all(problem_of(spec), keys)


def applies(spec: Data, keys: tuple[str, ...]) -> dict[str, bool]:
    """Return which of the claims apply to the rows, by key."""
    problem = problem_of(spec)
    return {key: CLAIMS[key].applies(problem) for key in keys}
