"""Problems of real rows: the identities hold, and what is measured is what it is called."""

import numpy as np
import pytest
import scipy.linalg

from theory import Refusal, nearest, unlearning_loss
from theory.data import (
    CLASS_METHODS,
    ClassProblem,
    Waves,
    directions,
    length_scale,
    load,
    measure_classes,
    one_hot,
    prepare,
    split,
)
from theory.data.class_methods import MU, fit_classes, pushed, wrong_targets
from theory.data.classes import best_threshold

# Identities beside |W_o|: measured 1e-14 at 2,000 waves, 1e-12 is the promise.
IDENTITY = 1e-12
# Against numpy's own pseudo-inverse, on rows whose condition is near 1e4.
ORACLE = 1e-7
# What five seeds gave: means of the table of models, with room for another split.
POINTS, SHARE = 3.0, 0.09
WAVES, LENGTH = 2000, 2.5


def digits(kind, waves=WAVES, seed=0, products=None):
    table = load("digits")
    found = split(table, kind, of=3 if kind == "class" else None, seed=seed)
    X = Waves.draw(64, waves, LENGTH, seed)(table.X) if waves else np.hstack([table.X, np.ones((len(table.X), 1))])
    return ClassProblem.of_split(found, X, products)


@pytest.fixture(scope="module", params=["class", "random", "wrong"])
def problem(request):
    return digits(request.param)


@pytest.fixture(scope="module")
def models(problem):
    return fit_classes(problem, tuple(CLASS_METHODS), 1.0)


def size(W):
    return float(np.linalg.norm(W))


def test_the_identities_hold_on_images(problem):
    w_o, w_g, w_t, space = problem.w_o, problem.w_g, problem.w_t, problem.rows.spaces[1]
    assert size(w_t - w_g - (w_o - space.project(w_o))) <= IDENTITY * size(w_o)
    assert size(w_t - w_o) <= IDENTITY * size(w_o)
    assert size(space.project(w_o) - w_g) <= IDENTITY * size(w_o)


def test_raw_pixels_obey_the_identity_that_always_holds():
    raw = digits("random", waves=0)
    w_o, space = raw.w_o, raw.rows.spaces[1]
    assert raw.rows.spaces[2].rank < 65  # some pixels are never used
    assert size(raw.w_t - raw.w_g - (w_o - space.project(w_o))) <= IDENTITY * size(w_o)


def test_models_are_numpys_minimum_norm_fits():
    small = digits("class", waves=300)
    np.testing.assert_allclose(small.w_o, np.linalg.pinv(small.rows.X) @ small.targets, atol=ORACLE * size(small.w_o))
    np.testing.assert_allclose(small.w_g, np.linalg.pinv(small.X_r) @ small.E_r, atol=ORACLE * size(small.w_o))


def test_products_at_hand_change_nothing():
    plain = digits("random")
    given = digits("random", products=plain.rows.X @ plain.rows.X.T)
    assert size(given.w_g - plain.w_g) <= IDENTITY * size(plain.w_g)
    assert given.rows.gram_seen is given.rows.products


def test_a_column_is_a_problem_that_shares_the_rows(problem):
    column = problem.column(4)
    assert column.rows is problem.rows
    np.testing.assert_allclose(column.w_g, problem.w_g[:, 4], atol=IDENTITY * size(problem.w_g))
    assert column.fits_any_labels
    assert column.interpolates_retain
    assert column.known == frozenset()


def test_golden_has_no_column_for_a_class_it_never_saw():
    assert not digits("class").w_g[:, 3].any()


# The table of the models, within what other splits give.
EXPECTED = {
    "class": {"pretrained": (0, 100, 98.7, 0, 1.0), "golden": (100, 100, 98.8, 1.56, 0.5)},
    "random": {"pretrained": (0, 100, 98.7, 0, 1.0), "golden": (1.6, 100, 98.5, 0.129, 0.5)},
    "wrong": {"pretrained": (0, 100, 84.1, 0, 1.0), "golden": (99.8, 100, 98.5, 2.0, 0.5)},
}


def test_the_models_answer_as_they_do_on_other_splits(problem, models):
    kind = "wrong" if (problem.split.labels != problem.split.table.y[problem.split.trained]).any() else "random"
    kind = "class" if len(problem.split.remaining) < len(problem.split.held) else kind
    found = {record.key: record for record in measure_classes(problem, models)}
    for key, (ua, ra, ta, ul, auc) in EXPECTED[kind].items():
        record = found[key]
        assert record.unlearning_accuracy == pytest.approx(ua, abs=POINTS)
        assert record.remaining_accuracy == pytest.approx(ra, abs=POINTS)
        assert record.test_accuracy == pytest.approx(ta, abs=2 * POINTS if kind == "wrong" else POINTS)
        assert record.unlearning_loss == pytest.approx(ul, abs=SHARE)
        assert record.attack_auc == pytest.approx(auc, abs=SHARE)
    # Fine-tuning is the pretrained model; projection is golden; Option A is inert and Option B retrains.
    for same, as_this in (("fine_tune", "pretrained"), ("project", "golden"), ("keep_overlap", "pretrained")):
        assert size(models[same] - models[as_this]) <= IDENTITY * size(problem.w_o)
    assert size(models["drop_overlap"] - problem.w_g) <= IDENTITY * size(problem.w_o)
    assert found["decay"].unlearning_accuracy == pytest.approx(found["golden"].unlearning_accuracy, abs=POINTS)
    # Its error on the rows is golden's, nearly, and it is farther from golden than before.
    if kind == "class":
        assert found["push_wrong"].unlearning_loss == pytest.approx(found["golden"].unlearning_loss, rel=0.1)
        assert found["push_wrong"].distance > 1.1


def test_measures_are_what_they_are_called(problem, models):
    W = models["soft_half"]
    (record,) = measure_classes(problem, {"soft_half": W})
    split_, table = problem.split, problem.split.table
    Phi = {place: row for place, row in zip(split_.trained, problem.rows.X, strict=True)}
    Phi |= dict(zip(split_.held, problem.held, strict=True))
    right = [int(np.argmax(Phi[place] @ W)) == table.y[place] for place in split_.remaining]
    assert record.test_accuracy == pytest.approx(100 * np.mean(right))
    own = dict(zip(split_.trained, split_.labels, strict=True)) | dict(
        zip(split_.strangers, split_.stranger_labels, strict=True)
    )

    def loss(place):
        found = float(np.sum((Phi[place] @ W - one_hot(np.array([own[place]]), 10)[0]) ** 2))
        return found if found >= 1e-18 else 0.0

    gone, strange = ([loss(place) for place in places] for places in (split_.forget, split_.strangers))
    pairs = [(a < b) + 0.5 * (a == b) for a in gone for b in strange]
    assert record.attack_auc == pytest.approx(np.mean(pairs), abs=1e-9)
    assert record.unlearning_loss == pytest.approx(np.mean(gone))
    assert record.stranger_loss == pytest.approx(np.mean(strange))


def test_the_threshold_tells_most_apart():
    inside, outside = np.array([0.0, 0.1, 0.2, 0.9]), np.array([0.15, 0.8, 1.0])
    shares = {t: np.mean(inside <= t) + np.mean(outside > t) for t in (*inside, *outside)}
    assert shares[best_threshold(inside, outside)] == max(shares.values())


def test_a_push_is_the_minimiser_it_says():
    problem = digits("class", waves=150)
    T, alpha = wrong_targets(problem), 0.3
    n_r, n_f = problem.n_retain, problem.n_forget
    A = problem.X_r.T @ problem.X_r / n_r + alpha * problem.X_f.T @ problem.X_f / n_f + MU * np.eye(150)
    b = problem.X_r.T @ problem.E_r / n_r + alpha * problem.X_f.T @ T / n_f + MU * problem.w_o
    wanted = np.linalg.solve(A, b)
    assert size(pushed(problem, T, alpha) - wanted) <= 1e-8 * size(wanted)
    assert not (T * problem.E_f).any()
    assert (T.sum(axis=1) == 1).all()


# What the rows to keep can see


def test_angles_are_those_of_scipy(problem):
    found = directions(problem)
    wanted = np.degrees(scipy.linalg.subspace_angles(problem.X_r.T, problem.X_f.T))
    np.testing.assert_allclose(found.angles, np.sort(wanted), atol=1e-5)
    Q = scipy.linalg.orth(problem.X_r.T)
    inside = np.sum((problem.X_f @ Q) ** 2, axis=1) / np.sum(problem.X_f**2, axis=1)
    np.testing.assert_allclose(found.inside, inside, atol=1e-9)
    assert found.leftover == pytest.approx(size(problem.w_o - problem.w_g) / size(problem.w_o))


def test_nearly_all_of_a_row_is_seen_and_half_of_the_model_is_not():
    sights = {kind: directions(digits(kind)) for kind in ("class", "random", "wrong")}
    for sight in sights.values():
        assert 0.96 <= sight.inside.mean() <= 0.995
        assert 0.4 <= sight.leftover <= 0.97
    # The same rows, so the same angles; only the labels differ.
    np.testing.assert_allclose(sights["random"].angles, sights["wrong"].angles, atol=1e-6)
    assert sights["wrong"].leftover > sights["random"].leftover + 0.2


# Features


def test_more_waves_begin_with_the_same_ones():
    few, many = Waves.draw(5, 20, 1.3, seed=4), Waves.draw(5, 50, 1.3, seed=4)
    np.testing.assert_array_equal(few.A, many.A[:, :20])
    np.testing.assert_array_equal(few.b, many.b[:20])
    assert Waves.draw(5, 20, 1.3, seed=5).b[0] != few.b[0]


def test_waves_approach_a_gaussian_kernel():
    X = np.random.default_rng(0).normal(size=(6, 3))
    count = 200_000
    Phi = Waves.draw(3, count, 1.7)(X)
    kernel = np.exp(-((X[:, None] - X[None]) ** 2).sum(axis=2) / (2 * 1.7**2))
    # The spread of a mean of products of two cosines is at most sqrt(2 / count); five of them.
    np.testing.assert_allclose(Phi @ Phi.T, kernel, atol=5 * np.sqrt(2 / count))


def test_the_length_is_a_share_of_the_way_to_the_nearest_row():
    assert length_scale(np.array([[0.0], [1.0], [3.0], [6.0]])) == 0.75 * 1.5
    assert length_scale(np.zeros((4, 2))) == 1.0
    with pytest.raises(Refusal, match="count must be a whole number"):
        Waves.draw(3, 0, 1.0)


# Tables with a number for a target


def test_one_patient_is_said_exactly_by_all_but_golden():
    found = split(load("diabetes"), "rows", of=5)
    prepared = prepare(found, WAVES)
    problem = prepared.problem
    (true,) = load("diabetes").y[found.forget]
    tuned = nearest(problem.X_r, problem.y_r, problem.w_o)
    for w in (problem.w_o, tuned):
        assert prepared.answers(problem.X_f, w)[0] == pytest.approx(true, abs=1e-8)
    # Golden's answer in closed form, from the inverse of all products.
    G = np.linalg.inv(problem.X @ problem.X.T)
    left_out = problem.y[-1] - (G @ problem.y)[-1] / G[-1, -1]
    said = prepared.answers(problem.X_f, problem.w_g)[0]
    assert said == pytest.approx(prepared.mean + prepared.sd * left_out, abs=1e-6)
    assert abs(said - true) > 10


def test_nothing_of_the_rows_to_forget_is_in_the_scale():
    found = split(load("diabetes"), "rows", of=5)
    prepared = prepare(found)
    kept = prepared.problem.X_r[:, :-1]
    np.testing.assert_allclose(kept.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(kept.std(axis=0), 1, atol=1e-12)
    assert prepared.mean == pytest.approx(load("diabetes").y[found.keep].mean())
    assert prepared.features[-1] == "intercept"
    assert (prepared.problem.X[:, -1] == 1).all()


def test_a_column_of_the_rows_to_forget_alone_keeps_what_it_learnt():
    found = split(load("penguins"), "level", of=("island", "Dream"))
    prepared = prepare(found)
    problem = prepared.problem
    own = [prepared.features[place] for place in prepared.own]
    assert own == ["species = Chinstrap", "island = Dream"]
    assert not problem.X_r[:, list(prepared.own)].any()
    tuned = nearest(problem.X_r, problem.y_r, problem.w_o)
    assert problem.n_retain > 10 * problem.d
    np.testing.assert_allclose(tuned[list(prepared.own)], problem.w_o[list(prepared.own)], atol=1e-12)
    np.testing.assert_allclose(problem.w_g[list(prepared.own)], 0, atol=1e-12)
    assert unlearning_loss(problem, tuned) < 0.25 * unlearning_loss(problem, problem.w_g)
    # With twelve rows at random nothing is theirs alone, and fine-tuning forgets.
    problem = prepare(split(load("penguins"), "rows", of=range(12))).problem
    tuned = nearest(problem.X_r, problem.y_r, problem.w_o)
    assert size(tuned - problem.w_g) <= IDENTITY * size(problem.w_g)


def test_every_method_says_what_it_is():
    for key, method in CLASS_METHODS.items():
        assert method.key == key
        assert method.label
        assert method.idea.endswith(".")
        assert method.source
