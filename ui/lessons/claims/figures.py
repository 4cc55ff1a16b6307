"""The statements as lanes: how far apart their two sides are, on the data at hand and on many random settings."""

import math
from collections.abc import Iterable, Mapping

import numpy as np

from theory import EXACT, Array, Check, random_specs
from ui.figures.curves import upright
from ui.figures.figure import Figure
from ui.figures.losses import EXACT_ZERO
from ui.figures.style import MUTED, PAPER, RULE, TEMPLATE, Theme, colour, text_colour, unknown
from ui.language import say
from ui.language.words import FLOOR, says_nothing
from ui.lessons.claims.results import SURVEY, survey_errors
from ui.lessons.claims.sentences import (
    LINE,
    NAMES,
    applied,
    describe_checks,
    describe_survey,
    difference,
    groups,
    standing,
    summary,
    survey,
)
from ui.lessons.claims.text import PAGE
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View
from ui.server import results

# Differences beyond this stand at the right end of the axis.
BEYOND = 100.0
LANE, MARGIN = 23, 96
NAMES_WIDTH = 158
SMALL = 13
# Above the lanes.
TOP = {"yref": "paper", "yanchor": "bottom"}
TICKS = {FLOOR: EXACT_ZERO, EXACT: LINE, 1.0: "1"}
ROLE = {"holds": "remedy", "fails": "forget", "outside": "pretrained"}
SYMBOL = {"holds": "circle", "fails": "x", "outside": "circle-open"}


def _place(error: float) -> float:
    return min(max(error, FLOOR), BEYOND)


def _lanes(keys: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the height of every statement and of the title of every family, counted down from the top."""
    lanes, titles, y = {}, {}, 0
    for title, members in groups(keys).items():
        titles[title], y = y, y - 1
        for key in members:
            lanes[key], y = y, y - 1
    return lanes, titles


def _note(text: str, y: float, x: float, **more: object) -> dict[str, object]:
    return {"text": text, "x": math.log10(x), "y": y, **more}


def _figure(
    traces: list[dict[str, object]],
    notes: list[dict[str, object]],
    grey: frozenset[str],
    keys: Iterable[str],
    theme: Theme,
    right: dict[str, object],
) -> Figure:
    lanes, titles = _lanes(keys)
    for title, y in titles.items():
        notes.append(_note(f"<b>{title}</b>", y, 1, xref="paper", xanchor="left", xshift=-NAMES_WIDTH) | {"x": 0})
    ground = min(lanes.values()) - 0.7
    font = {"size": SMALL, "color": text_colour("remedy", theme)}
    notes += [
        _note(say("counts as equal"), 1, EXACT, xanchor="right", xshift=-8, font=font) | TOP,
        {"font": {"size": SMALL, "color": MUTED[theme]}} | right | TOP,
    ]
    names = {
        y: f'<span style="color:{MUTED[theme]}">{key} {NAMES.get(key, "")}</span>'
        if key in grey
        else f"{key} {NAMES.get(key, '')}"
        for key, y in lanes.items()
    }
    return Figure(
        data=traces,
        layout={
            "template": TEMPLATE[theme],
            "height": LANE * (len(lanes) + len(titles)) + MARGIN,
            "margin": {"t": 28, "l": NAMES_WIDTH, "r": 12},
            "annotations": notes,
            "shapes": [upright(EXACT, colour("remedy", theme), 2, dash="dot")],
            "xaxis": {
                "type": "log",
                "range": [math.log10(FLOOR) - 0.6, math.log10(BEYOND) + 0.4],
                "tickvals": list(TICKS),
                "ticktext": [say(EXACT_ZERO), *list(TICKS.values())[1:]],
                "tickangle": 0,
                "title": {"text": say("relative difference, log axis")},
                "zeroline": False,
                # None under the dotted line, which would look doubled.
                "showgrid": False,
                "minor": {"tickvals": [FLOOR, 1.0], "showgrid": True, "gridcolor": RULE[theme]},
            },
            "yaxis": {
                "range": [ground, 0.6],
                "tickvals": list(names),
                "ticktext": list(names.values()),
                "showgrid": False,
                "zeroline": False,
                "automargin": False,
                "ticklabelstandoff": 8,
            },
        },
    )


def claim_lanes(checks: Mapping[str, Check], applies: Mapping[str, bool], theme: Theme, hidden: bool = False) -> Figure:
    """Draw every statement's relative difference as a mark on a log axis, with the line up to which it counts as equal.

    Statements that do not apply are grey and say so; where they are hidden, a question mark stands for them.
    Shapes: one lane a statement.
    """
    lanes, _ = _lanes(checks)
    standings: dict[str, str] = {}
    notes: list[dict[str, object]] = []
    mark = {"size": 16, "color": MUTED[theme]}
    for key, check in checks.items():
        state, y = standing(check, applies[key]), lanes[key]
        if state == "outside" and hidden:
            notes.append(unknown(theme) | _note("<b>?</b>", y, EXACT, font=mark, bgcolor=PAPER[theme]))
            continue
        standings[key] = state
        shown, apart = _place(check.error), check.error > EXACT
        if state != "holds":
            notes.append(
                _note(
                    _word(check, state),
                    y,
                    shown,
                    xanchor="right" if apart else "left",
                    xshift=-10 if apart else 10,
                    font={"size": SMALL, "color": text_colour(ROLE[state], theme)},
                    bgcolor=PAPER[theme],  # the dotted line ends at the word
                    borderpad=0,
                )
            )
    errors = [checks[key].error for key in standings]
    inks = [colour(ROLE[state], theme) for state in standings.values()]
    marks: dict[str, object] = {
        "type": "scatter",
        "mode": "markers",
        "x": [_place(error) for error in errors],
        "y": [lanes[key] for key in standings],
        "customdata": [error if math.isfinite(error) else None for error in errors],
        "name": say("Statements"),
        "meta": {
            "claims": list(standings),
            "standings": list(standings.values()),
            "names": [f"{key} {NAMES.get(key, '')}".strip() for key in standings],
        },
        "marker": {
            "symbol": [
                "triangle-right" if error > BEYOND else SYMBOL[state]
                for error, state in zip(errors, standings.values(), strict=True)
            ],
            "size": 12,
            "color": inks,
            "line": {"color": inks, "width": 2},
        },
        "cliponaxis": False,
        "hovertemplate": [
            say("{key}: relative difference {error}<extra></extra>", key=key, error=difference(error))
            for key, error in zip(standings, errors, strict=True)
        ],
        "showlegend": False,
    }
    right = _note(say("differs"), 1, EXACT, xanchor="left", xshift=8)
    return _figure([marks], notes, frozenset(key for key in checks if not applies[key]), checks, theme, right)


def _word(check: Check, state: str) -> str:
    """Return what stands beside a mark that is none of a statement which holds."""
    if says_nothing(check):
        return say("zero beside zero")
    return say("does not apply") if state == "outside" else say("<b>fails</b>")


def survey_lanes(errors: Mapping[str, Array], theme: Theme) -> Figure:
    """Draw every statement's relative difference on many settings: one stroke a setting, the worst as a mark.

    Shapes: errors (k,) a statement, not a number where it does not apply; to the right, to how many it applied.
    """
    lanes, _ = _lanes(errors)
    traces: list[dict[str, object]] = []
    notes: list[dict[str, object]] = []
    never = set()
    for key, values in errors.items():
        found, y = values[~np.isnan(values)], lanes[key]
        muted = {"size": SMALL, "color": MUTED[theme]}
        notes.append(_note(applied(values), y, EXACT, xanchor="left", xshift=8, font=muted))
        if not found.size:
            never.add(key)
            continue
        worst, name = float(found.max()), f"{key} {NAMES.get(key, '')}".strip()
        state = "holds" if worst <= EXACT else "fails"
        ink = colour(ROLE[state], theme)
        common: dict[str, object] = {"type": "scatter", "mode": "markers", "cliponaxis": False, "showlegend": False}
        traces += [
            common
            | {
                "x": np.clip(found, FLOOR, BEYOND),
                "y": np.full(len(found), y),
                "name": name,
                "meta": {"claim": key, "strokes": True},
                "marker": {"symbol": "line-ns", "size": 9, "opacity": 0.4, "line": {"color": ink, "width": 1.5}},
                "hoverinfo": "skip",
            },
            common
            | {
                "x": [_place(worst)],
                "y": [y],
                "name": say("{name}: worst", name=name),
                "meta": {"claim": key, "standing": state, "value": worst},
                "marker": {"symbol": SYMBOL[state], "size": 11, "color": ink},
                "hovertemplate": say(
                    "{key}: at most {worst}, {applied}<extra></extra>",
                    key=key,
                    worst=difference(worst),
                    applied=applied(values),
                ),
            },
        ]
    right = _note(say("applies to"), 1, EXACT, xanchor="left", xshift=8)
    return _figure(traces, notes, frozenset(never), errors, theme, right)


def _checks(view: View) -> Picture:
    checks, applies = results.checks(view.data, PAGE.claims), results.applies(view.data, PAGE.claims)
    figure = claim_lanes(checks, applies, view.theme, not view.told)
    caption = summary(checks, applies) if view.told else ""
    return Picture(figure, describe_checks(checks, applies, not view.told), caption)


def _survey(view: View) -> Picture:
    errors = survey_errors(view.spec.seed)
    caption = survey(errors, random_specs(SURVEY, view.spec.seed))
    return Picture(survey_lanes(errors, view.theme), describe_survey(errors), caption)


_LANES = len(PAGE.claims) + len(groups(PAGE.claims))
FIGURES = {
    "checks": Drawing(draw=_checks, name="Statements", height=LANE * _LANES + MARGIN),
    "survey": Drawing(draw=_survey, name="Random settings", height=LANE * _LANES + MARGIN, follows=("seed",)),
}
