"""claims: every statement of the site, both sides computed on the data at hand and on many random settings."""

from functools import partial

from theory import random_specs
from ui import frame, lesson
from ui.language import say
from ui.lessons.claims import figures as claims_figures
from ui.lessons.claims import random_check as survey
from ui.lessons.claims import sentences as claims
from ui.lessons.claims.results import SURVEY
from ui.server import results

spec, page = frame.open_page()
theme = frame.theme()
with lesson.working(say("Computing both sides of every statement")):
    checks = results.checks(spec, page.claims)
applies = claims.applying(spec, page.claims)

told = lesson.predict(page, partial(claims.verdict, page.prediction.options, checks=checks, applies=applies))
lanes = claims_figures.claim_lanes(checks, applies, theme, not told)
lesson.picture(lanes, "checks", claims.describe_checks(checks, applies, not told), page)
figures = {"checks": (say("Statements"), lanes)}
if told:
    lesson.tell(claims.summary(checks, applies))
    errors = survey.offer(spec.seed)
    if errors:
        strokes = claims_figures.survey_lanes(errors, theme)
        lesson.picture(strokes, "survey", claims.describe_survey(errors), page)
        lesson.tell(claims.survey(errors, random_specs(SURVEY, spec.seed)))
        figures["survey"] = (say("Random settings"), strokes)
lesson.close(page, spec, theme, figures, told)
