"""The cases to try: each a link, and a click that sets the page's controls to the same."""

import json
from urllib.parse import parse_qs

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from tests.pages.reading import is_sound, shows_theorys_numbers, spec_of, values
from tests.pages.test_forged import LONG, message
from tests.pages.test_pages import DEFAULTS, THREE
from ui.lessons import BY_STEM, EXPERIMENTS
from ui.plot.controls import CONTROLS

USUAL = DEFAULTS | {"seed": 7}


def listed(at):
    """The element that lists the cases."""
    (found,) = [e.proto for e in at.get("bidi_component") if e.proto.component_name == "presets"]
    return found


def click(at, key):
    """Click a case, as the browser would tell."""
    told = json.dumps({"event": "case", "value": key})
    name = f"$$STREAMLIT_INTERNAL_KEY_{listed(at).id}__events"
    return at._run(WidgetStates(widgets=[message(name, "json_trigger_value", told)]))


def settings(at, page):
    return {c.key: at.session_state[c.key] for c in (*CONTROLS, *page.controls)}


@pytest.mark.parametrize("row", EXPERIMENTS, ids=lambda row: row.stem)
def test_a_click_sets_what_the_link_sets(open_app, row):
    for preset in row.presets:
        at = open_app(row.stem, seed=7)
        told = {case["key"]: case for case in json.loads(listed(at).json)}
        assert list(told) == [p.key for p in row.presets]
        assert (told[preset.key]["title"], told[preset.key]["question"]) == (preset.title, preset.question)
        query = parse_qs(told[preset.key]["address"].removeprefix("?"))
        assert query == {"preset": [preset.key], "guess": ["0"]}
        click(at, preset.key)
        is_sound(at)
        linked = open_app(row.stem, preset=preset.key, seed=7)
        is_sound(linked)
        assert not linked.warning
        assert settings(at, row) == settings(linked, row)
        assert "preset" not in at.query_params
        assert values(linked) == USUAL | {key: value for key, value in preset.values.items() if key in USUAL}
        for key, value in preset.values.items():
            assert settings(at, row)[key] == value
        if row.stem in THREE:
            shows_theorys_numbers(linked, spec_of(linked, row.stem))


def test_a_link_to_a_case_keeps_what_the_address_hides_and_no_nonsense(open_app):
    at = open_app("overlap", guess=True, address={"hide": "seed,nothing", "guess": "<script>"})
    for case in json.loads(listed(at).json):
        assert parse_qs(case["address"].removeprefix("?")) == {"preset": [case["key"]], "hide": ["seed"]}


def test_a_forged_click_changes_nothing(open_app):
    page = BY_STEM["overlap"]
    elsewhere = next(p.key for p in BY_STEM["remedy"].presets if p.key not in {q.key for q in page.presets})
    at = open_app(page.stem)
    before = settings(at, page)
    for forged in (elsewhere, LONG, "<script>", "", 7, None, [], {"a": 1}, float("nan")):
        click(at, forged)
        is_sound(at)
        assert settings(at, page) == before
        assert "preset" not in at.query_params
