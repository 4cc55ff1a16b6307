"""From an address to a View: every control comes back as it was set, and what is refused says why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.cases import Translations
from theory import Refusal, Spec
from ui.language import CATALOGUES, Catalogue
from ui.lessons import LESSONS
from ui.lessons.lesson import STORY, Page
from ui.plot.controls import CONTROLS, Choice, Scale, Scrub, Slider, Switch, Whole
from ui.plot.real_rows import ROWS, SHARED
from ui.plot.view import THEMES, controls_of, read_view, view_of

# A page with a control of every kind.
TOY = Page(
    stem="toy",
    title="Toy",
    question="?",
    group=STORY,
    claims=("I1",),
    fixed={"overlap": 0.25},
    controls=(
        Scale(key="alpha", label="Alpha", values=(0.0, 0.1, 1.0), usual=0.1, help=""),
        Scrub(key="step", label="Step", values=(0, 1, 10), usual=1, help=""),
        Choice(key="target", label="Target", options={"Zero": "zero", "Shuffled": "shuffled"}, help=""),
        Switch(key="turned", label="Turned", help=""),
        Whole(key="cell", label="Cell", low=0, high=24),
    ),
)
PAGES = {**{stem: lesson.page for stem, lesson in LESSONS.items()}, TOY.stem: TOY}
PAGE = PAGES["overlap"]


def possible(control):
    """Some values a control can have."""
    match control:
        case Slider(low=int()):
            return st.integers(control.low, control.high)
        case Slider():
            return st.integers(0, round((control.high - control.low) / control.step)).map(
                lambda k: float(control.shown(round(control.low + k * control.step, 9)))
            )
        case Scale():
            return st.sampled_from(control.values)
        case Choice():
            return st.sampled_from(list(control.options))
        case Switch():
            return st.booleans()
        case Whole():
            return st.integers(control.low, control.high)


def written(page, values):
    """The values of a page's controls as an address says them."""
    return {c.key: [c.shown(values[c.key])] for c in controls_of(page)}


def usual(page):
    return {c.key: c.default for c in controls_of(page)}


def why(page, **params):
    """The sentence with which an address is refused."""
    with pytest.raises(Refusal) as refused:
        read_view(page, params)
    return str(refused.value)


@pytest.mark.parametrize("row", PAGES.values(), ids=PAGES)
@given(data=st.data())
@settings(max_examples=20)
def test_what_an_address_says_of_every_control_is_what_the_view_holds(row, data):
    values = data.draw(st.fixed_dictionaries({c.key: possible(c) for c in controls_of(row)}))
    if row.experiment:
        values["n_tune"] = min(values["n_tune"], values["n_retain"], 150)
    real = values.get("rows", ROWS.default) != ROWS.default
    how = {"told": data.draw(st.booleans()), "lecture": data.draw(st.booleans()), "moving": data.draw(st.booleans())}
    theme = data.draw(st.sampled_from(THEMES))
    found = read_view(
        row, {**written(row, values), **{k: [str(int(v))] for k, v in how.items()}, "theme": [theme], "lang": ["en"]}
    )
    assert found == view_of(row, values, theme=theme, **how)
    assert hash(found) == hash(view_of(row, values, theme=theme, **how))
    for control in CONTROLS if row.experiment else ():
        wanted = row.fixed.get(control.key, values[control.key])
        if not real or control.key in SHARED:
            assert getattr(found.data, control.key) == (wanted or None if control.key == "n_tune" else wanted)
    assert (found.rows is not None) == real
    for control in row.controls:
        value = values[control.key]
        assert found[control.key] == (control.options[value] if isinstance(control, Choice) else value)


@pytest.mark.parametrize("row", PAGES.values(), ids=PAGES)
def test_an_address_that_says_nothing_asks_for_the_usual(row):
    found = read_view(row, {})
    assert found == view_of(row, usual(row))
    assert found.spec == Spec(
        **{key: (value or None) if key == "n_tune" else value for key, value in row.fixed.items()}
    )
    assert found.told
    assert found.hidden == frozenset()
    assert (found.theme, found.language, found.lecture, found.moving) == ("light", "en", False, False)


def test_what_is_not_told_hides_the_fine_tuned_model():
    assert read_view(PAGE, {"told": ["0"]}).hidden == {"fine_tune"}


def test_different_addresses_are_different_views():
    asked = [{}, {"d": ["9"]}, {"told": ["0"]}, {"theme": ["dark"]}, {"lecture": ["1"]}, {"moving": ["1"]}]
    assert len({read_view(PAGE, params) for params in asked}) == len(asked)
    assert (
        read_view(PAGE, {"noise": [".5"]})
        == read_view(PAGE, {"noise": ["0.50"]})
        == read_view(PAGE, {"noise": ["5e-1"]})
    )


def test_an_option_is_read_in_every_language(monkeypatch):
    monkeypatch.setitem(CATALOGUES, "de", Catalogue("de", Translations({"Shuffled": "Gemischt"})))
    assert read_view(TOY, {"target": ["Gemischt"]})["target"] == "shuffled"
    assert read_view(TOY, {"lang": ["de"]}).language == "de"


# What is refused: the sentence names the parameter, the rule, the value and the way out.


@pytest.mark.parametrize(
    ("name", "texts", "parts"),
    [
        ("d", ["many"], ["(d)", "whole number", "'many'", "correct the address"]),
        ("d", ["2001"], ["(d)", "outside 2 to 2000", "'2001'", "move its control"]),
        ("d", ["7", "8"], ["(d)", "more than once", "'7, 8'"]),
        ("d", [""], ["(d)", "whole number", "''"]),
        ("noise", ["1e-9"], ["(noise)", "too close to 0"]),
        ("overlap", ["nan"], ["(overlap)", "not a number"]),
        ("told", ["2"], ["told must be one of 0, 1", "'2'", "leave it out"]),
        ("told", ["0", "1"], ["told must be one of 0, 1", "'0, 1'"]),
        ("theme", ["blue"], ["theme must be one of light, dark", "'blue'"]),
        ("lang", ["tlh"], ["lang must be one of en", "'tlh'"]),
        ("utm_source", ["x"], ["'utm_source'", "no parameter", "'x'", "leave it out"]),
        ("alpha", ["1"], ["'alpha'", "no parameter"]),  # another page's
        ("preset", ["crowded"], ["'preset'", "no parameter"]),
        ("n_tune", ["51"], ["n_tune must be", "51"]),  # more than there are: they do not fit together
    ],
)
def test_a_refusal_names_the_parameter_the_rule_the_value_and_the_way_out(name, texts, parts):
    said = why(PAGE, **{name: texts})
    assert [part for part in parts if part not in said] == []


@given(name=st.text(max_size=300), texts=st.lists(st.text(max_size=300), min_size=1, max_size=3))
def test_whatever_an_address_says_is_a_view_or_a_short_refusal(name, texts):
    said = ""
    try:
        read_view(PAGE, {name: texts})
    except Refusal as refused:
        said = str(refused)
    assert len(said) < 800


@pytest.mark.parametrize("row", PAGES.values(), ids=PAGES)
def test_every_control_refuses_what_it_cannot_be(row):
    for control in controls_of(row):
        for text in ("<script>alert(1)</script>", "9" * 400, "٣٤", "\x00", "", "1e400"):
            assert control.key in why(row, **{control.key: [text]})
