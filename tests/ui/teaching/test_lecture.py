"""Where a lecture is, and where a cue leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.lessons import BY_STEM, PRESETS
from ui.teaching import lecture
from ui.teaching.lecture import Place, moved, place, query
from ui.teaching.talk import PLAN, TALK

LAST = len(TALK)
FIGURES = 3


def test_every_step_of_the_talk_and_the_plan_names_a_page_and_a_case_of_it():
    for part in (*TALK, *PLAN):
        page = BY_STEM[part.page]
        assert page.experiment
        assert not part.preset or PRESETS[part.preset] in page.presets
        assert not part.said or part.answer
    assert sum(part.minutes for part in PLAN) == 45
    assert sum(step.minutes for step in TALK) == 10
    assert all(step.cue and step.notes.endswith(".") and 1 <= step.figure <= FIGURES for step in TALK)


def test_next_goes_through_the_whole_talk_answer_by_answer_and_back_the_same_way():
    now, seen = place({"at": "1"}), []
    while not seen or seen[-1] != now:
        seen.append(now)
        now = moved(now, "next", FIGURES)
    expected = [(k, shown) for k, step in enumerate(TALK, 1) for shown in ([False, True] if step.asks else [True])]
    assert [(p.at, p.reveal) for p in seen] == expected
    for before in reversed(seen[:-1]):
        now = moved(now, "back", FIGURES)
        assert now == before
    assert moved(now, "back", FIGURES) == now


@pytest.mark.parametrize("at", range(1, LAST + 1))
def test_the_answer_can_be_drawn_and_taken_away_and_a_step_begun_again(at):
    start = place({"at": str(at)})
    shown = moved(start, "reveal", FIGURES)
    assert shown.reveal
    assert moved(shown, "reveal", FIGURES).reveal == (not TALK[at - 1].asks)
    assert moved(shown, "reset", FIGURES) == start


def test_outside_the_talk_the_cues_walk_through_the_figures_of_a_page():
    now = place({"lecture": "1"})
    assert now == Place(at=None, reveal=False, figure=1)
    way = [now]
    for _ in range(4):
        way.append(moved(way[-1], "next", FIGURES))
    assert [(p.reveal, p.figure) for p in way] == [(False, 1), (True, 1), (True, 2), (True, 3), (True, 3)]
    for before in (way[2], way[1], way[0], way[0]):
        now = moved(way[3] if before is way[2] else now, "back", FIGURES)
        assert now == before
    # A link that asks nothing has nothing to draw first.
    assert moved(way[0], "next", FIGURES, asked_nothing=True).figure == 2


@given(st.dictionaries(st.sampled_from(["lecture", "notes", "at", "reveal", "figure"]), st.text()))
def test_whatever_an_address_asks_for_is_a_place(asked):
    now = place(asked)
    assert now.at is None or 1 <= now.at <= LAST
    assert 1 <= now.figure <= 9


@pytest.mark.parametrize("text", ["", "0", "-1", "1000", str(LAST + 1), "٣", "1e0", " 1", "1.0", "<b>", "nan", "1\n"])
def test_what_is_no_step_is_outside_the_talk(text):
    assert place({"at": text}).at is None


@given(st.integers(1, LAST), st.booleans(), st.sampled_from(lecture.MOVES))
def test_a_place_is_read_back_from_its_address(at, reveal, move):
    now = moved(place({"at": str(at), "reveal": str(int(reveal))}), move, FIGURES)
    assert place(query(now)) == now
