"""What the page tests share: the one way to open the app, with the answers drawn unless a test is about the guess."""

from concurrent.futures import Executor, Future
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from theory import Sweep, run_task
from ui.lessons.boundary import results as boundary_results
from ui.lessons.network import results as network_results
from ui.server.jobs import Jobs, Work

ROOT = Path(__file__).parents[2]
# Pages ask for a guess before they draw an answer; this link asks for none.
NO_GUESS = {"guess": "0"}


class Workers(Executor):
    """Runs a chunk when the test says so: nothing happens behind a test's back."""

    def __init__(self):
        self.held, self.sent = [], []

    def submit(self, run, chunk):
        future = Future()
        self.held.append((future, run, chunk))
        self.sent.append(chunk)
        return future

    def work(self, count=None):
        """Run so many chunks, all that come if not told; the manager sends on whenever somebody looks."""
        done = 0
        while self.held and (count is None or done < count):
            future, run, chunk = self.held.pop(0)
            if future.set_running_or_notify_cancel():
                future.set_result(run(chunk))
            done += 1
        return done


@pytest.fixture(autouse=True)
def workers(monkeypatch):
    """What stands in for the processes of the server's sweeps, new for every test."""
    standing = Workers()
    jobs = Jobs(Work(boundary_results.plan, run_task, Sweep.with_block), lambda: (standing, 2))
    monkeypatch.setattr(boundary_results, "sweeps", lambda: jobs)
    standing.jobs = jobs
    return standing


@pytest.fixture(autouse=True)
def trainers(monkeypatch):
    """What stands in for the processes that train networks, new for every test."""
    standing = Workers()
    jobs = Jobs(network_results.WORK, lambda: (standing, 2))
    monkeypatch.setattr(network_results, "experiments", lambda: jobs)
    standing.jobs = jobs
    return standing


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
