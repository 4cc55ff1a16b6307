"""The pictures of the page dynamics, each with what is said of it: the clocks, what decay costs, and the step sizes."""

from theory import Modes, Refusal
from ui.lessons.dynamics import results, sentences
from ui.lessons.dynamics.clocks import HEIGHT, clocks
from ui.lessons.dynamics.curves import SIDE_HEIGHT, cost_curve, step_sizes
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View


def run_of(view: View) -> Modes:
    """Return the run of gradient descent a View asks for."""
    return results.modes(view.data, view["start"], view["step_size"], view["decay"], view["objective"])


def _clocks(view: View) -> Picture:
    run = run_of(view)
    caption = sentences.run(run, view.data, view["start"], view["objective"]) if view.told else ""
    return Picture(
        clocks(run, view.theme, view.told, whole=view.lecture),
        sentences.describe_clocks(run, view.told),
        caption,
        sentences.frame_texts(run),
        before=sentences.describe_clocks(run, begun=False) if view.told else "",
    )


def _cost(view: View) -> Picture:
    if view["step_size"] > 1:
        raise Refusal(
            "step_size must be at most 1 for what decay costs, got {value:g}: take a step that does not diverge",
            {"value": view["step_size"]},
        )
    found, decay = results.cost(view.data, view["start"], view["step_size"], view["decay"]), view["decay"]
    figure = cost_curve(found, view.data.tune_rows, view.theme)
    return Picture(figure, sentences.describe_cost(found), sentences.cost(found, view.data, decay))


def _pace(view: View) -> Picture:
    run = run_of(view)
    figure = step_sizes(run, view["objective"], view.theme, view.told)
    return Picture(figure, sentences.describe_pace(run, view.told), sentences.pace(run) if view.told else "")


def _costs(view: View) -> bool:
    """Whether there is a cost to show: on the rows to keep alone, at a step that does not diverge."""
    return view.told and view["objective"] == "retain" and view["step_size"] <= 1


FIGURES = {
    "clocks": Drawing(draw=_clocks, name="Clocks", scrub="step", begins=True, height=HEIGHT),
    "pace": Drawing(draw=_pace, name="Step sizes", height=SIDE_HEIGHT),
    "cost": Drawing(draw=_cost, name="What decay costs", shown=_costs, height=SIDE_HEIGHT),
}
