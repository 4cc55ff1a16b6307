"""Guesses of a class are counted once, bounded, for a day, by several processes at a time."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.server import guess_store
from ui.server.guess_store import DAY, FileStore, UnreachableError, class_name, open_store

QUESTION = "start:0123456789abcdef"


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    return FileStore(tmp_path / "guesses.sqlite", clock)


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
    assert store.counts("b", QUESTION) == {"all": 1}


def test_nothing_is_kept_longer_than_a_day(store, clock, tmp_path):
    store.add("a", QUESTION, "window-1", "part")
    clock.seconds += DAY - 1
    assert store.counts("a", QUESTION) == {"part": 1}
    clock.seconds += 2
    assert store.counts("b", QUESTION) == {}
    assert b"window-1" not in (tmp_path / "guesses.sqlite").read_bytes(), "deleted in the file, too"


def _many(path, process):
    store = FileStore(path)
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda n: store.add("a", QUESTION, f"window-{process}-{n}", "part"), range(30)))


def test_a_class_that_guesses_at_once_at_two_copies_of_the_app_is_counted_whole(tmp_path):
    path = tmp_path / "guesses.sqlite"
    context = multiprocessing.get_context("spawn")
    copies = [context.Process(target=_many, args=(path, process)) for process in range(2)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
    assert FileStore(path).counts("a", QUESTION) == {"part": 60}


def test_guesses_questions_and_all_together_are_bounded(store, monkeypatch):
    monkeypatch.setattr(guess_store, "MOST_GUESSES", 2)
    monkeypatch.setattr(guess_store, "MOST_QUESTIONS", 2)
    monkeypatch.setattr(guess_store, "MOST", 5)
    assert [store.add("a", "one:1", f"w{n}", "x") for n in range(3)] == [True, True, False]
    assert store.add("a", "two:1", "w", "x")
    assert not store.add("a", "three:1", "w", "x")
    assert [store.add("b", f"q:{n}", "w", "x") for n in range(3)] == [True, True, False]


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


@given(st.text(max_size=40))
def test_a_class_is_called_by_letters_digits_and_hyphens(text):
    name = class_name(text)
    if name is not None:
        assert class_name(name) == name
        assert 1 <= len(name) <= 32
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert class_name(" Physics-3 ") == "physics-3"


def test_a_store_that_cannot_be_opened_says_so_and_is_left_alone_for_a_while(tmp_path, monkeypatch):
    asked = []
    broken = FileStore(tmp_path / "no" / "such" / "folder")
    monkeypatch.setattr(guess_store, "_store", lambda: asked.append(1) or broken)
    monkeypatch.setitem(guess_store._down, "until", 0.0)
    for _ in range(3):
        with pytest.raises(UnreachableError), guess_store.reached() as store:
            store.counts("a", QUESTION)
    assert len(asked) == 1
    monkeypatch.setitem(guess_store._down, "until", 0.0)


def test_without_a_setting_the_file_is_among_the_temporary_ones(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    open_store("").add("a", QUESTION, "w", "x")
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite"]
    open_store(str(tmp_path / "named")).add("a", QUESTION, "w", "x")
    assert (tmp_path / "named").exists()
