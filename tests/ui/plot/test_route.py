"""The route of the pictures: what it answers for an address, what it refuses and why, and that a flood stops nobody."""

import asyncio
import csv
import io
import itertools
import json
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.pages import strange
from tests.ui.cases import is_valid
from tests.ui.plot.asking import Server
from theory import Spec
from ui.figures.figure import Figure
from ui.language import CATALOGUES
from ui.lessons import LESSONS
from ui.plot import route
from ui.plot.picture import Drawing, Picture, to_json
from ui.plot.route import EACH, ELEMENT, FRESH, MOST_PARAMETERS, PLACES, PLOTLY, TABLES, picture
from ui.plot.view import LONGEST, THEMES, read_view

FIGURES = [(stem, key) for stem, lesson in LESSONS.items() for key in lesson.figures]
# A page of few numbers, and one picture of it.
SMALL = "d=20&n_retain=9&n_forget=5"
CURVE = f"/figures/overlap/curve?{SMALL}"
SOON = 30
# Requests of one window that compute at once: the last place is another's.
INSIDE = PLACES - 1
# The same for a page with the shared controls; data of a page's own have no use for them.
FEW = {"d": "12", "n_retain": "5", "n_forget": "4"}


@pytest.fixture(scope="module")
def server():
    return Server(LESSONS)


def toy(**drawings):
    """The overlap page with other pictures."""
    lesson = LESSONS["overlap"]
    figures = {key: Drawing(draw=draw, name="Toy") for key, draw in drawings.items()}
    return {"overlap": replace(lesson, figures=figures)}


def dot(view):
    return Picture(
        Figure([{"type": "scatter", "x": [0.0], "y": [view.spec.noise], "name": "dot"}], {"height": 99}), "A dot."
    )


# what is answered


def test_a_picture_is_json_that_holds_what_the_page_draws(server):
    found = server.get(CURVE)
    assert found.status == 200
    assert found.headers["content-type"] == "application/json"
    lesson = LESSONS["overlap"]
    view = read_view(lesson.page, {"d": ["20"], "n_retain": ["9"], "n_forget": ["5"]})
    assert found.json == json.loads(to_json(picture(lesson, "curve", view)))
    assert {"data", "layout", "frames", "alt", "caption", "steps", "at", "grab", "before"} == set(found.json)
    assert "<strong>" in found.json["caption"]
    assert not server.get(f"{CURVE}&told=0").json["caption"]


def test_the_same_address_is_the_same_bytes_from_every_copy_of_the_server(server):
    assert server.get(CURVE).body == server.get(CURVE).body == Server(LESSONS).get(CURVE).body


def test_it_is_packed_for_who_can_unpack_it(server):
    packed, plain = server.get(CURVE, accept_encoding="br, gzip"), server.get(CURVE)
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json == plain.json
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    short = Server(toy(dot=dot)).get("/figures/overlap/dot", accept_encoding="gzip")
    assert "content-encoding" not in short.headers
    assert short.json


def test_who_has_it_already_is_told_so(server):
    found = server.get(CURVE)
    assert found.headers["cache-control"] == f"max-age={FRESH}"
    again = server.get(CURVE, if_none_match=found.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == found.headers["etag"]
    other = server.get(f"{CURVE}&noise=1", if_none_match=found.headers["etag"])
    assert other.status == 200
    assert other.headers["etag"] != found.headers["etag"]


def test_plotly_is_one_file_that_a_browser_keeps(server):
    found = server.get(f"/{PLOTLY}", accept_encoding="gzip")
    assert found.headers["content-type"].startswith("text/javascript")
    assert "immutable" in found.headers["cache-control"]
    assert "plotly.js v" in found.text[:400]
    assert server.get(f"/{PLOTLY}").text == found.text


def test_the_code_of_a_picture_is_files_that_a_browser_keeps(server):
    folder = ELEMENT.rsplit("/", 1)[0]
    for name in ("picture.js", "handles.js", "export.js"):
        found = server.get(f"/{folder}/{name}")
        assert found.headers["content-type"].startswith("text/javascript")
        assert "immutable" in found.headers["cache-control"]
        assert found.text == (Path(route.__file__).parent / name).read_text(encoding="utf-8")
        earlier = server.get(f"/element-0/{name}")
        assert (earlier.text, earlier.headers["cache-control"]) == (found.text, "no-store")
    for name in ("picture-font.woff2", "picture-font-italic.woff2"):
        found = server.get(f"/{folder}/{name}")
        assert found.headers["content-type"] == "font/woff2"
        assert found.body == (Path(route.__file__).parent / name).read_bytes()
    for name in ("route.py", "picture.css", "..%2froute.py"):
        assert server.get(f"/{folder}/{name}").status == 404


def test_the_numbers_are_a_table_whose_columns_are_the_settings(server):
    found = server.get(f"/figures/overlap/losses.csv?{SMALL}&noise=0.5")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == 'attachment; filename="overlap-losses.csv"'
    rows = list(csv.DictReader(io.StringIO(found.text)))
    assert len(rows) > 3
    for row in rows:
        assert None not in row
        spec = {key: float(row[key]) for key in vars(Spec())}
        assert Spec(**{key: type(getattr(Spec(n_tune=1), key))(value) for key, value in spec.items()}) == Spec(
            d=20, n_retain=9, n_forget=5, n_tune=9, noise=0.5
        )
        float(row["x"])


def test_a_table_comes_with_a_decimal_comma_too_and_names_the_page_it_is_from(server):
    asked = f"{SMALL}&noise=0.5"
    plain, comma = (server.get(f"/figures/overlap/losses.{form}?{asked}") for form in TABLES)
    assert comma.headers["content-disposition"] == 'attachment; filename="overlap-losses.semicolon.csv"'
    rows, others = csv.DictReader(io.StringIO(plain.text)), csv.DictReader(io.StringIO(comma.text), delimiter=";")
    for row, other in zip(rows, others, strict=True):
        for key in ("x", "noise", "overlap"):
            assert "." not in other[key]
            assert float(other[key].replace(",", ".")) == float(row[key])
        assert other["address"] == row["address"]
        link = urlsplit(row["address"])
        assert link.path == "/overlap"
        assert parse_qs(link.query) == {"guess": ["0"], **parse_qs(asked)}
    # The page says which scheme it was opened under.
    came = {"host": "school.example", "referer": "https://school.example/overlap?class=b"}
    table = csv.DictReader(io.StringIO(server.get(f"/figures/start/button.csv?{SMALL}&told=0", **came).text))
    assert next(table)["address"] == f"https://school.example/?guess=1&{SMALL}"


@pytest.mark.parametrize(("stem", "key"), FIGURES)
def test_every_picture_of_every_page_is_one_that_plotly_draws(server, stem, key):
    """In both themes, with the answer and without, for a page and for the back of a room, in the hand and at rest."""
    lesson = LESSONS[stem]
    hands = "01" if lesson.figures[key].drafts else "0"
    for theme, told, lecture, moving in itertools.product(THEMES, "01", "01", hands):
        asked = {
            "theme": theme,
            "told": told,
            "lecture": lecture,
            "moving": moving,
            **(FEW if lesson.page.experiment else {}),
        }
        view = read_view(lesson.page, {name: [text] for name, text in asked.items()})
        if key not in lesson.shown(view):
            continue
        found = picture(lesson, key, view)
        is_valid(found.figure)
        assert len(found.alt) > 40
        assert found.alt.endswith(".")
        assert not lecture == "1" or found.caption.count("\n") == 0
        drawing = lesson.figures[key]
        assert len(found.steps) == len(found.figure.frames) or not (found.steps and found.figure.frames)
        assert bool(found.figure.frames) <= bool(drawing.scrub)
        if moving == lecture == "0":
            table = server.get(f"/figures/{stem}/{key}.csv?{'&'.join(f'{k}={v}' for k, v in asked.items())}")
            rows = list(csv.reader(io.StringIO(table.text)))
            assert {len(row) for row in rows} == {len(rows[0])}
            assert len(rows) > 1
            shared = vars(Spec()) if lesson.page.experiment else ()
            assert set(rows[0]) == {
                "series",
                "what",
                "x",
                "y",
                *shared,
                *(c.key for c in lesson.page.controls),
                "address",
            }


def test_a_picture_speaks_the_language_of_its_address(server, monkeypatch):
    monkeypatch.setitem(CATALOGUES, strange.CODE, strange.catalogue())
    usual, other = server.get(CURVE).json, server.get(f"{CURVE}&lang=xx").json
    assert strange.english(usual["alt"])
    assert not strange.english(other["alt"])
    assert json.dumps(strange.numbers(other["data"])) == json.dumps(strange.numbers(usual["data"]))
    assert not strange.english(server.get("/figures/overlap/curve?d=many&lang=xx").refusal.replace("many", ""))


# what is refused


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("/figures/nowhere/curve", ["page must be one of", "overlap", "'nowhere'", "correct"]),
        ("/figures/overlap/nothing", ["must be one of curve, losses, weights", "'nothing'"]),
        ("/figures/overlap/curve.png", ["must be one of curve", ".csv", "'curve.png'"]),
        ("/figures/overlap/curve.csv.csv", ["'curve.csv.csv'"]),
        ("/figures/overlap/%3Cscript%3E", ["must be one of curve"]),
        (f"{CURVE}&noise=loud", ["(noise)", "not a number", "'loud'", "move its control"]),
        (f"{CURVE}&noise=1&noise=2", ["(noise)", "more than once"]),
        (f"{CURVE}&noise=", ["(noise)", "not a number"]),
        (f"{CURVE}&n_tune=10", ["n_tune must be", "10"]),  # fits no nine rows to keep
        (f"{CURVE}&alpha=1", ["'alpha'", "no parameter"]),
        (f"{CURVE}&{'x' * LONGEST}", [f"at most {LONGEST:,} characters", "shorten"]),
        ("/figures/overlap/curve?" + "&".join(f"a{i}=1" for i in range(MOST_PARAMETERS + 1)), ["at most 60", "got 61"]),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_a_bad_address_is_refused_with_a_sentence(server, address, parts):
    found = server.get(address)
    assert found.status == 400
    assert [part for part in parts if part not in found.refusal] == []
    assert found.headers["cache-control"] == "no-store"
    assert len(found.body) < 1000


def test_only_reading_is_allowed(server):
    assert server.get(CURVE, method="POST").status == 405
    assert server.get("/figures/overlap").status == server.get("/figures/overlap/curve/more").status == 404


@pytest.mark.filterwarnings("ignore")
def test_a_picture_that_cannot_be_drawn_says_so_without_a_trace(caplog):
    def broken(view):
        raise ValueError("secret")

    found = Server(toy(broken=broken, dot=dot)).get("/figures/overlap/broken")
    assert found.status == 500
    assert "could not be drawn" in found.refusal
    assert "secret" not in found.text
    assert "Traceback" not in found.text
    assert any(record.exc_info for record in caplog.records)  # the server's log has it


# many at once


def test_one_drawing_serves_all_who_ask_for_the_same_at_once():
    drawn = []

    def slow(view):
        drawn.append(view)
        return dot(view)

    server = Server(toy(slow=slow))

    async def crowd():
        return await asyncio.gather(*(server.ask("/figures/overlap/slow", f"10.0.0.{i}") for i in range(30)))

    assert {answer.status for answer in asyncio.run(crowd())} == {200}
    assert len(drawn) == 1


def test_a_window_with_too_many_waiting_is_refused_and_another_is_served(monkeypatch):
    monkeypatch.setattr(route, "TOLD_AFTER", 0)
    go = threading.Event()

    def slow(view):
        go.wait(SOON)
        return dot(view)

    server = Server(toy(slow=slow))

    async def crowd():
        def ask(i, window):
            return asyncio.create_task(server.ask(f"/figures/overlap/slow?seed={i}", x_window=window))

        flood = [ask(i, "flood") for i in range(INSIDE + EACH + 5)]
        await asyncio.sleep(0.05)
        other = ask(500, "other")
        await asyncio.sleep(0.05)
        refused = [task.result() for task in flood if task.done()]
        go.set()
        return refused, await other, [await task for task in flood]

    refused, other, flood = asyncio.run(crowd())
    assert other.status == 200
    assert {answer.status for answer in refused} == {429}
    assert "wait a moment" in refused[0].refusal
    assert refused[0].headers["retry-after"]
    assert sorted(answer.status for answer in flood) == [200] * (INSIDE + EACH) + [429] * 5


@pytest.mark.parametrize("asked", ["dot?seed={}", "dot", "dot?seed=none", "nothing"])
def test_who_asks_too_often_is_refused_whatever_is_asked_and_others_are_not(monkeypatch, asked):
    monkeypatch.setattr(route, "OF_WINDOW", (20, 1e-9))
    monkeypatch.setattr(route, "TOLD_AFTER", 0)
    server = Server(toy(dot=dot))

    async def crowd():
        flood = [await server.ask(f"/figures/overlap/{asked.format(i)}", x_window="flood") for i in range(100)]
        others = [await server.ask(CURVE.replace("curve", "dot"), x_window=f"{i}") for i in range(60)]
        return flood, others

    flood, others = asyncio.run(crowd())
    assert [answer.status == 429 for answer in flood] == [False] * 20 + [True] * 80
    assert {answer.status for answer in others} == {200}


def test_windows_of_one_machine_that_are_made_up_are_one_client(monkeypatch):
    monkeypatch.setattr(route, "OF_MACHINE", (20, 1e-9))
    monkeypatch.setattr(route, "TOLD_AFTER", 0)
    server = Server(toy(dot=dot))

    async def crowd():
        flood = [await server.ask("/figures/overlap/dot", "10.0.0.9", x_window=f"forged {i}") for i in range(50)]
        return flood, await server.ask("/figures/overlap/dot", "10.0.0.1")

    flood, other = asyncio.run(crowd())
    assert [answer.status for answer in flood] == [200] * 20 + [429] * 30
    assert other.status == 200


def test_a_picture_that_grows_is_asked_for_anew():
    count = itertools.count()

    def growing(view):
        return replace(dot(view), alt=f"{next(count)} of many dots.")

    lessons = toy()
    drawing = Drawing(draw=growing, name="Toy", grows=True)
    server = Server({"overlap": replace(lessons["overlap"], figures={"grows": drawing})})
    first, second = (server.get("/figures/overlap/grows") for _ in range(2))
    assert first.headers["cache-control"] == "no-cache"
    assert (first.json["alt"], second.json["alt"]) == ("0 of many dots.", "1 of many dots.")
