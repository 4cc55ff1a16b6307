import dataclasses
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.cases import CORNERS, ROUNDING, specs
from theory import Spec, draw, draw_overlaps, with_noise

# Sample moments are judged in their standard errors. Seeds are fixed, so this is no rate of failure but the size of a
# deviation that would be a defect: by chance one moment in two million lies beyond it.
STANDARD_ERRORS = 5.0
# "The pretrained model fits these rows": what is left of them, relative to the labels. Rounding times a condition of
# 1e5 stays below; noise that cannot be fitted leaves 1e-3 and more.
FITS = 1e-8

WHOLE = [True, np.bool_(True), 2.0, 2.5, "2", None, math.nan, math.inf, [2], 1 + 0j]
REAL = [True, np.bool_(False), "0.4", None, math.nan, math.inf, -math.inf, [0.4], 1j, 10**400, np.longdouble("1e4000")]

INVALID = [
    *(("d", value) for value in [*WHOLE, 0, -1, 1_000_001, 10**400]),
    *(("overlap", value) for value in [*REAL, -0.01, 1.4, np.float64(1.0000001)]),
    *(("n_retain", value) for value in [*WHOLE, 0, -5, 10**12, 10**400]),
    *(("n_forget", value) for value in [*WHOLE, 0, np.int64(-5), 10**12, 10**400]),
    *(("n_tune", value) for value in [*(v for v in WHOLE if v is not None), 0, -1, 51, 10**400]),
    *(("noise", value) for value in [*REAL, -1e-300, 1e200, np.float32(-2)]),
    *(("seed", value) for value in [*WHOLE, -1]),
]
RULES = {
    "d": "must be a whole number between 1 and 1,000,000,",
    "overlap": "must be a number between 0 and 1,",
    "n_retain": "must be a whole number between 1 and 1,000,000,",
    "n_forget": "must be a whole number between 1 and 1,000,000,",
    "n_tune": "must be a whole number between 1 and 50,",
    "noise": "must be a number between 0 and 1e+06,",
    "seed": "must be a whole number at least 0,",
}
WAYS_OUT = {
    "d": "choose a number of features in that range",
    "overlap": "such as 0.4",
    "n_retain": "keep at least one row",
    "n_forget": "ask to forget at least one row",
    "n_tune": "lower n_tune, raise n_retain (now 50), or leave it out",
    "noise": "use 0 for noiseless labels",
    "seed": "use 0, 1, 2",
}


def noise_of(problem):
    return problem.y - problem.X @ problem.w_star


@pytest.mark.parametrize(("name", "value"), INVALID, ids=lambda v: str(v)[:20])
def test_an_invalid_field_is_refused_with_its_name_rule_value_and_way_out(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be ") as refusal:
        Spec(**{name: value})
    message = str(refusal.value)
    before, _, after = message.partition(f" got {value!r}: ")
    assert before == f"{name} {RULES[name]}"
    assert WAYS_OUT[name] in after


@pytest.mark.parametrize(
    "fields",
    [
        {"d": 1},
        {"d": 1_000_000},
        {"overlap": 0},
        {"overlap": 1},
        {"n_retain": 1},
        {"n_retain": 1_000_000},
        {"n_forget": 1},
        {"n_forget": 1_000_000},
        {"n_tune": 1},
        {"n_tune": 50},
        {"n_tune": None},
        {"noise": 0},
        {"noise": 1e6},
        {"seed": 0},
        {"seed": 10**30},
    ],
    ids=str,
)
def test_both_ends_of_every_range_are_valid(fields):
    spec = Spec(**fields)
    (name,) = fields
    assert getattr(spec, name) == fields[name]


def test_numpy_scalars_are_accepted_and_become_plain_numbers():
    spec = Spec(
        d=np.int32(10),
        overlap=np.float32(0.5),
        n_retain=np.uint8(4),
        n_forget=np.int64(3),
        n_tune=np.int16(2),
        noise=np.int64(5),
        seed=np.uint64(7),
    )
    plain = Spec(d=10, overlap=0.5, n_retain=4, n_forget=3, n_tune=2, noise=5.0, seed=7)
    assert spec == plain
    assert hash(spec) == hash(plain)
    assert [type(value) for value in dataclasses.astuple(spec)] == [int, float, int, int, int, float, int]


def test_a_spec_is_frozen_keyword_only_and_a_dictionary_key():
    spec = Spec(d=10)
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.d = 11
    with pytest.raises(TypeError, match="positional"):
        Spec(10)
    with pytest.raises(TypeError, match="unexpected keyword"):
        Spec(dimension=10)
    assert {spec: "here"}[Spec(d=10)] == "here"
    assert Spec(d=10) != Spec(d=11)


@given(specs(d=st.integers(1, 1_000_000)))
def test_the_three_blocks_share_out_all_features(spec):
    assert spec.d_retain + spec.d_overlap + spec.d_forget == spec.d
    assert abs(spec.d_overlap - spec.overlap * spec.d) <= 0.5
    assert spec.d_retain - spec.d_forget in (0, 1)
    assert min(spec.d_retain, spec.d_overlap, spec.d_forget) >= 0


@given(specs(d=st.integers(1, 60), rows=st.integers(1, 3)))
def test_the_blocks_of_a_draw_tile_its_features_in_order(spec):
    blocks = draw(spec).blocks
    features = list(range(spec.d))
    assert features[blocks.retain] + features[blocks.overlap] + features[blocks.forget] == features
    assert len(features[blocks.retain]) == spec.d_retain
    assert len(features[blocks.overlap]) == spec.d_overlap


def test_replace_works_with_and_without_n_tune():
    everything = Spec(n_retain=50)
    assert everything.tune_rows == 50
    assert replace(everything, n_retain=7).tune_rows == 7
    assert replace(everything, n_tune=9).tune_rows == 9
    assert replace(everything, n_tune=9, n_retain=9).n_tune == 9
    with pytest.raises(ValueError, match=r"^n_tune must be a whole number between 1 and 7, got 9"):
        replace(everything, n_tune=9, n_retain=7)


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_a_draw_has_the_shapes_and_zeros_its_spec_says(spec):
    problem = draw(spec)
    n = spec.n_retain + spec.n_forget
    assert problem.X.shape == (n, spec.d)
    assert problem.y.shape == problem.label_noise.shape == (n,)
    assert problem.w_star.shape == (spec.d,)
    assert problem.X_r.shape == (spec.n_retain, spec.d)
    assert problem.X_f.shape == (spec.n_forget, spec.d)
    assert problem.X_t.shape == (spec.tune_rows, spec.d)
    assert np.array_equal(np.vstack([problem.X_r, problem.X_f]), problem.X)
    assert np.array_equal(np.concatenate([problem.y_r, problem.y_f]), problem.y)
    assert np.array_equal(problem.X_t, problem.X_r[: spec.tune_rows])
    assert np.array_equal(problem.y_t, problem.y_r[: spec.tune_rows])

    from_forget = spec.d - spec.d_forget
    assert not problem.X_r[:, from_forget:].any()
    assert not problem.X_f[:, : spec.d_retain].any()
    assert problem.X_r[:, :from_forget].all()
    assert problem.X_f[:, spec.d_retain :].all()


@given(specs(d=st.integers(1, 12), rows=st.integers(1, 6)))
def test_the_same_spec_draws_the_same_numbers(spec):
    first, second = draw(spec), draw(replace(spec))
    for name in ("X", "y", "w_star", "label_noise"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    fresh, again = first.fresh(), second.fresh()
    for name in ("X_r", "y_r", "X_f", "y_f"):
        assert np.array_equal(getattr(fresh, name), getattr(again, name))


def test_other_seeds_draw_other_numbers():
    spec = Spec(d=20, n_retain=5, n_forget=5, noise=1.0)
    draws = [draw(replace(spec, seed=seed)) for seed in range(20)]
    for name in ("w_star", "label_noise"):
        assert len({getattr(problem, name).tobytes() for problem in draws}) == 20
    assert len({problem.X_r[problem.X_r != 0].tobytes() for problem in draws}) == 20
    assert len({problem.X_f[problem.X_f != 0].tobytes() for problem in draws}) == 20
    assert len({problem.fresh().seen_f.tobytes() for problem in draws}) == 20


def test_nobody_can_write_into_a_draw():
    problem = draw(Spec(d=10, n_retain=4, n_forget=3))
    fresh = problem.fresh()
    arrays = [problem.X, problem.y, problem.w_star, problem.label_noise, problem.X_r, problem.X_f, problem.X_t]
    arrays += [problem.y_r, problem.y_f, problem.y_t, problem.w_o, problem.w_g]
    arrays += [fresh.seen_r, fresh.seen_f, fresh.y_r, fresh.y_f]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        problem.X = problem.X


def test_moving_the_overlap_keeps_every_number_that_stays_visible():
    spec = Spec(d=30, n_retain=6, n_forget=5, noise=0.5, seed=3)
    everything = draw(replace(spec, overlap=1.0))
    for overlap in (0.0, 0.1, 0.33, 0.5, 0.9):
        problem = draw(replace(spec, overlap=overlap))
        assert np.array_equal(problem.X, np.where(problem.X != 0, everything.X, 0.0))
        assert np.array_equal(problem.w_star, everything.w_star)
        assert np.array_equal(problem.label_noise, everything.label_noise)


def test_adding_rows_keeps_the_earlier_ones():
    spec = Spec(d=30, n_retain=6, n_forget=5, noise=0.5, seed=3)
    small = draw(spec)
    more = draw(replace(spec, n_retain=11, n_forget=9))
    assert np.array_equal(more.X_r[:6], small.X_r)
    assert np.array_equal(more.X_f[:5], small.X_f)
    assert np.array_equal(more.w_star, small.w_star)
    np.testing.assert_allclose(more.y_r[:6], small.y_r, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(more.y_f[:5], small.y_f, rtol=0, atol=ROUNDING)


def test_choosing_the_tuning_rows_draws_no_other_data():
    spec = Spec(d=30, n_retain=6, n_forget=5, noise=0.5)
    assert np.array_equal(draw(spec).X, draw(replace(spec, n_tune=2)).X)
    assert np.array_equal(draw(spec).y, draw(replace(spec, n_tune=2)).y)


def test_noise_scales_the_same_errors():
    spec = Spec(d=30, n_retain=6, n_forget=5, seed=4)
    silent, unit, loud = (draw(replace(spec, noise=noise)) for noise in (0.0, 1.0, 5.0))
    assert np.array_equal(silent.y, silent.X @ silent.w_star)
    assert np.array_equal(unit.X, loud.X)
    assert np.abs(noise_of(unit)).min() > 0
    np.testing.assert_allclose(noise_of(loud), 5.0 * noise_of(unit), rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(unit.label_noise, noise_of(unit), rtol=0, atol=ROUNDING)


@given(specs(d=st.integers(1, 30), rows=st.integers(1, 10)), st.lists(st.floats(0, 1), max_size=4))
def test_drawing_several_overlaps_is_drawing_each(spec, overlaps):
    several = list(draw_overlaps(spec, overlaps))
    assert len(several) == len(overlaps)
    for overlap, problem in zip(overlaps, several, strict=True):
        alone = draw(replace(spec, overlap=overlap))
        assert problem.spec == alone.spec
        assert problem.blocks == alone.blocks
        for name in ("X", "y", "w_star", "label_noise"):
            assert np.array_equal(getattr(problem, name), getattr(alone, name))
        assert np.array_equal(problem.fresh().y_f, alone.fresh().y_f)
        assert not problem.X.flags.writeable


@given(spec=specs(), noise=st.sampled_from([0.0, 0.3, 1.7]))
def test_another_noise_is_another_draw_on_shared_rows(spec, noise):
    base = draw(replace(spec, noise=1.0))
    found, alone = with_noise(base, noise), draw(replace(spec, noise=noise))
    assert found.rows is base.rows
    assert found.spec == alone.spec
    for mine, theirs in ((found.X, alone.X), (found.y, alone.y), (found.label_noise, alone.label_noise)):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(found.fresh().y_f, alone.fresh().y_f)
    np.testing.assert_array_equal(found.w_g, alone.w_g)


def test_another_noise_needs_a_draw_with_noise():
    with pytest.raises(ValueError, match=r"noise=1$"):
        with_noise(draw(Spec(noise=0.0)), 0.5)
    with pytest.raises(ValueError, match="noise"):
        with_noise(draw(Spec(noise=1.0)), -1.0)


def test_drawing_several_overlaps_refuses_an_impossible_one():
    with pytest.raises(ValueError, match=r"^overlap must be a number between 0 and 1, got 1\.5"):
        list(draw_overlaps(Spec(d=10), [0.5, 1.5]))


def standard_scores(values, variance):
    """Deviation of the first, second and fourth moment from a centred normal's, in standard errors."""
    z = np.ravel(values) / math.sqrt(variance)
    return [
        z.mean() * math.sqrt(z.size),
        ((z**2).mean() - 1) * math.sqrt(z.size / 2),
        ((z**4).mean() - 3) * math.sqrt(z.size / 96),
    ]


def test_features_weights_and_noise_are_normal_with_the_stated_variance():
    spec = Spec(d=400, n_retain=150, n_forget=150, noise=2.0, seed=11)
    problem = draw(spec)
    fresh = problem.fresh()
    seen = slice(0, spec.d - spec.d_forget)
    moments = {
        "retain rows": standard_scores(problem.X_r[:, seen], 1.0),
        "forget rows": standard_scores(problem.X_f[:, spec.d_retain :], 1.0),
        "true weights": standard_scores(problem.w_star, 1.0 / spec.d),
        "noise": standard_scores(noise_of(problem), spec.noise**2),
        "fresh retain rows": standard_scores(fresh.X_r[:, seen], 1.0),
        "fresh forget rows": standard_scores(fresh.X_f[:, spec.d_retain :], 1.0),
        "fresh noise": standard_scores(
            np.concatenate([fresh.y_r - fresh.X_r @ problem.w_star, fresh.y_f - fresh.X_f @ problem.w_star]), 4.0
        ),
    }
    assert {name: np.abs(scores).max() < STANDARD_ERRORS for name, scores in moments.items()} == dict.fromkeys(
        moments, True
    )


@pytest.mark.parametrize("spec", CORNERS.values(), ids=CORNERS)
def test_fresh_rows_obey_the_same_rules(spec):
    problem = draw(spec)
    fresh = problem.fresh()
    assert fresh.X_r.shape == problem.X_r.shape
    assert fresh.X_f.shape == problem.X_f.shape
    assert fresh.y_r.shape == problem.y_r.shape
    assert fresh.y_f.shape == problem.y_f.shape
    assert np.array_equal(fresh.X_r != 0, problem.X_r != 0)
    assert np.array_equal(fresh.X_f != 0, problem.X_f != 0)
    errors = np.concatenate([fresh.y_r - fresh.X_r @ problem.w_star, fresh.y_f - fresh.X_f @ problem.w_star])
    if spec.noise == 0:
        np.testing.assert_allclose(errors, 0.0, rtol=0, atol=ROUNDING)
    else:
        assert np.abs(errors).min() > ROUNDING
    assert problem.fresh() is fresh


def test_fresh_rows_predict_like_their_full_matrices():
    problem = draw(Spec(d=17, overlap=0.3, n_retain=6, n_forget=5))
    fresh = problem.fresh()
    W = np.random.default_rng(0).standard_normal((17, 3))
    for weights in (W, W[:, 0]):
        retain, forget = fresh.predict(weights)
        np.testing.assert_allclose(retain, fresh.X_r @ weights, rtol=0, atol=ROUNDING)
        np.testing.assert_allclose(forget, fresh.X_f @ weights, rtol=0, atol=ROUNDING)


def test_no_two_parts_of_a_draw_share_their_randomness():
    spec = Spec(d=300, overlap=1.0, n_retain=300, n_forget=300, noise=1.0, seed=5)
    problem = draw(spec)
    fresh = problem.fresh()
    matrices = {"X_r": problem.X_r, "X_f": problem.X_f, "fresh X_r": fresh.X_r, "fresh X_f": fresh.X_f}
    vectors = {
        "w_star": problem.w_star,
        "noise r": noise_of(problem)[:300],
        "noise f": noise_of(problem)[300:],
        "fresh noise r": fresh.y_r - fresh.X_r @ problem.w_star,
        "fresh noise f": fresh.y_f - fresh.X_f @ problem.w_star,
        # The first numbers of a stream would reappear in the first row of a matrix drawn from the same one.
        **{f"first row of {name}": matrix[0] for name, matrix in matrices.items()},
    }
    for group in (matrices, vectors):
        flat = np.stack([np.ravel(values) for values in group.values()])
        scores = np.corrcoef(flat)[np.triu_indices(len(flat), 1)] * math.sqrt(flat.shape[1])
        assert np.abs(scores).max() < STANDARD_ERRORS


@given(specs())
def test_the_spec_knows_whether_the_pretrained_model_fits_each_set(spec):
    problem = draw(spec)

    def fits(X, y):
        return bool(np.linalg.norm(X @ problem.w_o - y) <= FITS * np.linalg.norm(y))

    assert fits(problem.X_r, problem.y_r) == spec.interpolates_retain
    assert fits(problem.X_f, problem.y_f) == spec.interpolates_forget


@pytest.mark.parametrize(
    ("crowd_retain", "crowd_forget"),
    [(0, 0), (4, 4), (5, 4), (4, 5), (8, 0), (9, 0), (0, 8), (0, 9), (8, 1), (1, 8)],
)
def test_interpolation_ends_where_the_overlap_has_no_more_room(crowd_retain, crowd_forget):
    # d_retain = d_forget = 6, d_overlap = 8: rows beyond 6 of each set compete for the 8 shared features.
    spec = Spec(d=20, overlap=0.4, n_retain=6 + crowd_retain, n_forget=6 + crowd_forget, noise=0.5)
    problem = draw(spec)
    left_r = np.linalg.norm(problem.X_r @ problem.w_o - problem.y_r) / np.linalg.norm(problem.y_r)
    left_f = np.linalg.norm(problem.X_f @ problem.w_o - problem.y_f) / np.linalg.norm(problem.y_f)
    room = crowd_retain + crowd_forget <= 8
    assert spec.interpolates_retain == (room or crowd_retain == 0) == (left_r <= FITS)
    assert spec.interpolates_forget == (room or crowd_forget == 0) == (left_f <= FITS)
