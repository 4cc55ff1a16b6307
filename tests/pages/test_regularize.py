import pytest

from tests.pages.reading import charts, is_sound, plain, words
from tests.ui.cases import the_trace, traces
from theory import Spec, compare, draw, meeting, trade_off, weighing
from ui.lessons import BY_STEM
from ui.lessons.regularize import attack
from ui.lessons.regularize import sentences as say
from ui.lessons.regularize.text import ALPHAS

PAGE = BY_STEM["regularize"]


def own(at):
    """The page's own controls, by key."""
    (target,) = [control for control in at.segmented_control if control.key == "target"]
    return {key: at.select_slider(key=key).value for key in ("alpha", "mu")} | {"target": target.value}


def situation(spec, alpha, target, mu):
    curve = trade_off(draw(spec), ALPHAS, target, mu)
    records = {r.key: r for r in compare(spec, say.KEYS, alpha=alpha, target=target, mu=mu)}
    return curve, meeting(draw(spec), ALPHAS, target, mu), records


TARGETS = next(control for control in PAGE.controls if control.key == "target")


def shows(at, spec, alpha, target, mu):
    """Assert that the page says and draws what theory computes."""
    curve, met, records = situation(spec, alpha, target, mu)
    said = words(at)
    assert any(
        say.push(spec, alpha, curve, records, target == "shuffled" and spec.n_forget == 1) in text for text in said
    )
    free, held = (weighing(draw(spec), target, price) for price in (0.0, mu))
    assert any(say.weight(mu, curve, free, held) in text for text in said)
    assert any(say.hurts(curve, records["pretrained"]) in text for text in said)
    assert any(say.equal_error(met, curve, records["pretrained"]) in text for text in said)
    assert any(attack.attack(records, spec.n_forget) in text for text in said)
    push, trade, errors = (chart for chart, _ in charts(at))
    mark = the_trace(push, model=say.PUSHED, at="no push, current alpha", loss="unlearning_loss")
    assert mark["y"][-1] == pytest.approx(records[say.PUSHED].unlearning_loss, rel=1e-6, abs=1e-16)
    assert len(trade["frames"]) == len(ALPHAS)
    assert tuple(the_trace(errors, rows="fresh")["meta"]["lanes"]) == attack.ATTACKED


def test_the_page_opens_at_its_usual_setting(open_app):
    at = open_app("regularize")
    is_sound(at)
    assert own(at) == {"alpha": 0.1, "mu": 0.1, "target": "Shuffled labels"}
    shows(at, Spec(), 0.1, "shuffled", 0.1)


@pytest.mark.parametrize("target", TARGETS.options)
def test_the_address_sets_the_pages_own_controls(open_app, target):
    at = open_app("regularize", alpha="0.015", mu="0.01", target=target, noise=0.5, n_forget=9)
    is_sound(at)
    assert not at.warning
    assert own(at) == {"alpha": 0.015, "mu": 0.01, "target": target}
    shows(at, Spec(noise=0.5, n_forget=9), 0.015, TARGETS.options[target], 0.01)


@pytest.mark.parametrize("alpha", [0.0, 100.0])
@pytest.mark.parametrize("mu", [0.0, 10.0])
@pytest.mark.parametrize(
    "shared", [{"d": 2, "n_retain": 1, "n_forget": 1}, {"d": 40, "n_retain": 90, "noise": 5}], ids=str
)
def test_the_page_is_sound_at_the_ends_of_its_own_ranges(open_app, alpha, mu, shared):
    at = open_app("regularize", alpha=f"{alpha:g}", mu=f"{mu:g}", **shared)
    is_sound(at)
    assert not at.warning
    shows(at, Spec(**shared), alpha, "shuffled", mu)


def test_what_no_own_control_can_be_is_refused_with_a_note(open_app):
    at = open_app("regularize", alpha="0.11", mu="-1", target="Wrong")
    is_sound(at)
    assert len(at.warning) == 3
    assert own(at) == {"alpha": 0.1, "mu": 0.1, "target": "Shuffled labels"}


@pytest.mark.parametrize("preset", PAGE.presets, ids=lambda p: p.key)
def test_a_case_to_try_sets_the_pages_own_controls(open_app, preset):
    at = open_app("regularize", preset=preset.key)
    is_sound(at)
    wanted = {"alpha": 0.1, "mu": 0.1, "target": "Shuffled labels"} | dict(preset.values)
    assert own(at) == {key: wanted[key] for key in ("alpha", "mu", "target")}


@pytest.mark.parametrize("guess", [*PAGE.prediction.options, None])
def test_the_answer_waits_for_the_guess(open_app, guess):
    at = open_app("regularize", guess=True)
    is_sound(at)
    (push,) = (chart for chart, _ in charts(at))
    assert not traces(push, distance="distance", model=say.PUSHED)
    curve, met, records = situation(Spec(), 0.1, "shuffled", 0.1)
    answer = say.equal_error(met, curve, records["pretrained"])
    assert not any(answer in text for text in words(at))
    if guess is None:
        (show,) = [button for button in at.button if button.label == "Just show me"]
        show.click().run()
        assert not at.info
    else:
        at.segmented_control(key="guess_regularize").set_value(guess).run()
        (verdict,) = at.info
        assert plain(verdict.value) == say.verdict(
            PAGE.prediction.options, guess, lambda: met, curve, records["pretrained"]
        )
    is_sound(at)
    shows(at, Spec(), 0.1, "shuffled", 0.1)
