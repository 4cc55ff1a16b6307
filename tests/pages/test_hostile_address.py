"""Whatever stands in the address: the page is drawn, and what it cannot be is refused in our own words."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.pages.reading import words
from theory import Spec
from ui.lessons import BY_STEM, PAGES
from ui.lessons.lesson import Page
from ui.page.links import ONLY
from ui.plot.controls import CONTROLS, Choice, Scale, Slider, chosen, possible, refusal
from ui.shell.address import NAMES

# What the code reads from the address beside the controls; two more are Streamlit's own.
WORDS = (*sorted(NAMES - {ONLY}), "embed", "embed_options")
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "![picture](http://example.org/a.png)",
    "[link](javascript:alert(1))",
    "$\\href{javascript:alert(1)}{formula}$",
    ":material/delete: icon",
    ":red[coloured text]",
    "`code`** bold **",
)
NUMBERS = ("NaN", "-inf", "1e400", "-1", "9" * 400, "1e5", "0x10", "1_000", "٣٤", "４２", "+1", "-0", "--1", "1.5.2")
OTHERS = (
    "",
    " ",
    "x1y" * 3400,
    "a\x00b",
    "\r\n\t\x1b[31m",
    "\ud7ff\uffff",
    "%00%ff%zz",
    "{seed}{0}",
    "../../etc/passwd",
)
NASTY = (*MARKUP, *NUMBERS, *OTHERS, ["7", "8"], ["", ""])


def parameters(row: Page):
    return [*(c.key for c in (*CONTROLS, *row.controls)), *WORDS]


def stands(at, row, asked):
    """Assert that a page is drawn, with valid settings, and that nothing of the address is on it as markup."""
    assert not at.exception
    assert len(at.title) == 1
    said = words(at)
    for text in MARKUP:
        assert not [sentence for sentence in said if text[:12] in sentence]
    if asked.get("notes") == "1":
        return
    controls = (*CONTROLS, *row.controls)
    for c in controls:
        assert possible(c, at.session_state[c.key]), c.key
    values = {c.key: at.session_state[c.key] for c in CONTROLS}
    if values["n_tune"] > values["n_retain"] and row.experiment and "n_tune" not in row.fixed:
        assert len(at.error) == 1
        assert "do not fit together" in at.error[0].value
    else:
        assert not at.error
        Spec(**{**values, "n_tune": values["n_tune"] or None})
    if asked.get("lecture") == "1" and row.experiment:
        return
    assert at.title[0].value == row.title
    notes = " ".join(note.value for note in at.warning)
    for c in controls:
        if c.key in asked:
            given_ = asked[c.key] if isinstance(asked[c.key], list) else [asked[c.key]]
            assert (f"(`{c.key}`)" in notes) == bool(refusal(c, given_)), c.key


ALL = {c.key: c for row in PAGES for c in (*CONTROLS, *row.controls)}


@pytest.mark.parametrize("control", ALL.values(), ids=ALL)
@given(text=st.text() | st.floats().map(str) | st.integers().map(str))
@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@example(text="")
def test_a_control_accepts_no_text_that_is_not_its_own(control, text):
    for asked in (text, *(nasty for nasty in NASTY if isinstance(nasty, str))):
        why = control.refusal(asked)
        if why is None:
            assert possible(control, meant(control, asked))
        else:
            # What was asked for is not repeated; what is said of any other nonsense is no repetition.
            assert not asked.strip() or len(asked) < 4 or asked not in why or asked in control.refusal("\u00bf?")
            assert not set("<>[]$:`") & set(why)


def meant(control, text):
    """The value a text that is accepted stands for."""
    if isinstance(control, Slider | Scale):
        return float(text)
    return text if isinstance(control, Choice) else chosen(control, text)


# The parameters are many and the pages slow: every page meets a few mixtures in which each parameter has another value.
ROUNDS = 6


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.stem)
def test_every_page_stands_whatever_its_parameters_are(open_app, row):
    first = PAGES.index(row)
    for k in range(ROUNDS):
        asked = {name: NASTY[(first + 6 * k + j) % len(NASTY)] for j, name in enumerate(parameters(row))}
        at = open_app(row.stem, address=asked)
        stands(at, row, asked)
        for name in ALL.keys() & set(at.query_params):
            assert len(str(at.query_params[name])) < 40


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.stem)
def test_a_picture_that_no_page_has_is_refused_in_its_place(open_app, row):
    first = PAGES.index(row)
    for asked in (NASTY[first % len(NASTY)], NASTY[-1 - first]):
        at = open_app(row.stem, address={ONLY: asked})
        assert not at.exception
        assert [error.value[:21] for error in at.error] == ["`only` in the address"]
        said = words(at)
        assert any(row.title in text for text in said)
        assert not [sentence for sentence in said for text in MARKUP if text[:12] in sentence]


TEXTS = st.one_of(
    st.sampled_from([text for text in NASTY if isinstance(text, str)]),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.lists(st.sampled_from([c.key for c in CONTROLS]), max_size=9).map(",".join),
    st.lists(st.tuples(st.sampled_from([c.key for c in CONTROLS]), st.integers(-1, 600)), max_size=9).map(
        lambda pairs: ",".join(f"{key}:{value}" for key, value in pairs)
    ),
    st.sampled_from(["0", "1", "true", "false", "all", *(p.key for row in PAGES for p in row.presets)]),
)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_words_at_all(open_app, data):
    row = BY_STEM[data.draw(st.sampled_from(list(BY_STEM)), label="page")]
    names = st.sampled_from(parameters(row)) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
    values = st.one_of(TEXTS, st.lists(TEXTS, min_size=2, max_size=3))
    asked = data.draw(st.dictionaries(names, values, max_size=8), label="address")
    at = open_app(row.stem, address=asked)
    assert not at.exception


@pytest.mark.parametrize("name", ["preset", "load"])
@pytest.mark.parametrize("text", ["", "nonsense", "<script>", "d:9", ["a", "b"]], ids=str)
def test_a_link_to_nothing_is_noted_and_leaves_the_address(open_app, name, text):
    at = open_app("about", address={name: text, "d": "40"})
    assert not at.exception
    (note,) = at.warning
    assert f"`{name}`" in note.value
    assert "ignored" in note.value
    assert name not in at.query_params
    assert at.session_state["d"] == 40
    assert not at.run().warning
