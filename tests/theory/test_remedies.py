from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.theory.cases import AGREES, CORNERS, dense_models, specs
from theory import METHODS, Spec, draw, erased, fit_all, measure, remedy_curve, remedy_moments, remedy_tuning, rotated
from ui.lessons import PRESETS

REMEDIES = ("keep_overlap", "drop_overlap", "project")
# Two correct routes to one distance, relative to the length of the weights.
CLOSE = 1e-8
SEEDS = 20


def turn_of(problem):
    """Q as a whole matrix, from the definition: two reflections, drawn from the seed's eleventh stream."""
    d = problem.d
    rng = np.random.default_rng(np.random.SeedSequence(problem.seed).spawn(11)[10])
    Q = np.eye(d)
    for v in rng.standard_normal((2, d)):
        Q = Q @ (np.eye(d) - 2 * np.outer(v, v) / (v @ v))
    return Q


@settings(max_examples=40)
@given(specs())
def test_a_rotation_turns_rows_and_truth_and_keeps_every_label(spec):
    problem = draw(spec)
    turned, Q = rotated(problem), turn_of(problem)
    np.testing.assert_allclose(Q @ Q.T, np.eye(spec.d), atol=1e-12)
    np.testing.assert_allclose(turned.X, problem.X @ Q, atol=1e-11)
    np.testing.assert_allclose(turned.w_star, Q.T @ problem.w_star, atol=1e-12)
    np.testing.assert_array_equal(turned.y, problem.y)
    fresh, before = turned.fresh(), problem.fresh()
    np.testing.assert_allclose(fresh.X_r, before.X_r @ Q, atol=1e-11)
    np.testing.assert_allclose(fresh.X_f, before.X_f @ Q, atol=1e-11)
    for ours, theirs in zip(fresh.predict(turned.w_star), before.predict(problem.w_star), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-10)
    assert tuple(turned.blocks) == (slice(0, 0), slice(0, spec.d), slice(spec.d, spec.d))


@pytest.mark.parametrize("spec", [Spec(d=40, n_retain=12, n_forget=9, noise=0.5, seed=s) for s in range(5)])
def test_only_the_masks_notice_a_rotation(spec):
    problem = draw(spec)
    keys = ("fine_tune", *REMEDIES, "golden")
    turned = rotated(problem)
    assert np.all(np.abs(turned.X) > 0)
    plain, mixed = ({m.key: m for m in measure(p, fit_all(p, keys)[0])} for p in (problem, turned))
    for key in ("fine_tune", "project", "golden"):
        for what in ("distance", "unlearning_loss", "remaining_loss", "gap_forget", "test_remaining_loss"):
            assert getattr(mixed[key], what) == pytest.approx(getattr(plain[key], what), rel=CLOSE, abs=CLOSE)
    weights, _ = fit_all(turned, keys)
    np.testing.assert_array_equal(weights["keep_overlap"], weights["fine_tune"])
    np.testing.assert_allclose(weights["drop_overlap"], weights["golden"], atol=AGREES)
    assert plain["drop_overlap"].distance > 0.01


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_what_is_erased_is_what_the_options_say(spec):
    problem = draw(spec)
    w = problem.w_o
    kept = spec.d_retain + spec.d_overlap
    np.testing.assert_array_equal(erased(problem, "keep_overlap"), np.where(np.arange(spec.d) < kept, w, 0))
    np.testing.assert_array_equal(erased(problem, "drop_overlap"), np.where(np.arange(spec.d) < spec.d_retain, w, 0))
    seen = np.linalg.pinv(problem.X_r, rcond=1e-12) @ (problem.X_r @ w)
    np.testing.assert_allclose(erased(problem, "project"), seen, atol=1e-9 * max(1, np.linalg.norm(w)))


def test_a_remedy_that_is_none_is_refused():
    with pytest.raises(ValueError, match="key must name a remedy, got 'golden'"):
        erased(draw(Spec(d=5, n_retain=2, n_forget=2)), "golden")


def readings(problem, w, golden):
    ul, ul_g = (np.mean((problem.X_f @ v - problem.y_f) ** 2) for v in (w, golden))
    return np.linalg.norm(w - golden), ul - ul_g, np.mean((problem.X_r @ w - problem.y_r) ** 2)


def test_the_curve_is_the_mean_over_draws_of_dense_models():
    spec, overlaps = Spec(d=30, n_retain=8, n_forget=6, n_tune=5, noise=0.5), (0.0, 0.5, 1.0)
    curve = remedy_curve(spec, overlaps, REMEDIES, 3)
    for j, overlap in enumerate(overlaps):
        problems = [draw(replace(spec, overlap=overlap, seed=seed)) for seed in range(3)]
        for key in REMEDIES:
            models = [dense_models(p) for p in problems]
            found = np.array([readings(p, m[key], m["golden"]) for p, m in zip(problems, models, strict=True)])
            for k, what in enumerate(("distance", "unlearning_gap", "remaining_loss")):
                close = {"rel": CLOSE, "abs": CLOSE}
                assert curve.mean[key, what][j] == pytest.approx(found[:, k].mean(), **close)
                assert curve.error[key, what][j] == pytest.approx(found[:, k].std(ddof=1) / 3**0.5, **close)
                assert curve.low[key, what][j] == pytest.approx(found[:, k].min(), **close)
                assert curve.high[key, what][j] == pytest.approx(found[:, k].max(), **close)


def test_a_rotated_curve_leaves_the_projection_where_it_was():
    spec = Spec(d=30, n_retain=8, n_forget=6, n_tune=5, noise=0.5)
    plain, mixed = (remedy_curve(spec, (0.0, 0.5), REMEDIES, 2, rotate) for rotate in (False, True))
    np.testing.assert_allclose(mixed.mean["project", "distance"], plain.mean["project", "distance"], atol=CLOSE)
    assert (mixed.mean["keep_overlap", "distance"] > plain.mean["keep_overlap", "distance"] + 0.01).all()


@pytest.mark.parametrize("rotate", [False, True])
def test_the_curve_of_every_noise_comes_from_one_set_of_moments(rotate):
    spec, overlaps, keys = Spec(d=30, n_retain=8, n_forget=6, n_tune=5), (0.0, 0.5, 1.0), ("fine_tune", *REMEDIES)
    found = remedy_moments(spec, overlaps, keys, 2, rotate)
    for noise in (0.0, 0.3, 5.0):
        curve = found.at(noise)
        for j, overlap in enumerate(overlaps):
            drawn = [draw(replace(spec, overlap=overlap, seed=seed, noise=noise)) for seed in range(2)]
            problems = [rotated(problem) for problem in drawn] if rotate else drawn
            for key in keys:
                read = np.array([readings(p, METHODS[key].fit(p), p.w_g) for p in problems])
                for k, what in enumerate(("distance", "unlearning_gap", "remaining_loss")):
                    assert curve.mean[key, what][j] == pytest.approx(read[:, k].mean(), rel=CLOSE, abs=CLOSE)
    with pytest.raises(ValueError, match="noise must be"):
        found.at(-1)


def test_a_curve_needs_a_draw_and_known_methods():
    with pytest.raises(ValueError, match="draws must be at least 1, got 0"):
        remedy_curve(Spec(), (0.5,), REMEDIES, 0)
    with pytest.raises(ValueError, match="keys must name methods that are linear in the labels, got 'x'"):
        remedy_curve(Spec(), (0.5,), ("x",), 1)


@settings(max_examples=30)
@given(specs())
def test_the_tuning_curve_is_the_methods_on_as_many_rows(spec):
    problem = draw(spec)
    rows = sorted({1, spec.tune_rows, spec.n_retain})
    found = remedy_tuning(problem, rows, REMEDIES)
    for i, n in enumerate(rows):
        fewer = draw(replace(spec, n_tune=n))
        for key in REMEDIES:
            expected = readings(fewer, METHODS[key].fit(fewer), fewer.w_g)
            scale = 1 + np.linalg.norm(fewer.w_o) ** 2 + float(np.mean(fewer.y**2))
            for value, what in zip(expected, ("distance", "unlearning_gap", "remaining_loss"), strict=True):
                assert found[key, what][i] == pytest.approx(value, rel=1e-6, abs=1e-7 * scale)


@pytest.mark.parametrize("rows", [(0,), (51,)])
def test_rows_there_are_not_are_refused(rows):
    with pytest.raises(ValueError, match="rows must be between 1 and n_retain"):
        remedy_tuning(draw(Spec()), rows, REMEDIES)


def test_on_few_rows_option_b_breaks_what_option_a_keeps():
    found = remedy_tuning(draw(Spec()), (1, 10, 49, 50), REMEDIES)
    assert (found["drop_overlap", "remaining_loss"][:3] > 1e-4).all()
    for key in ("keep_overlap", "project"):
        assert found[key, "remaining_loss"].max() < 1e-20
    assert found["drop_overlap", "remaining_loss"][3] < 1e-20


def settings_of(key):
    shared = Spec.__dataclass_fields__
    return Spec(**{k: v for k, v in PRESETS[key].values.items() if k in shared})


@pytest.mark.parametrize(("key", "better", "worse"), [("a_nearer", *REMEDIES[:2]), ("b_nearer", *REMEDIES[1::-1])])
def test_each_option_is_nearer_where_its_case_says_so(key, better, worse):
    spec = settings_of(key)
    distances = np.array(
        [
            [np.linalg.norm(METHODS[name].fit(p) - p.w_g) for name in (better, worse)]
            for p in (draw(replace(spec, seed=seed)) for seed in range(SEEDS))
        ]
    )
    gain = distances[:, 1] - distances[:, 0]
    assert gain.mean() > 4 * gain.std(ddof=1) / SEEDS**0.5
    assert gain[0] > 0  # on the draw the case opens with, too


def test_the_measured_example_comes_out():
    curve = remedy_curve(settings_of("still_there"), (0.4,), ("golden", "fine_tune", *REMEDIES), SEEDS)
    gap = {key: float(curve.mean[key, "unlearning_gap"][0]) for key in ("fine_tune", *REMEDIES)}
    golden = -gap["fine_tune"]  # plain fine-tuning has UL 0
    assert golden == pytest.approx(1.0, abs=0.15)
    assert golden + gap["keep_overlap"] == pytest.approx(0.32, abs=0.1)
    assert golden + gap["drop_overlap"] == pytest.approx(0.8, abs=0.15)
    assert gap["project"] == pytest.approx(0, abs=1e-12)
