"""dynamics: gradient descent direction by direction; the ones that run, and the ones that never move."""

from functools import partial

from ui import frame, lesson
from ui.figures import models
from ui.language import say
from ui.lessons.dynamics import figures as dynamics_figures
from ui.lessons.dynamics import results as dynamics_results
from ui.lessons.dynamics import sentences as words
from ui.lessons.dynamics.text import STEP
from ui.scrubber import scrub

spec, page = frame.open_page()
options = frame.options(page)
theme, labels = frame.theme(), models.LABELS
objective = options["objective"]
modes = dynamics_results.modes(spec, options["start"], options["step_size"], options["decay"], objective)

told = lesson.predict(page, partial(words.verdict, page.prediction.options, modes=modes, objective=objective))
clocks = dynamics_figures.clocks(modes, objective, labels, theme, told)
lesson.picture(clocks, "clocks", words.describe_clocks(modes, told), page)
if told:
    scrub(("clocks", "lengths"), STEP, words.frame_texts(modes), options["step"])
    lesson.tell(words.run(modes, objective))

lengths = dynamics_figures.leftover_curve(modes, objective, theme, told)
pace = dynamics_figures.step_sizes(modes, objective, theme, told)
left, right = lesson.columns(2)
with left:
    lesson.heading(say("How far from golden"))
    lesson.picture(lengths, "lengths", words.describe_lengths(modes, told), page)
    if told:
        lesson.tell(words.lengths(modes, objective))
with right:
    lesson.heading(say("What one step leaves"))
    lesson.picture(pace, "pace", words.describe_pace(modes, told), page)
    if told:
        lesson.tell(words.pace(modes))
lesson.close(
    page,
    spec,
    theme,
    {"clocks": (say("Clocks"), clocks), "lengths": (say("Distances"), lengths), "pace": (say("Step sizes"), pace)},
    told,
    options,
    words.formula(modes, objective),
)
