"""regularize: push the rows to forget to wrong labels (discriminative regularization, version 1 of the paper)."""

from functools import partial

from ui import frame, lesson
from ui.language import say
from ui.lessons.regularize import figures as regularize_figures
from ui.lessons.regularize import results as regularize_results
from ui.lessons.regularize import sentences as words
from ui.lessons.regularize.text import ALONG
from ui.scrubber import scrub

spec, page = frame.open_page()
theme, options = frame.theme(), frame.options(page)
alpha, target, mu = options["alpha"], options["target"], options["mu"]
found = regularize_results.pushed(spec, words.KEYS, alpha, target, mu)
curve, records = regularize_results.push_curve(spec, target, mu), found.records

find = partial(regularize_results.crossing, spec, target, mu)
verdict = partial(words.verdict, page.prediction.options, find_crossing=find, curve=curve, records=records)
told = lesson.predict(page, verdict)
push = regularize_figures.push_curve(curve, records, alpha, theme, told)
lesson.picture(push, "push", words.describe_push(curve, alpha, records, told), page)
figures = {"push": (say("Push"), push)}
if told:
    lesson.tell(words.push(spec, alpha, curve, records, target))
    trade = regularize_figures.push_trade_off(curve, records, alpha, words.LABELS, theme)
    errors = regularize_figures.residual_lanes(
        found.residuals, words.titles(records, spec.n_forget), words.ATTACKED, theme
    )
    figures |= {"trade": (say("Trade-off"), trade), "errors": (say("Errors"), errors)}
    left, right = lesson.columns([2, 3], gap="large")
    with left:
        equal = words.equal_error(find(), curve, records["golden"], records["pretrained"])
        lesson.tell(f"{say(words.EQUAL)} {equal}", heading=say("Why an equal error is not enough"))
    with right:
        lesson.picture(trade, "trade", words.describe_trade_off(curve, records), page)
        scrub("trade", ALONG, words.push_texts(curve), alpha, linked=False)
    with left:
        lesson.tell(say(words.TRADE), heading=say("What one error costs the other"))
    left, right = lesson.columns([2, 3], gap="large")
    with right:
        lesson.picture(errors, "errors", words.describe_residuals(records, spec.n_forget), page)
    with left:
        lesson.tell(f"{say(words.ATTACK)} {words.attack(records, spec.n_forget)}", heading=say("What an attacker sees"))
    lesson.tell(
        f"{say(words.WEIGHT)} {words.weight(spec, mu, curve)}",
        heading=say("When the weight does not matter"),
    )
    lesson.tell(say(words.VARIANTS), heading=say("Three names for one push"))
lesson.close(page, spec, theme, figures, told, options)
