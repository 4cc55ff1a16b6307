from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import (
    AGREES,
    ALTERED,
    CORNERS,
    EPS,
    ROUNDING,
    dense_models,
    exact_pinv,
    relative,
    specs,
)
from theory import METHODS, Method, Parameter, Spec, draw, simulate
from theory.methods import drop_overlap_mask, fine_tune_from, keep_overlap_mask

# What a backward stable method may lose on data of a given condition number, times a small number for the size.
STABLE = 100 * EPS
# Steps of plain gradient descent after which every mode of the well-conditioned data below has died out.
STEPS = 3000


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_row_of_the_table_says_what_it_is(method):
    assert METHODS[method.key] is method
    for text in (method.label, method.formula, method.idea, method.source):
        assert text.strip() == text != ""
    assert method.idea.endswith(".")
    assert method.needs
    assert method.needs <= {"retain", "forget", "pretrained"}
    for parameter in method.parameters:
        assert parameter.help.endswith(".")
        assert parameter.check(parameter.default) == parameter.default
        if isinstance(parameter, Parameter):
            assert parameter.low <= parameter.default <= parameter.high
        else:
            assert all(meaning.endswith(".") for meaning in parameter.options.values())


def test_the_table_of_methods_starts_with_the_four_models_and_the_remedies():
    first = ("pretrained", "golden", "fine_tune", "keep_overlap", "drop_overlap", "project")
    assert tuple(METHODS)[: len(first)] == first
    assert len({method.label for method in METHODS.values()}) == len(METHODS)
    with pytest.raises(TypeError, match="item assignment"):
        METHODS["mine"] = METHODS["golden"]


def fit(key, problem):
    return METHODS[key].fit(problem)


CLOSED_FORM = ("pretrained", "golden", "fine_tune", "keep_overlap", "drop_overlap", "project")


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_methods_equal_their_formulas_with_whole_pseudo_inverses(spec):
    problem = draw(spec)
    expected = dense_models(problem)
    size = max(np.linalg.norm(w) for w in expected.values())
    for key in CLOSED_FORM:
        w = fit(key, problem)
        assert w.shape == (spec.d,)
        assert relative(w, expected[key], size) <= AGREES, key


@given(specs(d=st.integers(1, 25), rows=st.integers(1, 30)))
def test_methods_equal_their_formulas_for_any_spec(spec):
    problem = draw(spec)
    expected = dense_models(problem)
    size = max(np.linalg.norm(w) for w in expected.values())
    for key in CLOSED_FORM:
        assert relative(fit(key, problem), expected[key], size) <= AGREES, key


@pytest.mark.parametrize(("problem", "condition"), ALTERED.values(), ids=ALTERED)
def test_methods_equal_their_formulas_at_sixty_digits_on_degenerate_and_badly_scaled_data(problem, condition):
    expected = dense_models(problem, exact_pinv)
    size = max(np.linalg.norm(w) for w in expected.values())
    for key in CLOSED_FORM:
        assert relative(fit(key, problem), expected[key], size) <= STABLE * condition, key


@pytest.mark.parametrize("factor", [1e-8, 1e8])
def test_scaling_all_features_scales_every_model_back(factor):
    problem = draw(Spec(d=20, n_retain=6, n_forget=5, n_tune=4, noise=0.5))
    scaled = replace(problem, rows=replace(problem.rows, X=factor * problem.X))
    for key in CLOSED_FORM:
        assert relative(factor * fit(key, scaled), fit(key, problem)) <= ROUNDING, key


@given(specs(d=st.integers(1, 20), rows=st.integers(1, 20)), st.sampled_from([-3.0, 1e-6, 1e6]))
def test_every_model_is_linear_in_the_labels(spec, factor):
    problem = draw(spec)
    scaled = replace(problem, y=factor * problem.y)
    for key in CLOSED_FORM:
        # By the size of the start: what is left of a model may be far smaller than what it was made from.
        size = abs(factor) * max(np.linalg.norm(problem.w_o), np.linalg.norm(problem.w_g))
        assert relative(fit(key, scaled), factor * fit(key, problem), size) <= AGREES, key


@pytest.mark.parametrize(
    "spec",
    [
        Spec(d=60, n_retain=5, n_forget=4, noise=0.5),
        Spec(d=60, n_retain=5, n_forget=4, n_tune=2, noise=0.5),
        Spec(d=6, overlap=1.0, n_retain=60, n_forget=20, noise=0.5),
        Spec(d=8, overlap=0.5, n_retain=60, n_forget=40, n_tune=50, noise=5.0),
    ],
    ids=["n < d", "n_tune < n_retain < d", "n > d", "n_tune > d, forget-only features"],
)
def test_fine_tuning_is_where_plain_gradient_descent_ends(spec):
    problem = draw(spec)
    step = 0.5 * len(problem.X_t) / np.linalg.norm(problem.X_t, 2) ** 2
    from_zero = 0.5 * len(problem.X_r) / np.linalg.norm(problem.X_r, 2) ** 2
    starts = {
        "fine_tune": problem.w_o,
        "keep_overlap": keep_overlap_mask(problem, problem.w_o),
        "drop_overlap": drop_overlap_mask(problem, problem.w_o),
    }
    for key, start in starts.items():
        end = simulate(problem.X_t, problem.y_t, start, STEPS, step)
        assert relative(fit(key, problem), end) <= AGREES, key
    trained = simulate(problem.X_r, problem.y_r, np.zeros(spec.d), STEPS, from_zero)
    assert relative(fit("golden", problem), trained) <= AGREES


def test_masks_zero_their_blocks_and_nothing_else():
    problem = draw(Spec(d=10, overlap=0.4, n_retain=3, n_forget=2))
    w = np.arange(1.0, 11.0)
    assert keep_overlap_mask(problem, w).tolist() == [1, 2, 3, 4, 5, 6, 7, 0, 0, 0]
    assert drop_overlap_mask(problem, w).tolist() == [1, 2, 3, 0, 0, 0, 0, 0, 0, 0]
    assert w.tolist() == list(range(1, 11))


def test_fine_tuning_from_a_start_moves_only_what_the_tuning_rows_see():
    problem = draw(Spec(d=20, n_retain=6, n_forget=5, n_tune=3))
    start = np.random.default_rng(0).standard_normal(20)
    end = fine_tune_from(problem, start)
    unseen = np.linalg.svd(problem.X_t)[2][3:]
    np.testing.assert_allclose(unseen @ (end - start), 0.0, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(problem.X_t @ end, problem.y_t, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("key", METHODS)
def test_no_method_changes_the_data_even_where_it_could(key):
    spec = Spec(d=20, n_retain=8, n_forget=5, n_tune=3, noise=0.5)
    problem = draw(spec)
    writable = replace(problem, rows=replace(problem.rows, X=problem.X.copy()), y=problem.y.copy())
    before = writable.w_o.copy(), writable.w_g.copy()
    METHODS[key].fit(writable)
    for name in ("X", "y"):
        assert np.array_equal(getattr(writable, name), getattr(problem, name))
    assert np.array_equal(writable.w_o, before[0])
    assert np.array_equal(writable.w_g, before[1])


def test_methods_that_need_no_forget_data_do_not_look_at_them():
    problem = draw(Spec(d=20, n_retain=6, n_forget=5, n_tune=4, noise=0.5))
    w_o = problem.w_o
    other = replace(
        problem,
        rows=replace(problem.rows, X=np.vstack([problem.X_r, np.full_like(problem.X_f, 7.0)])),
        y=np.concatenate([problem.y_r, np.full_like(problem.y_f, 7.0)]),
    )
    other.__dict__["w_o"] = w_o  # the model someone else trained
    for key, method in METHODS.items():
        if "forget" not in method.needs:
            assert relative(method.fit(other), method.fit(problem)) <= ROUNDING, key


ALPHA = Parameter(name="alpha", default=1.0, low=0.01, high=100.0, log=True, help="How hard to push.")


@pytest.mark.parametrize("value", [0.01, 1, 100, np.float32(0.5), np.int64(3)])
def test_a_parameter_accepts_its_range_and_returns_a_plain_number(value):
    assert ALPHA.check(value) == float(value)
    assert type(ALPHA.check(value)) is float


@pytest.mark.parametrize("value", [0.0, 0.0099, 100.1, -1, np.nan, np.inf, "1", None, True, 1j, [1.0]])
def test_a_parameter_out_of_its_range_is_refused_by_name_rule_value_and_way_out(value):
    with pytest.raises(
        ValueError, match=r"^alpha must be between 0\.01 and 100, got .*: try 1, its default$"
    ) as refusal:
        ALPHA.check(value)
    assert f"got {value!r}:" in str(refusal.value)


def test_a_method_is_one_row_that_can_be_added():
    mine = Method(
        key="zero",
        label="Zero",
        formula="0",
        idea="Forget everything.",
        source="here",
        needs=frozenset({"retain"}),
        fit=lambda problem: np.zeros(problem.d),
    )
    assert mine.parameters == ()
    assert not mine.fit(draw(Spec(d=5, n_retain=2, n_forget=2))).any()


# The example of theory section 3, measured over SEEDS draws; every statement is judged in standard errors.
SEEDS = range(40)
STANDARD_ERRORS = 5.0


def losses_over_seeds(spec):
    losses = {key: [] for key in CLOSED_FORM}
    for seed in SEEDS:
        problem = draw(replace(spec, seed=seed))
        for key in CLOSED_FORM:
            squares = (problem.X @ fit(key, problem) - problem.y) ** 2
            losses[key].append((squares[: spec.n_retain].mean(), squares[spec.n_retain :].mean()))
    return {key: np.array(values).T for key, values in losses.items()}


def test_the_measured_example_fine_tuning_forgets_nothing_and_the_remedies_something():
    losses = losses_over_seeds(Spec(d=200, overlap=0.4, n_retain=50, n_forget=50, noise=0.5))
    unlearning = {key: values[1] for key, values in losses.items()}

    def mean_and_error(values):
        return values.mean(), values.std(ddof=1) / np.sqrt(len(values))

    golden, error = mean_and_error(unlearning["golden"])
    # theory section 6 predicts golden's mean: 0.5^2 of label noise, 60/200 never seen, the rest the overlap's share.
    q, m, d_o, n = 90, 140, 80, 50
    both = q * (q + 2) / (m * (m + 2))
    across = (q / m - both) / (m - 1)
    missing = (both - across) * 80 / 200 + across * d_o * 140 / 200
    expected = missing + 60 / 200 + 0.25 + 0.25 * n * d_o / (m * (m - n - 1))
    assert abs(golden - expected) <= STANDARD_ERRORS * error

    assert unlearning["fine_tune"].max() <= ROUNDING
    assert max(values[0].max() for values in losses.values()) <= ROUNDING  # every model fits the retain rows
    assert np.abs(unlearning["project"] - unlearning["golden"]).max() <= AGREES
    for lower, higher in (("fine_tune", "keep_overlap"), ("keep_overlap", "drop_overlap"), ("drop_overlap", "golden")):
        gap, error = mean_and_error(unlearning[higher] - unlearning[lower])
        assert gap >= STANDARD_ERRORS * error


def test_the_measured_example_with_few_tuning_rows_only_dropping_the_overlap_breaks_the_retain_rows():
    losses = losses_over_seeds(Spec(d=200, overlap=0.4, n_retain=50, n_forget=50, n_tune=10))
    remaining = {key: values[0] for key, values in losses.items()}
    broken = remaining["drop_overlap"]
    assert broken.mean() - STANDARD_ERRORS * broken.std(ddof=1) / np.sqrt(len(broken)) > 0.05
    assert remaining["keep_overlap"].max() <= ROUNDING
    assert remaining["project"].max() <= ROUNDING
