"""Whatever is asked of the routes: an answer, or a sentence that says what to do; never an error, a trace or a secret.

What is asked is made from the controls of every page with pictures: a new page or control is asked for, too.
"""

import logging
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pages.test_hostile_address import NASTY
from tests.ui.plot.asking import Server
from theory.data.reading import read_table
from ui.lessons import LESSONS
from ui.plot.controls import Choice, Scale, Slider, Switch, Whole, refusal
from ui.plot.picture import Drawing
from ui.plot.real_rows import OWN, ROWS
from ui.plot.route import TABLES
from ui.plot.view import controls_of
from ui.server import table_store
from ui.teaching.quiz_pictures import QUIZ

# What the app serves, by the page's name in an address.
DRAWN = {**LESSONS, QUIZ.page.stem: QUIZ}
BAD = tuple(text for text in NASTY if isinstance(text, str) and len(text) < 500)
SWITCHES = ("told", "lecture", "moving")
OTHERS = (*SWITCHES, "theme", "lang")
# Pages with the shared controls have few numbers here, others few settings that are not the usual ones: so more
# addresses are asked for in a short time.
FEW = {
    "d": st.integers(2, 20),
    "n_retain": st.integers(1, 9),
    "n_forget": st.integers(1, 9),
    "n_tune": st.integers(0, 9),
}
LONGEST_SENTENCE = 1500


@pytest.fixture(scope="module")
def server():
    return Server(DRAWN)


def table(*rows, forget):
    """A visitor's table of these rows, of which the last column is predicted."""
    sheet = read_table("\n".join(["<b>$a$;=2*3;{c}", *rows]).encode())
    gone = np.zeros(sheet.rows, dtype=bool)
    gone[:forget] = True
    return table_store.Entry(sheet, sheet.usable[-1].name, gone)


@pytest.fixture(scope="module")
def tickets():
    """Tables of visitors: the example's, and some that no model likes."""
    entries = [
        table_store.penguins(),
        table(*(f"{k};{k * k};{k % 3}" for k in range(20)), forget=2),
        table(*(f"{(-1) ** k}e300;{k}e-300;{'ab'[k % 2]}" for k in range(12)), forget=1),
        table(*(f"{k % 2};;{'xyz'[k % 3]}" for k in range(12)), *["1;1;x"] * 3, forget=14),
        table(*("7;7;7" for _ in range(9)), "7;7;8", forget=0),
    ]
    return [table_store.keep(entry) for entry in entries]


def values_of(control):
    """Texts that a control takes, its ends among them."""
    match control:
        case Slider():
            steps = round((control.high - control.low) / control.step)
            places = st.integers(0, steps) | st.sampled_from((0, steps))
            return places.map(lambda k: control.shown(round(control.low + k * control.step, 9)))
        case Scale():
            return st.sampled_from([control.shown(value) for value in control.values])
        case Choice():
            return st.sampled_from(list(control.options))
        case Switch():
            return st.sampled_from(("true", "false"))
        case Whole():
            return st.integers(control.low, control.high).map(str)


def others_of(name):
    """Texts that one of the other parameters takes."""
    return st.sampled_from({"theme": ("light", "dark"), "lang": ("en",)}.get(name, ("0", "1")))


@st.composite
def addresses(draw, stem, spoilt):
    """An address of a picture; of a spoilt one some parameters are nonsense, given twice, or nobody's."""
    lesson = DRAWN[stem]
    if lesson.page.experiment:
        own = {c.key: values_of(c) for c in controls_of(lesson.page) if c.key in FEW or draw(st.booleans())}
    else:
        own = {c.key: values_of(c) for c in draw(st.lists(st.sampled_from(lesson.page.controls), max_size=3))}
    asked = [(key, str(draw(FEW.get(key, values)))) for key, values in own.items()]
    asked += [(name, draw(others_of(name))) for name in draw(st.sets(st.sampled_from(OTHERS)))]
    if spoilt:
        names = st.sampled_from([name for name, _ in asked] or ["d"]) | st.sampled_from(OTHERS) | st.text(max_size=9)
        asked += draw(st.lists(st.tuples(names, st.sampled_from(BAD) | st.text(max_size=12)), min_size=1, max_size=3))
        asked = draw(st.permutations(asked))
    key = draw(st.sampled_from(list(lesson.figures)))
    form = draw(st.sampled_from(("", *(f".{end}" for end in TABLES))))
    return f"/figures/{stem}/{key}{form}?{urlencode(asked, errors='replace')}"


# What comes with a request: ISO 8859-1, as everything in a header.
WORD = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=100)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "x_window": WORD,
        "if_none_match": WORD,
        "accept_encoding": st.sampled_from(("gzip", "br", "")) | WORD,
        "referer": st.sampled_from(("http://[", "http://testserver/overlap", "")) | WORD,
        "host": st.sampled_from(("[", "a b", "testserver:x", "<script>")) | WORD,
    },
)


def is_an_answer(found, tickets, log):
    """Assert that an answer is a picture, a table or a sentence, and that no table's name is in it or in the log."""
    assert found.status in (200, 400, 404)
    told = "\n".join([found.text, *found.headers.values(), log])
    assert "Traceback" not in told
    assert not [ticket for ticket in tickets if ticket.name in told]
    if found.status == 400:
        assert len(found.refusal) < LONGEST_SENTENCE
        assert ": " in found.refusal  # the way out
        assert found.headers["cache-control"] == "no-store"
    elif found.headers["content-type"] == "application/json":
        assert found.json["alt"]


SOME = settings(max_examples=8, suppress_health_check=list(HealthCheck))


def ask(server, data, tickets, caplog, address, names):
    """Ask with headers as they may come, for one of these tables or none; check and return the answer."""
    name = data.draw(st.none() | names, label="table")
    headers = {**data.draw(HEADERS, label="headers"), **({} if name is None else {"x_table": name})}
    caplog.clear()
    found = server.get(address, machine=f"10.0.0.{data.draw(st.integers(1, 200))}", **headers)
    is_an_answer(found, tickets, caplog.text)
    return found


@pytest.mark.parametrize("stem", DRAWN)
@given(data=st.data())
@SOME
def test_settings_that_can_be_are_drawn_or_do_not_fit_together(server, tickets, caplog, stem, data):
    names = st.sampled_from([ticket.name for ticket in tickets])
    found = ask(server, data, tickets, caplog, data.draw(addresses(stem, spoilt=False)), names)
    assert found.status == 200 or "move its control" not in found.refusal


@pytest.mark.parametrize("stem", DRAWN)
@given(data=st.data())
@SOME
def test_nonsense_is_an_answer_or_a_sentence(server, tickets, caplog, stem, data):
    names = st.sampled_from([ticket.name for ticket in tickets]) | WORD
    ask(server, data, tickets, caplog, data.draw(addresses(stem, spoilt=True)), names)


@pytest.mark.parametrize("stem", DRAWN)
def test_what_a_control_cannot_be_is_refused_with_its_name_the_rule_the_value_and_the_way_out(server, stem):
    lesson, count = DRAWN[stem], 0
    key = next(iter(lesson.figures))
    for control in controls_of(lesson.page):
        for text in BAD:
            why = refusal(control, [text])
            if why is None:
                continue
            count += 1
            asked = urlencode({control.key: text}, errors="replace")
            found = server.get(f"/figures/{stem}/{key}?{asked}", machine=f"10.1.{count // 250}.{count % 250}")
            assert found.status == 400
            parts = (f"({control.key})", why, f"got {text[:80]!r}", ": move its control, or correct the address")
            assert [part for part in parts if part not in found.refusal] == []
    assert count or not controls_of(lesson.page)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("stem", DRAWN)
def test_the_other_parameters_are_refused_alike(server, stem, name):
    key = next(iter(DRAWN[stem].figures))
    for count, text in enumerate(BAD):
        asked = urlencode({name: text}, errors="replace")
        found = server.get(f"/figures/{stem}/{key}?{asked}", machine=f"10.2.{count}.1")
        assert found.status == 400
        assert found.refusal.startswith(f"{name} must be one of ")
        assert f"got {text[:80]!r}: leave it out" in found.refusal


PARTS = ("..", "figures", "element-0", "%2e", "", "a" * 300, ".csv")


@given(path=st.text(max_size=30) | st.lists(st.sampled_from(PARTS)).map("/".join))
@settings(max_examples=100)
def test_any_path_at_all(server, path):
    for start in ("/", "/figures/", "/figures/overlap/", "/element-", "/element-0/"):
        found = server.get(start + path.replace("?", ""))
        assert found.status in (200, 400, 404, 307)
        assert "Traceback" not in found.text
        assert found.status == 200 or len(found.body) < LONGEST_SENTENCE


@pytest.mark.parametrize("query", [b"\xff=1", b"d=\xe9", b"lang=\xff", b"\x00=\x00", b"d=%ff%fe", b"theme=\xc3\x28"])
def test_bytes_that_are_no_text_are_refused(server, query):
    found = server.get(f"/figures/overlap/curve.csv?{query.decode('utf-8', 'surrogateescape')}")
    assert found.status == 400
    assert ": " in found.refusal


# a visitor's own table


OWN_ROWS = urlencode({ROWS.key: next(text for text, rows in ROWS.options.items() if rows == OWN), "features": "50"})
# The pictures that may be of one.
MAY_BE = [
    (stem, key)
    for stem, lesson in DRAWN.items()
    for key, drawing in lesson.figures.items()
    if drawing.private or ROWS in lesson.page.controls
]


def own_of(stem, key):
    """An address of a picture of a visitor's own table."""
    return f"/figures/{stem}/{key}?{OWN_ROWS if ROWS in DRAWN[stem].page.controls else ''}"


@pytest.mark.parametrize(("stem", "key"), MAY_BE)
def test_what_is_of_a_visitors_own_table_is_kept_by_nobody(server, tickets, stem, key):
    found = server.get(own_of(stem, key), x_table=tickets[1].name)
    is_an_answer(found, tickets, "")
    assert found.headers["cache-control"] == "no-store"


def test_a_name_that_nobody_has_is_no_table(server, tickets):
    for name in (*(ticket.name[:-1] for ticket in tickets), "../../etc/passwd", "\xff" * 500):
        assert (
            "gone from the server's memory: choose the file again"
            in server.get(own_of("remedy", "bars"), x_table=name).refusal
        )


def test_a_picture_that_fails_tells_the_log_no_name(tickets, caplog):
    caplog.set_level(logging.DEBUG)

    def broken(view):
        raise ValueError(f"no picture of {view!r}")

    lesson = LESSONS["remedy"]
    figures = {"broken": Drawing(draw=broken, name="Broken")}
    server = Server({"remedy": replace(lesson, figures=figures)})
    found = server.get(own_of("remedy", "broken"), x_table=tickets[1].name)
    assert found.status == 500
    assert "OwnRows" in caplog.text
    assert not [ticket for ticket in tickets if ticket.name in caplog.text + found.text]
