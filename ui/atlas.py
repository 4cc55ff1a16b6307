"""The map on screen: the cell that is chosen, the sweep behind it with its progress, and the way to other pages."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from theory import AXES, Grid, Spec, Sweep, empty
from ui import ahead, cached, charts, lecture, lesson, narration
from ui.contents import BY_STEM, Page
from ui.controls import spec_text
from ui.language import say, spoken
from ui.narration import boundary
from ui.sampling import MAP_DRAWS, MORE_DRAWS, MOST_MAP_DRAWS, map_axes, map_grid, nearest_cell
from ui.server.jobs import Progress
from ui.style import Theme

# Seconds between two looks at a sweep that is under way, and at a full waiting line.
OFTEN, SELDOM = 0.7, 5.0
# The pages a cell can be opened in.
OPENS_IN = ("overlap", "remedy", "dynamics")


def _visitor() -> str:
    session = ahead.session()
    if "visitor" not in session:
        session["visitor"] = uuid.uuid4().hex
    return str(session["visitor"])


def _keys(grid: Grid) -> tuple[str, str]:
    """Return the names of the two controls of the chosen cell; another map has others."""
    mark = f"{hash((grid.x, grid.xs, grid.y, grid.ys)) & 0xFFFFFFFF:x}"
    return f"cell_row_{mark}", f"cell_column_{mark}"


def choose(spec: Spec, options: Mapping[str, Any]) -> tuple[Grid, tuple[int, int]]:
    """Return the map that is asked for and its chosen cell: the one closest to the sidebar until another is chosen."""
    grid = map_grid(spec, *map_axes(options["map_x"], options["map_y"]), options["finer"])
    return grid, _cell(grid, nearest_cell(grid, spec))


def _cell(grid: Grid, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Return the chosen cell: `otherwise` where none is chosen yet, or what a browser sent is none."""
    found: list[int] = []
    for key, place, values in zip(_keys(grid), otherwise, (grid.ys, grid.xs), strict=True):
        chosen: Any = ahead.session().get(key)
        found.append(int(chosen) if chosen in range(len(values)) else place)
    row, column = found
    # Said in every run: a browser that draws the page only after the next one would not hear it, stand at the first
    # cell, and take the map there.
    cell = dict(zip(_keys(grid), (row, column), strict=True))
    ahead.session().update(cell)
    ahead.remember({**cell, "visitor": _visitor()})
    return row, column


def _look(grid: Grid) -> Progress[Sweep]:
    """Return how far the map is; ask for its first draws if nobody has, or if it was given up as unwatched."""
    sweeps = cached.sweeps()
    seen = sweeps.look(grid, _visitor())
    if seen is None or seen.state == "left":
        seen = sweeps.ask(grid, max(MAP_DRAWS, seen.amount if seen else 0), _visitor())
    return seen


def _stop(grid: Grid) -> None:
    cached.sweeps().stop(grid, _visitor())


def _ask(grid: Grid, draws: int) -> None:
    cached.sweeps().ask(grid, draws, _visitor())


def _pick(grid: Grid) -> None:
    """Take the cell that was clicked, if that is what the browser says."""
    try:
        point = ahead.session()["map"]["picked"]
        place = round(point["y"]), round(point["x"])
    except (LookupError, TypeError, ValueError, OverflowError):
        return
    for key, index in zip(_keys(grid), place, strict=True):
        ahead.session()[key] = index


def show(
    page: Page, spec: Spec, grid: Grid, cell: tuple[int, int], measure: str, theme: Theme, told: bool
) -> dict[str, tuple[str, go.Figure]]:
    """Draw the map, its profile and its progress, and return the figures by key with their names on screen.

    While a sweep is under way the part refreshes itself; when it ends, the page runs once more and rests.
    """
    seen = _look(grid)
    if lecture.stage():
        if seen.live and not ahead.under_way():
            st.fragment(spoken(_wait), run_every=OFTEN)(grid)
        return _pictures(page, spec, grid, cell, measure, theme, told, seen)
    every = OFTEN if seen.live else SELDOM if seen.state == "refused" else None
    part = st.fragment(spoken(_part), run_every=every)
    return part(page, spec, grid, cell, measure, theme, told, seen.live)


def _part(
    page: Page, spec: Spec, grid: Grid, cell: tuple[int, int], measure: str, theme: Theme, told: bool, live: bool
) -> dict[str, tuple[str, go.Figure]]:
    seen = _look(grid)
    if seen.live != live or _cell(grid, cell) != cell:
        st.rerun()
    return _pictures(page, spec, grid, cell, measure, theme, told, seen)


def _wait(grid: Grid) -> None:
    """Run the page once more when the map is finished: a room waits for the whole of it."""
    if not _look(grid).live:
        st.rerun()


def _pictures(
    page: Page,
    spec: Spec,
    grid: Grid,
    cell: tuple[int, int],
    measure: str,
    theme: Theme,
    told: bool,
    seen: Progress[Sweep],
) -> dict[str, tuple[str, go.Figure]]:
    row, column = cell
    sweep = seen.record or empty(grid, MAP_DRAWS)
    lines = cached.map_lines(grid)
    atlas = charts.forget_map(sweep, measure, cell, lines, theme, told)
    expected = cached.row_losses(grid, row)
    profile = charts.loss_profile(sweep, row, column, *expected, narration.LABELS, theme, told)

    left, right = lesson.columns([3, 2])
    with left:
        lesson.picture(atlas, "map", boundary.describe_map(sweep, measure, not told), page, lambda: _pick(grid))
        if not lecture.stage():
            _progress(grid, seen, sweep)
        if told:
            lesson.tell(boundary.summary(sweep, measure, lines))
    with right:
        lesson.picture(profile, "profile", boundary.describe_profile(sweep, row, not told), page)
        lesson.tell(boundary.profile(grid, row))
    if not lecture.stage():
        _chosen(spec, grid, sweep, cell, told)
    return {"map": (say("Map"), atlas), "profile": (say("Profile"), profile)}


def _progress(grid: Grid, seen: Progress[Sweep], sweep: Sweep) -> None:
    draws = int(np.min(sweep.counts))
    text = boundary.progress(seen.state, seen.done, seen.total, seen.ahead, seen.seconds, draws, seen.reason)
    with st.container(horizontal=True, vertical_alignment="center"):
        if seen.live:
            st.progress(seen.done / max(seen.total, 1), text)
            st.button(say("Stop"), key="map_stop", icon=":material/stop:", on_click=_stop, args=(grid,))
            return
        st.markdown(text, width="content")
        if seen.state in ("stopped", "failed"):
            wanted, label = seen.amount, say("Go on")
        else:
            wanted, label = seen.amount + MORE_DRAWS, say("More draws")
        if seen.state != "refused" and wanted <= MOST_MAP_DRAWS:
            st.button(label, key="map_more", icon=":material/add:", on_click=_ask, args=(grid, wanted))


def _cell_text(name: str, values: Sequence[float], place: int) -> str:
    return boundary.value_text(name, values[place])


def _chosen(spec: Spec, grid: Grid, sweep: Sweep, cell: tuple[int, int], told: bool) -> None:
    """Say what is in the chosen cell, let another be chosen by keyboard, and lead to other pages with it."""
    here = f"{boundary.cell(sweep, *cell)} {boundary.aside(grid.at(*cell), spec)}"
    lesson.tell(here.strip() if told else "", heading=say("One cell"))
    row, column = _keys(grid)
    with st.container(horizontal=True):
        for key, name, values in ((column, grid.x, grid.xs), (row, grid.y, grid.ys)):
            if len(values) > 1:
                st.select_slider(
                    say(AXES[name].label),
                    list(range(len(values))),
                    format_func=partial(_cell_text, name, values),
                    key=key,
                    width=320,
                )
    setting = grid.at(*cell)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say("Open this experiment in"), width="content")
        for stem in OPENS_IN:
            st.page_link(
                f"pages/{stem}.py",
                label=say(BY_STEM[stem].title),
                icon=":material/arrow_forward:",
                query_params={"load": spec_text(setting.spec)},
                width="content",
            )
    if lost := boundary.not_carried(setting):
        st.markdown(f":small[{lost}]")
