"""The pictures of the page geometry, each with what is said of it: which stand on the page says the control "view"."""

from collections.abc import Callable

from ui.figures.models import LABELS
from ui.lessons.geometry import results, sentences
from ui.lessons.geometry.losses import angle_losses, start_losses
from ui.lessons.geometry.plane import HEIGHT
from ui.lessons.geometry.text import ANGLES, STARTS, TURNS
from ui.lessons.geometry.triangle import exact_triangle
from ui.lessons.geometry.weight_space import two_lines, two_planes
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View


def _triangle(view: View) -> Picture:
    found, at = results.exact_triangle(view.spec), STARTS.index(view["scale"])
    figure = exact_triangle(found, at, LABELS, view.theme, view.hidden)
    caption = sentences.shape(found, view.spec) if view.told else ""
    return Picture(figure, sentences.describe_triangle(found, view.hidden), caption, sentences.start_texts(found))


def _parabola(view: View) -> Picture:
    found, at = results.exact_triangle(view.spec), STARTS.index(view["scale"])
    figure = start_losses(found, at, LABELS, view.theme, view.hidden)
    caption = sentences.curve(found) if view.told else ""
    return Picture(figure, sentences.describe_start_losses(found, view.hidden), caption, sentences.start_texts(found))


def _lines(view: View) -> Picture:
    rows, at, start = results.two_features(view.spec), ANGLES.index(view["angle"]), view["scale"]
    figure = two_lines(rows, at, start, LABELS, view.theme, view.hidden)
    caption = sentences.two_lines(rows, start) if view.told else ""
    return Picture(figure, sentences.describe_two_lines(rows, at, view.hidden), caption, sentences.angle_texts(rows))


def _angles(view: View) -> Picture:
    rows, at, start = results.two_features(view.spec), ANGLES.index(view["angle"]), view["scale"]
    figure = angle_losses(rows, at, start, LABELS, view.theme, view.hidden)
    alt = sentences.describe_angle_losses(rows, start, view.hidden)
    return Picture(figure, alt, steps=sentences.angle_texts(rows))


def _planes(view: View) -> Picture:
    seen, at, start = results.three_features(view.spec, view["scale"]), TURNS.index(view["turn"]), view["scale"]
    figure = two_planes(seen, TURNS, at, LABELS, view.theme, view.hidden)
    caption = sentences.two_planes(seen, start) if view.told else ""
    return Picture(figure, sentences.describe_two_planes(seen, view.hidden), caption, sentences.turn_texts(TURNS))


def _drawing(draw: Callable[[View], Picture], name: str, seen: str, scrub: str) -> Drawing:
    return Drawing(draw=draw, name=name, scrub=scrub, shown=lambda view: view["view"] == seen, height=HEIGHT)


FIGURES = {
    "triangle": _drawing(_triangle, "Triangle", "any", "scale"),
    "parabola": _drawing(_parabola, "Parabola", "any", "scale"),
    "lines": _drawing(_lines, "Two lines", "two", "angle"),
    "angles": _drawing(_angles, "Angles", "two", "angle"),
    "planes": _drawing(_planes, "Two planes", "three", "turn"),
}
