import itertools

import numpy as np
import pytest

from tests.pages.reading import charts, headings, is_sound, plain, spec_of, words
from tests.ui.cases import UNTOUCHED, the_trace
from theory import Spec
from ui.lessons import BY_STEM
from ui.lessons.dynamics import results as dynamics_results
from ui.lessons.dynamics import sentences as say
from ui.lessons.dynamics.text import STEP

STEM = "dynamics"
PAGE = BY_STEM[STEM]
CONTROLS = {c.key: c for c in PAGE.controls}
START, OBJECTIVE = CONTROLS["start"].options, CONTROLS["objective"].options
OWN = {"start": "Zero", "objective": "Plus shuffled labels", "step_size": 0.8, "decay": 0.01, "step": 100}
REFUSED = {"start": "Golden", "objective": "", "step_size": "2", "decay": "0.5", "step": "7.5"}


def options_of(at):
    chosen = {c.key: at.segmented_control(key=c.key).value for c in PAGE.controls if c.key in ("start", "objective")}
    return {**chosen, **{key: at.select_slider(key=key).value for key in ("step_size", "decay")}}


def modes_of(at):
    own = options_of(at)
    objective = OBJECTIVE[own["objective"]]
    return dynamics_results.modes(
        spec_of(at, STEM), START[own["start"]], own["step_size"], own["decay"], objective
    ), objective


def check(at):
    """The page says and draws what theory computes for what its controls say."""
    is_sound(at)
    modes, objective = modes_of(at)
    spec, start = spec_of(at, STEM), START[options_of(at)["start"]]
    said, own = words(at), options_of(at)
    alts = {say.describe_clocks(modes), say.describe_pace(modes)}
    texts = [say.run(modes, spec, start, objective), say.pace(modes)]
    if objective == "retain" and own["step_size"] <= 1:
        found = dynamics_results.cost(spec, start, own["step_size"], own["decay"])
        alts.add(say.describe_cost(found))
        texts.append(say.cost(found, spec, own["decay"]))
    for text in texts:
        assert text in said
    assert {alt for _, alt in charts(at)} == alts
    clocks = charts(at)[0][0]
    curve = the_trace(clocks, curve="unlearning_loss")
    np.testing.assert_allclose([y for _, y in curve["customdata"]], modes.unlearning_loss, **UNTOUCHED)
    assert len(clocks["frames"]) == len(STEP.values)
    return modes, objective


def test_at_the_defaults_weight_decay_empties_what_only_the_forget_rows_use(open_app):
    at = open_app(STEM)
    modes, _ = check(at)
    assert say.outcomes(modes) == {"gone"}
    assert any("**weight decay** multiplies" in text for text in words(at))
    assert headings(at)[:2] == ["Would larger steps help?", "What weight decay costs"]
    assert "The mathematics" in headings(at)


def test_the_controls_stand_in_the_address(open_app):
    at = open_app(STEM, **OWN)
    assert not at.warning
    assert options_of(at) == {key: value for key, value in OWN.items() if key != "step"}
    assert at.session_state["step"] == OWN["step"]
    check(at)


def test_what_no_control_can_be_is_refused_with_a_note(open_app):
    at = open_app(STEM, **REFUSED)
    assert options_of(at) == {"start": "Pretrained", "objective": "Rows to keep", "step_size": 0.5, "decay": 0.001}
    assert at.session_state["step"] == 0
    notes = [note.value for note in at.warning]
    for key in REFUSED:
        assert any(f"(`{key}`) in the address" in note for note in notes), key
    check(at)


@pytest.mark.parametrize(
    ("start", "step_size", "decay", "objective", "shared"),
    [
        (start, step_size, decay, objective, shared)
        for (start, objective), (step_size, decay, shared) in zip(
            itertools.product(START, OBJECTIVE),
            [
                (0.1, 1.0, {"d": 2, "n_retain": 1, "n_forget": 1}),
                (1.1, 0.0, {"d": 3, "n_retain": 1, "n_forget": 2, "noise": 5}),
                (1.0, 0.0, {"d": 300, "overlap": 0, "n_retain": 120}),
                (1.1, 1.0, {"d": 60, "overlap": 1, "n_retain": 200, "n_tune": 20, "noise": 0.5}),
                (0.5, 1e-4, {"d": 60, "overlap": 1, "n_retain": 200, "noise": 0.5}),
                (1.1, 0.1, {"d": 40, "n_forget": 1, "n_tune": 1}),
            ],
            strict=True,
        )
    ],
)
def test_the_page_is_right_at_the_corners_of_its_controls(open_app, start, step_size, decay, objective, shared):
    check(open_app(STEM, start=start, step_size=step_size, decay=decay, objective=objective, **shared))


def test_moving_a_control_moves_the_run(open_app):
    at = open_app(STEM, d=40)
    seen = [check(at)[0].distance.tolist()]
    at.segmented_control(key="start").set_value("Ridge").run()
    seen.append(check(at)[0].distance.tolist())
    at.select_slider(key="decay").set_value(0.01).run()
    seen.append(check(at)[0].distance.tolist())
    at.select_slider(key="step_size").set_value(0.9).run()
    seen.append(check(at)[0].distance.tolist())
    at.segmented_control(key="objective").set_value("Plus shuffled labels").run()
    seen.append(check(at)[0].distance.tolist())
    assert all(a != b for a, b in itertools.combinations(seen, 2))


@pytest.mark.parametrize("preset", PAGE.presets, ids=lambda preset: preset.key)
def test_a_case_to_try_sets_the_pages_own_controls(open_app, preset):
    at = open_app(STEM, preset=preset.key)
    assert not at.warning
    for key, value in preset.values.items():
        assert at.session_state[key] == value
    if "rows" in preset.values:  # read beside the draws in the audit
        is_sound(at)
        return
    modes, _ = check(at)
    wanted = {
        "plain_training": not modes.distances[0].any() and modes.leftover[0] > 0,
        "decay_costs": 0.25 < modes.remaining_loss[-1] < 0.4,
        "too_large": modes.grows and say.outcomes(modes) == {"same"},
        "stop_early": 0 < modes.distance.argmin() < len(modes.steps) - 1,
        "slow_clock": not modes.done[-1].all(),
    }
    assert wanted[preset.key]


def test_the_answer_waits_for_the_guess(open_app):
    at = open_app(STEM, guess=True)
    is_sound(at)
    modes, objective = modes_of(at)
    assert any("Guess first." in text for text in words(at))
    assert say.run(modes, spec_of(at, STEM), "pretrained", objective) not in words(at)
    assert not any(chart.get("frames") for chart, _ in charts(at))
    assert "100,000" not in " ".join(alt for _, alt in charts(at))
    assert "The mathematics" not in headings(at)
    at.segmented_control(key=f"guess_{STEM}").set_value("same").run()
    check(at)
    (verdict,) = at.info
    assert plain(verdict.value) == say.verdict(PAGE.prediction.options, "same", modes, objective)
    assert "the answer is “It goes to zero”" in plain(verdict.value)


def test_the_guess_can_be_skipped(open_app):
    at = open_app(STEM, guess=True)
    (show,) = [button for button in at.button if button.label == "Just show me"]
    show.click().run()
    check(at)
    assert not at.info


def test_every_guess_is_judged_by_the_numbers_of_the_setting(open_app):
    for own, right in (
        ({}, "gone"),
        ({"decay": 0}, "same"),
        ({"objective": "Plus shuffled labels", "decay": 0}, "larger"),
    ):
        at = open_app(STEM, guess=True, **own)
        at.segmented_control(key=f"guess_{STEM}").set_value(right).run()
        assert "and so it is" in plain(at.info[0].value)


def test_the_usual_setting_is_cheap():
    assert dynamics_results.modes(Spec()).weights.size == 0
