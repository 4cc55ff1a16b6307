"""The page lineup in the hands of a reader: a row is picked, a number asked for, a model accused, a deletion timed."""

import json

import pytest

from tests.pages.reading import buttons, is_sound, pictures, words
from tests.pages.test_forged import message, send, widgets
from theory import METHODS, Spec, draw, suspects
from ui.language.words import number
from ui.lessons.lineup.text import MEASURES, NAMES, YOUR_OWN

HERE = {"d": 40, "n_retain": 12, "n_forget": 8, "noise": 0.5}
SPEC = Spec(**HERE)


def test_a_click_on_a_row_of_the_board_chooses_its_method_or_none(open_app):
    at = open_app("lineup", **HERE)
    is_sound(at)
    (name,) = [name for name in widgets(at._tree) if name.endswith("-board")]
    keys = pictures(at)[0].figure.data[0]["meta"]["rows"]

    def click(value):
        told = json.dumps({"event": "picked", "value": value})
        send(at, [message(f"$$STREAMLIT_INTERNAL_KEY_{name}__events", "json_trigger_value", told)])
        assert not at.exception
        return at.selectbox(key="method").value

    assert click({"x": 0, "y": keys.index("newton"), "row": "newton"}) == "Newton step"
    assert any(METHODS["newton"].idea in text for text in words(at))
    # Golden is no choice, and what no board has is none.
    for forged in ({"row": "golden"}, {"row": "<b>"}, {"row": 7}, {"row": []}, {"y": 1}, {}, [], 7, None):
        assert click(forged) == "Newton step", forged


def test_the_suspects_are_asked_and_accused_by_buttons(open_app):
    at = open_app("lineup", **HERE)
    found = suspects(draw(SPEC))
    honest = NAMES[list(found.weights).index("golden")]
    buttons(at)["ask_new_rows"].click().run()
    is_sound(at)
    assert list(at.query_params["evidence"]) == [str(list(MEASURES).index("new_rows"))]
    buttons(at)[f"accuse_{honest}"].click().run()
    is_sound(at)
    said = [picture.caption for picture in pictures(at) if "is golden.**" in picture.caption]
    assert len(said) == 1
    assert said[0].startswith(f"**Right: {honest} is golden.**")


def test_the_suspects_wait_for_the_guess(open_app):
    at = open_app("lineup", guess=True, **HERE)
    assert "ask_new_rows" not in buttons(at)
    assert any("Guess first." in text for text in words(at))


def test_deletion_is_timed_when_it_is_asked(open_app, monkeypatch):
    from theory import deletion_timing
    from ui.lessons.lineup import asking

    at = open_app("lineup", **HERE)
    assert not [text for text in words(at) if "measured on this server" in text]
    small = deletion_timing(features=300, n_retain=20, n_forget=3)
    monkeypatch.setattr(asking, "deletion_timing", lambda: small)
    buttons(at)["delete"].click().run()
    (said,) = [text for text in words(at) if "measured on this server" in text]
    assert said.startswith("300 features, 23 rows, 3 of them deleted")
    times = small.retraining / small.deletion
    assert (f"**{number(times, 2)} times** as long" in said) == (times >= 1)


CHOICES = [method for method in METHODS.values() if method.key not in ("pretrained", "golden")]


@pytest.mark.parametrize("method", CHOICES, ids=[method.key for method in CHOICES])
def test_every_method_shows_its_words_and_its_controls(open_app, method):
    at = open_app("lineup", method=method.label, **HERE)
    is_sound(at)
    text = " ".join(words(at))
    assert method.idea in text
    assert method.at_interpolation in text
    shown = {w.key for kind in (at.slider, at.select_slider, at.segmented_control, at.selectbox) for w in kind}
    wanted = {f"{method.key}_{p.name}" for p in method.parameters if p.name != "ridge"}
    assert wanted <= shown
    assert [code.value for code in at.code] == [YOUR_OWN] or YOUR_OWN.strip() in [code.value for code in at.code]
