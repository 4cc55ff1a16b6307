"""The map as a visitor's job."""

from theory import Grid, Sweep
from ui.language import say
from ui.language.words import plural
from ui.lessons import long_work
from ui.lessons.boundary import results
from ui.lessons.boundary.grids import MAP_DRAWS, MORE_DRAWS, MOST_MAP_DRAWS, chosen
from ui.lessons.lesson import Growth
from ui.plot.view import View
from ui.server.jobs import Progress

# Seconds between two looks at a map that is under way.
OFTEN = 0.7


def _look(grid: Grid) -> Progress[Sweep]:
    return long_work.look(results.sweeps(), grid, MAP_DRAWS)


def work(view: View) -> Growth:
    """Ask for the map of a View, and return how far it is."""
    grid, _ = chosen(view)
    seen = _look(grid)
    so_far = int(seen.record.counts.sum()) if seen.record else 0
    return long_work.growth(seen, f"{so_far}", OFTEN)


def progress(view: View) -> None:
    """Say how far the map is, and let it be stopped, taken up again or made finer."""
    grid, _ = chosen(view)
    seen, draws = _look(grid), int(results.known(grid).counts.min())
    words = long_work.Words(
        behind=say("Other maps come first: {ahead} before this one.", ahead=seen.ahead),
        next=say("It starts in a moment."),
        refused=say("Too many maps are waiting on this server. This one is asked for again in a few seconds."),
        done=say("{draws} a cell.", draws=plural(draws, "draw")),
        more=say("More draws"),
    )
    long_work.show(results.sweeps(), grid, seen, words, name="map", more=MORE_DRAWS, most=MOST_MAP_DRAWS)
