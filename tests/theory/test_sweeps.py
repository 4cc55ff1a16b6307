import numpy as np
import pytest

from theory import AXES, MEASURES, Grid, Setting, Spec, draw, draw_seeds, empty, forgets, moves, random_specs, run_task
from theory import sweep as sweep_all
from theory.sweeps import tasks

# A step below this share of the models' size is rounding; a real one is far above.
ROUNDED = 1e-8
PLAIN = 1e-8
SPEC = Spec(d=20, overlap=0.5, n_retain=12, n_forget=8, noise=0.5, seed=3)
GRID = Grid(Setting(SPEC), "rows_per_feature", (0.2, 1.0, 1.6), "overlap", (0.0, 1.0))


def step(problem):
    return np.linalg.norm(problem.tune_space.solve(problem.y_t - problem.X_t @ problem.w_o))


def size(problem):
    return max(np.linalg.norm(problem.w_o), np.linalg.norm(problem.w_g))


def test_where_fine_tuning_moves_and_where_it_ends_at_golden_is_what_the_data_show():
    # Small ones as well, where every way of being full occurs.
    small = [
        Spec(
            **{
                **vars(s),
                "d": 2 + s.d % 12,
                "n_retain": 1 + s.n_retain % 20,
                "n_forget": 1 + s.n_forget % 20,
                "n_tune": None if s.n_tune is None else 1 + s.n_tune % (1 + s.n_retain % 20),
            }
        )
        for s in random_specs(300, 5)
    ]
    seen = set()
    for spec in (*random_specs(300, 4), *small):
        problem = draw(spec)
        setting = Setting(spec)
        moved = bool(step(problem) > ROUNDED * size(problem))
        w_t = problem.w_o + problem.tune_space.solve(problem.y_t - problem.X_t @ problem.w_o)
        golden = bool(np.linalg.norm(w_t - problem.w_g) <= ROUNDED * size(problem))
        assert (moved, golden) == (moves(setting), forgets(setting)), spec
        seen.add((moved, golden))
    assert seen == {(True, True), (True, False), (False, False), (False, True)}


def test_a_cell_is_what_plain_fits_on_the_same_seeds_give():
    found = sweep_all(GRID, 3)
    for k, seed in enumerate(draw_seeds(SPEC.seed, 3)):
        for i in range(2):
            for j in range(3):
                problem = draw(Spec(**{**vars(GRID.at(i, j).spec), "seed": seed}))
                w_o = np.linalg.pinv(problem.X) @ problem.y
                w_g = np.linalg.pinv(problem.X_r) @ problem.y_r
                w_t = w_o + np.linalg.pinv(problem.X_t) @ (problem.y_t - problem.X_t @ w_o)
                losses = [np.mean((problem.X_f @ w - problem.y_f) ** 2) for w in (w_g, w_t)]
                cell = dict(zip(MEASURES, found.values[k, i, j], strict=True))
                wanted = np.linalg.norm(w_t - w_g) / np.linalg.norm(w_o - w_g)
                assert cell["distance_ratio"] == pytest.approx(wanted, rel=PLAIN, abs=PLAIN)
                assert cell["golden_loss"] == pytest.approx(losses[0], rel=PLAIN)
                assert cell["tuned_loss"] == pytest.approx(losses[1], rel=PLAIN, abs=PLAIN)
                assert cell["unlearning_gap"] == pytest.approx(losses[1] - losses[0], rel=PLAIN, abs=PLAIN)


def test_more_draws_begin_with_the_fewer_and_do_only_what_is_missing():
    few, many = sweep_all(GRID, 1), sweep_all(GRID, 3)
    np.testing.assert_array_equal(few.values, many.values[:1])
    assert len(tasks(GRID, 3, few)) == len(tasks(GRID, 3)) - len(tasks(GRID, 1))
    np.testing.assert_array_equal(sweep_all(GRID, 3, known=few).values, many.values)


def test_mean_and_error_count_only_what_is_there():
    found = empty(GRID, 3)
    assert np.isnan(found.mean("golden_loss")).all()
    for task in tasks(GRID, 2):
        found = found.with_block(task, run_task(task))
    assert (found.counts == 2).all()
    losses = found.values[:2, ..., list(MEASURES).index("golden_loss")]
    np.testing.assert_allclose(found.mean("golden_loss"), losses.mean(axis=0))
    np.testing.assert_allclose(found.error("golden_loss"), losses.std(axis=0, ddof=1) / np.sqrt(2))


@pytest.mark.parametrize("key", AXES)
def test_an_axis_reads_what_it_puts(key):
    axis = AXES[key]
    for value in axis.values(5)[1:]:
        assert axis.of(axis.at(Setting(Spec()), value)) == pytest.approx(value, abs=0.02)


@pytest.mark.parametrize("change", [{"x": "colour"}, {"y": "rows_per_feature"}, {"xs": ()}])
def test_a_grid_that_cannot_be_is_refused(change):
    with pytest.raises(ValueError, match="must"):
        Grid(**{**vars(GRID), **change})
