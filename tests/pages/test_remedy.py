import pytest

from tests.pages.reading import charts, is_sound, plain, spec_of, words
from tests.ui.cases import bars_of, fitted, models_of, traces
from theory import Spec, compare
from ui.figures.style import REMEDIES
from ui.lessons.remedy import sentences as remedy


def bars(at):
    (found,) = [bars_of(t) for chart, _ in charts(at) for t in chart["data"] if t["type"] == "bar"]
    return found


def test_the_bars_are_theorys_numbers(open_app):
    at = open_app("remedy", noise=0.5, d=40, n_retain=12, n_forget=7)
    is_sound(at)
    for record in compare(spec_of(at, "remedy"), remedy.CAST_KEYS[1:]):
        for what in ("distance", "unlearning_loss", "remaining_loss"):
            assert bars(at)[record.key, what] == getattr(record, what)


@pytest.mark.parametrize("name", ["Option A", "Option B", "Projection"])
@pytest.mark.parametrize("against", ["Overlap", "Fine-tuning rows"])
@pytest.mark.parametrize("rotate", ["true", "false"])
def test_its_own_controls_come_from_the_address(open_app, name, against, rotate):
    at = open_app("remedy", erase=name, against=against, rotate=rotate, d=40, n_retain=12, n_forget=7, noise=0.5)
    is_sound(at)
    assert not at.warning
    assert any(f"{name}: erased, then fine-tuned" in alt for _, alt in charts(at))
    said = " ".join(words(at))
    assert ("With mixed features" in said) == (rotate == "true")
    assert ("The pretrained model's remaining loss is" in said) == (against == "Fine-tuning rows")


@pytest.mark.parametrize(("key", "text"), [("erase", "Option C"), ("rotate", "yes"), ("against", "")])
def test_what_its_controls_cannot_be_is_refused_with_a_note(open_app, key, text):
    at = open_app("remedy", **{key: text})
    is_sound(at)
    (note,) = at.warning
    assert f"(`{key}`) in the address" in note.value


@pytest.mark.parametrize(
    "setting", [{"d": 2, "n_retain": 1, "n_forget": 1}, {"d": 2000, "n_retain": 500, "n_forget": 500, "noise": 5}]
)
@pytest.mark.parametrize("own", [{"rotate": "true", "erase": "Option B"}, {"against": "Fine-tuning rows"}])
def test_it_is_sound_at_the_ends_with_its_own_controls_moved(open_app, setting, own):
    is_sound(open_app("remedy", **setting, **own))


def drawn_models(at):
    return {model for chart, _ in charts(at) for model in models_of(chart)}


def test_the_answer_waits_for_the_guess(open_app):
    at = open_app("remedy", guess=True)
    is_sound(at)
    assert not drawn_models(at) & {"fine_tune", *REMEDIES}
    assert not any("Why is Option A" in text for text in words(at))
    choice = at.segmented_control(key="guess_remedy")
    choice.set_value("part").run()
    is_sound(at)
    assert plain(at.info[0].value).startswith("You guessed “Less than golden's”, and so it is.")
    assert drawn_models(at) >= {"fine_tune", *REMEDIES}


def test_a_case_to_try_sets_its_own_controls(open_app):
    at = open_app("remedy", preset="b_breaks")
    is_sound(at)
    assert spec_of(at, "remedy") == Spec(n_tune=10)
    (rows,) = [
        c for c, _ in charts(at) if traces(c, model="drop_overlap", reading="remaining_loss") and len(c["data"]) == 6
    ]
    assert rows["layout"]["shapes"][0]["x0"] == 10
    problem, _, _ = fitted(Spec(n_tune=10))
    assert bars(at)["drop_overlap", "remaining_loss"] > 1e-3
    assert bars(at)["keep_overlap", "remaining_loss"] < 1e-20
    assert problem.spec.tune_rows == 10
