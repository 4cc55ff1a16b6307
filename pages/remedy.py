"""remedy: erase what the forget rows taught before fine-tuning (section 4 in version 1 of the paper)."""

from functools import partial

from ui import frame, lesson
from ui.figures import weights
from ui.figures.style import REMEDIES
from ui.language import say
from ui.lessons.remedy import figures as remedy_figures
from ui.lessons.remedy import results as remedy_results
from ui.lessons.remedy import sentences as remedy

spec, page = frame.open_page()
options = frame.options(page)
theme, chosen, mixed = frame.theme(), options["erase"], options["rotate"]
found = remedy_results.remedied(spec, remedy.CAST_KEYS, chosen, mixed)
records = list(found.records.values())

told = lesson.predict(page, partial(remedy.verdict, page.prediction.options, found=found, spec=spec))
hidden = remedy.hidden(told)
stages = remedy.stages(found.weights, found.erased, chosen)
labels = remedy.stage_labels(chosen)
gone = {"erased": found.weights["pretrained"]}
weights = weights.weight_anatomy(stages, found.blocks, labels, theme, hidden, gone, remedy.PANEL)
bars = remedy_figures.remedy_bars(records[1:], remedy.size(found.weights), chosen, theme, hidden)
figures = {"weights": (say("Weights"), weights), "bars": (say("Distances and losses"), bars)}

left, right = lesson.columns([3, 2])
with left:
    lesson.picture(weights, "weights", remedy.describe_weights(stages, found.blocks, labels, hidden), page)
with right:
    lesson.picture(bars, "bars", remedy.describe_bars(found.records, found.weights, hidden), page)
if told:
    outcome = remedy.outcome(spec, found.records, found.weights, chosen, mixed)
    outcome += f"\n\n{remedy.why_not_golden(spec, found)}"
    if options["against"] == "overlap":
        lesson.tell(outcome, ahead=say("How near golden, at every overlap"))
        curve = remedy_results.remedy_means(spec, REMEDIES, mixed)
        second = remedy_figures.remedy_overlap(curve, spec.overlap, chosen, theme)
        alt = remedy.describe_overlap(curve, remedy.size(found.weights))
        sentence = remedy.nearer(curve, spec, found.records, found.weights)
    else:
        lesson.tell(outcome, ahead=say("When fine-tuning sees only some of the rows to keep"))
        rows, tuned = remedy_results.remedy_rows(spec, REMEDIES, mixed)
        second = remedy_figures.remedy_rows(rows, tuned, spec.tune_rows, chosen, theme)
        alt, sentence = remedy.describe_rows(rows, tuned), remedy.rows_needed(rows, tuned)
    figures["second"] = (say("Curves"), second)
    lesson.picture(second, "second", alt, page)
    lesson.tell(f"{sentence}\n\n{remedy.on_mixed(spec)} {say(remedy.ON_UNMIXED)}" if mixed else sentence)
lesson.close(page, spec, theme, figures, told, options)
