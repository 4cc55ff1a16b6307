"""An experiment as one address parameter: what it holds, and what is refused."""

import pytest

from theory import Spec
from ui.lessons import BY_STEM
from ui.plot.controls import CONTROLS, chosen, read_spec_text, refusal, spec_text

SPEC = Spec(d=40, overlap=0.35, n_retain=30, n_forget=7, n_tune=5, noise=0.55, seed=9)
OWN = BY_STEM["regularize"].controls
PUSH = {"alpha": "1", "target": "Opposite labels", "mu": "0.1"}


def test_a_spec_is_read_back_with_what_the_page_sets_itself():
    shared = {c.key: getattr(SPEC, c.key) for c in CONTROLS}
    assert read_spec_text(spec_text(SPEC)) == shared
    assert read_spec_text(spec_text(SPEC), OWN) == shared
    own = {"alpha": 1.0, "target": "Opposite labels", "mu": 0.1}
    assert read_spec_text(spec_text(SPEC, PUSH), OWN) == {**shared, **own}
    assert read_spec_text(spec_text(SPEC, {"mu": "0.1"}), OWN) == {**shared, "mu": 0.1}


@pytest.mark.parametrize(
    "own", [{"alpha": "0.4"}, {"target": "Nothing"}, {"noise": "9"}, {"step": "1"}, {"alpha": "1", "x": "1"}]
)
def test_settings_the_page_does_not_have_are_refused(own):
    assert read_spec_text(spec_text(SPEC, own), OWN) is None


def test_the_pages_settings_alone_are_no_experiment():
    assert read_spec_text(",".join(f"{k}:{v}" for k, v in PUSH.items()), OWN) is None
    assert read_spec_text(spec_text(SPEC, PUSH)) is None


@pytest.mark.parametrize("page", BY_STEM.values(), ids=lambda page: page.stem)
def test_every_value_of_every_control_is_read_back_from_its_text(page):
    for control in (*CONTROLS, *page.controls):
        values = getattr(control, "values", None) or list(getattr(control, "options", ())) or [control.default]
        for value in values:
            text = control.shown(value)
            assert refusal(control, [text]) is None
            assert chosen(control, text) == value
            assert type(chosen(control, text)) is type(value)
