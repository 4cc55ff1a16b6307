"""geometry: the right triangle of the models, and where fine-tuning from any start leads in it."""

from functools import partial

from ui import frame, lesson
from ui.figures import models
from ui.language import say
from ui.lessons.geometry import figures as geometry_figures
from ui.lessons.geometry import results as geometry_results
from ui.lessons.geometry import sentences as geometry
from ui.lessons.geometry.text import ANGLES, STARTS, TURNS
from ui.scrubber import scrub

spec, page = frame.open_page()
options = frame.options(page)
theme, labels = frame.theme(), models.LABELS
view, start = options["view"], options["scale"]
by_key = {control.key: control for control in page.controls}
found = geometry_results.exact_triangle(spec)

told = lesson.predict(page, partial(geometry.verdict, page.prediction.options, found=found))
hidden = lesson.hidden(told)
figures, formula = {}, None
slot = lesson.place()
left, right = lesson.columns([3, 2])

if view == "any":
    at, texts, control = STARTS.index(start), geometry.start_texts(found), by_key["scale"]
    figures["triangle"] = (say("Triangle"), geometry_figures.exact_triangle(found, at, labels, theme, hidden))
    figures["parabola"] = (say("Parabola"), geometry_figures.start_losses(found, at, labels, theme, hidden))
    alts = (geometry.describe_triangle(found, hidden), geometry.describe_start_losses(found, hidden))
    sentence = geometry.triangle(found, spec)
elif view == "two":
    rows, control = geometry_results.two_features(spec), by_key["angle"]
    at, texts = ANGLES.index(options["angle"]), geometry.angle_texts(rows)
    figures["lines"] = (say("Two lines"), geometry_figures.two_lines(rows, at, start, labels, theme, hidden))
    figures["angles"] = (say("Angles"), geometry_figures.angle_losses(rows, at, start, labels, theme, hidden))
    alts = (geometry.describe_two_lines(rows, at, hidden), geometry.describe_angle_losses(rows, start, hidden))
    sentence, formula = geometry.two_lines(rows, start), geometry.formula_two(rows)
else:
    scene, control = geometry_results.three_features(spec, start), by_key["turn"]
    at, texts = TURNS.index(options["turn"]), geometry.turn_texts(TURNS)
    figures["planes"] = (say("Two planes"), geometry_figures.two_planes(scene, TURNS, at, labels, theme, hidden))
    alts = (geometry.describe_two_planes(scene, hidden), "")
    sentence, formula = geometry.two_planes(scene, start), geometry.formula_three(scene)

first, second = (*figures, "")[:2]
if told:
    with slot:
        scrub(tuple(figures), control, texts, options[control.key])
with left:
    lesson.picture(figures[first][1], first, alts[0], page)
with right:
    if second:
        lesson.picture(figures[second][1], second, alts[1], page)
    elif told:
        lesson.tell(sentence)
if told and second:
    lesson.tell(sentence)
lesson.close(page, spec, theme, figures, told, options, formula)
