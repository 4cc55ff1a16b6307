"""The pictures of the page geometry, each with what is said of it: which stand on the page says the control "view"."""

from collections.abc import Callable
from dataclasses import replace

from ui.figures.models import LABELS
from ui.language import say
from ui.lessons.geometry import results, sentences, valley
from ui.lessons.geometry.losses import start_losses
from ui.lessons.geometry.plane import HEIGHT
from ui.lessons.geometry.text import FORGET, KEEP, LEFT, START, STARTS, STEPS, TURNS
from ui.lessons.geometry.triangle import exact_triangle
from ui.lessons.geometry.weight_space import two_planes
from ui.plot.picture import Drawing, Handle, Picture
from ui.plot.view import View


def _triangle(view: View) -> Picture:
    found, at = results.exact_triangle(view.data), STARTS.index(view["scale"])
    figure = exact_triangle(found, at, LABELS, view.theme, view.hidden)
    caption = sentences.shape(found, view.data) if view.told else ""
    return Picture(figure, sentences.describe_triangle(found, view.hidden), caption, sentences.start_texts(found))


def _parabola(view: View) -> Picture:
    found, at = results.exact_triangle(view.data), STARTS.index(view["scale"])
    figure = start_losses(found, at, LABELS, view.theme, view.hidden)
    caption = sentences.curve(found) if view.told else ""
    return Picture(figure, sentences.describe_start_losses(found, view.hidden), caption, sentences.start_texts(found))


def _hills(view: View) -> Picture:
    seen = results.two_features(view)
    figure = valley.hills(seen, LABELS, view.theme, view.hidden)
    caption = sentences.hills(seen) if view.told else ""
    alt = sentences.describe_hills(seen, view.hidden)
    grab = [
        Handle(x=one.key, y=two.key, at=(view[one.key], view[two.key]), label=label)
        for (one, two), label in ((START, say("Start")), (KEEP, say("Row to keep")), (FORGET, say("Row to forget")))
    ]
    before = sentences.describe_hills(seen, begun=False) if view.told else ""
    return Picture(figure, alt, caption, sentences.roll_texts(seen, STEPS, LEFT), grab=grab, before=before)


def _errors(view: View) -> Picture:
    seen = results.two_features(view)
    figure = valley.errors(seen, LABELS, view.theme, view.hidden)
    alt = sentences.describe_errors(seen, view.hidden)
    caption, texts = sentences.errors() if view.told else "", sentences.roll_texts(seen, STEPS, LEFT)
    before = sentences.describe_errors(seen, begun=False) if view.told else ""
    return Picture(figure, alt, caption, texts, before=before)


def _planes(view: View) -> Picture:
    seen, at = results.three_features(view.spec), TURNS.index(view["turn"])
    figure = two_planes(seen, TURNS, at, LABELS, view.theme, view.hidden)
    caption = sentences.two_planes(seen) if view.told else ""
    return Picture(figure, sentences.describe_two_planes(seen, view.hidden), caption, sentences.turn_texts(TURNS))


def _drawing(draw: Callable[[View], Picture], name: str, seen: str, scrub: str) -> Drawing:
    return Drawing(draw=draw, name=name, scrub=scrub, shown=lambda view: results.seen(view) == seen, height=HEIGHT)


FIGURES = {
    "hills": replace(_drawing(_hills, "Valley", "two", "rolled"), begins=True),
    "errors": _drawing(_errors, "Errors", "two", "rolled"),
    "triangle": _drawing(_triangle, "Triangle", "any", "scale"),
    "parabola": _drawing(_parabola, "Parabola", "any", "scale"),
    "planes": _drawing(_planes, "Two planes", "three", "turn"),
}
