"""What the page claims computes and remembers."""

import numpy as np

from theory import CLAIMS, Array, claim_errors, random_specs
from ui.server.cache import kept

# Random settings on which every statement is checked, and how many between two moves of the progress bar.
SURVEY, SURVEY_CHUNK = 200, 20


@kept(64)
def random_errors(seed: int, start: int) -> dict[str, Array]:
    """Return every claim's relative differences on the next `SURVEY_CHUNK` of the random settings of a seed."""
    return claim_errors(random_specs(start + SURVEY_CHUNK, seed)[start:])


def survey_errors(seed: int) -> dict[str, Array]:
    """Return every claim's relative differences on all random settings of a seed; shapes (`SURVEY`,)."""
    parts = [random_errors(seed, start) for start in range(0, SURVEY, SURVEY_CHUNK)]
    return {key: np.concatenate([part[key] for part in parts]) for key in CLAIMS}
