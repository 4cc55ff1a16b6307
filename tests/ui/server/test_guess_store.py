"""Guesses of a class are counted once, bounded, for a day, by many at a time: in a file and on a server."""

import multiprocessing
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from tests import redis_server
from ui.server import guess_store
from ui.server.guess_store import DAY, FileStore, ServerStore, UnreachableError, class_name, open_store

ROOT = Path(__file__).parents[3]
QUESTION = "start:0123456789abcdef"
KINDS = {"file": FileStore, "server": ServerStore}


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def server():
    """The address of a Redis or Valkey server."""
    with redis_server.running() as address:
        yield address


@pytest.fixture
def emptied(server):
    """The same, empty, and a client that looks behind the store."""
    with Redis.from_url(server, decode_responses=True) as client:
        client.flushall()
        yield server, client


@pytest.fixture(params=KINDS)
def place(request, tmp_path):
    """What `CLASS_STORE` says, for each kind of store."""
    return request.getfixturevalue("emptied")[0] if request.param == "server" else str(tmp_path / "guesses.sqlite")


@pytest.fixture
def store(place, clock):
    return KINDS["server" if "://" in place else "file"](place, clock)


def test_a_window_is_counted_once_for_each_question_and_class(store):
    assert store.add("a", QUESTION, "window-1", "part")
    assert not store.add("a", QUESTION, "window-1", "all")
    assert store.add("a", QUESTION, "window-2", "part")
    assert store.add("a", "overlap:1", "window-1", "25")
    assert store.add("b", QUESTION, "window-1", "all")
    assert store.counts("a", QUESTION) == {"part": 2}
    assert store.counts("a", "overlap:1") == {"25": 1}
    assert store.counts("b", QUESTION) == {"all": 1}
    store.forget("a")
    assert store.counts("a", QUESTION) == {}
    assert store.counts("a", "overlap:1") == {}
    assert store.counts("b", QUESTION) == {"all": 1}
    assert store.add("a", QUESTION, "window-1", "all"), "a class that was deleted begins anew"


def test_a_guess_counts_for_a_day_from_when_it_was_made(store, clock):
    store.add("a", QUESTION, "window-1", "part")
    clock.seconds += DAY / 2
    store.add("a", QUESTION, "window-2", "all")
    clock.seconds += DAY / 2 - 1
    assert store.counts("a", QUESTION) == {"part": 1, "all": 1}
    clock.seconds += 2
    assert store.counts("a", QUESTION) == {"all": 1}
    assert store.add("a", QUESTION, "window-1", "more")


def test_what_is_a_day_old_is_deleted_in_the_file(tmp_path, clock):
    store = FileStore(tmp_path / "guesses.sqlite", clock)
    store.add("a", QUESTION, "window-1", "part")
    clock.seconds += DAY + 1
    assert store.counts("b", QUESTION) == {}
    assert b"window-1" not in (tmp_path / "guesses.sqlite").read_bytes()


def test_what_is_a_day_old_or_deleted_is_gone_from_the_server_even_if_nobody_asks(emptied, clock):
    address, client = emptied
    store = ServerStore(address, clock)
    store.add("a", QUESTION, "window-1", "part")
    keys = client.keys()
    assert len(keys) == 3
    assert all(0 < client.ttl(key) <= DAY for key in keys)
    clock.seconds += DAY + 1
    assert store.counts("b", QUESTION) == {}
    assert client.keys() == []
    store.add("a", QUESTION, "window-1", "part")
    store.forget("a")
    assert client.keys() == []


def _many(place, process):
    store = open_store(place)
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda n: store.add("a", QUESTION, f"window-{process}-{n}", "part"), range(30)))


def test_a_class_that_guesses_at_once_at_two_copies_of_the_app_is_counted_whole(place):
    context = multiprocessing.get_context("spawn")
    copies = [context.Process(target=_many, args=(place, process)) for process in range(2)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
    assert open_store(place).counts("a", QUESTION) == {"part": 60}


def test_one_window_that_guesses_ten_times_at_once_is_counted_once(store):
    with ThreadPoolExecutor(10) as threads:
        counted = list(threads.map(lambda n: store.add("a", QUESTION, "window-1", f"g{n}"), range(10)))
    assert sum(counted) == 1
    assert store.counts("a", QUESTION) == {f"g{counted.index(True)}": 1}


def test_guesses_questions_and_all_together_are_bounded(store, clock, monkeypatch):
    monkeypatch.setattr(guess_store, "MOST_GUESSES", 2)
    monkeypatch.setattr(guess_store, "MOST_QUESTIONS", 2)
    monkeypatch.setattr(guess_store, "MOST", 5)
    assert [store.add("a", "one:1", f"w{n}", "x") for n in range(3)] == [True, True, False]
    assert store.add("a", "two:1", "w", "x")
    assert not store.add("a", "three:1", "w", "x")
    assert [store.add("b", f"q:{n}", "w", "x") for n in range(3)] == [True, True, False]
    clock.seconds += DAY + 1
    assert store.add("a", "three:1", "w", "x"), "what is too old takes no room"


@pytest.mark.parametrize("word", ["", "x" * 81, "a b", "A", "'; DROP TABLE guesses", "a\n", "ä"])
def test_what_no_page_makes_is_refused(store, word):
    for words in (
        (word, QUESTION, "w", "x"),
        ("a", word, "w", "x"),
        ("a", QUESTION, word, "x"),
        ("a", QUESTION, "w", word),
    ):
        with pytest.raises(ValueError, match="must be"):
            store.add(*words)
    for ask in (lambda: store.counts(word, QUESTION), lambda: store.counts("a", word), lambda: store.forget(word)):
        with pytest.raises(ValueError, match="must be"):
            ask()


@given(st.text(max_size=40))
def test_a_class_is_called_by_letters_digits_and_hyphens(text):
    name = class_name(text)
    if name is not None:
        assert class_name(name) == name
        assert 1 <= len(name) <= 32
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert class_name(" Physics-3 ") == "physics-3"


@pytest.fixture
def dead(request, tmp_path):
    """A setting whose store cannot answer."""
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield {
            "no folder": str(tmp_path / "no" / "such" / "folder"),
            "no server": f"redis://127.0.0.1:{closed.getsockname()[1]}/0",
            "a silent server": f"redis://127.0.0.1:{silent.getsockname()[1]}/0",
            "no port": "redis://127.0.0.1:many/0",
            "another database": "mysql://127.0.0.1/guesses",
        }[request.param]


@pytest.mark.parametrize(
    ("dead", "said"),
    [
        ("no folder", "unable to open"),
        ("no server", "refused"),
        ("a silent server", "(?i)timeout"),
        ("no port", "CLASS_STORE must be a file or an address such as redis://"),
        ("another database", "CLASS_STORE must be a file or begin with redis://"),
    ],
    indirect=["dead"],
)
def test_a_store_that_does_not_answer_is_logged_and_left_alone_for_a_while(dead, said, monkeypatch, caplog):
    monkeypatch.setenv(guess_store.SETTING, dead)
    # On a slow machine, too, the second and third ask while it is left alone.
    monkeypatch.setattr(guess_store, "PAUSE", 3600.0)
    for _ in range(3):
        with pytest.raises(UnreachableError), guess_store.reached() as store:
            store.counts("a", QUESTION)
    (line,) = caplog.messages
    assert re.search(said, line)


def test_a_password_is_not_logged(monkeypatch, caplog):
    monkeypatch.setenv(guess_store.SETTING, "redis://:geheim/wort@127.0.0.1:6379/0")
    with pytest.raises(UnreachableError), guess_store.reached():
        pass
    assert caplog.messages
    assert "geheim" not in caplog.text
    assert "wort" not in caplog.text


def test_a_server_that_was_started_again_is_used_again():
    with redis_server.running() as address:
        store = open_store(address)
        assert store.add("a", QUESTION, "w", "x")
    with pytest.raises(UnreachableError):
        store.add("a", QUESTION, "w2", "x")
    with redis_server.running(int(address.rsplit(":", 1)[1].split("/")[0])):
        assert store.counts("a", QUESTION) == {}
        assert store.add("a", QUESTION, "w", "x")


def test_the_package_of_the_server_is_wanted_only_where_a_server_is_named():
    """In a process of its own, where it is not installed."""
    program = (
        "import sys; sys.modules['redis'] = None\n"
        "from ui.server.guess_store import open_store, UnreachableError\n"
        "open_store('')\n"
        "try: open_store('redis://127.0.0.1/0')\n"
        "except UnreachableError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.endswith("pip install -r requirements-redis.txt, or name a file\n"), done.stderr


def test_without_a_setting_the_file_is_among_the_temporary_ones(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    open_store("").add("a", QUESTION, "w", "x")
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite"]
    open_store(str(tmp_path / "named")).add("a", QUESTION, "w", "x")
    assert (tmp_path / "named").exists()
