from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.cases import CORNERS, float_pinv, specs
from theory import (
    METHODS,
    Setting,
    Spec,
    draw,
    forgets,
    measure,
    moves,
    random_specs,
    read_cells,
    ridge,
    starts_at_golden,
)
from theory.cells import READINGS

# The requirement of a map: what plain fits give, up to this share of the natural size of each number.
AGREES = 1e-8
# Models that differ by less than this share of their size are the same up to rounding; by more, they are not.
SAME = 1e-9


def by_hand(setting, seed):
    """The readings of one cell from numpy's pseudo-inverse, one model at a time, on what `draw` gives."""
    spec = replace(setting.spec, seed=seed)
    problem = draw(spec)
    w_o, w_g = float_pinv(problem.X) @ problem.y, float_pinv(problem.X_r) @ problem.y_r
    if setting.decay > 0:
        w_t = ridge(problem.X_t, problem.y_t, spec.tune_rows * setting.decay)
    else:
        w_t = w_o + float_pinv(problem.X_t) @ (problem.y_t - problem.X_t @ w_o)
    golden, tuned = measure(problem, {"golden": w_g, "tuned": w_t})
    left = w_t - float_pinv(problem.X_r) @ (problem.X_r @ w_t)
    away, whole = np.linalg.norm(w_o - w_g), w_t @ w_t
    ratio = np.nan if away <= SAME * np.linalg.norm(w_o) else np.linalg.norm(w_t - w_g) / away
    size = max(1.0, golden.unlearning_loss)
    values = (
        ratio,
        tuned.unlearning_loss - golden.unlearning_loss,
        tuned.membership_auc,
        left @ left / whole if whole > 0 else np.nan,
        golden.unlearning_loss,
        tuned.unlearning_loss,
    )
    return np.array(values), np.array(
        [max(1.0, np.nan_to_num(ratio)), size, 1.0, 1.0, size, max(size, tuned.unlearning_loss)]
    )


def agree(values, expected, scale):
    """Whether readings are what is expected, undefined ones in the same places."""
    off = np.abs(values - expected) <= AGREES * scale
    return bool((off | (np.isnan(values) & np.isnan(expected))).all())


def assert_cells(cells, seed):
    found = read_cells(cells, seed)
    assert found.shape == (len(cells), len(READINGS))
    for cell, values in zip(cells, found, strict=True):
        expected, scale = by_hand(cell, seed)
        assert agree(values, expected, scale), (cell, values, expected)


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
@pytest.mark.parametrize("decay", [0.0, 0.01, 3.0])
def test_a_cell_is_what_plain_fits_give(spec, decay):
    assert_cells([Setting(spec, decay)], spec.seed)


@given(specs(), st.sampled_from([0.0, 1e-4, 0.1]), st.integers(0, 2**63))
@settings(max_examples=60)
def test_cells_together_are_what_each_is_alone(spec, decay, seed):
    cells = [
        Setting(spec, decay),
        Setting(replace(spec, noise=1.5), decay),
        Setting(replace(spec, n_tune=1), 0.0),
        Setting(replace(spec, n_retain=spec.n_retain + 9, n_tune=None), 0.0),
        Setting(replace(spec, n_forget=spec.n_forget + 5), decay),
        Setting(replace(spec, overlap=1 - spec.overlap), 0.0),
    ]
    assert_cells(cells, seed)


def wide_map():
    """Across the peaks: both sets from few rows to more than there are features, at every overlap."""
    return [
        Setting(Spec(d=24, overlap=overlap, n_retain=n_retain, n_forget=n_forget, noise=0.5))
        for overlap in (0.0, 0.3, 0.5, 1.0)
        for n_retain in (4, 10, 12, 17, 20, 24, 40)
        for n_forget in (3, 11, 12, 14, 18, 30)
    ]


def test_a_map_across_the_peaks_is_what_plain_fits_give():
    assert_cells(wide_map(), 5)


def test_the_rank_of_the_rows_is_what_their_singular_values_say():
    for cell in wide_map():
        assert draw(cell.spec).all_space.rank == cell.spec.rank == np.linalg.matrix_rank(draw(cell.spec).X)


def test_the_seed_of_the_spec_gives_way_to_the_seed_asked_for():
    cell = Setting(Spec(d=12, n_retain=5, n_forget=4, seed=3))
    assert (read_cells([cell], 8) == read_cells([replace(cell, spec=replace(cell.spec, seed=99))], 8)).all()
    assert (read_cells([cell], 8) != read_cells([cell], 9)).any()


@pytest.mark.parametrize("decay", [-1.0, float("nan"), float("inf"), "much"])
def test_an_impossible_decay_is_refused(decay):
    with pytest.raises(ValueError, match=r"^decay must be a number, at least 0, got .*: use 0 for plain fine-tuning"):
        Setting(Spec(), decay)


# Random shapes, and every count of rows around the edges of two small problems, where the rules change.
EDGES = [
    Spec(d=d, overlap=overlap, n_retain=n_retain, n_forget=n_forget, n_tune=n_tune, noise=noise, seed=1)
    for d, overlap in ((6, 0.34), (5, 0.8), (4, 1.0), (4, 0.0), (1, 0.0), (1, 1.0))
    for n_retain in range(1, 9)
    for n_forget in range(1, 8)
    for n_tune in {None, 1, max(1, n_retain - 1)}
    for noise in (0.0, 0.7)
]


@pytest.mark.parametrize("chosen", [random_specs(600, 5), EDGES], ids=["random", "edges"])
def test_moving_and_forgetting_are_what_the_fitted_models_do(chosen):
    seen = set()
    for spec in chosen:
        problem = draw(spec)
        w_t = METHODS["fine_tune"].fit(problem)
        size = np.linalg.norm(problem.w_o)
        moved = np.linalg.norm(w_t - problem.w_o) > SAME * size
        forgot = np.linalg.norm(w_t - problem.w_g) <= SAME * size
        assert (moves(Setting(spec)), forgets(Setting(spec))) == (moved, forgot), spec
        seen.add((moved, forgot))
    assert len(seen) == 4


def test_no_share_of_the_way_is_left_exactly_where_pretrained_is_golden():
    cells = [Setting(spec) for spec in (*random_specs(300, 6), *EDGES)]
    undefined = [bool(np.isnan(read_cells([cell], cell.spec.seed)[0, 0])) for cell in cells]
    assert [starts_at_golden(cell) for cell in cells] == undefined
    assert 0 < sum(undefined) < len(cells)
    here = Setting(Spec(d=20, overlap=1.0, n_retain=40, n_forget=10), 0.1)
    ratio, gap, *_ = read_cells([here], 0)[0]
    assert np.isnan(ratio)
    assert gap > 0.01  # decay moves the model, but of no way at all nothing is left or done


def test_decay_always_moves_and_never_ends_at_golden():
    for spec in random_specs(60, 9):
        problem = draw(spec)
        w_t = ridge(problem.X_t, problem.y_t, spec.tune_rows * 0.01)
        for other in (problem.w_o, problem.w_g):
            assert np.linalg.norm(w_t - other) > SAME * np.linalg.norm(other)
        assert moves(Setting(spec, 0.01))
        assert not forgets(Setting(spec, 0.01))
