"""What the page claims computes and remembers."""

from theory import (
    Array,
    claim_errors,
    random_specs,
)
from ui.server.cache import kept

# Random settings on which every statement is checked, and how many between two moves of the progress bar.
SURVEY, SURVEY_CHUNK = 200, 20


@kept(64)
def random_errors(seed: int, start: int) -> dict[str, Array]:
    """Return every claim's relative differences on the next `SURVEY_CHUNK` of the random settings of a seed."""
    return claim_errors(random_specs(start + SURVEY_CHUNK, seed)[start:])
