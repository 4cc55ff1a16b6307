"""Every sentence, caption and verdict of every page, against numbers recomputed beside them."""

import re
from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from tests.audit.addresses import address, settings_of, view
from tests.audit.lineup_methods import RULES, timing_true
from tests.audit.lineup_methods import texts as lineup_texts
from tests.audit.reading import plain, texts
from tests.audit.rules import ROOMS, facts_of, readings, said, unread
from theory import METHODS, deletion_timing
from ui.lessons import LESSONS
from ui.lessons.lineup.sentences import timed
from ui.plot.controls import Choice, Scale, Switch
from ui.plot.real_rows import FEATURES, ROWS

# Settings of each page that are read; captions that are means over draws, and maps cell by cell, are read at every
# so many of them.
SHARES = {
    "start": 350,
    "geometry": 250,
    "distinct": 250,
    "overlap": 250,
    "remedy": 250,
    "regularize": 120,
    "dynamics": 250,
    "boundary": 80,
    "claims": 100,
    "patient": 50,
    "digits": 16,
    "your_table": 40,
    "network": 4,
    "lineup": 100,
    "posterior": 30,
    "flatten": 40,
    "relatives": 40,
}
SLOW_AT, DEEP_AT = 6, 20
# A control of pages with facts of their own that changes what is said whatever the others are.
OTHERS = (
    ("patient", "who"),
    ("digits", "split"),
    ("your_table", "shuffle"),
    ("posterior", "apart"),
    ("flatten", "depth"),
    ("relatives", "draw"),
)
# Readings of a page at a setting, at least, on average: rules that fell silent would be noticed.
SPOKEN = {
    "start": 5,
    "geometry": 0.4,
    "distinct": 4,
    "overlap": 2,
    "remedy": 2.5,
    "regularize": 2.5,
    "dynamics": 0.8,
    "boundary": 0.1,
    "claims": 0.02,
    "patient": 12,
    "digits": 12,
    "your_table": 6,
    "network": 15,
    "lineup": 8,
    "posterior": 14,
    "flatten": 10,
    "relatives": 6,
}


def audit(stem):
    """What is false on a page, with its address, and how often every rule had something to judge."""
    false, spoken = defaultdict(list), Counter()
    for k, values in enumerate(settings_of(stem, SHARES[stem])):
        seen_at, facts, seen = view(stem, **values), None, set()
        for where, text in said(stem, seen_at, slow=k % SLOW_AT == 0).items():
            facts = facts or facts_of(stem, seen_at, deep=k % DEEP_AT == 0)
            if stem in ROOMS:
                false["no rule at all"] += [(address(stem, **values), where, words) for words in unread(facts, text)]
            for rule, sentence, truth in readings(facts, where, text):
                if truth is None or (rule, sentence) in seen:
                    continue
                seen.add((rule, sentence))
                spoken[rule] += 1
                if not truth:
                    false[rule].append((address(stem, **values), where, sentence))
    return false, spoken


def test_the_audit_reads_two_thousand_settings_and_every_option_of_every_page():
    assert sum(SHARES.values()) >= 2000
    assert set(SHARES) == set(LESSONS)
    for stem, count in SHARES.items():
        met = defaultdict(set)
        for values in settings_of(stem, count):
            for key, value in values.items():
                met[key].add(value)
        if ROWS in LESSONS[stem].page.controls:
            met[ROWS.key].add(ROWS.default)
        for control in (c for c in LESSONS[stem].page.controls if c is not FEATURES):
            if isinstance(control, Choice | Switch):
                assert len(met[control.key]) == (len(control.options) if isinstance(control, Choice) else 2)
            elif isinstance(control, Scale):
                assert met[control.key] == {control.shown(value) for value in control.values}


@pytest.mark.parametrize("stem", SHARES)
def test_every_sentence_is_true(stem):
    false, spoken = audit(stem)
    assert sum(spoken.values()) >= SPOKEN[stem] * SHARES[stem]
    worst = [f"{len(found)} times by {rule!r}, first at {found[0]}" for rule, found in false.items() if found]
    assert not worst, "\n".join(worst)


@pytest.mark.parametrize(("stem", "key"), OTHERS)
def test_texts_of_another_setting_are_found_false(stem, key):
    """Whatever a page with facts of its own says is false of another seed, or another slider."""
    found = 0
    for values in list(settings_of(stem, 12))[6:]:
        control = next(c for c in LESSONS[stem].page.controls if c.key == key)
        other = values | {
            key: control.shown(control.high if values[key] != control.shown(control.high) else control.low)
        }
        facts = facts_of(stem, view(stem, **other))
        found += any(
            truth is False
            for where, text in said(stem, view(stem, **values), slow=False).items()
            for _, _, truth in readings(facts, where, text)
        )
    assert found >= 3


def test_texts_of_another_draw_are_found_false():
    for stem in ("start", "distinct", "overlap", "remedy", "regularize"):
        false = 0
        for values in list(settings_of(stem, 60))[20:]:
            other = view(stem, **{**values, "seed": (values.get("seed", 0) + 1) % 1000, "noise": 2.0})
            facts = facts_of(stem, other)
            said = texts(stem, view(stem, **{**values, "noise": 0.0}), slow=False)
            false += any(truth is False for where, text in said.items() for _, _, truth in readings(facts, where, text))
        assert false >= 25, stem


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ({"d": 40, "n_retain": 60, "n_forget": 10}, {"exact_deletion", "datamodel"}),
        ({"d": 200, "overlap": 0.0, "n_retain": 120, "n_forget": 20}, {"exact_deletion", "datamodel"}),
        ({"d": 200}, set()),
        ({ROWS.key: "Diabetes"}, set()),
    ],
)
def test_why_a_method_cannot_be_asked_is_asked_of_the_rows(more, known):
    shown = view("lineup", **more)
    facts, refused = facts_of("lineup", shown), {}
    (rule,) = [rule for rule in RULES if rule.pattern.startswith("Cannot be asked here")]
    for where, text in lineup_texts(shown).items():
        facts.where = where
        if m := re.search(rule.pattern, text):
            refused[where.removeprefix("told of ")] = rule.truth(facts, m)
            for wrong in (text.replace(f" {len(facts.X)} rows", " 7 rows"), text.replace("independent", "dependent")):
                assert wrong != text
                assert rule.truth(facts, re.search(rule.pattern, wrong)) is False
    assert refused == dict.fromkeys(known, True)
    assert set(METHODS) - set(facts.took) == known


@pytest.mark.parametrize(
    ("deletion", "retraining"),
    [(2e-3, 27e-3), (2e-5, 1e-3), (4e-7, 9e-4), (3e-3, 3.1e-3), (5e-3, 2e-3), (1.2, 14.0), (0.0, 1e-3)],
)
def test_what_is_said_of_a_measured_deletion_is_what_was_measured(deletion, retraining):
    found = replace(deletion_timing(features=500), deletion=deletion, retraining=retraining)
    assert timing_true(found, plain(timed(found)))
    assert found.difference < 1e-12
    assert timing_true(replace(found, retraining=2 * retraining), plain(timed(found))) is False
