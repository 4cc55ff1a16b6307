"""distinct: the retain and the forget rows use different features (Theorem 3.2 in version 1 of the paper)."""

from functools import partial

from ui import cached, charts, frame, lesson, narration
from ui.language import say

spec, page = frame.open_page()
theme, labels = frame.theme(), narration.LABELS
found = cached.experiment(spec, narration.CAST_KEYS)
records = list(found.records.values())

verdict = partial(narration.verdict, page.prediction.options, spec=spec, records=found.records, weights=found.weights)
told = lesson.predict(page, verdict)
hidden = lesson.hidden(told)
weights = charts.weight_anatomy(found.weights, found.blocks, labels, theme, hidden)

left, right = lesson.columns([3, 2])
with left:
    lesson.picture(weights, "weights", narration.describe_anatomy(found.weights, spec, labels, hidden), page)
with right:
    lanes = charts.loss_lanes(records, labels, theme, hidden)
    lesson.picture(lanes, "losses", narration.describe_losses(records, labels, hidden), page)
rows, losses = cached.tuning(spec)
sentence = narration.fine_tuning(spec, found.records, found.weights)
lesson.tell(sentence if told else "", ahead=say("Would more rows to train on help?"))
curve = charts.tuning_curve(rows, losses, records, spec.tune_rows, labels, theme, hidden)
lesson.picture(curve, "rows", narration.describe_tuning_curve(rows, losses, found.records["golden"], hidden), page)
if told:
    lesson.tell(narration.tuning_rows(rows, losses, found.records["golden"]))
lesson.close(
    page,
    spec,
    theme,
    {"weights": (say("Weights"), weights), "losses": (say("Losses"), lanes), "rows": (say("Rows"), curve)},
    told,
)
