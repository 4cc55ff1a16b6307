"""overlap: the retain and the forget rows share features (Theorem 3.4 in version 1 of the paper)."""

from functools import partial

from ui import cached, charts, frame, lesson, narration
from ui.language import say

spec, page = frame.open_page()
theme, labels = frame.theme(), narration.LABELS
found = cached.experiment(spec, narration.CAST_KEYS)
records = list(found.records.values())
mean = cached.mean_losses(spec, narration.CAST_KEYS)
fine, expected = cached.expected_losses(spec)

verdict = partial(narration.verdict, page.prediction.options, spec=spec, records=found.records, weights=found.weights)
told = lesson.predict(page, verdict)
hidden = lesson.hidden(told)
curve = charts.overlap_curve(mean, fine, expected, records, spec.overlap, labels, theme, hidden)

left, right = lesson.columns([3, 2])
with left:
    lesson.picture(curve, "curve", narration.describe_overlap_curve(mean, records, spec, labels, hidden), page)
with right:
    lanes = charts.loss_lanes(records, labels, theme, hidden)
    lesson.picture(lanes, "losses", narration.describe_losses(records, labels, hidden), page)
sentence = f"{narration.fine_tuning(spec, found.records, found.weights)} {narration.overlap_trend(mean)}"
lesson.tell(sentence if told else "", ahead=say("Where the models keep what they know"))
weights = charts.weight_anatomy(found.weights, found.blocks, labels, theme, hidden)
lesson.picture(weights, "weights", narration.describe_anatomy(found.weights, spec, labels, hidden), page)
lesson.close(
    page,
    spec,
    theme,
    {"curve": (say("Overlap curve"), curve), "losses": (say("Losses"), lanes), "weights": (say("Weights"), weights)},
    told,
)
