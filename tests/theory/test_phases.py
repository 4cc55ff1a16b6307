"""Phases: leaving rows out in closed form says what models fitted from scratch say, at every number of features."""

from dataclasses import replace

import numpy as np
import pytest

from theory.data import ClassProblem, Growth, Waves, load, phases, split

# Two roads to the same ratios, where the condition is up to 1e6 and is not squared.
SAME = 1e-8
ROWS, COUNTS = 200, (20, 120, 180, 190, 200, 300)
LENGTH = 2.5


def images():
    """Handwritten digits, few of which are trained on."""
    table = load("digits")
    return replace(table, source=replace(table.source, train=ROWS))


def rows(seed, count):
    table = images()
    waves = Waves.draw(table.X.shape[1], count, LENGTH, seed)
    return split(table, "random", seed=seed).trained, np.cos(table.X @ waves.A + waves.b)


def fitted(found, X):
    """moved, left and both accuracies of models that are fitted to the rows themselves."""
    problem = ClassProblem.of_split(found, X)
    w_o, w_g, w_t = problem.w_o, problem.w_g, problem.w_t
    taught = found.labels[len(found.keep) :]
    wrong = [100 * np.mean((problem.X_f @ w).argmax(axis=1) != taught) for w in (w_t, w_g)]
    size = np.linalg.norm
    return [size(w_t - w_o) / size(w_o), size(w_t - w_g) / size(w_o - w_g), *wrong]


@pytest.mark.parametrize("counts", [COUNTS, COUNTS[:2]], ids=["past the rows", "few"])
@pytest.mark.parametrize(("kind", "of"), [("class", 3), ("class", 8), ("random", None), ("wrong", None)])
def test_phases_are_those_of_models_fitted_from_scratch(kind, of, counts):
    seed = 5
    places, waves = rows(seed, counts[-1])
    # In whatever order the rows are.
    growth = Growth.of_waves(places[::-1], waves[places[::-1]], counts)
    found = split(images(), kind, of=of, seed=seed)
    for phase in phases(found, growth):
        here = [phase.moved, phase.left, phase.tuned_accuracy, phase.golden_accuracy]
        np.testing.assert_allclose(here, fitted(found, waves[:, : phase.features]), atol=SAME)
        # The identities: golden up to the rows to keep, nothing at all from all rows on.
        assert (phase.left <= SAME) == (phase.features <= len(found.keep))
        assert (phase.moved <= SAME) == (phase.features >= len(places))
    assert [phase.features for phase in phases(found, growth)] == list(counts)


def test_waves_that_depend_on_one_another_are_refused():
    waves = np.random.default_rng(0).normal(size=(6, 4))
    waves[:, 3] = 0.0
    with pytest.raises(np.linalg.LinAlgError, match="independent"):
        Growth.of_waves(np.arange(6), waves, (2, 4))
