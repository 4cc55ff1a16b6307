import math
import tracemalloc
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tests.theory.cases import AGREES, ALTERED, CORNERS, ROUNDING, applicable, float_pinv, specs
from theory import (
    METHODS,
    Metrics,
    Parameter,
    Spec,
    blind_reach,
    compare,
    draw,
    fit_all,
    measure,
    membership_auc,
    tuning_curve,
)
from theory import metrics as metrics_module

# Monte Carlo means with a fixed seed are judged in standard errors; by chance one in two million lies beyond.
STANDARD_ERRORS = 5.0
# compare holds the rows, the fresh rows, a weight vector or two of every method and, for exact deletion, the columns of
# the pseudo-inverse of the forget rows; a d x d matrix would be far more.
COPIES_OF_X = 6


def mean_square(rows, labels, w):
    total = 0.0
    for row, label in zip(rows, labels, strict=True):
        total += (sum(x * v for x, v in zip(row, w, strict=True)) - label) ** 2
    return total / len(labels)


def pairwise_auc(members, strangers):
    won = 0.0
    for member in members:
        for stranger in strangers:
            won += 1.0 if abs(member) < abs(stranger) else 0.5 if abs(member) == abs(stranger) else 0.0
    return won / (len(members) * len(strangers))


def plain_metrics(problem, w):
    """Every field of Metrics but key and seconds, by loops and a whole pseudo-inverse."""
    P_r, w_g = float_pinv(problem.X_r), float_pinv(problem.X_r) @ problem.y_r
    fresh = problem.fresh()
    cut = 1e-10 * math.sqrt(np.mean([*(problem.y_f**2), *(fresh.y_f**2)]))
    inside = [0.0 if abs(r) <= cut else r for r in problem.X_f @ w - problem.y_f]
    outside = [0.0 if abs(r) <= cut else r for r in fresh.X_f @ w - fresh.y_f]
    forget = mean_square(problem.X_f, problem.y_f, w)
    return {
        "remaining_loss": mean_square(problem.X_r, problem.y_r, w),
        "unlearning_loss": forget,
        "unlearning_gap": forget - mean_square(problem.X_f, problem.y_f, w_g),
        "distance": math.sqrt(sum((w - w_g) ** 2)),
        "leftover": math.sqrt(sum((w - P_r @ (problem.X_r @ w)) ** 2)),
        "gap_retain": mean_square(fresh.X_r, fresh.X_r @ w_g, w),
        "gap_forget": mean_square(fresh.X_f, fresh.X_f @ w_g, w),
        "test_remaining_loss": mean_square(fresh.X_r, fresh.y_r, w),
        "test_unlearning_loss": mean_square(fresh.X_f, fresh.y_f, w),
        "membership_auc": pairwise_auc(inside, outside),
        "membership_reach": blind_reach(len(inside), len(outside)),
    }


def assert_measured(record, problem, w):
    expected = plain_metrics(problem, w)
    assert set(expected) == {field.name for field in fields(Metrics)} - {"key", "seconds"}
    size = float(max(np.linalg.norm(w), np.linalg.norm(problem.w_g)))
    labels = float(np.mean(problem.y**2) + np.mean(problem.fresh().y_r ** 2) + np.mean(problem.fresh().y_f ** 2))
    losses = labels + size**2 * problem.d
    for name, value in expected.items():
        scale = {"distance": size, "leftover": size, "membership_auc": 1.0, "membership_reach": 1.0}.get(name, losses)
        assert abs(getattr(record, name) - value) <= AGREES * scale, name
        assert type(getattr(record, name)) is float


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_every_field_agrees_with_plain_loops(spec):
    problem = draw(spec)
    weights, _ = fit_all(problem, applicable(problem))
    weights["anything"] = np.random.default_rng(0).standard_normal(spec.d)
    records = measure(problem, weights)
    assert [record.key for record in records] == list(weights)
    for record in records:
        assert_measured(record, problem, weights[record.key])


@given(specs(d=st.integers(1, 12), rows=st.integers(1, 10)))
def test_every_field_agrees_with_plain_loops_for_any_spec(spec):
    problem = draw(spec)
    weights, _ = fit_all(problem, ("pretrained", "keep_overlap", "drop_overlap"))
    for record in measure(problem, weights):
        assert_measured(record, problem, weights[record.key])


@pytest.mark.parametrize(("problem", "condition"), ALTERED.values(), ids=ALTERED)
def test_degenerate_and_badly_scaled_data_are_measured_in_finite_numbers(problem, condition):
    weights, _ = fit_all(problem, applicable(problem))
    for record in measure(problem, weights):
        assert all(math.isfinite(value) for value in vars(record).values() if isinstance(value, float))
        assert 0.0 <= record.membership_auc <= 1.0
        assert min(record.remaining_loss, record.unlearning_loss, record.distance, record.leftover) >= 0.0


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_golden_is_its_own_yardstick(spec):
    (golden,) = compare(spec, ["golden"])
    scale = float(np.mean(draw(spec).y ** 2))
    for value in (golden.unlearning_gap, golden.gap_retain, golden.gap_forget):
        assert abs(value) <= ROUNDING * scale
    assert golden.distance == 0.0
    assert golden.leftover <= ROUNDING * np.linalg.norm(draw(spec).w_g)


def test_signs_of_the_gap_below_golden_remembers_above_over_forgot():
    problem = draw(Spec(d=40, n_retain=10, n_forget=10))
    remembers, golden, over = measure(
        problem, {"fine_tune": problem.w_o, "golden": problem.w_g, "over": 2 * problem.w_g - problem.w_o}
    )
    assert remembers.unlearning_gap < 0
    assert over.unlearning_gap > 0
    assert remembers.unlearning_gap == -golden.unlearning_loss + remembers.unlearning_loss


RESIDUALS = st.lists(st.integers(-4, 4).map(float), min_size=1, max_size=12)


@given(RESIDUALS, RESIDUALS)
def test_the_attack_wins_as_many_pairs_as_counting_finds_ties_counting_half(members, strangers):
    auc = membership_auc(np.array(members), np.array(strangers))
    assert abs(auc - pairwise_auc(members, strangers)) <= ROUNDING


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_the_attack_has_the_auc_of_scikit_learn(seed, n, m, coarse):
    rng = np.random.default_rng(seed)
    members, strangers = 0.5 * rng.standard_normal(n), rng.standard_normal(m)
    if coarse:
        members, strangers = members.round(1), strangers.round(1)
    expected = roc_auc_score(np.r_[np.ones(n), np.zeros(m)], -(np.concatenate([members, strangers]) ** 2))
    assert abs(membership_auc(members, strangers) - expected) <= ROUNDING


def test_residuals_at_rounding_are_ties_and_leave_the_attacker_guessing():
    noise = np.random.default_rng(0)
    members, strangers = 1e-16 * noise.standard_normal(30), 1e-14 * noise.standard_normal(20)
    assert membership_auc(members, strangers) > 0.9
    assert membership_auc(members, strangers, resolution=1e-12) == 0.5
    assert membership_auc(members, strangers + 1.0, resolution=1e-12) == 1.0
    assert membership_auc(strangers + 1.0, members, resolution=1e-12) == 0.0
    assert membership_auc(np.array([1e-12]), np.array([2e-12]), resolution=1e-12) == 1.0
    assert membership_auc(np.array([5e-13]), np.array([1e-12]), resolution=1e-12) == 0.5  # up to it, inclusive


def test_a_model_that_fits_old_and_new_rows_alike_leaves_no_trace():
    # Noiseless and more rows than features: the pretrained model is the truth and every residual is rounding.
    for record in compare(Spec(d=10, n_retain=20, n_forget=20), ["pretrained", "fine_tune"]):
        assert record.membership_auc == 0.5


@pytest.mark.parametrize("noise", [0.5, 5.0])
@pytest.mark.parametrize("overlap", [0.0, 0.4, 1.0])
def test_the_pretrained_model_gives_every_forget_row_away_where_rows_are_few(overlap, noise):
    for seed in range(5):
        spec = Spec(d=60, overlap=overlap, n_retain=12, n_forget=11, noise=noise, seed=seed)
        assert [record.membership_auc for record in compare(spec, ["pretrained", "fine_tune"])] == [1.0, 1.0]


def test_golden_knows_no_forget_row_from_a_fresh_one():
    aucs = np.array(
        [
            record.membership_auc
            for seed in range(300)
            for record in compare(Spec(d=30, n_retain=10, n_forget=10, noise=0.5, seed=seed), ["golden"])
        ]
    )
    assert abs(aucs.mean() - 0.5) <= STANDARD_ERRORS * aucs.std(ddof=1) / math.sqrt(aucs.size)
    assert aucs.std() > 0.05  # it is an average, not a constant


def test_compare_keeps_the_order_asked_for():
    spec = Spec(d=12, n_retain=4, n_forget=3)
    for keys in (["project", "golden", "pretrained"], list(METHODS)[::-1], []):
        assert [record.key for record in compare(spec, keys)] == keys
    everything = {record.key: record for record in compare(spec, METHODS)}
    for key in METHODS:
        (alone,) = compare(spec, iter([key]))
        for field in fields(Metrics):
            if field.name not in ("key", "seconds"):
                difference = abs(getattr(alone, field.name) - getattr(everything[key], field.name))
                assert difference <= ROUNDING, (key, field.name)


def test_compare_measures_the_models_of_its_own_draw_and_its_time():
    spec = Spec(d=20, n_retain=6, n_forget=5, noise=0.5)
    problem = draw(spec)
    for record in compare(spec, METHODS):
        assert_measured(record, problem, METHODS[record.key].fit(problem))
        assert record.seconds > 0.0
    assert measure(problem, {"golden": problem.w_g})[0].seconds == 0.0
    assert measure(problem, {"golden": problem.w_g}, {"golden": 3.0})[0].seconds == 3.0


def test_an_unknown_method_is_refused_with_the_known_ones():
    for keys in (["golden", "retrain"], "golden"):
        with pytest.raises(
            ValueError, match=r"^keys must name methods, got '\w+': choose from pretrained, golden, fine"
        ):
            compare(Spec(d=5, n_retain=2, n_forget=2), keys)


def test_a_parameter_no_chosen_method_has_is_refused():
    with pytest.raises(ValueError, match=r"^alpha is not a parameter of golden, project: leave it out"):
        compare(Spec(d=5, n_retain=2, n_forget=2), ["golden", "project"], alpha=1.0)
    with pytest.raises(ValueError, match=r"^alpha is not a parameter of no method: leave it out"):
        compare(Spec(d=5, n_retain=2, n_forget=2), [], alpha=1.0)


def test_parameters_reach_the_methods_that_declare_them_and_only_those(monkeypatch):
    alpha = Parameter(name="alpha", default=2.0, low=0.0, high=10.0, log=False, help="How far.")
    shrunk = replace(
        METHODS["pretrained"],
        key="shrunk",
        parameters=(alpha,),
        fit=lambda problem, alpha=2.0: problem.w_o / alpha,
    )
    monkeypatch.setattr(metrics_module, "METHODS", {**METHODS, "shrunk": shrunk})
    problem = draw(Spec(d=8, n_retain=3, n_forget=2))
    weights, seconds = fit_all(problem, ["golden", "shrunk"], alpha=4)
    assert np.array_equal(weights["shrunk"], problem.w_o / 4)
    assert np.array_equal(weights["golden"], problem.w_g)
    assert list(weights) == list(seconds) == ["golden", "shrunk"]
    assert np.array_equal(fit_all(problem, ["shrunk"])[0]["shrunk"], problem.w_o / 2)
    with pytest.raises(ValueError, match=r"^alpha must be between 0 and 10, got 11: try 2, its default$"):
        fit_all(problem, ["shrunk"], alpha=11)
    with pytest.raises(ValueError, match=r"^beta is not a parameter of golden, shrunk: choose from alpha$"):
        compare(Spec(d=8, n_retain=3, n_forget=2), ["golden", "shrunk"], beta=1)


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_the_tuning_curve_is_fine_tuning_on_more_and_more_rows(spec):
    problem = draw(spec)
    rows = [spec.n_retain, 1, 1 + spec.n_retain // 2, 1]
    curve = tuning_curve(problem, rows)
    for count, loss in zip(rows, curve, strict=True):
        (record,) = compare(replace(spec, n_tune=count), ["fine_tune"])
        assert abs(loss - record.unlearning_loss) <= AGREES * (loss + float(np.mean(problem.y_f**2)))


@pytest.mark.parametrize("count", [0, -1, 7])
def test_the_tuning_curve_refuses_rows_there_are_not(count):
    with pytest.raises(ValueError, match=rf"^rows must be between 1 and n_retain \(6\), got {count}: "):
        tuning_curve(draw(Spec(d=10, n_retain=6, n_forget=3)), [1, count])


def peak_of_comparing(spec):
    tracemalloc.start()
    try:
        compare(spec, METHODS)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("overlap", [0.0, 0.4, 1.0])
def test_comparing_all_methods_takes_less_than_six_copies_of_the_rows(overlap):
    spec = Spec(d=2000, overlap=overlap, n_retain=250, n_forget=250, n_tune=100, noise=0.5)
    assert peak_of_comparing(spec) < COPIES_OF_X * 500 * 2000 * 8


def test_memory_grows_linearly_with_the_features():
    small, large = (peak_of_comparing(Spec(d=d, n_retain=10, n_forget=10)) for d in (5_000, 20_000))
    assert large < 0.01 * 20_000**2 * 8
    assert large < 1.1 * 4 * small  # four times the features; a tenth for what does not grow evenly


def test_a_million_features_with_one_row_each_are_no_trouble():
    records = compare(Spec(d=1_000_000, n_retain=1, n_forget=1), ["pretrained", "golden"])
    assert [record.remaining_loss <= ROUNDING for record in records] == [True, True]
