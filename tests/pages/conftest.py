"""What the page tests share: the one way to open the app, with the answers drawn unless a test is about the guess."""

import importlib.metadata
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.server.executors import Held
from ui.lessons.boundary import results as boundary_results
from ui.lessons.network import results as network_results
from ui.server.jobs import Jobs

ROOT = Path(__file__).parents[2]
# Pages ask for a guess before they draw an answer; this link asks for none.
NO_GUESS = {"guess": "0"}


def _hold(monkeypatch, room, name, work):
    """Have the jobs of a room done when the test says so."""
    standing = Held()
    standing.jobs = Jobs(work, lambda: (standing, 2))
    monkeypatch.setattr(room, name, lambda: standing.jobs)
    return standing


@pytest.fixture(autouse=True)
def no_components_of_packages(monkeypatch):
    """For every app it opens the platform reads what all installed packages are: none brings a component."""
    monkeypatch.setattr(importlib.metadata, "distributions", list)


@pytest.fixture(autouse=True)
def workers(monkeypatch):
    """What stands in for the processes of the server's sweeps, new for every test."""
    return _hold(monkeypatch, boundary_results, "sweeps", boundary_results.WORK)


@pytest.fixture(autouse=True)
def trainers(monkeypatch):
    """What stands in for the processes that train networks, new for every test."""
    return _hold(monkeypatch, network_results, "experiments", network_results.WORK)


@pytest.fixture
def open_app():
    """open_app("overlap", d=40): the app at pages/overlap.py?d=40, run once; stem None is the bare address.

    `address` holds parameters whose names are words of this function, or no words at all.
    """

    def run(stem, *, guess=False, address=None, **query):
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if stem is not None:
            at.switch_page(f"pages/{stem}.py")
        for key, value in {**({} if guess else NO_GUESS), **query, **(address or {})}.items():
            at.query_params[key] = value if isinstance(value, list) else str(value)
        return at.run()

    return run
