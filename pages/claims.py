"""claims: every statement of the site, both sides computed on the data at hand and on many random settings."""

from functools import partial

from theory import random_specs
from ui import cached, charts, frame, lesson, survey
from ui.language import say
from ui.narration import claims
from ui.sampling import SURVEY

spec, page = frame.open_page()
theme = frame.theme()
with lesson.working(say("Computing both sides of every statement")):
    checks = cached.checks(spec, page.claims)
applies = cached.applies(spec, page.claims)

told = lesson.predict(page, partial(claims.verdict, page.prediction.options, checks=checks, applies=applies))
lanes = charts.claim_lanes(checks, applies, theme, not told)
lesson.picture(lanes, "checks", claims.describe_checks(checks, applies, not told), page)
figures = {"checks": (say("Statements"), lanes)}
if told:
    lesson.tell(claims.summary(checks, applies))
    errors = survey.offer(spec.seed)
    if errors:
        strokes = charts.survey_lanes(errors, theme)
        lesson.picture(strokes, "survey", claims.describe_survey(errors), page)
        lesson.tell(claims.survey(errors, random_specs(SURVEY, spec.seed)))
        figures["survey"] = (say("Random settings"), strokes)
lesson.close(page, spec, theme, figures, told)
