"""dynamics: gradient descent direction by direction; the ones that run, and the ones that never move."""

from functools import partial

import streamlit as st

from ui import cached, charts, frame, lesson, narration
from ui.contents.dynamics import STEP
from ui.narration import dynamics as say
from ui.scrubber import scrub

spec, page = frame.open_page()
options = frame.options(page)
theme, labels = frame.theme(), narration.LABELS
objective = options["objective"]
modes = cached.modes(spec, options["start"], options["step_size"], options["decay"], objective)

told = lesson.predict(page, partial(say.verdict, page.prediction.options, modes=modes, objective=objective))
clocks = charts.clocks(modes, objective, labels, theme, told)
lengths = charts.leftover_curve(modes, objective, theme, told)
pace = charts.step_sizes(modes, objective, theme, told)

lesson.picture(clocks, "clocks", say.describe_clocks(modes, told), page)
if told:
    scrub(("clocks", "lengths"), STEP, say.frame_texts(modes), options["step"])
    lesson.tell(say.run(modes, objective))

left, right = st.columns(2, gap="medium")
with left:
    lesson.heading("How far from golden")
    lesson.picture(lengths, "lengths", say.describe_lengths(modes, told), page)
    if told:
        lesson.tell(say.lengths(modes, objective))
with right:
    lesson.heading("What one step leaves")
    lesson.picture(pace, "pace", say.describe_pace(modes, told), page)
    if told:
        lesson.tell(say.pace(modes))
lesson.close(
    page,
    spec,
    theme,
    {"clocks": ("Clocks", clocks), "lengths": ("Distances", lengths), "pace": ("Step sizes", pace)},
    told,
    options,
)
