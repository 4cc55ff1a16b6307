"""The pictures of the page dynamics, each with what is said of it: the clocks, the lengths, and the step sizes."""

from theory import Modes
from ui.figures.models import LABELS
from ui.lessons.dynamics import results, sentences
from ui.lessons.dynamics.clocks import HEIGHT, clocks
from ui.lessons.dynamics.curves import SIDE_HEIGHT, leftover_curve, step_sizes
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View


def run_of(view: View) -> Modes:
    """Return the run of gradient descent a View asks for."""
    return results.modes(view.spec, view["start"], view["step_size"], view["decay"], view["objective"])


def _clocks(view: View) -> Picture:
    run, objective = run_of(view), view["objective"]
    figure = clocks(run, objective, LABELS, view.theme, view.told)
    caption = sentences.run(run, objective) if view.told else ""
    return Picture(figure, sentences.describe_clocks(run, view.told), caption, sentences.frame_texts(run))


def _lengths(view: View) -> Picture:
    run, objective = run_of(view), view["objective"]
    figure = leftover_curve(run, objective, view.theme, view.told)
    caption = sentences.lengths(run, objective) if view.told else ""
    return Picture(figure, sentences.describe_lengths(run, view.told), caption, sentences.frame_texts(run))


def _pace(view: View) -> Picture:
    run = run_of(view)
    figure = step_sizes(run, view["objective"], view.theme, view.told)
    return Picture(figure, sentences.describe_pace(run, view.told), sentences.pace(run) if view.told else "")


FIGURES = {
    "clocks": Drawing(draw=_clocks, name="Clocks", scrub="step", height=HEIGHT),
    "lengths": Drawing(draw=_lengths, name="Distances", scrub="step", height=SIDE_HEIGHT),
    "pace": Drawing(draw=_pace, name="Step sizes", height=SIDE_HEIGHT),
}
