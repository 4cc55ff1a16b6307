"""Links to hand out: what is chosen is in them, and nothing else."""

import ast
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.lessons import BY_STEM, LESSONS, PAGES, PICTURED
from ui.page import links
from ui.plot.controls import CONTROLS, refusal
from ui.plot.view import controls_of

KEYS = [c.key for c in CONTROLS]
START = "https://example.org/site"


@pytest.mark.parametrize(
    ("address", "start"),
    [
        ("https://example.org/", "https://example.org"),
        ("https://example.org/teach?part=Links#x", "https://example.org"),
        ("https://example.org/site/teach/", START),
        ("https://example.org/site", START),
        ("http://127.0.0.1:8501/teach", "http://127.0.0.1:8501"),
    ],
)
def test_the_start_of_the_app_is_found_from_any_page(address, start):
    assert links.base(address) == start


@given(st.sampled_from(PICTURED), st.data())
def test_a_link_holds_exactly_what_is_chosen(page, data):
    preset = data.draw(st.sampled_from([None, *page.presets]))
    seed = data.draw(st.integers(0, 999))
    hide = data.draw(st.lists(st.sampled_from([*KEYS, *links.PARTS]), unique=True))
    group = data.draw(st.sampled_from(["", "physics-3"]))
    guess, lecture = data.draw(st.booleans()), data.draw(st.booleans())
    only, embed = data.draw(st.sampled_from(["", *LESSONS[page.stem].figures])), data.draw(st.booleans())
    values = {**(preset.values if preset else {}), "seed": seed}
    how = {"hide": hide, "guess": guess, "lecture": lecture, "group": group, "only": only, "embed": embed}
    parts = urlsplit(links.link(START, page, values, **how))
    asked = parse_qs(parts.query)
    assert parts.path == f"/site/{'' if page is PAGES[0] else page.stem}"
    assert asked.pop("guess") == [str(int(guess))]
    assert asked.pop("lecture", None) == (["1"] if lecture else None)
    assert asked.pop("class", [""]) == [group]
    assert asked.pop("only", [""]) == [only]
    assert asked.pop("embed", None) == (["true"] if embed else None)
    keys, hidden, unknown = links.hidden(asked.pop("hide", [""])[0])
    assert ({*keys, *hidden}, unknown) == (set(hide), False)
    controls = {c.key: c for c in controls_of(page)}
    for key, control in controls.items():
        wanted = values.get(key, control.default)
        text = asked.pop(key, None)
        assert text is None or refusal(control, text) is None
        assert (text or [control.shown(control.default)]) == [control.shown(wanted)]
    assert not asked


@pytest.mark.parametrize(
    ("text", "keys", "unknown"),
    [
        ("", (), False),
        ("all", tuple(KEYS), False),
        ("noise,d", ("d", "noise"), False),
        ("d,d,,", ("d",), False),
        ("d,<script>", ("d",), True),
        ("ALL", (), True),
        ("x" * 10_000, (), True),
        ("alpha", (), True),
    ],
)
def test_what_a_link_hides_is_a_list_of_shared_controls(text, keys, unknown):
    assert links.hidden(text) == (keys, (), unknown)
    assert links.hidden(f"{text},menu") == (keys, (links.MENU,), unknown)
    assert links.hidden(f"answers,{text},menu,teach") == (keys, links.PARTS, unknown)


def test_what_embeds_a_link_holds_it_as_it_is():
    address = links.link(START, BY_STEM["overlap"], {"noise": 0.5}, only="curve", embed=True)
    frame = ElementTree.fromstring(links.frame(address, 'A "page" & more'))
    assert (frame.get("src"), frame.get("title")) == (address, 'A "page" & more')
    shown = ast.parse(links.notebook(address)).body[-1].value
    assert shown.args[0].value == address


def test_a_link_to_the_first_page_is_the_bare_address():
    assert links.link(START, BY_STEM["start"], {}) == f"{START}/?guess=1"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_an_address_of_this_machine_alone_has_others_for_phones_with_its_port_and_path(host, monkeypatch):
    monkeypatch.setattr("socket.gethostbyname_ex", lambda name: (name, [], ["127.0.1.1", "192.168.7.9"]))
    found = links.for_phones(f"http://{host}:8501/site")
    assert "http://192.168.7.9:8501/site" in found
    assert not any("127." in address or "localhost" in address for address in found)
    assert links.only_here(f"http://{host}:8501/site")


@pytest.mark.parametrize("start", [START, "http://192.168.7.9:8501", "http://127.school.example", ""])
def test_an_address_that_others_reach_is_left_as_it_is(start):
    assert links.for_phones(start) == []
