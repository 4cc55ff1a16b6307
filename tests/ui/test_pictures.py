import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from ui import ahead, pictures
from ui.figures import style
from ui.server import run_queue as turns


@pytest.fixture
def told(monkeypatch):
    """What the browser is told of the pictures drawn."""
    found = []
    monkeypatch.setattr(pictures, "_picture", lambda **kwargs: found.append(kwargs))
    return found


@pytest.fixture
def rests(monkeypatch):
    """How long a run rests, in seconds, without resting; no browser has found the way of the pictures."""
    found = []
    monkeypatch.setattr(ahead, "_found", threading.Event())
    monkeypatch.setattr(time, "sleep", found.append)
    return found


@pytest.fixture
def figure():
    return style.figure([{"type": "scatter", "y": np.array([1.0, np.nan])}], {"height": 200, "width": float("inf")})


def test_the_file_of_plotly_is_the_one_streamlit_brings():
    (found,) = (Path(st.__file__).parent / "static").rglob("PlotlyChart.*.js")
    assert pictures.PLOTLY == found.name
    assert "window.Plotly=" in found.read_text(encoding="utf-8")


def test_the_browser_is_told_the_figure_its_words_and_whether_it_is_clicked(told, figure):
    pictures.draw(figure, "curve", "A curve of 2 points.", save_as="page-curve")
    pictures.draw(figure, "map", "A map.", picked=print)
    first, second = (json.loads(call["data"]) for call in told)
    assert [call["key"] for call in told] == ["curve", "map"]
    assert first["figure"] == {**figure.to_dict(), "layout": {"height": 200, "width": None}}
    assert (first["alt"], first["clicks"], first["config"]["toImageButtonOptions"]["filename"]) == (
        "A curve of 2 points.",
        False,
        "page-curve",
    )
    assert second["clicks"]
    assert second["config"] == {"displayModeBar": False}
    assert told[1]["on_picked_change"] is print


def test_the_first_picture_of_a_run_leaves_at_once_and_no_other(told, rests, figure):
    pictures.draw(figure, "before", "Outside of a run of the page.")
    assert rests == []
    pictures.begin()
    pictures.draw(figure, "first", "One.")
    pictures.draw(figure, "second", "Two.")
    assert len(rests) == 1
    assert 0 < rests[0] <= pictures.FLUSH + pictures.DELIVERY


def test_a_visits_first_picture_holds_the_run_until_it_is_seen(told, rests, figure, monkeypatch):
    ahead._found.set()
    waits = []
    monkeypatch.setattr(turns, "rest", lambda seconds, until=None: waits.append((seconds, until)))
    for _ in range(2):
        pictures.begin()
        pictures.draw(figure, "first", "One.")
    assert waits[0] == (pictures.FIRST, ahead.line().seen)
    assert waits[1][0] <= pictures.FLUSH + pictures.DELIVERY
    assert waits[1][1] is None


def test_a_run_that_took_long_already_rests_no_longer_than_a_delivery(told, rests, figure, monkeypatch):
    pictures.begin()
    now = time.perf_counter()
    monkeypatch.setattr(time, "perf_counter", lambda: now + 5)
    pictures.draw(figure, "first", "One.")
    assert rests == [pictures.DELIVERY]
