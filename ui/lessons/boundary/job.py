"""The map as a visitor's job: asked for while they look at it, stopped when they say so."""

import uuid

import streamlit as st

from theory import Grid, Sweep
from ui.lessons.boundary import results
from ui.lessons.boundary.grids import MAP_DRAWS, chosen
from ui.lessons.lesson import Growth
from ui.plot.view import View
from ui.server.jobs import Progress

# Seconds between two looks at a map that is under way, and at a full waiting line.
OFTEN, SELDOM = 0.7, 5.0


def _visitor() -> str:
    """Return the session's own name among those who wait."""
    return str(st.session_state.setdefault("visitor", uuid.uuid4().hex))


def look(grid: Grid) -> Progress[Sweep]:
    """Return how far the map is; ask for its first draws if nobody has, or if it was given up as unwatched."""
    sweeps = results.sweeps()
    seen = sweeps.look(grid, _visitor())
    if seen is None or seen.state == "left":
        seen = sweeps.ask(grid, max(MAP_DRAWS, seen.amount if seen else 0), _visitor())
    return seen


def ask(grid: Grid, draws: int) -> None:
    """Ask for so many draws a cell."""
    results.sweeps().ask(grid, draws, _visitor())


def stop(grid: Grid) -> None:
    """Wait no longer; what is finished is kept."""
    results.sweeps().stop(grid, _visitor())


def work(view: View) -> Growth:
    """Ask for the map of a View, and return how far it is."""
    grid, _ = chosen(view)
    seen = look(grid)
    so_far = int(seen.record.counts.sum()) if seen.record else 0
    return Growth(f"{so_far}", OFTEN if seen.live else SELDOM if seen.state == "refused" else None)
