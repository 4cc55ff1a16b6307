"""What a browser sends may have been written by hand: forged messages of every widget do a page no harm."""

import base64
import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from tests.pages.reading import words
from ui.lessons import BY_STEM, PAGES
from ui.plot.controls import CONTROLS, possible
from ui.server import table_store

SMALL = {"d": 20, "n_retain": 9, "n_forget": 5}
LONG = "<script>" * 12_500
NUMBERS = ([], [1e9], [-1e9], [float("nan")], [float("inf")], [0.0, 1.0])
TEXTS = ([], ["<script>alert(1)</script>"], ["a", "b"], [LONG], ["\x00"], [""])
STATES = (
    {"theme": [1], "place": {"at": 9}, "move": None},
    {"theme": LONG, "place": "9" * 400, "move": {"a": []}},
    {"theme": None, "place": "-1r"},
    7,
    None,
    "text",
)
# What each kind of widget sends on the wire, and six values of that type that its browser never would.
FORGERIES = {
    "slider": ("double_array_value", NUMBERS),
    "select_slider": ("string_array_value", TEXTS),
    "button_group": ("string_array_value", TEXTS),
    "multiselect": ("string_array_value", TEXTS),
    "selectbox": ("string_value", ["", "<script>", LONG, "\x00", "9", "None"]),
    "number_input": ("double_value", [1e300, -1e300, 0.5, 1e9, -1.0, 999.9]),
    "toggle": ("bool_value", [True, False] * 3),
    "bidi_component": ("json_value", [json.dumps(s) for s in STATES]),
}
ROUNDS = 6


def widgets(block):
    """The widgets below a block, by id: each one's kind."""
    found = {}
    for element in block.children.values():
        if hasattr(element, "children"):
            found |= widgets(element)
        name = getattr(getattr(element, "proto", None), "id", "")
        if name:
            found[name] = element.type
    return found


def message(name, field, value):
    state = WidgetState(id=name)
    if field.endswith("array_value"):
        getattr(state, field).data.extend(value)
    else:
        setattr(state, field, value)
    return state


def send(at, states):
    """Run the page on messages as they would come from a browser; AppTest itself only writes honest ones."""
    return at._run(WidgetStates(widgets=states))


def settings_are_possible(at, row):
    for c in (*CONTROLS, *row.controls):
        assert possible(c, at.session_state[c.key]), c.key


@pytest.mark.parametrize("stem", [*BY_STEM])
def test_forged_values_of_every_widget_show_no_exception(open_app, stem):
    row = BY_STEM[stem]
    if stem == "teach":
        sessions = [open_app(stem, part=part) for part in PARTS]
    else:
        sessions = [open_app(stem, guess=guess, **SMALL) for guess in (False, True)]
    for k in range(ROUNDS):
        at = sessions[k % len(sessions)]
        found = widgets(at._tree)
        forged = [
            message(name, FORGERIES[kind][0], FORGERIES[kind][1][(k + j) % ROUNDS])
            for j, (name, kind) in enumerate(found.items())
            if kind in FORGERIES
        ]
        assert row.stem == "about" or len(forged) > 1
        send(at, [*forged, message("$$ID-of-nothing-at-all", "string_value", LONG)])
        assert not at.exception
        settings_are_possible(at, row)
        assert not [text for text in words(at) if "<script>" in text]


def test_a_click_on_the_map_chooses_a_cell_that_is_there_or_none(open_app):
    at = open_app("boundary", **SMALL)
    (name,) = [name for name in widgets(at._tree) if name.endswith("-map")]

    first = [slider.value for slider in at.select_slider]

    def click(value):
        told = json.dumps({"event": "picked", "value": value})
        send(at, [message(f"$$STREAMLIT_INTERNAL_KEY_{name}__events", "json_trigger_value", told)])
        assert not at.exception
        return [slider.value for slider in at.select_slider]

    assert click({"x": 2, "y": 3}) == [2, 3]
    far, none = {"x": 1e9, "y": -5}, {"x": float("nan"), "y": float("inf")}
    for forged in (far, none, {"x": "a", "y": None}, {"x": LONG}, {}, [], 7, None, LONG):
        chosen = click(forged)
        assert chosen in ([2, 3], first), forged


PARTS = list(next(c for c in BY_STEM["teach"].controls if c.key == "part").options)


@pytest.mark.parametrize("row", [row for row in PAGES if row.prediction.options], ids=lambda row: row.stem)
def test_a_guess_that_is_no_option_is_no_guess(open_app, row):
    at = open_app(row.stem, guess=True, **SMALL)
    (name,) = [name for name in widgets(at._tree) if f"-guess_{row.stem}" in name]
    for value in TEXTS:
        send(at, [message(name, "string_array_value", value)])
        assert not at.exception
        assert not at.info


@pytest.mark.parametrize(
    ("field", "value"),
    [("string_value", "a"), ("json_value", "{"), ("bool_value", True), ("string_array_value", ["a"])],
)
def test_a_message_of_another_kind_shows_nothing_of_the_server(open_app, field, value):
    """Streamlit itself refuses these, before the page runs, and with a general word until the page is loaded again."""
    at = open_app("overlap", **SMALL)
    (name,) = [name for name in widgets(at._tree) if name.endswith("-d")]
    send(at, [message(name, field, value)])
    for shown in at.exception:
        assert "The original error message is redacted" in shown.message
        assert not shown.stack_trace
    assert not open_app("overlap", **SMALL).exception


@pytest.mark.parametrize(
    "url", ["", "http://[", "http://host/'\"><script>alert(1)</script>/teach", "x" * 10_000, "\x00"]
)
@pytest.mark.parametrize("part", ["Links", "Worksheets", "Lecture"])
def test_an_address_that_is_none_does_no_harm_where_links_are_made(open_app, part, url):
    at = open_app("teach", part=part)
    at.context["url"] = url
    at.run()
    assert not at.exception
    assert not [text for text in words(at) if "<script>" in text]


# What may come in place of a file's bytes in base64: no text, no base64, no table, too much, and what a table may hold.
UPLOADS = (
    *(None, 7, True, [], {"a": "b"}, "", "====", "a\x00b", "<script>", "é" * 9, "QQ" * 3_000_000),
    *(base64.b64encode(found).decode() for found in (b"", b"\x00" * 99, b"PK\x03\x04", b"a;b\n" * 2, b'"' * 5000)),
    base64.b64encode(b"=cmd();<script>\n" + b"1;2\n" * 20).decode(),
    base64.b64encode(b"a,b\n" + b"1e308,-1e308\n1e-308,0\n" * 9).decode(),
)


def test_a_file_that_was_written_by_hand_is_a_table_or_a_sentence(open_app):
    at = open_app("your_table")
    (name,) = [name for name in widgets(at._tree) if name.endswith("-own_file")]
    kept = table_store.count()
    for forged in UPLOADS:
        told = json.dumps({"event": "file", "value": forged})
        send(at, [message(f"$$STREAMLIT_INTERNAL_KEY_{name}__events", "json_trigger_value", told)])
        assert not at.exception, forged
        assert len(at.title) == 1
        assert not [text for text in words(at) if "<script>" in text]
        assert table_store.count() <= kept + 1  # a session has one
