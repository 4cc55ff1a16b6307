import numpy as np
import pytest

from benchmarks.solve import LIMIT, WAYS, against_libraries, apart, as_rows, by_theory
from theory import Spec, draw


@pytest.mark.parametrize("name", WAYS)
def test_every_way_fits_the_same_three_models(name: str) -> None:
    problem = draw(Spec(d=80, n_retain=12, n_forget=9, noise=0.5))
    # Ridge is not exact zero; the others are least squares to rounding.
    assert apart(WAYS[name](problem), by_theory(problem)) < (1e-6 if "Ridge" in name else 1e-10)


def test_a_wrong_model_is_told_apart() -> None:
    problem = draw(Spec(d=40, n_retain=8, n_forget=8, noise=0.5))
    start, golden, tuned = by_theory(problem)
    assert apart((start, golden, 1.1 * tuned), (start, golden, tuned)) == pytest.approx(0.1)
    assert apart((start, np.zeros_like(golden), tuned), (start, golden, tuned)) == pytest.approx(1.0)


def test_a_way_that_would_take_too_long_is_left_out_and_the_table_says_so() -> None:
    first, second = against_libraries([20, 10**4], rows=4, repeats=1, limit=0.0)
    assert all("seconds" in found for found in first.values())
    assert "seconds" in second[LIMIT]
    assert all(str(second[name]["left out"]).startswith("left out: about") for name in WAYS)
    lines = as_rows(10**4, second)
    assert [line[1] for line in lines] == [LIMIT, *WAYS]
    assert all(line[2].startswith("left out") for line in lines[1:])
