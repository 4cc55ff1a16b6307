import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import CLAIMS, EXACT, Spec, claim_errors, draw, random_specs
from theory.survey import MOST_FEATURES, MOST_RANDOM_NOISE, MOST_RANDOM_ROWS

SPECS = random_specs(200, 0)
# Every kind is drawn with probability 1/3 or 1/2: of 200, fewer than this many would be a wonder.
MANY = 30


def test_the_settings_are_those_of_their_seed():
    assert random_specs(200, 0) == SPECS
    assert random_specs(40, 0) == SPECS[:40]
    assert random_specs(200, 1) != SPECS
    assert len(set(SPECS)) == len(SPECS)


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_the_settings_stay_in_their_ranges(seed):
    for spec in random_specs(20, seed):
        assert isinstance(spec, Spec)
        assert 2 <= spec.d <= MOST_FEATURES
        assert max(spec.n_retain, spec.n_forget) <= MOST_RANDOM_ROWS
        assert spec.noise <= MOST_RANDOM_NOISE


@pytest.mark.parametrize(
    "kind",
    [
        lambda s: s.overlap == 0,
        lambda s: s.overlap == 1,
        lambda s: 0 < s.d_overlap < s.d,
        lambda s: s.noise == 0,
        lambda s: s.noise > 0,
        lambda s: s.n_tune is None,
        lambda s: s.tune_rows < s.n_retain,
        lambda s: s.n_retain + s.n_forget < s.d / 2,
        lambda s: s.n_retain > s.d,
    ],
    ids=["distinct", "shared", "between", "silent", "noisy", "all tuned", "some tuned", "wide", "tall"],
)
def test_every_kind_of_setting_is_among_them(kind):
    assert sum(map(kind, SPECS)) >= MANY


@pytest.mark.parametrize("count", [0, -3])
def test_no_settings_at_all_are_refused(count):
    with pytest.raises(ValueError, match=f"count must be at least 1, got {count}: ask for"):
        random_specs(count, 0)


def test_every_claim_applies_somewhere_and_holds_everywhere_it_does():
    for key, errors in claim_errors(SPECS).items():
        met = errors[~np.isnan(errors)]
        assert met.size, key
        assert (met <= EXACT).all(), (key, SPECS[int(np.nanargmax(errors))])


def test_the_errors_are_those_of_the_checks_where_they_apply():
    errors = claim_errors(SPECS[:20])
    assert list(errors) == list(CLAIMS)
    for i, spec in enumerate(SPECS[:20]):
        problem = draw(spec)
        for key, claim in CLAIMS.items():
            if claim.applies(problem):
                assert errors[key][i] == claim.check(problem).error
            else:
                assert np.isnan(errors[key][i])
