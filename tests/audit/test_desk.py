"""What the desk says of tables that are brought to it: every note and caption, against their cells."""

import re
from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from tests.audit.desk import NOTHING, RULES, Facts, Table
from tests.audit.reading import NUMBER, plain, value
from ui.lessons.your_table import LESSON
from ui.plot.view import read_view
from ui.server import table_store

SEEDS = range(48)
LEAVE = ("As chosen", "As chosen", "One row in ten", "One row")


def _desk(gone, shuffle):
    import streamlit as st

    from ui.lessons.your_table import LESSON, desk
    from ui.plot.view import read_view

    view = read_view(LESSON.page, {"gone": [gone], "shuffle": [shuffle]})
    with desk.asking():
        desk.bring()
        desk.fits(view)
        desk.choose(view)
        desk.read(view)
        st.caption(desk.whose())


def brought(seed):
    """What the desk says of a table that was pasted, line by line and without marks that nobody sees; and its facts."""
    table, values = Table(seed), {"gone": LEAVE[seed % 4], "shuffle": str(seed)}
    at = AppTest.from_function(_desk, kwargs=values, default_timeout=60).run()
    at.text_area(key="own_text").set_value(table.text)
    next(button for button in at.button if button.label == "Read what I pasted").click().run()
    assert not at.exception
    own = "own_table" in at.session_state
    lines = [line for part in at.markdown if own for line in part.value.split("\n")]
    lines += [part.value for part in (*(at.caption if own else ()), *at.info, *at.error)]
    lines = [line for line in lines if line and not line.startswith((":small", "###"))]
    view = read_view(LESSON.page, {key: [value] for key, value in values.items()})
    facts = Facts(table, table_store.find(at.session_state["own_table"].name) if own else None, view)
    shown = at.dataframe[0].value if own else None
    return [re.sub(r"\\|\u2060", "", plain(line)).removeprefix("- ") for line in lines], facts, shown


def readings(facts, lines):
    for line in lines:
        read = [(rule.pattern, rule.truth(facts, m)) for rule in RULES for m in re.finditer(rule.pattern, line)]
        yield from ((line, *found) for found in read or [("no rule at all", False)])


@pytest.fixture(scope="module")
def desks():
    return [brought(seed) for seed in SEEDS]


def test_every_sentence_of_the_desk_is_true(desks):
    spoken, false = Counter(), []
    for seed, (lines, facts, _) in zip(SEEDS, desks, strict=True):
        for line, pattern, truth in readings(facts, lines):
            spoken[pattern] += 1
            false += [] if truth else [(seed, pattern, line)]
    assert not false, "\n".join(map(str, false))
    silent = [rule.pattern for rule in RULES if not spoken[rule.pattern]]
    assert not silent


def off(text):
    """A number one larger; of a list of names another name in place of the first."""
    if re.fullmatch(NUMBER, text):
        return f"{value(text) + 1:.0f}"
    return text.replace(text.split(", ")[0].split(" = ")[0], "no such column", 1)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.pattern[1:40])
def test_a_number_or_a_name_that_is_off_is_found(desks, rule):
    """Whatever a sentence states, stated otherwise; of one that states nothing but itself, said of another table."""
    found = 0
    for lines, facts, _ in desks:
        for line in lines:
            if not (m := re.search(rule.pattern, line)):
                continue
            for k in range(1, m.re.groups + 1):
                wrong = re.search(rule.pattern, line[: m.start(k)] + off(m[k]) + line[m.end(k) :])
                assert not rule.truth(facts, wrong), line
                found += 1
            if not m.re.groups:
                found += sum(not rule.truth(other, m) for _, other, _ in desks)
    assert found


def test_the_table_of_columns_says_what_each_holds_and_how_much_is_missing(desks):
    kinds = {"number": "number", "category": "levels", "text": "text, not used"}
    for _, facts, shown in desks:
        if shown is None:
            continue
        table, names = facts.table, facts.table.of(*kinds)
        assert list(shown["column"]) == names
        assert list(shown["holds"]) == [kinds[table.kind(name)] for name in names]
        gone = [
            sum(c in NOTHING or (table.kind(name) == "number" and table.number(c) is None) for c in table.columns[name])
            for name in names
        ]
        assert list(shown["missing"]) == gone
