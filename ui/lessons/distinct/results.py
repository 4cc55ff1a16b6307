"""What the page distinct computes and remembers."""

from theory import (
    Array,
    Spec,
    tuning_curve,
)
from ui.server.cache import kept
from ui.server.results import problem_of
from ui.server.sampling import tuning_rows


@kept(128)
def tuning(spec: Spec) -> tuple[tuple[int, ...], Array]:
    """Return numbers of fine-tuning rows from 1 to n_retain and UL after fine-tuning on that many."""
    rows = tuning_rows(spec)
    return rows, tuning_curve(problem_of(spec), rows)
