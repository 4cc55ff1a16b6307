"""regularize: push the rows to forget to wrong labels (discriminative regularization, version 1 of the paper)."""

from functools import partial

import streamlit as st

from ui import cached, charts, frame, lesson
from ui.narration import regularize as say

spec, page = frame.open_page()
theme, options = frame.theme(), frame.options(page)
alpha, target, mu = options["alpha"], options["target"], options["mu"]
found = cached.pushed(spec, say.KEYS, alpha, target, mu)
curve, crossing = cached.push_curve(spec, target, mu)
records = found.records

verdict = partial(say.verdict, page.prediction.options, crossing=crossing, curve=curve, records=records)
told = lesson.predict(page, verdict)
push = charts.push_curve(curve, records, alpha, theme, told)
lesson.picture(push, "push", say.describe_push(curve, alpha, records, told), page)
figures = {"push": ("Push", push)}
if told:
    lesson.tell(say.push(spec, alpha, curve, records))
    trade = charts.push_trade_off(curve, records, alpha, say.LABELS, theme)
    errors = charts.residual_lanes(found.residuals, say.titles(records), say.ATTACKED, theme)
    figures |= {"trade": ("Trade-off", trade), "errors": ("Errors", errors)}
    left, right = st.columns(2, gap="large")
    with left:
        lesson.heading("Why an equal error is not enough")
        lesson.tell(f"{say.EQUAL} {say.equal_error(crossing, curve, records['golden'], records['pretrained'])}")
    with right:
        lesson.heading("When the weight does not matter")
        lesson.tell(f"{say.WEIGHT} {say.weight(spec, mu, curve)}")
    left, right = st.columns([2, 3], gap="large")
    with left:
        lesson.heading("What one error costs the other")
        lesson.tell(say.TRADE)
    with right:
        lesson.picture(trade, "trade", say.describe_trade_off(curve, records), page)
    left, right = st.columns([2, 3], gap="large")
    with left:
        lesson.heading("What an attacker sees")
        lesson.tell(f"{say.ATTACK} {say.attack(records)}")
    with right:
        lesson.picture(errors, "errors", say.describe_residuals(records, spec.n_forget), page)
    lesson.heading("Three names for one push")
    lesson.tell(say.VARIANTS)
lesson.close(page, spec, theme, figures, told, options)
