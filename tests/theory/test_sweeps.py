import pickle
import random
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import specs
from tests.theory.test_cells import agree, by_hand
from theory import (
    AXES,
    MEASURES,
    Grid,
    Setting,
    Spec,
    draw_seeds,
    empty,
    forgets,
    run_task,
    sweep,
    tasks,
)
from theory.cells import READINGS

SPEC = Spec(d=16, n_retain=8, n_forget=6, noise=0.5, seed=4)
GRIDS = {
    "rows, overlap": Grid(Setting(SPEC), "rows_per_feature", (0.2, 0.7, 1.5), "overlap", (0.0, 0.5, 1.0)),
    "noise, overlap": Grid(Setting(SPEC), "noise", (0.0, 0.3, 1.0), "overlap", (0.1, 1.0)),
    "overlap, decay": Grid(Setting(SPEC), "overlap", (0.1, 0.9), "decay", (0.0, 0.01, 1.0)),
    "tuning, forget": Grid(Setting(SPEC), "tune_share", (0.25, 0.5, 1.0), "forget_share", (0.2, 1.0, 2.0)),
    "a profile": Grid(Setting(SPEC), "rows_per_feature", AXES["rows_per_feature"].values(9), "noise", (0.5,)),
}


@pytest.fixture(params=GRIDS.values(), ids=GRIDS)
def grid(request):
    return request.param


def test_every_value_of_a_sweep_is_what_plain_fits_on_its_seed_give(grid):
    found = sweep(grid, 3)
    for k, seed in enumerate(draw_seeds(4, 3)):
        for i in range(len(grid.ys)):
            for j in range(len(grid.xs)):
                expected, scale = by_hand(grid.at(i, j), seed)
                assert agree(found.values[k, i, j], expected, scale), (k, i, j)


def test_the_settings_of_a_grid_are_those_of_its_cells_and_stay_at_home(grid):
    rows, columns = grid.shape
    assert grid.settings == tuple(tuple(grid.at(i, j) for j in range(columns)) for i in range(rows))
    for cell in (grid.settings[0][0], grid.settings[-1][-1]):
        assert AXES[grid.x].of(cell) in [AXES[grid.x].of(grid.at(0, j)) for j in range(columns)]
    sent = pickle.loads(pickle.dumps(grid))
    assert sent == grid
    assert "settings" not in vars(sent)


class Shuffled(Executor):
    """Runs what it is given in a random order, and only once something is asked for."""

    def __init__(self, seed):
        self.rng, self.calls = random.Random(seed), []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.calls.append((future, fn, args, kwargs))
        if len(self.calls) == self.expected:
            self.rng.shuffle(self.calls)
            for one, function, given_args, given_kwargs in self.calls:
                one.set_result(function(*given_args, **given_kwargs))
        return future


@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_of_the_tasks_changes_no_bit(grid, seed):
    shuffled = Shuffled(seed)
    shuffled.expected = len(tasks(grid, 4))
    assert np.array_equal(sweep(grid, 4, shuffled).values, sweep(grid, 4).values)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_number_of_workers_changes_no_bit(grid, workers):
    with ThreadPoolExecutor(workers) as executor:
        assert np.array_equal(sweep(grid, 4, executor).values, sweep(grid, 4).values)


@pytest.mark.parametrize("first", [1, 2, 3, 5])
def test_more_draws_add_to_those_there_are_and_change_no_bit(grid, first):
    known = sweep(grid, first)
    assert all(task.first_draw >= first for task in tasks(grid, 5, known))
    assert np.array_equal(sweep(grid, 5, known=known).values, sweep(grid, 5).values)


def test_what_is_known_is_not_thrown_away_when_fewer_draws_are_asked_for(grid):
    known = sweep(grid, 3)
    assert tasks(grid, 2, known) == ()
    assert np.array_equal(sweep(grid, 2, known=known).values, known.values)


def test_a_stopped_sweep_goes_on_where_it_stopped():
    grid = Grid(Setting(SPEC), "overlap", AXES["overlap"].values(17), "rows_per_feature", (0.2, 0.4, 0.6, 0.8, 1.0))
    whole, todo = sweep(grid, 3), tasks(grid, 3)
    stopped = empty(grid, 3)
    for task in todo[:3]:
        stopped = stopped.with_block(task, run_task(task))
    assert 0 < np.isnan(stopped.values).sum() < stopped.values.size
    assert tasks(grid, 3, stopped) == todo[3:]
    assert np.array_equal(sweep(grid, 3, known=stopped).values, whole.values)


def test_tasks_cover_every_draw_of_every_cell_once_the_first_draws_first(grid):
    covered, todo = empty(grid, 3), tasks(grid, 3)
    hits = np.zeros(covered.values.shape[:3], dtype=int)
    for task in todo:
        hits[task.block] += 1
    assert (hits == 1).all()
    assert [task.first_draw for task in todo] == sorted(task.first_draw for task in todo)


def test_a_task_travels_small_and_does_not_change_on_the_way(grid):
    for task in tasks(grid, 2):
        sent = pickle.dumps(task)
        assert len(sent) < 2000
        assert pickle.loads(sent) == task
        assert np.array_equal(run_task(pickle.loads(sent)), run_task(task))


def test_an_error_of_a_worker_ends_the_sweep_and_cancels_what_waits():
    class Failing(Executor):
        def __init__(self):
            self.futures = []

        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            if not self.futures:
                future.set_exception(MemoryError("no room"))
            self.futures.append(future)
            return future

    executor = Failing()
    with pytest.raises(MemoryError, match=r"no room"):
        sweep(GRIDS["rows, overlap"], 6, executor)
    assert len(executor.futures) == 6
    assert all(future.cancelled() for future in executor.futures[1:])


def test_the_statistics_are_those_of_the_values():
    grid = GRIDS["rows, overlap"]
    whole = sweep(grid, 4)
    partial = whole.values.copy()
    partial[1:, 0, 0] = np.nan
    partial[:, 2, 1] = np.nan
    found = type(whole)(grid, partial)
    assert found.draws == 4
    assert found.counts.tolist() == [[1, 4, 4], [4, 4, 4], [4, 0, 4]]
    for k, key in enumerate(MEASURES):
        values = whole.values[:, 1, 2, k]
        assert np.isclose(found.mean(key)[1, 2], values.mean(), rtol=1e-12, atol=1e-15)
        assert np.isclose(found.error(key)[1, 2], values.std(ddof=1) / 2, rtol=1e-12, atol=1e-15)
        assert found.mean(key)[0, 0] == whole.values[0, 0, 0, k]
        assert np.isnan(found.error(key)[0, 0])
        assert np.isnan(found.mean(key)[2, 1])
        assert np.isnan(found.error(key)[2, 1])
    with pytest.raises(KeyError):
        found.mean("speed")


def test_the_seeds_start_with_the_spec_s_own_and_are_all_different():
    assert draw_seeds(7, 1) == (7,)
    assert draw_seeds(7, 50)[:9] == draw_seeds(7, 9)
    many = [seed for own in range(40) for seed in draw_seeds(own, 50)]
    assert len(set(many)) == len(many)
    assert all(Spec(seed=seed).seed == seed for seed in many)


def test_the_measures_are_the_readings_in_their_order():
    assert tuple(MEASURES) == READINGS


@given(specs(d=st.integers(2, 40), rows=st.integers(1, 40)), st.sampled_from(sorted(AXES)), st.floats(0, 1))
def test_an_axis_puts_its_value_up_to_whole_rows_and_leaves_the_rest(spec, key, share):
    axis, setting = AXES[key], Setting(spec)
    value = axis.low + share * (axis.high - axis.low)
    moved = axis.at(setting, value)
    row = {"rows_per_feature": 1 / spec.d, "tune_share": 1 / spec.n_retain, "forget_share": 1 / spec.n_retain}.get(key)
    assert abs(axis.of(moved) - value) <= (row or 0.0) + 1e-12
    assert axis.at(moved, axis.of(moved)) == moved
    for other, kept in AXES.items():
        # The shares of the retain rows follow their number.
        if other != key and not (key == "rows_per_feature" and other in ("tune_share", "forget_share")):
            assert kept.of(moved) == kept.of(setting), other


def test_the_share_that_is_tuned_on_stays_when_the_rows_change():
    setting = Setting(Spec(d=20, n_retain=10, n_tune=5))
    moved = AXES["rows_per_feature"].at(setting, 2.0)
    assert (moved.spec.n_retain, moved.spec.n_tune) == (40, 20)


@pytest.mark.parametrize("key", AXES)
def test_the_values_of_an_axis_are_all_valid_and_rise(key):
    axis = AXES[key]
    values = axis.values(21)
    assert len(values) == len(set(values)) == 21
    assert list(values) == sorted(values)
    for value in values:
        axis.at(Setting(SPEC), value)
    assert len(axis.values(1)) == 1
    with pytest.raises(ValueError, match=r"^count must be a whole number, at least 1, got 0"):
        axis.values(0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": "speed"}, "^x must name an axis, got 'speed': choose from rows_per_feature, "),
        ({"y": "noise"}, "^x and y must be two axes, got 'noise' twice: "),
        ({"xs": ()}, "^xs must hold at least one value, got none: "),
        ({"ys": (0.5, 1.5)}, "^overlap must be a number between 0 and 1, got 1.5"),
        ({"xs": (float("nan"),)}, "^noise must be a finite number, got nan: "),
        ({"x": "tune_share", "xs": (1.2,)}, "^tune_share must be at most 1, got 1.2: "),
        ({"x": "forget_share", "xs": (-1.0,)}, "^forget_share must give between 0 and 1,000,000 rows, got -1.0"),
        ({"x": "decay", "xs": (-1.0,)}, "^decay must be a number, at least 0, got -1.0"),
    ],
)
def test_an_impossible_grid_is_refused(changes, message):
    usual = {"setting": Setting(SPEC), "x": "noise", "xs": (0.0, 1.0), "y": "overlap", "ys": (0.5,)}
    with pytest.raises(ValueError, match=message):
        Grid(**{**usual, **changes})


def test_impossible_requests_are_refused():
    grid = GRIDS["a profile"]
    for request in (lambda: sweep(grid, 0), lambda: tasks(grid, 0), lambda: empty(grid, -1)):
        with pytest.raises(ValueError, match=r"^draws must be a whole number, at least 1, got "):
            request()
    with pytest.raises(ValueError, match=r"^count must be a whole number, at least 1, got 0"):
        draw_seeds(0, 0)
    with pytest.raises(ValueError, match=r"^known must be a sweep of the same grid"):
        sweep(grid, 1, known=empty(GRIDS["rows, overlap"], 1))


def test_the_map_shows_the_edge_where_fine_tuning_starts_to_forget():
    grid = Grid(Setting(SPEC), "rows_per_feature", (0.5, 0.9, 1.0, 1.5), "overlap", (0.5, 1.0))
    ratio = sweep(grid, 2).mean("distance_ratio")
    for i in range(2):
        for j in range(4):
            assert (ratio[i, j] <= 1e-9) == forgets(grid.at(i, j))
