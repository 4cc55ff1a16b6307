"""What pages compute and keep is what theory computes."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from tests.ui.cases import UNTOUCHED, name_of
from theory import (
    CLAIMS,
    Spec,
    compare,
    draw,
    expected_unlearning_loss,
    fit_all,
    loss_curve,
    simulate,
    tuning_curve,
)
from theory.dynamics import largest_stable_step
from ui.figures.models import CAST_KEYS
from ui.lessons.distinct import results as distinct_results
from ui.lessons.overlap import results as overlap_results
from ui.lessons.start import results as start_results
from ui.lessons.start.text import STEPS
from ui.server import results
from ui.server.sampling import CURVE_WORK, FEWEST_DRAWS, MOST_DRAWS, OVERLAPS, curve_draws, tuning_rows

SPEC = Spec(d=30, overlap=0.5, n_retain=9, n_forget=7, n_tune=6, noise=0.5, seed=3)
SPECS = (
    SPEC,
    Spec(d=5, overlap=0.0, n_retain=12, n_forget=1),
    Spec(d=8, overlap=1.0, n_retain=1, n_forget=30, noise=5),
)
CHANGES = {"d": 31, "overlap": 0.25, "n_retain": 10, "n_forget": 8, "n_tune": 5, "noise": 0.25, "seed": 4}
# The closed form of gradient descent against the loop it stands for.
PATH_AGREES = 1e-10


@pytest.mark.parametrize("spec", SPECS, ids=name_of)
def test_an_experiment_is_what_theory_computes(spec):
    found = results.experiment(spec, CAST_KEYS)
    weights, _ = fit_all(draw(spec), CAST_KEYS)
    assert tuple(found.weights) == tuple(found.records) == CAST_KEYS
    for key in CAST_KEYS:
        np.testing.assert_allclose(found.weights[key], weights[key], **UNTOUCHED)
    for record in compare(spec, CAST_KEYS):
        assert asdict(replace(found.records[record.key], seconds=0.0)) == asdict(replace(record, seconds=0.0))
    assert found.blocks == draw(spec).blocks


@pytest.mark.parametrize("spec", SPECS, ids=name_of)
def test_the_curves_are_what_theory_computes(spec):
    rows, losses = distinct_results.tuning(spec)
    assert rows == tuning_rows(spec)
    np.testing.assert_allclose(losses, tuning_curve(draw(spec), rows), **UNTOUCHED)
    overlaps, expected = overlap_results.expected_losses(spec)
    assert (overlaps[0], overlaps[-1], len(overlaps)) == (0.0, 1.0, 101)
    np.testing.assert_allclose(
        expected, [expected_unlearning_loss(replace(spec, overlap=float(o))) for o in overlaps], **UNTOUCHED
    )
    for key, check in results.checks(spec, tuple(CLAIMS)).items():
        assert check == CLAIMS[key].check(draw(spec))


@pytest.mark.parametrize("spec", SPECS, ids=name_of)
def test_the_run_is_the_gradient_descent_it_stands_for(spec):
    run, problem = start_results.tuning_run(spec), draw(spec)
    X_f, y_f = problem.X_f, problem.y_f
    assert run.steps == STEPS
    step_size = largest_stable_step(problem.X_t) / 2
    scale = np.abs(y_f).max() + np.linalg.norm(problem.w_o)
    for i, k in enumerate(run.steps[:8]):
        w = simulate(problem.X_t, problem.y_t, problem.w_o, k, step_size)
        np.testing.assert_allclose(run.errors[i], np.abs(X_f @ w - y_f), rtol=0, atol=PATH_AGREES * scale)
        gradient = 2 / len(problem.y_t) * problem.X_t.T @ (problem.X_t @ w - problem.y_t)
        assert run.gradient[i] == pytest.approx(np.linalg.norm(gradient), abs=PATH_AGREES * scale)
    weights, _ = fit_all(problem, CAST_KEYS)
    (tuned,) = compare(spec, ["fine_tune"])
    assert run.after(tuned) == replace(tuned, unlearning_loss=float(np.mean(run.errors[-1] ** 2)))
    np.testing.assert_allclose(run.golden, np.abs(X_f @ weights["golden"] - y_f), **UNTOUCHED)
    np.testing.assert_allclose(run.labels, y_f, **UNTOUCHED)
    for key in CAST_KEYS:
        # The limit of the path and the fit are one model by two routes.
        np.testing.assert_allclose(run.readings[key], X_f @ weights[key], rtol=0, atol=PATH_AGREES * scale)


def test_mean_losses_are_those_of_theory_whatever_the_overlap_and_the_seed():
    asked = [overlap_results.mean_losses(replace(SPEC, overlap=o, seed=s)) for o, s in ((0.5, 3), (0.1, 77))]
    direct = loss_curve(replace(SPEC, overlap=0.0, seed=0), OVERLAPS, CAST_KEYS, curve_draws(SPEC))
    for curve in asked:
        assert curve.draws == direct.draws
        for name in ("mean", "error", "low", "high"):
            for key, values in getattr(direct, name).items():
                np.testing.assert_allclose(getattr(curve, name)[key], values, **UNTOUCHED)


@pytest.mark.parametrize("field", CHANGES)
def test_another_spec_is_another_mean_curve_but_for_overlap_and_seed(field):
    crowded = replace(SPEC, d=12)  # with room for all rows the loss is zero whatever the Spec
    before, after = (overlap_results.mean_losses(s) for s in (crowded, replace(crowded, **{field: CHANGES[field]})))
    key = ("fine_tune", "unlearning_loss")
    assert (before.mean[key].tolist() != after.mean[key].tolist()) == (field not in ("overlap", "seed"))


def test_what_is_kept_is_not_computed_again():
    assert results.experiment(SPEC, CAST_KEYS) is results.experiment(replace(SPEC), CAST_KEYS)


def test_the_number_of_draws_stays_within_its_bounds_and_its_work():
    for spec in (Spec(d=2, n_retain=1, n_forget=1), Spec(), Spec(d=2000, n_retain=500, n_forget=500)):
        draws, rows = curve_draws(spec), spec.n_retain + spec.n_forget
        assert FEWEST_DRAWS <= draws <= MOST_DRAWS
        work = draws * len(OVERLAPS) * rows * spec.d * min(rows, spec.d)
        assert work <= CURVE_WORK or draws == FEWEST_DRAWS
