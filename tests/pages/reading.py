"""How the page tests read a page: its words, its controls and its charts."""

import json

import numpy as np

from tests.ui.cases import LOSSES, UNTOUCHED, blocks_of, drawn, fitted
from theory import Spec
from ui.language.words import FLOOR
from ui.lessons import BY_STEM, LESSONS
from ui.plot.controls import CONTROLS
from ui.plot.route import picture
from ui.plot.view import controls_of, read_view
from ui.teaching.quiz_pictures import QUIZ

# Who draws the pictures of a page.
DRAWN = {**LESSONS, QUIZ.page.stem: QUIZ}
_TEXTS = ("title", "subheader", "markdown", "caption", "warning", "error", "info", "success")


def told(at, name="picture"):
    """What the browser is told of every element of our own with this name."""
    return [json.loads(e.proto.json) for e in at.get("bidi_component") if e.proto.component_name == name]


def settings(at, element):
    """The settings that a browser's address says for an element of a page, by key: those of its controls."""
    names = [c for c in controls_of(DRAWN[element["page"]].page) if c.key in element["names"]]
    held = {c.key: at.session_state[c.key] for c in names if c.key in at.session_state}
    said = {c.key: c.shown(held[c.key]) for c in names if held.get(c.key) is not None}
    return {**{c.key: at.query_params[c.key][-1] for c in names if c.key in at.query_params}, **said}


def view_of(at, element):
    """What an element is told to show: the View that the route reads from the address the browser would ask for."""
    asked = {**settings(at, element), **element["state"]}
    return read_view(DRAWN[element["page"]].page, {name: [text] for name, text in asked.items()})


def pictures(at):
    """The pictures of a page, as the route answers for what its elements are told."""
    return [picture(DRAWN[e["page"]], e["key"], view_of(at, e)) for e in told(at)]


def plain(text):
    """A text as it was written, before its numbers were tied to their signs."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def words(at):
    """Everything a page says, the names and captions of its pictures included."""
    said = [plain(element.value) for kind in _TEXTS for element in getattr(at, kind)]
    shown = [plain(text) for found in pictures(at) for text in (found.alt, found.caption) if text]
    return [*said, *shown, *(s.label for s in at.slider)]


def headings(at):
    """The headings of a page's parts: those that are elements of their own, then those that are lines of a text."""
    lines = [line for element in at.markdown for line in element.value.split("\n")]
    return [*(h.value for h in at.subheader), *(line[4:] for line in lines if line.startswith("### "))]


def buttons(at):
    """The buttons of a page by key."""
    return {button.key: button for button in at.button}


def values(at):
    """The shared controls' values by key."""
    return {c.key: at.session_state[c.key] for c in CONTROLS}  # on real rows most of them are not drawn


def spec_of(at, stem):
    """The Spec a page stands for: its controls, and what it holds fixed."""
    found = {**values(at), **BY_STEM[stem].fixed}
    return Spec(**{**found, "n_tune": found["n_tune"] or None})


def charts(at):
    """The charts of a page as the browser gets them, with their accessible names."""
    return [(drawn(found.figure), found.alt) for found in pictures(at)]


def is_sound(at):
    """Assert that a page ran through, and that every chart has a name with numbers in it."""
    assert not at.exception
    assert not at.error
    found = pictures(at)
    assert found
    for alt in (shown.alt for shown in found):
        assert any(character.isdigit() for character in alt)
        assert len(alt) > 40  # a sentence, not a title
        assert alt.endswith(".")


def shows_theorys_numbers(at, spec):
    """Assert that whatever the charts say of the models is what theory computes for a Spec."""
    problem, weights, records = fitted(spec)
    for chart, _ in charts(at):
        compared = 0
        for trace in chart["data"]:
            meta = trace["meta"]
            if "value" in meta:
                value = getattr(records[meta["model"]], meta["loss"])
                assert meta["value"] == value
                assert trace["x"][1] == max(value, FLOOR)
            elif "marks" in meta:
                loss = LOSSES[trace.get("yaxis", "y") == "y"]
                assert list(trace["y"]) == [getattr(records[model], loss) for model in meta["marks"]]
            elif "block" in meta:
                for model, heights in blocks_of(trace).items():
                    own = weights[model][getattr(problem.blocks, meta["block"])]
                    np.testing.assert_allclose(heights, own, **UNTOUCHED)
            elif trace["type"] == "bar":
                golden = np.abs(problem.X_f @ weights["golden"] - problem.y_f)
                np.testing.assert_allclose(trace["y"], golden, **UNTOUCHED)
            else:
                continue
            compared += 1
        assert compared
