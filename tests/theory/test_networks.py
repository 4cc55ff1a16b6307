"""The network: its gradient, its training, the methods for it and what is measured of them, on rows made here."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from theory import Option
from theory.data import SOURCES, Table, split
from theory.networks import (
    MEASURED,
    NETWORK_METHODS,
    Forgetting,
    Hand,
    Network,
    Recipe,
    Shape,
    begin,
    cross_entropy,
    measure_network,
    run,
    train,
)
from theory.networks.metrics import called_unseen
from theory.networks.projection import project

# Central differences of a step of 1e-6 in float64: the square of the step, and rounding divided by it.
DIFFERENCE = 1e-6
# Two orders of the same float64 operations over 20 steps.
SAME_PATH = 1e-12
# The share of the kernel that is added to it, a thousand times as much where a direction is that small.
PROJECTED = 1e-3
SMALL = Shape(4, 3, 6)


def rng(seed=0):
    return np.random.default_rng(seed)


def blobs(rows=180, seed=0):
    """Three clouds that overlap a little."""
    labels = rng(seed).integers(0, 3, rows)
    return 0.4 * rng(seed + 1).standard_normal((rows, 4)) + np.eye(4)[labels], labels


def table(rows=180, trained=120):
    X, labels = blobs(rows)
    return Table(replace(SOURCES["digits"], train=trained), ("",) * 4, X, labels.astype(float), {}, 0)


def forgetting(kind="random", seed=0, trained=120):
    return Forgetting.of(split(table(trained=trained), kind, of=2, seed=seed))


def last(made):
    *_, weights = made
    return weights


@pytest.fixture(scope="module")
def hand():
    """Rows with an pretrained, one that learnt them in a few epochs, and a golden of its own."""
    rows = forgetting()

    def made(X, y, seed):
        since = begin(rows.shape.draw(rng(seed)))
        return last(m.weights for m in train(rows.shape, X, y, since, (seed,), Recipe(epochs=20)))

    return Hand(rows, made(rows.X, rows.y, 1), made(rows.X_r, rows.y_r, 2))


def choices(method):
    """Every combination of a method's choices."""
    options = [p for p in method.parameters if isinstance(p, Option)]
    return [
        dict(zip([p.name for p in options], kinds, strict=True)) for kinds in product(*(p.options for p in options))
    ]


WAYS = [(method, chosen) for method in NETWORK_METHODS.values() for chosen in choices(method)]
NAMES = ["-".join((method.key, *chosen.values())) for method, chosen in WAYS]
ways = pytest.mark.parametrize(("method", "chosen"), WAYS, ids=NAMES)


# the network and its training


@pytest.mark.parametrize("hard", [True, False])
def test_the_gradient_is_that_of_the_loss(hard):
    X, labels = rng(1).standard_normal((7, 4)), rng(2).integers(0, 3, 7)
    target = np.eye(3)[labels] if hard else rng(3).dirichlet(np.ones(3), 7)
    at, slope = rng(4).standard_normal(SMALL.count), np.zeros(SMALL.count)
    Network(SMALL, at).add_gradient(X, target, Network(SMALL, slope), 0.7)

    def loss(w):
        answers = Network(SMALL, w).probabilities(X)
        return -0.7 * (target * np.log(answers)).sum(axis=1).mean()

    steps = DIFFERENCE * np.eye(SMALL.count)
    differences = [(loss(at + step) - loss(at - step)) / (2 * DIFFERENCE) for step in steps]
    np.testing.assert_allclose(slope, differences, rtol=0, atol=DIFFERENCE)
    if hard:
        losses = cross_entropy(Network(SMALL, at).logits(X), labels)
        assert losses.mean() == pytest.approx(loss(at) / 0.7)


def test_what_is_written_into_a_layer_is_in_the_vector():
    network = Network(SMALL, np.zeros(SMALL.count))
    for part in (network.first, network.first_shift, network.second, network.second_shift):
        part += 1
    assert (network.vector == 1).all()
    start = Network(SMALL, SMALL.draw(rng()))
    assert start.vector.dtype == np.float32
    assert not start.first_shift.any()
    assert not start.second_shift.any()
    wide = Network(Shape(50, 3, 2000), Shape(50, 3, 2000).draw(rng()))
    for matrix in (wide.first, wide.second):
        assert matrix.std() == pytest.approx(np.sqrt(2 / len(matrix)), rel=0.05)


def test_a_training_can_be_taken_up_at_any_moment_and_depends_on_its_seed_alone():
    rows, recipe = forgetting(), Recipe(epochs=6)
    begun = begin(rows.shape.draw(rng()))

    def moments(since, seed=(5, 1)):
        return [*train(rows.shape, rows.X, rows.y, since, seed, recipe)]

    whole = moments(begun)
    assert [m.epoch for m in whole] == [1, 2, 3, 4, 5, 6]
    assert np.array_equal(moments(begun)[-1].weights, whole[-1].weights)
    assert np.array_equal(moments(whole[2])[-1].weights, whole[-1].weights)
    assert not np.array_equal(moments(begun, (6, 1))[-1].weights, whole[-1].weights)
    assert whole[-1].weights.dtype == np.float32


def test_a_step_is_momentums_with_decay_and_a_falling_rate():
    rows, recipe = forgetting(trained=40), Recipe(epochs=2, rate=0.3, decay=0.01, clip=0.5)  # one batch: 40 rows
    w, velocity = rows.shape.draw(rng()).astype(float), 0.0
    found = last(train(rows.shape, rows.X.astype(float), rows.y, begin(w.copy()), (0,), recipe)).weights
    for rate in (0.3, 0.15):
        slope = np.zeros_like(w)
        Network(rows.shape, w).add_gradient(rows.X.astype(float), np.eye(3)[rows.y], Network(rows.shape, slope))
        slope += 0.01 * w
        velocity = 0.9 * velocity + slope * min(1, 0.5 / np.linalg.norm(slope))
        w = w - rate * velocity
    np.testing.assert_allclose(found, w, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "wrong", [{"epochs": 0}, {"rate": 0.0}, {"momentum": 1.0}, {"batch": 0}, {"decay": -1.0}, {"clip": 0.0}]
)
def test_a_recipe_that_cannot_be_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} is out of range, got .*: leave it out"):
        Recipe(**wrong)
    with pytest.raises(ValueError, match=r"^hidden must be at least 1"):
        Shape(4, 3, 0)
    with pytest.raises(ValueError, match=r"^vector must have shape \(51,\)"):
        Network(SMALL, np.zeros(50))


# what is to be forgotten


@pytest.mark.parametrize("kind", ["class", "random", "wrong"])
def test_a_split_takes_every_row_once_and_falsifies_only_mistakes(kind):
    X, labels = blobs()
    rows = forgetting(kind)
    truth = {tuple(x): label for x, label in zip(X.astype(np.float32), labels, strict=True)}
    parts = [rows.X_r, rows.X_f, rows.X_t] + ([rows.X_s] if kind == "class" else [])
    seen = [tuple(x) for part in parts for x in part]
    assert sorted(seen) == sorted(truth)
    assert len(rows.X) == len(rows.y) == 120
    assert [truth[tuple(x)] for x in rows.X_r] == rows.y_r.tolist()
    assert [truth[tuple(x)] for x in rows.X_f] == rows.true_f.tolist()
    assert [truth[tuple(x)] for x in rows.X_t] == rows.y_t.tolist()
    given = np.concatenate([rows.y_f, rows.y_s]) == [truth[tuple(x)] for x in (*rows.X_f, *rows.X_s)]
    assert not given.any() if kind == "wrong" else given.all()
    if kind == "class":
        assert set(rows.y_f) == set(rows.y_s) == {2}
        assert set(rows.y_r) == set(rows.y_t) == {0, 1}
    else:
        assert len(rows.X_f) == 12
        assert np.array_equal(rows.X_f, forgetting("random").X_f)
    assert np.array_equal(rows.X_f, forgetting(kind).X_f)
    assert not np.array_equal(rows.X_r[:5], forgetting(kind, seed=1).X_r[:5])


def test_what_cannot_be_split_is_refused():
    for empty, part in (("keep", "r"), ("remaining", "t"), ("strangers", "s")):
        some = split(table(), "random")
        labels = {"labels": some.labels[len(some.keep) :]} if part == "r" else {}
        labels |= {"stranger_labels": some.stranger_labels[:0]} if part == "s" else {}
        nobody = replace(some, **{empty: getattr(some, empty)[:0]}, **labels)
        with pytest.raises(ValueError, match=f"^X_{part} and y_{part} must have equally many rows, at least one"):
            Forgetting.of(nobody)


# the methods


@ways
def test_a_method_is_a_training_of_finite_weights_that_its_seed_decides(method, chosen, hand):
    with np.errstate(over="ignore"):  # the ascent may leave every measure
        weights = [*run(method, hand, **chosen)]
        again = last(run(method, hand, **chosen))
        other = last(run(method, replace(hand, seed=1), **chosen))
    assert all(w.shape == (hand.shape.count,) and w.dtype == np.float32 for w in weights)
    assert np.isfinite(weights[-1]).all()
    assert np.array_equal(weights[-1], again)
    assert not np.array_equal(weights[-1], other)
    assert not np.array_equal(weights[-1], hand.pretrained)


@ways
def test_a_method_needs_what_it_says_it_needs(method, chosen, hand):
    changed = {
        "retain": replace(hand, rows=replace(hand.rows, X_r=1 + hand.rows.X_r)),
        "forget": replace(hand, rows=replace(hand.rows, X_f=1 + hand.rows.X_f)),
        "pretrained": replace(hand, pretrained=hand.golden),
        "golden": replace(hand, golden=hand.pretrained),
    }
    before = last(run(method, hand, **chosen))
    used = {part for part, other in changed.items() if not np.array_equal(before, last(run(method, other, **chosen)))}
    assert used - {"golden"} == method.needs
    assert ("golden" in used) == ("oracle" in chosen.values())


@pytest.mark.parametrize("method", NETWORK_METHODS.values(), ids=NETWORK_METHODS)
def test_a_method_says_what_it_is(method, hand):
    assert NETWORK_METHODS[method.key] is method
    assert all((method.label, method.formula, method.source))
    assert method.idea.endswith(".")
    for p in method.parameters:
        if isinstance(p, Option):
            assert set(method.labels) == set(p.options)
            with pytest.raises(ValueError, match=f"^{p.name} must be one of"):
                run(method, hand, **{p.name: "none of them"})
        else:
            assert p.low <= p.default <= p.high
            with pytest.raises(ValueError, match=f"^{p.name} must be between"):
                run(method, hand, **{p.name: 2 * p.high + 1})
    with pytest.raises(ValueError, match=f"^{method.key} must be given .* got patience: leave it out"):
        run(method, hand, patience=1)


def test_inverse_ce_ft_at_a_rate_times_alpha_takes_the_steps_of_ce_ft(hand):
    exact = replace(
        hand,
        rows=replace(hand.rows, X_r=hand.rows.X_r.astype(float), X_f=hand.rows.X_f.astype(float)),
        pretrained=hand.pretrained.astype(float),
    )
    ways = (run(NETWORK_METHODS["ce_ft"], exact), run(NETWORK_METHODS["inverse_ce_ft"], exact, rate="scaled"))
    for one, other in zip(*ways, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=SAME_PATH)
    assert not np.allclose(one, last(run(NETWORK_METHODS["inverse_ce_ft"], exact, rate="same")))


def test_the_projection_is_on_the_slopes_of_the_outputs():
    X, at = rng(1).standard_normal((2, 4)), rng(4).standard_normal(SMALL.count)
    steps = DIFFERENCE * np.eye(SMALL.count)
    slopes = np.stack(
        [
            ((Network(SMALL, at + s).logits(X) - Network(SMALL, at - s).logits(X)) / (2 * DIFFERENCE)).ravel()
            for s in steps
        ],
        axis=1,
    )
    wanted = slopes.T @ np.linalg.lstsq(slopes.T, at, rcond=None)[0]
    np.testing.assert_allclose(project(Network(SMALL, at), X), wanted, rtol=0, atol=PROJECTED)


# the measures


def test_the_measures_are_those_counted_by_hand(hand):
    rows = hand.rows
    found = measure_network(rows, hand.pretrained, hand.golden, seconds=0.5)
    outputs, ideal = {}, {}
    for part in "rfts":
        X = getattr(rows, f"X_{part}")
        outputs[part], ideal[part] = (Network(rows.shape, w).probabilities(X) for w in (hand.pretrained, hand.golden))

    def right(part, labels):
        return 100 * sum(p.argmax() == label for p, label in zip(outputs[part], labels, strict=True)) / len(labels)

    losses = {
        part: [-np.log(p[k]) for p, k in zip(outputs[part], getattr(rows, f"y_{part}"), strict=True)] for part in "rfts"
    }
    pairs = [(a < b) + (a == b) / 2 for a in losses["f"] for b in losses["s"]]
    gaps = [np.abs(p - q).sum() / 2 for p, q in zip(outputs["f"], ideal["f"], strict=True)]
    assert found.UA == pytest.approx(100 - right("f", rows.y_f))
    assert found.RA == pytest.approx(right("r", rows.y_r))
    assert found.TA == pytest.approx(right("t", rows.y_t))
    assert found.UL == pytest.approx(np.mean(losses["f"]), rel=1e-4)
    assert found.attack_auc == pytest.approx(np.mean(pairs), abs=2 / len(pairs))  # float32 may turn a near tie
    assert found.gap_forget == pytest.approx(np.mean(gaps), rel=1e-4)
    assert found.agree == pytest.approx(
        100 * np.mean([p.argmax() == q.argmax() for p, q in zip(outputs["f"], ideal["f"], strict=True)])
    )
    assert found.seconds == 0.5
    golden = measure_network(rows, hand.golden, hand.golden)
    assert (golden.gap_forget, golden.gap_test, golden.agree) == (0, 0, 100)
    assert set(MEASURED) == set(vars(found))


def test_the_threshold_is_the_one_that_separates_best():
    for seed in range(20):
        retain, test, forget = (rng((seed, k)).integers(0, 9, 12).astype(float) for k in range(3))
        at = max(sorted({*retain, *test}), key=lambda t: (retain <= t).sum() + (test > t).sum())
        assert called_unseen(retain, test, forget) == 100 * (forget > at).mean()
