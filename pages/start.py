"""start: the dead button; why more training cannot unlearn, seen by everyone first."""

from functools import partial

from ui import cached, charts, frame, lesson, narration
from ui.contents.start import TRAINED
from ui.language import say
from ui.scrubber import scrub

spec, page = frame.open_page()
options = frame.options(page)
theme, labels = frame.theme(), narration.LABELS
found = cached.experiment(spec, narration.CAST_KEYS)
run = cached.tuning_run(spec)

tuned = found.records["fine_tune"]
ended = {**found.records, "fine_tune": run.after(tuned)}
verdict = partial(narration.verdict, page.prediction.options, spec=spec, records=ended, weights=found.weights)
told = lesson.predict(page, verdict)
figure = charts.dead_button(run.steps, run.errors, run.gradient, run.golden, labels, theme, told)
alt = narration.describe_tuning_run(run.steps if told else (0,), run.errors, run.gradient, run.golden)
lesson.picture(figure, "button", alt, page)
if told:
    scrub("button", TRAINED, narration.step_texts(run.steps), options["trained"], play=say("Fine-tune"))
    sentence = narration.fine_tuning(spec, found.records, found.weights)
    answer = narration.enough(spec, ended, found.weights)
    lesson.tell(f"{answer} {narration.tuning_run(run.steps, run.errors, run.golden, tuned)} {sentence}")
    lesson.attack(run.labels, run.readings)
lesson.close(page, spec, theme, {"button": (say("The dead button"), figure)}, told, options)
