"""Visitors' own tables: under a name nobody can guess, for a while, then gone with all that was computed of them."""

import gc
import importlib.util
import re
import threading
from pathlib import Path

import numpy as np
import pytest

from theory import Refusal
from ui.server import table_store
from ui.server.table_store import Entry, Ticket, asking, count, drop, entry, example, find, keep, penguins, why_gone

TICKETS: list[Ticket] = []


@pytest.fixture(autouse=True)
def _no_tables():
    """No table of another test is kept."""
    yield
    for ticket in TICKETS:
        drop(ticket.name)
    TICKETS.clear()


def kept_entry():
    ticket = keep(penguins())
    TICKETS.append(ticket)
    return ticket


def test_a_name_cannot_be_guessed_and_tells_nothing():
    names = {kept_entry().name for _ in range(5)}
    assert len(names) == 5
    assert all(re.fullmatch(r"[\w-]{32,}", name) for name in names)


def test_who_has_the_name_computes_for_the_table_and_others_for_the_example():
    ticket = kept_entry()
    assert entry() is example()
    with asking(ticket.name):
        assert entry() is find(ticket.name)
        assert table_store.name() == ticket.name
    assert entry() is example()
    with pytest.raises(Refusal, match="gone"), asking("a name that nobody has"):
        pass


def test_a_table_that_is_forgotten_is_gone_with_what_was_computed():
    ticket = kept_entry()
    found = find(ticket.name)
    assert found.once("a", lambda: 1) == found.once("a", lambda: 2) == 1
    drop(ticket.name)
    assert find(ticket.name) is None
    assert why_gone(ticket.name) == table_store.GONE_ASKED
    with pytest.raises(Refusal), asking(ticket.name):
        pass


def test_it_goes_when_the_session_lets_go_of_it():
    ticket = keep(penguins())
    name = ticket.name
    assert find(name)
    del ticket
    gc.collect()
    assert find(name) is None


def test_of_too_many_the_one_goes_that_was_not_used_for_longest():
    tickets = [kept_entry() for _ in range(table_store.MOST)]
    find(tickets[0].name)
    more = kept_entry()
    assert find(tickets[1].name) is None
    assert why_gone(tickets[1].name) == table_store.GONE_FULL
    assert find(tickets[0].name)
    assert find(more.name)
    assert count() == table_store.MOST


def test_nobody_used_it_for_an_hour(monkeypatch):
    ticket = kept_entry()
    now = table_store.time.monotonic()
    monkeypatch.setattr(table_store.time, "monotonic", lambda: now + table_store.LIFE + 1)
    assert find(ticket.name) is None
    assert why_gone(ticket.name) == table_store.GONE_OLD


def test_another_choice_drops_what_was_computed_and_is_another_version():
    own = penguins()
    assert own.once("a", lambda: 1) == 1
    own.choose(own.target, own.forget.copy())
    assert (own.version, own.once("a", lambda: 2)) == (0, 1)
    own.choose("year", own.forget)
    assert (own.version, own.once("a", lambda: 3)) == (1, 3)
    own.choose("year", ~own.forget)
    assert own.version == 2


def test_results_of_a_table_are_bounded():
    own = Entry(penguins().sheet, "year", np.ones(344, dtype=bool))
    for k in range(3 * table_store.RESULTS):
        own.once((str(k), "", k), lambda k=k: k)
    assert own.once(("0", "", 0), lambda: "again") == "again"
    for k in range(6):
        own.once(("alike", "", k), lambda k=k: k, most=4)
    assert own.once(("alike", "", 5), lambda: "again") == 5
    assert own.once(("alike", "", 0), lambda: "again", most=4) == "again"


def test_large_tables_make_room_for_one_another(monkeypatch):
    size = penguins().sheet.size
    monkeypatch.setattr(table_store, "MOST_BYTES", 2 * size)
    tickets = [kept_entry() for _ in range(3)]
    assert [find(ticket.name) is not None for ticket in tickets] == [False, True, True]
    assert why_gone(tickets[0].name) == table_store.GONE_FULL
    # One that is larger than all may be is kept alone.
    monkeypatch.setattr(table_store, "MOST_BYTES", 1)
    assert find(kept_entry().name)
    assert count() == 1


def test_many_tables_start_one_clock():
    for _ in range(30):
        kept_entry()
    assert sum(isinstance(thread, threading.Timer) for thread in threading.enumerate()) <= 1


def test_the_clock_strikes_when_the_hour_of_a_table_is_over_not_an_hour_after_another_began(monkeypatch):
    """Else a table that came, or was used, just after the clock began would be there for two hours."""
    now, waits = [0.0], []

    class Clock:
        def __init__(self, wait, strike):
            waits.append((now[0] + wait, strike))

        def start(self):
            pass

    source = importlib.util.spec_from_file_location("store_of_its_own", table_store.__file__)
    store = importlib.util.module_from_spec(source)
    source.loader.exec_module(store)
    monkeypatch.setattr(store.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(store.threading, "Timer", Clock)
    first = store.keep(penguins())
    now[0] = 600.0
    second = store.keep(penguins())
    for _ in range(2):
        now[0], strike = waits.pop()
        strike()
    assert now[0] <= 600 + store.LIFE + 2
    assert store.count() == 0
    assert {store.why_gone(ticket.name) for ticket in (first, second)} == {store.GONE_OLD}
    assert not waits


def test_no_file_comes_through_the_platforms_uploader():
    """It keeps a file until the session ends, whatever its owner asks for."""
    root = Path(table_store.__file__).parents[2]
    sources = [*(root / "ui").rglob("*.py"), *(root / "pages").rglob("*.py")]
    assert not [path for path in sources if "st.file_uploader" in path.read_text(encoding="utf-8")]
